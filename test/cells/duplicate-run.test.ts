import { describe, expect, it } from "vitest";
import { branchText } from "../../src/cells/branch-text";
import { duplicateText, settingsElement } from "../../src/cells/duplicate-run";
import { attributeText, choicesOf } from "../../src/cells/settings-attributes";
import { type Choices, completeChoices, transferSettings } from "../../src/cells/transfer-settings";
import { readElements } from "../../src/notebook/element-syntax";
import { parse } from "../../src/notebook/parse";
import type { TransferSettings } from "../../src/nst/settings";
import { slim } from "../support/fixtures";

const { card } = slim();
const standard = transferSettings(completeChoices({}, card), card);
const camel = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The settings that the cell gives which is written like this. */
function read(text: string): TransferSettings {
  const { as: _, network: __, without: ___, ...attributes } = readElements(text)![0].attributes;
  const choices: Choices = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [camel(name), value]));
  return transferSettings(completeChoices(choices, card), card);
}

const SETTINGS: [string, Partial<TransferSettings>][] = [
  ["weights that are no round numbers", { beta: 1 / 3, alphaTimesM: 1e-7, totalVariation: 0, styleLayers: { block1_conv1: 0.1 + 0.2, block5_conv1: 1 } }],
  ["no style layer", { styleLayers: {} }],
  ["a texture from a blend", { contentLayer: null, initialisation: { kind: "blend", noise: 0.3 }, seed: 7 }],
  ["maximum pooling, read before the ReLU, from the style picture", { pooling: "maximum", tap: "before", initialisation: { kind: "style" }, size: 96, steps: 12 }],
  ["plain descent", { optimiser: { kind: "descent", learningRate: 3, momentum: 0.9, decay: { rate: 0.96, every: 100 } } }],
  ["L-BFGS", { optimiser: { kind: "lbfgs", learningRate: 1, history: 7 } }],
  ["another Adam", { optimiser: { kind: "adam", learningRate: 0.02, beta1: 0.99, beta2: 0.9, epsilon: 0.1, epsilonPlace: "pytorch" } }],
  ["other statistics", { contentTap: "before", styleStatistic: "wasserstein", totalVariationKind: "sum-absolute" }],
];

describe("settings as a line of the notebook", () => {
  it("name nothing where all is as the network recommends", () => {
    expect(settingsElement("settings2", standard, card)).toBe('<nst-settings as="settings2"></nst-settings>');
  });

  it("name exactly what differs", () => {
    expect(settingsElement("s", { ...standard, beta: 10, styleLayers: { block1_conv1: 1, block2_conv1: 0.5 } }, card, { network: "network" })).toBe(
      '<nst-settings as="s" network="network" style-layers="block1_conv1 block2_conv1:0.5" beta="10"></nst-settings>',
    );
  });

  it.each(SETTINGS)("are read as the same again: %s", (_, changed) => {
    const settings = { ...standard, ...changed };
    expect(read(settingsElement("s", settings, card))).toEqual(settings);
  });

  it("have each choice as a text that says just the same number", () => {
    expect(attributeText(choicesOf({ ...standard, beta: 0.1 + 0.2 })["beta"])).toBe("0.30000000000000004");
  });
});

describe("a run once more", () => {
  const of = { run: "G", content: "content", style: "style", network: "network", settings: { ...standard, beta: 2 }, card };

  it("is a settings cell and a run cell that reads it, under names that are free", () => {
    expect(duplicateText(of, ["settings", "G", "G2"])).toEqual({
      settings: "settings2",
      run: "G3",
      text: '<nst-settings as="settings2" network="network" without="size" beta="2"></nst-settings>\n\n<nst-run as="G3" of="content style" network="network" settings="settings2"></nst-run>',
    });
  });

  it("has the names that are asked for where nobody else has them", () => {
    expect(duplicateText({ ...of, settingsName: "strong", content: "before.content", style: "before.style", network: "before.network" }, [])).toMatchObject({ settings: "strong", run: "G" });
  });

  it("is read by the notebook as two cells that stand one below the other", () => {
    const { cells, problems } = parse(duplicateText(of, []).text);
    expect(problems).toEqual([]);
    expect(cells.map((cell) => cell.kind === "element" && [cell.tag, cell.beside])).toEqual([["nst-settings", false], ["nst-run", false]]);
  });
});

describe("the line of a branch", () => {
  it("says what it goes on from, and where", () => {
    expect(branchText("G", 40, ["G"])).toBe('<nst-branch as="B" of="G" at="40"></nst-branch>');
    expect(branchText("G", 0, ["B", "B2"])).toBe('<nst-branch as="B3" of="G" at="0"></nst-branch>');
  });
});
