/** What the person made is there again: after a reload, a crash, in a second tab, and when the browser has no room. */
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { NotebookRecord } from "../../src/notebook/store";
import { launch } from "./support/chrome";
import { openPage } from "./support/page";
import { Workbench } from "./support/workbench";

const PICTURES = join(import.meta.dirname, "../pictures");
const KEPT = "# Kept\n\nA line.\n\n<nst-image as=\"content\" src=\"owl.jpg\"></nst-image>\n\n<nst-settings as=\"settings\"></nst-settings>\n\n<nst-network as=\"network\"></nst-network>\n";

let browser: Browser;
let context: BrowserContext;

beforeAll(async () => void (browser = await launch({ gpu: false, full: true })));
afterAll(() => browser?.close());
beforeEach(async () => void (context = await browser.newContext({ serviceWorkers: "block", reducedMotion: "reduce", viewport: { width: 1280, height: 900 } })));
afterEach(() => context.close());

/** A tab with a notebook open. */
class Tab {
  constructor(
    readonly page: Page,
    readonly errors: string[],
  ) {}

  static async open(hash = "", on: BrowserContext = context): Promise<Tab> {
    const { page, errors } = await openPage(on, inject("app") + hash);
    page.setDefaultTimeout(15_000);
    const tab = new Tab(page, errors);
    await tab.ready();
    return tab;
  }

