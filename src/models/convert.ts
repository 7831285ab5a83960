import { decodeNumbers } from "../nst/decode-numbers";
import { WeightsError } from "../nst/safetensors";
import type { ArchiveTensor, NumberFormat, RawTensor, WeightArchive } from "./archive";
import { isConv, type KernelLayout } from "./architectures";
import { foldBatchNorm } from "./batch-norm";
import { checked, type TensorStatistics } from "./plausible";
import type { Recognised, RecognisedLayer } from "./recognised";
import { bytesOf } from "./smaller";

export type { TensorStatistics } from "./plausible";

/** A tensor as it is kept: `<layer>.kernel`, `<layer>.bias`, or `<layer>.kernel_scale` of an 8-bit kernel. */
export interface ConvertedTensor {
  key: string;
  /** I8 only where a file of our own holds it */
  format: "F32" | "F16" | "I8";
  shape: number[];
  /** little-endian, C order, in memory of its own */
  bytes: Uint8Array;
  stats: TensorStatistics;
}

/**
 * Reads what `recognise` found, one tensor at a time, in the card's order. Halves stay halves where all kernels are;
 * everything else becomes 32 bits. Batch normalisation is folded; a convolution without a bias is given zeros.
 * @returns for every convolution its kernel, for an 8-bit one its scale, its bias
 * @throws WeightsError naming the tensor, what was measured and what is usual
 */
export async function* convert(archive: WeightArchive, recognised: Recognised): AsyncGenerator<ConvertedTensor> {
  const { card } = recognised;
  const reader = new Reader(archive);
  const filters = new Map(card.layers.filter(isConv).map(({ name, channels }) => [name, channels]));
  for (const layer of recognised.layers) {
    const cout = filters.get(layer.layer)!;
    yield* layer.scale ? eightBits(reader, layer, layer.scale, card.weights.kernelLayout) : layer.norm ? folded(reader, layer, card.weights.kernelLayout) : plain(reader, layer, cout, card.weights.dtype === "F16");
    if (!layer.norm) yield await biasOf(reader, layer, cout, card.weights.dtype === "F16");
  }
}

async function* plain(reader: Reader, { layer, kernel }: RecognisedLayer, cout: number, halves: boolean): AsyncGenerator<ConvertedTensor> {
  const raw = await reader.raw(kernel);
  const numbers = reader.numbersOf(raw, kernel);
  const stats = checked(numbers, kernel, numbers.length / cout);
  yield { key: `${layer}.kernel`, shape: raw.shape, stats, ...stored(raw, numbers, halves) };
}

async function* eightBits(reader: Reader, { layer, kernel }: RecognisedLayer, scale: string, layout: KernelLayout): AsyncGenerator<ConvertedTensor> {
  const scales = await reader.numbers(scale);
  const raw = await reader.raw(kernel);
  const steps = new Int8Array(raw.bytes.buffer, raw.bytes.byteOffset, raw.bytes.byteLength);
  const perFilter = steps.length / scales.length;
  const stats = checked(Float32Array.from(steps, (step, i) => step * scales[layout === "HWIO" ? i % scales.length : Math.floor(i / perFilter)]), kernel, perFilter);
  yield { key: `${layer}.kernel`, shape: raw.shape, format: "I8", bytes: raw.bytes, stats };
  yield { key: `${layer}.kernel_scale`, shape: [scales.length], format: "F32", bytes: bytesOf(scales), stats: checked(scales, scale, null) };
}

async function* folded(reader: Reader, { layer, kernel, bias, norm }: RecognisedLayer, layout: KernelLayout): AsyncGenerator<ConvertedTensor> {
  const { gamma, beta, mean, variance, epsilon } = norm!;
  const parts = { gamma: await reader.numbers(gamma), beta: await reader.numbers(beta), mean: await reader.numbers(mean), variance: await reader.numbers(variance), epsilon };
  for (const [name, part] of [[gamma, parts.gamma], [beta, parts.beta], [mean, parts.mean]] as const) checked(part, name, null);
  const before = bias === null ? null : await reader.numbers(bias);
  const raw = await reader.raw(kernel);
  const numbers = reader.numbersOf(raw, kernel);
  const cout = parts.gamma.length;
  checked(numbers, kernel, numbers.length / cout);
  const after = foldBatchNorm(numbers, before, parts, layout, variance);
  yield { key: `${layer}.kernel`, shape: raw.shape, format: "F32", bytes: bytesOf(numbers), stats: checked(numbers, `${kernel} with its normalisation`, numbers.length / cout) };
  yield { key: `${layer}.bias`, shape: [cout], format: "F32", bytes: bytesOf(after), stats: checked(after, `${kernel} with its normalisation`, null) };
}

async function biasOf(reader: Reader, { layer, bias }: RecognisedLayer, cout: number, halves: boolean): Promise<ConvertedTensor> {
  const raw: RawTensor = bias === null ? { format: "F32", shape: [cout], bytes: new Uint8Array(4 * cout) } : await reader.raw(bias);
  const numbers = reader.numbersOf(raw, bias ?? `${layer}.bias`);
  return { key: `${layer}.bias`, shape: raw.shape, stats: checked(numbers, bias ?? `${layer}.bias`, null), ...stored(raw, numbers, halves) };
}

/** The archive's tensors by name, one read at a time. */
class Reader {
  readonly #tensors: Map<string, ArchiveTensor>;

  constructor(private readonly archive: WeightArchive) {
    this.#tensors = new Map(archive.tensors.map((tensor) => [tensor.name, tensor]));
  }

  async raw(name: string): Promise<RawTensor> {
    const tensor = this.#tensors.get(name);
    if (!tensor) throw new WeightsError(`“${this.archive.name}” has no tensor “${name}” any more. Choose the file again.`);
    const raw = await tensor.read();
    if (raw.shape.join() !== tensor.shape.join()) throw new WeightsError(`“${this.archive.name}” announces “${name}” with the shape ${tensor.shape.join("×")} and holds ${raw.shape.join("×")}. The file is damaged.`);
    return raw;
  }

  async numbers(name: string): Promise<Float32Array> {
    return this.numbersOf(await this.raw(name), name);
  }

  /** The numbers in 32 bits; those that are so already share the tensor's memory. */
  numbersOf({ format, bytes }: RawTensor, name: string): Float32Array {
    if (!WEIGHTS.includes(format)) throw new WeightsError(`“${this.archive.name}” holds “${name}” in whole numbers (${format}), and nothing says what they stand for. Weights in 16, 32 or 64 bits with a point are needed.`);
    // memory of its own, because numbers have to begin at a multiple of their size
    const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
    const numbers = decodeNumbers(format, (whole ? bytes.buffer : bytes.slice().buffer) as ArrayBuffer);
    return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
  }
}

const WEIGHTS: readonly NumberFormat[] = ["F16", "BF16", "F32", "F64"];

function stored({ format, bytes }: RawTensor, numbers: Float32Array, halves: boolean): Pick<ConvertedTensor, "format" | "bytes"> {
  return format === "F16" && halves ? { format, bytes } : { format: "F32", bytes: bytesOf(numbers) };
}

