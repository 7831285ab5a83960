import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import type {} from "./pages/notebook";
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

async function show(text: string): Promise<void> {
  if (!page || page.isClosed()) {
    opened = await openPage(browser, `${inject("pages")}notebook.html`);
    page = opened.page;
    await page.waitForFunction(() => window.show);
  }
  await page.evaluate((text) => window.show(text), text);
}

const settled = () => page.evaluate(() => window.notebook.graph.settled());
const log = () => page.evaluate(() => window.log);
const cell = (name: string) => page.locator(`[as="${name}"]`);
const number = '<nst-test-number as="n"></nst-test-number>';
const double = '<nst-test-double as="d" of="n n"></nst-test-double>';

describe("a cell", () => {
  it("shows its name, what it is, what it reads, and its value", async () => {
    await show(`${number}\n\n${double}`);
    await settled();
    expect(await cell("d").locator("header").innerText()).toMatch(/^d\s*double\s*of\s*n\s*\d+ ms$/);
    await expect.poll(() => cell("d").locator("output").innerText()).toBe("2");
  });

  it("computes again when its parameter changes, dims the last value meanwhile, and tells of the change", async () => {
    await show(`${number}\n\n${double}`);
    await settled();
    await page.evaluate(() => document.addEventListener("nst-param", (event) => window.log.push(JSON.stringify((event as CustomEvent).detail))));
    await cell("n").getByRole("button", { name: "up" }).click();
    await expect.poll(() => cell("d").locator(".view").getAttribute("class")).toContain("stale");
    expect(await cell("d").locator("output").innerText()).toBe("2");
    await expect.poll(() => cell("d").locator("output").innerText()).toBe("4");
    expect(await cell("d").locator(".view").getAttribute("class")).not.toContain("stale");
    const id = await page.evaluate(() => (document.querySelector('[as="n"]') as HTMLElement & { cellId: string }).cellId);
    expect(await log()).toEqual(["n computes", "double of 1 starts", `{"cellId":"${id}","name":"start","value":2}`, "n computes", "double of 1 given up", "double of 2 starts"]);
  });

  it("aborts a compute that a change has overtaken", async () => {
    await show(`${number}\n\n${double}`);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
    await cell("n").getByRole("button", { name: "up" }).click();
    await settled();
    expect((await log()).filter((line) => line.startsWith("double"))).toEqual(["double of 1 starts", "double of 1 given up", "double of 2 starts"]);
  });

  it("does not compute again for a parameter that only its view reads", async () => {
    await show(number);
    await settled();
    await cell("n").getByRole("button", { name: "digits" }).click();
    await expect.poll(() => cell("n").locator("output").innerText()).toBe("1.00");
    expect(await log()).toEqual(["n computes"]);
  });

  it("starts from its attributes, and explains those that it cannot read", async () => {
    await show(`<nst-test-number as="a" start="7"></nst-test-number>\n\n<nst-test-number as="b" start="many"></nst-test-number>`);
    await settled();
    expect(await cell("a").locator("output").innerText()).toBe("7");
    expect(await cell("b").locator(".error").innerText()).toBe('start="many" is not a number. Write something like start="1".');
  });

  it("follows a change of its attributes", async () => {
    await show(`${number}\n\n<nst-test-number as="m" start="5"></nst-test-number>\n\n${double}`);
    await settled();
    await page.evaluate(() => document.querySelector('[as="d"]')!.setAttribute("of", "m m"));
    await settled();
    await expect.poll(() => cell("d").locator("output").innerText()).toBe("10");
  });

  it("that fails says why, and its dependants say what they wait for", async () => {
    await show(`<nst-test-broken as="n"></nst-test-broken>\n\n${double}`);
    await settled();
    expect(await cell("n").locator(".error").innerText()).toBe("This computes nothing.");
    expect(await cell("d").locator(".state").innerText()).toBe("waiting for n");
  });

  it("whose view fails says why, and still has its value", async () => {
    await show(`<nst-test-broken as="n" where="view"></nst-test-broken>\n\n${double}`);
    await settled();
    expect(await cell("n").locator(".error").innerText()).toBe("This shows nothing.");
    await expect.poll(() => cell("d").locator("output").innerText()).toBe("2");
  });

  it("that reads a name nobody gives says so, and which there are", async () => {
    await show(`${number}\n\n<nst-test-double as="d" of="m n"></nst-test-double>`);
    await settled();
    expect(await cell("d").locator(".error").innerText()).toMatch(/^No cell gives “m”, which <nst-test-double as="d"> reads\. The names that exist are d and n\./);
  });

  it("goes on when it is moved in the page, and is given up when it is removed", async () => {
    await show('<nst-test-clock as="c"></nst-test-clock>');
    await settled();
    await page.evaluate(() => window.notebook.append(document.querySelector('[as="c"]')!));
    const before = Number(await cell("c").locator("output").innerText());
    await expect.poll(async () => Number(await cell("c").locator("output").innerText())).toBeGreaterThan(before);
    expect(await log()).toEqual([]);
    await page.evaluate(() => document.querySelector('[as="c"]')!.remove());
    await expect.poll(log).toEqual(["clock given up"]);
  });

  it("outside of a notebook says that it needs one", async () => {
    await show("");
    await page.evaluate(() => document.body.insertAdjacentHTML("beforeend", '<nst-test-clock as="c"></nst-test-clock>'));
    expect(await cell("c").locator(".error").innerText()).toMatch(/stands outside of a notebook/);
  });
});

