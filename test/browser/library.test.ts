import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { embeddedElement, VERSION } from "../../src/embedded";
import { launch } from "./support/chrome";
import { openPage, type OpenedPage } from "./support/page";
import type {} from "./pages/library";

const WAVES = "# 2 · Waves\n\nOne thing.\n\n## How they break\n\nAnother thing.\n\n## How they end\n\nA third thing.\n";
const GRAM = "# 10 · Gram\n\nText.\n";
const SHIPPED = [{ name: "gram", text: GRAM }, { name: "waves", text: WAVES }];
const wide = { width: 1280, height: 800 };
const narrow = { width: 390, height: 844 };

let browser: Browser;
let opened: OpenedPage;
let page: Page;

beforeAll(async () => void (browser = await launch({ gpu: false })));
afterEach(async () => {
  await opened.page.close();
  expect(opened.errors).toEqual([]);
});
afterAll(() => browser?.close());

async function open({ size = wide, shipped = SHIPPED, hash = "", before = async (_: Page): Promise<unknown> => undefined } = {}): Promise<void> {
  opened = await openPage(browser, "about:blank");
  page = opened.page;
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize(size);
  await before(page);
  await page.goto(`${inject("pages")}library.html${hash}`);
  await page.waitForFunction(() => window.start);
  await start(shipped);
}

const start = (shipped: { name: string; text: string }[]) => page.evaluate((shipped) => window.start(shipped), shipped);
const sidebar = () => page.locator("nst-sidebar");
const rows = () => sidebar().locator(".entry > a").allInnerTexts();
const current = () => sidebar().locator('a[aria-current="page"]').innerText();
const text = () => page.evaluate(() => window.opened!.session.text);
const hash = () => new URL(page.url()).hash;
const edit = (text: string) => page.evaluate((text) => window.opened!.session.change(text, "edit"), text);
const kept = () => page.evaluate(() => window.opened!.keeper.flush());
const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
const menuButton = (title: string) => button(`What to do with “${title}”`);
const notice = (text: string | RegExp) => page.locator("nst-notices .notice", { hasText: text });
const dialog = () => page.getByRole("dialog");

async function choose(title: string, item: string): Promise<void> {
  await sidebar().locator(".entry", { hasText: title }).hover();
  await menuButton(title).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

/** What has the focus, seen through shadow trees: its accessible name or text. */
const focused = () =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? null;
  });

/** Drags files over an element and lets them go there. @returns what the page says to the dragging and the letting go */
const drop = (selector: string, files: { name: string; type: string; text: string }[], { refuse = false } = {}) =>
  page.evaluate(
    ([selector, files, refuse]) => {
      const transfer = new DataTransfer();
      for (const { name, type, text } of files) transfer.items.add(new File([text], name, { type }));
      const element = document.querySelector(selector)!;
      const send = (type: string) => {
        const event = new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true, composed: true });
        if (refuse) element.addEventListener(type, (event) => event.preventDefault(), { once: true });
        element.dispatchEvent(event);
        return event.defaultPrevented;
      };
      const taken = send("dragover");
      return new Promise<{ taken: boolean; said: string; dropped: boolean }>((resolve) =>
        requestAnimationFrame(() => {
          const said = document.querySelector("nst-import-drop")!.shadowRoot!.textContent!.trim();
          resolve({ taken, said, dropped: send("drop") });
        }),
      );
    },
    [selector, files, refuse] as const,
  );

