/** What files announce of their tensors, checked before any memory is taken for it. */
import { WeightsError } from "../nst/safetensors";
import { BYTES_PER_NUMBER, type ArchiveTensor, type NumberFormat } from "./archive";
import type { Limits } from "./limits";

const MOST_AXES = 8;

/** A shape as people write it: `3 × 3 × 64 × 64`, or “one number”. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? "one number" : shape.join(" × ");
}

/**
 * @param file name of the file, for messages
 * @param tensor name of the tensor, for messages
 * @param shape as announced: anything
 * @returns how many numbers a tensor of that shape has
 * @throws WeightsError when it is no shape, or its product cannot be counted
 */
export function countNumbers(file: string, tensor: string, shape: unknown): number {
  if (!Array.isArray(shape) || !shape.every((side) => Number.isSafeInteger(side) && side >= 0)) throw new WeightsError(`“${file}” gives “${tensor}” no shape. Fetch or export it again.`);
  if (shape.length > MOST_AXES) throw new WeightsError(`“${file}” gives “${tensor}” ${shape.length} axes; the weights of networks for pictures have four at most. Fetch or export it again.`);
  let count = 1;
  for (const side of shape) {
    count *= side;
    if (!Number.isSafeInteger(count)) throw new WeightsError(`“${file}” announces “${tensor}” as ${shapeText(shape)}: more numbers than any disk holds. Fetch it again from a place that you trust.`);
  }
  return count;
}

/** @throws WeightsError when a file announces more tensors than any network has */
export function checkTensorCount(file: string, count: number, limits: Limits): void {
  if (count > limits.tensors) throw new WeightsError(`“${file}” announces more than ${limits.tensors.toLocaleString("en")} tensors; networks for pictures have some hundreds. It is not a weights file that can be used here.`);
}

/** @throws WeightsError when reading a tensor would take more memory than is given for one */
export function checkTensorSize(file: string, { name, format, shape }: Pick<ArchiveTensor, "name" | "format" | "shape">, limits: Limits): void {
  const bytes = countNumbers(file, name, shape) * BYTES_PER_NUMBER[format];
  if (bytes > limits.tensorBytes) throw new WeightsError(`“${name}” in “${file}” takes ${megabytes(bytes)}; tensors of up to ${megabytes(limits.tensorBytes)} are read. The convolutions of networks for pictures are smaller.`);
}

/** `9.4 MB`, for messages. */
export function megabytes(bytes: number): string {
  const mega = bytes / 1e6;
  return `${mega >= 10 ? Math.round(mega).toLocaleString("en") : Number(mega.toPrecision(2))} MB`;
}

/** Names in messages: the first few, and how many more there are. */
export function someNames(names: readonly string[], most = 3): string {
  const more = names.length - most;
  return names.slice(0, most).map((name) => `“${name}”`).join(", ") + (more > 0 ? ` and ${more.toLocaleString("en")} more` : "");
}

/** Number formats by the names that NumPy and TensorFlow give them. */
export const FORMAT_OF: Readonly<Record<string, NumberFormat>> = { float16: "F16", float32: "F32", float64: "F64", int8: "I8", uint8: "U8", int16: "I16", int32: "I32", int64: "I64", bool: "U8" };
