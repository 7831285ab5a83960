/** Feature maps as a person has them before them: the grid, and the same channel side by side. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bySimilarity, byValue, cosines } from "../../src/cells/channel-order";
import type { FeaturesCellValue } from "../../src/cells/features";
import type { SideBySideValue } from "../../src/cells/side-by-side";
import { createNetwork, features, gram } from "../../src/nst";
import type { FeatureMaps } from "../../src/nst/feature-maps";
import { slim } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";
import { relativeError } from "../support/parity";
import { launch } from "./support/chrome";
import { openNotebook, settled } from "./support/own-notebook";
import type {} from "./pages/workbench";

const NOTEBOOK = `# A test

<nst-image as="content" src="cat.jpg" size="96"></nst-image>
<nst-image as="style" src="great-wave.jpg" size="64"></nst-image>
<nst-network as="network"></nst-network>
<nst-network as="dice" weights="random" seed="1"></nst-network>
<nst-settings as="settings"></nst-settings>

<nst-features as="F" of="content" layer="conv2_1"></nst-features>

<nst-features as="FD" of="content" network="dice" layer="block3_conv1" scale="layer"></nst-features>

<nst-features as="FC" of="content" layer="block3_conv1"></nst-features>

<nst-features as="FS" of="style" layer="block3_conv1"></nst-features>

<nst-features as="FO" of="content" layer="block3_conv1" preprocessing="off"></nst-features>

<nst-side-by-side as="pair" of="FC FS" third="FD"></nst-side-by-side>

<nst-side-by-side as="off" of="FC FO"></nst-side-by-side>

<nst-side-by-side as="odd" of="F FS"></nst-side-by-side>

\`\`\`js kernel
const layer = "block1_conv2"
\`\`\`

<nst-features as="bound" of="style" chosen="layer"></nst-features>

<nst-run as="G" of="content style"></nst-run>

<nst-features as="FG" of="G"></nst-features>
`;

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launch({ gpu: false });
  ({ page, errors } = await openNotebook(browser, NOTEBOOK, { height: 900, timeout: 10_000 }));
  await settled(page);
  // what is below the screen is computed when somebody asks for it
  for (const name of ["F", "FD", "pair", "off", "bound"]) await page.evaluate((name) => document.querySelector("nst-notebook")!.graph.value(name).then(() => {}), name);
});
afterAll(async () => {
  // a browser without a GPU says so once for each kind of it
  expect(errors.filter((error) => !/webgl backend does not start|no WebGPU adapter/.test(error))).toEqual([]);
  await browser.close();
});

const cell = (name: string): Locator => page.locator(`[as="${name}"]`);
const tiles = (name: string): Locator => cell(name).locator("nst-map-grid").getByRole("option");
/** Channels in the order in which they stand in the grid. */
const shown = (name: string) => tiles(name).evaluateAll((tiles) => tiles.map((tile) => Number(tile.id.replace("map-", ""))));
const chosen = (name: string) => cell(name).locator("nst-map-grid").evaluate((grid) => (grid as unknown as { selected: number }).selected);
const text = (locator: Locator) => locator.evaluate((element) => (element as HTMLElement).innerText.replace(/\s+/g, " "));

/** A features cell's value, its numbers as arrays of this side. */
async function value(name: string) {
  const { data, statistics, ...rest } = await page.evaluate(async (name) => {
    const value = (await document.querySelector("nst-notebook")!.graph.value(name)) as FeaturesCellValue;
    const { layer, height, width, channels, silent, mean, maximum, statistics, from } = value;
    const input = from!.picture;
    return { layer, height, width, channels, silent, mean, maximum, data: [...value.data], statistics: { mean: [...statistics.mean], variance: [...statistics.variance] }, picture: { width: input.width, height: input.height, data: [...input.data] } };
  }, name);
  return { ...rest, statistics, data: Float32Array.from(data) };
}

/** Mean and maximum of a channel, from the numbers themselves. */
function plainStatistics({ data, channels }: Pick<FeatureMaps, "data" | "channels">, channel: number) {
  const map = Array.from({ length: data.length / channels }, (_, p) => data[p * channels + channel]);
  return { mean: map.reduce((sum, one) => sum + one, 0) / map.length, maximum: Math.max(...map) };
}

