import { describe, expect, it } from "vitest";
import { checkSettings } from "../../src/nst/check-settings";
import type { AdamOptions, OptimiserOptions } from "../../src/nst/model-card";
import type { TransferSettings } from "../../src/nst/settings";
import { vggCard } from "../../src/nst/vgg";

const card = vggCard(19, [16, 32, 64, 128, 128]);
const { initialisation: _, ...defaults } = card.defaults;
const usual: TransferSettings = { ...defaults, tap: "after", initialisation: { kind: "content" }, seed: 0 };
const check = (change: Partial<TransferSettings>) => checkSettings({ ...usual, ...change }, card);
const adam = (change: Partial<AdamOptions>) => check({ optimiser: { ...defaults.optimiser, ...change } });

describe("checkSettings", () => {
  it("has nothing to say about the defaults of a network", () => {
    expect(checkSettings(usual, card)).toEqual({ errors: [], warnings: [] });
  });

  it("refuses a cost without terms and says which part is missing", () => {
    expect(check({ contentLayer: null, styleLayers: {} }).errors).toEqual([expect.stringContaining("Neither a content layer nor a style layer")]);
    expect(check({ alphaTimesM: 0, beta: 0 }).errors).toEqual([expect.stringContaining("nothing to minimise")]);
    expect(check({ contentLayer: null, beta: 0 }).errors).toEqual([expect.stringContaining("No term of the cost is left")]);
    expect(check({ styleLayers: { block1_conv1: 0 }, alphaTimesM: 0 }).errors).toHaveLength(1);
  });

  it("lets content alone and style alone run and says what will come of it", () => {
    const noise = { initialisation: { kind: "noise" } } as const;
    expect(check({ ...noise, styleLayers: {} })).toEqual({ errors: [], warnings: [expect.stringMatching(/No style layer.*only the content cost remains/)] });
    expect(check({ ...noise, beta: 0 })).toEqual({ errors: [], warnings: [expect.stringMatching(/β is 0: only the content cost remains/)] });
    expect(check({ contentLayer: null })).toEqual({ errors: [], warnings: [expect.stringMatching(/No content layer.*texture/)] });
    expect(check({ alphaTimesM: 0 })).toEqual({ errors: [], warnings: [expect.stringMatching(/α is 0.*texture/)] });
  });

  it("says that content alone, started from the content picture, changes nothing", () => {
    expect(check({ beta: 0, totalVariation: 0 }).warnings.join(" ")).toContain("nothing will change");
    expect(check({ beta: 0, totalVariation: 1 }).warnings.join(" ")).not.toContain("nothing will change");
  });

  it("says that style alone, started from the style picture, changes little", () => {
    const style = { initialisation: { kind: "style" } } as const;
    expect(check({ ...style, contentLayer: null }).warnings.join(" ")).toContain("starts from the style picture itself");
    expect(check(style)).toEqual({ errors: [], warnings: [] });
  });

  it("names a layer that the network does not have, and those that it has", () => {
    const { errors } = check({ contentLayer: "block9_conv9", styleLayers: { conv1_1: 1 } });
    expect(errors).toHaveLength(2);
    expect(errors[0]).toContain('"block9_conv9"');
    expect(errors[1]).toMatch(/"conv1_1".*block1_conv1, block1_conv2/);
  });

  it("refuses numbers that are negative, infinite or none", () => {
    for (const bad of [-1, NaN, Infinity, -Infinity]) {
      expect(check({ beta: bad }).errors[0], String(bad)).toMatch(/^β is/);
      expect(check({ alphaTimesM: bad }).errors[0], String(bad)).toMatch(/^α·M is/);
      expect(check({ totalVariation: bad }).errors[0], String(bad)).toMatch(/total variation is/);
      expect(check({ styleLayers: { block1_conv1: bad } }).errors[0], String(bad)).toMatch(/weight of block1_conv1 is/);
      expect(check({ seed: bad }).errors[0], String(bad)).toMatch(/seed is/);
      expect(check({ size: bad }).errors, String(bad)).toHaveLength(1);
      expect(check({ steps: bad }).errors, String(bad)).toHaveLength(1);
      expect(adam({ learningRate: bad }).errors, String(bad)).toHaveLength(1);
      expect(adam({ epsilon: bad }).errors, String(bad)).toHaveLength(1);
      expect(check({ initialisation: { kind: "blend", noise: bad } }).errors, String(bad)).toHaveLength(1);
    }
    expect(adam({ learningRate: 0 }).errors[0]).toContain("never changes");
    expect(adam({ beta1: 1 }).errors[0]).toContain("β₁");
    expect(adam({ beta2: -0.1 }).errors[0]).toContain("β₂");
    expect(check({ initialisation: { kind: "blend", noise: 1.01 } }).errors).toHaveLength(1);
  });

  it("refuses numbers that make no optimiser, whichever it is", () => {
    const optimiser = (options: OptimiserOptions) => check({ optimiser: options }).errors;
    expect(optimiser({ kind: "descent", learningRate: 3, momentum: 0.9, decay: { rate: 0.96, every: 100 } })).toEqual([]);
    expect(optimiser({ kind: "descent", learningRate: 3, momentum: 1 })).toEqual([expect.stringContaining("momentum is 1")]);
    expect(optimiser({ kind: "descent", learningRate: 3, decay: { rate: 1.1, every: 100 } })).toEqual([expect.stringContaining("decays by a factor of 1.1")]);
    expect(optimiser({ kind: "descent", learningRate: 3, decay: { rate: 0.9, every: 0 } })).toEqual([expect.stringContaining("every 0 steps")]);
    expect(optimiser({ kind: "descent", learningRate: -1 })).toHaveLength(1);
    expect(optimiser({ kind: "lbfgs", learningRate: 1, history: 10 })).toEqual([]);
    for (const history of [0, 1.5, 101, NaN]) expect(optimiser({ kind: "lbfgs", learningRate: 1, history }), String(history)).toHaveLength(1);
  });

  it("calls a learning rate large where pixels are moved by it, and a weight odd where it means what the network recommends", () => {
    const large = (optimiser: OptimiserOptions) => check({ optimiser }).warnings.some((text) => text.startsWith("Learning rate"));
    expect(large({ ...defaults.optimiser, learningRate: 1 })).toBe(true);
    expect(large({ kind: "lbfgs", learningRate: 1, history: 10 })).toBe(false);
    expect(large({ kind: "descent", learningRate: 16 })).toBe(false);
    expect(check({ totalVariation: 1e-8 }).warnings).toHaveLength(1);
    expect(check({ totalVariation: 1e-8, totalVariationKind: "sum-absolute" }).warnings).toEqual([]);
    expect(check({ beta: 1e8 }).warnings).toHaveLength(1);
    expect(check({ beta: 1e8, styleStatistic: "wasserstein" }).warnings).toEqual([]);
  });

  it("keeps the size within 32 and 1024 pixels, the steps at 1 or more, both whole", () => {
    expect([31, 32, 1024, 1025, 100.5].map((size) => check({ size }).errors.length)).toEqual([1, 0, 0, 1, 1]);
    expect([0, 1, 2.5].map((steps) => check({ steps }).errors.length)).toEqual([1, 0, 1]);
    expect(check({ size: 1024 }).warnings.join()).toContain("16 times those of 256 px");
  });

  it("warns of weights far from what the network recommends", () => {
    expect(check({ beta: 1e12 }).warnings[0]).toMatch(/β = 1e12 is 1e12 times/);
    expect(check({ beta: 1e20 }).warnings[0]).toMatch(/β = 1e20: .*overflow/);
    expect(check({ alphaTimesM: 1e-12 }).warnings[0]).toMatch(/α·M = 1e-12 is 1\/1e8 of/);
    expect(check({ styleLayers: { block1_conv1: 5000 } }).warnings[0]).toContain("add up to 5000");
    expect(adam({ learningRate: 5 }).warnings[0]).toContain("black to white");
  });

  it("warns that Adam stalls when all weights are tiny, but not when only their ratio is unusual", () => {
    expect(check({ beta: 1e-4, alphaTimesM: 1e-8 }).warnings.join()).toContain("ε = 1e-8");
    expect(check({ beta: 1e-4 }).warnings).toEqual([]);
    expect(check({ alphaTimesM: 1e-8 }).warnings).toEqual([]);
  });
});
