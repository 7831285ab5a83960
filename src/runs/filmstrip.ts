import type { Frame } from "./kept-run";

/** Frames of a run at most. */
export const MOST_FRAMES = 48;

/**
 * The frames of one run as it goes. Where there are too many, those that leave the smallest gaps go, so that they are spread
 * evenly over any number of steps; the first and the newest stay.
 */
export class Filmstrip {
  #frames: Frame[];

  /** @param frames of a run that goes on: they may be known by their steps alone */
  constructor(frames: readonly Frame[] = []) {
    this.#frames = [...frames];
  }

  /** By step. */
  get frames(): readonly Frame[] {
    return this.#frames;
  }

  /** A frame of a later step than all; an earlier one takes the place of what came after it. */
  add(frame: Frame): void {
    this.#frames = [...this.#frames.filter(({ step }) => step < frame.step), frame];
    if (this.#frames.length <= MOST_FRAMES) return;
    const gaps = this.#frames.slice(1, -1).map((_, i) => this.#frames[i + 2].step - this.#frames[i].step);
    this.#frames.splice(1 + gaps.indexOf(Math.min(...gaps)), 1);
  }

  /** The run has gone back and takes another way from that step on. */
  goBack(step: number): void {
    this.#frames = this.#frames.filter((frame) => frame.step <= step);
  }

  /** Is another frame worth while, in a run of that many steps? Not more often than leaves them spread evenly in the end. */
  wants(step: number, steps: number): boolean {
    return step - (this.#frames.at(-1)?.step ?? -Infinity) >= Math.max(1, Math.ceil(steps / MOST_FRAMES));
  }
}
