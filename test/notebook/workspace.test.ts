import { describe, expect, it, onTestFinished } from "vitest";
import { MemoryDatabase, type Database } from "../../src/notebook/database";
import { Store } from "../../src/notebook/store";
import { Workspace, type Opened } from "../../src/notebook/workspace";
import { record, until } from "../support/records";

const LESSONS = [
  { name: "second", text: "# 10 · Second lesson\n\n## A part\n\n<nst-image as=\"content\"></nst-image>\n" },
  { name: "first", text: "# 2 · First lesson\n\nText.\n" },
];
const CODE = "# Code\n\n```js\n1 + 1\n```\n";

function workspace(layer: Database = new MemoryDatabase(), shipped = LESSONS): Workspace {
  const store = new Store("workspace", layer);
  onTestFinished(() => store.close());
  return new Workspace({ shipped, store });
}

const names = ({ entries }: Workspace) => entries.map(({ name }) => name);
const entry = (one: Workspace, name: string) => one.entries.find((entry) => entry.name === name);
const open = async (one: Workspace, name: string) => (await one.open(name)) as Opened;

describe("a workspace", () => {
  it("lists what is shipped at once, by title and number, and the person's own behind", async () => {
    const layer = new MemoryDatabase();
    const first = workspace(layer);
    expect(names(first)).toEqual(["first", "second"]);
    expect(entry(first, "second")).toMatchObject({ title: "10 · Second lesson", origin: "shipped", edited: false, outdated: false, trusted: true });
    expect(entry(first, "second")!.headings.map(({ text }) => text)).toEqual(["10 · Second lesson", "A part"]);
    let told = 0;
    first.addEventListener("entries", () => told++);
    await first.import("# 1 · Mine\n", "x.md");
    expect(told).toBeGreaterThan(0);
    const again = workspace(layer);
    await again.ready;
    expect(names(again)).toEqual(["first", "second", "1-mine"]);
  });

  it("opens what is shipped and what is kept, the same one twice, and nothing that is not there", async () => {
    const one = workspace();
    const opened = await open(one, "first");
    expect(opened.session.text).toBe(LESSONS[1].text);
    expect(await one.open("first")).toBe(opened);
    expect(await one.open("third")).toBe(null);
    await opened.keeper.close();
    expect(await one.open("first")).not.toBe(opened);
  });

  it("shows that a shipped notebook was edited, follows its headings, and resets it; that can be taken back", async () => {
    const layer = new MemoryDatabase();
    const one = workspace(layer);
    const { session, keeper } = await open(one, "second");
    session.setParam(session.slots[1].key, "size", "64");
    await keeper.flush();
    expect(entry(one, "second")).toMatchObject({ edited: false, kept: true });
    session.change(session.text.replace("## A part", "## Another part"), "edit");
    expect(entry(one, "second")).toMatchObject({ edited: true, outdated: false });
    expect(entry(one, "second")!.headings[1].text).toBe("Another part");
    await keeper.close();

    const again = workspace(layer);
    await again.ready;
    expect(entry(again, "second")).toMatchObject({ edited: true, kept: true });
    await again.reset("second");
    expect(entry(again, "second")).toMatchObject({ edited: false, kept: false });
    expect(await again.store.find("second")).toBe(null);
    expect(await again.undoRemove()).toBe("second");
    expect(entry(again, "second")).toMatchObject({ edited: true });
    expect((await again.store.find("second"))!.params).toEqual({ [session.slots[1].cell.id]: { size: "64" } });
    expect(await again.undoRemove()).toBe(null);
  });

  it("resets a notebook that is open where it stands", async () => {
    const one = workspace();
    const opened = await open(one, "first");
    opened.session.change("# Edited\n", "edit");
    await one.reset("first");
    expect(opened.session.text).toBe(LESSONS[1].text);
    expect(await one.store.find("first")).toBe(null);
    await expect(one.reset(await one.create())).rejects.toThrow("does not come with the workbench");
  });

  it("offers both when the shipped text has changed since it was edited", async () => {
    const layer = new MemoryDatabase();
    const before = await open(workspace(layer), "first");
    before.session.change("# 2 · First lesson\n\nText, edited.\n", "edit");
    await before.keeper.close();

    const changed = [{ name: "first", text: "# 2 · First lesson, new edition\n" }];
    const one = workspace(layer, changed);
    await one.ready;
    expect(entry(one, "first")).toMatchObject({ edited: true, outdated: true });
    expect((await open(one, "first")).session.text).toBe("# 2 · First lesson\n\nText, edited.\n");
    await one.keepMine("first");
    expect(entry(one, "first")).toMatchObject({ edited: true, outdated: false });
    await one.reset("first");
    expect((await open(one, "first")).session.text).toBe(changed[0].text);
  });

  it("gives the new shipped text to whoever only set something, and keeps what was set", async () => {
    const layer = new MemoryDatabase();
    const before = await open(workspace(layer), "second");
    before.session.setParam(before.session.slots[1].key, "size", "64");
    await before.keeper.close();
    const one = workspace(layer, [{ name: "second", text: '# New\n\n<nst-image as="content" src="owl.jpg"></nst-image>\n' }]);
    const opened = await open(one, "second");
    expect(opened.entry).toMatchObject({ title: "New", edited: false, outdated: false });
    expect(opened.session.params(opened.session.slots[1].key)).toEqual({ size: "64" });
  });

  it("creates notebooks with names and titles that are free", async () => {
    const one = workspace();
    expect([await one.create(), await one.create()]).toEqual(["new-notebook", "new-notebook-2"]);
    expect(one.entries.slice(2).map(({ title, origin, trusted }) => [title, origin, trusted])).toEqual([
      ["New notebook", "own", true],
      ["New notebook 2", "own", true],
    ]);
    expect((await open(one, "new-notebook-2")).session.text).toMatch(/^# New notebook 2\n\nWrite here/);
  });

  it("duplicates with everything that was set, also what is not saved yet", async () => {
    const one = workspace();
    const { session } = await open(one, "second");
    session.setParam(session.slots[1].key, "size", "64");
    session.setDraft(session.slots[0].key, "# draft");
    const name = await one.duplicate("second");
    expect(name).toBe("10-second-lesson-copy");
    const copy = await open(one, name);
    expect(copy.record).toMatchObject({ origin: "own", trusted: true, base: null });
    expect(copy.session.text).toBe(LESSONS[0].text.replace("Second lesson", "Second lesson (copy)"));
    expect(copy.session.params(copy.session.slots[1].key)).toEqual({ size: "64" });
    expect(copy.session.draft(copy.session.slots[0].key)).toBe("# draft");
    await expect(one.duplicate("nothing")).rejects.toThrow("There is no notebook “nothing”.");
  });

  it("renames in place: the open notebook stays open, and former links lead to it", async () => {
    const one = workspace();
    const name = await one.create();
    const opened = await open(one, name);
    expect(await one.rename(name, "A better *title*")).toBe("a-better-title");
    expect(names(one)).toEqual(["first", "second", "a-better-title"]);
    expect(opened.session.text).toMatch(/^# A better \\\*title\\\*\n/);
    expect([opened.entry.title, opened.entry.name]).toEqual(["A better *title*", "a-better-title"]);
    expect(await one.open("a-better-title")).toBe(opened);
    await opened.keeper.close();
    expect((await open(one, name)).entry.name).toBe("a-better-title");
    expect(await one.rename(name, "Third")).toBe("third");
    expect(names(one)).toEqual(["first", "second", "third"]);
    expect(await one.create()).toBe(name);
    await expect(one.rename("third", "  ")).rejects.toThrow("A notebook needs a title");
  });

  it("gives a shipped notebook another title and leaves it its name", async () => {
    const one = workspace();
    expect(await one.rename("first", "My way")).toBe("first");
    expect(entry(one, "first")).toMatchObject({ title: "My way", edited: true });
  });

  it("removes, and brings back what was removed last", async () => {
    const one = workspace();
    const name = await one.create();
    const { session } = await open(one, name);
    session.change("# New notebook\n\nImportant.\n", "edit");
    await one.remove(name);
    expect(names(one)).toEqual(["first", "second"]);
    expect(await one.open(name)).toBe(null);
    expect(await one.undoRemove()).toBe(name);
    expect((await open(one, name)).session.text).toBe("# New notebook\n\nImportant.\n");
    await expect(one.remove("first")).rejects.toThrow("“2 · First lesson” comes with the workbench and cannot be deleted.");
  });

  it("takes text files, not trusted if there is code in them, and says why it does not take others", async () => {
    const one = workspace();
    const plain = await one.import("No heading\r\nhere.\r\n", "My notes.md");
    expect(plain).toBe("my-notes");
    expect((await open(one, plain)).record).toMatchObject({ origin: "import", trusted: true, title: "My notes", text: "No heading\r\nhere.\r\n" });
    const code = await open(one, await one.import(CODE, "code.md"));
    expect(code.record.trusted).toBe(false);
    const drafted = await one.import("# Draft\n", "d.md", { drafts: { anything: "```js\n1\n```" } });
    expect(entry(one, drafted)!.trusted).toBe(false);
    await expect(one.import("\u0089PNG\0\u0001", "cat.png")).rejects.toThrow("“cat.png” is not a text file.");
    await expect(one.import("\uFFFD\uFFFDabc", "cat.jpg")).rejects.toThrow("is not a text file");
    await expect(one.import("x".repeat(5_000_001), "big.md")).rejects.toThrow("“big.md” has 5.0 MB. A notebook is a text of at most 5 MB");
    await expect(one.import(" \n", "empty.md")).rejects.toThrow("“empty.md” is empty");
  });

  it("keeps for each notebook whether its code may run", async () => {
    const layer = new MemoryDatabase();
    const one = workspace(layer);
    const name = await one.import(CODE, "code.md");
    const copy = await one.duplicate(name);
    expect(entry(one, copy)!.trusted).toBe(false);
    const opened = await open(one, name);
    await opened.trust();
    expect([opened.entry.trusted, entry(one, name)!.trusted, entry(one, copy)!.trusted]).toEqual([true, true, false]);
    opened.session.change(CODE.replace("1 + 1", "2 + 2"), "edit");
    await opened.keeper.close();
    const again = workspace(layer);
    await again.ready;
    expect([entry(again, name)!.trusted, entry(again, copy)!.trusted]).toEqual([true, false]);
  });

  it("makes a notebook of a link once, also when it was edited since", async () => {
    const one = workspace();
    const shared = { name: "gram", title: "Gram", text: CODE, params: { x: { size: 2 } }, drafts: {} };
    const name = await one.receive(shared);
    expect(entry(one, name)).toMatchObject({ name: "code", title: "Code", origin: "link", trusted: false });
    const opened = await open(one, name);
    opened.session.change("# Mine\n", "edit");
    expect(await one.receive(shared)).toBe(name);
    await opened.keeper.close();
    expect(await one.receive(shared)).toBe(name);
    expect(await one.receive({ ...shared, params: {} })).not.toBe(name);
    const copy = await one.duplicate(name);
    await one.remove(name);
    expect(await one.receive(shared)).not.toBe(copy);
  });

  it("leads a link to a shipped notebook there, unless something was set or edited in it", async () => {
    const one = workspace();
    const shared = { ...LESSONS[1], title: null, params: {}, drafts: {} };
    expect(await one.receive(shared)).toBe("first");
    const other = await one.receive({ ...shared, params: { x: { size: 2 } } });
    expect(entry(one, other)).toMatchObject({ origin: "link", name: "2-first-lesson" });
    expect(await one.receive({ ...shared, text: "# 2 · First lesson\n\nEdited.\n" })).toBe("2-first-lesson-2");
  });

  it("makes room for a shipped notebook that takes the name of one of the person's own", async () => {
    const layer = new MemoryDatabase();
    await workspace(layer, []).import("# First\n\nmine\n", "first.md");
    const one = workspace(layer);
    await one.ready;
    expect(names(one)).toEqual(["first", "second", "first-2"]);
    expect((await open(one, "first")).session.text).toBe(LESSONS[1].text);
    expect((await open(one, "first-2")).session.text).toBe("# First\n\nmine\n");
  });

  it("keeps a shipped notebook that the person edited and that is no longer shipped", async () => {
    const layer = new MemoryDatabase();
    const before = await open(workspace(layer), "first");
    before.session.change("# Mine now\n", "edit");
    await before.keeper.close();
    const one = workspace(layer, []);
    expect((await open(one, "first")).record).toMatchObject({ origin: "own", text: "# Mine now\n", trusted: true });
    await one.remove("first");
    expect(names(one)).toEqual([]);
  });

  it("follows what another tab creates, renames and deletes", async () => {
    const layer = new MemoryDatabase();
    const [mine, other] = [workspace(layer), workspace(layer)];
    await mine.ready;
    const name = await other.create();
    await until(() => names(mine).includes(name));
    await other.rename(name, "Other");
    await until(() => names(mine).includes("other") && !names(mine).includes(name));
    await other.remove("other");
    await until(() => !names(mine).includes("other"));
  });

  it("makes a notebook of what a closed page had not saved, if the notebook has changed since", async () => {
    const layer = new MemoryDatabase();
    const store = new Store("closed", layer);
    const kept = await store.save(record("a", { title: "A", text: "# A\n" }), 0);
    await store.rescue({ ...kept, text: "# A\n\nunsaved\n" }, kept.revision);
    await new Store("other", layer).save({ ...kept, text: "# A\n\ntheirs\n" }, kept.revision);
    const one = workspace(layer);
    await one.ready;
    expect(names(one).slice(2)).toEqual(["a", "a-from-another-tab"]);
    expect((await open(one, "a-from-another-tab")).session.text).toBe("# A (from another tab)\n\nunsaved\n");
  });

  it("makes a notebook of its own of one side of a conflict", async () => {
    const layer = new MemoryDatabase();
    const [mine, other] = [workspace(layer), workspace(layer)];
    const [here, there] = [await open(mine, "first"), await open(other, "first")];
    there.session.change("# Theirs\n", "edit");
    await there.keeper.flush();
    here.session.change("# Mine\n", "edit");
    await until(() => here.keeper.state === "conflict");
    await here.keeper.resolve("both");
    expect(here.session.text).toBe("# Theirs\n");
    expect((await open(mine, "mine-copy")).session.text).toBe("# Mine (copy)\n");
  });

  it("frees pictures that no notebook shows, also none that is open, and everything", async () => {
    const one = workspace();
    const { pictures } = one.store;
    const [used, unused] = [await pictures.keep(new Blob(["used"]), "used.png"), await pictures.keep(new Blob(["unused"]), "unused.png")];
    const opened = await open(one, "second");
    opened.session.setParam(opened.session.slots[1].key, "src", used);
    const own = await open(one, await one.create());
    expect(await one.freeUnused()).toBe(6);
    expect([await pictures.get(used), await pictures.get(unused)]).toEqual([expect.anything(), null]);
    await one.freeAll();
    expect(await pictures.get(used)).toBe(null);
    expect(names(one)).toEqual(["first", "second"]);
    expect(opened.session.snapshot()).toEqual({ text: LESSONS[0].text, params: {}, drafts: {} });
    expect(own.keeper.closed).toBe(true);
    expect((await one.store.usage()).bytes).toBe(0);
  });

  it("reads the shipped notebooks also where what is kept cannot be read", async () => {
    const layer = new MemoryDatabase();
    layer.entries = async () => {
      throw new DOMException("damaged", "UnknownError");
    };
    const one = workspace(layer);
    expect((await open(one, "first")).session.text).toBe(LESSONS[1].text);
  });
});