describe("the maps of a layer", () => {
  it("are the numbers that src/nst computes for the picture, under the Keras name of a layer that was named as in the paper", async () => {
    const tf = await nodeBackend("wasm");
    const { card, weights } = slim();
    const { picture, ...maps } = await value("F");
    expect([maps.layer, maps.height, maps.width, maps.channels]).toEqual(["block2_conv1", 48, 48, 32]);
    const ours = features(createNetwork(card, weights), tf.tensor3d(picture.data, [picture.height, picture.width, 3]), ["block2_conv1"])["block2_conv1"];
    expect(relativeError(maps.data, await ours.data())).toBeLessThan(1e-5);
    const similar = bySimilarity({ channels: 32, data: (await gram(ours).data()) as Float32Array });
    await cell("F").getByRole("combobox", { name: "order" }).selectOption("similarity");
    await expect.poll(() => shown("F")).toEqual(similar);
    // alike ones do stand together
    const cos = cosines({ channels: 32, data: (await gram(ours).data()) as Float32Array });
    const neighbours = (order: number[]) => order.slice(1).reduce((sum, channel, i) => sum + cos[order[i] * 32 + channel], 0) / (order.length - 1);
    expect(neighbours(similar)).toBeGreaterThan(neighbours([...similar].sort((a, b) => a - b)) + 0.05);
  });

  it("stand in the order that is chosen, each with its numbers for those who do not see it", async () => {
    const maps = await value("F");
    const order = cell("F").getByRole("combobox", { name: "order" });
    const expected = { activation: byValue(maps.statistics.mean), variance: byValue(maps.statistics.variance), index: [...Array(32).keys()] };
    for (const [sort, channels] of Object.entries(expected)) {
      await order.selectOption(sort);
      await expect.poll(() => shown("F")).toEqual(channels);
    }
    const label = (await tiles("F").nth(7).getAttribute("aria-label"))!;
    const [, mean, maximum] = /^channel 7: mean ([\d.]+), maximum ([\d.]+)/.exec(label)!.map(Number);
    const truth = plainStatistics(maps, 7);
    expect([mean / truth.mean, maximum / truth.maximum].map((ratio) => Math.abs(ratio - 1) < 0.006)).toEqual([true, true]);
  });

  it("are painted with the colours of the scale that stands beneath, of each map or one for all", async () => {
    const colours = (name: string, channel: number) => cell(name).locator(`#map-${channel} canvas`).evaluate((canvas) => [...(canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, (canvas as HTMLCanvasElement).width, (canvas as HTMLCanvasElement).height).data].filter((_, i) => i % 4 === 0));
    const yellow = 254;
    const maps = await value("F");
    const [strongest, weakest] = [byValue(maps.statistics.mean.map((_, i) => plainStatistics(maps, i).maximum))[0], byValue(maps.statistics.mean.map((_, i) => -plainStatistics(maps, i).maximum)).find((i) => plainStatistics(maps, i).maximum > 0)!];
    await expect.poll(async () => Math.max(...(await colours("F", weakest)))).toBe(yellow);
    await cell("F").getByRole("button", { name: "one for the layer" }).click();
    await expect.poll(async () => Math.max(...(await colours("F", weakest)))).toBeLessThan(yellow);
    expect(Math.max(...(await colours("F", strongest)))).toBe(yellow);
    const legend = cell("F").locator(".beneath nst-colour-legend").getByRole("img");
    expect(await legend.getAttribute("aria-label")).toContain("activation, all 32 maps: from 0 to ");
    await cell("F").getByRole("button", { name: "each map its own" }).click();
    await expect.poll(() => legend.getAttribute("aria-label")).toMatch(/activation, channel \d+: from 0 to /);
  });

  it("that are 0 everywhere are folded away and counted, and shown on demand", async () => {
    const { silent, channels, ...maps } = await value("FD");
    const dead = [...Array(channels).keys()].filter((i) => plainStatistics({ data: maps.data, channels }, i).maximum === 0);
    expect(dead.length).toBeGreaterThan(0);
    expect(silent).toBe(dead.length);
    expect(await text(cell("FD").locator(".words"))).toContain(`${silent} of 64 channels ${silent === 1 ? "is" : "are"} silent for this picture`);
    expect((await shown("FD")).filter((channel) => dead.includes(channel))).toEqual([]);
    expect(await tiles("FD").first().getAttribute("aria-setsize")).toBe(String(64 - silent));
    await cell("FD").getByRole("button", { name: /^Show (it|them)$/ }).click();
    await expect.poll(() => tiles("FD").first().getAttribute("aria-setsize")).toBe("64");
    await cell("FD").getByRole("button", { name: /^Hide/ }).click();
  });

  it("are walked with the arrow keys; the chosen one is the one that is enlarged, and a click chooses as well", async () => {
    const order = await shown("F");
    const grid = cell("F").locator("nst-map-grid").getByRole("listbox");
    await tiles("F").nth(3).click();
    const enlarged = () => cell("F").locator("nst-unit-view").evaluate((view) => (view as unknown as { channel: number }).channel);
    await expect.poll(enlarged).toBe(order[3]);
    const columns = await tiles("F").evaluateAll((tiles) => tiles.filter((tile) => tile.getBoundingClientRect().top === tiles[0].getBoundingClientRect().top).length);
    for (const [key, place] of [["ArrowRight", 4], ["ArrowDown", 4 + columns], ["ArrowLeft", 3 + columns], ["ArrowUp", 3], ["End", 31], ["Home", 0]] as const) {
      await page.keyboard.press(key);
      await expect.poll(enlarged, { message: key }).toBe(order[place]);
      expect(await grid.getAttribute("aria-activedescendant")).toBe(`map-${order[place]}`);
    }
  });

  it("are of another layer as soon as one is chosen, read before the ReLU if that is chosen, and of the layer that another cell names", async () => {
    await cell("F").getByRole("combobox", { name: "layer" }).selectOption("block1_conv1");
    await settled(page);
    expect((await value("F")).height).toBe(96);
    await cell("F").getByText("How it is read").click();
    await cell("F").getByRole("combobox", { name: "numbers" }).selectOption("before");
    await settled(page);
    expect((await value("F")).data.some((one) => one < 0)).toBe(true);
    await expect.poll(() => cell("F").locator(".beneath nst-colour-legend").getByRole("img").getAttribute("aria-label")).toContain("white at zero");
    const bound = await value("bound");
    expect([bound.layer, bound.channels]).toEqual(["block1_conv2", 16]);
    expect(await cell("bound").getByRole("combobox", { name: "layer" }).count()).toBe(0);
    await cell("F").getByRole("combobox", { name: "numbers" }).selectOption("after");
    await cell("F").getByRole("combobox", { name: "layer" }).selectOption("block2_conv1");
    await settled(page);
  });

  it("of a run that has not been started are calmly asked for, without an error", async () => {
    await cell("FG").scrollIntoViewIfNeeded();
    await expect.poll(() => text(cell("FG").locator(".cell"))).toContain("“G” has no picture yet: start the run.");
    expect(await cell("FG").locator(".error, .state.rejected").count()).toBe(0);
  });

  it("can be had as code that gives the same numbers", async () => {
    await page.evaluate(() => {
      const { session } = document.querySelector("nst-notebook")!;
      const code = ["F", "FO", "off"].map((name) => window.asCode(document.querySelector(`[as="${name}"]`)!));
      session!.change(`${session!.text.trimEnd()}\n\n${code.join("\n\n")}\n`, "show as code");
    });
    await settled(page);
    const distances = await page.evaluate(async () => {
      const { graph } = document.querySelector("nst-notebook")!;
      const read = async (name: string) => ((await ((await graph.value(name)) as { read(): Promise<unknown> }).read()) as { data: Float32Array }).data;
      const same = async (code: string, name: string) => {
        const [ours, theirs] = [await read(code), ((await graph.value(name)) as FeaturesCellValue).data];
        return ours.length === theirs.length ? ours.reduce((largest, v, i) => Math.max(largest, Math.abs(v - theirs[i])), 0) : Infinity;
      };
      return [await same("F2", "F"), await same("FO2", "FO"), Math.abs((await read("change2"))[0] - ((await graph.value("off")) as SideBySideValue).change!)];
    });
    for (const distance of distances) expect(distance).toBeLessThan(1e-4);
  });
});

