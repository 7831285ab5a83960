import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { MemoryDatabase, type Database } from "../../src/notebook/database";
import { ConflictError, StorageError, Store, type NotebookRecord } from "../../src/notebook/store";
import { sha256 } from "../../src/notebook/sha256";
import { retitle, slug } from "../../src/notebook/title";
import { parse } from "../../src/notebook/parse";
import { record } from "../support/records";

const bytes = (...values: number[]) => new Blob([new Uint8Array(values)], { type: "image/png" });

describe("a store", () => {
  it("gives a notebook back as it was kept, with a revision that rises", async () => {
    const store = new Store("test", new MemoryDatabase());
    expect(await store.find("a")).toBe(null);
    const first = await store.save(record("a", { params: { x: { size: 128, crop: null } } }), 0);
    const found = await store.find("a");
    expect(found).toEqual(first);
    expect(found).toMatchObject({ text: "# a\n", params: { x: { size: 128, crop: null } } });
    const second = await store.save({ ...first, text: "# b\n" }, first.revision);
    expect(second.revision).toBeGreaterThan(first.revision);
    expect((await store.records()).map(({ text }) => text)).toEqual(["# b\n"]);
  });

  it("lists the pictures that are kept, each as it was named when it was kept", async () => {
    const store = new Store("test", new MemoryDatabase());
    expect(await store.pictures.list()).toEqual([]);
    const kept = [await store.pictures.keep(bytes(1, 2), "a.png"), await store.pictures.keep(bytes(3), "b.png")];
    expect((await store.pictures.list()).toSorted()).toEqual(kept.toSorted());
    await store.free([kept[0]]);
    expect(await store.pictures.list()).toEqual([kept[1]]);
  });

  it("refuses to overwrite what somebody else has saved, deleted or made since", async () => {
    const layer = new MemoryDatabase();
    const [mine, other] = [new Store("test", layer), new Store("test", layer)];
    const first = await mine.save(record("a"), 0);
    await other.save({ ...first, text: "theirs" }, first.revision);
    await expect(mine.save({ ...first, text: "mine" }, first.revision)).rejects.toThrow(ConflictError);
    await expect(mine.save({ ...first, text: "mine" }, 0)).rejects.toThrow(ConflictError);
    await expect(mine.remove("a", first.revision)).rejects.toThrow(ConflictError);
    expect((await mine.find("a"))!.text).toBe("theirs");
    await other.remove("a", (await other.find("a"))!.revision);
    await expect(mine.save({ ...first, text: "mine" }, first.revision)).rejects.toThrow("“a” was changed in another tab");
    expect(await mine.find("a")).toBe(null);
  });

  it("lets one of two saves at the same time win, and never both", async () => {
    const layer = new MemoryDatabase();
    const stores = [new Store("test", layer), new Store("test", layer)];
    const first = await stores[0].save(record("a"), 0);
    const outcomes = await Promise.allSettled(stores.map((store, i) => store.save({ ...first, text: String(i) }, first.revision)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("leads from a former name to the notebook, through several renamings, and takes the place along", async () => {
    const store = new Store("test", new MemoryDatabase());
    let kept = await store.save(record("a"), 0);
    await store.setScroll("a", 700);
    kept = await store.move("a", { ...kept, name: "b" }, kept.revision);
    await store.move("b", { ...kept, name: "c" }, kept.revision);
    expect(await store.find("a")).toMatchObject({ name: "c", scroll: 700 });
    expect((await store.records()).map(({ name }) => name)).toEqual(["c"]);
    await store.save(record("a", { text: "another one" }), 0);
    expect(await store.find("a")).toMatchObject({ name: "a", text: "another one" });
    await expect(store.move("a", record("c"), (await store.find("a"))!.revision)).rejects.toThrow(ConflictError);
  });

  it("tells other pages of a saved notebook, and not itself", async () => {
    const layer = new MemoryDatabase();
    const [mine, other] = [new Store("telling", layer), new Store("telling", layer)];
    let own = 0;
    mine.addEventListener("elsewhere", () => own++);
    const told = new Promise((resolve) => other.addEventListener("elsewhere", (event) => resolve((event as CustomEvent).detail)));
    const saved = await mine.save(record("a"), 0);
    expect(await told).toEqual({ name: "a", revision: saved.revision });
    expect(own).toBe(0);
    mine.close();
    other.close();
  });

  it("keeps a picture once, by its content, and says which are used by what", async () => {
    const store = new Store("test", new MemoryDatabase());
    const src = await store.pictures.keep(bytes(1, 2, 3), "cat.png");
    expect(src).toBe(`own:${createHash("sha256").update(new Uint8Array([1, 2, 3])).digest("hex")}`);
    expect(await store.pictures.keep(bytes(1, 2, 3), "the same.png")).toBe(src);
    const other = await store.pictures.keep(bytes(4), "dog.png");
    await store.save(record("a", { params: { x: { src }, y: { nested: [{ deep: src }] } } }), 0);
    const kept = (await store.pictures.get(src))!;
    expect([kept.name, kept.file.type, [...new Uint8Array(await kept.file.arrayBuffer())]]).toEqual(["cat.png", "image/png", [1, 2, 3]]);
    const usage = await store.usage();
    expect(usage.pictures).toEqual([
      { src, name: "cat.png", bytes: 3, usedBy: ["a"] },
      { src: other, name: "dog.png", bytes: 1, usedBy: [] },
    ]);
    expect(usage.notebooks).toEqual([{ name: "a", title: "a", origin: "own", bytes: expect.any(Number) }]);
    expect(usage.bytes).toBe(usage.notebooks[0].bytes + 4);
    await store.free([other]);
    expect(await store.pictures.get(other)).toBe(null);
    expect(await store.pictures.get("great-wave.jpg")).toBe(null);
    await store.clear();
    expect((await store.usage()).bytes).toBe(0);
  });

  it("puts back what a page that was closed had not saved", async () => {
    const layer = new MemoryDatabase();
    const closed = new Store("test", layer);
    const first = await closed.save(record("a"), 0);
    await closed.rescue({ ...first, text: "typed at the end" }, first.revision);
    const restored: NotebookRecord[] = [];
    await new Store("test", layer).restore(() => record("unused"), (one) => restored.push(one));
    expect(restored.map(({ name, text }) => [name, text])).toEqual([["a", "typed at the end"]]);
    await new Store("test", layer).restore(() => record("unused"), (one) => restored.push(one));
    expect(restored).toHaveLength(1);
    expect((await closed.find("a"))!.text).toBe("typed at the end");
  });

  it("puts it back also over what the page itself has saved on its last breath, and beside what another has", async () => {
    const layer = new MemoryDatabase();
    const closed = new Store("test", layer);
    const first = await closed.save(record("a"), 0);
    await closed.rescue({ ...first, text: "newer" }, first.revision);
    const late = await closed.save({ ...first, text: "older" }, first.revision);
    const names: string[] = [];
    const restore = () => new Store("test", layer).restore((own) => ({ ...own, name: "a-2" }), ({ name }) => names.push(name));
    await restore();
    expect((await closed.find("a"))!.text).toBe("newer");

    await closed.rescue({ ...late, text: "mine" }, late.revision);
    await new Store("test", layer).save({ ...first, text: "theirs" }, (await closed.find("a"))!.revision);
    await restore();
    expect(names).toEqual(["a", "a-2"]);
    expect([(await closed.find("a"))!.text, (await closed.find("a-2"))!.text]).toEqual(["theirs", "mine"]);
  });
});

/** A layer that fails as a browser's does. */
class FailingDatabase extends MemoryDatabase implements Database {
  constructor(
    readonly error: Error | DOMException,
    public failing: "all" | "writing" | "nothing",
  ) {
    super();
  }
  override async get(key: string): Promise<unknown> {
    if (this.failing === "all") throw this.error;
    return super.get(key);
  }
  override async update(...args: Parameters<Database["update"]>): Promise<void> {
    if (this.failing !== "nothing") throw this.error;
    return super.update(...args);
  }
}

describe("a store that cannot keep", () => {
  it("because the browser forbids it, works in memory and says so", async () => {
    for (const [error, message] of [
      [new DOMException("denied", "SecurityError"), "This browser lets the page keep nothing, as in some private windows or when site data is blocked. So nothing is kept when this page is closed"],
      [new DOMException("version", "VersionError"), "made by another version of the workbench"],
      [new DOMException("late", "TimeoutError"), "does not answer"],
      [new DOMException("Internal error opening backing store", "UnknownError"), "The browser's storage failed (Internal error opening backing store)."],
    ] as const) {
      const store = new Store("test", new FailingDatabase(error, "all"));
      let told = 0;
      store.addEventListener("problem", () => told++);
      await store.save(record("a"), 0);
      expect((await store.find("a"))!.name).toBe("a");
      expect(store.problem).toContain(message);
      expect(told).toBe(1);
    }
  });

  it("where there is no database at all, as here, does the same", async () => {
    const store = new Store("test");
    await store.save(record("a"), 0);
    expect((await store.records()).length).toBe(1);
    expect(store.problem).toMatch(/lets the page keep nothing/);
  });

  it("because it is full, says what was not kept, that it is still there, and what to do", async () => {
    const layer = new FailingDatabase(new DOMException("full", "QuotaExceededError"), "writing");
    const store = new Store("test", layer);
    const failed = await store.save(record("a", { title: "My notebook" }), 0).catch((error: Error) => error);
    expect(failed).toBeInstanceOf(StorageError);
    expect((failed as Error).message).toBe("“My notebook” was not kept: the browser gives this page no more room. What you see is still on this page: save the notebook as a file, or free some room under “Storage”.");
    await expect(store.pictures.keep(bytes(1), "cat.png")).rejects.toThrow("The picture “cat.png” was not kept: the browser gives this page no more room. It can be used now, but it will not be here after a reload. Free some room");
    expect(store.problem).toBe("");
    layer.failing = "nothing";
    await store.save(record("a"), 0);
  });
});

describe("SHA-256", () => {
  it("is the same with and without the browser's help, for every length around a block", async () => {
    for (const length of [0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 1000, 100_003]) {
      const data = Uint8Array.from({ length }, (_, i) => (i * 131 + length) & 255);
      const expected = createHash("sha256").update(data).digest("hex");
      expect(await sha256(data)).toBe(expected);
      expect(await sha256(data, null)).toBe(expected);
    }
  });
});

describe("another title", () => {
  it("stands in the heading that gave the title, and nothing else changes", () => {
    expect(retitle("# Old\n\nText.\n", "New")).toBe("# New\n\nText.\n");
    expect(retitle("Before\r\n\r\n#  Old  #\r\n\r\n# Second\r\n", "New")).toBe("Before\r\n\r\n# New\r\n\r\n# Second\r\n");
    expect(retitle("## Part\n\n# Title\n", "New")).toBe("## Part\n\n# New\n");
    expect(retitle("## Part\n", "New")).toBe("## New\n");
    expect(retitle("Old\nand more\n===\n\nText.", "New")).toBe("New\n===\n\nText.");
    expect(retitle("Text.\n", "New")).toBe("# New\n\nText.\n");
    expect(retitle("", "New")).toBe("# New\n");
    expect(retitle("```js\n# no heading\n```\n", "New")).toBe("# New\n\n```js\n# no heading\n```\n");
  });

  it("means what it says, also where Markdown would see more in it", () => {
    for (const title of ["a *b* c", "1 < 2 & <b>", "[link](x)", "`code` _x_ #", "# more", "$x$ costs 2 $", "C:\\temp", "| a | b |", "Ünïcode 日本語"]) {
      expect(parse(retitle("# Old\n\nText.\n", title)).title).toBe(title);
    }
    expect(parse(retitle("# Old\n", " two\n lines ")).title).toBe("two lines");
    expect(() => retitle("# Old\n", " \n")).toThrow("A notebook needs a title");
  });

  it("becomes a name that can stand in an address and is not taken", () => {
    const free = () => false;
    expect(slug("Mein Stil Nr. 2!", free)).toBe("mein-stil-nr-2");
    expect(slug("Über Grün", free)).toBe("uber-grun");
    expect(slug("日本語 の題", free)).toBe("日本語-の題");
    expect(slug("…", free)).toBe("notebook");
    expect(slug("a/b?c#d", free)).toBe("a-b-c-d");
    expect(slug("one", (name) => ["one", "one-2"].includes(name))).toBe("one-3");
    const long = slug("𐐷".repeat(200), free);
    expect([...long]).toHaveLength(60);
    expect(() => encodeURIComponent(long)).not.toThrow();
  });
});
