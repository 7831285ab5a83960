/** Code cells in the whole workbench: their code runs where it always does, in the sandbox. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { KernelValue } from "../../src/sandbox/kernel-value";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { openNotebook, settled, unexpected } from "./support/own-notebook";

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => void (browser = await launch({ gpu: false })));
afterEach(async () => {
  await page.close();
  // a browser without a GPU says so once for each kind of it
  expect(unexpected(errors)).toEqual([]);
});
afterAll(() => browser?.close());

const fence = (source: string, flags = "kernel edit") => `\`\`\`js ${flags}\n${source}\n\`\`\`\n`;

async function open(...cells: string[]): Promise<void> {
  ({ page, errors } = await openNotebook(browser, `# A test\n\n${cells.join("\n")}`, { height: 900 }));
  await settled(page);
}

const cell = (i: number): Locator => page.locator("nst-code").nth(i);
const run = (i: number) => cell(i).getByRole("button", { name: /^Run/ }).click();

/** The value of a name; what stays in the sandbox is read as plain data. */
const value = (name: string) =>
  page.evaluate(async (name) => {
    const value = await document.querySelector("nst-notebook")!.graph.value(name);
    return value !== null && typeof value === "object" && "read" in value ? (value as KernelValue).read() : value;
  }, name) as Promise<any>;

/** Largest difference of a name's tensor from the picture that a cell gives. */
const distance = (code: string, picture: string) =>
  page.evaluate(
    async ([code, picture]) => {
      const { graph } = document.querySelector("nst-notebook")!;
      const tensor = (await ((await graph.value(code)) as KernelValue).read()) as { shape: number[]; data: Float32Array };
      const { width, height, data } = ((await graph.value(picture)) as { picture: { width: number; height: number; data: Float32Array } }).picture;
      if (String(tensor.shape) !== String([height, width, 3])) throw new Error(`shapes differ: ${tensor.shape} and ${[height, width, 3]}`);
      return tensor.data.reduce((largest, v, i) => Math.max(largest, Math.abs(v - data[i])), 0);
    },
    [code, picture] as const,
  );

/** Puts the code of an element below all other cells, and runs it if it is run by hand. */
async function insertCode(selector: string): Promise<void> {
  await page.evaluate((selector) => {
    const { session } = document.querySelector("nst-notebook")!;
    const code = window.asCode(document.querySelector(selector)!);
    if (code === null) throw new Error(`there is no code for ${selector}`);
    session!.change(`${session!.text.trimEnd()}\n\n${code}\n`, "show as code");
  }, selector);
  await settled(page);
}

