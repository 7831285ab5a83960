import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as nst from "../../src/nst";
import { bytesOf, slim } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";

let before = 0;
beforeAll(() => nodeBackend("cpu"));
beforeEach(() => void (before = tf.memory().numTensors));
afterEach(() => expect(tf.memory().numTensors).toBe(before));

describe("the embedded default network", () => {
  test("has VGG-19's layers under Keras' names at a quarter of its width", () => {
    const { card } = slim();
    const widths = [16, 32, 64, 128, 128];
    expect(card.layers).toEqual(nst.vggLayers(19, widths));
    expect(card.title).not.toMatch(/^VGG-19$/);
  });

  test("is rescaled so that the mean activation of its filters over pictures is about 1 (Gatys et al. 2015)", () => {
    const { card, weights } = slim();
    const network = nst.createNetwork(card, weights);
    const runs = JSON.parse(new TextDecoder().decode(bytesOf("test/fixtures/reference-runs.json"))) as { runs: object };
    const tensors = nst.readSafetensors(bytesOf("test/fixtures/reference-runs.safetensors"));
    const means: number[] = [];
    for (const name of Object.keys(runs.runs)) {
      const { data, shape } = tensors.get(`${name}/content`)!;
      const picture = tf.tensor3d(Float32Array.from(data, (v) => v / 255), shape as [number, number, number]);
      const maps = nst.features(network, picture, ["block1_conv1", "block3_conv1"]);
      for (const F of Object.values(maps)) means.push(tf.tidy(() => F.mean().dataSync()[0]));
      tf.dispose([picture, maps]);
    }
    const mean = means.reduce((a, b) => a + b) / means.length;
    expect(mean).toBeGreaterThan(0.6);
    expect(mean).toBeLessThan(1.7);
    nst.disposeNetwork(network);
  });
});

