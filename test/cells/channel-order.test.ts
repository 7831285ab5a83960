import { describe, expect, it } from "vitest";
import { bySimilarity, byValue, channelOrder, cosines } from "../../src/cells/channel-order";

/** Raw Gram matrix of maps given row by row. */
function gramOf(maps: number[][]) {
  const channels = maps.length;
  const data = Float32Array.from({ length: channels * channels }, (_, at) => maps[Math.floor(at / channels)].reduce((sum, value, p) => sum + value * maps[at % channels][p], 0));
  return { channels, data };
}

/** Repeatable numbers in [0, 1). */
function random(seed: number): () => number {
  return () => ((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648);
}

describe("the cosine of two maps", () => {
  it("is 1 for maps that differ in size only, 0 where they never answer together, whatever their size", () => {
    const cos = cosines(gramOf([[1, 2, 0, 0], [10, 20, 0, 0], [0, 0, 3, 1], [1, 2, 3, 1]]));
    const at = (i: number, j: number) => cos[i * 4 + j];
    expect(at(0, 1)).toBeCloseTo(1, 6);
    expect(at(0, 2)).toBe(0);
    expect(at(0, 3)).toBeCloseTo(5 / Math.sqrt(5 * 15), 6);
    expect(at(3, 0)).toBe(at(0, 3));
  });

  it("is 0 with a map that is 0 everywhere, and no division by zero is seen", () => {
    const cos = cosines(gramOf([[0, 0], [1, 1]]));
    expect([...cos]).toEqual([1, 0, 0, 1]);
  });
});

describe("channels ordered by a number", () => {
  it("begin with the largest; equal ones keep the network's order, what is no number comes last", () => {
    expect(byValue([1, 3, NaN, 3, 2])).toEqual([1, 3, 4, 0, 2]);
  });
});

describe("channels ordered by similarity", () => {
  const kinds = [[9, 1, 0, 0, 0, 1], [0, 0, 8, 8, 0, 0], [0, 1, 0, 0, 7, 7], [5, 0, 0, 5, 0, 5]];
  const next = random(7);
  // 40 maps of 4 kinds, well mixed, each of another size and a little noisy
  const kindOf = Array.from({ length: 40 }, (_, i) => (i * 7) % 4);
  const maps = kindOf.map((kind) => {
    const size = 0.1 + 10 * next();
    return kinds[kind].map((value) => (value + next() * 0.8) * size);
  });

  it("are all there, once", () => {
    expect(bySimilarity(gramOf(maps)).sort((a, b) => a - b)).toEqual(kindOf.map((_, i) => i));
  });

  it("stand beside their like: each of four kinds is one stretch", () => {
    const order = bySimilarity(gramOf(maps)).map((channel) => kindOf[channel]);
    expect(order.filter((kind, i) => kind !== order[i - 1])).toHaveLength(4);
  });

  it("follow a pattern that wanders: neighbours in the picture become neighbours in the row", () => {
    // a bump at another place in each map, given in a mixed order
    const places = Array.from({ length: 24 }, (_, i) => (i * 7) % 24);
    const bumps = places.map((place) => Array.from({ length: 30 }, (_, p) => Math.exp(-(((p - place - 3) / 1.5) ** 2))));
    const order = bySimilarity(gramOf(bumps)).map((channel) => places[channel]);
    const steps = order.slice(1).map((place, i) => Math.abs(place - order[i]));
    expect(steps.filter((step) => step === 1).length).toBeGreaterThanOrEqual(20);
  });

  it("do not depend on how strongly a map answers", () => {
    const louder = maps.map((map, i) => map.map((value) => value * (i % 3 === 0 ? 100 : 1)));
    expect(bySimilarity(gramOf(louder))).toEqual(bySimilarity(gramOf(maps)));
  });

  it("end with the maps that are 0 everywhere, in the network's order", () => {
    expect(bySimilarity(gramOf([[0, 0], [1, 0], [0, 0], [1, 0.1]])).slice(2)).toEqual([0, 2]);
    expect(bySimilarity(gramOf([[0], [0]]))).toEqual([0, 1]);
    expect(bySimilarity({ channels: 0, data: new Float32Array() })).toEqual([]);
  });

  it("come to an end where all are equally alike", () => {
    expect(bySimilarity(gramOf(Array.from({ length: 30 }, () => [1, 1])))).toHaveLength(30);
    const identity = Float32Array.from({ length: 900 }, (_, at) => (at % 31 === 0 ? 1 : 0));
    expect(bySimilarity({ channels: 30, data: identity })).toHaveLength(30);
  });
});

describe("the order of the channels", () => {
  const gram = gramOf([[1, 0], [0, 1], [2, 0.1]]);
  const statistics = { mean: Float32Array.of(0.5, 0.5, 1.05), variance: Float32Array.of(0.25, 0.3, 0.9) };

  it("is the network's, the largest mean first, the largest variance first, or like beside like", () => {
    const sources = { statistics, gram };
    expect(channelOrder("index", 3, sources)).toEqual([0, 1, 2]);
    expect(channelOrder("activation", 3, sources)).toEqual([2, 0, 1]);
    expect(channelOrder("variance", 3, sources)).toEqual([2, 1, 0]);
    // 0 and 2 point the same way, so 1 stands at an end
    expect(channelOrder("similarity", 3, sources)!.indexOf(1)).not.toBe(1);
  });

  it("is not known before its numbers are there", () => {
    const nothing = { statistics: null, gram: null };
    expect(["activation", "variance", "similarity"].map((sort) => channelOrder(sort as "activation", 3, nothing))).toEqual([null, null, null]);
    expect(channelOrder("index", 3, nothing)).toEqual([0, 1, 2]);
  });
});
