import { sha256 } from "../notebook/sha256";
import type { Picture } from "../nst/picture";

const known = new WeakMap<Float32Array, Promise<string>>();

/**
 * A name for a picture's content: SHA-256 of its width and height (32 bits each) and its numbers, in hexadecimal. Equal pictures have
 * equal names in all browsers. Worked out once for each array.
 */
export function pictureHash({ width, height, data }: Picture): Promise<string> {
  let hash = known.get(data);
  if (!hash) {
    const bytes = new Uint8Array(8 + data.byteLength);
    bytes.set(new Uint8Array(Uint32Array.of(width, height).buffer));
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 8);
    hash = sha256(bytes);
    known.set(data, hash);
  }
  return hash;
}
