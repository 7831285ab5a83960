/** Where the maps of a grid lie, in CSS pixels. Pure. */

export interface GridLayout {
  /** maps in a row */
  columns: number;
  rows: number;
  /** of one map */
  tileWidth: number;
  tileHeight: number;
  /** from the top of one row to the top of the next */
  rowHeight: number;
}

/** Between maps. */
export const GAP = 6;

/** Less than this, and no pattern can be made out; in a narrow column a little less must do. */
const smallestTile = (width: number) => (width < 480 ? 60 : 76);

/**
 * As many maps in a row as the width takes, filling it.
 * @param count maps
 * @param width of the grid
 * @param shape height / width of a map; very long or very tall ones are not drawn to scale
 */
export function gridLayout(count: number, width: number, shape: number): GridLayout {
  const columns = Math.max(1, Math.floor((width + GAP) / (smallestTile(width) + GAP)));
  const tileWidth = Math.max(1, (width - GAP * (columns - 1)) / columns);
  const tileHeight = tileWidth * Math.min(2.5, Math.max(0.4, shape));
  return { columns, rows: Math.ceil(count / columns), tileWidth, tileHeight, rowHeight: tileHeight + GAP };
}

/** First row to draw, and the one after the last: what is seen, and `spare` rows above and below it. */
export function rowsInView({ rows, rowHeight }: GridLayout, scrollTop: number, height: number, spare: number): [number, number] {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - spare);
  const end = Math.min(rows, Math.ceil((scrollTop + height) / rowHeight) + spare);
  return [Math.min(first, end), end];
}

/**
 * Where a key leads from place `at` among `count` maps, null if the key does not move. Up and down stay where they are at
 * the rim; a page is `page` rows.
 */
export function placeAfterKey(key: string, at: number, count: number, columns: number, page: number): number | null {
  const jump = (by: number): number => {
    // straight up or down as far as there are rows, also from a last row that is not full
    let to = at;
    for (let left = Math.abs(by); left > 0 && to + Math.sign(by) * columns >= 0 && to + Math.sign(by) * columns < count; left--) to += Math.sign(by) * columns;
    return to;
  };
  switch (key) {
    case "ArrowLeft":
      return Math.max(0, at - 1);
    case "ArrowRight":
      return Math.min(count - 1, at + 1);
    case "ArrowUp":
      return jump(-1);
    case "ArrowDown":
      return jump(1);
    case "PageUp":
      return jump(-page);
    case "PageDown":
      return jump(page);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
