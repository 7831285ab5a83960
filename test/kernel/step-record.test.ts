import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { featureMethods } from "../../src/kernel/feature-methods";
import { type KernelCall, KernelWatch } from "../../src/kernel/kernel-watch";
import { replayRun } from "../../src/kernel/replay-run";
import { stepMethods } from "../../src/kernel/step-record";
import { beginning, TermSource } from "../../src/kernel/transfer-setup";
import type { Checkpoint, ReplayItem, RunConfig } from "../../src/kernel/protocol";
import { disposeTransfer, transferStep } from "../../src/nst";
import { nodeBackend } from "../support/node-backends";
import { NETWORK, runConfig } from "../support/transfers";

const signal = new AbortController().signal;
let before = 0;

/** The costs and the picture of step `to`, by the engine's own way. */
async function stepsOf(config: RunConfig, to: number): Promise<{ first: ReplayItem; last: Checkpoint }> {
  const items: ReplayItem[] = [];
  await replayRun({ config, changes: [], to }, { signal, emit: (item) => items.push(item as ReplayItem) });
  return { first: items[0], last: items.at(-1)!.checkpoint! };
}

for (const backend of ["cpu", "wasm"] as const)
  describe(`a step taken apart, on ${backend}`, () => {
    const config = runConfig({ initialisation: { kind: "blend", noise: 0.3 } });
    // a network of its own on each backend: the tensors of one mean nothing to the other
    config.network = { ...NETWORK, random: backend === "cpu" ? 4 : 3 };
    beforeAll(async () => {
      await nodeBackend(backend);
      // loads the network, which stays
      await featureMethods.weights({ network: config.network, layer: "block1_conv1" });
    });
    beforeEach(() => void (before = tf.memory().numTensors));
    afterEach(() => expect(tf.memory().numTensors).toBe(before));

    it("is made of exactly the operations that were recorded: run again by their names, they give the same picture bit for bit", async () => {
      const calls: { call: KernelCall; given: (tf.TypedArray | null)[] }[] = [];
      const ours = await TermSource.lend(config, async (source) => {
        const terms = await source.terms(config.settings);
        const state = beginning(config);
        const watch = new KernelWatch((call, inputs, _, read) => calls.push({ call, given: call.inputs.map(({ from }, i) => (from === null ? read(inputs[i]).slice() : null)) }));
        const { values, state: next } = watch.during(() => transferStep(source.network, state, terms, config.settings));
        const picture = Float32Array.from(await next.picture.data());
        values.dispose();
        disposeTransfer(state);
        disposeTransfer(next);
        return picture;
      });
      const made: tf.Tensor[] = [];
      for (const { call, given } of calls) {
        const inputs = call.inputs.map(({ name, shape, dtype, from }, i) => [name, from === null ? tf.tensor(given[i]!, shape, dtype) : made[from]] as const);
        // Concat and Pack read a list
        const list = inputs.every(([name], i) => name === String(i));
        const named = list ? (inputs.map(([, tensor]) => tensor) as unknown as tf.NamedTensorMap) : Object.fromEntries(inputs);
        const output = tf.engine().runKernel(call.name, named, call.attrs) as tf.Tensor;
        expect([call.name, output.shape]).toEqual([call.name, call.outputs[0].shape]);
        made.push(output);
        call.inputs.forEach(({ from }, i) => from === null && inputs[i][1].dispose());
      }
      // the picture comes from the last clip
      const at = calls.findLastIndex(({ call }) => call.name === "ClipByValue");
      expect(Float32Array.from(await made[at].data())).toEqual(ours);
      tf.dispose(made);
    });

    it("has the costs of the engine's own step, and the output of any operation can be had", async () => {
      const record = await stepMethods["step.record"]({ config }, { signal });
      const { first, last } = await stepsOf(config, 1);
      expect(record.columns).toEqual(first.columns);
      expect(record.costs).toEqual([...first.costs]);
      const at = record.operations.findLastIndex(({ name }) => name === "ClipByValue");
      const output = await stepMethods["step.output"]({ config, operation: at }, { signal });
      expect(output.shape).toEqual([32, 36, 3]);
      expect(output.data).toEqual(last.picture);
      // and so in mid-run
      const { last: third } = await stepsOf(config, 3);
      const { last: second } = await stepsOf(config, 2);
      expect((await stepMethods["step.output"]({ config, from: second, operation: at }, { signal })).data).toEqual(third.picture);
      await expect(stepMethods["step.output"]({ config, operation: 10_000 }, { signal })).rejects.toThrow(/no operation 10000: it has \d+, counted from 0/);
    });
  });

