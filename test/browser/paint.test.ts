/** Painting by hand: what strokes do to the costs, and Adam beside it. In the built app. */
import * as tf from "@tensorflow/tfjs";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PaintValue } from "../../src/cells/paint";
import * as nst from "../../src/nst";
import type { Picture } from "../../src/nst/picture";
import type { TransferSettings } from "../../src/nst/settings";
import { slim } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";
import { launch } from "./support/chrome";
import { eventually, openNotebook, unexpected } from "./support/own-notebook";
import { calmest, mainThreadTasks } from "./support/trace";

const NOTEBOOK = `# Painting

<nst-image as="content" src="neuschwanstein.jpg" size="48"></nst-image>
<nst-image as="style" src="great-wave.jpg" size="48"></nst-image>
<nst-network as="network"></nst-network>
<nst-settings as="settings" steps="6"></nst-settings>

<nst-paint as="painted" of="content style" size="48"></nst-paint>
`;

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launch({ gpu: false });
  ({ page, errors } = await openNotebook(browser, NOTEBOOK, { height: 1000 }));
  await cell().scrollIntoViewIfNeeded();
  await score().waitFor();
});
afterEach(() => expect(unexpected(errors)).toEqual([]));
afterAll(() => browser?.close());

const cell = (): Locator => page.locator('[as="painted"]');
const canvas = (): Locator => cell().locator("nst-paint-canvas canvas");
const score = (): Locator => cell().locator("nst-paint-costs .score");
const button = (name: string): Locator => cell().getByRole("button", { name, exact: true });

/** What the cell gives, numbers alone. */
const value = () =>
  page.evaluate(async () => {
    const { picture, ...numbers } = (await document.querySelector("nst-notebook")!.graph.value("painted")) as PaintValue;
    return { ...numbers, pixels: [...picture.data] };
  });

async function picture(name: string): Promise<Picture> {
  const { width, height, data } = await page.evaluate(async (name) => {
    const { picture } = (await document.querySelector("nst-notebook")!.graph.value(name)) as { picture: Picture };
    return { ...picture, data: [...picture.data] };
  }, name);
  return { width, height, data: Float32Array.from(data) };
}

/** What the canvas shows, without the opaque bytes. */
const shown = () =>
  canvas().evaluate((canvas: HTMLCanvasElement) => [...canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data].filter((_, i) => i % 4 !== 3));

/** Draws a stroke through points given in shares of the picture. */
async function stroke(...points: [number, number][]): Promise<void> {
  await canvas().scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await canvas().boundingBox())!;
  const [[u, v], ...rest] = points;
  await page.mouse.move(x + u * width, y + v * height);
  await page.mouse.down();
  for (const [u, v] of rest) await page.mouse.move(x + u * width, y + v * height, { steps: 4 });
  await page.mouse.up();
}

/** The costs of the picture as it is now have been measured and given. */
const measured = () =>
  eventually(() =>
    cell().evaluate((cell: HTMLElementTagNameMap["nst-paint"]) => {
      const view = cell.shadowRoot!.querySelector("nst-paint-view")!;
      return cell.value?.cost != null && view.painting.picture.data.every((one, i) => one === cell.value!.picture.data[i]);
    }),
  ).toBe(true);

