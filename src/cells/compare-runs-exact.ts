/** The exact pictures of compared runs: checkpoints, and steps that are computed again. */
import type { Checkpoint, ReplayItem } from "../kernel/protocol";
import type { Picture } from "../nst/picture";
import type { ComparedRun } from "./compared-runs";
import { compareCosts, largestDifference } from "./scrub-compare";

/** A picture of a run, exactly as it was after so many steps. */
export interface ExactPicture {
  picture: Picture;
  step: number;
  /** largest difference of its replayed costs to those that the run recorded, as a share: 0 is bit for bit; null: a checkpoint, or nothing was recorded */
  difference: number | null;
}

/** A step of a run that is wanted. */
export interface Wanted {
  run: Pick<ComparedRun, "id" | "record" | "history">;
  step: number;
}

/** Computes the steps of a run again up to one of them, which the last item brings; see `replay`. */
export type Replays = (run: Wanted["run"], to: number, signal: AbortSignal) => AsyncIterable<ReplayItem>;

/** Numbers of replayed pictures kept at most; what is wanted just now is kept in any case. */
const MOST_BYTES = 96 * 2 ** 20;

/**
 * Finds the exact pictures of several runs: what is no checkpoint is computed again, one run after the other, so that the
 * replays of a comparison count as one beside the runs that are going. A newer wish takes the place of the one before it.
 *
 *     const exact = new ExactPictures((run, to, signal) => replay(kernels, run.record, { to }, signal), () => this.requestUpdate());
 *     exact.want([{ run: a, step: 40 }, { run: b, step: 40 }]);
 *     exact.at(a, 40)?.picture
 */
export class ExactPictures {
  /** what is being computed: the run's id, the step wanted of it, and the one reached; null: nothing */
  working: { id: string; step: number; reached: number } | null = null;
  /** the person has stopped it; the next wish for other steps begins anew */
  stopped = false;
  private wanted: readonly Wanted[] = [];
  private readonly kept = new WeakMap<Checkpoint, ExactPicture>();
  /** computed again; the one used last comes last */
  private readonly found = new Map<string, ExactPicture>();
  private readonly failed = new Map<string, string>();
  private abort: AbortController | null = null;

  /** @param changed something is known that was not: a picture, a step reached, a problem */
  constructor(
    private readonly replays: Replays,
    private readonly changed: () => void,
  ) {}

  /** The picture after `step` steps, if it is there. The same one each time. */
  at(run: Wanted["run"], step: number): ExactPicture | null {
    const kept = run.record.checkpoints.find((one) => one.step === step);
    if (kept) {
      let exact = this.kept.get(kept);
      if (!exact) this.kept.set(kept, (exact = { picture: pictureOf(kept), step, difference: null }));
      return exact;
    }
    const key = keyOf(run, step);
    const found = this.found.get(key);
    if (!found) return null;
    this.found.delete(key);
    this.found.set(key, found);
    return found;
  }

  /** Why the step could not be computed again; "" if it could, or was not tried. */
  problem(run: Wanted["run"], step: number): string {
    return this.failed.get(keyOf(run, step)) ?? "";
  }

  /** Is it still to come? */
  waits(run: Wanted["run"], step: number): boolean {
    return !this.stopped && this.missing().some((one) => one.step === step && one.run.id === run.id);
  }

  /** Wants these pictures, the first first, and no others. */
  want(wanted: readonly Wanted[]): void {
    const same = wanted.length === this.wanted.length && wanted.every((one, i) => keyOf(one.run, one.step) === keyOf(this.wanted[i].run, this.wanted[i].step));
    this.wanted = wanted;
    if (same && (this.stopped || this.abort)) return;
    this.stopped = false;
    const { working } = this;
    // what is under way and still wanted is not begun again
    if (working && wanted.some(({ run, step }) => run.id === working.id && step === working.step)) return;
    this.cancel();
    void this.work();
  }

  /** Computes nothing more of what is wanted now. */
  stop(): void {
    this.stopped = true;
    this.cancel();
    this.changed();
  }

  /** Computes what is wanted after all: after a stop, or where it has failed. */
  again(): void {
    for (const { run, step } of this.wanted) this.failed.delete(keyOf(run, step));
    this.stopped = false;
    this.cancel();
    void this.work();
    this.changed();
  }

  /** The run has taken another way from a step on: what came after is no longer its own. */
  forget(id: string, after: number): void {
    for (const [key, { step }] of this.found) if (key.startsWith(`${id} `) && step > after) this.found.delete(key);
  }

  private cancel(): void {
    this.abort?.abort();
    this.abort = null;
    this.working = null;
  }

  private missing(): readonly Wanted[] {
    return this.wanted.filter(({ run, step }) => !this.at(run, step) && !this.failed.has(keyOf(run, step)));
  }

  private async work(): Promise<void> {
    const abort = (this.abort = new AbortController());
    for (;;) {
      const next = this.missing()[0];
      if (!next) break;
      await this.compute(next, abort.signal);
      if (this.abort !== abort) return;
    }
    this.abort = null;
  }

  private async compute({ run, step }: Wanted, signal: AbortSignal): Promise<void> {
    const key = keyOf(run, step);
    const working = (this.working = { id: run.id, step, reached: run.record.nearest(step)?.step ?? 0 });
    let last: ReplayItem | undefined;
    try {
      for await (const item of this.replays(run, step, signal)) {
        last = item;
        working.reached = item.step;
        if (this.working === working) this.changed();
      }
      if (signal.aborted) return;
      if (!last?.checkpoint) throw new Error("Its replay brought no picture.");
      this.found.set(key, { picture: pictureOf(last.checkpoint), step, difference: largestDifference(compareCosts(run.history, last)) });
      this.tidy();
    } catch (error) {
      if (signal.aborted) return;
      this.failed.set(key, (error as Error).message);
    }
    this.working = null;
    this.changed();
  }

  private tidy(): void {
    const wanted = new Set(this.wanted.map(({ run, step }) => keyOf(run, step)));
    let bytes = 0;
    for (const [key, { picture }] of [...this.found].reverse()) {
      bytes += picture.data.byteLength;
      if (bytes > MOST_BYTES && !wanted.has(key)) this.found.delete(key);
    }
  }
}

const pictureOf = ({ width, height, picture: data }: Checkpoint): Picture => ({ width, height, data });

const keyOf = ({ id }: Pick<ComparedRun, "id">, step: number): string => `${id} ${step}`;
