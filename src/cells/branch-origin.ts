import { type Kernels, replay } from "../kernel/client";
import type { Checkpoint } from "../kernel/protocol";
import type { CellContext } from "./context";
import { type KeptRun, openKeptRun, runRecord } from "./run-records";

/** Where a branch begins. */
export interface Origin {
  run: string;
  at: number;
  kept: KeptRun;
  /** picture and optimiser of the run after `at` steps */
  checkpoint: Checkpoint;
}

/** What is asked for. */
export interface OriginWish {
  /** null: it was not started */
  run: string | null;
  /** steps that the run has done */
  step: number;
  at: number;
  /** of the run, as the reader knows it */
  name: string;
}

/** Finds the checkpoint that a branch begins from: as it was kept, else computed again. A newer wish ends an older one. */
export class OriginFinder {
  origin: Origin | null = null;
  /** why there is nothing to begin from, in a sentence; else "" */
  missing = "";
  /** run and step of what is there or being computed */
  private wanted = "";
  private replaying: AbortController | null = null;

  /** @param told when anything is another; `forgotten`: what was there is given up */
  constructor(private readonly told: { changed: () => void; forgotten: () => void }) {}

  async find({ run, step, at, name }: OriginWish, context: CellContext | null, kernels: Kernels): Promise<void> {
    if (run === null || at > step) {
      this.forget();
      this.missing = run === null ? `“${name}” has no picture yet: start the run.` : `“${name}” has come to step ${step}. This branch begins after step ${at}.`;
      return this.told.changed();
    }
    const wanted = `${run} ${at}`;
    if (wanted === this.wanted) return;
    this.forget();
    this.wanted = wanted;
    const { signal } = (this.replaying = new AbortController());
    try {
      const kept = runRecord(run) ?? (await openKeptRun(context ?? {}, run));
      if (signal.aborted) return;
      if (!kept) throw new Error(`The steps of “${name}” are no longer kept. Start it again.`);
      let checkpoint = kept.record.checkpoints.find((one) => one.step === at);
      if (!checkpoint) for await (const item of replay(kernels, kept.record, { to: at }, signal)) checkpoint = item.checkpoint;
      if (signal.aborted || !checkpoint) return;
      this.origin = { run, at, kept, checkpoint };
      this.missing = "";
    } catch (error) {
      if (signal.aborted) return;
      this.wanted = "";
      this.missing = (error as Error).message;
    }
    this.told.changed();
  }

  forget(): void {
    this.replaying?.abort();
    this.wanted = "";
    this.origin = null;
    this.told.forgotten();
  }

  /** Ends what is being computed. */
  stop(): void {
    this.replaying?.abort();
  }
}
