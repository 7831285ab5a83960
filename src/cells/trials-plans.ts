/** The same transfer several times over, with one thing different: from another start, at another learning rate. Pure. */
import type { NetworkSource, RunConfig } from "../kernel/protocol";
import type { Picture } from "../nst/picture";
import type { Initialisation, TransferSettings } from "../nst/settings";
import type { GrowthPlan } from "./growth";
import { fitted, MOST_PICTURES, positive, wholeNumber } from "./growth-plans";
import { formatNumber } from "./numbers";

/** One of several runs that differ in one thing. */
export interface Trial {
  /** by which its numbers are asked for: "noise", "r2" */
  key: string;
  /** beneath its picture */
  title: string;
  /** within a sentence: "the run from noise" */
  explain: string;
  /** where its picture will be, before there is one */
  hint: string;
  changes: Partial<TransferSettings>;
}

export type TrialPlan = GrowthPlan & Omit<Trial, "changes"> & { config: RunConfig };

export interface TrialOptions {
  /** longer side in pixels; smaller pictures are not enlarged */
  size: number;
  steps: number;
  seed: number;
}

const STARTS: Record<Initialisation["kind"], string> = { content: "the content picture", noise: "noise", style: "the style picture", blend: "half noise, half content" };

/**
 * One trial for each named start: "content noise style blend".
 * @throws Error when a start is not known, one is named twice, or there are too many
 */
export function startTrials(text: string): Trial[] {
  return words("starts", text).map((kind) => {
    if (!Object.hasOwn(STARTS, kind)) throw new Error(`starts: there is no start “${kind}”. There are: ${Object.keys(STARTS).join(", ")}.`);
    const start = STARTS[kind as Initialisation["kind"]];
    const initialisation = (kind === "blend" ? { kind, noise: 0.5 } : { kind }) as Initialisation;
    return { key: kind, title: `from ${kind === "blend" ? "a blend" : kind}`, explain: `the run from ${start}`, hint: `from ${start}`, changes: { initialisation } };
  });
}

/**
 * One trial for each learning rate, with the keys r1, r2, …
 * @throws Error when one is no number above 0, is named twice, or there are too many
 */
export function rateTrials(text: string, { optimiser }: Pick<TransferSettings, "optimiser">): Trial[] {
  return words("rates", text).map((word, i) => {
    const learningRate = Number(word);
    positive("A learning rate in rates", learningRate);
    const title = `rate ${formatNumber(learningRate)}`;
    return { key: `r${i + 1}`, title, explain: `the run with the learning ${title}`, hint: title, changes: { optimiser: { ...optimiser, learningRate } } };
  });
}

/**
 * A run for each trial: the same pictures, the same seed, the settings with the trial's changes.
 * @throws Error naming the option that will not do
 */
export function trialPlans(network: NetworkSource, content: Picture, style: Picture, settings: TransferSettings, trials: readonly Trial[], { size, steps, seed }: TrialOptions): TrialPlan[] {
  wholeNumber("size", size, 32, 512, "pixels");
  wholeNumber("steps", steps, 1, 5000, "steps");
  wholeNumber("seed", seed, 0, 2 ** 31 - 1);
  const pictures = { content: fitted(content, size), style: fitted(style, size) };
  return trials.map(({ changes, ...trial }) => ({ ...trial, steps, config: { network, ...pictures, settings: { ...settings, seed, size, steps, ...changes } } }));
}

/** Share of a picture's values that stand at 0 or at 1, where the clip has put them or holds them. */
export function atTheEnds({ data }: Picture): number {
  return data.reduce((count, value) => count + (value <= 0 || value >= 1 ? 1 : 0), 0) / data.length;
}

/** How different two pictures of one size are: the root of the mean squared difference of their values, 0 to 1. */
export function distance(a: Picture, b: Picture): number {
  return Math.sqrt(a.data.reduce((sum, value, i) => sum + (value - b.data[i]) ** 2, 0) / a.data.length);
}

/** Share of the steps, from the second half on, after which a cost was higher than before them; null while there are not enough. */
export function rises(costs: ArrayLike<number>): number | null {
  const from = Math.ceil(costs.length / 2);
  const steps = costs.length - from;
  if (from < 1 || steps < 1) return null;
  let count = 0;
  for (let i = from; i < costs.length; i++) if (costs[i] > costs[i - 1]) count++;
  return count / steps;
}

function words(attribute: string, text: string): string[] {
  const named = text.split(/[\s,]+/).filter(Boolean);
  if (named.length === 0) throw new Error(`${attribute} is empty. Name at least one.`);
  const twice = named.find((word, i) => named.indexOf(word) !== i);
  if (twice) throw new Error(`${attribute}: “${twice}” is named twice. Name it once.`);
  if (named.length > MOST_PICTURES) throw new Error(`${attribute}: ${named.length} are too many for a row of pictures. Name ${MOST_PICTURES} at most.`);
  return named;
}