describe("a network as data", () => {
  test("VGG-19 at full width has the paper's 12 944 960 parameters up to conv5_1", () => {
    const card = nst.vggCard(19);
    let cin = 3;
    let parameters = 0;
    for (const layer of card.layers) {
      if (layer.kind !== "conv") continue;
      parameters += 9 * cin * layer.channels + layer.channels;
      cin = layer.channels;
      if (layer.name === "block5_conv1") break;
    }
    expect(parameters).toBe(12_944_960);
  });

  test("random weights answer alike, whatever the numbers that pixels are read as", () => {
    const kernel = (input: Partial<nst.InputSpec>) => nst.randomWeights({ ...nst.alexnetCard([2, 2, 2, 2, 2]), input: { ...nst.vggCard().input, ...input } }, 1).get("conv1.kernel")!.data[0];
    expect(kernel({ range: [0, 1] })).toBeCloseTo(255 * kernel({}), 4);
    expect(kernel({ range: [0, 1], scale: 4 })).toBeCloseTo((255 / 4) * kernel({}), 4);
  });

  test("random weights are the same for the same seed and others for another", () => {
    const card = nst.vggCard(11, [2, 2, 2, 2, 2]);
    const kernel = (seed: number) => nst.randomWeights(card, seed).get("block1_conv1.kernel")!.data;
    expect(kernel(1)).toEqual(kernel(1));
    expect(kernel(1)).not.toEqual(kernel(2));
  });

  test("features run to the deepest layer asked for and no further", () => {
    const network = nst.createNetwork(nst.vggCard(19, [2, 2, 2, 2, 2]), nst.randomWeights(nst.vggCard(19, [2, 2, 2, 2, 2]), 1));
    const picture = tf.zeros<tf.Rank.R3>([32, 32, 3]);
    const walk = nst.featuresWalk(network, picture, ["block2_conv1", "block1_conv1"]);
    const computed: string[] = [];
    for (let part = walk.next(); ; part = walk.next()) {
      if (part.done) {
        expect(Object.keys(part.value)).toEqual(["block2_conv1", "block1_conv1"]);
        tf.dispose(part.value);
        break;
      }
      computed.push(part.value.layer);
    }
    expect(computed).toEqual(["", "block1_conv1", "block1_conv2", "block1_pool", "block2_conv1"]);
    picture.dispose();
    nst.disposeNetwork(network);
  });

  test("kernels stored as OIHW give the same features as HWIO", async () => {
    const card = nst.vggCard(11, [2, 2, 2, 2, 2]);
    const weights = nst.randomWeights(card, 1);
    const turned = new Map([...weights].map(([key, stored]) => {
      if (!key.endsWith(".kernel")) return [key, stored];
      const [h, w, i, o] = stored.shape;
      const t = tf.tidy(() => tf.tensor(stored.data as Float32Array, [h, w, i, o]).transpose([3, 2, 0, 1]).dataSync());
      return [key, { dtype: "F32", shape: [o, i, h, w], data: t as Float32Array }];
    }));
    const picture = tf.randomUniform<tf.Rank.R3>([16, 16, 3], 0, 1, "float32", 1);
    const read = async (layout: "HWIO" | "OIHW", tensors: Map<string, nst.StoredTensor>) => {
      const network = nst.createNetwork({ ...card, weights: { ...card.weights, kernelLayout: layout } }, tensors);
      const F = nst.features(network, picture, ["block3_conv2"])["block3_conv2"];
      const data = await F.data();
      tf.dispose(F);
      nst.disposeNetwork(network);
      return data;
    };
    expect(await read("OIHW", turned)).toEqual(await read("HWIO", weights));
    picture.dispose();
  });

  test("a layer that the network does not have is named, with those it has", () => {
    const network = nst.createNetwork(nst.vggCard(11, [2, 2, 2, 2, 2]), nst.randomWeights(nst.vggCard(11, [2, 2, 2, 2, 2]), 1));
    const picture = tf.zeros<tf.Rank.R3>([32, 32, 3]);
    expect(() => nst.features(network, picture, ["conv9_9"])).toThrow(/no layer "conv9_9".*block1_conv1/);
    picture.dispose();
    nst.disposeNetwork(network);
  });

  test("a picture that pooling leaves nothing of is refused, naming the layer, and nothing leaks", () => {
    const card = nst.vggCard(11, [2, 2, 2, 2, 2]);
    const network = nst.createNetwork(card, nst.randomWeights(card, 1));
    const picture = tf.zeros<tf.Rank.R3>([7, 40, 3]);
    expect(() => nst.features(network, picture, ["block5_conv1"])).toThrow(/40 × 7 px is too small for block3_pool/);
    picture.dispose();
    nst.disposeNetwork(network);
  });

  test("so it is on wasm, where tfjs would hang on such a map, or write where it should not", async () => {
    await nodeBackend("wasm");
    const card = nst.vggCard(11, [2, 2, 2, 2, 2]);
    const network = nst.createNetwork(card, nst.randomWeights(card, 1));
    const picture = tf.zeros<tf.Rank.R3>([8, 8, 3]);
    for (const pooling of ["average", "maximum"] as const) expect(() => nst.features(network, picture, ["block5_conv1"], { pooling })).toThrow(/8 × 8 px is too small for block4_pool/);
    picture.dispose();
    nst.disposeNetwork(network);
    await nodeBackend("cpu");
  });

  test("preprocessing and its inverse are each other's inverse, in both channel orders", () => {
    const picture = tf.randomUniform<tf.Rank.R3>([5, 4, 3], 0, 1, "float32", 1);
    for (const channels of ["RGB", "BGR"] as const) {
      const input: nst.InputSpec = { channels, range: [0, 255], mean: [103.939, 116.779, 123.68], scale: [1, 0.5, 2] };
      const read = nst.preprocess(picture, input);
      const back = nst.deprocess(read, input);
      expect(tf.tidy(() => back.sub(picture).abs().max().dataSync()[0])).toBeLessThan(1e-6);
      expect(read.dataSync()[0]).toBeCloseTo(picture.dataSync()[channels === "RGB" ? 0 : 2] * 255 - 103.939, 3);
      tf.dispose([read, back]);
    }
    picture.dispose();
  });

  test("the paper's names and Keras' names stand for each other", () => {
    expect(nst.paperName("block4_conv2")).toBe("conv4_2");
    expect(nst.kerasName("conv4_2")).toBe("block4_conv2");
    expect(nst.kerasName("relu5_1")).toBe("block5_conv1");
    expect(nst.paperName("fire3")).toBe("fire3");
  });
});

