/** The built workbench as a person has it before them, and what lies behind it, to be compared with what is shown. */
import { settled } from "./own-notebook";
import type { BrowserContext, Locator, Page, Worker } from "playwright-core";
import { expect } from "vitest";
import type { NotebookElement } from "../../../src/cells/notebook";
import type { ImageValue } from "../../../src/cells/image";
import type { RunValue } from "../../../src/cells/run";
import type { RunView } from "../../../src/cells/run-view";
import type { TransferSettings } from "../../../src/nst/settings";
import { openPage } from "./page";

/** Bytes of a canvas, or of a decoded file: RGBA. */
export interface Bytes {
  width: number;
  height: number;
  rgba: Buffer;
}

export class Workbench {
  constructor(
    readonly page: Page,
    /** uncaught errors and console errors since the page was opened */
    readonly errors: string[],
  ) {}

  /**
   * Opens the app and waits until every cell of the first notebook has its value.
   * @param kept true: with what was done in this context before, as after a reload; false: as on a first visit
   */
  static async open(context: BrowserContext, url: string, { timeout = 30_000, kept = false } = {}): Promise<Workbench> {
    if (!kept) await forget(context, url);
    const { page, errors } = await openPage(context, url);
    page.setDefaultTimeout(15_000);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.setViewportSize({ width: 1280, height: 900 });
    const workbench = new Workbench(page, errors);
    await page.waitForFunction(() => document.querySelector("nst-app")?.kernels?.status.state === "ready", null, { timeout });
    await workbench.settled();
    return workbench;
  }

  cell(name: string): Locator {
    return this.page.locator(`[as="${name}"]`);
  }

  /** A text field of a settings cell. */
  field(label: string, settings = "settings"): Locator {
    return this.cell(settings).getByRole("textbox", { name: label, exact: true });
  }

  /** Makes runs small and short: longer side in pixels, and steps. */
  async size(pixels: number, steps: number): Promise<void> {
    await this.field("longer side in pixels, as a number").fill(String(pixels));
    for (const settings of ["settings", "settings2"]) await this.field("steps", settings).fill(String(steps));
    await this.settled();
  }

  /** Resolves when every cell has a value or an error. */
  async settled(): Promise<void> {
    await settled(this.page);
  }

  /** The graph's value of a name, as plain data; pictures' numbers do not travel as such: see `picture`. */
  async settings(name = "settings"): Promise<TransferSettings> {
    return (await this.page.evaluate((name) => document.querySelector("nst-notebook")!.graph.value(name), name)) as TransferSettings;
  }

  /** The picture that a cell gives, as the bytes a screen would show: rounded to nearest. */
  async picture(name: string): Promise<Bytes & { step: number | null }> {
    const { width, height, step, base64 } = await this.page.evaluate(async (name) => {
      const notebook = document.querySelector<NotebookElement>("nst-notebook")!;
      const value = (await notebook.graph.value(name)) as ImageValue | RunValue;
      const { width, height, data } = value.picture!;
      const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
      for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) rgba[4 * i + c] = data[3 * i + c] * 255;
      let binary = "";
      for (let i = 0; i < rgba.length; i += 8192) binary += String.fromCharCode(...rgba.subarray(i, i + 8192));
      return { width, height, step: "step" in value ? value.step : null, base64: btoa(binary) };
    }, name);
    return { width, height, step, rgba: Buffer.from(base64, "base64") };
  }

  /** The two workers of the page: engine and lab. Those that measure a new machine have gone by then; wasm's threads are not among them. */
  async workers(): Promise<Worker[]> {
    await this.page.waitForFunction(() => document.querySelector("nst-app")!.kernels!.status.available.length > 0, null, { timeout: 60_000 });
    const own = () => this.page.workers().filter((worker) => !worker.url().startsWith("blob:"));
    await expect.poll(() => own().length, { timeout: 10_000 }).toBe(2);
    return own();
  }

  run(name = "G"): RunCell {
    return new RunCell(this, name);
  }
}

