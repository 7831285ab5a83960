import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { alexnetCard, createNetwork, disposeNetwork, features, randomWeights, squeezenetCard } from "../../src/nst";
import type { LayerSpec } from "../../src/nst/model-card";
import { fieldOf, receptiveField } from "../../src/nst/receptive-field";
import { vggCard } from "../../src/nst/vgg";
import { fixture, slim } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";
import { tensorOf } from "../support/parity";

const views = fixture("views");

/** The part of a field that lies in a picture. */
function within({ x, y, width, height }: ReturnType<typeof fieldOf>, size: { width: number; height: number }) {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  return { x: left, y: top, width: Math.min(size.width, x + width) - left, height: Math.min(size.height, y + height) - top };
}

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

describe("the receptive field where strides, padding in numbers and overlapping pools come in", () => {
  it.each([
    ["conv1", 3, 2, 0], ["pool1", 7, 4, 0], ["fire2_squeeze", 7, 4, 0], ["fire2", 15, 4, -4], ["fire3", 23, 4, -8], ["fire5", 63, 8, -24], ["fire9", 207, 16, -88],
  ] as const)("SqueezeNet 1.1, %s: squares of %d px, %d px apart, the first at %d", (layer, size, stride, start) => {
    expect(receptiveField(squeezenetCard("1.1"), layer)).toEqual({ size, stride, start });
  });

  // as Araujo et al. 2019 have them for AlexNet's first layers, here with torchvision's 2 zeros around
  it.each([["conv1", 11, 4, -2], ["pool1", 19, 8, -2], ["conv2", 51, 8, -18], ["pool2", 67, 16, -18], ["conv3", 99, 16, -34], ["conv5", 163, 16, -66]] as const)("AlexNet, %s: squares of %d px, %d px apart, the first at %d", (layer, size, stride, start) => {
    expect(receptiveField(alexnetCard(), layer)).toEqual({ size, stride, start });
  });

  it("is what really changes a unit: all other pixels may change without changing a bit of it, and each border of the field counts", async () => {
    await nodeBackend("wasm");
    const fires = Array.from({ length: 8 }, () => ({ squeeze: 2, expand1x1: 2, expand3x3: 2 }));
    const [width, height] = [61, 54];
    for (const [made, layer, x, y] of [[squeezenetCard("1.1", { conv1: 2, fires }), "fire3", 3, 5], [squeezenetCard("1.0", { conv1: 2, fires }), "pool1", 4, 2], [alexnetCard([2, 2, 2, 2, 2]), "conv2", 2, 2]] as const) {
      // everything positive: no unit is silent, and with average pooling every pixel of a field counts
      const card = { ...made, weights: { ...made.weights, kernelLayout: "HWIO" as const }, input: { ...made.input, mean: [0, 0, 0] as [number, number, number] } };
      const network = createNetwork(card, new Map([...randomWeights(card, 1)].map(([key, stored]) => [key, { ...stored, data: (stored.data as Float32Array).map(Math.abs) }])));
      const field = within(fieldOf(receptiveField(card, layer), x, y), { width, height });
      const at = (data: Float32Array) => tf.tidy(() => [...features(network, tf.tensor3d(data, [height, width, 3]), [layer], { pooling: "average" })[layer].slice([0, y, x, 0], [1, 1, 1, -1]).dataSync()]);
      const pixels = Float32Array.from({ length: width * height * 3 }, (_, i) => 0.5 + 0.3 * Math.sin(i * i));
      const where = (p: number) => ({ column: Math.floor(p / 3) % width, row: Math.floor(p / 3 / width) });
      const inside = (p: number, less = 0) => {
        const { column, row } = where(p);
        return column >= field.x + less && column < field.x + field.width - less && row >= field.y + less && row < field.y + field.height - less;
      };
      expect(at(pixels.map((value, p) => (inside(p) ? value : 1 - value)))).toEqual(at(pixels));
      const edges: ((p: number) => boolean)[] = [(p) => where(p).column === field.x, (p) => where(p).column === field.x + field.width - 1, (p) => where(p).row === field.y, (p) => where(p).row === field.y + field.height - 1];
      for (const edge of edges) expect(at(pixels.map((value, p) => (inside(p) && edge(p) ? value + 50 : value)))).not.toEqual(at(pixels));
      disposeNetwork(network);
    }
  });
});

describe("the pixels that change a unit", () => {
  for (const name of ["vgg19", "branched"] as const) {
    const { layers = slim().card.layers, units, ...size } = views.json.fields[name] as { layers?: LayerSpec[]; height: number; width: number; units: { layer: string; x: number; y: number; box: string }[] };
    it(`are those of its field, as PyTorch's gradients find them: ${units.length} units of ${name === "vgg19" ? "the default network" : "a network with valid padding, other kernels, and branches that meet again"}`, () => {
      const card = { ...vggCard(), layers };
      for (const { layer, x, y, box } of units) {
        const field = within(fieldOf(receptiveField(card, layer), x, y), size);
        expect([layer, x, y, `${field.x} ${field.y} ${field.width} ${field.height}`]).toEqual([layer, x, y, box]);
      }
      expect(units.length).toBeGreaterThan(15);
    });
  }

  it("are those of its field in the default network as well: all others may change without changing a bit of its numbers", async () => {
    await nodeBackend("wasm");
    const { card, weights } = slim();
    const network = createNetwork(card, weights);
    const picture = tensorOf(views, "picture");
    const [height, width] = picture.shape;
    const pixels = picture.dataSync() as Float32Array;
    const at = (data: Float32Array, layer: string, x: number, y: number) => tf.tidy(() => [...features(network, tf.tensor3d(data, [height, width, 3]), [layer])[layer].slice([0, y, x, 0], [1, 1, 1, -1]).dataSync()]);
    for (const [layer, x, y] of [["block1_conv2", 12, 31], ["block2_conv1", 9, 8], ["block3_conv1", 0, 4], ["block3_conv1", 5, 3]] as const) {
      const field = within(fieldOf(receptiveField(card, layer), x, y), { width, height });
      const inside = (p: number) => {
        const [column, row] = [Math.floor(p / 3) % width, Math.floor(p / 3 / width)];
        return column >= field.x && column < field.x + field.width && row >= field.y && row < field.y + field.height;
      };
      const before = at(pixels, layer, x, y);
      expect(at(pixels.map((value, p) => (inside(p) ? value : 1 - value)), layer, x, y)).toEqual(before);
      expect(at(pixels.map((value, p) => (inside(p) ? 1 - value : value)), layer, x, y)).not.toEqual(before);
    }
    picture.dispose();
    disposeNetwork(network);
  });
});
