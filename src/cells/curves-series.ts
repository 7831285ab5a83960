import { paperName } from "../nst/names";
import type { CostHistory } from "../runs/cost-history";

/** What is drawn: the sums that J is made of, or the style cost layer by layer. */
export type CurveParts = "sums" | "layers";

/** One curve. */
export interface Series {
  /** column of the history */
  name: string;
  /** at the end of the curve, and in the readout */
  label: string;
  /** as CSS says it */
  colour: string;
  width: number;
  /** dashes, so that curves differ by more than their colour */
  dash?: string;
}

const TV: Series = { name: "tv", label: "tv", colour: "var(--soft)", width: 1.25, dash: "1 3" };
const CONTENT: Series = { name: "content", label: "content", colour: "var(--content)", width: 2 };
const STYLE: Series = { name: "style", label: "style", colour: "var(--style)", width: 2 };
const TOTAL: Series = { name: "total", label: "total", colour: "var(--ink)", width: 1.5, dash: "4 3" };

/** The first layer is solid, those after it are told apart by their dashes as well. */
const DASHES = [undefined, "7 3", "2 2.5", "9 3 2 3", "4 2.5", "12 3"];

/** The curves in drawing order: the sum on top of its parts, the layers from the first to the deepest. */
export function seriesOf(history: CostHistory, parts: CurveParts): Series[] {
  if (parts === "sums") return [TV, CONTENT, STYLE, TOTAL];
  const layers = history.layers.toSorted();
  const share = (i: number) => Math.round(100 - (55 * i) / Math.max(1, layers.length - 1));
  return [
    TV,
    CONTENT,
    ...layers.map((name, i) => ({ name, label: paperName(name), colour: `color-mix(in srgb, var(--style) ${share(i)}%, var(--ink))`, width: 1.75, dash: DASHES[i % DASHES.length] })),
  ];
}

/**
 * What a curve shows at each step: its cost, or the cost as a share of what it was at first.
 * @returns null where there is no such share, because the cost begins at 0
 */
export function curveValues(history: CostHistory, name: string, relative: boolean): Float64Array | null {
  const column = history.column(name);
  if (!relative) return column;
  const start = history.start(name);
  return start > 0 ? column.map((cost) => cost / start) : null;
}
