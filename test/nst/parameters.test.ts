import { expect, it } from "vitest";
import type { ModelCard } from "../../src/nst/model-card";
import { parameters } from "../../src/nst/parameters";
import { vggCard } from "../../src/nst/vgg";

it("counts the parameters of VGG-16 and VGG-19 without their dense layers as Keras does", () => {
  expect(parameters(vggCard(16))).toBe(14_714_688);
  expect(parameters(vggCard(19))).toBe(20_024_384);
});

it("adds up the channels of layers that are concatenated", () => {
  const card: ModelCard = {
    ...vggCard(),
    layers: [
      { name: "a", kind: "conv", channels: 2, kernel: 1, stride: 1, padding: "same", activation: "relu" },
      { name: "b", kind: "conv", channels: 4, kernel: 1, stride: 1, padding: "same", activation: "relu", input: "a" },
      { name: "ab", kind: "concat", input: ["a", "b"] },
      { name: "c", kind: "conv", channels: 1, kernel: 3, stride: 1, padding: "same", activation: "relu" },
    ],
  };
  expect(parameters(card)).toBe((3 + 1) * 2 + (2 + 1) * 4 + (9 * 6 + 1));
});
