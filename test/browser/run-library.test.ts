/** The list of kept runs, in a notebook and from the sidebar, and a run that goes on in another browser. */
import { readFile } from "node:fs/promises";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { KeptValue } from "../../src/cells/kept";
import type { RunsValue } from "../../src/cells/runs";
import type { KeptEntry } from "../../src/runs/kept-data";
import { runEntry } from "../support/runs";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { eventually, openNotebook, settled, unexpected } from "./support/own-notebook";

const STEPS = 24;
const NOTEBOOK = `# A test

<nst-image as="content" src="neuschwanstein.jpg" size="64"></nst-image>
<nst-image as="style" src="great-wave.jpg" size="64"></nst-image>

<nst-network as="network"></nst-network>

<nst-settings as="settings" network="network" steps="${STEPS}" learning-rate="0.05" without="size"></nst-settings>

<nst-run as="G" of="content style" network="network" settings="settings"></nst-run>

<nst-run as="G2" of="content style" network="network" settings="settings"></nst-run>

<nst-runs as="picked"></nst-runs>`;

let browser: Browser;
let page: Page;
let errors: string[];
/** another browser, as far as storage goes */
let many: Awaited<ReturnType<typeof openNotebook>>;

beforeAll(async () => {
  browser = await launch({ gpu: false });
  ({ page, errors } = await openNotebook(browser, NOTEBOOK));
});
afterEach(() => expect(unexpected(errors)).toEqual([]));
afterAll(() => browser?.close());

const cell = (name: string, on = page): Locator => on.locator(`[as="${name}"]`);
const button = (name: string, text: string, on = page): Locator => cell(name, on).getByRole("button", { name: text, exact: true });
const until = (name: string, state: string, on = page) => cell(name, on).locator(".status b", { hasText: state }).waitFor();
const dialog = (on = page) => on.getByRole("dialog");
const rows = (list: Locator) => list.locator('[role="row"]');
const titles = (list: Locator) => list.locator(".title").allInnerTexts();
const said = (list: Locator) => list.locator(".said");
const text = (on = page) => on.evaluate(() => document.querySelector("nst-notebook")!.session!.text);
const focusedKey = (on = page) =>
  on.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return (element as HTMLElement | null)?.dataset["key"] ?? null;
  });

/** The cell's value, with its arrays as lists. */
const value = <T>(name: string, on = page) =>
  on.evaluate(async (name) => JSON.parse(JSON.stringify(await document.querySelector("nst-notebook")!.graph.value(name), (_, part: unknown) => (ArrayBuffer.isView(part) ? Array.from(part as Float32Array) : part))) as unknown, name) as Promise<T>;

/** Every cost of every step that a cell's curves show. */
const costs = (name: string, on = page) =>
  cell(name, on).evaluate((cell) => {
    const { history } = cell.shadowRoot!.querySelector("nst-run-view")!;
    return Object.fromEntries(history.columns.map((column) => [column, [...history.column(column)]]));
  });

async function openList(on = page): Promise<Locator> {
  await on.locator("nst-sidebar").getByRole("button", { name: "Runs…", exact: true }).click();
  const list = dialog(on).locator("nst-run-list");
  await list.locator(".scroller").waitFor();
  return list;
}

async function choose(list: Locator, title: string, item: string, on = page): Promise<void> {
  await list.getByRole("button", { name: `What to do with “${title}”`, exact: true }).click();
  await on.getByRole("menuitem", { name: item, exact: true }).click();
}

