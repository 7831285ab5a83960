import type { Picture } from "./picture";
import { cropAndResize, type Rect } from "./resize";

/** The largest rectangle of a shape in the middle of a picture, in whole pixels. @param ratio width / height */
export function middle(source: { width: number; height: number }, ratio: number): Rect {
  const width = Math.min(source.width, Math.round(source.height * ratio));
  const height = Math.min(source.height, Math.round(source.width / ratio));
  return { x: Math.floor((source.width - width) / 2), y: Math.floor((source.height - height) / 2), width, height };
}

/** A picture cut in the middle to the shape width × height, then resized to it. */
export function cutMiddle(picture: Picture, width: number, height: number): Picture {
  return cropAndResize(picture, middle(picture, width / height), width, height);
}
