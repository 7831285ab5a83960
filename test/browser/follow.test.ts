/** A pixel followed through a real run, and runs that differ in one thing side by side. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FollowValue } from "../../src/cells/follow";
import type { RunValue } from "../../src/cells/run";
import type { TrialsValue } from "../../src/cells/trials-cell";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { eventually, networkTensors, openNotebook, unexpected } from "./support/own-notebook";

const STEPS = 8;
const NOTEBOOK = `# A test

<nst-image as="content" src="neuschwanstein.jpg" size="64"></nst-image>
<nst-image as="style" src="great-wave.jpg" size="64"></nst-image>

<nst-network as="network"></nst-network>

<nst-settings as="settings" network="network" steps="${STEPS}" learning-rate="0.1" without="size"></nst-settings>

<nst-run as="G" of="content style" network="network" settings="settings"></nst-run>

<nst-follow as="path" of="G" pixels="64" x="28" y="28"></nst-follow>

<nst-starts as="starts" of="content style" network="network" settings="settings" size="48" steps="5"></nst-starts>

<nst-rates as="rates" of="content style" network="network" settings="settings" rates="0.002 100" size="48" steps="5"></nst-rates>

<nst-follow as="wrong" of="content"></nst-follow>`;

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
const until = (name: string, state: string) => cell(name).locator(".status b", { hasText: state }).waitFor();
const words = async (locator: Locator) => (await locator.innerText()).replace(/[\s\u2009]+/g, " ").replaceAll("−", "-").trim();
const tensors = () => page.evaluate(async () => (await document.querySelector("nst-app")!.kernels!.engine.call("status", {})).tensors);

/** The cell's value, with its arrays as lists. */
const value = <T>(name: string) =>
  page.evaluate(async (name) => JSON.parse(JSON.stringify(await document.querySelector("nst-notebook")!.graph.value(name), (_, part: unknown) => (ArrayBuffer.isView(part) ? Array.from(part as Float32Array) : part))) as unknown, name) as Promise<T>;

/** The rows of the step that is taken apart, by name: what each adds to red, green and blue. */
const rows = () =>
  cell("path").locator("nst-follow-step").evaluate((step) =>
    Object.fromEntries([...step.shadowRoot!.querySelectorAll("tbody tr")].map((row) => [row.querySelector("th")!.textContent!.trim(), [...row.querySelectorAll("td:not(.fall)")].map((td) => Number(td.textContent!.replace("−", "-")))])),
  );

