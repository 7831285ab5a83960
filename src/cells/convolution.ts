/** The arithmetic of one unit, from plain data: what a convolution or a pool does at one position. Pure. */
import type { FeatureMaps } from "../nst/feature-maps";
import { layerWindow } from "../nst/layer-window";
import type { LayerSpec } from "../nst/model-card";
import type { Pooling } from "../nst/settings";

/** Weights of a convolution, as the lab hands them over. */
export interface ConvWeights {
  /** [k, k, c_in, c_out] */
  shape: readonly [number, number, number, number];
  /** row by row */
  kernel: Float32Array;
  /** [c_out] */
  bias: Float32Array;
}

/** What one unit reads of the layer below: `size` × `size` positions from column `x`, row `y`; parts of it may lie outside. */
export interface Window {
  x: number;
  y: number;
  size: number;
}

/** A convolution at one position, for one channel. */
export interface ConvolutionAt {
  window: Window;
  /** Σ of the products of each channel below, [c_in] */
  sums: Float64Array;
  /** of all channels below, k² · c_in */
  products: number;
  bias: number;
  /** Σ of all products + bias, rounded to float32: the number before a ReLU */
  before: number;
  /** how far two float32 sums of these products can be apart, whatever the order of adding: 2 · n · 2⁻²⁴ · Σ |product| (Higham 2002, § 4.2) */
  rounding: number;
}

/** Which positions of the layer below the unit at column `x`, row `y` of a convolution or a pool reads. */
export function windowOf(spec: Extract<LayerSpec, { kind: "conv" | "pool" }>, x: number, y: number): Window {
  const { size, stride, padding } = layerWindow(spec);
  return { x: x * stride - padding, y: y * stride - padding, size };
}

/** The numbers of one channel in a window, row by row; outside of the map they are 0, as padding has it. */
export function patchOf({ data, width, height, channels }: FeatureMaps, { x, y, size }: Window, channel: number): Float32Array {
  const patch = new Float32Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) if (inside(x + j, width) && inside(y + i, height)) patch[i * size + j] = data[((y + i) * width + x + j) * channels + channel];
  }
  return patch;
}

/** The kernel between two channels, [k, k] row by row. */
export function kernelOf({ shape: [k, , cin, cout], kernel }: ConvWeights, below: number, channel: number): Float32Array {
  return Float32Array.from({ length: k * k }, (_, p) => kernel[(p * cin + below) * cout + channel]);
}

/** Products, one by one, in float32. */
export function productsOf(patch: Float32Array, kernel: Float32Array): Float32Array {
  return patch.map((value, i) => value * kernel[i]);
}

/**
 * What a convolution computes for one channel at column `x`, row `y`: every product in float32, their sum kept exact
 * and rounded once. The backends add in other orders; `rounding` bounds what that can make.
 * @param below what the layer reads, after its ReLU
 * @throws Error if the weights are for another number of channels
 */
export function convolutionAt(below: FeatureMaps, weights: ConvWeights, spec: Extract<LayerSpec, { kind: "conv" }>, x: number, y: number, channel: number): ConvolutionAt {
  const [k, , cin, cout] = weights.shape;
  if (below.channels !== cin) throw new Error(`${spec.name} reads ${cin} channels, but ${below.layer} has ${below.channels}.`);
  const window = windowOf(spec, x, y);
  const sums = new Float64Array(cin);
  let size = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      if (!inside(window.x + j, below.width) || !inside(window.y + i, below.height)) continue;
      let from = ((window.y + i) * below.width + window.x + j) * cin;
      let weight = (i * k + j) * cin * cout + channel;
      for (let c = 0; c < cin; c++, from++, weight += cout) {
        const product = Math.fround(below.data[from] * weights.kernel[weight]);
        sums[c] += product;
        size += Math.abs(product);
      }
    }
  }
  const bias = weights.bias[channel];
  const products = k * k * cin;
  return { window, sums, products, bias, before: Math.fround(sums.reduce((sum, one) => sum + one, bias)), rounding: 2 * (products + 1) * 2 ** -24 * (size + Math.abs(bias)) };
}

/** Whether a position of a window, counted row by row, lies outside of the map that is read. */
export function liesOutside({ x, y, size }: Window, index: number, { width, height }: Pick<FeatureMaps, "width" | "height">): boolean {
  return !inside(x + (index % size), width) || !inside(y + Math.floor(index / size), height);
}

/**
 * What a pool makes of the numbers in its window. The average is taken in float32, as the backends do.
 * @param patch those that lie inside the map; not empty
 */
export function pooled(patch: Float32Array, pooling: Pooling): number {
  if (pooling === "maximum") return Math.max(...patch);
  return Math.fround(patch.reduce((sum, one) => sum + one, 0) / patch.length);
}

/** The channels below whose sums are largest in size, largest first. */
export function strongest(sums: ArrayLike<number>, count: number): number[] {
  return Array.from(sums, (_, i) => i)
    .sort((a, b) => Math.abs(sums[b]) - Math.abs(sums[a]) || a - b)
    .slice(0, count);
}

const inside = (at: number, count: number) => at >= 0 && at < count;
