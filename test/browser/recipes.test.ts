/** Chapter 11 as it is shipped, in the built app, and the recipe cells in it. */
import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { RecipeValue } from "../../src/cells/recipe";
import type { RecipeNumbers } from "../../src/cells/recipe-table";
import { Chapter } from "./support/chapter";
import { eventually, unexpected } from "./support/own-notebook";

let chapter: Chapter;
let recipe: Locator;

beforeAll(async () => {
  chapter = await Chapter.open("recipes");
  recipe = chapter.workbench.cell("recipe");
});
afterEach(() => expect(unexpected(chapter.workbench.errors)).toEqual([]));
afterAll(() => chapter?.close());

const words = async (locator: Locator) => (await locator.innerText()).replace(/\s+/g, " ").trim();
const changed = () => recipe.locator(".line.changed .label").allInnerTexts();
const numbers = () => chapter.value<Record<string, RecipeNumbers>>("recipes");

describe("a recipe that is chosen", () => {
  it("rewrites the formula, and marks what has changed beside what stood there before", async () => {
    await chapter.show("recipe", ".formula nst-formula[set]");
    expect(await changed()).toEqual(["content", "style"]);
    await recipe.getByRole("combobox", { name: "recipe" }).selectOption({ label: "Johnson’s neural-style" });
    await eventually(changed).toEqual(["content", "style", "smoothness"]);
    const tv = recipe.locator(".line.tv");
    expect(await tv.locator(".was").innerText()).toMatch(/before\s*none/);
    expect(await tv.locator("nst-formula").getAttribute("set")).not.toBeNull();
    expect(await recipe.getByRole("status").first().textContent()).toBe("Johnson’s neural-style. Rewritten: content, style, smoothness.");
    // the next one has the same content and style
    await recipe.getByRole("button", { name: "the next recipe in the list" }).click();
    await eventually(changed).toEqual(["smoothness"]);
    expect((await chapter.value<RecipeValue>("recipe")).id).toBe("neural-style-pt");
  });

  it("sets its weights in the common unit beside those of the one before", async () => {
    await recipe.getByRole("combobox", { name: "recipe" }).selectOption({ label: "TensorFlow’s tutorial" });
    await eventually(async () => (await chapter.value<RecipeValue>("recipe")).id).toBe("tf-tutorial");
    const { alpha, betas, ratios } = await chapter.value<RecipeValue>("recipe");
    // conv5_2 has 128 maps of 6 × 6 positions here: α = 2 · 10⁴ / (N · M), β = 4 · 10⁻² / 5
    expect([alpha, betas["block1_conv1"]]).toEqual([expect.closeTo(2e4 / (128 * 36), 6), expect.closeTo(0.008, 12)]);
    expect(ratios["block1_conv1"]).toBeCloseTo(alpha / 0.008, 6);
    expect(await words(recipe.getByRole("row").filter({ hasText: "conv1_1" }))).toBe("β conv1_1 0.008 1.56 ÷ 195 543 3.47e−4");
    expect(await words(recipe.locator(".fits").first())).toMatch(/^Formula only: to be exact it needs VGG-19 with its original weights/);
  });

  it("says plainly what is defective in it, and gives the network an input of its own where the recipe has one", async () => {
    await recipe.getByRole("combobox", { name: "recipe" }).selectOption({ label: "deeplearning.ai, TensorFlow 2" });
    await recipe.getByText("Nothing is preprocessed").waitFor();
    expect((await chapter.value<RecipeValue>("recipe")).network.card.input).toEqual({ channels: "RGB", range: [0, 1], mean: [0, 0, 0], scale: 1 });
  });

  it("is run in as many steps as are wanted; those of the recipe stand beside", async () => {
    expect((await chapter.value<RecipeValue>("recipe")).settings.steps).toBe(2501);
    await recipe.getByRole("textbox", { name: "steps of a run" }).fill("12");
    await recipe.getByText("published: 2 501").waitFor();
    expect((await chapter.value<RecipeValue>("recipe")).settings.steps).toBe(12);
  });
});

