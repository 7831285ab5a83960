import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import type {} from "./pages/editing";
import { launch } from "./support/chrome";
import { openPage, type OpenedPage } from "./support/page";

let browser: Browser;
let opened: OpenedPage;
let page: Page;

beforeAll(async () => void (browser = await launch({ gpu: false })));
afterEach(async () => {
  await opened.page.close();
  expect(opened.errors).toEqual([]);
});
afterAll(() => browser?.close());

const number = (name: string) => `<nst-test-number as="${name}"></nst-test-number>`;
const double = (name: string, of: string) => `<nst-test-double as="${name}" of="${of} ${of}"></nst-test-double>`;
const notebook = `# Graph\n\n${number("a")}\n\n${number("b")}\n\ntext\n\n${double("d", "a")}\n\n${double("e", "d")}\n\n${"many lines\n\n".repeat(40)}\n${double("f", "d")}\n`;

async function open(text = notebook, size = { width: 1440, height: 800 }): Promise<void> {
  opened = await openPage(browser, `${inject("pages")}editing.html`);
  page = opened.page;
  page.setDefaultTimeout(10_000);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize(size);
  await page.waitForFunction(() => window.openNotebook);
  await page.evaluate((text) => window.openNotebook({ text }), text);
  await page.evaluate(() => window.notebook.graph.settled());
  await page.getByRole("button", { name: "Graph", exact: true }).click();
  await page.getByRole("dialog", { name: "Graph of the notebook" }).waitFor();
}

const node = (name: string) => page.locator("nst-graph-view .node").filter({ has: page.getByText(name, { exact: true }) });
const labels = () => page.locator("nst-graph-view .node").evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
const focused = () => page.evaluate(() => document.querySelector("nst-graph-view")!.shadowRoot!.activeElement?.getAttribute("aria-label")?.split(",")[0]);
const top = (name: string) => page.locator(`[as="${name}"]`).evaluate((element) => element.getBoundingClientRect().top);

describe("the graph of a notebook", () => {
  it("shows every cell that computes, what it reads and who reads it, and how it stands", async () => {
    await open();
    await node("f").waitFor();
    expect(await labels()).toEqual([
      "a, number: has its value. Read by d.",
      "b, number: has its value.",
      "d, double: has its value. Reads a. Read by e, f.",
      "e, double: has its value. Reads d.",
      "f, double: has its value. Reads d.",
    ]);
    expect(await page.locator("nst-graph-view .edge text").allTextContents()).toEqual(["a", "d", "d"]);
  });

  it("draws what is read above what reads it, within its width", async () => {
    await open();
    await node("f").waitFor();
    const [a, d, e] = await Promise.all(["a", "d", "e"].map(async (name) => (await node(name).boundingBox())!));
    expect([a.y + a.height < d.y, d.y + d.height < e.y]).toEqual([true, true]);
    const room = page.locator("nst-graph-view .room");
    expect(await room.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
  });

  it("follows the states while things compute, in words and not by colour alone", async () => {
    await open(`${number("a")}\n\n${double("d", "a")}\n\n<nst-test-broken as="x"></nst-test-broken>\n\n${double("y", "x")}`);
    await node("d").waitFor();
    expect((await labels())[2]).toBe("x, cell: error. Read by y.");
    expect((await labels())[3]).toBe("y, double: waiting for x. Reads x.");
    await expect.poll(() => node("y").locator(".state-line").textContent()).toMatch(/^◦ waiting/);
    // as long as it takes to be seen
    await page.evaluate(() => {
      const original = window.setTimeout;
      Object.assign(window, { setTimeout: (handler: () => void, delay?: number) => original(handler, delay === 300 ? 1000 : delay) });
    });
    await page.locator('[as="a"]').getByRole("button", { name: "up" }).click();
    await expect.poll(async () => (await labels())[1]).toBe("d, double: computing. Reads a.");
    await expect.poll(async () => (await labels())[1], { timeout: 5000 }).toBe("d, double: has its value. Reads a.");
  });

  it("follows edits: a cell more, and names that change", async () => {
    await open();
    await node("f").waitFor();
    await page.evaluate((text) => window.notebook.session!.change(text, "edit"), `${number("a")}\n\n${double("g", "a")}`);
    await node("g").waitFor();
    expect(await labels()).toEqual(["a, number: has its value. Read by g.", expect.stringMatching(/^g, double: .* Reads a\.$/)]);
  });

  it("leads to a cell when it is pressed, and stays open beside the notebook", async () => {
    await open();
    await node("f").click();
    await expect.poll(() => top("f")).toBeLessThan(800);
    expect(await page.locator('nst-slot:has([as="f"])').evaluate((slot) => slot.getAnimations().length)).toBe(1);
    expect(await page.getByRole("dialog").isVisible()).toBe(true);
  });

  it("is walked through with the arrow keys, and Enter leads to the cell", async () => {
    await open();
    await node("a").focus();
    expect(await focused()).toBe("a");
    await page.keyboard.press("ArrowDown");
    expect(await focused()).toBe("d");
    await page.keyboard.press("ArrowDown");
    const first = await focused();
    await page.keyboard.press("ArrowRight");
    if ((await focused()) === first) await page.keyboard.press("ArrowLeft");
    expect([first, await focused()].sort()).toEqual(["e", "f"]);
    await page.keyboard.press("ArrowUp");
    expect(await focused()).toBe("d");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => (document.activeElement?.firstElementChild as HTMLElement | null)?.getAttribute("as"))).toBe("d");
  });

  it("says the same as a list", async () => {
    await open();
    await page.getByRole("button", { name: "list" }).click();
    expect(await page.locator("nst-graph-view li").nth(2).innerText()).toMatch(/^d\s+double\s+✓ has its value\s+reads a\s+read by e, f$/);
    await page.locator("nst-graph-view li").getByRole("button", { name: "f" }).click();
    await expect.poll(() => top("f")).toBeLessThan(800);
  });

  it("says so where nothing computes", async () => {
    await open("# Only a text");
    await page.getByText("No cell of this notebook computes anything.").waitFor();
  });

  it("closes with Escape and with its button, and the bar's button has the focus again", async () => {
    await open();
    const button = page.getByRole("button", { name: "Graph", exact: true });
    await page.keyboard.press("Escape");
    expect(await page.locator("nst-graph-view").count()).toBe(0);
    expect(await button.getAttribute("aria-pressed")).toBe("false");
    expect(await page.evaluate(() => window.bar.shadowRoot!.activeElement?.className)).toBe("graph");
    await button.click();
    await page.getByRole("button", { name: "Close the graph" }).click();
    expect(await page.locator("nst-graph-view").count()).toBe(0);
  });

  it("covers a narrow screen, and goes when it has led to a cell", async () => {
    await open(notebook, { width: 390, height: 844 });
    await node("f").waitFor();
    expect(await page.getByRole("dialog").evaluate((dialog) => [dialog.matches(":modal"), dialog.getBoundingClientRect().width])).toEqual([true, 390]);
    await node("f").click();
    expect(await page.locator("nst-graph-view").count()).toBe(0);
    await expect.poll(() => top("f")).toBeLessThan(844);
  });
});
