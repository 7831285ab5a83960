import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import reference from "../fixtures/reference-runs.json";
import { readSafetensors } from "../../src/nst/safetensors";
import { bytesOf } from "../support/fixtures";
import type { RunRecord, RunsApi } from "./pages/runs";
import { launch, missingWebGPU } from "./support/chrome";
import { openPage, type OpenedPage } from "./support/page";

let plain: Browser;
let withGpu: Browser;
let opened: OpenedPage;
beforeAll(async () => {
  // without a GPU, so that measuring a slow software one does not disturb runs on wasm
  plain = await launch({ gpu: false });
  withGpu = await launch();
});
afterAll(() => Promise.all([plain?.close(), withGpu?.close()]));
afterEach(() => (opened === shared ? undefined : opened?.page.close()));

type StartOptions = Parameters<RunsApi["start"]>[0];

/** The page of the runs on wasm that leave nothing behind for the next. */
let shared: OpenedPage | undefined;

async function open(backend: "wasm" | "webgl" | "webgpu" = "wasm", ofItsOwn = backend !== "wasm"): Promise<Page> {
  if (shared && !ofItsOwn) return (opened = shared).page;
  opened = await openPage(backend === "wasm" ? plain : withGpu, `${inject("pages")}runs.html`);
  if (!ofItsOwn) shared = opened;
  const { page } = opened;
  await page.waitForFunction(() => window.runs);
  await page.evaluate((name) => window.runs.backend(name), backend);
  return page;
}
const start = (page: Page, options: StartOptions): Promise<number> => page.evaluate((o) => window.runs.start(o), options);
const end = (page: Page, run: number): Promise<RunRecord> => page.evaluate((n) => window.runs.end(n), run);
const stepOf = (page: Page, run: number): Promise<number> => page.evaluate((n) => window.runs.record(n).step, run);
const untilStep = (page: Page, run: number, step: number) => page.waitForFunction(([n, s]) => window.runs.record(n).step >= s || window.runs.record(n).ended, [run, step] as const, { polling: 20, timeout: 120_000 });
/** Our own workers; the wasm backend's threads, from blob addresses, sleep and would never answer. */
const kernelWorkers = (page: Page) => page.workers().filter((worker) => !worker.url().startsWith("blob:"));
const PAIR = "neuschwanstein--great-wave";

describe("the three reference runs, 128 px and 60 steps with the defaults of model.json", () => {
  const theirs = readSafetensors(bytesOf("test/fixtures/reference-runs.safetensors"));
  for (const [pair, { curves }] of Object.entries(reference.runs) as [string, { curves: Record<string, number[]> & { style: number[] } }][])
    test(`${pair}: total cost within 2 % of PyTorch's at step 10, every layer's within 10 % at step 60`, async () => {
      const page = await open();
      const record = await end(page, await start(page, { pair }));
      expect(record.error).toBe(null);
      expect(record.rows.length).toBe(61);
      expect(record.rows.every((row) => row?.length === record.columns.length)).toBe(true);
      const column = (name: string) => record.rows.map((row) => row[record.columns.indexOf(name)]);
      const off = (ours: number, reference: number) => Math.abs(ours / reference - 1);
      expect(off(column("total")[10], curves["total"][10])).toBeLessThan(0.02);
      const layers = record.columns.slice(4);
      expect(layers).toEqual(Object.keys(reference.constants.styleWeights));
      for (const layer of layers) expect([layer, off(column(layer)[60], curves[layer][60]) < 0.1]).toEqual([layer, true]);
      for (const name of ["content", "total"]) expect(off(column(name)[60], curves[name][60])).toBeLessThan(0.1);
      // and the pictures: the same to the eye
      const final = theirs.get(`${pair}/final`)!.data;
      const ours = record.pixels!.rgba.filter((_, i) => i % 4 !== 3);
      const distance = Math.sqrt(ours.reduce((sum, v, i) => sum + (v - final[i]) ** 2, 0) / ours.length);
      expect(distance).toBeLessThan(12);
    });
});

