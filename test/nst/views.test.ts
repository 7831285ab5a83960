import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { permutation } from "../../src/nst/random";
import { fixture, slim } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";
import { limit } from "../support/parity";
import { measureViews } from "../support/views";

const views = fixture("views");

for (const backend of ["cpu", "wasm"] as const)
  describe(`what the teaching views show, on ${backend}`, () => {
    let before = 0;
    beforeEach(async () => {
      await nodeBackend(backend);
      before = tf.memory().numTensors;
    });
    afterEach(() => expect(tf.memory().numTensors).toBe(before));

    it("is what PyTorch computes: statistics, single numbers at borders and inside, Gram entry, rearranged maps, differences", { timeout: 60_000 }, async () => {
      const { card, weights } = slim();
      const results = await measureViews(views, card, weights);
      expect(results.length).toBeGreaterThan(40);
      expect(results.filter((m) => !(m.error <= limit(m, backend)))).toEqual([]);
    });
  });

it("the shuffle of a seed is the same permutation as everywhere", () => {
  const { data } = views.tensors.get("permutation")!;
  expect([...permutation(data.length, views.json.rearranged.seed)]).toEqual([...data]);
});