describe("a painting", () => {
  it("begins as the content picture, which costs no content", async () => {
    await measured();
    expect(await value()).toMatchObject({ content: 0, share: 1, best: 1, adam: null, adamSteps: null });
    expect((await value()).pixels).toEqual([...(await picture("content")).data]);
    expect(await score().innerText()).toMatch(/^100 % of the J at the start$/);
  });

  it("is painted on with the colour that was taken from the style picture, and its bars move", async () => {
    const source = cell().locator('nst-paint-source[kind="style"] canvas');
    await source.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await source.boundingBox())!;
    await page.mouse.click(x + (width * 33.6) / 48, y + (height * 12.6) / 48);
    const style = await picture("style");
    const at = 3 * (12 * 48 + 33);
    const hex = `#${[...style.data.subarray(at, at + 3)].map((one) => Math.round(one * 255).toString(16).padStart(2, "0")).join("")}`;
    await eventually(() => cell().getByLabel("Colour of the brush").inputValue()).toBe(hex);

    const before = await shown();
    await stroke([0.2, 0.15], [0.8, 0.2], [0.3, 0.25]);
    expect(await shown()).not.toEqual(before);
    await measured();
    const { content, share, pixels } = await value();
    expect(content!).toBeGreaterThan(0);
    expect(share).not.toBe(1);
    expect(await shown()).toEqual(pixels.map((one) => Math.round(one * 255)));
    expect(await cell().locator("nst-paint-costs li").allInnerTexts()).toHaveLength(7);
  });

  it("costs what the mathematics says of the same picture", async () => {
    const { cost, content, style, pixels } = await value();
    const settings = (await page.evaluate(() => document.querySelector("nst-notebook")!.graph.value("settings"))) as TransferSettings;
    await nodeBackend("wasm");
    const { card, weights } = slim();
    const network = nst.createNetwork(card, weights);
    const [C, S] = await Promise.all(["content", "style"].map(async (name) => tf.tensor3d((await picture(name)).data, [48, 48, 3])));
    const targets = {
      content: nst.finish(nst.contentTargets(network, C, [settings.contentLayer!], settings)),
      style: nst.finish(nst.styleTargets(network, S, Object.keys(settings.styleLayers), settings)),
    };
    const terms = nst.transferTerms(network, settings, targets);
    const values = nst.evaluate(network, tf.tensor3d(pixels, [48, 48, 3]), terms, { ...settings, gradient: false }).values.dataSync();
    const sum = (kind: string) => terms.reduce((sum, term, i) => (kind === "" || term.kind === kind ? sum + term.weight * values[i] : sum), 0);
    expect(Math.abs(cost! / sum("") - 1)).toBeLessThan(1e-5);
    expect(Math.abs(content! / sum("content") - 1)).toBeLessThan(1e-4);
    expect(Math.abs(style! / sum("gram") - 1)).toBeLessThan(1e-5);
  });

  it("takes strokes back and does them again, by buttons and by keys", async () => {
    const painted = await shown();
    await button("Undo").click();
    const undone = await shown();
    expect(undone).not.toEqual(painted);
    await canvas().focus();
    await page.keyboard.press("Control+Shift+Z");
    await eventually(shown).toEqual(painted);
    await page.keyboard.press("Control+Z");
    await eventually(shown).toEqual(undone);
    await measured();
    expect((await value()).share).toBe(1);
    expect(await button("Undo").isDisabled()).toBe(true);
  });

  it("keeps the best picture, and goes back to it", async () => {
    // the whole style picture, and then a blot that is of no use
    await button("stamp").click();
    await cell().getByRole("slider", { name: "size" }).fill("64");
    await cell().getByRole("slider", { name: "strength" }).fill("1");
    await stroke([0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]);
    await measured();
    const best = await value();
    expect(best.share!).toBeLessThan(0.6);
    await button("rub").click();
    await stroke([0.5, 0.5], [0.6, 0.5], [0.5, 0.6]);
    await button("colour").click();
    await stroke([0.5, 0.5]);
    await measured();
    const worse = await value();
    expect(worse.share!).toBeGreaterThan(best.best!);
    await button("Go back to it").click();
    await measured();
    expect((await value()).share).toBe(worse.best);
    await eventually(() => button("Go back to it").isDisabled()).toBe(true);
  });

  it("is painted with the keyboard alone", async () => {
    await button("Start over").click();
    await measured();
    const brushColour = () => cell().getByLabel("Colour of the brush").inputValue();
    const earlier = await brushColour();
    await cell().locator('nst-paint-source[kind="content"] canvas').focus();
    for (const key of ["ArrowUp", "ArrowUp", "Enter"]) await page.keyboard.press(key);
    await eventually(brushColour).not.toBe(earlier);
    const before = await shown();
    await canvas().focus();
    await page.keyboard.press("ArrowRight");
    await eventually(() => cell().locator("nst-paint-canvas [role=status]").innerText()).toMatch(/^column 25, row 24, colour #[0-9a-f]{6}$/);
    for (let i = 0; i < 4; i++) await page.keyboard.press("[");
    await page.keyboard.down("Space");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.up("Space");
    const after = await shown();
    const rows = new Set(after.flatMap((one, i) => (one === before[i] ? [] : [Math.floor(i / 3 / 48)])));
    expect(rows.has(24) && rows.has(32)).toBe(true);
    await measured();
    expect((await value()).share).not.toBe(1);
    await page.keyboard.press("Control+Z");
    await eventually(shown).toEqual(before);
  });

  it("follows the brush without holding up the page", async () => {
    const tasks = await calmest(50, () =>
      mainThreadTasks(browser, page, async (mark) => {
        await canvas().scrollIntoViewIfNeeded();
        await mark();
        await stroke([0.1, 0.5], [0.9, 0.6], [0.1, 0.7]);
      }),
    );
    expect(tasks.filter(({ cpu }) => cpu > 50)).toEqual([]);
  });

  it("is overtaken by Adam, which begins where the person began", async () => {
    await measured();
    await button("Start: Adam").click();
    await eventually(() => cell().locator("nst-paint-adam .status b").innerText()).toBe("Finished");
    const course = await cell().evaluate((cell: HTMLElementTagNameMap["nst-paint"]) => [...cell.shadowRoot!.querySelector("nst-paint-view")!.adam.shares]);
    expect(course).toHaveLength(7);
    expect(Math.abs(course[0] - 1)).toBeLessThan(1e-5);
    expect(course[6]).toBeLessThan(0.7);
    await eventually(async () => (await value()).adam).toBe(course[6]);
    const { best, adamSteps } = await value();
    const first = course.findIndex((share) => share < best!);
    expect(adamSteps).toBe(first < 0 ? null : first);
    const said = await cell().locator("nst-paint-adam .verdict").innerText();
    expect(said).toBe(first < 0 ? "Your best is still better than anything of Adam's." : `Adam was better than your best after ${first} ${first === 1 ? "step" : "steps"}.`);
  });

  it("is measured anew with other weights: another cost, another score", async () => {
    const before = await value();
    await page.evaluate(() => document.querySelector("nst-settings")!.setParam("beta", 3));
    await eventually(async () => Math.abs((await value()).style! / before.style! - 3) < 1e-4).toBe(true);
    expect((await value()).pixels).toEqual(before.pixels);
    expect((await value()).adam).toBe(null);
  });

  it("that copies the style picture costs less than a tenth of the start, and with ten times the content weight more than half, as chapter 5 says", async () => {
    await page.evaluate(() => {
      for (const image of document.querySelectorAll("nst-image")) image.setParam("size", 96);
      document.querySelector("nst-settings")!.setParam("beta", 1);
      document.querySelector("nst-paint")!.setParam("size", 96);
    });
    await eventually(async () => (await value()).pixels.length).toBe(27_648);
    await measured();
    await button("stamp").click();
    await cell().getByRole("slider", { name: "softness" }).fill("0");
    await cell().getByRole("slider", { name: "size" }).fill("64");
    await stroke([0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9], [0.1, 0.1]);
    await measured();
    const copied = await value();
    expect([copied.style! < 1e-6, copied.share! < 0.1]).toEqual([true, true]);
    const { style } = await cell().evaluate((cell: HTMLElementTagNameMap["nst-paint"]) => cell.shadowRoot!.querySelector("nst-paint-view")!.score.start!);
    expect(Math.abs(copied.content! / style - 0.05)).toBeLessThan(0.01);
    await page.evaluate(() => document.querySelector("nst-settings")!.setParam("alphaTimesM", 1e-3));
    await eventually(async () => (await value()).share).toBeGreaterThan(0.5);
  });

  it("is legible on a narrow screen: nothing is wider than it", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await canvas().scrollIntoViewIfNeeded();
    await eventually(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const wide = await cell().evaluate((cell) => {
      const right = cell.getBoundingClientRect().right;
      const inside = (root: ParentNode): Element[] => [...root.querySelectorAll("*")].flatMap((one) => [one, ...(one.shadowRoot ? inside(one.shadowRoot) : [])]);
      return inside(cell.shadowRoot!).filter((one) => one.getBoundingClientRect().right > right + 1 && !one.closest(".visually-hidden")).map((one) => `${one.localName}.${one.getAttribute("class")}`);
    });
    expect(wide).toEqual([]);
  });
});
