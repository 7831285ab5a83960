import type { AdamOptions, ModelCard, OptimiserOptions } from "./model-card";

/**
 * The Adam of some settings: theirs, or the one that the network's card recommends where they use another optimiser. For
 * views that explain a move of Adam on any picture.
 */
export function adamOptions(optimiser: OptimiserOptions, card: Pick<ModelCard, "defaults">): AdamOptions {
  return optimiser.kind === "adam" ? optimiser : card.defaults.optimiser;
}
