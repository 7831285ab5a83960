/** Pages that are one file, opened from disk with every way to a network cut. */
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";

export class FromDisk {
  private constructor(
    readonly context: BrowserContext,
    /** addresses of what reached the network or the disk, other than the opened files themselves */
    readonly asked: string[],
    /** uncaught errors and console errors of pages; what a page's policy refused is among them */
    readonly errors: string[],
  ) {}

  /** A browser profile that was never used and has no network. */
  static async begin(browser: Browser): Promise<FromDisk> {
    const context = await browser.newContext({ acceptDownloads: true });
    const disk = new FromDisk(context, [], []);
    await context.setOffline(true);
    await context.route(/^(https?|wss?):/, (route) => {
      disk.asked.push(route.request().url());
      return route.abort();
    });
    context.on("request", (request) => void (request.url().startsWith("file:") && !request.isNavigationRequest() && disk.asked.push(request.url())));
    context.on("weberror", (error) => disk.errors.push(error.error().stack ?? error.error().message));
    context.on("console", (message) => message.type() === "error" && disk.errors.push(message.text()));
    return disk;
  }

  /** @param path absolute */
  async open(path: string): Promise<Page> {
    const page = await this.context.newPage();
    page.setDefaultTimeout(20_000);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(pathToFileURL(path).href);
    return page;
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