describe("the list of notebooks", () => {
  it("has the shipped ones first, numbers in their order, then one's own, with the headings of the open one", async () => {
    await open();
    await button("New notebook").click();
    await expect.poll(rows).toEqual(["2 · Waves", "10 · Gram", "New notebook"]);
    expect(await sidebar().getByRole("list", { name: "Your notebooks" }).getByRole("link").allInnerTexts()).toEqual(["New notebook"]);
    await sidebar().getByRole("link", { name: "2 · Waves" }).click();
    await expect.poll(() => sidebar().locator("ul ul a").allInnerTexts()).toEqual(["How they break", "How they end"]);
    await edit(WAVES.replace("How they end", "How they rest"));
    await expect.poll(() => sidebar().locator("ul ul a").allInnerTexts()).toEqual(["How they break", "How they rest"]);
  });

  it("says which are edited, where the shipped text has changed since, and what came from elsewhere", async () => {
    await open();
    await edit(WAVES.replace("One thing", "My thing"));
    await expect.poll(() => sidebar().locator(".marks").allInnerTexts()).toEqual(["edited"]);
    await kept();
    await page.evaluate(() => window.workspace.import("# From afar\n", "afar.md"));
    await page.evaluate(() => window.workspace.receive({ name: "x", title: null, text: "# By link\n", params: {}, drafts: {} }));
    await start([{ name: "gram", text: GRAM }, { name: "waves", text: WAVES.replace("A third", "A fourth") }]);
    await expect.poll(() => sidebar().locator(".marks").allInnerTexts()).toEqual(["edited · there is a newer text", "came by a link", "from a file"]);
    const described = await sidebar().getByRole("link", { name: "By link" }).getAttribute("aria-describedby");
    expect(await sidebar().locator(`#${described}`).innerText()).toBe("came by a link");
  });

  it("makes a new notebook and opens it", async () => {
    await open();
    await button("New notebook").click();
    await expect.poll(current).toBe("New notebook");
    expect(hash()).toBe("#/new-notebook");
    expect(await text()).toMatch(/^# New notebook\n/);
  });

  it("duplicates a shipped notebook as it is on the page, also what is not saved yet", async () => {
    await open();
    await edit(WAVES.replace("One thing", "My thing"));
    await choose("2 · Waves", "Duplicate");
    await expect.poll(current).toBe("2 · Waves (copy)");
    expect(await text()).toBe(WAVES.replace("# 2 · Waves", "# 2 · Waves (copy)").replace("One thing", "My thing"));
  });

  it("renames a notebook of one's own, in its text and in the address, and the focus stays in the list", async () => {
    await open();
    await button("New notebook").click();
    await expect.poll(current).toBe("New notebook");
    const body = (await text()).split("\n").slice(1);
    await choose("New notebook", "Rename…");
    const field = dialog().getByRole("textbox", { name: "Title" });
    expect(await field.evaluate((input) => (input as HTMLInputElement).value.slice((input as HTMLInputElement).selectionStart!, (input as HTMLInputElement).selectionEnd!))).toBe("New notebook");
    await page.keyboard.type("Foam & spray");
    await page.keyboard.press("Enter");
    await expect.poll(current).toBe("Foam & spray");
    expect((await text()).split("\n").slice(1)).toEqual(body);
    await expect.poll(hash).toBe("#/foam-spray");
    expect(await focused()).toBe("What to do with “Foam & spray”");
  });

  it("deletes a notebook of one's own, shows another, and brings it back as it was", async () => {
    await open();
    await button("New notebook").click();
    await expect.poll(current).toBe("New notebook");
    await edit("# New notebook\n\nMine alone.\n");
    await choose("New notebook", "Delete");
    await expect.poll(current).toBe("2 · Waves");
    expect(await rows()).toEqual(["2 · Waves", "10 · Gram"]);
    await notice("“New notebook” was deleted.").getByRole("button", { name: "Bring it back" }).click();
    await expect.poll(current).toBe("New notebook");
    expect(await text()).toBe("# New notebook\n\nMine alone.\n");
    expect(await notice("was deleted").count()).toBe(0);
  });

  it("offers no deletion and no renaming of shipped notebooks, and no comparison of what was not edited", async () => {
    await open();
    await menuButton("2 · Waves").click();
    const items = () => page.getByRole("menuitem").allInnerTexts().then((all) => all.map((item) => item.trim()));
    expect(await items()).toEqual(["Duplicate", "Copy link", "Export .md", "Export as one HTML file…", "Compare with shipped…", "Reset to shipped…"]);
    expect(await page.getByRole("menuitem", { name: "Compare with shipped…" }).isDisabled()).toBe(true);
    await page.keyboard.press("Escape");
    await button("New notebook").click();
    await menuButton("New notebook").click();
    expect(await items()).toEqual(["Duplicate", "Rename…", "Delete", "Copy link", "Export .md", "Export as one HTML file…"]);
  });
});

describe("by keyboard", () => {
  it("a notebook's menu opens, is gone through, closes and gives the focus back", async () => {
    await open();
    await menuButton("2 · Waves").focus();
    expect(await menuButton("2 · Waves").getAttribute("aria-haspopup")).toBe("menu");
    await page.keyboard.press("Enter");
    await expect.poll(focused).toBe("Duplicate");
    expect(await menuButton("2 · Waves").getAttribute("aria-expanded")).toBe("true");
    await page.keyboard.press("ArrowDown");
    expect(await focused()).toBe("Copy link");
    await page.keyboard.press("End");
    expect(await focused()).toBe("Reset to shipped…");
    await page.keyboard.press("e");
    expect(await focused()).toBe("Export .md");
    await page.keyboard.press("Escape");
    expect(await focused()).toBe("What to do with “2 · Waves”");
    expect(await page.getByRole("menu").count()).toBe(0);
    await page.keyboard.press("ArrowDown");
    await expect.poll(focused).toBe("Duplicate");
    await page.keyboard.press("Enter");
    await expect.poll(current).toBe("2 · Waves (copy)");
  });

  it("pressing the button of an open menu closes it", async () => {
    await open();
    await menuButton("2 · Waves").click();
    await page.getByRole("menu").waitFor();
    await menuButton("2 · Waves").click();
    await expect.poll(() => page.getByRole("menu").count()).toBe(0);
    await menuButton("2 · Waves").click();
    await page.getByRole("menu").waitFor();
  });

  it("a dialog takes the focus, keeps it, and gives it back after Escape, with nothing changed", async () => {
    await open();
    await edit(WAVES.replace("One thing", "My thing"));
    await menuButton("2 · Waves").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await dialog().waitFor();
    expect(await dialog().getAttribute("aria-labelledby")).toBe("title");
    expect(await focused()).toBe("Cancel");
    const inside = await page.evaluate(() => document.activeElement?.localName);
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Reset to shipped");
    expect([inside, await page.evaluate(() => document.activeElement?.localName)]).toEqual(["nst-dialog", "nst-dialog"]);
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator("nst-dialog").count()).toBe(0);
    expect(await focused()).toBe("What to do with “2 · Waves”");
    expect(await text()).toContain("My thing");
  });
});

