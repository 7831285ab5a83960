import * as tf from "@tensorflow/tfjs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { channelMeans } from "../../src/kernel/channel-means";
import { acquireNetwork } from "../../src/kernel/load-network";
import { networkDifference } from "../../src/kernel/network-difference";
import { networkMethods, silentColour } from "../../src/kernel/network-methods";
import type { NetworkSource, Streams } from "../../src/kernel/protocol";
import { INPUTS } from "../../src/models/preprocessing";
import { compareInputs } from "../../src/models/sanity";
import { safetensorsHeader } from "../../src/models/write-safetensors";
import { channelStatistics } from "../../src/nst/map-statistics";
import * as nst from "../../src/nst";
import { squeezenetCard } from "../../src/nst/squeezenet";
import { trainedSqueezenet } from "../support/extra-models";
import { bytesOf, fixture } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";
import { NETWORK, runConfig, wavyPicture } from "../support/transfers";

/** A narrow VGG-19 whose biases are not 0. */
const SMALL: NetworkSource = { card: { ...fixture("small-vgg").json.model, weights: { file: "small-vgg.safetensors", kernelLayout: "HWIO", dtype: "F16" } }, base: "http://localhost/" };
/** Its layers with other weights. */
const OTHER: NetworkSource = { ...SMALL, random: 5 };
const trained = trainedSqueezenet();
const SQUEEZENET: NetworkSource = { card: { ...squeezenetCard("1.1"), weights: { file: "squeezenet.safetensors", kernelLayout: "OIHW", dtype: "F32" } }, base: "http://localhost/" };
const PICTURES = [wavyPicture(40, 36, 1), wavyPicture(40, 36, 2), wavyPicture(32, 48, 3)];
const { signal } = new AbortController();

beforeAll(async () => {
  await nodeBackend("wasm");
  vi.stubGlobal("fetch", async (address: string) => new Response(address.endsWith("small-vgg.safetensors") ? bytesOf("test/fixtures/small-vgg.safetensors") : weightsFile(trained!.weights)));
  // the last ones used stay loaded
  for (const network of [NETWORK, OTHER, SMALL, ...(trained ? [SQUEEZENET] : [])]) (await acquireNetwork(network)).release();
});
afterAll(() => void vi.unstubAllGlobals());

let before = 0;
beforeEach(() => void (before = tf.memory().numTensors));
afterEach(() => expect(tf.memory().numTensors).toBe(before));

/** Features of all layers, of one picture after the other, by src/nst. */
async function featuresOf(source: NetworkSource, pictures: readonly nst.Picture[], layers: readonly string[], pooling: nst.Pooling): Promise<Record<string, { data: Float32Array; channels: number }>[]> {
  const { value, release } = await acquireNetwork(source);
  const all: Record<string, { data: Float32Array; channels: number }>[] = [];
  for (const { data, width, height } of pictures) {
    const found = tf.tidy(() => Object.entries(nst.features(value, tf.tensor3d(data, [height, width, 3]), layers, { pooling })).map(([layer, F]) => [layer, { data: F.dataSync() as Float32Array, channels: F.shape[3] }] as const));
    all.push(Object.fromEntries(found));
  }
  release();
  return all;
}

/** A safetensors file of these tensors, in 32 bits. */
function weightsFile(weights: ReadonlyMap<string, nst.StoredTensor>): Blob {
  const tensors = [...weights].map(([key, { shape, data }]) => ({ key, shape, data: Float32Array.from(data) }));
  return new Blob([safetensorsHeader(tensors.map(({ key, shape, data }) => ({ key, format: "F32", shape, bytes: data.byteLength }))), ...tensors.map(({ data }) => data)]);
}

const answersOf = (args: Omit<Parameters<(typeof networkMethods)["network.answers"]>[0], "pictures"> & { pictures?: nst.Picture[] }) => networkMethods["network.answers"]({ pictures: PICTURES, ...args }, { signal });

