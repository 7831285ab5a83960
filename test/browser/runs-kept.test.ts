/** A run is there again after its page has crashed, goes on from where it was, and can be made once more in new cells. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunValue } from "../../src/cells/run";
import { launch } from "./support/chrome";
import { eventually, unexpected } from "./support/own-notebook";
import { Profile } from "./support/profile";

const STEPS = 48;
const NOTEBOOK = `# A test

<nst-image as="content" src="neuschwanstein.jpg" size="48"></nst-image>
<nst-image as="style" src="great-wave.jpg" size="48"></nst-image>

<nst-network as="network"></nst-network>

<nst-settings as="settings" network="network" steps="${STEPS}" without="size"></nst-settings>

<nst-run as="G" of="content style" network="network" settings="settings"></nst-run>

<nst-run as="U" of="content style" network="network" settings="settings"></nst-run>

<nst-scrub as="moment" of="G"></nst-scrub>`;

let browser: Browser;
let profile: Profile;
let page: Page;

beforeAll(async () => {
  browser = await launch({ gpu: false });
  profile = await Profile.start(browser, NOTEBOOK);
  page = await profile.open();
});
afterAll(() => browser?.close());

const cell = (name: string) => page.locator(`[as="${name}"]`);
const button = (name: string, text: string) => cell(name).getByRole("button", { name: text, exact: true });
const buttons = (name: string) => cell(name).locator(".controls button").allInnerTexts();
const status = (name: string) => cell(name).locator(".status b").innerText();
const until = (name: string, state: string) => cell(name).locator(".status b", { hasText: state }).waitFor();
const view = (name: string) =>
  cell(name).evaluate((cell) => {
    const { step, history, goesOnFrom, notice, stale, changedSince } = cell.shadowRoot!.querySelector("nst-run-view")!;
    return { step, goesOnFrom, notice, stale, changedSince, totals: [...history.column("total")] };
  });
const value = (name: string) =>
  page.evaluate(async (name) => {
    const { picture, step, run } = (await document.querySelector("nst-notebook")!.graph.value(name)) as RunValue;
    return { step, run, data: picture && Array.from(picture.data) };
  }, name);
const entries = () => page.evaluate(() => document.querySelector("nst-notebook")!.runs!.list());

describe("a run whose page crashes in mid-run", () => {
  let crashedAt = 0;

  it("is there again in the next page: its picture, its costs and its step", async () => {
    await button("G", "Start").click();
    await page.waitForFunction(() => document.querySelector('[as="G"]')!.shadowRoot!.querySelector("nst-run-view")!.step >= 40, null, { polling: 10 });
    crashedAt = (await view("G")).step;
    await page.goto("chrome://crash").catch(() => {});
    page = await profile.open();
    await until("G", "Stopped");
    const { step, goesOnFrom, totals, notice } = await view("G");
    expect(step).toBe(goesOnFrom);
    expect(step).toBeGreaterThan(0);
    expect(step).toBeLessThan(STEPS);
    expect(totals.length).toBeGreaterThanOrEqual(step);
    expect(totals.every(Number.isFinite)).toBe(true);
    expect(notice).toMatch(/^The page was closed while this run was at step \d+\. Its picture is that of step \d+, and it goes on from there\.$/);
    expect(await buttons("G")).toEqual(["Go on", "Start again", "Duplicate", "Branch", "Download PNG"]);
    // the other cell of the notebook has never made a run
    expect(await status("U")).toBe("Ready");
  });

  it("gives its picture to the cells that read it", async () => {
    const kept = await value("G");
    expect(kept.data!.length).toBeGreaterThan(1000);
    expect(kept.step).toBe((await view("G")).step);
    await cell("moment").scrollIntoViewIfNeeded();
    await eventually(() => value("moment").then(({ step, data }) => [step, data?.length])).toEqual([kept.step, kept.data!.length]);
  });

  it("goes on, and ends with the picture of an unbroken run, bit for bit", async () => {
    await button("G", "Go on").click();
    await until("G", "Finished");
    await button("U", "Start").click();
    await until("U", "Finished");
    const [broken, unbroken] = [await value("G"), await value("U")];
    expect([broken.step, unbroken.step]).toEqual([STEPS, STEPS]);
    expect(broken.data).toEqual(unbroken.data);
    const [mine, its] = [(await view("G")).totals, (await view("U")).totals];
    expect(mine).toHaveLength(STEPS + 1);
    expect(mine).toEqual(its);
    // one run all the time, not two
    await eventually(async () => (await entries()).map(({ cell, state, step }) => [cell, state, step]).sort()).toEqual([["G", "finished", STEPS], ["U", "finished", STEPS]]);
    expect(crashedAt).toBeGreaterThanOrEqual(40);
  });

  it("is extended when more steps are wanted, with a word on what has changed since", async () => {
    const steps = page.locator('[as="settings"]').getByLabel("steps", { exact: true });
    await steps.fill(String(STEPS + 5));
    await eventually(() => buttons("G")).toContain("Go on");
    await cell("settings").getByLabel("beta, as a number").fill("30");
    await eventually(async () => (await view("G")).changedSince).toMatch(/^β .* → 30$/);
    await button("G", "Go on").click();
    await until("G", "Finished");
    const { step, totals } = await view("G");
    expect([step, totals.length]).toEqual([STEPS + 5, STEPS + 6]);
    expect(totals.every(Number.isFinite)).toBe(true);
  });

  it("names what would need another start, by the pictures it was made of", async () => {
    await page.close();
    page = await profile.open();
    await until("G", "Finished");
    expect((await view("G")).stale).toEqual([]);
    await cell("style").getByRole("button", { name: /^Poppies/ }).click();
    await eventually(async () => (await view("G")).stale).toEqual(["style picture"]);
  });

  it("leaves the cell as new when it is deleted, and is back when that is taken back", async () => {
    const { run } = await value("G");
    await page.evaluate((run) => document.querySelector("nst-notebook")!.runs!.remove([run!]), run);
    await until("G", "Ready");
    expect(await value("G")).toEqual({ step: 0, run: null, data: null });
    await page.evaluate(() => document.querySelector("nst-notebook")!.runs!.undoRemove());
    await until("G", "Finished");
    expect((await value("G")).run).toBe(run);
  });
});

describe("Duplicate", () => {
  it("adds settings and a run of free names below, which run as they stand", async () => {
    await button("G", "Duplicate").click();
    await cell("G2").waitFor();
    const text = await page.evaluate(() => document.querySelector("nst-notebook")!.session!.text);
    expect(text).toContain(`<nst-settings as="settings2" network="network" without="size" beta="30" steps="${STEPS + 5}"></nst-settings>\n\n<nst-run as="G2" of="content style" network="network" settings="settings2"></nst-run>`);
    await eventually(() => page.evaluate(() => document.activeElement?.closest("nst-slot")?.querySelector("[as]")?.getAttribute("as"))).toBe("settings2");
    expect(await status("G2")).toBe("Ready");
    expect(unexpected(profile.errors)).toEqual([]);
  });
});
