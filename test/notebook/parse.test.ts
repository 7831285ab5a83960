import { describe, expect, it } from "vitest";
import fc from "fast-check";
import type { NotebookCell } from "../../src/notebook/cells";
import { replace } from "../../src/notebook/edit";
import { parse } from "../../src/notebook/parse";

const image = '<nst-image as="style" src="great-wave.jpg"></nst-image>';

/** Cells in short: what they are and what they say. */
const outline = (text: string) => parse(text).cells.map(({ kind, text }) => [kind, text]);
const only = <K extends NotebookCell["kind"]>(text: string, kind: K) => parse(text).cells.filter((cell): cell is Extract<NotebookCell, { kind: K }> => cell.kind === kind);
const problems = (text: string) => parse(text).problems.map(({ line, message }) => `${line}: ${message}`);

/** What must hold for every text whatsoever. */
function expectWhole(text: string) {
  const { cells, problems } = parse(text);
  expect(cells.map(({ from, to }) => text.slice(from, to)).join("")).toBe(text);
  for (const cell of cells) {
    expect(text.slice(cell.start, cell.end)).toBe(cell.text);
    expect(cell.from <= cell.start && cell.start <= cell.end && cell.end <= cell.to).toBe(true);
    expect(text.slice(cell.from, cell.start) + text.slice(cell.end, cell.to)).toMatch(/^[ \t\r\n]*$/);
  }
  expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
  const lines = text.split(/\r\n|\r|\n/).length;
  for (const { line, cell } of problems) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines);
    expect(cells.map(({ id }) => id)).toContain(cell);
  }
}

