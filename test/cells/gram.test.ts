import { describe, expect, it } from "vitest";
import { gramCode, gramCompareCode, shuffleCode } from "../../src/cells/as-code-gram";
import { sourceIn } from "../../src/cells/code-text";
import { agreement } from "../../src/cells/gram-entry";
import { styleCostFormula } from "../../src/cells/gram-formula";
import { divided, gramDifference, largestPairs, pairOfMaps } from "../../src/cells/gram-numbers";
import { legendOf, paintSpread } from "../../src/cells/gram-scale";
import { entriesIn, showing, wholeWindow, within, zoomed } from "../../src/cells/gram-window";
import { colourScale, paint } from "../../src/cells/value-colours";
import { compile } from "../../src/notebook/compile";
import type { FeatureMaps, GramMatrix } from "../../src/nst/feature-maps";

/** Maps of whole numbers below 8, so that every sum is exact. */
function mapsOf(height: number, width: number, channels: number, seed = 1): FeatureMaps {
  let state = seed;
  const data = Float32Array.from({ length: height * width * channels }, () => (state = (state * 48271) % 2147483647) % 8);
  return { layer: "block1_conv1", height, width, channels, data };
}

/** F Fᵀ, entry by entry. */
function gramOf({ layer, height, width, channels: n, data }: FeatureMaps): GramMatrix {
  const gram = new Float32Array(n * n);
  for (let p = 0; p < height * width; p++) for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) gram[i * n + j] += data[p * n + i] * data[p * n + j];
  return { layer, channels: n, positions: height * width, data: gram };
}

const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);

describe("an entry of a Gram matrix", () => {
  const maps = mapsOf(6, 5, 4);
  const gram = gramOf(maps);

  it("is the sum of the products of its two maps, for every pair", () => {
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < 4; j++) {
        const pair = pairOfMaps(maps, i, j);
        expect(pair).toMatchObject({ width: 5, height: 6, every: 1, sum: gram.data[i * 4 + j] });
        expect(sum(pair.product)).toBe(gram.data[i * 4 + j]);
        expect([...pair.product]).toEqual([...pair.a].map((a, k) => a * pair.b[k]));
      }
  });

  it("sums over every position also where the maps are drawn smaller, as means", () => {
    const pair = pairOfMaps(maps, 1, 2, 3);
    expect(pair).toMatchObject({ every: 2, width: 3, height: 3, sum: gram.data[1 * 4 + 2] });
    const corner = [0, 1, 5, 6].map((p) => maps.data[p * 4 + 1]);
    expect(pair.a[0]).toBe(sum(corner) / 4);
    // the last column stands for one column of the map alone
    expect(pair.b[2]).toBe((maps.data[4 * 4 + 2] + maps.data[9 * 4 + 2]) / 2);
  });

  it("is told to be the same number, the same but for rounding, or another one", () => {
    expect(agreement(12.5, 12.5)).toBe("The same number.");
    expect(agreement(0, 0)).toContain("both are 0");
    expect(agreement(0.1, Math.fround(0.1))).toContain("to the last digit of float32");
    expect(agreement(45714.36, 45714.34)).toMatch(/differ by 4\.\de−7 of it/);
    expect(agreement(100, 101)).toContain("was not computed from these maps");
  });
});

describe("the difference of two Gram matrices", () => {
  const [S, P] = [mapsOf(6, 5, 4, 1), mapsOf(6, 5, 4, 2)];
  const [A, G] = [gramOf(S), gramOf(P)];

  it("makes the style cost 1/(4N²M²) Σ (G − A)²", () => {
    const squares = sum(A.data.map((a, at) => (G.data[at] - a) ** 2));
    expect(gramDifference(A, G).styleCost).toBeCloseTo(squares / (4 * 4 ** 2 * 30 ** 2), 6);
    expect(gramDifference(A, A)).toMatchObject({ styleCost: 0, change: 0, diagonalShare: 0, halfShare: 0 });
  });

  it("divides each by its own number of positions, so that a picture twice over has the same style", () => {
    const twice = { ...S, height: 12, data: Float32Array.from([...S.data, ...S.data]) };
    expect(gramDifference(A, gramOf(twice)).styleCost).toBeCloseTo(0, 12);
  });

  it("says what share of the cost the diagonal makes, and in how few entries half of it lies", () => {
    const only = (entries: Record<number, number>): GramMatrix => ({ layer: "l", channels: 2, positions: 1, data: Float32Array.from({ length: 4 }, (_, at) => entries[at] ?? 0) });
    expect(gramDifference(only({}), only({ 0: 2 }))).toMatchObject({ diagonalShare: 1, halfShare: 0.25 });
    expect(gramDifference(only({}), only({ 1: 2, 2: 2 }))).toMatchObject({ diagonalShare: 0, halfShare: 0.25 });
    expect(gramDifference(only({ 0: 1 }), only({ 0: 3 })).change).toBe(2);
  });

  it("is not made of matrices of different layers: the message says what to do", () => {
    expect(() => gramDifference(A, gramOf(mapsOf(6, 5, 3)))).toThrow(/4 × 4.*3 × 3.*same layer for both/);
  });

  it("names the pairs that differ most, with the mirrored entry counted in", () => {
    const values = Float32Array.from([3, 1, 2, 1, 0, -2, 2, -2, 0]);
    const pairs = largestPairs(values, 3, 2);
    expect(pairs).toEqual([{ i: 0, j: 0, value: 3, share: 9 / 27 }, { i: 0, j: 2, value: 2, share: 8 / 27 }]);
    expect(largestPairs(values, 3, 9).map(({ i, j }) => [i, j])).toEqual([[0, 0], [0, 2], [1, 2], [0, 1]]);
    expect(sum(largestPairs(values, 3, 9).map(({ share }) => share))).toBeCloseTo(1, 12);
    expect(largestPairs(values, 3, 1, false)).toEqual([{ i: 0, j: 2, value: 2, share: 8 / 18 }]);
  });

  it("is shown over N·M or as it is", () => {
    expect(divided(A, "raw")).toBe(A.data);
    expect(divided(A, "N·M")[5]).toBeCloseTo(A.data[5] / (4 * 30), 6);
  });

  it("stands in the formula with its numbers: those of one M, or each matrix over its own", () => {
    const tex = styleCostFormula(A, G, { styleCost: 0.25 });
    expect(tex).toContain(String.raw`E_{\text{conv1\_1}} = \frac{1}{4 N^2 M^2}`);
    expect(tex).toContain(String.raw`\frac{1}{4 \cdot {4}^2 \cdot {30}^2} \cdot {${(0.25 * 4 * 16 * 900) / 1000}`.replace(".", String.raw`\,`));
    expect(tex).toMatch(/= \{0\.25\}$/);
    const other = styleCostFormula({ ...A, positions: 60 }, G, { styleCost: 0.25 });
    expect(other).toContain(String.raw`\frac{\textcolor{violet}{\mathcal{G}_{ij}}}{{30}} - \frac{\textcolor{orange}{\mathcal{A}_{ij}}}{{60}}`);
  });
});

