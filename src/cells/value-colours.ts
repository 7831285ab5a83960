/** How numbers become colours. Both scales keep their order for people who see colours differently, and in grey. */
import { DIVERGING_GRADIENT, paintDiverging } from "./diverging";
import type { Pixels } from "./pixel-canvas";

/** Colours for numbers that do not change sign: cividis (Nuñez, Anderton & Renslow 2018), dark for small, light for large. */
const STOPS = [
  [0, 34, 78], [18, 53, 112], [59, 73, 108], [87, 93, 109], [112, 113, 115], [138, 134, 120], [165, 156, 116], [195, 179, 105], [225, 204, 85], [254, 232, 56],
];

const TABLE = Uint8ClampedArray.from({ length: 768 }, (_, i) => {
  const at = (Math.floor(i / 3) / 255) * (STOPS.length - 1);
  const low = Math.min(STOPS.length - 2, Math.floor(at));
  return STOPS[low][i % 3] + (STOPS[low + 1][i % 3] - STOPS[low][i % 3]) * (at - low);
});

/** A scale of colours over [low, high]; symmetric about 0 (which is white) where the numbers have both signs. */
export interface ColourScale {
  low: number;
  high: number;
  kind: "sequential" | "diverging";
  /** as a CSS gradient from left to right, for the legend */
  gradient: string;
}

/** @param min smallest and @param max largest finite value; NaN if there is none */
export function colourScale(min: number, max: number): ColourScale {
  if (min < 0 && max > 0) {
    const reach = Math.max(-min, max);
    return { low: -reach, high: reach, kind: "diverging", gradient: DIVERGING_GRADIENT };
  }
  const gradient = `linear-gradient(to right, ${STOPS.map((stop) => `rgb(${stop.join(" ")})`).join(", ")})`;
  // from zero where zero is near: small differences of large numbers are no pattern
  if (min >= 0 && min < 0.5 * max) return { low: 0, high: max, kind: "sequential", gradient };
  return Number.isNaN(min) ? { low: 0, high: 1, kind: "sequential", gradient } : { low: min, high: max, kind: "sequential", gradient };
}

/** Paints numbers, row by row. What is not finite stays transparent. */
export function paint(values: Float32Array, width: number, height: number, scale: ColourScale): Pixels {
  const rgba = scale.kind === "diverging" ? paintDiverging(values, 0, 1, scale.high) : paintSequential(values, scale);
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) rgba[i * 4 + 3] = 0;
  return { width, height, rgba };
}

function paintSequential(values: Float32Array, { low, high }: ColourScale): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(values.length * 4);
  const scale = high > low ? 255 / (high - low) : 0;
  for (let i = 0; i < values.length; i++) {
    const colour = Math.max(0, Math.min(255, Math.round((values[i] - low) * scale))) * 3;
    rgba[i * 4] = TABLE[colour];
    rgba[i * 4 + 1] = TABLE[colour + 1];
    rgba[i * 4 + 2] = TABLE[colour + 2];
    rgba[i * 4 + 3] = 255;
  }
  return rgba;
}
