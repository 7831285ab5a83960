import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import * as nst from "../../src/nst";
import { fixture, slim } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";
import { relativeError, tensorOf } from "../support/parity";

let before = 0;
beforeAll(() => nodeBackend("wasm"));
beforeEach(() => void (before = tf.memory().numTensors));
afterEach(() => expect(tf.memory().numTensors).toBe(before));

const LIVE = { tap: "after" as const };

function setUp() {
  const { card, weights } = slim();
  const network = nst.createNetwork(card, weights);
  const data = fixture("slim");
  const [content, style] = [tensorOf(data, "content"), tensorOf(data, "style")];
  const settings = { ...card.defaults, ...LIVE };
  const targets: nst.Targets = {
    content: nst.finish(nst.contentTargets(network, content, [settings.contentLayer], settings)),
    style: nst.finish(nst.styleTargets(network, style, Object.keys(settings.styleLayers), settings)),
  };
  const dispose = () => {
    nst.disposeTargets(targets);
    nst.disposeNetwork(network);
    tf.dispose([content, style]);
  };
  return { network, content, settings, targets, dispose };
}

async function run(steps: number, initialisation: nst.Initialisation, seed = 0): Promise<{ picture: Float32Array; totals: number[]; leaked: number }> {
  const { network, content, settings, targets, dispose } = setUp();
  const terms = nst.transferTerms(network, settings, targets);
  let state = nst.transferStart(nst.initialPicture(content, initialisation, seed));
  const totals: number[] = [];
  const held = tf.memory().numTensors;
  for (let i = 0; i < steps; i++) {
    const { values, state: next } = nst.transferStep(network, state, terms, settings);
    const numbers = await values.data();
    totals.push(terms.reduce((sum, term, t) => sum + term.weight * numbers[t], 0));
    values.dispose();
    nst.disposeTransfer(state);
    state = next;
  }
  const leaked = tf.memory().numTensors - held;
  const picture = Float32Array.from(await state.picture.data());
  nst.disposeTransfer(state);
  dispose();
  return { picture, totals, leaked };
}

test("twenty steps from the content picture bring J to less than a third, and leave nothing behind", async () => {
  const { totals, leaked, picture } = await run(20, { kind: "content" });
  expect(totals[19]).toBeLessThan(totals[0] / 3);
  expect(leaked).toBe(0);
  expect(Math.min(...picture)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...picture)).toBeLessThanOrEqual(1);
});

test("the same seed gives the same picture bit for bit, another seed another one", async () => {
  const a = await run(4, { kind: "noise" }, 7);
  expect((await run(4, { kind: "noise" }, 7)).picture).toEqual(a.picture);
  expect((await run(4, { kind: "noise" }, 8)).picture).not.toEqual(a.picture);
});

test("α is α·M over the positions of the content layer, so that a larger picture keeps the balance", () => {
  const { network, settings, targets, dispose } = setUp();
  const [content] = nst.transferTerms(network, settings, targets);
  expect(content.weight).toBeCloseTo(1e-4 / (6 * 6), 12);
  dispose();
});

test("the terms of J come in the network's order, whatever the order in which layers were named", () => {
  const { network, settings, targets, dispose } = setUp();
  const styleLayers = { block5_conv1: 1, block1_conv1: 0.5, block3_conv1: 0 };
  const terms = nst.transferTerms(network, { ...settings, styleLayers, beta: 2 }, targets);
  expect(terms.map((term) => ("layer" in term ? `${term.kind} ${term.layer} ${term.kind === "gram" ? term.weight : ""}` : term.kind).trim())).toEqual([
    "content block4_conv2", "gram block1_conv1 1", "gram block3_conv1 0", "gram block5_conv1 2", "tv",
  ]);
  dispose();
});

test("without a content layer the content cost is not there: texture synthesis", () => {
  const { network, settings, targets, dispose } = setUp();
  expect(nst.transferTerms(network, { ...settings, contentLayer: null }, targets).some(({ kind }) => kind === "content")).toBe(false);
  dispose();
});

test("the style cost with normalised Gram matrices is 1/(4N²M²) Σ (G − A)² for pictures of the same size", async () => {
  const { network, content, dispose } = setUp();
  const other = tf.tidy(() => tf.sub(1, content)) as tf.Tensor3D;
  const layer = "block2_conv1";
  const F = nst.features(network, content, [layer])[layer];
  const S = nst.features(network, other, [layer])[layer];
  const [, h, w, n] = F.shape;
  const byFormula = tf.tidy(() => nst.gram(F).sub(nst.gram(S)).square().sum().div(4 * n ** 2 * (h * w) ** 2).dataSync());
  const ours = tf.tidy(() => nst.styleCost(nst.normalisedGram(F).sub(nst.normalisedGram(S)) as tf.Tensor2D).dataSync());
  expect(relativeError(ours, byFormula)).toBeLessThan(1e-5);
  tf.dispose([other, F, S]);
  dispose();
});

test("a step's tensors peak at no more than 1.5 times the activations that its backward pass needs", () => {
  const card = nst.vggCard(19, [16, 32, 64, 64, 64]);
  const network = nst.createNetwork(card, nst.randomWeights(card, 1));
  const picture = tf.randomUniform<tf.Rank.R3>([128, 128, 3], 0, 1, "float32", 1);
  const settings = { ...card.defaults, ...LIVE };
  const targets: nst.Targets = {
    content: nst.finish(nst.contentTargets(network, picture, [settings.contentLayer], settings)),
    style: nst.finish(nst.styleTargets(network, picture, Object.keys(settings.styleLayers), settings)),
  };
  const terms = nst.transferTerms(network, settings, targets);
  const state = nst.transferStart(picture);
  // one map a convolution up to the deepest tap
  let [side, needed] = [128, 0];
  for (const layer of card.layers) {
    if (layer.kind === "pool") side /= 2;
    if (layer.kind === "conv") needed += 4 * side * side * layer.channels;
    if (layer.name === "block5_conv1") break;
  }
  const engineState = tf.engine().state as unknown as { numBytes: number };
  let [bytes, peak] = [engineState.numBytes, 0];
  const resident = bytes;
  Object.defineProperty(engineState, "numBytes", { configurable: true, get: () => bytes, set: (now: number) => { bytes = now; peak = Math.max(peak, now); } });
  const { values, state: next } = nst.transferStep(network, state, terms, settings);
  Object.defineProperty(engineState, "numBytes", { configurable: true, writable: true, value: bytes });
  expect((peak - resident) / needed).toBeLessThan(1.5);
  expect((peak - resident) / needed).toBeGreaterThan(0.9);
  values.dispose();
  nst.disposeTransfer(state);
  nst.disposeTransfer(next);
  nst.disposeTargets(targets);
  nst.disposeNetwork(network);
});