describe("the list of runs", () => {
  it("has every run that was started, with its picture, steps, costs, and where it was made", async () => {
    const list = cell("picked").locator("nst-run-list");
    await button("G", "Start").click();
    await until("G", "Finished");
    await button("G2", "Start").click();
    await page.waitForFunction(() => document.querySelector('[as="G2"]')!.shadowRoot!.querySelector("nst-run-view")!.step >= 8, null, { polling: 20 });
    await button("G2", "Stop").click();
    await until("G2", "Stopped");
    await cell("picked").scrollIntoViewIfNeeded();
    await eventually(() => rows(list).count()).toBe(2);
    await eventually(() => list.locator(".far .line:first-child").first().innerText()).toMatch(/^stopped at step \d+ of 24$/);
    const finished = rows(list).nth(1);
    expect(await finished.locator(".title").innerText()).toBe("neuschwanstein × great-wave");
    expect(await finished.locator(".far").innerText()).toMatch(/^24 steps\s+J .+ → .+/);
    expect(await finished.locator(".what .second").innerText()).toBe("VGG-19 slim · 64 × 64 px · test, G");
    await eventually(() => finished.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    expect(await finished.getAttribute("aria-label")).toMatch(/^neuschwanstein × great-wave, 24 steps, J .+ to .+, VGG-19 slim · 64 × 64 px · test, G$/);
  });

  it("names, stars and finds runs, from the keyboard, and picks those that the cell gives", async () => {
    const list = cell("picked").locator("nst-run-list");
    await rows(list).first().focus();
    await page.keyboard.press("F2");
    await page.keyboard.type("half");
    await page.keyboard.press("Enter");
    await eventually(() => titles(list)).toEqual(["half", "neuschwanstein × great-wave"]);
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("s");
    await page.keyboard.press("Space");
    await eventually(() => list.locator('.star[aria-pressed="true"]').count()).toBe(1);
    expect(await rows(list).evaluateAll((rows) => rows.map((row) => row.getAttribute("aria-selected")))).toEqual(["true", "true"]);
    const { runs, count } = await value<RunsValue>("picked");
    expect(count).toBe(2);
    expect(runs).toEqual(await rows(list).evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset["key"])));
    await list.getByRole("searchbox").fill("HALF");
    await eventually(() => titles(list)).toEqual(["half"].map((title) => `A ${title}`));
    await list.getByRole("searchbox").fill("no such run");
    await eventually(() => list.locator(".nothing").innerText()).toBe("No run has “no such run” in it.");
    await list.getByRole("searchbox").fill("");
  });

  it("deletes a run with undo, and then it is picked no more", async () => {
    const list = cell("picked").locator("nst-run-list");
    await rows(list).first().focus();
    await page.keyboard.press("Delete");
    await eventually(() => said(list).innerText()).toContain("“half” was deleted.");
    await eventually(() => rows(list).count()).toBe(1);
    // the run cell that showed it is as new
    await until("G2", "Ready");
    expect((await value<RunsValue>("picked")).count).toBe(1);
    await said(list).getByRole("button", { name: "Undo" }).click();
    await eventually(() => rows(list).count()).toBe(2);
  });

  it("opens from the sidebar, and adds a run to the notebook with its settings and as its own cells", async () => {
    const list = await openList();
    await eventually(() => titles(list)).toEqual(["half", "neuschwanstein × great-wave"]);
    await choose(list, "half", "Duplicate as a new run");
    await dialog().waitFor({ state: "detached" });
    const id = /<nst-kept as="kept" run="([^"]+)">/.exec(await text())![1];
    expect(await text()).toContain(`<nst-kept as="kept" run="${id}"></nst-kept>

<nst-settings as="settings2" network="kept.network" without="size" steps="24" learning-rate="0.05"></nst-settings>

<nst-run as="G3" of="kept.content kept.style" network="kept.network" settings="settings2"></nst-run>`);
    await settled(page);
    const kept = await value<KeptValue>("kept");
    expect(kept).toMatchObject({ run: id, content: { name: "neuschwanstein.jpg" }, style: { name: "great-wave.jpg" }, network: { id: "vgg19-slim" }, settings: { steps: STEPS } });
    expect(kept.step).toBeGreaterThanOrEqual(8);
    expect(kept.content.picture.data).toEqual((await value<KeptValue["content"]>("content")).picture.data);
    // the same once more, from the parts of the kept run
    await button("G3", "Start").click();
    await until("G3", "Finished");
    expect((await value<KeptValue>("G3")).picture).toEqual((await value<KeptValue>("G")).picture);
    const again = await openList();
    await eventually(() => titles(again)).toHaveLength(3);
    await again.getByRole("searchbox").fill("half");
    await again.getByRole("checkbox", { name: "pick half", exact: true }).click();
    await again.getByRole("searchbox").fill("G3");
    await again.getByRole("checkbox", { name: "pick neuschwanstein × great-wave", exact: true }).click();
    await again.getByRole("button", { name: "Compare them" }).click();
    await dialog().waitFor({ state: "detached" });
    expect(await text()).toMatch(new RegExp(`<nst-compare as="compared" runs="${id} [^" ]+"></nst-compare>`));
  });
});

