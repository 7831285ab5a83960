import * as tf from "@tensorflow/tfjs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as nst from "../../src/nst";
import { fixture, slim } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";
import { relativeError, tensorOf } from "../support/parity";

const stored = fixture("optimisers");
const OPTIMISERS = stored.json.optimisers as Record<string, nst.OptimiserOptions>;
const STEPS: number = stored.json.steps;

describe("an optimiser", () => {
  const { card, weights } = slim();
  const settings = card.defaults;
  const pictures = fixture("slim");
  let net: nst.Network;
  let targets: nst.Targets;
  let terms: nst.Term[];
  let before = 0;
  beforeAll(async () => {
    await nodeBackend("wasm");
    net = nst.createNetwork(card, weights);
    const [content, style] = ["content", "style"].map((name) => tensorOf(pictures, name));
    targets = { content: nst.features(net, content, [settings.contentLayer]), style: nst.finish(nst.styleTargets(net, style, Object.keys(settings.styleLayers), {})) };
    terms = nst.transferTerms(net, { ...settings, tap: "after" }, targets);
    tf.dispose([content, style]);
  });
  afterAll(() => {
    nst.disposeTargets(targets);
    nst.disposeNetwork(net);
  });
  beforeEach(() => void (before = tf.memory().numTensors));
  afterEach(() => expect(tf.memory().numTensors).toBe(before));

  /** J of the pictures after 0 … steps steps, and the pictures. */
  function descend(options: (step: number) => nst.OptimiserOptions, steps: number): { totals: number[]; pictures: Float32Array[] } {
    const [totals, seen]: [number[], Float32Array[]] = [[], []];
    let state = nst.transferStart(tensorOf(pictures, "generated"));
    for (let step = 0; step <= steps; step++) {
      const { values, state: next } = nst.transferStep(net, state, terms, { pooling: "average", optimiser: options(step) });
      const costs = values.dataSync();
      totals.push(terms.reduce((sum, { weight }, i) => sum + weight * costs[i], 0));
      seen.push(Float32Array.from(state.picture.dataSync()));
      nst.disposeTransfer(state);
      values.dispose();
      state = next;
    }
    expect(state.step).toBe(steps + 1);
    nst.disposeTransfer(state);
    return { totals, pictures: seen };
  }

  it.each(Object.keys(OPTIMISERS))("makes the five steps that PyTorch makes: %s", (name) => {
    const { totals, pictures } = descend(() => OPTIMISERS[name], STEPS);
    expect(relativeError(pictures[1], stored.tensors.get(`picture/${name}/1`)!.data)).toBeLessThan(1e-5);
    expect(relativeError(pictures[STEPS], stored.tensors.get(`picture/${name}/${STEPS}`)!.data)).toBeLessThan(1e-3);
    totals.forEach((total, k) => expect(Math.abs(total / stored.json.totals[name][k] - 1), `J after ${k} steps`).toBeLessThan(1e-3));
  });

  it("brings J lower in 20 steps as L-BFGS than as Adam, and as Adam than by plain descent", () => {
    const last = (optimiser: nst.OptimiserOptions) => descend(() => optimiser, 20).totals[20];
    const [lbfgs, adam, plain] = [last({ kind: "lbfgs", learningRate: 1, history: 10 }), last(settings.optimiser), last({ kind: "descent", learningRate: 0.5 })];
    expect(lbfgs).toBeLessThan(adam);
    expect(adam).toBeLessThan(plain);
  });

  it("begins afresh when another kind takes over in mid-run, and goes on when only its numbers change", () => {
    const [adam, lbfgs] = [settings.optimiser, { kind: "lbfgs", learningRate: 1, history: 10 }] as const;
    const mixed = descend((step) => (step < 2 ? adam : lbfgs), 3);
    const alone = descend(() => adam, 3);
    expect(mixed.pictures[2]).toEqual(alone.pictures[2]);
    expect(mixed.pictures[3]).not.toEqual(alone.pictures[3]);
    // the first step of L-BFGS is one along the gradient whose changes add up to the learning rate, whatever was before
    const moved = mixed.pictures[3].reduce((sum, value, i) => sum + Math.abs(value - mixed.pictures[2][i]), 0);
    expect(moved).toBeGreaterThan(0.8);
    expect(moved).toBeLessThan(1.05);
  });

  it.each([1e-6, 1e6])("goes down as L-BFGS also where J is %s of what it was", (factor) => {
    const usual = terms;
    const adam = descend(() => settings.optimiser, 12).totals;
    terms = usual.map((term) => ({ ...term, weight: term.weight * factor }));
    const { totals } = descend(() => ({ kind: "lbfgs", learningRate: 1, history: 10 }), 12);
    terms = usual;
    expect(totals[12] / totals[0]).toBeLessThan(1.1 * (adam[12] / adam[0]));
  });
});

