import { describe, expect, it } from "vitest";
import { describeChange, markedChanges } from "../../src/cells/settings-change";
import { termsCode } from "../../src/cells/as-code-terms";
import { settingsTerms, withoutTerms } from "../../src/cells/terms-kept";
import type { TransferSettings } from "../../src/nst/settings";

const settings: TransferSettings = {
  pooling: "average", tap: "after", contentLayer: "block4_conv2", styleLayers: { block1_conv1: 0.2, block2_conv1: 0.5 }, alphaTimesM: 0.1, beta: 10, totalVariation: 1,
  initialisation: { kind: "content" }, seed: 0, size: 128, steps: 80, optimiser: { kind: "adam", learningRate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
};

describe("the terms of a cost", () => {
  it("are the content, every style layer with β times its weight, and total variation", () => {
    expect(settingsTerms(settings).map(({ name, label, weight }) => [name, label, weight])).toEqual([
      ["content", "conv4_2", 0.1],
      ["block1_conv1", "conv1_1", 2],
      ["block2_conv1", "conv2_1", 5],
      ["tv", "neighbouring pixels", 1],
    ]);
  });

  it("are only those that count", () => {
    expect(settingsTerms({ ...settings, contentLayer: null, totalVariation: 0, styleLayers: { block1_conv1: 1, block2_conv1: 0 } }).map(({ name }) => name)).toEqual(["block1_conv1"]);
  });

  it("can be erased one by one: their weight is 0, and nothing else changes", () => {
    expect(withoutTerms(settings, ["block1_conv1"])).toEqual({ ...settings, styleLayers: { block1_conv1: 0, block2_conv1: 0.5 } });
    expect(withoutTerms(settings, ["content"])).toEqual({ ...settings, alphaTimesM: 0 });
    expect(withoutTerms(settings, ["tv", "block9_conv9"])).toEqual({ ...settings, totalVariation: 0 });
    expect(withoutTerms(settings, [])).toEqual(settings);
  });
});

describe("a change of settings in mid-run", () => {
  it("is told by what bears on the next step", () => {
    expect(describeChange(settings, withoutTerms(settings, ["content", "block2_conv1"]))).toBe("α · M 0.1 → 0, conv2_1 0.5 → 0");
    expect(describeChange(settings, { ...settings, steps: 200, optimiser: { ...settings.optimiser, learningRate: 0.1 } })).toBe("learning rate 0.02 → 0.1");
    expect(describeChange(settings, { ...settings, contentLayer: "block5_conv2", styleLayers: { block1_conv1: 0.2 } })).toBe("content at conv5_2, conv2_1 0.5 → 0");
  });

  it("is marked at its step, and the settings of the start are no change", () => {
    const without = withoutTerms(settings, ["tv"]);
    expect(markedChanges([{ step: 0, settings }])).toEqual([]);
    expect(markedChanges([{ step: 0, settings }, { step: 31, settings: without }, { step: 40, settings }])).toEqual([
      { step: 31, text: "τ 1 → 0" },
      { step: 40, text: "τ 0 → 1" },
    ]);
  });

  it("is marked once a step, and not at all where nothing that counts has changed", () => {
    const changes = [{ step: 0, settings }, { step: 5, settings: { ...settings, beta: 20 } }, { step: 5, settings: { ...settings, beta: 30 } }, { step: 9, settings: { ...settings, beta: 30, steps: 99 } }];
    expect(markedChanges(changes)).toEqual([{ step: 5, text: "β 10 → 30" }]);
  });
});

describe("the terms as code", () => {
  it("is the settings with the weights that were taken away", () => {
    const code = termsCode({ name: "kept2", settings: "settings", read: settings, erased: ["content", "block2_conv1"] });
    const [, ...lines] = code.split("\n");
    const computed = new Function("settings", `${lines.slice(0, -1).join("\n")}\nreturn kept2`)(settings) as TransferSettings;
    expect(computed).toEqual(withoutTerms(settings, ["content", "block2_conv1"]));
    expect(code).toBe("```js kernel edit\n// what is erased has the weight 0\nconst kept2 = {\n  ...settings,\n  alphaTimesM: 0,\n  styleLayers: { ...settings.styleLayers, block2_conv1: 0 },\n}\n```");
  });
});
