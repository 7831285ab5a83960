import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { contentTargets, createNetwork, disposeNetwork, disposeTargets, evaluate, finish, type ModelCard, randomWeights, type StoredTensor, styleTargets, type TransferDefaults, transferTerms, vggCard } from "../../src/nst";
import { defaultsBeside, type StartingCosts } from "../../src/nst/fitted-defaults";
import { relativeError } from "../support/parity";
import { nodeBackend } from "../support/node-backends";

beforeAll(() => nodeBackend("cpu"));

const SIDE = 32;
const card = vggCard(11, [3, 4, 5, 6, 6]);
const { defaults } = card;
const [content, style, other] = [1, 2, 3].map((seed) => Float32Array.from({ length: SIDE * SIDE * 3 }, (_, i) => 0.5 + 0.5 * Math.sin(i * seed * 0.37 + Math.floor(i / 96) * seed)));

/** The same function with answers that are `by` times as large from layer to layer: kernels take back what the layer before has gained. */
function louder(weights: Map<string, StoredTensor>, by: (layer: number) => number): Map<string, StoredTensor> {
  let before = 1;
  const convs = card.layers.filter(({ kind }) => kind === "conv");
  return new Map(convs.flatMap(({ name }, i) => {
    const factor = by(i) / before;
    before = by(i);
    const kernel = weights.get(`${name}.kernel`)!;
    return [[`${name}.kernel`, { ...kernel, data: Float32Array.from(kernel.data, (x) => x * factor) }], [`${name}.bias`, weights.get(`${name}.bias`)!]] as const;
  }));
}

function costsOf(of: ModelCard, weights: Map<string, StoredTensor>, settings: TransferDefaults, picture: Float32Array): { starting: StartingCosts; total: number; gradient: Float32Array } {
  const network = createNetwork(of, weights);
  const [c, s, g, even] = [content, style, picture, new Float32Array(content.length).fill(0.5)].map((data) => tf.tensor3d(data, [SIDE, SIDE, 3]));
  const live = { ...settings, tap: "after" as const };
  const targets = { content: finish(contentTargets(network, c, [settings.contentLayer], live)), style: finish(styleTargets(network, s, Object.keys(settings.styleLayers), live)) };
  const terms = transferTerms(network, live, targets);
  const at = (x: tf.Tensor3D) => evaluate(network, x, terms, { pooling: settings.pooling });
  const [start, empty, here] = [at(c), at(even), at(g)];
  const [values, emptyValues, now] = [start, empty, here].map((one) => [...one.values.dataSync()]);
  const byLayer = terms.flatMap((term, i) => ("layer" in term && term.kind === "gram" ? [[term.layer, values[i]] as const] : []));
  const result = {
    starting: { content: emptyValues[terms.findIndex(({ kind }) => kind === "content")], positions: (SIDE / 8) ** 2, style: Object.fromEntries(byLayer) },
    total: terms.reduce((sum, term, i) => sum + term.weight * now[i], 0),
    gradient: Float32Array.from(here.gradient!.dataSync()),
  };
  for (const one of [start, empty, here]) tf.dispose([one.values, one.gradient!]);
  tf.dispose([c, s, g, even]);
  disposeTargets(targets);
  disposeNetwork(network);
  return result;
}

describe("settings by the side of a network whose settings are good", () => {
  it("give a network that computes the same in other units the same cost and the same gradient, whatever the units", () => {
    const before = tf.memory().numTensors;
    const weights = randomWeights(card, 5);
    const model = costsOf(card, weights, defaults, other);
    for (const by of [(i: number) => 3 ** i, (i: number) => 50 / (i + 1)]) {
      const loud = louder(weights, by);
      const own = costsOf(card, loud, defaults, other);
      const fitted = defaultsBeside(defaults, own.starting, { defaults, costs: model.starting })!;
      const found = costsOf(card, loud, fitted, other);
      expect(Math.abs(own.total / model.total - 1)).toBeGreaterThan(1);
      // three digits are kept of each weight
      expect(Math.abs(found.total / model.total - 1)).toBeLessThan(0.01);
      expect(relativeError(found.gradient, model.gradient)).toBeLessThan(0.01);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it("share what all style layers have together alike where layers have other names", () => {
    const model = { defaults, costs: { content: 2, positions: 4, style: Object.fromEntries(Object.keys(defaults.styleLayers).map((layer, i) => [layer, i + 1])) } };
    const fitted = defaultsBeside({ ...defaults, contentLayer: "fire2", styleLayers: { conv1: 1, fire3: 0 } }, { content: 8, positions: 2, style: { conv1: 0.5, fire3: 50 } }, model)!;
    const share = (0.2 * (1 + 2 + 3 + 4 + 5)) / 2;
    expect(fitted.beta * fitted.styleLayers["conv1"] * 0.5).toBeCloseTo(share, 2);
    expect(fitted.beta * fitted.styleLayers["fire3"] * 50).toBeCloseTo(share, 1);
    expect(fitted.alphaTimesM).toBeCloseTo((1e-4 * (2 / 4)) / (8 / 2), 8);
    expect(fitted.contentLayer).toBe("fire2");
  });

  it("are none where a term is 0 or not finite", () => {
    const costs = { content: 2, positions: 4, style: Object.fromEntries(Object.keys(defaults.styleLayers).map((layer) => [layer, 1])) };
    expect(defaultsBeside(defaults, { ...costs, content: 0 }, { defaults, costs })).toBeNull();
    expect(defaultsBeside(defaults, { ...costs, style: { ...costs.style, block2_conv1: NaN } }, { defaults, costs })).toBeNull();
  });
});
