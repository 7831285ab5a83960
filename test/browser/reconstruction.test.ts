import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { GrowthValue } from "../../src/cells/growth-cell";
import type { ImageValue } from "../../src/cells/image";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";

const NOTEBOOK = `# A test

<nst-image as="content" src="neuschwanstein.jpg" size="48"></nst-image>

<nst-image as="wave" src="great-wave.jpg" size="48"></nst-image>

<nst-network as="network"></nst-network>

<nst-reconstruct as="rebuilt" of="content" network="network"></nst-reconstruct>

<nst-reconstruct as="painted" of="wave" network="network" layers="conv1_1 conv2_1 conv3_1"></nst-reconstruct>`;

/** block1 to block3 */
const SHALLOW = ["block1_conv1", "block2_conv1", "block3_conv1"];

let browser: Browser;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  browser = await launch({ gpu: false });
  page = await browser.newPage({ serviceWorkers: "block", viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  page.on("pageerror", (error) => errors.push(error.stack ?? error.message));
  await page.addInitScript((text) => void (window.notebookText = text), NOTEBOOK);
  await page.goto(`${inject("pages")}workbench.html`);
  await page.waitForFunction(() => document.querySelector("nst-app")?.kernels?.status.state === "ready" && document.querySelector("nst-app")!.kernels!.status.available.length > 0);
});
afterAll(async () => {
  await browser?.close();
  expect(errors).toEqual([]);
});

interface Grown {
  step: number;
  shares: Record<string, number>;
  /** mean |difference| of each picture from the one that it was rebuilt from */
  errors: Record<string, number>;
}

/** Presses Start, and waits until every picture has done the cell's usual number of steps. */
async function grow(name: string, original: string): Promise<Grown> {
  const cell = page.locator(`[as="${name}"]`);
  await cell.scrollIntoViewIfNeeded();
  await cell.getByRole("button", { name: "Start", exact: true }).click();
  await cell.locator(".status b", { hasText: "Finished" }).waitFor({ timeout: 170_000 });
  return page.evaluate(async ([name, original]) => {
    const { graph } = document.querySelector("nst-notebook")!;
    const { picture } = (await graph.value(original)) as ImageValue;
    const { step, shares, pictures } = (await graph.value(name)) as GrowthValue;
    const apart = (data: Float32Array) => data.reduce((sum, value, i) => sum + Math.abs(value - picture.data[i]), 0) / data.length;
    return { step, shares: shares as Record<string, number>, errors: Object.fromEntries(Object.entries(pictures).map(([layer, { picture }]) => [layer, apart(picture!.data)])) };
  }, [name, original] as const);
}

describe("content reconstruction on the default network, as the cell does it when nothing is set", () => {
  it("falls below 5 % of its starting cost within 150 steps from block1, block2 and block3, and loses more of the pixels the deeper the layer", async () => {
    const { step, shares, errors } = await grow("rebuilt", "content");
    console.log(`left of the cost: ${JSON.stringify(shares)}\nmean difference of pixels: ${JSON.stringify(errors)}`);
    expect(step).toBe(150);
    expect(Object.keys(shares)).toEqual([...SHALLOW, "block4_conv1", "block5_conv1"]);
    for (const layer of SHALLOW) expect(shares[layer]).toBeLessThan(0.05);
    // the first layer keeps the picture as it is; the last keeps what stands where, and not its colours
    expect(errors["block1_conv1"]).toBeLessThan(0.03);
    const [, , third, fourth, fifth] = Object.values(errors);
    expect(fourth).toBeGreaterThan(third);
    expect(fifth).toBeGreaterThan(fourth);
    expect(fifth).toBeGreaterThan(0.08);
  });

  it("does so for a print as well as for a photograph", async () => {
    const { step, shares } = await grow("painted", "wave");
    expect(step).toBe(150);
    for (const layer of SHALLOW) expect(shares[layer]).toBeLessThan(0.05);
  });
});
