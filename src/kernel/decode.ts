/**
 * Picture files become upright RGB and stay in the worker under a number; the page holds the number and a preview.
 * Decoding is the browser's (colours converted to sRGB, turned upright); all scaling is ours, see ../nst/resize.
 */
import { cropRows, resample, type RowSource } from "../nst/resize";
import type { Picture } from "../nst/picture";
import { examine, FORMAT_NAME, keptSize, MAX_FILE_BYTES, PictureError, type PictureFileFacts } from "./picture-file";
import type { CropRect, OpenPicture } from "./protocol";

export { PictureError } from "./picture-file";

/** Longer side of the preview, in pixels. */
const PREVIEW_SIDE = 768;
/** Rows read from the canvas at a time: a strip of the widest picture allowed stays below 20 MB. */
const STRIP_ROWS = 64;

/** Upright and opaque; bytes instead of floats because a file has no more than that and four times as many fit. */
interface Raster {
  width: number;
  height: number;
  /** RGB, interleaved */
  bytes: Uint8ClampedArray;
}

const kept = new Map<number, Raster>();
/** Starts anywhere: a number given out by a worker that has died must not mean another picture in its successor. */
let lastId = Math.floor(Math.random() * 2 ** 48);

/** Number of pictures kept now. */
export function openPictures(): number {
  return kept.size;
}

/**
 * Decodes a picture file and keeps it until `closePicture`.
 * @param name for messages
 * @param signal when it is aborted nothing is kept
 * @throws PictureError with a message for the person; AbortError
 */
export async function openPicture(file: Blob, name: string, signal?: AbortSignal): Promise<OpenPicture> {
  if (file.size > MAX_FILE_BYTES) throw new PictureError(`“${name}” has ${Math.round(file.size / 1e6)} MB; files up to ${MAX_FILE_BYTES >> 20} MB are read. Save it smaller or as JPEG.`);
  const bytes = new Uint8Array(await readAll(file, name));
  const facts = examine(bytes, name);
  signal?.throwIfAborted();
  const bitmap = await decode(new Blob([bytes], { type: facts.mime }), facts, name);
  const notes = [...facts.notes];
  try {
    signal?.throwIfAborted();
    const size = keptSize(bitmap.width, bitmap.height);
    const source = bitmapRows(bitmap);
    const raster = toBytes(size.width === bitmap.width && size.height === bitmap.height ? readAllRows(source) : resample(source, size.width, size.height));
    if (source.sawTransparency) notes.push("transparent parts became white");
    if (size.width !== bitmap.width) notes.push(`kept at ${size.width} × ${size.height}`);
    const preview = await previewOf(raster);
    signal?.throwIfAborted();
    const id = ++lastId;
    kept.set(id, raster);
    return { id, width: raster.width, height: raster.height, original: { width: facts.width, height: facts.height, type: facts.format }, notes, preview };
  } finally {
    bitmap.close();
  }
}

/**
 * Cuts `crop` (pixels of the kept picture, rounded to whole ones) out of an open picture and resizes it.
 * @returns width × height RGB in [0, 1]
 * @throws PictureError named "PictureClosedError" if nothing is open under `id`
 */
export function cropPicture(id: number, crop: CropRect, width: number, height: number): Picture {
  const raster = kept.get(id);
  if (!raster) {
    const error = new PictureError(`Picture ${id} is not open any more. Choose it again.`);
    error.name = "PictureClosedError";
    throw error;
  }
  return resample(cropRows(rasterRows(raster), crop), width, height);
}

/** Forgets an open picture. Closing twice does nothing. */
export function closePicture(id: number): void {
  kept.delete(id);
}

async function readAll(file: Blob, name: string): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch {
    throw new PictureError(`“${name}” could not be read; it may have been moved, changed or be a folder. Choose it again.`);
  }
}

async function decode(blob: Blob, facts: PictureFileFacts, name: string): Promise<ImageBitmap> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(blob, { imageOrientation: "from-image", premultiplyAlpha: "default", colorSpaceConversion: "default" });
  } catch {
    const format = FORMAT_NAME[facts.format];
    throw new PictureError(`“${name}” could not be decoded: the file is damaged, or this browser does not know this kind of ${format}. Open it in another program and save it as JPEG or PNG.`);
  }
  // A header that lies about the size is damage, or an attempt to get past the limit.
  const turned = bitmap.width === facts.height && bitmap.height === facts.width;
  if (!turned && (bitmap.width !== facts.width || bitmap.height !== facts.height)) {
    const size = `${bitmap.width} × ${bitmap.height}`;
    bitmap.close();
    throw new PictureError(`“${name}” contradicts itself: its header says ${facts.width} × ${facts.height} pixels, it holds ${size}. Open it in another program and save it again.`);
  }
  return bitmap;
}

/** Rows of a decoded bitmap, read in strips, transparent pixels composited on white. */
function bitmapRows(bitmap: ImageBitmap): RowSource & { sawTransparency: boolean } {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, Math.min(height, STRIP_ROWS));
  const context = canvas.getContext("2d", { willReadFrequently: true, colorSpace: "srgb" });
  if (!context) throw new PictureError(`There is no memory for a picture of ${width} × ${height} pixels. Close other pictures or make it smaller first.`);
  let strip = new Uint8ClampedArray();
  let top = -1;
  const source = {
    width,
    height,
    sawTransparency: false,
    readRow(y: number, into: Float32Array) {
      if (top < 0 || y < top || y >= top + canvas.height) {
        top = y;
        context.clearRect(0, 0, width, canvas.height);
        context.drawImage(bitmap, 0, -top);
        strip = context.getImageData(0, 0, width, canvas.height, { colorSpace: "srgb" }).data;
      }
      let p = (y - top) * width * 4;
      for (let i = 0; i < into.length; p += 4) {
        const alpha = strip[p + 3];
        if (alpha < 255) source.sawTransparency = true;
        // `over` white: c·a + 1 − a; the canvas hands out colours that are not multiplied by alpha
        const share = alpha / 65025;
        const white = 1 - alpha / 255;
        into[i++] = strip[p] * share + white;
        into[i++] = strip[p + 1] * share + white;
        into[i++] = strip[p + 2] * share + white;
      }
    },
  };
  return source;
}

function readAllRows(source: RowSource): Picture {
  const { width, height } = source;
  const data = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) source.readRow(y, data.subarray(y * width * 3, (y + 1) * width * 3));
  return { width, height, data };
}

function toBytes({ width, height, data }: Picture): Raster {
  const bytes = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) bytes[i] = data[i] * 255;
  return { width, height, bytes };
}

function rasterRows({ width, height, bytes }: Raster): RowSource {
  const stride = width * 3;
  return {
    width,
    height,
    readRow(y, into) {
      const at = y * stride;
      for (let i = 0; i < stride; i++) into[i] = bytes[at + i] / 255;
    },
  };
}

async function previewOf(raster: Raster): Promise<ImageBitmap> {
  const scale = Math.min(1, PREVIEW_SIDE / Math.max(raster.width, raster.height));
  const { width, height, data } = resample(rasterRows(raster), Math.max(1, Math.round(raster.width * scale)), Math.max(1, Math.round(raster.height * scale)));
  const image = new ImageData(width, height);
  for (let i = 0, p = 0; i < data.length; p += 4) {
    image.data[p] = data[i++] * 255;
    image.data[p + 1] = data[i++] * 255;
    image.data[p + 2] = data[i++] * 255;
    image.data[p + 3] = 255;
  }
  return createImageBitmap(image);
}
