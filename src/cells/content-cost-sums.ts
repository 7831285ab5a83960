/** How a content cost is made up of its squared differences. Pure: no DOM, no tensors. */
import type { MapsDifference } from "../kernel/protocol";
import type { FeatureMaps } from "../nst/feature-maps";

/** The value of a content cost cell. What questions may ask for are its numbers. */
export interface ContentCostValue {
  /** Keras name of the layer, or what a code cell calls its maps */
  layer: string;
  /** rows, columns and number N of the maps */
  height: number;
  width: number;
  channels: number;
  /** ½ Σ (F − P)², over all positions and channels */
  cost: number;
  /** (F − P)² on average over all numbers */
  meanSquare: number;
  /** cost / ½ Σ P²: 1 is what a picture costs that makes every map 0; NaN where P itself is 0 everywhere */
  relative: number;
  /** share of the positions, in [0, 1], that suffice for half of the cost, the costliest first; NaN where the cost is 0 */
  halfOfPositions: number;
  /** the same for channels */
  halfOfChannels: number;
  /** share of the cost that the costliest position has, and the costliest channel; NaN where the cost is 0 */
  largestPosition: number;
  largestChannel: number;
  /** [height, width]: ½ Σ over channels; they sum to `cost` */
  perPosition: Float32Array;
  /** [N]: ½ Σ over positions; they sum to `cost` */
  perChannel: Float32Array;
}

/**
 * @param P features of the content picture
 * @param difference of P and the features it is compared with
 */
export function contentCostValue(P: FeatureMaps, { cost, positions, channels }: MapsDifference): ContentCostValue {
  let energy = 0;
  for (const value of P.data) energy += (value * value) / 2;
  const [byPosition, byChannel] = [concentration(positions), concentration(channels)];
  return {
    layer: P.layer,
    height: P.height,
    width: P.width,
    channels: P.channels,
    cost,
    meanSquare: (2 * cost) / P.data.length,
    relative: energy > 0 ? cost / energy : NaN,
    halfOfPositions: byPosition.half / positions.length,
    halfOfChannels: byChannel.half / channels.length,
    largestPosition: byPosition.largest,
    largestChannel: byChannel.largest,
    perPosition: positions,
    perChannel: channels,
  };
}

/** How unevenly a sum of parts ≥ 0 is spread over them. */
export interface Concentration {
  /** how many of the largest parts are needed for half of the sum; NaN where the sum is 0 */
  half: number;
  /** the part from which on a part belongs to that half; Infinity where the sum is 0 */
  least: number;
  /** share of the sum that the largest part has; NaN where the sum is 0 */
  largest: number;
  /** points of the curve: share of the parts, largest first, against share of the sum; from (0, 0) to (1, 1), empty where the sum is 0 */
  curve: { parts: number; sum: number }[];
}

/** Points of a curve at most. */
const POINTS = 160;

export function concentration(parts: Float32Array): Concentration {
  const sorted = parts.toSorted().reverse();
  const total = sorted.reduce((sum, part) => sum + part, 0);
  if (!(total > 0)) return { half: NaN, least: Infinity, largest: NaN, curve: [] };
  const every = sorted.length / POINTS;
  const curve = [{ parts: 0, sum: 0 }];
  let half = NaN;
  let running = 0;
  let next = every;
  sorted.forEach((part, i) => {
    running += part;
    if (Number.isNaN(half) && running >= total / 2) half = i + 1;
    if (i + 1 < next && i + 1 < sorted.length) return;
    curve.push({ parts: (i + 1) / sorted.length, sum: Math.min(1, running / total) });
    while (next <= i + 1) next += every;
  });
  return { half, least: sorted[half - 1], largest: sorted[0] / total, curve };
}

/** Channels or positions, those with the largest part first; equal ones in their own order. */
export function largestFirst(parts: Float32Array): number[] {
  return Array.from(parts, (_, i) => i).sort((a, b) => parts[b] - parts[a] || a - b);
}

/** (F − P)² of one channel, position by position: [height, width]. */
export function squaredDifference(P: FeatureMaps, F: FeatureMaps, channel: number): Float32Array {
  const map = new Float32Array(P.height * P.width);
  for (let k = 0, i = channel; k < map.length; k++, i += P.channels) map[k] = (F.data[i] - P.data[i]) ** 2;
  return map;
}

/** One term of the sum. */
export interface CostTerm {
  channel: number;
  P: number;
  F: number;
  /** (F − P)² */
  square: number;
}

/** The terms of one position, the largest first: [N]. */
export function termsAt(P: FeatureMaps, F: FeatureMaps, x: number, y: number): CostTerm[] {
  const at = (y * P.width + x) * P.channels;
  const terms = Array.from({ length: P.channels }, (_, channel) => {
    const [p, f] = [P.data[at + channel], F.data[at + channel]];
    return { channel, P: p, F: f, square: Math.fround((f - p) ** 2) };
  });
  return terms.sort((a, b) => b.square - a.square || a.channel - b.channel);
}

/**
 * Why two sets of features cannot be compared number by number, and what to do; null if they can.
 * @param names what the two are called
 */
export function shapeProblem(P: FeatureMaps, F: FeatureMaps, names: readonly [string, string]): string | null {
  const shape = ({ height, width, channels }: FeatureMaps) => `[${height}, ${width}, ${channels}]`;
  if (shape(P) === shape(F)) return null;
  const both = `“${names[0]}” is ${shape(P)} (${P.layer}) and “${names[1]}” is ${shape(F)} (${F.layer}): rows, columns, maps.`;
  const remedy = P.channels !== F.channels ? "Read both at the same layer." : "Give both pictures the same size in pixels.";
  return `${both} The content cost compares number by number, so both must have the same shape. ${remedy}`;
}
