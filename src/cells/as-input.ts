import type { FeatureMaps, GramMatrix } from "../nst/feature-maps";
import type { TensorData } from "../sandbox/client";

/**
 * A value that a code cell gives, as the cells of the workbench read it. A tensor [height, width, 3] is a picture, as an
 * image cell would give it (values 0 … 1; brought into that range if they are not); one of any other number of channels
 * is feature maps; a square matrix is a Gram matrix, whose number of positions nobody knows (0). All else stays as it is.
 *
 * @param name what the picture, or the layer of the maps, is called
 */
export function asInput(value: unknown, name: string): unknown {
  if (!isTensor(value)) return value;
  const shape = value.shape.length === 4 && value.shape[0] === 1 ? value.shape.slice(1) : value.shape;
  if (value.data.length !== shape.reduce((product, n) => product * n, 1)) return value;
  if (shape.length === 2 && shape[0] === shape[1] && shape[0] > 0) return { layer: name, channels: shape[0], positions: 0, data: Float32Array.from(value.data) } satisfies GramMatrix;
  if (shape.length !== 3) return value;
  const [height, width, channels] = shape;
  if (channels !== 3) return { layer: name, height, width, channels, data: Float32Array.from(value.data) } satisfies FeatureMaps;
  const data = Float32Array.from(value.data, (v: number) => Math.min(1, Math.max(0, v)));
  return { picture: { width, height, data }, name, source: { width, height } };
}

function isTensor(value: unknown): value is TensorData {
  const { shape, dtype, data } = (value ?? {}) as Partial<TensorData>;
  return Array.isArray(shape) && typeof dtype === "string" && ArrayBuffer.isView(data);
}
