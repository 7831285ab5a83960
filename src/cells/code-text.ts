/** Between a code cell's text (with its fences) and its source (between them). Pure. */
import type { CodeCell } from "../notebook/cells";
import { parse } from "../notebook/parse";

/** The source as an editor shows it: without the line break at its end. */
export function sourceOf({ source }: Pick<CodeCell, "source">): string {
  return source.replace(/\n$/, "");
}

/** What a draft (a whole cell's text) has between its fences; null if it is no code cell any more. */
export function sourceIn(text: string): string | null {
  const { cells } = parse(text);
  return cells.length === 1 && cells[0].kind === "code" ? sourceOf(cells[0]) : null;
}

/**
 * The cell's text with another source. Its first line, and the kind of line breaks, stay; the fences grow where the source has
 * some of their own.
 */
export function withSource({ text }: Pick<CodeCell, "text">, source: string): string {
  const [, fence, info] = /^[ \t]*(`{3,}|~{3,})([^\r\n]*)/.exec(text)!;
  const breaks = text.includes("\r\n") ? "\r\n" : "\n";
  const inner = [...source.matchAll(/^ {0,3}(`{3,}|~{3,})/gm)].map(([, marks]) => marks).filter((marks) => marks[0] === fence[0]);
  const marks = fence[0].repeat(Math.max(fence.length, ...inner.map(({ length }) => length + 1)));
  const lines = source === "" ? [] : source.split("\n");
  return [`${marks}${info}`, ...lines, marks].join(breaks);
}
