/** Chapter 4 as it is shipped, in the built app: read from top to bottom, everything in it started and answered. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import type { BlobsValue } from "../../src/cells/blobs";
import type { GramValue } from "../../src/cells/features-value";
import type { GramCompareValue } from "../../src/cells/gram-compare";
import type { GrowthValue } from "../../src/cells/growth-cell";
import type { SameGramValue } from "../../src/cells/same-gram";
import type { ShuffleValue } from "../../src/cells/shuffle";
import type { KernelValue } from "../../src/sandbox/client";
import { launch } from "./support/chrome";
import { eventually, networkTensors, unexpected } from "./support/own-notebook";
import { type RunCell, Workbench } from "./support/workbench";

let browser: Browser;
let context: BrowserContext;
let workbench: Workbench;
let page: Page;
let run: RunCell;

beforeAll(async () => {
  browser = await launch({ gpu: false });
  context = await browser.newContext({ serviceWorkers: "block" });
  workbench = await Workbench.open(context, `${inject("app")}#/style-correlations`, { timeout: 90_000 });
  page = workbench.page;
  page.setDefaultTimeout(60_000);
  run = workbench.run();
  // smaller than shipped, so that the test is soon over: what the text claims holds at this size as well
  for (const name of ["style", "content"]) await workbench.cell(name).evaluate((cell) => (cell as HTMLElementTagNameMap["nst-image"]).setParam("size", 128));
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

/** Brings a cell on the screen, which is when it computes, and waits for what it shows. */
async function show(name: string, part: string): Promise<void> {
  await workbench.cell(name).scrollIntoViewIfNeeded();
  await workbench.cell(name).locator(part).first().waitFor();
}

/** Predicts the answer that is right, and runs. */
async function answer(ask: RegExp, text: string): Promise<number> {
  const question = page.locator("nst-predict").filter({ has: page.getByRole("group", { name: ask }) });
  await question.scrollIntoViewIfNeeded();
  expect(await question.getByRole("button", { name: "Run" }).isEnabled()).toBe(false);
  await question.getByText(text, { exact: true }).click();
  await question.getByRole("button", { name: "Run" }).click();
  await expect.poll(() => question.getByRole("status").innerText(), { timeout: 60_000 }).toMatch(/^As you predicted: /);
  return Number(/predicted: (\S+)/.exec((await question.getByRole("status").innerText()).replaceAll("−", "-"))![1]);
}

describe("chapter 4", () => {
  it("begins with two blobs whose costs can be followed", async () => {
    await show("blobs", "nst-formula");
    expect((await value<BlobsValue>("blobs")).m).toBe(16);
  });

  it("shows the Gram matrix of the style picture, and takes an entry apart", async () => {
    await show("A", "nst-gram-entry canvas");
    expect(await value<GramValue>("A")).toMatchObject({ layer: "block3_conv1", channels: 64, positions: 32 * 32 });
    expect(await workbench.cell("A").locator("nst-gram-entry .numbers .soft").last().innerText()).toMatch(/^The same number/);
  });

  it("compares it with that of the content picture, and every cell follows when another layer is chosen", async () => {
    await show("apart", "nst-gram-map");
    const { styleCost, change } = await value<GramCompareValue>("apart");
    expect(styleCost).toBeGreaterThan(0);
    expect(change).toBeGreaterThan(0.2);
    await page.evaluate(() => document.querySelector("nst-layers")!.setParam("layer", "conv2_1"));
    await eventually(() => workbench.cell("apart").locator("header .note").innerText()).toMatch(/^conv2_1 · 32 × 32/);
    await page.evaluate(() => document.querySelector("nst-layers")!.setParam("layer", "conv3_1"));
    await eventually(() => workbench.cell("apart").locator("header .note").innerText()).toMatch(/^conv3_1 · 64 × 64/);
  });

  it("lets predict what a shuffle does, and shuffles: the style cost stays 0, the content cost explodes", async () => {
    expect(await answer(/All positions of F are moved/, "it stays the same, but for rounding")).toBeLessThan(1e-4);
    expect(await answer(/And the content cost/, "it is larger than with 0 everywhere")).toBeGreaterThan(1);
    await show("shuffled", "nst-shuffle-view");
    await workbench.cell("shuffled").getByRole("button", { name: "Shuffle", exact: true }).click();
    await workbench.cell("shuffled").locator("dl").waitFor();
    const { styleCost, contentCost } = await value<ShuffleValue>("shuffled");
    expect(styleCost).toBeLessThan(1e-8);
    expect(contentCost).toBeGreaterThan(1000);
  });

  it("runs, and the difference of the Gram matrices fades", async () => {
    await run.cell.scrollIntoViewIfNeeded();
    await workbench.field("steps").fill("12");
    await eventually(() => run.startButton.isEnabled()).toBe(true);
    await run.start();
    await run.until("finished");
    await show("left", "nst-gram-map");
    const before = (await value<GramCompareValue>("apart")).styleCost;
    await eventually(async () => (await value<GramCompareValue>("left")).styleCost).toBeLessThan(0.8 * before);
  });

  it("makes textures of growing sets of layers, from the same noise", async () => {
    const textures = workbench.cell("textures");
    await textures.scrollIntoViewIfNeeded();
    await textures.evaluate((cell) => (cell as HTMLElementTagNameMap["nst-texture"]).setParam("steps", 6));
    await textures.getByRole("button", { name: "Start", exact: true }).click();
    await textures.locator(".status b", { hasText: "Finished" }).waitFor();
    const { shares } = await value<GrowthValue>("textures");
    expect(Object.keys(shares)).toEqual(["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1"]);
    for (const [layer, share] of Object.entries(shares)) expect([layer, share! < 1]).toEqual([layer, true]);
  });

  it("shows other maps with the same Gram matrix", async () => {
    await show("same", "nst-pixel-canvas");
    const { gramChange, contentCost, negative } = await value<SameGramValue>("same");
    expect(gramChange).toBeLessThan(1e-4);
    expect(contentCost).toBeGreaterThan(100);
    expect(negative).toBeGreaterThan(0.01);
  });

  it("asks three questions at its end, and the numbers bear out what it explains", async () => {
    expect(await answer(/stands twice side by side/, "it changes by less than a twentieth")).toBeGreaterThan(0);
    expect(await answer(/is mirrored/, "it changes, but by less than a half")).toBeGreaterThan(0.01);
    expect(await answer(/the pixels of the picture are shuffled/, "it changes by more than a half")).toBeGreaterThan(0.5);
  });

  it("has no error in any cell at its end, and is not wider than a narrow screen", async () => {
    await workbench.settled();
    expect(
      await page.evaluate(() => [...document.querySelectorAll("nst-notebook *")].flatMap((cell) => [...(cell.shadowRoot?.querySelectorAll(".error") ?? [])].map((error) => `${cell.outerHTML.slice(0, 80)}: ${error.textContent}`))),
    ).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await eventually(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

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
