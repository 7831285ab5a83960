import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { sameGramCode } from "../../src/cells/as-code-pixels";
import { sourceIn } from "../../src/cells/code-text";
import { histogramOf, momentsOf, relativeDifference, toyMap } from "../../src/cells/same-gram-toy";
import * as nst from "../../src/nst";
import { nodeBackend } from "../support/node-backends";

beforeAll(() => nodeBackend("cpu"));

const gramOf = (map: Float32Array) => tf.tidy(() => nst.gram(tf.tensor3d(map, [8, 8, 1])).dataSync()[0]);

describe("the toy", () => {
  it("has the same Gram matrix from flat to speckled, and is not alike", () => {
    const maps = [0, 0.5, 1, 1.5, 2].map((contrast) => toyMap(contrast, 64, 5));
    for (const map of maps) expect(gramOf(map)).toBeCloseTo(64, 3);
    expect([...maps[0]]).toEqual(new Array(64).fill(1));
    const moments = maps.map((map) => momentsOf(map));
    for (let i = 1; i < moments.length; i++) {
      expect(moments[i].mean).toBeLessThan(moments[i - 1].mean - 0.02);
      expect(moments[i].variance).toBeGreaterThan(moments[i - 1].variance);
      expect(moments[i].maximum).toBeGreaterThan(moments[i - 1].maximum);
    }
    expect(moments[4].mean).toBeLessThan(0.6);
  });

  it("stays within its scale of colours, and has no number below 0", () => {
    for (let contrast = 0; contrast <= 2; contrast += 0.05) {
      const { minimum, maximum } = momentsOf(toyMap(contrast, 64, 5));
      expect(minimum).toBeGreaterThan(0);
      expect(maximum).toBeLessThanOrEqual(4);
    }
  });

  it("puts its speckles in the same places at every contrast", () => {
    const order = (map: Float32Array) => [...map.keys()].sort((a, b) => map[a] - map[b] || a - b);
    expect(order(toyMap(0.3, 64, 5))).toEqual(order(toyMap(1.7, 64, 5)));
    expect(order(toyMap(1, 64, 6))).not.toEqual(order(toyMap(1, 64, 5)));
  });
});

describe("moments", () => {
  it("part the mean of the squares into mean² and variance", () => {
    expect(momentsOf(Float32Array.of(1, 3))).toEqual({ mean: 2, meanSquare: 5, variance: 1, minimum: 1, maximum: 3 });
  });
});

describe("histograms", () => {
  it("count each value once, the last bin with both its ends", () => {
    expect(histogramOf([0, 0.4, 0.5, 1, 1], 0, 1, 2)).toEqual([2, 3]);
    expect(histogramOf([-1, 2, 0.5], 0, 1, 2)).toEqual([0, 1]);
    expect(histogramOf([3, 3], 3, 3, 2)).toEqual([2, 0]);
  });
});

describe("how much two matrices differ", () => {
  it("is a share of their size, 0 for equal ones and for nothing", () => {
    expect(relativeDifference(Float32Array.of(1, 2), Float32Array.of(1, 2))).toBe(0);
    expect(relativeDifference(Float32Array.of(1, 3), Float32Array.of(2, 2))).toBe(0.5);
    expect(relativeDifference(Float32Array.of(0), Float32Array.of(0))).toBe(0);
  });
});

describe("other maps with the same Gram matrix, as code", () => {
  it("have the same Gram matrix, and a content cost", () => {
    const code = sameGramCode({ name: "same", maps: { name: "F", tensor: true }, seed: 5, angle: 30 });
    tf.tidy(() => {
      const F = tf.randomUniform([1, 6, 5, 4], 0, 1, "float32", 1) as tf.Tensor4D;
      const other = new Function("nst", "F", `${sourceIn(code)}; return same`)(nst, F) as tf.Tensor4D;
      expect(relativeDifference(nst.gram(other).dataSync() as Float32Array, nst.gram(F).dataSync() as Float32Array)).toBeLessThan(1e-6);
      expect(nst.contentCost(other, F).dataSync()[0]).toBeGreaterThan(1);
    });
  });
});
