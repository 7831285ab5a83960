import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { replace } from "../../src/notebook/edit";
import { parse } from "../../src/notebook/parse";
import { notebookText, wildText } from "./support/notebooks";

const folder = resolve(import.meta.dirname, "../../notebooks");
const shipped = readdirSync(folder).filter((file) => file.endsWith(".md"));

function expectRoundTrip(text: string): void {
  const { cells } = parse(text);
  expect(cells.map(({ from, to }) => text.slice(from, to)).join("")).toBe(text);
  expect(cells.map(({ start, end }) => text.slice(start, end))).toEqual(cells.map((cell) => cell.text));
  for (const [i, cell] of cells.entries()) {
    expect(replace(text, cell, cell.text)).toBe(text);
    const edited = replace(text, cell, `${cell.text} \n\nmore`);
    expect(edited.startsWith(text.slice(0, cell.start))).toBe(true);
    expect(edited.endsWith(text.slice(cell.end))).toBe(true);
    expect(edited).toHaveLength(text.length + 7);
    for (const other of cells.slice(0, i)) expect(edited.slice(other.from, other.to)).toBe(text.slice(other.from, other.to));
  }
}

describe("a notebook's text", () => {
  it.each(shipped)("comes back byte for byte from its cells, and an edit of a cell leaves all other bytes: %s", (file) => {
    expectRoundTrip(readFileSync(join(folder, file), "utf8"));
  });

  it("is there for every notebook that is shipped", () => {
    expect(shipped).toContain("first-transfer.md");
  });

  it("comes back from its cells whatever it is", () => {
    fc.assert(fc.property(notebookText, expectRoundTrip), { numRuns: 300 });
    fc.assert(fc.property(wildText, expectRoundTrip), { numRuns: 300 });
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), expectRoundTrip), { numRuns: 300 });
  });
});