describe("following a pixel", () => {
  it("waits calmly for a run that has not been started", async () => {
    await cell("path").scrollIntoViewIfNeeded();
    await cell("path").getByText("“G” has no picture yet: start the run.").waitFor();
    expect(await value<FollowValue>("path")).toMatchObject({ steps: 0, length: null, share: null });
  });

  it("replays the run from its first step to its last, and comes to the run's own colours, bit for bit", async () => {
    await button("G", "Start").click();
    await cell("G").getByText("Finished").first().waitFor();
    await button("path", "Follow").click();
    await until("path", "Followed");
    await eventually(() => words(cell("path").locator(".status"))).toBe(`Followed ${STEPS} of ${STEPS} steps, 64 pixels`);
    const [path, { picture }] = [await value<FollowValue>("path"), await value<RunValue>("G")];
    const at = (path.y * picture!.width + path.x) * 3;
    expect(path.steps).toBe(STEPS);
    expect(path.end).toEqual([...picture!.data].slice(at, at + 3));
    expect(path.colours!.slice(-3)).toEqual(path.end);
    expect(await words(cell("path").locator(".sums"))).toMatch(/After step 8, the replay has the run's own colour, bit for bit\.$/);
  });

  it("takes a step apart: before, what each term pulled, and the clip add up to what the pixel became", async () => {
    const { before, after, ...parts } = await rows();
    expect(Object.keys(parts)).toEqual(["content", "conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1", "tv", "clip"]);
    for (let c = 0; c < 3; c++) expect(Object.values(parts).reduce((sum, part) => sum + part[c], before[c])).toBeCloseTo(after[c], 4);
    // the picture began as the content picture: at first, the content pulls at nothing
    expect(parts["content"]).toEqual([0, 0, 0]);
    // and the first step of Adam is as long as its learning rate, whatever pulls
    for (let c = 0; c < 3; c++) expect(Math.abs(after[c] - before[c])).toBeCloseTo(0.1, 2);
  });

  it("goes from step to step by the arrow keys, and the content begins to pull", async () => {
    const steps = cell("path").getByRole("slider", { name: "Step to take apart" });
    await steps.focus();
    await page.keyboard.press("ArrowRight");
    expect(await steps.getAttribute("aria-valuetext")).toMatch(/^step 2: colour \d/);
    expect(Math.max(...(await rows())["content"].map(Math.abs))).toBeGreaterThan(0);
    await page.keyboard.press("End");
    expect(await steps.getAttribute("aria-valuenow")).toBe(String(STEPS));
    await expect.poll(async () => (await rows())["after"]).toEqual((await value<FollowValue>("path")).end!.map((one) => Number(one.toFixed(5))));
  });

  it("shows another pixel at once, by key, by pointing and by a click", async () => {
    const picture = cell("path").locator("nst-follow-picture");
    const before = await value<FollowValue>("path");
    await picture.getByRole("slider").focus();
    await page.keyboard.press("ArrowRight");
    const after = await value<FollowValue>("path");
    expect([after.x - before.x, after.y]).toEqual([8, before.y]);
    expect(after.colours).not.toEqual(before.colours);
    // pointed at: shown for as long as it is
    const place = (x: number, y: number) => picture.boundingBox().then((box) => ({ x: box!.x + ((x + 0.5) / 64) * box!.width, y: box!.y + ((y + 0.5) / 64) * box!.height }));
    const caption = () => words(cell("path").locator("nst-follow-step caption"));
    const corner = await place(4, 4);
    await page.mouse.move(corner.x, corner.y);
    await eventually(caption).toBe("Step 8 of the pixel in column 4, row 4");
    await page.mouse.move(0, 0);
    await eventually(caption).toBe(`Step 8 of the pixel in column ${after.x}, row ${after.y}`);
    await page.mouse.click(corner.x, corner.y);
    expect(await value<FollowValue>("path")).toMatchObject({ x: 4, y: 4 });
  });

  it("answers within 50 ms, because what was followed is on the page", async () => {
    const longest = await cell("path").evaluate(async (follow) => {
      const times: number[] = [];
      for (let i = 0; i < 8; i++) {
        const begun = performance.now();
        (follow as HTMLElementTagNameMap["nst-follow"]).shadowRoot!.querySelector("nst-follow-picture")!.dispatchEvent(new CustomEvent("nst-hover", { detail: { x: i * 8 + 4, y: 20 } }));
        await (follow as HTMLElementTagNameMap["nst-follow"]).updateComplete;
        await follow.shadowRoot!.querySelector("nst-follow-chart")!.updateComplete;
        times.push(performance.now() - begun);
      }
      follow.shadowRoot!.querySelector("nst-follow-picture")!.dispatchEvent(new CustomEvent("nst-hover", { detail: null }));
      return times.sort((a, b) => a - b)[4];
    });
    expect(longest).toBeLessThan(50);
  });

  it("shows its neighbour for a pixel that was not followed, and follows exactly that one when asked", async () => {
    await cell("path").locator("nst-follow-picture").getByRole("slider").focus();
    await page.keyboard.press("Shift+ArrowRight");
    expect(await words(cell("path").locator(".place"))).toMatch(/^Column 5, row 4 was not followed\. Shown is its neighbour, column 4, row 4\./);
    await button("path", "Follow exactly this one").click();
    await until("path", "Followed");
    await eventually(() => words(cell("path").locator(".place"))).toBe("Column 5, row 4");
    const { picture } = await value<RunValue>("G");
    expect((await value<FollowValue>("path")).end).toEqual([...picture!.data].slice((4 * 64 + 5) * 3, (4 * 64 + 5) * 3 + 3));
  });

  it("draws the path in a plane of two channels as well", async () => {
    await button("path", "red, blue").click();
    expect(await cell("path").locator("nst-follow-plane svg").getAttribute("aria-label")).toMatch(/^Colour of the pixel in column 5, row 4, over 8 steps: red from 0\.\d\d to /);
    await button("path", "over the steps").click();
  });

  it("says what it cannot follow", async () => {
    await cell("wrong").scrollIntoViewIfNeeded();
    await eventually(() => words(cell("wrong").locator(".error"))).toBe("“content” is no run. Take the name of a run cell (<nst-run as=\"…\">).");
  });
});

describe("runs side by side", () => {
  it("begin as the content picture, as noise, and as the style picture, with one cost and one seed", async () => {
    await cell("starts").scrollIntoViewIfNeeded();
    await button("starts", "Start").click();
    await until("starts", "Finished");
    const { step, total, apart, pictures, peak } = await value<TrialsValue>("starts");
    expect(step).toBe(5);
    expect(Object.keys(total)).toEqual(["content", "noise", "style"]);
    expect(apart).toBeGreaterThan(0.05);
    expect(pictures["noise"].picture).toMatchObject({ width: 48, height: 48 });
    // it fell from the first step on
    expect(peak["noise"]).toBe(1);
    const first = (name: string) => cell("starts").evaluate((cell, name) => (cell as HTMLElementTagNameMap["nst-starts"]).shadowRoot!.querySelector("nst-growth-view")!.growth!.pictures.find(({ key }) => key === name)!.history.at(0, "content"), name);
    expect(await first("content")).toBe(0);
    expect(await first("style")).toBeGreaterThan(0);
    await button("starts", "content").click();
    expect(await words(cell("starts").locator(".foot"))).toMatch(/One scale for all curves: content from \S+ to \S+, logarithmic/);
  });

  it("creep at a small learning rate, and at one far too high are thrown to black and white, where the clip holds them", async () => {
    await cell("rates").scrollIntoViewIfNeeded();
    await button("rates", "Start").click();
    await until("rates", "Finished");
    const { ends, peak, total } = await value<TrialsValue>("rates");
    expect(ends["r2"]).toBeGreaterThan(0.5);
    expect(ends["r1"]).toBeLessThan(0.1);
    expect(peak["r1"]).toBe(1);
    expect(peak["r2"]).toBeGreaterThan(10);
    expect(total["r2"]).toBeGreaterThan(total["r1"]!);
  });

  it("and what was followed leave no tensors behind", async () => {
    await eventually(tensors).toBe(networkTensors());
  });

  it("are not wider than a narrow screen", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await eventually(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});
