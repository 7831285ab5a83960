import { describe, expect, it } from "vitest";
import { branchOf, type Branch } from "../../src/cells/inspector-tree";
import { colourScale, paint } from "../../src/cells/value-colours";
import { alternative, factsOf, formatBytes, summary, summaryOfData, warningOf } from "../../src/cells/value-facts";
import { lookOfData, statistics } from "../../src/cells/value-look";
import type { Shown, TensorShown } from "../../src/sandbox/shown";

const data = (value: unknown, cut = false): Shown => ({ kind: "data", value, cut, bytes: 100 });
const inside = (branch: Branch) => branch.inside!();

describe("plain numbers", () => {
  it("are a table while they are few, a line when they are many", () => {
    expect(lookOfData([1, 2, 3])).toEqual({ as: "table", rows: 1, columns: 3, values: Float32Array.of(1, 2, 3) });
    expect(lookOfData(Array.from({ length: 40 }, (_, i) => i))).toMatchObject({ as: "line", every: 1 });
    expect(lookOfData(new Uint8Array(40))).toMatchObject({ as: "line" });
  });

  it("in rows of equal length are a table while they are few, a heat map when they are many", () => {
    expect(lookOfData([[1, 2], [3, 4]])).toEqual({ as: "table", rows: 2, columns: 2, values: Float32Array.of(1, 2, 3, 4) });
    expect(lookOfData(Array.from({ length: 20 }, () => new Float32Array(20)))).toMatchObject({ as: "heat", rows: 20, columns: 20 });
    expect(lookOfData([[1, 2], [3]])).toBeNull();
  });

  it("of a picture are the picture, also within what an image cell gives", () => {
    const picture = { width: 2, height: 1, data: Float32Array.of(0, 0.5, 1, 1, 1, 1) };
    const look = { as: "picture", width: 2, height: 1, rgba: Uint8ClampedArray.of(0, 128, 255, 255, 255, 255, 255, 255), range: [0, 1] };
    expect(lookOfData(picture)).toEqual(look);
    expect(lookOfData({ picture, name: "owl.jpg" })).toEqual(look);
    expect(lookOfData({ picture: null, step: 0 })).toBeNull();
  });

  it("that are no numbers are counted, and take no part in range and mean", () => {
    expect(statistics([1, NaN, 3, Infinity])).toEqual({ min: 1, max: 3, mean: 2, bad: 2 });
    expect(statistics([]).min).toBeNaN();
  });
});

describe("what is said about a value", () => {
  const tensor: TensorShown = { kind: "tensor", shape: [1, 32, 32, 64], dtype: "float32", bytes: 262_144, min: -0.5, max: 12.25, mean: 1.5, bad: 0, look: { as: "maps", width: 32, height: 32, channels: 64, shown: 16, values: new Float32Array(16 * 1024), every: 1 } };

  it("is its shape, type, range, mean and size in memory", () => {
    expect(factsOf(tensor).map(({ term, text }) => `${term} ${text}`)).toEqual(["shape 1 × 32 × 32 × 64", "type float32", "range −0.5 … 12.3", "mean 1.5", "memory 262 kB"]);
    expect(factsOf(data({ a: 1 }))).toEqual([]);
  });

  it("is a sentence with the numbers for those who do not see the drawing", () => {
    expect(alternative(tensor, "F")).toBe("F: feature maps, 1 × 32 × 32 × 64, values from −0.5 to 12.3, mean 1.5");
  });

  it("warns of values that are not finite", () => {
    expect(warningOf(tensor)).toBeNull();
    expect(warningOf({ ...tensor, bad: 3 })).toBe("3 of 65\u2009536 values are NaN or infinite.");
    expect(warningOf(data([1, NaN, 2]))).toBe("1 of 3 values is NaN or infinite.");
  });

  it("is a few words in a list", () => {
    expect(summary(tensor)).toBe("tensor 1 × 32 × 32 × 64");
    expect([[1, 2], "text", { a: 1, b: 2 }, new Map([[1, 2]]), null, 3n, new Float32Array(3)].map(summaryOfData)).toEqual(["array of 2", '"text"', "{ a, b }", "Map of 1", "null", "3n", "Float32Array of 3"]);
  });

  it("counts bytes as people read them", () => {
    expect([1, 812, 1000, 48_000, 1_500_000, 262_144_000].map(formatBytes)).toEqual(["1 byte", "812 bytes", "1 kB", "48 kB", "1.5 MB", "262 MB"]);
  });
});

describe("colours", () => {
  it("are symmetric about a white zero where numbers have both signs", () => {
    const scale = colourScale(-1, 3);
    expect(scale).toMatchObject({ low: -3, high: 3, kind: "diverging" });
    const { rgba } = paint(Float32Array.of(0), 1, 1, scale);
    expect([...rgba].every((channel) => channel > 240)).toBe(true);
  });

  it("grow lighter with the number where there is one sign, so that they keep their order in grey", () => {
    const scale = colourScale(0, 9);
    const { rgba } = paint(Float32Array.from({ length: 10 }, (_, i) => i), 10, 1, scale);
    const grey = Array.from({ length: 10 }, (_, i) => 0.2126 * rgba[4 * i] + 0.7152 * rgba[4 * i + 1] + 0.0722 * rgba[4 * i + 2]);
    expect(grey).toEqual([...grey].sort((a, b) => a - b));
    expect(grey[9] - grey[0]).toBeGreaterThan(150);
  });

  it("leave out what is not finite", () => {
    expect(paint(Float32Array.of(1, NaN, -2, Infinity), 4, 1, colourScale(-2, 1)).rgba.filter((_, i) => i % 4 === 3)).toEqual(Uint8ClampedArray.of(255, 0, 255, 0));
  });
});

describe("the inspector", () => {
  it("opens objects, arrays, typed arrays, maps and sets", () => {
    const root = branchOf("", { list: [1, "b"], typed: Int32Array.of(7), map: new Map<unknown, unknown>([["x", 1]]), pairs: new Map([[{}, 2]]), set: new Set([5]), when: new Date(0) });
    const branches = Object.fromEntries(inside(root).map((branch) => [branch.name, branch]));
    expect(inside(branches.list).map(({ name, text, kind }) => [name, text, kind])).toEqual([["0", "1", "number"], ["1", '"b"', "string"]]);
    expect(inside(branches.typed)[0]).toMatchObject({ name: "0", text: "7" });
    expect(inside(branches.map)[0]).toMatchObject({ name: '"x"', text: "1" });
    expect(inside(inside(branches.pairs)[0]).map(({ name }) => name)).toEqual(["key", "value"]);
    expect(inside(branches.set)[0].text).toBe("5");
    expect(branches.when).toMatchObject({ text: "1970-01-01T00:00:00.000Z", inside: null });
  });

  it("takes large arrays page by page, however large", () => {
    const pages = inside(branchOf("", Array.from({ length: 250 }, (_, i) => i)));
    expect(pages.map(({ name }) => name)).toEqual(["0 … 99", "100 … 199", "200 … 249"]);
    expect(inside(pages[2]).at(-1)).toMatchObject({ name: "249", text: "249" });
    const many = inside(branchOf("", new Float32Array(1_000_000)));
    expect(many).toHaveLength(100);
    expect(inside(many[0])).toHaveLength(100);
  });

  it("ends nowhere in data that holds itself, but opens as far as one looks", () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(inside(inside(branchOf("", loop))[0])[0].name).toBe("self");
  });

  it("has nothing to open in what is empty", () => {
    expect(branchOf("", []).inside).toBeNull();
    expect(branchOf("", {}).inside).toBeNull();
  });
});