describe("the record of a step", () => {
  beforeAll(() => nodeBackend("wasm"));
  beforeEach(() => void (before = tf.memory().numTensors));
  afterEach(() => expect(tf.memory().numTensors).toBe(before));
  const config = runConfig();

  it("tells forward, costs, backward and update apart, and names the layer of each", async () => {
    const { operations } = await stepMethods["step.record"]({ config }, { signal });
    const parts = operations.filter(({ direction }, i) => direction !== operations[i - 1]?.direction).map(({ direction }) => direction);
    expect(parts[0]).toBe("forward");
    expect(parts.slice(-3)).toEqual(["backward", "costs", "update"]);
    const convolutions = operations.filter(({ name }) => /Conv2D/.test(name));
    expect(convolutions.map(({ direction, layer }) => `${direction} ${layer}`)).toEqual([
      ...["block1_conv1", "block2_conv1", "block3_conv1", "block3_conv2", "block4_conv1"].map((layer) => `forward ${layer}`),
      ...["block4_conv1", "block3_conv2", "block3_conv1", "block2_conv1", "block1_conv1"].map((layer) => `backward ${layer}`),
    ]);
    const grams = operations.filter(({ name, direction }) => name === "BatchMatMul" && direction === "costs");
    expect(grams.map(({ layer, shape }) => `${layer} ${shape.slice(-2).join("×")}`)).toEqual(["block1_conv1 4×4", "block2_conv1 6×6", "block4_conv1 8×8"]);
    expect(operations.filter(({ direction }) => direction === "update").some(({ name }) => name === "ClipByValue")).toBe(true);
  });

  it("leads from every operation to those that made its inputs, with the shapes that these gave", async () => {
    const { operations } = await stepMethods["step.record"]({ config }, { signal });
    operations.forEach(({ inputs }, i) => {
      for (const { shape, from } of inputs) {
        if (from === null) continue;
        expect(from).toBeLessThan(i);
        expect(shape).toEqual(operations[from].shape);
      }
    });
    // every operation but the picture, the moments and the list of costs is read by a later one
    const read = new Set(operations.flatMap(({ inputs }) => inputs.map(({ from }) => from)));
    const unread = operations.filter((_, i) => !read.has(i));
    expect(unread.map(({ direction }) => direction)).toEqual(unread.map(() => "update"));
    expect(unread.length).toBeLessThan(4);
  });

  it("counts time and memory: the peak is that of the tensors alive, the sum of times no more than the step's", async () => {
    const { operations, peak, activations, milliseconds, heap, threads } = await stepMethods["step.record"]({ config }, { signal });
    expect(Math.max(...operations.map(({ alive }) => alive))).toBe(peak);
    // 36×32: conv 4, pool, conv 6, pool, conv 8 twice, pool, conv 8; four bytes a number
    expect(activations).toBe(4 * (36 * 32 * 4 + 18 * 16 * 4 + 18 * 16 * 6 + 9 * 8 * 6 + 2 * 9 * 8 * 8 + 4 * 4 * 8 + 4 * 4 * 8));
    expect(peak).toBeGreaterThan(activations / 2);
    expect(peak).toBeLessThan(8 * activations);
    const summed = operations.reduce((sum, one) => sum + one.milliseconds, 0);
    expect(summed).toBeGreaterThan(0);
    expect(summed).toBeLessThanOrEqual(milliseconds);
    expect(heap).toBeGreaterThan(1e6);
    expect(threads).toBe(1);
    // what is left after the step: picture, moments, costs
    const left = 4 * (3 * 36 * 32 * 3);
    expect(operations.at(-1)!.alive).toBeGreaterThanOrEqual(left);
    // a new shape of the same numbers costs nothing
    for (const { name, bytes } of operations) if (name === "Reshape") expect(bytes).toBe(0);
  });

  it("sees nothing of what others compute between two layers, and holds nothing when it is given up", async () => {
    const alone = await stepMethods["step.record"]({ config }, { signal });
    const [a, b] = await Promise.all([stepMethods["step.record"]({ config }, { signal }), stepMethods["step.record"]({ config }, { signal })]);
    for (const { operations } of [a, b]) expect(operations.map(({ name, alive }) => [name, alive])).toEqual(alone.operations.map(({ name, alive }) => [name, alive]));
    let left = 9;
    const ending = { throwIfAborted: () => { if (--left === 0) throw new DOMException("ended", "AbortError"); } } as AbortSignal;
    await expect(stepMethods["step.record"]({ config }, { signal: ending })).rejects.toThrow("ended");
  });
});
