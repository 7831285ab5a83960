import { DECODED_FORMATS, type DecodedNumbers, decodeNumbers } from "./decode-numbers";

/** A tensor as a file holds it. Halves are already decoded to float32. */
export interface StoredTensor {
  /** as in the file: F16, F32, F64, I8, U8, I32 … */
  dtype: string;
  shape: number[];
  data: DecodedNumbers;
}

/** Weights that cannot be used, with what was wrong, where, and what to do. */
export class WeightsError extends Error {
  override name = "WeightsError";
}

const HEADER_LIMIT = 100_000_000;

/** Where a tensor lies in a file, checked against the file's length. */
interface Place {
  dtype: string;
  shape: number[];
  /** bytes of the file, counted from its beginning */
  from: number;
  to: number;
}

/** A safetensors file whose header has been read. */
export interface SafetensorsFile {
  keys: string[];
  /** One tensor; its numbers are copied. @throws WeightsError if the file has none of that name */
  read(key: string): Promise<StoredTensor>;
}

/**
 * Reads a safetensors file: eight bytes of header length, a JSON header, the tensors' bytes.
 * Source: the format's specification (huggingface/safetensors, README "Format").
 * @param buffer the whole file
 * @param name for error messages
 * @returns tensors by name; data is copied, the buffer can be dropped
 * @throws WeightsError when the file is truncated, is not safetensors, or its header contradicts its length
 */
export function readSafetensors(buffer: ArrayBuffer, name = "the weights file"): Map<string, StoredTensor> {
  const length = headerLength(buffer, buffer.byteLength, name);
  const tensors = new Map<string, StoredTensor>();
  for (const [key, { dtype, shape, from, to }] of places(new Uint8Array(buffer, 8, length), buffer.byteLength, name))
    tensors.set(key, { dtype, shape, data: decodeNumbers(dtype, buffer.slice(from, to)) });
  return tensors;
}

/** As `readSafetensors`, for tensors that are read one at a time; of a Blob, nothing else is brought into memory. */
export async function openSafetensors(file: Blob | ArrayBuffer, name = "the weights file"): Promise<SafetensorsFile> {
  const size = file instanceof ArrayBuffer ? file.byteLength : file.size;
  // a copy, because offsets need not be aligned to the element size
  const bytes = async (from: number, to: number): Promise<ArrayBuffer> => (file instanceof ArrayBuffer ? file.slice(from, to) : file.slice(from, to).arrayBuffer());
  const length = headerLength(await bytes(0, 8), size, name);
  const found = places(new Uint8Array(await bytes(8, 8 + length)), size, name);
  return {
    keys: [...found.keys()],
    async read(key) {
      const place = found.get(key);
      if (!place) throw new WeightsError(`${name} holds no ${key}. It holds ${[...found.keys()].slice(0, 4).join(", ")} …`);
      return { dtype: place.dtype, shape: place.shape, data: decodeNumbers(place.dtype, await bytes(place.from, place.to)) };
    },
  };
}

function fail(name: string, what: string): never {
  throw new WeightsError(`${name} ${what}. Fetch or export it again.`);
}

/** @param start at least the file's first eight bytes, if it has so many */
function headerLength(start: ArrayBuffer, size: number, name: string): number {
  if (size < 8) fail(name, `holds ${size} bytes, too few for a safetensors file`);
  const length = Number(new DataView(start).getBigUint64(0, true));
  if (length > HEADER_LIMIT || length < 2) fail(name, `is not a safetensors file (it announces a header of ${length} bytes)`);
  if (8 + length > size) fail(name, `is cut off: its header should take ${length} bytes, the file has ${size}`);
  return length;
}

function places(headerBytes: Uint8Array<ArrayBuffer>, fileSize: number, name: string): Map<string, Place> {
  let header: Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }> = {};
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(headerBytes));
  } catch {
    fail(name, "is not a safetensors file (its header is not JSON)");
  }
  const start = 8 + headerBytes.length;
  const found = new Map<string, Place>();
  for (const [key, entry] of Object.entries(header)) {
    if (key === "__metadata__") continue;
    const { dtype, shape, data_offsets: offsets } = entry ?? {};
    if (!Array.isArray(shape) || !Array.isArray(offsets) || !shape.every((n) => Number.isSafeInteger(n) && n >= 0)) fail(name, `describes ${key} without a shape or a place`);
    const size = DECODED_FORMATS[dtype];
    if (!size) fail(name, `holds ${key} as ${dtype}; known are ${Object.keys(DECODED_FORMATS).join(", ")}`);
    const [from, to] = offsets;
    const count = shape.reduce((a, b) => a * b, 1);
    if (!(from >= 0 && to - from === count * size)) fail(name, `gives ${key} of shape ${shape.join("×")} ${to - from} bytes instead of ${count * size}`);
    if (start + to > fileSize) fail(name, `is cut off inside ${key}: ${fileSize} bytes are there, ${start + to} are needed`);
    found.set(key, { dtype, shape, from: start + from, to: start + to });
  }
  if (found.size === 0) fail(name, "holds no tensor");
  return found;
}
