/** The two futures of a branch, as numbers. Pure. */
import type { RunRecord } from "../kernel/client";
import { equal } from "../notebook/equal";
import { liveSettings } from "../nst/live-settings";
import type { LiveSettings } from "../nst/settings";
import type { CostHistory } from "../runs/cost-history";
import type { Course } from "./curves-drawing";
import { formatNumber } from "./numbers";

/** A run, as far as its futures are compared. */
export interface Future {
  /** as the store of runs knows it */
  id: string;
  /** of its cell */
  name: string;
  record: RunRecord;
  history: CostHistory;
}

/** As CSS says them: the run as it went on without a change, and the branch. */
export const FUTURE_COLOURS = { parent: "var(--ink)", branch: "var(--picture)" };

/** Three curves of one cost: what both have in common up to step `at`, thin, and the two ways on from there. */
export function branchCourses(column: string, at: number, parent: Future | null, branch: Future | null): Course[] {
  const courses: Course[] = [];
  const end = (name: string, values: Float64Array) => `${name} ${formatNumber(values.findLast(Number.isFinite) ?? NaN)}`;
  const known = (values: Float64Array) => values.some(Number.isFinite);
  if (parent) {
    const values = parent.history.column(column);
    const [past, future] = [values.slice(0, at + 1), values.map((value, step) => (step < at ? NaN : value))];
    // a single point is no curve
    const goesOn = future.filter(Number.isFinite).length > 1;
    if (known(past)) courses.push({ text: goesOn || branch ? "" : end(parent.name, past), colour: FUTURE_COLOURS.parent, width: 0.8, values: past });
    if (goesOn) courses.push({ text: end(parent.name, future), colour: FUTURE_COLOURS.parent, width: 2, dash: "6 3", values: future });
  }
  if (branch) {
    const values = branch.history.column(column);
    if (known(values)) courses.push({ text: end(branch.name, values), colour: FUTURE_COLOURS.branch, width: 2, values });
  }
  return courses;
}

/** Whether costs with these settings are numbers of the same kind. */
export function sameWeights(a: LiveSettings, b: LiveSettings): boolean {
  const weights = ({ steps: _, optimiser: __, ...rest }: LiveSettings) => rest;
  return equal(weights(liveSettings(a)), weights(liveSettings(b)));
}

/** The last step that a run has a picture of. */
export function lastStep({ record }: Pick<Future, "record">): number {
  return Math.max(record.last, record.checkpoints.at(-1)?.step ?? -1);
}

/** What a run's picture costs after a step, null where it is not known. */
export function costsAt(history: CostHistory | undefined, step: number): { total: number | null; content: number | null; style: number | null } {
  const of = (name: string) => {
    const value = history?.at(step, name) ?? NaN;
    return Number.isFinite(value) ? value : null;
  };
  return { total: of("total"), content: of("content"), style: of("style") };
}
