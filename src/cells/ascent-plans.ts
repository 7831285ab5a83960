/** Which channels are drawn by gradient ascent, and how. Pure. */
import type { AscentConfig, NetworkSource } from "../kernel/protocol";
import { layerShapes } from "../nst/layer-shapes";
import { featureLayers } from "../nst/feature-layers";
import { kerasName } from "../nst/names";
import type { GrowthPlan } from "./growth";
import { type GrowthOptions, MOST_PICTURES, positive, readPooling, wholeNumber } from "./growth-plans";

export interface AscentOptions extends Omit<GrowthOptions, "layers"> {
  /** Keras' or the paper's name of a convolution; empty: the network's content layer */
  layer: string;
  /** numbers of channels, set apart by spaces */
  channel: string;
  /** side of the pictures in pixels */
  size: number;
  /** against the logarithm of the activation: see nst/ascent.ts */
  totalVariation: number;
}

/** One channel to be drawn. */
export interface AscentPlan extends GrowthPlan {
  channel: number;
  config: AscentConfig;
}

/**
 * One picture for each channel, all from the same noise. Keys are the channels.
 * @throws Error when the layer, a channel or another option will not do
 */
export function ascents(network: NetworkSource, options: AscentOptions): AscentPlan[] {
  const { card } = network;
  const { size, steps, learningRate, totalVariation, seed } = options;
  const layer = kerasName(options.layer.trim(), card) || card.defaults.contentLayer;
  wholeNumber("size", size, 16, 512, "pixels");
  wholeNumber("steps", steps, 1, 5000);
  wholeNumber("seed", seed, 0, 2 ** 31 - 1);
  positive("learning-rate", learningRate);
  if (!(totalVariation >= 0)) throw new Error(`total-variation is ${totalVariation}. It is a weight: 0 or more.`);
  const known = featureLayers(card).map(({ name }) => name);
  if (!known.includes(layer)) throw new Error(`${card.title} has no convolution “${layer}”. It has ${known.join(", ")}.`);
  const { width, height, channels: count } = layerShapes(card, size, size).get(layer)!;
  if (width < 1 || height < 1) throw new Error(`A picture of ${size} × ${size} px is too small for ${layer}: nothing of it is left there. Choose a larger size.`);
  const pooling = readPooling(options.pooling) ?? card.defaults.pooling;
  return readChannels(options.channel, count, layer).map((channel) => ({
    key: String(channel), channel, steps,
    config: { network, layer, channel, size, seed, steps, learningRate, totalVariation, pooling },
  }));
}

/**
 * Reads numbers of channels: "18", "0 1 2", "3, 7".
 * @param count channels of the layer
 * @throws Error when one is no channel of the layer, is named twice, or there are too many
 */
export function readChannels(text: string, count: number, layer: string): number[] {
  const words = text.split(/[\s,]+/).filter(Boolean);
  if (words.length === 0) throw new Error("No channel is named. Write the number of one, or of several with spaces between: 18, or 0 1 2.");
  if (words.length > MOST_PICTURES) throw new Error(`${words.length} channels are too many for a row of pictures: name ${MOST_PICTURES} at most.`);
  return words.map((word, i) => {
    const channel = Number(word);
    if (!Number.isInteger(channel) || channel < 0 || channel >= count) throw new Error(`${layer} has ${count} channels, 0 to ${count - 1}; “${word}” is none of them.`);
    if (words.indexOf(word) !== i) throw new Error(`Channel ${word} is named twice. Name it once.`);
    return channel;
  });
}

/** As many channels, moved on by as many as they are; from the end it goes on at the beginning. */
export function nextChannels(channels: readonly number[], count: number, direction: 1 | -1): number[] {
  const stride = direction * channels.length;
  return channels.map((channel) => (((channel + stride) % count) + count) % count);
}
