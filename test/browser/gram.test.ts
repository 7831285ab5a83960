/** Gram matrices as a person has them before them, with every number held against F Fᵀ of the maps, and against the engine's own functions in Node. */
import * as tf from "@tensorflow/tfjs";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FeaturesValue } from "../../src/cells/features-value";
import type { GramCompareValue } from "../../src/cells/gram-compare";
import { formatNumber } from "../../src/cells/numbers";
import { normalisedGram, styleCost } from "../../src/nst/costs/gram";
import type { KernelValue } from "../../src/sandbox/client";
import { launch } from "./support/chrome";
import { eventually, openNotebook } from "./support/own-notebook";

const NOTEBOOK = `# A test

<nst-image as="style" src="great-wave.jpg" size="96"></nst-image>
<nst-image as="content" src="neuschwanstein.jpg" size="64"></nst-image>
<nst-network as="network"></nst-network>

<nst-features as="FS" of="style" network="network" layer="block2_conv1" unit="false"></nst-features>
<nst-features as="FC" of="content" network="network" layer="block2_conv1" unit="false"></nst-features>
<nst-features as="F3" of="content" network="network" layer="block3_conv1" unit="false"></nst-features>

<nst-gram as="A" of="FS"></nst-gram>

<nst-gram-compare as="apart" of="FS FC"></nst-gram-compare>

<nst-gram-compare as="wrong" of="FS F3"></nst-gram-compare>

\`\`\`js kernel
const wide = tf.randomUniform([16, 16, 512], 0, 1, "float32", 1)
const square = nst.gram(wide)
\`\`\`

<nst-gram as="large" of="wide"></nst-gram>

<nst-gram as="alone" of="square"></nst-gram>

<nst-settings as="settings" network="network" without="size"></nst-settings>
<nst-run as="G" of="content style" network="network" settings="settings"></nst-run>

<nst-features as="FG" of="G" network="network" layer="block2_conv1" unit="false"></nst-features>

<nst-gram-compare as="left" of="FS FG"></nst-gram-compare>
`;

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launch({ gpu: false });
  ({ page, errors } = await openNotebook(browser, NOTEBOOK));
});
afterAll(async () => {
  await browser?.close();
  expect(errors).toEqual([]);
});

const cell = (name: string): Locator => page.locator(`[as="${name}"]`);
const map = (name: string, at = 0): Locator => cell(name).locator("nst-gram-map").nth(at).locator("canvas");
const entry = (name: string): Promise<string> => cell(name).locator("nst-gram-view h4").first().innerText();
const value = <T>(name: string) => page.evaluate((name) => document.querySelector("nst-notebook")!.graph.value(name), name) as Promise<T>;

/** Feature maps of a cell, with their numbers. */
async function mapsOf(name: string): Promise<FeaturesValue> {
  const { base64, ...maps } = await page.evaluate(async (name) => {
    const { layer, height, width, channels, data } = (await document.querySelector("nst-notebook")!.graph.value(name)) as FeaturesValue;
    let binary = "";
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return { layer, height, width, channels, base64: btoa(binary) };
  }, name);
  const bytes = Buffer.from(base64, "base64");
  return { ...maps, data: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)) };
}

/** Σ_k F_ik F_jk */
function product({ channels, data }: FeaturesValue, i: number, j: number): number {
  let sum = 0;
  for (let p = 0; p < data.length; p += channels) sum += data[p + i] * data[p + j];
  return sum;
}

/** A point of a map, in CSS pixels from its corner. @param x and @param y as shares of its sides */
async function at(name: string, x: number, y: number): Promise<{ x: number; y: number }> {
  const side = await map(name).evaluate((canvas) => canvas.getBoundingClientRect().width);
  return { x: x * side, y: y * side };
}

/** Brings a cell on the screen, which is when it computes. */
async function show(name: string): Promise<void> {
  await cell(name).scrollIntoViewIfNeeded();
  await cell(name).locator("nst-gram-view").waitFor();
}