describe("the window on a large matrix", () => {
  it("shows fewer rows around the entry that is looked at, which stays where it is on the screen", () => {
    const window = zoomed(wholeWindow(512), 0.5, 255, 255, 512);
    expect(window.span).toBe(256);
    expect((255 - window.x) / window.span).toBeCloseTo(255 / 512, 2);
    expect(zoomed(wholeWindow(512), 0.5, 511, 0, 512)).toEqual({ x: 256, y: 0, span: 256 });
  });

  it("never leaves the matrix, and shows eight rows at least", () => {
    expect(within({ x: -5, y: 600, span: 100 }, 512)).toEqual({ x: 0, y: 412, span: 100 });
    expect(zoomed({ x: 10, y: 10, span: 9 }, 0.1, 12, 12, 64).span).toBe(8);
    expect(zoomed({ x: 10, y: 10, span: 60 }, 2, 12, 12, 64)).toEqual(wholeWindow(64));
    expect(within(wholeWindow(4), 4).span).toBe(4);
  });

  it("moves as little as it takes to show an entry", () => {
    const window = { x: 10, y: 20, span: 16 };
    expect(showing(window, 12, 25, 64)).toEqual(window);
    expect(showing(window, 26, 19, 64)).toEqual({ x: 11, y: 19, span: 16 });
  });

  it("holds the entries of the channels in their order", () => {
    const values = Float32Array.from({ length: 16 }, (_, at) => at);
    expect([...entriesIn(values, [3, 1, 0, 2], { x: 0, y: 1, span: 2 })]).toEqual([7, 5, 3, 1]);
  });
});

describe("colours by the root of a number", () => {
  it("give a quarter of the largest number the middle colour, and the legend shows them where they belong", () => {
    const scale = colourScale(0, 4);
    const values = Float32Array.from([0, 1, 4]);
    const middle = paint(Float32Array.from([2]), 1, 1, scale).rgba;
    expect([...paintSpread(values, 3, 1, scale, "root").rgba.slice(4, 8)]).toEqual([...middle]);
    expect([...paintSpread(values, 3, 1, scale, "even").rgba]).toEqual([...paint(values, 3, 1, scale).rgba]);
    expect(legendOf(scale, "even")).toBe(scale);
    const stops = legendOf(scale, "root").gradient.match(/[\d.]+%/g)!.map(parseFloat);
    expect([stops[0], stops.at(-1)]).toEqual([0, 100]);
    expect(stops[3]).toBeCloseTo((100 * 9) / 81, 1);
  });

  it("keep zero in the middle where numbers have both signs", () => {
    const scale = colourScale(-4, 4);
    const painted = paintSpread(Float32Array.from([-1, 0, 1]), 3, 1, scale, "root").rgba;
    expect([...painted]).toEqual([...paint(Float32Array.from([-2, 0, 2]), 3, 1, scale).rgba]);
    const stops = legendOf(scale, "root").gradient.match(/[\d.]+%/g)!.map(parseFloat);
    expect(stops[5]).toBe(50);
    expect(stops).toEqual(stops.toSorted((a, b) => a - b));
  });
});

describe("the code of Gram cells", () => {
  const compiled = (text: string) => compile(sourceIn(text)!, "kernel");
  it("reads what the cells read, and gives one name", () => {
    expect(compiled(gramCode({ name: "A2", maps: { name: "FS", tensor: false } }))).toMatchObject({ names: ["A2"], reads: ["FS"], globals: ["nst"] });
    const compare = compiled(gramCompareCode({ name: "E", style: "FS", other: "FG" }));
    expect(compare).toMatchObject({ names: ["E"], globals: ["nst"] });
    expect([...compare.reads].sort()).toEqual(["FG", "FS"]);
    expect(compiled(shuffleCode({ name: "shuffled2", maps: "FS", seed: 3 }))).toMatchObject({ names: ["shuffled2"], reads: ["FS"] });
  });
});
