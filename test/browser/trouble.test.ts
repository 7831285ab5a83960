import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, Locator, Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { slim } from "../support/fixtures";
import { launch } from "./support/chrome";
import { type RunCell, Workbench } from "./support/workbench";

let browser: Browser;
let context: BrowserContext;
let workbench: Workbench;
let page: Page;
let run: RunCell;
let settings: Locator;

beforeAll(async () => {
  browser = await launch({ gpu: false });
  // a service worker's requests would go past the routes
  context = await browser.newContext({ serviceWorkers: "block" });
});
afterAll(() => browser?.close());

async function open(): Promise<void> {
  workbench = await Workbench.open(context, inject("app"));
  page = workbench.page;
  run = workbench.run();
  settings = workbench.cell("settings");
}

async function openSmall(steps = 2): Promise<void> {
  await open();
  await workbench.size(64, steps);
}

async function runs(steps: number): Promise<Record<string, number[]>> {
  await run.start();
  const { step, costs } = await run.until("finished", "stopped");
  expect(step).toBe(steps);
  for (const [name, values] of Object.entries(costs)) expect([name, values.length, values.every(Number.isFinite)]).toEqual([name, steps + 1, true]);
  return costs;
}

const alpha = () => workbench.field("alpha times M, as a number");
const beta = () => workbench.field("beta, as a number");
const says = (where: Locator, text: string | RegExp) => where.getByText(text).first().waitFor();

describe("settings at the edge", () => {
  beforeAll(() => openSmall());
  afterAll(() => page.close());
  afterEach(async () => {
    await settings.getByRole("button", { name: "Reset to defaults" }).click();
    await workbench.size(64, 2);
    expect(workbench.errors).toEqual([]);
  });

  it("α = 0 is explained, and makes a texture", async () => {
    await alpha().fill("0");
    await says(settings, /^α is 0: the content picture does not count/);
    const costs = await runs(2);
    expect(costs["content"]).toEqual([0, 0, 0]);
    expect(costs["style"][2]).toBeLessThan(costs["style"][0]);
  });

  it("β = 0 is explained, and leaves the picture as its content is, but for the total variation", async () => {
    await beta().fill("0");
    await says(settings, /^β is 0: only the content cost remains/);
    const costs = await runs(2);
    expect(costs["style"]).toEqual([0, 0, 0]);
  });

  it("both 0 is refused and explained in both places, and a run that is going stays on its way", async () => {
    await workbench.field("steps").fill("5000");
    await run.start();
    const { step } = await run.untilStep(2);
    await alpha().fill("0");
    await beta().fill("0");
    await says(settings, /α and β are both 0: there is nothing to minimise/);
    await says(run.cell, /α and β are both 0: there is nothing to minimise/);
    expect(await run.button("Start again").isDisabled()).toBe(true);
    await run.untilStep(step + 5);
    await run.button("Stop").click();
    await run.until("stopped");
    await beta().fill("1");
    await expect.poll(() => run.button("Start again").isEnabled()).toBe(true);
    expect(await run.cell.getByRole("alert").count()).toBe(0);
  });

  it("an absurd β is warned of, ends the run with the last good picture and a message, and the next run works", async () => {
    await beta().fill("1e38");
    await says(settings, /^β = 1e38: the cost or the square of its gradient may overflow/);
    await run.start();
    const { notice, costs } = await run.until("stopped", "finished");
    expect(notice).toMatch(/is no longer a number .*Lower the weights or the learning rate and start again\.$/);
    for (const [name, values] of Object.entries(costs)) expect([name, values.every(Number.isFinite)]).toEqual([name, true]);
    expect((await run.canvas()).rgba.some((byte, i) => i % 4 !== 3 && byte > 0)).toBe(true);
    await beta().fill("1");
    await runs(2);
    expect((await run.seen()).notice).toBeNull();
  });

  it("no style layer is explained, and with no content layer either refused", async () => {
    for (const layer of Object.keys(slim().card.defaults.styleLayers)) await settings.getByRole("checkbox", { name: layer }).uncheck();
    await says(settings, /^No style layer counts: only the content cost remains/);
    const costs = await runs(2);
    expect(costs["style"]).toEqual([0, 0, 0]);
    await settings.getByLabel("content layer").selectOption("none");
    await says(run.cell, /^Neither a content layer nor a style layer is chosen: there is nothing to minimise/);
    expect(await run.button("Start again").isDisabled()).toBe(true);
  });

  it("a size that cannot be is refused where it is written and where it would run", async () => {
    await workbench.field("longer side in pixels, as a number").fill("20");
    await says(run.cell, /^A size of 20 px is too small/);
    expect(await run.startButton.isDisabled()).toBe(true);
    await workbench.field("longer side in pixels, as a number").fill("5000");
    await says(run.cell, /^A size of 5000 px is too large/);
    // nothing else fails for it
    expect(await page.locator(".cell .error").count()).toBe(0);
    await workbench.field("longer side in pixels, as a number").fill("64");
    await expect.poll(() => run.startButton.isEnabled()).toBe(true);
    await runs(2);
  });
});

