import type { LayerSpec, ModelCard } from "./model-card";

/** Filters of `conv1` … `conv5` as in torchvision (Krizhevsky 2014, "One weird trick", for one GPU). */
export const ALEXNET_WIDTHS = [64, 192, 384, 256, 256];

/**
 * The convolutional part of AlexNet as layer data, as torchvision has it: `conv1` 11×11/4 with 2 zeros on each side,
 * `pool1`, `conv2` 5×5, `pool2`, `conv3` … `conv5` 3×3; pools 3/2 that leave a rest out. The pool after `conv5` is left
 * out: no layer of style transfer lies behind it.
 * @param widths filters of the five convolutions
 */
export function alexnetLayers(widths: readonly number[] = ALEXNET_WIDTHS): LayerSpec[] {
  const conv = (i: number, kernel: number, stride = 1, padding: "same" | number = "same"): LayerSpec =>
    ({ name: `conv${i}`, kind: "conv", channels: widths[i - 1], kernel, stride, padding, activation: "relu" });
  const pool = (i: number): LayerSpec => ({ name: `pool${i}`, kind: "pool", size: 3, stride: 2 });
  return [conv(1, 11, 4, 2), pool(1), conv(2, 5), pool(2), conv(3, 3), conv(4, 3), conv(5, 3)];
}

/** A card for an AlexNet without weights of its own, with torchvision's preprocessing. */
export function alexnetCard(widths: readonly number[] = ALEXNET_WIDTHS): ModelCard {
  return {
    id: "alexnet",
    title: "AlexNet",
    layers: alexnetLayers(widths),
    input: { channels: "RGB", range: [0, 1], mean: [0.485, 0.456, 0.406], scale: [1 / 0.229, 1 / 0.224, 1 / 0.225] },
    weights: { file: "weights.safetensors", kernelLayout: "OIHW", dtype: "F32" },
    defaults: {
      pooling: "average",
      contentLayer: "conv3",
      styleLayers: { conv1: 0.2, conv2: 0.2, conv3: 0.2, conv4: 0.2, conv5: 0.2 },
      beta: 1, alphaTimesM: 1e-4, totalVariation: 1, initialisation: "content", size: 256, steps: 150,
      optimiser: { kind: "adam", learningRate: 0.02, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 },
    },
    credits: { weights: "none: architecture only" },
  };
}
