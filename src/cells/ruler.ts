/**
 * A ruler for results: the same for all runs, whatever each weighed for itself. It reads one network at that network's own
 * layers, and says how far a picture is from the content picture and, layer by layer, from the style picture. Pure.
 */
import type { Measure, NetworkSource } from "../kernel/protocol";
import type { Picture } from "../nst/picture";
import type { TransferSettings } from "../nst/settings";

export interface Ruler {
  /** all that its numbers depend on besides the pictures */
  id: string;
  network: NetworkSource;
  contentLayer: string;
  /** in the network's order */
  styleLayers: string[];
}

/** Counted up when the same name would stand for other numbers. */
const VERSION = 2;

/** The ruler of a network: it reads the layers that the network recommends. */
export function rulerOf(network: NetworkSource): Ruler {
  const { card, random } = network;
  const { contentLayer, styleLayers } = card.defaults;
  const { channels, range, mean, scale } = card.input;
  const layers = card.layers.map(({ name }) => name).filter((name) => name in styleLayers);
  const weights = random === undefined ? (card.weights.sha256 ?? "").slice(0, 8) : `random ${random}`;
  return { id: [`ruler ${VERSION}`, card.id, weights, [channels, range, mean, scale].flat().join(","), contentLayer, ...layers].join(" "), network, contentLayer, styleLayers: layers };
}

/** What the measuring is told. Only values are read of it, so that no weight matters. */
export function rulerSettings({ network: { card }, contentLayer, styleLayers }: Ruler): TransferSettings {
  const { pooling, size, steps, optimiser } = card.defaults;
  return {
    pooling, contentLayer, styleLayers: Object.fromEntries(styleLayers.map((layer) => [layer, 1])), tap: "after", alphaTimesM: 1, beta: 1,
    totalVariation: 0, initialisation: { kind: "content" }, seed: 0, size, steps, optimiser,
  };
}

/** A picture of one even colour, the mean of the given one's: it shows nothing. */
export function evenPicture({ width, height, data }: Picture): Picture {
  const sums = [0, 0, 0];
  for (let i = 0; i < data.length; i++) sums[i % 3] += data[i];
  const mean = sums.map((sum) => sum / (width * height));
  return { width, height, data: Float32Array.from(data, (_, i) => mean[i % 3]) };
}

/** The ends of the ruler: unweighted values by term, "content" and the style layers. */
export type Values = Record<string, number>;

export const valuesOf = ({ terms }: Pick<Measure, "terms">): Values => Object.fromEntries(terms.map(({ name, value }) => [name, value]));

/**
 * Distances on the ruler. `content`: ½ Σ (F − P)², 0 for the content picture itself, 1 as far from it as an even colour.
 * Each style layer: E_l, 0 for the style picture's Gram matrix, 1 as far from it as the content picture. `style`: the mean
 * of the layers, each counting alike. NaN where the two ends of the ruler are one.
 * @param found of the picture
 * @param content of the content picture
 * @param even of `evenPicture`
 */
export function rulerNumbers({ styleLayers }: Pick<Ruler, "styleLayers">, found: Values, content: Values, even: Values): Record<string, number> {
  const layers = styleLayers.map((layer) => [layer, share(found[layer], content[layer])] as const);
  const known = layers.map(([, value]) => value).filter(Number.isFinite);
  const style = known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : NaN;
  return { content: share(found["content"], even["content"]), style, ...Object.fromEntries(layers) };
}

const share = (value: number, whole: number): number => (whole > 0 ? value / whole : NaN);
