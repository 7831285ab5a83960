import { describe, expect, it, onTestFinished } from "vitest";
import { MemoryDatabase, type Database } from "../../src/notebook/database";
import { Keeper } from "../../src/notebook/keeper";
import { Session } from "../../src/notebook/session";
import { Store, type NotebookRecord } from "../../src/notebook/store";
import { pause, record, until } from "../support/records";

/** Counts what is written, and fails when told to. */
class Layer extends MemoryDatabase implements Database {
  writes = 0;
  failure: Error | null = null;
  /** writing takes so long */
  milliseconds = 0;
  override async update(...args: Parameters<Database["update"]>): Promise<void> {
    await pause(this.milliseconds);
    if (this.failure) throw this.failure;
    await super.update(...args);
    this.writes++;
  }
}

/** One tab with one notebook open. */
function tab(layer: Layer, kept: NotebookRecord, shipped: string | null = null) {
  const store = new Store("keeping", layer);
  const session = new Session(kept.name, kept);
  const copies: NotebookRecord[] = [];
  const copy = async (mine: NotebookRecord) => `${copies.push(mine)}`;
  const keeper = new Keeper({ session, store, record: kept, shipped, copy });
  const states: string[] = [];
  keeper.addEventListener("state", () => states.push(keeper.state));
  onTestFinished(() => {
    keeper.abandon();
    store.close();
  });
  return { store, session, keeper, states, copies };
}

const shippedRecord = (text: string) => record("lesson", { origin: "shipped", text, base: text });
const full = () => new DOMException("full", "QuotaExceededError");

