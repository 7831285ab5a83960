/** Chapter 7 as it is shipped, in the built app: one step taken apart, written by hand, and its questions answered. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AnatomyValue } from "../../src/cells/anatomy-model";
import type { StepComparison } from "../../src/cells/anatomy-sides";
import { Chapter } from "./support/chapter";
import { eventually, unexpected } from "./support/own-notebook";

let chapter: Chapter;
let page: Page;

beforeAll(async () => {
  chapter = await Chapter.open("define-by-run");
  page = chapter.page;
  // smaller than shipped: what the text claims holds at this size as well
  await chapter.resize(64);
});
afterEach(() => expect(unexpected(chapter.workbench.errors)).toEqual([]));
afterAll(() => chapter?.close());

const step = () => chapter.workbench.cell("step");

/** Chooses an operation as the timeline does, and waits for its output. */
async function choose(operation: number, output: string): Promise<void> {
  await step().evaluate((cell, operation) => (cell as HTMLElementTagNameMap["nst-anatomy"]).setParam("operation", operation, { recompute: false }), operation);
  await step().locator(`nst-anatomy-output div:not(.stale) ${output}`).first().waitFor();
}

const operations = () => step().locator("nst-anatomy-timeline").evaluate((timeline) => (timeline as HTMLElementTagNameMap["nst-anatomy-timeline"]).operations);
const chosen = async () => Number(await step().getByRole("slider").getAttribute("aria-valuenow"));

