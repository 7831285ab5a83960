/** Two or three small feature maps with one blob each, and everything that the costs make of them: exact, by hand. */

/** Column and row of a blob's upper left corner. */
export interface Spot {
  x: number;
  y: number;
}

/** A blob is a square of so many ones a side; every other number of its map is 0. */
export const BLOB = 2;

export interface BlobSetup {
  /** maps that differ, 1 to 3 */
  maps: number;
  /** positions a side of a map */
  side: number;
  /** every map laid side by side with itself, 2 × 2: four times the positions */
  tiled: boolean;
  /** every map taken twice: twice the maps */
  twice: boolean;
}

/** Which factors of the two costs count; one that does not is 1. */
export interface BlobFactors {
  /** the ½ before the content cost */
  half: boolean;
  /** the ¼ of the style cost */
  quarter: boolean;
  /** its 1/N² */
  perMaps: boolean;
  /** its 1/M² */
  perPositions: boolean;
}

export interface BlobCosts {
  /** N, with those that are taken twice */
  n: number;
  /** M, with the tiles */
  m: number;
  /** F and F′: n lists of m numbers, row by row */
  before: number[][];
  after: number[][];
  /** F Fᵀ of both, n × n */
  gramBefore: number[][];
  gramAfter: number[][];
  /** Σ (F′ − F)² */
  contentSum: number;
  /** Σ (G′ − G)² */
  styleSum: number;
  /** what Σ (G′ − G)² is divided by */
  styleDivisor: number;
  /** the costs, with the factors that count */
  contentCost: number;
  styleCost: number;
  /** derivative of the content cost by each number of F′: (F′ − F), twice that without the ½ */
  contentSlope: number[][];
  /** (G′ − G) F′, four times that without the ¼: the derivative of the style cost by F′ but for 1/(N²M²) */
  styleSlope: number[][];
}

/** The maps of a setup: with tiles and doubles. @returns n lists of m numbers, row by row */
export function blobMaps(spots: readonly Spot[], { maps, side, tiled, twice }: BlobSetup): number[][] {
  const extent = side * (tiled ? 2 : 1);
  const drawn = spots.slice(0, maps).map(({ x, y }) =>
    Array.from({ length: extent * extent }, (_, p) => {
      const [column, row] = [(p % extent) % side, Math.floor(p / extent) % side];
      return Number(column >= x && column < x + BLOB && row >= y && row < y + BLOB);
    }),
  );
  return twice ? [...drawn, ...drawn] : drawn;
}

/** F Fᵀ. */
export function gramOf(maps: readonly number[][]): number[][] {
  return maps.map((one) => maps.map((other) => one.reduce((sum, value, p) => sum + value * other[p], 0)));
}

/**
 * Both costs of the moved blobs F′ against those before, F: ½ Σ (F′ − F)² and 1/(4N²M²) Σ (G′ − G)² (Gatys et al. 2015,
 * equations 1 and 4), and their derivatives (equations 2 and 6; none is cut off at 0, because no ReLU stands between).
 */
export function blobCosts(before: readonly Spot[], after: readonly Spot[], setup: BlobSetup, factors: BlobFactors): BlobCosts {
  const [maps, moved] = [blobMaps(before, setup), blobMaps(after, setup)];
  const [gramBefore, gramAfter] = [gramOf(maps), gramOf(moved)];
  const [n, m] = [maps.length, maps[0].length];
  const change = moved.map((map, i) => map.map((value, p) => value - maps[i][p]));
  const gramChange = gramAfter.map((row, i) => row.map((value, j) => value - gramBefore[i][j]));
  const [contentSum, styleSum] = [squares(change), squares(gramChange)];
  const styleDivisor = (factors.quarter ? 4 : 1) * (factors.perMaps ? n * n : 1) * (factors.perPositions ? m * m : 1);
  const [contentFactor, styleFactor] = [factors.half ? 1 : 2, factors.quarter ? 1 : 4];
  return {
    n,
    m,
    before: maps,
    after: moved,
    gramBefore,
    gramAfter,
    contentSum,
    styleSum,
    styleDivisor,
    contentCost: contentSum / (factors.half ? 2 : 1),
    styleCost: styleSum / styleDivisor,
    contentSlope: change.map((map) => map.map((value) => value * contentFactor)),
    styleSlope: gramChange.map((row) => moved[0].map((_, p) => row.reduce((sum, value, j) => sum + value * moved[j][p], 0) * styleFactor)),
  };
}

/** How many positions of two blobs coincide: what G₁₂ counts, in one tile. */
export function overlap(a: Spot, b: Spot): number {
  return Math.max(0, BLOB - Math.abs(a.x - b.x)) * Math.max(0, BLOB - Math.abs(a.y - b.y));
}

/** Moves one blob, or all of them by as much; none leaves its map. */
export function moveBlob(spots: readonly Spot[], index: number, to: Spot, { side, maps, together }: { side: number; maps: number; together: boolean }): Spot[] {
  const moves = (i: number) => (together ? i < maps : i === index);
  const moving = spots.filter((_, i) => moves(i));
  const last = side - BLOB;
  const within = (by: number, axis: "x" | "y") => {
    const least = -Math.min(...moving.map((spot) => spot[axis]));
    const most = last - Math.max(...moving.map((spot) => spot[axis]));
    return Math.max(least, Math.min(most, by));
  };
  const [dx, dy] = [within(to.x - spots[index].x, "x"), within(to.y - spots[index].y, "y")];
  return spots.map((spot, i) => (moves(i) ? { x: spot.x + dx, y: spot.y + dy } : spot));
}

/** Spots that fit into maps of that side. */
export function fitted(spots: readonly Spot[], side: number): Spot[] {
  const inside = (at: number) => Math.max(0, Math.min(side - BLOB, at));
  return spots.map(({ x, y }) => ({ x: inside(x), y: inside(y) }));
}

function squares(rows: readonly number[][]): number {
  return rows.flat().reduce((sum, value) => sum + value * value, 0);
}
