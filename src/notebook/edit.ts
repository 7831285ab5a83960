import type { NotebookCell } from "./cells";

/**
 * The notebook's text with the text of one cell exchanged; every other character stays, the blank lines around the cell too.
 *
 * @throws Error if `cell` is not of this text (it was cut from an earlier one)
 */
export function replace(text: string, cell: NotebookCell, newText: string): string {
  if (text.slice(cell.start, cell.end) !== cell.text) {
    throw new Error(`The cell at line ${cell.line} is not where it was: the notebook has changed since. Parse it again and take the cell from there.`);
  }
  return text.slice(0, cell.start) + newText + text.slice(cell.end);
}