describe("a channel side by side", () => {
  const numbers = (name: string) =>
    page.evaluate(async (name) => {
      const { change, correlation, mean, silent } = (await document.querySelector("nst-notebook")!.graph.value(name)) as SideBySideValue;
      return { change, correlation, mean, silent };
    }, name);

  it("has numbers that can be asked for by name: how much the features change, how the means go together, who is silent", async () => {
    const [FC, FO, FS, FD] = await Promise.all(["FC", "FO", "FS", "FD"].map(value));
    const off = await numbers("off");
    expect(off.change).toBeCloseTo(relativeError(FO.data, FC.data), 3);
    expect(off.change).toBeGreaterThan(0.1);
    const pair = await numbers("pair");
    // the pictures have different sizes, so that there is no difference of the maps
    expect(pair.change).toBeNull();
    expect(pair.silent).toEqual({ FC: FC.silent, FS: FS.silent, FD: FD.silent });
    for (const [name, { mean }] of Object.entries({ FC, FS, FD })) expect(pair.mean[name]).toBeCloseTo(mean, 5);
    expect(await text(cell("off").locator(".scatter"))).toContain(`Relative difference ‖FO − FC‖ / ‖FC‖: ${Number((off.change! * 100).toPrecision(3))} %`);
  });

  it("is chosen in the strip, by the stepper or in the drawing, and shows the same channel of all", async () => {
    const order = await shown("pair");
    const labels = () => cell("pair").locator("figure nst-pixel-canvas.map").evaluateAll((maps) => maps.map((map) => /^(\w+), channel (\d+)/.exec((map as unknown as { label: string }).label)!.slice(1, 3).join(" ")));
    await tiles("pair").nth(2).click();
    await expect.poll(labels).toEqual(["FC", "FS", "FD"].map((name) => `${name} ${order[2]}`));
    await cell("pair").getByRole("button", { name: "next channel" }).click();
    await expect.poll(() => chosen("pair")).toBe(order[3]);
    await cell("pair").locator("nst-map-grid").getByRole("listbox").focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => chosen("pair")).toBe(order[2]);
    const dots = cell("pair").locator("nst-channel-scatter");
    // cells above that come to have a value move the dot away from under the pointer
    const press = async () => {
      await dots.scrollIntoViewIfNeeded();
      const dot = await dots.locator("svg circle").nth(9).boundingBox();
      await page.mouse.click(dot!.x + dot!.width / 2, dot!.y + dot!.height / 2);
      return chosen("pair");
    };
    // dots can lie on one another: what is chosen is one whose dot is there
    await expect.poll(press, { timeout: 15_000 }).not.toBe(order[2]);
    const now = await chosen("pair");
    await expect.poll(() => text(dots.locator("p"))).toContain(`channel ${now}: FC `);
    await expect.poll(labels).toEqual(["FC", "FS", "FD"].map((name) => `${name} ${now}`));
  });

  it("reads the same place in maps of different sizes", async () => {
    const channel = await chosen("pair");
    const [FC, FS] = await Promise.all(["FC", "FS"].map(value));
    expect([FC.width, FS.width]).toEqual([24, 16]);
    const map = cell("pair").locator("figure nst-pixel-canvas.map").first();
    const box = (await map.boundingBox())!;
    // the middle of column 12, row 6 of 24: column 8, row 4 of 16
    const position = { x: (12.5 / 24) * box.width, y: (6.5 / FC.height) * box.height };
    const line = cell("pair").locator(".reading");
    // cells above that come to have a value move the map away from under the pointer: what was read there last is what counts
    let reading = "";
    const point = async () => {
      await map.hover({ position });
      return (reading = await text(line));
    };
    await expect.poll(point, { timeout: 15_000 }).toContain("column 12");
    const at = (maps: typeof FC, x: number, y: number) => maps.data[(y * maps.width + x) * maps.channels + channel];
    const read = [...reading.matchAll(/(\w+) row (\d+), column (\d+): ([\d.e−]+)/g)].map(([, name, y, x, number]) => ({ name, x: Number(x), y: Number(y), number: Number(number.replace("−", "-")) }));
    expect(read.map(({ name, x }) => `${name} ${x}`)).toEqual(["FC 12", "FS 8", "FD 12"]);
    expect(read[0].number).toBeCloseTo(at(FC, 12, 6), 2);
    expect(read[1].number).toBeCloseTo(at(FS, read[1].x, read[1].y), 2);
  });

  it("of layers with different channels is refused, and it is said why", async () => {
    await cell("odd").scrollIntoViewIfNeeded();
    await expect.poll(() => text(cell("odd").locator(".cell"))).toContain("“F” has 32 channels (conv2_1), “FS” has 64 channels (conv3_1). Choose the same layer for both.");
  });

  it("fits into a narrow column, with the maps beneath or beside one another, as the grid does", async () => {
    await page.setViewportSize({ width: 390, height: 900 });
    const wide = await page.evaluate(() => {
      const inside = (root: ParentNode): Element[] => [...root.querySelectorAll("*")].flatMap((element) => [element, ...(element.shadowRoot && element.localName !== "nst-unit-view" ? inside(element.shadowRoot) : [])]);
      const cells = [...document.querySelectorAll("nst-features, nst-side-by-side")];
      return cells.flatMap((cell) => inside(cell.shadowRoot!).filter((element) => element.getBoundingClientRect().right > 391 && getComputedStyle(element).position !== "absolute").map((element) => `${cell.getAttribute("as")}: ${element.localName}.${element.className}`));
    });
    expect(wide).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1280, height: 900 });
  });
});
