/** What views of Gram matrices are about: one matrix, or that of the style picture beside another. Plain data. */
import type { KernelClient } from "./context";
import { type FeaturesValue, type GramValue, mapsAlone } from "./features-value";
import type { GramMatrix } from "../nst/feature-maps";

/** What a Gram cell reads: maps, or a Gram matrix that was computed elsewhere. Null: a run that was not started. */
export type GramInput = FeaturesValue | GramValue | null | undefined;

/** The Gram matrix of what a cell reads, with the maps behind it where they are known. */
export async function gramOf(input: NonNullable<GramInput>, lab: KernelClient, signal: AbortSignal): Promise<GramValue> {
  if (!("height" in input)) return checked(input);
  return { ...(await lab.call("maps.gram", { maps: mapsAlone(input) }, { signal })), maps: input };
}

function checked(input: GramValue): GramValue {
  const { channels, data } = (input ?? {}) as Partial<GramMatrix>;
  if (!channels || data?.length !== channels * channels) throw new Error("This cell reads feature maps (of a features cell, or a tensor [h, w, n]) or a Gram matrix (a square tensor).");
  return input;
}

/** The colour that belongs to where maps come from: blue for the content picture, orange for the style picture, violet for what is made. */
export function colourOf(source: string | undefined): "content" | "style" | "picture" {
  return source === "content" || source === "style" ? source : "picture";
}
