import { decodeFloat16 } from "./float16";

/** A tensor as a file holds it. Halves are already decoded to float32. */
export interface StoredTensor {
  /** as in the file: F16, F32, F64, U8, I32 … */
  dtype: string;
  shape: number[];
  data: Float32Array | Float64Array | Uint8Array | Int32Array;
}

/** Weights that cannot be used, with what was wrong, where, and what to do. */
export class WeightsError extends Error {
  override name = "WeightsError";
}

const BYTES: Record<string, number> = { F16: 2, F32: 4, F64: 8, U8: 1, I32: 4 };
const HEADER_LIMIT = 100_000_000;

/**
 * Reads a safetensors file: eight bytes of header length, a JSON header, the tensors' bytes.
 * Source: the format's specification (huggingface/safetensors, README "Format").
 * @param buffer the whole file
 * @param name for error messages
 * @returns tensors by name; data is copied, the buffer can be dropped
 * @throws WeightsError when the file is truncated, is not safetensors, or its header contradicts its length
 */
export function readSafetensors(buffer: ArrayBuffer, name = "the weights file"): Map<string, StoredTensor> {
  const fail = (what: string): never => {
    throw new WeightsError(`${name} ${what}. Fetch or export it again.`);
  };
  if (buffer.byteLength < 8) fail(`holds ${buffer.byteLength} bytes, too few for a safetensors file`);
  const headerLength = Number(new DataView(buffer).getBigUint64(0, true));
  if (headerLength > HEADER_LIMIT || headerLength < 2) fail(`is not a safetensors file (it announces a header of ${headerLength} bytes)`);
  if (8 + headerLength > buffer.byteLength) fail(`is cut off: its header should take ${headerLength} bytes, the file has ${buffer.byteLength}`);

  let header: Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }> = {};
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(buffer, 8, headerLength)));
  } catch {
    fail("is not a safetensors file (its header is not JSON)");
  }

  const start = 8 + headerLength;
  const tensors = new Map<string, StoredTensor>();
  for (const [key, entry] of Object.entries(header)) {
    if (key === "__metadata__") continue;
    const { dtype, shape, data_offsets: offsets } = entry ?? {};
    if (!Array.isArray(shape) || !Array.isArray(offsets) || !shape.every((n) => Number.isSafeInteger(n) && n >= 0)) fail(`describes ${key} without a shape or a place`);
    const size = BYTES[dtype];
    if (!size) fail(`holds ${key} as ${dtype}; known are ${Object.keys(BYTES).join(", ")}`);
    const [from, to] = offsets;
    const count = shape.reduce((a, b) => a * b, 1);
    if (!(from >= 0 && to - from === count * size)) fail(`gives ${key} of shape ${shape.join("×")} ${to - from} bytes instead of ${count * size}`);
    if (start + to > buffer.byteLength) fail(`is cut off inside ${key}: ${buffer.byteLength} bytes are there, ${start + to} are needed`);
    // a copy, because offsets need not be aligned to the element size
    tensors.set(key, { dtype, shape, data: decode(dtype, buffer.slice(start + from, start + to)) });
  }
  if (tensors.size === 0) fail("holds no tensor");
  return tensors;
}

function decode(dtype: string, bytes: ArrayBuffer): StoredTensor["data"] {
  switch (dtype) {
    case "F16": return decodeFloat16(new Uint16Array(bytes));
    case "F32": return new Float32Array(bytes);
    case "F64": return new Float64Array(bytes);
    case "I32": return new Int32Array(bytes);
    default: return new Uint8Array(bytes);
  }
}
