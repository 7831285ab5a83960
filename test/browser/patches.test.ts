/** What excites the channels of a layer, as a person has it before them. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PatchesCell, PatchesValue } from "../../src/cells/patches";
import { SAMPLES } from "../../src/cells/samples";
import { fieldOf, receptiveField } from "../../src/nst/receptive-field";
import { slim } from "../support/fixtures";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { openNotebook } from "./support/own-notebook";
import { canvasBytes } from "./support/workbench";

const NOTEBOOK = `# A test

<nst-image as="content" src="cat.jpg" size="96"></nst-image>

<nst-network as="network"></nst-network>

<nst-layers as="layer" layer="conv2_1"></nst-layers>

<nst-patches as="patches" of="content" chosen="layer" size="64"></nst-patches>
`;

const { card } = slim();

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launch({ gpu: false });
  ({ page, errors } = await openNotebook(browser, NOTEBOOK, { timeout: 20_000 }));
  patches = page.locator("nst-patches");
  await patches.waitFor();
});
afterAll(() => browser?.close());

let patches: Locator;
/** The value once every picture has been looked through at this layer. */
async function found(layer: string, pictures?: number): Promise<PatchesValue> {
  await patches.scrollIntoViewIfNeeded();
  await page.waitForFunction(
    ([layer, pictures]) => {
      const { value, status } = document.querySelector("nst-patches") as PatchesCell;
      return status === "fulfilled" && value?.layer === layer && value.done === value.of && (pictures === undefined || value.of === pictures);
    },
    [layer, pictures] as const,
  );
  return page.evaluate(() => document.querySelector("nst-patches")!.value!);
}
const choose = (layer: string) => page.evaluate((layer) => document.querySelector("nst-layers")!.setParam("layer", layer), layer);
/** What the first layers make of the picture of the notebook itself, at some places. */
const answers = (layer: string, places: { x: number; y: number; channel: number }[]) =>
  page.evaluate(
    async ([layer, places]) => {
      const { graph } = document.querySelector("nst-notebook")!;
      const [{ picture }, network] = (await Promise.all([graph.value("content"), graph.value("network")])) as [{ picture: never }, never];
      const maps = (await document.querySelector("nst-app")!.kernels!.lab.call("features", { network, picture, layers: [layer] }))[layer];
      const all = Array.from({ length: maps.channels }, (_, n) => Math.max(...maps.data.filter((_, i) => i % maps.channels === n)));
      return { here: places.map(({ x, y, channel }) => maps.data[(y * maps.width + x) * maps.channels + channel]), largest: all };
    },
    [layer, places] as const,
  );

