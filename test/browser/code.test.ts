/** Code cells as a person has them before them. What runs their code here is a stand-in in the page, so that every run can be counted. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import type {} from "./pages/code";
import { launch } from "./support/chrome";
import { openPage } from "./support/page";

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => void (browser = await launch({ gpu: false })));
afterEach(async () => {
  await page.close();
  expect(errors).toEqual([]);
});
afterAll(() => browser?.close());

const fence = (source: string, flags = "kernel edit") => `\`\`\`js ${flags}\n${source}\n\`\`\`\n`;

async function open(...cells: string[]): Promise<void> {
  ({ page, errors } = await openPage(browser, `${inject("pages")}code.html`));
  page.setDefaultTimeout(10_000);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.waitForFunction(() => window.codes);
  await show(cells);
}

async function show(cells: string[], trusted = true): Promise<void> {
  await page.evaluate(([text, trusted]) => window.codes.show(text, trusted), [cells.join("\n"), trusted] as const);
  await settled();
}

const settled = () => page.evaluate(() => window.codes.graph.settled());
const log = () => page.evaluate(() => window.codes.log);
const forget = () => page.evaluate(() => void window.codes.log.splice(0));
const text = () => page.evaluate(() => window.codes.session.text);
const value = (name: string) => page.evaluate((name) => window.codes.graph.value(name), name);
const cell = (i: number): Locator => page.locator("nst-code").nth(i);
const content = (i: number): Locator => cell(i).locator(".cm-content");
const state = (i: number): Locator => cell(i).locator("header .state");

/** Puts the cursor at the end of the text of an editor. */
async function enter(i: number): Promise<void> {
  await content(i).click();
  await page.keyboard.press("Control+End");
}

describe("running changed code", () => {
  it("computes the cell and those that read what has changed, and nobody else", async () => {
    await open(fence("const a = 2"), fence("const b = a * 10"), fence("const c = b > 5"), fence("const d = c ? 1 : 2"), fence("const other = 1"));
    expect((await log()).filter((entry) => entry.endsWith("runs")).sort()).toEqual(["a runs", "b runs", "c runs", "d runs", "other runs"]);
    await forget();
    await enter(0);
    await page.keyboard.press("Backspace");
    await page.keyboard.type("3");
    expect(await value("b")).toBe(20); // nothing runs while it is typed
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => value("b")).toBe(30);
    await settled();
    // c is as it was, so d has nothing to do
    expect((await log()).filter((entry) => entry.endsWith("runs"))).toEqual(["a runs", "b runs", "c runs"]);
    expect(await text()).toContain("const a = 3");
  });

  it("keeps the focus, the cursor and the history of the editor", async () => {
    await open(fence("const a = 1\nconst b = 2"));
    await content(0).click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("End");
    await page.keyboard.type("0");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => value("a")).toBe(10);
    await page.keyboard.type("5");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => value("a")).toBe(105);
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    expect(await content(0).innerText()).toBe("const a = 1\nconst b = 2");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => value("a")).toBe(1);
  });

  it("takes an undo of the notebook into the editor", async () => {
    await open(fence("const a = 1"));
    await enter(0);
    await page.keyboard.type("00");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => value("a")).toBe(100);
    await page.evaluate(() => window.codes.session.undo());
    await expect.poll(() => value("a")).toBe(1);
    expect(await content(0).innerText()).toBe("const a = 1");
  });

  it("gives up what a name gave when it is declared no more", async () => {
    await open(fence("const a = 1"), fence("const b = a + 1"));
    await enter(0);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("const z = 1");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => cell(1).locator(".error").innerText()).toContain("No cell gives “a”");
    expect(await value("z")).toBe(1);
  });

  it("runs again without a change: by the button, and by the keys", async () => {
    await open(fence("const a = 1", "kernel"));
    await forget();
    await cell(0).getByRole("button", { name: "Run", exact: true }).click();
    await expect.poll(log).toEqual(["a is given up", "a runs", "a gives 1"]);
    await forget();
    await cell(0).locator("pre").focus();
    await page.keyboard.press("Control+Enter");
    await expect.poll(log).toEqual(["a is given up", "a runs", "a gives 1"]);
  });

  it("does not run anew when its element moves in the page", async () => {
    await open(fence("const a = 1"), fence("const b = 2"));
    await forget();
    await page.evaluate(() => document.querySelector("main")!.append(document.querySelector("nst-code")!));
    await settled();
    expect(await log()).toEqual([]);
    expect(await value("a")).toBe(1);
  });
});

