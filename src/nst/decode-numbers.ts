import { decodeFloat16 } from "./float16";

/** Formats that `decodeNumbers` reads, with the bytes of one number. */
export const DECODED_FORMATS: Readonly<Record<string, number>> = { F16: 2, BF16: 2, F32: 4, F64: 8, I8: 1, U8: 1, I32: 4 };

export type DecodedNumbers = Float32Array | Float64Array | Int8Array | Uint8Array | Int32Array;

/**
 * Numbers from little-endian bytes. Both kinds of halves become float32, which holds each of their values exactly.
 * @param format a key of DECODED_FORMATS
 * @param bytes of the numbers alone; may be kept as the result's memory
 */
export function decodeNumbers(format: string, bytes: ArrayBuffer | Uint8Array): DecodedNumbers {
  const size = DECODED_FORMATS[format];
  const aligned = bytes instanceof Uint8Array && bytes.byteOffset % size !== 0 ? bytes.slice() : bytes;
  const [buffer, from] = aligned instanceof Uint8Array ? [aligned.buffer as ArrayBuffer, aligned.byteOffset] : [aligned, 0];
  const count = bytes.byteLength / size;
  switch (format) {
    case "F16": return decodeFloat16(new Uint16Array(buffer, from, count));
    case "BF16": return decodeBrainFloat16(new Uint16Array(buffer, from, count));
    case "F32": return new Float32Array(buffer, from, count);
    case "F64": return new Float64Array(buffer, from, count);
    case "I8": return new Int8Array(buffer, from, count);
    case "U8": return new Uint8Array(buffer, from, count);
    case "I32": return new Int32Array(buffer, from, count);
    default: throw new Error(`Numbers of format ${format} are not read; known are ${Object.keys(DECODED_FORMATS).join(", ")}.`);
  }
}

/** bfloat16 is the upper half of a float32. */
function decodeBrainFloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i] << 16;
  return new Float32Array(bits.buffer);
}
