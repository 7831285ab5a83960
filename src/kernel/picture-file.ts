/** What can be known and refused about a picture file before a single pixel is decoded. */
import { imageSize } from "image-size";
import { readStructure, text, type PictureFormat, type Structure } from "./picture-structure";

/** More would not fit beside the tensors: 64 megapixels decode to 256 MB. */
export const MAX_MEGAPIXELS = 64;
/** Longer side of what is kept, in pixels: larger than any run, small enough for several pictures. */
export const MAX_KEPT_SIDE = 2048;
/** Shorter side: four poolings halve 16 pixels to a single position. */
export const MIN_SIDE = 16;
/** A file above this is not read at all. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** A file that cannot become a picture: what was wrong with it and what to do, in sentences for a person. */
export class PictureError extends Error {
  override name = "PictureError";
}

export interface PictureFileFacts {
  format: PictureFormat;
  mime: string;
  /** as the header says, before turning */
  width: number;
  height: number;
  /** EXIF orientation 1 … 8; 5 and more swap width and height */
  orientation: number;
  notes: string[];
}

const MIME: Record<PictureFormat, string> = {
  jpg: "image/jpeg", png: "image/png", gif: "image/gif", webp: "image/webp", bmp: "image/bmp", avif: "image/avif", heic: "image/heic", ico: "image/x-icon",
};

/** The format's name as a person says it. */
export const FORMAT_NAME: Record<PictureFormat, string> = {
  jpg: "JPEG", png: "PNG", gif: "GIF", webp: "WebP", bmp: "BMP", avif: "AVIF", heic: "HEIC", ico: "icon",
};

/**
 * Reads the header and the structure of a picture file.
 * @param bytes the whole file
 * @param name for messages
 * @throws PictureError for: empty, not a picture, a vector drawing, a format without a decoder, cut off, too large
 *   (`MAX_MEGAPIXELS`), too small (`MIN_SIDE`)
 */
export function examine(bytes: Uint8Array, name: string): PictureFileFacts {
  if (bytes.length === 0) throw new PictureError(`“${name}” is empty (0 bytes). Copy or download it again, or choose another picture.`);
  const format = sniff(bytes, name);
  const structure = structureOf(format, bytes);
  const size = sizeOf(format, bytes, structure);
  if (size && size.width * size.height > MAX_MEGAPIXELS * 1e6) throw tooLarge(name, size);
  if (!structure.complete || !size) {
    const what = size ? ` (${FORMAT_NAME[format]}, ${size.width} × ${size.height} pixels)` : "";
    throw new PictureError(`“${name}”${what} is cut off: its ${bytes.length} bytes end before the picture does. Copy or download it again.`);
  }
  assertLargeEnough(name, size.width, size.height);
  return { format, mime: MIME[format], ...size, notes: notesOn(structure) };
}

/** @throws PictureError if a side has fewer than `MIN_SIDE` pixels, now or after shrinking to `MAX_KEPT_SIDE` */
function assertLargeEnough(name: string, width: number, height: number): void {
  const shorter = Math.min(width, height);
  if (shorter < MIN_SIDE) {
    throw new PictureError(`“${name}” has ${width} × ${height} pixels, too small: the network needs at least ${MIN_SIDE} × ${MIN_SIDE}. Choose a larger picture.`);
  }
  const kept = keptSize(width, height);
  if (Math.min(kept.width, kept.height) < MIN_SIDE) {
    throw new PictureError(`“${name}” has ${width} × ${height} pixels, too narrow: made to fit ${MAX_KEPT_SIDE} pixels, its shorter side would have fewer than ${MIN_SIDE}. Cut a part out of it first.`);
  }
}