describe("chapter 7", () => {
  it("lets predict how many operations a step has, and how long the way back takes", async () => {
    expect(await chapter.answer(/How many operations/, "about 200")).toBeGreaterThan(100);
    // which of the answers is right depends on the machine, and on what else it does
    const question = page.locator("nst-predict").filter({ has: page.getByRole("group", { name: /How long does the way back take/ }) });
    await question.getByRole("radio", { name: "up to twice as long", exact: true }).press("Space");
    await question.getByRole("button", { name: "Run" }).press("Enter");
    await eventually(() => question.getByRole("status").innerText()).toMatch(/s you predicted: \S+ times the way forward$/);
  });

  it("takes a step apart: every operation forward and backward, with time, shapes and memory, and the peak marked", async () => {
    await step().scrollIntoViewIfNeeded();
    await step().locator("nst-anatomy-timeline .peak").waitFor();
    const numbers = await chapter.value<AnatomyValue>("step");
    expect(numbers.operations).toBe((await operations()).length);
    expect(await step().locator(".summary").innerText()).toContain(`${numbers.operations} operations in `);
    // the text says so: little more than all feature maps together
    expect(numbers.peakOverActivations).toBeGreaterThan(0.9);
    expect(numbers.peakOverActivations).toBeLessThan(1.3);
    for (const part of [numbers.forward, numbers.costs, numbers.backward, numbers.update]) expect(part.operations).toBeGreaterThan(5);
    expect(numbers.inOperations).toBeLessThanOrEqual(numbers.milliseconds);
    expect(await step().locator("nst-anatomy-timeline rect.op").count()).toBe(numbers.operations);
  });

  it("shows feature maps, a Gram matrix, and a cost as what they are", async () => {
    const all = await operations();
    await choose(all.findIndex(({ name, layer }) => name === "FusedConv2D" && layer === "block2_conv1"), "nst-map-grid");
    expect(await step().locator("nst-anatomy-output").getByRole("listbox").getAttribute("aria-label")).toBe("output of FusedConv2D: 32 maps of 32 × 32. Arrow keys choose one.");
    await choose(all.findIndex(({ name, layer, direction }) => name === "BatchMatMul" && layer === "block2_conv1" && direction === "costs"), "nst-gram-map");
    await choose(all.findIndex(({ shape, layer }) => shape.length === 0 && layer === "block2_conv1"), ".single");
    await choose(all.findLastIndex(({ name }) => name === "ClipByValue"), "nst-value canvas");
    expect(await step().locator("nst-anatomy-output dl").innerText()).toMatch(/64 × 64 × 3/);
  });

  it("is walked by keys and by the links to where inputs come from, and read as a table", async () => {
    await step().getByRole("slider").focus();
    await page.keyboard.press("Home");
    await eventually(chosen).toBe(1);
    await page.keyboard.press("PageDown");
    await page.keyboard.press("ArrowRight");
    const all = await operations();
    const after = await chosen();
    expect(all[after - 2].layer).toBe("block1_conv1");
    expect(all[after - 3].layer).toBe("");
    expect(await step().getByRole("slider").getAttribute("aria-valuetext")).toMatch(new RegExp(`^operation ${after} of ${all.length}: .* alive after it\\.$`));
    const link = step().locator("nst-anatomy-operation .input .link").first();
    const to = Number(/(\d+)$/.exec((await link.innerText()).trim())![1]);
    await link.click();
    await eventually(chosen).toBe(to);
    await step().getByText(`All ${all.length} operations as a table`).click();
    await step().getByRole("row").filter({ hasText: "ClipByValue" }).getByRole("button").click();
    await eventually(chosen).toBe(all.findIndex(({ name }) => name === "ClipByValue") + 1);
  });

  it("is pointed at with the pointer: what it says is there at once, without a worker", async () => {
    const timeline = step().locator("nst-anatomy-timeline svg");
    const readout = () => step().locator(".readout").innerText();
    /** At so much of its width; where it is now, because what comes above it moves it. */
    const pointAt = async (share: number, act: "move" | "click" = "move") => {
      await timeline.scrollIntoViewIfNeeded();
      const { x, y, width } = (await timeline.boundingBox())!;
      await page.mouse[act](x + width * share, y + 60);
      return readout();
    };
    const first = await pointAt(0.3);
    await eventually(() => pointAt(0.8)).not.toBe(first);
    // what is read before the click is what the click chooses
    await eventually(async () => {
      const read = Number(/^operation (\d+) /.exec(await pointAt(0.8))![1]);
      await pointAt(0.8, "click");
      return (await chosen()) - read;
    }).toBe(0);
  });

  it("has the same step written by hand, with the same costs to 1e-5, a tape that holds several times the memory, and more operations", async () => {
    const code = page.locator("nst-code").nth(1);
    await code.scrollIntoViewIfNeeded();
    await code.getByRole("button", { name: "Run", exact: true }).press("Enter");
    const compared = chapter.workbench.cell("compared");
    await eventually(async () => {
      await compared.scrollIntoViewIfNeeded();
      return compared.locator("table").count();
    }).toBe(1);
    const { difference, memory, operations, terms } = await chapter.value<StepComparison>("compared");
    expect(difference).toBeLessThan(1e-5);
    expect(terms.map(({ name }) => name)).toEqual(["total", "content", "tv", "block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1"]);
    for (const { engine } of terms) expect(engine).toBeGreaterThan(0);
    expect(memory).toBeGreaterThan(3);
    expect(operations).toBeGreaterThan(1.5);
    expect(await compared.getByRole("status").innerText()).toMatch(/^The costs are the same to /);
  });

  it("asks two questions at its end, and the numbers bear out what it explains", async () => {
    expect(await chapter.answer(/What happens to the number of operations/, "it stays the same")).toBe(1);
    expect(await chapter.answer(/And the memory at its peak/, "it is a quarter, and a little more")).toBeGreaterThan(0.25);
  });

  it("begins a step from another picture where it is told to", async () => {
    const { terms } = await chapter.value<AnatomyValue>("step");
    await step().evaluate((cell) => cell.setAttribute("from", "style"));
    await step().scrollIntoViewIfNeeded();
    // the style picture has its own style: nothing to pay for it
    await eventually(async () => (await chapter.value<AnatomyValue>("step")).terms.style).toBeLessThan(1e-6 * terms.style);
    expect((await chapter.value<AnatomyValue>("step")).terms.content).toBeGreaterThan(terms.content);
  });

  it("has no error in any cell at its end, and is not wider than a narrow screen", () => chapter.endsWell());

  it("leaves no tensors behind when it is left: the workers keep the network alone", () => chapter.leavesNothing());
});
