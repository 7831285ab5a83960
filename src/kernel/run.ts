/** A run of the whole optimisation in the engine: its own clock, batches outwards, control messages inwards. */
import * as tf from "@tensorflow/tfjs";
import { evaluateWalk } from "../nst/evaluate";
import type { WalkPart } from "../nst/forward";
import { liveSettings } from "../nst/live-settings";
import type { Network } from "../nst/network";
import { disposeOptimiser } from "../nst/optimiser";
import type { LiveSettings } from "../nst/settings";
import type { Term } from "../nst/terms";
import { disposeTransfer, type TransferState, transferStepWalk } from "../nst/transfer";
import { gpuIsLost, GpuLostError, lossBehind } from "./backends";
import { breathe } from "./breathe";
import { checkpointOf } from "./checkpoint";
import { checkpointArrays } from "./checkpoint-arrays";
import type { Checkpoint, RunBatch, RunConfig, RunControl, SettingsChange } from "./protocol";
import { costColumns, costRow, divergence } from "./run-costs";
import { pictureBitmap, pictureBytes } from "./run-picture";
import { StepRate } from "./step-rate";
import { beginning, TermSource } from "./transfer-setup";
import { deviceTurns } from "./turns";

/** Between two batches, in ms: as often as the page redraws pictures and curves. */
const BATCH_INTERVAL = 80;
/** At most this much work is lost with a GPU or a worker, in ms; the promise to the person is two seconds. */
const CHECKPOINT_INTERVAL = 1200;

/** Thrown into a step that is given up; the run decides what comes next. */
const GIVEN_UP = Symbol("given up");

export class Run {
  private settings: LiveSettings;
  private state: RunBatch["state"] = "preparing";
  private wanted: "run" | "pause" | "stop" = "run";
  private settingsChanged = false;
  private wake: () => void = () => {};

  private step = 0;
  private transfer: TransferState | null = null;
  /** the picture one step ago: kept until the costs of the newest are known to be numbers */
  private previous: tf.Tensor3D | null = null;
  private terms: Term[] = [];

  private rows: number[][] = [];
  private firstRow = 0;
  private columns: string[] = [];
  /** not told yet */
  private change: SettingsChange | undefined;
  private lastBatch = 0;
  private lastCheckpoint = 0;
  private readonly rate = new StepRate();

  constructor(private readonly config: RunConfig, private readonly from: Checkpoint | undefined, private readonly post: (batch: RunBatch, transfer: Transferable[]) => void) {
    this.settings = config.settings;
  }

  control(message: RunControl): void {
    if (message.kind === "update") {
      this.settings = message.settings;
      this.settingsChanged = true;
    } else this.wanted = message.kind === "resume" ? "run" : this.wanted === "stop" ? "stop" : message.kind;
    this.wake();
  }

  /** Runs to the last step, to a stop, or to an error; frees all it held. */
  async go(signal: AbortSignal): Promise<void> {
    const stop = () => this.control({ kind: "stop" });
    signal.addEventListener("abort", stop);
    try {
      await this.tell();
      await TermSource.lend(this.config, async (source) => {
        this.begin();
        this.state = "running";
        await this.loop(source);
      });
    } catch (error) {
      throw await lossBehind(error);
    } finally {
      signal.removeEventListener("abort", stop);
      if (this.transfer) disposeTransfer(this.transfer);
      this.previous?.dispose();
    }
  }

  private begin(): void {
    this.transfer = beginning(this.config, this.from);
    this.firstRow = this.step = this.transfer.step;
  }

  private async loop(source: TermSource): Promise<void> {
    // stopped while the network was loading: nothing of the rest is needed any more
    if (this.wanted !== "stop") await this.retarget(source);
    while (this.wanted !== "stop") {
      if (this.wanted === "pause") {
        await this.pause();
        continue;
      }
      if (this.settingsChanged) await this.retarget(source);
      // settings may have come while the targets of others were worked out: a step is never made with half of them
      if (this.wanted !== "run" || this.settingsChanged) continue;
      const last = this.step >= this.settings.steps;
      const outcome = await this.advance(source.network, last);
      if (outcome === "diverged") return;
      if (outcome === "done" && last && !this.settingsChanged && this.step >= this.settings.steps) {
        this.state = "finished";
        return this.tell({ pixels: true, checkpoint: true });
      }
      await this.tellIfDue();
    }
    this.state = "stopped";
    await this.tell({ pixels: true, checkpoint: true });
  }