describe("a notebook", () => {
  it("keeps the elements of its cells, with all that runs in them, wherever the text around them changes", async () => {
    const clock = '<nst-test-clock as="c"></nst-test-clock>';
    await show(`# A\n\n${clock}\n\ntext\n\n${number}`);
    await settled();
    await page.evaluate(() => Object.assign(window, { kept: [...document.querySelectorAll("nst-slot > *")] }));
    await show(`# A\n\nnew\n\n${clock}\n\nother text\n\n${number}\n\nmore`);
    await settled();
    const same = await page.evaluate(() => {
      const kept = (window as unknown as { kept: Element[] }).kept;
      return [...document.querySelectorAll("nst-slot > *")].map((element) => kept.includes(element));
    });
    expect(same).toEqual([true, true, true, true, false]);
    expect(await page.locator("nst-prose").allInnerTexts()).toEqual(["A#\n\nnew", "other text", "more"]);
    expect(await log()).toEqual(["n computes"]);
  });

  it("gives a cell whose text is edited its new attributes, and takes away those that are gone", async () => {
    await show(`<nst-test-number as="a" start="7" digits="1"></nst-test-number>\n\n${number}`);
    await settled();
    const element = await page.locator("nst-slot > *").first().elementHandle();
    await show(`<nst-test-number as="b" start="8"></nst-test-number>\n\n${number}`);
    await settled();
    await expect.poll(() => cell("b").locator("output").innerText()).toBe("8");
    expect(await element!.evaluate((element) => [element.isConnected, element.outerHTML])).toEqual([true, '<nst-test-number as="b" start="8"></nst-test-number>']);
    expect(await log()).toEqual(["n computes", "a computes", "b computes"]);
  });

  it("moves no element that need not be moved", async () => {
    await show(`${number}\n\ntext\n\n${double}`);
    await settled();
    const moved = await page.evaluate(async (text) => {
      const observer = new MutationObserver(() => {});
      observer.observe(window.notebook, { childList: true });
      window.show(text);
      const nodes = observer.takeRecords().flatMap(({ addedNodes }) => [...addedNodes]);
      return nodes.map((node) => (node as Element).firstElementChild?.getAttribute("as"));
    }, `${double}\n\n${number}\n\ntext`);
    expect(moved).toEqual(["d"]);
  });

  it("replaces a cell by another of the same name without an error in between", async () => {
    await show(`${number}\n\n${double}`);
    await settled();
    await show(`<nst-test-number as="n" start="3"></nst-test-number>\n\n${double}`);
    await settled();
    await expect.poll(() => cell("d").locator("output").innerText()).toBe("6");
    expect(await log()).toEqual(["n computes", "double of 1 starts", "n computes", "double of 1 given up", "double of 3 starts"]);
  });

  it("puts cells of neighbouring lines side by side where there is room", async () => {
    await show(`<nst-test-number as="a"></nst-test-number>\n<nst-test-number as="b"></nst-test-number>\n\n${number}`);
    const places = async () => Promise.all(["a", "b", "n"].map(async (name) => (await cell(name).boundingBox())!));
    await page.setViewportSize({ width: 1200, height: 800 });
    let [a, b, n] = await places();
    expect([a.y === b.y, b.x > a.x + a.width, n.y > a.y]).toEqual([true, true, true]);
    await page.setViewportSize({ width: 600, height: 800 });
    [a, b, n] = await places();
    expect([a.x === b.x, b.y > a.y, n.y > b.y]).toEqual([true, true, true]);
  });

  it("mounts cells only, and explains what it does not know in its place", async () => {
    await show("<nst-test-clok></nst-test-clok>\n\n<nst-notebook></nst-notebook>\n\ntext <nst-test-clock></nst-test-clock>");
    expect(await page.locator("nst-notebook nst-notebook, nst-test-clok, nst-test-clock").count()).toBe(0);
    const notes = await page.locator(".problem").allInnerTexts();
    expect(notes).toEqual([
      "Line 1: there is no cell <nst-test-clok> in this workbench. Check the spelling, or remove the line. It says: <nst-test-clok></nst-test-clok>",
      "Line 3: there is no cell <nst-notebook> in this workbench. Check the spelling, or remove the line. It says: <nst-notebook></nst-notebook>",
      "Line 5: <nst-test-clock> is shown as text because it is not a cell: write it as <nst-test-clock …></nst-test-clock>, with nothing inside, and with blank lines around it.",
    ]);
  });

  it("shows the source of code cells", async () => {
    await show("```js kernel\nconst a = 1 < 2\n```");
    await page.locator("nst-code").getByText("const a = 1 < 2").waitFor();
  });

  it("typesets its formulas in the colours of content, style and picture", async () => {
    await show("so $\\textcolor{blue}{C}$\n\n$$\n\\textcolor{orange}{S} + \\textcolor{violet}{G}\n$$");
    await page.locator("div.math .katex").waitFor();
    const colours = await page.evaluate(() => {
      const token = (name: string) => {
        const probe = document.body.appendChild(document.createElement("i"));
        probe.style.color = `var(--${name})`;
        return getComputedStyle(probe).color;
      };
      return (["content", "style", "picture"] as const).map((name) => getComputedStyle(document.querySelector(`.katex-html .${name}`)!).color === token(name));
    });
    expect(colours).toEqual([true, true, true]);
  });

  it("keeps a formula that is no TeX readable, and its links and classes harmless", async () => {
    await show("$\\frac{1$ and $\\href{javascript:alert(1)}{x}$ and $\\htmlStyle{position:fixed}{y}$");
    await page.locator(".math.set").first().waitFor();
    expect(await page.locator("nst-prose").innerText()).toContain("\\frac{1");
    expect(await page.locator("nst-prose a, nst-prose [style*=fixed]").count()).toBe(0);
  });
});
