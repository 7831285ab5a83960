import { expect, it } from "vitest";
import type { ModelCard } from "../../src/nst/model-card";
import { positions } from "../../src/nst/positions";
import { vggCard } from "../../src/nst/vgg";

const card = vggCard();

it("counts the positions of a layer: halved in both directions by every pool before it", () => {
  expect(positions(card, "block1_conv2", 256, 256)).toBe(256 * 256);
  expect(positions(card, "block4_conv2", 256, 256)).toBe(1024);
  expect(positions(card, "block5_conv1", 256, 192)).toBe(16 * 12);
});

it("leaves out what a pool cannot fill", () => {
  expect(positions(card, "block2_conv1", 33, 47)).toBe(16 * 23);
});

it("follows valid padding and layers that read an earlier one", () => {
  const small: ModelCard = {
    ...card,
    layers: [
      { name: "a", kind: "conv", channels: 4, kernel: 3, stride: 1, padding: "valid", activation: "relu" },
      { name: "half", kind: "pool", size: 2, stride: 2 },
      { name: "b", kind: "relu", input: "a" },
      { name: "both", kind: "concat", input: ["a", "b"] },
    ],
  };
  expect(positions(small, "half", 10, 10)).toBe(16);
  expect(positions(small, "both", 10, 10)).toBe(64);
});

it("names a layer that is not there", () => {
  expect(() => positions(card, "block6_conv1", 256, 256)).toThrow(/no layer "block6_conv1"/);
});