describe("L-BFGS on a valley that is 100 times as steep across as along", () => {
  it("reaches the bottom in a few steps, where plain descent at its fastest is still far away", async () => {
    await nodeBackend("cpu");
    const scales = tf.tensor3d([1, 10, 100], [1, 1, 3]);
    const cost = (x: tf.Tensor3D) => x.square().mul(scales).sum().mul(0.5).dataSync()[0];
    const end = (options: nst.OptimiserOptions, steps: number) => {
      let parameter = tf.tensor3d([1, 1, 1], [1, 1, 3]);
      let state = nst.optimiserStart(options.kind, [1, 1, 3]);
      for (let step = 0; step < steps; step++) {
        const gradient = parameter.mul(scales) as tf.Tensor3D;
        const next = nst.optimiserStep(parameter, gradient, state, options);
        nst.disposeOptimiser(state);
        tf.dispose([parameter, gradient]);
        ({ parameter, state } = next);
      }
      const found = cost(parameter);
      nst.disposeOptimiser(state);
      parameter.dispose();
      return found;
    };
    expect(end({ kind: "lbfgs", learningRate: 1, history: 5 }, 15)).toBeLessThan(1e-8);
    expect(end({ kind: "descent", learningRate: 0.0199 }, 15)).toBeGreaterThan(0.1);
    scales.dispose();
  });

  it("leaves a pair out along which the gradient did not grow, without reading a number from the device", async () => {
    await nodeBackend("cpu");
    const [parameter, gradient] = [tf.tensor3d([0.5], [1, 1, 1]), tf.tensor3d([2], [1, 1, 1])];
    const options: nst.OptimiserOptions = { kind: "lbfgs", learningRate: 1, history: 5 };
    const first = nst.lbfgsStep(parameter, gradient, nst.lbfgsStart(), options);
    // the same gradient again: no curvature was seen
    const second = nst.lbfgsStep(first.parameter, gradient, first.state, options);
    expect(second.state.pairs).toHaveLength(1);
    expect(second.state.pairs[0].inverse.dataSync()[0]).toBe(0);
    // 1 along the gradient, and then no farther than 0.1
    expect(first.parameter.dataSync()[0]).toBeCloseTo(-0.5, 6);
    expect(second.parameter.dataSync()[0]).toBeCloseTo(-0.6, 6);
    nst.disposeLbfgs(first.state);
    nst.disposeLbfgs(second.state);
    tf.dispose([parameter, gradient, first.parameter, second.parameter]);
  });
});

describe("plain descent", () => {
  it("lowers its learning rate by a factor every so many steps, smoothly", () => {
    const options = { kind: "descent", learningRate: 100, decay: { rate: 0.96, every: 100 } } as const;
    expect(nst.descentRate(options, 0)).toBe(100);
    expect(nst.descentRate(options, 100)).toBeCloseTo(96, 9);
    expect(nst.descentRate(options, 50)).toBeCloseTo(100 * Math.sqrt(0.96), 9);
    expect(nst.descentRate({ kind: "descent", learningRate: 3 }, 1000)).toBe(3);
  });
});
