import { describe, expect, it } from "vitest";
import { fieldOf, receptiveField } from "../../src/nst/receptive-field";
import { vggCard } from "../../src/nst/vgg";

describe("the receptive field of a VGG-19 layer, from its card", () => {
  const card = vggCard(19);

  it.each([
    ["block1_conv1", 3, 1], ["block2_conv1", 10, 2], ["block3_conv1", 24, 4], ["block4_conv1", 68, 8], ["block4_conv2", 84, 8], ["block5_conv1", 156, 16], ["block5_conv2", 188, 16],
  ] as const)("%s sees squares of %d px, %d px apart", (layer, size, stride) => {
    expect(receptiveField(card, layer)).toMatchObject({ size, stride });
  });

  it("lies around its unit", () => {
    expect(fieldOf(receptiveField(card, "block1_conv1"), 5, 0)).toEqual({ x: 4, y: -1, width: 3, height: 3 });
    expect(fieldOf(receptiveField(card, "block1_pool"), 2, 3)).toEqual({ x: 2, y: 4, width: 6, height: 6 });
  });

  it("is asked for by a name that the network has", () => {
    expect(() => receptiveField(card, "block9_conv1")).toThrow(/no layer "block9_conv1"/);
  });
});
