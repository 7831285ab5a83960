import { describe, expect, it } from "vitest";
import { plainBytes } from "../../src/sandbox/plain";
import { showTensor } from "../../src/sandbox/show-tensor";
import { showValue } from "../../src/sandbox/show-value";
import type { Look } from "../../src/sandbox/shown";

const shown = (shape: number[], values: ArrayLike<number>, dtype = "float32") => showTensor({ shape, dtype, values: Float32Array.from(values), bytes: 4 * values.length });
const look = <As extends Look["as"]>(as: As, shape: number[], values: ArrayLike<number>, dtype?: string) => {
  const { look } = shown(shape, values, dtype);
  expect(look.as).toBe(as);
  return look as Extract<Look, { as: As }>;
};
const ramp = (n: number, scale = 1) => Float32Array.from({ length: n }, (_, i) => i * scale);

describe("a tensor looks like", () => {
  it("a number at rank 0", () => expect(look("number", [], [3])).toEqual({ as: "number", value: 3 }));

  it("a row of a table at rank 1 up to 32, a line beyond, averaged to at most 512 points", () => {
    expect(look("table", [32], ramp(32))).toMatchObject({ rows: 1, columns: 32 });
    expect(look("line", [33], ramp(33))).toMatchObject({ every: 1 });
    const { every, values } = look("line", [1000], ramp(1000));
    expect([every, values.length, values[0], values.at(-1)]).toEqual([2, 500, 0.5, 998.5]);
  });

  it("a table at rank 2 up to 8 × 8, a heat map beyond, averaged to at most 256 a side", () => {
    expect(look("table", [8, 8], ramp(64))).toMatchObject({ rows: 8, columns: 8 });
    expect(look("heat", [9, 2], ramp(18))).toMatchObject({ rows: 9, columns: 2, every: 1 });
    const heat = look("heat", [3, 513], ramp(3 * 513));
    expect([heat.every, heat.rows, heat.columns]).toEqual([3, 1, 171]);
    expect(heat.values[0]).toBeCloseTo((0 + 1 + 2 + 513 + 514 + 515 + 1026 + 1027 + 1028) / 9, 3);
  });

  it("a picture with three channels, also with a batch of one: from 0 to 1 as it is, bytes as bytes, anything else stretched", () => {
    const values = [0, 0.5, 1, 1, 1, 1];
    expect(look("picture", [1, 2, 3], values)).toEqual({ as: "picture", width: 2, height: 1, range: [0, 1], rgba: Uint8ClampedArray.of(0, 128, 255, 255, 255, 255, 255, 255) });
    expect(look("picture", [1, 1, 2, 3], values).range).toEqual([0, 1]);
    expect(look("picture", [1, 2, 3], values.map((x) => 255 * x)).range).toEqual([0, 255]);
    expect(look("picture", [1, 2, 3], [0, 1, 2, 3, 4, 5], "int32").range).toEqual([0, 255]);
    const stretched = look("picture", [1, 2, 3], [-2, 0, 2, 2, 2, 2]);
    expect([stretched.range, [...stretched.rgba.slice(0, 3)]]).toEqual([[-2, 2], [0, 128, 255]]);
    expect(look("picture", [1, 2, 3], [-0.01, 0.5, 1.01, 1, 1, 1]).range).toEqual([0, 1]);
  });

  it("maps with any other number of channels: the first 16, averaged to at most 64 a side", () => {
    const values = Float32Array.from({ length: 4 * 4 * 20 }, (_, i) => i % 20);
    const maps = look("maps", [4, 4, 20], values);
    expect([maps.width, maps.height, maps.channels, maps.shown, maps.every]).toEqual([4, 4, 20, 16, 1]);
    expect([...maps.values.slice(0, 16)]).toEqual(Array(16).fill(0));
    expect([...maps.values.slice(15 * 16)]).toEqual(Array(16).fill(15));
    expect(look("maps", [128, 65, 1], ramp(128 * 65))).toMatchObject({ width: 33, height: 64, every: 2 });
  });

  it("its first 64 values otherwise", () => {
    expect(look("values", [2, 5, 5, 3], ramp(150)).values).toEqual(ramp(64));
    expect(look("values", [0, 3], []).values.length).toBe(0);
  });

  it("numbers that are finite: the others are counted, and left out of range, mean and averages", () => {
    expect(shown([4], [1, NaN, 3, -Infinity])).toMatchObject({ min: 1, max: 3, mean: 2, bad: 2 });
    expect(shown([2], [NaN, Infinity])).toMatchObject({ min: NaN, max: NaN, mean: NaN, bad: 2 });
    expect(look("line", [1000], ramp(1000).map((x) => (x === 0 ? NaN : x))).values[0]).toBe(1);
  });
});

describe("a value looks like", () => {
  it("what it is, if it is plain data", () => {
    expect(showValue({ a: [1, "b", null] })).toMatchObject({ kind: "data", value: { a: [1, "b", null] }, cut: false });
    expect(showValue(undefined)).toEqual({ kind: "nothing" });
    expect(showValue(null)).toMatchObject({ kind: "data", value: null });
  });

  it("its beginning, if there is much of it", () => {
    const long = showValue(Array.from({ length: 100_000 }, (_, i) => i)) as { cut: boolean; value: number[]; bytes: number };
    expect([long.cut, long.value.length, long.bytes > 800_000]).toEqual([true, 200, true]);
  });

  it("its entries, if it holds what is no data, at most 50 of them", () => {
    const f = (x: number) => x + 1;
    expect(showValue({ a: 1, f })).toMatchObject({ kind: "object", type: "Object", entries: [{ name: "a", shown: { value: 1 } }, { name: "f", shown: { kind: "function", name: "f" } }], more: 0 });
    const many = showValue(Array.from({ length: 60 }, () => f)) as { type: string; entries: unknown[]; more: number };
    expect([many.type, many.entries.length, many.more]).toEqual(["Array", 50, 10]);
    expect(showValue(new (class Thing { a = 1; })())).toMatchObject({ kind: "object", type: "Thing" });
  });

  it("a text, if it is anything else", () => {
    expect(showValue(new RangeError("too far"))).toEqual({ kind: "text", text: "RangeError: too far" });
    expect(showValue(Promise.resolve(1))).toEqual({ kind: "text", text: "a promise of a value: write await in front of it" });
    expect(showValue(Symbol("s"))).toEqual({ kind: "text", text: "Symbol(s)" });
  });

  it("something even if it does not want to be looked at, or contains itself", () => {
    const circle: Record<string, unknown> = { name: "circle" };
    circle["self"] = circle;
    expect(showValue(circle).kind).toBe("object");
    expect(JSON.stringify(showValue({ get a() { throw new Error("no"); } }))).toContain("cannot be looked at");
  });
});

describe("plain data", () => {
  it("is what can be posted without losing anything", () => {
    for (const value of [1, "a", true, null, undefined, 5n, new Date(), /x/, [1, [2]], { a: { b: new Map([[1, new Set(["x"])]]) } }, new Float32Array(3), Object.create(null)]) expect(plainBytes(value)).not.toBeNull();
    for (const value of [() => 1, Symbol("s"), [() => 1], { a: () => 1 }, new (class A {})(), new Error("e"), new WeakMap(), new Float32Array(new SharedArrayBuffer(4)), Promise.resolve()]) expect(plainBytes(value)).toBeNull();
  });

  it("may hold the same part twice, but not itself", () => {
    const part = [1];
    const circle: unknown[] = [];
    circle.push(circle);
    expect(plainBytes([part, part])).not.toBeNull();
    expect(plainBytes(circle)).toBeNull();
  });
});
