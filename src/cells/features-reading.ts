/** How a view reads a layer: what can be changed about it, and how that is said. Pure. */
import type { FeatureRequest } from "../kernel/protocol";
import type { InputSpec, ModelCard } from "../nst/model-card";
import type { Pooling } from "../nst/settings";

/** What is done to the pixels before the first layer; all but "on" are mistakes, to be seen. */
export type Preprocessing = "on" | "no mean" | "swapped" | "off";

export const PREPROCESSING: readonly { value: Preprocessing; text: string }[] = [
  { value: "on", text: "as the network was trained" },
  { value: "no mean", text: "mean not subtracted" },
  { value: "swapped", text: "red and blue exchanged" },
  { value: "off", text: "mean not subtracted, red and blue exchanged" },
];

export interface Reading {
  /** "" for the card's recommendation */
  pooling: Pooling | "";
  tap: "after" | "before";
  preprocessing: Preprocessing;
}

/** What the lab is asked for; what is left out is as the card says. */
export type ReadingOptions = Pick<FeatureRequest, "pooling" | "tap" | "input">;

/**
 * What to ask the lab for, so that a layer is read this way; what is as the network's card says is left out.
 *
 * "swapped" feeds red where the network expects blue: the means stay where they were, as in the mistake that people make.
 * @throws Error with what can be written instead, for words that an attribute may hold but that mean nothing
 */
export function readingOptions(card: ModelCard, { pooling, tap, preprocessing }: Reading): ReadingOptions {
  if (!["", "average", "maximum"].includes(pooling)) throw new Error(`pooling="${pooling}" should be "average" or "maximum".`);
  if (!["after", "before"].includes(tap)) throw new Error(`tap="${tap}" should be "after" or "before" (the ReLU).`);
  const input = inputAs(card.input, preprocessing);
  return {
    ...(pooling && pooling !== card.defaults.pooling ? { pooling } : {}),
    ...(tap === "before" ? { tap } : {}),
    ...(input ? { input } : {}),
  };
}

function inputAs(input: InputSpec, preprocessing: Preprocessing): InputSpec | null {
  const swapped = { channels: input.channels === "RGB" ? ("BGR" as const) : ("RGB" as const) };
  const noMean = { mean: [0, 0, 0] as [number, number, number] };
  switch (preprocessing) {
    case "on":
      return null;
    case "no mean":
      return { ...input, ...noMean };
    case "swapped":
      return { ...input, ...swapped };
    case "off":
      return { ...input, ...swapped, ...noMean };
    default:
      throw new Error(`preprocessing="${String(preprocessing)}" should be one of ${PREPROCESSING.map(({ value }) => `"${value}"`).join(", ")}.`);
  }
}

/** What differs from the network's recommendation, in words: ["before the ReLU", "mean not subtracted"]. */
export function readingWords({ input, defaults }: ModelCard, options: ReadingOptions): string[] {
  const swapped = options.input !== undefined && options.input.channels !== input.channels;
  const noMean = options.input !== undefined && options.input.mean.some((mean, i) => mean !== input.mean[i]);
  return [
    ...(options.tap === "before" ? ["before the ReLU"] : []),
    ...(options.pooling && options.pooling !== defaults.pooling ? [`${options.pooling} pooling`] : []),
    ...(noMean ? ["mean not subtracted"] : []),
    ...(swapped ? ["red and blue exchanged"] : []),
  ];
}
