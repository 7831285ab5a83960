import type { Browser, Page } from "playwright-core";
import { expect, inject } from "vitest";
import type {} from "../pages/workbench";

/** Opens the workbench with a notebook of the test's own. `errors`: uncaught errors and console errors since then. */
export async function openNotebook(browser: Browser, text: string): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage({ serviceWorkers: "block", viewport: { width: 1280, height: 1000 }, reducedMotion: "reduce" });
  page.setDefaultTimeout(30_000);
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
