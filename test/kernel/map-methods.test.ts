import * as tf from "@tensorflow/tfjs";
import { beforeAll, beforeEach, afterEach, describe, expect, it } from "vitest";
import { featureMethods } from "../../src/kernel/feature-methods";
import { mapMethods } from "../../src/kernel/map-methods";
import { patches } from "../../src/kernel/patches";
import type { NetworkSource, Patch, Streams } from "../../src/kernel/protocol";
import { channelOf, type FeatureMaps } from "../../src/nst/feature-maps";
import { mulberry32 } from "../../src/nst/random";
import { vggCard } from "../../src/nst/vgg";
import { nodeBackend } from "../support/node-backends";

const network: NetworkSource = { card: vggCard(11, [4, 6, 8, 8, 8]), base: "", random: 3 };
const LAYER = "block3_conv1";

function picture(width: number, height: number, seed: number) {
  const random = mulberry32(seed);
  return { width, height, data: Float32Array.from({ length: width * height * 3 }, random) };
}

const signal = () => new AbortController().signal;

/** Aborts when it has been asked for the `count`-th time whether it is aborted. */
function abortedAfter(count: number): AbortSignal {
  let asked = 0;
  return { throwIfAborted: () => { if (++asked > count) throw new DOMException("Nobody wants it any more.", "AbortError"); } } as AbortSignal;
}

describe("what the lab computes", () => {
  let before = 0;
  beforeAll(async () => {
    await nodeBackend("wasm");
    // loads the network, which stays
    await featureMethods.weights({ network, layer: LAYER });
  });
  beforeEach(() => void (before = tf.memory().numTensors));
  afterEach(() => expect(tf.memory().numTensors).toBe(before));

  const maps = async (seed = 1): Promise<FeatureMaps> => (await featureMethods.features({ network, picture: picture(40, 24, seed), layers: [LAYER] }, { signal: signal() }))[LAYER];

  it("with maps is plain data: Gram matrix, statistics, difference, shuffled and rotated maps", async () => {
    const [a, b] = [await maps(1), await maps(2)];
    const G = await mapMethods["maps.gram"]({ maps: a });
    expect(G).toMatchObject({ layer: LAYER, channels: 8, positions: 60 });
    for (const [i, j] of [[0, 0], [2, 5], [5, 2]]) {
      const [first, second] = [channelOf(a, i), channelOf(a, j)];
      expect(G.data[i * 8 + j]).toBeCloseTo(first.reduce((sum, value, p) => sum + value * second[p], 0), 3);
    }
    const { mean, zeros } = await mapMethods["maps.statistics"]({ maps: a });
    expect(mean[2]).toBeCloseTo(channelOf(a, 2).reduce((sum, value) => sum + value, 0) / 60, 5);
    expect(zeros[2]).toBeCloseTo(channelOf(a, 2).filter((value) => value === 0).length / 60, 6);

    const { cost, positions, channels } = await mapMethods["maps.difference"]({ a, b });
    expect(cost).toBeCloseTo(0.5 * a.data.reduce((sum, value, i) => sum + (value - b.data[i]) ** 2, 0), 4);
    for (const part of [positions, channels]) expect(part.reduce((sum, value) => sum + value, 0) / cost).toBeCloseTo(1, 5);

    for (const changed of [await mapMethods["maps.shuffle"]({ maps: a, seed: 1 }), await mapMethods["maps.rotate"]({ maps: a, seed: 1, angle: 0.5 })]) {
      expect(changed).toMatchObject({ layer: LAYER, height: 6, width: 10, channels: 8 });
      const H = await mapMethods["maps.gram"]({ maps: changed });
      expect(Math.max(...H.data.map((value, i) => Math.abs(value - G.data[i]))) / Math.max(...G.data)).toBeLessThan(1e-6);
      expect((await mapMethods["maps.difference"]({ a, b: changed })).cost).toBeGreaterThan(cost / 10);
    }
  });

  it("of several layers' statistics is one entry a layer, in one walk", async () => {
    const layers = ["block1_conv1", "block2_pool", LAYER];
    const found = await featureMethods.statistics({ network, picture: picture(40, 24, 1), layers }, { signal: signal() });
    expect(Object.values(found).map(({ layer, height, width, channels }) => [layer, height, width, channels])).toEqual([["block1_conv1", 24, 40, 4], ["block2_pool", 6, 10, 6], [LAYER, 6, 10, 8]]);
    const { data } = await maps(1);
    expect(found[LAYER].mean).toBeCloseTo(data.reduce((sum, value) => sum + value, 0) / data.length, 5);
    expect(found[LAYER].sparsity).toBeCloseTo(data.filter((value) => value === 0).length / data.length, 6);
  });

  it("leaves nothing behind when it is aborted, wherever that happens", async () => {
    const args = { network, picture: picture(40, 24, 1), layers: ["block1_conv1", LAYER] };
    for (const count of [0, 1, 3, 5, 7]) {
      await expect(featureMethods.statistics(args, { signal: abortedAfter(count) })).rejects.toThrow(/Nobody wants it/);
      expect(tf.memory().numTensors).toBe(before);
    }
  });

  describe("as patches", () => {
    const pictures = [picture(40, 24, 1), picture(32, 32, 2), picture(40, 24, 3)];
    const stream = async (top: number, aborts = signal()) => {
      const items: Streams["patches"]["item"][] = [];
      await patches({ network, layer: LAYER, pictures, top }, { signal: aborts, emit: (item) => void items.push(item as Streams["patches"]["item"]), onControl: () => {} });
      return items;
    };

    it("is the units of each channel that answer most, best first, with one item a picture", async () => {
      const items = await stream(3);
      expect(items.map(({ done, of }) => [done, of])).toEqual([[1, 3], [2, 3], [3, 3]]);
      const all = await Promise.all(pictures.map(async (one) => (await featureMethods.features({ network, picture: one, layers: [LAYER] }, { signal: signal() }))[LAYER]));
      const { channels } = items[2];
      expect(channels.length).toBe(8);
      for (const [c, found] of channels.entries()) {
        const value = ({ picture, x, y }: Patch) => channelOf(all[picture], c)[y * all[picture].width + x];
        expect(found.map((patch) => patch.value)).toEqual(found.map(value));
        expect(found.map((patch) => patch.value)).toEqual(found.map((patch) => patch.value).sort((a, b) => b - a));
        expect(found[0]?.value ?? 0).toBe(Math.max(...all.flatMap((one) => [...channelOf(one, c)])));
        expect(found.length).toBeLessThanOrEqual(3);
      }
      expect(channels.some((found) => new Set(found.map(({ picture }) => picture)).size > 1)).toBe(true);
    });

    it("is never ten times the same spot: patches of one picture lie half a receptive field apart", async () => {
      const { channels } = (await stream(30)).at(-1)!;
      // block3_conv1 of this network sees 18 px, a unit is 4 px
      const apart = Math.ceil(18 / 4 / 2);
      let pairs = 0;
      for (const found of channels)
        for (const [k, a] of found.entries())
          for (const b of found.slice(k + 1)) {
            if (a.picture !== b.picture) continue;
            pairs++;
            expect(Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))).toBeGreaterThanOrEqual(apart);
          }
      expect(pairs).toBeGreaterThan(20);
    });

    it("ends when it is aborted, and leaves nothing behind", async () => {
      for (const count of [0, 4, 9, 14]) await expect(stream(3, abortedAfter(count))).rejects.toThrow(/Nobody wants it/);
    });
  });
});
