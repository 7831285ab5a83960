import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fixture, slim } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";
import { limit, measureAdam, measureOtherNetworks, measureSlim, measureSmallVgg, type Measurement } from "../support/parity";

const CASES: [string, () => Promise<Measurement[]>][] = [
  ["a narrow VGG with random weights", () => measureSmallVgg(fixture("small-vgg"))],
  ["the default network and five steps of Adam with it", () => measureSlim(fixture("slim"), slim().card, slim().weights)],
  ["SqueezeNet 1.0 and 1.1 and AlexNet, narrow, with random weights, and five steps of Adam with each", () => measureOtherNetworks(fixture("other-networks"))],
  ["Adam fed recorded gradients", () => measureAdam(fixture("adam"))],
];

for (const backend of ["cpu", "wasm"] as const)
  describe(`on ${backend}`, () => {
    let before = 0;
    beforeEach(async () => {
      await nodeBackend(backend);
      before = tf.memory().numTensors;
    });
    afterEach(() => expect(tf.memory().numTensors).toBe(before));

    for (const [name, measure] of CASES)
      test(`${name}: every number is PyTorch's to rounding`, { timeout: 120_000 }, async () => {
        const results = await measure();
        expect(results.length).toBeGreaterThan(3);
        const over = results.filter((m) => !(m.error <= limit(m, backend)));
        expect(over).toEqual([]);
      });
  });
