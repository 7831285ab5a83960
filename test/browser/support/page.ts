import type { Browser, Page } from "playwright-core";
import type {} from "../pages/engine";

export interface OpenedPage {
  page: Page;
  /** uncaught errors and console errors of the page since it was opened: assert that it stays empty */
  errors: string[];
}

/** Opens an address in a page of its own, with storage of its own. Closing the browser closes it. */
export async function openPage(browser: Browser, url: string): Promise<OpenedPage> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.stack ?? error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(url);
  return { page, errors };
}

/** Opens the test page of the engine: `window.tf`, `window.nst`, `window.useBackend` (see pages/engine.ts). */
export async function openEngine(browser: Browser, pages: string): Promise<OpenedPage> {
  const opened = await openPage(browser, `${pages}engine.html`);
  await opened.page.waitForFunction(() => window.ready, null, { timeout: 30_000 }).catch((error: Error) => {
    throw new Error(`engine.html is not ready: ${opened.errors.join("\n") || error.message}`);
  });
  return opened;
}
