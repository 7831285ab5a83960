import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import type { PixelCanvas } from "../../src/cells/pixel-canvas";
import { fieldOf, receptiveField } from "../../src/nst/receptive-field";
import { parseModelCard, type LayerSpec } from "../../src/nst";
import { slim } from "../support/fixtures";
import type { UnitOptions } from "./pages/unit";
import { launch } from "./support/chrome";
import { openPage, type OpenedPage } from "./support/page";

let browser: Browser;
let context: BrowserContext;
let opened: OpenedPage;
let page: Page;
let view: Locator;

beforeAll(async () => {
  browser = await launch({ gpu: false });
  context = await browser.newContext({ serviceWorkers: "block", hasTouch: true, reducedMotion: "reduce" });
  opened = await openPage(context, `${inject("pages")}unit.html`);
  page = opened.page;
  page.setDefaultTimeout(10_000);
  await page.setViewportSize({ width: 1100, height: 1400 });
  await page.waitForFunction(() => window.unit);
  view = page.locator("nst-unit-view");
});
afterEach(() => expect(opened.errors.splice(0)).toEqual([]));
afterAll(() => browser?.close());

const { card } = slim();
const map = () => view.locator("nst-map-over-picture canvas").last();
const arithmetic = () => view.locator("nst-unit-arithmetic");
const workings = () => arithmetic().evaluate((host) => host.shadowRoot!.textContent!.replace(/\s+/g, " "));
const reading = () => view.locator(".reading").innerText().then((text) => text.replace(/\s+/g, " "));

async function show(options: UnitOptions & { fresh?: boolean }): Promise<void> {
  await page.evaluate((options) => window.unit.show(options), options);
}

/** Puts the pointer on the middle of a unit, and waits until it is read. */
async function pointAt(x: number, y: number): Promise<void> {
  const { width, height } = await size();
  const box = (await map().boundingBox())!;
  await page.mouse.move(box.x + ((x + 0.5) / width) * box.width, box.y + ((y + 0.5) / height) * box.height);
  await reads(x, y);
}

const reads = (x: number, y: number) =>
  page.waitForFunction((place) => document.querySelector("nst-unit-view")!.shadowRoot!.querySelector(".reading")!.textContent!.trim().endsWith(place), `row ${y}, column ${x}`);

const size = () => page.evaluate(() => ({ width: window.unit.features.width, height: window.unit.features.height }));

/** What the map holds. */
const numberAt = (x: number, y: number, channel: number) =>
  page.evaluate(([x, y, channel]) => {
    const { data, width, channels } = window.unit.features;
    return data[(y * width + x) * channels + channel];
  }, [x, y, channel]);

/** A number as the page writes it. */
const read = (text: string) => Number(text.replaceAll("−", "-").replaceAll("\u2009", "").replace(/^(-?)\./, "$10."));

