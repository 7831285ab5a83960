import type { Picture } from "../nst/picture";
import { type Area, within } from "./layers-facts";
import { pixelsOf } from "./pixel-canvas";

/** Pictures as canvases: drawn once, cut from often. */
const canvases = new WeakMap<Picture, HTMLCanvasElement>();

/** A picture as a canvas of its own size. It belongs to nobody: draw from it, and do not draw on it. */
export function pictureCanvas(picture: Picture): HTMLCanvasElement {
  let canvas = canvases.get(picture);
  if (!canvas) {
    canvas = document.createElement("canvas");
    canvas.width = picture.width;
    canvas.height = picture.height;
    const { width, height, rgba } = pixelsOf(picture);
    canvas.getContext("2d")!.putImageData(new ImageData(rgba, width, height), 0, 0);
    canvases.set(picture, canvas);
  }
  return canvas;
}


/** Draws what a unit sees into a square of `side` pixels at (left, top); what lies outside of the picture stays as it is. */
export function drawPatch(context: CanvasRenderingContext2D, picture: Picture, area: Area, left: number, top: number, side: number): void {
  const seen = within(area, picture.width, picture.height);
  if (seen.width <= 0 || seen.height <= 0) return;
  const zoom = side / area.width;
  context.imageSmoothingEnabled = zoom < 1;
  context.imageSmoothingQuality = "high";
  context.drawImage(pictureCanvas(picture), seen.x, seen.y, seen.width, seen.height, left + (seen.x - area.x) * zoom, top + (seen.y - area.y) * zoom, seen.width * zoom, seen.height * zoom);
}
