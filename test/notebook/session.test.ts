import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { parse } from "../../src/notebook/parse";
import { reconcile } from "../../src/notebook/reconcile";
import { Session, type SessionChange } from "../../src/notebook/session";

const TEXT = `# Title

Some prose.

<nst-image as="content" src="cat.jpg"></nst-image>

\`\`\`js kernel
const G = 1
\`\`\`

The end.
`;

function open(text = TEXT) {
  const session = new Session("test", { text });
  const changes: SessionChange[] = [];
  session.addEventListener("change", (event) => changes.push((event as CustomEvent<SessionChange>).detail));
  return { session, changes };
}

const keys = (session: Session) => session.slots.map(({ key }) => key);
const keyOf = (session: Session, text: string) => session.slots.find(({ cell }) => cell.text.includes(text))!.key;

describe("the keys of cells", () => {
  it("stay when a cell's text is edited", () => {
    const { session } = open();
    const before = keys(session);
    session.change(TEXT.replace("cat.jpg", "owl.jpg").replace("G = 1", "G = 2"), "edit");
    expect(keys(session)).toEqual(before);
  });

  it("go with a cell that moves", () => {
    const { session } = open();
    const code = keyOf(session, "const G");
    const image = keyOf(session, "nst-image");
    session.change("```js kernel\nconst G = 1\n```\n\n# Title\n\nSome prose.\n\n<nst-image as=\"content\" src=\"cat.jpg\"></nst-image>\n\nThe end.\n", "move");
    expect([keyOf(session, "const G"), keyOf(session, "nst-image")]).toEqual([code, image]);
    expect(session.slots[0].key).toBe(code);
  });

  it("of a cell that is put between others are new, and the others keep theirs", () => {
    const { session } = open();
    const before = keys(session);
    session.change(TEXT.replace("```js", "<nst-image as=\"second\"></nst-image>\n\n```js"), "add");
    const added = keyOf(session, "second");
    expect(before).not.toContain(added);
    expect(keys(session).filter((key) => key !== added)).toEqual(before);
  });

  it("are not taken over by a cell of another kind", () => {
    const { session } = open();
    const image = keyOf(session, "nst-image");
    session.change(TEXT.replace("<nst-image as=\"content\" src=\"cat.jpg\"></nst-image>", "<nst-network as=\"content\"></nst-network>"), "edit");
    expect(keyOf(session, "nst-network")).not.toBe(image);
  });

  it("are never given twice, whatever the texts", () => {
    const cell = fc.constantFrom("Prose.", "More prose.", "<nst-image as=\"a\"></nst-image>", "<nst-run></nst-run>", "```js\n1\n```", "```js\n2\n```");
    const text = fc.array(cell, { maxLength: 8 }).map((cells) => cells.join("\n\n"));
    fc.assert(
      fc.property(text, text, (before, after) => {
        let n = 0;
        const first = reconcile([], parse(before).cells, () => `k${n++}`);
        const second = reconcile(first, parse(after).cells, () => `k${n++}`);
        expect(new Set(second.map(({ key }) => key)).size).toBe(second.length);
        for (const { key, cell: { id } } of second) {
          const same = first.find((slot) => slot.cell.id === id);
          if (same) expect(key).toBe(same.key);
        }
      }),
    );
  });
});

describe("undo and redo", () => {
  it("bring back every text, byte for byte, in order", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 10 }), (texts) => {
        const { session } = open();
        const seen = [session.text];
        for (const text of texts) {
          session.change(text, "edit");
          if (session.text !== seen.at(-1)) seen.push(session.text);
        }
        for (const text of seen.slice(0, -1).reverse()) {
          expect(session.undo()).toBe("edit");
          expect(session.text).toBe(text);
        }
        expect(session.undo()).toBeNull();
        for (const text of seen.slice(1)) {
          session.redo();
          expect(session.text).toBe(text);
        }
        expect(session.redo()).toBeNull();
      }),
    );
  });

  it("bring back a deleted cell with its key, its parameters and what was typed in it", () => {
    const { session } = open();
    const image = keyOf(session, "nst-image");
    const code = keyOf(session, "const G");
    session.setParam(image, "size", "128");
    session.setDraft(code, "```js kernel\nconst G = 3\n```");
    session.change("# Title\n", "delete");
    expect(session.snapshot()).toEqual({ text: "# Title\n", params: {}, drafts: {} });
    session.undo();
    expect(keyOf(session, "nst-image")).toBe(image);
    expect(session.params(image)).toEqual({ size: "128" });
    expect(session.draft(code)).toContain("G = 3");
  });

  it("say what they would do, and forget the future once something new is done", () => {
    const { session } = open();
    session.change("one", "delete cell");
    session.change("two", "edit cell");
    session.undo();
    expect(session.history.next).toEqual({ undo: "delete cell", redo: "edit cell" });
    session.change("three", "add cell");
    expect(session.history.next).toEqual({ undo: "add cell", redo: null });
  });

  it("lead to the cell that they changed", () => {
    const { session, changes } = open();
    const code = keyOf(session, "const G");
    session.change(TEXT.replace("G = 1", "G = 2"), "edit", session.index(code));
    session.undo();
    expect(changes).toEqual([{ what: "text", focus: code }, { what: "text", focus: code }]);
  });
});

describe("a snapshot", () => {
  it("holds parameters and drafts by the cells' texts, and opens as it was left", () => {
    const { session } = open();
    session.setParam(keyOf(session, "nst-image"), "crop", { x: 1, y: 2, width: 30, height: 40 });
    session.setDraft(keyOf(session, "const G"), "```js kernel\nconst G = 9\n```");
    const again = new Session("test", JSON.parse(JSON.stringify(session.snapshot())));
    expect(again.params(keyOf(again, "nst-image"))).toEqual({ crop: { x: 1, y: 2, width: 30, height: 40 } });
    expect(again.draft(keyOf(again, "const G"))).toContain("G = 9");
    expect(again.text).toBe(TEXT);
  });

  it("takes parameters along when the cell's text is edited", () => {
    const { session } = open();
    session.setParam(keyOf(session, "nst-image"), "size", "96");
    session.change(TEXT.replace("cat.jpg", "owl.jpg"), "edit");
    const again = new Session("test", session.snapshot());
    expect(again.params(keyOf(again, "owl.jpg"))).toEqual({ size: "96" });
  });

  it("forgets what was set in the controls once something else is written into the element, and only that", () => {
    const { session } = open(TEXT.replace("src=", "learning-rate=\"1\" src="));
    const image = keyOf(session, "nst-image");
    session.setParam(image, "src", "poppies.jpg");
    session.setParam(image, "learningRate", 2);
    session.setParam(image, "size", "96");
    session.change(session.text.replace("cat.jpg", "owl.jpg").replace("learning-rate=\"1\"", "learning-rate=\"3\""), "edit");
    expect(session.params(image)).toEqual({ size: "96" });
  });

  it("has no draft once that text has become the cell's own", () => {
    const { session } = open();
    const code = keyOf(session, "const G");
    session.setDraft(code, "```js kernel\nconst G = 2\n```");
    session.change(TEXT.replace("G = 1", "G = 2"), "edit");
    expect(session.draft(code)).toBeNull();
  });
});

describe("a change is told", () => {
  it("once for each, and not at all when nothing changes", () => {
    const { session, changes } = open();
    const image = keyOf(session, "nst-image");
    session.change(TEXT, "nothing");
    session.setParam(image, "size", "64");
    session.setParam(image, "size", "64");
    session.setDraft(image, session.slot(image)!.cell.text);
    expect(changes).toEqual([{ what: "params" }]);
  });
});