describe("code that is wrong", () => {
  it("is not run while it cannot be read: what is wrong is said at its place, and the last good code goes on", async () => {
    await open(fence("const a = 1"), fence("const b = a + 1"));
    await enter(0);
    await page.keyboard.type(" +");
    await page.keyboard.press("Control+Enter");
    const problem = cell(0).locator("nst-editor .problems li");
    await problem.waitFor();
    expect(await problem.innerText()).toMatch(/^Line 1 \S/);
    expect(await cell(0).locator(".cm-problem").count()).toBe(1);
    expect(await value("b")).toBe(2);
    expect(await text()).toContain("const a = 1\n");
    expect(await state(0).count()).toBe(0);
    await page.keyboard.type(" 4");
    await expect.poll(() => problem.count()).toBe(0);
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => value("b")).toBe(6);
  });

  it("says what went wrong while it ran, marks the line, and lets its readers wait", async () => {
    await open(fence("const a = { part: 1 }"), fence("// reads\nconst b = a.part.of.it"), fence("const c = b"));
    await expect.poll(() => cell(1).locator(".error").innerText()).toContain("Line 2: TypeError");
    expect(await cell(1).locator(".cm-marked").innerText()).toBe("const b = a.part.of.it");
    expect(await state(1).innerText()).toBe("error");
    expect(await state(2).innerText()).toBe("waiting for b");
  });

  it("keeps the old value in sight, dimmed, after an error", async () => {
    await open(fence("const a = 5"));
    await enter(0);
    await page.keyboard.type(" / null.x");
    await page.keyboard.press("Control+Enter");
    await cell(0).locator(".error").waitFor();
    expect(await cell(0).locator(".view.stale output").innerText()).toBe("5");
  });

  it("says which names two cells give", async () => {
    await open(fence("const a = 1"), fence("const a = 2"));
    await expect.poll(() => cell(0).locator(".error").innerText()).toContain("“a” is given by 2 cells");
  });
});

describe("a stream", () => {
  const steps = fence("function* steps() {\n  for (let i = 1; ; i++) yield i\n}");

  it("shows its steps and their rate, is stopped within a step, and keeps its last value for its readers", async () => {
    await open(steps, fence("const twice = steps * 2"));
    await expect.poll(() => cell(0).locator(".note").innerText()).toMatch(/^step \d+ · \d.*\/s · 2 tensors, 48 kB$/);
    await cell(0).getByRole("button", { name: "Stop" }).click();
    await expect.poll(() => state(0).innerText()).toBe("stopped");
    await settled();
    await forget();
    const last = await value("steps");
    expect(await value("twice")).toBe((last as number) * 2);
    await page.waitForTimeout(300);
    expect(await value("steps")).toBe(last);
    expect(await log()).toEqual([]);
    await cell(0).getByRole("button", { name: "Run again" }).click();
    await expect.poll(() => state(0).innerText()).toBe("running");
    await expect.poll(log).toContain("steps gives 3");
  });

  it("goes on while its code is only being typed, and begins anew with the new code", async () => {
    await open(steps);
    await enter(0);
    await page.keyboard.type("// changed");
    await forget();
    await expect.poll(log).toContainEqual(expect.stringMatching(/^steps gives/));
    await page.keyboard.press("Control+Enter");
    await expect.poll(log).toEqual(expect.arrayContaining(["steps is given up", "steps runs", "steps gives 1"]));
  });
});

