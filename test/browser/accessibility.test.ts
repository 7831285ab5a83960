import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { launch } from "./support/chrome";
import { beyondTheEdge, contrasts } from "./support/looks";
import { openPage, type OpenedPage } from "./support/page";
import { settled } from "./support/own-notebook";

let browser: Browser;
let opened: OpenedPage;
let page: Page;
let cdp: CDPSession;

beforeAll(async () => void (browser = await launch({ gpu: false })));
afterEach(async () => {
  await opened.page.close();
  // a browser without a GPU says so once for each kind of it
  expect(opened.errors.filter((error) => !/webgl backend does not start|no WebGPU adapter/.test(error))).toEqual([]);
});
afterAll(() => browser?.close());

/** Opens the first notebook and waits until every cell has its value. */
async function open(size = { width: 1440, height: 900 }): Promise<void> {
  opened = await openPage(browser, inject("app"));
  page = opened.page;
  cdp = await page.context().newCDPSession(page);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize(size);
  await page.waitForFunction(() => document.querySelector("nst-app")?.kernels?.status.state === "ready");
  await settled(page);
  await page.locator("div.math.set").last().waitFor();
  await page.getByRole("button", { name: "Start" }).first().waitFor();
}

/** Makes runs quick and long enough not to end by themselves. */
async function smallRun(): Promise<void> {
  await page.getByRole("textbox", { name: "longer side in pixels, as a number" }).fill("64");
  await page.getByRole("textbox", { name: "steps" }).first().fill("2000");
  await settled(page);
}

const stepsDone = () => page.locator('[as="G"] nst-run-view').evaluate((view) => (view as HTMLElementTagNameMap["nst-run-view"]).step);

interface Node {
  role: string;
  name: string;
  level: number;
}

/** What a screen reader is told, in its order. */
async function tree(): Promise<Node[]> {
  const { nodes } = await cdp.send("Accessibility.getFullAXTree");
  return nodes
    .filter(({ ignored }) => !ignored)
    .map(({ role, name, properties }) => ({ role: role?.value ?? "", name: name?.value ?? "", level: properties?.find((property) => property.name === "level")?.value.value ?? 0 }));
}

const FOCUSED = `(() => {
  let element = document.activeElement;
  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
})()`;

interface Stop {
  /** name of the value whose cell it is in, or the element that holds it */
  cell: string;
  role: string;
  name: string;
  /** whether it can be seen that the focus is here */
  seen: boolean;
}

/** The element with the focus, as a screen reader and as the eye know it; null when the page has handed the focus on. */
async function focused(): Promise<Stop | null> {
  const { result } = await cdp.send("Runtime.evaluate", { expression: FOCUSED });
  const { result: about } = await cdp.send("Runtime.callFunctionOn", {
    objectId: result.objectId!,
    returnByValue: true,
    functionDeclaration: `function () {
      const host = (element) => element.getRootNode().host;
      let outer = this;
      while (host(outer)) outer = host(outer);
      const { outlineStyle, outlineWidth } = getComputedStyle(this);
      return { body: this === document.body, cell: outer.getAttribute("as") ?? outer.localName, seen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 };
    }`,
  });
  const { body, ...rest } = about.value as { body: boolean; cell: string; seen: boolean };
  if (body) return null;
  const { nodes } = await cdp.send("Accessibility.getPartialAXTree", { objectId: result.objectId!, fetchRelatives: false });
  return { ...rest, role: nodes[0].role?.value ?? "", name: (nodes[0].name?.value ?? "").trim() };
}

