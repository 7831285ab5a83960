/** A person points at units, and at entries of a Gram matrix, while a run is going. Measured: nothing else may use the machine at the same time. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { unexpected } from "./support/own-notebook";
import { openPage, type OpenedPage } from "./support/page";
import { calmest, mainThreadTasks } from "./support/trace";
import { RunCell, Workbench } from "./support/workbench";

/** Longer than this, and a person feels that the page does not answer, in ms. */
const LIMIT = 50;
const HOVERS = 30;

const NOTEBOOK = `# Hover

<nst-image as="content" src="neuschwanstein.jpg"></nst-image>

<nst-image as="style" src="great-wave.jpg"></nst-image>

<nst-network as="network"></nst-network>

<nst-settings as="settings" size="128" steps="100000"></nst-settings>

<nst-run as="G" of="content style"></nst-run>

<nst-features as="F" of="content" layer="block3_conv1" channel="18"></nst-features>

<nst-gram as="A" of="F"></nst-gram>
`;

/** One answer: from the pointer's event to the text, on the clock; and from its handler on, which is the page's own work. */
interface Answer {
  text: string;
  clock: number;
  own: number;
}

declare global {
  interface Window {
    answers: Answer[];
  }
}

let browser: Browser;
let opened: OpenedPage;
let page: Page;
let run: RunCell;

beforeAll(async () => {
  browser = await launch({ gpu: false });
  const context = await browser.newContext({ serviceWorkers: "block", reducedMotion: "reduce", viewport: { width: 1280, height: 1000 } });
  await context.addInitScript((text) => void (window.notebookText = text), NOTEBOOK);
  opened = await openPage(context, `${inject("pages")}workbench.html`);
  page = opened.page;
  page.setDefaultTimeout(30_000);
  await page.waitForFunction(() => document.querySelector("nst-app")?.kernels?.status.state === "ready");
  // the measuring of a new machine is over
  await page.waitForFunction(() => document.querySelector("nst-app")!.kernels!.status.available.length > 0, null, { timeout: 60_000 });
  run = new RunCell(new Workbench(page, opened.errors), "G");
  await run.startButton.click();
  await run.untilStep(2);
});
afterAll(() => browser?.close());

/** Notes when what an element says has changed, and which event of the pointer that answers. `path`: from shadow tree to shadow tree. */
const watch = (path: string[]) =>
  page.evaluate((path) => {
    const reading = path.reduce<Element | Document>((root, selector) => ((root as Element).shadowRoot ?? root).querySelector(selector)!, document);
    let event: { at: number; handled: number } | null = null;
    window.answers = [];
    window.addEventListener("pointermove", ({ timeStamp }) => (event = { at: timeStamp, handled: performance.now() }), true);
    new MutationObserver(() => {
      if (!event) return;
      const now = performance.now();
      window.answers.push({ text: reading.textContent!.trim().replace(/\s+/g, " "), clock: now - event.at, own: now - event.handled });
      event = null;
    }).observe(reading, { characterData: true, childList: true, subtree: true });
  }, path);

/** Points at HOVERS places of a canvas of width × height, and holds each answer to the limit. @returns what was said */
async function pointAt(canvas: Locator, { width, height }: { width: number; height: number }): Promise<string[]> {
  const box = (await canvas.boundingBox())!;
  const sorted = (answers: Answer[], of: "clock" | "own") => answers.map((answer) => answer[of]).sort((a, b) => a - b);
  let answers: Answer[] = [];
  const longest = await calmest(LIMIT, async () => {
    await page.evaluate(() => void (window.answers = []));
    const tasks = await mainThreadTasks(browser, page, async (mark) => {
      await mark();
      for (let i = 0; i < HOVERS; i++) {
        const { x, y } = placeOf(i, width, height);
        await page.mouse.move(box.x + ((x + 0.5) / width) * box.width, box.y + ((y + 0.5) / height) * box.height);
        await page.waitForFunction((count) => window.answers.length >= count, i + 1);
      }
    });
    answers = await page.evaluate(() => window.answers);
    const [clock, own] = [sorted(answers, "clock"), sorted(answers, "own")];
    console.log(`${answers.length} hovers: answered after ${clock[HOVERS >> 1].toFixed(1)} ms (median), ${clock.at(-1)!.toFixed(1)} ms (longest); the page's own work ${own[HOVERS >> 1].toFixed(1)} and ${own.at(-1)!.toFixed(1)} ms; longest task ${tasks[0].cpu.toFixed(1)} ms of processor time: ${tasks[0].inside}`);
    // each answer by the page's own work and by processor time; on the clock the run's threads, which share the processor, count as well
    return [...tasks, { cpu: own.at(-1)!, wall: own.at(-1)!, at: 0, inside: "the page's own work for one answer" }].sort((a, b) => b.cpu - a.cpu);
  });
  expect(answers.length).toBe(HOVERS);
  expect(sorted(answers, "clock")[HOVERS >> 1]).toBeLessThan(LIMIT);
  expect(longest.filter(({ cpu }) => cpu > LIMIT)).toEqual([]);
  // it was a run that was going, all the time
  const { state, step } = await run.seen();
  expect(state).toBe("running");
  expect(step).toBeGreaterThan(2);
  expect(unexpected(opened.errors)).toEqual([]);
  return answers.map(({ text }) => text);
}

/** 7 and 11 have no divisor in common with the sides of what is pointed at: always another place. */
const placeOf = (i: number, width: number, height: number) => ({ x: (i * 7) % width, y: (i * 11) % height });

describe("while a run is going", () => {
  it(`a unit that is pointed at is read within ${LIMIT} ms, ${HOVERS} times, and the page never stalls`, async () => {
    const view = page.locator("nst-unit-view");
    await page.locator('[as="F"]').scrollIntoViewIfNeeded();
    await view.locator("nst-map-over-picture").scrollIntoViewIfNeeded();
    await view.locator("nst-unit-arithmetic").waitFor();
    await view.locator("nst-map-over-picture").scrollIntoViewIfNeeded();
    const { width, height } = await page.evaluate(async () => (await document.querySelector("nst-notebook")!.graph.value("F")) as { width: number; height: number });
    await watch(['[as="F"]', "nst-unit-view", ".reading"]);
    const said = await pointAt(view.locator("nst-map-over-picture canvas").last(), { width, height });
    expect(new Set(said).size).toBe(HOVERS);
    said.forEach((text, i) => {
      const { x, y } = placeOf(i, width, height);
      expect(text).toContain(`row ${y}, column ${x}`);
    });
  });

  it(`an entry of a Gram matrix that is pointed at is taken apart within ${LIMIT} ms, ${HOVERS} times, and the page never stalls`, async () => {
    const cell = page.locator('[as="A"]');
    await cell.scrollIntoViewIfNeeded();
    await cell.locator("nst-gram-entry .numbers").waitFor();
    await cell.locator("nst-gram-map").scrollIntoViewIfNeeded();
    await watch(['[as="A"]', "nst-gram-view", "nst-gram-entry", ".numbers"]);
    const said = await pointAt(cell.locator("nst-gram-map canvas").first(), { width: 64, height: 64 });
    // each names its entry
    expect(new Set(said.map((text) => /\d+, \d+/.exec(text)?.[0])).size).toBe(HOVERS);
  });
});
