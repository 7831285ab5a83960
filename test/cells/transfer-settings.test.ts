import { describe, expect, it } from "vitest";
import { checkSettings } from "../../src/nst/check-settings";
import type { OptimiserOptions } from "../../src/nst/model-card";
import { moreTexts } from "../../src/cells/settings-more";
import { RECIPES, recipeSettings } from "../../src/nst/recipes";
import { choicesOf } from "../../src/cells/settings-attributes";
import { vggCard } from "../../src/nst/vgg";
import { CHOICES, completeChoices, defaultChoices, optimiserChoices, readNames, transferSettings, type Choices } from "../../src/cells/transfer-settings";

const card = vggCard();
const settle = (choices: Choices) => transferSettings(completeChoices(choices, card), card);

describe("the settings of a run", () => {
  it("are the network's defaults where nothing is chosen", () => {
    const { initialisation, ...defaults } = card.defaults;
    expect(settle({})).toEqual({ ...defaults, tap: "after", seed: 0, initialisation: { kind: initialisation } });
    expect(checkSettings(settle({}), card)).toEqual({ errors: [], warnings: [] });
  });

  it("follow another network's defaults, not numbers of their own", () => {
    const other = { ...card, defaults: { ...card.defaults, beta: 42, size: 96, contentLayer: "block2_conv2", optimiser: { ...card.defaults.optimiser, learningRate: 0.5, beta2: 0.9 } } };
    expect(transferSettings(completeChoices({ steps: 7, size: null }, other), other)).toMatchObject({ beta: 42, size: 96, steps: 7, contentLayer: "block2_conv2", optimiser: { learningRate: 0.5, beta2: 0.9 } });
  });

  it("take what is chosen", () => {
    expect(settle({ contentLayer: "none", beta: 0, initialisation: "blend", noise: 0.3, seed: 7, learningRate: 0.1 })).toMatchObject({
      contentLayer: null, beta: 0, initialisation: { kind: "blend", noise: 0.3 }, seed: 7, optimiser: { learningRate: 0.1, beta2: card.defaults.optimiser.beta2 },
    });
    for (const kind of ["noise", "style"] as const) expect(settle({ initialisation: kind }).initialisation).toEqual({ kind });
  });

  it("are read from attributes, layers also by the paper's names", () => {
    expect(settle({ contentLayer: "conv5_2", styleLayers: "conv1_1 block2_conv1:0.5,conv3_1:2", beta: "1e3", pooling: "maximum", tap: "before", size: "128" })).toMatchObject({
      contentLayer: "block5_conv2", styleLayers: { block1_conv1: 1, block2_conv1: 0.5, block3_conv1: 2 }, beta: 1000, pooling: "maximum", tap: "before", size: 128,
    });
    expect(settle({ styleLayers: "" }).styleLayers).toEqual({});
  });

  it("are named as attributes are, and an unknown name is told", () => {
    expect(readNames("without", " size content-layer,styleLayers ")).toEqual(new Set(["size", "contentLayer", "styleLayers"]));
    expect(readNames("without", "")).toEqual(new Set());
    expect(() => readNames("without", "size contentlayers")).toThrow(/^without="size contentlayers": there is no control “contentlayers”\. There are: content-layer, alpha-times-m,/);
  });

  it("name an attribute that cannot be read and what it could say", () => {
    expect(() => settle({ beta: "ten" })).toThrow('beta="ten" should be a number, like beta="1".');
    expect(() => settle({ alphaTimesM: "" })).toThrow(/alpha-times-m=""/);
    expect(() => settle({ pooling: "max" })).toThrow('pooling="max" should be one of average, maximum.');
    expect(() => settle({ styleLayers: "conv1_1:heavy" })).toThrow(/style-layers: "conv1_1:heavy"/);
  });

  it("begin with a learning rate that suits the optimiser", () => {
    expect(settle({ optimiser: "lbfgs" }).optimiser).toEqual({ kind: "lbfgs", learningRate: 1, history: 10 });
    expect(settle({ optimiser: "lbfgs", learningRate: "0.5", history: "4" }).optimiser).toEqual({ kind: "lbfgs", learningRate: 0.5, history: 4 });
    // the gradient of a pixel becomes smaller as the number of pixels grows
    expect(settle({ optimiser: "descent", size: 128 }).optimiser).toEqual({ kind: "descent", learningRate: 4 });
    expect(settle({ optimiser: "descent", size: "256" }).optimiser).toEqual({ kind: "descent", learningRate: 16 });
    expect(settle({ optimiser: "adam" }).optimiser).toEqual(card.defaults.optimiser);
    // what is usual is Adam, whatever is chosen; only the rate goes with the choice
    expect(defaultChoices(card, { optimiser: "lbfgs" })).toMatchObject({ optimiser: "adam", learningRate: 1 });
    expect(() => settle({ optimiser: "sgd" })).toThrow('optimiser="sgd" should be one of adam, descent, lbfgs.');
  });

  it("say of the rarer choices only what differs from the usual", () => {
    expect(Object.keys(settle({ contentTap: "tap", styleStatistic: "gram", totalVariationKind: "mean-squares", momentum: 0, decayRate: 1, epsilonPlace: "keras" })).sort()).toEqual(Object.keys(settle({})).sort());
    expect(settle({ contentTap: "before", styleStatistic: "wasserstein", totalVariationKind: "sum-power-1.25", epsilon: "0.1", epsilonPlace: "pytorch" })).toMatchObject({
      contentTap: "before", styleStatistic: "wasserstein", totalVariationKind: "sum-power-1.25", optimiser: { kind: "adam", epsilon: 0.1, epsilonPlace: "pytorch" },
    });
    expect(settle({ optimiser: "descent", learningRate: 100, momentum: 0.9, decayRate: 0.96, decayEvery: 100 }).optimiser).toEqual({ kind: "descent", learningRate: 100, momentum: 0.9, decay: { rate: 0.96, every: 100 } });
    expect(() => settle({ totalVariationKind: "l1" })).toThrow(/should be one of mean-squares,/);
  });

  it("are led to by the choices that options are", () => {
    const every: OptimiserOptions[] = [
      { ...card.defaults.optimiser, epsilon: 0.1, beta1: 0.99, epsilonPlace: "pytorch" },
      { kind: "descent", learningRate: 3 }, { kind: "descent", learningRate: 100, momentum: 0.5, decay: { rate: 0.96, every: 50 } }, { kind: "lbfgs", learningRate: 0.5, history: 100 },
    ];
    for (const options of every) expect(settle(optimiserChoices(options)).optimiser).toEqual(options);
  });

  it("are led to by choices whatever recipe they come from", () => {
    for (const recipe of RECIPES) {
      const { settings } = recipeSettings(recipe, card, { width: 256, height: 256 });
      expect(settle(choicesOf(settings)), recipe.id).toEqual(settings);
    }
  });

  it("are put into words where no control shows them, unless they have no effect", () => {
    const words = (choices: Choices) => moreTexts(completeChoices(choices, card), defaultChoices(card, choices));
    expect(words({})).toEqual([]);
    expect(words({ epsilon: 0.1, contentTap: "before" })).toEqual(["ε = 0.1", "the content layer is read before its ReLU"]);
    expect(words({ optimiser: "lbfgs", epsilon: 0.1, history: 100 })).toEqual(["L-BFGS remembers 100 steps"]);
    expect(words({ optimiser: "descent", decayRate: 0.96, decayEvery: 50 })).toEqual(["the learning rate times 0.96 every 50 steps"]);
  });

  it("have a default for every choice", () => {
    expect(Object.keys(defaultChoices(card)).sort()).toEqual([...CHOICES].sort());
  });
});
