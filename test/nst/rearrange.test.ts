import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contentCost, gram, rotatePositions, shufflePositions } from "../../src/nst";
import { mulberry32, permutation } from "../../src/nst/random";
import { nodeBackend } from "../support/node-backends";

describe("rearranged feature maps", () => {
  let before = 0;
  let F: tf.Tensor4D;
  beforeEach(async () => {
    await nodeBackend("wasm");
    before = tf.memory().numTensors;
    F = tf.tidy(() => tf.relu(tf.randomNormal([1, 9, 7, 6], 0.2, 1, "float32", 5)));
  });
  afterEach(() => {
    F.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  const rowsOf = (maps: tf.Tensor4D) => {
    const data = maps.dataSync();
    return Array.from({ length: 63 }, (_, p) => [...data.slice(p * 6, p * 6 + 6)].join());
  };
  const gramDistance = (maps: tf.Tensor4D) => tf.tidy(() => gram(maps).sub(gram(F)).norm().div(gram(F).norm()).dataSync()[0]);
  const cost = (maps: tf.Tensor4D) => tf.tidy(() => contentCost(maps, F).dataSync()[0]);

  it("hold the same positions with all their channels after a shuffle, elsewhere", () => {
    const shuffled = shufflePositions(F, 3);
    expect(shuffled.shape).toEqual(F.shape);
    expect(rowsOf(shuffled).sort()).toEqual(rowsOf(F).sort());
    expect(rowsOf(shuffled)).not.toEqual(rowsOf(F));
    shuffled.dispose();
  });

  it("keep their Gram matrix to rounding and change their content cost, shuffled or rotated", () => {
    const squares = tf.tidy(() => F.square().sum().dataSync()[0]);
    for (const maps of [shufflePositions(F, 1), rotatePositions(F, 1, 0.5), rotatePositions(F, 2, Math.PI)]) {
      expect(gramDistance(maps)).toBeLessThan(1e-6);
      expect(cost(maps)).toBeGreaterThan(0.05 * squares);
      maps.dispose();
    }
  });

  it("come back when they are rotated back, and stay as they are at the angle 0", () => {
    const there = rotatePositions(F, 8, 1.1);
    const back = rotatePositions(there, 8, -1.1);
    const still = rotatePositions(F, 8, 0);
    expect(cost(there)).toBeGreaterThan(1);
    expect(cost(back)).toBeLessThan(1e-9);
    expect([...still.dataSync()]).toEqual([...F.dataSync()]);
    tf.dispose([there, back, still]);
  });

  it("have values below 0 after a rotation: no ReLU gives such maps", () => {
    const rotated = rotatePositions(F, 1, 1);
    expect(Math.min(...F.dataSync())).toBe(0);
    expect(Math.min(...rotated.dataSync())).toBeLessThan(-0.1);
    rotated.dispose();
  });

  it("of an odd number of positions leave one where it was", () => {
    const rotated = rotatePositions(F, 1, Math.PI / 2);
    const there = rowsOf(rotated);
    expect(rowsOf(F).filter((row, p) => row === there[p]).length).toBe(1);
    rotated.dispose();
  });

  it("are the same for the same seed, and others for another", () => {
    const [a, b, c] = [shufflePositions(F, 1), shufflePositions(F, 1), shufflePositions(F, 2)];
    expect(rowsOf(a)).toEqual(rowsOf(b));
    expect(rowsOf(a)).not.toEqual(rowsOf(c));
    tf.dispose([a, b, c]);
  });
});

describe("numbers from a seed", () => {
  it("lie in [0, 1) and spread evenly", () => {
    const random = mulberry32(1);
    const numbers = Array.from({ length: 20_000 }, random);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    for (let tenth = 0; tenth < 10; tenth++) expect(Math.abs(numbers.filter((n) => Math.floor(n * 10) === tenth).length / 2000 - 1)).toBeLessThan(0.1);
  });

  it("put every number into every place equally often", () => {
    const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
    for (let seed = 0; seed < 4000; seed++) permutation(4, seed).forEach((number, place) => counts[place][number]++);
    for (const count of counts.flat()) expect(Math.abs(count / 1000 - 1)).toBeLessThan(0.12);
  });
});
