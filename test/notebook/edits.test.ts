import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NotebookCell } from "../../src/notebook/cells";
import { duplicateCell, insertCell, moveCell, removeCell } from "../../src/notebook/edits";
import { parse } from "../../src/notebook/parse";
import { cellText, notebookText, wildText } from "./support/notebooks";

const insert = (text: string, index: number, cell: string) => insertCell(parse(text), text, index, cell);
const remove = (text: string, index: number) => removeCell(parse(text), text, index);
const move = (text: string, from: number, to: number) => moveCell(parse(text), text, from, to);
const duplicate = (text: string, index: number) => duplicateCell(parse(text), text, index);

const a = '<nst-image as="a"></nst-image>';
const b = '<nst-image as="b"></nst-image>';
const c = '<nst-image as="c"></nst-image>';
const code = "```js\nconst G = 1\n```";

describe("inserting a cell", () => {
  it.each<[string, string, number, string, string]>([
    ["between others", `${a}\n\n${b}\n`, 1, c, `${a}\n\n${c}\n\n${b}\n`],
    ["at the beginning", `${a}\n`, 0, c, `${c}\n\n${a}\n`],
    ["at the end", `${a}\n`, 1, c, `${a}\n\n${c}\n`],
    ["at the end of a text without a last line break", a, 1, c, `${a}\n\n${c}`],
    ["into an empty notebook", "", 0, c, c],
    ["into a notebook of blank lines", "\n\n", 0, c, `${c}\n\n`],
    ["between cells without a blank line", `# T\n${a}`, 1, code, `# T\n\n${code}\n\n${a}`],
    ["into a row, which it tears", `${a}\n${b}`, 1, code, `${a}\n\n${code}\n\n${b}`],
    ["before a row, which stays", `${a}\n${b}`, 0, c, `${c}\n\n${a}\n${b}`],
    ["after a row, which stays", `${a}${b}\n`, 2, c, `${a}${b}\n\n${c}\n`],
    ["with blank lines around it", `${a}\n`, 1, `\n\n${c}\n\n`, `${a}\n\n${c}\n`],
    ["into a text with other line breaks", `${a}\r\n\r\n${b}\r\n`, 1, code, `${a}\r\n\r\n${code.replaceAll("\n", "\r\n")}\r\n\r\n${b}\r\n`],
    ["of several", a, 1, `x\n\n${b}`, `${a}\n\nx\n\n${b}`],
    ["after a list", "- x\n", 1, a, `- x\n\n${a}\n`],
    ["of prose, which becomes one cell with the prose before it", "x\n", 1, "y", "x\n\ny\n"],
  ])("%s", (_where, text, index, cell, expected) => {
    expect(insert(text, index, cell)).toBe(expected);
  });

  it("is refused if there is nothing to insert", () => {
    expect(() => insert(a, 1, " \n")).toThrow("nothing to insert");
  });

  it.each([
    ["```js\nconst a = 1", "The code block in “```js” is not closed"],
    ["x\n\n<!-- a", "is not closed"],
  ])("is refused where a cell that is not closed would take it in: after %j", (text, message) => {
    const { cells } = parse(text);
    expect(() => insert(text, cells.length, a)).toThrow(message);
    expect(parse(insert(text, 0, a)).cells).toHaveLength(cells.length + 1);
  });

  it("is refused if it would take in the others, and allowed at the end", () => {
    expect(() => insert(a, 0, "```js\n1")).toThrow("is not closed, so it would take in the cells after it");
    expect(insert(a, 1, "```js\n1")).toBe(`${a}\n\n\`\`\`js\n1`);
  });

  it("is refused if it would become a part of a list", () => {
    expect(() => insert("- x", 1, "  ```js\n  1\n  ```")).toThrow("begins with blanks");
  });
});