/** Numbers as they stand in the text of an element: 45 714.36 */
const numbers = (text: string): number[] => (text.replace(/[\u2009\s](?=\d{3}(\D|$))/g, "").match(/−?\d+(\.\d+)?(e−?\d+)?/g) ?? []).map((number) => Number(number.replaceAll("−", "-")));

describe("a Gram matrix", () => {
  it("tells of the entry that is pointed at: two maps, their product, and the sum that is this number", async () => {
    await show("A");
    const maps = await mapsOf("FS");
    const seen = new Set<string>();
    for (const [x, y] of [[0.2, 0.7], [0.55, 0.55], [0.9, 0.1]]) {
      await map("A").hover({ position: await at("A", x, y) });
      await eventually(() => entry("A").then((text) => seen.has(text))).toBe(false);
      const title = await entry("A");
      seen.add(title);
      const [i, j] = numbers(title.split(":")[0]);
      const said = await cell("A").locator("nst-gram-entry .numbers .value").allInnerTexts();
      const [sum, held, over] = said.map((text) => numbers(text)[0]);
      const expected = product(maps, i, j);
      expect(sum / expected).toBeCloseTo(1, 6);
      expect(held / expected).toBeCloseTo(1, 5);
      expect(over / (expected / (maps.channels * maps.height * maps.width))).toBeCloseTo(1, 3);
      const labels = await cell("A").locator("nst-gram-entry canvas").evaluateAll((all) => all.map((canvas) => canvas.getAttribute("aria-label")));
      expect(labels.map((label) => label!.replace(/:.*/, ""))).toEqual([`map ${i} of style`, `map ${j} of style`, `product of maps ${i} and ${j} of style`]);
    }
    // the pointer gone, what was chosen is there again
    await page.mouse.move(2, 2);
    await eventually(() => entry("A")).not.toBe([...seen].at(-1));
  });

  it("keeps the entry that is clicked, and goes on from it by the arrow keys", async () => {
    await map("A").click({ position: await at("A", 0.3, 0.6) });
    const clicked = await entry("A");
    await page.mouse.move(2, 2);
    await page.waitForTimeout(100);
    expect(await entry("A")).toBe(clicked);
    await page.keyboard.press("ArrowRight");
    await eventually(() => entry("A")).not.toBe(clicked);
    const [i] = numbers(clicked.split(":")[0]);
    expect(numbers((await entry("A")).split(":")[0])[0]).toBe(i);
    expect(await map("A").getAttribute("aria-label")).toContain(`Entry ${i}, `);
    await page.keyboard.press("ArrowLeft");
    await eventually(() => entry("A")).toBe(clicked);
  });

  it("shows its channels as the network has them, or alike maps together; and entries as they are", async () => {
    await cell("A").getByLabel("order").selectOption("index");
    await map("A").focus();
    for (let k = 0; k < 3; k++) for (const key of ["Shift+ArrowUp", "Shift+ArrowLeft"]) await page.keyboard.press(key);
    await eventually(() => entry("A")).toMatch(/^Entry 0, 0: /);
    await page.keyboard.press("ArrowRight");
    await eventually(() => entry("A")).toMatch(/^Entry 0, 1: /);
    await cell("A").getByRole("button", { name: "as they are" }).click();
    const expected = product(await mapsOf("FS"), 0, 1);
    await eventually(async () => numbers((await map("A").getAttribute("aria-label"))!.replace(/.*Entry 0, 1: /, ""))[0] / expected).toBeCloseTo(1, 3);
    expect(await cell("A").locator("nst-gram-entry .numbers .value").count()).toBe(2);
  });

  it("goes to the pairs that answer together most", async () => {
    const [first, second] = await cell("A").locator(".pairs button").all();
    await second.click();
    const [i, j] = numbers(await second.locator(".mono").innerText());
    expect(await entry("A")).toMatch(`Entry ${i}, ${j}: how strongly`);
    expect(await second.getAttribute("aria-pressed")).toBe("true");
    expect(await first.getAttribute("aria-pressed")).toBe("false");
    const maps = await mapsOf("FS");
    const largest = Math.max(...Array.from({ length: maps.channels }, (_, a) => Array.from({ length: a }, (_, b) => product(maps, a, b))).flat());
    const [a, b] = numbers(await first.locator(".mono").innerText());
    expect(product(maps, a, b) / largest).toBeCloseTo(1, 5);
  });
});