describe("import", () => {
  const code = "# Foreign\n\n```js\nconst a = 1\n```\n";

  it("takes a Markdown file byte for byte, and asks before its code runs", async () => {
    await open();
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), button("Import…").click()]);
    const odd = `${code.replaceAll("\n", "\r\n")}ends without a line break, with blanks  `;
    await chooser.setFiles({ name: "foreign.md", mimeType: "text/markdown", buffer: Buffer.from(odd) });
    await expect.poll(current).toBe("Foreign");
    expect(await text()).toBe(odd);
    const foreign = notice("This notebook came from a file. Its code is shown and does not run until you agree.");
    await foreign.waitFor();
    expect(await page.evaluate(() => [window.agreed, window.opened!.record.trusted])).toEqual([0, false]);
    await foreign.getByRole("button", { name: "Run its code" }).click();
    await expect.poll(() => page.evaluate(() => [window.agreed, window.opened!.record.trusted])).toEqual([1, true]);
    expect(await foreign.count()).toBe(0);
  });

  it("takes a page that the workbench exported, with parameters, drafts and pictures", async () => {
    await open();
    const src = `own:${"ab".repeat(32)}`;
    const html = `<!doctype html><title>x</title>${embeddedElement({
      version: VERSION,
      id: "0123456789abcdef01234567",
      name: "foreign",
      title: "Foreign",
      snapshot: { text: code, params: {}, drafts: {} },
      pictures: [{ src, name: "dot.png", type: "image/png", base64: Buffer.from("some bytes").toString("base64") }],
    })}`;
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), button("Import…").click()]);
    await chooser.setFiles({ name: "foreign.html", mimeType: "text/html", buffer: Buffer.from(html) });
    await expect.poll(current).toBe("Foreign");
    expect(await text()).toBe(code);
    const pictures = () => page.evaluate(async () => (await window.workspace.store.usage()).pictures.map(({ name, bytes }) => ({ name, bytes })));
    await expect.poll(pictures).toEqual([{ name: "dot.png", bytes: 10 }]);
  });

  it("explains which files it cannot take, and takes the others", async () => {
    await open();
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), button("Import…").click()]);
    await chooser.setFiles([
      { name: "cat.png", mimeType: "image/png", buffer: Buffer.from([137, 80, 78, 71]) },
      { name: "bits.md", mimeType: "text/markdown", buffer: Buffer.from([0, 1, 2, 0]) },
      { name: "page.html", mimeType: "text/html", buffer: Buffer.from("<p>Hello</p>") },
      { name: "good.md", mimeType: "text/markdown", buffer: Buffer.from("# Good\n") },
    ]);
    await dialog().waitFor();
    expect(await dialog().getByRole("heading").innerText()).toBe("3 files were not imported");
    expect(await dialog().getByRole("listitem").allInnerTexts()).toEqual([expect.stringContaining("“cat.png” is no notebook"), expect.stringContaining("“bits.md” is not a text file"), expect.stringContaining("“page.html” is a page, but there is no notebook in it")]);
    await page.keyboard.press("Escape");
    await expect.poll(current).toBe("Good");
  });

  it("takes a file that is dropped anywhere", async () => {
    await open();
    const seen = await drop("nst-prose", [{ name: "foreign.md", type: "text/markdown", text: code }]);
    expect(seen).toEqual({ taken: true, said: "Drop to import", dropped: true });
    await expect.poll(current).toBe("Foreign");
    expect(await text()).toBe(code);
  });

  it("leaves to a cell what a cell takes, and does nothing with a picture that missed its cell", async () => {
    await open();
    expect(await drop("nst-prose", [{ name: "foreign.md", type: "text/markdown", text: code }], { refuse: true })).toMatchObject({ said: "" });
    // the browser would leave the page for the picture
    expect(await drop("nst-prose", [{ name: "cat.png", type: "image/png", text: "" }])).toMatchObject({ taken: true, said: "" });
    await page.keyboard.press("Escape");
    expect(await rows()).toEqual(["2 · Waves", "10 · Gram"]);
  });
});

