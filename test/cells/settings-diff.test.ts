import { describe, expect, it } from "vitest";
import { differenceWords, settingsDiff } from "../../src/cells/settings-diff";
import type { TransferSettings } from "../../src/nst/settings";
import { squeezenetCard } from "../../src/nst/squeezenet";
import { compared, grey, recommended, type Made } from "../support/compared-run";

/** The rows as a table shows them. */
const table = (...made: Made[]) => settingsDiff(compared(...made)).map(({ name, texts }) => [name, ...texts]);

describe("a table of the settings that differ", () => {
  it("is empty for runs that are alike, and for one run", () => {
    expect(table({}, {}, {})).toEqual([]);
    expect(table({})).toEqual([]);
  });

  it("holds what differs, and only that", () => {
    expect(table({}, { settings: { beta: 100 } })).toEqual([["β", "1", "100"]]);
    expect(table({}, { settings: { pooling: "maximum" } }, {})).toEqual([["pooling", "average", "maximum", "average"]]);
  });

  it("says α·M as it is chosen, and α as it follows from the size", () => {
    expect(table({}, { settings: { alphaTimesM: 0.01 } })).toEqual([["α · M", "1e−4", "0.01"], ["α", "6.25e−6", "6.25e−4"]]);
    // conv4_2 of 32 × 32 px has 4 × 4 positions, of 64 × 64 px 8 × 8
    const larger = { content: { hash: "c0a7".repeat(16), name: "cat.jpg", width: 64, height: 64 } };
    expect(table({}, { content: grey(0.5, 64, 64), entry: larger })).toEqual([["α", "6.25e−6", "1.56e−6"]]);
  });

  it("names pictures by name, size and hash", () => {
    const other = { content: { hash: "0123456789abcdef", name: "castle.png", width: 48, height: 32 } };
    expect(table({}, { entry: other })).toEqual([["content picture", "cat.jpg, 32 × 32 px, c0a7c0a7", "castle.png, 48 × 32 px, 01234567"]]);
  });

  it("says changes in mid-run: “0.1, from step 40 on 0.3”", () => {
    expect(table({ settings: { beta: 0.1 } }, { settings: { beta: 0.1 }, changes: [{ step: 40, settings: { beta: 0.3 } }] })).toEqual([["β", "0.1", "0.1, from step 40 on 0.3"]]);
    // what was changed and taken back at the same step was never in force
    expect(table({}, { changes: [{ step: 7, settings: { beta: 5 } }, { step: 7, settings: {} }] })).toEqual([]);
  });

  it("has a row for each style layer whose weight differs, in the network's order", () => {
    const { block5_conv1: _, ...four } = recommended.styleLayers;
    expect(table({}, { settings: { styleLayers: { ...four, block1_conv1: 1 } } })).toEqual([["weight of conv1_1", "0.2", "1"], ["weight of conv5_1", "0.2", "–"]]);
  });

  it("lets each run name its own layers where the networks do not have the same", () => {
    const card = squeezenetCard();
    const entry = { network: { id: card.id, title: card.title, sha256: "99887766", random: null } };
    expect(table({}, { card, entry, settings: { contentLayer: "fire4", styleLayers: { conv1: 0.4, fire2: 0.2 } } })).toEqual([
      ["network", "VGG-19 slim (trained by this project), weights ab12cd34", "SqueezeNet 1.1, weights 99887766"],
      ["content layer", "conv4_2", "fire4"],
      ["α", "6.25e−6", "1.11e−5"], // 4 × 4 positions, and 3 × 3
      ["style layers", "conv1_1, conv2_1, conv3_1, conv4_1, conv5_1, each 0.2", "conv1 0.4, fire2 0.2"],
    ]);
  });

  it("says beginnings with the seed where there is one, and no seed where it has no effect", () => {
    expect(table({ settings: { seed: 1 } }, { settings: { seed: 2 } })).toEqual([]);
    expect(table({ settings: { initialisation: { kind: "noise" }, seed: 1 } }, { settings: { initialisation: { kind: "noise" }, seed: 2 } }, {})).toEqual([["starts from", "noise, seed 1", "noise, seed 2", "content picture"]]);
  });

  it("gives numbers in as many digits as it takes to tell them apart", () => {
    expect(table({ settings: { beta: 1.00001 } }, { settings: { beta: 1.00002 } })).toEqual([["β", "1.00001", "1.00002"]]);
  });

  it("compares optimisers of different kinds, each by what it has", () => {
    const descent: TransferSettings["optimiser"] = { kind: "descent", learningRate: 0.02, decay: { rate: 0.96, every: 100 } };
    expect(table({}, { settings: { optimiser: descent } })).toEqual([
      ["optimiser", "Adam", "gradient descent"], ["β₁ of Adam", "0.9", "–"], ["β₂ of Adam", "0.99", "–"], ["ε of Adam", "1e−8", "–"], ["decay of the learning rate", "–", "× 0.96 every 100 steps"],
    ]);
  });

  it("names network, backend, threads and version", () => {
    const network = { id: "vgg19", title: "VGG-19", sha256: null, random: 3 };
    const own = { id: "vgg19-slim", title: "VGG-19 slim", sha256: "ab12cd34ef", random: null };
    expect(table({ entry: { network: own } }, { entry: { network, backend: "webgl", threads: 1, version: "2.0" } })).toEqual([
      ["network", "VGG-19 slim, weights ab12cd34", "VGG-19, random weights, seed 3"],
      ["computed by", "wasm", "webgl"], ["threads", "2", "1"], ["version of the workbench", "1.0", "2.0"],
    ]);
  });

  it("says what a branch went on from", () => {
    const parent = { run: "run-0", step: 40, optimiser: "fresh", painted: true } as const;
    expect(table({}, { entry: { parent } })).toEqual([["branches off", "begins anew", "A at step 40, without its optimiser’s state, painted on"]]);
  });

  it("marks what is as in the first run", () => {
    const [row] = settingsDiff(compared({}, { settings: { beta: 2 } }, {}));
    expect(row.likeFirst).toEqual([true, false, true]);
    expect(row.of).toBe("style");
  });

  it("can be said in a sentence", () => {
    expect(differenceWords(settingsDiff(compared({}, { settings: { beta: 2, alphaTimesM: 1 } })))).toBe("α · M, α and β");
    expect(differenceWords([])).toBe("");
  });
});