describe("a keeper", () => {
  it("saves text, parameters and drafts a moment after the last change, in one go", async () => {
    const layer = new Layer();
    const { session, keeper, states, store } = tab(layer, record("a", { text: "# A\n\n<nst-image></nst-image>\n" }));
    const key = session.slots[1].key;
    session.change("# B\n\n<nst-image></nst-image>\n", "edit");
    session.setParam(key, "size", "128");
    session.setDraft(session.slots[0].key, "# C");
    expect(keeper.state).toBe("unsaved");
    await pause(200);
    expect(layer.writes).toBe(0);
    await until(() => keeper.state === "saved");
    expect(layer.writes).toBe(1);
    expect(states).toEqual(["unsaved", "saving", "saved"]);
    const kept = (await store.find("a"))!;
    expect(kept).toMatchObject({ title: "B", text: session.text, params: { [session.slots[1].cell.id]: { size: "128" } }, drafts: { [session.slots[0].cell.id]: "# C" } });
    const again = new Session("a", kept);
    expect([again.params(again.slots[1].key), again.draft(again.slots[0].key)]).toEqual([{ size: "128" }, "# C"]);
  });

  it("saves at the latest two seconds after the first change, however much is typed", async () => {
    const layer = new Layer();
    const { session, keeper } = tab(layer, record("a"));
    const start = Date.now();
    while (layer.writes === 0 && Date.now() - start < 4000) {
      session.setDraft(session.slots[0].key, `typed for ${Date.now() - start} ms`);
      await pause(50);
    }
    expect(Date.now() - start).toBeGreaterThan(1900);
    expect(Date.now() - start).toBeLessThan(2500);
    await keeper.close();
  });

  it("does one save at a time, and saves again what changed meanwhile", async () => {
    const layer = new Layer();
    layer.milliseconds = 50;
    const { session, keeper, store } = tab(layer, record("a"));
    session.change("one", "edit");
    const first = keeper.flush();
    await pause(10);
    session.change("two", "edit");
    const second = keeper.flush();
    session.change("three", "edit");
    await Promise.all([first, second]);
    expect((await store.find("a"))!.text).toBe("three");
    expect(layer.writes).toBe(2);
    expect(keeper.state).toBe("saved");
  });

  it("closes only when also what changed during the last save is saved", async () => {
    const layer = new Layer();
    layer.milliseconds = 30;
    const { session, keeper, store } = tab(layer, record("a"));
    session.change("one", "edit");
    const closing = keeper.close();
    await pause(10);
    session.change("two", "edit");
    await closing;
    expect([keeper.closed, (await store.find("a"))!.text]).toEqual([true, "two"]);
  });

  it("stays when the notebook is opened again before it was closed", async () => {
    const { session, keeper, store } = tab(new Layer(), record("a"));
    session.change("one", "edit");
    const closing = keeper.close();
    keeper.stay();
    await closing;
    session.change("two", "edit");
    await keeper.flush();
    expect([keeper.closed, (await store.find("a"))!.text]).toEqual([false, "two"]);
  });

  it("leaves nothing behind of a shipped notebook that is as it was shipped", async () => {
    const layer = new Layer();
    const { session, keeper, store } = tab(layer, shippedRecord("# Lesson"), "# Lesson");
    session.change("# Lesson, edited", "edit");
    await keeper.flush();
    expect(await store.find("lesson")).toMatchObject({ text: "# Lesson, edited", base: "# Lesson", origin: "shipped" });
    session.undo();
    await keeper.flush();
    expect(await store.find("lesson")).toBe(null);
    session.redo();
    await keeper.flush();
    expect((await store.find("lesson"))!.text).toBe("# Lesson, edited");
  });

  it("keeps the place, without a change of the notebook", async () => {
    const layer = new Layer();
    const { keeper, store } = tab(layer, record("a"));
    for (let y = 0; y <= 1000; y += 10) keeper.setScroll(y);
    await until(async () => (await store.scroll("a")) === 1000);
    expect([layer.writes, keeper.state]).toEqual([0, "saved"]);
    keeper.setScroll(40);
    await keeper.close();
    expect(await store.scroll("a")).toBe(0);
  });

  it("says why something is not kept, goes on trying, and tells when it is", async () => {
    const layer = new Layer();
    layer.failure = full();
    const { session, keeper, store, states } = tab(layer, record("a"));
    session.change("# One", "edit");
    await until(() => keeper.state === "failed");
    expect(keeper.problem).toContain("“One” was not kept: the browser gives this page no more room.");
    session.change("# Two", "edit");
    await keeper.close();
    expect(keeper.closed).toBe(false);
    expect(states).toEqual(["unsaved", "saving", "failed", "failed"]);
    layer.failure = null;
    await store.free([]);
    await until(() => keeper.state === "saved");
    expect((await store.find("a"))!.text).toBe("# Two");
    expect(keeper.problem).toBe("");
    await keeper.close();
    expect(keeper.closed).toBe(true);
  });

  it("says so when all is in memory only", async () => {
    const store = new Store("no database in Node");
    const session = new Session("a", record("a"));
    const keeper = new Keeper({ session, store, record: record("a"), shipped: null, copy: async () => "" });
    session.change("# One", "edit");
    await keeper.flush();
    expect(keeper.state).toBe("failed");
    expect(keeper.problem).toContain("nothing is kept when this page is closed");
    expect((await store.find("a"))!.text).toBe("# One");
    await keeper.close();
    expect(keeper.closed).toBe(true);
  });
});

/** Two tabs that have opened the same kept notebook. */
async function twoTabs() {
  const layer = new Layer();
  const kept = await new Store("first", layer).save(record("a", { text: "# Start" }), 0);
  return { layer, mine: tab(layer, kept), other: tab(layer, kept) };
}

