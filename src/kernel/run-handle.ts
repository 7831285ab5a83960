/** A run as the page holds it: it outlives the worker that computes it. */
import { KernelLostError, type KernelStream } from "./kernel-client";
import type { Kernels } from "./kernels";
import type { Checkpoint, RunBatch, RunConfig, RunControl } from "./protocol";
import type { LiveSettings } from "../nst/settings";

/** Restarts without a step of progress in between before a run gives up. */
const MOST_RESTARTS = 3;

/**
 * Starts a run and follows it to its end. When its worker is lost (GPU, crash, another backend chosen), the run goes on
 * from its last checkpoint as soon as the engine is back; its next batch then begins at that step.
 */
export class RunHandle {
  /** enough to go on from; at most two seconds old while the run is going */
  checkpoint: Checkpoint | undefined;
  private stream: KernelStream<RunBatch, RunControl> | null = null;
  private paused = false;
  private stopped = false;
  private readonly abort = new AbortController();
  /** resolves when the run has ended; rejects with what ended it */
  readonly ended: Promise<void>;

  /**
   * @param config plain data, copied to the worker
   * @param batch called with every batch; owns its bitmap
   * @param from goes on from here instead of starting anew
   */
  constructor(private readonly kernels: Kernels, private config: RunConfig, private readonly batch: (batch: RunBatch) => void, from?: Checkpoint) {
    this.checkpoint = from;
    this.ended = this.follow();
    this.ended.catch(() => {});
  }

  pause(): void {
    this.paused = true;
    this.stream?.control({ kind: "pause" });
  }

  resume(): void {
    this.paused = false;
    this.stream?.control({ kind: "resume" });
  }

  /** Ends the run within a step; the last batch brings the picture. */
  stop(): void {
    // kept, because there may be no engine to hear it just now
    this.stopped = true;
    this.stream?.control({ kind: "stop" });
  }

  /** New weights, layers, steps or optimiser settings: from the next step on. */
  update(settings: LiveSettings): void {
    this.config = { ...this.config, settings: { ...this.config.settings, ...settings } };
    this.stream?.control({ kind: "update", settings });
  }

  /** Ends the run at once, without a last batch: for when nobody is there to see it. */
  drop(): void {
    this.abort.abort(new DOMException("The run was dropped.", "AbortError"));
  }

  private async follow(): Promise<void> {
    for (let restarts = 0; ; restarts++) {
      const begun = this.checkpoint?.step ?? 0;
      try {
        await this.kernels.engineReady();
        return await this.once(restarts > 0);
      } catch (error) {
        if (!(error instanceof KernelLostError) || this.abort.signal.aborted) throw error;
        if ((this.checkpoint?.step ?? 0) > begun) restarts = 0;
        if (restarts >= MOST_RESTARTS) throw new Error(`The run was given up after ${restarts} restarts: ${(error as Error).message} Its last picture is kept.`);
        this.notice = `${(error as Error).message} The run goes on from step ${this.checkpoint?.step ?? 0}.`;
      }
    }
  }

  private notice = "";

  private async once(again: boolean): Promise<void> {
    this.stream = this.kernels.engine.stream("run", { config: this.config, from: this.checkpoint }, { signal: this.abort.signal });
    if (this.paused) this.stream.control({ kind: "pause" });
    if (this.stopped) this.stream.control({ kind: "stop" });
    let first = again && !this.stopped;
    for await (const batch of this.stream) {
      if (batch.checkpoint) this.checkpoint = batch.checkpoint;
      if (first && batch.state !== "preparing") {
        batch.notice ??= `${this.notice} Now on ${this.kernels.status.engine?.backend ?? "another backend"}.`;
        first = false;
      }
      this.batch(batch);
    }
  }
}