/** Deletes what the app keeps of notebooks. What was measured of this machine stays, so that it is measured once. */
async function forget(context: BrowserContext, url: string): Promise<void> {
  const page = await context.newPage();
  try {
    // of the app's origin, and without the app
    await page.goto(new URL("models/index.json", url).href);
    await page.evaluate(async () => {
      for (const key of Object.keys(localStorage)) if (key.startsWith("nst-workbench/")) localStorage.removeItem(key);
      for (const name of ["nst-workbench", "nst-workbench-last"]) {
        await new Promise<void>((resolve, reject) => {
          const request = indexedDB.deleteDatabase(name);
          request.onsuccess = () => resolve();
          request.onerror = () => reject(request.error);
        });
      }
    });
  } finally {
    await page.close();
  }
}

/** What a run cell holds and shows at one moment. */
export interface RunSeen {
  state: RunView["state"];
  step: number;
  steps: number;
  stepsPerSecond: number;
  secondsLeft: number | null;
  notice: string | null;
  stale: readonly string[];
  problems: readonly string[];
  /** every cost of every step, by column */
  costs: Record<string, number[]>;
}

export class RunCell {
  readonly cell: Locator;

  constructor(
    private readonly workbench: Workbench,
    private readonly name: string,
  ) {
    this.cell = workbench.cell(name);
  }

  button(name: string): Locator {
    return this.cell.getByRole("button", { name, exact: true });
  }

  /** Start, or Start again. */
  get startButton(): Locator {
    return this.button("Start").or(this.button("Start again"));
  }

  /** Presses Start, or Start again, and waits until that has begun: the run before may have ended in the same state. */
  async start(): Promise<void> {
    const before = await this.cell.evaluateHandle((cell) => cell.shadowRoot!.querySelector("nst-run-view")!.history);
    await this.startButton.click();
    await this.workbench.page.waitForFunction(([name, before]) => document.querySelector(`[as="${name}"]`)!.shadowRoot!.querySelector("nst-run-view")!.history !== before, [this.name, before] as const, { polling: 20 });
  }

  /** The line beside the buttons. */
  async status(): Promise<string> {
    return (await this.cell.locator("p.status").innerText()).replace(/\s+/g, " ");
  }

  seen(): Promise<RunSeen> {
    return this.cell.evaluate((cell) => {
      const view = cell.shadowRoot!.querySelector("nst-run-view")!;
      const { state, step, steps, stepsPerSecond, secondsLeft, notice, stale, problems, history } = view;
      return { state, step, steps, stepsPerSecond, secondsLeft, notice, stale, problems, costs: Object.fromEntries(history.columns.map((name) => [name, [...history.column(name)]])) };
    });
  }

  /** Waits until the run is in one of these states. */
  async until(...states: RunView["state"][]): Promise<RunSeen> {
    await this.workbench.page.waitForFunction(
      ([name, states]) => states.includes(document.querySelector(`[as="${name}"]`)!.shadowRoot!.querySelector("nst-run-view")!.state),
      [this.name, states] as const,
      { polling: 20, timeout: 60_000 },
    );
    return this.seen();
  }

  /** Waits until a run that is going has done so many steps. @throws Error if it ends before */
  async untilStep(step: number): Promise<RunSeen> {
    await this.workbench.page.waitForFunction(
      ([name, step]) => {
        const view = document.querySelector(`[as="${name}"]`)!.shadowRoot!.querySelector("nst-run-view")!;
        if (view.step < step && (view.state === "finished" || view.state === "stopped")) throw new Error(`The run ended at step ${view.step}: ${view.notice}`);
        return view.step >= step && view.state === "running";
      },
      [this.name, step] as const,
      { polling: 20, timeout: 60_000 },
    );
    return this.seen();
  }

  /** What the large frame shows. */
  canvas(): Promise<Bytes> {
    return canvasBytes(this.cell.locator("canvas.result"));
  }
}

/** All pixels of a canvas. */
export async function canvasBytes(canvas: Locator): Promise<Bytes> {
  const { width, height, base64 } = await canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const { data } = (element as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
    let binary = "";
    for (let i = 0; i < data.length; i += 8192) binary += String.fromCharCode(...data.subarray(i, i + 8192));
    return { width, height, base64: btoa(binary) };
  });
  return { width, height, rgba: Buffer.from(base64, "base64") };
}
