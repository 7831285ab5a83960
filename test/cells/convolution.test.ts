import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { convolutionAt, kernelOf, liesOutside, patchOf, pooled, productsOf, strongest, windowOf, type ConvWeights } from "../../src/cells/convolution";
import { boxText, cropOf, reachesOut } from "../../src/cells/unit-crop";
import { decimalsFor, fixed, signed } from "../../src/cells/unit-numbers";
import * as nst from "../../src/nst";
import type { FeatureMaps, LayerSpec } from "../../src/nst";
import { fixture, slim } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";
import { relativeError, tensorOf } from "../support/parity";
import { takeMaps } from "../support/views";

type Conv = Extract<LayerSpec, { kind: "conv" }>;
type Pool = Extract<LayerSpec, { kind: "pool" }>;

interface Unit {
  layer: string;
  channel: number;
  x: number;
  y: number;
  key: string;
  value: number;
  sum?: number;
  magnitude?: number;
  bias?: number;
  before?: number;
  maximum?: number;
}

const views = fixture("views");
const units = views.json.arithmetic as Unit[];
const stored = (key: string) => Float32Array.from(views.tensors.get(key)!.data);
const { card, weights } = slim();
const specOf = (name: string) => card.layers.find((layer) => layer.name === name)!;

/** What each unit's layer reads, in the default network. */
const below = new Map<string, FeatureMaps>();

beforeAll(async () => {
  await nodeBackend("cpu");
  const picture = tensorOf(views, "picture");
  const network = nst.createNetwork(card, weights);
  const names = units.map(({ layer }) => card.layers[card.layers.findIndex(({ name }) => name === layer) - 1]?.name);
  const found = nst.features(network, picture, names.filter((name) => name !== undefined), { pooling: views.json.pooling });
  for (const [i, { layer }] of units.entries()) {
    const name = names[i];
    below.set(layer, name === undefined ? await takeMaps("picture", nst.preprocess(picture, card.input)) : await takeMaps(name, found[name].clone()));
  }
  tf.dispose([picture, found]);
  nst.disposeNetwork(network);
});
afterAll(() => expect(tf.memory().numTensors).toBe(0));

function weightsOf(layer: string): ConvWeights {
  const kernel = weights.get(`${layer}.kernel`)!;
  return { shape: kernel.shape as unknown as ConvWeights["shape"], kernel: Float32Array.from(kernel.data), bias: Float32Array.from(weights.get(`${layer}.bias`)!.data) };
}

/** Every kernel, channel by channel, as PyTorch's [k, k, c_in]. */
function interleaved(of: (channel: number) => Float32Array, channels: number): Float32Array {
  const squares = Array.from({ length: channels }, (_, c) => of(c));
  return Float32Array.from({ length: squares[0].length * channels }, (_, i) => squares[i % channels][Math.floor(i / channels)]);
}

const CLOSE = 1e-5;

