import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import type { TransferSettings } from "../../src/nst/settings";
import type {} from "./pages/widgets";
import { launch } from "./support/chrome";
import { openPage, type OpenedPage } from "./support/page";

let browser: Browser;
let opened: OpenedPage;
let page: Page;

beforeAll(async () => void (browser = await launch()));
afterEach(async () => {
  await opened.page.close();
  expect(opened.errors).toEqual([]);
});
afterAll(() => browser?.close());

async function room(markup: string, width = 1100): Promise<void> {
  opened = await openPage(browser, `${inject("pages")}widgets.html`);
  page = opened.page;
  await page.setViewportSize({ width, height: 1000 });
  await page.waitForFunction(() => window.room);
  await page.evaluate((html) => void (window.room.innerHTML = html), markup);
}

/** Gives the run view a history of `steps` steps: total = content + style + tv, content 0 at step 0. */
const record = (steps: number, first = 0) =>
  page.evaluate(
    ([steps, first]) => {
      const view = document.querySelector("nst-run-view")!;
      const rows = Array.from({ length: steps }, (_, i) => {
        const style = 1 / (1 + first + i);
        const content = first + i === 0 ? 0 : 0.05;
        return [style + content + 0.01, content, style, 0.01, style * 0.75, style * 0.25];
      });
      view.history.append({ columns: ["total", "content", "style", "tv", "block1_conv1", "block2_conv1"], first, costs: Float64Array.from(rows.flat()) });
      view.version = view.history.version;
      view.step = view.history.step;
    },
    [steps, first] as const,
  );