describe("by keyboard", () => {
  it("the Tab key reaches every part of the notebook in its order, stops nowhere for good, and each stop has a name and is seen", async () => {
    await open();
    const stops: Stop[] = [];
    for (let i = 0; i < 400; i++) {
      await page.keyboard.press("Tab");
      const stop = await focused();
      if (!stop) break;
      stops.push(stop);
    }
    expect(stops.length).toBeLessThan(400);
    expect(stops.filter(({ name, role, seen }) => !name || !role || role === "generic" || !seen)).toEqual([]);
    expect(stops[0]).toMatchObject({ role: "link", name: "Skip to the notebook" });
    expect([...new Set(stops.map(({ cell }) => cell))].filter((cell) => cell !== "a" && cell !== "div" && cell !== "nst-slot")).toEqual(["nst-sidebar", "nst-notebook-bar", "content", "style", "network", "settings", "G", "G2", "settings2"]);
    const named = (cell: string, role: string) => stops.filter((stop) => stop.cell === cell && stop.role === role).map(({ name }) => name);
    for (const picture of ["content", "style"]) {
      expect(named(picture, "button").length).toBeGreaterThan(10); // the gallery
      expect(named(picture, "application")).toEqual([expect.stringMatching(/Arrow keys move the frame/)]);
      expect(named(picture, "combobox")).toEqual(["Crop", "Size"]);
    }
    expect(named("settings", "slider")).toEqual(expect.arrayContaining(["alpha times M", "beta", "longer side in pixels", "weight of block3_conv1"]));
    expect(named("settings2", "slider")).not.toContain("longer side in pixels");
    for (const run of ["G", "G2"]) expect(named(run, "button")[0]).toBe("Start");
    // one stop a cell for all that can be done with it
    expect(named("nst-slot", "button").filter((name) => name.startsWith("More for")).length).toBe(await page.locator("nst-slot").count());
    expect(named("nst-slot", "button")).toContainEqual(expect.stringMatching(/^More for .*content/));
  });

  it("a run is started, paused and resumed without the focus getting lost", async () => {
    await open();
    await smallRun();
    await page.locator('[as="G"]').getByRole("button", { name: "Start" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await focused())?.name).toBe("Pause");
    await expect.poll(stepsDone, { timeout: 60_000 }).toBeGreaterThan(1);
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await focused())?.name).toBe("Resume");
    const nodes = await tree();
    expect(nodes.filter(({ role }) => role === "image").map(({ name }) => name)).toContainEqual(expect.stringMatching(/^generated picture after \d+ steps$/));
    expect(nodes.filter(({ role }) => role === "slider").map(({ name }) => name)).toContain("Step to read the costs at");
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await focused())?.name).toBe("Pause");
    await page.locator('[as="G"]').getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped", { exact: true }).first().waitFor();
  });
});

describe("to a screen reader", () => {
  it("every picture says what it shows, every control what it does", async () => {
    await open();
    const nodes = await tree();
    const controls = ["button", "link", "slider", "textbox", "checkbox", "combobox", "application", "progressbar", "image", "group", "navigation", "region"];
    expect(nodes.filter(({ role, name }) => controls.includes(role) && !name.trim())).toEqual([]);
    expect(nodes.filter(({ role }) => role === "image").length).toBeGreaterThan(20);
  });

  it("there is one main part, one navigation, and headings that leave out no level", async () => {
    await open();
    const nodes = await tree();
    const count = (wanted: string) => nodes.filter(({ role }) => role === wanted).length;
    expect([count("main"), count("navigation")]).toEqual([1, 1]);
    // in the order of the page: the tree lists what is in shadow trees later
    const levels = await page.getByRole("heading").evaluateAll((all) => all.map((heading) => Number(heading.localName.slice(1))));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1).length).toBe(1);
    levels.slice(1).forEach((level, i) => expect(level).toBeLessThanOrEqual(levels[i] + 1));
    expect(levels).toContain(3);
  });
});

describe("to the eye", () => {
  // Zooming a window of 1440 pixels to 200 % gives 720, to 400 % 360: the narrow widths stand for these too.
  for (const width of [320, 390, 768, 1440]) {
    it(`nothing is cut off and the page does not scroll sideways at ${width} pixels`, async () => {
      await open({ width, height: 844 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await page.evaluate(beyondTheEdge)).toEqual([]);
    });
  }

  it("a run in its course shows all of it at every width, and its texts stand out", async () => {
    await open();
    await smallRun();
    await page.locator('[as="G"]').getByRole("button", { name: "Start" }).click();
    await expect.poll(stepsDone, { timeout: 60_000 }).toBeGreaterThan(3);
    await page.locator('[as="G"]').getByRole("button", { name: "Pause" }).click();
    await page.locator('[as="G"] .end').first().waitFor();
    for (const width of [320, 390, 768, 1440]) {
      await page.setViewportSize({ width, height: 844 });
      await page.waitForTimeout(300); // the curves are drawn anew
      expect(await page.evaluate(beyondTheEdge), `at ${width} pixels`).toEqual([]);
    }
    expect((await page.evaluate(contrasts)).faint).toEqual([]);
    await page.locator('[as="G"]').getByRole("button", { name: "Stop" }).click();
  });

  it("text keeps a contrast of 4.5 : 1 to what lies behind it, in both themes", async () => {
    await open();
    for (const theme of ["light", "dark"]) {
      await page.getByLabel("theme").selectOption(theme);
      expect((await page.evaluate(contrasts)).texts).toBeGreaterThan(200);
      // what is dimmed while it is worked out anew comes back, in a transition
      await expect.poll(async () => (await page.evaluate(contrasts)).faint, { message: theme, timeout: 10_000 }).toEqual([]);
    }
  });
});
