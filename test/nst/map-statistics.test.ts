import { describe, expect, it } from "vitest";
import type { FeatureMaps } from "../../src/nst/feature-maps";
import { channelStatistics, layerStatistics, mapsDifference } from "../../src/nst/map-statistics";
import { strongestUnits } from "../../src/nst/strongest-units";

/** Maps from one list of numbers a channel, row by row. */
function maps(height: number, width: number, ...channels: number[][]): FeatureMaps {
  const data = Float32Array.from({ length: height * width * channels.length }, (_, k) => channels[k % channels.length][Math.floor(k / channels.length)]);
  return { layer: "block1_conv1", height, width, channels: channels.length, data };
}

describe("the statistics of a layer", () => {
  const F = maps(2, 2, [0, 0, 0, 0], [0, 1, 2, 4], [3, 3, 0, 3]);

  it("tell mean, maximum, the share of zeros, and the channels that are silent", () => {
    expect(layerStatistics(F)).toMatchObject({ layer: "block1_conv1", height: 2, width: 2, channels: 3, mean: 16 / 12, maximum: 4, sparsity: 0.5, dead: 1 });
  });

  it("count every number but the zeros once, in equal bins from the least to the largest", () => {
    const { low, high, counts } = layerStatistics(F).histogram;
    expect([low, high]).toEqual([0, 4]);
    const bin = (value: number) => Math.min(counts.length - 1, Math.floor((value / 4) * counts.length));
    const expected = new Float32Array(counts.length);
    for (const value of [1, 2, 4, 3, 3, 3]) expected[bin(value)]++;
    expect(counts).toEqual(expected);
  });

  it("begin below 0 where a layer is read before its ReLU, or has none", () => {
    const { histogram, maximum, sparsity } = layerStatistics(maps(1, 3, [-2, -1, 0], [-5, -1, -1]));
    expect([histogram.low, histogram.high, maximum]).toEqual([-5, 0, 0]);
    expect(histogram.counts.reduce((sum, n) => sum + n, 0)).toBe(5);
    expect(sparsity).toBeCloseTo(1 / 6);
    expect(layerStatistics(maps(1, 2, [-2, -1])).maximum).toBe(-1);
  });

  it("of nothing but zeros are zeros, without a division by 0", () => {
    const { mean, maximum, sparsity, dead, histogram } = layerStatistics(maps(1, 2, [0, 0], [0, 0]));
    expect({ mean, maximum, sparsity, dead }).toEqual({ mean: 0, maximum: 0, sparsity: 1, dead: 2 });
    expect(histogram.counts.every((n) => n === 0)).toBe(true);
  });
});

describe("the statistics of each channel", () => {
  it("are its mean, variance over positions, maximum, minimum and share of zeros", () => {
    const { mean, variance, maximum, minimum, zeros } = channelStatistics(maps(2, 2, [0, 0, 0, 0], [0, 1, 2, 5], [-3, -3, -3, -3]));
    expect({ mean: [...mean], variance: [...variance], maximum: [...maximum], minimum: [...minimum], zeros: [...zeros] })
      .toEqual({ mean: [0, 2, -3], variance: [0, 3.5, 0], maximum: [0, 5, -3], minimum: [0, 0, -3], zeros: [1, 0.25, 0] });
  });

  it("keep their digits when a mean is large and a variance small", () => {
    const values = Array.from({ length: 1000 }, (_, k) => 4096 + (k % 2));
    expect(channelStatistics(maps(10, 100, values)).variance[0]).toBeCloseTo(0.25, 6);
  });
});

describe("the difference of maps", () => {
  const [a, b] = [maps(1, 2, [1, 2], [0, 4]), maps(1, 2, [3, 2], [0, 1])];

  it("is half the sum of squares, split up by position and by channel", () => {
    const { cost, positions, channels } = mapsDifference(a, b);
    expect({ cost, positions: [...positions], channels: [...channels] }).toEqual({ cost: 6.5, positions: [2, 4.5], channels: [2, 4.5] });
    expect(mapsDifference(a, a).cost).toBe(0);
  });

  it("needs maps of one shape, and says which it got", () => {
    expect(() => mapsDifference(a, maps(2, 1, [1, 2], [0, 4]))).toThrow(/those of block1_conv1 are 1 × 2 × 2, those of block1_conv1 2 × 1 × 2/);
  });
});

describe("the units that answer most", () => {
  const quiet = Array<number>(35).fill(0);
  const F = maps(5, 7, quiet.map((_, p) => ({ 8: 9, 9: 8, 19: 7, 34: 5, 33: 5, 0: 1 })[p] ?? 0), quiet);

  it("come best first, with column, row and value", () => {
    expect(strongestUnits(F, 0, 3, 1)).toEqual([{ x: 1, y: 1, value: 9 }, { x: 2, y: 1, value: 8 }, { x: 5, y: 2, value: 7 }]);
  });

  it("keep their distance: a strong one hides its neighbours; of equal ones the first is taken", () => {
    expect(strongestUnits(F, 0, 10, 2)).toEqual([{ x: 1, y: 1, value: 9 }, { x: 5, y: 2, value: 7 }, { x: 5, y: 4, value: 5 }]);
    expect(strongestUnits(F, 0, 10, 4)).toEqual([{ x: 1, y: 1, value: 9 }, { x: 5, y: 2, value: 7 }]);
  });

  it("are those above a floor, and none of a silent map", () => {
    expect(strongestUnits(F, 0, 10, 1, 7.5).map(({ value }) => value)).toEqual([9, 8]);
    expect(strongestUnits(F, 1, 10, 1)).toEqual([]);
  });

  it("are found without changing the maps", () => {
    const before = F.data.slice();
    strongestUnits(F, 0, 10, 3);
    expect(F.data).toEqual(before);
  });
});
