import { alexnetLayers } from "../../src/nst/alexnet";
import type { LayerSpec } from "../../src/nst/model-card";
import { mulberry32 } from "../../src/nst/random";
import { squeezenetLayers, SQUEEZENET_WIDTHS, type SqueezeNetVersion } from "../../src/nst/squeezenet";
import { vggLayers, VGG_WIDTHS } from "../../src/nst/vgg";
import { BYTES_PER_NUMBER, type FileFormat, type NumberFormat, type RawTensor, type WeightArchive } from "../../src/models/archive";

export interface MemoryTensor {
  shape: number[];
  format?: NumberFormat;
  /** without it, reading is refused: recognising must not read numbers */
  bytes?: Uint8Array;
}

/** A weights file that is only a list, and as many numbers as a test needs. */
export function memoryArchive(tensors: Readonly<Record<string, MemoryTensor>>, { name = "weights.pth", format = "pytorch" as FileFormat, metadata = {} as Record<string, string> } = {}): WeightArchive {
  const list = Object.entries(tensors).map(([tensor, { shape, format: numbers = "F32", bytes }]) => ({
    name: tensor, shape, format: numbers,
    read: async (): Promise<RawTensor> => {
      if (!bytes) throw new Error(`${tensor} was read`);
      return { shape, format: numbers, bytes: bytes.slice() };
    },
  }));
  const size = list.reduce((sum, { shape, format: numbers }) => sum + shape.reduce((a, b) => a * b, 1) * BYTES_PER_NUMBER[numbers], 0);
  return { format, name, size, metadata, tensors: list, close: () => {} };
}

export const bytesOfFloats = (numbers: ArrayLike<number>): Uint8Array => new Uint8Array(Float32Array.from(numbers).buffer);

/** Numbers as a network begins with before its training: He's deviation for a kernel, small ones for a bias. */
export function heNumbers(shape: readonly number[], fanIn: number, seed = 1): Float32Array {
  const random = mulberry32(seed);
  const deviation = Math.sqrt(2 / fanIn);
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()) * deviation);
}

interface ConvShape {
  name: string;
  kernel: number;
  cin: number;
  cout: number;
}

/** Kernel size and channels of every convolution, by the layers alone. */
export function convShapes(layers: readonly LayerSpec[]): ConvShape[] {
  const channels = new Map([["", 3]]);
  let before = "";
  return layers.flatMap((layer) => {
    const cin = (layer.input === undefined ? [before] : [layer.input].flat()).reduce((sum, name) => sum + channels.get(name)!, 0);
    channels.set(layer.name, layer.kind === "conv" ? layer.channels : cin);
    before = layer.name;
    return layer.kind === "conv" ? [{ name: layer.name, kernel: layer.kernel, cin, cout: layer.channels }] : [];
  });
}

/** Tensors of convolutions as a tool names them: `named` says how the kernel and the bias of a layer are called. */
export function tensorsOf(layers: readonly LayerSpec[], named: (name: string, i: number) => [kernel: string, bias: string], layout: "OIHW" | "HWIO" = "OIHW"): Record<string, MemoryTensor> {
  return Object.fromEntries(convShapes(layers).flatMap(({ name, kernel: k, cin, cout }, i) => {
    const [kernel, bias] = named(name, i);
    return [[kernel, { shape: layout === "OIHW" ? [cout, cin, k, k] : [k, k, cin, cout] }], [bias, { shape: [cout] }]];
  }));
}

type Depth = 11 | 13 | 16 | 19;

/** Places of the convolutions in torchvision's `features`, written out as `print(vgg19())` shows them. */
const TORCH_PLACES: Record<string, number[]> = {
  "11": [0, 3, 6, 8, 11, 13, 16, 18],
  "13": [0, 2, 5, 7, 10, 12, 15, 17, 20, 22],
  "16": [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28],
  "19": [0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34],
  "11bn": [0, 4, 8, 11, 15, 18, 22, 25],
  "13bn": [0, 3, 7, 10, 14, 17, 21, 24, 28, 31],
  "16bn": [0, 3, 7, 10, 14, 17, 20, 24, 27, 30, 34, 37, 40],
  "19bn": [0, 3, 7, 10, 14, 17, 20, 23, 27, 30, 33, 36, 40, 43, 46, 49],
};

const CLASSIFIER: Record<string, MemoryTensor> = {
  "classifier.0.weight": { shape: [4096, 25088] }, "classifier.0.bias": { shape: [4096] },
  "classifier.3.weight": { shape: [4096, 4096] }, "classifier.3.bias": { shape: [4096] },
  "classifier.6.weight": { shape: [1000, 4096] }, "classifier.6.bias": { shape: [1000] },
};

/** A VGG as torchvision names it, with its classifier. */
export function torchVgg(depth: Depth, { widths = VGG_WIDTHS as readonly number[], normalised = false, prefix = "features." } = {}): Record<string, MemoryTensor> {
  const places = TORCH_PLACES[`${depth}${normalised ? "bn" : ""}`];
  const convs = tensorsOf(vggLayers(depth, widths), (_, i) => [`${prefix}${places[i]}.weight`, `${prefix}${places[i]}.bias`]);
  const norms = !normalised ? {} : Object.fromEntries(convShapes(vggLayers(depth, widths)).flatMap(({ cout }, i) => [
    ...["weight", "bias", "running_mean", "running_var"].map((part) => [`${prefix}${places[i] + 1}.${part}`, { shape: [cout] }]),
    [`${prefix}${places[i] + 1}.num_batches_tracked`, { shape: [], format: "I64" }],
  ]));
  return { ...convs, ...norms, ...(prefix === "features." ? CLASSIFIER : {}) };
}

/** A SqueezeNet as torchvision names it, with its classifier. */
export function torchSqueezenet(version: SqueezeNetVersion, widths = SQUEEZENET_WIDTHS[version]): Record<string, MemoryTensor> {
  const fires = version === "1.0" ? [3, 4, 5, 7, 8, 9, 10, 12] : [3, 4, 6, 7, 9, 10, 11, 12];
  const tensors = tensorsOf(squeezenetLayers(version, widths), (name) => {
    const [, fire, part] = /^fire(\d)_(.*)$/.exec(name) ?? [];
    const path = fire ? `features.${fires[Number(fire) - 2]}.${part}` : "features.0";
    return [`${path}.weight`, `${path}.bias`];
  });
  return { ...tensors, "classifier.1.weight": { shape: [1000, 512, 1, 1] }, "classifier.1.bias": { shape: [1000] } };
}

/** An AlexNet as torchvision names it. */
export function torchAlexnet(widths?: readonly number[]): Record<string, MemoryTensor> {
  const tensors = tensorsOf(alexnetLayers(widths), (_, i) => [`features.${[0, 3, 6, 8, 10][i]}.weight`, `features.${[0, 3, 6, 8, 10][i]}.bias`]);
  return { ...tensors, "classifier.1.weight": { shape: [4096, 9216] }, "classifier.1.bias": { shape: [4096] } };
}

/** The same tensors with numbers of He's deviation. */
export function withNumbers(tensors: Record<string, MemoryTensor>): Record<string, MemoryTensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor], seed) => {
    const fanIn = tensor.shape.length === 4 ? tensor.shape.slice(1).reduce((a, b) => a * b, 1) : 100;
    return [name, { ...tensor, bytes: bytesOfFloats(heNumbers(tensor.shape, fanIn, seed + 1)) }];
  }));
}