describe("the arithmetic of a unit", () => {
  it.each(units.filter(({ sum }) => sum !== undefined))("of $layer, channel $channel, at column $x, row $y is PyTorch's: patch, kernel, sums by channel, bias, number", (unit) => {
    const { layer, channel, x, y, key } = unit;
    const maps = below.get(layer)!;
    const spec = specOf(layer) as Conv;
    const at = convolutionAt(maps, weightsOf(layer), spec, x, y, channel);
    expect(relativeError(interleaved((c) => patchOf(maps, at.window, c), maps.channels), stored(`${key}/patch`))).toBeLessThan(CLOSE);
    expect(relativeError(interleaved((c) => kernelOf(weightsOf(layer), c, channel), maps.channels), stored(`${key}/kernel`))).toBe(0);
    expect(relativeError(at.sums, stored(`${key}/contributions`))).toBeLessThan(CLOSE);
    expect(at.products).toBe(9 * maps.channels);
    expect(at.bias).toBe(unit.bias);
    // where terms cancel, rounding is relative to what they were
    expect(Math.abs(at.before - unit.before!)).toBeLessThan(CLOSE * unit.magnitude!);
    expect(Math.abs(Math.max(0, at.before) - unit.value)).toBeLessThan(CLOSE * unit.magnitude!);
  });

  it("is tested at a corner, at a border, inside, and where the ReLU silences the unit", () => {
    const places = units.map(({ layer, x, y }) => {
      const { width, height } = below.get(layer)!;
      return (x === 0 || x === width - 1 ? 1 : 0) + (y === 0 || y === height - 1 ? 1 : 0);
    });
    expect(new Set(places)).toEqual(new Set([0, 1, 2]));
    expect(units.some(({ before }) => before !== undefined && before < 0)).toBe(true);
    expect(units.some(({ sum }) => sum === undefined)).toBe(true);
  });

  it.each(units.filter(({ maximum }) => maximum !== undefined))("of a pool is PyTorch's, for the mean and for the maximum ($layer)", ({ layer, channel, x, y, key, value, maximum }) => {
    const patch = patchOf(below.get(layer)!, windowOf(specOf(layer) as Pool, x, y), channel);
    expect(relativeError(patch, stored(`${key}/patch`))).toBeLessThan(CLOSE);
    expect(pooled(patch, "average")).toBeCloseTo(value, 5);
    expect(pooled(patch, "maximum")).toBeCloseTo(maximum!, 5);
  });

  it("shows products that sum to what their channel contributes", () => {
    const { layer, channel, x, y } = units.find(({ layer }) => layer === "block3_conv1")!;
    const [maps, weights] = [below.get(layer)!, weightsOf(layer)];
    const { sums, window } = convolutionAt(maps, weights, specOf(layer) as Conv, x, y, channel);
    for (const c of strongest(sums, 5)) {
      const products = productsOf(patchOf(maps, window, c), kernelOf(weights, c, channel));
      expect(products.reduce((sum, one) => sum + one, 0)).toBeCloseTo(sums[c], 6);
    }
  });

  it("states a bound for rounding that any order of adding in float32 keeps, and that one forgotten product breaks", () => {
    const { layer, channel, x, y } = units.find(({ layer }) => layer === "block4_conv2")!;
    const [maps, weights] = [below.get(layer)!, weightsOf(layer)];
    const { before, rounding, window, bias } = convolutionAt(maps, weights, specOf(layer) as Conv, x, y, channel);
    const products = Array.from({ length: maps.channels }, (_, c) => [...productsOf(patchOf(maps, window, c), kernelOf(weights, c, channel))]).flat();
    const added = (numbers: number[]) => numbers.reduce((sum, one) => Math.fround(sum + one), bias);
    const orders = [products, products.toReversed(), products.toSorted((a, b) => a - b), products.toSorted((a, b) => b - a)];
    const sums = orders.map(added);
    expect(new Set(sums).size).toBeGreaterThan(1);
    for (const sum of sums) expect(Math.abs(sum - before)).toBeLessThan(rounding);
    const largest = products.indexOf(Math.max(...products));
    expect(Math.abs(added(products.toSpliced(largest, 1)) - before)).toBeGreaterThan(rounding);
  });

  it("says so when weights and maps do not belong together", () => {
    expect(() => convolutionAt(below.get("block1_conv1")!, weightsOf("block3_conv1"), specOf("block3_conv1") as Conv, 0, 0, 0)).toThrow("block3_conv1 reads 32 channels, but picture has 3.");
  });
});

describe("the arithmetic of a unit where strides, padding in numbers and overlapping pools come in", () => {
  const { json, tensors } = fixture("other-networks");

  it.each([["squeezenet1_0", "conv1"], ["squeezenet1_1", "pool1"], ["squeezenet1_1", "fire5_expand3x3"], ["squeezenet1_0", "pool8"], ["alexnet", "conv1"], ["alexnet", "conv2"], ["alexnet", "pool1"]])("%s, %s: every unit is what the map holds, also at the border", async (id, layer) => {
    const card = json.networks[id].model as nst.ModelCard;
    const own = new Map([...tensors].filter(([key]) => key.startsWith(`${id}/`)).map(([key, one]) => [key.slice(id.length + 1), one]));
    const network = nst.createNetwork(card, own);
    const picture = tf.tidy(() => tensorOf({ json, tensors }, "content").div(255) as tf.Tensor3D);
    const at = card.layers.findIndex(({ name }) => name === layer);
    const spec = card.layers[at] as Conv | Pool;
    const source = spec.input ?? card.layers[at - 1]?.name;
    let beyond = 0;
    for (const pooling of ["average", "maximum"] as const) {
      const found = nst.features(network, picture, [layer, ...(source ? [source] : [])], { pooling });
      const read = await takeMaps("read", source ? found[source].clone() : nst.preprocess(picture, card.input));
      const made = await takeMaps(layer, found[layer].clone());
      tf.dispose(found);
      for (let y = 0; y < made.height; y++)
        for (let x = 0; x < made.width; x++)
          for (const channel of [0, made.channels - 1]) {
            const held = made.data[(y * made.width + x) * made.channels + channel];
            if (spec.kind === "conv") {
              const kernel = own.get(`${layer}.kernel`)!;
              const { before, rounding } = convolutionAt(read, { shape: kernel.shape as unknown as ConvWeights["shape"], kernel: Float32Array.from(kernel.data), bias: Float32Array.from(own.get(`${layer}.bias`)!.data) }, spec, x, y, channel);
              expect(Math.abs(Math.max(0, before) - held)).toBeLessThanOrEqual(rounding);
              continue;
            }
            const window = windowOf(spec, x, y);
            const patch = patchOf(read, window, channel);
            const inside = patch.filter((_, i) => !liesOutside(window, i, read));
            if (inside.length < patch.length) beyond++;
            expect(pooled(inside, pooling)).toBeCloseTo(held, 4);
          }
    }
    expect(beyond > 0).toBe(spec.kind === "pool" && spec.ceil === true);
    picture.dispose();
    nst.disposeNetwork(network);
  });
});

