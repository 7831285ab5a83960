/** Chapter 12 as it is shipped, in the built app: what it says of trained and random weights, and a third network that was brought along. */
import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ComparisonValue } from "../../src/cells/compare-runs";
import { alexnetCard } from "../../src/nst/alexnet";
import { layerShapes } from "../../src/nst/layer-shapes";
import type { ModelCard } from "../../src/nst/model-card";
import { parameters } from "../../src/nst/parameters";
import { receptiveField } from "../../src/nst/receptive-field";
import type { TransferSettings } from "../../src/nst/settings";
import { squeezenetCard } from "../../src/nst/squeezenet";
import { randomWeights, vggCard } from "../../src/nst/vgg";
import { Chapter } from "./support/chapter";
import { eventually, unexpected } from "./support/own-notebook";
import type { Workbench } from "./support/workbench";

const STEPS = 30;
const REBUILT = 40;

let chapter: Chapter;
let workbench: Workbench;
let page: Page;

beforeAll(async () => {
  chapter = await Chapter.open("networks");
  ({ workbench, page } = chapter);
  // smaller and shorter than shipped, so that the test is soon over: what the text claims holds here as well
  await chapter.resize(64);
  await set("settings", { steps: STEPS });
  for (const name of ["rebuilt", "rebuiltR"]) await set(name, { size: 64, steps: REBUILT, layers: "conv4_2" });
});
afterEach(() => expect(unexpected(workbench.errors)).toEqual([]));
afterAll(() => chapter?.close());

const words = async (locator: Locator) => (await locator.innerText()).replace(/\s+/g, " ").trim();

/** Chooses parameters of a cell. */
const set = (name: string, params: Record<string, unknown>) =>
  workbench.cell(name).evaluate((cell, params) => {
    for (const [name, value] of Object.entries(params)) (cell as HTMLElementTagNameMap["nst-settings"]).setParam(name, value);
  }, params);

const ruler = async () => (await chapter.value<ComparisonValue>("cmp")).ruler;

async function finish(name: string): Promise<void> {
  const run = workbench.run(name);
  await run.cell.scrollIntoViewIfNeeded();
  await eventually(() => run.startButton.isEnabled()).toBe(true);
  await run.start();
  await run.until("finished");
}

/** A SqueezeNet of a few random filters, kept in this browser as if it had been brought along. */
async function keepThinSqueezeNet(): Promise<void> {
  const thin = { squeeze: 2, expand1x1: 4, expand3x3: 4 };
  const made = squeezenetCard("1.1", { conv1: 8, fires: Array.from({ length: 8 }, () => thin) });
  const card: ModelCard = { ...made, id: "thin", title: "Thin SqueezeNet", weights: { ...made.weights, kernelLayout: "HWIO", dtype: "F32" } };
  const tensors = [...randomWeights(card, 3)].map(([key, { shape, data }]) => ({ key, shape, data: [...data] }));
  await page.evaluate(
    async ({ card, tensors }) => {
      const writer = await document.querySelector("nst-app")!.networks!.begin({ id: card.id, card, origin: "this test", licence: "none", memory: 0 });
      for (const { key, shape, data } of tensors)
        await writer.put({ key, shape, format: "F32", bytes: new Uint8Array(Float32Array.from(data).buffer), stats: { mean: 0, deviation: 1, largest: 1 } });
      await writer.finish(tensors.map(({ key }) => key));
    },
    { card, tensors },
  );
}

