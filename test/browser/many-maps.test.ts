/** Measured: nothing else may use the machine at the same time. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { calmest, mainThreadTasks } from "./support/trace";

let browser: Browser;
beforeAll(async () => void (browser = await launch({ gpu: false })));
afterAll(() => browser?.close());

describe("512 maps of 32 × 32", () => {
  it("scroll without a stall: no task of the main thread takes more than 50 ms of processor time, and only what is near is drawn", async () => {
    const page = await browser.newPage({ serviceWorkers: "block", viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
    await page.addInitScript(() => void (window.notebookText = "# A test\n\nNothing here computes."));
    await page.goto(`${inject("pages")}workbench.html`);
    await page.waitForFunction(() => customElements.get("nst-map-grid") && document.querySelector("nst-app")?.kernels?.status.state === "ready");
    await page.evaluate(async () => {
      const [n, side] = [512, 32];
      const maps = { layer: "block4_conv2", height: side, width: side, channels: n, data: Float32Array.from({ length: side * side * n }, (_, i) => ((i * 2654435761) % 1000) / 1000) };
      const scale = { low: 0, high: 1, kind: "sequential", gradient: "" };
      const grid = Object.assign(document.createElement("nst-map-grid"), { maps, order: Array.from({ length: n }, (_, i) => i), scales: Array.from({ length: n }, () => scale), selected: 0, label: "512 maps" });
      grid.id = "many";
      grid.style.cssText = "position:fixed;inset:20px;z-index:99;background:#fff";
      document.body.append(grid);
      await (grid as unknown as { updateComplete: Promise<unknown> }).updateComplete;
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    const grid = page.locator("#many");
    const seen = new Set<number>();
    const tasks = await calmest(50, () =>
      mainThreadTasks(browser, page, async (mark) => {
        await mark();
        const reached = await grid.evaluate(async (grid) => {
          const scroller = grid.shadowRoot!.querySelector(".scroller")!;
          const end = scroller.scrollHeight - scroller.clientHeight;
          const drawn: number[] = [];
          for (let i = 1; i <= 30; i++) {
            scroller.scrollTop = (end * i) / 30;
            await new Promise(requestAnimationFrame);
            drawn.push(grid.shadowRoot!.querySelectorAll("canvas").length);
          }
          return { end, drawn: Math.max(...drawn) };
        });
        expect(reached.end).toBeGreaterThan(1000);
        expect(reached.drawn).toBeLessThan(200);
      }),
    );
    for (const channel of await grid.getByRole("option").evaluateAll((tiles) => tiles.map((tile) => Number(tile.id.replace("map-", ""))))) seen.add(channel);
    expect(seen.has(511)).toBe(true);
    // the last map is painted, not only there
    await expect.poll(() => grid.locator("#map-511 canvas").evaluate((canvas) => (canvas as HTMLCanvasElement).width)).toBe(32);
    console.log(`512 maps: ${tasks.length} tasks, the longest ${tasks[0].cpu.toFixed(1)} ms of processor time: ${tasks[0].inside}`);
    expect(tasks.filter(({ cpu }) => cpu > 50)).toEqual([]);
  });
});
