import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { createNetwork, disposeNetwork, features, vggCard, type StoredTensor } from "../../src/nst";
import type { FileSource, NumberFormat, WeightArchive } from "../../src/models/archive";
import { foldBatchNorm } from "../../src/models/batch-norm";
import { convert, type ConvertedTensor } from "../../src/models/convert";
import { knownFile } from "../../src/models/known-files";
import { checked, statisticsOf, USUAL } from "../../src/models/plausible";
import { recognise } from "../../src/models/recognise";
import { decodeNumbers } from "../../src/nst/decode-numbers";
import { fixture } from "../support/fixtures";
import { bytesOfFloats, heNumbers, memoryArchive, torchSqueezenet, tensorsOf, torchVgg, withNumbers, type MemoryTensor } from "../support/memory-archives";
import { nodeBackend } from "../support/node-backends";
import { relativeError, tensorOf } from "../support/parity";

const converted = async (archive: WeightArchive): Promise<ConvertedTensor[]> => {
  const all = [];
  for await (const tensor of convert(archive, recognise(archive))) all.push(tensor);
  return all;
};
const why = (archive: WeightArchive) => converted(archive).then(() => { throw new Error("it was converted"); }, (error: Error) => error.message);
const stored = (tensors: readonly ConvertedTensor[]): Map<string, StoredTensor> =>
  new Map(tensors.map(({ key, format, shape, bytes }) => [key, { dtype: format, shape, data: decodeNumbers(format, bytes.slice().buffer as ArrayBuffer) }]));

const WIDTHS = [2, 3, 4, 5, 5];
const thin = () => withNumbers(torchVgg(19, { widths: WIDTHS, prefix: "" }));
const swapped = (bytes: Uint8Array, size: number) => bytes.slice().map((_, i) => bytes[i - (i % size) + (size - 1 - (i % size))]);