describe("a network whose files are not what they say", () => {
  afterEach(async () => {
    await page.close();
    await context.unrouteAll();
    // the browser itself reports what the server answered
    expect(workbench.errors.filter((error) => !/^Failed to load resource/.test(error))).toEqual([]);
  });

  const { card } = slim();
  const WEIGHTS = "**/models/vgg19-slim/weights.safetensors";
  const CARD = "**/models/vgg19-slim/model.json";
  const half = async () => {
    const whole = await readFile("public/models/vgg19-slim/weights.safetensors");
    return whole.subarray(0, whole.length / 2);
  };
  const json = (value: unknown) => (route: Route) => route.fulfill({ json: value });

  /** Starts, and gives what the run cell then says. */
  async function refused(): Promise<string> {
    await run.start();
    const { notice, state } = await run.until("stopped", "finished");
    expect(state).toBe("stopped");
    // and the cell shows it
    await says(run.cell, notice!);
    return notice!;
  }

  it("weights that are not there, or cut off: the run says so, and works once the file is whole", async () => {
    await openSmall();
    await context.route(WEIGHTS, (route) => route.fulfill({ status: 404, body: "" }));
    expect(await refused()).toMatch(/^weights\.safetensors of VGG-19 slim .* is not at http:.*weights\.safetensors \(404\)\. Put it beside model\.json\.$/);
    await context.unroute(WEIGHTS);
    await context.route(WEIGHTS, async (route) => route.fulfill({ body: await half() }));
    expect(await refused()).toMatch(/^weights\.safetensors of VGG-19 slim .* is not the file that model\.json describes \(1254408 bytes, SHA-256 .*fetch both files again\.$/);
    await context.unroute(WEIGHTS);
    await runs(2);
  });

  it("without a digest in the card, what is in the file says so: a page that came instead, a tensor that ends too soon", async () => {
    await context.route(CARD, json({ ...card, weights: { ...card.weights, sha256: undefined } }));
    await openSmall();
    await context.route(WEIGHTS, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Sign in</title><p>Please sign in to this network.</p>" }));
    expect(await refused()).toMatch(/^weights\.safetensors .* is not a safetensors file/);
    await context.unroute(WEIGHTS);
    await context.route(WEIGHTS, async (route) => route.fulfill({ body: await half() }));
    expect(await refused()).toMatch(/is cut off inside block\d_conv\d\S*: \d+ bytes are there, \d+ are needed/);
    await context.unroute(WEIGHTS);
    await runs(2);
  });

  it("a card with other shapes than the weights have: layer and shapes are named, and the page reads the right card when it is opened again", async () => {
    const layers = card.layers.map((layer) => (layer.name === "block2_conv1" && layer.kind === "conv" ? { ...layer, channels: 48 } : layer));
    await context.route(CARD, json({ ...card, layers }));
    await openSmall();
    expect(await refused()).toMatch(/block2_conv1/);
    // the rest of the page is well: another picture, other settings
    await workbench.cell("content").getByRole("button", { name: /^Owl/ }).click();
    await expect.poll(() => workbench.cell("content").locator(".title").innerText()).toBe("Owl");
    await context.unroute(CARD);
    await page.close();
    await openSmall();
    await runs(2);
  });

  it("a wrong digest: the run does not use the weights", async () => {
    await context.route(CARD, json({ ...card, weights: { ...card.weights, sha256: "0".repeat(64) } }));
    await openSmall();
    expect(await refused()).toMatch(/is not the file that model\.json describes .* instead of 000000000000…/);
  });

  it("a card that cannot be read: the network's cell says why, what depends on it waits, the pictures can still be chosen, and it is read again when asked to", async () => {
    for (const [body, message] of [
      ['{ "id": "vgg19-slim", ', /model\.json is not JSON/],
      [JSON.stringify({ ...card, layers: [] }), /"layers" should be a list of layers/],
      [JSON.stringify({ ...card, weights: { ...card.weights, file: "../../../secret" } }), /"weights\.file" should name a file beside model\.json/],
    ] as const) {
      await context.route(CARD, (route) => route.fulfill({ contentType: "application/json", body }));
      await open();
      await says(workbench.cell("network"), message);
      await says(settings, "waiting for network");
      expect(await run.startButton.isDisabled()).toBe(true);
      await workbench.cell("content").getByRole("button", { name: /^Owl/ }).click();
      await expect.poll(() => workbench.cell("content").locator(".title").innerText()).toBe("Owl");
      expect(workbench.errors).toEqual([]);
      await context.unroute(CARD);
      await workbench.cell("network").getByRole("button", { name: "Try again" }).click();
      await expect.poll(() => run.startButton.isEnabled()).toBe(true);
      await page.close();
    }
  });
});