describe("export as Markdown", () => {
  it("is the text byte for byte, with what was typed and not run yet in its place", async () => {
    await open();
    const odd = "# Odd  \r\n\r\n\r\nprose with é and 🌊\t \n\n```js\nconst a = 1\n```\n\n\n```js\nconst b = 2\n```\nno line break at the end";
    await edit(odd);
    await page.evaluate(() => {
      const { session } = window.opened!;
      const [, first, second] = session.slots.map(({ key }) => key);
      session.setDraft(first, "```js\nconst a = 100 // longer than before\n```");
      session.setDraft(second, "```js\nb\n```");
    });
    const [download] = await Promise.all([page.waitForEvent("download"), choose("Odd", "Export .md")]);
    expect(download.suggestedFilename()).toBe("waves.md");
    expect(await readFile(await download.path(), "utf8")).toBe(odd.replace("const a = 1", "const a = 100 // longer than before").replace("const b = 2", "b"));
  });

  it("works for a notebook that is not open, and leaves the open one open", async () => {
    await open();
    const [download] = await Promise.all([page.waitForEvent("download"), choose("10 · Gram", "Export .md")]);
    expect(await readFile(await download.path(), "utf8")).toBe(GRAM);
    expect(await current()).toBe("2 · Waves");
    await edit(`${WAVES}\nMore.\n`);
    await kept();
    expect(await page.evaluate(() => window.opened!.keeper.state)).toBe("saved");
  });
});

