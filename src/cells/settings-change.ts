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
  number("learning rate", before.optimiser.learningRate, after.optimiser.learningRate);
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
