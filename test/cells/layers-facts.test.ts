import { describe, expect, it } from "vitest";
import { layersFacts, within } from "../../src/cells/layers-facts";
import { layerShapes } from "../../src/nst/layer-shapes";
import { vggCard } from "../../src/nst/vgg";
import { slim } from "../support/fixtures";

const { card } = slim();
const layer = (name: string, width = 256, height = 256) =>
  layersFacts(card, width, height)
    .flatMap(({ layers }) => layers)
    .find((one) => one.name === name)!;

describe("the map of the network", () => {
  it("has a block for each size of the maps, and a pool at the end of all but the last", () => {
    const blocks = layersFacts(card, 256, 256);
    expect(blocks.map(({ title, layers }) => [title, layers.length, layers[0].shape.height, layers[0].shape.channels])).toEqual([
      ["block 1", 3, 256, 16], ["block 2", 3, 128, 32], ["block 3", 5, 64, 64], ["block 4", 5, 32, 128], ["block 5", 4, 16, 128],
    ]);
    expect(blocks.map(({ layers }) => layers.at(-1)!.kind)).toEqual(["pool", "pool", "pool", "pool", "conv"]);
  });

  it("says what one unit sees: 84 × 84 pixels in conv4_2, 252 × 252 in conv5_4", () => {
    expect(layer("block1_conv1").field).toMatchObject({ size: 3, stride: 1 });
    expect(layer("block4_conv2").field).toMatchObject({ size: 84, stride: 8 });
    expect(layer("block5_conv4").field).toMatchObject({ size: 252, stride: 16 });
  });

  it("counts only what lies in the picture as seen, as a share of its pixels", () => {
    const conv42 = layer("block4_conv2");
    expect(conv42.seen).toEqual({ x: 90, y: 90, width: 84, height: 84 });
    expect(conv42.share).toBeCloseTo(84 ** 2 / 256 ** 2, 12);
    // 5 of 252 pixels lie beyond the right and the lower border
    expect(layer("block5_conv4").seen).toEqual({ x: 10, y: 10, width: 246, height: 246 });
    expect(layer("block5_conv4", 64, 48).share).toBe(1);
  });

  it("follows the picture's shape", () => {
    expect(layer("block3_conv1", 200, 120).shape).toMatchObject({ width: 50, height: 30, channels: 64 });
  });

  it("says where the network recommends to read the content and the style", () => {
    const use = (wanted: string | null) => card.layers.map(({ name }) => name).filter((name) => layer(name).use === wanted);
    expect(use("content")).toEqual(["block4_conv2"]);
    expect(use("style")).toEqual(["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1"]);
  });
});

describe("the shapes of layers", () => {
  it("hold what each convolution has learnt: kernels and biases", () => {
    const shapes = layerShapes(vggCard(), 224, 224);
    expect(shapes.get("block1_conv1")).toEqual({ width: 224, height: 224, channels: 64, parameters: 9 * 3 * 64 + 64 });
    expect(shapes.get("block1_pool")).toEqual({ width: 112, height: 112, channels: 64, parameters: 0 });
    expect(shapes.get("block5_conv4")).toEqual({ width: 14, height: 14, channels: 512, parameters: 9 * 512 * 512 + 512 });
  });
});

describe("an area within a picture", () => {
  it("is cut at the borders, and empty outside", () => {
    expect(within({ x: -4, y: 2, width: 10, height: 10 }, 8, 8)).toEqual({ x: 0, y: 2, width: 6, height: 6 });
    expect(within({ x: 20, y: 0, width: 5, height: 5 }, 8, 8)).toMatchObject({ width: 0 });
  });
});
