/** The arithmetic behind views of Gram matrices. Pure. */
import type { FeatureMaps, GramMatrix } from "../nst/feature-maps";

/** How a matrix is shown: "N·M": divided as the style cost divides it; "raw": F Fᵀ itself */
export type Division = "N·M" | "raw";

export const DIVISIONS: readonly Division[] = ["N·M", "raw"];

/** What each entry is divided by. */
export function divisor({ channels, positions }: Pick<GramMatrix, "channels" | "positions">, by: Division): number {
  return by === "raw" ? 1 : channels * positions;
}

/** The entries as they are shown. @returns [n, n], row by row */
export function divided(gram: GramMatrix, by: Division): Float32Array {
  const by_ = divisor(gram, by);
  return by_ === 1 ? gram.data : gram.data.map((value) => value / by_);
}

/** Two maps of one layer, multiplied position by position. */
export interface PairOfMaps {
  /** columns and rows of the three maps below */
  width: number;
  height: number;
  /** each of their values is the mean over so many positions a side; 1: the numbers themselves */
  every: number;
  a: Float32Array;
  b: Float32Array;
  product: Float32Array;
  /** Σ_k F_ik F_jk over all positions, summed in double precision: what G_ij is, but for the rounding of float32 */
  sum: number;
}

/**
 * Maps i and j and their product, drawn no larger than `side`, and the sum of all products.
 * @param side longer side beyond which positions are drawn as means of squares of them; the sum is over all of them all the same
 */
export function pairOfMaps({ width, height, channels, data }: FeatureMaps, i: number, j: number, side = 128): PairOfMaps {
  const every = Math.max(1, Math.ceil(Math.max(width, height) / side));
  const [columns, rows] = [Math.ceil(width / every), Math.ceil(height / every)];
  const [a, b, product, counts] = Array.from({ length: 4 }, () => new Float32Array(columns * rows));
  let sum = 0;
  for (let y = 0, p = 0; y < height; y++) {
    const row = Math.floor(y / every) * columns;
    for (let x = 0; x < width; x++, p += channels) {
      const at = row + (every === 1 ? x : Math.floor(x / every));
      const [u, v] = [data[p + i], data[p + j]];
      a[at] += u;
      b[at] += v;
      product[at] += u * v;
      counts[at]++;
      sum += u * v;
    }
  }
  if (every > 1) for (const map of [a, b, product]) for (let at = 0; at < map.length; at++) map[at] /= counts[at];
  return { width: columns, height: rows, every, a, b, product, sum };
}

/** What parts the Gram matrices of two sets of maps of one layer. */
export interface GramDifference {
  /**
   * Style cost of the layer, E = ¼ Σ (G/(N·M) − A/(N·M))² with the M of each: 1/(4N²M²) Σ (G − A)² where both have the same
   * number of positions (Gatys et al. 2015, eq. 4). ≥ 0
   */
  styleCost: number;
  /** ‖G/M − A/M‖ ÷ ‖A/M‖ in the Frobenius norm: 0 for the same matrix, about 1 and more for another one */
  change: number;
  /** share of the cost that the diagonal makes, in [0, 1] */
  diagonalShare: number;
  /** smallest share of all entries that makes half of the cost, in (0, ½]; 0 where there is no cost */
  halfShare: number;
  /** (G − A)/(N·M), [n, n] */
  difference: Float32Array;
}

/**
 * @param A of the style picture, @param G of the other: of the same number of channels
 * @throws Error if they have different numbers of channels
 */
export function gramDifference(A: GramMatrix, G: GramMatrix): GramDifference {
  if (A.channels !== G.channels)
    throw new Error(`The Gram matrix of ${A.layer} is ${A.channels} × ${A.channels}, that of ${G.layer} is ${G.channels} × ${G.channels}: they cannot be subtracted. Take the same layer for both.`);
  const { channels: n } = A;
  const [byA, byG] = [divisor(A, "N·M"), divisor(G, "N·M")];
  const difference = new Float32Array(n * n);
  let [squares, own, diagonal] = [0, 0, 0];
  for (let at = 0; at < difference.length; at++) {
    const a = A.data[at] / byA;
    const d = G.data[at] / byG - a;
    difference[at] = d;
    squares += d * d;
    own += a * a;
    if (at % (n + 1) === 0) diagonal += d * d;
  }
  return {
    styleCost: squares / 4,
    change: squares === 0 ? 0 : Math.sqrt(squares / own),
    diagonalShare: squares === 0 ? 0 : diagonal / squares,
    halfShare: halfShare(difference),
    difference,
  };
}

/** The smallest share of the values whose squares sum to half of the sum of all squares. */
function halfShare(values: Float32Array): number {
  const squares = values.map((value) => value * value).sort();
  let total = 0;
  for (const square of squares) total += square;
  if (total === 0) return 0;
  let count = 0;
  for (let rest = total / 2; rest > 0 && count < squares.length; count++) rest -= squares[squares.length - 1 - count];
  return count / squares.length;
}

/** An entry of a symmetric matrix, i ≤ j, and what it adds to the sum of squares together with its mirror image. */
export interface Pair {
  i: number;
  j: number;
  value: number;
  /** of the sum of all squares (without the diagonal where that was left out), in [0, 1] */
  share: number;
}

/**
 * The largest entries of a symmetric matrix by their squares, largest first.
 * @param values [n, n]
 * @param diagonal whether (i, i) counts: not where only what goes together is asked for
 */
export function largestPairs(values: Float32Array, n: number, count: number, diagonal = true): Pair[] {
  const best: Pair[] = [];
  let total = 0;
  for (let i = 0; i < n; i++)
    for (let j = diagonal ? i : i + 1; j < n; j++) {
      const value = values[i * n + j];
      const square = (i === j ? 1 : 2) * value * value;
      total += square;
      if (square === 0 || (best.length === count && square <= best[count - 1].share)) continue;
      const at = best.findIndex(({ share }) => share < square);
      best.splice(at < 0 ? best.length : at, 0, { i, j, value, share: square });
      if (best.length > count) best.pop();
    }
  return best.map((pair) => ({ ...pair, share: pair.share / total }));
}

/** Smallest and largest of the finite values. */
export function extent(...all: Float32Array[]): [number, number] {
  let [min, max] = [Infinity, -Infinity];
  for (const values of all)
    for (const value of values) {
      if (value < min) min = value;
      if (value > max && value < Infinity) max = value;
    }
  return min <= max ? [min, max] : [NaN, NaN];
}