describe("a run", () => {
  test("pauses, goes on, and stops within a step, and the pause changes nothing in the picture", async () => {
    const page = await open();
    const straight = await end(page, await start(page, { pair: PAIR, settings: { steps: 12 } }));
    const run = await start(page, { pair: PAIR, settings: { steps: 12 } });
    await untilStep(page, run, 4);
    await page.evaluate((n) => window.runs.control(n, "pause"), run);
    await page.waitForFunction((n) => window.runs.record(n).states.at(-1) === "paused", run);
    const at = await stepOf(page, run);
    await page.waitForTimeout(400);
    expect(await stepOf(page, run)).toBe(at);
    expect(at).toBeLessThan(12);
    await page.evaluate((n) => window.runs.control(n, "resume"), run);
    const record = await end(page, run);
    expect(record.states).toEqual(["preparing", "running", "paused", "running", "finished"]);
    expect(record.pixels).toEqual(straight.pixels);
    expect(record.rows).toEqual(straight.rows);

    const long = await start(page, { pair: PAIR, settings: { steps: 5000 } });
    await untilStep(page, long, 2);
    const asked = await page.evaluate(async (n) => {
      const begun = performance.now();
      window.runs.control(n, "stop");
      await window.runs.end(n);
      return performance.now() - begun;
    }, long);
    const stopped = await end(page, long);
    expect(stopped.states.at(-1)).toBe("stopped");
    expect(stopped.pixels).not.toBe(null);
    expect(asked).toBeLessThan(1000);
  });

  test("two at once give the same pictures as alone, bit for bit", async () => {
    const page = await open();
    const settings = { steps: 10 };
    const other = "owl--composition-viii";
    const alone = [await end(page, await start(page, { pair: PAIR, settings })), await end(page, await start(page, { pair: other, settings }))];
    const [a, b] = [await start(page, { pair: PAIR, settings }), await start(page, { pair: other, settings })];
    const together = [await end(page, a), await end(page, b)];
    for (const i of [0, 1]) {
      expect(together[i].rows).toEqual(alone[i].rows);
      expect(together[i].pixels).toEqual(alone[i].pixels);
    }
  });

  test("shares the device fairly with another one", async () => {
    const page = await open();
    const [a, b] = [await start(page, { pair: PAIR, settings: { steps: 500 } }), await start(page, { pair: PAIR, settings: { steps: 500 } })];
    await untilStep(page, b, 15);
    const steps = [await stepOf(page, a), await stepOf(page, b)];
    expect(Math.abs(steps[0] - steps[1])).toBeLessThan(8);
    for (const n of [a, b]) await page.evaluate((run) => window.runs.control(run, "drop"), n);
  });

  test("takes new weights, layers and steps while it is going, from the next step on", async () => {
    const page = await open();
    const run = await start(page, { pair: PAIR, settings: { steps: 400 } });
    await untilStep(page, run, 3);
    await page.evaluate((n) => window.runs.update(n, { steps: 30, beta: 50, styleLayers: { block2_conv1: 1, block3_conv2: 0.5 } }), run);
    const record = await end(page, run);
    expect(record.states.at(-1)).toBe("finished");
    expect(record.step).toBe(30);
    expect(record.columns.slice(4)).toEqual(["block2_conv1", "block3_conv2"]);
    expect(record.rows.length).toBe(31);
    expect(record.rows.every((row) => row.every(Number.isFinite))).toBe(true);
  });

  test("goes on from a checkpoint to the same picture bit for bit as an unbroken run", async () => {
    const page = await open();
    const whole = await end(page, await start(page, { pair: PAIR, settings: { steps: 14 } }));
    const run = await start(page, { pair: PAIR, settings: { steps: 14 } });
    await untilStep(page, run, 5);
    await page.evaluate((n) => window.runs.control(n, "pause"), run);
    await page.waitForFunction((n) => window.runs.record(n).states.at(-1) === "paused", run);
    const resumed = await page.evaluate(async (n) => {
      const from = window.runs.checkpoint(n)!;
      window.runs.control(n, "drop");
      return window.runs.end(await window.runs.start({ pair: "neuschwanstein--great-wave", settings: { steps: 14 }, from }));
    }, run);
    expect(resumed.pixels).toEqual(whole.pixels);
  });

  test("that another seed starts is another one, and the same seed the same", async () => {
    const page = await open();
    const once = async (seed: number) => end(page, await start(page, { pair: PAIR, settings: { steps: 3, initialisation: { kind: "noise" }, seed } }));
    const [a, b, c] = [await once(1), await once(1), await once(2)];
    expect(b.pixels).toEqual(a.pixels);
    expect(b.rows).toEqual(a.rows);
    expect(c.pixels).not.toEqual(a.pixels);
  });

  test("reports the costs of every step and pictures no more often than a display redraws", async () => {
    const page = await open();
    const record = await end(page, await start(page, { pair: PAIR, settings: { steps: 25 } }));
    expect(record.rows.length).toBe(26);
    expect(record.images).toBeGreaterThan(3);
    expect(record.stepsPerSecond).toBeGreaterThan(0);
    for (const row of record.rows) expect(row[0]).toBeCloseTo(row[1] + row[2] + row[3], 10);
  });
});

