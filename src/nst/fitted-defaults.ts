import type { TransferDefaults } from "./model-card";

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
  const short = (value: number) => Number(value.toPrecision(3));
  return {
    ...defaults,
    styleLayers: Object.fromEntries(weights.map(([layer, weight]) => [layer, short(weight / sum)])),
    beta: short(defaults.beta * sum),
    alphaTimesM: short(defaults.alphaTimesM / meanOf(defaults.contentLayer) ** 2),
  };
}
