import type { Checkpoint, RunConfig } from "../kernel/protocol";
import { cutMiddle } from "../nst/cut-middle";
import type { Picture } from "../nst/picture";
import { type UnitNorms, unitNorms } from "./board-terms";
import type { Kernels } from "./context";
import { HeldGauge } from "./pulls-gauge";

/** Where the gradients are measured: in the picture that a run begins with, in that after its first step, or halfway between content and style picture. */
export const BOARD_PLACES = ["start", "step", "blend"] as const;
export type BoardPlace = (typeof BOARD_PLACES)[number];

interface Asked {
  kernels: Kernels;
  config: RunConfig;
  at: BoardPlace;
}

/**
 * Measures what each term of J pulls while settings change faster than that can be done: one measure is under way, the
 * newest request waits, what it overtook is given up.
 */
export class BoardMeter {
  private readonly gauge = new HeldGauge();
  private abort = new AbortController();
  private waiting: Asked | null = null;
  private busy = false;

  /** @param answer takes the lengths of the gradients and the very config that they are of, or why there are none */
  constructor(private readonly answer: (config: RunConfig, norms: UnitNorms | Error) => void) {}

  /** @param config each of its terms that has a weight is measured */
  ask(kernels: Kernels, config: RunConfig, at: BoardPlace): void {
    this.waiting = { kernels, config, at };
    if (!this.busy) void this.work();
  }

  /** Gives up what is under way; it can be asked again. */
  close(): void {
    this.waiting = null;
    this.abort.abort();
    this.abort = new AbortController();
    this.gauge.close();
  }

  private async work(): Promise<void> {
    this.busy = true;
    for (let asked = this.waiting; asked; asked = this.waiting) {
      this.waiting = null;
      const { signal } = this.abort;
      try {
        const norms = await this.measure(asked, signal);
        if (!signal.aborted) this.answer(asked.config, norms);
      } catch (error) {
        if (!signal.aborted) this.answer(asked.config, error as Error);
      }
    }
    this.busy = false;
  }

  private async measure({ kernels, config, at }: Asked, signal: AbortSignal): Promise<UnitNorms> {
    const { gauge } = this.gauge.for(kernels, config);
    const picture = await pictureAt(kernels, config, at, signal);
    return unitNorms(await gauge.measure(picture, { gradients: true }));
  }
}

async function pictureAt(kernels: Kernels, config: RunConfig, at: BoardPlace, signal: AbortSignal): Promise<Picture> {
  const { content, style, settings } = config;
  const { width, height } = content;
  if (at === "blend") {
    const { data } = cutMiddle(style, width, height);
    return { width, height, data: content.data.map((value, i) => (value + data[i]) / 2) };
  }
  if (at === "start" && settings.initialisation.kind === "content") return content;
  let checkpoint: Checkpoint | undefined;
  // the run's own first step, by whichever optimiser; in the lab, where it keeps no run waiting
  for await (const item of kernels.lab.stream("replay", { config, changes: [], to: at === "start" ? 0 : 1 }, { signal })) checkpoint = item.checkpoint;
  return { width, height, data: checkpoint!.picture };
}
