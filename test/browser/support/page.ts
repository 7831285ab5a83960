import type { Browser, BrowserContext, Page } from "playwright-core";
import type {} from "../pages/engine";

export interface OpenedPage {
  page: Page;
  /** uncaught errors and console errors of the page since it was opened: assert that it stays empty */
  errors: string[];
}

/** Opens an address in a page of its own: of a browser with storage of its own, of a context with the context's. Closing it closes the page. */
export async function openPage(browser: Browser | BrowserContext, url: string): Promise<OpenedPage> {
  // a service worker would answer in place of what a test routes; offline.test.ts tests the worker itself
  const page = await ("newContext" in browser ? browser.newPage({ serviceWorkers: "block" }) : browser.newPage());
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
