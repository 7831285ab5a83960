import { cutMiddle } from "../nst/cut-middle";
import type { Picture } from "../nst/picture";
import { mulberry32 } from "../nst/random";

/** What a painting starts from. */
export const PAINT_STARTS = ["content", "style", "noise"] as const;
export type PaintStart = (typeof PAINT_STARTS)[number];

/**
 * The picture that is painted on, of the content picture's size. "content": the content picture itself. "style": the style
 * picture, its middle cut out in the content picture's shape. "noise": every number evenly from [0, 1).
 * @param seed of the noise, a whole number
 */
export function paintStart(kind: PaintStart, content: Picture, style: Picture, seed: number): Picture {
  if (kind === "content") return content;
  const { width, height } = content;
  if (kind === "style") return cutMiddle(style, width, height);
  const random = mulberry32(seed);
  return { width, height, data: Float32Array.from({ length: width * height * 3 }, random) };
}