  async ready(): Promise<void> {
    await this.page.waitForFunction(() => document.querySelector("nst-notebook")?.childElementCount);
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** Name of the open notebook. */
  name(): Promise<string> {
    return this.page.evaluate(() => decodeURIComponent(/^#\/([^/]+)/.exec(location.hash)?.[1] ?? "first-transfer"));
  }

  /** Gives the open notebook another text, as an edit of a cell does. */
  async edit(text: string): Promise<void> {
    await this.page.evaluate(([name, text]) => document.querySelector("nst-app")!.workspace!.open(name).then((opened) => opened!.session.change(text, "edit")), [await this.name(), text] as const);
  }

  async state(): Promise<{ state: string; problem: string; text: string }> {
    return this.page.evaluate(async (name) => {
      const { keeper, session } = (await document.querySelector("nst-app")!.workspace!.open(name))!;
      return { state: keeper.state, problem: keeper.problem, text: session.text };
    }, await this.name());
  }

  async until(state: string): Promise<void> {
    await expect.poll(async () => (await this.state()).state, { timeout: 8000 }).toBe(state);
  }

  /** What is kept of a notebook, whatever this tab shows. */
  kept(name: string): Promise<NotebookRecord | null> {
    return this.page.evaluate((name) => document.querySelector("nst-app")!.workspace!.store.find(name), name);
  }

  button(name: string) {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** The image cell shows this picture. */
  async shows(title: string): Promise<void> {
    await this.page.locator("nst-image[as=content] figcaption .title", { hasText: title }).waitFor();
  }
}

/** Makes the notebook of these tests in a tab, and opens it there. */
async function withKept(): Promise<Tab> {
  const tab = await Tab.open();
  await tab.page.evaluate(async (text) => {
    location.hash = `#/${await document.querySelector("nst-app")!.workspace!.import(text, "kept.md")}`;
  }, KEPT);
  await tab.page.locator("nst-notebook h1", { hasText: "Kept" }).waitFor();
  return tab;
}

describe("a reload", () => {
  it("finds edits, parameters, pictures and the place as they were left", async () => {
    const workbench = await Workbench.open(context, inject("app"));
    const { page } = workbench;
    await workbench.size(64, 7);
    await workbench.cell("content").locator("input[type=file]").setInputFiles(join(PICTURES, "plain.jpg"));
    await workbench.cell("content").locator(".title", { hasText: "plain.jpg" }).waitFor();
    const before = await workbench.picture("content");
    const tab = new Tab(page, workbench.errors);
    const { text } = await tab.state();
    await tab.edit(text.replace("# From two pictures", "# My way from two pictures"));
    await page.mouse.move(700, 500);
    await page.mouse.wheel(0, 1234);
    await tab.until("saved");
    const scrolled = await page.evaluate(() => scrollY);
    expect(scrolled).toBeGreaterThan(600);
    await page.waitForTimeout(600);

    await page.reload();
    await page.waitForFunction(() => document.querySelector("nst-app")?.kernels?.status.state === "ready");
    await tab.ready();
    await workbench.settled();
    expect((await tab.state()).text).toBe(text.replace("# From two pictures", "# My way from two pictures"));
    expect(await page.locator("h1").innerText()).toContain("My way");
    expect(await workbench.settings()).toMatchObject({ size: 64, steps: 7 });
    await workbench.cell("content").locator(".title", { hasText: "plain.jpg" }).waitFor();
    const after = await workbench.picture("content");
    expect(after.rgba.equals(before.rgba)).toBe(true);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeCloseTo(scrolled, -1);
    expect(await tab.state()).toMatchObject({ state: "saved", problem: "" });
    expect(workbench.errors).toEqual([]);
  });

  it("leaves no record of a notebook that was only read", async () => {
    const tab = await Tab.open("#/first-transfer");
    await tab.page.waitForTimeout(1500);
    expect(await tab.page.evaluate(() => document.querySelector("nst-app")!.workspace!.store.records())).toEqual([]);
    expect(tab.errors).toEqual([]);
  });

  it("right after an edit, before it was saved, loses nothing", async () => {
    const tab = await withKept();
    await tab.edit(`${KEPT}\nTyped last.\n`);
    await tab.page.reload();
    await tab.ready();
    expect((await tab.state()).text).toBe(`${KEPT}\nTyped last.\n`);
    const names = await tab.page.evaluate(() => document.querySelector("nst-app")!.workspace!.entries.filter(({ origin }) => origin !== "shipped").map(({ name }) => name));
    expect(names).toEqual(["kept"]);
  });

  it("right after an edit loses nothing, also where what the page writes at last waits for the database until the page is gone", async () => {
    const tab = await withKept();
    await Promise.all([
      tab.page.waitForEvent("load"),
      tab.page.evaluate(async (text) => {
        const { session } = (await document.querySelector("nst-app")!.workspace!.open("kept"))!;
        const request = indexedDB.open("nst-workbench-last");
        await new Promise((resolve) => (request.onsuccess = resolve));
        const store = request.result.transaction("last", "readwrite").objectStore("last");
        const goOn = () => void (store.get("x").onsuccess = goOn);
        goOn();
        session.change(text, "edit");
        location.reload();
      }, `${KEPT}\nTyped last.\n`),
    ]);
    await tab.ready();
    await expect.poll(async () => (await tab.state()).text, { timeout: 5000 }).toBe(`${KEPT}\nTyped last.\n`);
  });

  it("right after an edit while an earlier one is being saved, makes no second notebook of it", async () => {
    const tab = await withKept();
    for (const [i, pause] of [0, 1, 2, 4, 8, 16].entries()) {
      await Promise.all([
        tab.page.waitForEvent("load"),
        tab.page.evaluate(
          async ([text, round, pause]) => {
            const { session, keeper } = (await document.querySelector("nst-app")!.workspace!.open("kept"))!;
            session.change(`${text}\nfirst ${round}\n`, "edit");
            void keeper.flush();
            await new Promise((resolve) => setTimeout(resolve, pause));
            session.change(`${text}\nlast ${round}\n`, "edit");
            setTimeout(() => location.reload());
          },
          [KEPT, i, pause] as const,
        ),
      ]);
      await tab.ready();
      await expect.poll(async () => (await tab.state()).text, { timeout: 5000 }).toBe(`${KEPT}\nlast ${i}\n`);
    }
    expect(await tab.page.evaluate(() => document.querySelector("nst-app")!.workspace!.entries.filter(({ origin }) => origin !== "shipped").map(({ name }) => name))).toEqual(["kept"]);
  });
});

describe("a tab that crashes", () => {
  it("has lost nothing that is older than a moment", async () => {
    const tab = await withKept();
    await tab.edit(`${KEPT}\nBefore the crash.\n`);
    await tab.until("saved");
    const crashed = tab.page.waitForEvent("crash");
    void tab.page.goto("chrome://crash").catch(() => {});
    await crashed;
    const again = await Tab.open("#/kept");
    expect((await again.state()).text).toBe(`${KEPT}\nBefore the crash.\n`);
    expect(again.errors).toEqual([]);
  });

  it("is not missed either when it is closed in the middle of typing", async () => {
    const tab = await withKept();
    const other = await context.newPage();
    await tab.edit(`${KEPT}\nClosed.\n`);
    await tab.page.close({ runBeforeUnload: true });
    await other.close();
    const again = await Tab.open("#/kept");
    expect((await again.state()).text).toBe(`${KEPT}\nClosed.\n`);
  });
});

describe("two tabs on one notebook", () => {
  async function twoTabs(): Promise<[Tab, Tab]> {
    const mine = await withKept();
    const other = await Tab.open("#/kept");
    return [mine, other];
  }

  async function conflict(): Promise<[Tab, Tab]> {
    const [mine, other] = await twoTabs();
    await Promise.all([mine.edit("# Mine\n"), other.edit("# Theirs\n")]);
    await expect.poll(async () => [(await mine.state()).state, (await other.state()).state].sort()).toEqual(["conflict", "saved"]);
    return (await mine.state()).state === "conflict" ? [mine, other] : [other, mine];
  }

  it("follow each other while only one is used", async () => {
    const [mine, other] = await twoTabs();
    await mine.edit("# Followed\n");
    await other.page.locator("nst-notebook h1", { hasText: "Followed" }).waitFor();
    expect((await other.state()).state).toBe("saved");
    expect([...mine.errors, ...other.errors]).toEqual([]);
  });

  it("never overwrite each other: the one that comes second asks, and “Keep mine” keeps its version", async () => {
    const [asking, other] = await conflict();
    const [mine, theirs] = [(await asking.state()).text, (await other.state()).text];
    expect((await asking.kept("kept"))!.text).toBe(theirs);
    await asking.button("Keep mine").click();
    await asking.until("saved");
    expect((await asking.kept("kept"))!.text).toBe(mine);
    // now the other one would overwrite
    await other.until("conflict");
    expect((await other.state()).text).toBe(theirs);
  });

  it("“Take the other” shows the other version, and undo brings this one back", async () => {
    const [asking, other] = await conflict();
    const [mine, theirs] = [(await asking.state()).text, (await other.state()).text];
    await asking.button("Take the other").click();
    await asking.page.locator("nst-notebook h1", { hasText: theirs.slice(2).trim() }).waitFor();
    expect(await asking.state()).toMatchObject({ state: "saved", text: theirs });
    await asking.page.evaluate(async (name) => (await document.querySelector("nst-app")!.workspace!.open(name))!.session.undo(), "kept");
    await asking.until("saved");
    expect((await asking.kept("kept"))!.text).toBe(mine);
  });

  it("“Keep both” makes a notebook of its own of this tab's version", async () => {
    const [asking, other] = await conflict();
    const [mine, theirs] = [(await asking.state()).text, (await other.state()).text];
    await asking.button("Keep both").click();
    await asking.until("saved");
    expect((await asking.state()).text).toBe(theirs);
    const title = `${mine.slice(2).trim()} (copy)`;
    await expect.poll(() => other.page.evaluate(() => document.querySelector("nst-app")!.workspace!.entries.map(({ title }) => title))).toContain(title);
    expect([...asking.errors, ...other.errors]).toEqual([]);
  });

  it("cannot both win, however close they come", async () => {
    const [mine, other] = await twoTabs();
    const save = (tab: Tab, expected: number) =>
      tab.page.evaluate(async (expected) => {
        const { store } = document.querySelector("nst-app")!.workspace!;
        const record = (await store.find("kept"))!;
        // both at the next full tenth of a second
        await new Promise((resolve) => setTimeout(resolve, 100 - (Date.now() % 100)));
        return store.save({ ...record, name: "raced" }, expected).then((saved) => saved.revision, () => null);
      }, expected);
    let revision = 0;
    for (let i = 0; i < 20; i++) {
      const won = (await Promise.all([save(mine, revision), save(other, revision)])).filter((one) => one !== null);
      expect(won).toHaveLength(1);
      revision = won[0];
    }
  });
});

describe("pictures of the person's own", () => {
  it("survive dropped and pasted, with their crop, and leave with a clear word when they are freed", async () => {
    const tab = await withKept();
    const { page } = tab;
    await page.locator("nst-image[as=content] input[type=file]").setInputFiles(join(PICTURES, "exif-6.jpg"));
    await tab.shows("exif-6.jpg");
    await page.locator("nst-image[as=content] select").first().selectOption("original");
    await tab.until("saved");
    const record = (await tab.kept("kept"))!;
    expect(Object.values(record.params)).toEqual([expect.objectContaining({ src: expect.stringMatching(/^own:[0-9a-f]{64}$/), file: "exif-6.jpg", aspect: "original" })]);
    await tab.reload();
    await tab.shows("exif-6.jpg");
    expect(await page.locator("nst-image[as=content] select").first().inputValue()).toBe("original");
    expect((await tab.state()).state).toBe("saved");

    await page.evaluate(async () => {
      const { store } = document.querySelector("nst-app")!.workspace!;
      await store.free((await store.usage()).pictures.map(({ src }) => src));
    });
    await tab.reload();
    const message = page.locator("nst-image[as=content] .error");
    await message.waitFor();
    expect(await message.innerText()).toBe(
      "The picture “exif-6.jpg” is not kept in this browser: it was deleted, or it was chosen on another computer. Links and notebook files do not carry pictures. Choose another one, or the same again.",
    );
    await page.locator("nst-image[as=content] input[type=file]").setInputFiles(join(PICTURES, "exif-6.jpg"));
    await tab.shows("exif-6.jpg");
    await message.waitFor({ state: "detached" });
    expect(tab.errors).toEqual([]);
  });

  it("follow into the other tab, and back to a sample", async () => {
    const mine = await withKept();
    const other = await Tab.open("#/kept");
    await mine.page.locator("nst-image[as=content] input[type=file]").setInputFiles(join(PICTURES, "plain.jpg"));
    await mine.shows("plain.jpg");
    await other.shows("plain.jpg");
    await mine.page.locator("nst-image[as=content] nst-sample-gallery button").first().click();
    await other.shows("Neuschwanstein");
  });
});

/** A grey picture of three bytes a pixel. */
function bitmap(width: number, height: number): Buffer {
  const row = Math.ceil((3 * width) / 4) * 4;
  const file = Buffer.alloc(54 + row * height, 0x80);
  file.fill(0, 0, 54);
  file.write("BM");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  file.writeUInt32LE(row * height, 34);
  return file;
}

describe("a browser without room", () => {
  const MEGABYTES = 1e6;

  /** Room for the page's storage. The browser looks at it anew only when what it granted before is used up. */
  async function allow(quotaSize: number): Promise<void> {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(inject("app")).origin, quotaSize });
    overrides.push(page);
  }

  /** An override ends with the session that made it. */
  const overrides: Page[] = [];

  it("is told, in the words of the notebook; what is on the page stays, and is kept as soon as there is room", async () => {
    await allow(2 * MEGABYTES);
    const tab = await withKept();
    const text = `# Too much\n\n${"x".repeat(4 * MEGABYTES)}\n`;
    await tab.edit(text);
    await tab.until("failed");
    const { problem } = await tab.state();
    expect(problem).toBe("“Too much” was not kept: the browser gives this page no more room. What you see is still on this page: save the notebook as a file, or free some room under “Storage”.");
    await tab.page.getByText(problem).waitFor();
    expect((await tab.kept("kept"))!.text).toBe(KEPT);
    await allow(1000 * MEGABYTES);
    await tab.button("Try again").click();
    await tab.until("saved");
    expect((await tab.kept("kept"))!.text).toBe(text);
    await tab.page.getByText(problem).waitFor({ state: "detached" });
  });

  it("shows a picture all the same, and says that it will not be there after a reload", async () => {
    await allow(2 * MEGABYTES);
    const tab = await withKept();
    await tab.page.locator("nst-image[as=content] input[type=file]").setInputFiles({ name: "large.bmp", mimeType: "image/bmp", buffer: bitmap(1200, 1000) });
    await tab.shows("large.bmp");
    const problem = tab.page.locator("nst-image[as=content] .problem");
    await problem.waitFor();
    expect(await problem.innerText()).toContain("The picture “large.bmp” was not kept: the browser gives this page no more room. It can be used now, but it will not be here after a reload. Free some room under “Storage” and choose it again.");
  });

  it("without any storage works in memory, and says that nothing lasts", async () => {
    await context.addInitScript(() => Object.defineProperty(globalThis, "indexedDB", { get: () => { throw new DOMException("denied", "SecurityError"); } }));
    const tab = await withKept();
    await tab.edit("# In memory\n");
    await tab.until("failed");
    expect((await tab.state()).problem).toContain("This browser lets the page keep nothing");
    await tab.page.getByText("So nothing is kept when this page is closed or reloaded.").first().waitFor();
    // going to another notebook and back loses nothing
    await tab.page.evaluate(() => void (location.hash = "#/first-transfer"));
    await tab.page.locator("nst-notebook h1", { hasText: "From two pictures" }).waitFor();
    await tab.page.evaluate(() => void (location.hash = "#/kept"));
    await tab.page.locator("nst-notebook h1", { hasText: "In memory" }).waitFor();
    expect(tab.errors).toEqual([]);
  });
});

describe("the storage panel", () => {
  it("shows what is kept, says what will be lost, and frees it", async () => {
    const tab = await withKept();
    const { page } = tab;
    const choose = async (file: string) => {
      await page.locator("nst-image[as=content] input[type=file]").setInputFiles(join(PICTURES, file));
      await tab.shows(file);
    };
    await choose("plain.jpg");
    await choose("progressive.jpg");
    await tab.until("saved");
    await tab.button("Storage…").click();
    const panel = page.locator("nst-storage");
    await panel.getByText("of your work is kept in this browser").waitFor();
    const rows = async () => (await panel.locator("li .what").allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
    expect((await rows()).sort()).toEqual(["Kept from a file", "plain.jpg in no notebook", "progressive.jpg in “Kept”"]);
    expect(await panel.locator("img").evaluateAll((pictures) => pictures.map((picture) => (picture as HTMLImageElement).naturalWidth > 0))).toEqual([true, true]);

    await panel.getByRole("button", { name: /^Delete unused pictures/ }).click();
    await panel.getByText("“plain.jpg” will be deleted, because no notebook shows it. This cannot be undone.").waitFor();
    await page.keyboard.press("Escape");
    expect(await panel.getByText("will be deleted").count()).toBe(0);
    expect(await panel.isVisible()).toBe(true);
    await panel.getByRole("button", { name: /^Delete unused pictures/ }).click();
    await panel.getByRole("button", { name: "Delete", exact: true }).click();
    await expect.poll(rows).toEqual(expect.arrayContaining(["progressive.jpg in “Kept”"]));
    await expect.poll(async () => (await rows()).length).toBe(2);

    await panel.getByRole("button", { name: "Delete Kept" }).click();
    await panel.getByText("“Kept” will be deleted, with all that is written and set in it.").waitFor();
    await panel.getByRole("button", { name: "Delete", exact: true }).click();
    await panel.getByText("“Kept” was deleted.").waitFor();
    expect(await tab.kept("kept")).toBe(null);
    await panel.getByRole("button", { name: "Undo" }).click();
    await panel.getByText("“Kept” is back.").waitFor();
    expect((await tab.kept("kept"))!.text).toBe(KEPT);

    await panel.getByRole("button", { name: "Delete everything…" }).click();
    await panel.getByText("All of this will be lost for good: one notebook of your own or with your changes, and one picture.").waitFor();
    await panel.getByRole("button", { name: "Delete everything", exact: true }).click();
    await panel.getByText("Nothing is kept yet").waitFor();
    expect(await page.evaluate(() => document.querySelector("nst-app")!.workspace!.store.usage().then(({ bytes }) => bytes))).toBe(0);
    expect(tab.errors).toEqual([]);
  });
});
