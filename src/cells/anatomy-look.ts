/** How the output of an operation is shown. Pure. */
import type { StepOperation } from "../kernel/protocol";
import type { FeatureMaps } from "../nst/feature-maps";
import { showTensor, type TensorShown } from "../sandbox/client";

export type OutputLook =
  /** `matrix`: the operation gives them as a matrix, whose rows or columns are positions */
  | { as: "maps"; maps: FeatureMaps; matrix: boolean }
  /** a symmetric matrix [n, n] */
  | { as: "gram"; values: Float32Array; n: number }
  | { as: "value"; shown: TensorShown };

/** More numbers than this are not turned about on the page. */
const MOST_TURNED = 1_000_000;

/** What an operation gave, as what it is: maps, a Gram matrix, a picture, a number. */
export function outputLook(shape: readonly number[], data: Float32Array, { layer }: Pick<StepOperation, "layer">, operations: readonly StepOperation[]): OutputLook {
  if (shape.length === 4 && shape[0] === 1) {
    const [, height, width, channels] = shape;
    return { as: "maps", maps: { layer, height, width, channels, data }, matrix: false };
  }
  if (shape.length === 2) {
    const [rows, columns] = shape;
    if (isSymmetric(data, rows, columns)) return { as: "gram", values: data, n: rows };
    const maps = mapsOfMatrix(rows, columns, data, layer, operations);
    if (maps) return { as: "maps", maps, matrix: true };
  }
  const shown = showTensor({ shape: [...shape], dtype: "float32", values: data, bytes: data.byteLength });
  return { as: "value", shown: shown.look.as === "picture" && (shown.min < -0.02 || shown.max > 1.02) ? signedPicture(shown, shape, data) : shown };
}

/** Symmetric but for rounding, and large enough to be looked at as a whole. */
function isSymmetric(data: Float32Array, rows: number, columns: number): boolean {
  if (rows !== columns || rows < 2) return false;
  let [apart, size] = [0, 0];
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < i; j++) {
      apart = Math.max(apart, Math.abs(data[i * rows + j] - data[j * rows + i]));
      size = Math.max(size, Math.abs(data[i * rows + j]));
    }
  return apart <= 1e-4 * size;
}

/** A matrix of positions × maps, or maps × positions, as the maps that it holds, where the layer has maps of that size. */
function mapsOfMatrix(rows: number, columns: number, data: Float32Array, layer: string, operations: readonly StepOperation[]): FeatureMaps | null {
  const fits = (positions: number, channels: number) =>
    operations.find((one) => one.layer === layer && layer !== "" && one.shape.length === 4 && one.shape[1] * one.shape[2] === positions && one.shape[3] === channels)?.shape;
  const upright = fits(rows, columns);
  if (upright) return { layer, height: upright[1], width: upright[2], channels: columns, data };
  const lying = data.length <= MOST_TURNED ? fits(columns, rows) : undefined;
  if (!lying) return null;
  const turned = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) for (let p = 0; p < columns; p++) turned[p * rows + i] = data[i * columns + p];
  return { layer, height: lying[1], width: lying[2], channels: rows, data: turned };
}

/** Numbers of both signs for red, green and blue: 0 is grey, so that each colour says which way it goes. */
function signedPicture(shown: TensorShown, [height, width]: readonly number[], data: Float32Array): TensorShown {
  const reach = Math.max(-shown.min, shown.max);
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; to += 4) for (let c = 0; c < 3; c++) rgba[to + c] = 127.5 * (1 + data[from++] / reach);
  return { ...shown, look: { as: "picture", width, height, rgba, range: [-reach, reach] } };
}
