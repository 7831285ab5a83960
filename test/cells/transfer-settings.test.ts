import { describe, expect, it } from "vitest";
import { checkSettings } from "../../src/nst/check-settings";
import { vggCard } from "../../src/nst/vgg";
import { CHOICES, completeChoices, defaultChoices, readNames, transferSettings, type Choices } from "../../src/cells/transfer-settings";

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

  it("have a default for every choice", () => {
    expect(Object.keys(defaultChoices(card)).sort()).toEqual([...CHOICES].sort());
  });
});
