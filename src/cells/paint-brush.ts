/** The arithmetic of a brush: how much of it reaches a pixel, and what it leaves there. Pure; positions in pixels, from the top left. */
import type { Picture } from "../nst/picture";

/** A colour, red green blue, each in [0, 1]. */
export type Colour = readonly [number, number, number];

/** Pixels of a picture: columns [left, right), rows [top, bottom). */
export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface BrushShape {
  /** diameter in pixels */
  size: number;
  /** share of the radius over which the brush fades out, 0 … 1 */
  softness: number;
  /** how much of the paint a single stroke leaves, 0 … 1 */
  strength: number;
}

/**
 * What a stroke leaves. "colour": one colour. "copy": what another picture holds at the same place moved by (dx, dy); beyond
 * its edges it is mirrored. "rub": the mean of the 3 × 3 pixels around, so that what is there is blurred.
 */
export type Paint = { kind: "colour"; colour: Colour } | { kind: "copy"; from: Picture; dx: number; dy: number } | { kind: "rub" };

/** How much of a brush reaches a pixel whose centre is `distance` away: 1 in its core, 0 outside, smooth in between. */
export function coverage(distance: number, { size, softness }: Pick<BrushShape, "size" | "softness">): number {
  const radius = size / 2;
  // the hardest brush still needs a pixel to fade, or its edge would be a staircase
  const core = Math.min(radius - 0.5, radius * (1 - softness));
  const t = (radius + 0.5 - distance) / (radius + 0.5 - core);
  return t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t);
}

/** The pixels that a brush at (x, y) can reach, within the picture; may be empty. */
export function reach({ width, height }: { width: number; height: number }, x: number, y: number, size: number): Area {
  const radius = size / 2 + 1;
  const within = (value: number, most: number) => Math.min(most, Math.max(0, value));
  return {
    left: within(Math.floor(x - radius), width), right: within(Math.ceil(x + radius), width),
    top: within(Math.floor(y - radius), height), bottom: within(Math.ceil(y + radius), height),
  };
}

/** The smallest area that holds both. */
export function union(a: Area | null, b: Area): Area {
  return a ? { left: Math.min(a.left, b.left), top: Math.min(a.top, b.top), right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom) } : b;
}

export const isEmpty = ({ left, top, right, bottom }: Area): boolean => left >= right || top >= bottom;

/** Where a brush that is drawn from one point to another is set down, the end among them, the beginning not. */
export function along(x0: number, y0: number, x1: number, y1: number, size: number): [number, number][] {
  const spacing = Math.max(0.5, size / 8);
  const count = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) / spacing));
  return Array.from({ length: count }, (_, i) => [x0 + ((x1 - x0) * (i + 1)) / count, y0 + ((y1 - y0) * (i + 1)) / count]);
}

/**
 * One stroke, from the press to the release. A stroke that crosses itself leaves no more paint there than once; rubbing does
 * go on and on.
 */
export class Stroke {
  /** pixels that the stroke has reached so far */
  area: Area | null = null;
  private readonly before: Float32Array;
  /** most of the brush that has reached each pixel */
  private readonly most: Float32Array;

  /** @param picture is changed in place */
  constructor(private readonly picture: Picture, private readonly paint: Paint, private readonly shape: BrushShape) {
    this.before = picture.data.slice();
    this.most = new Float32Array(picture.width * picture.height);
  }

  /** Sets the brush down at a point. @returns the pixels that may have changed */
  touch(x: number, y: number): Area {
    const area = reach(this.picture, x, y, this.shape.size);
    if (isEmpty(area)) return area;
    this.area = union(this.area, area);
    if (this.paint.kind === "rub") this.rub(area, x, y);
    else this.cover(area, x, y, this.paint);
    return area;
  }

  /** The picture as it was before the stroke. */
  get origin(): Float32Array {
    return this.before;
  }

  private cover({ left, top, right, bottom }: Area, x: number, y: number, paint: Exclude<Paint, { kind: "rub" }>): void {
    const { picture: { width, data }, before, most, shape } = this;
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        const pixel = row * width + column;
        const share = shape.strength * coverage(Math.hypot(column + 0.5 - x, row + 0.5 - y), shape);
        if (share <= most[pixel]) continue;
        most[pixel] = share;
        const [values, at] = paint.kind === "colour" ? [paint.colour, 0] : [paint.from.data, mirrored(paint.from, column + paint.dx, row + paint.dy)];
        for (let c = 0; c < 3; c++) data[3 * pixel + c] = before[3 * pixel + c] + (values[at + c] - before[3 * pixel + c]) * share;
      }
    }
  }

  private rub({ left, top, right, bottom }: Area, x: number, y: number): void {
    const { picture: { width, height, data }, shape } = this;
    // read from what was there: a value that has been blurred already must not be blurred into the next one
    const still = data.slice(3 * width * Math.max(0, top - 1), 3 * width * Math.min(height, bottom + 1));
    const first = Math.max(0, top - 1);
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        const share = shape.strength * coverage(Math.hypot(column + 0.5 - x, row + 0.5 - y), shape);
        if (share === 0) continue;
        const [x0, x1] = [Math.max(0, column - 1), Math.min(width - 1, column + 1)];
        const [y0, y1] = [Math.max(0, row - 1), Math.min(height - 1, row + 1)];
        const count = (x1 - x0 + 1) * (y1 - y0 + 1);
        for (let c = 0; c < 3; c++) {
          let sum = 0;
          for (let v = y0; v <= y1; v++) for (let u = x0; u <= x1; u++) sum += still[3 * ((v - first) * width + u) + c];
          const at = 3 * (row * width + column) + c;
          data[at] += (sum / count - data[at]) * share;
        }
      }
    }
  }
}

/** Index of the red of a pixel; what lies beyond an edge is mirrored at it. */
function mirrored({ width, height }: Picture, x: number, y: number): number {
  return 3 * (mirror(y, height) * width + mirror(x, width));
}

function mirror(i: number, length: number): number {
  const around = ((i % (2 * length)) + 2 * length) % (2 * length);
  return around < length ? around : 2 * length - 1 - around;
}

/** Colour of a pixel. */
export function colourAt({ width, data }: Picture, x: number, y: number): Colour {
  const at = 3 * (y * width + x);
  return [data[at], data[at + 1], data[at + 2]];
}

/** A colour as CSS and colour fields write it: "#1b3a57". */
export function hexOf(colour: Colour): string {
  return `#${colour.map((value) => Math.round(value * 255).toString(16).padStart(2, "0")).join("")}`;
}

/** @returns the colour, null if the text is none of that kind */
export function colourOf(hex: string): Colour | null {
  const [, r, g, b] = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex) ?? [];
  return b === undefined ? null : [parseInt(r, 16) / 255, parseInt(g, 16) / 255, parseInt(b, 16) / 255];
}
