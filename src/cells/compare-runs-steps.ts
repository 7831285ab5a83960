/** Which step of each run stands under the one slider. */
import type { CostHistory } from "../runs/cost-history";
import type { RunRecord } from "../kernel/client";
import type { TransferSettings } from "../nst/settings";

/** What is compared: the pictures after as many steps, or after the same share of each run's own steps. */
export type StepUnit = "steps" | "share";

/** Where the slider stands. */
export interface Position {
  unit: StepUnit;
  /** in steps; −1: the newest of all, also while it grows */
  step: number;
  /** in [0, 1] */
  share: number;
}

/** What is asked of a run here. */
export interface Stepped {
  record: Pick<RunRecord, "from" | "checkpoints">;
  history: Pick<CostHistory, "step">;
  settings: Pick<TransferSettings, "steps">;
  going: boolean;
}

/** A step of one run, and why it is not the one that was asked for. */
export interface PlacedStep {
  step: number;
  /** "end": the run ends before; "so far": it has not come so far yet; "begins": it begins later; "": it is the one */
  instead: "end" | "so far" | "begins" | "";
}

/** The first step of a run: a branch begins in the middle. */
const firstStep = ({ record }: Pick<Stepped, "record">): number => record.from?.step ?? 0;

/** The newest step of a run that there is a picture of: one that is going brings a checkpoint every two seconds or so. */
export function newestStep(run: Stepped): number {
  const { record, history, going } = run;
  return Math.max(firstStep(run), going ? (record.checkpoints.at(-1)?.step ?? 0) : history.step);
}

/** The newest step of all runs: the end of a slider in steps. */
export const commonEnd = (runs: readonly Stepped[]): number => Math.max(0, ...runs.map(newestStep));

/**
 * How many steps a share is of: all that a run has made, and for one that is going all that it is to make. A branch counts
 * those of its parent as well.
 */
export const shareEnd = ({ history, settings, going }: Pick<Stepped, "history" | "settings" | "going">): number => Math.max(0, going ? Math.max(history.step, settings.steps) : history.step);

/** The step that a position asks of a run. */
function asked(run: Stepped, { unit, step, share }: Position, end: number): number {
  if (unit === "share") return Math.round(Math.min(1, Math.max(0, share)) * shareEnd(run));
  return step < 0 ? end : Math.min(Math.round(step), end);
}

/** The step of each run under a position: where it has none of that number, the nearest that it has. */
export function placeSteps(runs: readonly Stepped[], position: Position): PlacedStep[] {
  const end = commonEnd(runs);
  return runs.map((run) => {
    const step = asked(run, position, end);
    const [first, last] = [firstStep(run), newestStep(run)];
    if (step < first) return { step: first, instead: "begins" };
    if (step > last) return { step: last, instead: run.going ? "so far" : "end" };
    return { step, instead: "" };
  });
}