describe("in another browser", () => {
  it("with 500 runs in the store, the list opens within 200 ms, has only rows on the screen in the page, and is walked by the keys", async () => {
    many = await openNotebook(browser, "# Elsewhere\n\nNo run yet.");
    await fill(many.page, 500);
    // from the click to the frame in which the rows are painted; the first time, nothing has been read before
    const times = [];
    for (let i = 0; i < 3; i++) {
      times.push(await many.page.evaluate(openedIn));
      if (i < 2) await many.page.keyboard.press("Escape");
      await eventually(() => dialog(many.page).count()).toBe(i < 2 ? 0 : 1);
    }
    console.log(`500 runs opened in ${times.map((ms) => ms.toFixed(0)).join(", ")} ms`);
    expect(Math.min(...times)).toBeLessThan(200);

    const list = dialog(many.page).locator("nst-run-list");
    const grid = list.getByRole("treegrid", { name: "Runs" });
    // 480 alone and one sweep of 20
    expect(await grid.getAttribute("aria-rowcount")).toBe("481");
    await eventually(() => rows(list).count()).toBeLessThan(24);
    expect(await list.locator("img").count()).toBeLessThan(30);
    await rows(list).first().focus();
    await many.page.keyboard.press("End");
    await eventually(() => focusedKey(many.page)).toBe("run-0");
    expect(await rows(list).last().getAttribute("aria-rowindex")).toBe("481");
    await many.page.keyboard.press("Home");
    await eventually(() => focusedKey(many.page)).toBe("group sweep");
    await many.page.keyboard.press("ArrowRight");
    await eventually(() => grid.getAttribute("aria-rowcount")).toBe("501");
    await many.page.keyboard.press("ArrowRight");
    await eventually(() => focusedKey(many.page)).toBe("run-499");
    await many.page.keyboard.press("ArrowLeft");
    await many.page.keyboard.press("ArrowLeft");
    await eventually(() => grid.getAttribute("aria-rowcount")).toBe("481");

    await many.page.setViewportSize({ width: 390, height: 844 });
    await eventually(() => list.locator(".narrow").count()).toBe(1);
    expect(await many.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await list.locator(".scroller").evaluate((scroller) => scroller.scrollWidth - scroller.clientWidth)).toBe(0);
    await many.page.setViewportSize({ width: 1280, height: 1000 });
    await many.page.keyboard.press("Escape");
  });

  it("a run goes on from its file, and ends with the same curves and the same picture, bit for bit", async () => {
    const list = await openList();
    const download = page.waitForEvent("download");
    await choose(list, "half", "Export to a file");
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^half--step-\d+\.nst-run\.zip$/);
    const path = await file.path();
    await page.keyboard.press("Escape");

    const other = many;
    const there = await openList(other.page);
    const chooser = other.page.waitForEvent("filechooser");
    await there.getByRole("button", { name: "Import…" }).click();
    await (await chooser).setFiles({ name: "half.nst-run.zip", mimeType: "application/zip", buffer: await readFile(path) });
    await eventually(() => said(there).innerText()).toBe("“half” is among your runs.");
    await there.getByRole("searchbox").fill("half");
    await eventually(() => there.locator(".far .line:first-child").allInnerTexts()).toEqual([expect.stringMatching(/^stopped at step \d+ of 24$/)]);
    await choose(there, "half", "Insert into this notebook", other.page);
    await button("kept", "Go on", other.page).click();
    await until("kept", "Finished", other.page);
    expect(await costs("kept", other.page)).toEqual(await costs("G"));
    const [whole, gone] = [await value<KeptValue>("G"), await value<KeptValue>("kept", other.page)];
    expect(gone.step).toBe(STEPS);
    expect(gone.picture).toEqual(whole.picture);
    expect(unexpected(other.errors)).toEqual([]);
  });
});

/** In the page: presses the button, and waits for the frame after the one that has rows. @returns milliseconds */
async function openedIn(): Promise<number> {
  const button = [...document.querySelector("nst-sidebar")!.shadowRoot!.querySelectorAll("button")].find((button) => button.textContent === "Runs…")!;
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const start = performance.now();
  button.click();
  while (!document.querySelector("nst-dialog")?.shadowRoot?.querySelector("nst-run-list")?.shadowRoot?.querySelector('[role="row"]')) await frame();
  await frame();
  return performance.now() - start;
}

/** Writes runs into the page's database, as it keeps them; the newest twenty are a sweep. */
async function fill(page: Page, count: number): Promise<void> {
  const { name: _n, starred: _s, ruler: _r, bytes: _b, ...entry } = runEntry();
  await page.evaluate(
    async ([entry, count]) => {
      const canvas = new OffscreenCanvas(96, 96);
      const context = canvas.getContext("2d")!;
      for (let i = 0; i < 300; i++) {
        context.fillStyle = `hsl(${i * 7} 60% ${30 + (i % 50)}%)`;
        context.fillRect((i * 37) % 96, (i * 53) % 96, 20, 20);
      }
      const thumbnail = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp" })).arrayBuffer());
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open("code-tests-runs");
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const transaction = database.transaction("kept", "readwrite");
      for (let i = 0; i < count; i++) {
        const group = i >= count - 20 ? { id: "sweep", title: "β by content layer", label: `cell ${i}` } : null;
        const kept: KeptEntry = { ...entry, id: `run-${i}`, created: 1.7e12 + i * 6e4, group, thumbnail, checkpoints: [[150, 1e6]], from: null, rest: 1000 };
        transaction.objectStore("kept").put(kept, `entry/run-${i}`);
      }
      await new Promise((resolve) => (transaction.oncomplete = resolve));
      database.close();
    },
    [entry, count] as const,
  );
}
