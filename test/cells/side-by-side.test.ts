import { describe, expect, it } from "vitest";
import type { FeaturesValue } from "../../src/cells/features-value";
import { correlation, mismatch, type Side, sideOrder, sideWords, sumOfSquares } from "../../src/cells/side-by-side-compare";
import type { InputSpec } from "../../src/nst/model-card";
import { channelStatistics } from "../../src/nst/map-statistics";
import { slim } from "../support/fixtures";

const maps = (channels: number, layer = "block3_conv1", from?: FeaturesValue["from"]): FeaturesValue => ({ layer, height: 2, width: 2, channels, data: Float32Array.from({ length: 4 * channels }, (_, i) => ((i * 7) % 5) - 1), from });
const side = (name: string, of: FeaturesValue): Side => ({ name, maps: of, statistics: channelStatistics(of) });

describe("two layers side by side", () => {
  it("are compared when they have the same number of channels; their size does not matter", () => {
    expect(mismatch([{ name: "FC", maps: maps(64) }, { name: "FS", maps: { ...maps(64), width: 9 } }])).toBeNull();
  });

  it("are not when they have different ones: it is said which, and what to do", () => {
    expect(mismatch([side("FC", maps(64)), side("FS", maps(64)), side("FR", maps(128, "block4_conv1"))])).toBe("“FC” has 64 channels (conv3_1), “FR” has 128 channels (conv4_1). Choose the same layer for both.");
  });

  it("are ordered by the difference of their means, by the first one's means, or by number", () => {
    const sides = [[1, 5, 2], [4, 5, 0]].map((mean) => ({ statistics: { mean: Float32Array.from(mean) } as Side["statistics"] }));
    expect([sideOrder("difference", sides), sideOrder("activation", sides), sideOrder("index", sides)]).toEqual([[0, 2, 1], [1, 2, 0], [0, 1, 2]]);
  });

  it("say where they come from, and what was done otherwise than recommended", () => {
    const { card } = slim();
    const picture = { width: 1, height: 1, data: new Float32Array(3) };
    const input: InputSpec = { ...card.input, mean: [0, 0, 0] };
    expect(sideWords({ maps: maps(3) })).toBe("made by code");
    expect(sideWords({ maps: maps(3, "l", { picture, network: { card, base: "" }, options: {}, name: "content" }) })).toBe("content");
    expect(sideWords({ maps: maps(3, "l", { picture, network: { card, base: "", random: 1 }, options: { input }, name: "style" }) })).toBe("style, random weights, mean not subtracted");
  });
});

describe("the numbers of a comparison", () => {
  it("are Pearson's correlation, none where one of them does not vary", () => {
    expect(correlation([1, 2, 3], [10, 20, 30])).toBeCloseTo(1, 12);
    expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    expect(correlation([1, 2, 3, 4], [1, 3, 2, 5])).toBeCloseTo(0.8315218, 6); // numpy.corrcoef
    expect(correlation([1, 2], [3, 3])).toBeNaN();
  });

  it("include the length of all numbers, found from the channels' statistics alone", () => {
    const some = maps(3);
    const direct = some.data.reduce((sum, value) => sum + value * value, 0);
    expect(sumOfSquares(channelStatistics(some), 4)).toBeCloseTo(direct, 4);
  });
});
