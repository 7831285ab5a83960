import type { Checkpoint } from "../kernel/protocol";

/** A picture on its way into a frame: an image, or numbers as a checkpoint holds them. */
export interface FrameSource {
  image?: ImageBitmap;
  checkpoint?: Pick<Checkpoint, "width" | "height" | "picture">;
}

export interface EncodedFrame {
  width: number;
  height: number;
  bytes: Uint8Array;
}

/**
 * Makes a picture small and encodes it. The source is read before this returns.
 * @param side longest side of the result in pixels; what is smaller stays as it is
 * @returns null where there is nothing to read, or the browser cannot encode pictures
 */
export type FrameEncoder = (source: FrameSource, side: number) => Promise<EncodedFrame | null>;

/** With the browser's own encoder: WebP, and PNG where it has no WebP. */
export const encodeFrame: FrameEncoder = async ({ image, checkpoint }, side) => {
  if (typeof OffscreenCanvas === "undefined") return null;
  // a bitmap that was handed on has no size any more
  const canvas = image && image.width > 0 ? drawn(image, side) : checkpoint ? computed(checkpoint, side) : null;
  if (!canvas) return null;
  const { width, height } = canvas;
  const blob = await canvas.convertToBlob({ type: "image/webp", quality: 0.82 });
  return { width, height, bytes: new Uint8Array(await blob.arrayBuffer()) };
};

/** Width and height of a picture whose longer side is at most `side`. */
export function fit({ width, height }: { width: number; height: number }, side: number): { width: number; height: number } {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Numbers read for each pixel of the result, in each direction: enough for a small picture, and little work however large the source is. */
const SAMPLES = 3;

/**
 * A picture made smaller: every pixel the mean of at most nine places of the part that it stands for.
 * @param picture h·w·3 numbers in [0, 1]
 * @returns RGBA bytes, row by row
 */
export function shrink({ width, height, picture }: Pick<Checkpoint, "width" | "height" | "picture">, side: number): { width: number; height: number; rgba: Uint8ClampedArray<ArrayBuffer> } {
  const small = fit({ width, height }, side);
  const rgba = new Uint8ClampedArray(small.width * small.height * 4);
  const columns = places(width, small.width);
  const rows = places(height, small.height);
  for (let y = 0, to = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++, to += 4) {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (const row of rows[y]) for (const column of columns[x]) sum += picture[(row * width + column) * 3 + c];
        rgba[to + c] = (255 * sum) / (rows[y].length * columns[x].length);
      }
      rgba[to + 3] = 255;
    }
  }
  return { ...small, rgba };
}

/** For every place of a shorter row the places of the longer one that are read for it. */
function places(from: number, to: number): number[][] {
  return Array.from({ length: to }, (_, i) => {
    const begin = (i * from) / to;
    const span = from / to;
    const count = Math.min(SAMPLES, Math.max(1, Math.round(span)));
    return Array.from({ length: count }, (_, s) => Math.min(from - 1, Math.floor(begin + (span * (s + 0.5)) / count)));
  });
}

function drawn(image: ImageBitmap, side: number): OffscreenCanvas {
  const { width, height } = fit(image, side);
  const canvas = new OffscreenCanvas(width, height);
  const context = contextOf(canvas);
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, width, height);
  return canvas;
}

function computed(checkpoint: Pick<Checkpoint, "width" | "height" | "picture">, side: number): OffscreenCanvas {
  const { width, height, rgba } = shrink(checkpoint, side);
  const canvas = new OffscreenCanvas(width, height);
  contextOf(canvas).putImageData(new ImageData(rgba, width, height), 0, 0);
  return canvas;
}

/** Read back at once, so it had better not lie on a GPU. */
function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  return canvas.getContext("2d", { willReadFrequently: true })!;
}
