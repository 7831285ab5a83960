import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { AscentRecord, ViewsApi } from "./pages/views";
import { launch } from "./support/chrome";
import { openPage } from "./support/page";

let browser: Browser;
let page: Page;
let errors: string[];
let before: Record<"lab" | "engine", number>;

const tensors = async (worker: "lab" | "engine") => (await page.evaluate((w) => window.views.status(w), worker)).tensors;
const ascend = (config: Parameters<ViewsApi["ascend"]>[0] = {}) => page.evaluate((c) => window.views.ascend(c), config);
const control = (ascent: number, kind: Parameters<ViewsApi["control"]>[1]) => page.evaluate(([n, k]) => window.views.control(n, k), [ascent, kind] as const);
const record = (ascent: number): Promise<AscentRecord> => page.evaluate((n) => window.views.record(n), ascent);
const until = async (ascent: number, condition: (record: AscentRecord) => boolean): Promise<AscentRecord> => {
  for (let waited = 0; waited < 60_000; waited += 20) {
    const found = await record(ascent);
    if (condition(found)) return found;
    if (found.ended) throw new Error(`it has ended, and it is still not so: ${condition}. ${found.error ?? ""}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`still not so: ${condition}`);
};

beforeAll(async () => {
  // without a GPU, so that measuring a slow software one does not disturb
  browser = await launch({ gpu: false });
  ({ page, errors } = await openPage(browser, `${inject("pages")}views.html`));
  await page.waitForFunction(() => window.views);
  // the default network is loaded by both, and stays
  await page.evaluate(() => window.views.measure());
  const first = await ascend({ steps: 0 });
  await until(first, ({ ended }) => ended);
  before = { lab: await tensors("lab"), engine: await tensors("engine") };
});
afterAll(() => browser?.close());

test("what the lab tells the views is what PyTorch computes: features, statistics, Gram entry, shuffle test, differences, kernels", async () => {
  const measured = await page.evaluate(() => window.views.measure());
  expect(Object.keys(measured).length).toBeGreaterThan(25);
  expect(Object.entries(measured).filter(([, error]) => !(error < 1e-5))).toEqual([]);
  expect(await tensors("lab")).toBe(before.lab);
});

test("work in the lab gives way: what was asked for last and takes shortest is answered first", async () => {
  expect(await page.evaluate(() => window.views.together())).toEqual(["status ended", "features ended", "patches ended"]);
  expect(await tensors("lab")).toBe(before.lab);
});

test("what is aborted ends at once and leaves no tensor, wherever it was", async () => {
  for (const after of [0, 20, 60, 150]) {
    const ended = await page.evaluate((ms) => window.views.abortAll(ms), after);
    // a fast machine may have answered the two calls by then
    expect(ended.map((how) => how.replace(/^(features|statistics) ended$/, "$1: AbortError"))).toEqual(["features", "statistics", "patches", "ascent"].map((name) => `${name}: AbortError`));
    for (const worker of ["lab", "engine"] as const) await expect.poll(() => tensors(worker)).toBe(before[worker]);
  }
});

test("an ascent makes a channel answer more and more, shows every picture, and ends after its steps", async () => {
  const { states, step, activations, sides, notices, error } = await until(await ascend({ steps: 40 }), ({ ended }) => ended);
  expect({ states, step, error, notices }).toEqual({ states: ["preparing", "running", "finished"], step: 40, error: null, notices: [] });
  expect(activations.length).toBe(41);
  expect(activations.every(Number.isFinite)).toBe(true);
  expect(activations[40]).toBeGreaterThan(20 * activations[0] + 0.5);
  expect(new Set(sides)).toEqual(new Set([64]));
  expect(await tensors("engine")).toBe(before.engine);
});

test("an ascent stands still while it is paused, goes on where it was, and stops when it is told", async () => {
  const ascent = await ascend();
  await until(ascent, ({ step }) => step > 2);
  await control(ascent, "pause");
  const { step } = await until(ascent, ({ states }) => states.at(-1) === "paused");
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect((await record(ascent)).step).toBe(step);
  await control(ascent, "resume");
  await until(ascent, ({ states, step }) => states.at(-1) === "running" && step > 6);
  await control(ascent, "stop");
  const { states, activations, step: last } = await until(ascent, ({ ended }) => ended);
  expect(states).toEqual(["preparing", "running", "paused", "running", "stopped"]);
  expect(activations.length).toBeGreaterThanOrEqual(last);
  expect(await tensors("engine")).toBe(before.engine);
});

test("an ascent that is stopped before it has begun ends as well, and one that is dropped leaves nothing", async () => {
  const early = await ascend();
  await control(early, "stop");
  expect((await until(early, ({ ended }) => ended)).states.at(-1)).toBe("stopped");
  const dropped = await ascend();
  await until(dropped, ({ step }) => step > 1);
  await control(dropped, "drop");
  expect((await until(dropped, ({ ended }) => ended)).error).toMatch(/^AbortError/);
  await expect.poll(() => tensors("engine")).toBe(before.engine);
});

test("a run and two ascents share the engine step by step", async () => {
  const both = [await ascend({ layer: "block2_conv1", channel: 5 }), await ascend({ layer: "block2_conv1", channel: 6 })];
  await until(both[1], ({ step }) => step > 0);
  const [a, b] = await Promise.all(both.map(async (ascent) => (await record(ascent)).step));
  const { run, ascents } = await page.evaluate(() => window.views.runBeside(20));
  expect(run).toBe(20);
  for (const [ascent, start] of [[both[0], a], [both[1], b]]) {
    expect(ascents[ascent] - start).toBeGreaterThan(10);
    expect(ascents[ascent] - start).toBeLessThan(60);
    await control(ascent, "stop");
    await until(ascent, ({ ended }) => ended);
  }
  await expect.poll(() => tensors("engine")).toBe(before.engine);
});

test("an ascent says what is wrong: a layer or channel that is not there, a picture that is too small", async () => {
  const wrong = async (config: Parameters<typeof ascend>[0]) => (await until(await ascend(config), ({ ended }) => ended)).error;
  expect(await wrong({ layer: "block9_conv1" })).toMatch(/has no layer "block9_conv1"/);
  expect(await wrong({ channel: 64 })).toMatch(/block3_conv1 has 64 channels, 0 to 63; there is no channel 64/);
  expect(await wrong({ layer: "block5_conv1", size: 8 })).toMatch(/too small for/);
  expect(await tensors("engine")).toBe(before.engine);
  expect(errors).toEqual([]);
});
