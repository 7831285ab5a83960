/**
 * What the bytes of a picture file say about themselves, without decoding a pixel: is everything there, and what will be
 * different from what the person may expect. Browsers draw the first half of a file that is cut off and say nothing;
 * a style transfer of a half-grey picture is worse than a message.
 */

/** The formats that are handed to the browser's decoder. */
export type PictureFormat = "jpg" | "png" | "gif" | "webp" | "bmp" | "avif" | "heic" | "ico";

export interface Structure {
  /** false: the bytes end before the picture does */
  complete: boolean;
  /** what the decoder will really allocate, where the format can say so in more than one place */
  width?: number;
  height?: number;
  /** number of frames if it is known to be more than one; Infinity: many */
  frames?: number;
  /** bits a channel if more than 8 */
  depth?: number;
  /** four printing inks instead of three lights */
  cmyk?: boolean;
}

/** @throws RangeError when a length in the file points outside it (read by the caller as: cut off) */
export function readStructure(format: PictureFormat, bytes: Uint8Array): Structure {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (format) {
    case "jpg": return jpeg(bytes, view);
    case "png": return png(bytes, view);
    case "gif": return gif(bytes, view);
    case "webp": return webp(bytes, view);
    case "bmp": return bmp(view);
    case "avif":
    case "heic": return boxes(bytes, view);
    case "ico": return { complete: true };
  }
}

/**
 * Walks the segments as libjpeg does (resynchronising at the next marker), so that the size found here is the size that
 * a decoder allocates. A thumbnail inside an EXIF segment has an end marker of its own: segments are skipped whole.
 */
function jpeg(bytes: Uint8Array, view: DataView): Structure {
  const found: Structure = { complete: false };
  let p = 2;
  while (p < bytes.length) {
    if (bytes[p] !== 0xff || bytes[p + 1] === 0xff || bytes[p + 1] === 0) {
      p++;
      continue;
    }
    const marker = bytes[p + 1];
    p += 2;
    if (marker === 0xd9) return { ...found, complete: true };
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) continue;
    const length = view.getUint16(p);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame && found.width === undefined) {
      found.height = view.getUint16(p + 3);
      found.width = view.getUint16(p + 5);
      found.cmyk = view.getUint8(p + 7) === 4;
      if (view.getUint8(p + 2) > 8) found.depth = view.getUint8(p + 2);
    }
    p += Math.max(2, length);
    if (marker === 0xda) p = endOfScan(bytes, p);
  }
  return found;
}

/** Position of the first marker after compressed data; in there, FF 00 is a byte and FF D0–D7 are restart marks. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let p = bytes.indexOf(0xff, from); p >= 0; p = bytes.indexOf(0xff, p + 1)) {
    const next = bytes[p + 1];
    if (next !== undefined && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return p;
  }
  return bytes.length;
}

function png(bytes: Uint8Array, view: DataView): Structure {
  const found: Structure = { complete: false };
  let data = false;
  for (let p = 8; p + 12 <= bytes.length; ) {
    const length = view.getUint32(p);
    const name = text(bytes, p + 4, 4);
    if (p + 12 + length > bytes.length) return found;
    if (name === "IHDR" && view.getUint8(p + 16) > 8) found.depth = view.getUint8(p + 16);
    if (name === "acTL") found.frames = view.getUint32(p + 8);
    if (name === "IDAT") data = true;
    if (name === "IEND") return { ...found, complete: data };
    p += 12 + length;
  }
  return found;
}

/** Complete as soon as the first frame is: only that one is used. */
function gif(bytes: Uint8Array, view: DataView): Structure {
  let width = view.getUint16(6, true);
  let height = view.getUint16(8, true);
  let frames = 0;
  const table = (flags: number) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  const skipBlocks = (at: number): number => {
    while (bytes[at] > 0) at += bytes[at] + 1;
    return at + 1;
  };
  let p = 13 + table(bytes[10]);
  while (p < bytes.length && frames < 2) {
    if (bytes[p] === 0x21) p = skipBlocks(p + 2);
    else if (bytes[p] === 0x2c) {
      if (frames === 0) {
        // a first frame that is larger than the announced screen makes decoders enlarge the screen
        width = Math.max(width, view.getUint16(p + 1, true) + view.getUint16(p + 5, true));
        height = Math.max(height, view.getUint16(p + 3, true) + view.getUint16(p + 7, true));
      }
      const end = skipBlocks(p + 11 + table(bytes[p + 9]));
      if (end > bytes.length) break;
      frames++;
      p = end;
    } else break;
  }
  return { complete: frames > 0, width, height, frames: frames > 1 ? Infinity : undefined };
}

function webp(bytes: Uint8Array, view: DataView): Structure {
  const animated = text(bytes, 12, 4) === "VP8X" && (bytes[20] & 0x02) !== 0;
  return { complete: view.getUint32(4, true) + 8 <= bytes.length, frames: animated ? Infinity : undefined };
}

function bmp(view: DataView): Structure {
  const start = view.getUint32(10, true);
  const width = Math.abs(view.getInt32(18, true));
  const height = Math.abs(view.getInt32(22, true));
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const stored = compression === 0 || compression === 3 ? Math.ceil((width * bits) / 32) * 4 * height : 1;
  return { complete: start + stored <= view.byteLength };
}

/** AVIF and HEIC: boxes of a length and a name, one after the other. */
function boxes(bytes: Uint8Array, view: DataView): Structure {
  let animated = false;
  let p = 0;
  while (p + 8 <= bytes.length) {
    let length = view.getUint32(p);
    if (length === 0) length = bytes.length - p;
    if (length === 1) length = Number(view.getBigUint64(p + 8));
    if (text(bytes, p + 4, 4) === "moov") animated = true;
    if (length < 8) break;
    p += length;
  }
  return { complete: p === bytes.length, frames: animated ? Infinity : undefined };
}

/** Bytes as Latin letters. */
export function text(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}