describe("a link", () => {
  const grant = (page: Page) => page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());

  it("holds the notebook, its parameters and its drafts, and opens elsewhere as a notebook whose code waits", async () => {
    await open({ before: grant });
    const mine = `${WAVES}\n\`\`\`js\nconst a = 1\n\`\`\`\n`;
    await edit(mine);
    await page.evaluate(() => {
      const { session } = window.opened!;
      session.setParam(session.slots[0].key, "steps", 7);
      session.setDraft(session.slots.at(-1)!.key, "```js\nconst a = 2\n```");
    });
    const snapshot = await page.evaluate(() => window.opened!.session.snapshot());
    await choose("2 · Waves", "Copy link");
    await notice("The link is copied.").waitFor();
    const link = await clipboard();
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/library\.html#share=/);
    await page.close();

    await open({ hash: new URL(link).hash });
    await notice("This notebook came by a link.").waitFor();
    expect(await page.evaluate(() => window.opened!.session.snapshot())).toEqual(snapshot);
    expect(hash()).toBe("#/2-waves");
  });

  it("is offered selected in a dialog where the page may not copy it", async () => {
    await open({
      before: (page) =>
        page.addInitScript(() => {
          const refuse = () => Promise.reject(new DOMException("no", "NotAllowedError"));
          Object.defineProperty(navigator, "clipboard", { value: { write: refuse, writeText: refuse } });
        }),
    });
    await choose("2 · Waves", "Copy link");
    const field = dialog().getByRole("textbox", { name: "Link to the notebook" });
    await field.waitFor();
    const selected = await field.evaluate((element) => {
      const { value, selectionStart, selectionEnd } = element as HTMLTextAreaElement;
      return value.slice(selectionStart, selectionEnd);
    });
    expect(selected).toMatch(/#share=/);
    expect(await focused()).toBe("Link to the notebook");
  });

  it("says when it is too long for some programs, and what it does not hold", async () => {
    await open({ before: grant });
    const noise = Array.from({ length: 4000 }, (_, i) => Math.sin(i).toString(36)).join(" ");
    await edit(`# 2 · Waves\n\n${noise}\n\n<nst-image as="a" src="own:${"cd".repeat(32)}"></nst-image>\n`);
    await choose("2 · Waves", "Copy link");
    await notice(/The link has [\d,]+ characters; some programs cut off/).waitFor();
    await notice("A picture of your own is not in the link.").waitFor();
    expect((await clipboard()).length).toBeGreaterThan(30_000);
  });

  it("that is damaged is explained, and the first notebook opens", async () => {
    await open({ hash: "#share=AAAA" });
    await dialog().getByRole("heading", { name: "This link could not be opened" }).waitFor();
    await page.keyboard.press("Escape");
    expect(await current()).toBe("2 · Waves");
    expect(hash()).toBe("");
  });
});

