/** Which pixels are followed: a lattice over the picture, and one that was asked for exactly. Pure. */

/** Column and row of a pixel. */
export interface Pixel {
  x: number;
  y: number;
}

/** Pixels that are followed, and where the arrow keys lead among those of the lattice. */
export interface Lattice {
  /** row by row; after them a pixel that is not of the lattice, if one was asked for */
  pixels: Pixel[];
  columns: number;
  rows: number;
}

/**
 * An even lattice of at most `most` pixels, as dense across as down, and one pixel exactly.
 * @param exact not added where it lies on the lattice
 */
export function lattice(width: number, height: number, most: number, exact?: Pixel | null): Lattice {
  let spacing = Math.max(1, Math.sqrt((width * height) / most));
  const count = (extent: number) => Math.max(1, Math.floor(extent / spacing));
  while (count(width) * count(height) > most) spacing *= 1.05;
  const [columns, rows] = [count(width), count(height)];
  const at = (i: number, count: number, extent: number) => Math.floor(((i + 0.5) * extent) / count);
  const pixels = Array.from({ length: columns * rows }, (_, i) => ({ x: at(i % columns, columns, width), y: at(Math.floor(i / columns), rows, height) }));
  if (exact && !pixels.some(({ x, y }) => x === exact.x && y === exact.y)) pixels.push({ x: exact.x, y: exact.y });
  return { pixels, columns, rows };
}

/** Index of the followed pixel that is nearest to a place. */
export function nearestTo(pixels: readonly Pixel[], { x, y }: Pixel): number {
  let best = 0;
  let least = Infinity;
  pixels.forEach((pixel, i) => {
    const distance = (pixel.x - x) ** 2 + (pixel.y - y) ** 2;
    if (distance < least) [best, least] = [i, distance];
  });
  return best;
}

/**
 * The pixel of the lattice that lies `right` columns and `down` rows from a place; from a place beside the lattice, the
 * next one on that side.
 */
export function neighbour({ pixels, columns, rows }: Lattice, from: Pixel, right: number, down: number): Pixel {
  const next = (now: number, by: number, places: number[]) => {
    if (by === 0) return nearestPlace(places, now);
    const ahead = by > 0 ? places.filter((place) => place > now) : places.filter((place) => place < now).reverse();
    return ahead[Math.min(ahead.length, Math.abs(by)) - 1] ?? nearestPlace(places, now);
  };
  const across = pixels.slice(0, columns).map(({ x }) => x);
  const along = Array.from({ length: rows }, (_, row) => pixels[row * columns].y);
  return { x: next(from.x, right, across), y: next(from.y, down, along) };
}

function nearestPlace(places: number[], now: number): number {
  return places.reduce((best, place) => (Math.abs(place - now) < Math.abs(best - now) ? place : best));
}