describe("removing a cell", () => {
  it.each<[string, string, number, string]>([
    ["between others", `${a}\n\n${b}\n\n\n${c}\n`, 1, `${a}\n\n${c}\n`],
    ["at the beginning", `\n${a}\n\n${b}\n`, 0, `\n${b}\n`],
    ["at the end", `${a}\n\n${b}\n`, 1, `${a}\n`],
    ["at the end of a text without a last line break", `${a}\n\n${b}`, 1, a],
    ["that is the only one", `\n${a}\n`, 0, ""],
    ["out of a row of two", `${a}\n${b}\n\n${c}\n`, 1, `${a}\n\n${c}\n`],
    ["at the beginning of a row", `${c}\n\n${a}\n${b}\n`, 1, `${c}\n\n${b}\n`],
    ["out of a row of three, which stays a row", `${a}\n${b}\n${c}\n`, 1, `${a}\n${c}\n`],
    ["between paragraphs that it parted", `x\n${code}\ny\n`, 1, "x\n\ny\n"],
    ["before an indented element, which a list must not take in", `- x\n\n${code}\n\n  ${a}\n`, 1, `- x\n\n${a}\n`],
  ])("%s", (_where, text, index, expected) => {
    expect(remove(text, index)).toBe(expected);
  });

  it("is refused if a cell would become a part of a list", () => {
    expect(() => remove(`- x\n\n${a}\n\n  \`\`\`js\n  1\n  \`\`\``, 1)).toThrow("begins with blanks");
  });
});

describe("moving a cell", () => {
  it.each<[string, string, number, number, string]>([
    ["down", `${a}\n\n${b}\n\n\n${c}\n`, 0, 1, `${b}\n\n\n${a}\n\n${c}\n`],
    ["up", `${a}\n\n${b}\n\n\n${c}\n`, 2, 0, `${c}\n\n${a}\n\n${b}\n`],
    ["to the end of a text without a last line break", `${a}\n\n${b}`, 0, 1, `${b}\n\n${a}`],
    ["nowhere", `${a}\n${b}\n`, 1, 1, `${a}\n${b}\n`],
    ["within its row", `${a}\n${b}\n\n${code}\n`, 0, 1, `${b}\n${a}\n\n${code}\n`],
    ["out of its row, and the other one stands alone", `${a}\n${b}\n\n${code}\n`, 0, 2, `${b}\n\n${code}\n\n${a}\n`],
    ["out of a row of three, which stays a row", `${a}\n${b}\n${c}\n\n${code}\n`, 1, 3, `${a}\n${c}\n\n${code}\n\n${b}\n`],
    ["next to a row, to which it does not belong", `${a}\n${b}\n\n${c}\n`, 2, 0, `${c}\n\n${a}\n${b}\n`],
    ["of prose to prose, which are one cell then", `x\n\n${a}\n\ny\n`, 2, 1, `x\n\ny\n\n${a}\n`],
  ])("%s", (_where, text, from, to, expected) => {
    expect(move(text, from, to)).toBe(expected);
  });

  it("is refused for one that is not closed and would take in others", () => {
    expect(() => move(`${a}\n\n\`\`\`js\n1`, 1, 0)).toThrow("is not closed");
    expect(() => move(`${a}\n\n\`\`\`js\n1`, 0, 1)).toThrow("is not closed");
  });
});

