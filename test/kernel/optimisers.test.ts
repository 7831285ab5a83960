import * as tf from "@tensorflow/tfjs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { optimiserOf } from "../../src/cells/anatomy-model";
import { featureMethods } from "../../src/kernel/feature-methods";
import type { Checkpoint, ReplayItem, RunBatch, Streams } from "../../src/kernel/protocol";
import { replayRun } from "../../src/kernel/replay-run";
import { RunRecord } from "../../src/kernel/run-record";
import { stepMethods } from "../../src/kernel/step-record";
import type { OptimiserOptions } from "../../src/nst";
import { nodeBackend } from "../support/node-backends";
import { costsOf, NETWORK, runConfig, runToEnd, withoutBitmaps } from "../support/transfers";

let before = 0;
beforeAll(async () => {
  await nodeBackend("wasm");
  withoutBitmaps();
  // loads the network, which stays
  await featureMethods.weights({ network: NETWORK, layer: "block1_conv1" });
});
afterAll(() => void vi.unstubAllGlobals());
beforeEach(() => void (before = tf.memory().numTensors));
afterEach(() => expect(tf.memory().numTensors).toBe(before));

const OPTIMISERS: Record<string, OptimiserOptions> = {
  Adam: { kind: "adam", learningRate: 0.02, beta1: 0.9, beta2: 0.99, epsilon: 0.1, epsilonPlace: "pytorch" },
  "plain descent": { kind: "descent", learningRate: 1e-3, decay: { rate: 0.9, every: 2 } },
  "descent with momentum": { kind: "descent", learningRate: 1e-3, momentum: 0.9 },
  "L-BFGS": { kind: "lbfgs", learningRate: 1, history: 3 },
};
const config = (optimiser: OptimiserOptions, steps = 8) => runConfig({ optimiser, steps });
const last = (batches: RunBatch[]): Checkpoint => batches.at(-1)!.checkpoint!;

async function replayed(args: Streams["replay"]["args"]): Promise<ReplayItem[]> {
  const items: ReplayItem[] = [];
  await replayRun(args, { signal: new AbortController().signal, emit: (item) => items.push(item as ReplayItem) });
  return items;
}

describe.each(Object.entries(OPTIMISERS))("a run with %s", (_, optimiser) => {
  it("goes on from a checkpoint as if it had not been left, bit for bit", async () => {
    const whole = last(await runToEnd(config(optimiser)));
    const half = last(await runToEnd(config(optimiser, 5)));
    expect(half.step).toBe(5);
    // what a notebook keeps is a copy
    const rest = await runToEnd(config(optimiser), undefined, structuredClone(half));
    expect(rest[1]?.first ?? rest[0].first).toBe(5);
    expect(last(rest)).toEqual(whole);
    expect(whole.picture).not.toEqual(half.picture);
  });

  it("goes on after a pause, and is computed again from its record, bit for bit", async () => {
    const record = new RunRecord(config(optimiser));
    let paused = false;
    const batches = await runToEnd(config(optimiser), (batch, run) => {
      record.take(structuredClone(batch));
      if (batch.state === "running" && batch.step >= 3 && !paused) {
        paused = true;
        run.control({ kind: "pause" });
        setTimeout(() => run.control({ kind: "resume" }), 20);
      }
    });
    const items = await replayed({ config: record.config, changes: record.changes, to: 8 });
    expect(items.at(-1)!.checkpoint).toEqual(last(batches));
    expect(items.map(({ columns, costs }) => Object.fromEntries(columns.map((name, i) => [name, costs[i]])))).toEqual(costsOf(batches));
  });

  it("is taken apart operation by operation, from its start and from a checkpoint", async () => {
    const from = last(await runToEnd(config(optimiser, 4)));
    for (const place of [undefined, from]) {
      const { operations, costs } = await stepMethods["step.record"]({ config: config(optimiser), from: place }, { signal: new AbortController().signal });
      // which optimiser it was is told by its operations
      expect(optimiserOf(operations)).toBe({ adam: "Adam", descent: "descent", lbfgs: "L-BFGS" }[optimiser.kind]);
      expect(costs.every(Number.isFinite)).toBe(true);
    }
  });

  it("ends with a message and its last good picture when a weight is too much for 32 bits", async () => {
    const batches = await runToEnd(runConfig({ optimiser, beta: 1e45, steps: 20 }));
    const end = batches.at(-1)!;
    expect(end).toMatchObject({ state: "stopped", notice: expect.stringContaining("no longer a number") });
    expect(end.pixels).toBeDefined();
  });
});

