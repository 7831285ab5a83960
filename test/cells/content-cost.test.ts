import { describe, expect, it } from "vitest";
import { contentCostCode } from "../../src/cells/as-code-content";
import { sourceIn } from "../../src/cells/code-text";
import { contentCostTex } from "../../src/cells/content-cost-formula";
import { concentration, contentCostValue, largestFirst, shapeProblem, squaredDifference, termsAt } from "../../src/cells/content-cost-sums";
import { compile } from "../../src/notebook/compile";
import type { FeatureMaps } from "../../src/nst/feature-maps";

/** Two positions side by side, three channels. */
const maps = (...data: number[]): FeatureMaps => ({ layer: "block1_conv1", height: 1, width: 2, channels: 3, data: Float32Array.from(data) });
const P = maps(1, 0, 2, 0, 3, 0);
const F = maps(3, 0, 1, 0, 2, 4);
// (F − P)²: 4 0 1 | 0 1 16

/** ½ Σ, as the lab gives it. */
const difference = { cost: 11, positions: Float32Array.of(2.5, 8.5), channels: Float32Array.of(2, 0.5, 8.5) };

describe("the terms of a content cost", () => {
  it("are the squared differences of one channel as a map", () => {
    expect([0, 1, 2].map((channel) => [...squaredDifference(P, F, channel)])).toEqual([[4, 0], [0, 1], [1, 16]]);
  });

  it("at one position are listed with both features, the largest first, equal ones in the network's order", () => {
    expect(termsAt(P, F, 1, 0)).toEqual([
      { channel: 2, P: 0, F: 4, square: 16 },
      { channel: 1, P: 3, F: 2, square: 1 },
      { channel: 0, P: 0, F: 0, square: 0 },
    ]);
    expect(termsAt(P, P, 0, 0).map(({ channel }) => channel)).toEqual([0, 1, 2]);
  });

  it("halved, sum to what the position adds and over all positions to the cost", () => {
    const here = (x: number) => termsAt(P, F, x, 0).reduce((sum, { square }) => sum + square / 2, 0);
    expect([here(0), here(1)]).toEqual([...difference.positions]);
    expect(here(0) + here(1)).toBe(difference.cost);
  });
});

describe("the value of a content cost cell", () => {
  it("says what the numbers sum to, what they are on average, and how the cost compares with features of nothing", () => {
    const { cost, meanSquare, relative, layer, height, width, channels } = contentCostValue(P, difference);
    expect({ cost, meanSquare, layer, height, width, channels }).toEqual({ cost: 11, meanSquare: 22 / 6, layer: "block1_conv1", height: 1, width: 2, channels: 3 });
    expect(relative).toBeCloseTo(11 / (0.5 * (1 + 4 + 9)), 12);
  });

  it("says which share of positions and of channels suffices for half of the cost", () => {
    const value = contentCostValue(P, difference);
    expect(value.halfOfPositions).toBe(1 / 2);
    expect(value.halfOfChannels).toBe(1 / 3);
    expect(value.largestPosition).toBeCloseTo(8.5 / 11, 6);
    expect(value.largestChannel).toBeCloseTo(8.5 / 11, 6);
  });

  it("has shares that are no numbers where there is no cost, and where there is nothing to compare it with", () => {
    const nothing = { cost: 0, positions: new Float32Array(2), channels: new Float32Array(3) };
    const same = contentCostValue(P, nothing);
    expect([same.cost, same.relative, same.halfOfPositions, same.halfOfChannels, same.largestPosition]).toEqual([0, 0, NaN, NaN, NaN]);
    expect(contentCostValue(maps(0, 0, 0, 0, 0, 0), difference).relative).toBeNaN();
  });
});

