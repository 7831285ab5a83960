import { describe, expect, it } from "vitest";
import { movedTiles } from "../../src/cells/shuffle-tiles";

describe("a picture in tiles", () => {
  /** every pixel says where it came from */
  const picture = (width: number, height: number) => ({ width, height, data: Float32Array.from({ length: width * height * 3 }, (_, at) => Math.floor(at / 3)) });
  const pixels = ({ data }: { data: Float32Array }) => [...data].filter((_, at) => at % 3 === 0);

  it("puts the tile of each position where the position goes", () => {
    // 4 × 2 pixels, 2 × 1 positions, exchanged
    expect(pixels(movedTiles(picture(4, 2), [1, 0], 2, 1))).toEqual([2, 3, 0, 1, 6, 7, 4, 5]);
  });

  it("leaves the picture as it is when nothing moves, but for pixels that belong to no position", () => {
    expect(pixels(movedTiles(picture(4, 4), [0, 1, 2, 3], 2, 2))).toEqual(pixels(picture(4, 4)));
    const odd = movedTiles(picture(5, 3), [0, 1], 2, 1);
    expect([odd.width, odd.height]).toEqual([4, 3]);
    expect(pixels(odd)).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 13]);
  });

  it("moves three numbers a pixel together", () => {
    const data = Float32Array.from([1, 2, 3, 4, 5, 6]);
    expect([...movedTiles({ width: 2, height: 1, data }, [1, 0], 2, 1).data]).toEqual([4, 5, 6, 1, 2, 3]);
  });
});