describe("a notebook", () => {
  it("is prose, elements and js code, in order", () => {
    expect(outline(`# The Gram matrix\nStyle is *which* features fire.\n\n${image}\n\nThen:\n\n\`\`\`js kernel\nconst G = 1\n\`\`\`\n\nEnd.\n`)).toEqual([
      ["prose", "# The Gram matrix\nStyle is *which* features fire."],
      ["element", image],
      ["prose", "Then:"],
      ["code", "```js kernel\nconst G = 1\n```"],
      ["prose", "End."],
    ]);
  });

  it("keeps a run of ordinary blocks together as one cell", () => {
    const prose = "# A\n\ntext\n\n- one\n- two\n\n> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\n    indented code";
    expect(outline(prose)).toEqual([["prose", prose]]);
  });

  it("that is empty has no cells, and one of blanks has an empty one", () => {
    expect(parse("").cells).toEqual([]);
    expect(outline("\n \n")).toEqual([["prose", ""]]);
  });

  it("says at which line each cell starts", () => {
    expect(parse(`\n\n# A\n\n${image}\r\n\r\ntext`).cells.map(({ line }) => line)).toEqual([3, 5, 7]);
  });

  it("is covered by its cells, whatever it is", () => {
    const samples = [
      "",
      "\n",
      " \t\n\n",
      "no newline at the end",
      `${image}`,
      `\n\n${image}`,
      `text\n${image}`,
      `${image}\ntext`,
      "# A\r\n\r\ntext\r\n\r\n```js\r\n1\r\n```\r\n",
      "one\rtwo\r\rthree\r",
      "- a\n  ```js\n  nested\n  ```\n- b\n  - c\n\n    ```js\n    deeper\n    ```\n",
      "> ```js\n> quoted\n> ```\n",
      "```js\nnever closed\n\nmore",
      "````js\n```\n````\n",
      "<!-- a comment\n\nof two parts -->\n\ntext",
      "<!-- never closed\n\ntext",
      `🦊 emoji\n\n${image}\n\n👩‍🎨`,
      "a\0b\n\n```js\n\0\n```",
      "\u2028\n\n\u00a0\n\n\ufeff# A",
      "\ufeff" + image,
      "$$\na\n\n```js\n```\n$$\n",
      "$$\nnever closed",
      "Setext\n===\n\nanother\n---\n",
      `[ref]: https://example.org\n\n${image}\n\n[ref]`,
      "<div>\n\n" + image + "\n\n</div>",
      "1.\n\n  ```js\n```",
      "~~~js\n1\n~~~",
      "   ```js\n   1\n   ```",
      `    ${image}`,
    ];
    for (const text of samples) expectWhole(text);
  });

  it("is covered by its cells, for generated texts", () => {
    const block = fc.constantFrom(
      "# Heading",
      "text",
      image,
      "<nst-run></nst-run>",
      "<nst-run\n  as='G'\n></nst-run>",
      "<b>",
      "<!--",
      "-->",
      "```js\n1\n```",
      "```js",
      "```",
      "~~~",
      "```python\n2\n```",
      "- item\n\n  ```js\n  3\n  ```",
      "> quote",
      "$$",
      "$$ x $$",
      "    indented",
      "🦊\u2028\u0085",
      "[a]: b",
      "| a |\n|---|",
      "===",
    );
    const separator = fc.constantFrom("\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\n \t\n", " ", "");
    const text = fc.array(fc.tuple(block, separator), { maxLength: 14 }).map((parts) => parts.flat().join(""));
    fc.assert(fc.property(text, expectWhole), { numRuns: 1500 });
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."`~<>-!$#\n\r\t =\"'nst/[]:*a1é\0") }), expectWhole), { numRuns: 1500 });
  });

  it("written with blank lines between its cells is read back as they were written", () => {
    const prose = fc.constantFrom("text", "# Heading", "- a\n- b", "```python\nx\n```", "$$\nx\n$$", "> q").map((text) => ({ kind: "prose", text }));
    const element = fc.constantFrom(image, "<nst-run></nst-run>").map((text) => ({ kind: "element", text }));
    const code = fc.constantFrom("```js\n1\n```", "~~~js edit\n\n2\n~~~").map((text) => ({ kind: "code", text }));
    fc.assert(
      fc.property(fc.array(fc.oneof(prose, element, code), { maxLength: 12 }), fc.constantFrom("\n\n", "\r\n\r\n", "\n\n\n"), (cells, blank) => {
        // neighbouring prose is one cell
        const expected = cells.reduce<{ kind: string; text: string }[]>((all, cell) => {
          const last = all.at(-1);
          if (cell.kind === "prose" && last?.kind === "prose") all[all.length - 1] = { kind: "prose", text: last.text + blank + cell.text };
          else all.push(cell);
          return all;
        }, []);
        expect(outline(cells.map(({ text }) => text).join(blank))).toEqual(expected.map(({ kind, text }) => [kind, text]));
      }),
    );
  });
});

