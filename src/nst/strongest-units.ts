import { channelOf, type FeatureMaps } from "./feature-maps";

/** A unit of a map: column, row, and what it answered. */
export interface Unit {
  x: number;
  y: number;
  value: number;
}

/**
 * The units of one map that answer most, best first, no two of them neighbours: a strong answer hides the weaker ones
 * around it, so that a list is not ten times the same spot. Units that are 0 or below did not answer. Of equal ones the
 * first in reading order is taken.
 * @param top how many at most
 * @param distance two units of the list differ by at least this many columns or rows
 * @param floor only what is above counts
 */
export function strongestUnits(maps: FeatureMaps, channel: number, top: number, distance: number, floor = 0): Unit[] {
  const { height, width } = maps;
  const map = channelOf(maps, channel);
  const units: Unit[] = [];
  while (units.length < top) {
    let best = -1;
    let value = Math.max(0, floor);
    for (let p = 0; p < map.length; p++)
      if (map[p] > value) {
        value = map[p];
        best = p;
      }
    if (best < 0) break;
    const [x, y] = [best % width, Math.floor(best / width)];
    units.push({ x, y, value });
    for (let row = Math.max(0, y - distance + 1); row < Math.min(height, y + distance); row++)
      map.fill(0, row * width + Math.max(0, x - distance + 1), row * width + Math.min(width, x + distance));
  }
  return units;
}
