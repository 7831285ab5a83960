import { describe, expect, it } from "vitest";
import { embed, readExported, VERSION, type Embedded } from "../src/embedded";
import { MemoryDatabase } from "../src/notebook/database";
import { Store } from "../src/notebook/store";
import { Workspace } from "../src/notebook/workspace";
import { inlineScript, writePage } from "../src/standalone/page";
import { shippedBeside, unpack } from "../src/unpack";

const page = writePage({ policy: "default-src 'none'", title: "NST workbench", icon: "data:,", styles: "", script: "", files: [] });

const notebook: Embedded = {
  version: VERSION,
  id: "0123456789abcdef01234567",
  name: "waves",
  title: "Waves & <b>winds</b>",
  snapshot: {
    text: "# Waves & <b>winds</b>\n\n</script><script>alert(1)</script> <!-- $& $1 \u2028\n",
    params: { abc: { src: `own:${"0".repeat(64)}`, crop: { x: 0.5 } } },
    drafts: { def: "const a = 1" },
  },
  pictures: [{ src: `own:${"0".repeat(64)}`, name: "cat.png", type: "image/png", base64: "iVBORw0KGgo=" }],
};
/** A page as somebody might have written it. */
const withNotebook = (change: object) => page.replace('id="nst-embedded">null', () => `id="nst-embedded">${JSON.stringify({ ...notebook, ...change }).replaceAll("</", "<\\/")}`);

describe("a notebook in a page", () => {
  it("comes out as it went in, whatever characters it has", () => {
    expect(readExported(embed(page, notebook))).toEqual(notebook);
  });

  it("is the page's title, and cannot end the element that it stands in", () => {
    const html = embed(page, notebook);
    expect(html).toContain("<title>Waves &amp; &lt;b>winds&lt;/b></title>");
    expect(html.match(/<script/g)).toEqual(page.match(/<script/g));
    expect(html.match(/<!--/g)).toBe(null);
  });

  it("takes the place of the one before", () => {
    const other = { ...notebook, id: "ffffffffffffffff", name: "other", title: "Other" };
    expect(embed(embed(page, notebook), other)).toBe(embed(page, other));
  });

  it("is null in a page without one, and in any other text", () => {
    expect(readExported(page)).toBe(null);
    expect(readExported("<!doctype html><title>NST workbench</title>")).toBe(null);
    expect(readExported("# Markdown")).toBe(null);
  });

  it("of a page that is no workbench cannot be put in", () => {
    expect(() => embed("<!doctype html>", notebook)).toThrow("no place for a notebook");
  });
});

describe("a file that somebody else made", () => {
  it("says what is wrong with it", () => {
    expect(() => readExported(embed(page, notebook).replace('"version":1', '"version"'))).toThrow("is damaged: it cannot be read");
    expect(() => readExported(withNotebook({ version: "1" }))).toThrow("its version is missing");
    expect(() => readExported(withNotebook({ version: VERSION + 1 }))).toThrow("made with a newer version of the workbench");
    expect(() => readExported(withNotebook({ id: "../keyval-store" }))).toThrow("it has no id");
    expect(() => readExported(withNotebook({ name: "" }))).toThrow("it has no name");
    expect(() => readExported(withNotebook({ snapshot: { params: {} } }))).toThrow("it has no text");
  });

  it("gives nothing that is not known", () => {
    const strange = withNotebook({
      title: 7,
      trusted: true,
      snapshot: { text: "text", params: { a: "no", b: { x: 1 } }, drafts: { a: 1, b: "yes" }, more: 1 },
      pictures: [{ src: "own:short", name: "a", type: "image/png", base64: "" }, { ...notebook.pictures[0], type: "text/html" }, null, notebook.pictures[0]],
    });
    expect(readExported(strange)).toEqual({
      ...notebook,
      title: null,
      snapshot: { text: "text", params: { b: { x: 1 } }, drafts: { b: "yes" } },
      pictures: notebook.pictures,
    });
  });
});