describe("converting", () => {
  it("yields kernel and bias of every convolution, in the card's order, whatever the order in the file", async () => {
    const tensors = thin();
    const turned = Object.fromEntries(Object.entries(tensors).reverse());
    const all = await converted(memoryArchive(turned));
    expect(all.slice(0, 4).map(({ key, format, shape }) => [key, format, shape])).toEqual([
      ["block1_conv1.kernel", "F32", [2, 3, 3, 3]], ["block1_conv1.bias", "F32", [2]], ["block1_conv2.kernel", "F32", [2, 2, 3, 3]], ["block1_conv2.bias", "F32", [2]],
    ]);
    expect(all).toHaveLength(32);
    expect(all[2].bytes).toEqual(tensors["2.weight"].bytes);
  });

  it("tells the mean, the deviation and the largest of each", async () => {
    const [kernel] = await converted(memoryArchive(thin()));
    const numbers = [...decodeNumbers("F32", kernel.bytes.slice().buffer as ArrayBuffer)];
    const mean = numbers.reduce((a, b) => a + b) / numbers.length;
    expect(kernel.stats.mean).toBeCloseTo(mean, 12);
    expect(kernel.stats.deviation).toBeCloseTo(Math.sqrt(numbers.reduce((a, b) => a + (b - mean) ** 2, 0) / numbers.length), 12);
    expect(kernel.stats.largest).toBe(Math.max(...numbers.map(Math.abs)));
  });

  it("halves stay as they are, bit for bit; brain floats and doubles become 32 bits", async () => {
    const tensors = thin();
    const as = (format: NumberFormat, encode: (floats: Float32Array) => Uint8Array) =>
      Object.fromEntries(Object.entries(tensors).map(([name, { shape, bytes }]) => [name, { shape, format, bytes: encode(new Float32Array(bytes!.buffer)) }]));
    // the upper halves of floats, and numbers that every format holds
    const brain = (floats: Float32Array) => new Uint8Array(Uint16Array.from(floats, (_, i) => new Uint32Array(floats.buffer)[i] >>> 16).buffer);
    const all = await converted(memoryArchive(as("BF16", brain)));
    expect(all[0].format).toBe("F32");
    const before = new Float32Array(tensors["0.weight"].bytes!.buffer);
    const after = decodeNumbers("F32", all[0].bytes.slice().buffer as ArrayBuffer);
    before.forEach((x, i) => expect(Math.abs(after[i] - x)).toBeLessThanOrEqual(Math.abs(x) / 128));

    const doubles = await converted(memoryArchive(as("F64", (floats) => new Uint8Array(Float64Array.from(floats).buffer))));
    expect(doubles.map(({ bytes }) => Buffer.from(bytes).toString("hex"))).toEqual((await converted(memoryArchive(tensors))).map(({ bytes }) => Buffer.from(bytes).toString("hex")));

    // every half that is a usual weight, in both signs
    const halves = Object.fromEntries(Object.entries(tensors).map(([name, { shape, bytes }]) => [name, { shape, format: "F16" as const, bytes: new Uint8Array(Uint16Array.from({ length: bytes!.length / 4 }, (_, i) => (0x2000 + ((37 * i) % 3000)) | (i % 2 << 15)).buffer) }]));
    const archive = memoryArchive(halves);
    const sources = recognise(archive).layers.flatMap(({ kernel, bias }) => [kernel, bias!]);
    for (const [i, { format, bytes }] of (await converted(archive)).entries()) expect([format, bytes]).toEqual(["F16", halves[sources[i]].bytes]);
  });

  it("a bias that is missing becomes zeros", async () => {
    const { "2.bias": _, ...tensors } = thin();
    const bias = (await converted(memoryArchive(tensors)))[3];
    expect(bias).toMatchObject({ key: "block1_conv2.bias", shape: [2], bytes: new Uint8Array(8) });
  });

  it("holds one tensor at a time: a layer that is not asked for is not read", async () => {
    const tensors = withNumbers(torchVgg(11, { widths: WIDTHS, prefix: "" }));
    const archive = memoryArchive({ ...tensors, "3.weight": { shape: tensors["3.weight"].shape } });
    const going = convert(archive, recognise(archive));
    expect((await going.next()).value?.key).toBe("block1_conv1.kernel");
    expect((await going.next()).value?.key).toBe("block1_conv1.bias");
    await expect(going.next()).rejects.toThrow("3.weight was read");
  });

  it("an 8-bit file of our own stays one, its scales beside it", async () => {
    const card = vggCard(11, WIDTHS);
    const eight: Record<string, MemoryTensor> = {};
    for (const [name, { shape }] of Object.entries(tensorsOf(card.layers, (layer) => [`${layer}.kernel`, `${layer}.bias`], "HWIO"))) {
      const count = shape.reduce((a, b) => a * b, 1);
      if (!name.endsWith(".kernel")) eight[name] = { shape, bytes: bytesOfFloats(new Float32Array(count)) };
      else {
        eight[name] = { shape, format: "I8", bytes: new Uint8Array(Int8Array.from({ length: count }, (_, i) => ((i * 37) % 255) - 127).buffer) };
        eight[`${name}_scale`] = { shape: [shape[3]], bytes: bytesOfFloats(new Float32Array(shape[3]).fill(0.5 / 127)) };
      }
    }
    const all = await converted(memoryArchive(eight, { format: "safetensors", metadata: { "nst.card": JSON.stringify(card) } }));
    expect(all.slice(0, 3).map(({ key, format }) => [key, format])).toEqual([["block1_conv1.kernel", "I8"], ["block1_conv1.kernel_scale", "F32"], ["block1_conv1.bias", "F32"]]);
    expect(all[0].bytes).toEqual(eight["block1_conv1.kernel"].bytes);
    expect(all[0].stats.largest).toBeCloseTo(0.5, 2);
  });
});

