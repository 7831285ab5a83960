/** The way of one pixel through a run, and what pulled it along. Pure. */
import type { PixelSteps, ReplayItem } from "../kernel/protocol";
import type { Pixel } from "./follow-lattice";

/** Red, green, blue. */
export const CHANNELS = ["red", "green", "blue"] as const;
export type Channel = 0 | 1 | 2;

/** Differences below this are rounding: float32 knows numbers near 1 to 6e-8, and a step adds up a handful of them. */
export const ROUNDING = 1e-6;

/** One pixel from step 0 on. */
export interface PixelPath extends Pixel {
  /** steps followed */
  steps: number;
  /** content, style layers, tv: all that were in J at any step */
  terms: readonly string[];
  /** [(steps + 1)·3]: the pixel's colour after 0, 1, … steps, in [0, 1] */
  colours: Float32Array;
  /** [steps·terms·3]: what each term has added to the colour in each step */
  pulls: Float32Array;
  /** [steps·3]: after − before − Σ pulls: what clipping to [0, 1] took back, and rounding */
  clip: Float32Array;
}

/** Collects what a replay tells of some pixels, step by step. */
export class FollowedPixels {
  /** steps done */
  steps = 0;
  private terms: readonly string[] = [];
  private readonly told: PixelSteps[] = [];

  constructor(readonly pixels: readonly Pixel[]) {}

  /** @throws RangeError if a step is missing before this one */
  take({ step, pixels }: Pick<ReplayItem, "step" | "pixels">): void {
    // the first item is the picture that everything begins with
    if (!pixels) return;
    if (step !== this.steps + 1) throw new RangeError(`Step ${step} cannot follow step ${this.steps}: the pixels would have jumped.`);
    this.told.push(pixels);
    this.steps = step;
    this.terms = pixels.terms;
  }

  /** @param index of a pixel, in the order given at first */
  path(index: number): PixelPath {
    const { told, terms, steps } = this;
    const path: PixelPath = {
      ...this.pixels[index], steps, terms,
      colours: new Float32Array((steps + 1) * 3), pulls: new Float32Array(steps * terms.length * 3), clip: new Float32Array(steps * 3),
    };
    told.forEach((step, s) => {
      if (s === 0) path.colours.set(step.before.subarray(index * 3, index * 3 + 3));
      path.colours.set(step.after.subarray(index * 3, index * 3 + 3), (s + 1) * 3);
      path.clip.set(step.clip.subarray(index * 3, index * 3 + 3), s * 3);
      const numbers = terms.length * 3;
      path.pulls.set(step.pulls.subarray(index * numbers, (index + 1) * numbers), s * numbers);
    });
    return path;
  }
}

/** A step of one channel, written out. */
export interface StepSum {
  before: number;
  /** by term, in the path's order */
  pulls: number[];
  clip: number;
  after: number;
  /** before + Σ pulls: where the step would have led without the clip */
  unclipped: number;
  /** whether the clip took something back; else what it holds is rounding */
  clipped: boolean;
  /** after − (before + Σ pulls + clip), with each added up exactly: what float32 could not hold */
  rest: number;
}

/** @param step 1 for the first */
export function stepSum({ terms, colours, pulls, clip }: PixelPath, step: number, channel: Channel): StepSum {
  const at = step - 1;
  const [before, after] = [colours[at * 3 + channel], colours[step * 3 + channel]];
  const parts = terms.map((_, t) => pulls[(at * terms.length + t) * 3 + channel]);
  const back = clip[at * 3 + channel];
  const unclipped = parts.reduce((sum, part) => sum + part, before);
  return { before, pulls: parts, clip: back, after, unclipped, clipped: Math.abs(back) > ROUNDING, rest: after - (unclipped + back) };
}

/** The value of a cell that follows a pixel, as far as it is of the path. All numbers count the three channels together. */
export interface PathNumbers {
  /** how far the colour went in all, step by step: the sum of the lengths of its moves in RGB, each channel from 0 to 1 */
  length: number;
  /** how far from its first colour it ended */
  distance: number;
  /** steps in which the clip took something back, in at least one channel */
  clipped: number;
  /** of all that was pulled, Σ |pull|, the share of each: content, style (all layers), tv, and each layer by its name. Together 1 without the layers */
  share: Record<string, number>;
  /** 1 − |Σ pulls of content and style| / (|Σ content| + |Σ style|), step by step, averaged by weight: how much of the two pulls cancels. 0: they agree, 1: they undo each other */
  against: number;
  /** of the first step: Σ |pull| over |Σ pull|, each summed over the channels: how much longer the pulls are than what they add up to. At least 1 */
  first: number;
}

export function pathNumbers(path: PixelPath): PathNumbers {
  const { steps, terms, colours, pulls, clip } = path;
  let [length, clipped, both, left, all, first] = [0, 0, 0, 0, 0, 0];
  const sums = new Float64Array(terms.length);
  for (let s = 0; s < steps; s++) {
    length += Math.hypot(...[0, 1, 2].map((c) => colours[(s + 1) * 3 + c] - colours[s * 3 + c]));
    if ([0, 1, 2].some((c) => Math.abs(clip[s * 3 + c]) > ROUNDING)) clipped++;
    for (let c = 0; c < 3; c++) {
      let [content, style, sum] = [0, 0, 0];
      terms.forEach((term, t) => {
        const pull = pulls[(s * terms.length + t) * 3 + c];
        sums[t] += Math.abs(pull);
        all += Math.abs(pull);
        sum += pull;
        if (term === "content") content += pull;
        else if (term !== "tv") style += pull;
      });
      both += Math.abs(content) + Math.abs(style);
      left += Math.abs(content + style);
      if (s === 0) first += Math.abs(sum);
    }
    if (s === 0) first = first > 0 ? all / first : 1;
  }
  const share: Record<string, number> = { content: 0, style: 0, tv: 0 };
  terms.forEach((term, t) => {
    const part = all > 0 ? sums[t] / all : 0;
    share[term] = part;
    if (term !== "content" && term !== "tv") share["style"] += part;
  });
  return { length, distance: Math.hypot(...[0, 1, 2].map((c) => colours[steps * 3 + c] - colours[c])), clipped, share, against: both > 0 ? 1 - left / both : 0, first };
}

/** Side of the plane that a colour which hardly moves is shown in: it is not enlarged beyond that. */
const SMALLEST = 0.05;

/** The square that holds the whole way of two channels, with some air. @returns its left and lower end and its side */
export function planeFrame(colours: Float32Array, steps: number, across: Channel, up: Channel): [left: number, bottom: number, extent: number] {
  const range = (channel: Channel) => {
    let [low, high] = [Infinity, -Infinity];
    for (let step = 0; step <= steps; step++) {
      low = Math.min(low, colours[step * 3 + channel]);
      high = Math.max(high, colours[step * 3 + channel]);
    }
    return [low, high];
  };
  const [[left, right], [bottom, top]] = [range(across), range(up)];
  const extent = Math.max(SMALLEST, right - left, top - bottom) * 1.3;
  return [(left + right - extent) / 2, (bottom + top - extent) / 2, extent];
}
