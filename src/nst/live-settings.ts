import type { LiveSettings } from "./settings";

/**
 * The settings that can change while a run is going, out of any that hold them. What is left to its default is there as
 * undefined, so that it takes the place of what was said before.
 */
export function liveSettings({ contentLayer, styleLayers, alphaTimesM, beta, totalVariation, steps, optimiser, contentTap, totalVariationKind, styleStatistic }: LiveSettings): LiveSettings {
  return { contentLayer, styleLayers, alphaTimesM, beta, totalVariation, steps, optimiser, contentTap, totalVariationKind, styleStatistic };
}