describe("chapter 11", () => {
  it("shows all recipes on one axis: 1/N² counts conv1_1 64 times as much as conv5_1, keras.io 1024 times, the paper as much", async () => {
    await chapter.show("recipes", ".recipe");
    const all = await numbers();
    expect(Object.keys(all)).toHaveLength(21);
    const slope = (id: string) => all[id].ratios["block5_conv1"] / all[id].ratios["block1_conv1"];
    for (const [id, expected] of [["gatys-code", 64], ["neural-style", 64], ["keras-io", 1024], ["gatys-paper", 1]] as const) expect([id, slope(id)]).toEqual([id, expect.closeTo(expected, 6)]);
    expect(await chapter.workbench.cell("recipes").getByRole("row").count()).toBe(22);
    expect(await words(chapter.workbench.cell("recipes").locator("header .note"))).toBe("0 of 21 exact with this network");
  });

  it("shows that sums over positions keep α where a mean loses three quarters of it when the picture is twice as large", async () => {
    const before = await numbers();
    await chapter.resize(192, ["content"]);
    await eventually(async () => (await numbers())["tf-tutorial"].alpha).toBeCloseTo(before["tf-tutorial"].alpha / 4, 6);
    const after = await numbers();
    const moved = Object.keys(after).map((id) => [id, Number((after[id].highest / before[id].highest).toFixed(3))] as const);
    expect(moved.filter(([, factor]) => factor === 1).map(([id]) => id)).toEqual(["gatys-paper", "cs231n", "cs231n-scream", "cs231n-starry-night", "keras-io", "seed-formula"]);
    expect(moved.filter(([, factor]) => factor !== 1 && factor !== 0.25)).toEqual([["neural-style-tf", 0.5]]);
  });

  it("asks how far the two tutorials are apart", async () => {
    await chapter.resize(64);
    expect(await chapter.answer(/TensorFlow’s tutorial weighs content/, "more than a thousand million times")).toBeGreaterThan(1e9);
  });

  it("runs two of them side by side: the one that reads shallow layers leaves conv5_1 nearly as it was", async () => {
    for (const name of ["first", "second"]) await chapter.workbench.cell(name).evaluate((cell) => (cell as HTMLElementTagNameMap["nst-recipe"]).setParam("steps", 20));
    for (const name of ["A", "B"]) {
      const run = chapter.workbench.run(name);
      await run.cell.scrollIntoViewIfNeeded();
      await eventually(() => run.startButton.isEnabled()).toBe(true);
      await run.start();
      const { costs } = await run.until("finished");
      expect(costs["total"].at(-1)).toBeLessThan(0.5 * costs["total"][0]);
    }
    expect(await chapter.answer(/Both have run to their end/, "most of it")).toBeGreaterThan(0.7);
    const { first, second } = await chapter.value<Record<"first" | "second", Record<string, number>>>("left");
    expect(first["block5_conv1"]).toBeLessThan(0.5);
    // “at conv1_1 to conv3_1 it has come about as far”
    for (const layer of ["block1_conv1", "block2_conv1", "block3_conv1"]) expect(Math.abs(second[layer] - first[layer]), layer).toBeLessThan(0.2);
  });

  it("shows three defects as numbers", async () => {
    expect(await chapter.answer(/How wide is what one unit of conv3_1/, "24 pixels")).toBe(24);
    expect(await chapter.value<{ paper: number }>("sees")).toMatchObject({ paper: 156 });
    expect(await chapter.answer(/read without preprocessing/, "0.999 and more")).toBeGreaterThan(0.999);
    const { prepared } = await chapter.value<{ prepared: number }>("alike");
    expect(Math.abs(prepared - 0.5)).toBeLessThan(0.2);
    expect(await chapter.answer(/How much of the contrast/, "less than a twentieth")).toBeLessThan(0.05);
  });

  it("has no error in any cell at its end, and is not wider than a narrow screen", () => chapter.endsWell());

  it("leaves no tensors behind when it is left: the workers keep the network alone", () => chapter.leavesNothing());
});
