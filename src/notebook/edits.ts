import type { Notebook } from "./cells";
import { join, newPiece, pieces } from "./edits-join";
import { copyWithFreshNames, givenNames } from "./rename-cell";

/*
 * New texts from old ones. In all of them: `notebook` is `parse(text)`; what stands in cells that are not touched stays as it is,
 * byte for byte, and so does what stands between cells that were neighbours before; line breaks are those of the text, and at
 * its end stands what stood there. Two prose cells that become neighbours are one cell from then on, a blank line between them:
 * the list of cells is then one shorter than one might think. No edit lets a cell vanish in another: an Error says why it
 * cannot be done.
 */

/**
 * A cell more, alone between blank lines. A row of elements that stand side by side is torn if the new cell is put into it.
 *
 * @param index the new cell stands before the cell that has this index now; the number of cells: at the end
 * @param cellText the text of the new cell (or of several), blank lines around it left out
 * @throws Error if the text is blank, or the cell would take in others or be taken in
 */
export function insertCell(notebook: Notebook, text: string, index: number, cellText: string): string {
  check(index, 0, notebook.cells.length);
  const order = pieces(notebook, text);
  return join(notebook, text, order.toSpliced(index, 0, newPiece(cellText, text)));
}

/**
 * A cell less. Links elsewhere that are defined in the cell (`[name]: address`) lose their address: compare
 * `Notebook.references`.
 *
 * @throws Error if a cell would be taken in by another
 */
export function removeCell(notebook: Notebook, text: string, index: number): string {
  check(index, 0, notebook.cells.length - 1);
  return join(notebook, text, pieces(notebook, text).toSpliced(index, 1));
}

/**
 * A cell elsewhere. Moved within its row, an element stays in the row; moved out, it stands alone, and the others stay side
 * by side.
 *
 * @param to its index afterwards
 * @throws Error if a cell would be taken in by another
 */
export function moveCell(notebook: Notebook, text: string, from: number, to: number): string {
  check(from, 0, notebook.cells.length - 1);
  check(to, 0, notebook.cells.length - 1);
  if (from === to) return text;
  const order = pieces(notebook, text);
  return join(notebook, text, order.toSpliced(from, 1).toSpliced(to, 0, order[from]));
}

/**
 * The cell once more, right after it; an element that stands in a row, in the row. Names that would be given twice get a
 * number: G → G2, in as="…" and in the declarations of code (with all their uses in the cell).
 *
 * @throws Error if a cell would be taken in by another
 */
export function duplicateCell(notebook: Notebook, text: string, index: number): string {
  check(index, 0, notebook.cells.length - 1);
  const order = pieces(notebook, text);
  if (order.length === 0) return text;
  const copy = copyWithFreshNames(notebook.cells[index], notebook.cells.flatMap(givenNames));
  const cells = order[index].cells.map((cell) => ({ ...cell, end: copy.length }));
  return join(notebook, text, order.toSpliced(index + 1, 0, { ...order[index], text: copy, index: null, cells }));
}

function check(index: number, lowest: number, highest: number): void {
  if (!Number.isInteger(index) || index < lowest || index > highest) {
    throw new RangeError(`There is no cell ${index} here: the cells are 0 to ${highest}.`);
  }
}
