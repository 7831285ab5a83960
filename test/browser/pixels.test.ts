/** A picture down to its numbers, as a person has it before them, compared with what the engine's own functions compute in Node. */
import * as tf from "@tensorflow/tfjs";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { ImageValue } from "../../src/cells/image";
import type { PixelsValue } from "../../src/cells/pixels";
import { preprocess } from "../../src/nst";
import { slim } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { openPage } from "./support/page";

const NOTEBOOK = `# A test

<nst-network as="network"></nst-network>
<nst-image as="content" src="owl.jpg" size="64"></nst-image>

<nst-pixels as="pixels" of="content"></nst-pixels>
`;

let browser: Browser;
let page: Page;
let errors: string[];
/** what the image cell gives: red, green and blue in [0, 1] */
let picture: number[];
/** what the network reads */
let read: Float32Array;

const cell = (): Locator => page.locator("nst-pixels");
const grid = (): Locator => cell().getByRole("application", { name: /pixels, numbers after/ });
const frame = (): Locator => cell().getByRole("application", { name: /Arrow keys move the window/ });
const zoom = (size: number) => cell().getByRole("button", { name: `${size} by ${size} pixels` }).click();
const label = async (locator: Locator) => (await locator.getAttribute("aria-label"))!;
const numbers = (text: string) => text.replaceAll("−", "-").split(/,\s*|\s+/).map(Number);

