import type { TransferDefaults } from "./model-card";

/** What a card's notes say of settings that stand for networks of its kind, not for these weights. */
export const NOT_FITTED = "Published for networks of this kind, not measured on these weights.";
/** … and of settings from `defaultsBeside`. */
export const FITTED = "Fitted to these weights: at the start of a run with two sample pictures, every term of the cost is as large as it is on the network that comes with the workbench.";

/**
 * Settings for a network whose activations have a size of their own, from settings for one that answers with about 1
 * everywhere (filters rescaled as in Gatys et al. 2015). E_l grows with the fourth power of the activations of its
 * layer and the content cost with their square, so that weights divided by these leave every term what it was. The style
 * weights still add up to 1; β takes what they lose or gain.
 * @param means mean activation of each layer that the settings name, after its ReLU, above 0
 * @throws Error naming a layer without a mean
 */
export function fittedDefaults(defaults: TransferDefaults, means: Readonly<Record<string, number>>): TransferDefaults {
  const meanOf = (layer: string): number => {
    const mean = means[layer];
    if (!(mean > 0)) throw new Error(`The mean activation of ${layer} is ${mean}: settings cannot be fitted to it.`);
    return mean;
  };
  const weights = Object.entries(defaults.styleLayers).map(([layer, weight]) => [layer, weight / meanOf(layer) ** 4] as const);
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  return {
    ...defaults,
    styleLayers: Object.fromEntries(weights.map(([layer, weight]) => [layer, short(weight / sum)])),
    beta: short(defaults.beta * sum),
    alphaTimesM: short(defaults.alphaTimesM / meanOf(defaults.contentLayer) ** 2),
  };
}

/** Unweighted costs at the start of a run with a given pair of pictures. */
export interface StartingCosts {
  /** content cost of a picture of one even colour: ½ Σ (F − P)², over all units */
  content: number;
  /** positions of the content layer, M */
  positions: number;
  /** E_l of the content picture, by style layer */
  style: Readonly<Record<string, number>>;
}

/**
 * Settings for a network by the side of one whose settings are known to be good: every term weighs as much at the start.
 * A style layer that both have gets what it has there; where layers have other names, all share the whole alike. Total
 * variation, which no network changes, stays as it is there.
 * @param own layers, pooling, size and steps of the network itself
 * @param costs of the network, with the same pictures as `model.costs`
 * @returns null where a term is 0 or not finite: nothing can be fitted to it
 */
export function defaultsBeside(own: TransferDefaults, costs: StartingCosts, model: { defaults: TransferDefaults; costs: StartingCosts }): TransferDefaults | null {
  const layers = Object.keys(own.styleLayers);
  const theirs = Object.entries(model.defaults.styleLayers).map(([layer, weight]) => [layer, model.defaults.beta * weight * model.costs.style[layer]] as const);
  const shares = new Map(theirs);
  const even = theirs.reduce((sum, [, share]) => sum + share, 0) / layers.length;
  const named = layers.every((layer) => shares.has(layer)) && shares.size === layers.length;
  const betas = layers.map((layer) => (named ? shares.get(layer)! : even) / costs.style[layer]);
  const beta = betas.reduce((sum, one) => sum + one, 0);
  const alphaTimesM = (model.defaults.alphaTimesM * (model.costs.content / model.costs.positions)) / (costs.content / costs.positions);
  if (![...betas, alphaTimesM].every((weight) => weight > 0 && Number.isFinite(weight))) return null;
  return {
    ...own,
    styleLayers: Object.fromEntries(layers.map((layer, i) => [layer, short(betas[i] / beta)])),
    beta: short(beta),
    alphaTimesM: short(alphaTimesM),
    totalVariation: model.defaults.totalVariation,
  };
}

const short = (value: number): number => Number(value.toPrecision(3));
