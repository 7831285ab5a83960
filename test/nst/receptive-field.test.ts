import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { createNetwork, disposeNetwork, features } from "../../src/nst";
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
