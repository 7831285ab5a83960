/** First-layer kernels as pictures. Pure. */
import type { InputSpec } from "../nst/model-card";
import type { Pixels } from "./pixel-canvas";

/** The weights of a convolution that reads the picture. */
export interface FirstKernels {
  /** side of a kernel in pixels */
  side: number;
  /** how many there are, n */
  count: number;
  /** [side, side, 3, n], row by row; the three in the network's order of colours */
  data: Float32Array;
  /** [n] */
  bias: Float32Array;
  order: InputSpec["channels"];
}

/** The weights of one kernel with the colours as a picture has them: [side, side, 3], red, green, blue. */
export function kernelWeights({ side, count, data, order }: FirstKernels, kernel: number): Float32Array {
  const weights = new Float32Array(side * side * 3);
  for (let i = 0; i < weights.length; i++) {
    const colour = i % 3;
    weights[i] = data[(i - colour + (order === "BGR" ? 2 - colour : colour)) * count + kernel];
  }
  return weights;
}

/** The largest of the sizes of these numbers. */
export function reachOf(values: Float32Array): number {
  let reach = 0;
  for (const value of values) reach = Math.max(reach, Math.abs(value));
  return reach;
}

/** Weights [side, side, 3] as colours: 0 is the middle of the range of each colour, ±reach its ends. */
export function kernelPixels(weights: Float32Array, side: number, reach: number): Pixels {
  const rgba = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let i = 0; i < weights.length; i++) rgba[4 * Math.floor(i / 3) + (i % 3)] = 127.5 + (reach > 0 ? (127.5 * weights[i]) / reach : 0);
  return { width: side, height: side, rgba };
}

/**
 * How much of a kernel answers to brightness alone, in [0, 1]: the share of its squares that stays when each of the three
 * colours gets their mean. 1 for a kernel that is the same for red, green and blue, 0 for one whose colours cancel.
 */
export function brightnessShare(weights: Float32Array): number {
  let grey = 0;
  let all = 0;
  for (let i = 0; i < weights.length; i += 3) {
    const [r, g, b] = [weights[i], weights[i + 1], weights[i + 2]];
    grey += (r + g + b) ** 2 / 3;
    all += r * r + g * g + b * b;
  }
  return all > 0 ? grey / all : 0;
}
