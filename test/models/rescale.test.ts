import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { createNetwork, disposeNetwork, features, parseModelCard, randomWeights, vggCard, type ModelCard, type Pooling, type StoredTensor } from "../../src/nst";
import { mulberry32 } from "../../src/nst/random";
import { squeezenetCard } from "../../src/nst/squeezenet";
import { factors, rescale, rescaledCard, type RescaleFactors } from "../../src/models/rescale";
import { bytesOf, type CopyTensor, numbersOf, smaller } from "../../src/models/smaller";
import { nodeBackend } from "../support/node-backends";

const VGG = vggCard(11, [3, 4, 5, 6, 6]);
const fire = { squeeze: 2, expand1x1: 3, expand3x3: 4 };
const SQUEEZENET: ModelCard = { ...squeezenetCard("1.1", { conv1: 4, fires: Array(8).fill(fire) }), weights: { file: "weights.safetensors", kernelLayout: "HWIO", dtype: "F32" } };

const copies = (weights: Map<string, StoredTensor>): CopyTensor[] => [...weights].map(([key, { shape, data }]) => ({ key, format: "F32", shape, bytes: bytesOf(Float32Array.from(data)) }));
const stored = (tensors: CopyTensor[]): Map<string, StoredTensor> => new Map(tensors.map((tensor) => [tensor.key, { dtype: "F32", shape: tensor.shape, data: numbersOf(tensor) }]));
const convs = ({ layers }: ModelCard) => layers.flatMap((layer) => (layer.kind === "conv" ? [layer] : []));

/** Random weights with biases, so that a wrong factor of a bias shows. */
function weightsOf(card: ModelCard, seed: number): Map<string, StoredTensor> {
  const random = mulberry32(seed);
  const weights = randomWeights(card, seed);
  for (const [key, tensor] of weights) if (key.endsWith(".bias")) tensor.data = tensor.data.map(() => random() - 0.3) as Float32Array;
  return weights;
}

function answers(card: ModelCard, weights: Map<string, StoredTensor>, picture: tf.Tensor3D, pooling: Pooling): Map<string, Float32Array> {
  const network = createNetwork(card, weights);
  const layers = card.layers.map(({ name }) => name);
  const maps = features(network, picture, layers, { pooling });
  const result = new Map(layers.map((layer) => [layer, maps[layer].dataSync() as Float32Array]));
  tf.dispose(maps);
  disposeNetwork(network);
  return result;
}

const rms = (numbers: Float32Array) => Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0) / numbers.length);

/** Mean over positions of every channel of [h, w, n]. */
function meansOf(maps: Float32Array, channels: number): Float32Array {
  const means = new Float32Array(channels);
  maps.forEach((x, i) => (means[i % channels] += x / (maps.length / channels)));
  return means;
}

