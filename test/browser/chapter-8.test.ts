/** Chapter 8, both notebooks as they are shipped, in the built app: read from top to bottom, everything in them started and answered. */
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { GrowthValue } from "../../src/cells/growth-cell";
import type { SweepValue } from "../../src/cells/sweep";
import { Chapter } from "./support/chapter";
import { eventually, unexpected } from "./support/own-notebook";
import type { Workbench } from "./support/workbench";

let chapter: Chapter;
let workbench: Workbench;
let page: Page;

beforeAll(async () => {
  chapter = await Chapter.open("paper-figure-1");
  ({ workbench, page } = chapter);
});
afterEach(() => expect(unexpected(workbench.errors)).toEqual([]));
afterAll(() => chapter?.close());

/** Sets what a person would set by hand, so that the test is soon over. */
const set = (name: string, params: Record<string, unknown>) =>
  workbench.cell(name).evaluate((cell, params) => {
    for (const [param, value] of Object.entries(params)) (cell as HTMLElementTagNameMap["nst-sweep"]).setParam(param, value);
  }, params);

/** Starts what grows, and waits for its end. */
async function grow(name: string): Promise<Locator> {
  const cell = workbench.cell(name);
  await cell.scrollIntoViewIfNeeded();
  await cell.getByRole("button", { name: "Start", exact: true }).click();
  await cell.locator(".status b", { hasText: "Finished" }).waitFor();
  return cell;
}

describe("chapter 8, figure 1", () => {
  it("rebuilds the content from five layers, and the style from five sets of them", async () => {
    await chapter.resize(64);
    for (const [name, steps] of [["rebuilt", 40], ["textures", 8]] as const) {
      await set(name, { size: 64, steps });
      await grow(name);
      const { shares } = await chapter.value<GrowthValue>(name);
      expect(Object.keys(shares)).toEqual(["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1"]);
      for (const [layer, share] of Object.entries(shares)) expect([layer, share! < 1]).toEqual([layer, true]);
    }
  });

  it("says what every layer thinks of each picture, when it is asked to", async () => {
    expect(await chapter.answer(/rebuilt from conv5_1 alone, judged by conv1_1/, "a good part of it")).toBeGreaterThan(0.05);
    expect(await chapter.answer(/rebuilt from conv1_1 alone, judged by conv5_1/, "hardly anything")).toBeLessThan(0.05);
    await page.locator("nst-code").nth(1).scrollIntoViewIfNeeded();
    const { shares } = await chapter.value<{ shares: { from: string; by: string; share: number }[] }>("judged");
    expect(shares).toHaveLength(25);
    const share = (from: string, by: string) => shares.find((one) => one.from === from && one.by === by)!.share;
    // the same numbers as beneath the pictures
    const { shares: left } = await chapter.value<GrowthValue>("rebuilt");
    for (const l of [1, 2, 3, 4, 5]) expect(share(`conv${l}_1`, `conv${l}_1`) / left[`block${l}_conv1`]!).toBeCloseTo(1, 3);
    // a deep layer gets what it asks for, and the first layers find much that is not so
    for (const l of [3, 4, 5]) expect(share(`conv${l}_1`, "conv1_1")).toBeGreaterThan(3 * share(`conv${l}_1`, `conv${l}_1`));
    for (const l of [2, 3, 4, 5]) expect(share("conv1_1", `conv${l}_1`)).toBeLessThan(0.05);
  });

  it("has no error in any cell at its end, and is not wider than a narrow screen", () => chapter.endsWell());
});

describe("chapter 8, figure 3", () => {
  it("is where the link at the end of figure 1 leads to", async () => {
    const link = page.locator("nst-notebook").getByRole("link", { name: "Figure 3", exact: true });
    await page.goto(await link.evaluate((a) => (a as HTMLAnchorElement).href));
    await page.getByRole("heading", { level: 1, name: "8 The paper, rerun: Figure 3" }).waitFor();
    await workbench.settled();
    await set("grid", { size: 64, steps: 24 });
  });

  it("grows the grid of the figure, five sets of layers by four weights, and the content comes in from left to right", async () => {
    const grid = await grow("grid");
    expect(await grid.getByRole("gridcell").count()).toBe(20);
    expect(await grid.getByRole("rowheader").allInnerTexts()).toEqual(["conv1_1", "+ conv2_1", "+ conv3_1", "+ conv4_1", "+ conv5_1"]);
    const { cells, settings } = await chapter.value<SweepValue>("grid");
    expect(settings).toMatchObject({ contentLayer: "block4_conv2", initialisation: { kind: "noise" } });
    expect(Object.keys(settings.styleLayers)).toHaveLength(5);
    for (const row of [1, 2, 3, 4, 5]) {
      const [first, , third, last] = [1, 2, 3, 4].map((column) => cells[`r${row}c${column}`].contentLeft!);
      expect([row, third < first, last < third]).toEqual([row, true, true]);
    }
  });

  it("says for this network where both costs weigh the same", async () => {
    await page.locator("nst-code").first().scrollIntoViewIfNeeded();
    const { ratio } = await chapter.value<{ ratio: number }>("even");
    expect(ratio).toBeGreaterThan(0.5e-4);
    expect(ratio).toBeLessThan(2e-4);
  });

  it("runs the chosen picture in the size of its pictures, with the same α·M", async () => {
    await chapter.resize(96);
    await set("grid", { place: "1 4" });
    const run = workbench.run();
    await run.cell.scrollIntoViewIfNeeded();
    await eventually(async () => (await chapter.value<SweepValue>("grid")).settings.alphaTimesM).toBeCloseTo(1e-4 * 64, 10);
    await eventually(() => run.startButton.isEnabled()).toBe(true);
    await run.start();
    await run.until("finished");
    expect(await workbench.picture("G")).toMatchObject({ width: 96, step: 24 });
  });

  it("varies any other two settings", async () => {
    await set("grid2", { size: 48, steps: 2 });
    await grow("grid2");
    const { cells } = await chapter.value<SweepValue>("grid2");
    expect(Object.values(cells).map(({ step }) => step)).toEqual(Array(16).fill(2));
  });

  it("asks three questions at its end, and the numbers bear out what it explains", async () => {
    expect(await chapter.answer(/In the lower left picture/, "more than a quarter, but not nearly all")).toBeGreaterThan(0.25);
    expect(await chapter.answer(/compare the last row with the first one/, "higher with five layers")).toBeGreaterThan(1.25);
    expect(await chapter.answer(/In the last row, from the first column to the last one/, "by less than a thousand")).toBeLessThan(700);
  });

  it("has no error in any cell at its end, and is not wider than a narrow screen", () => chapter.endsWell());

  it("leaves no tensors behind when it is left: the workers keep the network alone", () => chapter.leavesNothing());
});
