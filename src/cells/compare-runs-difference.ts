/** How two pictures differ, number by number. */
import type { Picture } from "../nst/picture";

/** |A − B| of two pictures of one size. */
export interface PictureDifference {
  width: number;
  height: number;
  /** of each pixel, row by row: the largest of its three colours' */
  values: Float32Array;
  /** over all numbers, in [0, 1] */
  mean: number;
  largest: number;
}

/** Rows are subtracted for so long, in ms, before the page may do something else. */
const SLICE = 6;

/**
 * Subtracts in slices, so that a large picture holds nothing up.
 * @returns null where the pictures differ in size
 */
export async function pictureDifference(a: Picture, b: Picture): Promise<PictureDifference | null> {
  const { width, height } = a;
  if (b.width !== width || b.height !== height) return null;
  const values = new Float32Array(width * height);
  let [sum, largest] = [0, 0];
  let began = performance.now();
  for (let y = 0; y < height; y++) {
    for (let at = y * width; at < (y + 1) * width; at++) {
      let most = 0;
      for (let c = at * 3; c < at * 3 + 3; c++) {
        const difference = Math.abs(a.data[c] - b.data[c]);
        sum += difference;
        if (difference > most) most = difference;
      }
      values[at] = most;
      if (most > largest) largest = most;
    }
    if (performance.now() - began < SLICE) continue;
    await new Promise((resolve) => setTimeout(resolve));
    began = performance.now();
  }
  return { width, height, values, mean: sum / (values.length * 3), largest };
}
