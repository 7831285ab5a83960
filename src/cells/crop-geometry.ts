/** The arithmetic of a crop frame, in pixels of the upright source picture. No DOM in here. */
import type { CropRect } from "../kernel/protocol";

export interface Size {
  width: number;
  height: number;
}

/** Which side or corner is pulled: −1 left or top, 1 right or bottom, 0 not this axis. */
export interface Grip {
  x: -1 | 0 | 1;
  y: -1 | 0 | 1;
}

export type Aspect = "square" | "original" | "free";

/** Width over height that the frame keeps, null if any. */
export function ratioOf(aspect: Aspect, source: Size): number | null {
  if (aspect === "square") return 1;
  return aspect === "original" ? source.width / source.height : null;
}

/** The largest rectangle of this ratio in the middle of the picture; all of it if ratio is null. */
export function centredCrop(source: Size, ratio: number | null): CropRect {
  const wanted = ratio ?? source.width / source.height;
  const width = Math.min(source.width, Math.round(source.height * wanted));
  const height = Math.min(source.height, Math.round(source.width / wanted));
  return { x: Math.floor((source.width - width) / 2), y: Math.floor((source.height - height) / 2), width, height };
}

/** Moves a frame, which stops at the picture's edges. */
export function moveCrop(rect: CropRect, dx: number, dy: number, source: Size): CropRect {
  return {
    ...rect,
    x: Math.round(clamp(rect.x + dx, 0, source.width - rect.width)),
    y: Math.round(clamp(rect.y + dy, 0, source.height - rect.height)),
  };
}

/**
 * Pulls a grip by (dx, dy). The opposite side stays; with a ratio, a side grip grows the other axis about its middle.
 * @param smallest shortest side that is allowed
 */
export function resizeCrop(rect: CropRect, grip: Grip, dx: number, dy: number, source: Size, ratio: number | null, smallest: number): CropRect {
  const least: Size = ratio === null ? { width: smallest, height: smallest } : { width: smallest * Math.max(1, ratio), height: smallest * Math.max(1, 1 / ratio) };
  const room = { width: roomFor(rect.x, rect.width, grip.x, source.width), height: roomFor(rect.y, rect.height, grip.y, source.height) };
  let width = clamp(rect.width + dx * grip.x, least.width, room.width);
  let height = clamp(rect.height + dy * grip.y, least.height, room.height);
  if (ratio !== null) {
    // a corner follows whichever axis was pulled further
    const byWidth = grip.y === 0 || (grip.x !== 0 && Math.abs(dx) >= Math.abs(dy) * ratio);
    width = byWidth ? width : height * ratio;
    const fit = Math.min(1, room.width / width, room.height / (width / ratio));
    width = Math.max(least.width, width * fit);
    height = width / ratio;
  }
  width = Math.min(source.width, Math.round(width));
  height = Math.min(source.height, Math.round(height));
  return {
    x: Math.round(clamp(placed(rect.x, rect.width, width, grip.x), 0, source.width - width)),
    y: Math.round(clamp(placed(rect.y, rect.height, height, grip.y), 0, source.height - height)),
    width,
    height,
  };
}

/** Size of the resized cut: the longer side is `longer`, the shorter keeps the shape but has at least `smallest` pixels. */
export function outputSize(crop: Size, longer: number, smallest: number): Size {
  const scale = longer / Math.max(crop.width, crop.height);
  return { width: Math.max(smallest, Math.round(crop.width * scale)), height: Math.max(smallest, Math.round(crop.height * scale)) };
}

/** How far an axis can grow when pulled at this end; about its middle when not pulled. */
function roomFor(start: number, length: number, end: -1 | 0 | 1, total: number): number {
  if (end === 1) return total - start;
  if (end === -1) return start + length;
  return 2 * Math.min(start + length / 2, total - start - length / 2);
}

function placed(start: number, before: number, after: number, end: -1 | 0 | 1): number {
  if (end === 1) return start;
  return end === -1 ? start + before - after : start + (before - after) / 2;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
