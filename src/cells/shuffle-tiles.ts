/** A picture cut up where the positions of its feature maps are, and put together in another order. Pure. */
import type { Picture } from "../nst/picture";

/**
 * Moves the tile of every position to where the position goes.
 * @param order from which position each one is filled, row by row; height × width of them
 * @param width and @param height of the maps; the picture is cut into as many tiles
 */
export function movedTiles(picture: Picture, order: ArrayLike<number>, width: number, height: number): Picture {
  // maps of a picture whose sides are no multiples of the stride leave out its last pixels
  const [tileWidth, tileHeight] = [Math.floor(picture.width / width), Math.floor(picture.height / height)];
  const result = { width: tileWidth * width, height: tileHeight * height, data: new Float32Array(tileWidth * width * tileHeight * height * 3) };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = order[y * width + x];
      const [fromX, fromY] = [from % width, Math.floor(from / width)];
      for (let row = 0; row < tileHeight; row++) {
        const start = ((fromY * tileHeight + row) * picture.width + fromX * tileWidth) * 3;
        result.data.set(picture.data.subarray(start, start + tileWidth * 3), ((y * tileHeight + row) * result.width + x * tileWidth) * 3);
      }
    }
  return result;
}
