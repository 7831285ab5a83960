import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { NetworkValue } from "../../src/cells/network";
import type { SweepValue } from "../../src/cells/sweep";
import type { Picture } from "../../src/nst/picture";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { eventually, networkTensors, openNotebook, unexpected } from "./support/own-notebook";

const NOTEBOOK = `# A test

<nst-image as="content" src="neuschwanstein.jpg" size="48"></nst-image>
<nst-image as="style" src="great-wave.jpg" size="48"></nst-image>

<nst-network as="network"></nst-network>

<nst-sweep as="grid" of="content style" network="network" size="48" steps="6" coarse="0.5" learning-rate="0.05" initialisation="noise" rows="style-layers: conv1_1 | conv1_1 conv2_1 | conv3_1" columns="ratio: 1e-6 | 1e-4 | 1e-2" place="2 2"></nst-sweep>

<nst-run as="G" of="content style" network="network" settings="grid.settings"></nst-run>

<nst-sweep as="nets" of="content style" network="network" size="32" steps="2" coarse="0" content-layer="conv2_1" style-layers="conv1_1" rows="network: network | random:3" columns="pooling: average | maximum" place="2 1"></nst-sweep>

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
const status = () => words(cell("grid").locator(".status"));
const until = (state: string, name = "grid") => cell(name).locator(".status b", { hasText: state }).waitFor();
const place = (row: number, column: number): Locator => cell("grid").locator(`[data-key="r${row}c${column}"]`);
const tensors = () => page.evaluate(async () => (await document.querySelector("nst-app")!.kernels!.engine.call("status", {})).tensors);
const set = (name: string, value: unknown) => cell("grid").evaluate((cell, [name, value]) => (cell as HTMLElementTagNameMap["nst-sweep"]).setParam(name as string, value), [name, value] as const);

/** The cell's value, without its pictures' numbers. */
const value = (name = "grid") =>
  page.evaluate(async (name) => {
    const plain = (_: string, value: unknown) => (ArrayBuffer.isView(value) ? undefined : value);
    return JSON.parse(JSON.stringify(await document.querySelector("nst-notebook")!.graph.value(name), plain)) as unknown;
  }, name) as Promise<SweepValue>;

/** Sizes of the canvases of all places, row by row. */
const sizes = () => cell("grid").locator('[role="gridcell"] canvas').evaluateAll((all) => all.map((canvas) => (canvas as HTMLCanvasElement).width));

/** What every tile shows, as bytes. */
const shown = () => cell("grid").locator('[role="gridcell"] canvas').evaluateAll((all) => (all as HTMLCanvasElement[]).map((canvas) => canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data.join()));

describe("a grid of runs", () => {
  it("says before the start what will be grown, and gives the settings of the chosen place", async () => {
    await cell("grid").scrollIntoViewIfNeeded();
    await button("Start").waitFor();
    expect(await status()).toMatch(/^Ready 9 pictures/);
    expect(await cell("grid").getByRole("columnheader").allInnerTexts()).toEqual([expect.stringContaining("style layers"), "10⁻⁶", "10⁻⁴", "0.01"]);
    expect(await cell("grid").getByRole("rowheader").allInnerTexts()).toEqual(["conv1_1", "+ conv2_1", "conv3_1"]);
    const { row, column, picture, settings, cells } = await value();
    expect([row, column, picture, cells["r1c1"].content]).toEqual([2, 2, null, null]);
    // 48 × 48 pixels are 6 × 6 positions at conv4_2
    expect(settings).toMatchObject({ steps: 6, size: 48, initialisation: { kind: "noise" }, styleLayers: { block1_conv1: 0.5, block2_conv1: 0.5 } });
    expect(settings.alphaTimesM).toBeCloseTo(1e-4 * 36, 10);
  });

  it("says how long it will take, as soon as the machine has been measured", async () => {
    await page.waitForFunction(() => document.querySelector("nst-app")!.kernels!.status.available.length > 0);
    await eventually(status).toMatch(/about \d+ s on this machine/);
  });

  it("is paused, in which nothing moves; places can come earlier or be left out meanwhile, by keys as well; and it goes on", async () => {
    await set("steps", 400);
    await button("Start").click();
    await until("Running");
    await button("Pause").click();
    await until("Paused");
    const waits = () => cell("grid").locator('[role="gridcell"]').evaluateAll((all) => all.map((place) => place.querySelector(".waits")?.textContent ?? ""));
    const held = await waits();
    // two are computed at a time, the others wait in their order
    expect(held.filter(Boolean).toSorted()).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
    const progress = () => cell("grid").getByRole("progressbar", { name: "Work done" }).locator("i").getAttribute("style");
    const done = await progress();
    await page.waitForTimeout(300);
    expect([await progress(), await waits()]).toEqual([done, held]);
    const last = held.indexOf("7");
    const [row, column] = [Math.floor(last / 3) + 1, (last % 3) + 1];
    await place(row, column).click();
    await button("Make it next").click();
    await eventually(async () => (await waits())[last]).toBe("1");
    await place(row, column).focus();
    await page.keyboard.press("Delete");
    await eventually(status).toContain("0 of 8 pictures done");
    expect(await status()).toContain("1 left out");
    expect((await waits())[last]).toBe("");
    await page.keyboard.press("Delete");
    await eventually(status).toContain("0 of 9 pictures done");
    // one that has begun is left out, and taken back to begin once more
    const begun = held.findIndex((text) => text === "");
    await place(Math.floor(begun / 3) + 1, (begun % 3) + 1).click();
    await button("Leave it out").click();
    await button("Take it back").click();
    await eventually(async () => (await waits()).filter(Boolean).length).toBe(7);
    await button("Resume").click();
    await until("Running");
    await button("Stop").click();
    await until("Stopped");
    await eventually(tensors).toBe(networkTensors());
  });

  it("fills all places at half size for a look, and then at full size, but for one that is left out", async () => {
    await set("steps", 6);
    await set("leftOut", "r3c3");
    await button("Start again").click();
    // an old picture is not taken for a new one
    await eventually(async () => (await sizes()).filter((width) => width === 24).length).toBeGreaterThan(0);
    await until("Finished");
    expect(await status()).toBe("Finished 8 of 8 pictures done · 1 left out");
    expect((await sizes()).slice(0, 8)).toEqual(Array(8).fill(48));
    await place(3, 3).click();
    await button("Take it back").click();
    await eventually(status).toBe("Finished 9 of 9 pictures done");
    const { cells, finished, picture } = await value();
    expect([finished, picture?.width]).toEqual([9, 48]);
    for (const outcome of Object.values(cells)) {
      expect([outcome.step, outcome.half]).toEqual([6, 0]);
      expect(outcome.total).toBeCloseTo(outcome.content! + outcome.style! + outcome.tv!, 6);
      expect(outcome.styleLeft).toBeLessThan(1);
    }
    await eventually(tensors).toBe(networkTensors());
  });

  it("makes in each place the picture that the same run makes alone, bit for bit, and the same costs at its end", async () => {
    const differ: string[] = [];
    for (const [row, column] of [1, 2, 3].flatMap((row) => [1, 2, 3].map((column) => [row, column]))) {
      await place(row, column).click();
      await eventually(async () => [(await value()).row, (await value()).column]).toEqual([row, column]);
      const same = await page.evaluate(async () => {
        const { graph } = document.querySelector("nst-notebook")!;
        const [{ picture: content }, { picture: style }, network, grid] = (await Promise.all(["content", "style", "network", "grid"].map((name) => graph.value(name)))) as [{ picture: Picture }, { picture: Picture }, NetworkValue, SweepValue];
        const { engine } = document.querySelector("nst-app")!.kernels!;
        let [picture, total] = [new Float32Array(0), NaN];
        for await (const batch of engine.stream("run", { config: { network, content, style, settings: grid.settings } })) {
          batch.image?.close();
          const { columns, costs, checkpoint } = batch;
          if (costs.length > 0) total = costs[costs.length - columns.length + columns.indexOf("total")];
          if (checkpoint) picture = checkpoint.picture as Float32Array<ArrayBuffer>;
        }
        const mine = grid.picture!.data;
        return mine.length === picture.length && mine.every((number, i) => number === picture[i]) && grid.cells[`r${grid.row}c${grid.column}`].total === total;
      });
      if (!same) differ.push(`row ${row}, column ${column}`);
    }
    expect(differ).toEqual([]);
  });

  it("keeps the content better, the more it weighs", async () => {
    const { cells } = await value();
    for (const row of [1, 2, 3]) expect(cells[`r${row}c3`].contentLeft!).toBeLessThan(cells[`r${row}c1`].contentLeft!);
  });

  it("tells who does not see the pictures what each of them is, and how far it has come", async () => {
    const { cells } = await value();
    const name = await cell("grid").getByRole("img", { name: /^style layers conv1_1, conv2_1, α \/ β 10⁻⁶, after 6 of 6 steps/ }).getAttribute("aria-label");
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
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown"); // there is no fourth row
    await page.keyboard.press("End");
    await eventually(async () => [(await value()).row, (await value()).column]).toEqual([3, 3]);
    const same = await cell("grid").locator("nst-sweep-view").evaluate((view) => {
      const bytes = (canvas: HTMLCanvasElement) => canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data.join();
      const [tile, large] = [view.shadowRoot!.querySelector<HTMLCanvasElement>('[data-key="r3c3"] canvas')!, view.shadowRoot!.querySelector("nst-sweep-detail")!.shadowRoot!.querySelector<HTMLCanvasElement>("canvas.result")!];
      return bytes(tile) === bytes(large);
    });
    expect(same).toBe(true);
    expect(await words(cell("grid").locator("nst-sweep-detail figcaption").first())).toBe("row 3, column 3 · step 6 of 6");
  });

  it("hands its settings to a run, which makes the same picture from the same two", async () => {
    await cell("G").scrollIntoViewIfNeeded();
    await cell("G").getByRole("button", { name: "Start", exact: true }).click();
    await cell("G").locator(".status b", { hasText: "Finished" }).waitFor();
    const same = await page.evaluate(async () => {
      const [{ picture }, grid] = (await Promise.all(["G", "grid"].map((name) => document.querySelector("nst-notebook")!.graph.value(name)))) as [SweepValue, SweepValue];
      return picture!.data.every((number, i) => number === grid.picture!.data[i]);
    });
    expect(same).toBe(true);
  });

  it("shows its finished runs again in another page, without computing anything", async () => {
    const [before, pictures] = [await value(), await (await cell("grid").scrollIntoViewIfNeeded(), shown())];
    await page.reload();
    await page.waitForFunction(() => document.querySelector("nst-app")?.kernels?.status.state === "ready");
    await cell("grid").scrollIntoViewIfNeeded();
    await until("Finished");
    expect(await status()).toBe("Finished 9 of 9 pictures done");
    await eventually(shown).toEqual(pictures);
    expect((await value()).cells).toEqual(before.cells);
  });

  it("makes only what is new when something else is asked for, and does not keep the same run twice", async () => {
    const kept = () => page.evaluate(async () => (await document.querySelector("nst-app")!.runs!.list()).filter(({ group }) => group !== null).map(({ group, step, seconds, thumbnail }) => [group!.label, step, seconds > 0, thumbnail !== null]));
    expect((await kept()).toSorted()).toEqual([1, 2, 3].flatMap((row) => [1, 2, 3].map((column) => [`row ${row}, column ${column}`, 6, true, true])));
    await set("coarse", 0);
    await set("columns", "ratio: 1e-6 | 1e-3 | 1e-4");
    await eventually(status).toMatch(/^Ready 6 of 9 pictures are there, about \d+ s for the others/);
    await button("Go on").click();
    await until("Finished");
    await eventually(async () => (await kept()).length).toBe(12);
    await button("Start again").click();
    await until("Running");
    await until("Finished");
    expect(await kept()).toHaveLength(12);
    await set("columns", "ratio: 1e-6 | 1e-2");
    await cell("grid").getByText("Changed since the start: columns. Start again to use it.").waitFor();
    expect(await cell("grid").getByRole("gridcell").count()).toBe(9);
    // all of them have been made before
    await button("Start again").click();
    await eventually(() => cell("grid").getByRole("gridcell").count()).toBe(6);
    await eventually(status).toBe("Finished 6 of 6 pictures done");
  });

  it("gives the runs that are chosen to be compared, and adds the comparison once", async () => {
    await place(1, 1).click();
    await button("Compare").click();
    await place(2, 2).click();
    await place(2, 2).focus();
    await page.keyboard.press("c");
    await eventually(async () => (await value()).compared.count).toBe(2);
    const ids = await page.evaluate(async () => (await document.querySelector("nst-app")!.runs!.list()).map(({ id }) => id));
    const { compared } = await value();
    expect(compared.runs.every((id) => ids.includes(id))).toBe(true);
    await button("Compare these 2 side by side").click();
    await cell("cmp").waitFor();
    await cell("grid").scrollIntoViewIfNeeded();
    await button("Compare these 2 side by side").click();
    expect(await page.locator("nst-compare").evaluateAll((all) => all.map((one) => one.getAttribute("of")))).toEqual(["grid.compared"]);
  });

  it("makes the chosen place a run in full size, with its settings, below", async () => {
    await cell("grid").scrollIntoViewIfNeeded();
    await place(2, 1).click();
    await button("Run it in full size").click();
    await cell("G2").waitFor();
    expect(await cell("G2").getAttribute("settings")).toBe("settings");
    const [made, wanted] = [(await value("settings")) as unknown as SweepValue["settings"], (await value()).settings];
    expect([made.styleLayers, made.initialisation, made.optimiser, made.alphaTimesM]).toEqual([wanted.styleLayers, wanted.initialisation, wanted.optimiser, wanted.alphaTimesM]);
    expect([made.size, made.steps > 6]).toEqual([48, true]);
  });

  it("compares networks, those of the notebook and random ones", async () => {
    await cell("nets").scrollIntoViewIfNeeded();
    await cell("nets").getByRole("button", { name: "Start", exact: true }).click();
    await until("Finished", "nets");
    expect(await cell("nets").getByRole("rowheader").allInnerTexts()).toEqual(["network", "random:3"]);
    const { cells, network, settings } = await value("nets");
    expect([network.id, network.random, settings.pooling]).toEqual(["vgg19-slim", 3, "average"]);
    expect(new Set(Object.values(cells).map(({ total }) => total)).size).toBe(4);
  });

  it("can be shown as code", async () => {
    expect(await cell("grid").evaluate((cell) => window.asCode(cell))).toMatch(/^```js kernel edit manual\nasync function\* grid2\(\)/);
    expect(await cell("nets").evaluate((cell) => window.asCode(cell))).toContain("nst.loadNetwork(nets.network)");
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
  });
});
