import { fittedDefaults } from "./fitted-defaults";
import type { LayerSpec, ModelCard, TransferDefaults } from "./model-card";

/** Filters of a fire module: of the squeezing 1×1 convolution, and of the two that expand again. */
export interface FireWidths {
  squeeze: number;
  expand1x1: number;
  expand3x3: number;
}

/** Filters of `conv1` and of the modules `fire2` … `fire9`, in this order. */
export interface SqueezeNetWidths {
  conv1: number;
  fires: readonly FireWidths[];
}

export type SqueezeNetVersion = "1.0" | "1.1";

/** What tells the versions apart: the first convolution, and behind which modules pools stand (0: behind `conv1`). */
const VERSIONS: Record<SqueezeNetVersion, { kernel: number; pools: readonly number[] }> = {
  "1.0": { kernel: 7, pools: [1, 4, 8] },
  "1.1": { kernel: 3, pools: [1, 3, 5] },
};

const fire = (squeeze: number, expand: number): FireWidths => ({ squeeze, expand1x1: expand, expand3x3: expand });

/** Filters of the networks as published: Iandola et al. 2016, table 1, and the authors' v1.1, which narrows `conv1`. */
export const SQUEEZENET_WIDTHS: Readonly<Record<SqueezeNetVersion, SqueezeNetWidths>> = {
  "1.0": { conv1: 96, fires: [fire(16, 64), fire(16, 64), fire(32, 128), fire(32, 128), fire(48, 192), fire(48, 192), fire(64, 256), fire(64, 256)] },
  "1.1": { conv1: 64, fires: [fire(16, 64), fire(16, 64), fire(32, 128), fire(32, 128), fire(48, 192), fire(48, 192), fire(64, 256), fire(64, 256)] },
};

/**
 * The convolutional part of SqueezeNet as layer data: `conv1`, `pool1`, `fire2_squeeze`, `fire2_expand1x1`,
 * `fire2_expand3x3`, `fire2` (both put together) … `fire9`. The classifier's `conv10` is left out. Strides and pools as in
 * the authors' Caffe files and in torchvision: `conv1` without padding, pools 3/2 that round up.
 */
export function squeezenetLayers(version: SqueezeNetVersion = "1.1", widths: SqueezeNetWidths = SQUEEZENET_WIDTHS[version]): LayerSpec[] {
  const { kernel, pools } = VERSIONS[version];
  const pool = (i: number): LayerSpec[] => (pools.includes(i) ? [{ name: `pool${i}`, kind: "pool", size: 3, stride: 2, ceil: true }] : []);
  return [
    { name: "conv1", kind: "conv", channels: widths.conv1, kernel, stride: 2, padding: "valid", activation: "relu" },
    ...pool(1),
    ...widths.fires.flatMap(({ squeeze, expand1x1, expand3x3 }, at): LayerSpec[] => {
      const name = `fire${at + 2}`;
      return [
        { name: `${name}_squeeze`, kind: "conv", channels: squeeze, kernel: 1, stride: 1, padding: "same", activation: "relu" },
        { name: `${name}_expand1x1`, kind: "conv", channels: expand1x1, kernel: 1, stride: 1, padding: "same", activation: "relu" },
        { name: `${name}_expand3x3`, kind: "conv", channels: expand3x3, kernel: 3, stride: 1, padding: "same", activation: "relu", input: `${name}_squeeze` },
        { name, kind: "concat", input: [`${name}_expand1x1`, `${name}_expand3x3`] },
        ...pool(at + 2),
      ];
    }),
  ];
}

/** For activations of about 1. Layers as in assignment 3 of Stanford's CS231n: content at 3 of torchvision's list, style at 1, 4, 6 and 7. */
const UNIT: TransferDefaults = {
  pooling: "average",
  contentLayer: "fire2",
  styleLayers: { conv1: 0.25, fire3: 0.25, fire4: 0.25, fire5: 0.25 },
  beta: 1, alphaTimesM: 5e-4, totalVariation: 2, initialisation: "content", size: 256, steps: 150,
  optimiser: { kind: "adam", learningRate: 0.02, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 },
};

/** Mean activations of the authors' v1.1, fed 0–255 minus the mean: measured over six pictures of 256 px, with average pooling. */
const MEANS = { conv1: 15.9, fire2: 20.3, fire3: 19.9, fire4: 18.3, fire5: 7.46 };

/**
 * What replaces the card's settings where pixels are divided by their deviations: the numbers of CS231n's assignment 3
 * ("Composition VII", 192 px), which was made for torchvision's weights, in the formulas used here: style 4 w_l, content
 * 2 · 0.05 · 47², total variation 0.05 / 0.226² · 3 · 192². Not measured: these weights were not at hand.
 */
export const NORMALISED_SQUEEZENET: Partial<TransferDefaults> = {
  pooling: "maximum",
  styleLayers: { conv1: 0.975, fire3: 0.0244, fire4: 5.85e-4, fire5: 4.87e-5 },
  beta: 82_000, alphaTimesM: 221, totalVariation: 108_000,
};

/**
 * A card for a SqueezeNet without weights of its own. Input as the original Caffe release wants it by the numbers:
 * 0–255 minus the mean, no scaling.
 */
export function squeezenetCard(version: SqueezeNetVersion = "1.1", widths: SqueezeNetWidths = SQUEEZENET_WIDTHS[version]): ModelCard {
  return {
    id: `squeezenet${version.replace(".", "_")}`,
    title: `SqueezeNet ${version}`,
    layers: squeezenetLayers(version, widths),
    input: { channels: "RGB", range: [0, 255], mean: [123, 117, 104], scale: 1 },
    weights: { file: "weights.safetensors", kernelLayout: "OIHW", dtype: "F32" },
    defaults: fittedDefaults(UNIT, MEANS),
    credits: { weights: "none: architecture only" },
  };
}
