/** One look at several pictures: how far in, and at which place of them. */
import { ARROWS } from "./pixel-canvas";

export interface Zoom {
  /** 1: the whole picture fills its frame */
  scale: number;
  /** the place in the middle of the frame, as shares of the picture's width and height */
  x: number;
  y: number;
}

export const WHOLE: Zoom = { scale: 1, x: 0.5, y: 0.5 };

/** Beyond this a pixel of a picture fills the frame. */
const MOST = 32;

/** Nothing but picture in the frame. */
function within({ scale, x, y }: Zoom): Zoom {
  const half = 0.5 / scale;
  const keep = (at: number) => Math.min(1 - half, Math.max(half, at));
  return { scale, x: keep(x), y: keep(y) };
}

/**
 * Nearer by a factor (below 1: farther); what is under the place (u, v) stays under it.
 * @param u from left, and @param v from above, as shares of the frame
 */
export function zoomAt({ scale, x, y }: Zoom, factor: number, u = 0.5, v = 0.5): Zoom {
  const next = Math.min(MOST, Math.max(1, scale * factor));
  return within({ scale: next, x: x + (u - 0.5) * (1 / scale - 1 / next), y: y + (v - 0.5) * (1 / scale - 1 / next) });
}

/** The picture is pulled by so much, as shares of the frame. */
export function pan({ scale, x, y }: Zoom, du: number, dv: number): Zoom {
  return within({ scale, x: x - du / scale, y: y - dv / scale });
}

/** As a CSS transform of an element that fills the frame, from its upper left corner. */
export function transformOf({ scale, x, y }: Zoom): string {
  const shift = (at: number) => `${(0.5 / scale - at) * 100}%`;
  return `scale(${scale}) translate(${shift(x)}, ${shift(y)})`;
}

/** What a key does to a zoom; null: nothing. Plus and minus, 0 for the whole, arrows move. */
export function zoomKey(zoom: Zoom, key: string): Zoom | null {
  if (key === "+" || key === "=") return zoomAt(zoom, 1.5);
  if (key === "-" || key === "_") return zoomAt(zoom, 1 / 1.5);
  if (key === "0") return WHOLE;
  const way = ARROWS[key];
  // with the whole in the frame there is nowhere to go
  return way && zoom.scale > 1 ? pan(zoom, -way[0] / 8, -way[1] / 8) : null;
}