describe("duplicating a cell", () => {
  it.each<[string, string, number, string]>([
    ["gives the copy another name", a, 0, `${a}\n\n<nst-image as="a2"></nst-image>`],
    ["counts on", '<nst-image as="G2"></nst-image>', 0, '<nst-image as="G2"></nst-image>\n\n<nst-image as="G3"></nst-image>'],
    ["takes a name that nobody has", `${a}\n\n\`\`\`js\nconst a2 = 1\n\`\`\``, 0, `${a}\n\n<nst-image as="a3"></nst-image>\n\n\`\`\`js\nconst a2 = 1\n\`\`\``],
    ["keeps the copy in the row", `${a}\n${b}\n`, 0, `${a}\n<nst-image as="a2"></nst-image>\n${b}\n`],
    ["leaves what looks like a name alone", `<nst-x title=' as="q" ' data-as="r" AS = s of="as"></nst-x>`, 0, `<nst-x title=' as="q" ' data-as="r" AS = s of="as"></nst-x>\n\n<nst-x title=' as="q" ' data-as="r" AS = "s2" of="as"></nst-x>`],
    ["leaves a nameless one as it is", "<nst-x></nst-x>", 0, "<nst-x></nst-x>\n\n<nst-x></nst-x>"],
    [
      "renames what code declares, wherever it uses it, and keeps its line breaks",
      "```js kernel edit\r\nconst { G, h: [k] } = nst.gram(F) // G\r\nconst G2 = { G }\r\n```\r\n",
      0,
      "```js kernel edit\r\nconst { G, h: [k] } = nst.gram(F) // G\r\nconst G2 = { G }\r\n```\r\n\r\n```js kernel edit\r\nconst { G: G3, h: [k2] } = nst.gram(F) // G\r\nconst G4 = { G: G3 }\r\n```\r\n",
    ],
    ["leaves code that is not run as it is", "```js run=false\nconst G = 1\n```", 0, "```js run=false\nconst G = 1\n```\n\n```js run=false\nconst G = 1\n```"],
    ["leaves code that cannot be read as it is", "```js\nconst G = (\n```", 0, "```js\nconst G = (\n```\n\n```js\nconst G = (\n```"],
    ["knows every kind of fence", `${a}\n\n~~~js\nconst G = 1\n~~~`, 1, `${a}\n\n~~~js\nconst G = 1\n~~~\n\n~~~js\nconst G2 = 1\n~~~`],
    ["of prose is one cell with it", "x\n", 0, "x\n\nx\n"],
  ])("%s", (_what, text, index, expected) => {
    expect(duplicate(text, index)).toBe(expected);
  });

  it("is refused for one that is not closed and would take the copy in", () => {
    expect(() => duplicate(`${a}\n\n~~~js\nconst G = 1`, 1)).toThrow("is not closed");
  });

  it("never gives a name twice", () => {
    const given = (text: string) => parse(text).cells.flatMap((cell) => (cell.kind === "element" && cell.attributes["as"] ? [cell.attributes["as"]] : []));
    const text = [1, 2, 3].reduce((last, _, i) => duplicate(last, i), `${a}\n\n${b}\n`);
    expect(new Set(given(text)).size).toBe(5);
  });
});

