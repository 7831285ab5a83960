import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { gram } from "../../src/nst";
import { mapsTensor } from "../../src/sandbox/api";
import { nodeBackend } from "../support/node-backends";

describe("feature maps in code cells", () => {
  let before = 0;
  beforeAll(() => nodeBackend("cpu"));
  beforeEach(() => void (before = tf.memory().numTensors));
  afterEach(() => expect(tf.memory().numTensors).toBe(before));

  const maps = { layer: "block1_conv1", height: 1, width: 2, channels: 3, data: Float32Array.of(1, 2, 3, 4, 5, 6) };

  it("become the tensor that nst.features gives, as nst.gram reads it", () => {
    const F = mapsTensor(maps);
    expect(F.shape).toEqual([1, 1, 2, 3]);
    const G = gram(F);
    expect([...G.dataSync()]).toEqual([17, 22, 27, 22, 29, 36, 27, 36, 45]);
    tf.dispose([F, G]);
  });

  it("are refused when they are none, in words", () => {
    for (const wrong of [null, undefined, {}, { picture: null }, { ...maps, height: 2 }, { ...maps, data: [1, 2] }]) expect(() => mapsTensor(wrong as never)).toThrow(/^nst\.mapsTensor reads feature maps: what a features cell gives/);
  });
});