describe("an element", () => {
  it("has a tag and attributes, with quotes of both kinds, without quotes, without a value, and with character references", () => {
    const [cell] = only(`<nst-image AS="a &quot;b&quot; &#38; c" src='x y.jpg' size=12 live></nst-image>`, "element");
    expect([cell.tag, cell.attributes]).toEqual(["nst-image", { as: 'a "b" & c', src: "x y.jpg", size: "12", live: "" }]);
  });

  it("may span lines, inside its tag and up to its end tag", () => {
    const text = `<nst-run\n  as="G"\n  of="content style">\n</nst-run>`;
    expect(outline(text)).toEqual([["element", text]]);
  });

  it("may have a comment after it", () => {
    expect(outline("<nst-run></nst-run>\n<!-- note -->")).toEqual([
      ["element", "<nst-run></nst-run>"],
      ["prose", "<!-- note -->"],
    ]);
  });

  it("may close itself", () => {
    expect(only('<nst-run as="G" />', "element").map(({ attributes }) => attributes)).toEqual([{ as: "G" }]);
  });

  it("of any custom name is an element, so that the page can explain those it does not know", () => {
    expect(only("<my-thing></my-thing>", "element").map(({ tag }) => tag)).toEqual(["my-thing"]);
  });

  it("that follows another without a blank line stands beside it", () => {
    const cells = only(`<nst-run as="G"></nst-run>\n<nst-run as="H"></nst-run>\n\n<nst-run as="I"></nst-run>`, "element");
    expect(cells.map(({ attributes, beside }) => [attributes.as, beside])).toEqual([
      ["G", false],
      ["H", true],
      ["I", false],
    ]);
  });

  it("in the midst of prose stays prose and is named", () => {
    expect(outline(`text ${image}`)).toEqual([["prose", `text ${image}`]]);
    expect(problems(`# A\n\ntext ${image}`)).toEqual([
      "3: <nst-image> is shown as text because it is not a cell: write it as <nst-image …></nst-image>, with nothing inside, and with blank lines around it.",
    ]);
  });

  it("that is not closed, or has something inside, stays prose and is named", () => {
    for (const text of ['<nst-run as="G">', "<nst-run>inside</nst-run>", "<nst-run>\n\ninside\n\n</nst-run>"]) {
      expect(outline(text)).toEqual([["prose", text]]);
      expect(problems(text)[0]).toMatch(/^1: <nst-run> is shown as text/);
    }
  });

  it("in a code block or code span is only text", () => {
    for (const text of ["`<nst-run></nst-run>`", "```html\n<nst-run></nst-run>\n```", "    <nst-run></nst-run>"]) {
      expect(outline(text)).toEqual([["prose", text]]);
      expect(problems(text)).toEqual([]);
    }
  });

  it("cannot carry code or CSS in its attributes", () => {
    const text = '# A\n\n<nst-run onclick="alert(1)" style="color:red" as="G" AS="H"></nst-run>';
    expect(only(text, "element")[0].attributes).toEqual({ as: "G" });
    expect(problems(text)).toEqual([
      "3: <nst-run>: The attribute onclick would be code that runs in this page; it is left out.",
      "3: <nst-run>: The attribute style is CSS and is left out. To bind the style picture, write of=\"…\".",
      "3: <nst-run>: The attribute AS is given twice; the first one counts.",
    ]);
  });
});

describe("a code cell", () => {
  it("has its source and flags", () => {
    const [cell] = only("```js kernel edit\nconst a = 1\n\nconst b = 2\n```", "code");
    expect([cell.source, cell.flags]).toEqual(["const a = 1\n\nconst b = 2\n", { kernel: true, edit: true, manual: false, run: true }]);
    expect(only("```js run=false\n```", "code")[0].flags).toEqual({ kernel: false, edit: false, manual: false, run: false });
    expect(only("```js manual\n```", "code")[0].flags.manual).toBe(true);
  });

  it("is a fence of js only, at the top level only", () => {
    for (const text of ["```python\n1\n```", "```\n1\n```", "```javascript\n1\n```", "- ```js\n  1\n  ```", "> ```js\n> 1\n> ```", "1. a\n\n   ```js\n   1\n   ```"]) {
      expect(outline(text)).toEqual([["prose", text]]);
    }
  });

  it("may interrupt a paragraph", () => {
    expect(outline("text\n```js\n1\n```\nmore")).toEqual([
      ["prose", "text"],
      ["code", "```js\n1\n```"],
      ["prose", "more"],
    ]);
  });

  it("may hold shorter fences", () => {
    expect(outline("````js\n```\n````")).toEqual([["code", "````js\n```\n````"]]);
    expect(problems("````js\n```\n````")).toEqual([]);
  });

  it("with unknown words after js says which are known", () => {
    expect(problems("# A\n\n```js kernal\n```")).toEqual(["3: “kernal” means nothing after js. What may stand there: kernel, edit, manual, run=false."]);
  });

  it("that is not closed takes in the rest and says so", () => {
    expect(outline("# A\n\n```js\n1\n\n# B")).toEqual([
      ["prose", "# A"],
      ["code", "```js\n1\n\n# B"],
    ]);
    expect(problems("# A\n\n```js\n1\n\n# B")).toEqual(["3: The code block that starts here is not closed, so it takes in the rest of the notebook. End it with a line ```."]);
    expect(problems("```python")).toHaveLength(1);
    expect(problems("```js")).toHaveLength(1);
    expect(problems("~~~js\n```\n~~~~~\n")).toEqual([]);
  });
});

