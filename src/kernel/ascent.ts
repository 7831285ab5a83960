/** Gradient ascent on a channel, in the engine: beside the runs, step by step in turn with them. */
import type * as tf from "@tensorflow/tfjs";
import { ascentStart, ascentStepWalk, ascentTerms } from "../nst/ascent";
import { evaluateWalk } from "../nst/evaluate";
import type { WalkPart } from "../nst/forward";
import type { Network } from "../nst/network";
import { disposeTransfer, type TransferState } from "../nst/transfer";
import { gpuIsLost, GpuLostError, lossBehind } from "./backends";
import { breathe } from "./breathe";
import { acquireNetwork } from "./load-network";
import type { AscentBatch, AscentConfig, Streams } from "./protocol";
import { pictureBitmap, pictureBytes } from "./run-picture";
import { StepRate } from "./step-rate";
import { deviceTurns } from "./turns";

/** Between two batches, in ms: as often as the page redraws pictures and curves. */
const BATCH_INTERVAL = 80;

/** What is done to the picture is said at `ascentStepWalk`. */
export class Ascent {
  private state: AscentBatch["state"] = "preparing";
  private wanted: "run" | "pause" | "stop" = "run";
  private wake: () => void = () => {};

  private step = 0;
  private ascent: TransferState | null = null;
  /** the newest mean activation: what the next step is measured against */
  private reached = 0;
  private activations: number[] = [];
  private first = 0;
  private lastBatch = 0;
  private readonly rate = new StepRate();

  constructor(private readonly config: AscentConfig, private readonly post: (batch: AscentBatch, transfer: Transferable[]) => void) {}

  control({ kind }: Streams["ascent"]["control"]): void {
    if (this.wanted !== "stop") this.wanted = kind === "resume" ? "run" : kind;
    this.wake();
  }

  /** Climbs to the last step, to a stop, or to an error; frees all it held. */
  async go(signal: AbortSignal): Promise<void> {
    const stop = () => this.control({ kind: "stop" });
    signal.addEventListener("abort", stop);
    let network: { value: Network; release: () => void } | null = null;
    try {
      await this.tell();
      network = await acquireNetwork(this.config.network);
      this.ascent = ascentStart(this.config.size, this.config.seed);
      this.state = "running";
      this.state = await this.climb(network.value);
      await this.tell(this.state === "finished" ? this.silence() : undefined);
    } catch (error) {
      throw await lossBehind(error);
    } finally {
      signal.removeEventListener("abort", stop);
      if (this.ascent) disposeTransfer(this.ascent);
      network?.release();
    }
  }

  private async climb(network: Network): Promise<"finished" | "stopped"> {
    while (this.wanted !== "stop") {
      if (this.wanted === "pause") await this.pause();
      else {
        const last = this.step >= this.config.steps;
        const done = await this.advance(network, last);
        if (done && last) return "finished";
        if (performance.now() - this.lastBatch > BATCH_INTERVAL) await this.tell();
        await breathe();
      }
    }
    return "stopped";
  }

  /** One step, or, for the last picture, its activation alone. @returns false when it was given up on the way */
  private async advance(network: Network, readOnly: boolean): Promise<boolean> {
    const { config, reached } = this;
    const { picture } = this.ascent!;
    const end = await deviceTurns.take();
    let found: { values: tf.Tensor1D; state?: TransferState } | null;
    try {
      found = await this.drive<{ values: tf.Tensor1D; state?: TransferState }>(
        readOnly ? evaluateWalk(network, picture, ascentTerms(config, reached), { pooling: config.pooling, gradient: false }) : ascentStepWalk(network, this.ascent!, config, reached));
    } finally {
      end();
    }
    if (!found) return false;
    [this.reached] = await found.values.data();
    found.values.dispose();
    if (found.state) {
      disposeTransfer(this.ascent!);
      this.ascent = found.state;
      this.rate.count(++this.step);
    }
    if (gpuIsLost()) throw new GpuLostError("The GPU was lost.");
    this.activations.push(this.reached);
    return true;
  }

  /** Runs a walk, giving way between layers; null when it was given up because something else than going on is wanted. */
  private async drive<T>(walk: Generator<WalkPart, T>): Promise<T | null> {
    for (;;) {
      const { done, value } = walk.next();
      if (done) return value;
      await breathe();
      if (this.wanted === "run") continue;
      walk.return(undefined as T);
      return null;
    }
  }

  private async pause(): Promise<void> {
    this.state = "paused";
    await this.tell();
    while (this.wanted === "pause") await new Promise<void>((resolve) => (this.wake = resolve));
    this.rate.restart();
    this.state = "running";
  }

  private silence(): string | undefined {
    const { channel, layer } = this.config;
    return this.reached > 0 ? undefined : `Channel ${channel} of ${layer} stayed silent: no picture was found that it answers to. Another seed may find one.`;
  }

  private async tell(notice?: string): Promise<void> {
    const activations = Float64Array.from(this.activations);
    const batch: AscentBatch = { step: this.step, activations, first: this.first, stepsPerSecond: this.rate.perSecond(), state: this.state, notice };
    this.first += activations.length;
    this.activations = [];
    this.lastBatch = performance.now();
    const transfer: Transferable[] = [activations.buffer];
    if (this.ascent) {
      const { picture } = this.ascent;
      const [height, width] = picture.shape;
      batch.image = await pictureBitmap(pictureBytes((await picture.data()) as Float32Array), width, height);
      transfer.push(batch.image);
      // a lost context reads as zeros: nothing of that may get out
      if (gpuIsLost()) throw new GpuLostError("The GPU was lost.");
    }
    this.post(batch, transfer);
  }
}
