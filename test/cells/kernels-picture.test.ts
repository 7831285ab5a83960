import { describe, expect, it } from "vitest";
import { brightnessShare, type FirstKernels, kernelPixels, kernelWeights, reachOf } from "../../src/cells/kernels-picture";
import { randomWeights } from "../../src/nst/vgg";
import { slim } from "../support/fixtures";

/** Two kernels of one pixel: weights 1, 2, 3 and −4, 0, 4 in the network's order. */
const kernels = (order: "RGB" | "BGR"): FirstKernels => ({ side: 1, count: 2, data: Float32Array.of(1, -4, 2, 0, 3, 4), bias: new Float32Array(2), order });

describe("a kernel as a picture", () => {
  it("has its colours in the order of a picture, whatever the network's order is", () => {
    expect([...kernelWeights(kernels("RGB"), 0)]).toEqual([1, 2, 3]);
    expect([...kernelWeights(kernels("BGR"), 0)]).toEqual([3, 2, 1]);
    expect([...kernelWeights(kernels("BGR"), 1)]).toEqual([4, 0, -4]);
  });

  it("is grey where a weight is 0, and reaches to the ends of a colour where it is largest", () => {
    const weights = kernelWeights(kernels("RGB"), 1);
    expect([...kernelPixels(weights, 1, reachOf(weights)).rgba]).toEqual([0, 128, 255, 255]);
    expect([...kernelPixels(new Float32Array(3), 1, 0).rgba]).toEqual([128, 128, 128, 255]);
  });
});

describe("the share of a kernel that is brightness", () => {
  it("is 1 where the colours are alike, 0 where they cancel, and a third for one colour alone", () => {
    expect(brightnessShare(Float32Array.of(2, 2, 2, -1, -1, -1))).toBeCloseTo(1, 12);
    expect(brightnessShare(Float32Array.of(1, 0, -1, 0, 0, 0))).toBe(0);
    expect(brightnessShare(Float32Array.of(0, 5, 0))).toBeCloseTo(1 / 3, 12);
    expect(brightnessShare(new Float32Array(27))).toBe(0);
  });

  it("is a bit less than half of a kernel of the default network on average, and about a third of a random one", () => {
    const { card, weights } = slim();
    const mean = (data: Float32Array) => {
      const all: FirstKernels = { side: 3, count: 16, data, bias: new Float32Array(16), order: card.input.channels };
      return Array.from({ length: 16 }, (_, i) => brightnessShare(kernelWeights(all, i))).reduce((a, b) => a + b) / 16;
    };
    expect(mean(Float32Array.from(weights.get("block1_conv1.kernel")!.data as ArrayLike<number>))).toBeCloseTo(0.466, 2);
    const random = [1, 2, 3, 4].map((seed) => mean(randomWeights(card, seed).get("block1_conv1.kernel")!.data as Float32Array));
    expect(random.reduce((a, b) => a + b) / 4).toBeCloseTo(1 / 3, 1);
  });
});
