import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as nst from "../../src/nst";
import { fixture, slim } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";
import { relativeError, tensorOf } from "../support/parity";

let before = 0;
beforeAll(() => nodeBackend("wasm"));
beforeEach(() => void (before = tf.memory().numTensors));
afterEach(() => expect(tf.memory().numTensors).toBe(before));

const read = async (tensor: tf.Tensor): Promise<Float32Array> => {
  const data = Float32Array.from(await tensor.data());
  tensor.dispose();
  return data;
};

/** The default network on the fixture's pictures, with the terms that its card recommends. */
function setUp(pooling: nst.Pooling) {
  const data = fixture("pulls");
  const { card, weights } = slim();
  const network = nst.createNetwork(card, weights);
  const [content, style, generated] = ["content", "style", "generated"].map((name) => tensorOf(data, name));
  const settings = { ...card.defaults, pooling, tap: "after" as const };
  const targets: nst.Targets = {
    content: nst.finish(nst.contentTargets(network, content, [settings.contentLayer], settings)),
    style: nst.finish(nst.styleTargets(network, style, Object.keys(settings.styleLayers), settings)),
  };
  const terms = nst.transferTerms(network, settings, targets);
  const dispose = () => {
    nst.disposeTargets(targets);
    nst.disposeNetwork(network);
    tf.dispose([content, style, generated]);
  };
  return { json: data.json[pooling], tensors: data.tensors, network, generated, terms, dispose };
}

describe("the pull of each term", () => {
  for (const pooling of ["average", "maximum"] as const)
    it(`has the value, direction, norm and angles that PyTorch's has, with ${pooling} pooling`, async () => {
      const { json, tensors, network, generated, terms, dispose } = setUp(pooling);
      const pulls = nst.finish(nst.pullsWalk(network, generated, terms, { pooling }));
      const names: string[] = json.names;
      expect(terms.map((term) => ("layer" in term && term.kind === "gram" ? term.layer : term.kind))).toEqual(names.slice(0, -1));
      const values = await read(pulls.values);
      const gradients = await Promise.all(pulls.gradients.map(read));
      gradients.push(nst.sumOf(gradients.filter((_, i) => terms[i].kind === "gram"), gradients[0].length));
      terms.forEach(({ weight }, i) => expect((weight * values[i]) / json.costs[i]).toBeCloseTo(1, 4));
      // max pooling chooses by comparing numbers that differ by rounding alone here and there
      const limit = pooling === "average" ? 1e-4 : 5e-3;
      names.forEach((name, i) => {
        const theirs = tensors.get(`${pooling}/${name}`)!;
        expect([name, relativeError(gradients[i], theirs.data) < limit]).toEqual([name, true]);
        expect([name, Math.abs(nst.norm(gradients[i]) / json.norms[i] - 1) < limit]).toEqual([name, true]);
      });
      const ours = nst.cosines(gradients);
      expect(ours.length).toBe(names.length ** 2);
      ours.forEach((cosine, i) => expect(Math.abs(cosine - json.cosines[i])).toBeLessThan(limit));
      dispose();
    });

  it("adds up, over all terms, to the gradient of J", async () => {
    const { network, generated, terms, dispose } = setUp("average");
    const pulls = nst.finish(nst.pullsWalk(network, generated, terms));
    const whole = nst.evaluate(network, generated, terms);
    const gradients = await Promise.all(pulls.gradients.map(read));
    const together = await read(whole.gradient!);
    expect(relativeError(nst.sumOf(gradients, together.length), together)).toBeLessThan(1e-5);
    // the values are those of a walk with all terms, bit for bit
    expect(await read(pulls.values)).toEqual(await read(whole.values));
    dispose();
  });

  it("of a term of weight 0 is 0, and its value is told all the same", async () => {
    const { network, generated, terms, dispose } = setUp("average");
    const [content] = terms;
    const pulls = nst.finish(nst.pullsWalk(network, generated, [{ ...content, weight: 0 }]));
    expect(new Set(await read(pulls.gradients[0]))).toEqual(new Set([0]));
    expect((await read(pulls.values))[0]).toBeGreaterThan(0);
    dispose();
  });

  it("leaves nothing behind when it is given up between two layers", () => {
    const { network, generated, terms, dispose } = setUp("average");
    const held = tf.memory().numTensors;
    for (const parts of [1, 20, 60]) {
      const walk = nst.pullsWalk(network, generated, terms);
      for (let i = 0; i < parts; i++) walk.next();
      walk.return(undefined as never);
      expect(tf.memory().numTensors).toBe(held);
    }
    dispose();
  });
});

describe("angles between gradients", () => {
  it("are 0° with itself, 90° and 180° where they should be, and no number where a gradient is 0", () => {
    const [x, y, back, none] = [[2, 0], [0, 3], [-1, 0], [0, 0]].map((g) => Float32Array.from(g));
    expect([...nst.cosines([x, y, back, none])]).toEqual([1, 0, -1, NaN, 0, 1, 0, NaN, -1, 0, 1, NaN, NaN, NaN, NaN, NaN].map((c) => (c === 0 ? expect.closeTo(0, 12) : c)));
  });

  it("do not leave [−1, 1] through rounding", () => {
    const g = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i) * 1e-3);
    for (const cosine of nst.cosines([g, g.map((v) => 3 * v), g.map((v) => -7 * v)])) expect(Math.abs(cosine)).toBeLessThanOrEqual(1);
  });

  it("of sums over no gradient at all are those of 0", () => {
    expect([...nst.sumOf([], 2)]).toEqual([0, 0]);
    expect(nst.norm(nst.sumOf([], 2))).toBe(0);
  });
});

describe("Adam's parts", () => {
  const options = { kind: "adam", learningRate: 0.02, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 } as const;

  it("of three terms add up to Adam's own move, step for step, and a term that falls silent still moves", async () => {
    const size = 6;
    const parts = new nst.AdamParts(3, size);
    let parameter = tf.zeros([1, 2, 3]) as tf.Tensor3D;
    let state = nst.adamStart([1, 2, 3]);
    for (let step = 1; step <= 5; step++) {
      const gradients = [0, 1, 2].map((term) => Float32Array.from({ length: size }, (_, i) => Math.sin(term * 7 + step * 3 + i) * 10 ** (term - 1)));
      const silent = step > 3 ? 2 : -1;
      const sum = nst.sumOf(gradients.filter((_, term) => term !== silent), size);
      const gradient = tf.tensor3d(sum, [1, 2, 3]);
      const next = nst.adamStep(parameter, gradient, state, options);
      const moves = parts.step(gradients.map((g, term) => (term === silent ? null : g)), await next.state.moment2.data(), options, nst.adamRate(options, step));
      const moved = await next.parameter.data();
      const from = await parameter.data();
      for (let i = 0; i < size; i++) expect(from[i] + moves[0][i] + moves[1][i] + moves[2][i]).toBeCloseTo(moved[i], 6);
      if (silent === 2) expect(Math.abs(moves[2][0])).toBeGreaterThan(1e-4);
      tf.dispose([parameter, gradient, state.moment1, state.moment2]);
      ({ parameter, state } = next);
    }
    tf.dispose([parameter, state.moment1, state.moment2]);
  });
});
