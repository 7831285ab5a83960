import type { LiveSettings } from "./settings";

/** The settings that can change while a run is going, out of any that hold them. */
export function liveSettings({ contentLayer, styleLayers, alphaTimesM, beta, totalVariation, steps, optimiser }: LiveSettings): LiveSettings {
  return { contentLayer, styleLayers, alphaTimesM, beta, totalVariation, steps, optimiser };
}
