import fc from "fast-check";

const PROSE = [
  "# Title",
  "A paragraph with $x$, *stars* and [a link][ref].",
  "Two lines\nof one paragraph",
  "- one\n- two",
  "1. one\n\n   inside",
  "> quoted",
  "$$\nx^2\n$$",
  "[ref]: https://example.org/ref",
  "| a | b |\n| - | - |\n| 1 | 2 |",
  "<!-- a comment -->",
  "---",
  "Underlined\n==========",
  "```python\nprint(1)\n```",
  "    indented",
  "größe 図 🎨",
];
const ELEMENTS = ['<nst-image as="style" src="a.jpg"></nst-image>', "<nst-run></nst-run>", '<nst-network\n  as="network"></nst-network>', '<nst-image as="content"></nst-image>'];
const CODE = ["```js\nconst G = 1\n```", "```js kernel edit\nconst H = F\n\nH.shape\n```", "~~~js run=false\nx\n~~~", "```js\n```", "````js\n`${'```'}`\n````"];
/** What makes trouble: not closed, or indented. */
const WILD = ["```js\nnever closed", "<!-- never closed", "  <nst-run></nst-run>", "  ```js\n  1\n  ```", "   ", "<nst-run>text</nst-run>", "<pre>\n\nopen", "$$", "\\", "```", "[a]:"];

/** The text of one cell. */
export const cellText = fc.oneof(fc.constantFrom(...PROSE), fc.constantFrom(...ELEMENTS), fc.constantFrom(...CODE));

const row = fc.tuple(fc.constantFrom(...ELEMENTS), fc.constantFrom("\n", "", "\n\n"), fc.constantFrom(...ELEMENTS)).map((parts) => parts.join(""));
const gap = fc.constantFrom("\n\n", "\n\n", "\n\n\n", "\n \n", "\n");

function texts(block: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .record({
      blocks: fc.array(fc.tuple(block, gap), { maxLength: 8 }),
      lead: fc.constantFrom("", "", "\n", "\n\n"),
      tail: fc.constantFrom("\n", "\n", "", "\n\n", "  "),
      lineBreak: fc.constantFrom("\n", "\n", "\r\n"),
    })
    .map(({ blocks, lead, tail, lineBreak }) => {
      const body = blocks.map(([text, after], i) => text + (i < blocks.length - 1 ? after : "")).join("");
      return (lead + body + tail).replaceAll("\n", lineBreak);
    });
}

/** Notebooks as people write them. */
export const notebookText = texts(fc.oneof(cellText, row));
/** Notebooks with mistakes. */
export const wildText = texts(fc.oneof({ weight: 2, arbitrary: cellText }, row, fc.constantFrom(...WILD)));
