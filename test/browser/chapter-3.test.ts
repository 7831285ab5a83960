/** Chapter 3 as it is shipped, in the built app: read from top to bottom, everything in it started and answered. */
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ContentCostValue } from "../../src/cells/content-cost-sums";
import type { GrowthValue } from "../../src/cells/growth-cell";
import { slim } from "../support/fixtures";
import { Chapter } from "./support/chapter";
import { unexpected } from "./support/own-notebook";
import type { RunCell, Workbench } from "./support/workbench";

let chapter: Chapter;
let workbench: Workbench;
let page: Page;
let run: RunCell;

beforeAll(async () => {
  chapter = await Chapter.open("content-cost");
  ({ workbench, page } = chapter);
  run = workbench.run();
});
afterEach(() => expect(unexpected(workbench.errors)).toEqual([]));
afterAll(() => chapter?.close());

const words = async (locator: Locator) => (await locator.innerText()).replace(/[\s\u2009]+/g, " ").trim();

/** Scrolls to a cell until something in it is there: cells above it that are computed on the way may push it down again. */
async function reach(cell: Locator, sign: Locator): Promise<void> {
  const there = async () => {
    await cell.scrollIntoViewIfNeeded();
    return (await sign.count()) > 0;
  };
  await expect.poll(there, { timeout: 30_000 }).toBe(true);
}

describe("chapter 3", () => {
  it("shows the content cost of a picture that has moved by a pixel, with its features", async () => {
    const cost = workbench.cell("cost");
    await reach(cost, cost.locator("nst-content-cost-view .here"));
    const { layer, relative, halfOfPositions } = await chapter.value<ContentCostValue>("cost");
    expect(layer).toBe(slim().card.defaults.contentLayer);
    // hardly anybody would notice, and neither does this layer
    expect(relative).toBeGreaterThan(0);
    expect(relative).toBeLessThan(0.05);
    // the text: a small part of the positions brings half of it
    expect(halfOfPositions).toBeLessThan(0.25);
    expect(await words(cost.locator("nst-sum-curve li").first())).toMatch(new RegExp(`Half of the cost comes from ${Math.round(halfOfPositions * 1024)} of 1 024 positions`));
  });

  it("shows the same at another layer as soon as one is chosen on the map of the network", async () => {
    await page.evaluate(() => document.querySelector("nst-layers")!.setParam("layer", "conv5_1"));
    await expect.poll(async () => (await chapter.value<ContentCostValue>("cost")).layer).toBe("block5_conv1");
    expect(await words(workbench.cell("cost").locator("header .note"))).toBe("conv5_1 · 16 × 16 × 128");
    await page.evaluate(() => document.querySelector("nst-layers")!.setParam("layer", "conv4_2"));
  });

  it("has numbers for what it says about layers: conv1_1 minds a small distance as much as a large one, conv5_1 hardly minds it", async () => {
    const { shape, data } = await chapter.value<{ shape: number[]; data: number[] }>("moved", 20);
    expect(shape).toEqual([4, 5]);
    const [at1, at2, at4, at8] = [0, 1, 2, 3].map((row) => data.slice(5 * row, 5 * row + 5));
    expect(at8[0] / at2[0]).toBeLessThan(1.5);
    expect(at1[4]).toBeLessThan(0.03);
    expect(at8[4] / at2[4]).toBeGreaterThan(4);
    for (const layer of [2, 3, 4]) expect([at1, at2, at4, at8].map((row) => row[layer])).toEqual([at1, at2, at4, at8].map((row) => row[layer]).sort((a, b) => a - b));
    // the deeper, the less it minds a pixel, from the second block on
    for (let layer = 1; layer < 4; layer++) expect(at1[layer + 1]).toBeLessThan(at1[layer]);

    // the picture that has moved, the numbers, the drawing
    const code = page.locator("nst-code").nth(2);
    const drawing = code.locator("iframe");
    await reach(code, drawing);
    await expect.poll(() => drawing.contentFrame().locator("svg circle").count()).toBe(20);
  });

  it("takes the cost of a run apart that starts as a copy of the content picture", async () => {
    await run.cell.scrollIntoViewIfNeeded();
    await workbench.field("steps").fill("4");
    await expect.poll(() => run.startButton.isEnabled()).toBe(true);
    await run.start();
    const { costs } = await run.until("finished");
    expect(costs["content"][0]).toBe(0);
    const paid = workbench.cell("paid");
    await reach(paid, paid.locator("nst-content-cost-view .here"));
    // the run weighs it with α, and its last cost is that of the last picture
    const { alphaTimesM } = await workbench.settings();
    await expect.poll(async () => Math.abs(((await chapter.value<ContentCostValue>("paid")).cost * alphaTimesM) / 1024 / costs["content"].at(-1)! - 1)).toBeLessThan(2e-3);
  });

  it("rebuilds the picture from each of five layers, from the same noise", async () => {
    const rebuilt = workbench.cell("rebuilt");
    await rebuilt.scrollIntoViewIfNeeded();
    await rebuilt.evaluate((cell) => (cell as HTMLElementTagNameMap["nst-reconstruct"]).setParam("steps", 8));
    await rebuilt.getByRole("button", { name: "Start", exact: true }).click();
    await rebuilt.locator(".status b", { hasText: "Finished" }).waitFor();
    const { shares } = await chapter.value<GrowthValue>("rebuilt");
    expect(Object.keys(shares)).toEqual(["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1"]);
    for (const [layer, share] of Object.entries(shares)) expect([layer, share! < 1]).toEqual([layer, true]);
  });

  it("asks three questions, computes their answers when they are asked, and not before", async () => {
    const questions = page.locator("nst-predict");
    expect(await questions.count()).toBe(3);
    const held = () => page.evaluate(() => document.querySelector("nst-notebook")!.graph.describe().filter(({ state }) => state === "held").length);
    const before = await held();
    expect(before).toBe(3);
    const answers = [
      { answer: "by about four", low: 2.8, high: 6 },
      { answer: "more than a quarter", low: 0.26, high: 1 },
      { answer: "conv4_2", low: 1.1, high: Infinity },
    ];
    for (const [i, { answer, low, high }] of answers.entries()) {
      const question = questions.nth(i);
      await question.scrollIntoViewIfNeeded();
      expect(await question.getByRole("button", { name: "Run" }).isEnabled()).toBe(false);
      await question.getByText(answer, { exact: true }).click();
      await question.getByRole("button", { name: "Run" }).click();
      await expect.poll(() => words(question.getByRole("status")), { timeout: 60_000 }).toMatch(/^As you predicted: [\d.]+ /);
      const number = Number(/predicted: ([\d.]+)/.exec(await words(question.getByRole("status")))![1]);
      expect(number).toBeGreaterThanOrEqual(low);
      expect(number).toBeLessThan(high);
      expect(await held()).toBe(before - i - 1);
    }
  });

  it("has no error in any cell at its end, and is not wider than a narrow screen", () => chapter.endsWell());

  it("leaves no tensors behind when it is left: the workers keep the network alone", () => chapter.leavesNothing());
});
