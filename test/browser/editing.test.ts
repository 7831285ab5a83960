import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import type { Snapshot } from "../../src/notebook/session";
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

const number = '<nst-test-number as="n"></nst-test-number>';
const double = '<nst-test-double as="d" of="n n"></nst-test-double>';
const clock = '<nst-test-clock as="c"></nst-test-clock>';
const notebook = `# A notebook\n\nwith a text\n\n${number}\n\nand another\n\n${clock}\n\n${double}\n`;

async function open(snapshot: (Partial<Snapshot> & { text: string }) | string = notebook, size = { width: 1200, height: 800 }): Promise<void> {
  opened = await openPage(browser, `${inject("pages")}editing.html`);
  page = opened.page;
  page.setDefaultTimeout(10_000);
  await page.setViewportSize(size);
  await page.waitForFunction(() => window.openNotebook);
  await page.evaluate((snapshot) => window.openNotebook(snapshot), typeof snapshot === "string" ? { text: snapshot } : snapshot);
  await settled();
}

const settled = () => page.evaluate(() => window.notebook.graph.settled());
const text = () => page.evaluate(() => window.notebook.session!.text);
const log = () => page.evaluate(() => window.log);
const cell = (name: string) => page.locator(`[as="${name}"]`);
const slot = (index: number) => page.locator("nst-slot").nth(index);
const handle = (index: number) => slot(index).getByRole("button", { name: /^Move/ });
const said = () => page.locator("nst-notebook > [role=status]").innerText();
const names = () => page.evaluate(() => [...document.querySelectorAll("nst-slot > *")].map((element) => element.getAttribute("as") ?? element.localName));
const ticks = async () => Number(await cell("c").locator("output").innerText());
/** What notebook/edits.ts makes of the text as it is now. */
const edited = (what: "insertCell" | "removeCell" | "moveCell" | "duplicateCell", ...rest: (number | string)[]) =>
  page.evaluate(([what, rest]) => (window.edits[what] as (...all: unknown[]) => string)(window.notebook.session!.notebook, window.notebook.session!.text, ...rest), [what, rest] as const);

async function choose(index: number, ...labels: string[]): Promise<void> {
  await slot(index).hover();
  await slot(index).getByRole("button", { name: /^More/ }).click();
  for (const label of labels) await page.getByRole(label === "Run by hand" ? "menuitemcheckbox" : "menuitem", { name: label }).click();
}

/** The label of what has the focus, through all shadow trees. */
const focused = () =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.getAttribute("aria-label") ?? element?.localName;
  });

/** The cells that do something go on as if nothing had happened. */
async function nothingElseHappened(computed: readonly string[] = ["n computes", "double of 1 starts"]): Promise<void> {
  await settled();
  const before = await ticks();
  await expect.poll(ticks).toBeGreaterThan(before);
  expect(await log()).toEqual(computed);
}