describe("the window of a unit", () => {
  const conv = (kernel: number, padding: Conv["padding"]): Conv => ({ name: "c", kind: "conv", channels: 1, kernel, stride: 1, padding, activation: "relu" });

  it("lies around the unit's position with “same” padding, and begins at it with “valid” padding", () => {
    expect(windowOf(conv(3, "same"), 5, 7)).toEqual({ x: 4, y: 6, size: 3 });
    expect(windowOf(conv(1, "same"), 5, 7)).toEqual({ x: 5, y: 7, size: 1 });
    expect(windowOf(conv(7, "valid"), 5, 7)).toEqual({ x: 5, y: 7, size: 7 });
  });

  it("of a pool does not overlap with its neighbour's", () => {
    const pool: Pool = { name: "p", kind: "pool", size: 2, stride: 2 };
    expect([windowOf(pool, 0, 0), windowOf(pool, 3, 1)]).toEqual([{ x: 0, y: 0, size: 2 }, { x: 6, y: 2, size: 2 }]);
  });

  it("holds zeros where it reaches beyond the map", () => {
    const maps: FeatureMaps = { layer: "l", width: 2, height: 2, channels: 2, data: Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40) };
    expect([...patchOf(maps, { x: -1, y: -1, size: 3 }, 1)]).toEqual([0, 0, 0, 0, 10, 20, 0, 30, 40]);
    expect([...patchOf(maps, { x: 1, y: 1, size: 3 }, 0)]).toEqual([4, 0, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe("numbers beside one another", () => {
  it("share their digits: three where they reach 1, two below", () => {
    expect([[-94.3, 2], [5.438, -0.2], [0.2534, 0.01], [0.0144, 0], [0, 0]].map(decimalsFor)).toEqual([1, 2, 2, 3, 0]);
    expect([5.438, -0.2, 0, -0.0004, 12].map((value) => fixed(value, 2))).toEqual(["5.44", "−0.20", "0", "0.00", "12.00"]);
    expect([1.5, -1.5, 0, 0.001].map((value) => signed(value, 1))).toEqual(["+1.5", "−1.5", "0", "0.0"]);
  });

  it("of the channels below, those that contribute most come first, whatever their sign", () => {
    expect(strongest([0.1, -3, 2, 0, -0.5], 3)).toEqual([1, 2, 4]);
    expect(strongest([1, 1], 3)).toEqual([0, 1]);
  });
});

describe("what a unit sees of the picture", () => {
  const picture = { width: 3, height: 2, data: Float32Array.from({ length: 18 }, (_, i) => i / 17) };

  it("is cut out of the picture, and transparent beyond its borders", () => {
    const { width, height, rgba } = cropOf(picture, { x: -1, y: 1, width: 3, height: 2 });
    expect([width, height]).toEqual([3, 2]);
    const bytes = (i: number) => Math.round((i / 17) * 255);
    expect([...rgba]).toEqual([
      ...[0, 0, 0, 0], ...[bytes(9), bytes(10), bytes(11), 255], ...[bytes(12), bytes(13), bytes(14), 255],
      ...Array(12).fill(0),
    ]);
    expect(cropOf(picture, { x: 5, y: 5, width: 2, height: 2 }).rgba.every((byte) => byte === 0)).toBe(true);
  });

  it("is said in columns and rows", () => {
    expect(boxText({ x: -4, y: 0, width: 10, height: 1 })).toBe("columns −4 to 5, row 0");
    expect(reachesOut({ x: 0, y: 0, width: 3, height: 2 }, picture)).toBe(false);
    expect(reachesOut({ x: 0, y: 1, width: 3, height: 2 }, picture)).toBe(true);
  });
});