/** The size at which a picture of width × height is kept: the longer side at most `MAX_KEPT_SIDE`. */
export function keptSize(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, MAX_KEPT_SIDE / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function tooLarge(name: string, { width, height }: { width: number; height: number }): PictureError {
  const megapixels = Math.round((width * height) / 1e6);
  return new PictureError(
    `“${name}” has ${width} × ${height} pixels, ${megapixels} megapixels; the limit is ${MAX_MEGAPIXELS}. Make it smaller first: ${MAX_KEPT_SIDE} pixels on the longer side are more than a run can use.`,
  );
}

function structureOf(format: PictureFormat, bytes: Uint8Array): Structure {
  try {
    return readStructure(format, bytes);
  } catch (error) {
    if (error instanceof RangeError) return { complete: false };
    throw error;
  }
}

/** Width, height and orientation; null if the header itself is cut off. Where two places disagree, the larger counts. */
function sizeOf(format: PictureFormat, bytes: Uint8Array, structure: Structure): Pick<PictureFileFacts, "width" | "height" | "orientation"> | null {
  const own = structure.width !== undefined && structure.height !== undefined ? { width: structure.width, height: structure.height, orientation: 1 } : null;
  if (format === "jpg" && !own) return null;
  try {
    // a JPEG's orientation and every other format's size; it throws plain errors of any type on damaged headers
    const { width, height, orientation } = imageSize(bytes);
    const size = own ? { width: Math.max(width, own.width), height: Math.max(height, own.height) } : { width, height };
    return { ...size, orientation: format === "jpg" && orientation && orientation <= 8 ? orientation : 1 };
  } catch {
    return own;
  }
}

function notesOn(structure: Structure): string[] {
  const notes: string[] = [];
  if (structure.frames && structure.frames > 1) notes.push("first frame of an animation");
  if (structure.depth) notes.push(`${structure.depth} bits a channel became 8`);
  if (structure.cmyk) notes.push("CMYK inks became RGB");
  return notes;
}

const HEIF_BRANDS = new Set(["heic", "heix", "hevc", "hevx", "mif1", "msf1"]);

/** The format by the first bytes, never by the name. */
function sniff(bytes: Uint8Array, name: string): PictureFormat {
  const start = text(bytes, 0, 16);
  if (start.startsWith("\xff\xd8\xff")) return "jpg";
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (/^GIF8[79]a/.test(start)) return "gif";
  if (/^RIFF[^]{4}WEBP/.test(start)) return "webp";
  if (start.startsWith("BM") && bytes.length >= 26 && bytes[6] + bytes[7] + bytes[8] + bytes[9] === 0) return "bmp";
  if (start.slice(4, 8) === "ftyp" && /^avi[fs]/.test(start.slice(8))) return "avif";
  if (start.slice(4, 8) === "ftyp" && HEIF_BRANDS.has(start.slice(8, 12))) return "heic";
  if (start.startsWith("\0\0\x01\0") && bytes.length > 22) return "ico";
  throw new PictureError(`“${name}” ${whatElse(start, bytes)}`);
}

function whatElse(start: string, bytes: Uint8Array): string {
  const opening = text(bytes, 0, Math.min(bytes.length, 1000));
  if (/<svg[\s>]/.test(opening)) return "is an SVG drawing: shapes, not pixels. Export it as PNG.";
  if (/^\s*<(!doctype html|html)/i.test(opening)) return "is a web page, not a picture: save the picture that is on it.";
  if (start.startsWith("%PDF")) return "is a PDF document. Export the page as a picture.";
  if (/^(II\*\0|MM\0\*)/.test(start)) return "is a TIFF or camera raw file, which browsers do not decode. Export it as JPEG or PNG.";
  if (start.startsWith("8BPS")) return "is a Photoshop file, which browsers do not decode. Export it as JPEG or PNG.";
  if (/^(\xff\x0a|\0\0\0\x0cJXL )/.test(start)) return "is a JPEG XL file, which most browsers do not decode. Export it as JPEG or PNG.";
  if (/^(\0\0\0\x0cjP {2}|\xff\x4f\xff\x51)/.test(start)) return "is a JPEG 2000 file, which browsers do not decode. Export it as JPEG or PNG.";
  return "is not a picture: its first bytes belong to no picture format. Choose a JPEG, PNG, WebP, AVIF or GIF file.";
}
