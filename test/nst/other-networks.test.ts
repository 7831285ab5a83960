import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  alexnetCard, contentTargets, createNetwork, disposeNetwork, disposeTargets, disposeTransfer, features, finish, type ModelCard, parseModelCard, randomWeights, squeezenetCard, squeezenetLayers, styleLayersInOrder, styleTargets, transferStart, transferStep,
  transferTerms,
} from "../../src/nst";
import { fittedDefaults } from "../../src/nst/fitted-defaults";
import { layerShapes } from "../../src/nst/layer-shapes";
import { parameters } from "../../src/nst/parameters";
import { trainedSqueezenet } from "../support/extra-models";
import { fixture } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";
import { relativeError, tensorOf } from "../support/parity";

const CARDS: [string, ModelCard, number][] = [["SqueezeNet 1.0", squeezenetCard("1.0"), 735_424], ["SqueezeNet 1.1", squeezenetCard("1.1"), 722_496], ["AlexNet", alexnetCard(), 2_469_696]];

describe.each(CARDS)("%s as data", (_, card, count) => {
  it("is a card that the workbench accepts, and has its parameters up to the classifier", () => {
    expect(parseModelCard(structuredClone(card))).toEqual(card);
    expect(parameters(card)).toBe(count);
  });

  it("recommends to read layers that mean something: no pools, and what comes out of a fire module rather than its parts", () => {
    const { contentLayer, styleLayers } = card.defaults;
    for (const name of [contentLayer, ...Object.keys(styleLayers)]) {
      const at = card.layers.findIndex((layer) => layer.name === name);
      expect(["conv", "concat"]).toContain(card.layers[at].kind);
      expect(name).not.toMatch(/squeeze|expand/);
    }
  });
});

describe("the sizes of maps", () => {
  const sides = (card: ModelCard, names: string[], side: number) => names.map((name) => layerShapes(card, side, side).get(name)!.width);
  it("are those of torchvision's networks", () => {
    expect(sides(squeezenetCard("1.1"), ["conv1", "pool1", "fire3", "pool3", "pool5", "fire9"], 224)).toEqual([111, 55, 55, 27, 13, 13]);
    expect(sides(squeezenetCard("1.0"), ["conv1", "pool1", "fire4", "pool4", "pool8", "fire9"], 224)).toEqual([109, 54, 54, 27, 13, 13]);
    expect(sides(alexnetCard(), ["conv1", "pool1", "conv2", "pool2", "conv5"], 224)).toEqual([55, 27, 27, 13, 13]);
  });

  it.each([[35, 34], [36, 41], [37, 52], [38, 33]])("are what the layers really give for a picture of %d × %d px", async (height, width) => {
    await nodeBackend("cpu");
    const fires = Array.from({ length: 8 }, () => ({ squeeze: 1, expand1x1: 1, expand3x3: 1 }));
    for (const card of [squeezenetCard("1.0", { conv1: 1, fires }), squeezenetCard("1.1", { conv1: 1, fires }), alexnetCard([1, 1, 1, 1, 1])]) {
      const oihw = { ...card, weights: { ...card.weights, kernelLayout: "HWIO" as const } };
      const network = createNetwork(oihw, randomWeights(oihw, 1));
      const picture = tf.zeros<tf.Rank.R3>([height, width, 3]);
      for (const pooling of ["average", "maximum"] as const) {
        const maps = features(network, picture, card.layers.map(({ name }) => name), { pooling });
        const said = layerShapes(card, width, height);
        for (const [name, { shape }] of Object.entries(maps)) expect([name, ...shape]).toEqual([name, 1, said.get(name)!.height, said.get(name)!.width, said.get(name)!.channels]);
        tf.dispose(maps);
      }
      picture.dispose();
      disposeNetwork(network);
    }
  });
});

describe("a picture that is too small", () => {
  it("is refused where a pool that rounds up would have no number to read, and not before", async () => {
    await nodeBackend("wasm");
    const card = { ...squeezenetCard("1.1"), layers: squeezenetLayers("1.1", { conv1: 1, fires: Array.from({ length: 8 }, () => ({ squeeze: 1, expand1x1: 1, expand3x3: 1 })) }), weights: { ...squeezenetCard().weights, kernelLayout: "HWIO" as const } };
    const network = createNetwork(card, randomWeights(card, 1));
    const read = (side: number) => tf.tidy(() => features(network, tf.zeros([side, side, 3]), ["fire9"])["fire9"].shape);
    expect(read(17)).toEqual([1, 1, 1, 2]);
    expect(() => read(4)).toThrow(/4 × 4 px is too small for pool1 of SqueezeNet 1\.1/);
    expect(() => read(2)).toThrow(/2 × 2 px is too small for conv1/);
    disposeNetwork(network);
  });
});

