/** What is compared when the same channel of two or three layers stands side by side. Pure. */
import type { ChannelStatistics } from "../kernel/protocol";
import { paperName } from "../nst/names";
import { byIndex, byValue } from "./channel-order";
import type { FeaturesValue } from "./features-value";
import { readingWords } from "./features-reading";

/** One of the things that are compared. */
export interface Side {
  /** name of the value, as the notebook calls it */
  name: string;
  maps: FeaturesValue;
  statistics: ChannelStatistics;
}

/** "difference": largest difference of the means (of the first two) first; "activation": largest mean of the first one first */
export type SideSort = "difference" | "activation" | "index";

export const SIDE_SORTS: readonly { value: SideSort; text: string }[] = [
  { value: "difference", text: "most different first" },
  { value: "activation", text: "strongest first" },
  { value: "index", text: "by number" },
];

/**
 * Says why these cannot stand side by side, null if they can: channel 18 of one layer has nothing to do with channel 18 of
 * a layer with other channels. Maps of different sizes are no hindrance.
 */
export function mismatch(sides: readonly { name: string; maps: Pick<FeaturesValue, "channels" | "layer"> }[]): string | null {
  const [first, ...others] = sides;
  const other = others.find(({ maps }) => maps.channels !== first.maps.channels);
  if (!other) return null;
  const about = ({ name, maps }: (typeof sides)[number]) => `“${name}” has ${maps.channels} channels (${paperName(maps.layer)})`;
  return `${about(first)}, ${about(other)}. Choose the same layer for both.`;
}

/** Channels in the order asked for. */
export function sideOrder(sort: SideSort, [a, b]: readonly Pick<Side, "statistics">[]): number[] {
  const { mean } = a.statistics;
  if (sort === "index") return byIndex(mean.length);
  return byValue(sort === "activation" ? mean : mean.map((value, i) => Math.abs(value - b.statistics.mean[i])));
}

/** Pearson's correlation of two lists, in [−1, 1]; NaN where one of them does not vary. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  let [sumA, sumB] = [0, 0];
  for (let i = 0; i < n; i++) {
    sumA += a[i];
    sumB += b[i];
  }
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [da, db] = [a[i] - sumA / n, b[i] - sumB / n];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : NaN;
}

/** Σ F², from the statistics of the channels. @param positions of a map */
export function sumOfSquares({ mean, variance }: Pick<ChannelStatistics, "mean" | "variance">, positions: number): number {
  return positions * mean.reduce((sum, value, i) => sum + variance[i] + value * value, 0);
}

/** What a side shows, in a few words: "content, random weights, mean not subtracted". */
export function sideWords({ maps: { from } }: Pick<Side, "maps">): string {
  if (!from) return "made by code";
  const { network, options, name } = from;
  return [name, ...(network.random === undefined ? [] : ["random weights"]), ...readingWords(network.card, options)].join(", ");
}
