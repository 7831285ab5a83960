/** Statistics of feature maps as plain numbers. Sums are kept in double precision; no tensor is made. */
import type { FeatureMaps } from "./feature-maps";

/** Statistics of each channel of a layer for one picture, [n] each. */
export interface ChannelStatistics {
  mean: Float32Array;
  /** over positions: the mean squared distance from the mean */
  variance: Float32Array;
  maximum: Float32Array;
  minimum: Float32Array;
  /** share of positions where the map is 0 exactly, in [0, 1] */
  zeros: Float32Array;
}

/** Statistics of one layer's numbers for one picture. */
export interface LayerStatistics {
  layer: string;
  height: number;
  width: number;
  channels: number;
  /** over all positions and channels */
  mean: number;
  maximum: number;
  /** share of the numbers that are 0 exactly, in [0, 1] */
  sparsity: number;
  /** channels that are 0 everywhere in this picture */
  dead: number;
  /**
   * counts of equal bins from `low` to `high`, the least and the largest number (0 included); zeros are counted in
   * `sparsity` alone
   */
  histogram: { low: number; high: number; counts: Float32Array };
}

/** Bins of a layer's histogram. */
const BINS = 48;

/** @param maps data [height, width, n] */
export function channelStatistics({ channels, data }: Pick<FeatureMaps, "channels" | "data">): ChannelStatistics {
  const count = data.length / channels;
  const [sum, squares] = [new Float64Array(channels), new Float64Array(channels)];
  const [maximum, minimum] = [new Float32Array(channels).fill(-Infinity), new Float32Array(channels).fill(Infinity)];
  const zeros = new Float32Array(channels);
  for (let at = 0; at < data.length; at += channels)
    for (let c = 0; c < channels; c++) {
      const value = data[at + c];
      sum[c] += value;
      if (value > maximum[c]) maximum[c] = value;
      if (value < minimum[c]) minimum[c] = value;
      if (value === 0) zeros[c]++;
    }
  const mean = sum.map((total) => total / count);
  // a second pass: the difference of two large sums would lose digits
  for (let at = 0; at < data.length; at += channels) for (let c = 0; c < channels; c++) squares[c] += (data[at + c] - mean[c]) ** 2;
  return {
    mean: Float32Array.from(mean), variance: Float32Array.from(squares, (total) => total / count),
    maximum, minimum, zeros: zeros.map((n) => n / count),
  };
}

/** @param maps data [height, width, n] */
export function layerStatistics({ layer, height, width, channels, data }: FeatureMaps): LayerStatistics {
  const alive = new Uint8Array(channels);
  let [sum, zeros, maximum, low, high] = [0, 0, -Infinity, 0, 0];
  for (let at = 0; at < data.length; at += channels)
    for (let c = 0; c < channels; c++) {
      const value = data[at + c];
      if (value === 0) {
        zeros++;
        if (maximum < 0) maximum = 0;
        continue;
      }
      alive[c] = 1;
      sum += value;
      if (value > maximum) maximum = value;
      if (value < low) low = value;
    }
  high = Math.max(0, maximum);
  const counts = new Float32Array(BINS);
  const bins = high > low ? BINS / (high - low) : 0;
  for (const value of data) if (value !== 0) counts[Math.min(BINS - 1, Math.floor((value - low) * bins))]++;
  const dead = channels - alive.reduce((n, one) => n + one, 0);
  return { layer, height, width, channels, mean: sum / data.length, maximum, sparsity: zeros / data.length, dead, histogram: { low, high, counts } };
}

/** ½ Σ (a − b)² and where it comes from; each list sums to `cost`. */
export interface MapsDifference {
  cost: number;
  /** [height, width]: ½ Σ over channels */
  positions: Float32Array;
  /** [n]: ½ Σ over positions */
  channels: Float32Array;
}

/**
 * The content cost of one layer (Gatys et al. 2015, eq. 1), split up by position and by channel.
 * @param a features of one picture, [height, width, n]
 * @param b features of the other, of the same shape
 * @throws Error when the shapes differ
 */
export function mapsDifference(a: FeatureMaps, b: FeatureMaps): MapsDifference {
  const shape = ({ height, width, channels }: FeatureMaps) => `${height} × ${width} × ${channels}`;
  if (shape(a) !== shape(b))
    throw new Error(`Maps are compared position by position, so both must have the same shape: those of ${a.layer} are ${shape(a)}, those of ${b.layer} ${shape(b)} (height × width × channels). Take the same layer, and pictures of the same size.`);
  const n = a.channels;
  const positions = new Float32Array(a.height * a.width);
  const channels = new Float64Array(n);
  let cost = 0;
  for (let p = 0, at = 0; p < positions.length; p++) {
    let here = 0;
    for (let c = 0; c < n; c++, at++) {
      const half = 0.5 * (a.data[at] - b.data[at]) ** 2;
      here += half;
      channels[c] += half;
    }
    positions[p] = here;
    cost += here;
  }
  return { cost, positions, channels: Float32Array.from(channels) };
}
