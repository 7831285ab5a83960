/** Costs that were computed again, beside those that the run recorded. */
import { paperName } from "../nst/names";
import type { CostHistory } from "../runs/cost-history";
import { formatNumber } from "./numbers";

/** One cost, as it counts in J. */
export interface ComparedCost {
  /** column: "total", "content", "style", "tv", or a style layer */
  name: string;
  label: string;
  /** NaN where the run recorded none */
  recorded: number;
  replayed: number;
  /** |replayed − recorded| as a share of the recorded cost; 0: the same bits; NaN where nothing was recorded */
  difference: number;
}

/** Beyond this, it is not rounding: sums of 32-bit numbers in another order differ by less. */
const ROUNDING = 1e-3;

/** Compares a replayed row of costs with the recorded one. */
export function compareCosts(history: CostHistory, { step, columns, costs }: { step: number; columns: readonly string[]; costs: ArrayLike<number> }): ComparedCost[] {
  return columns.map((name, i) => {
    const recorded = history.at(step, name);
    const replayed = costs[i];
    const difference = Number.isNaN(recorded) ? NaN : Object.is(replayed, recorded) ? 0 : Math.abs(replayed - recorded) / Math.abs(recorded);
    return { name, label: paperName(name), recorded, replayed, difference };
  });
}

/** The largest difference; null where the run recorded nothing. */
export function largestDifference(compared: readonly ComparedCost[]): number | null {
  const known = compared.map(({ difference }) => difference).filter((difference) => !Number.isNaN(difference));
  return known.length > 0 ? Math.max(...known) : null;
}

/** What the comparison comes to, in a sentence. */
export function comparisonText(compared: readonly ComparedCost[]): string {
  const largest = largestDifference(compared);
  if (largest === null) return "The run recorded no costs of this step, so there is nothing to compare with.";
  if (largest === 0) return `All ${compared.length} costs equal the recorded ones, bit for bit.`;
  const { label } = compared.find(({ difference }) => difference === largest)!;
  if (largest < ROUNDING) return `The costs equal the recorded ones but for rounding: ${label} differs most, by ${formatNumber(largest, 2)} of itself. This device does not add in the same order each time.`;
  return `The costs are not the recorded ones: ${label} differs by ${formatNumber(largest * 100, 2)} %. The run and its replay were computed on different devices, or something went wrong.`;
}
