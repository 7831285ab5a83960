/** What the tests of the shipped chapters have in common: reading a chapter as a person does, and what is asked at its end. */
import type { Browser, Locator, Page } from "playwright-core";
import { expect, inject } from "vitest";
import type { KernelValue } from "../../../src/sandbox/client";
import { launch } from "./chrome";
import { eventually, networkTensors } from "./own-notebook";
import { Workbench } from "./workbench";

export class Chapter {
  private constructor(
    private readonly browser: Browser,
    readonly workbench: Workbench,
  ) {}

  /** Opens a chapter of the built app: the notebook's file name without ".md". */
  static async open(name: string): Promise<Chapter> {
    const browser = await launch({ gpu: false });
    const context = await browser.newContext({ serviceWorkers: "block" });
    const workbench = await Workbench.open(context, `${inject("app")}#/${name}`, { timeout: 90_000 });
    workbench.page.setDefaultTimeout(60_000);
    return new Chapter(browser, workbench);
  }

  get page(): Page {
    return this.workbench.page;
  }

  close(): Promise<void> {
    return this.browser.close();
  }

  /** Makes the pictures of these names smaller, so that the test is soon over. */
  async resize(size: number, names: readonly string[] = ["content", "style"]): Promise<void> {
    for (const name of names) await this.workbench.cell(name).evaluate((cell, size) => (cell as HTMLElementTagNameMap["nst-image"]).setParam("size", size), size);
  }

  /** The numbers of a value; of its arrays the first so many alone. */
  value<T>(name: string, first = 0): Promise<T> {
    return this.page.evaluate(
      async ([name, first]) => {
        const given = await document.querySelector("nst-notebook")!.graph.value(name);
        const plain = given !== null && typeof given === "object" && "read" in given ? await (given as KernelValue).read() : given;
        const short = (part: unknown) => (!ArrayBuffer.isView(part) ? part : first === 0 ? undefined : [...(part as Float32Array).subarray(0, first)]);
        return JSON.parse(JSON.stringify(plain, (_, part: unknown) => short(part))) as unknown;
      },
      [name, first] as const,
    ) as Promise<T>;
  }

  /** Brings a cell on the screen, which is when it computes, and waits for what it shows. */
  async show(name: string, part: string): Promise<Locator> {
    const cell = this.workbench.cell(name);
    await cell.scrollIntoViewIfNeeded();
    await cell.locator(part).first().waitFor();
    return cell;
  }

  /** Predicts the answer that is right, and runs. @returns the number that decided it */
  async answer(ask: RegExp, text: string): Promise<number> {
    const question = this.page.locator("nst-predict").filter({ has: this.page.getByRole("group", { name: ask }) });
    // by keys: a cell further up that is computed when it is seen pushes the page away from under a mouse
    await question.getByRole("radio", { name: text, exact: true }).press("Space");
    await question.getByRole("button", { name: "Run" }).press("Enter");
    const status = question.getByRole("status");
    await expect.poll(() => status.innerText(), { timeout: 60_000 }).toMatch(/^As you predicted: /);
    return Number(/predicted: (\S+)/.exec((await status.innerText()).replaceAll("−", "-"))![1]);
  }

  /** Expects that no cell shows an error, and that nothing is wider than a narrow screen. */
  async endsWell(): Promise<void> {
    const { page } = this;
    await this.workbench.settled();
    const errors = () => page.evaluate(() => [...document.querySelectorAll("nst-notebook *")].flatMap((cell) => [...(cell.shadowRoot?.querySelectorAll(".error") ?? [])].map((error) => `${cell.outerHTML.slice(0, 80)}: ${error.textContent}`)));
    expect(await errors()).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await eventually(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1280, height: 900 });
  }

  /** Goes to another notebook, and expects that the workers then keep the network alone. */
  async leavesNothing(): Promise<void> {
    const { page } = this;
    await page.evaluate(() => void (location.hash = "#/writing-cells"));
    await page.getByRole("heading", { level: 1, name: "Writing cells of your own" }).waitFor();
    const kept = () =>
      page.evaluate(async () => {
        const { engine, lab } = document.querySelector("nst-app")!.kernels!;
        return Promise.all([engine, lab].map(async (worker) => (await worker.call("status", {})).tensors));
      });
    await expect.poll(async () => (await kept()).filter((tensors) => tensors !== 0 && tensors !== networkTensors()), { timeout: 20_000 }).toEqual([]);
  }
}
