/** One step of descent on a picture, as numbers. No DOM in here. */
import type { AdamOptions } from "../nst/model-card";
import type { Picture } from "../nst/picture";

/**
 * "gradient": picture − η · gradient. "adam": the first step of Adam (Kingma & Ba 2015), whose moments hold this one gradient
 * alone, so that each value moves by η whatever the size of its gradient.
 */
export type DescentMethod = "gradient" | "adam";

/**
 * What a step subtracts from the picture, for a rate of 1.
 * @param gradient [h · w · 3]
 * @param floor see adamFloor
 */
export function descentDirection(gradient: Float32Array, method: DescentMethod, floor: number): Float32Array {
  return method === "gradient" ? gradient : gradient.map((part) => part / (Math.abs(part) + floor));
}

/**
 * What Adam's first step adds to the size of a number of the gradient before it divides by it: ε over √(1 − β₂), with ε placed
 * as the options say (see nst/adam.ts). A number not much larger than this moves its value by less than the rate.
 */
export function adamFloor({ epsilon, beta2, epsilonPlace }: AdamOptions): number {
  return epsilonPlace === "pytorch" ? epsilon : epsilon / Math.sqrt(1 - beta2);
}

/** gradient · direction: how fast J falls with the rate, at first. */
export function slope(gradient: Float32Array, direction: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < gradient.length; i++) sum += gradient[i] * direction[i];
  return sum;
}

export interface Stepped {
  /** clipped to [0, 1] */
  picture: Picture;
  /** how many of its 3 · w · h values had left [0, 1] */
  clipped: number;
}

/** picture − rate · direction, brought back into [0, 1]. */
export function stepped(picture: Picture, direction: Float32Array, rate: number): Stepped {
  const data = new Float32Array(direction.length);
  let clipped = 0;
  for (let i = 0; i < data.length; i++) {
    const value = picture.data[i] - rate * direction[i];
    if (value < 0 || value > 1) clipped++;
    data[i] = value < 0 ? 0 : value > 1 ? 1 : value;
  }
  return { picture: { width: picture.width, height: picture.height, data }, clipped };
}

/** Rates that are tried, as shares of the one at which the tangent reaches 0. */
const [LOWEST, HIGHEST] = [1e-2, 10];
/** How many of them. */
const TRIED = 12;

export interface Rates {
  /** ends of the slider */
  low: number;
  high: number;
  /** evenly spaced in the logarithm, ends included */
  tried: number[];
  /** to begin with: the slope is still nearly the tangent's there */
  usual: number;
}

/**
 * Rates worth trying. The tangent J − η · slope reaches 0 at η = J / slope; a little before, the cost of what it does not see
 * begins.
 * @param cost J, above 0
 * @param slope gradient · direction, above 0
 */
export function ratesFor(cost: number, slope: number): Rates {
  const zero = cost / slope;
  const [low, high] = [power(zero * LOWEST, "down"), power(zero * HIGHEST, "up")];
  const tried = Array.from({ length: TRIED }, (_, i) => Number((low * (high / low) ** (i / (TRIED - 1))).toPrecision(3)));
  return { low, high, tried, usual: Number((zero / 20).toPrecision(1)) };
}

/** The nearest of 1, 2, 5 · 10ⁿ beyond a number. */
function power(value: number, way: "up" | "down"): number {
  const base = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 2, 5, 10].map((factor) => factor * base);
  const found = way === "up" ? steps.find((step) => step >= value * (1 - 1e-9))! : steps.findLast((step) => step <= value * (1 + 1e-9))!;
  return Number(found.toPrecision(1));
}