describe("an edited shipped notebook", () => {
  const mine = WAVES.replace("One thing", "My thing").replace("A third thing", "My third thing");

  it("is compared beside the shipped text, and one change alone is taken back, by keyboard", async () => {
    await open();
    await edit(mine);
    await choose("2 · Waves", "Compare with shipped…");
    await dialog().getByText("They differ in 2 places.").waitFor();
    expect(await dialog().locator(".cm-mergeView .cm-editor").count()).toBe(2);
    await dialog().getByRole("button", { name: "Take this change back" }).first().focus();
    await page.keyboard.press("Enter");
    await dialog().getByText("They differ in one place.").waitFor();
    expect(await text()).toBe(mine); // not before it is agreed to
    await dialog().getByRole("button", { name: "Keep the rest of mine" }).click();
    await expect.poll(text).toBe(WAVES.replace("A third thing", "My third thing"));
    expect(await page.evaluate(() => window.opened!.session.history.next.undo)).toBe("take changes back");
  });

  it("keeps its line ends when a change is taken back", async () => {
    const windows = SHIPPED.map(({ name, text }) => ({ name, text: text.replaceAll("\n", "\r\n") }));
    await open({ shipped: windows });
    await edit(mine.replaceAll("\n", "\r\n"));
    await choose("2 · Waves", "Compare with shipped…");
    for (const places of ["2 places", "one place"]) {
      await dialog().getByText(`They differ in ${places}.`).waitFor();
      await dialog().getByRole("button", { name: "Take this change back" }).first().click();
    }
    await dialog().getByText("The two texts are the same.").waitFor();
    await dialog().getByRole("button", { name: "Keep the rest of mine" }).click();
    await expect.poll(text).toBe(windows[1].text);
  });

  it("is reset when that is agreed to, and that can be taken back", async () => {
    await open();
    await edit(mine);
    await choose("2 · Waves", "Reset to shipped…");
    await dialog().getByRole("button", { name: "Cancel" }).click();
    expect(await text()).toBe(mine);
    await choose("2 · Waves", "Reset to shipped…");
    await dialog().getByRole("button", { name: "Reset to shipped" }).click();
    await expect.poll(text).toBe(WAVES);
    expect(await sidebar().locator(".marks").count()).toBe(0);
    await notice("is as it came with the workbench").getByRole("button", { name: "Take that back" }).click();
    await expect.poll(text).toBe(mine);
  });

  const NEWER = [SHIPPED[0], { name: "waves", text: WAVES.replace("Another thing", "A better thing") }];
  const changed = () => notice("This notebook has been changed by its authors since you edited it.");

  async function openNewer(): Promise<void> {
    await open();
    await edit(mine);
    await kept();
    await start(NEWER);
    await changed().waitFor();
    expect(await text()).toBe(mine);
  }

  it("offers both versions when the shipped text has changed: the new one", async () => {
    await openNewer();
    await changed().getByRole("button", { name: "Take the new one" }).click();
    await expect.poll(text).toBe(NEWER[1].text);
    await expect.poll(() => changed().count()).toBe(0);
  });

  it("offers both versions when the shipped text has changed: one's own", async () => {
    await openNewer();
    await changed().getByRole("button", { name: "Keep mine" }).click();
    await expect.poll(() => changed().count()).toBe(0);
    expect(await text()).toBe(mine);
    await start(NEWER);
    expect(await changed().count()).toBe(0);
    expect(await sidebar().locator(".marks").allInnerTexts()).toEqual(["edited"]);
  });

  it("is compared with the changed shipped text, and the question stays until it is answered", async () => {
    await openNewer();
    await changed().getByRole("button", { name: "Compare" }).click();
    await dialog().getByText("They differ in 3 places.").waitFor();
    await page.keyboard.press("Escape");
    await changed().getByRole("button", { name: "Compare" }).click();
    await dialog().getByRole("button", { name: "Keep mine" }).click();
    await expect.poll(() => changed().count()).toBe(0);
    expect(await text()).toBe(mine);
  });
});

