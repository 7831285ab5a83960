import { NOT_FITTED } from "../nst/fitted-defaults";
import type { ModelCard } from "../nst/model-card";
import { WeightsError } from "../nst/safetensors";
import { isConv, type KernelLayout } from "./architectures";
import { bytesOf, type CopyTensor, numbersOf } from "./smaller";

/** What a convolution's filters are divided by, and what the maps that it reads were divided by. */
export interface RescaleFactors {
  /** one a channel read; 1 for the picture's */
  read: Float32Array;
  /** one a filter */
  made: Float32Array;
}

/**
 * Least factor of a filter, as a share of its layer's mean activation. A filter that hardly answered to the pictures that were
 * measured would be made thousands of times as loud, and the first picture that it does answer to would drown in it:
 * measured on SqueezeNet 1.1 with six pictures, such filters raise the style cost of a layer by ten powers of ten.
 */
const LEAST_SHARE = 0.1;

/**
 * By what each filter is divided, so that its mean activation over pictures and positions becomes 1 (Gatys, Ecker &
 * Bethge 2016, section 2: "We normalized the network by scaling the weights such that the mean activation of each
 * convolutional filter over images and positions is equal to one"). ReLU, pooling and concatenation pass a positive
 * factor through unchanged, and the next convolution takes it back, so that every map stays the same up to its factor.
 * @param means mean activation of every filter after its ReLU, by convolution; measured with the pooling that will be used.
 * Of a filter below a tenth of its layer's mean (which a layer without ReLU may have below 0) that tenth is taken
 * @throws WeightsError when the means of a convolution are missing, too few, or not finite
 */
export function factors(card: ModelCard, means: Readonly<Record<string, Float32Array>>): Map<string, RescaleFactors> {
  const divided = new Map<string, Float32Array>([["", Float32Array.of(1, 1, 1)]]);
  const byLayer = new Map<string, RescaleFactors>();
  let before = "";
  for (const layer of card.layers) {
    const sources = (layer.input === undefined ? [before] : [layer.input].flat()).map((name) => divided.get(name)!);
    const read = Float32Array.from(sources.flatMap((source) => [...source]));
    if (isConv(layer)) {
      const mean = means[layer.name];
      if (mean?.length !== layer.channels || !mean.every(Number.isFinite)) throw new WeightsError(`The mean activations of ${layer.name} should be ${layer.channels} finite numbers; there ${mean ? `are ${mean.length}, or some are not finite` : "are none"}. Measure the network again.`);
      const least = LEAST_SHARE * (mean.reduce((sum, a) => sum + a, 0) / mean.length);
      const made = mean.map((a) => (least > 0 ? Math.max(a, least) : 1));
      byLayer.set(layer.name, { read, made });
      divided.set(layer.name, made);
    } else divided.set(layer.name, read);
    before = layer.name;
  }
  return byLayer;
}

/**
 * One tensor of the rescaled network: W[o, i] · read[i] / made[o] of a kernel, b[o] / made[o] of a bias.
 * @param tensor of 16 or 32 bits
 * @returns in 32 bits: factors may lie orders of magnitude apart
 */
export function rescale(tensor: CopyTensor, kernelLayout: KernelLayout, byLayer: ReadonlyMap<string, RescaleFactors>): CopyTensor {
  const { key, shape } = tensor;
  const [, layer, part] = /^(.*)\.(kernel|bias)$/.exec(key) ?? [];
  const factor = byLayer.get(layer);
  if (!factor) throw new WeightsError(`“${key}” belongs to no convolution of the card.`);
  const { read, made } = factor;
  const numbers = numbersOf(tensor);
  if (part === "bias") numbers.forEach((b, o) => (numbers[o] = b / made[o]));
  else {
    const positions = numbers.length / (read.length * made.length);
    const hwio = kernelLayout === "HWIO";
    for (let n = 0; n < numbers.length; n++) {
      const o = hwio ? n % made.length : Math.floor(n / (positions * read.length));
      const i = hwio ? Math.floor(n / made.length) % read.length : Math.floor(n / positions) % read.length;
      numbers[n] = (numbers[n] * read[i]) / made[o];
    }
  }
  return { key, format: "F32", shape, bytes: bytesOf(numbers) };
}

/**
 * The card of the rescaled copy: id and title say so, pooling is average as in the paper. Weights are those that suit
 * activations of about 1, because content grows with their square and style with their fourth power.
 */
export function rescaledCard(card: ModelCard): ModelCard {
  const { file, kernelLayout } = card.weights;
  const styleLayers = Object.keys(card.defaults.styleLayers);
  return {
    ...card,
    id: `${card.id}-rescaled`,
    title: `${card.title}, as in the paper`,
    weights: { file, kernelLayout, dtype: "F32" },
    defaults: { ...card.defaults, pooling: "average", styleLayers: Object.fromEntries(styleLayers.map((name) => [name, 1 / styleLayers.length])), beta: 1, alphaTimesM: 1e-4, totalVariation: 1 },
    notes: { ...card.notes, rescaled: "Filters are scaled so that the mean activation of each over pictures and positions is 1; filters that hardly answer by less.", settings: NOT_FITTED },
  };
}