describe("settings fitted to the size of activations", () => {
  it("leave every term what it was, with weights that still add up to 1", () => {
    const unit = { ...alexnetCard().defaults, styleLayers: { conv1: 0.5, conv2: 0.5 }, contentLayer: "conv2", beta: 2, alphaTimesM: 1e-4 };
    const fitted = fittedDefaults(unit, { conv1: 10, conv2: 5 });
    expect(fitted.styleLayers["conv1"] + fitted.styleLayers["conv2"]).toBeCloseTo(1, 2);
    expect(fitted.beta * fitted.styleLayers["conv1"] * 10 ** 4).toBeCloseTo(1, 1);
    expect(fitted.beta * fitted.styleLayers["conv2"] * 5 ** 4).toBeCloseTo(1, 1);
    expect(fitted.alphaTimesM * 5 ** 2).toBeCloseTo(1e-4, 6);
    expect(fittedDefaults(unit, { conv1: 1, conv2: 1 })).toEqual(unit);
    expect(() => fittedDefaults(unit, { conv1: 1 })).toThrow(/conv2 is undefined/);
  });
});

const trained = trainedSqueezenet();
(trained ? describe : describe.skip)("the trained SqueezeNet 1.1", () => {
  let before = 0;
  beforeEach(async () => {
    await nodeBackend("wasm");
    before = tf.memory().numTensors;
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(before));

  it.each(["average", "maximum"] as const)("makes of a picture what PyTorch makes of it, in every layer, with %s pooling", async (pooling) => {
    const { json, tensors } = fixture("squeezenet");
    const { card, weights } = trained!;
    expect(card.input).toEqual(json.input);
    const network = createNetwork(card, weights);
    const picture = tf.tidy(() => tensorOf({ json, tensors }, "picture").div(255) as tf.Tensor3D);
    const layers = Object.keys(json[pooling]);
    expect(layers).toHaveLength(33);
    const maps = features(network, picture, layers, { pooling });
    for (const layer of layers) {
      const { shape, mean } = json[pooling][layer];
      expect([layer, ...maps[layer].shape]).toEqual([layer, 1, ...shape]);
      const data = await maps[layer].data();
      const samples = Array.from({ length: json.samples }, (_, i) => data[Math.floor((i * data.length) / json.samples)]);
      const theirs = tensors.get(`${pooling}/${layer}`)!.data;
      expect([layer, relativeError(samples, theirs) < 1e-5, Math.abs((data as Float32Array).reduce((a, b) => a + b, 0) / data.length / mean - 1) < 1e-5]).toEqual([layer, true, true]);
    }
    tf.dispose([maps, picture]);
    disposeNetwork(network);
  });

  it("begins a run with the recommended settings with style layers that all count, and J falls to less than a quarter", () => {
    const { card, weights } = trained!;
    const network = createNetwork(card, weights);
    const { tensors } = fixture("slim");
    const [content, style] = ["content", "style"].map((key) => tensorOf({ json: null, tensors }, key));
    const settings = { ...card.defaults, tap: "after" as const };
    const layers = styleLayersInOrder(network, settings);
    const targets = { content: finish(contentTargets(network, content, [settings.contentLayer], settings)), style: finish(styleTargets(network, style, layers, settings)) };
    const terms = transferTerms(network, settings, targets);
    let state = transferStart(content.clone());
    const costs: number[][] = [];
    for (let step = 0; step <= 40; step++) {
      const { values, state: next } = transferStep(network, state, terms, settings);
      const numbers = values.dataSync();
      costs.push(terms.map(({ weight }, i) => weight * numbers[i]));
      values.dispose();
      disposeTransfer(state);
      state = next;
    }
    const sum = (list: number[]) => list.reduce((a, b) => a + b);
    const shares = costs[0].slice(1, 1 + layers.length).map((cost) => cost / sum(costs[0]));
    expect(Math.min(...shares)).toBeGreaterThan(0.02);
    expect(sum(costs[40])).toBeLessThan(0.25 * sum(costs[0]));
    disposeTransfer(state);
    disposeTargets(targets);
    tf.dispose([content, style]);
    disposeNetwork(network);
  });
});
