import * as tf from "@tensorflow/tfjs";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { outputLook } from "../../src/cells/anatomy-look";
import { optimiserOf, anatomyValue, edgesOf, layerRuns, operationAfterKey, operationAt, peakAt, readersOf, runTitle, sharesByKernel, sharesByLayer, shortTitle } from "../../src/cells/anatomy-model";
import { anatomyCode } from "../../src/cells/as-code-anatomy";
import { compareSteps } from "../../src/cells/anatomy-sides";
import { checkpointOf } from "../../src/cells/anatomy-taken";
import { givenInput, operationMeaning, operationText } from "../../src/cells/anatomy-words";
import { sourceIn } from "../../src/cells/code-text";
import { completeChoices, transferSettings } from "../../src/cells/transfer-settings";
import { KernelWatch } from "../../src/kernel/kernel-watch";
import type { StepOperation, StepRecord } from "../../src/kernel/protocol";
import { compile } from "../../src/notebook/compile";
import { parse } from "../../src/notebook/parse";
import * as nst from "../../src/nst";
import { slim } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";

type Sketch = [name: string, direction: StepOperation["direction"], layer: string, milliseconds: number, alive: number, from?: (number | null)[], shape?: number[]];
const operation = ([name, direction, layer, milliseconds, alive, from = [null], shape = [1, 2, 3, 4]]: Sketch): StepOperation => ({
  name, direction, layer, milliseconds, alive, shape, bytes: 4 * shape.reduce((a, b) => a * b, 1), inputs: from.map((from) => ({ shape, from })),
});

/** A step of one convolution with a style cost. */
const STEP: StepOperation[] = (
  [
    ["Multiply", "forward", "", 1, 100],
    ["FusedConv2D", "forward", "block1_conv1", 8, 300, [0, null, null]],
    ["BatchMatMul", "costs", "block1_conv1", 4, 320, [1], [4, 4]],
    ["Sum", "costs", "block1_conv1", 0, 321, [2], []],
    ["BatchMatMul", "backward", "block1_conv1", 2, 500, [1, 2], [6, 4]],
    ["Conv2D", "backward", "block1_conv1", 12, 400, [4, null]],
    ["Slice", "costs", "", 1, 200, [null], [1, 3, 3]],
    ["Sqrt", "update", "", 2, 500, [null, 5], [2, 3, 3]],
  ] satisfies Sketch[]
).map(operation);

const RECORD: StepRecord = { operations: STEP, milliseconds: 40, peak: 500, activations: 400, heap: 0, columns: ["total", "content", "style", "tv", "block1_conv1"], costs: [3, 0, 2, 1, 2], threads: 1 };