describe("one unit of a map", () => {
  it("begins with the strongest, and reads any other that is pointed at: its number and where it is", async () => {
    await show({ layer: "block2_conv1", channel: 5 });
    const strongest = await page.evaluate(() => {
      const { data, width, channels } = window.unit.features;
      const values = Array.from({ length: data.length / channels }, (_, p) => data[p * channels + 5]);
      const at = values.indexOf(Math.max(...values));
      return { x: at % width, y: Math.floor(at / width) };
    });
    expect(await reading()).toContain(`channel 5 of conv2_1, row ${strongest.y}, column ${strongest.x}`);
    for (const [x, y] of [[0, 0], [13, 21], [47, 31]]) {
      await pointAt(x, y);
      expect(read((await reading()).split(" ")[0])).toBeCloseTo(await numberAt(x, y, 5), 3);
    }
  });

  it("is held by a click; the pointer that leaves goes back to it, and arrow keys and taps hold another", async () => {
    await pointAt(10, 10);
    await page.mouse.down();
    await page.mouse.up();
    await pointAt(30, 5);
    await page.mouse.move(0, 1390);
    await reads(10, 10);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await reads(11, 11);
    await page.keyboard.press("Tab");
    await reads(11, 11);
    const box = (await map().boundingBox())!;
    await page.touchscreen.tap(box.x + (20.5 / 48) * box.width, box.y + (8.5 / 32) * box.height);
    await reads(20, 8);
    expect(await view.locator("nst-map-over-picture i").count()).toBe(2);
  });

  it.each(["block1_conv1", "block3_conv1", "block4_pool"])("of %s sees the box of the picture that its receptive field is", async (layer) => {
    await show({ layer });
    const field = receptiveField(card, layer);
    const picture = (await view.locator(".stack").boundingBox())!;
    const scale = picture.width / 96;
    const { width, height } = await size();
    for (const [x, y] of [[0, 0], [width >> 1, height >> 1]]) {
      await pointAt(x, y);
      const expected = fieldOf(field, x, y);
      const drawn = await view.locator(".boxes i").evaluate((box) => {
        const { left, top, width, height } = box.getBoundingClientRect();
        return { left, top, width, height };
      });
      expect(drawn.left).toBeCloseTo(picture.x + expected.x * scale, 0);
      expect(drawn.top).toBeCloseTo(picture.y + expected.y * scale, 0);
      expect(drawn.width).toBeCloseTo(expected.width * scale, 0);
      expect(await view.locator("figcaption").innerText()).toContain(`${field.size} × ${field.size} px of content: columns ${String(expected.x).replace("-", "−")} to ${expected.x + field.size - 1}`);
      expect(await view.locator(".crop").evaluate((crop) => (crop as PixelCanvas).pixels!.width)).toBe(field.size);
    }
  });

  it("shows what all channels answer there; a click on a bar, or the arrow keys, ask for that channel", async () => {
    await show({ layer: "block2_conv1", channel: 5 });
    await pointAt(13, 21);
    const bars = view.locator("nst-unit-channels");
    const chart = bars.locator(".chart");
    const box = (await chart.boundingBox())!;
    await page.mouse.move(box.x + (20.5 / 32) * box.width, box.y + 20);
    const held = await view.evaluate((view) => {
      const text = view.shadowRoot!.querySelector(".reading")!.textContent!;
      const [, y, x] = /row (\d+), column (\d+)/.exec(text)!;
      return { x: Number(x), y: Number(y) };
    });
    expect(await bars.locator("p").innerText()).toContain("channel 20: ");
    expect(read(/channel 20: (\S+),/.exec(await bars.locator("p").innerText())![1])).toBeCloseTo(await numberAt(held.x, held.y, 20), 2);
    await page.mouse.click(box.x + (20.5 / 32) * box.width, box.y + 20);
    expect(await page.locator("#room").getAttribute("data-asked")).toBe("20");
    expect(await reading()).toContain("channel 20 of conv2_1");
    await chart.focus();
    await page.keyboard.press("ArrowRight");
    expect(await reading()).toContain("channel 21 of conv2_1");
    await bars.getByRole("button", { name: "by answer" }).click();
    await chart.focus();
    await page.keyboard.press("Home");
    const best = await page.evaluate(({ x, y }) => {
      const { data, width, channels } = window.unit.features;
      const answers = data.subarray((y * width + x) * channels, (y * width + x + 1) * channels);
      return answers.indexOf(Math.max(...answers));
    }, held);
    expect(await reading()).toContain(`channel ${best} of conv2_1`);
    expect(await chart.getAttribute("aria-valuetext")).toMatch(new RegExp(`^channel ${best}: `));
  });

  it("lies under a slider that takes the map off the picture", async () => {
    const alpha = () => map().evaluate((canvas: HTMLCanvasElement) => canvas.getContext("2d")!.getImageData(0, 0, 1, 1).data[3]);
    const slider = view.getByRole("slider", { name: "How much the map covers the picture" });
    expect(await alpha()).toBeGreaterThan(150);
    await slider.fill("0");
    await expect.poll(alpha).toBe(0);
    await slider.fill("1");
    await expect.poll(alpha).toBe(255);
  });
});

