import * as tf from "@tensorflow/tfjs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { featureMethods } from "../../src/kernel/feature-methods";
import type { ReplayItem, RunBatch, RunConfig, Streams } from "../../src/kernel/protocol";
import { replayRun } from "../../src/kernel/replay-run";
import { RunRecord } from "../../src/kernel/run-record";
import type { LiveSettings } from "../../src/nst";
import { deviceTurns } from "../../src/kernel/turns";
import { nodeBackend } from "../support/node-backends";
import { costsOf, NETWORK, runConfig, runToEnd, SETTINGS, withoutBitmaps } from "../support/transfers";

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

/** A run whose style is changed at step 4 and whose content is taken out at step 8, and its record. */
async function changedRun(config: RunConfig = runConfig()) {
  const record = new RunRecord(config);
  const batches: RunBatch[] = [];
  const { settings } = config;
  const parts: LiveSettings[] = [
    { ...settings, steps: 4 },
    { ...settings, steps: 8, styleLayers: { block2_conv1: 1, block3_conv2: 0.5 }, beta: 2e3 },
    { ...settings, steps: 12, styleLayers: { block2_conv1: 1 }, alphaTimesM: 0, contentLayer: null },
  ];
  // as a run goes on whose worker was lost: each part from the checkpoint of the one before
  for (const live of parts) batches.push(...(await runToEnd({ ...config, settings: { ...settings, ...live } }, (batch) => record.take(batch), batches.at(-1)?.checkpoint)));
  return { config, record, batches, last: batches.at(-1)! };
}

async function replayed(args: Streams["replay"]["args"], signal = new AbortController().signal): Promise<ReplayItem[]> {
  const items: ReplayItem[] = [];
  await replayRun(args, { signal, emit: (item) => items.push(item as ReplayItem) });
  return items;
}
const costs = ({ columns, costs: row }: ReplayItem) => Object.fromEntries(columns.map((name, i) => [name, row[i]]));

