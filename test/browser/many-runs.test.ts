/** Eight runs at once in one notebook. Measured: nothing else may use the machine at the same time. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launch } from "./support/chrome";
import { openNotebook, unexpected } from "./support/own-notebook";
import { calmest, mainThreadTasks } from "./support/trace";

/** Longer than this, and a person feels that the page does not answer, in ms. */
const LIMIT = 50;
/** How long the runs are watched at least, in ms, and how many steps each of them does meanwhile at least. */
const WATCHED = 2500;
const STEPS = 5;

const RUNS = Array.from({ length: 8 }, (_, i) => `R${i + 1}`);
const NOTEBOOK = `# Eight runs

<nst-image as="content" src="cat.jpg" size="48"></nst-image>

<nst-image as="style" src="houses-at-auvers.jpg" size="48"></nst-image>

<nst-network as="network"></nst-network>

<nst-settings as="settings" network="network" steps="100000"></nst-settings>

<nst-compare as="cmp" of="${RUNS.join(" ")}"></nst-compare>

${RUNS.map((name) => `<nst-run as="${name}" of="content style" network="network" settings="settings"></nst-run>`).join("\n\n")}
`;

let browser: Browser;
let page: Page;
let errors: string[];
beforeAll(async () => {
  browser = await launch({ gpu: false });
  ({ page, errors } = await openNotebook(browser, NOTEBOOK));
});
afterAll(() => browser?.close());

/** What every run has done so far. */
const steps = () => page.evaluate((names) => names.map((name) => document.querySelector(`[as="${name}"]`)!.shadowRoot!.querySelector("nst-run-view")!.step), RUNS);

describe("eight runs at once", () => {
  it("all go, share the device fairly, and keep no task of the main thread busy for more than 50 ms of processor time", async () => {
    for (const name of RUNS) await page.locator(`[as="${name}"]`).getByRole("button", { name: "Start", exact: true }).click();
    await expect.poll(async () => Math.min(...(await steps())), { timeout: 30_000 }).toBeGreaterThan(0);
    // what a person has before them while they go: all eight, compared
    await page.locator("nst-compare").scrollIntoViewIfNeeded();
    const before = await steps();
    const since = async () => (await steps()).map((step, i) => step - before[i]);
    const tasks = await calmest(LIMIT, () =>
      mainThreadTasks(browser, page, async (mark) => {
        await mark();
        await page.waitForTimeout(WATCHED);
        await expect.poll(async () => Math.min(...(await since())), { timeout: 60_000 }).toBeGreaterThanOrEqual(STEPS);
      }),
    );
    const done = await since();
    console.log(`eight runs: steps ${done.join(" ")}; the longest task ${tasks[0].cpu.toFixed(1)} ms of processor time: ${tasks[0].inside}`);
    expect(Math.max(...done)).toBeLessThanOrEqual(2 * Math.min(...done));
    expect(tasks.filter(({ cpu }) => cpu > LIMIT)).toEqual([]);
    expect(unexpected(errors)).toEqual([]);
  });
});
