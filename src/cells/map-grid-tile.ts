import type { FeatureMaps } from "../nst/feature-maps";

/** A map as small as it is shown. */
export interface Tile {
  /** row by row */
  values: Float32Array;
  width: number;
  height: number;
}

/** How many values a side become one, so that a map still has at least as many points as the screen shows of it. */
export function tileReduction(mapWidth: number, screenPixels: number): number {
  return Math.max(1, Math.floor(mapWidth / Math.max(1, screenPixels)));
}

/**
 * One channel of a layer, each point the mean of `every` × `every` values (fewer at the right and lower rim).
 * Reads every value of the channel once: some tenths of a millisecond for 256 × 256.
 */
export function mapTile({ width, height, channels, data }: FeatureMaps, channel: number, every: number): Tile {
  const tile: Tile = { width: Math.ceil(width / every), height: Math.ceil(height / every), values: new Float32Array(Math.ceil(width / every) * Math.ceil(height / every)) };
  const { values } = tile;
  if (every === 1) {
    for (let p = 0, i = channel; p < values.length; p++, i += channels) values[p] = data[i];
    return tile;
  }
  for (let y = 0, i = channel; y < height; y++) {
    const row = Math.floor(y / every) * tile.width;
    for (let x = 0; x < width; x++, i += channels) values[row + Math.floor(x / every)] += data[i];
  }
  for (let y = 0; y < tile.height; y++) {
    const tall = Math.min(every, height - y * every);
    for (let x = 0; x < tile.width; x++) values[y * tile.width + x] /= tall * Math.min(every, width - x * every);
  }
  return tile;
}
