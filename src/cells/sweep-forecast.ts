/** How long a sweep takes: before it begins from what the network computes, then from what was measured. Pure. */
import { layerShapes } from "../nst/layer-shapes";
import type { ModelCard } from "../nst/model-card";
import type { TransferSettings } from "../nst/settings";

/** Multiply-adds of the convolution by which machines are compared: 64 × 64 positions, 3 × 3 kernels, 64 to 64 channels. */
const CALIBRATION = 64 * 64 * 9 * 64 * 64;
/** What a step costs beside its convolutions (Gram matrices, Adam, many small operations), in multiply-adds; measured. */
const OVERHEAD = 50e6;
/** Small convolutions reach this part of the speed of the calibration's; measured. */
const EFFICIENCY = 0.6;

/**
 * The work of one step in multiply-adds: the convolutions down to the deepest layer that is read, forward and back, and what
 * every step costs beside.
 */
export function stepWork(card: ModelCard, { contentLayer, styleLayers }: Pick<TransferSettings, "contentLayer" | "styleLayers">, width: number, height: number): number {
  const read = new Set([...Object.keys(styleLayers), contentLayer]);
  const deepest = card.layers.findLastIndex(({ name }) => read.has(name));
  const shapes = layerShapes(card, width, height);
  let work = OVERHEAD;
  for (const { name, kind } of card.layers.slice(0, deepest + 1)) {
    const shape = shapes.get(name)!;
    // a kernel's numbers without the biases: k²·c_in·c_out
    if (kind === "conv") work += 2 * (shape.parameters - shape.channels) * shape.width * shape.height;
  }
  return work;
}

/** Seconds for work, from the seconds that the calibration took. */
export function forecastSeconds(work: number, calibration: number): number {
  return (work / CALIBRATION / EFFICIENCY) * calibration;
}

/** Seconds after which what was measured counts half. */
const HALF_LIFE = 15;

/** Work done per second, of late; the time in which nothing went on does not count. */
export class WorkRate {
  private done = 0;
  private seconds = 0;
  private last: { done: number; at: number; going: boolean } | null = null;

  /**
   * @param done all work done so far
   * @param going whether it goes on from here
   * @param now milliseconds
   */
  tell(done: number, going: boolean, now: number): void {
    if (this.last?.going) {
      const seconds = (now - this.last.at) / 1000;
      const fade = 0.5 ** (seconds / HALF_LIFE);
      this.done = this.done * fade + (done - this.last.done);
      this.seconds = this.seconds * fade + seconds;
    }
    this.last = { done, at: now, going };
  }

  /** Seconds until `work` more is done; null while it is not known. */
  secondsFor(work: number): number | null {
    return this.done > 0 && this.seconds > 0.5 ? (work * this.seconds) / this.done : null;
  }
}
