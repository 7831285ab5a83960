/** What the page keeps of a run to compute any of its steps again: settings and when they changed, and checkpoints. */
import type { TransferSettings } from "../nst/settings";
import { checkpointArrays } from "./checkpoint-arrays";
import type { Checkpoint, RunBatch, RunConfig, SettingsChange } from "./protocol";

/** Checkpoints kept at most. */
const MOST_CHECKPOINTS = 24;
/** Bytes of all checkpoints together. */
const MOST_BYTES = 64 * 2 ** 20;

/** The record of one run, fed with its batches. Together with its start it determines every picture of the run. */
export class RunRecord {
  /** by step */
  readonly changes: SettingsChange[] = [];
  /** the last step whose costs are known; −1 before the first */
  last = -1;
  /** grows with everything taken */
  version = 0;
  private kept: Checkpoint[] = [];

  /**
   * @param config what the run was started with
   * @param from where it began, if not at the picture that its settings name; it stays
   */
  constructor(readonly config: RunConfig, readonly from?: Checkpoint) {
    if (from) this.kept.push(from);
  }

  /** By step, spread evenly: where there are too many or too large ones, those that leave the smallest gaps go. */
  get checkpoints(): readonly Checkpoint[] {
    return this.kept;
  }

  /** Takes in a batch of the run. One that goes back takes what came after with it: the run has taken another way from there. */
  take({ state, first, costs, columns, change, checkpoint }: Pick<RunBatch, "state" | "first" | "costs" | "columns" | "change" | "checkpoint">): void {
    if (state === "preparing") return;
    const begins = Math.min(first, change?.step ?? first);
    if (begins <= this.last) this.goBack(begins);
    if (change) {
      if (this.changes.at(-1)?.step === change.step) this.changes.pop();
      this.changes.push(change);
    }
    if (columns.length > 0 && costs.length > 0) this.last = first + costs.length / columns.length - 1;
    if (checkpoint) this.keep(checkpoint);
    this.version++;
  }

  /** The last checkpoint at or before a step; undefined: replay from the start. */
  nearest(step: number): Checkpoint | undefined {
    return this.kept.findLast((one) => one.step <= step);
  }

  /** The settings that the costs of the picture after `step` steps, and the step from there, were computed with. */
  settingsAt(step: number): TransferSettings {
    const change = this.changes.findLast((one) => one.step <= step);
    return { ...this.config.settings, ...change?.settings };
  }

  private goBack(step: number): void {
    this.last = step - 1;
    this.kept = this.kept.filter((one) => one.step <= step);
    const after = this.changes.findIndex((one) => one.step > step);
    if (after >= 0) this.changes.splice(after);
  }

  private keep(checkpoint: Checkpoint): void {
    this.kept = [...this.kept.filter((one) => one.step < checkpoint.step), checkpoint];
    const bytes = checkpointArrays(checkpoint).reduce((sum, { byteLength }) => sum + byteLength, 0) || 1;
    const most = Math.max(2, Math.min(MOST_CHECKPOINTS, Math.floor(MOST_BYTES / bytes)));
    while (this.kept.length > most) {
      const gaps = this.kept.slice(1, -1).map((_, i) => this.kept[i + 2].step - this.kept[i].step);
      this.kept.splice(1 + gaps.indexOf(Math.min(...gaps)), 1);
    }
  }
}
