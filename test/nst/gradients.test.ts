import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as nst from "../../src/nst";
import type { LayerSpec, ModelCard, Pooling, Term } from "../../src/nst";
import { nodeBackend } from "../support/node-backends";
import { relativeError } from "../support/parity";

/** A card around a list of layers; pixels go in as −1 … 1. */
function card(layers: LayerSpec[]): ModelCard {
  return { ...nst.vggCard(19, [2, 2, 2, 2, 2]), layers, input: { channels: "BGR", range: [-1, 1], mean: [0.1, -0.2, 0], scale: [1, 2, 0.5] } };
}

const conv = (name: string, more: Partial<Extract<LayerSpec, { kind: "conv" }>> = {}): LayerSpec =>
  ({ name, kind: "conv", channels: 4, kernel: 3, stride: 1, padding: "same", activation: "linear", ...more });

/** Networks of one kind of layer each, read at their last layer. */
const KINDS: [string, LayerSpec[], Pooling][] = [
  ["a convolution with a border of zeros", [conv("a")], "average"],
  ["a convolution of kernel 1", [conv("a", { kernel: 1 })], "average"],
  ["a convolution of kernel 5", [conv("a", { kernel: 5 })], "average"],
  ["a convolution without a border", [conv("a", { padding: "valid" })], "average"],
  ["a convolution of an even kernel without a border", [conv("a", { kernel: 2, padding: "valid" })], "average"],
  ["a convolution with its ReLU", [conv("a", { activation: "relu" })], "average"],
  ["a ReLU of its own", [conv("a"), { name: "r", kind: "relu" }], "average"],
  ["average pooling of blocks of 2, with a rest at the border", [{ name: "p", kind: "pool", size: 2, stride: 2 }], "average"],
  ["average pooling of blocks of 3", [{ name: "p", kind: "pool", size: 3, stride: 3 }], "average"],
  ["maximum pooling of blocks of 2, with a rest at the border", [{ name: "p", kind: "pool", size: 2, stride: 2 }], "maximum"],
  ["maximum pooling of blocks of 3", [{ name: "p", kind: "pool", size: 3, stride: 3 }], "maximum"],
  ["a convolution of stride 2 with a border", [conv("a", { stride: 2, padding: 1 })], "average"],
  ["a convolution of stride 2 without a border, which leaves a rest out", [conv("a", { stride: 2, padding: "valid", kernel: 2 })], "average"],
  ["a convolution of kernel 7 and stride 2", [conv("a", { kernel: 7, stride: 2, padding: 3 })], "average"],
  ["a convolution of kernel 5 and stride 4, as AlexNet begins", [conv("a", { kernel: 5, stride: 4, padding: 2 })], "average"],
  ["a convolution whose stride is above its kernel", [conv("a", { kernel: 2, stride: 3, padding: 1 })], "average"],
  ["a convolution of stride 2 with its ReLU on another", [conv("a", { activation: "relu" }), conv("b", { stride: 2, padding: 2, kernel: 5 })], "average"],
  ["a convolution with more zeros around than its kernel reaches", [conv("a", { padding: 2 })], "average"],
  ["average pools that overlap", [{ name: "p", kind: "pool", size: 3, stride: 2 }], "average"],
  ["average pools that overlap in threes", [{ name: "p", kind: "pool", size: 3, stride: 1 }], "average"],
  ["average pools that reach beyond the border", [conv("a"), { name: "p", kind: "pool", size: 3, stride: 2, ceil: true }, { name: "q", kind: "pool", size: 3, stride: 2, ceil: true }], "average"],
  ["average pools of blocks that reach beyond the border", [{ name: "p", kind: "pool", size: 2, stride: 2, ceil: true }], "average"],
  ["maximum pools that overlap", [{ name: "p", kind: "pool", size: 3, stride: 2 }], "maximum"],
  ["maximum pools that overlap and leave a rest out", [{ name: "p", kind: "pool", size: 4, stride: 3 }], "maximum"],
  ["maximum pools that reach beyond the border", [conv("a"), { name: "p", kind: "pool", size: 3, stride: 2, ceil: true }, { name: "q", kind: "pool", size: 3, stride: 2, ceil: true }], "maximum"],
  ["maximum pools of blocks that reach beyond the border", [{ name: "p", kind: "pool", size: 2, stride: 2, ceil: true }], "maximum"],
  ["channels of two branches put together", [conv("a", { activation: "relu" }), conv("b", { kernel: 1, input: "a" }), conv("c", { input: "a" }), { name: "cat", kind: "concat", input: ["b", "c"] }], "average"],
  ["two maximum pools one on the other", [{ name: "p", kind: "pool", size: 2, stride: 2 }, { name: "q", kind: "pool", size: 2, stride: 2 }], "maximum"],
];