  /** One step, or, for the last picture, its costs alone. */
  private async advance(network: Network, costsOnly: boolean): Promise<"done" | "given up" | "diverged"> {
    const transfer = this.transfer!;
    const { optimiser } = this.settings;
    const { pooling } = this.config.settings;
    let values: tf.Tensor1D;
    let next: TransferState | null = null;
    const end = await deviceTurns.take();
    try {
      if (costsOnly) ({ values } = await this.drive(evaluateWalk(network, transfer.picture, this.terms, { pooling, gradient: false })));
      else ({ values, state: next } = await this.drive(transferStepWalk(network, transfer, this.terms, { pooling, optimiser })));
    } catch (error) {
      if (error === GIVEN_UP) return "given up";
      throw error;
    } finally {
      end();
    }
    const numbers = await values.data();
    values.dispose();
    if (gpuIsLost()) throw new GpuLostError("The GPU was lost.");

    const trouble = divergence(this.terms, numbers, this.step);
    if (trouble) {
      if (next) disposeTransfer(next);
      await this.diverge(trouble, costsAreNumbers(this.terms, numbers));
      return "diverged";
    }
    this.rows.push(costRow(this.terms, numbers));
    if (next) {
      this.previous?.dispose();
      this.previous = transfer.picture;
      disposeOptimiser(transfer.optimiser);
      this.transfer = next;
      this.step++;
      this.rate.count(this.step);
    }
    return "done";
  }

  /** @param good the present picture has finite costs, only the step from it does not: else the picture before is the last good one */
  private async diverge(notice: string, good: boolean): Promise<void> {
    if (this.previous && !good) {
      this.transfer!.picture.dispose();
      this.transfer!.picture = this.previous;
      this.previous = null;
      this.transfer!.step = --this.step;
    }
    this.state = "stopped";
    await this.tell({ pixels: true, notice });
  }

  private async pause(): Promise<void> {
    this.state = "paused";
    await this.tell({ pixels: true, checkpoint: true });
    while (this.wanted === "pause") await new Promise<void>((resolve) => (this.wake = resolve));
    this.rate.restart();
    if (this.wanted === "run") this.state = "running";
  }

  /** New terms after a change of layers or weights. Columns may change, so what was counted with the old ones goes out first. */
  private async retarget(source: TermSource): Promise<void> {
    if (this.rows.length) await this.tell();
    // the last picture's costs may have been told before more steps were asked for: they are told again, with the new terms
    this.firstRow = this.step;
    this.settingsChanged = false;
    const settings = liveSettings(this.settings);
    this.change = { step: this.step, settings };
    const stopped = new Promise<null>((resolve) => (this.wake = () => this.wanted === "stop" && resolve(null)));
    const terms = await Promise.race([source.terms(settings), stopped]);
    if (!terms) return;
    this.terms = terms;
    this.columns = costColumns(this.terms);
  }

  /** Runs a walk, giving way between layers; gives it up, freeing all it holds, when the person wants something else. */
  private async drive<T>(walk: Generator<WalkPart, T>): Promise<T> {
    const begun = performance.now();
    for (;;) {
      const { done, value } = walk.next();
      if (done) return value;
      await breathe();
      // quick steps are finished first: dragging a slider would otherwise keep a run from ever completing one
      const late = this.settingsChanged && performance.now() - begun < 0.5 * this.secondsPerStep() * 1000 && this.secondsPerStep() > 1;
      if (this.wanted !== "run" || late) {
        walk.return(undefined as T);
        throw GIVEN_UP;
      }
    }
  }

  private secondsPerStep(): number {
    const rate = this.rate.perSecond();
    return rate > 0 ? 1 / rate : 0;
  }

  private async tellIfDue(): Promise<void> {
    const now = performance.now();
    const checkpoint = now - this.lastCheckpoint > CHECKPOINT_INTERVAL;
    if (checkpoint || now - this.lastBatch > BATCH_INTERVAL) await this.tell({ checkpoint });
    await breathe();
  }

  private async tell({ pixels = false, checkpoint = false, notice }: { pixels?: boolean; checkpoint?: boolean; notice?: string } = {}): Promise<void> {
    const batch: RunBatch = {
      columns: this.columns, costs: Float64Array.from(this.rows.flat()), first: this.firstRow,
      step: this.step, stepsPerSecond: this.rate.perSecond(), state: this.state, change: this.change, notice,
    };
    this.change = undefined;
    this.firstRow += this.rows.length;
    this.rows = [];
    this.lastBatch = performance.now();
    const transfer: Transferable[] = [batch.costs.buffer as ArrayBuffer];
    if (this.transfer) {
      const { picture } = this.transfer;
      const [height, width] = picture.shape;
      const rgba = pictureBytes((await picture.data()) as Float32Array);
      batch.image = await pictureBitmap(rgba, width, height);
      transfer.push(batch.image);
      if (pixels) {
        batch.pixels = { width, height, rgba };
        transfer.push(rgba.buffer as ArrayBuffer);
      }
      if (checkpoint) {
        batch.checkpoint = await checkpointOf(this.transfer);
        transfer.push(...checkpointArrays(batch.checkpoint).map(({ buffer }) => buffer as ArrayBuffer));
        this.lastCheckpoint = performance.now();
      }
      // a lost context reads as zeros: nothing of that may get out
      if (gpuIsLost()) throw new GpuLostError("The GPU was lost.");
    }
    this.post(batch, transfer);
  }
}

const costsAreNumbers = (terms: readonly Term[], values: ArrayLike<number>): boolean => terms.every((_, i) => Number.isFinite(values[i]));
