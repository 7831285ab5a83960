import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AscentValue } from "../../src/cells/ascent";
import type { GrowthValue } from "../../src/cells/growth-cell";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { networkTensors, openNotebook, unexpected } from "./support/own-notebook";

const NOTEBOOK = `# A test

<nst-image as="content" src="neuschwanstein.jpg" size="64"></nst-image>

<nst-network as="network"></nst-network>

<nst-reconstruct as="rebuilt" of="content" network="network" layers="conv1_1 conv3_1" size="48" steps="12"></nst-reconstruct>

<nst-features as="F" of="rebuilt.pictures.block3_conv1" network="network" layer="conv1_1"></nst-features>

<nst-texture as="textures" of="content" network="network" layers="conv1_1 conv2_1" size="48" steps="12" order="in turn"></nst-texture>

<nst-ascent as="drawn" network="network" layer="conv2_1" channel="3 5" size="32" steps="15"></nst-ascent>

\`\`\`js kernel
const pool = "block2_pool"
\`\`\`

<nst-ascent as="pooled" network="network" chosen="pool"></nst-ascent>

<nst-reconstruct as="wrong" of="content" network="network" layers="conv7_1"></nst-reconstruct>`;

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launch({ gpu: false });
  ({ page, errors } = await openNotebook(browser, NOTEBOOK, { height: 900 }));
});
afterEach(() => expect(unexpected(errors)).toEqual([]));
afterAll(() => browser?.close());

const cell = (name: string): Locator => page.locator(`[as="${name}"]`);
const button = (name: string, text: string): Locator => cell(name).getByRole("button", { name: text, exact: true });
const words = async (locator: Locator) => (await locator.innerText()).replace(/[\s\u2009]+/g, " ").trim();
const status = (name: string) => words(cell(name).locator(".status"));
const until = (name: string, state: string) => cell(name).locator(".status b", { hasText: state }).waitFor();
const steps = (name: string) => cell(name).evaluate((cell) => cell.shadowRoot!.querySelector("nst-growth-view")!.growth!.pictures.map(({ step }) => step));
const tensors = () => page.evaluate(async () => (await document.querySelector("nst-app")!.kernels!.engine.call("status", {})).tensors);

/** The cell's value; pictures as their sizes. */
const value = <T>(name: string) =>
  page.evaluate(async (name) => {
    const plain = (_: string, value: unknown) => (ArrayBuffer.isView(value) ? undefined : value);
    return JSON.parse(JSON.stringify(await document.querySelector("nst-notebook")!.graph.value(name), plain)) as unknown;
  }, name) as Promise<T>;

/** Whether any pixel of a tile's canvas differs from its first. */
const hasPicture = (name: string, key: string) =>
  cell(name).locator(`canvas[data-key="${key}"]`).evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
    return data.some((byte, i) => i % 4 !== 3 && byte !== data[i % 4]);
  });