describe("two tabs on one notebook", () => {
  it("follow each other silently as long as only one of them is used", async () => {
    const { mine, other } = await twoTabs();
    mine.session.change("# Once", "edit");
    await mine.keeper.flush();
    await until(() => other.session.text === "# Once");
    mine.session.change("# Twice", "edit");
    await mine.keeper.flush();
    await until(() => other.session.text === "# Twice");
    expect([mine.states.includes("conflict"), other.states.includes("conflict")]).toEqual([false, false]);
    // the tab that followed can go on from there
    other.session.change("# Thrice", "edit");
    await other.keeper.flush();
    expect(other.keeper.state).toBe("saved");
  });

  it("do not overwrite each other when both changed: nothing is written until the person has chosen", async () => {
    const { layer, mine, other } = await twoTabs();
    mine.session.change("# Mine", "edit");
    other.session.change("# Theirs", "edit");
    await other.keeper.flush();
    await mine.keeper.flush();
    await until(() => mine.keeper.state === "conflict");
    expect(mine.keeper.problem).toContain("“Mine” was changed in another tab as well as in this one.");
    mine.session.change("# Mine still", "edit");
    await mine.keeper.flush();
    await pause(500);
    expect(layer.writes).toBe(2);
    expect((await mine.store.find("a"))!.text).toBe("# Theirs");
    expect(mine.session.text).toBe("# Mine still");
  });

  it("are in conflict too when the other went on from what this one had saved", async () => {
    const { mine, other } = await twoTabs();
    mine.session.change("# Mine", "edit");
    await mine.keeper.flush();
    await until(() => other.session.text === "# Mine");
    other.session.change("# Theirs", "edit");
    await other.keeper.flush();
    await until(() => mine.keeper.state === "conflict");
    expect(mine.session.text).toBe("# Mine");
  });

  async function conflict() {
    const tabs = await twoTabs();
    tabs.other.session.change("# Theirs", "edit");
    await tabs.other.keeper.flush();
    tabs.mine.session.change("# Mine", "edit");
    await until(() => tabs.mine.keeper.state === "conflict");
    return tabs;
  }

  it("keep this tab's version if the person says “mine”; then the other one asks", async () => {
    const { mine, other } = await conflict();
    await mine.keeper.resolve("mine");
    expect([mine.keeper.state, (await mine.store.find("a"))!.text]).toEqual(["saved", "# Mine"]);
    await until(() => other.keeper.state === "conflict");
    expect(other.session.text).toBe("# Theirs");
    await other.keeper.resolve("theirs");
    expect([other.keeper.state, other.session.text]).toEqual(["saved", "# Mine"]);
    other.session.undo();
    expect(other.session.text).toBe("# Theirs");
  });

  it("show the other version if the person says “theirs”; this tab's can be brought back by undo", async () => {
    const { mine } = await conflict();
    await mine.keeper.resolve("theirs");
    expect([mine.keeper.state, mine.session.text]).toEqual(["saved", "# Theirs"]);
    mine.session.undo();
    await mine.keeper.flush();
    expect([mine.keeper.state, (await mine.store.find("a"))!.text]).toEqual(["saved", "# Mine"]);
  });

  it("keep both if the person says “both”: this tab's as a notebook of its own", async () => {
    const { mine } = await conflict();
    const copied = new Promise((resolve) => mine.keeper.addEventListener("copied", (event) => resolve((event as CustomEvent).detail)));
    await mine.keeper.resolve("both");
    expect(await copied).toBe("1");
    expect(mine.copies.map(({ text }) => text)).toEqual(["# Mine"]);
    expect([mine.keeper.state, mine.session.text]).toEqual(["saved", "# Theirs"]);
  });

  it("go on when both came to the same", async () => {
    const { mine, other } = await twoTabs();
    mine.session.change("# Same", "edit");
    other.session.change("# Same", "edit");
    await Promise.all([mine.keeper.flush(), other.keeper.flush()]);
    expect([mine.keeper.state, other.keeper.state]).toEqual(["saved", "saved"]);
    mine.session.change("# Next", "edit");
    await mine.keeper.flush();
    expect(mine.keeper.state).toBe("saved");
  });

  it("say when a notebook was deleted in the other tab, and can keep it", async () => {
    const { mine, other } = await twoTabs();
    await other.store.remove("a", (await other.store.find("a"))!.revision);
    await until(() => mine.keeper.state === "conflict");
    expect(mine.keeper.problem).toContain("was deleted in another tab. It is still open here.");
    await mine.keeper.resolve("mine");
    expect((await mine.store.find("a"))!.text).toBe("# Start");
  });

  it("follow a notebook to its new name", async () => {
    const { mine, other } = await twoTabs();
    await other.keeper.rename("b");
    await until(() => mine.keeper.name === "b");
    mine.session.change("# On", "edit");
    await mine.keeper.flush();
    expect(await mine.store.find("b")).toMatchObject({ name: "b", text: "# On" });
  });
});
