import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { launch } from "./support/chrome";
import { develop, type Served } from "./support/site";
import { Workbench } from "./support/workbench";

let browser: Browser;

beforeAll(async () => void (browser = await launch({ gpu: false, measured: false })));
afterAll(() => browser?.close());

/** What the status bar says is computed on. */
const said = (page: Page) => page.getByLabel("computes on").evaluate((select) => (select as HTMLSelectElement).selectedOptions[0].textContent!);

/** Threads that each worker's wasm module has at work beside its first, as it counts them itself. */
async function atWork(workbench: Workbench): Promise<number[]> {
  return Promise.all(
    (await workbench.workers()).map((worker) =>
      worker.evaluate(() => {
        const { tf } = self as unknown as { tf: { backend(): { wasm: { PThread: { runningWorkers: unknown[] } } } } };
        return tf.backend().wasm.PThread.runningWorkers.length;
      }),
    ),
  );
}

async function computesWithThreads(workbench: Workbench): Promise<void> {
  const { page } = workbench;
  await page.waitForFunction(() => document.querySelector("nst-app")!.kernels!.status.available.length > 0, null, { timeout: 60_000 });
  const threads = (await page.evaluate(() => document.querySelector("nst-app")!.kernels!.status.engine!)).threads;
  if (availableParallelism() >= 2) expect(threads).toBeGreaterThanOrEqual(2);
  if (availableParallelism() === 2) expect(threads).toBe(2);
  expect(await said(page)).toMatch(new RegExp(`^wasm, ${threads} threads? · \\d+ ms$`));
  await workbench.size(64, 3);
  const run = workbench.run();
  await run.start();
  expect((await run.until("finished", "stopped")).step).toBe(3);
  // engine and lab, each its first thread and the others
  expect(await atWork(workbench)).toEqual([threads - 1, threads - 1]);
}

describe("wasm", () => {
  it("has as many threads as the machine has cores in the built workbench, and the status bar says so", async () => {
    const workbench = await Workbench.open(await browser.newContext({ serviceWorkers: "block" }), inject("app"));
    await computesWithThreads(workbench);
    expect(workbench.errors).toEqual([]);
    await workbench.page.context().close();
  });

  it("has them in development too: the dev server's first page, with nothing prepared, shows the first notebook and runs it", async () => {
    const cache = await mkdtemp(join(tmpdir(), "nst-dev-"));
    let server: Served | undefined;
    try {
      server = await develop(cache);
      const context = await browser.newContext();
      const workbench = await Workbench.open(context, server.url, { timeout: 120_000 });
      await computesWithThreads(workbench);
      expect(workbench.errors).toEqual([]);
      // a library that is found late makes the server reload the page, and whatever was going on in it is lost
      expect(await workbench.page.evaluate(() => (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming).type)).toBe("navigate");
      await context.close();
    } finally {
      await server?.close();
      await rm(cache, { recursive: true, force: true });
    }
  }, 300_000);
});
