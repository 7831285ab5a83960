import { describe, expect, it } from "vitest";
import { chosenText, matchWords, readChosen, readMatch } from "../../src/cells/match-model";
import { squeezenetCard } from "../../src/nst/squeezenet";
import type { TransferSettings } from "../../src/nst/settings";
import { vggCard } from "../../src/nst/vgg";

const [vgg, squeeze] = [vggCard(19), squeezenetCard()];
const settings: TransferSettings = {
  contentLayer: "block4_conv2", styleLayers: { block5_conv1: 0.2, block1_conv1: 0.4, block2_conv1: 0.4 },
  alphaTimesM: 2e-4, beta: 3, totalVariation: 0.5, pooling: "average", tap: "after", initialisation: { kind: "content" }, seed: 0, size: 64, steps: 10,
  optimiser: { kind: "lbfgs", learningRate: 1, history: 10 },
};
const none = new Map<string, string>();
const recommending = (defaults: Partial<typeof squeeze.defaults>) => ({ ...squeeze, defaults: { ...squeeze.defaults, ...defaults } });

describe("a match of settings", () => {
  it("has a row for each layer that is read, in the network's order, with what both layers are", () => {
    const { rows } = readMatch(settings, vgg, squeeze, none, "same");
    expect(rows.map(({ from, to, content, weight }) => [from.name, to.name, content, weight])).toEqual([
      ["block1_conv1", "conv1", false, 0.4], ["block2_conv1", "conv1", false, 0.4], ["block4_conv2", "fire4", true, null], ["block5_conv1", "fire6", false, 0.2],
    ]);
    expect(rows[2]).toMatchObject({ from: { maps: 512, stride: 8, size: 84 }, to: { maps: 256, stride: 8, size: 47 } });
    expect(rows.map(matchWords)).toEqual(["nearest: nothing at full size, so nothing as fine", "same depth", "same depth", "same depth"]);
  });

  it("names the layers that come to the same one, whose weights are added up", () => {
    const { merged, settings: given } = readMatch(settings, vgg, squeeze, none, "same");
    expect(merged).toEqual([{ to: "conv1", from: ["block1_conv1", "block2_conv1"] }]);
    expect(given.styleLayers).toEqual({ conv1: 0.8, fire6: 0.2 });
  });

  it("takes the layers that a person chose, by the paper's names too, and goes back to the depth where they are not there", () => {
    const chosen = readChosen("conv4_2:fire5, block1_conv1:fire99");
    const { rows, settings: given, unknown } = readMatch(settings, vgg, squeeze, chosen, "same");
    expect([given.contentLayer, rows[2].by, rows[0].to.name]).toEqual(["fire5", "chosen", "conv1"]);
    expect(unknown).toEqual([{ from: "block1_conv1", to: "fire99" }]);
    expect(chosenText(chosen)).toBe("block4_conv2:fire5 block1_conv1:fire99");
    expect(readChosen(chosenText(chosen))).toEqual(chosen);
  });

  it("refuses what is no pair of layers, and settings of a network that it was not told of", () => {
    expect(() => readChosen("conv4_2")).toThrow("layers: “conv4_2” should be two layers with a colon between, like conv4_2:fire4.");
    expect(() => readMatch(settings, squeeze, vgg, none, "same")).toThrow("SqueezeNet 1.1, which these settings are for, has no layer “block4_conv2”.");
  });

  it("keeps the weights, or their proportion to what each network recommends", () => {
    const other = recommending({ alphaTimesM: vgg.defaults.alphaTimesM * 10, beta: vgg.defaults.beta / 4, totalVariation: vgg.defaults.totalVariation });
    const weights = ({ alphaTimesM, beta, totalVariation }: TransferSettings) => [alphaTimesM, beta, totalVariation];
    expect(weights(readMatch(settings, vgg, other, none, "same").settings)).toEqual([2e-4, 3, 0.5]);
    expect(weights(readMatch(settings, vgg, other, none, "relative").settings)).toEqual([2e-3, 0.75, 0.5]);
    // where one of them recommends none, there is no proportion
    expect(readMatch(settings, vgg, recommending({ totalVariation: 0 }), none, "relative").settings.totalVariation).toBe(0.5);
  });
});
