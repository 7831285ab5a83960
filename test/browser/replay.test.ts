import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type {} from "./pages/replay";
import { launch } from "./support/chrome";
import { openPage, type OpenedPage } from "./support/page";

let browser: Browser;
let opened: OpenedPage;
let page: Page;
let run: Awaited<ReturnType<Window["replays"]["run"]>>;
beforeAll(async () => {
  browser = await launch({ gpu: false });
  opened = await openPage(browser, `${inject("pages")}replay.html`);
  ({ page } = opened);
  await page.waitForFunction(() => window.replays);
  await page.evaluate(() => window.replays.ready());
  run = await page.evaluate(() => window.replays.run());
});
afterAll(() => browser?.close());

const onSteps = (rows: Record<string, number>[], from: number) => Object.fromEntries(rows.map((row, i) => [from + i, row]));

describe("a run on wasm of 30 steps that starts from the style picture, with a change of settings on the way", () => {
  it("is recorded: every cost, the step of the change, checkpoints", () => {
    expect(run.rows.length).toBe(31);
    expect(run.last).toBe(30);
    const [first, change] = run.changes;
    expect([run.changes.length, first]).toEqual([2, 0]);
    expect(change).toBeGreaterThanOrEqual(16);
    expect(change).toBeLessThan(30);
    expect(run.checkpoints.length).toBeGreaterThan(1);
    expect(Object.keys(run.rows[0])).toContain("block1_conv1");
    expect(Object.keys(run.rows[30])).toEqual(["total", "content", "style", "tv", "block2_conv1", "block4_conv1"]);
  });

  it("is replayed with the same pictures and costs bit for bit, from the start and from the nearest checkpoint", async () => {
    const { fromStart, toNearest, fromNearest } = await page.evaluate(() => window.replays.again());
    expect(onSteps(fromStart.rows, 0)).toEqual(onSteps(run.rows, 0));
    expect(fromStart.samePicture).toBe(true);
    expect(onSteps(toNearest.rows, 0)).toEqual(onSteps(run.rows.slice(0, 30), 0));
    expect(run.checkpoints).toContain(fromNearest.from);
    expect(fromNearest.from).toBeGreaterThan(0);
    expect(onSteps(fromNearest.rows, fromNearest.from)).toEqual(onSteps(run.rows.slice(fromNearest.from, 30), fromNearest.from));
    expect(fromNearest.samePicture).toBe(true);
  });

  it("is followed pixel by pixel: the pulls of all terms and the clip are the step, to one part in a million", async () => {
    const { steps, terms, worst, unclipped, samePicture } = await page.evaluate(() => window.replays.follow());
    expect(steps).toBe(30);
    expect(terms).toEqual(["content", "block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1", "tv"]);
    expect(worst).toBeLessThan(1e-6);
    expect(unclipped).toBeLessThan(1e-6);
    expect(samePicture).toBe(true);
  });

  it("has a last picture whose costs the lab measures as the run did, also when the lab is lost on the way", async () => {
    for (const losing of [false, true]) {
      const { measure, overtaken } = await page.evaluate((lost) => window.replays.measure(lost), losing);
      expect(overtaken).toBe(2);
      expect(measure.terms.map(({ name }) => name)).toEqual(["content", "block2_conv1", "block4_conv1", "tv"]);
      for (const { name, cost, norm } of measure.terms) {
        expect(cost / run.rows[30][name]).toBeCloseTo(1, 5);
        expect(norm).toBeGreaterThan(0);
      }
      expect(measure.total / run.rows[30]["total"]).toBeCloseTo(1, 5);
      expect(measure.norm).toBeGreaterThan(0);
    }
  });

  it("has steps that the lab takes apart operation by operation, with the costs of the run and the picture one step on", async () => {
    const { record, names, samePicture, step } = await page.evaluate(() => window.replays.anatomy());
    record.columns.forEach((name, i) => expect(record.costs[i] / run.rows[step][name]).toBeCloseTo(1, 5));
    // forward and back, to block5_conv1 or, with the later settings, to block4_conv2
    expect(names.filter((name) => /Conv2D/.test(name)).length).toBe(2 * (record.columns.includes("block5_conv1") ? 13 : 10));
    expect(samePicture).toBe(true);
    expect(record.peak).toBeGreaterThan(record.activations / 2);
    expect(record.heap).toBeGreaterThan(record.peak);
    expect(record.threads).toBeGreaterThan(0);
  });

  it("leaves no tensors behind, neither with the replays nor with the measures", async () => {
    const before = await page.evaluate(() => window.replays.tensors());
    await page.evaluate(() => Promise.all([window.replays.follow(), window.replays.measure(false), window.replays.anatomy()]));
    expect(await page.evaluate(() => window.replays.tensors())).toEqual(before);
    expect(opened.errors).toEqual([]);
  });
});
