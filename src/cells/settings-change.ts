import type { OptimiserOptions } from "../nst/model-card";
import { paperName } from "../nst/names";
import type { LiveSettings } from "../nst/settings";
import { formatNumber } from "./numbers";

/** That the settings of a run were other ones from a step on. */
export interface MarkedChange {
  /** the first step that was taken with them begins at the picture after so many steps */
  step: number;
  /** "β 1 → 100, conv3_1 0.2 → 0" */
  text: string;
}

/** Optimisers as people call them. */
export const OPTIMISERS: Record<OptimiserOptions["kind"], string> = { adam: "Adam", descent: "plain descent", lbfgs: "L-BFGS" };

/**
 * What differs between settings that were in force one after the other, as far as it bears on the next step: weights,
 * layers and learning rate.
 */
export function describeChange(before: LiveSettings, after: LiveSettings): string {
  const parts: string[] = [];
  const number = (name: string, from: number, to: number) => {
    if (from !== to) parts.push(`${name} ${formatNumber(from)} → ${formatNumber(to)}`);
  };
  number("α · M", before.alphaTimesM, after.alphaTimesM);
  if (before.contentLayer !== after.contentLayer) parts.push(`content at ${after.contentLayer === null ? "no layer" : paperName(after.contentLayer)}`);
  number("β", before.beta, after.beta);
  const layers = new Set([...Object.keys(before.styleLayers), ...Object.keys(after.styleLayers)]);
  for (const layer of layers) number(paperName(layer), before.styleLayers[layer] ?? 0, after.styleLayers[layer] ?? 0);
  number("τ", before.totalVariation, after.totalVariation);
  if (before.optimiser.kind !== after.optimiser.kind) parts.push(`${OPTIMISERS[before.optimiser.kind]} → ${OPTIMISERS[after.optimiser.kind]}`);
  number("learning rate", before.optimiser.learningRate, after.optimiser.learningRate);
  if ((before.styleStatistic ?? "gram") !== (after.styleStatistic ?? "gram")) parts.push(`style by ${after.styleStatistic === "wasserstein" ? "Wasserstein distance" : "Gram matrices"}`);
  if ((before.totalVariationKind ?? "mean-squares") !== (after.totalVariationKind ?? "mean-squares")) parts.push("another total variation");
  if (before.contentTap !== after.contentTap) parts.push(`content read ${after.contentTap === undefined ? "where style is" : `${after.contentTap} its ReLU`}`);
  return parts.join(", ");
}

/**
 * The changes of a run that are worth a mark: each against the one before it, those that undo or change nothing left out.
 * Several at the same step are one.
 * @param changes in the order of their steps; the first are the settings of the start
 */
export function markedChanges(changes: readonly { step: number; settings: LiveSettings }[]): MarkedChange[] {
  const last = changes.filter(({ step }, i) => changes[i + 1]?.step !== step);
  return last.slice(1).flatMap(({ step, settings }, i) => {
    const text = describeChange(last[i].settings, settings);
    return text ? [{ step, text }] : [];
  });
}