describe("the view of a run", () => {
  it("offers what can be done in each state, and says so by events", async () => {
    await room(`<nst-run-view steps="150"></nst-run-view>`);
    await page.evaluate(() => {
      const view = document.querySelector("nst-run-view")!;
      Object.assign(window, { heard: [] as string[] });
      for (const type of ["start", "pause", "resume", "stop", "download"]) view.addEventListener(type, () => (window as unknown as { heard: string[] }).heard.push(type));
    });
    const offered: Record<string, string[]> = {};
    for (const state of ["idle", "preparing", "running", "paused", "finished", "stopped"] as const) {
      await page.evaluate(async (state) => {
        const view = document.querySelector("nst-run-view")!;
        view.state = state;
        await view.updateComplete;
      }, state);
      offered[state] = await page.locator(".controls button").allTextContents();
    }
    expect(offered).toEqual({
      idle: ["Start"],
      preparing: ["Stop"],
      running: ["Pause", "Stop", "Start again"],
      paused: ["Resume", "Stop", "Start again"],
      finished: ["Start again"],
      stopped: ["Start again"],
    });
    await page.getByRole("button", { name: "Start again" }).click();
    expect(await page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual(["start"]);
  });

  it("does not start while something stands against it", async () => {
    await room(`<nst-run-view steps="150"></nst-run-view>`);
    await page.evaluate(() => void (document.querySelector("nst-run-view")!.problems = ["There is nothing to minimise."]));
    await page.getByText("There is nothing to minimise.").waitFor();
    expect(await page.getByRole("button", { name: "Start" }).isDisabled()).toBe(true);
  });

  it("waits with the start until there is what a run needs", async () => {
    await room(`<nst-run-view steps="150"></nst-run-view>`);
    await page.evaluate(() => void (document.querySelector("nst-run-view")!.ready = false));
    await page.getByText("Not ready yet").waitFor();
    expect(await page.getByRole("button", { name: "Start" }).isDisabled()).toBe(true);
    await page.evaluate(() => void (document.querySelector("nst-run-view")!.ready = true));
    await page.getByText("Ready", { exact: true }).waitFor();
    expect(await page.getByRole("button", { name: "Start" }).isEnabled()).toBe(true);
  });

  it("is small before the start, and fits with its curves on one screen when two stand beside each other", async () => {
    await room(`<nst-run-view steps="150"></nst-run-view>`, 500);
    const heightOf = (part: string) => page.evaluate((part) => document.querySelector("nst-run-view")!.shadowRoot!.querySelector(part)!.getBoundingClientRect().bottom, part);
    expect(await heightOf(".layout")).toBeLessThan(450);
    await page.evaluate(() => {
      const view = document.querySelector("nst-run-view")!;
      view.state = "running";
      view.showPixels({ width: 256, height: 256, rgba: new Uint8ClampedArray(4 * 256 * 256).fill(128) });
    });
    await record(20);
    await page.locator("nst-curves .end").first().waitFor();
    expect(await heightOf("nst-curves")).toBeLessThan(800);
    await page.getByText("256 × 256 px").waitFor();
  });

  it("draws a picture in its own proportions and closes the bitmap", async () => {
    await room(`<nst-run-view state="running" steps="150"></nst-run-view>`, 700);
    const seen = await page.evaluate(async () => {
      const view = document.querySelector("nst-run-view")!;
      const pixels = new ImageData(96, 64);
      pixels.data.fill(255);
      pixels.data.set([10, 20, 30], 4 * (5 * 96 + 7));
      const bitmap = await createImageBitmap(pixels);
      view.show(bitmap);
      await view.updateComplete;
      const canvas = view.shadowRoot!.querySelector<HTMLCanvasElement>("canvas.result")!;
      const box = canvas.getBoundingClientRect();
      return { size: [canvas.width, canvas.height], ratio: box.width / box.height, pixel: [...canvas.getContext("2d")!.getImageData(7, 5, 1, 1).data], closed: bitmap.width === 0, has: view.hasPicture };
    });
    expect(seen).toEqual({ size: [96, 64], ratio: expect.closeTo(1.5, 2), pixel: [10, 20, 30, 255], closed: true, has: true });
    await page.getByRole("button", { name: "Download PNG" }).waitFor();
  });

  it("puts the costs beside the picture where there is room and beneath it where there is not", async () => {
    await room(`<nst-run-view state="running" steps="150"></nst-run-view>`, 1000);
    await record(20);
    const beside = () =>
      page.evaluate(() => {
        const { shadowRoot } = document.querySelector("nst-run-view")!;
        const [left, right] = [".left", ".right"].map((part) => shadowRoot!.querySelector(part)!.getBoundingClientRect());
        return right.left >= left.right;
      });
    expect(await beside()).toBe(true);
    await page.setViewportSize({ width: 500, height: 900 });
    expect(await beside()).toBe(false);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});

describe("the curves of a run", () => {
  const ends = () => page.locator("nst-curves .end").allTextContents();
  const readout = async () => (await page.locator("nst-curves .readout").innerText()).replace(/\s+/g, " ");

  it("name every series at its end, with no two labels touching", async () => {
    await room(`<nst-run-view state="running" steps="150"></nst-run-view>`);
    await record(60);
    await page.locator("nst-curves .end").first().waitFor();
    expect((await ends()).sort()).toEqual(["content 0.05", "style 0.0167", "total 0.0767", "tv 0.01"]);
    const boxes = await page.locator("nst-curves .end").evaluateAll((labels) => labels.map((label) => label.getBoundingClientRect()).sort((a, b) => a.top - b.top).map(({ top, bottom }) => [top, bottom]));
    for (let i = 1; i < boxes.length; i++) expect(boxes[i][0]).toBeGreaterThanOrEqual(boxes[i - 1][1] - 1);
  });

  it("are read by pointing and by keys, without drawing them anew, and stay so when steps come in", async () => {
    await room(`<nst-run-view state="paused" steps="150"></nst-run-view>`);
    await record(41);
    await page.locator("nst-curves .end").first().waitFor();
    const drawing = await page.locator("nst-curves .drawing svg").elementHandle();
    const slider = page.getByRole("slider", { name: "Step to read the costs at" });
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Shift+ArrowLeft");
    expect(await readout()).toBe("step 29 total 0.0933 content 0.05 style 0.0333 tv 0.01");
    expect(await slider.getAttribute("aria-valuetext")).toBe("step 29: total 0.0933, content 0.05, style 0.0333, tv 0.01");
    const box = (await slider.boundingBox())!;
    await page.mouse.move(box.x + 50, box.y + 60);
    expect(await readout()).toMatch(/^step [0-2] /);
    expect(await drawing!.evaluate((svg) => svg.isConnected)).toBe(true);

    await page.keyboard.press("Home");
    await record(100, 41);
    await expect.poll(ends).toContain("style 0.00709");
    expect(await readout()).toMatch(/^step 0 total 1\.01 content 0 /);
    expect(await drawing!.evaluate((svg) => svg.isConnected)).toBe(false);
  });

  it("tell the bars which step is pointed at", async () => {
    await room(`<nst-run-view state="paused" steps="150"></nst-run-view>`);
    await record(41);
    const bars = () => page.locator("nst-cost-bars li > .number").allTextContents();
    await expect.poll(bars).toEqual(["0.05", "0.0183", "0.0061", "0.01"]);
    await page.getByRole("slider", { name: "Step to read the costs at" }).focus();
    await page.keyboard.press("Home");
    await expect.poll(bars).toEqual(["0", "0.75", "0.25", "0.01"]);
  });

  it("are drawn at most ten times a second", async () => {
    await room(`<nst-run-view state="running" steps="2000"></nst-run-view>`);
    await record(2);
    await page.locator("nst-curves .end").first().waitFor();
    const { drawn, steps, seconds } = await page.evaluate(async () => {
      const view = document.querySelector("nst-run-view")!;
      const drawing = view.shadowRoot!.querySelector("nst-curves")!.shadowRoot!.querySelector(".drawing")!;
      let drawn = 0;
      new MutationObserver((records) => (drawn += records.length)).observe(drawing, { childList: true });
      const start = performance.now();
      let steps = 0;
      while (performance.now() - start < 1500) {
        view.history.append({ columns: ["total"], first: view.history.length, costs: Float64Array.of(1 / ++steps) });
        view.version = view.history.version;
        await new Promise(requestAnimationFrame);
      }
      return { drawn, steps, seconds: (performance.now() - start) / 1000 };
    });
    expect(drawn).toBeGreaterThan(2);
    expect(drawn).toBeLessThanOrEqual(Math.ceil(seconds * 10) + 1);
    expect(steps).toBeGreaterThan(drawn);
  });
});

describe("the settings", () => {
  const settings = () => page.evaluate(async () => (await window.graph.value("settings")) as TransferSettings);
  const cells = (attributes = "") => room(`<nst-network as="network"></nst-network><nst-settings as="settings" network="network" ${attributes}></nst-settings>`);
  const field = (name: string) => page.getByRole("textbox", { name, exact: true });

  it("start from what the network's card recommends, and from the element's attributes", async () => {
    await cells(`beta="10"`);
    const defaults = await page.evaluate(async () => ((await window.graph.value("network")) as { card: { defaults: TransferSettings } }).card.defaults);
    const { initialisation, ...rest } = defaults;
    expect(await settings()).toEqual({ ...rest, beta: 10, tap: "after", seed: 0, initialisation: { kind: initialisation } });
    await page.getByText("1 changed").waitFor();
    await page.getByRole("button", { name: "Reset to defaults" }).click();
    expect((await settings()).beta).toBe(defaults.beta);
  });

  it("take a number while it is typed and leave the text as it was typed", async () => {
    await cells();
    const beta = field("beta, as a number");
    await beta.fill("1e3");
    expect((await settings()).beta).toBe(1000);
    expect(await beta.inputValue()).toBe("1e3");
  });

  it("keep what is no number, say so, and stay at the last number", async () => {
    await cells();
    const steps = field("steps");
    await steps.fill("80");
    await steps.fill("80.5x");
    expect((await settings()).steps).toBe(80);
    expect(await steps.inputValue()).toBe("80.5x");
    await page.getByText('"80.5x" is no number.').waitFor();
    expect(await steps.getAttribute("aria-invalid")).toBe("true");
    await field("beta, as a number").fill("2");
    expect(await steps.inputValue()).toBe("80.5x");
  });

  it("switch a layer off and on again with its weight, and spread weights evenly", async () => {
    await cells();
    const layer = page.getByRole("checkbox", { name: "block2_conv1" });
    await field("weight of block2_conv1, as a number").fill("0.7");
    await layer.uncheck();
    expect(Object.keys((await settings()).styleLayers)).toEqual(["block1_conv1", "block3_conv1", "block4_conv1", "block5_conv1"]);
    await layer.check();
    expect((await settings()).styleLayers["block2_conv1"]).toBe(0.7);
    await page.getByRole("button", { name: /all 16 layers/ }).click();
    await page.getByRole("checkbox", { name: "block1_conv2" }).check();
    await page.getByRole("button", { name: "equal" }).click();
    expect(Object.entries((await settings()).styleLayers).slice(0, 2)).toEqual([["block1_conv1", 0.167], ["block1_conv2", 0.167]]);
  });

  it("give back each default on its own", async () => {
    await cells(`content-layer="none" learning-rate="0.5"`);
    await page.getByRole("button", { name: "reset to block4_conv2" }).click();
    expect(await settings()).toMatchObject({ contentLayer: "block4_conv2", optimiser: { learningRate: 0.5 } });
  });

  it("say why they cannot run, and are given all the same", async () => {
    await cells(`beta="0" alpha-times-m="0"`);
    await page.getByText("α and β are both 0").waitFor();
    expect(await settings()).toMatchObject({ beta: 0, alphaTimesM: 0 });
  });

  it("leave out the controls that the notebook does not want, and keep their values", async () => {
    await cells(`size="96" without="size steps learning-rate optimiser pooling tap"`);
    await page.getByRole("heading", { name: "Picture" }).waitFor();
    expect(await page.getByRole("slider", { name: "longer side in pixels" }).count()).toBe(0);
    // a section with nothing left in it goes too
    expect(await page.getByRole("heading").allTextContents()).toEqual(["Content", "Picture", "Style"]);
    expect((await settings()).size).toBe(96);
    await page.evaluate(() => document.querySelector("nst-settings")!.setAttribute("without", "siz"));
    await page.getByText('without="siz": there is no control “siz”. There are: content-layer,').waitFor();
    await page.evaluate(() => document.querySelector("nst-settings")!.removeAttribute("without"));
    await page.getByRole("slider", { name: "longer side in pixels" }).waitFor();
  });

  it("name an attribute that cannot be read", async () => {
    await cells(`pooling="max"`);
    await page.getByText('pooling="max" should be one of average, maximum.').waitFor();
  });
});

describe("the network", () => {
  it("shows its layers and what they are, and gives its card with the place of its weights", async () => {
    await room(`<nst-network as="network"></nst-network>`);
    const value = await page.evaluate(async () => (await window.graph.value("network")) as { id: string; base: string; card: { layers: unknown[] } });
    expect(value.id).toBe("vgg19-slim");
    expect(value.base).toBe(`${inject("pages")}models/vgg19-slim/`);
    expect(value.card.layers.length).toBe(20);
    await page.getByText("it is not VGG-19 itself").waitFor();
    expect(await page.locator("nst-network .layer").count()).toBe(16);
  });

  it("names the networks that there are when another is asked for", async () => {
    await room(`<nst-network as="network" model="vgg99"></nst-network>`);
    await page.getByText('There is no network "vgg99". There are: vgg19-slim.').waitFor();
  });
});
