import { describe, expect, it } from "vitest";
import { barScale, decadeTicks, linearTicks } from "../../src/cells/scales";

describe("ticks of the cost axis", () => {
  it("are the powers of ten of a domain of several decades", () => {
    expect(decadeTicks([0.0008, 7])).toEqual([0.001, 0.01, 0.1, 1]);
  });

  it("are at least two in a domain without two powers of ten", () => {
    expect(decadeTicks([0.3, 4])).toEqual([0.5, 1, 2]);
    expect(decadeTicks([0.21, 0.49])).toEqual([0.25, 0.3, 0.4]);
  });

  it("are about five round numbers on a linear axis", () => {
    expect(linearTicks([0, 1.03])).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks([0, 6.6])).toEqual([0, 2, 4, 6]);
    expect(linearTicks([-2, 8])).toEqual([-2, 0, 2, 4, 6, 8]);
  });
});

describe("the scale of the cost bars", () => {
  it("spans whole decades around the values on a logarithmic scale", () => {
    const scale = barScale([0.2, 0.031, 0.0042], "log");
    expect([scale.low, scale.high]).toEqual([0.001, 1]);
    expect(scale.share(0.1)).toBeCloseTo(2 / 3, 12);
    expect([0, 1e-9, 5, NaN, -1].map((v) => scale.share(v))).toEqual([0, 0, 1, 0, 0]);
  });

  it("shows even the smallest of the values, where it lies within six decades", () => {
    const scale = barScale([1, 0.001], "log");
    expect(scale.low).toBeLessThan(0.001);
    expect(barScale([1, 1e-20], "log").low).toBe(1e-6);
  });

  it("ends at a round number on a linear scale", () => {
    expect(barScale([0.2, 0.13], "linear").high).toBe(0.2);
    expect(barScale([0.21], "linear").high).toBe(0.5);
    expect(barScale([0.2], "linear").share(0.05)).toBe(0.25);
  });

  it("has a scale even when every term is 0", () => {
    expect(barScale([0, NaN], "log").share(0)).toBe(0);
    expect(barScale([0], "linear").share(0)).toBe(0);
  });
});
