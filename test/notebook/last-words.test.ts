/** What a page writes when it is closed in the middle of something: into the database and into Web Storage, which lose different things. */
import { describe, expect, it } from "vitest";
import { MemoryDatabase } from "../../src/notebook/database";
import type { WebStorage } from "../../src/notebook/last-words";
import { Store } from "../../src/notebook/store";
import { record } from "../support/records";

/** Loses what is written with the last breath, as a database does where that had to wait when its page went. */
class ForgettingDatabase extends MemoryDatabase {
  forgetting = false;

  override async put(key: string, value: unknown): Promise<void> {
    if (!this.forgetting) await super.put(key, value);
  }
}

/** As where the browser keeps nothing for a page. */
class ForbiddenDatabase extends MemoryDatabase {
  override get(): Promise<unknown> {
    return Promise.reject(new DOMException("denied", "SecurityError"));
  }
}

/** As the browser's, with room for so many letters. */
class FakeStorage implements WebStorage {
  room = Infinity;
  readonly #items = new Map<string, string>();

  get length(): number {
    return this.#items.size;
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (value.length > this.room) throw new DOMException("no room", "QuotaExceededError");
    this.#items.set(key, value);
  }

  keys(): string[] {
    return [...this.#items.keys()];
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }
}

describe("a page that was closed in the middle of something", () => {
  it("puts it back also where the database lost it with the page, and once where both have it", async () => {
    const [layer, storage] = [new ForgettingDatabase(), new FakeStorage()];
    const closed = new Store("test", layer, storage);
    const first = await closed.save(record("a"), 0);
    layer.forgetting = true;
    await closed.rescue({ ...first, text: "typed at the end" }, first.revision);
    layer.forgetting = false;
    const texts: string[] = [];
    const restore = () => new Store("test", layer, storage).restore((own) => ({ ...own, name: "a-2" }), ({ text }) => texts.push(text));
    await restore();
    const again = await closed.find("a");
    expect([texts, again!.text, storage.length]).toEqual([["typed at the end"], "typed at the end", 0]);

    await closed.rescue({ ...again!, text: "in both" }, again!.revision);
    expect([storage.length, (await layer.keys("rescue/")).length]).toEqual([1, 1]);
    await restore();
    await restore();
    expect([texts, storage.length, await layer.keys("rescue/")]).toEqual([["typed at the end", "in both"], 0, []]);
  });

  it("puts the newer one back where the database and Web Storage have different ones", async () => {
    for (const lost of ["the first", "the last"]) {
      const [layer, storage] = [new ForgettingDatabase(), new FakeStorage()];
      const closed = new Store("test", layer, storage);
      const first = await closed.save(record("a"), 0);
      await closed.rescue({ ...first, text: "the first" }, first.revision);
      if (lost === "the last") layer.forgetting = true;
      else storage.room = 0;
      await closed.rescue({ ...first, text: "the last" }, first.revision);
      layer.forgetting = false;
      await new Store("test", layer, storage).restore(() => record("unused"), () => {});
      expect([(await closed.find("a"))!.text, storage.length, await layer.keys("rescue/")]).toEqual(["the last", 0, []]);
    }
  });

  it("leaves it where it lasts as long as the browser keeps nothing else", async () => {
    const storage = new FakeStorage();
    const closed = new Store("test", new MemoryDatabase(), storage);
    await closed.rescue(record("a", { text: "typed at the end" }), 0);
    const restored: string[] = [];
    const forbidden = new Store("test", new ForbiddenDatabase(), storage);
    await forbidden.restore((own) => own, ({ text }) => restored.push(text));
    expect([restored, storage.length]).toEqual([[], 1]);
    const allowed = new Store("test", new MemoryDatabase(), storage);
    await allowed.restore((own) => own, ({ text }) => restored.push(text));
    expect([restored, storage.length]).toEqual([["typed at the end"], 0]);
  });

  it("forgets it where the page lived on, where everything is forgotten, and leaves other databases' pages alone", async () => {
    const storage = new FakeStorage();
    const [one, other] = ["one", "other"].map((name) => new Store(name, new MemoryDatabase(), storage));
    for (const store of [one, other]) for (const name of ["a", "b"]) await store.rescue(record(name), 0);
    await one.rescueDone("a");
    expect(storage.keys().map((key) => key.split("/").slice(0, 3).join("/"))).toEqual(["one/rescue/b", "other/rescue/a", "other/rescue/b"]);
    await one.clear();
    expect(storage.keys().map((key) => key.split("/")[0])).toEqual(["other", "other"]);
  });

  it("says that it could not be written only where neither takes it", async () => {
    const full = new ForgettingDatabase();
    full.put = () => Promise.reject(new Error("full"));
    await new Store("test", full, new FakeStorage()).rescue(record("a"), 0);
    await expect(new Store("test", full, null).rescue(record("a"), 0)).rejects.toThrow("full");
    const small = new FakeStorage();
    small.room = 0;
    await expect(new Store("test", full, small).rescue(record("a"), 0)).rejects.toThrow("full");
  });

  it("passes over what is not its own in Web Storage", async () => {
    const storage = new FakeStorage();
    storage.setItem("theme", "dark");
    storage.setItem("test/rescue/a/x", "{ cut o");
    const store = new Store("test", new MemoryDatabase(), storage);
    await store.restore((own) => own, () => expect.unreachable());
    expect(storage.keys()).toContain("theme");
  });
});