beforeAll(async () => {
  await nodeBackend("cpu");
  browser = await launch({ gpu: false });
  const context = await browser.newContext({ serviceWorkers: "block", viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  await context.addInitScript((text) => void (window.notebookText = text), NOTEBOOK);
  ({ page, errors } = await openPage(context, `${inject("pages")}workbench.html`));
  page.setDefaultTimeout(20_000);
  await page.waitForFunction(() => document.querySelector("nst-app")?.kernels?.status.state === "ready");
  await cell().scrollIntoViewIfNeeded();
  await cell().getByRole("table").waitFor();
  picture = await page.evaluate(async () => [...((await document.querySelector("nst-notebook")!.graph.value("content")) as ImageValue).picture.data]);
  read = tf.tidy(() => preprocess(tf.tensor3d(picture, [64, 64, 3]), slim().card.input).dataSync() as Float32Array);
});
afterAll(() => browser?.close());

describe("the pixels of a picture", () => {
  it("show their numbers when the window is small enough, and those are the picture's", async () => {
    await zoom(32);
    expect(await grid().count()).toBe(0);
    await cell().getByRole("button", { name: "Zoom in to 8 × 8" }).click();
    expect(await grid().locator("span").count()).toBe(64);
    const [, row, column] = /from row (\d+), column (\d+)/.exec(await label(frame()))!.map(Number);
    const shown = await grid().locator("span").evaluateAll((spans) => spans.map((span) => [...span.querySelectorAll("i")].map((i) => Number(i.textContent!.replace("−", "-")))));
    shown.forEach((triple, i) => {
      const place = ((row + Math.floor(i / 8)) * 64 + column + (i % 8)) * 3;
      triple.forEach((value, c) => expect(Math.abs(value - picture[place + c] * 255)).toBeLessThan(0.51));
    });
    await zoom(4);
    expect(await grid().locator("span").count()).toBe(16);
    await zoom(8);
  });

  it("are followed to what the network reads, and back", async () => {
    await cell().getByRole("button", { name: "× scale" }).click();
    const [, row, column] = /pixel \((\d+), (\d+)\)/.exec(await cell().locator("h3").first().innerText())!.map(Number);
    const place = (row * 64 + column) * 3;
    const rows = await cell().getByRole("row").evaluateAll((rows) => rows.slice(1).map((row) => [...row.querySelectorAll("td")].map((td) => Number(td.lastChild!.textContent!.trim().replace("−", "-")))));
    const expected = picture.slice(place, place + 3);
    expect(rows).toHaveLength(7);
    for (let c = 0; c < 3; c++) {
      expect(rows[1][c]).toBeCloseTo(expected[c], 4);
      expect(rows[5][c]).toBeCloseTo(read[place + c], 2);
      expect(rows[6][c]).toBeCloseTo(expected[c] * 255, 1);
    }
    const said = numbers(/of the window: (.*?)\. Arrow/.exec(await label(grid()))![1]);
    said.forEach((value, c) => expect(value).toBeCloseTo(read[place + c], 1));
  });

  it("stand in memory where the page says, with the bytes that it says", async () => {
    await cell().getByRole("button", { name: "number 1, green" }).click();
    const text = await cell().locator("p.number").innerText();
    const [, row, column] = /\(row (\d+) × 64 \+ column (\d+)\)/.exec(text)!.map(Number);
    const place = (row * 64 + column) * 3 + 1;
    expect(text.replace(/\u2009/g, "")).toContain(`= ${place}, bytes ${4 * place} to ${4 * place + 3}`);
    const bytes = [...new Uint8Array(read.buffer, read.byteOffset + 4 * place, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    expect(text).toContain(bytes);
    const here = cell().locator("li.here");
    expect(Number((await here.locator("b").innerText()).replace("−", "-"))).toBeCloseTo(read[place], 1);
    // its neighbours in memory are the other colours of the same pixel, and the pixels beside it
    const around = await cell().locator(".ribbon li span").allTextContents();
    expect(around.join("")).toBe("RGBRGBRGBRGB".slice((place - 4) % 3, ((place - 4) % 3) + 9));
  });

  it("are gone through by keyboard: the window over the picture, the pixel within the window", async () => {
    const before = /from row (\d+), column (\d+)/.exec(await label(frame()))!.slice(1).map(Number);
    await frame().focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowUp");
    expect(await label(frame())).toContain(`from row ${before[0] - 8}, column ${before[1] + 1}`);
    await grid().focus();
    const [, x] = /column (\d+) of the window/.exec(await label(grid()))!.map(Number);
    await page.keyboard.press("ArrowLeft");
    expect(await label(grid())).toContain(`column ${x - 1} of the window`);
    for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowUp");
    expect(await label(grid())).toContain("Row 0,");
  });

  it("are reached with the mouse: a press puts the window there, and it can be dragged to the picture's corner and no further", async () => {
    const box = (await cell().locator("nst-pixel-window").boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5);
    await page.mouse.down();
    expect(await label(frame())).toContain("from row 28, column 28");
    await page.mouse.move(box.x + box.width * 1.2, box.y + box.height * 1.2, { steps: 4 });
    await page.mouse.up();
    expect(await label(frame())).toContain("from row 56, column 56");
    const at = (await grid().boundingBox())!;
    await page.mouse.move(at.x + at.width * 0.95, at.y + at.height * 0.05);
    await expect.poll(() => label(grid())).toContain("Row 0, column 7 of the window");
    expect(await cell().locator("h3").first().innerText()).toContain("(56, 63)");
  });

  it("come back from the network's numbers to within a thousandth of a step, and the value says so", async () => {
    const value = await page.evaluate(async () => {
      const { roundTrip, count, kilobytes, smallest, largest } = (await document.querySelector("nst-notebook")!.graph.value("pixels")) as PixelsValue;
      return { roundTrip, count, kilobytes, smallest, largest };
    });
    expect(value.roundTrip).toBeLessThan(1e-3);
    expect(value).toMatchObject({ count: 64 * 64 * 3, kilobytes: 49.152 });
    expect(value.smallest).toBeCloseTo(Math.min(...read), 3);
    expect(value.largest).toBeCloseTo(Math.max(...read), 3);
  });

  it("fit on a narrow screen, and nothing complains", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    const wide = await cell().evaluate((element) => {
      const right = element.getBoundingClientRect().right;
      return [...element.shadowRoot!.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > right + 0.5 && !one.closest(".visually-hidden")).map(({ localName, className }) => `${localName}.${className}`);
    });
    expect(wide).toEqual([]);
    expect(errors).toEqual([]);
  });
});
