import type { LayerSpec, ModelCard } from "./model-card";
import { mulberry32 } from "./random";
import type { StoredTensor } from "./safetensors";

/** Convolutions per block (Simonyan & Zisserman 2015, table 1: A, B, D, E). */
const DEPTHS: Record<11 | 13 | 16 | 19, number[]> = { 11: [1, 1, 2, 2, 2], 13: [2, 2, 2, 2, 2], 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4] };

/** Filters per block of the original networks. */
export const VGG_WIDTHS = [64, 128, 256, 512, 512];

/**
 * The convolutional part of a VGG network as layer data, with Keras' names (`block1_conv1` … `block5_conv4`). The pool
 * after block 5 is left out: no layer of style transfer lies behind it.
 * @param depth 11, 13, 16 or 19
 * @param widths filters of the five blocks
 */
export function vggLayers(depth: 11 | 13 | 16 | 19 = 19, widths: readonly number[] = VGG_WIDTHS): LayerSpec[] {
  return DEPTHS[depth].flatMap((count, b): LayerSpec[] => [
    ...Array.from({ length: count }, (_, i): LayerSpec => ({
      name: `block${b + 1}_conv${i + 1}`, kind: "conv", channels: widths[b], kernel: 3, stride: 1, padding: "same", activation: "relu",
    })),
    ...(b < 4 ? [{ name: `block${b + 1}_pool`, kind: "pool", size: 2, stride: 2 } as LayerSpec] : []),
  ]);
}

/** A card for a VGG without weights of its own: for tests, for speed measurements, and for networks to be imported. */
export function vggCard(depth: 11 | 13 | 16 | 19 = 19, widths: readonly number[] = VGG_WIDTHS): ModelCard {
  return {
    id: `vgg${depth}-${widths.join("-")}`,
    title: `VGG-${depth} with widths ${widths.join(", ")}`,
    layers: vggLayers(depth, widths),
    input: { channels: "RGB", range: [0, 255], mean: [123, 117, 104], scale: 1 },
    weights: { file: "weights.safetensors", kernelLayout: "HWIO", dtype: "F32" },
    defaults: {
      pooling: "average",
      contentLayer: depth > 13 ? "block4_conv2" : "block4_conv1",
      styleLayers: Object.fromEntries([1, 2, 3, 4, 5].map((b) => [`block${b}_conv1`, 0.2])),
      beta: 1, alphaTimesM: 1e-4, totalVariation: 1, initialisation: "content", size: 256, steps: 150,
      optimiser: { kind: "adam", learningRate: 0.02, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 },
    },
    credits: { weights: "none: architecture only" },
  };
}

/**
 * Seeded random weights for a card: He initialisation (standard deviation √(2 / (k²·c_in)), He et al. 2015), zero bias;
 * the first layer is divided by what pixels usually deviate from their mean, 64 where they are read as 0–255, so that
 * activations are of order one.
 * The generator is mulberry32: the same numbers on every machine.
 * @returns `<layer>.kernel` as HWIO and `<layer>.bias`, float32
 */
export function randomWeights(card: ModelCard, seed: number): Map<string, StoredTensor> {
  const random = mulberry32(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const channels = new Map<string, number>();
  const weights = new Map<string, StoredTensor>();
  const { range: [lo, hi], scale } = card.input;
  const spread = 64 * (((hi - lo) * (typeof scale === "number" ? scale : (scale[0] + scale[1] + scale[2]) / 3)) / 255);
  let before = "";
  for (const layer of card.layers) {
    const inputs = layer.input === undefined ? [before] : [layer.input].flat();
    const cin = inputs.reduce((sum, name) => sum + (name === "" ? 3 : channels.get(name)!), 0);
    if (layer.kind === "conv") {
      const { kernel: k, channels: cout } = layer;
      const deviation = Math.sqrt(2 / (k * k * cin)) / (inputs[0] === "" ? spread : 1);
      weights.set(`${layer.name}.kernel`, { dtype: "F32", shape: [k, k, cin, cout], data: Float32Array.from({ length: k * k * cin * cout }, () => normal() * deviation) });
      weights.set(`${layer.name}.bias`, { dtype: "F32", shape: [cout], data: new Float32Array(cout) });
      channels.set(layer.name, cout);
    } else channels.set(layer.name, cin);
    before = layer.name;
  }
  return weights;
}
