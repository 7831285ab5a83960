import type { Picture } from "../nst/picture";

/**
 * A key for a picture's content: two 53-bit hashes (cyrb53) of its size and pixels. It tells pictures apart within one
 * worker; it is no protection against forgery. crypto.subtle is missing on pages served without https.
 */
export function pictureKey({ width, height, data }: Picture): string {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  return `${width}x${height}-${cyrb53(words, 1)}-${cyrb53(words, 2)}`;
}

function cyrb53(words: Uint32Array, seed: number): string {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let i = 0; i < words.length; i++) {
    a = Math.imul(a ^ words[i], 2654435761);
    b = Math.imul(b ^ words[i], 1597334677);
    // cyrb53 mixes 16-bit characters; whole words need their high bits brought down
    a ^= a >>> 15;
    b ^= b >>> 13;
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}
