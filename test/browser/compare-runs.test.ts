/** Runs beside one another, at the same step. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { CompareCurves } from "../../src/cells/compare-curves";
import type { ComparisonValue } from "../../src/cells/compare-runs";
import type { MomentValue } from "../../src/cells/scrub";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { eventually, openNotebook, unexpected } from "./support/own-notebook";

const NOTEBOOK = `# A test

<nst-image as="content" src="neuschwanstein.jpg" size="48"></nst-image>
<nst-image as="style" src="great-wave.jpg" size="48"></nst-image>

<nst-network as="network"></nst-network>

<nst-settings as="long" network="network" steps="16" learning-rate="0.05" without="size"></nst-settings>

<nst-settings as="short" network="network" steps="10" learning-rate="0.2" without="size"></nst-settings>

<nst-run as="G" of="content style" network="network" settings="long"></nst-run>

<nst-run as="H" of="content style" network="network" settings="short"></nst-run>

<nst-compare as="cmp" of="G H"></nst-compare>

<nst-scrub as="moment" of="G"></nst-scrub>

<nst-compare as="byId"></nst-compare>`;

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
const button = (name: string, text: string): Locator => cell(name).getByRole("button", { name: text, exact: true });
const words = async (locator: Locator) => (await locator.innerText()).replace(/[\s\u2009]+/g, " ").replaceAll("−", "-").trim();
const captions = async () => Promise.all((await cell("cmp").locator("figcaption").all()).map(words));
const slider = () => cell("cmp").locator('nst-compare-bar input[type="range"]');
const status = () => words(cell("cmp").locator(".status"));

/** The cell's value, with its arrays as lists. */
const value = <T>(name: string) =>
  page.evaluate(async (name) => JSON.parse(JSON.stringify(await document.querySelector("nst-notebook")!.graph.value(name), (_, part: unknown) => (ArrayBuffer.isView(part) ? Array.from(part as Float32Array) : part))) as unknown, name) as Promise<T>;

/** Moves the slider without a rest; what is said right after, in the same task. */
const slide = (to: number) =>
  slider().evaluate(async (input: HTMLInputElement, to) => {
    input.value = String(to);
    input.dispatchEvent(new Event("input"));
    const cell = document.querySelector<HTMLElement & { updateComplete: Promise<unknown> }>('[as="cmp"]')!;
    await cell.updateComplete;
    const view = cell.shadowRoot!.querySelector<HTMLElement & { updateComplete: Promise<unknown> }>("nst-compare-view")!;
    await view.updateComplete;
    return [...view.shadowRoot!.querySelectorAll("figcaption")].map((caption) => caption.textContent!.replace(/\s+/g, " ").trim());
  }, to);

/** A step that neither run has a checkpoint of. */
const between = () =>
  cell("cmp").locator("nst-compare-curves").evaluate(({ runs }: CompareCurves) => [9, 8, 7, 6, 5, 4, 3, 2, 1].find((step) => runs.every(({ record }) => record.checkpoints.every((one) => one.step !== step)))!);

/** What the canvas of each picture is moved by. */
const transforms = () => cell("cmp").locator("nst-linked-picture canvas").evaluateAll((canvases) => canvases.map((canvas) => (canvas as HTMLElement).style.transform));