describe("pictures rebuilt from one layer each", () => {
  it("do not grow before the start: there is the original, and numbers that are not known yet", async () => {
    await cell("rebuilt").scrollIntoViewIfNeeded();
    await button("rebuilt", "Start").waitFor();
    await cell("rebuilt").getByRole("img", { name: /^content, 48 by \d+ pixels: the original$/ }).waitFor();
    expect(await value<GrowthValue>("rebuilt")).toMatchObject({ step: 0, block1_conv1: null, block3_conv1: null, pictures: { block1_conv1: { picture: null } } });
    await cell("F").scrollIntoViewIfNeeded();
    await cell("F").getByText("has no picture yet").waitFor();
  });

  it("grow side by side to their end, each with what is left of its own starting cost", async () => {
    await cell("rebuilt").scrollIntoViewIfNeeded();
    await button("rebuilt", "Start").click();
    await until("rebuilt", "Finished");
    expect(await status("rebuilt")).toBe("Finished 2 of 2 pictures done · 24 of 24 steps");
    const { step, shares, pictures, ...numbers } = await value<GrowthValue>("rebuilt");
    expect([step, shares]).toEqual([12, numbers]);
    for (const layer of ["block1_conv1", "block3_conv1"]) {
      const left = shares[layer]!;
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(0.6);
      expect(pictures[layer].picture).toMatchObject({ width: 48 });
      expect(await hasPicture("rebuilt", layer)).toBe(true);
      const shown = await words(cell("rebuilt").locator(`figure[data-key="${layer}"] .value`));
      expect(Math.abs(Number.parseFloat(shown) / 100 / left - 1)).toBeLessThan(0.05);
      await cell("rebuilt").getByRole("img", { name: `picture rebuilt from ${layer} alone, after 12 steps: ${shown} of its starting cost` }).waitFor();
    }
    await expect.poll(tensors, { timeout: 5000 }).toBe(networkTensors());
  });

  it("start from the same noise", async () => {
    const first = await cell("rebuilt").evaluate((cell) => cell.shadowRoot!.querySelector("nst-growth-view")!.growth!.pictures.map(({ history }) => history.start("tv")));
    expect(first[0]).toBeGreaterThan(0);
    expect(first[1]).toBe(first[0]);
  });

  it("can be read by other cells, by the name of their layer", async () => {
    await cell("F").scrollIntoViewIfNeeded();
    expect((await value<{ layer: string; width: number }>("F"))).toMatchObject({ layer: "block1_conv1", width: 48 });
  });

  it("are read at any step, all at the same one, with the arrow keys", async () => {
    const curves = cell("rebuilt").getByRole("slider");
    expect(await curves.count()).toBe(2);
    await curves.first().focus();
    await page.keyboard.press("Home");
    await expect.poll(() => curves.first().getAttribute("aria-valuetext")).toBe("step 0: 100 % of its starting cost");
    expect(await curves.last().getAttribute("aria-valuetext")).toBe("step 0: 100 % of its starting cost");
    await page.keyboard.press("ArrowRight");
    expect(await words(cell("rebuilt").locator("figure.tile .step").last())).toBe("at step 1");
    await page.keyboard.press("Escape");
    await expect.poll(() => words(cell("rebuilt").locator("figure.tile .step").last())).toBe("12 steps");
  });

  it("are paused and resumed, and go on when what they started from is changed, which is said", async () => {
    await cell("rebuilt").evaluate((cell) => (cell as unknown as { setParam(name: string, value: unknown): void }).setParam("steps", 5000));
    await button("rebuilt", "Start again").click();
    await until("rebuilt", "Running");
    await button("rebuilt", "Pause").click();
    await until("rebuilt", "Paused");
    const held = await steps("rebuilt");
    await page.waitForTimeout(300);
    expect(await steps("rebuilt")).toEqual(held);
    await button("rebuilt", "Resume").click();
    await cell("rebuilt").locator("summary").click();
    await cell("rebuilt").getByRole("textbox", { name: "longer side", exact: true }).fill("40");
    await cell("rebuilt").getByText("Changed since the start: size. Start again to use it.").waitFor();
    await expect.poll(async () => Math.min(...(await steps("rebuilt"))), { timeout: 20_000 }).toBeGreaterThan(held[0] + 1);
  });

  it("are stopped together, and keep what they have come to", async () => {
    await button("rebuilt", "Stop").click();
    await until("rebuilt", "Stopped");
    const { step, pictures } = await value<GrowthValue>("rebuilt");
    expect(step).toBe(Math.min(...(await steps("rebuilt"))));
    expect(pictures["block1_conv1"].picture).toMatchObject({ width: 48 });
  });

  it("cannot be started from a layer that the network does not have; the cell says which there are", async () => {
    await cell("wrong").scrollIntoViewIfNeeded();
    await cell("wrong").getByText(/has no layer “block7_conv1”\. It has block1_conv1/).waitFor();
    expect(await cell("wrong").getByRole("button", { name: /Start/ }).count()).toBe(0);
  });
});