describe("code that may not run, or not yet", () => {
  it("of a notebook from elsewhere is shown, and runs when the reader agrees", async () => {
    await open();
    await show([fence("const a = 1"), fence("const b = a", "kernel")], false);
    // whoever asks
    await page.evaluate(() => [...window.codes.elements.keys()].forEach((key) => window.codes.graph.invalidate(key)));
    await cell(0).locator("pre, .cm-content").first().press("Control+Enter");
    await page.waitForTimeout(200);
    expect(await log()).toEqual([]);
    expect(await cell(0).locator(".distrust").innerText()).toContain("Its code does not run until you agree.");
    await cell(1).getByRole("button", { name: "Run this notebook’s code" }).click();
    await expect.poll(() => value("b")).toBe(1);
    expect(await page.locator("nst-code .distrust").count()).toBe(0);
  });

  it("with run=false is a listing", async () => {
    await open(fence("const a = 1", "kernel run=false"));
    expect(await log()).toEqual([]);
    expect(await cell(0).locator(".note").innerText()).toBe("not run: a listing");
    expect(await cell(0).getByRole("button", { name: "Run" }).count()).toBe(0);
  });

  it("that is run by hand waits to be asked, and says when it is out of date", async () => {
    await open(fence("const a = 1"), fence("const b = a + 1", "kernel manual"), fence("const c = b"));
    expect(await state(1).innerText()).toBe("not run yet");
    expect(await state(2).innerText()).toBe("waiting for b");
    await cell(1).getByRole("button", { name: "Run" }).click();
    await expect.poll(() => value("c")).toBe(2);
    await enter(0);
    await page.keyboard.type("0");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => state(1).innerText()).toBe("out of date");
    expect(await value("c")).toBe(2);
    await cell(1).getByRole("button", { name: "Run" }).click();
    await expect.poll(() => value("c")).toBe(11);
    expect(await state(1).count()).toBe(0);
  });

  it("runs when it is changed and run, also by hand", async () => {
    await open(fence("const a = 1", "kernel manual edit"));
    await enter(0);
    await page.keyboard.type("2");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => value("a")).toBe(12);
  });
});

describe("trouble where code runs", () => {
  it("a cell that had to be ended says so, and does not run again by itself", async () => {
    await open(fence("const a = 1"), fence("const b = a"));
    await forget();
    await page.evaluate(() => (window.codes.fail = "crash"));
    await cell(1).getByRole("button", { name: "Run" }).click();
    await expect.poll(() => cell(1).locator(".error").innerText()).toContain("took all the memory");
    await enter(0);
    await page.keyboard.type("1");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => value("a")).toBe(11);
    await settled();
    expect((await log()).filter((entry) => entry === "b runs")).toEqual(["b runs"]);
    await cell(1).locator(".error").getByRole("button", { name: "Run again" }).click();
    await expect.poll(() => value("b")).toBe(11);
  });

  it("a cell that another one took with it runs again by itself, once", async () => {
    await open(fence("const a = 1"));
    await forget();
    await page.evaluate(() => (window.codes.fail = "restart"));
    await cell(0).getByRole("button", { name: "Run" }).click();
    await expect.poll(async () => (await log()).filter((entry) => entry === "a gives 1").length).toBe(1);
    expect(await cell(0).locator(".error").count()).toBe(0);
  });
});