describe("a model.json that lies about its weights", () => {
  const card = () => nst.vggCard(11, [2, 2, 2, 2, 2]);
  test("names the tensor that is missing", () => {
    const weights = nst.randomWeights(card(), 1);
    weights.delete("block3_conv1.bias");
    expect(() => nst.createNetwork(card(), weights)).toThrow(/lack block3_conv1\.bias/);
  });
  test("names the tensor whose shape is another", () => {
    const weights = nst.randomWeights(card(), 1);
    expect(() => nst.createNetwork(nst.vggCard(11, [2, 2, 4, 2, 2]), weights)).toThrow(/block3_conv1\.kernel with shape 3×3×2×2; model\.json asks for 3×3×2×4/);
  });
  test("names the tensor that holds something that is no number", () => {
    const weights = nst.randomWeights(card(), 1);
    weights.get("block2_conv1.kernel")!.data[3] = NaN;
    expect(() => nst.createNetwork(card(), weights)).toThrow(/block2_conv1\.kernel that is not finite/);
  });

  const wrong: [string, (c: any) => void, RegExp][] = [
    ["no layers", (c) => (c.layers = []), /"layers" should be a list/],
    ["two layers of one name", (c) => (c.layers[1].name = "block1_conv1"), /two layers are called block1_conv1/],
    ["a kind that nobody knows", (c) => (c.layers[1].kind = "dropout"), /layer 2 .*kind "dropout"/],
    ["no stride", (c) => (c.layers[0].stride = 0), /layer 1 \(block1_conv1\): "stride" should be a whole number above 0, and is 0/],
    ["padding that can be read in two ways", (c) => (c.layers[0].stride = 2), /padding "same" with stride 2 can be read in two ways.*how many zeros/],
    ["more zeros around than a kernel is large", (c) => (c.layers[0].padding = 3), /number of zeros on each side, from 0 to 2/],
    ["an even kernel in the middle of zeros", (c) => (c.layers[0].kernel = 4), /padding "same" needs an odd kernel/],
    ["pools with gaps between them", (c) => (c.layers[1].stride = 3), /a stride of 3 leaves gaps between windows of 2/],
    ["pools that round up by a word", (c) => (c.layers[1].ceil = "yes"), /"ceil" should be true or false/],
    ["branches that do not fit together", (c) => (c.layers[2] = { name: "cat", kind: "concat", input: ["block1_conv1", "block1_pool"] }), /cat puts together block1_conv1, block1_pool, whose maps differ in size: 256, 128/],
    ["numbers of a kind that nobody knows", (c) => (c.weights.dtype = "I4"), /"weights.dtype" should be "I8", "F16" or "F32"/],
    ["an input from nowhere", (c) => (c.layers[2].input = "nowhere"), /reads "nowhere"/],
    ["a mean of two numbers", (c) => (c.input.mean = [1, 2]), /"input.mean" should be three numbers/],
    ["a weights file outside of its folder", (c) => (c.weights.file = "../x"), /beside model\.json/],
    ["a default layer that is not there", (c) => (c.defaults.contentLayer = "block9"), /"block9", which is no layer/],
    ["no defaults", (c) => delete c.defaults, /"defaults" is missing/],
  ];
  for (const [name, spoil, message] of wrong)
    test(`is refused when it has ${name}`, () => {
      const bad = structuredClone(card()) as any;
      spoil(bad);
      expect(() => nst.parseModelCard(bad)).toThrow(message);
    });
  test("is refused when it is no object at all", () => {
    for (const bad of [null, 3, "text"]) expect(() => nst.parseModelCard(bad)).toThrow(nst.WeightsError);
  });
});

