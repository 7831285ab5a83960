/** Finds and starts a Chrome or Chromium for the tests and the bench. There is always an answer or an error, never a skip. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { chromium, type Browser, type Page } from "playwright-core";
import { packagedChrome } from "./packaged-chrome";

const run = promisify(execFile);

export interface FoundBrowser {
  path: string;
  from: "CHROME_PATH" | "installed" | "package";
  /** what the browser needs in its environment, beside what is there already */
  env: Record<string, string>;
}

/**
 * The browser to use: CHROME_PATH, else an installed Chrome or Chromium, else the one in the npm package
 * `@sparticuz/chromium`. `NST_BROWSER=package` goes straight to the last.
 * @param full the last only if there is no other: it has no windows, and hands out room for storage in its own way
 * @throws with what was looked for and what to do, when there is none
 */
export async function findBrowser(full = false): Promise<FoundBrowser> {
  const named = process.env["CHROME_PATH"];
  const wanted = full ? undefined : process.env["NST_BROWSER"];
  if (wanted && wanted !== "package") throw new Error(`NST_BROWSER is "${wanted}"; it can only be "package" (or not set)`);
  if (!wanted) {
    if (named) {
      if (existsSync(named)) return { path: named, from: "CHROME_PATH", env: {} };
      throw new Error(`CHROME_PATH names ${named}, which does not exist. Correct it, or unset it to let a browser be found.`);
    }
    for (const path of usualPlaces()) if (existsSync(path) && (await starts(path))) return { path, from: "installed", env: {} };
  }
  try {
    return { ...(await packagedChrome()), from: "package" };
  } catch (error) {
    throw new Error(
      `No browser to run in. ${wanted ? "NST_BROWSER asks for" : "None was found in the usual places, which leaves"} the one in the npm package ` +
        `@sparticuz/chromium, and it cannot be used: ${(error as Error).message}\nInstall Chrome or Chromium, or set CHROME_PATH to one.`,
    );
  }
}

function usualPlaces(): string[] {
  const env = process.env;
  if (process.platform === "darwin") {
    const apps = ["Google Chrome", "Chromium", "Google Chrome for Testing", "Microsoft Edge"];
    return apps.flatMap((app) => ["/Applications", join(env["HOME"] ?? "", "Applications")].map((folder) => `${folder}/${app}.app/Contents/MacOS/${app}`));
  }
  if (process.platform === "win32") {
    const programs = ["Google\\Chrome\\Application\\chrome.exe", "Chromium\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe"];
    const folders = [env["PROGRAMFILES"], env["PROGRAMFILES(X86)"], env["LOCALAPPDATA"]].filter((folder) => folder !== undefined);
    return programs.flatMap((program) => folders.map((folder) => join(folder, program)));
  }
  const names = ["google-chrome-stable", "google-chrome", "chromium", "chromium-browser", "chrome"];
  const folders = (env["PATH"] ?? "").split(delimiter).filter(Boolean);
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), "/opt/google/chrome/chrome", "/usr/lib/chromium/chromium"];
}

/** Whether it is more than a stub that asks for a snap. (On Windows `--version` would open a window, and there are no stubs.) */
async function starts(path: string): Promise<boolean> {
  if (process.platform === "win32") return true;
  try {
    const { stdout } = await run(path, ["--version"], { timeout: 20_000 });
    return /\d+\.\d+/.test(stdout);
  } catch {
    return false;
  }
}

const softwareGpu = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
const noGpu = ["--disable-gpu", "--disable-software-rasterizer"];

/** What a full browser prepares for its address bar with each window, which nobody sees here: pages of its own, a second of processor time. */
const ADDRESS_BAR = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "AimEnabled"];
const WEBGPU = ["WebGPU", "WebGPUService"];

export interface LaunchOptions {
  /** true (default): WebGL and WebGPU by SwiftShader, the same on every machine; false: neither is there */
  gpu?: boolean;
  /**
   * true (default without a GPU): pages find this machine measured already, with wasm as the only backend that is any good.
   * Every fresh context would otherwise measure it again, which is the same every time and takes seconds.
   */
  measured?: boolean;
  /** true: as `full` of findBrowser */
  full?: boolean;
  /** further switches of Chromium */
  args?: readonly string[];
}

