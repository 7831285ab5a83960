/** A recipe's weights in the common unit, as numbers to be set side by side. No DOM in here. */
import { paperName } from "../nst/names";
import type { RecipeWeights } from "../nst/recipes";
import { formatNumber } from "./numbers";

/** α/β_l by layer: how the content stands against the style of each. */
export function ratiosOf({ alpha, betas }: Pick<RecipeWeights, "alpha" | "betas">): Record<string, number> {
  return Object.fromEntries(Object.entries(betas).map(([layer, beta]) => [layer, alpha / beta]));
}

export interface CommonWeights extends Pick<RecipeWeights, "alpha" | "betas"> {
  /** α/β_l by layer */
  ratios: Record<string, number>;
}

/** One line of the comparison of two recipes. */
export interface WeightRow {
  /** "α", or the paper's name of a style layer */
  label: string;
  kind: "content" | "style";
  now: number | null;
  before: number | null;
  /** α/β_l of a style layer */
  ratio: number | null;
  ratioBefore: number | null;
}

/** α first, then every layer that one of the two reads, in the network's order. */
export function weightRows(now: CommonWeights, before: CommonWeights | null, order: readonly string[]): WeightRow[] {
  const read = new Set([...Object.keys(now.betas), ...Object.keys(before?.betas ?? {})]);
  const layers = [...order.filter((layer) => read.has(layer)), ...[...read].filter((layer) => !order.includes(layer))];
  return [
    { label: "α", kind: "content", now: now.alpha, before: before?.alpha ?? null, ratio: null, ratioBefore: null },
    ...layers.map(
      (layer): WeightRow => ({ label: paperName(layer), kind: "style", now: now.betas[layer] ?? null, before: before?.betas[layer] ?? null, ratio: now.ratios[layer] ?? null, ratioBefore: before?.ratios[layer] ?? null }),
    ),
  ];
}

/** How a number has changed, in words: "× 125", "÷ 4", "as before"; "" where one of the two is not there or 0. */
export function changeText(now: number | null, before: number | null): string {
  if (now === null || before === null || !(now > 0) || !(before > 0)) return "";
  const factor = now / before;
  if (Math.abs(factor - 1) < 1e-3) return "as before";
  return factor > 1 ? `× ${formatNumber(factor, 2)}` : `÷ ${formatNumber(1 / factor, 2)}`;
}

/** The least and the largest of some numbers as one text: "4.9e−5 to 3.1e−3", or the one number that they all are. */
export function rangeText(values: readonly number[]): string {
  if (values.length === 0) return "–";
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => formatNumber(value, 2));
  return low === high ? low : `${low} to ${high}`;
}

/** A logarithmic axis in whole powers of ten. */
export interface PowerAxis {
  /** exponents of its ends */
  low: number;
  high: number;
}

/** The axis on which all these numbers (above 0) have room. */
export function powerAxis(values: readonly number[]): PowerAxis {
  const logs = values.filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
  if (logs.length === 0) return { low: -1, high: 1 };
  return { low: Math.floor(Math.min(...logs)), high: Math.max(Math.floor(Math.min(...logs)) + 1, Math.ceil(Math.max(...logs))) };
}

/** Where a number stands on the axis, in [0, 1]. */
export function placeOn({ low, high }: PowerAxis, value: number): number {
  return Math.max(0, Math.min(1, (Math.log10(value) - low) / (high - low)));
}

/** Powers of ten to be written at an axis: at most `most` of them, evenly apart, from its low end. */
export function axisTicks({ low, high }: PowerAxis, most: number): number[] {
  const stride = Math.ceil((high - low) / Math.max(1, most - 1));
  return Array.from({ length: Math.floor((high - low) / stride) + 1 }, (_, i) => low + i * stride);
}
