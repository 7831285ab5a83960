import { expect, it } from "vitest";
import fc from "fast-check";
import { equal } from "../../src/notebook/equal";

it("copies of plain data are equal", () => {
  const plain = fc.object({ withBigInt: true, withDate: true, withSet: false, withTypedArray: true, withSparseArray: false });
  fc.assert(fc.property(plain, (data) => equal(data, structuredClone(data))));
});

it.each([
  ["numbers", 1, 2],
  ["kinds", 1, "1"],
  ["null and undefined", null, undefined],
  ["a missing key and an undefined one", { a: undefined }, { b: undefined }],
  ["lengths", [1, 2], [1, 2, undefined]],
  ["an array and an object", [1], { 0: 1 }],
  ["depths", { a: { b: [1] } }, { a: { b: [2] } }],
  ["typed arrays", Float32Array.of(1, 2), Float32Array.of(1, 3)],
  ["kinds of typed arrays", Float32Array.of(0), Int32Array.of(0)],
  ["parts of one buffer", new Uint8Array([1, 2]).subarray(0, 1), new Uint8Array([1, 2]).subarray(1)],
  ["dates", new Date(1), new Date(2)],
  ["maps", new Map([["a", 1]]), new Map([["a", 2]])],
  ["sets", new Set([1]), new Set([2])],
  ["functions", () => 1, () => 1],
])("different %s are not equal", (_, a, b) => {
  expect(equal(a, b)).toBe(false);
  expect(equal(b, a)).toBe(false);
});

it("NaN equals NaN, and 0 equals −0, alone and in arrays", () => {
  expect(equal(NaN, NaN)).toBe(true);
  expect(equal(0, -0)).toBe(true);
  expect(equal(Float32Array.of(NaN, 0), Float32Array.of(NaN, -0))).toBe(true);
});

it("instances of classes are equal only to themselves", () => {
  class Handle {
    constructor(readonly id: number) {}
  }
  const handle = new Handle(1);
  expect(equal([handle], [handle])).toBe(true);
  expect(equal(handle, new Handle(1))).toBe(false);
});

it("structures that contain themselves can be compared", () => {
  const ring = () => {
    const a: { self?: unknown; n: number } = { n: 1 };
    a.self = a;
    return a;
  };
  expect(equal(ring(), ring())).toBe(true);
  expect(equal(ring(), { ...ring(), n: 2 })).toBe(false);
});
