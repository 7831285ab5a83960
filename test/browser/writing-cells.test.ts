/** notebooks/writing-cells.md, opened in the built app, run to the end, and checked against the engine's own functions in Node. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type {} from "../../src/cells/app";
import type { ImageValue } from "../../src/cells/image";
import type { KernelValue, TensorData } from "../../src/sandbox/client";
import { launch } from "./support/chrome";
import { openPage } from "./support/page";
import { settled } from "./support/own-notebook";

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launch({ gpu: false });
  const context = await browser.newContext({ serviceWorkers: "block", viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  ({ page, errors } = await openPage(context, inject("app")));
  page.setDefaultTimeout(30_000);
});
afterAll(() => browser?.close());

/** A tensor that a code cell gives, with its numbers. */
const tensor = async (name: string) => {
  const { shape, data } = await page.evaluate(async (name) => {
    const value = (await document.querySelector("nst-notebook")!.graph.value(name)) as KernelValue;
    const { shape, data } = (await value.read()) as TensorData;
    return { shape, data: [...data] };
  }, name);
  return { shape, data };
};

describe("the notebook on writing cells", () => {
  it("is opened from the list beside the first one, and comes up in the address and the title", async () => {
    await page.getByRole("link", { name: "Writing cells of your own" }).click();
    await page.waitForFunction(() => document.querySelector("nst-notebook")?.session?.name === "writing-cells");
    expect(page.url()).toMatch(/#\/writing-cells$/);
    expect(await page.title()).toBe("Writing cells of your own · NST workbench");
    expect(await page.getByRole("navigation", { name: "Notebooks" }).getByRole("link", { name: "Drawing: js cells" }).isVisible()).toBe(true);
  });

  it("runs to the end: every cell that has been on the screen has its value, but for the one that is run by hand", async () => {
    for (const cell of await page.locator("nst-slot").all()) {
      await cell.scrollIntoViewIfNeeded();
      await settled(page);
    }
    const states = await page.evaluate(() => document.querySelector("nst-notebook")!.graph.describe().map(({ name, state }) => [name, state] as const));
    const of = (wanted: string) => states.filter(([, state]) => state === wanted).map(([name]) => name);
    expect(of("fulfilled")).toEqual(expect.arrayContaining(["photo", "network", "picture", "net", "F", "gram", "n", "strongest"]));
    expect([...of("rejected"), ...of("pending")]).toEqual([]);
    expect(of("held").length).toBe(1);
    expect(of("waiting")).toEqual(["smoother"]);
  });

  it("gives the picture of its image cell as a tensor, and a Gram matrix that is F Fᵀ over all positions", async () => {
    const photo = await page.evaluate(async () => {
      const { picture } = (await document.querySelector("nst-notebook")!.graph.value("photo")) as ImageValue;
      return { shape: [picture.height, picture.width, 3], data: [...picture.data] };
    });
    expect(await tensor("picture")).toEqual(photo);
    const F = await tensor("F");
    const gram = await tensor("gram");
    const [, h, w, n] = F.shape;
    expect([F.shape, gram.shape]).toEqual([[1, 48, 48, 32], [32, 32]]);
    for (const [i, j] of [[0, 0], [3, 17], [31, 5]]) {
      let sum = 0;
      for (let k = 0; k < h * w; k++) sum += F.data[k * n + i] * F.data[k * n + j];
      expect(gram.data[i * n + j] / sum).toBeCloseTo(1, 4);
    }
  });

  it("draws the strongest filters in the js cell's own frame", async () => {
    await page.locator("nst-code").filter({ has: page.locator("iframe") }).first().scrollIntoViewIfNeeded();
    const bars = page.frameLocator("nst-code iframe").locator("svg rect");
    await expect.poll(() => bars.count()).toBe(12);
  });

  it("smooths the picture step by step when its cell is run by hand, and computes again what reads another photograph", async () => {
    const cell = page.locator("nst-code").nth(3);
    await cell.getByRole("button", { name: "Run", exact: true }).press("Enter");
    await expect.poll(async () => (await cell.locator("header").innerText()).replace(/\s+/g, " "), { timeout: 60_000 }).toMatch(/step 200 /);
    const spread = ({ data }: { data: number[] }) => Math.max(...data) - Math.min(...data);
    expect(spread(await tensor("smoother"))).toBeLessThan(0.7 * spread(await tensor("picture")));
    const before = await tensor("gram");
    await page.locator('[as="photo"]').getByRole("button", { name: /Kitten/ }).click();
    await expect.poll(async () => (await tensor("gram").catch(() => before)).data[0]).not.toBe(before.data[0]);
    await settled(page);
    expect(await cell.locator("header").innerText()).toContain("out of date");
    expect(errors).toEqual([]);
  });

  it("leaves nothing behind when the reader goes on to another notebook in the middle of a stream", async () => {
    const held = () => page.evaluate(async () => (await document.querySelector("nst-app")!.sandboxes!.kernel.memory()).tensors);
    await page.locator("nst-code").nth(3).getByRole("button", { name: "Run", exact: true }).press("Enter");
    expect(await held()).toBeGreaterThan(10);
    await page.getByRole("link", { name: "From two pictures to a painted one" }).press("Enter");
    await expect.poll(held, { timeout: 20_000 }).toBe(0);
    // the hidden one stays, which the next kernel cell will use
    await expect.poll(() => page.locator("iframe").count()).toBe(1);
    expect(errors).toEqual([]);
  });
});