describe("batch normalisation", () => {
  beforeAll(() => nodeBackend("cpu"));

  it("folded into the convolutions gives PyTorch's features", async () => {
    const before = tf.memory().numTensors;
    const truth = fixture("batch-norm");
    const archive = memoryArchive(Object.fromEntries([...truth.tensors].filter(([name]) => /\.\d+\./.test(name)).map(([name, { shape, data }]) => [name, { shape, bytes: bytesOfFloats(data) }])));
    const found = recognise(archive);
    expect(found).toMatchObject({ architecture: "vgg11", title: "VGG-11 with batch normalisation and 3, 4, 5, 6, 6 filters" });
    const network = createNetwork(found.card, stored(await converted(archive)));
    const picture = tensorOf(truth, "picture");
    const layers: string[] = truth.json.layers;
    const maps = features(network, picture, layers, { pooling: "maximum" });
    for (const layer of layers) expect(relativeError(await maps[layer].data(), truth.tensors.get(`features.${layer}`)!.data), layer).toBeLessThan(1e-5);
    tf.dispose([maps, picture]);
    disposeNetwork(network);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("reckons filter by filter in both orders of a kernel's dimensions", () => {
    // two filters of one number each: 3·(W x + 1 − 5)/2 + 7 and −1·(W x + 2 − 6)/4 + 8
    const norm = { gamma: [3, -1], beta: [7, 8], mean: [5, 6], variance: [3, 15], epsilon: 1 };
    const oihw = Float32Array.of(10, 20, 30, 40);
    expect([...foldBatchNorm(oihw, [1, 2], norm, "OIHW", "v")]).toEqual([1, 9]);
    expect([...oihw]).toEqual([15, 30, -7.5, -10]);
    const hwio = Float32Array.of(10, 30, 20, 40);
    expect([...foldBatchNorm(hwio, null, norm, "HWIO", "v")]).toEqual([-0.5, 9.5]);
    expect([...hwio]).toEqual([15, -7.5, 30, -10]);
  });

  it("with a negative variance is refused, and a variance of 0 is not", () => {
    const norm = { gamma: [1], beta: [0], mean: [0], variance: [-0.5], epsilon: 1e-5 };
    expect(() => foldBatchNorm(Float32Array.of(1), null, norm, "OIHW", "features.1.running_var")).toThrow(/“features.1.running_var” holds the variance -0.5 for filter 1/);
    expect(foldBatchNorm(Float32Array.of(1), null, { ...norm, variance: [0] }, "OIHW", "v")).toEqual(Float32Array.of(0));
  });
});

describe("numbers that are no weights are refused, naming the tensor, what was measured and what is usual", () => {
  const shape = [16, 8, 3, 3];
  const fanIn = 72;
  const he = heNumbers(shape, fanIn);
  const refused = (numbers: ArrayLike<number>) => expect(() => checked(numbers, "features.5.weight", fanIn));

  it("random numbers as a network begins with pass, and so do they in another order", () => {
    expect(checked(he, "k", fanIn).deviation).toBeCloseTo(Math.sqrt(2 / fanIn), 1);
    // shuffled numbers have the statistics of the right ones: only the sanity test can tell
    expect(checked(he.toSorted(), "k", fanIn).deviation).toBeCloseTo(checked(he, "k", fanIn).deviation, 12);
  });

  it("zeros, constants, NaN and infinities do not", () => {
    refused(new Float32Array(he.length)).toThrow(/“features.5.weight” holds numbers that are no weights: all are 0; .*Fetch or export it again/s);
    refused(new Float32Array(he.length).fill(0.01)).toThrow(/all are 0.01; filters differ/);
    refused(he.map((x, i) => (i === 7 ? NaN : x))).toThrow(/holds NaN as its number 8 of 1152/);
    refused(he.map((x, i) => (i === 1151 ? -Infinity : x))).toThrow(/holds -Infinity as its number 1152 of 1152/);
  });

  it("nor numbers whose bytes are swapped, or that are read from a wrong place", () => {
    const bytes = bytesOfFloats(he);
    refused(new Float32Array(swapped(bytes, 4).buffer)).toThrow(/standard deviation is|holds (NaN|-?Infinity)|holds -?\d/);
    const shifted = new Uint8Array(bytes.length);
    shifted.set(bytes.subarray(1));
    refused(new Float32Array(shifted.buffer)).toThrow(/features.5.weight/);
    const texts = new TextEncoder().encode("not weights at all, but the text of a page that says so. ".repeat(100)).slice(0, bytes.length);
    refused(new Float32Array(texts.buffer)).toThrow(/standard deviation is .*usually about 0.17/);
  });

  it("nor bytes that were taken for weights, nor numbers of another magnitude", () => {
    refused(he.map((_, i) => (i % 7) / 7 + 20)).toThrow(/mean is 20 and their standard deviation/);
    refused(he.map((x) => x * 1e6)).toThrow(/standard deviation is 1\d{5}; in a layer of this size it is usually about 0.17/);
    refused(he.map((x) => x * 1e-8)).toThrow(/standard deviation is/);
  });

  it("a pruned kernel, one that reads 0 to 255, and rescaled filters pass", () => {
    const usual = (numbers: ArrayLike<number>) => expect(() => checked(numbers, "k", fanIn)).not.toThrow();
    usual(he.map((x, i) => (i % 20 === 0 ? x : 0)));
    usual(he.map((x) => x / 128));
    usual(he.map((x, i) => x * (i < 576 ? 300 : 0.01)));
    usual(Float32Array.of(0.5));
  });

  it("a bias may be all zeros, and may not be larger than any", () => {
    expect(checked(new Float32Array(8), "b", null).deviation).toBe(0);
    expect(() => checked(Float32Array.of(1, 2e5), "features.5.bias", null)).toThrow(/“features.5.bias” .*largest is 200000; biases are usually below 30/);
    expect(USUAL.biasMost).toBeGreaterThan(1e4);
  });

  it("the check looks at every tensor of a file, and says which of them is wrong", async () => {
    const tensors = thin();
    expect(await why(memoryArchive({ ...tensors, "21.weight": { ...tensors["21.weight"], bytes: new Uint8Array(tensors["21.weight"].bytes!.length) } }))).toContain("“21.weight” holds numbers that are no weights: all are 0");
    expect(await why(memoryArchive({ ...tensors, "34.bias": { shape: [5], bytes: bytesOfFloats([1, 2, NaN, 4, 5]) } }))).toContain("“34.bias” holds NaN as its number 3 of 5");
  });

  it("doubles beyond 32 bits are not finite any more", async () => {
    const tensors = thin();
    expect(await why(memoryArchive({ ...tensors, "0.bias": { shape: [2], format: "F64", bytes: new Uint8Array(Float64Array.of(1, 1e300).buffer) } }))).toContain("“0.bias” holds Infinity as its number 2 of 2");
  });

  it("whole numbers are refused, because nothing says what they stand for", async () => {
    const tensors = thin();
    for (const format of ["I8", "U8"] as const)
      expect(await why(memoryArchive({ ...tensors, "0.weight": { shape: [2, 3, 3, 3], format, bytes: new Uint8Array(54) } }))).toContain(`“0.weight” in whole numbers (${format})`);
  });

  it("a tensor that is not as it was announced is refused", async () => {
    const archive = memoryArchive(thin());
    (archive.tensors[0] as { read: unknown }).read = async () => ({ format: "F32", shape: [2, 3, 3, 2], bytes: new Uint8Array(144) });
    expect(await why(archive)).toContain("announces “0.weight” with the shape 2×3×3×3 and holds 2×3×3×2");
  });
});

it("statistics keep their precision where the mean is large beside the deviation", () => {
  const { mean, deviation } = statisticsOf(Float64Array.from({ length: 1000 }, (_, i) => 1e9 + (i % 2)));
  expect(mean).toBeCloseTo(1e9 + 0.5, 3);
  expect(deviation).toBeCloseTo(0.5, 6);
});

describe("Keras' published files", () => {
  const file = (size: number, read: FileSource["read"]): FileSource => ({ name: "w.h5", size, read });

  it("are read through only when their length is one of theirs", async () => {
    const never = async () => { throw new Error("read"); };
    expect(await knownFile([file(80_134_623, never)])).toBeNull();
    expect(await knownFile([file(58_889_256, never), file(1, never)])).toBeNull();
    await expect(knownFile([file(80_134_624, never)])).rejects.toThrow("read");
  });

  it("of the same length and other bytes are said not to be intact, and every byte is read once", async () => {
    let at = 0;
    const piece = new Uint8Array(2 ** 20);
    const known = await knownFile([file(58_889_256, async (from, to) => {
      expect(from).toBe(at);
      at = to;
      return piece.subarray(0, to - from);
    })]);
    expect(at).toBe(58_889_256);
    expect(known).toMatchObject({ title: "Keras’ VGG-16 without top", input: "caffe-bgr", intact: false });
  });
});

it("a SqueezeNet with numbers becomes a network", async () => {
  await nodeBackend("cpu");
  const before = tf.memory().numTensors;
  const fire = { squeeze: 2, expand1x1: 3, expand3x3: 4 };
  const archive = memoryArchive(withNumbers(torchSqueezenet("1.0", { conv1: 5, fires: Array(8).fill(fire) })));
  const { card } = recognise(archive);
  disposeNetwork(createNetwork(card, stored(await converted(archive))));
  expect(tf.memory().numTensors).toBe(before);
});
