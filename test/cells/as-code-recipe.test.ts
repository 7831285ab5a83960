import { describe, expect, it } from "vitest";
import { recipeCode } from "../../src/cells/as-code-recipe";
import { sourceIn } from "../../src/cells/code-text";
import { readRecipe, recipeNamed, sideOf } from "../../src/cells/recipe-reading";
import { slim } from "../support/fixtures";

const { card } = slim();
const network = { id: card.id, card, base: "/" };

function run(id: string): unknown {
  const { settings, recipe } = readRecipe(recipeNamed(id), card, { width: 64, height: 48 });
  const code = recipeCode({ name: "recipe2", title: recipe.title, network: "network", settings, input: recipe.input ?? null });
  return new Function("network", `${sourceIn(code)}; return recipe2`)(network);
}

describe("the code of a recipe", () => {
  it("is its settings, and the network as it is", () => {
    expect(run("tf-tutorial")).toEqual({ settings: readRecipe(recipeNamed("tf-tutorial"), card, { width: 64, height: 48 }).settings, network });
  });

  it("gives the network the input of a recipe that has its own: no preprocessing", () => {
    const { network: given } = run("dlai-tf2") as { network: typeof network };
    expect(given.card.input).toEqual({ channels: "RGB", range: [0, 1], mean: [0, 0, 0], scale: 1 });
    expect({ ...given.card, input: card.input }).toEqual(card);
  });
});

describe("a recipe that is read", () => {
  it("says for the network whether it is exact, and gives settings for a picture of this size", () => {
    const { exact, why, settings, alpha, betas, ratios } = readRecipe(recipeNamed("gatys-paper"), card, { width: 64, height: 48 });
    expect([exact, why]).toEqual([false, expect.stringMatching(/^Formula only: /)]);
    expect([alpha, betas["block1_conv1"], ratios["block5_conv1"]]).toEqual([1, 200, 1 / 200]);
    // conv4_2 has 8 × 6 positions
    expect([settings.alphaTimesM, settings.beta, settings.styleLayers["block3_conv1"], settings.size]).toEqual([48, 1000, 0.2, 64]);
  });

  it("takes the size that the network recommends where there is no picture yet", () => {
    expect(sideOf({ picture: null }, card)).toEqual({ width: 256, height: 256 });
    expect(sideOf({ picture: { width: 5, height: 4, data: new Float32Array(60) } }, card)).toEqual({ width: 5, height: 4 });
  });

  it("that nobody knows is named, with those that there are", () => {
    expect(() => recipeNamed("tf")).toThrow(/There is no recipe “tf”\. There are: gatys-paper, gatys-code,/);
  });
});
