import { duplicateCell, insertCell, moveCell, removeCell } from "../notebook/edits";
import { replace } from "../notebook/edit";
import { givenNames } from "../notebook/rename-cell";
import type { Session } from "../notebook/session";
import { asCode } from "./as-code";
import type { CellAction } from "./cell-tools";
import { cellLabel, withRunByHand } from "./cell-tools-kinds";
import { affected } from "./slot-changes";

/** What was done, for the reader. */
export interface Performed {
  message: string;
  /** where the focus goes: to one of the cell's tools, or into its text; key: null if no cell is left */
  focus: { key: string | null; on: "handle" | "edit" | "more" | "editor" };
}

/**
 * Carries out what changes the notebook's text.
 *
 * @param key of the cell, null where something is added
 * @param content the cell's element
 * @throws Error if the cells cannot stand like that
 */
export function perform(session: Session, key: string | null, action: CellAction, content: HTMLElement | null): Performed {
  const { notebook, text, slots } = session;
  const index = key === null ? -1 : session.index(key);
  const label = key === null ? "" : cellLabel(slots[index].cell);
  const change = (newText: string, what: string, focus: number): string | null => {
    session.change(newText, what, focus);
    return affected(slots, session.slots);
  };
  switch (action.what) {
    case "add": {
      const added = change(insertCell(notebook, text, action.index, action.text(new Set(notebook.cells.flatMap(givenNames)))), `add ${action.title}`, action.index);
      return { message: `Added: ${action.title}.`, focus: { key: added, on: "editor" } };
    }
    case "duplicate": {
      const copy = change(duplicateCell(notebook, text, index), "duplicate cell", index + 1);
      return { message: `Duplicated ${label}.`, focus: { key: copy, on: "handle" } };
    }
    case "delete": {
      const next = change(removeCell(notebook, text, index), "delete cell", index);
      return { message: `Deleted ${label}.`, focus: { key: next, on: "handle" } };
    }
    case "move": {
      const moved = change(moveCell(notebook, text, index, action.index), "move cell", action.index);
      const there = session.slot(key!) ? key : moved;
      return { message: `Moved ${label} to place ${action.index + 1} of ${session.slots.length}.`, focus: { key: there, on: "handle" } };
    }
    case "by hand": {
      change(replace(text, slots[index].cell, withRunByHand(slots[index].cell, action.byHand)), "run by hand", index);
      return { message: action.byHand ? `${label} runs when you press Run.` : `${label} runs by itself.`, focus: { key, on: "more" } };
    }
    case "as code": {
      const code = content && asCode(content);
      if (!code) return { message: `${label} cannot be shown as code.`, focus: { key, on: "more" } };
      const added = change(insertCell(notebook, text, action.index, code), "show as code", action.index);
      return { message: `${label} stands below as code.`, focus: { key: added, on: "editor" } };
    }
    default:
      throw new Error(`“${action.what}” does not change the notebook's text.`);
  }
}
