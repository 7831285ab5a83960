/** Chapter 8, both notebooks as they are shipped, in the built app: read from top to bottom, everything in them started and answered. */
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import type { GrowthValue } from "../../src/cells/growth-cell";
import type { SweepValue } from "../../src/cells/sweep";
import type { KernelValue } from "../../src/sandbox/client";
import { launch } from "./support/chrome";
import { eventually, networkTensors, unexpected } from "./support/own-notebook";
import { Workbench } from "./support/workbench";

let browser: Browser;
let context: BrowserContext;
let workbench: Workbench;
let page: Page;

beforeAll(async () => {
  browser = await launch({ gpu: false });
  context = await browser.newContext({ serviceWorkers: "block" });
  workbench = await Workbench.open(context, `${inject("app")}#/paper-figure-1`, { timeout: 90_000 });
  page = workbench.page;
  page.setDefaultTimeout(60_000);
});
afterEach(() => expect(unexpected(workbench.errors)).toEqual([]));
afterAll(() => browser?.close());

/** The numbers of a value, without its arrays. */
const value = <T>(name: string) =>
  page.evaluate(async (name) => {
    const given = await document.querySelector("nst-notebook")!.graph.value(name);
    const plain = given !== null && typeof given === "object" && "read" in given ? await (given as KernelValue).read() : given;
    return JSON.parse(JSON.stringify(plain, (_, part: unknown) => (ArrayBuffer.isView(part) ? undefined : part))) as unknown;
  }, name) as Promise<T>;

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

/** Predicts the answer, and runs. @returns the number that it is about */
async function answer(ask: RegExp, text: string): Promise<number> {
  const question = page.locator("nst-predict").filter({ has: page.getByRole("group", { name: ask }) });
  await question.scrollIntoViewIfNeeded();
  await question.getByText(text, { exact: true }).click();
  await question.getByRole("button", { name: "Run" }).click();
  await expect.poll(() => question.getByRole("status").innerText(), { timeout: 60_000 }).toMatch(/^As you predicted: /);
  return Number(/predicted: (\S+)/.exec((await question.getByRole("status").innerText()).replaceAll("−", "-"))![1]);
}

/** No cell has an error, and nothing is wider than a narrow screen. */
async function calmAtItsEnd(): Promise<void> {
  await workbench.settled();
  expect(
    await page.evaluate(() => [...document.querySelectorAll("nst-notebook *")].flatMap((cell) => [...(cell.shadowRoot?.querySelectorAll(".error") ?? [])].map((error) => `${cell.outerHTML.slice(0, 80)}: ${error.textContent}`))),
  ).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await eventually(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.setViewportSize({ width: 1280, height: 900 });
}

describe("chapter 8, figure 1", () => {
  it("rebuilds the content from five layers, and the style from five sets of them", async () => {
    await set("content", { size: 64 });
    await set("style", { size: 64 });
    for (const [name, steps] of [["rebuilt", 40], ["textures", 8]] as const) {
      await set(name, { size: 64, steps });
      await grow(name);
      const { shares } = await value<GrowthValue>(name);
      expect(Object.keys(shares)).toEqual(["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1"]);
      for (const [layer, share] of Object.entries(shares)) expect([layer, share! < 1]).toEqual([layer, true]);
    }
  });

  it("says what every layer thinks of each picture, when it is asked to", async () => {
    expect(await answer(/rebuilt from conv5_1 alone, judged by conv1_1/, "a good part of it")).toBeGreaterThan(0.05);
    expect(await answer(/rebuilt from conv1_1 alone, judged by conv5_1/, "hardly anything")).toBeLessThan(0.05);
    await page.locator("nst-code").nth(1).scrollIntoViewIfNeeded();
    const { shares } = await value<{ shares: { from: string; by: string; share: number }[] }>("judged");
    expect(shares).toHaveLength(25);
    const share = (from: string, by: string) => shares.find((one) => one.from === from && one.by === by)!.share;
    // the same numbers as beneath the pictures
    const { shares: left } = await value<GrowthValue>("rebuilt");
    for (const l of [1, 2, 3, 4, 5]) expect(share(`conv${l}_1`, `conv${l}_1`) / left[`block${l}_conv1`]!).toBeCloseTo(1, 3);
    // a deep layer gets what it asks for, and the first layers find much that is not so
    for (const l of [3, 4, 5]) expect(share(`conv${l}_1`, "conv1_1")).toBeGreaterThan(3 * share(`conv${l}_1`, `conv${l}_1`));
    for (const l of [2, 3, 4, 5]) expect(share("conv1_1", `conv${l}_1`)).toBeLessThan(0.05);
  });

  it("has no error in any cell at its end, and is not wider than a narrow screen", calmAtItsEnd);
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
    const { cells, settings } = await value<SweepValue>("grid");
    expect(settings).toMatchObject({ contentLayer: "block4_conv2", initialisation: { kind: "noise" } });
    expect(Object.keys(settings.styleLayers)).toHaveLength(5);
    for (const row of [1, 2, 3, 4, 5]) {
      const [first, , third, last] = [1, 2, 3, 4].map((column) => cells[`r${row}c${column}`].contentLeft!);
      expect([row, third < first, last < third]).toEqual([row, true, true]);
    }
  });

  it("says for this network where both costs weigh the same", async () => {
    await page.locator("nst-code").first().scrollIntoViewIfNeeded();
    const { ratio } = await value<{ ratio: number }>("even");
    expect(ratio).toBeGreaterThan(0.5e-4);
    expect(ratio).toBeLessThan(2e-4);
  });

  it("runs the chosen picture in the size of its pictures, with the same α·M", async () => {
    for (const name of ["content", "style"]) await set(name, { size: 96 });
    await set("grid", { place: "1 4" });
    const run = workbench.run();
    await run.cell.scrollIntoViewIfNeeded();
    await eventually(async () => (await value<SweepValue>("grid")).settings.alphaTimesM).toBeCloseTo(1e-4 * 64, 10);
    await eventually(() => run.startButton.isEnabled()).toBe(true);
    await run.start();
    await run.until("finished");
    expect(await workbench.picture("G")).toMatchObject({ width: 96, step: 24 });
  });

  it("varies any other two settings", async () => {
    await set("grid2", { size: 48, steps: 2 });
    await grow("grid2");
    const { cells } = await value<SweepValue>("grid2");
    expect(Object.values(cells).map(({ step }) => step)).toEqual(Array(16).fill(2));
  });

  it("asks three questions at its end, and the numbers bear out what it explains", async () => {
    expect(await answer(/In the lower left picture/, "more than a quarter, but not nearly all")).toBeGreaterThan(0.25);
    expect(await answer(/compare the last row with the first one/, "higher with five layers")).toBeGreaterThan(1.25);
    expect(await answer(/In the last row, from the first column to the last one/, "by less than a thousand")).toBeLessThan(700);
  });

  it("has no error in any cell at its end, and is not wider than a narrow screen", calmAtItsEnd);

  it("leaves no tensors behind when it is left: the workers keep the network alone", async () => {
    await page.evaluate(() => void (location.hash = "#/writing-cells"));
    await page.getByRole("heading", { level: 1, name: "Writing cells of your own" }).waitFor();
    const kept = () =>
      page.evaluate(async () => {
        const { engine, lab } = document.querySelector("nst-app")!.kernels!;
        return Promise.all([engine, lab].map(async (worker) => (await worker.call("status", {})).tensors));
      });
    await expect.poll(async () => (await kept()).filter((tensors) => tensors !== 0 && tensors !== networkTensors()), { timeout: 20_000 }).toEqual([]);
  });
});
