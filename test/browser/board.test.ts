/** The board of layers and weights, in the workbench. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PullsValue } from "../../src/cells/pulls";
import type { TransferSettings } from "../../src/nst/settings";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { eventually, openNotebook, unexpected } from "./support/own-notebook";

const NOTEBOOK = `# A test

<nst-image as="content" src="neuschwanstein.jpg" size="64"></nst-image>
<nst-image as="style" src="great-wave.jpg" size="64"></nst-image>

<nst-network as="network"></nst-network>

<nst-settings as="settings" network="network" initialisation="style" size="64"></nst-settings>

<nst-board as="chosen" of="content style" network="network" settings="settings" at="blend"></nst-board>

\`\`\`js kernel
const middle = nst.pictureTensor(content.picture).add(nst.pictureTensor(nst.cutMiddle(style.picture, content.picture.width, content.picture.height))).mul(0.5)
\`\`\`

<nst-pulls as="pulls" of="middle content style" network="network" settings="chosen"></nst-pulls>`;

let browser: Browser;
let page: Page;
let errors: string[];
let board: Locator;

beforeAll(async () => {
  browser = await launch({ gpu: false });
  ({ page, errors } = await openNotebook(browser, NOTEBOOK));
  board = page.locator('[as="chosen"]');
  await board.scrollIntoViewIfNeeded();
});
afterEach(() => expect(unexpected(errors)).toEqual([]));
afterAll(() => browser?.close());

const value = <T>(name: string) =>
  page.evaluate(async (name) => JSON.parse(JSON.stringify(await document.querySelector("nst-notebook")!.graph.value(name), (_, part: unknown) => (ArrayBuffer.isView(part) ? undefined : part))) as unknown, name) as Promise<T>;
const chosen = () => value<TransferSettings>("chosen");
const layers = async () => Object.keys((await chosen()).styleLayers);
const button = (name: string) => board.getByRole("button", { name, exact: true });
const layer = (name: string) => board.locator(`nst-board-map [data-layer="${name}"]`);
const row = (name: string) => board.getByRole("row").filter({ hasText: name });
/** In per cent, as they stand in the rows, once they are of the settings shown. */
async function shares(): Promise<Record<string, number>> {
  await expect.poll(() => board.locator(".part.old, .part:text-is('…')").count(), { timeout: 20_000 }).toBe(0);
  const rows = await board.locator(".term:not(.all)").allInnerTexts();
  return Object.fromEntries(rows.map((text) => [text.split(/\s/)[0], Number(/([\d.]+)\s%/.exec(text)![1])]));
}