describe("every edit", () => {
  it("is refused for a notebook that was cut from another text, and for cells that are not there", () => {
    expect(() => insertCell(parse(a), `${a}\n\n${b}`, 0, c)).toThrow("has changed");
    expect(() => removeCell(parse(`${a}\n\n${b}`), `${b}\n\n${a}`, 0)).toThrow("has changed");
    expect(() => remove(a, 1)).toThrow("no cell 1");
    expect(() => move(a, 0, -1)).toThrow("no cell -1");
    expect(() => insert(a, 2, b)).toThrow("no cell 2");
    expect(() => remove("", 0)).toThrow("no cell 0");
  });

  /** An edit of a notebook, what it does to the list of cells, and what of the text must be in the result, in order. */
  const edit = fc.record({ what: fc.constantFrom("insert", "remove", "move", "duplicate"), at: fc.nat(), to: fc.nat(), cell: cellText });
  type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

  function apply(text: string, { what, at, to, cell }: Edit): { result: string; list: Listed[]; kept: string[] } {
    const { cells } = parse(text);
    const list: Listed[] = cells.filter((one) => one.text !== "");
    const between = (from: number, end: number) => (end > from ? text.slice(cells[from].start, cells[end - 1].end) : "");
    const n = list.length;
    if (what === "insert" || n === 0) {
      const i = at % (n + 1);
      const written = /\r\n/.test(text) ? cell.replaceAll("\n", "\r\n") : cell;
      const [own] = parse(written).cells;
      return { result: insert(text, i, cell), list: list.toSpliced(i, 0, own), kept: [between(0, i), own.text, between(i, n)] };
    }
    const i = at % n;
    if (what === "remove") return { result: remove(text, i), list: list.toSpliced(i, 1), kept: [between(0, i), between(i + 1, n)] };
    if (what === "move") {
      const j = to % n;
      const [low, high] = [Math.min(i, j), Math.max(i, j)];
      const inner = i < j ? between(i + 1, j + 1) : between(j, i);
      return {
        result: move(text, i, j),
        list: list.toSpliced(i, 1).toSpliced(j, 0, list[i]),
        kept: [between(0, low), ...(i < j ? [inner, list[i].text] : [list[i].text, inner]), between(high + 1, n)],
      };
    }
    const result = duplicate(text, i);
    // the copy has names of its own, of which other tests tell
    const copy = list[i].kind === "prose" ? list[i] : parse(result).cells[i + 1];
    return { result, list: list.toSpliced(i + 1, 0, copy), kept: [between(0, i + 1), copy.text, between(i + 1, n)] };
  }

  type Listed = Pick<NotebookCell, "kind" | "text">;

  /** Cells as they must be; prose after prose is one cell, whose texts have a blank line between. */
  function expectCells(result: string, list: readonly Listed[]): void {
    const groups: Listed[][] = [];
    for (const one of list) {
      if (one.kind === "prose" && groups.at(-1)?.[0].kind === "prose") groups.at(-1)!.push(one);
      else groups.push([one]);
    }
    const { cells } = parse(result);
    expect(cells.map(({ kind }) => kind)).toEqual(groups.map(([{ kind }]) => kind));
    for (const [i, group] of groups.entries()) {
      let rest = cells[i].text;
      for (const [j, { text }] of group.entries()) {
        if (j > 0) rest = rest.replace(/^[ \t]*(?:\r\n|\r(?!\n)|\n)([ \t]*(?:\r\n|\r|\n))+/, "");
        expect(rest.startsWith(text)).toBe(true);
        rest = rest.slice(text.length);
      }
      expect(rest).toBe("");
    }
  }

  function expectEdit(text: string, how: Edit): void {
    const { result, list, kept } = apply(text, how);
    expectCells(result, list);
    let at = 0;
    for (const part of kept) {
      const found = result.indexOf(part, at);
      expect(result.slice(at, found)).toMatch(/^\s*$/);
      at = found + part.length;
    }
    const had = parse(text).cells.some((cell) => cell.text !== "");
    if (list.length > 0) expect(result.slice(at)).toBe(had ? text.slice(parse(text).cells.at(-1)!.end) : text);
    if (/\r\n/.test(text)) expect(result.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  }

  it("does to the list of cells what it says, and leaves all other characters where they were", () => {
    fc.assert(fc.property(notebookText, edit, expectEdit), { numRuns: 600 });
  });

  it("does so in notebooks with mistakes too, or says why it cannot be done", () => {
    let refused = 0;
    const runs = 600;
    fc.assert(
      fc.property(wildText, edit, (text, how) => {
        try {
          apply(text, how);
        } catch (error) {
          expect((error as Error).message).toMatch(/is not closed, so it would take in|begins with blanks/);
          refused++;
          return;
        }
        expectEdit(text, how);
      }),
      { numRuns: runs },
    );
    expect(refused).toBeLessThan(runs / 3);
  });

  it("keeps rows together: what stood side by side and is still next to each other does so afterwards", () => {
    fc.assert(
      fc.property(notebookText, edit, (text, how) => {
        fc.pre(how.what !== "duplicate");
        const { cells } = parse(text);
        const after = parse(apply(text, how).result).cells;
        // only where every text is there once can a cell be recognised
        const inLines = (cell: string) => cell.replace(/\r\n?/g, "\n");
        fc.pre(new Set(cells.map((cell) => cell.text)).size === cells.length && !cells.some(({ text: own }) => inLines(own) === inLines(how.cell)));
        for (const [i, cell] of cells.entries()) {
          const j = after.findIndex((one) => one.text === cell.text);
          if (i === 0 || j < 1 || cell.kind !== "element" || after[j - 1].text !== cells[i - 1].text) continue;
          expect((after[j] as typeof cell).beside).toBe(cell.beside);
        }
      }),
      { numRuns: 400 },
    );
  });
});