describe("what was typed and not run", () => {
  it("is told as a draft after a moment, opens the editor with it, and can be discarded", async () => {
    await open(fence("const a = 1"));
    await enter(0);
    await page.keyboard.type("23");
    const draft = () => page.evaluate(() => window.codes.session.snapshot().drafts);
    await expect.poll(async () => Object.values(await draft())).toEqual(["```js kernel edit\nconst a = 123\n```"]);
    expect(await cell(0).locator(".draft").innerText()).toContain("Changed, not run yet.");
    await page.evaluate(() => {
      const [element] = window.codes.elements.values();
      const again = document.createElement("nst-code");
      Object.assign(again, { cellId: "again", cell: element.cell, draft: window.codes.session.draft(element.cellId) });
      document.querySelector("main")!.append(again);
    });
    await expect.poll(() => content(1).innerText()).toBe("const a = 123");
    await page.locator("nst-code").nth(1).evaluate((element) => element.remove());
    await cell(0).getByRole("button", { name: "Discard" }).click();
    expect(await content(0).innerText()).toBe("const a = 1");
    expect(await draft()).toEqual({});
  });

  it("is told at once when the page goes, before anybody saves what there is", async () => {
    await open(fence("const a = 1"));
    await enter(0);
    await page.keyboard.type("7");
    const drafts = await page.evaluate(() => {
      let seen = {};
      addEventListener("pagehide", () => (seen = window.codes.session.snapshot().drafts));
      dispatchEvent(new Event("pagehide"));
      return seen;
    });
    expect(Object.values(drafts)).toEqual(["```js kernel edit\nconst a = 17\n```"]);
  });

  it("is no draft when it was typed back", async () => {
    await open(fence("const a = 1"));
    await enter(0);
    await page.keyboard.type("2");
    await page.keyboard.press("Backspace");
    await page.waitForTimeout(500);
    expect(await page.evaluate(() => window.codes.session.snapshot().drafts)).toEqual({});
  });
});

describe("the editor", () => {
  it("completes nst names, and shows signature and docstring", async () => {
    await open(fence("const a = 1"));
    await enter(0);
    await page.keyboard.type("\nnst.gra");
    const popup = cell(0).locator(".cm-tooltip-autocomplete");
    await popup.waitFor();
    expect(await popup.locator("li").first().innerText()).toContain("gram");
    const info = cell(0).locator(".cm-completionInfo");
    await info.waitFor();
    expect(await info.locator("code").innerText()).toMatch(/^gram\(F: /);
    expect(await info.locator("p").innerText()).toContain("Gram");
    // in a list's first moment Enter is taken for the end of a line
    await page.waitForTimeout(200);
    await page.keyboard.press("Enter");
    expect(await content(0).innerText()).toContain("nst.gram");
  });

  it("completes names of the notebook with what they are", async () => {
    await open(fence("const pictures = [1, 2, 3]"), fence("const b = 1"));
    await enter(1);
    await page.keyboard.type("\npict");
    const option = cell(1).locator(".cm-tooltip-autocomplete li").first();
    await option.waitFor();
    expect(await option.innerText()).toContain("array of 3");
  });

  it("can be gone through with the Tab key, edited with it, and left with Escape and Tab", async () => {
    await open(fence("const a = 1"), fence("const b = 1"));
    await content(0).waitFor();
    const focused = () => page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.className.split(" ")[0] || element?.textContent?.trim();
    });
    await cell(0).getByRole("button", { name: "Hide code" }).focus();
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("cm-content");
    await page.keyboard.press("Tab");
    expect(await focused()).not.toBe("cm-content");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Control+End");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("cm-content");
    expect(await content(0).innerText()).toBe("  const a = 1");
    await page.keyboard.press("Escape");
    // however long the reader takes
    await page.waitForTimeout(2300);
    await page.keyboard.press("Tab");
    expect(await focused()).not.toBe("cm-content");
    expect(await content(0).getAttribute("aria-description")).toContain("Press Escape, then Tab, to leave the editor.");
    expect(await content(0).getAttribute("aria-label")).toBe("code of a");
  });

  it("opens from the listing by a press, by Enter and by its button, with the cursor in it", async () => {
    await open(fence("const a = 1", "kernel"));
    expect(await cell(0).locator(".tok-keyword").innerText()).toBe("const");
    for (const act of [() => cell(0).locator("pre").click(), () => cell(0).locator("pre").press("Enter"), () => cell(0).getByRole("button", { name: "Edit" }).click()]) {
      await act();
      await content(0).waitFor();
      await expect.poll(() => content(0).evaluate((element) => element.classList.contains("cm-content") && element.getRootNode() instanceof ShadowRoot && (element.getRootNode() as ShadowRoot).activeElement === element)).toBe(true);
      await cell(0).getByRole("button", { name: "Close editor" }).click();
      await cell(0).locator("pre").waitFor();
    }
    await cell(0).getByRole("button", { name: "Hide code" }).click();
    expect(await cell(0).locator("pre").count()).toBe(0);
    await cell(0).getByRole("button", { name: "Show code" }).click();
    await cell(0).locator("pre").waitFor();
  });

  it("is a plain text field where its code cannot be loaded, and works", async () => {
    ({ page, errors } = await openPage(browser, "about:blank"));
    await page.route(/editor-setup/, (route) => route.abort());
    await page.goto(`${inject("pages")}code.html`);
    await page.waitForFunction(() => window.codes);
    await show([fence("const a = 1")]);
    const field = cell(0).getByRole("textbox", { name: "code of a" });
    await field.fill("const a = 7");
    await field.press("Control+Enter");
    await expect.poll(() => value("a")).toBe(7);
    expect(errors.splice(0).every((error) => /Failed to load resource|preload/.test(error))).toBe(true);
  });

  it("keeps its colours readable in both themes", async () => {
    await open(fence('const text = "a string" // a comment\nconst many = [1, true, null, /x/]'));
    await content(0).waitFor();
    for (const theme of ["light", "dark"]) {
      const low = await page.evaluate((theme) => {
        document.documentElement.dataset.theme = theme;
        const rgb = (colour: string) => colour.match(/[\d.]+/g)!.slice(0, 3).map(Number);
        const luminance = (colour: string) => rgb(colour).map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
        const editor = document.querySelector("nst-code")!.shadowRoot!.querySelector("nst-editor")!;
        const ground = luminance(getComputedStyle(editor).backgroundColor);
        return [...editor.shadowRoot!.querySelectorAll(".cm-line span, .cm-gutterElement")].flatMap((span) => {
          const ink = luminance(getComputedStyle(span).color);
          const ratio = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
          return ratio < 4.5 ? [`${span.textContent}: ${ratio}`] : [];
        });
      }, theme);
      expect([theme, low]).toEqual([theme, []]);
    }
    expect(await cell(0).locator(".cm-line span").count()).toBeGreaterThan(6);
  });
});

