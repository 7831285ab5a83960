import * as tf from "@tensorflow/tfjs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as nst from "../../src/nst";
import { checkSettings } from "../../src/nst/check-settings";
import { fits, packOf } from "../../src/nst/recipe-packs";
import { RECIPES, type Recipe, recipeSettings, weightsOf } from "../../src/nst/recipes";
import { alexnetCard } from "../../src/nst/alexnet";
import { squeezenetCard } from "../../src/nst/squeezenet";
import { isStyle } from "../../src/nst/terms";
import { vggCard } from "../../src/nst/vgg";
import { fixture, slim } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";
import { relativeError, tensorOf } from "../support/parity";

const recipe = (id: string): Recipe => RECIPES.find((one) => one.id === id)!;
const vgg19 = vggCard(19);
const squeeze = squeezenetCard();
const at512 = { width: 512, height: 512 };

describe("a recipe in the common unit", () => {
  // worked out by hand from each formula, with N = 64, 128, 256, 512, 512 and M = 512², 256², 128², 64², 32² of VGG-19's blocks
  const TABLE: [id: string, alpha: number, betas: number[], picture?: { width: number; height: number }][] = [
    ["gatys-paper", 1, [200, 200, 200, 200, 200]],
    ["gatys-code", 2 / (512 * 4096), [64, 128, 256, 512, 512].map((n) => 4000 / n ** 2)],
    ["neural-style", 10 / (512 * 4096), [64, 128, 256, 512, 512].map((n) => 400 / n ** 2)],
    ["anishathalye", 10 / (512 * 4096), [64, 128, 256, 512, 512].map((n) => 400 / n ** 2)],
    ["neural-style-tf", 5 / Math.sqrt(512 * 4096), [400, 400, 400, 400, 400]],
    ["tf-tutorial", 2e4 / (512 * 1024), [0.008, 0.008, 0.008, 0.008, 0.008]],
    ["tf-eager", 2e3 / (512 * 1024), [0.008, 0.008, 0.008, 0.008, 0.008]],
    // 38 rows at conv4_2: what TensorFlow's pooling leaves of 300 is left here of 304
    ["dlai-tf1", 10 / (2 * 512 * 50 * 38), [8, 8, 8, 8, 8], { width: 400, height: 304 }],
    ["dlai-tf2", 10 / (2 * 512 * 25 * 25), [8, 8, 8, 8, 8], { width: 400, height: 400 }],
    ["keras-io", 5e-8, [2e-7 * 64 ** 2, (2e-7 * 128 ** 2) / 16, (2e-7 * 256 ** 2) / 256, (2e-7 * 512 ** 2) / 4096, (2e-7 * 512 ** 2) / 65536].map((b) => b / 9)],
    ["pytorch-tutorial", 2 / (128 * 65536), [64, 64, 128, 128, 256].map((n) => 4e6 / n ** 2)],
    ["zioul123", 2 / (512 * 16 * 24), [64, 128, 256, 512, 512].map((n) => 2e6 / n ** 2), { width: 128, height: 192 }],
    ["aleksa", 2e5 / (512 * 2500), [24000, 24000, 24000, 24000, 24000], { width: 400, height: 400 }],
    ["cs231n", 0.1, [80000, 2000, 48, 4]],
  ];
  it.each(TABLE)("has the weights that are worked out by hand: %s", (id, alpha, betas, picture = at512) => {
    const weights = weightsOf(recipe(id), vgg19, picture);
    expect(weights.alpha / alpha).toBeCloseTo(1, 9);
    expect(Object.keys(weights.betas)).toEqual(recipe(id).styleLayers);
    Object.values(weights.betas).forEach((beta, i) => expect(beta / betas[i]).toBeCloseTo(1, 9));
  });

  it("spreads over ten orders of magnitude between the tutorials of TensorFlow and PyTorch", () => {
    const ratio = (id: string) => {
      const { alpha, betas } = weightsOf(recipe(id), vgg19, at512);
      return alpha / Object.values(betas)[0];
    };
    expect(ratio("tf-tutorial")).toBeCloseTo(4.77, 2);
    expect(ratio("pytorch-tutorial")).toBeCloseTo(2.44e-10, 12);
  });

  it("gives content four times the weight at twice the size where content is a sum, and the same where it is a mean", () => {
    const growth = (id: string) => {
      const [small, large] = [256, 512].map((side) => {
        const { settings } = recipeSettings(recipe(id), vgg19, { width: side, height: side });
        return settings.alphaTimesM / settings.beta;
      });
      return large / small;
    };
    expect(growth("gatys-paper")).toBeCloseTo(4, 9);
    expect(growth("keras-io")).toBeCloseTo(4, 9);
    expect(growth("neural-style-tf")).toBeCloseTo(2, 9);
    for (const id of ["gatys-code", "neural-style", "tf-tutorial", "pytorch-tutorial", "dlai-tf1", "crowson"]) expect(growth(id), id).toBeCloseTo(1, 9);
  });

  it("runs as settings that say the same: weights that add up to 1, β for the style as a whole, α for this size", () => {
    for (const one of RECIPES) {
      const { settings } = recipeSettings(one, vgg19, { width: 256, height: 192 });
      const { alpha, betas } = weightsOf(one, vgg19, { width: 256, height: 192 });
      expect(Object.values(settings.styleLayers).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      for (const [layer, beta] of Object.entries(betas)) expect((settings.beta * settings.styleLayers[layer]) / beta).toBeCloseTo(1, 9);
      expect(settings.size).toBe(256);
      expect(checkSettings(settings, vgg19).errors, one.id).toEqual([]);
      expect(alpha).toBeGreaterThan(0);
    }
  });

  it("says what it needs to be exact, and what is wrong with it, in whole sentences with a source", () => {
    expect(new Set(RECIPES.map(({ id }) => id)).size).toBe(RECIPES.length);
    for (const one of RECIPES) {
      expect(one.cite.url).toMatch(/^https:\/\//);
      for (const text of [...one.special, ...one.defects]) expect(text, one.id).toMatch(/^[A-Z].*\.$/);
    }
    expect(recipe("pytorch-tutorial").defects.join(" ")).toContain("conv1_1, conv1_2, conv2_1, conv2_2 and conv3_1");
    expect(recipe("cs231n-scream").formula.style).toContain(String.raw`w=200000,\,800,\,12,\,1`);
  });

  it("reads the layers at the same depth of a network that does not have its own, whose weights add up where two come to one", () => {
    const weights = weightsOf(recipe("gatys-paper"), squeeze, at512);
    expect(weights).toMatchObject({ contentLayer: "fire4", alpha: 1, betas: { conv1: 400, fire2: 200, fire4: 200, fire6: 200 } });
    const { settings } = recipeSettings(recipe("gatys-paper"), squeeze, at512);
    expect(settings).toMatchObject({ contentLayer: "fire4", beta: 1000, styleLayers: { conv1: 0.4, fire2: 0.2, fire4: 0.2, fire6: 0.2 } });
    expect(fits(recipe("gatys-paper"), squeeze).why).toMatch(/Its layers are those at the same depth\.$/);
    for (const one of RECIPES) expect(checkSettings(recipeSettings(one, squeeze, at512).settings, squeeze).errors, one.id).toEqual([]);
  });

  it("reads CS231n’s own layers on SqueezeNet: content at fire2, style at conv1, fire3, fire4 and fire5", () => {
    const weights = weightsOf(recipe("cs231n"), squeeze, { width: 192, height: 192 });
    expect(weights).toMatchObject({ contentLayer: "fire2", alpha: 0.1, betas: { conv1: 80000, fire3: 2000, fire4: 48, fire5: 4 } });
    expect(fits(recipe("cs231n"), squeeze).why).not.toContain("same depth");
  });
});

describe("whether a recipe is exact on a network", () => {
  const caffe = { ...vgg19, id: "vgg19-keras", input: { channels: "BGR" as const, range: [0, 255] as [number, number], mean: [103.939, 116.779, 123.68] as [number, number, number], scale: 1 } };
  const torchvision = { ...vgg19, id: "vgg19", input: alexnetCard().input };

  it("is told by the network's layers, and by how it reads pixels", () => {
    expect([caffe, torchvision, { ...caffe, id: "vgg19-keras-rescaled" }].map((card) => packOf(card))).toEqual(["caffe-vgg19", "torchvision-vgg19", "normalised-vgg19"]);
    expect(packOf({ ...squeeze, input: torchvision.input })).toBe("squeezenet1_1");
    expect(fits(recipe("neural-style"), caffe)).toEqual({ exact: true, why: expect.stringMatching(/^Exact: by its layers and by how it reads pixels, this is VGG-19 with its original weights/) });
    expect(fits(recipe("pytorch-tutorial"), caffe).exact).toBe(false);
    expect(fits(recipe("pytorch-tutorial"), torchvision).exact).toBe(true);
    expect(fits(recipe("gatys-paper"), caffe).exact).toBe(false);
  });

  it("is no for thin networks, other depths, 8 bits, random weights, and weights rescaled from another origin", () => {
    const { card } = slim();
    expect(fits(recipe("neural-style"), card)).toEqual({ exact: false, why: expect.stringMatching(/^Formula only: to be exact it needs VGG-19 with its original weights/) });
    const unlike = [card, { ...vggCard(16), input: caffe.input }, { ...caffe, weights: { ...caffe.weights, dtype: "I8" as const } }, { ...torchvision, id: "vgg19-rescaled" }, squeeze, alexnetCard()];
    expect(unlike.map((one) => packOf(one))).toEqual(unlike.map(() => null));
    expect(packOf(caffe, 1)).toBe(null);
  });
});

describe("J with a recipe's settings", () => {
  const stored = fixture("recipes");
  const pictures = fixture("slim");
  const { card, weights } = slim();
  let before = 0;
  beforeAll(() => nodeBackend("wasm"));
  beforeEach(() => void (before = tf.memory().numTensors));
  afterEach(() => expect(tf.memory().numTensors).toBe(before));
  afterAll(() => expect(Object.keys(stored.json.recipes).sort()).toEqual(RECIPES.map(({ id }) => id).sort()));

  it.each(RECIPES.map(({ id }) => id))("is what PyTorch computes by the recipe's own formula: %s", async (id) => {
    const { settings, card: used } = recipeSettings(recipe(id), card, { width: 48, height: 48 });
    const net = nst.createNetwork(used, weights);
    const [content, style, generated] = ["content", "style", "generated"].map((name) => tensorOf(pictures, name));
    const { contentTap = settings.tap } = settings;
    const targets = { content: nst.features(net, content, [settings.contentLayer!], { ...settings, tap: contentTap }), style: nst.finish(nst.styleTargets(net, style, Object.keys(settings.styleLayers), settings)) };
    const terms = nst.transferTerms(net, settings, targets);
    const { values, gradient } = nst.evaluate(net, generated, terms, settings);
    const cost = [...(await values.data())].map((value, i) => value * terms[i].weight);
    const sum = (counts: (term: nst.Term) => boolean) => cost.filter((_, i) => counts(terms[i])).reduce((a, b) => a + b, 0);
    const expected = stored.json.recipes[id];
    const near = (ours: number, theirs: number) => (theirs === 0 ? expect(ours).toBe(0) : expect(Math.abs(ours / theirs - 1)).toBeLessThan(1e-4));
    near(sum(({ kind }) => kind === "content"), expected.content);
    near(sum(isStyle), expected.style);
    near(sum(({ kind }) => kind === "tv"), expected.tv);
    near(sum(() => true), expected.total);
    const theirs = stored.tensors.get(`gradient/${id}`);
    if (theirs) expect(relativeError(await gradient!.data(), theirs.data)).toBeLessThan(1e-3);
    nst.disposeTargets(targets);
    tf.dispose([content, style, generated, values, gradient!]);
    nst.disposeNetwork(net);
  });
});
