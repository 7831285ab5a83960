import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { SweepValue } from "../../src/cells/sweep";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { eventually, networkTensors, openNotebook, unexpected } from "./support/own-notebook";

const NOTEBOOK = `# A test

<nst-image as="content" src="neuschwanstein.jpg" size="64"></nst-image>
<nst-image as="style" src="great-wave.jpg" size="64"></nst-image>

<nst-network as="network"></nst-network>

<nst-sweep as="grid" of="content style" network="network" size="48" steps="8" learning-rate="0.05" initialisation="noise" rows="style-layers: conv1_1 | conv1_1 conv2_1" columns="ratio: 1e-6 | 1e-4 | 1e-2" place="2 2"></nst-sweep>

<nst-run as="G" of="content style" network="network" settings="grid.settings"></nst-run>

<nst-sweep as="wrong" of="content style" network="network" rows="layers: conv1_1"></nst-sweep>`;

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launch({ gpu: false });
  ({ page, errors } = await openNotebook(browser, NOTEBOOK));
});
afterEach(() => expect(unexpected(errors)).toEqual([]));
afterAll(() => browser?.close());

const cell = (name: string): Locator => page.locator(`[as="${name}"]`);
const button = (text: string): Locator => cell("grid").getByRole("button", { name: text, exact: true });
const words = async (locator: Locator) => (await locator.innerText()).replace(/[\s\u2009]+/g, " ").trim();
const until = (state: string) => cell("grid").locator(".status b", { hasText: state }).waitFor();
const place = (row: number, column: number): Locator => cell("grid").locator(`[data-key="r${row}c${column}"]`);
const tensors = () => page.evaluate(async () => (await document.querySelector("nst-app")!.kernels!.engine.call("status", {})).tensors);
const set = (name: string, value: unknown) => cell("grid").evaluate((cell, [name, value]) => (cell as HTMLElementTagNameMap["nst-sweep"]).setParam(name as string, value), [name, value] as const);

/** The cell's value, without its pictures' numbers. */
const value = () =>
  page.evaluate(async () => {
    const plain = (_: string, value: unknown) => (ArrayBuffer.isView(value) ? undefined : value);
    return JSON.parse(JSON.stringify(await document.querySelector("nst-notebook")!.graph.value("grid"), plain)) as unknown;
  }) as Promise<SweepValue>;

/** Sizes of the canvases of all places, row by row. */
const sizes = () => cell("grid").locator('[role="gridcell"] canvas').evaluateAll((all) => all.map((canvas) => (canvas as HTMLCanvasElement).width));

