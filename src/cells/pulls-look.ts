/** How gradients become pictures. No DOM in here. */
import type { Picture } from "../nst/picture";
import type { Pixels } from "./pixel-canvas";

/** Share of a gradient's numbers that the colours tell apart; the few beyond are drawn in the last colour. */
const SHOWN = 0.995;
/** Numbers looked at for that: sorting them all would take longer than it is worth. */
const SAMPLED = 6000;

/** The size of a gradient's numbers that is drawn in full colour: all but the 0.5 % largest lie within. 0 for a gradient of 0. */
export function reachOf(gradient: Float32Array): number {
  let stride = Math.max(1, Math.floor(gradient.length / SAMPLED));
  // neither 2 nor 3 divide it: every channel is looked at, and every column of pictures of the usual widths
  while (stride > 1 && (stride % 2 === 0 || stride % 3 === 0)) stride++;
  const sizes = new Float32Array(Math.ceil(gradient.length / stride));
  for (let i = 0, k = 0; i < gradient.length; i += stride) sizes[k++] = Math.abs(gradient[i]);
  sizes.sort();
  return sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * SHOWN))];
}

/**
 * The way of steepest descent, −gradient, as colours about grey: a pixel that should get redder is reddish, one that should
 * get darker is dark, one that is right as it is is grey.
 * @param gradient [height, width, 3]
 * @param reach of a number that is drawn in full colour
 */
export function descentPixels(gradient: Float32Array, width: number, height: number, reach: number): Pixels {
  const rgba = new Uint8ClampedArray(width * height * 4);
  const scale = reach > 0 ? 127.5 / reach : 0;
  for (let i = 0, p = 0; i < gradient.length; p += 4) {
    rgba[p] = 127.5 - gradient[i++] * scale;
    rgba[p + 1] = 127.5 - gradient[i++] * scale;
    rgba[p + 2] = 127.5 - gradient[i++] * scale;
    rgba[p + 3] = 255;
  }
  return { width, height, rgba };
}

/** The same as a picture that other cells can read, values in [0, 1]. */
export function descentPicture(gradient: Float32Array, width: number, height: number, reach: number): Picture {
  const scale = reach > 0 ? 0.5 / reach : 0;
  return { width, height, data: gradient.map((part) => Math.max(0, Math.min(1, 0.5 - part * scale))) };
}

/** How hard each pixel is pulled: the length of its three numbers, [height · width]. */
export function strengths(gradient: Float32Array): Float32Array {
  const result = new Float32Array(gradient.length / 3);
  for (let i = 0; i < result.length; i++) result[i] = Math.hypot(gradient[3 * i], gradient[3 * i + 1], gradient[3 * i + 2]);
  return result;
}

/** The way of descent at one pixel: how fast J falls with each of its red, green and blue. */
export function pullAt(gradient: Float32Array, width: number, { x, y }: { x: number; y: number }): [number, number, number] {
  const at = 3 * (y * width + x);
  // 0 − x, since −x of 0 would be −0
  return [0 - gradient[at], 0 - gradient[at + 1], 0 - gradient[at + 2]];
}
