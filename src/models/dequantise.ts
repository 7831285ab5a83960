/** Weights that TensorFlow.js' converter stored with fewer bits. */
import { WeightsError } from "../nst/safetensors";

export interface Quantisation {
  /** of one number, as it is stored */
  bytes: 1 | 2;
  becomes: "F32" | "F16";
  scale: number;
  least: number;
}

/**
 * @param said what a manifest says of a tensor; nothing for one that is stored as it is
 * @throws WeightsError when it is quantised in a way that is not known
 */
export function quantisationOf(said: unknown, file: string, name: string): Quantisation | null {
  if (said === undefined || said === null) return null;
  const { dtype, scale, min } = said as { dtype?: unknown; scale?: unknown; min?: unknown };
  if (dtype === "float16") return { bytes: 2, becomes: "F16", scale: 1, least: 0 };
  if ((dtype !== "uint8" && dtype !== "uint16") || !Number.isFinite(scale) || !Number.isFinite(min)) {
    throw new WeightsError(`“${file}” stores “${name}” quantised to ${String(dtype)} with scale ${String(scale)} and least value ${String(min)}; known are uint8, uint16 and float16. Convert the model again.`);
  }
  return { bytes: dtype === "uint8" ? 1 : 2, becomes: "F32", scale: scale as number, least: min as number };
}

/**
 * value = stored · scale + least, rounded to 32 bits once, as TensorFlow.js does (io_utils.ts, `decodeWeights`).
 * @param bytes as stored, little-endian
 * @returns float32, or halves as they are
 */
export function dequantise(bytes: Uint8Array, { becomes, bytes: width, scale, least }: Quantisation): Uint8Array {
  if (becomes === "F16") return bytes;
  const stored = width === 1 ? bytes : new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  const values = new Float32Array(stored.length);
  for (let i = 0; i < stored.length; i++) values[i] = stored[i] * scale + least;
  return new Uint8Array(values.buffer);
}