it("a comment that is not closed is named", () => {
  expect(problems("# A\n\n<!-- later\n\ntext")).toEqual(["3: The comment that starts here is not closed, so the rest of the notebook is shown as text. End it with -->."]);
  expect(problems("<!-- later -->\n\ntext")).toEqual([]);
});

describe("headings", () => {
  it("belong to their prose cell and to the notebook, with the anchors that GitHub makes", () => {
    const text = `# Style, as *correlations*: $G$\n\n${image}\n\n## Touch an entry\n\ntext\n\nSetext\n---\n\n## Touch an entry\n\n### Größe & \`code\`\n\n- # not in lists`;
    const { headings, title, cells } = parse(text);
    expect(headings).toEqual([
      { level: 1, text: "Style, as correlations: G", anchor: "style-as-correlations-g", line: 1 },
      { level: 2, text: "Touch an entry", anchor: "touch-an-entry", line: 5 },
      { level: 2, text: "Setext", anchor: "setext", line: 9 },
      { level: 2, text: "Touch an entry", anchor: "touch-an-entry-1", line: 12 },
      { level: 3, text: "Größe & code", anchor: "größe--code", line: 14 },
    ]);
    expect(title).toBe("Style, as correlations: G");
    expect(cells.map((cell) => (cell.kind === "prose" ? cell.headings.length : null))).toEqual([1, null, 4]);
  });

  it("of the first level give the title, else the first heading does", () => {
    expect(parse("## B\n\n# A").title).toBe("A");
    expect(parse("## B\n\n### C").title).toBe("B");
    expect(parse("text").title).toBe(null);
  });

  it("are not made of # in math or code", () => {
    expect(parse("$$\n# a\n$$\n\n```\n# b\n```").headings).toEqual([]);
  });
});

it("link definitions hold for the whole notebook", () => {
  const { references } = parse(`[gatys]\n\n${image}\n\n[gatys]: https://arxiv.org/abs/1508.06576 "A Neural Algorithm"`);
  expect(references).toEqual({ GATYS: { href: "https://arxiv.org/abs/1508.06576", title: "A Neural Algorithm" } });
});

describe("ids", () => {
  it("follow from a cell's text alone, not from where it stands or how its lines end", () => {
    const id = (text: string, n: number) => parse(text).cells[n].id;
    expect(id(`a\nb\n\n${image}`, 0)).toBe(id(`${image}\r\n\r\na\r\nb`, 1));
    expect(id(`a\n\n${image}`, 1)).toBe(id(`${image}\n\n\n\nb`, 0));
    expect(id("a", 0)).not.toBe(id("b", 0));
  });

  it("number cells of equal text", () => {
    const [first, , second] = parse(`${image}\n\na\n\n${image}`).cells;
    expect(second.id).toBe(`${first.id}-2`);
  });
});

describe("replace", () => {
  const text = `# A\r\n\r\n\r\n${image}\r\n  \r\n\`\`\`js\r\n1\r\n\`\`\``;

  it("exchanges the cell's text and keeps every other character", () => {
    const [, element] = parse(text).cells;
    expect(replace(text, element, "<nst-run></nst-run>")).toBe(`# A\r\n\r\n\r\n<nst-run></nst-run>\r\n  \r\n\`\`\`js\r\n1\r\n\`\`\``);
  });

  it("by the same text changes nothing, for every cell", () => {
    for (const cell of parse(text).cells) expect(replace(text, cell, cell.text)).toBe(text);
  });

  it("leaves the ids of the other cells as they were", () => {
    const before = parse(text).cells;
    const after = parse(replace(text, before[1], "<nst-run></nst-run>")).cells;
    expect(after.map(({ id }, i) => id === before[i].id)).toEqual([true, false, true]);
  });

  it("refuses a cell of an earlier text", () => {
    const [, element] = parse(text).cells;
    expect(() => replace(`longer ${text}`, element, "x")).toThrow("The cell at line 4 is not where it was");
  });
});
