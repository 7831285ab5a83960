import { afterEach, describe, expect, it, vi } from "vitest";
import { networkOfRun } from "../../src/cells/kept-network";
import { compareText, keptText } from "../../src/cells/run-actions-texts";
import { settingsLines } from "../../src/cells/settings-words";
import { slim } from "../support/fixtures";
import { runEntry } from "../support/runs";

const { card } = slim();
const { settings, network } = runEntry();
const size = { width: 96, height: 64 };
const line = (name: string, changed: Partial<typeof settings>) => settingsLines({ ...settings, ...changed }, card, size).find((line) => line.name === name)!.text;

describe("settings in words", () => {
  it("say all that a run was told, α beside α · M at the run's own size", () => {
    const words = Object.fromEntries(settingsLines({ ...settings, contentLayer: "block4_conv2", alphaTimesM: 2, styleLayers: { block1_conv1: 0.2, block2_conv1: 0.2 }, beta: 3, totalVariation: 0.5, initialisation: { kind: "noise" }, seed: 7, steps: 150 }, card, size).map(({ name, text }) => [name, text]));
    expect(words).toEqual({
      content: "conv4_2, α · M = 2 (α = 0.0208)", // 2 / (12 · 8)
      style: "conv1_1, conv2_1, each 0.2, β = 3",
      picture: "starts from noise, seed 7, total variation τ = 0.5",
      network: `${settings.pooling} pooling, layers read after the ReLU`,
      optimiser: `Adam, learning rate ${settings.optimiser.learningRate}, 150 steps`,
    });
  });

  it("say what is left out, and weights one by one where they differ", () => {
    expect(line("content", { contentLayer: null })).toBe("no layer: a texture");
    expect(line("style", { styleLayers: { block1_conv1: 0 } })).toBe("no layer: content alone");
    expect(line("style", { styleLayers: { block1_conv1: 0.2, block3_conv1: 1 }, beta: 1 })).toBe("conv1_1 0.2, conv3_1 1, β = 1");
    expect(line("style", { styleLayers: { block1_conv1: 1 }, beta: 1 })).toBe("conv1_1, 1, β = 1");
    expect(line("picture", { totalVariation: 0, initialisation: { kind: "blend", noise: 0.25 }, seed: 3 })).toBe("starts from the content picture with 25 % noise, seed 3, no total variation");
    expect(line("picture", { totalVariation: 0, initialisation: { kind: "style" } })).toBe("starts from the style picture, no total variation");
  });
});

describe("the network of a kept run", () => {
  afterEach(() => vi.unstubAllGlobals());

  /** As if the page came from a folder with these networks. */
  function serve(cards: (typeof card)[]): void {
    vi.stubGlobal("document", { baseURI: "https://elsewhere.test/nst/" });
    vi.stubGlobal("fetch", async (url: URL) => {
      const path = url.pathname.replace("/nst/models/", "");
      const found = path === "index.json" ? cards.map(({ id, title }) => ({ id, title })) : cards.find(({ id }) => path === `${id}/model.json`);
      return found ? Response.json(found) : new Response("", { status: 404 });
    });
  }

  it("is the one that is here, with the card that the run had and at the place where it is now", async () => {
    serve([card]);
    const own = { ...card, input: { ...card.input, mean: [0, 0, 0] as [number, number, number] } };
    expect(await networkOfRun({ card: own, base: "https://where-it-was.test/models/vgg19-slim/" }, network)).toEqual({ id: card.id, card: own, base: `https://elsewhere.test/nst/models/${card.id}/` });
    expect(await networkOfRun({ card, base: "", random: 5 }, { ...network, random: 5 })).toMatchObject({ random: 5 });
  });

  it("is named where it is not there, or has other weights", async () => {
    serve([card]);
    await expect(networkOfRun({ card, base: "" }, { ...network, id: "vgg19", title: "VGG-19" })).rejects.toThrow(`The network “VGG-19” (vgg19), which this run was computed with, is not here. There is: ${card.title}.`);
    await expect(networkOfRun({ card, base: "" }, { ...network, sha256: "0123456789abcdef" })).rejects.toThrow(/has other weights here \(.{8}\) than this run was computed with \(01234567\)/);
    // what is drawn at random depends on no file
    await expect(networkOfRun({ card, base: "", random: 1 }, { ...network, sha256: "0123456789abcdef", random: 1 })).resolves.toMatchObject({ random: 1 });
  });
});

describe("cells that a list of runs adds", () => {
  it("name the runs, and take names that nobody has", () => {
    expect(keptText("0c1f", new Set())).toBe('<nst-kept as="kept" run="0c1f"></nst-kept>');
    expect(keptText("0c1f", new Set(["kept"]))).toBe('<nst-kept as="kept2" run="0c1f"></nst-kept>');
    expect(compareText(["a", "b"], new Set())).toBe('<nst-compare as="compared" runs="a b"></nst-compare>');
  });
});
