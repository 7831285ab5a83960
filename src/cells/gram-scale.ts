/** Colours for numbers of very different sizes. Pure. */
import type { Pixels } from "./pixel-canvas";
import { type ColourScale, paint } from "./value-colours";

/** "root": colours by the square root, so that small entries beside large ones are seen; "even": by the number itself */
export type Spread = "root" | "even";

export const SPREADS: readonly Spread[] = ["root", "even"];

/** The scale as its legend shows it: numbers run evenly from left to right, colours as they are given out. */
export function legendOf(scale: ColourScale, spread: Spread): ColourScale {
  if (spread === "even" || !spreadable(scale)) return scale;
  const colours = scale.gradient.match(/rgb\([^)]*\)/g)!;
  const stops = colours.map((colour, k) => {
    const t = k / (colours.length - 1);
    const at = scale.kind === "diverging" ? 0.5 + 0.5 * signedSquare(2 * t - 1) : t * t;
    return `${colour} ${(at * 100).toFixed(1)}%`;
  });
  return { ...scale, gradient: `linear-gradient(to right, ${stops.join(", ")})` };
}

/** As `paint`, with the colours spread as asked for. */
export function paintSpread(values: Float32Array, width: number, height: number, scale: ColourScale, spread: Spread): Pixels {
  if (spread === "even" || !spreadable(scale)) return paint(values, width, height, scale);
  const rooted = { ...scale, low: signedRoot(scale.low), high: signedRoot(scale.high) };
  return paint(values.map(signedRoot), width, height, rooted);
}

/** A root begins at 0, so a scale that does not is left as it is. */
const spreadable = ({ kind, low }: ColourScale) => kind === "diverging" || low === 0;

const signedRoot = (value: number) => Math.sign(value) * Math.sqrt(Math.abs(value));
const signedSquare = (value: number) => Math.sign(value) * value * value;
