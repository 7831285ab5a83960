/** How a tensor looks, from its values: averaged down to what a page can draw. No tensors in here. */
import type { Look, TensorShown } from "./shown";

export interface TensorValues {
  shape: number[];
  dtype: string;
  /** row by row */
  values: Float32Array | Int32Array | Uint8Array;
  bytes: number;
}

const TABLE_COLUMNS = 32;
const TABLE_SIDE = 8;
const LINE_POINTS = 512;
const HEAT_SIDE = 256;
const PICTURE_SIDE = 1024;
const MAP_SIDE = 64;
const MAPS = 16;
const VALUES = 64;

export function showTensor({ shape, dtype, values, bytes }: TensorValues): TensorShown {
  const statistics = statisticsOf(values);
  return { kind: "tensor", shape: [...shape], dtype, bytes, ...statistics, look: lookOf(shape, dtype, values, statistics) };
}

/** Over all finite values; `bad`: how many are not. */
export function statisticsOf(values: ArrayLike<number>): { min: number; max: number; mean: number; bad: number } {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let bad = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    // x − x is 0 for what is finite alone
    if (value - value !== 0) bad++;
    else {
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  const finite = values.length - bad;
  return finite > 0 ? { min, max, mean: sum / finite, bad } : { min: NaN, max: NaN, mean: NaN, bad };
}

function lookOf(shape: number[], dtype: string, values: TensorValues["values"], range: { min: number; max: number }): Look {
  if (values.length === 0) return { as: "values", values: new Float32Array() };
  if (shape.length === 0) return { as: "number", value: values[0] };
  if (shape.length === 1) {
    const [n] = shape;
    if (n <= TABLE_COLUMNS) return { as: "table", rows: 1, columns: n, values: Float32Array.from(values) };
    const every = Math.ceil(n / LINE_POINTS);
    return { as: "line", values: shrink(values, { height: 1, width: n, stride: 1, from: 0 }, 1, every).values, every };
  }
  if (shape.length === 2) {
    const [rows, columns] = shape;
    if (rows <= TABLE_SIDE && columns <= TABLE_SIDE) return { as: "table", rows, columns, values: Float32Array.from(values) };
    const every = Math.ceil(Math.max(rows, columns) / HEAT_SIDE);
    const heat = shrink(values, { height: rows, width: columns, stride: 1, from: 0 }, every, every);
    return { as: "heat", rows: heat.height, columns: heat.width, values: heat.values, every };
  }
  if (shape.length === 3 || (shape.length === 4 && shape[0] === 1)) {
    const [height, width, channels] = shape.slice(-3);
    return channels === 3 ? pictureOf(height, width, dtype, values, range) : mapsOf(height, width, channels, values);
  }
  return { as: "values", values: Float32Array.from(values.subarray(0, VALUES)) };
}

function pictureOf(height: number, width: number, dtype: string, values: TensorValues["values"], { min, max }: { min: number; max: number }): Look {
  const every = Math.ceil(Math.max(height, width) / PICTURE_SIDE);
  const [black, white] = blackAndWhite(dtype, min, max);
  const planes = [0, 1, 2].map((from) => shrink(values, { height, width, stride: 3, from }, every, every));
  const rgba = new Uint8ClampedArray(planes[0].values.length * 4).fill(255);
  const scale = 255 / (white - black || 1);
  planes.forEach(({ values }, channel) => {
    for (let i = 0; i < values.length; i++) rgba[4 * i + channel] = (values[i] - black) * scale;
  });
  return { as: "picture", width: planes[0].width, height: planes[0].height, rgba, range: [black, white] };
}

/** A picture that is being changed step by step may leave 0 … 1 by a little and is still meant so. */
const SLACK = 0.02;
/** Brighter than this, floats are taken for bytes. */
const SURELY_BYTES = 16;

function blackAndWhite(dtype: string, min: number, max: number): [number, number] {
  if (min >= -SLACK && max <= 1 + SLACK) return [0, 1];
  if (min >= 0 && max <= 255 && (dtype === "int32" || max >= SURELY_BYTES)) return [0, 255];
  return Number.isNaN(min) ? [0, 1] : [min, max];
}

function mapsOf(height: number, width: number, channels: number, values: TensorValues["values"]): Look {
  const every = Math.ceil(Math.max(height, width) / MAP_SIDE);
  const maps = Array.from({ length: Math.min(MAPS, channels) }, (_, from) => shrink(values, { height, width, stride: channels, from }, every, every));
  const one = maps[0]?.values.length ?? 0;
  const all = new Float32Array(maps.length * one);
  maps.forEach((map, i) => all.set(map.values, i * one));
  return { as: "maps", width: maps[0]?.width ?? 0, height: maps[0]?.height ?? 0, channels, shown: maps.length, values: all, every };
}

interface Plane {
  height: number;
  width: number;
  /** from one value of the plane to the next */
  stride: number;
  /** index of its first value */
  from: number;
}

/** Averages blocks of a plane (the last ones may be smaller), leaving out what is not finite; NaN where nothing is. */
function shrink(values: TensorValues["values"], { height, width, stride, from }: Plane, everyRow: number, everyColumn: number): { width: number; height: number; values: Float32Array } {
  const rows = Math.ceil(height / everyRow);
  const columns = Math.ceil(width / everyColumn);
  const sums = new Float64Array(rows * columns);
  const counts = new Uint32Array(rows * columns);
  for (let y = 0, at = from; y < height; y++) {
    const row = Math.floor(y / everyRow) * columns;
    for (let x = 0; x < width; x++, at += stride) {
      const value = values[at];
      if (value - value !== 0) continue;
      const to = row + Math.floor(x / everyColumn);
      sums[to] += value;
      counts[to]++;
    }
  }
  return { width: columns, height: rows, values: Float32Array.from(sums, (sum, i) => sum / counts[i]) };
}
