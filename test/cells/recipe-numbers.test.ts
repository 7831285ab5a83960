import { describe, expect, it } from "vitest";
import { axisTicks, changeText, placeOn, powerAxis, rangeText, ratiosOf, weightRows } from "../../src/cells/recipe-numbers";

const now = { alpha: 1e-3, betas: { block1_conv1: 200, block2_conv1: 100 }, ratios: { block1_conv1: 5e-6, block2_conv1: 1e-5 } };
const before = { alpha: 2e-3, betas: { block1_conv1: 200, block5_conv1: 4 }, ratios: { block1_conv1: 1e-5, block5_conv1: 5e-4 } };
const order = ["block1_conv1", "block1_conv2", "block2_conv1", "block5_conv1"];

describe("the weights of two recipes", () => {
  it("stand beside each other, α first and then every layer that one of them reads, in the network's order", () => {
    expect(weightRows(now, before, order)).toEqual([
      { label: "α", kind: "content", now: 1e-3, before: 2e-3, ratio: null, ratioBefore: null },
      { label: "conv1_1", kind: "style", now: 200, before: 200, ratio: 5e-6, ratioBefore: 1e-5 },
      { label: "conv2_1", kind: "style", now: 100, before: null, ratio: 1e-5, ratioBefore: null },
      { label: "conv5_1", kind: "style", now: null, before: 4, ratio: null, ratioBefore: 5e-4 },
    ]);
  });

  it("are those of one recipe where there is none before", () => {
    expect(weightRows(now, null, order).map(({ label, now, before }) => [label, now, before])).toEqual([
      ["α", 1e-3, null],
      ["conv1_1", 200, null],
      ["conv2_1", 100, null],
    ]);
  });

  it("are not lost where the network has no such layer", () => {
    expect(weightRows({ alpha: 1, betas: { fire3: 2, block1_conv1: 1 }, ratios: {} }, null, order).map(({ label }) => label)).toEqual(["α", "conv1_1", "fire3"]);
  });

  it("have a ratio α/β_l for each layer", () => {
    expect(ratiosOf(now)).toEqual(now.ratios);
  });
});

describe("a change in words", () => {
  it("is a factor, up or down, or none", () => {
    expect(changeText(250, 2)).toBe("× 125");
    expect(changeText(2, 8)).toBe("÷ 4");
    expect(changeText(3, 3.0001)).toBe("as before");
  });

  it("is not told where there is nothing to compare", () => {
    expect([changeText(null, 1), changeText(1, null), changeText(0, 1), changeText(1, 0)]).toEqual(["", "", "", ""]);
  });
});

describe("a range in words", () => {
  it("is two numbers, or one where all are alike", () => {
    expect(rangeText([8, 8, 8])).toBe("8");
    expect(rangeText([4.9e-5, 3.1e-3])).toBe("4.9e−5 to 0.0031");
    expect(rangeText([])).toBe("–");
  });
});

describe("the logarithmic axis", () => {
  it("runs over whole powers of ten, and has room for every number above 0", () => {
    const axis = powerAxis([2.4e-10, 4.8, 0, NaN]);
    expect(axis).toEqual({ low: -10, high: 1 });
    expect(placeOn(axis, 1e-10)).toBe(0);
    expect(placeOn(axis, 10)).toBe(1);
    expect(placeOn(axis, 10 ** -4.5)).toBeCloseTo(0.5, 12);
    expect(placeOn(axis, 1e5)).toBe(1);
  });

  it("has some length also for a single number, or none", () => {
    expect(powerAxis([1e-3])).toEqual({ low: -3, high: -2 });
    expect(powerAxis([])).toEqual({ low: -1, high: 1 });
  });

  it("is marked at no more powers than there is room for", () => {
    expect(axisTicks({ low: -10, high: 1 }, 7)).toEqual([-10, -8, -6, -4, -2, 0]);
    expect(axisTicks({ low: -3, high: -2 }, 7)).toEqual([-3, -2]);
  });
});
