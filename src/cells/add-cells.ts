import { insertCell } from "../notebook/edits";
import { givenNames } from "../notebook/rename-cell";
import type { Session } from "../notebook/session";
import type { Cell } from "./cell";
import { affected } from "./slot-changes";

/** Whether cells can be added beside this one: it stands in a notebook that can be changed. */
export function canAddBelow({ context, cellId }: Cell<any>): boolean {
  return !!context?.session?.slot(cellId);
}

/**
 * Adds cells to the notebook below a cell (below its whole row, where it stands beside others), leads the reader to the first of
 * them and gives it the focus. Can be undone.
 *
 * @param text of the new cells, with blank lines between; `taken` are the names that the notebook gives already
 * @param what was done, as the undo button says it: "branch a run"
 * @returns key of the first new cell; null where there is no notebook to add to
 */
export function addBelow(cell: Cell<any>, text: (taken: ReadonlySet<string>) => string, what: string): string | null {
  const session = cell.context?.session;
  if (!session || !canAddBelow(cell)) return null;
  const added = addAt(session, session.index(cell.cellId) + 1, text, what);
  const notebookElement = cell.closest("nst-notebook");
  const slot = [...(notebookElement?.querySelectorAll("nst-slot") ?? [])].find(({ key }) => key === added);
  // its tools, one of which gets the focus, are there when it has been shown for the first time
  if (added) void slot?.updateComplete.then(() => notebookElement!.goTo(added));
  return added;
}

/**
 * Adds cells before the cell of an index: after its whole row, where that would tear one. `text` and `what` as above.
 * @returns key of the first new cell
 */
export function addAt(session: Session, at: number, text: (taken: ReadonlySet<string>) => string, what: string): string | null {
  const { notebook, slots } = session;
  let index = at;
  for (let next = slots[index]?.cell; next?.kind === "element" && next.beside; next = slots[index]?.cell) index++;
  session.change(insertCell(notebook, session.text, index, text(new Set(notebook.cells.flatMap(givenNames)))), what, index);
  return affected(slots, session.slots);
}