describe("what a network answers", () => {
  it("is the mean and the share of units above 0 of each layer but pools, over all pictures", async () => {
    const found = await answersOf({ network: SMALL, pooling: "maximum" });
    const layers = SMALL.card.layers.filter(({ kind }) => kind !== "pool").map(({ name }) => name);
    expect(found.map(({ layer }) => layer)).toEqual(layers);
    const features = await featuresOf(SMALL, PICTURES, layers, "maximum");
    for (const { layer, mean, active } of found) {
      const units = features.flatMap((one) => [...one[layer].data]);
      expect([layer, mean]).toEqual([layer, expect.closeTo(units.reduce((sum, x) => sum + x, 0) / units.length, 6)]);
      expect([layer, active]).toEqual([layer, expect.closeTo(units.filter((x) => x > 0).length / units.length, 9)]);
    }
  });

  it("is there without a picture where biases alone give it: all of it for a picture of the mean colour, none without biases", async () => {
    const colour = silentColour(SMALL.card.input);
    const plain = { width: 40, height: 36, data: Float32Array.from({ length: 40 * 36 * 3 }, (_, i) => colour[i % 3]) };
    for (const { biased, mean } of await answersOf({ network: SMALL, pictures: [plain] })) expect(biased).toBeCloseTo(mean > 0 ? 1 : 0, 5);
    const found = await answersOf({ network: SMALL });
    expect(found.every(({ biased }) => biased >= 0 && biased < 1)).toBe(true);
    expect(found.some(({ biased }) => biased > 0.01)).toBe(true);
    // random weights come without biases
    expect((await answersOf({ network: NETWORK })).map(({ biased }) => biased < 1e-4)).not.toContain(false);
  });

  it("is there without a picture all the more, the smaller the pixels come", async () => {
    const deepest = async (factor: number) => (await answersOf({ network: SMALL, input: { ...SMALL.card.input, scale: factor } })).at(-1)!.biased;
    const shares = [await deepest(100), await deepest(1), await deepest(0.01)];
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares[0]).toBeLessThan(0.1);
    expect(shares[2]).toBeGreaterThan(0.9);
  });

  it("changes with the preprocessing that is asked for, and the card's own holds without", async () => {
    const input: nst.InputSpec = { channels: "BGR", range: [0, 255], mean: [103.939, 116.779, 123.68], scale: 1 };
    const [own, asked, other] = [await answersOf({ network: SMALL }), await answersOf({ network: SMALL, input: SMALL.card.input }), await answersOf({ network: SMALL, input })];
    expect(asked).toEqual(own);
    expect(other).not.toEqual(own);
  });

  it("is given up with nothing left behind when nobody wants it any more", async () => {
    const abort = new AbortController();
    const asked = networkMethods["network.answers"]({ network: SMALL, pictures: PICTURES }, { signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
  });
});

it("the silent colour becomes 0 before the first layer, in whatever order the network reads", () => {
  const inputs: nst.InputSpec[] = [SMALL.card.input, { channels: "BGR", range: [0, 255], mean: [103.939, 116.779, 123.68], scale: 1 }, { channels: "RGB", range: [-1, 1], mean: [0, 0.5, -0.25], scale: [1, 2, 3] }];
  for (const input of inputs) {
    const x = tf.tidy(() => nst.preprocess(tf.tensor3d(silentColour(input), [1, 1, 3]), input).dataSync());
    for (const value of x) expect(value).toBeCloseTo(0, 4);
  }
});

describe("the trained SqueezeNet", () => {
  const picture = (): nst.Picture => {
    const { shape, data } = fixture("squeezenet").tensors.get("picture")!;
    return { height: shape[0], width: shape[1], data: Float32Array.from(data, (level) => level / 255) };
  };

  it.skipIf(!trained)("answers as PyTorch has measured", async () => {
    const { json } = fixture("squeezenet");
    for (const pooling of ["average", "maximum"] as const) {
      const found = await answersOf({ network: SQUEEZENET, pictures: [picture()], pooling });
      expect(found.map(({ layer }) => layer)).toEqual(Object.keys(json[pooling]));
      for (const { layer, mean } of found) expect([layer, mean / json[pooling][layer].mean]).toEqual([layer, expect.closeTo(1, 4)]);
    }
  });

  it.skipIf(!trained)("passes the sanity test with pixels of 0 to 255 alone", async () => {
    const measured = [];
    for (const [name, { title, input }] of Object.entries(INPUTS)) measured.push({ name, title, input, measures: await answersOf({ network: SQUEEZENET, pictures: [picture()], pooling: "maximum", input }) });
    const { tried } = compareInputs(measured, SQUEEZENET.card);
    expect(Object.fromEntries(tried.map(({ name, result }) => [name, result.verdict]))).toEqual({ "caffe-rgb": "fits", "caffe-bgr": "fits", "raw-0-255": "fits", torchvision: "unlike", "minus-one-to-one": "unlike", "raw-0-1": "unlike" });
  });
});

describe("the means of channels", () => {
  const run = async (args: Streams["network.means"]["args"]) => {
    const items: Streams["network.means"]["item"][] = [];
    await channelMeans(args, { signal, emit: (item) => items.push(item as Streams["network.means"]["item"]) });
    return items;
  };

  it("are those over all positions of all pictures, of every convolution; an item a picture says how far it is", async () => {
    const items = await run({ network: SMALL, pictures: PICTURES, pooling: "average" });
    expect(items.map(({ done, of, means }) => [done, of, !!means])).toEqual([[1, 3, false], [2, 3, false], [3, 3, true]]);
    const means = items[2].means!;
    const layers = SMALL.card.layers.flatMap(({ kind, name }) => (kind === "conv" ? [name] : []));
    expect(Object.keys(means)).toEqual(layers);
    const features = await featuresOf(SMALL, PICTURES, layers, "average");
    for (const layer of layers) {
      const parts = features.map((one) => ({ means: channelStatistics(one[layer]).mean, positions: one[layer].data.length / one[layer].channels }));
      const positions = parts.reduce((sum, part) => sum + part.positions, 0);
      const expected = [...means[layer]].map((_, c) => parts.reduce((sum, part) => sum + part.means[c] * part.positions, 0) / positions);
      [...means[layer]].forEach((mean, c) => expect(mean).toBeCloseTo(expected[c], 4));
    }
  });
});

describe("the difference of two networks", () => {
  const { content, style } = runConfig();
  const [size, steps] = [36, 3];
  const run = async (a: NetworkSource, b: NetworkSource) => {
    const items: Streams["network.difference"]["item"][] = [];
    await networkDifference({ a, b, content, style, size, steps }, { signal, emit: (item) => items.push(item as Streams["network.difference"]["item"]) });
    return items;
  };

  it("is nothing between a network and itself, and says how the costs went", async () => {
    const items = await run(SMALL, SMALL);
    expect(items.map(({ done, of }) => [done, of]).slice(0, 8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((done) => [done, 8]));
    const difference = items.at(-1)!.difference!;
    expect(difference).toMatchObject({ against: SMALL.card.id, size, steps, picture: { mean: 0, largest: 0 } });
    const { start, end } = difference.costs;
    expect(start[1]).toBe(start[0]);
    expect(end[1]).toBe(end[0]);
    expect(end[0]).toBeLessThan(start[0]);
  });

  it("is in the costs and in levels of 255 in the picture, after one and the same short run with each", async () => {
    const { picture, costs } = (await run(SMALL, OTHER)).at(-1)!.difference!;
    expect(costs.start[0]).not.toBe(costs.start[1]);
    expect(picture.mean).toBeGreaterThan(0);
    expect(picture.largest).toBeGreaterThan(picture.mean);
    expect(picture.largest).toBeLessThanOrEqual(255);
    // what is compared is what a run of these settings leads to
    const { defaults } = SMALL.card;
    const { value, release } = await acquireNetwork(SMALL);
    const settings: nst.TransferSettings = { ...defaults, tap: "after", initialisation: { kind: "content" }, seed: 0, size, steps };
    const [C, S] = [content, style].map(({ data, width, height }) => tf.tensor3d(data, [height, width, 3]));
    const targets: nst.Targets = { content: nst.finish(nst.contentTargets(value, C, [defaults.contentLayer], settings)), style: nst.finish(nst.styleTargets(value, S, Object.keys(defaults.styleLayers), settings)) };
    const terms = nst.transferTerms(value, settings, targets);
    const { values, gradient } = nst.evaluate(value, C, terms, { pooling: defaults.pooling, gradient: false });
    const numbers = await values.data();
    expect(costs.start[0]).toBeCloseTo(terms.reduce((sum, { weight }, i) => sum + weight * numbers[i], 0), 4);
    expect(gradient).toBeNull();
    nst.disposeTargets(targets);
    tf.dispose([C, S, values]);
    release();
  });
});