describe("a run's record and its replay", () => {
  it("give the same pictures and costs again, bit for bit, from the start and from any checkpoint, settings changed in mid-run included", async () => {
    const { config, record, batches, last } = await changedRun();
    expect(record.changes.map(({ step }) => step)).toEqual([0, 4, 8]);
    expect(record.checkpoints.map(({ step }) => step)).toEqual(expect.arrayContaining([4, 8, 12]));
    expect(record.last).toBe(12);
    const known = costsOf(batches);
    expect(known.length).toBe(13);

    const all = await replayed({ config, changes: record.changes, to: 12 });
    expect(all.map(({ step }) => step)).toEqual(known.map((_, step) => step));
    expect(all.map(costs)).toEqual(known);
    expect(all.at(-1)!.checkpoint).toEqual(last.checkpoint);
    expect(all.slice(0, -1).some(({ checkpoint }) => checkpoint)).toBe(false);
    expect(all[record.changes[1].step].columns).toContain("block3_conv2");
    expect(all[3].columns).not.toContain("block3_conv2");

    for (const from of record.checkpoints) {
      const [first, ...others] = await replayed({ config, from, changes: record.changes, to: 12 });
      expect([first, ...others].map(costs)).toEqual(known.slice(from.step));
      expect((others.at(-1) ?? first).checkpoint).toEqual(last.checkpoint);
    }
  });

  it("bring any step's picture from the nearest checkpoint before it", async () => {
    const { config, record } = await changedRun();
    const from = record.nearest(7)!;
    expect(from.step).toBeGreaterThanOrEqual(4);
    expect(from.step).toBeLessThanOrEqual(7);
    const [whole, short] = [await replayed({ config, changes: record.changes, to: 7 }), await replayed({ config, from, changes: record.changes, to: 7 })];
    expect(short.length).toBe(8 - from.step);
    expect(short.at(-1)!.checkpoint).toEqual(whole.at(-1)!.checkpoint);
  });

  it("follow pixels: what each term pulled, term by term, and what the clip took back add up to the step", async () => {
    const { config, record } = await changedRun();
    const follow = [{ x: 0, y: 0 }, { x: 17, y: 9 }, { x: 35, y: 31 }, { x: 5, y: 20 }];
    const items = await replayed({ config, changes: record.changes, to: 12, follow });
    expect(items[0].pixels).toBe(undefined);
    expect(items.at(-1)!.checkpoint).toEqual((await replayed({ config, changes: record.changes, to: 12 })).at(-1)!.checkpoint);
    let free = 0;
    for (const { step, pixels } of items.slice(1)) {
      const { terms, before: from, after, pulls, clip } = pixels!;
      expect(terms).toEqual(["content", "block1_conv1", "block2_conv1", "block3_conv2", "block4_conv1", "tv"]);
      expect(from).toEqual(step === 1 ? from : items[step - 1].pixels!.after);
      for (let i = 0; i < follow.length * 3; i++) {
        const pulled = terms.reduce((sum, _, t) => sum + pulls[(Math.floor(i / 3) * terms.length + t) * 3 + (i % 3)], 0);
        expect(Math.abs(from[i] + pulled + clip[i] - after[i])).toBeLessThan(1e-6);
        if (after[i] > 0 && after[i] < 1) {
          // nothing was clipped here, so that the terms alone have to make the step
          expect(Math.abs(clip[i])).toBeLessThan(1e-6);
          free++;
        } else expect(after[i] === 0 ? clip[i] : -clip[i]).toBeGreaterThan(-1e-6);
      }
    }
    expect(free).toBeGreaterThan(60);
    const pull = (step: number, term: string) => {
      const { terms, pulls } = items[step].pixels!;
      return Math.max(...follow.map((_, pixel) => Math.abs(pulls[(pixel * terms.length + terms.indexOf(term)) * 3])));
    };
    // a term that was taken out goes on pulling for a while, because Adam remembers; one that was not there yet does not
    const [, change] = record.changes;
    expect(pull(change.step, "block3_conv2")).toBe(0);
    expect(pull(change.step + 1, "block3_conv2")).toBeGreaterThan(0);
    expect(pull(change.step + 1, "block4_conv1")).toBeGreaterThan(0);
    // in the first step every pixel moves by the learning rate, unless it is clipped
    const { before: from, after } = items[1].pixels!;
    after.forEach((value, i) => value > 0 && value < 1 && expect(Math.abs(value - from[i])).toBeCloseTo(SETTINGS.optimiser.learningRate, 4));
  });

  it("start where the run started: from noise, the style picture, or a picture that was given", async () => {
    for (const initialisation of [{ kind: "noise" }, { kind: "style" }] as const) {
      const config = runConfig({ initialisation, steps: 3 });
      const last = (await runToEnd(config)).at(-1)!;
      expect((await replayed({ config, changes: [], to: 3 })).at(-1)!.checkpoint).toEqual(last.checkpoint);
    }
    const config = runConfig({ steps: 4 });
    const given = { step: 0, width: 36, height: 32, picture: new Float32Array(36 * 32 * 3).fill(0.4), moment1: new Float32Array(36 * 32 * 3), moment2: new Float32Array(36 * 32 * 3) };
    const record = new RunRecord(config, given);
    const batches = await runToEnd(config, (batch) => record.take(batch), given);
    const items = await replayed({ config, from: record.nearest(0), changes: record.changes, to: 4, follow: [{ x: 3, y: 3 }] });
    expect(items[1].pixels!.before[0]).toBeCloseTo(0.4, 6);
    expect(items.at(-1)!.checkpoint).toEqual(batches.at(-1)!.checkpoint);
  });

  it("say what cannot be had, and hold nothing when they are ended on the way", async () => {
    const { config, record } = await changedRun();
    const from = record.checkpoints.at(-1)!;
    await expect(replayed({ config, from, changes: [], to: 1 })).rejects.toThrow(/Step 1 cannot be computed from step 12/);
    await expect(replayed({ config, from, changes: [], to: 12, follow: [] })).rejects.toThrow(/from the start of a run/);
    await expect(replayed({ config, changes: [], to: 1, follow: [{ x: 36, y: 0 }] })).rejects.toThrow(/no pixel in column 36, row 0: the picture has 36 columns/);
    for (const ending of [1, 7, 40, 90]) {
      // between two layers, wherever that is
      let left = ending;
      const signal = { throwIfAborted: () => { if (--left === 0) throw new DOMException("ended", "AbortError"); } } as AbortSignal;
      await expect(replayed({ config, changes: record.changes, to: 1e6, follow: [{ x: 1, y: 1 }] }, signal)).rejects.toThrow("ended");
    }
    (await deviceTurns.take())();
  });

  it("wait for their turn on the device", async () => {
    const end = await deviceTurns.take();
    let items = 0;
    const replaying = replayRun({ config: runConfig(), changes: [], to: 1 }, { signal: new AbortController().signal, emit: () => items++ });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(items).toBe(0);
    end();
    await replaying;
    expect(items).toBe(2);
  });
});
