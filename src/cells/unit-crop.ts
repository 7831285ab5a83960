import type { Picture } from "../nst/picture";
import type { Box } from "./map-over-picture";
import type { Pixels } from "./pixel-canvas";

/** Cuts a box out of a picture. What lies outside of the picture stays transparent. */
export function cropOf({ width, height, data }: Picture, box: Box): Pixels {
  const rgba = new Uint8ClampedArray(box.width * box.height * 4);
  const [left, right] = [Math.max(0, box.x), Math.min(width, box.x + box.width)];
  for (let y = Math.max(0, box.y); y < Math.min(height, box.y + box.height); y++) {
    let from = (y * width + left) * 3;
    let to = ((y - box.y) * box.width + left - box.x) * 4;
    for (let x = left; x < right; x++, to += 4) {
      for (let c = 0; c < 3; c++) rgba[to + c] = data[from++] * 255;
      rgba[to + 3] = 255;
    }
  }
  return { width: box.width, height: box.height, rgba };
}

/** Which pixels a box covers, in words: "columns 96 to 119, rows 44 to 67". */
export function boxText({ x, y, width, height }: Box): string {
  const span = (from: number, count: number) => (count === 1 ? `${signed(from)}` : `${signed(from)} to ${signed(from + count - 1)}`);
  return `${width === 1 ? "column" : "columns"} ${span(x, width)}, ${height === 1 ? "row" : "rows"} ${span(y, height)}`;
}

const signed = (n: number) => String(n).replace("-", "−");

/** Whether parts of a box lie outside of the picture. */
export function reachesOut({ x, y, width, height }: Box, picture: Picture): boolean {
  return x < 0 || y < 0 || x + width > picture.width || y + height > picture.height;
}
