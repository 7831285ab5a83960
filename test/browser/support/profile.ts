import type { Browser, BrowserContext, Page } from "playwright-core";
import { inject } from "vitest";
import type {} from "../pages/workbench";

/** One person's browser, whose pages come and go: what the workbench keeps stays. */
export class Profile {
  /** uncaught errors and console errors of all pages */
  readonly errors: string[] = [];

  private constructor(private readonly context: BrowserContext) {}

  /** @param text of the notebook that every page shows */
  static async start(browser: Browser, text: string): Promise<Profile> {
    const context = await browser.newContext({ serviceWorkers: "block", viewport: { width: 1280, height: 1000 }, reducedMotion: "reduce" });
    await context.addInitScript((text) => void (window.notebookText = text), text);
    return new Profile(context);
  }

  /** A page that knows nothing of the one before. */
  async open(): Promise<Page> {
    const page = await this.context.newPage();
    page.setDefaultTimeout(30_000);
    page.on("pageerror", (error) => this.errors.push(error.stack ?? error.message));
    page.on("console", (message) => message.type() === "error" && this.errors.push(message.text()));
    await page.goto(`${inject("pages")}workbench.html`);
    await page.waitForFunction(() => document.querySelector("nst-app")?.kernels?.status.state === "ready" && document.querySelector("nst-notebook") !== null);
    return page;
  }
}
