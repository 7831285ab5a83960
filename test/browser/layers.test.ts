/** The map of a network, its first kernels, its random twin and the statistics of its layers, as a person has them before them. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FirstKernels, kernelPixels, kernelWeights, reachOf } from "../../src/cells/kernels-picture";
import type { KernelsValue } from "../../src/cells/kernels";
import type { LayerStatisticsValue } from "../../src/cells/layer-statistics";
import type { NetworkValue } from "../../src/cells/network";
import type { FeatureMaps } from "../../src/nst/feature-maps";
import { layerStatistics } from "../../src/nst/map-statistics";
import { randomWeights } from "../../src/nst/vgg";
import { slim } from "../support/fixtures";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { openNotebook } from "./support/own-notebook";
import { canvasBytes } from "./support/workbench";

const NOTEBOOK = `# A test

<nst-layers as="layer" of="content"></nst-layers>

<nst-image as="content" src="cat.jpg" size="96" aspect="original"></nst-image>

<nst-network as="network"></nst-network>

<nst-layers as="bare" layer="conv2_1"></nst-layers>

<nst-layers as="wrong" layer="conv9_9"></nst-layers>

<nst-kernels as="kernels" network="network"></nst-kernels>

<nst-network as="untrained" weights="random" seed="1"></nst-network>

<nst-kernels as="dice" network="untrained"></nst-kernels>

<nst-layer-statistics as="statistics" of="content" network="network"></nst-layer-statistics>
`;

const { card, weights } = slim();

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launch({ gpu: false });
  ({ page, errors } = await openNotebook(browser, NOTEBOOK, { timeout: 20_000 }));
});
afterAll(() => browser?.close());

const cell = (name: string): Locator => page.locator(`[as="${name}"]`);
const value = <T>(name: string) => page.evaluate((name) => document.querySelector("nst-notebook")!.graph.value(name), name) as Promise<T>;
const layers = (name: string) => cell(name).getByRole("radio");

describe("the map of the network", () => {
  it("draws every layer to scale: maps half as high after each pool, fields that grow", async () => {
    await cell("layer").scrollIntoViewIfNeeded();
    expect(await value("layer")).toBe("block4_conv2");
    expect(await layers("layer").count()).toBe(20);
    const drawn = await layers("layer").evaluateAll((all) => all.map((one) => ({ layer: (one as HTMLElement).dataset["layer"]!, map: one.querySelector(".maps i")!.getBoundingClientRect(), field: one.querySelector(".field i")!.getBoundingClientRect().height })));
    const of = (layer: string) => drawn.find((one) => one.layer === layer)!;
    expect(of("block1_conv1").map.height / of("block2_conv1").map.height).toBeCloseTo(2, 1);
    expect(of("block2_conv1").map.height / of("block3_conv1").map.height).toBeCloseTo(2, 1);
    expect(of("block4_conv1").map.width / of("block3_conv1").map.width).toBeCloseTo(2, 1);
    // a field as large as the picture, or larger, is drawn as the whole of it
    expect([of("block3_conv1").field, of("block4_conv1").field, of("block5_conv4").field].map((px) => Math.round(px))).toEqual([28, 79, 112]);
  });

  it("says of the chosen layer what it holds and what one unit sees of this picture", async () => {
    const { picture } = await value<{ picture: { width: number; height: number } }>("content");
    const said = (await cell("layer").locator(".said").innerText()).replace(/\s+/g, " ");
    expect(said).toContain(`128 maps of ${picture.height >> 3} × ${picture.width >> 3} positions`);
    expect(said).toContain("One unit sees 84 × 84 pixels, and its neighbour the same 8 pixels further on.");
    expect(await cell("layer").locator("header .note").innerText()).toBe(`${picture.height >> 3} × ${picture.width >> 3} × 128`);
  });

  it("is walked through with the arrow keys, and its value is the layer's name", async () => {
    await layers("layer").and(page.locator("[aria-checked=true]")).focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => value("layer")).toBe("block4_conv3");
    await page.keyboard.press("Home");
    await expect.poll(() => value("layer")).toBe("block1_conv1");
    const focused = await cell("layer").evaluate((element) => (element.shadowRoot!.querySelector("nst-layers-map")!.shadowRoot!.activeElement as HTMLElement).dataset["layer"]);
    expect(focused).toBe("block1_conv1");
    await layers("layer").and(page.locator('[data-layer="block3_conv1"]')).click();
    await expect.poll(() => value("layer")).toBe("block3_conv1");
    expect(await layers("layer").and(page.locator("[aria-checked=true]")).getAttribute("aria-label")).toContain("block3_conv1, conv3_1 in the paper: 64 maps");
  });

  it("needs no picture: sizes are then those of the size that the network recommends", async () => {
    await cell("bare").scrollIntoViewIfNeeded();
    expect(await value("bare")).toBe("block2_conv1");
    expect(await cell("bare").locator("header .note").innerText()).toBe("128 × 128 × 32");
    expect(await cell("bare").locator(".said").innerText()).toContain("In the middle of a picture of 256 × 256");
  });

  it("names a layer that is not there, and lets another one be chosen", async () => {
    await cell("wrong").scrollIntoViewIfNeeded();
    await expect.poll(() => cell("wrong").locator(".error").innerText()).toBe("VGG-19 slim (trained by this project) has no layer “conv9_9”. Choose one below.");
    await layers("wrong").first().click();
    await expect.poll(() => value("wrong")).toBe("block1_conv1");
    expect(await cell("wrong").locator(".error").count()).toBe(0);
  });
});

describe("the kernels of the first layer", () => {
  const kernels: FirstKernels = { side: 3, count: 16, data: Float32Array.from(weights.get("block1_conv1.kernel")!.data), bias: new Float32Array(16), order: "RGB" };

  it("are drawn as pictures, each symmetric about grey", async () => {
    await cell("kernels").scrollIntoViewIfNeeded();
    await value("kernels");
    expect(await cell("kernels").getByRole("radio").count()).toBe(16);
    for (const kernel of [0, 7]) {
      const canvas = await canvasBytes(cell("kernels").getByRole("radio").nth(kernel).locator("canvas"));
      const own = kernelWeights(kernels, kernel);
      expect([...canvas.rgba]).toEqual([...kernelPixels(own, 3, reachOf(own)).rgba]);
    }
  });

  it("show their numbers when they are pointed at, and the chosen one's when they are not", async () => {
    const numbers = async () => (await cell("kernels").locator("nst-kernel-numbers td").allInnerTexts()).map((text) => Number(text.replace("−", "-")));
    const wanted = (kernel: number) => [0, 1, 2].flatMap((colour) => Array.from({ length: 9 }, (_, p) => kernelWeights(kernels, kernel)[3 * p + colour]));
    for (const kernel of [3, 0]) {
      if (kernel === 3) await cell("kernels").getByRole("radio").nth(3).hover();
      else await page.mouse.move(0, 0);
      await expect.poll(() => cell("kernels").locator("nst-kernel-numbers b").innerText()).toBe(`kernel ${kernel}`);
      const shown = await numbers();
      const unit = 10 ** (1 - Math.floor(Math.log10(reachOf(kernelWeights(kernels, kernel)))));
      wanted(kernel).forEach((weight, i) => expect(shown[i]).toBeCloseTo(weight * unit, 0.9));
    }
  });

  it("are walked through with the arrow keys", async () => {
    await cell("kernels").getByRole("radio").first().focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => cell("kernels").locator("nst-kernel-numbers b").innerText()).toBe("kernel 2");
    expect(await cell("kernels").getByRole("radio").nth(2).getAttribute("aria-checked")).toBe("true");
  });
});

describe("a network with random weights", () => {
  it("says plainly that it has learnt nothing, and gives its seed", async () => {
    await cell("untrained").scrollIntoViewIfNeeded();
    expect((await value<NetworkValue>("untrained")).random).toBe(1);
    expect((await value<NetworkValue>("network")).random).toBe(undefined);
    expect((await cell("untrained").locator(".about").innerText()).replace(/\s+/g, " ")).toMatch(/^Its weights are random numbers: it has never seen a picture and has learnt nothing\./);
    expect(await cell("untrained").locator(".title").innerText()).toBe("VGG-19 slim with random weights");
  });

  it("has the kernels of that seed, and others with another seed", async () => {
    await cell("dice").scrollIntoViewIfNeeded();
    const data = async () => page.evaluate(async () => [...((await document.querySelector("nst-notebook")!.graph.value("dice")) as KernelsValue).data]);
    const seeded = (seed: number) => [...(randomWeights(card, seed).get("block1_conv1.kernel")!.data as Float32Array)];
    expect(await data()).toEqual(seeded(1));
    await cell("untrained").getByRole("button", { name: "Draw others" }).click();
    await expect.poll(data).toEqual(seeded(2));
    await cell("untrained").getByRole("button", { name: "trained", exact: true }).click();
    await expect.poll(async () => (await value<NetworkValue>("untrained")).random).toBe(undefined);
    expect(await cell("untrained").locator(".title").innerText()).toBe(card.title);
    await cell("untrained").getByRole("button", { name: "random", exact: true }).click();
    await expect.poll(async () => (await value<NetworkValue>("untrained")).random).toBe(2);
  });
});

describe("the statistics of the layers", () => {
  it("are those of the layers' numbers, drawn a histogram a layer", async () => {
    await cell("statistics").scrollIntoViewIfNeeded();
    const shown = await value<LayerStatisticsValue>("statistics");
    expect(Object.keys(shown)).toEqual(card.layers.filter(({ kind }) => kind === "conv").map(({ name }) => name));
    const maps = (await page.evaluate(async () => {
      const { graph } = document.querySelector("nst-notebook")!;
      const [{ picture }, network] = (await Promise.all([graph.value("content"), graph.value("network")])) as [{ picture: never }, never];
      const { block3_conv2: maps } = await document.querySelector("nst-app")!.kernels!.lab.call("features", { network, picture, layers: ["block3_conv2"] });
      return { ...maps, data: [...maps.data] };
    })) as unknown as FeatureMaps;
    const { mean, sparsity, dead, maximum } = layerStatistics({ ...maps, data: Float32Array.from(maps.data) });
    expect(shown["block3_conv2"].mean).toBeCloseTo(mean, 5);
    expect([shown["block3_conv2"].sparsity, shown["block3_conv2"].dead, shown["block3_conv2"].maximum]).toEqual([sparsity, dead, maximum]);
    const drawing = cell("statistics").locator("nst-layer-histograms svg");
    await drawing.waitFor();
    expect(await drawing.locator("text").allTextContents()).toEqual(expect.arrayContaining(["conv1_1", "conv5_4"]));
    expect(await cell("statistics").locator("nst-layer-histograms [role=img]").getAttribute("aria-label")).toMatch(/^Histograms of 16 layers: conv1_1 mean /);
  });

  it("are also there as a table", async () => {
    await cell("statistics").getByRole("button", { name: "table" }).click();
    const rows = await cell("statistics").locator("tbody tr").allInnerTexts();
    expect(rows.length).toBe(16);
    const { sparsity } = (await value<LayerStatisticsValue>("statistics"))["block5_conv4"];
    expect(rows.at(-1)).toContain(`${Number((100 * sparsity).toPrecision(3))} %`);
  });
});

describe("on a narrow screen", () => {
  it("nothing reaches beyond the edge, and the layers stand below one another", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const name of ["layer", "kernels", "untrained", "statistics"]) {
      await cell(name).scrollIntoViewIfNeeded();
      const { inner, outer } = await cell(name).locator(".view").first().evaluate((view) => ({ inner: view.scrollWidth, outer: view.clientWidth }));
      expect([name, inner]).toEqual([name, outer]);
    }
    const tops = await layers("layer").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
    expect(tops.slice(1).every((top, i) => top > tops[i])).toBe(true);
  });

  it("and none of this has left an error", () => expect(errors).toEqual([]));
});
