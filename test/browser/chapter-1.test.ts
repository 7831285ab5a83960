/** notebooks/pictures-in.md in the built app: opened, read to its end, its questions answered, its sentences checked. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type {} from "../../src/cells/app";
import type { FeaturesCellValue } from "../../src/cells/features";
import type { PixelsValue } from "../../src/cells/pixels";
import { launch } from "./support/chrome";
import { openPage } from "./support/page";
import { settled } from "./support/own-notebook";

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launch({ gpu: false });
  const context = await browser.newContext({ serviceWorkers: "block", viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  ({ page, errors } = await openPage(context, `${inject("app")}#/pictures-in`));
  page.setDefaultTimeout(30_000);
  await page.waitForFunction(() => document.querySelector("nst-app")?.kernels?.status.state === "ready" && document.querySelector("nst-notebook")?.session?.name === "pictures-in");
});
afterAll(() => browser?.close());

/** Those of a cell that stand in the way: an error, or a value that is not there although somebody has seen the cell. */
const troubles = () => page.evaluate(() => document.querySelector("nst-notebook")!.graph.describe().flatMap(({ name, label, state, error }) => (["rejected", "waiting"].includes(state) ? [`${name ?? label}: ${state} ${error?.message ?? ""}`] : [])));
/** What the workers hold: engine, lab and the sandbox of code cells. */
const tensors = () =>
  page.evaluate(async () => {
    const { kernels, sandboxes } = document.querySelector("nst-app")!;
    const [engine, lab] = await Promise.all([kernels!.engine.call("status", {}), kernels!.lab.call("status", {})]);
    return { engine: engine.tensors, lab: lab.tensors, code: (await sandboxes!.kernel.memory()).tensors };
  });

describe("chapter 1", () => {
  it("is read from top to bottom, and every cell has its value without an error", async () => {
    const cells = page.locator("nst-notebook").locator("nst-image, nst-network, nst-pixels, nst-features, nst-side-by-side, nst-code, nst-predict");
    const count = await cells.count();
    expect(count).toBeGreaterThanOrEqual(12);
    for (let i = 0; i < count; i++) {
      await cells.nth(i).scrollIntoViewIfNeeded();
      await settled(page);
    }
    expect(await troubles()).toEqual([]);
    await expect.poll(() => page.evaluate(() => [...document.querySelectorAll("nst-pixels, nst-features, nst-side-by-side, nst-image")].map((cell) => (cell as HTMLElement & { status: string }).status))).toEqual(["fulfilled", "fulfilled", "fulfilled", "fulfilled", "fulfilled"]);
  });

  it("says of the features without the mean what its cells show", async () => {
    const means = await page.evaluate(async () => {
      const { graph } = document.querySelector("nst-notebook")!;
      const [F, raw] = (await Promise.all([graph.value("F"), graph.value("raw")])) as FeaturesCellValue[];
      const everywhere = (of: FeaturesCellValue) => [...of.statistics.zeros].filter((zeros) => zeros < 0.01).length;
      const hardly = (of: FeaturesCellValue) => [...of.statistics.zeros].filter((zeros) => zeros > 0.9).length;
      return { right: [...F.statistics.mean], wrong: [...raw.statistics.mean], everywhere: [everywhere(F), everywhere(raw)], hardly: [hardly(F), hardly(raw)] };
    });
    expect(means.right[8]).toBeCloseTo(1.6, 1);
    expect(means.wrong[8]).toBeGreaterThan(2 * means.right[8]);
    expect(means.wrong[3]).toBeLessThan(0.05 * means.right[3]);
    expect(means.everywhere[0]).toBe(0);
    expect(means.everywhere[1]).toBeGreaterThan(0);
    expect(means.hardly[0]).toBe(0);
    expect(means.hardly[1]).toBeGreaterThan(1);
    // numbers below zero come from the mean alone
    const { smallest } = await page.evaluate(async () => {
      const { smallest } = (await document.querySelector("nst-notebook")!.graph.value("pixels")) as PixelsValue;
      return { smallest };
    });
    expect(smallest).toBeLessThan(-100);
  });

  it("asks three questions, and checks the answers with real numbers", async () => {
    const right = ["by less than a hundredth of their length", "by more than half", "smaller: the error fades on its way"];
    const questions = page.locator("nst-predict");
    expect(await questions.count()).toBe(right.length);
    for (const [i, answer] of right.entries()) {
      const question = questions.nth(i);
      await question.scrollIntoViewIfNeeded();
      await question.getByRole("radio", { name: answer, exact: true }).check();
      await question.getByRole("button", { name: "Run", exact: true }).click();
      await expect.poll(() => question.getByRole("status").innerText(), { timeout: 30_000 }).toMatch(/^As you predicted: [\d.e−]+ /);
    }
    expect(await troubles()).toEqual([]);
  });

  it("leads on to chapter 2", async () => {
    const link = page.locator("nst-notebook").getByRole("link", { name: "2 What do the layers see?" });
    expect(await link.getAttribute("href")).toBe("#/what-layers-see");
  });

  it("leaves no tensor behind when it is left, and nothing has complained", async () => {
    const held = await tensors();
    expect(held.code).toBeGreaterThan(0);
    await page.evaluate(() => void (location.hash = "#/first-transfer"));
    await page.waitForFunction(() => document.querySelector("nst-notebook")?.session?.name === "first-transfer");
    await settled(page);
    await expect.poll(async () => (await tensors()).code, { timeout: 15_000 }).toBe(0);
    // what the lab keeps is the network, whoever looks at it
    const { lab } = await tensors();
    await page.evaluate(() => void (location.hash = "#/pictures-in"));
    await page.waitForFunction(() => document.querySelector("nst-notebook")?.session?.name === "pictures-in");
    await page.locator('[as="raw"]').scrollIntoViewIfNeeded();
    await settled(page);
    await expect.poll(async () => (await tensors()).lab).toBeLessThanOrEqual(lab);
    expect(errors).toEqual([]);
  });
});