describe("what a run leaves behind", () => {
  test("nothing: tensors and the wasm heap are as before after 200 steps, after Stop, after an error inside a step, after the page drops the run", async () => {
    const page = await open("wasm", true);
    // the first run loads the network, which stays loaded, and grows the heap to what a step needs
    await end(page, await start(page, { pair: PAIR, size: 64, settings: { steps: 3 } }));
    const before = await page.evaluate(() => window.runs.status());
    const expectSame = async (when: string) => {
      await page.waitForTimeout(150);
      const { tensors, bytes, heapBytes } = await page.evaluate(() => window.runs.status());
      expect({ when, tensors, bytes, heapBytes }).toEqual({ when, tensors: before.tensors, bytes: before.bytes, heapBytes: before.heapBytes });
    };
    await end(page, await start(page, { pair: PAIR, size: 64, settings: { steps: 200 } }));
    await expectSame("after 200 steps");

    const stopped = await start(page, { pair: PAIR, size: 64, settings: { steps: 500 } });
    await untilStep(page, stopped, 3);
    await page.evaluate((n) => window.runs.control(n, "stop"), stopped);
    await end(page, stopped);
    await expectSame("after Stop");

    const dropped = await start(page, { pair: PAIR, size: 64, settings: { steps: 500 } });
    await untilStep(page, dropped, 3);
    await page.evaluate((n) => window.runs.control(n, "drop"), dropped);
    await page.waitForTimeout(500);
    await expectSame("after the page dropped the run");

    const failing = await start(page, { pair: PAIR, size: 64, settings: { steps: 500 } });
    await untilStep(page, failing, 3);
    for (const worker of kernelWorkers(page))
      await worker.evaluate(() => {
        const { tf } = self as unknown as { tf?: { engine(): { runKernel(...args: unknown[]): unknown } } };
        if (!tf) return;
        const run = tf.engine().runKernel;
        let calls = 0;
        tf.engine().runKernel = function (this: unknown, ...args: unknown[]) {
          if (++calls === 40) {
            tf.engine().runKernel = run;
            throw new Error("thrown in the middle of a step");
          }
          return run.apply(this, args);
        };
      });
    const failed = await end(page, failing);
    expect(failed.error).toMatch(/thrown in the middle of a step/);
    await expectSame("after an error inside a step");
  });
});

describe("a lost GPU", () => {
  for (const backend of ["webgl", "webgpu"] as const) test(`by ${backend}, in mid-run: the run goes on from its last checkpoint, at most two seconds old, on what is left`, async (context) => {
    const missing = backend === "webgpu" ? await missingWebGPU(withGpu) : null;
    if (missing && process.env["NST_ALLOW_NO_WEBGPU"]) return context.skip(missing);
    const page = await open(backend);
    // shallow layers: a GPU that is played by the processor needs most of its time to compile a shader for each layer
    const run = await start(page, { pair: PAIR, size: 64, settings: { steps: 12, contentLayer: "block2_conv1", styleLayers: { block1_conv1: 0.5, block2_conv1: 0.5 } } });
    await untilStep(page, run, backend === "webgl" ? 4 : 2);
    const lostAt = await stepOf(page, run);
    await Promise.all(kernelWorkers(page).map((worker) => worker.evaluate(() => {
      interface Gpu { gpgpu?: { gl: WebGL2RenderingContext }; device?: { destroy(): void } }
      const { tf } = self as unknown as { tf?: { getBackend(): string; backend(): Gpu } };
      if (!tf?.getBackend().startsWith("webg")) return;
      tf.backend().gpgpu?.gl.getExtension("WEBGL_lose_context")!.loseContext();
      tf.backend().device?.destroy();
    })));
    const record = await end(page, run);
    expect(record.error).toBe(null);
    expect(record.states.at(-1)).toBe("finished");
    expect(record.notices.join(" ")).toMatch(/lost.*goes on from step \d+.*Now on wasm/);
    expect(record.rows.length).toBe(13);
    expect(record.rows.every((row) => row.every(Number.isFinite) && row[0] > 0)).toBe(true);
    const resumedAt = Number(/goes on from step (\d+)/.exec(record.notices.join(" "))![1]);
    expect(resumedAt).toBeGreaterThan(0);
    expect(resumedAt).toBeLessThanOrEqual(lostAt + 2);
    // the curve goes on falling: nothing of the lost context got into it
    const totals = record.rows.map((row) => row[0]);
    expect(totals[12]).toBeLessThan(totals[0] * 0.6);
    expect((await page.evaluate(() => window.runs.status())).backend).toBe("wasm");
  }, 240_000);
});

describe("bad input to a run", () => {
  test("weights that are not the file that model.json describes", async () => {
    const page = await open();
    const record = await end(page, await start(page, { pair: PAIR, spoilCard: { weights: { file: "weights.safetensors", sha256: "0".repeat(64), kernelLayout: "HWIO", dtype: "F16" } } }));
    expect(record.error).toMatch(/WeightsError: weights\.safetensors of VGG-19 slim.*not the file that model\.json describes/);
  });
  test("weights that are not there", async () => {
    const page = await open();
    const record = await end(page, await start(page, { pair: PAIR, spoilCard: { weights: { file: "nowhere.safetensors", kernelLayout: "HWIO", dtype: "F16" } } }));
    expect(record.error).toMatch(/nowhere\.safetensors/);
  });
  test("absurd weights: the run stops at the first cost that is no number, says which, and keeps the last good picture; the next run works", async () => {
    const page = await open();
    const record = await end(page, await start(page, { pair: PAIR, settings: { steps: 30, beta: 1e38, optimiser: { kind: "adam", learningRate: 1e30, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 } } }));
    expect(record.error).toBe(null);
    expect(record.states.at(-1)).toBe("stopped");
    expect(record.notices.join()).toMatch(/(cost at block\d_conv\d|The gradient) is no longer a number .* after step \d+/);
    expect(record.pixels).not.toBe(null);
    const next = await end(page, await start(page, { pair: PAIR, settings: { steps: 2 } }));
    expect(next.states.at(-1)).toBe("finished");
  });
});