describe("a fresh optimiser at a later step", () => {
  const picture = async () => last(await runToEnd(config(OPTIMISERS.Adam, 3)));

  it.each(Object.entries(OPTIMISERS))("is a checkpoint of zeros with nothing taken: %s", async (_, optimiser) => {
    const { width, height, picture: data } = await picture();
    const zeros = () => new Float32Array(data.length);
    const from: Checkpoint = { step: 3, taken: 0, width, height, picture: data, moment1: zeros(), moment2: zeros() };
    const batches = await runToEnd(config(optimiser, 5), undefined, from);
    expect(last(batches).step).toBe(5);
    expect(last(batches).taken).toBe(2);
    expect(last(batches).optimiser).toBe(optimiser.kind === "adam" ? undefined : optimiser.kind);
    // another step 3 with the same picture: what counts is how many steps the optimiser has taken
    const early = await runToEnd(config(optimiser, 2), undefined, { ...from, step: 0, taken: undefined });
    expect(last(early).picture).toEqual(last(batches).picture);
  });

  it("is what another kind of optimiser begins with in mid-run, also when it is computed again from a checkpoint at that step", async () => {
    const [adam, lbfgs] = [OPTIMISERS.Adam, OPTIMISERS["L-BFGS"]];
    const record = new RunRecord(config(adam, 3));
    const first = await runToEnd(config(adam, 3), (batch) => record.take(structuredClone(batch)));
    const second = await runToEnd(config(lbfgs, 6), (batch) => record.take(structuredClone(batch)), last(first));
    expect(last(second)).toMatchObject({ step: 6, taken: 3, optimiser: "lbfgs" });
    const from = record.checkpoints.find(({ step }) => step === 3);
    expect(from).toBeDefined();
    const again = await replayed({ config: record.config, from, changes: record.changes, to: 6 });
    expect(again.at(-1)!.checkpoint).toEqual(last(second));
  });
});

describe("what J is made of", () => {
  it("can change in mid-run: where content is read, which statistic style has, which total variation", async () => {
    const plain = runConfig({ steps: 6 });
    const record = new RunRecord(plain);
    let changed = false;
    const batches = await runToEnd({ ...plain, settings: { ...plain.settings, steps: 3 } }, (batch, run) => {
      record.take(structuredClone(batch));
      if (batch.step < 1 || changed) return;
      changed = true;
      run.control({ kind: "update", settings: { ...plain.settings, contentTap: "before", styleStatistic: "wasserstein", totalVariationKind: "crowson" } });
    });
    expect(last(batches).step).toBe(6);
    const at = record.changes.at(-1)!;
    expect(at.settings).toMatchObject({ contentTap: "before", styleStatistic: "wasserstein", totalVariationKind: "crowson" });
    const costs = costsOf(batches);
    expect(Object.keys(costs[6])).toEqual(Object.keys(costs[0]));
    // the two statistics are of another size
    expect(costs[at.step].style / costs[0].style).not.toBeCloseTo(1, 1);
    expect((await replayed({ config: record.config, changes: record.changes, to: 6 })).at(-1)!.checkpoint).toEqual(last(batches));
  });

  it("goes down with the Wasserstein distance as well", async () => {
    const costs = costsOf(await runToEnd(runConfig({ styleStatistic: "wasserstein", totalVariationKind: "sum-absolute", totalVariation: 1e-4, beta: 10, steps: 12 })));
    expect(costs[12].style).toBeLessThan(0.8 * costs[0].style);
  });
});

describe("following pixels", () => {
  it("asks for Adam, in a sentence", async () => {
    await expect(replayed({ config: config(OPTIMISERS["L-BFGS"]), changes: [], to: 2, follow: [{ x: 0, y: 0 }] })).rejects.toThrow("for Adam alone");
  });
});
