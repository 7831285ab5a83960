import type { Browser, Page } from "playwright-core";
import { expect, inject } from "vitest";
import { slim } from "../../support/fixtures";
import type {} from "../pages/workbench";

/** What a worker keeps of the default network: of each convolution the kernel, the same turned about, and the bias. */
export const networkTensors = (): number => 3 * slim().card.layers.filter(({ kind }) => kind === "conv").length;

/** Without what a browser that has no GPU says once for each kind of it. */
export const unexpected = (errors: readonly string[]): string[] => errors.filter((error) => !/webgl backend does not start|no WebGPU adapter/.test(error));

/**
 * Opens the workbench with a notebook of the test's own, in a page of 1280 pixels. `errors`: uncaught errors and console
 * errors since then.
 */
export async function openNotebook(browser: Browser, text: string, { height = 1000, timeout = 30_000 } = {}): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage({ serviceWorkers: "block", viewport: { width: 1280, height }, reducedMotion: "reduce" });
  page.setDefaultTimeout(timeout);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.stack ?? error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.addInitScript((text) => void (window.notebookText = text), text);
  await page.goto(`${inject("pages")}workbench.html`);
  await page.waitForFunction(() => document.querySelector("nst-app")?.kernels?.status.state === "ready" && document.querySelector("nst-notebook") !== null);
  return { page, errors };
}

/** Expects something of what is read again and again, for as long as a busy machine may take to compute it. */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 });

/** Waits until every cell of the notebook has a value or an error, or rests. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelector("nst-notebook")!.graph.settled());
}