describe("the arithmetic of a unit", () => {
  /** Numbers of the squares of one row of terms. */
  const squares = (term: number) =>
    arithmetic().locator(".term").nth(term).locator("table").evaluateAll((tables) => tables.map((table) => [...table.querySelectorAll("td")].map((cell) => cell.textContent!.trim())));
  const sums = () => arithmetic().locator(".sum .amount").allInnerTexts();

  it("makes the number of the map from patches, kernels, products and bias, at any position: what is written adds up", async () => {
    await show({ layer: "block3_conv1", channel: 18 });
    await arithmetic().waitFor();
    for (const [x, y] of [[7, 4], [0, 0], [23, 15], [11, 9]]) {
      await pointAt(x, y);
      for (let term = 0; term < 3; term++) {
        const [patch, kernel, products] = (await squares(term)).map((cells) => cells.map(read));
        expect(patch).toHaveLength(9);
        // each is written with at least two digits behind the point
        products.forEach((product, i) => expect(Math.abs(product - patch[i] * kernel[i])).toBeLessThan(0.00501 * (1 + patch[i] + Math.abs(kernel[i]))));
      }
      const amounts = (await sums()).map(read);
      const [relu, sum] = [amounts.pop()!, amounts.pop()!];
      expect(amounts).toHaveLength(5);
      expect(Math.abs(amounts.reduce((a, b) => a + b) - sum)).toBeLessThan(0.031);
      expect(relu).toBe(Math.max(0, sum));
      const held = await numberAt(x, y, 18);
      expect(Math.abs(relu - held)).toBeLessThan(0.006);
      const comparison = await arithmetic().locator(".comparison").innerText();
      expect(comparison).toMatch(/the same number, to the rounding of float32|exactly this number/);
      expect(read(/The map holds (\S+?):/.exec(comparison)![1])).toBeCloseTo(held, 4);
    }
  });

  it("marks what lies outside of the layer below as zeros, and says which product is pointed at", async () => {
    await pointAt(0, 0);
    const first = arithmetic().locator(".term").first();
    const outside = await first.locator("table").first().locator("td").evaluateAll((cells) => cells.map((cell) => cell.classList.contains("outside")));
    expect(outside).toEqual([true, true, true, true, false, false, true, false, false]);
    await page.mouse.click((await map().boundingBox())!.x + 2, (await map().boundingBox())!.y + 2);
    await first.locator("table").nth(1).locator("td").nth(4).hover();
    expect(await first.locator(".one").innerText()).toMatch(/^\S+ × \S+ = \S+$/);
    expect(await first.locator("td.lit").count()).toBe(3);
  });

  it("of the first layer reads the preprocessed picture: red, green and blue, minus the mean", async () => {
    await show({ layer: "block1_conv1", channel: 2 });
    await arithmetic().waitFor();
    await pointAt(40, 30);
    expect((await arithmetic().locator(".name").allInnerTexts()).sort()).toEqual(["blue", "green", "red"]);
    const centre = await page.evaluate(() => {
      const { width, data } = window.unit.features.from!.picture;
      return [...data.subarray((30 * width + 40) * 3, (30 * width + 40) * 3 + 3)];
    });
    const names = await arithmetic().locator(".name").allInnerTexts();
    for (const [term, name] of names.entries()) {
      const c = ["red", "green", "blue"].indexOf(name);
      expect(Math.abs(read((await squares(term))[0][4]) - (centre[c] * 255 - card.input.mean[c]))).toBeLessThan(0.6);
    }
    expect(await arithmetic().locator(".comparison").innerText()).toMatch(/the same number|exactly/);
  });

  it("shows what layers without weights do: a pool, a ReLU of its own, channels put together; and other kernels", async () => {
    const layers: LayerSpec[] = [
      { name: "conv1", kind: "conv", channels: 6, kernel: 7, stride: 1, padding: "valid", activation: "linear" },
      { name: "relu1", kind: "relu" },
      { name: "pool1", kind: "pool", size: 2, stride: 2 },
      { name: "left", kind: "conv", channels: 4, kernel: 1, stride: 1, padding: "same", activation: "relu", input: "pool1" },
      { name: "right", kind: "conv", channels: 5, kernel: 3, stride: 1, padding: "same", activation: "relu", input: "pool1" },
      { name: "both", kind: "concat", input: ["left", "right"] },
      { name: "last", kind: "conv", channels: 3, kernel: 3, stride: 1, padding: "same", activation: "relu" },
    ];
    parseModelCard({ ...card, layers, defaults: { ...card.defaults, contentLayer: "conv1", styleLayers: {} } });
    const texts: Record<string, string> = {};
    for (const { name } of layers) {
      await show({ layer: name, layers, channel: name === "both" ? 6 : 1, width: 40, height: 32 });
      await arithmetic().waitFor();
      await pointAt(2, 3);
      texts[name] = await workings();
      if (name !== "both") expect(texts[name]).toMatch(/the same number, to the rounding|exactly this number/);
    }
    expect(texts["conv1"]).toContain("7 × 7 positions of the preprocessed picture");
    expect(texts["conv1"]).toContain("This layer has no ReLU of its own.");
    expect(texts["relu1"]).toContain("max(0, ");
    expect(texts["pool1"]).toContain("mean of 2 × 2 numbers of the same channel of relu1");
    expect(texts["both"]).toContain("Its channel 6 is channel 2 of right.");
    expect(texts["last"]).toContain("in each of its 9 channels");
    expect(texts["last"]).toContain("the other 6 channels");
    await arithmetic().getByRole("button", { name: "Show 6 more" }).click();
    expect(await arithmetic().locator(".term").count()).toBe(9);
    await show({ layer: "pool1", layers, width: 40, height: 32, options: { pooling: "maximum" } });
    await arithmetic().waitFor();
    expect(await workings()).toMatch(/takes the largest of 2 × 2[\s\S]*max\([\s\S]*exactly this number/);
    await show({ layer: "block2_conv1", options: { tap: "before" } });
    await arithmetic().waitFor();
    expect(await workings()).toMatch(/The map is read before the ReLU\.[\s\S]*(the same number|exactly)/);
  });
});

describe("what a unit view asks of the lab", () => {
  const calls = () => page.evaluate(() => window.unit.calls.map(({ method, layer, end }) => `${method} ${layer} ${end}`));
  const forget = () => page.evaluate(() => void (window.unit.calls = []));

  it("is nothing before the view is in sight, and the layer below and the weights once, however much is pointed at", async () => {
    await forget();
    await show({ layer: "block3_conv2", above: 3000 });
    await page.waitForTimeout(100);
    expect(await calls()).toEqual([]);
    await view.scrollIntoViewIfNeeded();
    await arithmetic().waitFor();
    for (let i = 0; i < 10; i++) await pointAt(i, i);
    await view.locator("nst-unit-channels .chart").focus();
    await page.keyboard.press("ArrowRight");
    expect((await calls()).sort()).toEqual(["features block3_conv1 done", "weights block3_conv2 done"]);
  });

  it("is the layer below alone when another picture comes: the place that is held and the weights stay", async () => {
    await show({ layer: "block3_conv2" });
    await arithmetic().waitFor();
    await pointAt(5, 6);
    await page.mouse.down();
    await page.mouse.up();
    await forget();
    await show({ layer: "block3_conv2", fresh: false, width: 128, height: 64 });
    await page.waitForFunction(() => document.querySelector("nst-unit-view")!.shadowRoot!.querySelector("nst-unit-arithmetic")?.workings?.features === window.unit.features);
    expect(await calls()).toEqual(["features block3_conv1 done"]);
    await page.mouse.move(0, 1390);
    await reads(7, 6);
  });

  it("is given up when the maps are superseded or the view goes", async () => {
    await forget();
    await page.evaluate(async () => {
      await window.unit.show({ layer: "block4_conv2", width: 256, height: 256 });
      const view = document.querySelector("nst-unit-view")!;
      while (window.unit.calls.length === 0) await new Promise(requestAnimationFrame);
      view.features = { ...window.unit.features };
      await view.updateComplete;
      view.remove();
    });
    await page.waitForFunction(() => window.unit.calls.every(({ end }) => end !== "pending"));
    expect((await calls()).filter((call) => call.startsWith("features"))).toEqual(["features block4_conv1 aborted", "features block4_conv1 aborted"]);
  });

  it("can be asked again when it failed", async () => {
    await page.evaluate(() => void (window.unit.failing = "weights"));
    await show({ layer: "block2_conv1" });
    await view.getByText("The lab could not read the layer.").waitFor();
    await page.evaluate(() => void (window.unit.failing = null));
    await view.getByRole("button", { name: "Try again" }).click();
    await arithmetic().waitFor();
  });

  it("is nothing for maps that code has made: they are read without a picture and without arithmetic", async () => {
    await forget();
    await show({ layer: "block2_conv1", alone: true });
    await view.getByText("These maps are not known to come from a layer of a network").waitFor();
    await pointAt(3, 4);
    expect(await view.locator("figure").count()).toBe(0);
    expect(await calls()).toEqual([]);
  });
});

describe("a unit view on a narrow screen", () => {
  it("fits into 390 px, with every square of numbers inside", async () => {
    await page.setViewportSize({ width: 390, height: 1400 });
    for (const layer of ["block1_conv1", "block5_conv2"]) {
      await show({ layer, options: { tap: "before" } });
      await arithmetic().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      const room = (await page.locator("#room").boundingBox())!;
      const rights = await arithmetic().locator("table, .sum").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right));
      expect(rights.length).toBeGreaterThan(9);
      expect(Math.max(...rights)).toBeLessThanOrEqual(room.x + room.width);
    }
  });
});
