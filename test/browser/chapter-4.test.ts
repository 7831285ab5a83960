/** Chapter 4 as it is shipped, in the built app: read from top to bottom, everything in it started and answered. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { BlobsValue } from "../../src/cells/blobs";
import type { GramValue } from "../../src/cells/features-value";
import type { GramCompareValue } from "../../src/cells/gram-compare";
import type { GrowthValue } from "../../src/cells/growth-cell";
import type { SameGramValue } from "../../src/cells/same-gram";
import type { ShuffleValue } from "../../src/cells/shuffle";
import { Chapter } from "./support/chapter";
import { eventually, unexpected } from "./support/own-notebook";
import type { RunCell, Workbench } from "./support/workbench";

let chapter: Chapter;
let workbench: Workbench;
let page: Page;
let run: RunCell;

beforeAll(async () => {
  chapter = await Chapter.open("style-correlations");
  ({ workbench, page } = chapter);
  run = workbench.run();
  // smaller than shipped, so that the test is soon over: what the text claims holds at this size as well
  await chapter.resize(128);
});
afterEach(() => expect(unexpected(workbench.errors)).toEqual([]));
afterAll(() => chapter?.close());

describe("chapter 4", () => {
  it("begins with two blobs whose costs can be followed", async () => {
    await chapter.show("blobs", "nst-formula");
    expect((await chapter.value<BlobsValue>("blobs")).m).toBe(16);
  });

  it("shows the Gram matrix of the style picture, and takes an entry apart", async () => {
    await chapter.show("A", "nst-gram-entry canvas");
    expect(await chapter.value<GramValue>("A")).toMatchObject({ layer: "block3_conv1", channels: 64, positions: 32 * 32 });
    expect(await workbench.cell("A").locator("nst-gram-entry .numbers .soft").last().innerText()).toMatch(/^The same number/);
  });

  it("compares it with that of the content picture, and every cell follows when another layer is chosen", async () => {
    await chapter.show("apart", "nst-gram-map");
    const { styleCost, change } = await chapter.value<GramCompareValue>("apart");
    expect(styleCost).toBeGreaterThan(0);
    expect(change).toBeGreaterThan(0.2);
    await page.evaluate(() => document.querySelector("nst-layers")!.setParam("layer", "conv2_1"));
    await eventually(() => workbench.cell("apart").locator("header .note").innerText()).toMatch(/^conv2_1 · 32 × 32/);
    await page.evaluate(() => document.querySelector("nst-layers")!.setParam("layer", "conv3_1"));
    await eventually(() => workbench.cell("apart").locator("header .note").innerText()).toMatch(/^conv3_1 · 64 × 64/);
  });

  it("lets predict what a shuffle does, and shuffles: the style cost stays 0, the content cost explodes", async () => {
    expect(await chapter.answer(/All positions of F are moved/, "it stays the same, but for rounding")).toBeLessThan(1e-4);
    expect(await chapter.answer(/And the content cost/, "it is larger than with 0 everywhere")).toBeGreaterThan(1);
    await chapter.show("shuffled", "nst-shuffle-view");
    await workbench.cell("shuffled").getByRole("button", { name: "Shuffle", exact: true }).click();
    await workbench.cell("shuffled").locator("dl").waitFor();
    const { styleCost, contentCost } = await chapter.value<ShuffleValue>("shuffled");
    expect(styleCost).toBeLessThan(1e-8);
    expect(contentCost).toBeGreaterThan(1000);
  });

  it("runs, and the difference of the Gram matrices fades", async () => {
    await run.cell.scrollIntoViewIfNeeded();
    await workbench.field("steps").fill("12");
    await eventually(() => run.startButton.isEnabled()).toBe(true);
    await run.start();
    await run.until("finished");
    await chapter.show("left", "nst-gram-map");
    const before = (await chapter.value<GramCompareValue>("apart")).styleCost;
    await eventually(async () => (await chapter.value<GramCompareValue>("left")).styleCost).toBeLessThan(0.8 * before);
  });

  it("makes textures of growing sets of layers, from the same noise", async () => {
    const textures = workbench.cell("textures");
    await textures.scrollIntoViewIfNeeded();
    await textures.evaluate((cell) => (cell as HTMLElementTagNameMap["nst-texture"]).setParam("steps", 6));
    await textures.getByRole("button", { name: "Start", exact: true }).click();
    await textures.locator(".status b", { hasText: "Finished" }).waitFor();
    const { shares } = await chapter.value<GrowthValue>("textures");
    expect(Object.keys(shares)).toEqual(["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1"]);
    for (const [layer, share] of Object.entries(shares)) expect([layer, share! < 1]).toEqual([layer, true]);
  });

  it("shows other maps with the same Gram matrix", async () => {
    await chapter.show("same", "nst-pixel-canvas");
    const { gramChange, contentCost, negative } = await chapter.value<SameGramValue>("same");
    expect(gramChange).toBeLessThan(1e-4);
    expect(contentCost).toBeGreaterThan(100);
    expect(negative).toBeGreaterThan(0.01);
  });

  it("asks three questions at its end, and the numbers bear out what it explains", async () => {
    expect(await chapter.answer(/stands twice side by side/, "it changes by less than a twentieth")).toBeGreaterThan(0);
    expect(await chapter.answer(/is mirrored/, "it changes, but by less than a half")).toBeGreaterThan(0.01);
    expect(await chapter.answer(/the pixels of the picture are shuffled/, "it changes by more than a half")).toBeGreaterThan(0.5);
  });

  it("has no error in any cell at its end, and is not wider than a narrow screen", () => chapter.endsWell());

  it("leaves no tensors behind when it is left: the workers keep the network alone", () => chapter.leavesNothing());
});