describe("code in a cell", () => {
  it("computes with tensors, is edited and run, and only what reads it is computed again", async () => {
    await open(fence("const F = tf.ones([4, 4]).mul(2)"), fence("const G = nst.gram(F.reshape([1, 2, 2, 4]))"), fence("const other = Math.random()"), fence("G.data.length * 100 + F.data[0]", "edit"));
    expect((await value("G")).data[0]).toBe(16);
    const other = await value("other");
    await cell(0).locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Backspace");
    await page.keyboard.type("3)");
    await page.keyboard.press("Control+Enter");
    await expect.poll(async () => (await value("G")).data[0]).toBe(36);
    await settled(page);
    expect(await value("other")).toBe(other);
    await expect.poll(() => cell(3).locator("output").innerText()).toMatch(/^1.?603$/);
    expect(await cell(1).locator("nst-heat, table").count()).toBe(1);
    expect(await cell(1).locator(".note").innerText()).toMatch(/ms · \d+ tensors?, /);
  });

  it("keeps its last good definition while what is typed cannot be read", async () => {
    await open(fence("const a = tf.scalar(3)"), fence("const b = a.square()"));
    await cell(0).locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" * (");
    await page.keyboard.press("Control+Enter");
    await cell(0).locator("nst-editor .problems li").waitFor();
    expect((await value("b")).data[0]).toBe(9);
  });

  it("streams a training loop, which stops within a step and keeps its last value", async () => {
    await open(
      fence("const start = tf.randomUniform([16, 16, 3], 0, 1, 'float32', 1)"),
      fence("function* smooth() {\n  let x = start.clone()\n  for (let step = 0; ; step++) {\n    const next = tf.tidy(() => x.sub(nst.totalVariationGradient(x, 10)).clipByValue(0, 1))\n    x.dispose()\n    x = next\n    yield x\n  }\n}"),
      fence("const brightness = smooth.mean()"),
    );
    await expect.poll(() => cell(1).locator(".note").innerText()).toMatch(/^step \d+ · \S+\/s · /);
    await cell(1).getByRole("button", { name: "Stop" }).click();
    await expect.poll(() => cell(1).locator(".state").innerText()).toBe("stopped");
    await settled(page);
    const note = await cell(1).locator(".note").innerText();
    const last = await value("smooth");
    expect(last.shape).toEqual([16, 16, 3]);
    const mean = last.data.reduce((sum: number, v: number) => sum + v, 0) / last.data.length;
    expect((await value("brightness")).data[0]).toBeCloseTo(mean, 4);
    await page.waitForTimeout(500);
    expect(await cell(1).locator(".note").innerText()).toBe(note);
    await cell(1).getByRole("button", { name: "Run again" }).click();
    await expect.poll(() => cell(1).locator(".state").innerText()).toBe("running");
  });

  it("says the line of what went wrong, and marks it", async () => {
    await open(fence("const a = tf.ones([2, 3])\n\nconst b = a.matMul(a)"));
    await expect.poll(() => cell(0).locator(".error").innerText()).toMatch(/^Line 3: .*inner shapes/);
    expect(await cell(0).locator(".cm-marked").innerText()).toBe("const b = a.matMul(a)");
  });

  it("of a js cell draws in the cell, and gives plain data to others", async () => {
    await open(fence("const sizes = [1, 2, 3]", "edit"), fence("const list = document.createElement('ul')\nfor (const size of sizes) list.append(Object.assign(document.createElement('li'), { textContent: `size ${size}` }))\nlist", "edit"), fence("const total = tf.sum(sizes)"));
    expect((await value("total")).data[0]).toBe(6);
    await expect.poll(() => cell(1).locator("iframe").evaluate((frame) => (frame as HTMLElement).offsetHeight)).toBeGreaterThan(40);
    await expect.poll(() => cell(1).locator("iframe").contentFrame().locator("li").allInnerTexts()).toEqual(["size 1", "size 2", "size 3"]);
  });
});

describe("an element shown as code", () => {
  const elements = [
    '<nst-image as="content" src="owl.jpg"></nst-image>\n',
    '<nst-image as="style" src="great-wave.jpg" aspect="original"></nst-image>\n',
    '<nst-network as="network" model="vgg19-slim"></nst-network>\n',
    '<nst-settings as="settings" network="network" size="64" steps="3" beta="2" initialisation="blend" noise="0.25" seed="3"></nst-settings>\n',
    '<nst-run as="G" of="content style" network="network" settings="settings"></nst-run>\n',
  ];

  it("computes the same pictures, settings and network", async () => {
    await open(...elements);
    await insertCode('[as="content"]');
    await insertCode('[as="style"]');
    await insertCode('[as="settings"]');
    await insertCode('[as="network"]');
    expect(await distance("content2", "content")).toBe(0);
    expect(await distance("style2", "style")).toBe(0);
    expect(await value("settings2")).toEqual(await value("settings"));
    const network = await page.evaluate(async () => {
      const { graph } = document.querySelector("nst-notebook")!;
      const { shown } = (await graph.value("network2")) as KernelValue;
      const card = shown.kind === "object" ? shown.entries.find(({ name }) => name === "card")!.shown : null;
      return { code: card?.kind === "data" ? card.value : card, element: ((await graph.value("network")) as { card: unknown }).card };
    });
    expect(network.code).toEqual(network.element);
  });

  it("of a run computes the same picture, step by step", async () => {
    await open(...elements);
    await page.locator('[as="G"]').getByRole("button", { name: "Start" }).click();
    await page.waitForFunction(() => document.querySelector('[as="G"]')!.shadowRoot!.querySelector("nst-run-view")!.state === "finished", null, { timeout: 60_000 });
    await insertCode('[as="G"]');
    expect(await page.locator("nst-code .state").innerText()).toBe("not run yet");
    await run(0);
    await expect.poll(() => page.locator("nst-code .note").innerText(), { timeout: 60_000 }).toMatch(/^step 3/);
    await settled(page);
    expect(await distance("G2", "G")).toBeLessThanOrEqual(1e-4);
  });
});