describe("the tools of a cell", () => {
  it("cannot be seen until they are wanted, and take no room", async () => {
    await open();
    const tools = slot(1).locator("nst-cell-tools");
    const place = await cell("n").boundingBox();
    await page.mouse.move(5, 5);
    await expect.poll(() => tools.evaluate((element) => getComputedStyle(element).opacity)).toBe("0");
    await cell("n").hover();
    await expect.poll(() => tools.evaluate((element) => getComputedStyle(element).opacity)).toBe("1");
    expect(await cell("n").boundingBox()).toEqual(place);
    const box = (await tools.boundingBox())!;
    expect(box.x + box.width).toBeLessThanOrEqual(place!.x);
  });

  it("are one stop of the Tab key, and the arrow keys go on from there", async () => {
    await open(`${number}\n\ntext`);
    await page.evaluate(() => window.bar.remove());
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("More for “n”");
    await expect.poll(() => slot(0).locator("nst-cell-tools").evaluate((element) => getComputedStyle(element).opacity)).toBe("1");
    await page.keyboard.press("ArrowUp");
    expect(await focused()).toBe("Edit the source of “n”");
    await page.keyboard.press("ArrowLeft");
    expect(await focused()).toBe("Move “n”");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("button"); // of the cell itself
  });

  it("open a menu that the keyboard goes through, and Escape closes", async () => {
    await open();
    await slot(1).getByRole("button", { name: /^More/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Add a cell above" }).waitFor();
    const chosen = () => page.evaluate(() => document.querySelectorAll("nst-slot")[1].shadowRoot!.querySelector("nst-cell-tools")!.shadowRoot!.querySelector("nst-cell-menu")?.shadowRoot!.activeElement?.textContent?.trim());
    await page.keyboard.press("ArrowDown");
    expect(await chosen()).toBe("Add a cell below…");
    await page.keyboard.press("d");
    expect(await chosen()).toBe("Duplicate");
    await page.keyboard.press("End");
    expect(await chosen()).toBe("Delete");
    await page.keyboard.press("Escape");
    expect(await page.getByRole("menu").count()).toBe(0);
    expect(await focused()).toBe("More for “n”");
  });

  it("add an element below, under a name that is free, and open its source", async () => {
    await open(notebook.replaceAll('"n"', '"number"').replace('"n n"', '"number number"'));
    const expected = await edited("insertCell", 2, '<nst-test-number as="number2"></nst-test-number>');
    await choose(1, "Add a cell below", "number");
    expect(await text()).toBe(expected);
    expect(await names()).toEqual(["nst-prose", "number", "number2", "nst-prose", "c", "d"]);
    await expect.poll(() => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.localName)).toBe("nst-source-editor");
    await nothingElseHappened(["number computes", "double of 1 starts", "number2 computes"]);
  });

  it("add code above", async () => {
    await open(`${clock}\n\n${number}\n`);
    const expected = await edited("insertCell", 1, "```js kernel edit\nconst x = tf.linspace(0, 1, 5)\n```");
    await choose(1, "Add a cell above", "Kernel code");
    expect(await text()).toBe(expected);
    expect(await names()).toEqual(["c", "nst-code", "n"]);
  });

  it("add a cell where the + between cells is pressed", async () => {
    await open();
    const expected = await edited("insertCell", 5, "Text");
    const box = (await slot(4).boundingBox())!;
    await page.mouse.move(box.x + 200, box.y + box.height + 6);
    await slot(4).getByRole("button", { name: "Add a cell below" }).click();
    await page.getByRole("menuitem", { name: "Text" }).click();
    expect(await text()).toBe(expected);
    expect(await names()).toEqual(["nst-prose", "n", "nst-prose", "c", "d", "nst-prose"]);
  });

  it("add nothing into a row of cells that stand side by side, but below it", async () => {
    const row = '<nst-test-number as="k"></nst-test-number>\n<nst-test-number as="m"></nst-test-number>';
    await open(`${row}\n\n${clock}\n`);
    const expected = await edited("insertCell", 2, "Text");
    await choose(0, "Add a cell below", "Text");
    expect(await text()).toBe(expected);
    expect(await page.locator("nst-notebook > .cells > nst-slot").count()).toBe(2);
  });

  it("add the first cell of an empty notebook", async () => {
    await open("");
    await page.getByText("This notebook is empty.").waitFor();
    await page.getByRole("button", { name: "Add a cell" }).click();
    await page.getByRole("menuitem", { name: "clock" }).click();
    expect(await text()).toBe('<nst-test-clock as="clock"></nst-test-clock>');
    await expect.poll(async () => Number(await cell("clock").locator("output").innerText())).toBeGreaterThan(0);
    expect(await page.getByText("This notebook is empty.").count()).toBe(0);
  });

  it("delete the cell, and lead to the one that is there now", async () => {
    await open();
    const expected = await edited("removeCell", 4);
    await choose(4, "Delete");
    expect(await text()).toBe(expected);
    expect(await said()).toBe("Deleted “d”.");
    await expect.poll(focused).toBe("Move “c”");
    await nothingElseHappened(["n computes", "double of 1 starts", "double of 1 given up"]);
  });

  it("duplicate the cell, with a name that is free", async () => {
    await open();
    const expected = await edited("duplicateCell", 1);
    await choose(1, "Duplicate");
    expect(await text()).toBe(expected);
    expect(await names()).toEqual(["nst-prose", "n", "n2", "nst-prose", "c", "d"]);
    await expect.poll(focused).toBe("Move “n2”");
    await nothingElseHappened(["n computes", "double of 1 starts", "n2 computes"]);
  });

  it("move the cell with the keyboard, and say where it is", async () => {
    await open();
    const expected = await edited("moveCell", 3, 1);
    await handle(3).focus();
    await page.keyboard.press("ArrowUp");
    await expect.poll(focused).toBe("Move “c”");
    await page.keyboard.press("ArrowUp");
    expect(await text()).toBe(expected);
    expect(await names()).toEqual(["nst-prose", "c", "n", "nst-prose", "d"]);
    await expect.poll(focused).toBe("Move “c”");
    expect(await said()).toBe("Moved “c” to place 2 of 5.");
    await nothingElseHappened();
  });

  it("move the cell where it is dragged to, and show where that is", async () => {
    await open();
    const expected = await edited("moveCell", 4, 1);
    await slot(4).hover();
    const from = (await handle(4).boundingBox())!;
    const to = (await cell("n").boundingBox())!;
    await page.mouse.move(from.x + 10, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(from.x + 10, from.y - 20, { steps: 3 });
    await page.mouse.move(from.x + 10, to.y + 4, { steps: 5 });
    const line = page.locator("body > div[style*=fixed]");
    await expect.poll(async () => Math.abs((await line.boundingBox())!.y - to.y)).toBeLessThan(14);
    expect(await text()).toBe(notebook);
    await page.mouse.up();
    expect(await text()).toBe(expected);
    expect(await names()).toEqual(["nst-prose", "d", "n", "nst-prose", "c"]);
    expect(await line.count()).toBe(0);
    await nothingElseHappened();
  });

  it("leave the cell where it is when Escape is pressed while it is dragged", async () => {
    await open();
    await slot(4).hover();
    const from = (await handle(4).boundingBox())!;
    await page.mouse.move(from.x + 10, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(from.x + 10, from.y - 200, { steps: 5 });
    await page.keyboard.press("Escape");
    await page.mouse.up();
    expect(await text()).toBe(notebook);
    expect(await page.locator("body > div[style*=fixed]").count()).toBe(0);
  });

  it("scroll the page while something is dragged to its edge", async () => {
    await open(`${notebook}\n${"another line\n\n".repeat(60)}`, { width: 1200, height: 500 });
    await slot(1).hover();
    const from = (await handle(1).boundingBox())!;
    await page.mouse.move(from.x + 10, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(from.x + 10, 495, { steps: 5 });
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(200);
    await page.keyboard.press("Escape");
    await page.mouse.up();
  });

  it("let a cell run by hand, or by itself again", async () => {
    await open(`${number}\n\n\`\`\`js kernel\n1\n\`\`\`\n`);
    await choose(0, "Run by hand");
    expect(await text()).toBe('<nst-test-number manual as="n"></nst-test-number>\n\n```js kernel\n1\n```\n');
    expect(await said()).toBe("“n” runs when you press Run.");
    await choose(1, "Run by hand");
    expect(await text()).toBe('<nst-test-number manual as="n"></nst-test-number>\n\n```js kernel manual\n1\n```\n');
    await choose(0, "Run by hand");
    await choose(1, "Run by hand");
    expect(await text()).toBe(`${number}\n\n\`\`\`js kernel\n1\n\`\`\`\n`);
  });
});

describe("the source of a cell", () => {
  // not the plain field that stands there until the editor is loaded
  const editor = (): Locator => page.locator("nst-source-editor .cm-content");

  it("opens with a double click on prose, and is applied with Ctrl and Enter", async () => {
    await open();
    await slot(2).locator("p").dblclick();
    await editor().waitFor();
    expect(await slot(2).locator("nst-prose").isVisible()).toBe(false);
    await editor().press("ControlOrMeta+a");
    await page.keyboard.type("and a *new* one");
    await page.keyboard.press("ControlOrMeta+Enter");
    expect(await text()).toBe(notebook.replace("and another", "and a *new* one"));
    expect(await slot(2).locator("nst-prose em").innerText()).toBe("new");
    expect(await page.locator("nst-source-editor").count()).toBe(0);
    await expect.poll(focused).toMatch(/^Edit the source of text/);
    await nothingElseHappened();
  });

  it("opens where it was double clicked", async () => {
    await open("# Two lines\n\nthe word and *the word*\n\nand then the word again and no more\n");
    const { x, y } = await page.evaluate(() => {
      const range = document.createRange();
      const text = document.querySelectorAll("nst-prose p")[1].firstChild!;
      range.setStart(text, "and then the w".length);
      range.setEnd(text, "and then the wo".length);
      return range.getBoundingClientRect();
    });
    await page.mouse.dblclick(x + 2, y + 8);
    await editor().waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.localName)).toBe("nst-source-editor");
    await page.keyboard.type("HERE ");
    await expect.poll(() => page.evaluate(() => Object.values(window.notebook.session!.snapshot().drafts)[0])).toBe("# Two lines\n\nthe word and *the word*\n\nand then the HERE word again and no more");
  });

  it("of an element changes its attributes, and the element stays", async () => {
    await open();
    const element = await cell("n").elementHandle();
    await slot(1).hover();
    await slot(1).getByRole("button", { name: /^Edit/ }).click();
    await editor().press("ControlOrMeta+a");
    await page.keyboard.insertText('<nst-test-number as="n" start="4"></nst-test-number>');
    await page.getByRole("button", { name: "Done" }).click();
    await expect.poll(() => cell("d").locator("output").innerText()).toBe("8");
    expect(await text()).toBe(notebook.replace('as="n"', 'as="n" start="4"'));
    expect(await element!.evaluate((element) => element.isConnected)).toBe(true);
    await nothingElseHappened(["n computes", "double of 1 starts", "n computes", "double of 1 given up", "double of 4 starts"]);
  });

  it("that is left with Escape is kept, and can be gone on with or discarded", async () => {
    await open();
    await slot(2).locator("p").dblclick();
    await editor().press("ControlOrMeta+a");
    await page.keyboard.type("half a thou");
    await page.waitForTimeout(300); // right after a letter, Escape keeps completions from opening
    await page.keyboard.press("Escape");
    await slot(2).getByText("Edited, not applied.").waitFor();
    expect([await text(), await slot(2).locator("nst-prose").innerText()]).toEqual([notebook, "and another"]);
    expect(Object.values(await page.evaluate(() => window.notebook.session!.snapshot().drafts))).toEqual(["half a thou"]);
    await slot(2).getByRole("button", { name: "Go on editing" }).click();
    await expect.poll(() => editor().innerText()).toBe("half a thou");
    await page.getByRole("button", { name: "Discard changes" }).click();
    expect(await page.evaluate(() => window.notebook.session!.snapshot().drafts)).toEqual({});
    expect(await slot(2).getByText("Edited, not applied.").count()).toBe(0);
  });

  it("that was being edited when the notebook was left is open again when it comes back", async () => {
    await open();
    const id = await page.evaluate(() => window.notebook.session!.slots[2].cell.id);
    await opened.page.close();
    await open({ text: notebook, drafts: { [id]: "half a thought" } });
    await expect.poll(() => editor().innerText()).toBe("half a thought");
    await page.locator("nst-source-editor").getByText("edited, not applied").waitFor();
  });

  it("that becomes two cells shows both", async () => {
    await open();
    await slot(2).locator("p").dblclick();
    await editor().press("ControlOrMeta+a");
    await page.keyboard.insertText('one\n\n<nst-test-number as="k"></nst-test-number>\n\ntwo');
    await page.keyboard.press("ControlOrMeta+Enter");
    expect(await names()).toEqual(["nst-prose", "n", "nst-prose", "k", "nst-prose", "c", "d"]);
    await nothingElseHappened(["n computes", "double of 1 starts", "k computes"]);
  });

  it("without anything left in it takes the cell away", async () => {
    await open();
    const expected = await edited("removeCell", 1);
    await slot(1).hover();
    await slot(1).getByRole("button", { name: /^Edit/ }).click();
    await editor().press("ControlOrMeta+a");
    await page.keyboard.press("Delete");
    await page.getByRole("button", { name: "Done" }).click();
    expect(await text()).toBe(expected);
  });
});

describe("undo", () => {
  const undoButton = () => page.getByRole("toolbar", { name: "Notebook" }).getByRole("button", { name: "Undo" });

  it("says what it takes back, and takes it back, and does it again", async () => {
    await open();
    expect(await undoButton().isDisabled()).toBe(true);
    await choose(4, "Delete");
    const without = await text();
    expect(await undoButton().innerText()).toBe("Undo delete cell");
    await undoButton().click();
    expect(await text()).toBe(notebook);
    expect(await said()).toBe("Undone: delete cell.");
    const redo = page.getByRole("button", { name: "Redo" });
    expect(await redo.innerText()).toBe("Redo delete cell");
    await redo.click();
    expect(await text()).toBe(without);
  });

  it("leads to the cell that it was about", async () => {
    await open(`${notebook}\n${"another line\n\n".repeat(60)}`, { width: 1200, height: 500 });
    await choose(1, "Duplicate");
    await page.evaluate(() => scrollTo({ top: document.body.scrollHeight, behavior: "instant" }));
    await page.evaluate(() => window.notebook.undo());
    await page.evaluate(() => window.notebook.redo());
    await expect.poll(() => cell("n2").evaluate((element) => element.getBoundingClientRect().top)).toBeLessThan(400);
    expect(await slot(2).evaluate((element) => element.getAnimations().length)).toBe(1);
  });

  it("has its keys wherever no text is edited", async () => {
    await open();
    await choose(1, "Duplicate");
    const twice = await text();
    await page.keyboard.press("ControlOrMeta+z");
    expect(await text()).toBe(notebook);
    await page.keyboard.press("ControlOrMeta+Shift+z");
    expect(await text()).toBe(twice);
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+y");
    expect(await text()).toBe(twice);
    await slot(0).locator("h1").dblclick();
    const editor = page.locator("nst-source-editor .cm-content");
    await editor.press("End");
    await page.keyboard.type("!");
    await page.keyboard.press("ControlOrMeta+z");
    expect(await text()).toBe(twice);
  });

  it("gives a run that was deleted its parameters back", async () => {
    await open();
    await cell("n").getByRole("button", { name: "up" }).click();
    await settled();
    await choose(1, "Delete");
    await page.keyboard.press("ControlOrMeta+z");
    await expect.poll(() => cell("n").locator("output").innerText()).toBe("2");
  });
});

describe("on a narrow screen", () => {
  it("a cell has one button, which shows when the cell is touched", async () => {
    await open(notebook, { width: 390, height: 844 });
    await cell("n").hover();
    expect(await handle(1).isVisible()).toBe(false);
    const more = slot(1).getByRole("button", { name: /^More/ });
    const [button, box] = [(await more.boundingBox())!, (await cell("n").boundingBox())!];
    expect(button.x + button.width).toBeLessThanOrEqual(box.x + box.width);
    expect(button.x).toBeGreaterThan(box.x + box.width / 2);
    const expected = await edited("moveCell", 1, 2);
    await more.click();
    await page.getByRole("menuitem", { name: "Move down" }).click();
    expect(await text()).toBe(expected);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});
