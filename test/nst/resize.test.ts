import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Picture } from "../../src/nst/picture";
import { clampRect, cropAndResize, resize, type Filter } from "../../src/nst/resize";
import { fixture } from "../support/fixtures";
import { relativeError } from "../support/parity";

const { tensors } = fixture("resize");

function fixturePicture(): Picture {
  const { shape, data } = tensors.get("picture")!;
  return { width: shape[1], height: shape[0], data: Float32Array.from(data, (value) => value / 255) };
}

const anyPicture = fc
  .record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 40 }), seed: fc.integer({ min: 1, max: 1e6 }) })
  .map(({ width, height, seed }) => {
    let state = seed;
    const data = Float32Array.from({ length: width * height * 3 }, () => (state = (state * 16807) % 2147483647) / 2147483647);
    return { width, height, data };
  });
const side = fc.integer({ min: 1, max: 60 });
const anyFilter = fc.constantFrom<Filter>("bilinear", "lanczos3");

describe("resize", () => {
  const expected = [...tensors.keys()].filter((key) => key !== "picture");

  it("has fixtures for both filters", () => {
    expect(expected.some((key) => key.startsWith("bilinear")) && expected.some((key) => key.startsWith("lanczos"))).toBe(true);
  });

  it.each(expected)("gives the numbers of Pillow for %s", (key) => {
    const { shape, data } = tensors.get(key)!;
    const filter: Filter = key.startsWith("lanczos") ? "lanczos3" : "bilinear";
    const resized = resize(fixturePicture(), shape[1], shape[0], filter);
    // Pillow's floats overshoot with Lanczos, pictures are clipped
    const clipped = data.map((value) => Math.min(1, Math.max(0, value)));
    expect(relativeError(resized.data, clipped)).toBeLessThan(1e-5);
  });

  it("takes bilinear where no filter is named", () => {
    expect(resize(fixturePicture(), 24, 16).data).toEqual(resize(fixturePicture(), 24, 16, "bilinear").data);
  });

  it("keeps every value in [0, 1], at any size and with either filter", () => {
    fc.assert(fc.property(anyPicture, side, side, anyFilter, (picture, width, height, filter) => resize(picture, width, height, filter).data.every((value) => value >= 0 && value <= 1)), { numRuns: 60 });
  });

  it("leaves a picture of one colour as it is, up to its borders", () => {
    fc.assert(
      fc.property(anyPicture, side, side, anyFilter, (picture, width, height, filter) => {
        const plain = { ...picture, data: picture.data.map((_, i) => [0.25, 0.5, 0.75][i % 3]) };
        return resize(plain, width, height, filter).data.every((value, i) => Math.abs(value - [0.25, 0.5, 0.75][i % 3]) < 1e-6);
      }),
      { numRuns: 60 },
    );
  });

  it("returns the same pixels at the same size", () => {
    fc.assert(fc.property(anyPicture, anyFilter, (picture, filter) => relativeError(resize(picture, picture.width, picture.height, filter).data, picture.data) < 1e-6), { numRuns: 40 });
  });

  it("averages a chessboard to grey when shrinking, instead of picking squares", () => {
    const board: Picture = { width: 64, height: 64, data: Float32Array.from({ length: 64 * 64 * 3 }, (_, i) => (Math.floor(i / 3) + Math.floor(i / 192)) % 2) };
    for (const value of resize(board, 8, 8).data) expect(value).toBeCloseTo(0.5, 2);
  });

  it.each([[0, 10], [10, 0], [1.5, 10], [NaN, 10], [-3, 3]])("refuses %s × %s pixels", (width, height) => {
    expect(() => resize(fixturePicture(), width, height)).toThrow(/whole numbers of at least 1 pixel/);
  });

  it("shrinks 2048 × 2048 to 256 × 256 in less than 200 ms", () => {
    const large: Picture = { width: 2048, height: 2048, data: new Float32Array(2048 * 2048 * 3).fill(0.5) };
    resize(large, 256, 256);
    const times = [1, 2, 3].map(() => {
      const start = performance.now();
      resize(large, 256, 256);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(200);
  });
});

describe("cropAndResize", () => {
  it("cuts first: what lies outside the crop has no influence", () => {
    const inside = { width: 20, height: 20, data: new Float32Array(20 * 20 * 3).fill(1) };
    for (let y = 5; y < 15; y++) inside.data.fill(0.25, (y * 20 + 5) * 3, (y * 20 + 15) * 3);
    const cut = cropAndResize(inside, { x: 5, y: 5, width: 10, height: 10 }, 4, 4);
    for (const value of cut.data) expect(value).toBeCloseTo(0.25, 6);
  });

  it("copies the pixels of the crop when it is not resized", () => {
    const picture = fixturePicture();
    const cut = cropAndResize(picture, { x: 3, y: 2, width: 7, height: 5 }, 7, 5);
    for (let y = 0; y < 5; y++) {
      const row = picture.data.subarray(((y + 2) * picture.width + 3) * 3, ((y + 2) * picture.width + 10) * 3);
      expect(relativeError(cut.data.subarray(y * 21, (y + 1) * 21), row)).toBeLessThan(1e-6);
    }
  });

  it("rounds a crop to whole pixels and keeps it inside the picture", () => {
    expect(clampRect({ x: 1.4, y: 1.6, width: 3.5, height: 100 }, 10, 10)).toEqual({ x: 1, y: 2, width: 4, height: 8 });
    expect(clampRect({ x: -5, y: 99, width: 0, height: 5 }, 10, 10)).toEqual({ x: 0, y: 9, width: 1, height: 1 });
  });
});
