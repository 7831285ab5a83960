/** One map whose entry of the Gram matrix is held while everything else about it changes. */

import { mulberry32 } from "../nst/random";

/** What a Gram matrix knows of a map, and what it does not. */
export interface Moments {
  mean: number;
  /** Σ F² / M: the map's entry on the diagonal of the Gram matrix, over M */
  meanSquare: number;
  /** meanSquare − mean² */
  variance: number;
  minimum: number;
  maximum: number;
}

/**
 * Numbers from flat (contrast 0: all are 1) to speckled (2: a few large ones among small ones), with the mean of their
 * squares held at 1, so that Σ F² = count at every contrast. The same seed gives the same places.
 * The exponents are normally distributed and cut off at ±1.5, so that no single number holds all of Σ F².
 */
export function toyMap(contrast: number, count: number, seed: number): Float32Array {
  const normal = normals(seed);
  const raw = Array.from({ length: count }, () => Math.exp(contrast * Math.max(-1.5, Math.min(1.5, normal()))));
  const root = Math.sqrt(raw.reduce((sum, value) => sum + value * value, 0) / count);
  return Float32Array.from(raw, (value) => value / root);
}

export function momentsOf(values: Float32Array): Moments {
  let [sum, squares, minimum, maximum] = [0, 0, Infinity, -Infinity];
  for (const value of values) {
    sum += value;
    squares += value * value;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  const [mean, meanSquare] = [sum / values.length, squares / values.length];
  return { mean, meanSquare, variance: meanSquare - mean * mean, minimum, maximum };
}

/** How many of the values fall into each of `bins` equal parts of [low, high]; the last part has both its ends. */
export function histogramOf(values: ArrayLike<number>, low: number, high: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  const scale = high > low ? bins / (high - low) : 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low || values[i] > high) continue;
    counts[Math.min(bins - 1, Math.floor((values[i] - low) * scale))]++;
  }
  return counts;
}

/**
 * Σ |a − b| / Σ |b|: how much two matrices differ, as a share.
 * @param a and @param b of the same length
 */
export function relativeDifference(a: Float32Array, b: Float32Array): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    difference += Math.abs(a[i] - b[i]);
    size += Math.abs(b[i]);
  }
  return size > 0 ? difference / size : 0;
}

/** Normally distributed numbers, by Box and Muller's method. */
function normals(seed: number): () => number {
  const uniform = mulberry32(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
