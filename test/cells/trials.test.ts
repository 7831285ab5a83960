import { describe, expect, it } from "vitest";
import { atTheEnds, distance, rateTrials, rises, startTrials, trialPlans } from "../../src/cells/trials-plans";
import { defaultChoices, transferSettings } from "../../src/cells/transfer-settings";
import type { Picture } from "../../src/nst/picture";
import { slim } from "../support/fixtures";

const { card } = slim();
const network = { card, base: "https://example.org/vgg19-slim/" };
const settings = transferSettings(defaultChoices(card), card);
const flat = (value: number, width = 8, height = 6): Picture => ({ width, height, data: new Float32Array(width * height * 3).fill(value) });
const OPTIONS = { size: 64, steps: 20, seed: 7 };

describe("runs from several starts", () => {
  it("differ in what the picture is at step 0, and in nothing else: pictures, settings and seed are the same", () => {
    const plans = trialPlans(network, flat(0.2, 128, 96), flat(0.8, 100, 100), settings, startTrials("content noise style blend"), OPTIONS);
    expect(plans.map(({ key, config }) => [key, config.settings.initialisation])).toEqual([
      ["content", { kind: "content" }], ["noise", { kind: "noise" }], ["style", { kind: "style" }], ["blend", { kind: "blend", noise: 0.5 }],
    ]);
    for (const { config, steps } of plans) {
      expect([steps, config.settings.steps, config.settings.seed]).toEqual([20, 20, 7]);
      expect([config.content.width, config.content.height]).toEqual([64, 48]);
      expect({ ...config.settings, initialisation: null }).toEqual({ ...plans[0].config.settings, initialisation: null });
      expect(config.content).toBe(plans[0].config.content);
    }
  });

  it("say what is wrong with the names of starts", () => {
    expect(() => startTrials("content moon")).toThrow("there is no start “moon”. There are: content, noise, style, blend.");
    expect(() => startTrials("noise noise")).toThrow("“noise” is named twice");
    expect(() => startTrials(" ")).toThrow("starts is empty");
  });

  it("say which option will not do", () => {
    const plans = (options: Partial<typeof OPTIONS>) => () => trialPlans(network, flat(0), flat(0), settings, startTrials("noise"), { ...OPTIONS, ...options });
    expect(plans({ size: 8 })).toThrow("size is 8");
    expect(plans({ steps: 0 })).toThrow("steps is 0");
    expect(plans({ seed: 1.5 })).toThrow("seed is 1.5");
  });
});

describe("runs at several learning rates", () => {
  it("differ in the learning rate alone, in the order in which it is named", () => {
    const trials = rateTrials("0.002 2e-2 0.5", settings);
    expect(trials.map(({ key, title }) => [key, title])).toEqual([["r1", "rate 0.002"], ["r2", "rate 0.02"], ["r3", "rate 0.5"]]);
    const plans = trialPlans(network, flat(0.2), flat(0.8), settings, trials, OPTIONS);
    expect(plans.map(({ config }) => config.settings.optimiser)).toEqual([0.002, 0.02, 0.5].map((learningRate) => ({ ...settings.optimiser, learningRate })));
    expect(new Set(plans.map(({ config: { settings: { optimiser: _, ...rest } } }) => JSON.stringify(rest))).size).toBe(1);
  });

  it("are numbers above 0", () => {
    expect(() => rateTrials("0.02 0", settings)).toThrow("A learning rate in rates is 0");
    expect(() => rateTrials("fast", settings)).toThrow("A learning rate in rates is NaN");
    expect(() => rateTrials("1 2 3 4 5 6 7", settings)).toThrow("7 are too many");
  });
});

describe("what is said of them", () => {
  it("is the share of values that the clip holds", () => {
    expect(atTheEnds({ width: 2, height: 1, data: Float32Array.of(0, 1, 0.5, 0.2, 1, 0.9999) })).toBe(0.5);
  });

  it("is how far apart two pictures are", () => {
    expect(distance(flat(0.25), flat(0.75))).toBe(0.5);
    expect(distance(flat(0.25), flat(0.25))).toBe(0);
  });

  it("is in how many of the later steps a cost rose", () => {
    expect(rises([9, 8, 7, 8, 6, 7])).toBeCloseTo(2 / 3);
    expect(rises([9, 8, 7, 6, 5, 4])).toBe(0);
    expect([rises([]), rises([1])]).toEqual([null, null]);
  });
});
