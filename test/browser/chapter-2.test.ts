/** notebooks/what-layers-see.md, opened in the built app, run to its end, and held to the numbers that it speaks of. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type {} from "../../src/cells/app";
import type { Cell } from "../../src/cells/cell";
import type { KernelsValue } from "../../src/cells/kernels";
import type { LayerStatisticsValue } from "../../src/cells/layer-statistics";
import { launch } from "./support/chrome";
import { openPage } from "./support/page";

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launch({ gpu: false });
  const context = await browser.newContext({ serviceWorkers: "block", viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  ({ page, errors } = await openPage(context, `${inject("app")}#/what-layers-see`));
  page.setDefaultTimeout(30_000);
});
afterAll(() => browser?.close());

const value = <T>(name: string) => page.evaluate((name) => document.querySelector("nst-notebook")!.graph.value(name), name) as Promise<T>;
const tensors = () =>
  page.evaluate(async () => {
    const { kernels, sandboxes } = document.querySelector("nst-app")!;
    const [engine, lab] = await Promise.all([kernels!.engine.call("status", {}), kernels!.lab.call("status", {})]);
    return { engine: engine.tensors, lab: lab.tensors, code: (await sandboxes!.kernel.memory()).tensors };
  });

/** Presses the answer and Run of a question, and gives what it says. */
async function ask(of: string, option: string): Promise<string> {
  const cell = page.locator(`nst-predict[of="${of}"]`);
  await cell.scrollIntoViewIfNeeded();
  await cell.getByRole("radio", { name: option }).check();
  await cell.getByRole("button", { name: "Run" }).click();
  await expect.poll(() => cell.locator("p[role=status]").innerText(), { timeout: 40_000 }).toMatch(/predicted/);
  return cell.locator("p[role=status]").innerText();
}

describe("chapter 2", () => {
  it("opens with the first feature maps, without a step of the reader's", async () => {
    await page.waitForFunction(() => (document.querySelector("nst-features") as Cell | null)?.value);
    expect(await page.title()).toBe("2 What do the layers see? · NST workbench");
    expect(await page.evaluate(() => document.querySelector("nst-features")!.getBoundingClientRect().top < innerHeight)).toBe(true);
  });

  it("shows every cell as it is scrolled to, without an error", async () => {
    const cells = page.locator("nst-notebook").locator("nst-image, nst-network, nst-kernels, nst-layers, nst-features, nst-patches, nst-ascent, nst-side-by-side, nst-layer-statistics, nst-predict");
    expect(await cells.count()).toBe(18);
    for (const cell of await cells.all()) {
      await cell.scrollIntoViewIfNeeded();
      const name = await cell.evaluate((element) => (element as Cell).name ?? element.localName);
      await expect.poll(() => cell.evaluate((element) => `${(element as Cell).error?.message ?? (element as Cell).status}`), { timeout: 30_000, message: name }).toBe("fulfilled");
    }
  });

  it("says about the kernels, the layers and their numbers what is so", async () => {
    const { brightness } = await value<KernelsValue>("kernels");
    expect(brightness).toBeGreaterThan(0.4);
    expect(brightness).toBeLessThan(0.5);
    const statistics = await value<LayerStatisticsValue>("statistics");
    const means = Object.values(statistics).map(({ mean }) => mean);
    expect([Math.min(...means) > 0.7, Math.max(...means) < 1.4]).toEqual([true, true]);
    expect(statistics["block1_conv1"].sparsity).toBeCloseTo(1 / 3, 1);
    expect(statistics["block5_conv4"].sparsity).toBeCloseTo(2 / 3, 1);
  });

  it("draws channels when it is told to", async () => {
    const cell = page.locator('[as="drawn"]');
    await cell.scrollIntoViewIfNeeded();
    await cell.getByRole("button", { name: "Start", exact: true }).click();
    await expect.poll(async () => (await value<{ step: number }>("drawn")).step, { timeout: 40_000 }).toBeGreaterThan(1);
    await cell.getByRole("button", { name: "Stop", exact: true }).click();
  });

  it("asks what training has done, and its own network and the random one answer as it says", async () => {
    expect(await ask("untrainedAtTheEnd", "closely: the same channels answer to both")).toMatch(/^As you predicted: 0\.9\d+ /);
    const together = await value<{ weights: string; layer: string; correlation: number }[]>("together");
    const of = (weights: string, layer: string) => together.find((one) => one.weights === weights && one.layer === layer)!.correlation;
    expect(of("trained", "conv5_4")).toBeLessThan(0.4);
    expect(of("random", "conv5_4")).toBeGreaterThan(of("random", "conv1_1"));
    const chart = page.locator("nst-code").nth(1);
    await chart.scrollIntoViewIfNeeded();
    const lines = chart.frameLocator("iframe").locator("svg g[aria-label=line] path");
    await lines.first().waitFor();
    expect(await lines.count()).toBe(2);
  });

  it("asks what moving the picture does, and what random layers leave at 0", async () => {
    expect(await ask("movedMaps", "not at all")).toMatch(/^As you predicted: /);
    expect(await ask("untrainedZeros", "nearly all")).toMatch(/^Not as you predicted: 0\.[45]\d* /);
  });

  it("leaves nothing behind but the networks that stay loaded", async () => {
    const during = await tensors();
    expect(during.code).toBeGreaterThan(0);
    await page.getByRole("link", { name: "From two pictures to a painted one" }).first().press("Enter");
    await page.waitForFunction(() => document.querySelector("nst-notebook")?.session?.name === "first-transfer");
    await expect.poll(async () => (await tensors()).code).toBe(0);
    const after = await tensors();
    // kernels and biases of the trained and of the random network, and the kernels turned round for the way back
    expect(after.lab).toBeLessThanOrEqual(2 * 16 * 3);
    expect(after.engine).toBeLessThanOrEqual(2 * 16 * 3);
    expect(errors).toEqual([]);
  });
});