describe("rescaled filters", () => {
  beforeAll(() => nodeBackend("cpu"));

  it.each([{ name: "VGG", card: VGG }, { name: "SqueezeNet", card: SQUEEZENET }].flatMap((network) => (["average", "maximum"] as const).map((pooling) => ({ ...network, pooling }))))(
    "of $name give the same maps up to their factors, through pools and concatenations ($pooling pooling)",
    ({ card, pooling }) => {
      const before = tf.memory().numTensors;
      fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (seed) => {
        const random = mulberry32(seed);
        const picture = tf.tensor3d(Float32Array.from({ length: 40 * 36 * 3 }, random), [40, 36, 3]);
        const weights = weightsOf(card, seed);
        // factors far apart, and a filter of each layer that never answers
        const means = Object.fromEntries(convs(card).map(({ name, channels }) => [name, Float32Array.from({ length: channels }, (_x, i) => (i === 1 ? 0 : 10 ** (4 * random() - 2)))]));
        const byLayer = factors(card, means);
        const plain = answers(card, weights, picture, pooling);
        const scaled = answers(card, stored(copies(weights).map((tensor) => rescale(tensor, "HWIO", byLayer))), picture, pooling);
        for (const { name } of card.layers) {
          const divided = dividedBy(card, byLayer, name);
          const ours = scaled.get(name)!.map((x, i) => x * divided[i % divided.length]);
          const theirs = plain.get(name)!;
          // beside 0.1 at least: where biases cancel what is summed up, only its rounding is left
          expect(rms(ours.map((x, i) => x - theirs[i])) / Math.max(rms(theirs), 0.1), name).toBeLessThan(1e-5);
        }
        picture.dispose();
      }), { numRuns: 4 });
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it("have a mean activation of 1 each, over positions, when their means were measured", () => {
    const before = tf.memory().numTensors;
    const random = mulberry32(7);
    const picture = tf.tensor3d(Float32Array.from({ length: 48 * 48 * 3 }, random), [48, 48, 3]);
    const weights = weightsOf(SQUEEZENET, 3);
    const plain = answers(SQUEEZENET, weights, picture, "average");
    const means = Object.fromEntries(convs(SQUEEZENET).map(({ name, channels }) => [name, meansOf(plain.get(name)!, channels)]));
    const scaled = answers(SQUEEZENET, stored(copies(weights).map((tensor) => rescale(tensor, "HWIO", factors(SQUEEZENET, means)))), picture, "average");
    let quiet = 0;
    for (const { name, channels } of convs(SQUEEZENET))
      meansOf(scaled.get(name)!, channels).forEach((mean, i) => {
        const layer = means[name].reduce((a, b) => a + b) / channels;
        if (means[name][i] > 0.1 * layer) expect(mean).toBeCloseTo(1, 4);
        // hardly ever answering is no reason to be made loud
        else {
          quiet++;
          expect(mean).toBeLessThan(1);
        }
      });
    expect(quiet).toBeGreaterThan(0);
    picture.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("are the same numbers whichever way the kernel's dimensions are ordered", () => {
    const byLayer = new Map([["a", { read: Float32Array.of(2, 3), made: Float32Array.of(5, 7, 11) }]]);
    const hwio: CopyTensor = { key: "a.kernel", format: "F32", shape: [1, 2, 2, 3], bytes: bytesOf(Float32Array.from({ length: 12 }, (_, i) => i)) };
    // the same kernel with filters first
    const order = [0, 1, 2].flatMap((o) => [0, 1].flatMap((i) => [0, 1].map((p) => (p * 2 + i) * 3 + o)));
    const oihw: CopyTensor = { ...hwio, shape: [3, 2, 1, 2], bytes: bytesOf(Float32Array.from(order)) };
    const [a, b] = [numbersOf(rescale(hwio, "HWIO", byLayer)), numbersOf(rescale(oihw, "OIHW", byLayer))];
    expect([...b]).toEqual(order.map((at) => a[at]));
    // number 11 stands at the second position, reads channel 2 and belongs to filter 3
    expect(a[11]).toBeCloseTo((11 * 3) / 11, 6);
    expect(numbersOf(rescale({ key: "a.bias", format: "F32", shape: [3], bytes: bytesOf(Float32Array.of(5, 7, 22)) }, "OIHW", byLayer))).toEqual(Float32Array.of(1, 1, 2));
  });

  it("can be made of halves, and are kept in 32 bits", () => {
    const byLayer = new Map([["a", { read: Float32Array.of(1), made: Float32Array.of(4) }]]);
    const [half] = smaller({ key: "a.bias", format: "F32", shape: [1], bytes: bytesOf(Float32Array.of(2)) }, "OIHW", "fp16");
    expect(rescale(half, "OIHW", byLayer)).toEqual({ key: "a.bias", format: "F32", shape: [1], bytes: bytesOf(Float32Array.of(0.5)) });
  });

  it("need means for every filter of every convolution", () => {
    const means = Object.fromEntries(convs(VGG).map(({ name, channels }) => [name, new Float32Array(channels).fill(1)]));
    const { block2_conv1: _, ...without } = means;
    expect(() => factors(VGG, without)).toThrow(/block2_conv1 should be 4 finite numbers; there are none/);
    expect(() => factors(VGG, { ...means, block2_conv1: Float32Array.of(1) })).toThrow(/there are 1/);
    expect(() => factors(VGG, { ...means, block2_conv1: Float32Array.of(1, NaN, 1, 1) })).toThrow(/not finite/);
  });

  it("are divided by a tenth of their layer's mean at least, so that no picture drowns in a filter that hardly answered before", () => {
    const means = Object.fromEntries(convs(VGG).map(({ name, channels }) => [name, Float32Array.from({ length: channels }, (_, i) => [0, 1e-6, 0.5][i] ?? 10)]));
    const made = factors(VGG, means).get("block2_conv1")!.made;
    expect([...made].map((a) => Number(a.toFixed(4)))).toEqual([0.2625, 0.2625, 0.5, 10]);
  });

  it("leave a convolution alone that is below 0 on average, which only one without ReLU can be", () => {
    expect(factors(VGG, Object.fromEntries(convs(VGG).map(({ name, channels }) => [name, new Float32Array(channels).fill(-2)]))).get("block1_conv1")!.made).toEqual(Float32Array.of(1, 1, 1));
  });

  it("belong to a card that says so, with average pooling and weights for activations of 1", () => {
    const card = rescaledCard({ ...SQUEEZENET, defaults: { ...SQUEEZENET.defaults, pooling: "maximum", alphaTimesM: 0.3, totalVariation: 100 } });
    expect(card).toMatchObject({ id: "squeezenet1_1-rescaled", title: "SqueezeNet 1.1, as in the paper", defaults: { pooling: "average", alphaTimesM: 1e-4, totalVariation: 1 } });
    expect(parseModelCard(JSON.parse(JSON.stringify(card)))).toEqual(card);
  });
});

/** What the maps of any layer are divided by: those of pools and concatenations follow from what they read. */
function dividedBy(card: ModelCard, byLayer: ReadonlyMap<string, RescaleFactors>, name: string): Float32Array {
  const at = card.layers.findIndex((layer) => layer.name === name);
  const layer = card.layers[at];
  if (layer.kind === "conv") return byLayer.get(name)!.made;
  const inputs = layer.input === undefined ? [card.layers[at - 1].name] : [layer.input].flat();
  return Float32Array.from(inputs.flatMap((input) => [...dividedBy(card, byLayer, input)]));
}