describe("a grid of runs", () => {
  it("says before the start what will be grown, and gives the settings of the chosen place", async () => {
    await cell("grid").scrollIntoViewIfNeeded();
    await button("Start").waitFor();
    expect(await words(cell("grid").locator(".status"))).toMatch(/^Ready 6 pictures/);
    expect(await cell("grid").getByRole("columnheader").allInnerTexts()).toEqual([expect.stringContaining("style layers"), "10⁻⁶", "10⁻⁴", "0.01"]);
    expect(await cell("grid").getByRole("rowheader").allInnerTexts()).toEqual(["conv1_1", "+ conv2_1"]);
    const { row, column, picture, settings, cells } = await value();
    expect([row, column, picture, cells["r1c1"].content]).toEqual([2, 2, null, null]);
    // 48 × 48 pixels are 6 × 6 positions at conv4_2
    expect(settings).toMatchObject({ steps: 8, size: 48, initialisation: { kind: "noise" }, styleLayers: { block1_conv1: 0.5, block2_conv1: 0.5 } });
    expect(settings.alphaTimesM).toBeCloseTo(1e-4 * 36, 10);
  });

  it("says how long it will take, as soon as the machine has been measured", async () => {
    await page.waitForFunction(() => document.querySelector("nst-app")!.kernels!.status.available.length > 0);
    await eventually(() => words(cell("grid").locator(".status"))).toMatch(/about \d+ s on this machine/);
  });

  it("is paused, in which nothing moves, and goes on", async () => {
    await set("steps", 400);
    await button("Start").click();
    await until("Running");
    await button("Pause").click();
    await until("Paused");
    const steps = async () => Object.values((await value()).cells).map(({ step }) => step);
    const held = await steps();
    expect(held.filter((step) => step > 0).length).toBeLessThanOrEqual(2);
    await page.waitForTimeout(300);
    expect(await steps()).toEqual(held);
    await button("Resume").click();
    await until("Running");
    await button("Stop").click();
    await until("Stopped");
    await eventually(tensors).toBe(networkTensors());
  });

  it("fills all places at half size and then at full size", async () => {
    await set("steps", 8);
    await button("Start again").click();
    // an old picture is not taken for a new one
    await eventually(async () => (await sizes()).filter((width) => width === 24).length).toBeGreaterThan(0);
    await until("Finished");
    expect(await sizes()).toEqual(Array(6).fill(48));
    expect(await words(cell("grid").locator(".status"))).toBe("Finished 6 of 6 pictures done");
    const { cells, finished, picture } = await value();
    expect([finished, picture?.width]).toEqual([6, 48]);
    for (const outcome of Object.values(cells)) {
      expect(outcome.step).toBe(8);
      expect(outcome.total).toBeCloseTo(outcome.content! + outcome.style! + outcome.tv!, 6);
      expect(outcome.styleLeft).toBeLessThan(1);
    }
    await eventually(tensors).toBe(networkTensors());
  });

  it("keeps the content better, the more it weighs", async () => {
    const { cells } = await value();
    for (const row of [1, 2]) expect(cells[`r${row}c3`].contentLeft!).toBeLessThan(cells[`r${row}c1`].contentLeft!);
  });

  it("tells who does not see the pictures what each of them is, and how far it has come", async () => {
    const { cells } = await value();
    const name = await cell("grid").getByRole("img", { name: /^style layers conv1_1, conv2_1, α \/ β 10⁻⁶, after 8 of 8 steps/ }).getAttribute("aria-label");
    const said = Number(/content ([\d.]+) %/.exec(name!.replaceAll("\u2009", ""))![1]) / 100;
    expect(said / cells["r2c1"].contentLeft!).toBeCloseTo(1, 1);
  });

  it("enlarges the picture that is chosen, by mouse or with the arrow keys, and gives its settings", async () => {
    await place(1, 1).click();
    await eventually(async () => (await value()).settings.alphaTimesM).toBeCloseTo(1e-6 * 36, 10);
    await page.keyboard.press("Tab");
    await place(1, 1).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await eventually(async () => [(await value()).row, (await value()).column]).toEqual([2, 2]);
    expect(await place(2, 2).getAttribute("aria-selected")).toBe("true");
    expect(await place(2, 2).evaluate((one) => (one.getRootNode() as ShadowRoot).activeElement === one)).toBe(true);
    await page.keyboard.press("ArrowDown"); // there is no third row
    await page.keyboard.press("End");
    await eventually(async () => (await value()).column).toBe(3);
    const same = await cell("grid").locator("nst-sweep-view").evaluate((view) => {
      const bytes = (canvas: HTMLCanvasElement) => canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data.join();
      const [tile, large] = [view.shadowRoot!.querySelector<HTMLCanvasElement>('[data-key="r2c3"] canvas')!, view.shadowRoot!.querySelector("nst-sweep-detail")!.shadowRoot!.querySelector<HTMLCanvasElement>("canvas.result")!];
      return bytes(tile) === bytes(large);
    });
    expect(same).toBe(true);
    expect(await words(cell("grid").locator("nst-sweep-detail figcaption").first())).toBe("row 2, column 3 · step 8 of 8");
  });

  it("hands its settings to a run, which makes the same picture in its own size", async () => {
    await cell("G").scrollIntoViewIfNeeded();
    await cell("G").getByRole("button", { name: "Start", exact: true }).click();
    await cell("G").locator(".status b", { hasText: "Finished" }).waitFor();
    const [J, wanted] = await page.evaluate(async () => {
      const { graph } = document.querySelector("nst-notebook")!;
      const [{ picture, step }, { settings }] = (await Promise.all(["G", "grid"].map((name) => graph.value(name)))) as [{ picture: { width: number }; step: number }, SweepValue];
      return [[picture.width, step], [64, settings.steps]];
    });
    expect(J).toEqual(wanted);
  });

  it("names what was changed since the start", async () => {
    await cell("grid").scrollIntoViewIfNeeded();
    await set("columns", "ratio: 1e-6 | 1e-3");
    await cell("grid").getByText("Changed since the start: columns. Start again to use it.").waitFor();
    expect(await cell("grid").getByRole("gridcell").count()).toBe(6);
    await button("Start again").click();
    await until("Finished");
    expect(await cell("grid").getByRole("gridcell").count()).toBe(4);
  });

  it("can be shown as code", async () => {
    expect(await cell("grid").evaluate((cell) => window.asCode(cell))).toMatch(/^```js kernel edit manual\nasync function\* grid2\(\)/);
  });

  it("is refused with the reason when there is no such setting", async () => {
    await cell("wrong").scrollIntoViewIfNeeded();
    await cell("wrong").getByText(/^rows: there is no setting “layers”\. There are: ratio, content-layer/).waitFor();
  });

  it("does not reach beyond the sides of a narrow screen", async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await cell("grid").scrollIntoViewIfNeeded();
    await eventually(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const beyond = await cell("grid").locator("nst-sweep-view").evaluate((view) => [...view.shadowRoot!.querySelectorAll("*")].filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5).map((element) => element.className));
    expect(beyond).toEqual([]);
  });

  it("takes along what grows in it when it is removed", async () => {
    await set("steps", 4000);
    await button("Start again").click();
    await until("Running");
    await cell("grid").evaluate((cell) => cell.remove());
    await eventually(() => page.evaluate(() => document.querySelector("nst-app")!.kernels!.engine.busy)).toBe(false);
    await eventually(tensors).toBe(networkTensors());
  });
});