describe("what is said of keeping", () => {
  it("what the browser keeps is shown in a dialog", async () => {
    await open();
    await page.evaluate(() => window.workspace.import("# From afar\n", "afar.md"));
    await button("Storage…").click();
    await dialog().getByRole("heading", { name: "What this browser keeps" }).waitFor();
    await dialog().locator("nst-storage").getByText("From afar").first().waitFor();
    await page.keyboard.press("Escape");
    expect(await focused()).toBe("Storage…");
  });

  it("a conflict with another tab is an alert that has to be answered; both versions can be kept", async () => {
    await open();
    await button("New notebook").click();
    await expect.poll(current).toBe("New notebook");
    await edit("# New notebook\n\nMine.\n");
    await page.evaluate(() => window.otherTab("new-notebook", "# New notebook\n\nTheirs.\n"));
    await kept();
    const alert = page.getByRole("alert").filter({ hasText: "was changed in another tab" });
    await alert.waitFor();
    expect(await alert.getByRole("button").allInnerTexts()).toEqual(["Keep mine", "Take the other", "Keep both"]);
    await alert.getByRole("button", { name: "Keep both" }).click();
    await expect.poll(text).toBe("# New notebook\n\nTheirs.\n");
    await notice("This tab’s version is now a notebook of its own").getByRole("button", { name: "Open it" }).click();
    await expect.poll(text).toMatch(/Mine\.\n$/);
    expect(await alert.count()).toBe(0);
  });

  it("a notebook that another tab deleted can be let go, and the page shows another", async () => {
    await open();
    await button("New notebook").click();
    await expect.poll(current).toBe("New notebook");
    await edit("# New notebook\n\nMine.\n");
    await kept();
    await page.evaluate(() => window.otherTab("new-notebook", null));
    const alert = page.getByRole("alert").filter({ hasText: "was deleted in another tab" });
    await alert.getByRole("button", { name: "Let it go" }).click();
    await expect.poll(current).toBe("2 · Waves");
    expect(await rows()).toEqual(["2 · Waves", "10 · Gram"]);
    expect(await alert.count()).toBe(0);
  });

  it("what could not be kept is an alert with the reason, and goes when it is kept after all", async () => {
    await open();
    await page.evaluate(() => (window.full = true));
    await edit(`${WAVES}\nMore.\n`);
    await kept();
    const alert = page.getByRole("alert").filter({ hasText: "was not kept" });
    await alert.getByText(/no more room/).waitFor();
    await page.evaluate(() => (window.full = false));
    await alert.getByRole("button", { name: "Try again" }).click();
    await expect.poll(() => page.evaluate(() => window.opened!.keeper.state)).toBe("saved");
    expect(await alert.count()).toBe(0);
  });

  it("that something was saved is said in passing", async () => {
    await open();
    const said = page.locator("nst-notices .saving");
    expect(await said.isVisible()).toBe(false);
    await edit(`${WAVES}\nMore.\n`);
    await expect.poll(() => said.innerText(), { interval: 30 }).toBe("Saved");
    await expect.poll(() => said.isVisible(), { timeout: 5000 }).toBe(false);
  });

  it("messages go by themselves, but not while they are pointed at, and stay if they should", async () => {
    await open({ before: (page) => page.clock.install() });
    await page.evaluate(() => {
      window.shown.show({ id: "a", text: "In passing." });
      window.shown.show({ id: "b", text: "To stay.", sticky: true });
    });
    await notice("In passing.").hover();
    await page.clock.runFor(10_000);
    expect(await notice("In passing.").count()).toBe(1);
    await page.mouse.move(0, 0);
    await page.clock.runFor(10_000);
    await expect.poll(() => notice("In passing.").count()).toBe(0);
    expect(await notice("To stay.").count()).toBe(1);
    await notice("To stay.").getByRole("button", { name: "Close this message" }).click();
    await expect.poll(() => notice("To stay.").count()).toBe(0);
  });
});

describe("on a narrow screen", () => {
  it("the menus are in the list behind the button, and the comparison has one column", async () => {
    await open({ size: narrow });
    await edit(WAVES.replace("One thing", "My thing"));
    await button("Menu").click();
    await menuButton("2 · Waves").click();
    await page.getByRole("menuitem", { name: "Compare with shipped…" }).click();
    await dialog().getByText("They differ in one place.").waitFor();
    expect(await dialog().locator(".cm-editor").count()).toBe(1);
    const { x, width } = (await dialog().boundingBox())!;
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(390);
    await dialog().getByRole("button", { name: "Take this change back" }).focus();
    await page.keyboard.press("Enter");
    await dialog().getByRole("button", { name: "Keep the rest of mine" }).click();
    await expect.poll(text).toBe(WAVES);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  it("the list folds up when another notebook opens", async () => {
    await open({ size: narrow });
    await button("Menu").click();
    await button("New notebook").click();
    await expect.poll(() => button("Menu").getAttribute("aria-expanded")).toBe("false");
    expect(await page.locator("h1").innerText()).toBe("New notebook");
  });
});