describe("a Gram matrix of 512 maps", () => {
  it("is entered by + and moved about in by the arrow keys and by dragging, and shown whole again", async () => {
    await show("large");
    expect(await cell("large").locator("header .note").innerText()).toMatch(/512 × 512 over 256 positions/);
    const span = () => cell("large").locator(".controls .number").innerText().catch(() => "");
    await map("large").focus();
    for (let k = 0; k < 8; k++) await page.keyboard.press("+");
    await eventually(span).toMatch(/^3\d of 512/);
    const size = () => map("large").evaluate((canvas) => (canvas as HTMLCanvasElement).width);
    expect(await size()).toBe(numbers(await span())[0]);
    // farther than the window is wide: it follows
    const before = await entry("large");
    for (let k = 0; k < 4; k++) await page.keyboard.press("Shift+ArrowRight");
    await eventually(() => entry("large")).not.toBe(before);
    expect(await cell("large").locator("nst-gram-map .columns span").innerText()).toBe(String(numbers((await entry("large")).split(":")[0])[1]));

    const chosen = await entry("large");
    await map("large").hover();
    const box = (await map("large").boundingBox())!;
    await page.mouse.move(box.x + 0.8 * box.width, box.y + 0.5 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.1 * box.width, box.y + 0.5 * box.height, { steps: 4 });
    await page.mouse.up();
    await page.mouse.move(2, 2);
    // what was dragged is not chosen
    await eventually(() => entry("large")).toBe(chosen);
    await cell("large").getByRole("button", { name: "whole" }).click();
    await eventually(size).toBe(512);
  });

  it("is read from a code cell that has multiplied the maps itself, too: then without the maps", async () => {
    await show("alone");
    expect(await cell("alone").locator("nst-gram-entry .numbers").innerText()).toMatch(/maps behind this matrix are not known here/);
  });
});

