import { describe, expect, it } from "vitest";
import { alexnetCard } from "../../src/nst/alexnet";
import { layerDepths, layersRead, matchedSettings, matchLayers } from "../../src/nst/match-layers";
import type { ModelCard } from "../../src/nst/model-card";
import type { TransferSettings } from "../../src/nst/settings";
import { squeezenetCard } from "../../src/nst/squeezenet";
import { vggCard } from "../../src/nst/vgg";

const vgg = vggCard(19);
const [squeeze, squeeze0, alex] = [squeezenetCard("1.1"), squeezenetCard("1.0"), alexnetCard()];

/** "conv1_1" style names of VGG are written short here. */
const found = (from: ModelCard, to: ModelCard, layers: readonly string[]) => layers.map((layer) => matchLayers(from, to).get(layer)!.to);

describe("layers matched by depth", () => {
  it("find themselves in a network with the same layers, of any width", () => {
    for (const match of matchLayers(vgg, vggCard(19, [4, 5, 6, 7, 7])).values()) expect(match).toEqual({ from: match.from, to: match.from, by: "name", nearest: false });
  });

  it("of VGG-16 and VGG-19 keep their names where both have them; conv3_4, which VGG-16 lacks, becomes its last of that block", () => {
    expect(found(vgg, vggCard(16), ["block4_conv2", "block5_conv1", "block3_conv4", "block1_pool"])).toEqual(["block4_conv2", "block5_conv1", "block3_conv3", "block1_pool"]);
    expect(matchLayers(vgg, vggCard(16)).get("block3_conv4")).toMatchObject({ by: "depth", nearest: false });
  });

  it("of VGG-19 lie in the SqueezeNet module with as many pixels between its units, first to first and last to last", () => {
    expect(found(vgg, squeeze, ["block2_conv1", "block3_conv1", "block3_conv4", "block4_conv1", "block4_conv2", "block4_conv4"])).toEqual(["conv1", "fire2", "fire3", "fire4", "fire4", "fire5"]);
    expect(found(vgg, squeeze, ["block5_conv1", "block5_conv2", "block5_conv3", "block5_conv4"])).toEqual(["fire6", "fire7", "fire8", "fire9"]);
  });

  it("are found the other way round, where CS231n’s layers come to those of the same block", () => {
    expect(found(squeeze, vgg, ["conv1", "fire2", "fire3", "fire4", "fire5"]).map((layer) => layer.slice(0, 6))).toEqual(["block2", "block3", "block3", "block4", "block4"]);
    expect(found(squeeze, vgg, ["fire6", "fire9"])).toEqual(["block5_conv1", "block5_conv4"]);
  });

  it("take the nearest stage where the other network has none of that reduction, and say so", () => {
    expect(matchLayers(vgg, squeeze).get("block1_conv1")).toEqual({ from: "block1_conv1", to: "conv1", by: "depth", nearest: true });
    expect(matchLayers(vgg, alex).get("block2_conv2")).toEqual({ from: "block2_conv2", to: "conv1", by: "depth", nearest: true });
    expect(matchLayers(vgg, alex).get("block3_conv1")).toEqual({ from: "block3_conv1", to: "conv1", by: "depth", nearest: false });
  });

  it("are not misled by names: conv1 of AlexNet has 4 pixels between its units, that of SqueezeNet 2", () => {
    expect(matchLayers(alex, squeeze).get("conv1")!.to).toBe("fire2");
    expect(matchLayers(squeeze0, squeeze).get("fire4")!.to).toBe("fire3");
  });

  it("never become a 1 × 1 convolution or a branch: what stands for a module is what it gives", () => {
    for (const { to } of matchLayers(vgg, squeeze).values()) expect(to).toMatch(/^(conv1|fire\d)$/);
  });

  it("of a branch or a squeeze are those of its module, and of a pool those of the layer after it", () => {
    for (const part of ["fire7_squeeze", "fire7_expand1x1", "fire7_expand3x3", "fire7"]) expect(matchLayers(squeeze, vgg).get(part)!.to).toBe("block5_conv2");
    expect(matchLayers(vgg, squeeze).get("block2_pool")!.to).toBe("fire2");
  });

  it("lie in the middle of their share of the stage", () => {
    const depths = layerDepths(vgg);
    expect(["block1_conv1", "block1_conv2", "block4_conv2", "block5_conv4"].map((layer) => depths.get(layer)!.place)).toEqual([0.25, 0.75, 0.375, 0.875]);
    expect(layerDepths(alex).get("conv2")).toMatchObject({ place: 0.5, stride: 8 });
  });

  it("are there for every layer of every pair, and are layers of the other network", () => {
    const all = [vgg, vggCard(11), squeeze, squeeze0, alex];
    for (const from of all) {
      for (const to of all) {
        const matches = matchLayers(from, to);
        expect([...matches.keys()]).toEqual(from.layers.map(({ name }) => name));
        for (const match of matches.values()) expect(to.layers.map(({ name }) => name)).toContain(match.to);
      }
    }
  });
});

describe("settings with the layers of another network", () => {
  const settings: TransferSettings = {
    contentLayer: "block4_conv2", styleLayers: { block1_conv1: 0.25, block2_conv1: 0.25, block3_conv1: 0.5 },
    alphaTimesM: 1e-4, beta: 1, totalVariation: 1, pooling: "average", tap: "after", initialisation: { kind: "content" }, seed: 0, size: 64, steps: 10,
    optimiser: { kind: "lbfgs", learningRate: 1, history: 10 },
  };

  it("add up the weights of layers that come to the same one, and leave everything else as it is", () => {
    const { contentLayer, styleLayers, ...rest } = matchedSettings(settings, matchLayers(vgg, squeeze), squeeze);
    expect({ contentLayer, styleLayers }).toEqual({ contentLayer: "fire4", styleLayers: { conv1: 0.5, fire2: 0.5 } });
    expect({ ...settings, ...rest }).toEqual(settings);
  });

  it("name the style layers in the order of the other network", () => {
    const turned = { ...settings, styleLayers: { block5_conv1: 1, block1_conv1: 2 } };
    expect(Object.keys(matchedSettings(turned, matchLayers(vgg, squeeze), squeeze).styleLayers)).toEqual(["conv1", "fire6"]);
  });

  it("can be a texture’s, without a content layer", () => {
    expect(matchedSettings({ ...settings, contentLayer: null }, matchLayers(vgg, squeeze), squeeze).contentLayer).toBe(null);
    expect(layersRead({ ...settings, contentLayer: null })).toEqual(["block1_conv1", "block2_conv1", "block3_conv1"]);
  });

  it("cannot be had for a layer that the first network does not have either, and name it", () => {
    expect(() => matchedSettings({ ...settings, contentLayer: "conv9" }, matchLayers(vgg, squeeze), squeeze)).toThrow("There is no layer “conv9” to find the like of in SqueezeNet 1.1.");
  });
});