describe("the board", () => {
  it("begins with the settings that it reads, and shows each term's share of the gradient beside its weight", async () => {
    expect(await chosen()).toEqual(await value<TransferSettings>("settings"));
    const shown = await shares();
    expect(Object.keys(shown)).toEqual(["conv4_2", "conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1", "smoothness"]);
    expect(Math.abs(Object.values(shown).reduce((a, b) => a + b) - 100)).toBeLessThan(3);
    expect(await layer("block5_conv1").getAttribute("aria-label")).toMatch(new RegExp(`read for the style, weight 0\\.2, ${shown["conv5_1"]} % of the gradient$`));
  });

  it("measures what the pulls of these terms measure in the same picture", async () => {
    await page.locator('[as="pulls"]').scrollIntoViewIfNeeded();
    const { content, layers, tv } = await value<PullsValue>("pulls");
    await board.scrollIntoViewIfNeeded();
    const norms: Record<string, number> = { conv4_2: content.norm, smoothness: tv.norm };
    for (const [name, { norm }] of Object.entries(layers)) norms[name.replace("block", "conv").replace("_conv", "_")] = norm;
    const sum = Object.values(norms).reduce((a, b) => a + b);
    // shown in whole per cent
    for (const [name, share] of Object.entries(await shares())) expect(Math.abs(share - (100 * norms[name]) / sum), name).toBeLessThan(0.6);
  });

  it("takes a preset in one press, and goes back to the settings in another", async () => {
    await button("only deep").click();
    expect((await chosen()).styleLayers).toEqual({ block4_conv1: 0.5, block5_conv1: 0.5 });
    expect(await button("only deep").getAttribute("aria-pressed")).toBe("true");
    await button("none").click();
    expect(await layers()).toEqual([]);
    await board.getByText("No style layer counts: only the content cost remains").waitFor();
    await button("As in the settings").click();
    expect(await chosen()).toEqual(await value<TransferSettings>("settings"));
  });

  it("reads the style, or the content, at a layer that is pressed on the map", async () => {
    await layer("block3_conv1").click();
    expect(await layers()).toEqual(["block1_conv1", "block2_conv1", "block4_conv1", "block5_conv1"]);
    await layer("block2_conv2").click();
    expect((await chosen()).styleLayers).toMatchObject({ block2_conv2: 0.2 });
    await button("the content layer").click();
    await layer("block2_conv2").click();
    expect((await chosen()).contentLayer).toBe("block2_conv2");
    expect(await layer("block2_conv2").getAttribute("aria-label")).toMatch(/; read for the content.*; read for the style/);
    await layer("block2_conv2").click();
    expect((await chosen()).contentLayer).toBeNull();
    await button("As in the settings").click();
  });

  it("is worked by the keyboard alone: the map is walked, layers chosen, weights doubled", async () => {
    await layer("block4_conv2").focus();
    await page.keyboard.press("1");
    await page.keyboard.press("ArrowRight");
    expect(await page.evaluate(() => document.querySelector("nst-board")!.shadowRoot!.querySelector("nst-board-map")!.shadowRoot!.activeElement!.getAttribute("data-layer"))).toBe("block1_conv2");
    await page.keyboard.press("s");
    await eventually(layers).toContain("block1_conv2");
    await page.keyboard.press("+");
    await eventually(async () => (await chosen()).styleLayers["block1_conv2"]).toBe(0.4);
    await page.keyboard.press("c");
    await eventually(async () => (await chosen()).contentLayer).toBe("block1_conv2");
    await page.keyboard.press("s");
    await eventually(layers).not.toContain("block1_conv2");
    await button("As in the settings").click();
  });

  it("follows a weight that is dragged: old shares are dimmed until the new ones are there", async () => {
    const before = await shares();
    const slider = row("conv5_1").getByRole("slider", { name: "weight of block5_conv1" });
    const dimmed = await slider.evaluate(async (input: HTMLInputElement) => {
      const part = () => (document.querySelector("nst-board")!.shadowRoot!.querySelector(".part") as HTMLElement).classList.contains("old");
      for (let i = 0; i < 5; i++) {
        input.value = String(Number(input.value) - 8);
        input.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return part();
    });
    expect(dimmed).toBe(true);
    const weight = (await chosen()).styleLayers["block5_conv1"];
    expect(weight).toBeLessThan(0.1);
    const after = await shares();
    // the length of a gradient goes with its weight: from the shares before, those after can be told
    const pull = (before["conv5_1"] * weight) / 0.2;
    const sum = Object.values(before).reduce((a, b) => a + b) - before["conv5_1"] + pull;
    expect(Math.abs(after["conv5_1"] - (100 * pull) / sum)).toBeLessThan(2);
    expect((await chosen()).styleLayers["block1_conv1"]).toBe(0.2);
  });

  it("says in words where nothing could pull: the content, in the content picture", async () => {
    await page.locator('[as="settings"]').evaluate((cell) => (cell as HTMLElementTagNameMap["nst-settings"]).setParam("initialisation", "content"));
    await button("at the start").click();
    await board.getByText("where the content cost is 0 and has no gradient").waitFor();
    expect((await shares())["conv4_2"]).toBe(0);
    await button("after one step").click();
    await expect.poll(async () => (await shares())["conv4_2"], { timeout: 20_000 }).toBeGreaterThan(0);
  });

  it("is not wider than a narrow screen, nor is anything in it", async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await eventually(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const beyond = await board.evaluate((cell) => [...cell.shadowRoot!.querySelectorAll("*"), ...cell.shadowRoot!.querySelector("nst-board-map")!.shadowRoot!.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5).map((one) => one.className));
    expect(beyond).toEqual([]);
  });
});