describe("chapter 12", () => {
  it("counts layers, numbers, multiply-adds and fields as the cards of the networks have them", () => {
    const text = readFileSync(new URL("../../notebooks/networks.md", import.meta.url), "utf8");
    const slim = JSON.parse(readFileSync(new URL("../../public/models/vgg19-slim/model.json", import.meta.url), "utf8")) as ModelCard;
    const networks: [string, ModelCard][] = [["VGG-19", vggCard(19)], ["VGG-16", vggCard(16)], ["VGG-19 slim", slim], ["AlexNet", alexnetCard()], ["SqueezeNet 1.1", squeezenetCard("1.1")]];
    for (const [title, card] of networks) expect(text).toContain(`\n| ${title} | ${sizes(card).join(" | ")} |\n`);
  });

  it("rebuilds the picture from both networks: the random one meets its features sooner, and is farther from the pixels", async () => {
    for (const name of ["rebuilt", "rebuiltR"]) {
      const cell = await chapter.show(name, "button.primary");
      await cell.getByRole("button", { name: "Start", exact: true }).click();
    }
    const left = (name: string) => chapter.value<{ step: number; shares: Record<string, number> }>(name);
    for (const name of ["rebuilt", "rebuiltR"]) await expect.poll(async () => (await left(name)).step, { timeout: 60_000 }).toBe(REBUILT);
    const [trained, random] = [await left("rebuilt"), await left("rebuiltR")];
    expect(random.shares["block4_conv2"]).toBeLessThan(trained.shares["block4_conv2"]);
    expect(await chapter.answer(/Both networks rebuild the picture from conv4_2/, "farther")).toBeGreaterThan(1.1);
  });

  it("goes on with the slim network as long as VGG-19 is not here, and its layers are found by name", async () => {
    await chapter.show("third", ".missing");
    expect(await words(workbench.cell("third").locator(".missing"))).toMatch(/^VGG-19 is not here\. Until it is, this cell goes on with VGG-19 slim/);
    await chapter.show("settingsC", ".match");
    expect(await words(workbench.cell("settingsC").locator("header .note"))).toBe("6 layers: 6 by name");
    expect(await chapter.value("settingsC")).toEqual(await chapter.value("settings"));
  });

  it("runs trained and random weights: the random ones bring colours, and nothing of the deep forms", async () => {
    for (const name of ["A", "B"]) await finish(name);
    await chapter.show("cmp", "nst-compare-ruler td");
    await eventually(async () => Object.keys(await ruler())).toEqual(["A", "B"]);
    await eventually(async () => (await workbench.cell("cmp").locator("nst-compare-ruler tbody small").allInnerTexts()).every((text) => text === `at step ${STEPS}`)).toBe(true);
    const { A, B } = await ruler();
    // “at conv1_1 B has come about as near as A”
    expect(B["block1_conv1"]).toBeLessThan(0.2);
    expect(A["block5_conv1"]).toBeLessThan(0.3);
    expect(await chapter.answer(/B runs with random weights/, "about where it began")).toBeGreaterThan(0.7);
    const total = async (name: string) => (await workbench.run(name).seen()).costs["total"];
    const [a, b] = [await total("A"), await total("B")];
    expect(b.at(-1)! / b[0]).toBeLessThan(a.at(-1)! / a[0]);
  });

  it("answers its questions: shuffled pixels, scaled filters, pools, eight bits", async () => {
    expect(await chapter.answer(/how far is the painting from its own shuffled pixels/, "much nearer, less than a fifth of it")).toBeLessThan(0.2);
    const told = await chapter.value<Record<"trained" | "random", Record<string, number>>>("told");
    // “the trained one finds pixel noise farther from the painting than the photograph is, at every layer but the first”
    for (const layer of ["block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1"]) expect(told.trained[layer], layer).toBeGreaterThan(1);
    expect(told.trained["block1_conv1"]).toBeLessThan(1);
    await chapter.answer(/made ten times as large/, "10 000 times");
    expect((await chapter.value<{ style: number }>("scaled")).style).toBeCloseTo(10_000, -2);
    expect(await chapter.answer(/maximum in the place of average pooling/, "about three times as large")).toBeGreaterThan(2);
    expect(await chapter.answer(/rounded to 8 bits/, "a few hundredths")).toBeLessThan(0.15);
  });

  it("takes a network that was brought along, and finds its layers by depth", async () => {
    await keepThinSqueezeNet();
    await set("third", { model: "thin" });
    const match = await chapter.show("settingsC", ".match");
    await eventually(() => words(match.locator("header .note"))).toBe("6 layers: 6 by depth");
    const { contentLayer, styleLayers } = await chapter.value<TransferSettings>("settingsC");
    expect({ contentLayer, styleLayers }).toEqual({ contentLayer: "fire4", styleLayers: { conv1: 0.4, fire2: 0.2, fire4: 0.2, fire6: 0.2 } });
    await match.getByText("conv1_1 and conv2_1 come to the same layer, conv1: it counts with their weights added up, 0.4.").waitFor();
    const rows = match.locator(".match");
    expect(await words(rows.filter({ hasText: "conv4_2" }).locator(".how"))).toBe("same depth");
    expect(await words(rows.filter({ hasText: "conv1_1" }).locator(".how"))).toBe("nearest: nothing at full size, so nothing as fine");
    // one of them is chosen otherwise, and taken back
    await match.getByRole("combobox", { name: "layer for conv4_2" }).selectOption("fire5");
    await eventually(async () => (await chapter.value<TransferSettings>("settingsC")).contentLayer).toBe("fire5");
    await match.getByRole("button", { name: "back to the layer at the depth of conv4_2" }).click();
    await eventually(async () => (await chapter.value<TransferSettings>("settingsC")).contentLayer).toBe("fire4");
  });

  it("runs it with the same settings, beside the others: each names its own layers, one ruler measures all", async () => {
    await finish("C");
    const table = workbench.cell("cmp").locator("nst-compare-settings tbody");
    await chapter.show("cmp", "nst-compare-settings tbody");
    await eventually(() => words(table.getByRole("row").filter({ hasText: "style layers" }))).toBe("style layers conv1_1, conv2_1, conv3_1, conv4_1, conv5_1, each 0.2 conv1_1, conv2_1, conv3_1, conv4_1, conv5_1, each 0.2 conv1 0.4, fire2 0.2, fire4 0.2, fire6 0.2");
    expect(await words(table.getByRole("row").filter({ hasText: "content layer" }))).toBe("content layer conv4_2 conv4_2 fire4");
    await eventually(async () => Object.keys(await ruler())).toEqual(["A", "B", "C"]);
    const measured = workbench.cell("cmp").getByRole("combobox", { name: "measured with" });
    expect(await measured.locator("option").allInnerTexts()).toEqual(["VGG-19 slim (trained by this project)", "Thin SqueezeNet"]);
    const kept = await page.evaluate(async () => (await document.querySelector("nst-app")!.runs!.list()).map(({ network: { id, random } }) => [id, random]));
    expect(kept.sort()).toEqual([["thin", null], ["vgg19-slim", 1], ["vgg19-slim", null]].sort());
  });

  it("has no error in any cell at its end, and is not wider than a narrow screen", () => chapter.endsWell());
});

/** A row of the table of sizes. */
function sizes(card: ModelCard): string[] {
  const shapes = layerShapes(card, 256, 256);
  const convs = card.layers.filter(({ kind }) => kind === "conv");
  const work = convs.reduce((sum, { name }) => {
    const { width, height, channels, parameters } = shapes.get(name)!;
    return sum + (parameters - channels) * width * height;
  }, 0);
  const learnt = parameters(card);
  const grouped = String(learnt).replace(/\B(?=(\d{3})+$)/g, " ");
  return [String(convs.length), grouped, `${((4 * learnt) / 1e6).toFixed(1)}\u00a0MB`, `${(work / 1e9).toFixed(2)} billion`, `${receptiveField(card, card.layers.at(-1)!.name).size} px`];
}