/**
 * Starts the browser of `findBrowser`, headless. Close it when done.
 * @throws when there is no browser, or it does not start
 */
export async function launch({ gpu = true, measured = !gpu, full = false, args = [] }: LaunchOptions = {}): Promise<Browser> {
  const { path, env } = await findBrowser(full);
  const browser = await chromium.launch({
    executablePath: path,
    headless: true,
    env: { ...definedOnly(process.env), ...env },
    // A page that is covered or not in front must run as fast as any other, else timings and animation frames lie.
    args: [
      "--no-sandbox",
      "--disable-dev-shm-usage",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-background-timer-throttling",
      "--disable-renderer-backgrounding",
      "--disable-backgrounding-occluded-windows",
      ...(gpu ? softwareGpu : noGpu),
      // only the last list of features counts
      `--disable-features=${[...ADDRESS_BAR, ...(gpu ? [] : WEBGPU)].join()}`,
      ...args,
    ],
  });
  // Browser.newPage makes its context by this method, too
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    if (measured) await context.addInitScript(keepMeasurement);
    const newPage = context.newPage.bind(context);
    context.newPage = async () => asksAgain(await newPage());
    return context;
  };
  return browser;
}

/** The browser holds a promise that it was asked for by a weak handle, and now and then loses it: then it is asked once more. */
function asksAgain(page: Page): Page {
  const evaluate = page.evaluate.bind(page) as (what: unknown, argument?: unknown) => Promise<unknown>;
  const again = async (what: unknown, argument?: unknown): Promise<unknown> => {
    for (;;) {
      try {
        return await evaluate(what, argument);
      } catch (error) {
        if (!/promise was (garbage )?collected/i.test((error as Error).message)) throw error;
      }
    }
  };
  page.evaluate = again as Page["evaluate"];
  return page;
}

/**
 * Runs in the page before its own scripts: puts a measurement where kernels.ts looks for one (the default store of idb-keyval).
 * The page opens the same database later, so it cannot look before this is written.
 */
function keepMeasurement(): void {
  try {
    const request = indexedDB.open("keyval-store");
    request.onupgradeneeded = () => request.result.createObjectStore("keyval");
    request.onsuccess = () => {
      const write = request.result.transaction("keyval", "readwrite");
      const missing = { seconds: null, note: "does not start in this browser" };
      write.objectStore("keyval").put(
        [{ backend: "wasm", seconds: 0.02, note: "" }, { backend: "webgl", ...missing }, { backend: "webgpu", ...missing }, { backend: "cpu", seconds: null, note: "plain JavaScript: slow, works everywhere" }],
        `calibration ${navigator.userAgent} ${navigator.hardwareConcurrency} ${self.crossOriginIsolated}`,
      );
      write.oncomplete = () => request.result.close();
    };
  } catch {
    // a frame of an opaque origin, or a blank page: nothing is kept there
  }
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Whether pages of this browser get a WebGPU device. Null: yes; else why not. */
export async function missingWebGPU(browser: Browser): Promise<string | null> {
  const page = await browser.newPage();
  try {
    // navigator.gpu exists in secure contexts only: localhost is one, about:blank is not. Nothing is served; the route answers.
    await page.route("http://localhost/", (route) => route.fulfill({ contentType: "text/html", body: "" }));
    await page.goto("http://localhost/");
    return await page.evaluate(async () => {
      const { gpu } = navigator as unknown as { gpu?: { requestAdapter(): Promise<{ requestDevice(): Promise<unknown> } | null> } };
      if (!gpu) return "this browser has no navigator.gpu";
      const adapter = await gpu.requestAdapter();
      if (!adapter) return "this browser offers no WebGPU adapter";
      return adapter.requestDevice().then(() => null, (error: Error) => `the WebGPU adapter gives no device: ${error.message}`);
    });
  } finally {
    await page.close();
  }
}

/** Whether pages of this browser get a WebGPU device. */
export async function hasWebGPU(browser: Browser): Promise<boolean> {
  return (await missingWebGPU(browser)) === null;
}
