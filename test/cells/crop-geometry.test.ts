import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { centredCrop, moveCrop, outputSize, ratioOf, resizeCrop, type Grip } from "../../src/cells/crop-geometry";
import type { CropRect } from "../../src/kernel/protocol";

const landscape = { width: 768, height: 512 };

describe("centredCrop", () => {
  it("takes the largest square in the middle", () => {
    expect(centredCrop(landscape, 1)).toEqual({ x: 128, y: 0, width: 512, height: 512 });
    expect(centredCrop({ width: 300, height: 401 }, 1)).toEqual({ x: 0, y: 50, width: 300, height: 300 });
  });
  it("takes everything for the picture's own shape, and if any shape will do", () => {
    const all = { x: 0, y: 0, ...landscape };
    expect(centredCrop(landscape, ratioOf("original", landscape))).toEqual(all);
    expect(centredCrop(landscape, ratioOf("free", landscape))).toEqual(all);
  });
});

describe("moveCrop", () => {
  it("stops at the edges of the picture and keeps its size", () => {
    const rect = { x: 10, y: 20, width: 100, height: 50 };
    expect(moveCrop(rect, -50, 30, landscape)).toEqual({ ...rect, x: 0, y: 50 });
    expect(moveCrop(rect, 5000, 5000, landscape)).toEqual({ ...rect, x: 668, y: 462 });
  });
});

describe("resizeCrop", () => {
  const rect = { x: 200, y: 100, width: 200, height: 200 };

  it("moves the pulled corner and leaves the opposite one", () => {
    expect(resizeCrop(rect, { x: -1, y: -1 }, -30, -10, landscape, null, 16)).toEqual({ x: 170, y: 90, width: 230, height: 210 });
    expect(resizeCrop(rect, { x: 1, y: 1 }, 30, -20, landscape, null, 16)).toEqual({ x: 200, y: 100, width: 230, height: 180 });
  });
  it("keeps a square square when a corner is pulled", () => {
    expect(resizeCrop(rect, { x: 1, y: 1 }, 40, 5, landscape, 1, 16)).toEqual({ x: 200, y: 100, width: 240, height: 240 });
  });
  it("grows a square no further than the picture allows", () => {
    expect(resizeCrop(rect, { x: 1, y: 1 }, 4000, 4000, landscape, 1, 16)).toEqual({ x: 200, y: 100, width: 412, height: 412 });
  });

  const inside = fc.record({ x: fc.integer({ min: 0, max: 600 }), y: fc.integer({ min: 0, max: 400 }), width: fc.integer({ min: 32, max: 168 }), height: fc.integer({ min: 32, max: 112 }) });
  const grip = fc.constantFrom<Grip>({ x: -1, y: -1 }, { x: 1, y: -1 }, { x: -1, y: 1 }, { x: 1, y: 1 }, { x: 1, y: 0 }, { x: -1, y: 0 }, { x: 0, y: 1 }, { x: 0, y: -1 });
  const pull = fc.integer({ min: -2000, max: 2000 });
  const within = ({ x, y, width, height }: CropRect) => [x, y, width, height].every(Number.isInteger) && x >= 0 && y >= 0 && x + width <= 768 && y + height <= 512 && width >= 16 && height >= 16;

  it("never leaves the picture nor falls below the smallest side, wherever it is pulled", () => {
    fc.assert(fc.property(inside, grip, pull, pull, (from, end, dx, dy) => within(resizeCrop(from, end, dx, dy, landscape, null, 16))));
  });
  it("keeps its ratio, to a pixel, wherever it is pulled", () => {
    const square = inside.map((from) => ({ ...from, height: Math.min(from.width, from.height), width: Math.min(from.width, from.height) }));
    fc.assert(
      fc.property(square, grip, pull, pull, (from, end, dx, dy) => {
        const to = resizeCrop(from, end, dx, dy, landscape, 1, 16);
        return within(to) && Math.abs(to.width - to.height) <= 1;
      }),
    );
  });
});

describe("outputSize", () => {
  it("makes the longer side as long as asked and keeps the shape", () => {
    expect(outputSize({ width: 512, height: 512 }, 256, 16)).toEqual({ width: 256, height: 256 });
    expect(outputSize({ width: 768, height: 512 }, 256, 16)).toEqual({ width: 256, height: 171 });
    expect(outputSize({ width: 100, height: 400 }, 512, 16)).toEqual({ width: 128, height: 512 });
  });
  it("leaves no side shorter than the network can read", () => {
    expect(outputSize({ width: 1000, height: 20 }, 64, 16)).toEqual({ width: 64, height: 16 });
  });
});
