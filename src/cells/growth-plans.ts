/** What is to be grown: from which layers, at which size, with which settings. Pure. */
import type { NetworkSource, RunConfig } from "../kernel/protocol";
import { kerasName, paperName } from "../nst/names";
import type { ModelCard } from "../nst/model-card";
import type { Picture } from "../nst/picture";
import { positions } from "../nst/positions";
import { resize } from "../nst/resize";
import type { Pooling, TransferSettings } from "../nst/settings";
import type { GrowthPlan } from "./growth";
import { blockLayers } from "./layer-choice";

/** More pictures than this cannot be told apart in a row. */
export const MOST_PICTURES = 6;

export interface GrowthOptions {
  /** names of layers, Keras' or the paper's, set apart by spaces; empty: the first convolution of every block */
  layers: string;
  /** longer side in pixels; a smaller picture is not enlarged */
  size: number;
  steps: number;
  /** in units of pixels in [0, 1] */
  learningRate: number;
  /** in units of what the network's card recommends for a transfer */
  totalVariation: number;
  /** empty: as the network's card says */
  pooling: string;
  /** of the noise that every picture starts from */
  seed: number;
}

/** One picture to be grown by a run. */
export interface RunPlan extends GrowthPlan {
  /** as short as a caption under a small picture has to be: "conv1_1", "+ conv3_1" for a set that has this layer more than the one before */
  title: string;
  /** Keras names of the layers that it is grown from */
  layers: string[];
  /** the column of the run's costs that is followed */
  column: "content" | "style";
  config: RunConfig;
}

/**
 * The upper row of Figure 1 of Gatys et al. 2015: one picture for each layer, every one minimising the content cost of
 * that layer alone, all from the same noise. Keys are the layers.
 * @throws Error when a layer, the size or another option will not do
 */
export function reconstructions(network: NetworkSource, content: Picture, options: GrowthOptions): RunPlan[] {
  const { picture, layers, settings } = common(network, content, options);
  return layers.map((layer) => ({
    key: layer, title: paperName(layer), layers: [layer], column: "content", steps: options.steps,
    config: { network, content: picture, style: picture, settings: { ...settings, contentLayer: layer, styleLayers: {} } },
  }));
}

/**
 * The lower row of that figure: one picture for each set of layers, the first alone, then the first two, and so on; every
 * one minimises the style cost of its set, whose layers count alike. Keys are the deepest layers of the sets.
 * @throws Error when a layer, the size or another option will not do
 */
export function textures(network: NetworkSource, style: Picture, options: GrowthOptions): RunPlan[] {
  const { picture, layers, settings } = common(network, style, options);
  return layers.map((layer, i) => {
    const set = layers.slice(0, i + 1);
    return {
      key: layer, title: `${i > 0 ? "+ " : ""}${paperName(layer)}`, layers: set, column: "style", steps: options.steps,
      config: { network, content: picture, style: picture, settings: { ...settings, contentLayer: null, styleLayers: Object.fromEntries(set.map((one) => [one, 1 / set.length])) } },
    };
  });
}

/** What all pictures of a row share. */
function common(network: NetworkSource, from: Picture, options: GrowthOptions) {
  const { card } = network;
  const { size, steps, learningRate, totalVariation, seed } = options;
  wholeNumber("size", size, 16, 512, "pixels");
  wholeNumber("steps", steps, 1, 5000, "steps");
  wholeNumber("seed", seed, 0, 2 ** 31 - 1);
  positive("learning-rate", learningRate);
  if (!(totalVariation >= 0)) throw new Error(`total-variation is ${totalVariation}. It is a weight: 0 or more.`);
  const usual = card.defaults;
  const settings: TransferSettings = {
    ...usual, pooling: readPooling(options.pooling) ?? usual.pooling, tap: "after", initialisation: { kind: "noise" }, seed, size, steps,
    totalVariation: totalVariation * usual.totalVariation,
    optimiser: { ...usual.optimiser, learningRate },
  };
  const picture = fitted(from, size);
  const layers = readLayers(card, options.layers);
  for (const layer of layers) {
    if (positions(card, layer, picture.width, picture.height) < 1) throw new Error(`${picture.width} × ${picture.height} px are too few for ${layer}: nothing of the picture is left there. Choose a larger size, or layers that are less deep.`);
  }
  return { picture, layers, settings };
}

/** A picture whose longer side is at most `size` pixels; itself, if it is no larger. */
export function fitted(picture: Picture, size: number): Picture {
  const scale = size / Math.max(picture.width, picture.height);
  if (scale >= 1) return picture;
  return resize(picture, Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)));
}

/**
 * Names of layers as the network knows them.
 * @throws Error when there is no such layer, one is named twice, or there are too many
 */
export function readLayers(card: ModelCard, text: string): string[] {
  const named = text.split(/[\s,]+/).filter(Boolean).map((name) => kerasName(name, card));
  if (named.length === 0) return blockLayers(card).slice(0, MOST_PICTURES).map(({ name }) => name);
  for (const [i, layer] of named.entries()) {
    if (!card.layers.some(({ name }) => name === layer)) throw new Error(`${card.title} has no layer “${layer}”. It has ${card.layers.map(({ name }) => name).join(", ")}.`);
    if (named.indexOf(layer) !== i) throw new Error(`The layer “${layer}” is named twice. Name it once.`);
  }
  if (named.length > MOST_PICTURES) throw new Error(`${named.length} layers are too many for a row of pictures: name ${MOST_PICTURES} at most.`);
  return named;
}

/** @throws Error when it is neither */
export function readPooling(text: string): Pooling | undefined {
  if (text === "" || text === "average" || text === "maximum") return text || undefined;
  throw new Error(`pooling is “${text}”. Write “average” or “maximum”, or leave it out.`);
}

/** @throws Error naming the option, when it is no whole number in the range */
export function wholeNumber(name: string, value: number, low: number, high: number, unit = ""): void {
  if (!Number.isInteger(value) || value < low || value > high) throw new Error(`${name} is ${value}. Choose a whole number from ${low} to ${high}${unit && ` ${unit}`}.`);
}

/** @throws Error naming the option, when it is not greater than 0 */
export function positive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw new Error(`${name} is ${value}. Choose a number greater than 0.`);
}
