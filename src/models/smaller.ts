import { decodeNumbers } from "../nst/decode-numbers";
import type { ModelCard } from "../nst/model-card";
import { WeightsError } from "../nst/safetensors";
import type { NumberFormat } from "./archive";
import type { KernelLayout } from "./architectures";
import { encodeFloat16 } from "./encode-float16";

/** A tensor of a kept network without what is known about it. */
export interface CopyTensor {
  key: string;
  format: NumberFormat;
  shape: number[];
  bytes: Uint8Array;
}

/** Largest step of an 8-bit kernel: −127 … 127, so that 0 is in the middle. */
const STEPS = 127;

/**
 * One tensor of a kept network with fewer bits.
 *
 * "fp16": kernels and biases rounded to halves. "int8": kernels as whole steps −127 … 127 of a scale of each filter's
 * own, its largest weight / 127 (symmetric, per output channel), so that no weight moves by more than half a step;
 * biases, which are few and add up over a whole map, stay in 32 bits.
 * @param tensor of 16 or 32 bits
 * @returns one tensor, or two: `<layer>.kernel` in I8 and `<layer>.kernel_scale` [c_out] in F32
 * @throws WeightsError when the tensor has 8 bits already, or holds numbers that halves do not reach
 */
export function smaller(tensor: CopyTensor, kernelLayout: KernelLayout, to: "fp16" | "int8"): CopyTensor[] {
  const { key, shape } = tensor;
  const numbers = numbersOf(tensor);
  if (to === "int8") return key.endsWith(".kernel") ? eightBits(key, shape, numbers, kernelLayout) : [{ key, format: "F32", shape, bytes: bytesOf(numbers) }];
  const far = numbers.find((x) => Math.abs(x) >= 65520);
  if (far !== undefined) throw new WeightsError(`“${key}” holds ${far}, which is beyond what 16 bits reach (65504). Make a copy in 8 bits instead, or keep the network as it is.`);
  return [{ key, format: "F16", shape, bytes: bytesOf(encodeFloat16(numbers)) }];
}

function eightBits(key: string, shape: number[], numbers: Float32Array, layout: KernelLayout): CopyTensor[] {
  const filters = layout === "HWIO" ? shape[3] : shape[0];
  const perFilter = numbers.length / filters;
  const filterOf = layout === "HWIO" ? (i: number) => i % filters : (i: number) => Math.floor(i / perFilter);
  const scale = new Float32Array(filters);
  for (let i = 0; i < numbers.length; i++) scale[filterOf(i)] = Math.max(scale[filterOf(i)], Math.abs(numbers[i]));
  // a filter of zeros has nothing to scale, and one below the least float would become 0
  for (let o = 0; o < filters; o++) scale[o] = scale[o] / STEPS || 1;
  const steps = new Int8Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) steps[i] = Math.max(-STEPS, Math.min(STEPS, Math.round(numbers[i] / scale[filterOf(i)])));
  return [
    { key, format: "I8", shape, bytes: bytesOf(steps) },
    { key: `${key}_scale`, format: "F32", shape: [filters], bytes: bytesOf(scale) },
  ];
}

const TITLES = { fp16: "16 bits", int8: "8 bits" } as const;

/** The card of a copy with fewer bits: id and title say so, `weights.dtype` follows. */
export function smallerCard(card: ModelCard, to: "fp16" | "int8"): ModelCard {
  const { file, kernelLayout } = card.weights;
  return { ...card, id: `${card.id}-${to}`, title: `${card.title}, ${TITLES[to]}`, weights: { file, kernelLayout, dtype: to === "fp16" ? "F16" : "I8" } };
}

/**
 * Numbers of a kept tensor as float32, in memory of their own.
 * @throws WeightsError for 8-bit kernels: their scale is another tensor
 */
export function numbersOf({ key, format, bytes }: CopyTensor): Float32Array {
  if (format !== "F16" && format !== "F32") throw new WeightsError(`“${key}” is kept as ${format} already: make the copy of the network that this one was made of.`);
  return decodeNumbers(format, bytes.slice().buffer as ArrayBuffer) as Float32Array;
}

/** The memory of numbers as bytes, shared. */
export const bytesOf = (numbers: Float32Array | Uint16Array | Int8Array): Uint8Array => new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
