/** What plain data looks like when it is numbers. Pure. */
import type { Look } from "../sandbox/client";

/** More values than this in a row are a line, not a table. */
const LONGEST_ROW = 12;
/** More cells than this are a heat map, not a table. */
const LARGEST_TABLE = 12 * 12;

/** The look of plain data that is numbers in a row, numbers in rows, or a picture (width, height, data); null for everything else. */
export function lookOfData(value: unknown): Look | null {
  if (isNumbers(value)) {
    const values = Float32Array.from(value);
    return values.length <= LONGEST_ROW ? { as: "table", rows: 1, columns: values.length, values } : { as: "line", values, every: 1 };
  }
  if (isRows(value)) {
    const [rows, columns] = [value.length, value[0].length];
    const values = new Float32Array(rows * columns);
    for (const [i, row] of value.entries()) values.set(row, i * columns);
    return rows * columns <= LARGEST_TABLE && columns <= LONGEST_ROW ? { as: "table", rows, columns, values } : { as: "heat", rows, columns, values, every: 1 };
  }
  const picture = pictureIn(value);
  return picture && { as: "picture", ...picture, range: [0, 1] };
}

/** The shape of what `lookOfData` draws, as tensors have one. */
export function shapeOfData(value: unknown): number[] {
  if (isNumbers(value)) return [value.length];
  if (isRows(value)) return [value.length, value[0].length];
  const picture = pictureIn(value);
  return picture ? [picture.height, picture.width, 3] : [];
}

/** Smallest, largest and mean of the finite values, and how many are not. NaN where there are none. */
export function statistics(values: Iterable<number>): { min: number; max: number; mean: number; bad: number } {
  let [min, max, sum, count, bad] = [Infinity, -Infinity, 0, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) {
      bad++;
      continue;
    }
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    count++;
  }
  return count > 0 ? { min, max, mean: sum / count, bad } : { min: NaN, max: NaN, mean: NaN, bad };
}

export function isTyped(value: unknown): value is ArrayLike<number> & Iterable<number> {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) && !(value instanceof BigInt64Array) && !(value instanceof BigUint64Array);
}

function isNumbers(value: unknown): value is ArrayLike<number> & Iterable<number> {
  if (isTyped(value)) return value.length > 0;
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "number");
}

function isRows(value: unknown): value is (ArrayLike<number> & Iterable<number>)[] {
  return Array.isArray(value) && value.length > 1 && value.every((row) => isNumbers(row) && row.length === value[0].length) && value[0].length > 1;
}

/** A Picture, or a value that holds one beside other facts, as an image cell's does. */
function pictureIn(value: unknown): { width: number; height: number; rgba: Uint8ClampedArray } | null {
  if (typeof value !== "object" || value === null) return null;
  const held = "picture" in value && typeof value.picture === "object" && value.picture !== null ? value.picture : value;
  const { width, height, data } = held as { width?: unknown; height?: unknown; data?: unknown };
  if (!Number.isInteger(width) || !Number.isInteger(height) || !(data instanceof Float32Array) || data.length === 0 || data.length !== (width as number) * (height as number) * 3) return null;
  const rgba = new Uint8ClampedArray((width as number) * (height as number) * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; to += 4) for (let c = 0; c < 3; c++) rgba[to + c] = data[from++] * 255;
  return { width: width as number, height: height as number, rgba };
}
