/** Costs as shares of what they were at the start. */
import type { CostHistory } from "../runs/cost-history";
import { formatNumber } from "./numbers";

/** Share of its starting value that a cost has after each step; NaN where it is not known. */
export function shares(history: CostHistory, column: string): Float64Array {
  const start = history.start(column);
  return history.column(column).map((cost) => cost / start);
}

/** The newest share, null where there is none. */
export function share(history: CostHistory, column: string): number | null {
  const value = history.last(column) / history.start(column);
  return Number.isFinite(value) ? value : null;
}

/** A share in per cent, in two digits: "100 %", "4.2 %", "0.031 %". */
export function shareText(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (value !== 0 && value < SMALLEST) return `< ${SMALLEST * 100} %`;
  return `${formatNumber(value * 100, value * 100 >= 99.5 ? 3 : 2)} %`;
}

/** What is less is rounding: costs are sums of float32 numbers. */
const SMALLEST = 1e-5;