describe("comparing runs", () => {
  it("waits calmly for runs that have not been started", async () => {
    await cell("cmp").scrollIntoViewIfNeeded();
    await eventually(() => words(cell("cmp").locator(".view"))).toBe("“G”, “H” have not been started.");
  });

  it("shows both at the same step, the newest, and the shorter one's last picture, said to be that", async () => {
    for (const name of ["G", "H"]) await button(name, "Start").click();
    for (const name of ["G", "H"]) await cell(name).locator(".status b", { hasText: "Finished" }).waitFor();
    await cell("cmp").scrollIntoViewIfNeeded();
    await eventually(async () => [await captions(), await status()]).toEqual([
      ["A G: neuschwanstein × great-wave step 16", "B H: neuschwanstein × great-wave step 10 its last: it ended after 10 steps"],
      "All pictures are exact.",
    ]);
    await eventually(async () => (await value<ComparisonValue>("cmp")).difference).not.toBe(null);
    const { step, count, a, b, difference } = await value<ComparisonValue>("cmp");
    expect([step, count, a!.step, b!.step]).toEqual([16, 2, 16, 10]);
    const [A, B] = [a!, b!].map(({ picture }) => Array.from(picture!.data));
    const differences = A.map((number, i) => Math.abs(number - B[i]));
    expect(difference!.mean).toBeCloseTo(differences.reduce((sum, one) => sum + one) / differences.length, 8);
    expect(difference!.largest).toBe(Math.max(...differences));
  });

  it("answers one slider for all at once with the nearest picture, and with the exact one when it rests: bit for bit that of the run", async () => {
    const step = await between();
    const [a, b] = await slide(step);
    expect(a).toMatch(/step \d+(, a checkpoint| of its filmstrip)$/);
    expect(b).toMatch(/step \d+(, a checkpoint| of its filmstrip)$/);
    await eventually(captions).toEqual([`A G: neuschwanstein × great-wave step ${step}, computed again bit for bit`, `B H: neuschwanstein × great-wave step ${step}, computed again bit for bit`]);
    await eventually(async () => (await value<ComparisonValue>("cmp")).step).toBe(step);
    await cell("moment").evaluate((scrub, step) => scrub.setAttribute("step", String(step)), step);
    await cell("moment").scrollIntoViewIfNeeded();
    await eventually(async () => (await value<MomentValue>("moment")).step).toBe(step);
    const same = await page.evaluate(async () => {
      const { graph } = document.querySelector("nst-notebook")!;
      const [compared, moment] = [(await graph.value("cmp")) as ComparisonValue, (await graph.value("moment")) as MomentValue];
      return compared.a!.picture!.data.every((number, i) => number === moment.picture!.data[i]);
    });
    expect(same).toBe(true);
  });

  it("also goes by the share of each run's own steps", async () => {
    await button("cmp", "share").click();
    await slide(50);
    // some of them may be checkpoints
    await eventually(async () => (await captions()).map((caption) => caption.replace(", computed again bit for bit", ""))).toEqual(["A G: neuschwanstein × great-wave step 8", "B H: neuschwanstein × great-wave step 5"]);
    await button("cmp", "steps").click();
    await slide(16);
    await eventually(status).toBe("All pictures are exact.");
  });

  it("zooms and moves all pictures together: by keys, by the wheel with Ctrl, by dragging, and back", async () => {
    await cell("cmp").locator(".pictures").focus();
    await page.keyboard.press("+");
    await eventually(async () => (await transforms())[0]).toMatch(/^scale\(1\.5\)/);
    const picture = cell("cmp").locator("nst-linked-picture").nth(1);
    const box = (await picture.boundingBox())!;
    await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2);
    // the place that is pointed at is marked in the other picture
    const ring = cell("cmp").locator("nst-linked-picture i");
    await eventually(() => ring.evaluateAll((rings) => rings.map((ring) => Math.round(parseFloat((ring as HTMLElement).style.left))))).toEqual([25]);
    expect(await cell("cmp").locator("nst-linked-picture").first().locator("i").count()).toBe(1);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -100);
    await page.keyboard.up("Control");
    await eventually(async () => Number(/scale\(([\d.]+)\)/.exec((await transforms())[0])![1])).toBeGreaterThan(2);
    const before = await transforms();
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 4 + 30, box.y + box.height / 2 + 10, { steps: 3 });
    await page.mouse.up();
    const after = await transforms();
    expect(after[0]).not.toBe(before[0]);
    expect(new Set(after).size).toBe(1);
    await page.keyboard.press("0");
    await eventually(async () => new Set(await transforms())).toEqual(new Set(["scale(1) translate(0%, 0%)"]));
  });

  it("parts two pictures by a line that keys move as well", async () => {
    await button("cmp", "wipe").click();
    const line = cell("cmp").getByRole("slider", { name: "Wipe" });
    await line.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+ArrowRight");
    await eventually(() => line.getAttribute("aria-valuetext")).toBe("A on the left 10 %, B on the rest");
    expect(await cell("cmp").locator("nst-linked-picture").nth(1).evaluate((picture) => picture.style.clipPath)).toBe("inset(0px 0px 0px 10%)");
  });

  it("shows where two pictures differ, with a legend and with numbers", async () => {
    await button("cmp", "difference").click();
    const { difference } = await value<ComparisonValue>("cmp");
    const numbers = await words(cell("cmp").locator("dl.number"));
    const shown = (what: RegExp) => Number(what.exec(numbers)![1]);
    expect(shown(/mean \|A - B\| ([\d.]+)/)).toBeCloseTo(difference!.mean, 3);
    expect(shown(/largest ([\d.]+)/)).toBeCloseTo(difference!.largest, 3);
    expect(await cell("cmp").locator("nst-compare-pair nst-colour-legend").count()).toBe(1);
  });

  it("flickers between two pictures only when asked to, where motion is to be reduced", async () => {
    await button("cmp", "flicker").click();
    const tag = cell("cmp").locator("nst-compare-pair .tag");
    expect(await tag.innerText()).toBe("A");
    await button("cmp", "Show the other").click();
    expect(await tag.innerText()).toBe("B");
    await button("cmp", "Flicker").click();
    await eventually(() => tag.innerText()).toBe("A");
    await button("cmp", "Pause").click();
    await button("cmp", "side by side").click();
  });

  it("takes runs by their ids as well, and shows what they were made of beside them", async () => {
    await page.evaluate(async () => {
      const { a, b } = (await document.querySelector("nst-notebook")!.graph.value("cmp")) as ComparisonValue;
      document.querySelector('[as="byId"]')!.setAttribute("runs", `${b!.run} ${a!.run}`);
    });
    await cell("byId").scrollIntoViewIfNeeded();
    await cell("byId").getByRole("checkbox", { name: "content and style" }).check();
    await eventually(async () => Promise.all((await cell("byId").locator("figcaption").all()).map(words))).toEqual([
      "A H: neuschwanstein × great-wave step 10 its last: it ended after 10 steps", "B G: neuschwanstein × great-wave step 16", "content neuschwanstein.jpg", "style great-wave.jpg",
    ]);
  });
});
