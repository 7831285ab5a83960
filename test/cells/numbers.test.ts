import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fieldText, formatNumber, formatSeconds, lastPosition, parseNumber, positionOf, weightAt } from "../../src/cells/numbers";

describe("formatNumber", () => {
  it("gives three significant digits, and exponents only where zeros would be many", () => {
    expect([0.050249, 0, 1, 12.345, 999.6, 17044, 123456, 1e6, 0.000123, 9.77e-8, -0.5, NaN, Infinity, -Infinity].map((x) => formatNumber(x))).toEqual([
      "0.0502", "0", "1", "12.3", "1\u2009000", "17\u2009044", "123\u2009456", "1e6", "1.23e−4", "9.77e−8", "−0.5", "–", "∞", "−∞",
    ]);
  });
});

describe("formatSeconds", () => {
  it("uses the two units that matter", () => {
    expect([0.4, 17.2, 60, 200, 3600, 7500].map(formatSeconds)).toEqual(["0 s", "17 s", "1 min", "3 min 20 s", "1 h", "2 h 5 min"]);
  });
});

describe("parseNumber", () => {
  it("reads numbers the ways people write them", () => {
    const written = ["0.2", "0,2", " 1e-4 ", "−3", ".5", "5.", "17 044", "10^4", "2·10^-3", "1E6"];
    expect(written.map((text) => parseNumber(text))).toEqual([0.2, 0.2, 1e-4, -3, 0.5, 5, 17044, 1e4, 2e-3, 1e6].map((value) => ({ value })));
  });

  it("says why something is no number, or not one that will do", () => {
    expect(parseNumber("")).toEqual({ problem: "Type a number." });
    for (const text of ["ten", "1.2.3", "1,000,000", "0x10", "Infinity", "--1", "1e"]) expect(parseNumber(text), text).toEqual({ problem: expect.stringContaining(text) });
    expect(parseNumber("1e999")).toEqual({ problem: "1e999 is too large." });
    expect(parseNumber("1.5", { whole: true })).toEqual({ problem: "Type a whole number." });
    expect(parseNumber("-1", { min: 0 })).toEqual({ problem: "At least 0." });
    expect(parseNumber("9", { max: 8 })).toEqual({ problem: "At most 8." });
  });

  it("is shown numbers no longer than they need to be", () => {
    expect([1, 0.0001, 1e-7, 1e12, 1234567, 0.30000000000000004].map(fieldText)).toEqual(["1", "0.0001", "1e-7", "1e12", "1234567", "0.30000000000000004"]);
  });

  it("reads back every number that a field shows", () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
      expect(parseNumber(fieldText(x))).toEqual({ value: x + 0 });
    }));
  });
});

describe("the scale of a logarithmic slider", () => {
  const scale = { min: 1e-4, max: 1e4, zero: true };

  it("has 0 at its left end and the bounds next to it and at its right end", () => {
    expect([0, 1, lastPosition(scale)].map((p) => weightAt(p, scale))).toEqual([0, 1e-4, 1e4]);
    expect([0, 1e-4, 1e4].map((w) => positionOf(w, scale))).toEqual([0, 1, lastPosition(scale)]);
  });

  it("meets every power of ten exactly", () => {
    for (let e = -4; e <= 4; e++) expect(weightAt(positionOf(Number(`1e${e}`), scale), scale)).toBe(Number(`1e${e}`));
  });

  it("returns to the same position from the weight that it gave", () => {
    for (const s of [scale, { min: 0.02, max: 3, zero: false }])
      for (let p = 0; p <= lastPosition(s); p++) expect(Math.abs(positionOf(weightAt(p, s), s) - p)).toBeLessThanOrEqual(1);
  });

  it("puts weights beyond its bounds at its ends", () => {
    expect(positionOf(1e9, scale)).toBe(lastPosition(scale));
    expect(positionOf(1e-9, scale)).toBe(1);
    expect(positionOf(0.001, { ...scale, min: 0.01, zero: false })).toBe(0);
  });
});