describe("the patches of a layer", () => {
  it("come of the picture that is given and of all samples, each once, best first", async () => {
    const { names, channels, of } = await found("block2_conv1");
    expect(names).toEqual(["cat.jpg", ...SAMPLES.map(({ src }) => src).filter((src) => src !== "cat.jpg")]);
    expect([of, channels.length]).toEqual([10, 32]);
    for (const list of channels) expect(list.map(({ value }) => value)).toEqual(list.map(({ value }) => value).toSorted((a, b) => b - a));
    expect(Math.max(...channels.map((list) => list.length))).toBe(8);
  });

  it("hold what the network answers there, and no place that answers more is left out", async () => {
    const { channels } = await found("block2_conv1");
    const own = channels.flatMap((list, channel) => list.filter(({ picture }) => picture === 0).map((patch) => ({ ...patch, channel })));
    expect(own.length).toBeGreaterThan(5);
    const { here, largest } = await answers("block2_conv1", own);
    here.forEach((value, i) => expect(own[i].value).toBeCloseTo(value, 4));
    channels.forEach((list, n) => expect(list[0].value).toBeGreaterThanOrEqual(largest[n] - 1e-4));
  });

  it("show one channel at a time, another one at once and without computing", async () => {
    const before = await found("block2_conv1");
    await page.evaluate(() => {
      const { lab } = document.querySelector("nst-app")!.kernels!;
      const asked: unknown[] = [];
      Object.assign(window, { asked });
      for (const name of ["call", "stream"] as const) {
        const own = lab[name].bind(lab) as (...args: unknown[]) => unknown;
        Object.assign(lab, { [name]: (...args: unknown[]) => (asked.push(args[0]), own(...args)) });
      }
    });
    const said = () => patches.locator("nst-patch-strip button").first().getAttribute("aria-label");
    const wanted = (channel: number) => new RegExp(`^1: ${String(Number(before.channels[channel][0].value.toPrecision(3)))} in ${before.names[before.channels[channel][0].picture]}, unit ${before.channels[channel][0].x}, ${before.channels[channel][0].y}$`);
    expect(await said()).toMatch(wanted(0));
    await patches.getByRole("slider").focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(said).toMatch(wanted(1));
    await page.keyboard.press("End");
    await expect.poll(said).toMatch(wanted(31));
    expect(await patches.getByRole("slider").getAttribute("aria-valuetext")).toContain("channel 31: at most");
    await patches.getByRole("textbox", { name: "channel" }).fill("5");
    await expect.poll(said).toMatch(wanted(5));
    // what else the page asks for (how busy its workers are) is not about the patches
    expect(await page.evaluate(() => (window as unknown as { asked: unknown[] }).asked.filter((method) => method !== "status"))).toEqual([]);
  });

  it("are cut out as large as what the unit sees, and marked in their picture", async () => {
    const { channels } = await found("block2_conv1");
    const field = receptiveField(card, "block2_conv1");
    const inside = ({ x, y, picture }: PatchesValue["channels"][0][0]) => {
      const area = fieldOf(field, x, y);
      return picture === 0 && area.x >= 0 && area.y >= 0 && area.x + area.width <= 96 && area.y + area.height <= 96;
    };
    const channel = channels.findIndex((list) => list.some(inside));
    const i = channels[channel].findIndex(inside);
    const { x, y } = channels[channel][i];
    await patches.getByRole("textbox", { name: "channel" }).fill(String(channel));
    const button = patches.locator("nst-patch-strip button").nth(i);
    await button.hover();
    expect(await patches.locator("figcaption b").innerText()).toBe("cat.jpg");
    expect((await patches.locator("figcaption").innerText()).replace(/\s+/g, " ")).toContain(`unit ${x}, ${y} answers`);
    const area = fieldOf(field, x, y);
    const { width, rgba } = await canvasBytes(button.locator("canvas"));
    const picture = await page.evaluate(async () => [...((await document.querySelector("nst-notebook")!.graph.value("content")) as { picture: { data: Float32Array } }).picture.data]);
    // the middle of each pixel of the patch, as it is drawn
    for (const [dx, dy] of [[0, 0], [4, 7], [9, 9]]) {
      const at = (Math.floor(((dy + 0.5) * width) / field.size) * width + Math.floor(((dx + 0.5) * width) / field.size)) * 4;
      for (const c of [0, 1, 2]) expect(Math.abs(rgba[at + c] - 255 * picture[((area.y + dy) * 96 + area.x + dx) * 3 + c])).toBeLessThanOrEqual(1);
    }
  });

  it("follow the layer that is chosen elsewhere, also when it changes in between, and leave no tensor", async () => {
    const tensors = () => page.evaluate(async () => (await document.querySelector("nst-app")!.kernels!.lab.call("status", {})).tensors);
    const before = await tensors();
    await choose("block4_conv1");
    // it has begun with this layer, or a fast machine is even done with some pictures
    await page.waitForFunction(() => {
      const { status, value } = document.querySelector("nst-patches")!;
      return status === "pending" || value?.layer === "block4_conv1";
    });
    await choose("block1_conv1");
    const { channels } = await found("block1_conv1");
    expect(channels.length).toBe(16);
    await expect.poll(tensors).toBe(before);
  });

  it("come of the reader's own pictures, too", async () => {
    await page.evaluate(async () => {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 64;
      const drawing = canvas.getContext("2d")!;
      drawing.fillStyle = "#f0f";
      drawing.fillRect(0, 0, 64, 64);
      const file = await new Promise<Blob>((resolve) => canvas.toBlob((blob) => resolve(blob!), "image/png"));
      const cell = document.querySelector("nst-patches") as PatchesCell;
      await cell.context!.pictures!.keep(file, "magenta.png");
      cell.invalidate();
    });
    const { names } = await found("block1_conv1", 11);
    expect(names).toContain("magenta.png");
  });

  it("stay within a narrow screen", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await patches.scrollIntoViewIfNeeded();
    await expect.poll(() => patches.locator(".view").first().evaluate((view) => view.scrollWidth - view.clientWidth)).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  it("and none of this has left an error", () => expect(errors).toEqual([]));
});