describe("to a screen reader", () => {
  it("every control of a code cell and of its values has a name and a role", async () => {
    await open(fence("const a = { list: [1, 2], deep: { x: 1 } }"), fence("const b = Array.from({ length: 40 }, (_, i) => Math.sin(i))"), fence("const c = missing"));
    await page.evaluate(() => window.codes.showValue(window.codes.tensor([8, 8], (i) => i - 30).shown, "gram"));
    const cdp = await page.context().newCDPSession(page);
    const { nodes } = await cdp.send("Accessibility.getFullAXTree");
    const told = nodes.filter(({ ignored }) => !ignored).map(({ role, name }) => ({ role: role?.value as string, name: (name?.value as string) ?? "" }));
    const controls = ["button", "textbox", "slider", "image", "group", "tree", "treeitem", "application"];
    expect(told.filter(({ role, name }) => controls.includes(role) && !name.trim())).toEqual([]);
    const names = (role: string) => told.filter((node) => node.role === role).map(({ name }) => name);
    expect(names("textbox")).toEqual(["code of a", "code of b", "code of c"]);
    expect(names("image")).toEqual(expect.arrayContaining([expect.stringMatching(/^b: line, 40, values from −1 to 1/), expect.stringMatching(/^gram: heat map, 8 × 8, values from −30 to 33, mean 1.5/)]));
    expect(names("tree")).toEqual(["a"]);
  });

  it("the tree of a value is gone through with the arrow keys", async () => {
    await open(fence("const a = { list: [1, 2], deep: { x: 1 } }"));
    const tree = cell(0).getByRole("tree");
    await tree.getByRole("treeitem").first().focus();
    for (const key of ["ArrowDown", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
    const current = () => tree.locator('[tabindex="0"]').innerText();
    await expect.poll(current).toContain("0");
    expect(await tree.getByRole("treeitem").count()).toBe(5);
    await page.keyboard.press("ArrowLeft");
    await expect.poll(current).toContain("list");
    await page.keyboard.press("ArrowLeft");
    expect(await tree.getByRole("treeitem").count()).toBe(3);
    await page.keyboard.press("End");
    await expect.poll(current).toContain("deep");
  });
});