describe("weights that are read one at a time", () => {
  const card = () => ({ ...nst.squeezenetCard("1.1", { conv1: 4, fires: [{ squeeze: 2, expand1x1: 3, expand3x3: 2 }] }), defaults: { ...nst.squeezenetCard().defaults, contentLayer: "fire2", styleLayers: {} } });
  const oihw = (weights: Map<string, nst.StoredTensor>) => new Map([...weights].map(([key, stored]): [string, nst.StoredTensor] => {
    if (!key.endsWith(".kernel")) return [key, stored];
    const [h, w, i, o] = stored.shape;
    return [key, { ...stored, shape: [o, i, h, w], data: tf.tidy(() => tf.tensor(stored.data as Float32Array, [h, w, i, o]).transpose([3, 2, 0, 1]).dataSync() as Float32Array) }];
  }));
  const read = async (network: nst.Network) => {
    const picture = tf.randomUniform<tf.Rank.R3>([17, 16, 3], 0, 1, "float32", 1);
    const F = nst.features(network, picture, ["fire2"])["fire2"];
    const data = await F.data();
    tf.dispose([F, picture]);
    nst.disposeNetwork(network);
    return data;
  };

  test("make the same network, and the next is asked for when the one before is on the backend", async () => {
    const weights = oihw(nst.randomWeights(card(), 1));
    const asked: [string, number][] = [];
    const network = await nst.createNetworkFrom(card(), async (key) => {
      asked.push([key, tf.memory().numTensors - before]);
      return weights.get(key)!;
    });
    expect(asked).toEqual(["conv1", "fire2_squeeze", "fire2_expand1x1", "fire2_expand3x3"].flatMap((layer, i) => [[`${layer}.kernel`, 3 * i], [`${layer}.bias`, 3 * i]]));
    expect(await read(network)).toEqual(await read(nst.createNetwork(card(), weights)));
  });

  test("free what they have made when one cannot be read", async () => {
    const weights = oihw(nst.randomWeights(card(), 1));
    const reading = nst.createNetworkFrom(card(), async (key) => {
      if (key === "fire2_expand1x1.bias") throw new Error("the disk is gone");
      return weights.get(key)!;
    });
    await expect(reading).rejects.toThrow("the disk is gone");
    expect(tf.memory().numTensors).toBe(before);
  });

  test("may be 8-bit numbers with a scale for each output channel, in either layout", async () => {
    const weights = nst.randomWeights(card(), 1);
    for (const kernelLayout of ["HWIO", "OIHW"] as const) {
      const stored = kernelLayout === "HWIO" ? weights : oihw(weights);
      const scaleOf = (shape: number[], at: number) => (kernelLayout === "HWIO" ? at % shape[3] : Math.floor(at / (shape[1] * shape[2] * shape[3])));
      const [small, same] = [new Map<string, nst.StoredTensor>(), new Map<string, nst.StoredTensor>()];
      for (const [key, { shape, data }] of stored) {
        if (key.endsWith(".bias")) {
          for (const map of [small, same]) map.set(key, { dtype: "F32", shape, data });
          continue;
        }
        const scale = Float32Array.from({ length: Math.max(...[...data].map((_, at) => scaleOf(shape, at) + 1)) }, (_, o) => 0.01 * (o + 1));
        const whole = Int8Array.from(data as Float32Array, (value, at) => Math.max(-127, Math.min(127, Math.round(value / scale[scaleOf(shape, at)]))));
        small.set(key, { dtype: "I8", shape, data: whole });
        small.set(`${key}_scale`, { dtype: "F32", shape: [scale.length], data: scale });
        same.set(key, { dtype: "F32", shape, data: Float32Array.from(whole, (n, at) => n * scale[scaleOf(shape, at)]) });
      }
      const with8 = { ...card(), weights: { ...card().weights, kernelLayout, dtype: "I8" as const } };
      const plain = { ...card(), weights: { ...card().weights, kernelLayout } };
      expect(await read(await nst.createNetworkFrom(with8, async (key) => small.get(key)!))).toEqual(await read(nst.createNetwork(plain, same)));
      small.delete("fire2_squeeze.kernel_scale");
      expect(() => nst.createNetwork(with8, small)).toThrow(/lack fire2_squeeze\.kernel_scale/);
    }
  });
});