describe("textures from growing sets of layers", () => {
  it("grow one after the other when that is chosen", async () => {
    await cell("textures").scrollIntoViewIfNeeded();
    expect(await button("textures", "one after the other").getAttribute("aria-pressed")).toBe("true");
    await button("textures", "Start").click();
    await expect.poll(() => words(cell("textures").locator("figure.tile .step").last())).toBe("waits for its turn");
    await until("textures", "Finished");
    const { shares } = await value<GrowthValue>("textures");
    expect(Object.keys(shares)).toEqual(["block1_conv1", "block2_conv1"]);
    for (const left of Object.values(shares)) expect(left).toBeLessThan(0.5);
    await cell("textures").getByRole("img", { name: /^texture from the Gram matrices of block1_conv1, block2_conv1, after 12 steps/ }).waitFor();
  });
});

describe("channels drawn by gradient ascent", () => {
  it("climb: the mean activation at the end is several times that of the noise", async () => {
    await cell("drawn").scrollIntoViewIfNeeded();
    await button("drawn", "Start").click();
    await until("drawn", "Finished");
    const { layer, channels, step, activation, activations } = await value<AscentValue>("drawn");
    expect([layer, channels, step, activation]).toEqual(["block2_conv1", [3, 5], 15, activations["3"]]);
    const starts = await cell("drawn").evaluate((cell) => cell.shadowRoot!.querySelector("nst-growth-view")!.growth!.pictures.map(({ history }) => history.start("activation")));
    for (const [i, channel] of channels.entries()) {
      expect(activations[channel]!).toBeGreaterThan(3 * starts[i]);
      expect(await hasPicture("drawn", String(channel))).toBe(true);
    }
    await expect.poll(tensors, { timeout: 5000 }).toBe(networkTensors());
  });

  it("stand beside a bar as wide as what one unit of the layer sees", async () => {
    const bar = cell("drawn").locator(".scale").first();
    expect(await words(bar)).toBe("a unit sees 10 px");
    const [inner, outer] = await bar.evaluate((bar) => [bar.querySelector("i")!.getBoundingClientRect().width, bar.getBoundingClientRect().width]);
    expect(inner / outer).toBeCloseTo(10 / 32, 2);
  });

  it("are changed for the next ones with a button, and wait for the next start", async () => {
    await button("drawn", "the next channels").click();
    await expect.poll(() => cell("drawn").getByRole("textbox", { name: "channels" }).inputValue()).toBe("5 7");
    await cell("drawn").getByText("Changed since the start: channels. Start again to use it.").waitFor();
  });
});

describe("a chosen layer that is no convolution", () => {
  it("has no channels to be drawn, which is said calmly", async () => {
    await cell("pooled").scrollIntoViewIfNeeded();
    await cell("pooled").getByText("Choose a convolution to draw its channels.").waitFor();
    expect(await cell("pooled").getByRole("button", { name: /Start/ }).count()).toBe(0);
    expect(await cell("pooled").locator(".error").count()).toBe(0);
  });
});

describe("on a narrow screen", () => {
  it("nothing reaches beyond the sides", async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    for (const name of ["rebuilt", "textures", "drawn"]) {
      await cell(name).scrollIntoViewIfNeeded();
      const beyond = await cell(name).locator("nst-growth-view").evaluate((view) => [...view.shadowRoot!.querySelectorAll("*")].filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5).map((element) => element.className));
      expect(beyond).toEqual([]);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});

describe("a cell that is removed", () => {
  it("takes along what grows in it: the engine is left as it was", async () => {
    await cell("rebuilt").scrollIntoViewIfNeeded();
    await button("rebuilt", "Start again").click();
    await until("rebuilt", "Running");
    await cell("rebuilt").evaluate((cell) => cell.remove());
    await expect.poll(() => page.evaluate(() => document.querySelector("nst-app")!.kernels!.engine.busy), { timeout: 5000 }).toBe(false);
    await expect.poll(tensors, { timeout: 5000 }).toBe(networkTensors());
  });
});
