import { describe, expect, it } from "vitest";
import { sourceIn, sourceOf, withSource } from "../../src/cells/code-text";
import type { CodeCell } from "../../src/notebook/cells";
import { parse } from "../../src/notebook/parse";

const cellOf = (text: string) => parse(text).cells[0] as CodeCell;

describe("the text of a code cell", () => {
  it("with its own source is itself", () => {
    for (const text of ["```js kernel edit\nconst a = 1\n```", "~~~js\na\n\nb\n~~~", "```js\n```", "````js manual\n```\n````", "```js\r\nconst a = 1\r\nconst b = 2\r\n```"]) {
      expect(withSource(cellOf(text), sourceOf(cellOf(text)))).toBe(text);
    }
  });

  it("with another source keeps its first line and its kind of line breaks", () => {
    expect(withSource(cellOf("~~~js kernel  edit\na\n~~~"), "b\nc")).toBe("~~~js kernel  edit\nb\nc\n~~~");
    expect(withSource(cellOf("```js\r\na\r\n```"), "b\nc")).toBe("```js\r\nb\r\nc\r\n```");
  });

  it("gets longer fences for a source that has fences of its own, and reads back", () => {
    const source = "const text = `\n```js\ncode\n```\n`";
    const text = withSource(cellOf("```js kernel\na\n```"), source);
    expect(text).toMatch(/^````js kernel\n/);
    expect(sourceIn(text)).toBe(source);
  });

  it("is closed where it was not", () => {
    expect(withSource(cellOf("```js\na"), "a")).toBe("```js\na\n```");
  });

  it("that is no code cell any more has no source", () => {
    expect(sourceIn("# A heading")).toBeNull();
    expect(sourceIn("```js\na\n```\n\ntext")).toBeNull();
  });
});