describe("safetensors", () => {
  const file = () => bytesOf("public/models/vgg19-slim/weights.safetensors");
  test("a file that is cut off says how much is missing", () => {
    expect(() => nst.readSafetensors(file().slice(0, 1_000_000), "weights.safetensors")).toThrow(/weights\.safetensors is cut off inside .*1000000 bytes are there/);
    expect(() => nst.readSafetensors(file().slice(0, 100))).toThrow(/cut off: its header/);
    expect(() => nst.readSafetensors(file().slice(0, 3))).toThrow(/3 bytes, too few/);
  });
  test("one tensor can be read without the others, from a file in memory or on a disk", async () => {
    const all = nst.readSafetensors(file());
    for (const source of [file(), new Blob([file()])]) {
      const opened = await nst.openSafetensors(source);
      expect(opened.keys).toEqual([...all.keys()]);
      for (const key of ["block1_conv1.kernel", "block5_conv4.bias"]) expect(await opened.read(key)).toEqual(all.get(key));
      await expect(opened.read("block9.kernel")).rejects.toThrow(/holds no block9\.kernel\. It holds block/);
    }
    await expect(nst.openSafetensors(new Blob([file().slice(0, 1_000_000)]))).rejects.toThrow(/cut off inside/);
    await expect(nst.openSafetensors(new Blob(["abc"]))).rejects.toThrow(/3 bytes, too few/);
  });
  test("8-bit integers and bfloat16 are read", () => {
    const header = new TextEncoder().encode(JSON.stringify({ a: { dtype: "I8", shape: [3], data_offsets: [0, 3] }, b: { dtype: "BF16", shape: [3], data_offsets: [3, 9] } }));
    const bytes = new Uint8Array(8 + header.length + 9);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(header, 8);
    bytes.set([0x80, 0xff, 0x7f, 0x80, 0x3f, 0x49, 0xc0, 0x00, 0x80], 8 + header.length);
    const tensors = nst.readSafetensors(bytes.buffer);
    expect([...tensors.get("a")!.data]).toEqual([-128, -1, 127]);
    expect([...tensors.get("b")!.data]).toEqual([1, -3.140625, -0]);
  });
  test("something else is refused without reading what its first bytes promise", () => {
    expect(() => nst.readSafetensors(new TextEncoder().encode("<!doctype html><title>Not found").buffer as ArrayBuffer)).toThrow(/not a safetensors file/);
  });
  test("half precision is decoded exactly: every one of the 65 536 bit patterns", () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const decoded = nst.decodeFloat16(halves);
    halves.forEach((bits, i) => {
      const sign = bits & 0x8000 ? -1 : 1;
      const exponent = (bits >> 10) & 31;
      const fraction = bits & 1023;
      const value = exponent === 31 ? (fraction ? NaN : sign * Infinity) : exponent ? sign * 2 ** (exponent - 15) * (1 + fraction / 1024) : sign * 2 ** -24 * fraction;
      if (!Object.is(decoded[i], value)) expect([i, decoded[i]]).toEqual([i, value]);
    });
  });
});

describe("the initial picture", () => {
  test("is the content, noise of a seed, or a blend of both", async () => {
    const content = tf.fill([8, 8, 3], 0.25) as tf.Tensor3D;
    const read = async (kind: nst.Initialisation, seed: number) => {
      const picture = nst.initialPicture(content, kind, seed);
      const data = await picture.data();
      picture.dispose();
      return data;
    };
    expect(new Set(await read({ kind: "content" }, 1))).toEqual(new Set([0.25]));
    const noise = await read({ kind: "noise" }, 1);
    expect(noise).toEqual(await read({ kind: "noise" }, 1));
    expect(noise).not.toEqual(await read({ kind: "noise" }, 2));
    expect(Math.min(...noise)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...noise)).toBeLessThanOrEqual(1);
    const blend = await read({ kind: "blend", noise: 0.4 }, 1);
    blend.forEach((v, i) => expect(v).toBeCloseTo(0.6 * 0.25 + 0.4 * noise[i], 5));
    content.dispose();
  });
});
