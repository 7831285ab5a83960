import type { TensorData } from "../sandbox/client";

/**
 * A value that a code cell gives, as the cells of the workbench read it: a tensor [height, width, 3] is a picture, as an
 * image cell would give it (values 0 … 1; brought into that range if they are not). All else stays as it is.
 *
 * @param name what the picture is called
 */
export function asInput(value: unknown, name: string): unknown {
  if (!isTensor(value)) return value;
  const shape = value.shape.length === 4 && value.shape[0] === 1 ? value.shape.slice(1) : value.shape;
  const [height, width, channels] = shape;
  if (shape.length !== 3 || channels !== 3 || value.data.length !== height * width * 3) return value;
  const data = Float32Array.from(value.data, (v: number) => Math.min(1, Math.max(0, v)));
  return { picture: { width, height, data }, name, source: { width, height } };
}

function isTensor(value: unknown): value is TensorData {
  const { shape, dtype, data } = (value ?? {}) as Partial<TensorData>;
  return Array.isArray(shape) && typeof dtype === "string" && ArrayBuffer.isView(data);
}