describe("code in a page", () => {
  it("means the same, and holds nothing that a page's parser takes for its own", () => {
    const code = 'export const texts = ["</script>", `<!-- ${1 < 2}`, /<script/.test("<script"), "a\0b"];\r\nexport default texts.length < 4;';
    const inlined = inlineScript(code);
    expect(inlined).not.toMatch(/<\/script|<!--|<script|\r|\0/i);
    const run = (text: string) => new Function(text.replaceAll("export const texts =", "const texts =").replace("export default", "return [texts, ") + "]")() as unknown;
    expect(run(inlined.replace(/;$/, ""))).toEqual([["</script>", "<!-- true", true, "a\0b"], false]);
  });
});

describe("an exported page", () => {
  const bytes = new TextEncoder().encode("a picture");
  const lessons = [
    { name: "lesson", text: "# Lesson\n" },
    { name: "waves", text: "# The lesson about waves\n" },
  ];
  const text = "# Waves\n\n```js\nconst a = 1\n```\n";
  const file: Embedded = { ...notebook, snapshot: { text, params: {}, drafts: {} }, pictures: [] };
  const opening = async (embedded: Embedded, database = new MemoryDatabase()) => {
    const store = new Store("tests of exported pages", database);
    const first = await unpack(embedded, store);
    const workspace = new Workspace({ shipped: shippedBeside(embedded, lessons), store });
    return { first, store, workspace, opened: (await workspace.open(embedded.name))! };
  };

  it("opens its own notebook first, and later what was kept of it", async () => {
    const database = new MemoryDatabase();
    const { first, opened, workspace } = await opening(file, database);
    expect([first, opened.session.text]).toEqual([true, text]);
    expect(workspace.entries.map(({ name }) => name)).toEqual(["lesson", "waves"]);
    opened.session.change(`${text}\nMore.\n`, "write");
    await opened.keeper.close();
    const again = await opening(file, database);
    expect([again.first, again.opened.session.text]).toEqual([false, `${text}\nMore.\n`]);
    await again.opened.keeper.close();
  });

  it("finds its notebook under its new name, and has it again after it was deleted", async () => {
    const database = new MemoryDatabase();
    const { workspace, opened } = await opening(file, database);
    expect(await workspace.rename("waves", "Ripples")).toBe("ripples");
    await opened.keeper.close();
    const again = await opening(file, database);
    expect([again.first, again.opened.entry.title]).toEqual([false, "Ripples"]);
    expect(again.opened.record.name).toBe("ripples");
    await again.workspace.remove("ripples");
    const last = await opening(file, database);
    expect([last.first, last.opened.entry.title]).toEqual([true, "Waves"]);
  });

  it("does not run its code before the reader has agreed, and asks once", async () => {
    const database = new MemoryDatabase();
    const { opened } = await opening(file, database);
    expect(opened.entry.trusted).toBe(false);
    await opened.trust();
    await opened.keeper.close();
    expect((await opening(file, database)).opened.entry.trusted).toBe(true);
    expect((await opening({ ...file, snapshot: { ...file.snapshot, text: "# Prose\n" } })).opened.entry.trusted).toBe(true);
  });

  it("brings its pictures along; one that is damaged costs nothing but itself", async () => {
    const { store } = await opening({ ...file, pictures: [{ ...notebook.pictures[0], base64: "%" }] });
    expect((await store.usage()).pictures).toEqual([]);
    const src = await store.pictures.keep(new Blob([bytes], { type: "image/png" }), "cat.png");
    const there = await opening({ ...file, pictures: [{ src, name: "cat.png", type: "image/png", base64: btoa("a picture") }] });
    const kept = (await there.store.pictures.get(src))!;
    expect([kept.name, kept.file.type, await kept.file.text()]).toEqual(["cat.png", "image/png", "a picture"]);
  });
});