describe("two Gram matrices", () => {
  it("make the style cost that the engine computes, also of pictures of different sizes", async () => {
    await show("apart");
    const [S, C] = [await mapsOf("FS"), await mapsOf("FC")];
    expect(S.width).not.toBe(C.width);
    const expected = tf.tidy(() => {
      const gram = ({ height, width, channels, data }: FeaturesValue) => normalisedGram(tf.tensor4d(data, [1, height, width, channels]));
      return styleCost(gram(C).sub(gram(S))).dataSync()[0];
    });
    const { styleCost: cost, largestShare, halfShare } = await value<GramCompareValue>("apart");
    expect(cost / expected).toBeCloseTo(1, 4);
    expect(largestShare).toBeGreaterThan(0);
    expect(halfShare).toBeLessThan(0.5);
    const formula = cell("apart").locator("nst-formula annotation");
    await eventually(() => formula.textContent()).toContain(formatNumber(cost, 4).replace("−", "-").split("e")[0]);
    expect(await cell("apart").locator(".body p").innerText()).toContain("each matrix is divided by its own M");
  });

  it("are shown with their difference, in the order and on the scale of one another", async () => {
    const labels = await cell("apart").locator("nst-gram-map canvas").evaluateAll((all) => all.map((canvas) => canvas.getAttribute("aria-label")!.replace(/, .*/, "")));
    expect(labels).toEqual(["Gram matrix of style", "Gram matrix of content", "difference of the two"]);
    const legends = await cell("apart").locator("nst-gram-map nst-colour-legend .ends").evaluateAll((all) => all.map((one) => [...one.children].map((end) => end.textContent!)));
    const ends = legends.map((texts) => texts.map((text) => numbers(text)[0]));
    expect(ends[0]).toEqual(ends[1]);
    expect(ends[2][0]).toBe(-ends[2].at(-1)!);
  });

  it("name the pairs that differ most; one that is chosen is taken apart for both", async () => {
    const [S, C] = [await mapsOf("FS"), await mapsOf("FC")];
    const first = cell("apart").locator(".pairs button").first();
    await first.click();
    const [i, j] = numbers(await first.locator(".mono").innerText());
    const apart = (maps: FeaturesValue) => product(maps, i, j) / (maps.channels * maps.height * maps.width);
    const d = apart(C) - apart(S);
    const said = numbers(await cell("apart").locator(".term").innerText());
    expect(said[0] / d).toBeCloseTo(1, 2);
    expect(said[1] / d ** 2).toBeCloseTo(1, 2);
    const sums = await cell("apart").locator("nst-gram-entry .numbers").evaluateAll((all) => all.map((one) => one.querySelector(".value")!.textContent!));
    expect(numbers(sums[0])[0] / product(S, i, j)).toBeCloseTo(1, 5);
    expect(numbers(sums[1])[0] / product(C, i, j)).toBeCloseTo(1, 5);
    const { styleCost: cost } = await value<GramCompareValue>("apart");
    const share = ((i === j ? 1 : 2) * d ** 2) / (4 * cost);
    expect(numbers(await first.locator(".number").innerText())[0] / (100 * share)).toBeCloseTo(1, 1);
  });

  it("of different layers are not compared: the cell says what to do", async () => {
    await cell("wrong").scrollIntoViewIfNeeded();
    await eventually(() => cell("wrong").locator(".error").innerText()).toMatch(/32 × 32.*64 × 64.*Take the same layer for both/);
  });

  it("of a run that has not been started are waited for, calmly; then they follow its picture", async () => {
    await cell("left").scrollIntoViewIfNeeded();
    await eventually(() => cell("left").locator("p.body").innerText()).toMatch(/no maps yet.*start it/s);
    expect(await cell("left").locator(".error").count()).toBe(0);
    await cell("settings").getByRole("textbox", { name: "steps", exact: true }).fill("15");
    await cell("G").getByRole("button", { name: "Start", exact: true }).click();
    await show("left");
    const cost = async () => (await value<GramCompareValue | null>("left"))?.styleCost ?? Infinity;
    await expect.poll(() => cell("G").getByRole("button", { name: "Start again" }).count(), { timeout: 60_000 }).toBe(1);
    // the run starts as a copy of the content picture
    const { styleCost: first } = await value<GramCompareValue>("apart");
    await eventually(cost).toBeLessThan(0.8 * first);
  });

  it("fit on a narrow screen", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const name of ["A", "apart", "large"]) {
      await show(name);
      const { width, scroll } = await cell(name).evaluate((element) => ({ width: element.clientWidth, scroll: element.shadowRoot!.querySelector("section")!.scrollWidth }));
      expect([name, scroll <= width]).toEqual([name, true]);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.setViewportSize({ width: 1280, height: 1000 });
  });
});

describe("the code of these cells", () => {
  it("computes the same numbers", async () => {
    await page.evaluate(() => {
      const { session } = document.querySelector("nst-notebook")!;
      const codes = ["A", "apart"].map((name) => window.asCode(document.querySelector(`[as="${name}"]`)!));
      session!.change(`${session!.text.trimEnd()}\n\n${codes.join("\n\n")}\n`, "show as code");
    });
    await page.locator("nst-code").last().scrollIntoViewIfNeeded();
    const read = (name: string) =>
      page.evaluate(async (name) => [...((await ((await document.querySelector("nst-notebook")!.graph.value(name)) as KernelValue).read()) as { data: Float32Array }).data], name);
    const maps = await mapsOf("FS");
    expect((await read("A2"))[5] / product(maps, 0, 5)).toBeCloseTo(1, 5);
    const { styleCost: cost } = await value<GramCompareValue>("apart");
    expect((await read("apart2"))[0] / cost).toBeCloseTo(1, 4);
  });
});
