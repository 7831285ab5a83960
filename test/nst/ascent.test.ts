import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createNetwork, disposeNetwork, evaluate, finish, type Network, totalVariation } from "../../src/nst";
import { ascentStart, ascentStepWalk, ascentTerms, type AscentSettings } from "../../src/nst/ascent";
import { disposeTransfer } from "../../src/nst/transfer";
import { slim } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";

describe("gradient ascent on a channel of the default network, 48 px", () => {
  let network: Network;
  let before = 0;
  beforeAll(async () => {
    await nodeBackend("wasm");
    before = tf.memory().numTensors;
    const { card, weights } = slim();
    network = createNetwork(card, weights);
  });
  afterAll(() => {
    disposeNetwork(network);
    expect(tf.memory().numTensors).toBe(before);
  });

  const settings = (changes: Partial<AscentSettings> = {}): AscentSettings => ({ layer: "block2_conv1", channel: 5, seed: 1, learningRate: 0.02, totalVariation: 3, ...changes });

  /** Mean activations before each step, and the picture after the last. */
  function climb(steps: number, wanted: AscentSettings): { activations: number[]; picture: Float32Array; variation: number } {
    let state = ascentStart(48, wanted.seed);
    const activations: number[] = [];
    for (let k = 0; k < steps; k++) {
      const { values, state: next } = finish(ascentStepWalk(network, state, wanted, activations[k - 1] ?? 0));
      activations.push(values.dataSync()[0]);
      values.dispose();
      disposeTransfer(state);
      state = next;
    }
    const picture = state.picture.dataSync() as Float32Array;
    const variation = tf.tidy(() => totalVariation(state.picture).dataSync()[0]);
    disposeTransfer(state);
    return { activations, picture, variation };
  }

  it.each([["block1_conv1", 3], ["block2_conv1", 5], ["block3_conv1", 18], ["block4_conv1", 7]])("makes the mean activation of %s, channel %i, grow at least fivefold in 30 steps", (layer, channel) => {
    const { activations, picture } = climb(30, settings({ layer, channel }));
    expect(Math.max(...activations.slice(-5))).toBeGreaterThan(5 * activations[0]);
    expect(Math.max(...activations.slice(-5))).toBeGreaterThan(0.1);
    expect(Math.min(...picture)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...picture)).toBeLessThanOrEqual(1);
  });

  it("starts from grey with a little noise", () => {
    const state = ascentStart(48, 1);
    const data = state.picture.dataSync();
    expect(Math.min(...data)).toBeGreaterThan(0.44);
    expect(Math.max(...data)).toBeLessThan(0.56);
    disposeTransfer(state);
  });

  it("gives the same picture for the same seed, and another for another", () => {
    const [a, b, c] = [1, 1, 2].map((seed) => climb(4, settings({ seed })).picture);
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  it("makes a smoother picture when the total variation weighs more", () => {
    expect(climb(30, settings({ totalVariation: 30 })).variation).toBeLessThan(0.7 * climb(30, settings({ totalVariation: 0 })).variation);
  });

  it("raises the numbers before the ReLU while a channel is silent, the activation itself from then on", () => {
    const weights = (activation: number) => ascentTerms(settings(), activation).map(({ weight }) => weight);
    expect(weights(0)).toEqual([0, -1, 3]);
    expect(weights(NaN)).toEqual([0, -1, 3]);
    expect(weights(0.5)).toEqual([-2, 0, 3]);
  });

  it("descends on the negative logarithm of the activation: the gradient is that of the mean, divided by it", () => {
    const state = ascentStart(48, 1);
    const { picture } = state;
    const wanted = settings({ layer: "block4_conv1", channel: 7, totalVariation: 0 });
    const mean = evaluate(network, picture, ascentTerms(wanted, 1));
    const [activation] = mean.values.dataSync();
    const logarithm = evaluate(network, picture, ascentTerms(wanted, activation));
    const ratio = tf.tidy(() => logarithm.gradient!.norm().div(mean.gradient!.norm()).dataSync()[0]);
    expect(ratio * activation).toBeCloseTo(1, 4);
    disposeTransfer(state);
    tf.dispose([mean.values, mean.gradient!, logarithm.values, logarithm.gradient!]);
  });

  it("leaves no tensor when it is given up in the middle of a step", () => {
    const state = ascentStart(48, 1);
    const count = tf.memory().numTensors;
    for (const parts of [0, 1, 4, 7, 9]) {
      const walk = ascentStepWalk(network, state, settings(), 0);
      for (let i = 0; i < parts; i++) walk.next();
      walk.return(undefined as never);
      expect(tf.memory().numTensors).toBe(count);
    }
    disposeTransfer(state);
  });

  it("names a channel that the layer does not have", () => {
    const state = ascentStart(48, 1);
    expect(() => finish(ascentStepWalk(network, state, settings({ channel: 99 }), 0))).toThrow(/block2_conv1 has 32 channels, 0 to 31; there is no channel 99/);
    disposeTransfer(state);
  });
});