describe("a step in numbers", () => {
  it("says how many operations there are, what they take by direction, and the memory at its peak", () => {
    const value = anatomyValue(RECORD);
    expect(value).toMatchObject({ operations: 8, milliseconds: 40, inOperations: 30, peak: 500, peakOverActivations: 1.25 });
    expect(value.forward).toEqual({ operations: 2, milliseconds: 9, share: 0.3 });
    expect(value.backward.milliseconds / value.forward.milliseconds).toBe(value.backwardOverForward);
    expect(value.convolutions).toMatchObject({ operations: 2, milliseconds: 20 });
    expect([value.forward, value.costs, value.backward, value.update].reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it("has the costs of the picture before the step by their names", () => {
    expect(anatomyValue(RECORD).terms).toEqual({ total: 3, content: 0, style: 2, tv: 1, block1_conv1: 2 });
  });
});

describe("the timeline", () => {
  it("gives each operation the width that it took, or all the same", () => {
    expect([...edgesOf(STEP, "time")].map((edge) => Math.round(edge * 30))).toEqual([0, 1, 9, 13, 13, 15, 27, 28, 30]);
    expect([...edgesOf(STEP, "even")]).toEqual([0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1]);
    expect([...edgesOf([STEP[3], STEP[3]], "time")]).toEqual([0, 0.5, 1]);
    expect([...edgesOf([], "time")]).toEqual([0]);
  });

  it("finds the operation under the pointer, in a lane also one that is thinner than a pixel", () => {
    const edges = edgesOf(STEP, "time");
    expect(operationAt(STEP, edges, 5 / 30, null, 0)).toBe(1);
    expect(operationAt(STEP, edges, 5 / 30, "forward", 0.01)).toBe(1);
    // nothing of the update is anywhere near
    expect(operationAt(STEP, edges, 5 / 30, "update", 0.01)).toBe(-1);
    // the end of the last cost, from a little within the backward walk
    expect(operationAt(STEP, edges, 13.2 / 30, "costs", 0.01)).toBeGreaterThanOrEqual(2);
    expect(operationAt(STEP, edges, 13.2 / 30, "costs", 0.001)).toBe(-1);
    expect(operationAt(STEP, edges, 1.1, null, 1)).toBe(-1);
    expect(operationAt([], edgesOf([], "time"), 0.5, null, 1)).toBe(-1);
  });

  it("groups operations by layer, costs with the way forward that they are part of", () => {
    const runs = layerRuns(STEP);
    expect(runs.map(({ layer, walk, from, end }) => [layer, walk, from, end])).toEqual([
      ["", "forward", 0, 1],
      ["block1_conv1", "forward", 1, 4],
      ["block1_conv1", "backward", 4, 6],
      ["", "forward", 6, 7],
      ["", "update", 7, 8],
    ]);
    expect(runs.map((run) => runTitle(run, STEP))).toEqual(["pixels", "conv1_1", "conv1_1", "sum", "Adam"]);
    const by = (names: string[]) => optimiserOf(names.map((name) => ({ name, direction: "update" as const })));
    expect([by(["Sub", "Multiply"]), by(["Sqrt", "RealDiv"]), by(["Sqrt", "Minimum"])]).toEqual(["descent", "Adam", "L-BFGS"]);
    expect(runs.map(shortTitle)).toEqual(["", "1_1", "1_1", "", ""]);
  });

  it("marks where most memory is alive, the first of several", () => {
    expect(peakAt(STEP)).toBe(4);
    expect(peakAt([])).toBe(-1);
  });

  it("is walked by keys: operation by operation, layer by layer, to both ends", () => {
    const go = (key: string, at: number) => operationAfterKey(key, at, STEP);
    expect([go("ArrowRight", 1), go("ArrowLeft", 1), go("ArrowRight", 7), go("ArrowLeft", 0)]).toEqual([2, 0, 7, 0]);
    expect([go("PageDown", 1), go("PageDown", 7), go("PageUp", 5), go("PageUp", 4), go("PageUp", 0)]).toEqual([4, 7, 4, 1, 0]);
    expect([go("Home", 3), go("End", 3), go("a", 3)]).toEqual([0, 7, null]);
  });

  it("knows who reads what an operation made", () => {
    expect(readersOf(STEP, 1)).toEqual([2, 4]);
    expect(readersOf(STEP, 7)).toEqual([]);
  });
});

describe("where the time goes", () => {
  it("is told by kind of operation, the longest first and the short ones together", () => {
    const rows = sharesByKernel(STEP, 2);
    expect(rows.map(({ name, milliseconds, operations }) => [name, milliseconds, operations])).toEqual([["Conv2D", 12, 1], ["FusedConv2D", 8, 1], ["others", 10, 6]]);
    expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(sharesByKernel(STEP, 6).some(({ name }) => name === "others")).toBe(false);
  });

  it("is told by layer in the network's order, parted by direction", () => {
    const [layer, rest] = sharesByLayer(STEP);
    expect(layer).toMatchObject({ name: "block1_conv1", milliseconds: 26, by: { forward: 8, costs: 4, backward: 14, update: 0 } });
    expect(rest).toMatchObject({ name: "pixels, sum and Adam", milliseconds: 4, operations: 3 });
  });
});

describe("an operation in words", () => {
  it("says its place, its shape, its time and its memory", () => {
    expect(operationText(STEP[2], 2, 8)).toBe("operation 3 of 8: BatchMatMul at conv1_1, costs. Gives 4 × 4 in 4 ms, 64 bytes made, 320 bytes alive after it.");
    expect(operationText({ ...STEP[3], bytes: 0 }, 3, 8)).toContain("Gives a single number in 0 ms, nothing copied");
  });

  it("says what it is there for: a Gram matrix forward, its derivative backward", () => {
    expect(operationMeaning(STEP[2])).toMatch(/Gram matrix.*equation 3/);
    expect(operationMeaning(STEP[4])).toMatch(/equation 6/);
    const convolution = { ...STEP[1], inputs: [[1, 8, 8, 16], [3, 3, 16, 32], [32]].map((shape) => ({ shape, from: null })) };
    expect(operationMeaning(convolution)).toMatch(/^32 filters of 3 × 3 × 16 go over the 16 maps/);
    expect(operationMeaning({ ...STEP[7], name: "Square" })).toContain("Adam keeps a running mean of it");
    expect(operationMeaning({ ...STEP[7], name: "Square" }, "L-BFGS")).toBe("A part of the step of L-BFGS. Each number times itself.");
    expect(operationMeaning({ ...STEP[0], name: "Unheard" })).toBe("The tfjs kernel “Unheard”.");
  });

  it("names inputs that were there before the step", () => {
    expect([0, 1, 2].map((input) => givenInput(STEP[1], input))).toEqual(["there before the step", "the filters", "the bias"]);
    expect(givenInput(STEP[5], 1)).toBe("the filters, turned about");
    expect(givenInput(operation(["Sub", "costs", "block1_conv1", 1, 1, [0, null], [4, 4]]), 1)).toMatch(/style picture's Gram matrix/);
  });
});

describe("the output of an operation", () => {
  const numbers = (n: number) => Float32Array.from({ length: n }, (_, i) => i);

  it("is maps where it is maps, and where it is a matrix of positions by maps, either way round", () => {
    expect(outputLook([1, 2, 3, 4], numbers(24), STEP[1], STEP)).toMatchObject({ as: "maps", matrix: false, maps: { layer: "block1_conv1", height: 2, width: 3, channels: 4 } });
    expect(outputLook([6, 4], numbers(24), STEP[4], STEP)).toMatchObject({ as: "maps", matrix: true, maps: { height: 2, width: 3, channels: 4 } });
    const lying = outputLook([4, 6], numbers(24), STEP[4], STEP);
    // number 7 of the matrix is row 1, column 1: map 1 at position 1
    expect(lying.as === "maps" && lying.maps.data[1 * 4 + 1]).toBe(7);
  });

  it("is a Gram matrix where it is symmetric, and a plain matrix where it is not", () => {
    expect(outputLook([2, 2], Float32Array.of(1, 5, 5, 2), STEP[2], STEP)).toMatchObject({ as: "gram", n: 2 });
    expect(outputLook([2, 2], Float32Array.of(1, 5, 4, 2), STEP[2], STEP)).toMatchObject({ as: "value", shown: { look: { as: "table" } } });
  });

  it("is a number, or a picture about grey where it has both signs", () => {
    expect(outputLook([], Float32Array.of(3), STEP[3], STEP)).toMatchObject({ as: "value", shown: { look: { as: "number", value: 3 } } });
    const look = outputLook([1, 2, 3], Float32Array.of(-4, 0, 2, 4, 0, -2), STEP[7], STEP);
    expect(look).toMatchObject({ as: "value", shown: { look: { as: "picture", range: [-4, 4] } } });
    if (look.as === "value" && look.shown.look.as === "picture") expect([...look.shown.look.rgba]).toEqual([0, 128, 191, 255, 255, 128, 64, 255]);
  });
});

describe("where a step begins", () => {
  const content = { width: 2, height: 1, data: new Float32Array(6) };
  const picture = { width: 2, height: 1, data: new Float32Array(6).fill(0.5) };

  it("is a checkpoint with its optimiser, or a picture with one that has not moved", () => {
    const checkpoint = { step: 7, width: 2, height: 1, picture: picture.data, moment1: picture.data, moment2: picture.data };
    expect(checkpointOf({ picture, checkpoint }, content, "moment")).toBe(checkpoint);
    expect(checkpointOf({ picture, checkpoint: null }, content, "moment")).toEqual({ step: 0, width: 2, height: 1, picture: picture.data, moment1: new Float32Array(6), moment2: new Float32Array(6) });
  });

  it("is refused where the picture has another size, naming both", () => {
    expect(() => checkpointOf({ picture: { ...picture, width: 1, height: 2 } }, content, "moment")).toThrow("“moment” has 1 × 2 px and the content picture 2 × 1.");
  });
});

describe("two steps compared", () => {
  const engine = anatomyValue(RECORD);

  it("are apart by the largest share of any cost, and by factors in time, memory and operations", () => {
    const compared = compareSteps(engine, { milliseconds: 80, peak: 1500, operations: 16, terms: { total: 3, block1_conv1: 2.002, content: 0 } }, ["step", "eager"]);
    expect(compared).toMatchObject({ time: 2, memory: 3, operations: 2 });
    expect(compared.difference).toBeCloseTo(0.001, 9);
    expect(compared.terms.map(({ name, difference }) => [name, difference > 0])).toEqual([["total", false], ["content", false], ["block1_conv1", true]]);
  });

  it("need a step to compare with: it is said what is missing", () => {
    expect(() => compareSteps(engine, { peak: 1, operations: 1, terms: {} } as never, ["step", "eager"])).toThrow("“eager” has no milliseconds");
    expect(() => compareSteps(engine, { milliseconds: 1, peak: 1, operations: 1, terms: { J: 1 } }, ["step", "eager"])).toThrow(/“eager” has none of the costs of “step”, which are total, content/);
  });
});

describe("the step that chapter 7 writes by hand", () => {
  const { card, weights } = slim();
  const notebook = parse(readFileSync(new URL("../../notebooks/define-by-run.md", import.meta.url), "utf8"));
  const [costs, step] = notebook.cells.flatMap((cell) => (cell.kind === "code" ? [cell.source] : []));
  const picture = (turn: number): nst.Picture => ({ width: 32, height: 32, data: Float32Array.from({ length: 32 * 32 * 3 }, (_, i) => (Math.sin(i / turn) + 1) / 2) });
  const [content, style] = [picture(7), picture(3)];
  const settings = transferSettings(completeChoices({ initialisation: "blend", noise: "0.3" }, card), card);

  let net: nst.Network;
  const api = { ...nst, loadNetwork: async () => net, pictureTensor: ({ width, height, data }: nst.Picture) => tf.tensor3d(data, [height, width, 3]) };

  /** The same step by the engine. @param S the style picture */
  function engineStep(S: tf.Tensor3D, watch = new KernelWatch()) {
    const C = tf.tensor3d(content.data, [32, 32, 3]);
    const targets = { content: nst.features(net, C, [settings.contentLayer!], settings), style: nst.finish(nst.styleTargets(net, S, Object.keys(settings.styleLayers), settings)) };
    const terms = nst.transferTerms(net, settings, targets);
    const start = nst.transferStart(nst.initialPicture(C, settings.initialisation, settings.seed));
    return { terms, watch, ...watch.during(() => nst.transferStep(net, start, terms, settings)) };
  }

  beforeAll(async () => {
    await nodeBackend("wasm");
    net = nst.createNetwork(card, weights);
  });
  afterAll(() => nst.disposeNetwork(net));

  it("reads the two pictures, the network and the settings, and gives the step to compare", () => {
    expect([...compile(costs, "kernel").reads].sort()).toEqual(["content", "network", "settings", "style"]);
    expect([...compile(step, "kernel").reads].sort()).toEqual(["content", "costsOf", "settings", "style"]);
    expect(compile(step, "kernel").names).toEqual(["stepByHand", "start", "eager"]);
  });

  it("has the engine's costs to 1e-5, paints the picture that the engine paints, and holds more memory", async () => {
    const run = new Function("tf", "nst", "content", "style", "network", "settings", `return (async () => { ${costs}\n${step}\nreturn { eager, painted: stepByHand(start) } })()`);
    const { eager, painted } = (await run(tf, api, { picture: content }, { picture: style }, { card }, settings)) as { eager: { peak: number; operations: number; terms: Record<string, number> }; painted: tf.Tensor3D };

    const S = tf.tensor3d(style.data, [32, 32, 3]);
    const { terms, values, state } = engineStep(S);
    const engine = await values.data();
    terms.forEach((term, i) => {
      const name = term.kind === "gram" ? term.layer : term.kind;
      expect([name, Math.abs(eager.terms[name] / (term.weight * engine[i]) - 1) < 1e-5]).toEqual([name, true]);
    });
    expect(tf.tidy(() => painted.sub(state.picture).abs().max().dataSync()[0])).toBeLessThan(1e-4);
    expect(eager.operations).toBeGreaterThan(200);
    expect(eager.peak).toBeGreaterThan(1e6);
  });

  it("can be shown as code, which counts the kernels that the engine runs, in their order, and leaves nothing behind", async () => {
    const code = anatomyCode({ name: "step2", content: { name: "content", tensor: false }, style: { name: "style", tensor: true }, network: "network", settings: "settings", from: { name: "state", tensor: false } });
    expect(code).toMatch(/^```js kernel edit manual\n/);
    const { names, reads } = compile(sourceIn(code)!, "kernel");
    expect([names, [...reads].sort()]).toEqual([["step2"], ["content", "network", "settings", "state", "style"]]);

    const C = tf.tensor3d(content.data, [32, 32, 3]);
    const tensors = tf.memory().numTensors;
    const run = new Function("tf", "nst", "content", "style", "network", "settings", "state", `return (async () => { ${sourceIn(code)}; return step2 })()`);
    const { operations, kernels, peak } = (await run(tf, api, { picture: content }, C, { card }, settings, { picture: style })) as { operations: number; peak: number; kernels: { name: string; shapes: number[][] }[] };
    expect(tf.memory().numTensors).toBe(tensors);
    expect(peak).toBeGreaterThan(1e5);

    const { watch } = engineStep(C, new KernelWatch());
    expect(kernels.map(({ name, shapes }) => `${name} ${shapes[0]}`)).toEqual(watch.calls.map(({ name, outputs }) => `${name} ${outputs[0].shape}`));
    expect(operations).toBe(watch.calls.length);
    C.dispose();
  });
});
