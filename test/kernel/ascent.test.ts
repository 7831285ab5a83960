import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it, vi } from "vitest";
import { Ascent } from "../../src/kernel/ascent";
import { featureMethods } from "../../src/kernel/feature-methods";
import type { AscentBatch, AscentConfig, NetworkSource } from "../../src/kernel/protocol";
import { deviceTurns } from "../../src/kernel/turns";
import { vggCard } from "../../src/nst/vgg";
import { nodeBackend } from "../support/node-backends";
import { withoutBitmaps } from "../support/transfers";

const network: NetworkSource = { card: vggCard(11, [4, 6, 8, 8, 8]), base: "", random: 3 };
const config: AscentConfig = { network, layer: "block3_conv1", channel: 0, size: 32, seed: 1, steps: 6, learningRate: 0.02, totalVariation: 1 };

describe("an ascent in the engine", () => {
  let before = 0;
  beforeAll(async () => {
    await nodeBackend("wasm");
    withoutBitmaps();
    // loads the network, which stays
    await featureMethods.weights({ network, layer: "block1_conv1" });
  });
  afterAll(() => void vi.unstubAllGlobals());
  beforeEach(() => void (before = tf.memory().numTensors));
  afterEach(() => expect(tf.memory().numTensors).toBe(before));

  /** Runs to the end; `during` sees every batch and may control. */
  async function climb(changes: Partial<AscentConfig> = {}, during: (batch: AscentBatch, ascent: Ascent) => void = () => {}): Promise<AscentBatch[]> {
    const batches: AscentBatch[] = [];
    const ascent: Ascent = new Ascent({ ...config, ...changes }, (batch) => {
      batches.push(batch);
      during(batch, ascent);
    });
    await ascent.go(new AbortController().signal);
    return batches;
  }
  const activations = (batches: AscentBatch[]) => batches.flatMap((batch) => [...batch.activations]);

  it("reports the activation of every picture once, from the first to the last", async () => {
    const batches = await climb();
    expect([batches[0].state, batches[0].image, batches.at(-1)!.state, batches.at(-1)!.step]).toEqual(["preparing", undefined, "finished", 6]);
    expect(activations(batches).length).toBe(7);
    let next = 0;
    for (const batch of batches) {
      expect(batch.first).toBe(next);
      next += batch.activations.length;
    }
  });

  it("climbs the same way from the same seed, and when it was paused on the way", async () => {
    const once = activations(await climb());
    expect(activations(await climb())).toEqual(once);
    let paused = 0;
    const interrupted = await climb({}, ({ state, step }, ascent) => {
      if (state === "preparing") ascent.control({ kind: "pause" });
      if (state !== "paused") return;
      expect(step).toBe(0);
      paused++;
      setTimeout(() => ascent.control({ kind: "resume" }), 5);
    });
    expect(paused).toBe(1);
    expect(activations(interrupted)).toEqual(once);
  });

  it("does not come back to life when it is paused or resumed after a stop", async () => {
    const batches = await climb({ steps: 1e6 }, (batch, ascent) => {
      if (batch.state !== "preparing") return;
      for (const kind of ["stop", "pause", "resume"] as const) ascent.control({ kind });
    });
    expect(batches.at(-1)).toMatchObject({ state: "stopped", step: 0 });
  });

  it("waits for its turn on the device, and gives it back when it ends", async () => {
    const end = await deviceTurns.take();
    let ended = false;
    const climbing = climb({ steps: 1 }).then(() => (ended = true));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(ended).toBe(false);
    end();
    await climbing;
    (await deviceTurns.take())();
  });

  it("says so when a channel stayed silent, and only then", async () => {
    const ends = await Promise.all(Array.from({ length: 8 }, async (_, channel) => {
      const batches = await climb({ layer: "block4_conv1", channel, steps: 0 });
      return { channel, activation: activations(batches)[0], notice: batches.at(-1)!.notice };
    }));
    for (const { channel, activation, notice } of ends) expect(notice).toEqual(activation > 0 ? undefined : expect.stringContaining(`Channel ${channel} of block4_conv1 stayed silent`));
    expect(new Set(ends.map(({ activation }) => activation > 0)).size).toBe(2);
  });

  it("hands on what is wrong with its network or layer, and holds nothing", async () => {
    await expect(climb({ layer: "block9_conv1" })).rejects.toThrow(/no layer "block9_conv1"/);
    await expect(climb({ network: { ...network, card: { ...network.card, layers: [] } } })).rejects.toThrow();
    (await deviceTurns.take())();
  });
});