function picture(h: number, w: number, seed: number): tf.Tensor3D {
  return tf.randomUniform([h, w, 3], 0, 1, "float32", seed);
}

/** Our gradient beside central differences of J along the picture's axes, in every number of the picture. */
async function byDifferences(network: nst.Network, terms: Term[], x: tf.Tensor3D, pooling: Pooling): Promise<number> {
  const { values, gradient } = nst.evaluate(network, x, terms, { pooling });
  const ours = await gradient!.data();
  const pixels = Float32Array.from(await x.data());
  const J = async (data: Float32Array): Promise<number> => {
    const moved = tf.tensor3d(data, x.shape);
    const result = nst.evaluate(network, moved, terms, { pooling, gradient: false });
    const numbers = await result.values.data();
    tf.dispose([moved, result.values]);
    return terms.reduce((sum, term, i) => sum + term.weight * numbers[i], 0);
  };
    const expected: number[] = [];
  for (let i = 0; i < pixels.length; i++) {
    const at = (d: number) => { const copy = pixels.slice(); copy[i] += d; return copy; };
    const h = 4e-3;
    expected.push(((await J(at(h))) - (await J(at(-h)))) / (2 * h));
  }
  tf.dispose([values, gradient!]);
  return relativeError(ours, expected);
}

describe("the explicit backward passes", () => {
  let before = 0;
  beforeEach(async () => {
    await nodeBackend("cpu");
    before = tf.memory().numTensors;
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(before));

  for (const [name, layers, pooling] of KINDS) {
    const network = () => nst.createNetwork(card(layers), nst.randomWeights(card(layers), 3));
    const layer = layers[layers.length - 1].name;

    test(`${name}: the gradient is that of tf.grad`, async () => {
      const net = network();
      const x = picture(7, 9, 1);
      const features = nst.features(net, x, [layer], { pooling })[layer];
      const target = tf.randomNormal(features.shape, 0, 1, "float32", 5) as tf.Tensor4D;
      const { values, gradient } = nst.evaluate(net, x, [{ kind: "content", layer, weight: 1.5, target }], { pooling });
      const taped = tf.grad((picture) => tf.sub(taped4d(net, picture as tf.Tensor3D, layer, pooling), target).square().sum().mul(0.75))(x);
      expect(relativeError(await gradient!.data(), await taped.data())).toBeLessThan(1e-5);
      tf.dispose([x, features, target, values, gradient!, taped]);
      nst.disposeNetwork(net);
    });

    test(`${name}: the gradient is the slope that finite differences see`, async () => {
      const net = network();
      const x = picture(7, 9, 2);
      const shape = nst.features(net, x, [layer], { pooling })[layer];
      const target = tf.zeros(shape.shape) as tf.Tensor4D;
      // kinks (ReLU, maximum) within the difference's reach cost some accuracy
      expect(await byDifferences(net, [{ kind: "content", layer, weight: 1, target }], x, pooling)).toBeLessThan(0.03);
      tf.dispose([x, shape, target]);
      nst.disposeNetwork(net);
    });
  }

  const narrow = card([conv("a", { activation: "relu" }), { name: "p", kind: "pool", size: 2, stride: 2 }, conv("b", { activation: "relu" })]);
  const COSTS: [string, (net: nst.Network) => Term][] = [
    ["content", (net) => ({ kind: "content", layer: "b", weight: 2, target: targetOf(net, "b") })],
    ["style", (net) => ({ kind: "gram", layer: "b", weight: 30, target: tf.tidy(() => nst.normalisedGram(targetOf(net, "b"))) })],
    ["style before the ReLU", (net) => ({ kind: "gram", layer: "b", tap: "before", weight: 30, target: tf.tidy(() => nst.normalisedGram(targetOf(net, "b", "before"))) })],
    ["style's Wasserstein distance as", (net) => ({ kind: "wasserstein", layer: "b", weight: 30, target: tf.tidy(() => nst.gaussian(targetOf(net, "b"))) })],
    ["total variation", () => ({ kind: "tv", weight: 3 })],
    ...(["sum-squares", "sum-squares-inner", "sum-absolute", "sum-power-1.25", "crowson"] as const).map((variation): [string, () => Term] => [`total variation (${variation}) as`, () => ({ kind: "tv", weight: 0.05, variation })]),
    ["activation", () => ({ kind: "activation", layer: "b", channel: 1, weight: -2 })],
    ["activation before the ReLU", () => ({ kind: "activation", layer: "a", tap: "before", channel: 2, weight: -2 })],
  ];
  for (const [name, make] of COSTS)
    test(`the ${name} cost's gradient is the slope that finite differences see`, async () => {
      const net = nst.createNetwork(narrow, nst.randomWeights(narrow, 4));
      const term = make(net);
      const x = picture(8, 6, 6);
      // |Δ| has a kink wherever two neighbours are alike
      expect(await byDifferences(net, [term], x, "average")).toBeLessThan(name.includes("absolute") ? 0.1 : 0.03);
      tf.dispose(x);
      if ("target" in term) term.target.dispose();
      nst.disposeNetwork(net);
    });

  test("the gradient of a sum of terms is the sum of their gradients", async () => {
    const net = nst.createNetwork(narrow, nst.randomWeights(narrow, 4));
    const terms = COSTS.map(([, make]) => make(net));
    const x = picture(8, 6, 7);
    const all = nst.evaluate(net, x, terms);
    const alone = terms.map((term) => nst.evaluate(net, x, [term]));
    const sum = tf.addN(alone.map(({ gradient }) => gradient!));
    expect(relativeError(await all.gradient!.data(), await sum.data())).toBeLessThan(1e-5);
    expect(relativeError(await all.values.data(), (await Promise.all(alone.map(({ values }) => values.data()))).map(([value]) => value))).toBeLessThan(1e-6);
    tf.dispose([x, sum]);
    for (const e of [all, ...alone]) tf.dispose([e.values, e.gradient!]);
    for (const term of terms) if ("target" in term) term.target.dispose();
    nst.disposeNetwork(net);
  });

  test("a term of weight 0 is counted and pulls on nothing", async () => {
    const net = nst.createNetwork(narrow, nst.randomWeights(narrow, 4));
    const x = picture(8, 6, 7);
    const { values, gradient } = nst.evaluate(net, x, [{ kind: "activation", layer: "b", channel: 0, weight: 0 }, { kind: "tv", weight: 0 }]);
    expect(Math.max(...(await gradient!.data()).map(Math.abs))).toBe(0);
    expect((await values.data()).every((v) => v > 0)).toBe(true);
    tf.dispose([x, values, gradient!]);
    nst.disposeNetwork(net);
  });

  test("abandoning a step half-way frees all that it held", () => {
    const net = nst.createNetwork(narrow, nst.randomWeights(narrow, 4));
    const x = picture(8, 6, 7);
    const held = tf.memory().numTensors;
    const terms: Term[] = [{ kind: "activation", layer: "b", channel: 0, weight: 1 }];
    for (let parts = 0; parts < 8; parts++) {
      const walk = nst.evaluateWalk(net, x, terms);
      for (let i = 0; i < parts; i++) walk.next();
      walk.return(undefined as never);
      expect(tf.memory().numTensors).toBe(held);
    }
    tf.dispose(x);
    nst.disposeNetwork(net);
  });

  test("an error thrown inside a step frees all that it held", () => {
    const net = nst.createNetwork(narrow, nst.randomWeights(narrow, 4));
    const x = picture(8, 6, 7);
    const target = tf.zeros([1, 2, 2, 2]) as tf.Tensor4D;
    const held = tf.memory().numTensors;
    expect(() => nst.evaluate(net, x, [{ kind: "content", layer: "b", weight: 1, target }])).toThrow(/target at b has shape 1×2×2×2/);
    expect(tf.memory().numTensors).toBe(held);
    tf.dispose([x, target]);
    nst.disposeNetwork(net);
  });

  test("ties in maximum pools that overlap go to the first place of each window in reading order, as in PyTorch", async () => {
    const flat = card([{ name: "p", kind: "pool", size: 3, stride: 2, ceil: true }]);
    const net = nst.createNetwork({ ...flat, input: { channels: "RGB", range: [0, 1], mean: [0, 0, 0], scale: 1 } }, new Map());
    const x = tf.fill([4, 5, 3], 0.5) as tf.Tensor3D;
    const { values, gradient } = nst.evaluate(net, x, [{ kind: "activation", layer: "p", channel: 0, weight: 4 }], { pooling: "maximum" });
    const first = tf.tidy(() => gradient!.slice([0, 0, 0], [4, 5, 1]).reshape([4, 5]));
    expect(await first.array()).toEqual([[1, 0, 1, 0, 0], [0, 0, 0, 0, 0], [1, 0, 1, 0, 0], [0, 0, 0, 0, 0]]);
    tf.dispose([x, first, values, gradient!]);
    nst.disposeNetwork(net);
  });

  test("ties in maximum pooling go to the first place in reading order, as in PyTorch", async () => {
    const flat = card([{ name: "p", kind: "pool", size: 2, stride: 2 }]);
    const net = nst.createNetwork({ ...flat, input: { channels: "RGB", range: [0, 1], mean: [0, 0, 0], scale: 1 } }, new Map());
    const x = tf.fill([2, 2, 3], 0.5) as tf.Tensor3D;
    const { values, gradient } = nst.evaluate(net, x, [{ kind: "activation", layer: "p", channel: 0, weight: 1 }], { pooling: "maximum" });
    expect(await gradient!.array()).toEqual([[[1, 0, 0], [0, 0, 0]], [[0, 0, 0], [0, 0, 0]]]);
    tf.dispose([x, values, gradient!]);
    nst.disposeNetwork(net);
  });
});

function targetOf(net: nst.Network, layer: string, tap: "after" | "before" = "after"): tf.Tensor4D {
  const other = picture(8, 6, 8);
  const F = nst.features(net, other, [layer], { tap })[layer];
  other.dispose();
  return F;
}

/** The network in plain tfjs operations, for tf.grad to differentiate. */
function taped4d(net: nst.Network, x: tf.Tensor3D, layer: string, pooling: Pooling): tf.Tensor4D {
  const spec = net.card.input;
  const scale = spec.scale as number[];
  const [lo, hi] = spec.range;
  const input = tf.reverse(x, 2).mul(hi - lo).add(lo).sub(tf.tensor1d(spec.mean)).mul(tf.tensor1d(scale)).expandDims(0) as tf.Tensor4D;
  const outputs: tf.Tensor4D[] = [];
  for (const node of net.nodes) {
    const xs = node.inputs.map((i) => (i < 0 ? input : outputs[i]));
    let y: tf.Tensor4D;
    if (node.kind === "conv") {
      y = tf.conv2d(xs[0], node.kernel, node.stride, node.padding).add(node.bias) as tf.Tensor4D;
      if (node.relu) y = tf.relu(y);
    } else if (node.kind === "pool") y = tapedPool(xs[0], node, pooling);
    else if (node.kind === "concat") y = tf.concat(xs, 3);
    else y = tf.relu(xs[0]);
    outputs.push(y);
  }
  return outputs[net.index.get(layer)!];
}

/** Windows beyond the border: of an average, zeros count neither above nor below the line; of a maximum, nothing is chosen there. */
function tapedPool(x: tf.Tensor4D, { size, stride, ceil }: { size: number; stride: number; ceil: boolean }, pooling: Pooling): tf.Tensor4D {
  const beyond = (side: number) => (ceil ? (stride - ((side - size) % stride)) % stride : 0);
  const pads: [number, number][] = [[0, 0], [0, beyond(x.shape[1])], [0, beyond(x.shape[2])], [0, 0]];
  if (pooling === "maximum") return tf.maxPool(tf.pad(x, pads, -1e30) as tf.Tensor4D, size, stride, "valid");
  const inside = tf.avgPool(tf.pad(tf.onesLike(x), pads) as tf.Tensor4D, size, stride, "valid");
  return tf.avgPool(tf.pad(x, pads) as tf.Tensor4D, size, stride, "valid").div(inside);
}