describe("the concentration of a sum", () => {
  it("counts the largest parts that make up half of it", () => {
    expect(concentration(Float32Array.of(1, 5, 1, 1, 2))).toMatchObject({ half: 1, least: 5, largest: 0.5 });
    expect(concentration(Float32Array.of(3, 1, 3, 3))).toMatchObject({ half: 2, least: 3 });
    expect(concentration(Float32Array.of(7, 7, 7, 7)).half).toBe(2);
  });

  it("is a curve from nothing to all, which the diagonal is where all parts are alike", () => {
    const { curve } = concentration(new Float32Array(1000).fill(2));
    expect(curve[0]).toEqual({ parts: 0, sum: 0 });
    expect(curve.at(-1)).toEqual({ parts: 1, sum: 1 });
    for (const { parts, sum } of curve) expect(sum).toBeCloseTo(parts, 9);
    expect(curve.length).toBeLessThanOrEqual(162);
  });

  it("has every part of a short sum as a point, and rises ever slower", () => {
    const { curve } = concentration(Float32Array.of(1, 4, 2, 1));
    expect(curve).toEqual([{ parts: 0, sum: 0 }, { parts: 0.25, sum: 0.5 }, { parts: 0.5, sum: 0.75 }, { parts: 0.75, sum: 0.875 }, { parts: 1, sum: 1 }]);
  });

  it("has neither half nor curve where all parts are 0", () => {
    expect(concentration(new Float32Array(5))).toEqual({ half: NaN, least: Infinity, largest: NaN, curve: [] });
  });
});

describe("channels by what they add", () => {
  it("stand with the largest first, equal ones in the network's order", () => {
    expect(largestFirst(Float32Array.of(1, 9, 1, 4))).toEqual([1, 3, 0, 2]);
  });
});

describe("features that cannot be compared number by number", () => {
  it("are named with their shapes, and with what to do: another layer, or another size", () => {
    const other = (change: Partial<FeatureMaps>): FeatureMaps => ({ ...F, ...change });
    expect(shapeProblem(P, F, ["FC", "FG"])).toBeNull();
    expect(shapeProblem(P, other({ channels: 6, width: 1, layer: "block2_conv1" }), ["FC", "FG"])).toBe(
      "“FC” is [1, 2, 3] (block1_conv1) and “FG” is [1, 1, 6] (block2_conv1): rows, columns, maps. The content cost compares number by number, so both must have the same shape. Read both at the same layer.",
    );
    expect(shapeProblem(P, other({ height: 2, width: 1 }), ["FC", "FG"])).toMatch(/Give both pictures the same size in pixels\.$/);
  });
});

describe("the formula", () => {
  it("has the numbers of the comparison in it", () => {
    const big = contentCostValue({ ...P, height: 32, width: 32, channels: 64, data: Float32Array.of(1) }, { ...difference, cost: 17044 });
    const tex = contentCostTex({ ...big, meanSquare: (2 * 17044) / 65536 });
    expect(tex).toContain(String.raw`\sum_{i=1}^{{64}} \, \sum_{j=1}^{{1\,024}}`);
    expect(tex).toContain(String.raw`\underbrace{{64} \cdot {1\,024}}_{{65\,536}\text{ squares}} \cdot \underbrace{{0.5201}}_{\text{mean square}} = {17\,044}`);
  });

  it("writes very small and very large costs as powers of ten", () => {
    expect(contentCostTex(contentCostValue(P, { ...difference, cost: 3.2e-7 }))).toMatch(/= \{3\.2 \\cdot 10\^\{-7\}\}$/);
    expect(contentCostTex(contentCostValue(P, { ...difference, cost: 1.234e7 }))).toMatch(/= \{1\.234 \\cdot 10\^\{7\}\}$/);
  });
});

describe("the code of a content cost", () => {
  it("gives one name and reads the two features, those of a code cell as the tensors that they are", () => {
    const code = contentCostCode({ name: "cost2", P: { name: "FC", tensor: false }, F: { name: "mine", tensor: true } });
    expect(code).toContain("nst.contentCost(mine, nst.mapsTensor(FC))");
    const { names, reads, globals } = compile(sourceIn(code)!, "kernel");
    expect({ names, reads: [...reads].sort(), globals: [...globals].sort() }).toEqual({ names: ["cost2"], reads: ["FC", "mine"], globals: ["nst", "tf"] });
  });
});
