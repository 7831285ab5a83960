import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { SettingsCell } from "../../src/cells/settings";
import type { TransferSettings } from "../../src/nst/settings";
import { slim } from "../support/fixtures";
import { launch } from "./support/chrome";
import { type RunCell, Workbench } from "./support/workbench";

const { defaults } = slim().card;

let browser: Browser;
let context: BrowserContext;
let workbench: Workbench;
let page: Page;
let run: RunCell;

beforeAll(async () => {
  browser = await launch({ gpu: false });
  // one context, so that the machine is measured once
  context = await browser.newContext({ serviceWorkers: "block" });
});
afterEach(() => expect(workbench.errors).toEqual([]));
afterAll(() => browser?.close());

async function open(within = context): Promise<void> {
  workbench = await Workbench.open(within, inject("app"));
  page = workbench.page;
  run = workbench.run();
}

const focused = () => run.cell.evaluate((cell) => cell.shadowRoot!.querySelector("nst-run-view")!.shadowRoot!.activeElement?.textContent ?? null);
/** What a number was multiplied by from each step to the next. */
const ratios = (values: number[]) => values.slice(1).map((value, i) => value / values[i]);

describe("the first notebook", () => {
  beforeEach(() => open());
  afterEach(() => page.close());

  it("runs at 128 pixels for 60 steps: every cost is kept and shown, the picture turns, and the download is the last picture", async () => {
    await workbench.size(128, 60);
    expect(await workbench.cell("content").locator("header").innerText()).toMatch(/128 × 128 × 3/);
    expect(await run.status()).toBe("Ready");
    await run.start();

    await run.untilStep(20);
    await expect.poll(() => run.status(), { interval: 20 }).toMatch(/^Running step \d+ of 60 · [\d.]+ steps\/s · \d+ s left$/);
    expect(Number(await run.cell.getByRole("progressbar").getAttribute("aria-valuenow"))).toBeGreaterThanOrEqual(20);

    const { costs, step, stepsPerSecond } = await run.until("finished");
    expect(step).toBe(60);
    expect(stepsPerSecond).toBeGreaterThan(0);
    const layers = Object.keys(defaults.styleLayers);
    expect(Object.keys(costs)).toEqual(["total", "content", "style", "tv", ...layers]);
    for (const [name, values] of Object.entries(costs)) expect([name, values.length, values.every(Number.isFinite)]).toEqual([name, 61, true]);
    expect(costs["content"][0]).toBe(0);
    expect(costs["content"][60]).toBeGreaterThan(0);
    expect(costs["style"][60]).toBeLessThan(0.2 * costs["style"][0]);
    expect(costs["total"][60]).toBeLessThan(0.3 * costs["total"][0]);
    for (const layer of layers) expect([layer, costs[layer][60] < costs[layer][0]]).toEqual([layer, true]);

    // what is drawn: a point a step, where the axis says; the readout at a step; the bars
    const curves = run.cell.locator("nst-curves");
    await expect.poll(() => curves.locator(".drawing").getAttribute("aria-label")).toMatch(/^Costs over 60 steps/);
    await expect.poll(() => drawnSteps(curves)).toEqual({ total: 61, style: 61, content: 60, tv: 61 });
    await curves.getByRole("slider").focus();
    await page.keyboard.press("Home");
    for (let i = 0; i < 17; i++) await page.keyboard.press("ArrowRight");
    const readout = (await curves.locator(".readout").innerText()).replace(/\s+/g, " ");
    const [, shownStep, ...shown] = /^step (\d+) total (\S+) content (\S+) style (\S+) tv (\S+)$/.exec(readout)!;
    expect(shownStep).toBe("17");
    ["total", "content", "style", "tv"].forEach((name, i) => expect(Math.abs(Number(shown[i]) / costs[name][17] - 1), `${name}: ${readout}`).toBeLessThan(0.006));
    await page.keyboard.press("Escape");
    const bars = run.cell.locator("nst-cost-bars li");
    await expect.poll(async () => (await bars.locator(".long").allTextContents()).join(" ")).toBe(["content", ...layers, "tv"].join(" "));
    const wrong = async () => {
      const read = await bars.locator("> .number").allTextContents();
      return ["content", ...layers, "tv"].filter((name, i) => !(Math.abs(Number(read[i].replace("−", "-")) / costs[name][60] - 1) < 0.006));
    };
    await expect.poll(wrong).toEqual([]);

    // header, status line, caption and canvas say the same
    expect(await run.cell.locator("header .note").innerText()).toBe("step 60 of 60");
    expect(await run.status()).toBe("Finished step 60 of 60");
    expect(await run.cell.locator("figcaption").innerText()).toMatch(/picture\s+after 60 steps/);
    const last = await workbench.picture("G");
    expect([last.width, last.height, last.step]).toEqual([128, 128, 60]);
    const canvas = await run.canvas();
    expect([canvas.width, canvas.height]).toEqual([128, 128]);
    expect(canvas.rgba.equals(last.rgba)).toBe(true);
    const content = await workbench.picture("content");
    expect(canvas.rgba.equals(content.rgba)).toBe(false);

    const [download] = await Promise.all([page.waitForEvent("download"), run.button("Download PNG").click()]);
    expect(download.suggestedFilename()).toBe("neuschwanstein--great-wave--step-60.png");
    const png = await readFile(await download.path());
    expect([png.toString("latin1", 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(["PNG", 128, 128]);
    expect((await decoded(png)).equals(last.rgba)).toBe(true);

    // and the status bar says what both workers hold; the network's tensors stay in the engine
    const bar = page.locator("nst-status-bar");
    expect(await bar.locator(".network").innerText()).toBe("VGG-19 slim (trained by this project)");
    const holds = async () => {
      const { engine, lab } = await page.evaluate(() => document.querySelector("nst-app")!.kernels!.status);
      const text = await bar.evaluate((element) => element.shadowRoot!.textContent);
      return engine!.tensors > 30 && text!.includes(`${engine!.tensors + lab!.tensors} tensors · `);
    };
    await expect.poll(holds, { timeout: 10_000 }).toBe(true);
  });

  it("gives the same two pictures when both runs go at once as when each goes alone, bit for bit", async () => {
    await workbench.size(96, 15);
    const [one, two] = [run, workbench.run("G2")];
    const alone = [];
    for (const cell of [one, two]) {
      await cell.start();
      await cell.until("finished");
      alone.push(await cell.canvas());
    }
    expect(alone[0].rgba.equals(alone[1].rgba)).toBe(false);

    await page.evaluate(() => {
      const views = ["G", "G2"].map((name) => document.querySelector(`[as="${name}"]`)!.shadowRoot!.querySelector("nst-run-view")!);
      const seen = Object.assign(window, { together: 0 });
      setInterval(() => (seen.together += Number(views.every(({ state, step }) => state === "running" && step > 0))), 10);
    });
    await one.start();
    await two.start();
    await one.until("finished");
    await two.until("finished");
    expect(await page.evaluate(() => (window as unknown as { together: number }).together)).toBeGreaterThan(5);
    expect((await one.canvas()).rgba.equals(alone[0].rgba)).toBe(true);
    expect((await two.canvas()).rgba.equals(alone[1].rgba)).toBe(true);
  });
});

describe("a run in the first notebook", () => {
  beforeAll(() => open());
  afterEach(async () => {
    if (await run.button("Stop").isVisible()) await run.button("Stop").click();
    await run.until("stopped", "finished");
    await workbench.cell("settings").getByRole("button", { name: "Reset to defaults" }).click();
  });
  afterAll(() => page.close());

  it("is paused, resumed, stopped and started again by mouse", async () => {
    await workbench.size(64, 2000);
    await run.start();
    await run.untilStep(5);
    await run.button("Pause").click();
    const { step } = await run.until("paused");
    expect((await run.status()).replace(/[\s,.]/g, "")).toBe(`Pausedstep${step}of2000`);
    // nothing moves: two reports of the engine later it is where it was
    await page.evaluate(async () => {
      for (let i = 0; i < 2; i++) await document.querySelector("nst-app")!.kernels!.engine.call("status", {});
    });
    expect((await run.seen()).step).toBe(step);
    await run.button("Resume").click();
    await run.untilStep(step + 5);
    await run.button("Stop").click();
    const stopped = await run.until("stopped");
    expect(stopped.step).toBeGreaterThanOrEqual(step + 5);
    expect(stopped.costs["total"].length).toBeGreaterThanOrEqual(stopped.step);
    expect((await workbench.picture("G")).step).toBe(stopped.step);
    await run.start();
    const again = await run.untilStep(3);
    expect(again.costs["total"].slice(0, 3)).toEqual(stopped.costs["total"].slice(0, 3));
  });

  it("is paused, resumed, stopped and started again by keyboard, and the focus stays with the buttons", async () => {
    await workbench.size(64, 2000);
    await run.startButton.focus();
    await page.keyboard.press("Enter");
    await run.untilStep(3);
    await expect.poll(focused).toBe("Pause");
    await page.keyboard.press("Space");
    const { step } = await run.until("paused");
    await expect.poll(focused).toBe("Resume");
    await page.keyboard.press("Enter");
    await run.untilStep(step + 2);
    await expect.poll(focused).toBe("Pause");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Stop");
    await page.keyboard.press("Enter");
    await run.until("stopped");
    await expect.poll(focused).toBe("Go on");
    await page.keyboard.press("Enter");
    await run.untilStep(2);
  });

  it("does not press a button for the person: when it ends by itself, Enter does not start it again", async () => {
    await workbench.size(64, 40);
    await run.startButton.focus();
    await page.keyboard.press("Enter");
    await run.untilStep(1);
    await run.until("finished");
    await page.keyboard.press("Enter");
    await workbench.settled();
    expect((await run.seen()).state).toBe("finished");
    // and the keyboard is still where it was, beside the buttons
    await page.keyboard.press("Shift+Tab");
    expect(await focused()).toBe("Download PNG");
  });

  it("acts on β, on the weight of a style layer and on α·M from the next step on, without starting anew", async () => {
    await workbench.size(64, 5000);
    await run.start();
    const before = await run.untilStep(5);

    await workbench.field("beta, as a number").fill("100");
    await expect.poll(async () => Math.max(...ratios((await run.seen()).costs["style"])), { timeout: 10_000 }).toBeGreaterThan(50);
    let { costs, step } = await run.seen();
    const jump = ratios(costs["style"]).findIndex((ratio) => ratio > 50) + 1;
    expect(jump).toBeGreaterThanOrEqual(5);
    expect(ratios(costs["tv"])[jump - 1]).toBeGreaterThan(0.5);
    expect(ratios(costs["tv"])[jump - 1]).toBeLessThan(2);

    await run.untilStep(step + 3);
    await workbench.field("weight of block1_conv1, as a number").fill("20");
    await expect.poll(async () => Math.max(...ratios((await run.seen()).costs["block1_conv1"]).slice(jump + 1)), { timeout: 10_000 }).toBeGreaterThan(30);
    ({ costs, step } = await run.seen());
    const second = ratios(costs["block1_conv1"]).findIndex((ratio, i) => i > jump && ratio > 30);
    expect(ratios(costs["block3_conv1"])[second]).toBeLessThan(3);

    await run.untilStep(step + 3);
    await workbench.field("alpha times M, as a number").fill("1");
    await expect.poll(async () => Math.max(...ratios((await run.seen()).costs["content"]).slice(second + 1)), { timeout: 10_000 }).toBeGreaterThan(3000);

    await run.button("Stop").click();
    const after = await run.until("stopped");
    expect(after.stale).toEqual([]);
    // one and the same run: it goes on where it was, with no step missing
    const known = before.costs["total"];
    expect(after.costs["total"].slice(0, known.length)).toEqual(known);
    for (const [name, values] of Object.entries(after.costs)) expect([name, values.every(Number.isFinite)]).toEqual([name, true]);
  });

  it("goes on when pooling, size or picture are changed, says what was changed, and takes it back with the change", async () => {
    await workbench.size(64, 5000);
    await run.start();
    await run.untilStep(3);
    const changed = run.cell.getByText("Changed since the start:");
    const settings = workbench.cell("settings");

    await settings.getByRole("button", { name: "maximum", exact: true }).click();
    await expect.poll(() => changed.textContent()).toBe("Changed since the start: pooling. Start again to use it.");
    await settings.getByRole("button", { name: "average", exact: true }).click();
    await expect.poll(() => changed.count()).toBe(0);

    await workbench.field("longer side in pixels, as a number").fill("80");
    await expect.poll(() => changed.textContent()).toBe("Changed since the start: size. Start again to use it.");
    await workbench.field("longer side in pixels, as a number").fill("64");
    await expect.poll(() => changed.count()).toBe(0);

    await workbench.cell("style").getByRole("button", { name: /^Poppies/ }).click();
    await expect.poll(() => changed.textContent()).toBe("Changed since the start: style picture. Start again to use it.");
    await settings.getByRole("button", { name: "noise", exact: true }).click();
    await expect.poll(() => changed.textContent()).toBe("Changed since the start: style picture, initialisation. Start again to use them.");

    const { step, state } = await run.seen();
    expect(state).toBe("running");
    await run.untilStep(step + 3);
    await run.start();
    await expect.poll(() => changed.count()).toBe(0);
    const { costs } = await run.untilStep(2);
    expect(costs["content"][0]).toBeGreaterThan(0); // from noise
  });

  it("takes a size that is chosen and started with at once", async () => {
    await workbench.size(64, 2);
    // both in one task: the pictures of the new size cannot be there yet
    await page.evaluate(() => {
      document.querySelector<SettingsCell>('[as="settings"]')!.setParam("size", 112);
      const { shadowRoot } = document.querySelector('[as="G"]')!.shadowRoot!.querySelector("nst-run-view")!;
      [...shadowRoot!.querySelectorAll("button")].find((button) => button.textContent!.startsWith("Start"))!.click();
    });
    await expect.poll(async () => (await run.canvas()).width).toBe(112);
    await run.until("finished");
    expect((await run.seen()).stale).toEqual([]);
  });
});

describe("the settings of the first notebook", () => {
  beforeEach(() => open());
  afterEach(() => page.close());

  const standard: TransferSettings = { ...defaults, tap: "after", seed: 0, initialisation: { kind: defaults.initialisation as "content" } };

  it("show the numbers of model.json, and give them back after everything was changed", async () => {
    const settings = workbench.cell("settings");
    const shown = async () => ({
      contentLayer: await settings.getByLabel("content layer").inputValue(),
      alphaTimesM: Number(await workbench.field("alpha times M, as a number").inputValue()),
      beta: Number(await workbench.field("beta, as a number").inputValue()),
      totalVariation: Number(await workbench.field("weight of total variation, as a number").inputValue()),
      size: Number(await workbench.field("longer side in pixels, as a number").inputValue()),
      steps: Number(await workbench.field("steps").inputValue()),
      learningRate: Number(await workbench.field("learning rate (Adam)").inputValue()),
      pressed: await settings.locator("[aria-pressed=true]").allTextContents(),
      styleLayers: Object.fromEntries(
        await settings.locator(".layer.on").evaluateAll((rows) => rows.map((row) => [row.querySelector(".name")!.textContent!, Number(row.querySelector("nst-number-field")!.shadowRoot!.querySelector("input")!.value)])),
      ),
    });
    const recommended = {
      contentLayer: defaults.contentLayer, alphaTimesM: defaults.alphaTimesM, beta: defaults.beta, totalVariation: defaults.totalVariation, size: defaults.size,
      steps: defaults.steps, learningRate: defaults.optimiser.learningRate, pressed: [defaults.initialisation, defaults.pooling, "after ReLU", "Adam"], styleLayers: defaults.styleLayers,
    };
    expect(await shown()).toEqual(recommended);
    expect(await workbench.settings()).toEqual(standard);
    expect(await settings.locator("header .note").innerText()).toBe("all as the network recommends");

    await settings.getByLabel("content layer").selectOption("block3_conv2");
    await settings.getByRole("slider", { name: "alpha times M" }).press("ArrowRight");
    await settings.getByRole("slider", { name: "beta", exact: true }).press("PageUp");
    await workbench.field("weight of total variation, as a number").fill("0");
    await workbench.field("longer side in pixels, as a number").fill("96");
    await workbench.field("steps").fill("7");
    await workbench.field("learning rate (Adam)").fill("0.05");
    await settings.getByRole("button", { name: "maximum", exact: true }).click();
    await settings.getByRole("button", { name: "before ReLU" }).click();
    await settings.getByRole("button", { name: "blend", exact: true }).click();
    await workbench.field("share of noise, as a number").fill("0.25");
    await workbench.field("seed of the noise").fill("9");
    await settings.getByRole("checkbox", { name: "block5_conv1" }).uncheck();
    await workbench.settled();
    const changed = await workbench.settings();
    expect(changed).toMatchObject({ contentLayer: "block3_conv2", totalVariation: 0, size: 96, steps: 7, pooling: "maximum", tap: "before", initialisation: { kind: "blend", noise: 0.25 }, seed: 9 });
    expect(changed.optimiser.learningRate).toBe(0.05);
    expect(changed.alphaTimesM).toBeGreaterThan(defaults.alphaTimesM);
    expect(changed.beta).toBeGreaterThan(defaults.beta);
    expect(Object.keys(changed.styleLayers)).not.toContain("block5_conv1");
    expect(await settings.locator("header .note").innerText()).toBe("13 changed");

    await settings.getByRole("button", { name: "Reset to defaults" }).click();
    await workbench.settled();
    expect(await workbench.settings()).toEqual(standard);
    expect(await shown()).toEqual(recommended);
    expect(await settings.getByRole("button", { name: "Reset to defaults" }).isDisabled()).toBe(true);
  });
});

describe("the engine under a run", () => {
  it("is moved to another backend in mid-run: the run goes on from its last checkpoint, says so, and its curve has no gap", async () => {
    const own = await browser.newContext({ serviceWorkers: "block" }); // of its own: the choice is remembered
    try {
      await open(own);
      await workbench.size(48, 3000);
      await run.start();
      // a checkpoint is there once the cell has given a picture of a step
      await expect.poll(async () => (await workbench.picture("G").catch(() => null))?.step ?? 0, { timeout: 20_000 }).toBeGreaterThan(0);
      const before = await run.seen();
      await page.getByLabel("computes on").selectOption("cpu");
      await expect.poll(async () => (await run.seen()).notice, { timeout: 60_000 }).toMatch(/goes on from step \d+\. Now on cpu\.$/);
      const from = Number(/from step (\d+)/.exec((await run.seen()).notice!)![1]);
      expect(from).toBeGreaterThan(0);
      expect(from).toBeGreaterThanOrEqual(before.step - 2.5 * before.stepsPerSecond);
      await run.untilStep(from + 2);
      expect(await page.getByLabel("computes on").inputValue()).toBe("cpu");
      await run.button("Stop").click();
      const { costs, step } = await run.until("stopped");
      expect(step).toBeGreaterThanOrEqual(from + 2);
      for (const [name, values] of Object.entries(costs)) expect([name, values.findIndex((value) => !Number.isFinite(value))]).toEqual([name, -1]);
      expect(costs["total"].slice(0, Math.min(from, 5))).toEqual(before.costs["total"].slice(0, Math.min(from, 5)));
    } finally {
      await page.close();
      await own.close();
    }
  });
});

describe("a run whose engine is on its way to another backend", () => {
  it("hears Stop all the same, and keeps its last picture", async () => {
    const own = await browser.newContext({ serviceWorkers: "block" });
    try {
      await open(own);
      await workbench.size(48, 3000);
      await run.start();
      await expect.poll(async () => (await workbench.picture("G").catch(() => null))?.step ?? 0, { timeout: 20_000 }).toBeGreaterThan(0);
      await page.evaluate(() => {
        void document.querySelector("nst-app")!.kernels!.switchBackend("cpu");
        const { shadowRoot } = document.querySelector('[as="G"]')!.shadowRoot!.querySelector("nst-run-view")!;
        [...shadowRoot!.querySelectorAll("button")].find((button) => button.textContent === "Stop")!.click();
      });
      const { step } = await run.until("stopped");
      expect(step).toBeGreaterThan(0);
      expect((await run.canvas()).rgba.equals((await workbench.picture("G")).rgba)).toBe(true);
    } finally {
      await page.close();
      await own.close();
    }
  });
});

describe("what leaves the computer", () => {
  it("is nothing: every request while loading and running is a plain GET to where the page came from, or stays in the browser", async () => {
    const own = await browser.newContext({ serviceWorkers: "block" }); // so that every request is the page's own, and seen
    const requests: { url: string; method: string }[] = [];
    own.on("request", (request) => requests.push({ url: request.url(), method: request.method() }));
    try {
      await open(own);
      await workbench.size(64, 5);
      await run.start();
      await run.until("finished");
    } finally {
      await page.close();
      await own.close();
    }
    const { origin } = new URL(inject("app"));
    expect(requests.filter(({ url, method }) => !/^(data|blob):/.test(url) && !(new URL(url).origin === origin && method === "GET" && !url.includes("?")))).toEqual([]);
    expect(requests.some(({ url }) => url.endsWith("weights.safetensors"))).toBe(true);
  });

  it("and what has once come need not come again: with the server gone, an open page runs, draws its curves and opens a file", async () => {
    const server = await standIn(inject("app"));
    const own = await browser.newContext();
    try {
      workbench = await Workbench.open(own, server.url);
      page = workbench.page;
      run = workbench.run();
      await workbench.size(64, 5);
      await page.evaluate(() => Promise.race([navigator.serviceWorker.ready, new Promise((_, reject) => setTimeout(() => reject(new Error("no service worker")), 20_000))]));
      await server.close();
      await expect(fetch(server.url)).rejects.toThrow();
      await workbench.cell("style").locator("input[type=file]").setInputFiles("test/pictures/plain.png");
      await expect.poll(() => workbench.cell("style").locator(".title").innerText()).toBe("plain.png");
      await run.start();
      const { step, notice } = await run.until("finished", "stopped");
      expect({ step, notice }).toEqual({ step: 5, notice: null });
      await run.cell.locator("nst-curves .end").first().waitFor();
    } finally {
      await page.close();
      await own.close();
      await server.close();
    }
  });
});

/** Hands every request on to the server at `to`, until it is closed: then nobody answers. */
async function standIn(to: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const answer = await fetch(new URL(request.url!, to));
    response.writeHead(answer.status, Object.fromEntries([...answer.headers].filter(([name]) => !/^(content-encoding|content-length|transfer-encoding|connection|keep-alive)$/.test(name))));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** How many steps each drawn curve has. */
async function drawnSteps(curves: Locator): Promise<Record<string, number>> {
  const paths = await curves.locator(".drawing g[aria-label=line] path").evaluateAll((all) => all.map((path) => ({ stroke: path.closest("svg")!.style.getPropertyValue(/--[\w-]+/.exec(path.closest("[stroke]")!.getAttribute("stroke")!)![0]), d: path.getAttribute("d")! })));
  const names: Record<string, string> = { "var(--soft)": "tv", "var(--content)": "content", "var(--style)": "style", "var(--ink)": "total" };
  return Object.fromEntries(paths.map(({ stroke, d }) => [names[stroke], d.match(/[ML]/g)!.length]));
}

/** A PNG's pixels, decoded by the browser without any conversion of colours. */
async function decoded(png: Buffer): Promise<Buffer> {
  const base64 = await page.evaluate(async (base64) => {
    const blob = new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type: "image/png" });
    const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
    context.drawImage(bitmap, 0, 0);
    return btoa(Array.from(context.getImageData(0, 0, bitmap.width, bitmap.height).data, (byte) => String.fromCharCode(byte)).join(""));
  }, png.toString("base64"));
  return Buffer.from(base64, "base64");
}
