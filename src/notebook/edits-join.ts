import type { Notebook, NotebookCell } from "./cells";
import { parse } from "./parse";

/** A stretch of the new text that holds one cell (a text that somebody wrote: one or more). */
export interface Piece {
  text: string;
  /** position among the cells there were; null if it was not among them */
  index: number | null;
  /** first cell of the row it stands in, side by side with others; null if it stands alone */
  row: number | null;
  /** where the cells in it are, counted in its own text */
  cells: readonly Extent[];
}

type Extent = Pick<NotebookCell, "kind" | "start" | "end">;

/**
 * The notebook's cells as pieces; none for a notebook of blank lines.
 *
 * @throws Error if `notebook` was cut from another text
 */
export function pieces({ cells }: Notebook, text: string): Piece[] {
  if (cells.some((cell) => text.slice(cell.start, cell.end) !== cell.text) || (cells.at(-1)?.to ?? 0) !== text.length) {
    throw new Error("The notebook has changed since its cells were read. Parse it again and edit that.");
  }
  const beside = (i: number) => {
    const cell = cells[i];
    return cell?.kind === "element" && cell.beside;
  };
  const rowOf = (i: number): number => (beside(i) ? rowOf(i - 1) : i);
  return cells
    .map((cell, i): Piece => ({ text: cell.text, index: i, row: beside(i) || beside(i + 1) ? rowOf(i) : null, cells: [extent(cell, cell.start)] }))
    .filter((piece) => piece.text !== "");
}

/**
 * A piece of what somebody wrote, in the line breaks of the notebook, without the blank lines around it.
 *
 * @throws Error if it is blank
 */
export function newPiece(written: string, text: string): Piece {
  const all = written.replace(/\r\n|\r|\n/g, lineBreak(text));
  const { cells } = parse(all);
  const start = cells[0]?.start ?? 0;
  const own = all.slice(start, cells.at(-1)?.end);
  if (own === "") throw new Error("There is nothing to insert: the new cell has no text. Write something into it.");
  return { text: own, index: null, row: null, cells: cells.map((cell) => extent(cell, start)) };
}

/**
 * The notebook's text with its cells in another order, some left out or new. What stood next to each other before keeps what is
 * between; all else gets a blank line between, or stays side by side if it belongs to the same row. Prose that comes to stand
 * after prose is one cell with it from then on: Markdown knows no border between them.
 *
 * @throws Error if a cell would become a part of another one
 */
export function join({ cells }: Notebook, text: string, order: readonly Piece[]): string {
  if (order.length === 0) return "";
  const blank = order.every(({ index }) => index === null) && cells.every((cell) => cell.text === "");
  const lead = blank ? "" : text.slice(0, cells[0].start);
  let result = order[0].index === 0 ? lead : unindented(lead);
  const expected: Extent[] = [];
  for (const [i, piece] of order.entries()) {
    if (i > 0) result += between(order[i - 1], piece, cells, text);
    for (const { kind, start, end } of piece.cells) {
      const before = expected.at(-1);
      if (kind === "prose" && before?.kind === "prose") before.end = result.length + end;
      else expected.push({ kind, start: result.length + start, end: result.length + end });
    }
    result += piece.text;
  }
  result += blank ? text : text.slice(cells.at(-1)!.end);
  const found = parse(result).cells;
  const same = found.length === expected.length && found.every(({ kind, start, end }, i) => kind === expected[i].kind && start === expected[i].start && end === expected[i].end);
  if (!same) throw refusal(order);
  return result;
}

function extent({ kind, start, end }: NotebookCell, origin: number): Extent {
  return { kind, start: start - origin, end: end - origin };
}

function between(before: Piece, after: Piece, cells: readonly NotebookCell[], text: string): string {
  const gap = (i: number) => text.slice(cells[i].end, cells[i + 1]?.start);
  if (before.index !== null && after.index === before.index + 1) return gap(before.index);
  if (before.row !== null && before.row === after.row) return gap(before.row);
  const candidates = [
    ...(before.index !== null && before.index + 1 < cells.length ? [gap(before.index)] : []),
    ...(after.index !== null && after.index > 0 ? [gap(after.index - 1)] : []),
  ];
  const parting = candidates.find((candidate) => /(?:\r\n|\r(?!\n)|\n)[ \t]*[\r\n]/.test(candidate));
  return parting === undefined ? lineBreak(text).repeat(2) : unindented(parting);
}

/** Without the blanks before whatever followed: they belonged to that. */
function unindented(gap: string): string {
  return gap.replace(/[ \t]+$/, "");
}

/** The line break that is most frequent in the text. */
function lineBreak(text: string): string {
  const counts = new Map([["\n", 0]]);
  for (const [found] of text.matchAll(/\r\n|\r|\n/g)) counts.set(found, (counts.get(found) ?? 0) + 1);
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}

/** Why these cells cannot stand in this order. */
function refusal(order: readonly Piece[]): Error {
  const open = order.slice(0, -1).find(({ text, cells }) => parse(`${text}\n\n<nst-x></nst-x>`).cells.length === cells.length);
  if (open) {
    const what = open.cells.at(-1)!.kind === "code" || /^ {0,3}(?:`{3}|~{3})/m.test(open.text) ? "code block" : "comment or HTML";
    return new Error(`The ${what} in “${firstLine(open)}” is not closed, so it would take in the cells after it. Close it, then try again.`);
  }
  return new Error("A cell would become a part of the one before it there, because its first line begins with blanks. Take them away, or choose another place.");
}

function firstLine({ text }: Piece): string {
  const line = text.trim().split(/[\r\n]/, 1)[0];
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}
