import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { launch } from "./support/chrome";
import { openPage, type OpenedPage } from "./support/page";

let browser: Browser;
let opened: OpenedPage;
let page: Page;

beforeAll(async () => void (browser = await launch({ gpu: false })));
afterEach(async () => {
  await opened.page.close();
  // a browser without a GPU says so once for each kind of it
  expect(opened.errors.filter((error) => !/webgl backend does not start|no WebGPU adapter/.test(error))).toEqual([]);
});
afterAll(() => browser?.close());

async function open(hash = "", size = { width: 1280, height: 800 }): Promise<void> {
  opened = await openPage(browser, `${inject("app")}${hash}`);
  page = opened.page;
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize(size);
  await page.locator("nst-notebook h1").waitFor();
}

const topOf = (selector: string) => page.locator(selector).evaluate((element) => Math.round(element.getBoundingClientRect().top));

describe("the frame", () => {
  it("opens the first notebook, names it in the window's title and lists its sections", async () => {
    await open();
    const title = await page.locator("nst-notebook h1").evaluate((heading) => heading.firstChild!.textContent);
    expect(await page.title()).toBe(`${title} · NST workbench`);
    expect(await page.locator('nst-sidebar a[aria-current="page"]').innerText()).toBe(title);
    expect(await page.locator("nst-sidebar ul ul a").allInnerTexts()).toEqual(await page.locator("nst-prose h2").evaluateAll((all) => all.map((heading) => heading.firstChild!.textContent)));
  });

  it("opens at the heading that the address names, and says in the list where the reader is", async () => {
    await open("#/first-transfer/the-run");
    await expect.poll(() => topOf("#the-run")).toBeLessThan(60);
    await expect.poll(() => page.locator('nst-sidebar a[aria-current="location"]').innerText()).toBe("The run");
  });

  it("follows links to headings, also twice to the same one", async () => {
    await open();
    const link = page.locator("nst-sidebar").getByRole("link", { name: "The cost" });
    await link.click();
    await expect.poll(() => topOf("#the-cost")).toBeLessThan(60);
    await page.mouse.wheel(0, -5000);
    await expect.poll(() => topOf("#the-cost")).toBeGreaterThan(60);
    await link.click();
    await expect.poll(() => topOf("#the-cost")).toBeLessThan(60);
    expect(new URL(page.url()).hash).toBe("#/first-transfer/the-cost");
  });

  it("explains an address of no notebook and offers the first", async () => {
    opened = await openPage(browser, `${inject("app")}#/gone`);
    page = opened.page;
    await page.getByRole("alert").getByText("There is no notebook “gone”.").waitFor();
    await page.getByRole("alert").getByRole("link").click();
    await page.locator("nst-notebook h1").waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  it("lets the keyboard skip to the notebook", async () => {
    await open();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the notebook");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    expect(await page.locator("nst-notebook h1").count()).toBe(1);
  });

  it("says what computes, and lets the person choose", async () => {
    await open();
    const choice = page.getByLabel("computes on");
    await expect.poll(() => choice.inputValue(), { timeout: 60_000 }).toBe("wasm");
    const said = () => page.locator("nst-status-bar").evaluate((element) => element.shadowRoot!.textContent);
    await expect.poll(said).toMatch(/VGG-19 slim \(trained by this project\)[\s\S]*\d+ tensors? · [\d.]+ MB/);
    await choice.selectOption("cpu");
    await expect.poll(() => page.evaluate(() => document.querySelector("nst-app")!.kernels!.status.engine?.backend), { timeout: 60_000 }).toBe("cpu");
    expect(await choice.inputValue()).toBe("cpu");
  });

  it("is light or dark as the system is, until the person chooses, and remembers that", async () => {
    await open();
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    expect(await theme()).toBe("light");
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(theme).toBe("dark");
    await page.getByLabel("theme").selectOption("light");
    expect(await theme()).toBe("light");
    await page.reload();
    await page.locator("nst-notebook h1").waitFor();
    expect(await theme()).toBe("light");
    expect(await page.getByLabel("theme").inputValue()).toBe("light");
  });
});

describe("on a narrow screen", () => {
  const narrow = { width: 390, height: 844 };

  it("nothing is wider than the screen", async () => {
    await open("", narrow);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  it("the list is behind a button, which the keyboard opens and Escape closes", async () => {
    await open("", narrow);
    const button = page.getByRole("button", { name: "Menu" });
    const link = page.locator("nst-sidebar").getByRole("link", { name: "The run" });
    expect([await button.getAttribute("aria-expanded"), await link.isVisible()]).toEqual(["false", false]);
    await button.focus();
    await page.keyboard.press("Enter");
    expect([await button.getAttribute("aria-expanded"), await link.isVisible()]).toEqual(["true", true]);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    expect([await button.getAttribute("aria-expanded"), await link.isVisible()]).toEqual(["false", false]);
    expect(await page.evaluate(() => document.querySelector("nst-sidebar")!.shadowRoot!.activeElement?.id)).toBe("menu-button");
  });

  it("a choice in the list closes it, and the heading is not under the bar", async () => {
    await open("", narrow);
    await page.getByRole("button", { name: "Menu" }).click();
    await page.locator("nst-sidebar").getByRole("link", { name: "The run" }).click();
    await expect.poll(() => topOf("#the-run")).toBeLessThan(120);
    const bar = await page.locator("nst-sidebar").evaluate((element) => element.getBoundingClientRect().bottom);
    expect(await topOf("#the-run")).toBeGreaterThanOrEqual(Math.floor(bar));
  });
});
