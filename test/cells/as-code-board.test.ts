import { describe, expect, it } from "vitest";
import { boardCode } from "../../src/cells/as-code-board";
import { sourceIn } from "../../src/cells/code-text";
import { defaultChoices, transferSettings } from "../../src/cells/transfer-settings";
import type { TransferSettings } from "../../src/nst/settings";
import { slim } from "../support/fixtures";

const { card } = slim();
const settings = transferSettings(defaultChoices(card), card);

describe("the code of a board", () => {
  it("is the settings with the layers and weights that were chosen, and says nothing of the rest", () => {
    const chosen: TransferSettings = { ...settings, contentLayer: null, styleLayers: { block1_conv1: 0.5, block2_conv1: 0.5 }, alphaTimesM: 3e-4 };
    const code = boardCode({ name: "chosen2", settings: "settings", read: settings, chosen });
    expect(new Function("settings", `${sourceIn(code)}; return chosen2`)(settings)).toEqual(chosen);
    expect(code).not.toContain("beta");
    expect(code).not.toContain("steps");
  });
});
