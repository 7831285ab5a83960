import { describe, expect, it } from "vitest";
import { GAP, gridLayout, placeAfterKey, rowsInView } from "../../src/cells/map-grid-layout";
import { mapTile, tileReduction } from "../../src/cells/map-grid-tile";

describe("the layout of a grid of maps", () => {
  it("fills the width with maps that are large enough to be made out, in a wide cell and in a narrow one", () => {
    for (const width of [280, 330, 479, 480, 660, 990]) {
      const { columns, tileWidth } = gridLayout(64, width, 1);
      expect(columns * tileWidth + (columns - 1) * GAP).toBeCloseTo(width, 6);
      expect(tileWidth).toBeGreaterThanOrEqual(width < 480 ? 60 : 76);
      expect(tileWidth).toBeLessThan(120);
    }
  });

  it("gives maps the shape of the picture, within reason", () => {
    const wide = gridLayout(64, 990, 0.5);
    expect(wide.tileHeight).toBeCloseTo(wide.tileWidth / 2, 6);
    expect(gridLayout(64, 990, 20).tileHeight).toBeCloseTo(wide.tileWidth * 2.5, 6);
  });

  it("has one column where there is hardly any room, and rows for all maps", () => {
    expect(gridLayout(7, 0, 1)).toMatchObject({ columns: 1, rows: 7 });
    expect(gridLayout(0, 990, 1).rows).toBe(0);
  });
});

describe("the rows in view", () => {
  const layout = gridLayout(512, 990, 1);

  it("are those that are seen and a few around them, however many there are", () => {
    expect(rowsInView(layout, 0, 400, 2)).toEqual([0, Math.ceil(400 / layout.rowHeight) + 2]);
    const [first, end] = rowsInView(layout, 20 * layout.rowHeight + 1, 400, 2);
    expect([first, end]).toEqual([18, Math.ceil((20 * layout.rowHeight + 401) / layout.rowHeight) + 2]);
    expect(end - first).toBeLessThan(layout.rows / 2);
  });

  it("end with the last row, also when the grid has just become shorter", () => {
    expect(rowsInView(layout, 1e6, 400, 2)).toEqual([layout.rows, layout.rows]);
    expect(rowsInView(layout, layout.rows * layout.rowHeight - 400, 400, 2)[1]).toBe(layout.rows);
  });
});

describe("keys in the grid", () => {
  const go = (key: string, at: number) => placeAfterKey(key, at, 50, 12, 3);

  it("lead to the neighbours and to the ends", () => {
    expect([go("ArrowLeft", 5), go("ArrowRight", 5), go("Home", 30), go("End", 30)]).toEqual([4, 6, 0, 49]);
    expect([go("ArrowLeft", 0), go("ArrowRight", 49)]).toEqual([0, 49]);
  });

  it("lead straight up and down, and stay where there is nothing above or below", () => {
    expect([go("ArrowDown", 5), go("ArrowUp", 17)]).toEqual([17, 5]);
    expect([go("ArrowUp", 5), go("ArrowDown", 40), go("ArrowDown", 37)]).toEqual([5, 40, 49]);
    expect([go("PageDown", 1), go("PageDown", 5), go("PageUp", 41)]).toEqual([37, 41, 5]);
  });

  it("leave other keys to the page", () => {
    expect(go("Tab", 5)).toBeNull();
  });
});

describe("a map as small as it is shown", () => {
  // two channels: column + 10 · row, and its negative
  const maps = { layer: "l", height: 3, width: 5, channels: 2, data: Float32Array.from({ length: 30 }, (_, i) => (i % 2 ? -1 : 1) * ((Math.floor(i / 2) % 5) + 10 * Math.floor(i / 10))) };

  it("is the channel's own numbers where there is room for all", () => {
    expect([...mapTile(maps, 1, 1).values]).toEqual([0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24].map((v) => -v));
  });

  it("is the mean of blocks where there is not, of smaller ones at the rim", () => {
    const { values, width, height } = mapTile(maps, 0, 2);
    expect([width, height]).toEqual([3, 2]);
    expect([...values]).toEqual([5.5, 7.5, 9, 20.5, 22.5, 24]);
  });

  it("never has fewer points than the screen", () => {
    expect([tileReduction(256, 76), tileReduction(64, 76), tileReduction(152, 76), tileReduction(8, 0)]).toEqual([3, 1, 2, 8]);
    for (const [width, pixels] of [[256, 76], [224, 60], [512, 152]]) expect(Math.ceil(width / tileReduction(width, pixels))).toBeGreaterThanOrEqual(pixels);
  });
});
