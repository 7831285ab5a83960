import type { ElementCell, NotebookCell } from "../notebook/cells";
import type { Session, Slot } from "../notebook/session";
import { Cell } from "./cell";
import "./code";
import type { CodeElement } from "./code";
import "./prose";
import type { Prose } from "./prose";

/** What of the notebook a cell's element is told beside its own text. */
export interface Surroundings {
  session: Session;
  /** code may run */
  trusted: boolean;
}

/** An element that shows the cell. */
export function createContent(slot: Slot, surroundings: Surroundings): HTMLElement {
  const { cell } = slot;
  const element = document.createElement(tagFor(cell));
  if (element instanceof Cell) element.cellId = slot.key;
  updateContent(element, slot, null, surroundings);
  return element;
}

/** Whether `element` can go on to show what its cell has become. */
export function canShow(element: HTMLElement, cell: NotebookCell): boolean {
  return element.localName === tagFor(cell);
}

/**
 * Brings an element up to date with its cell; what has not changed is not touched.
 * @param before the cell as the element shows it, null if it shows nothing yet
 */
export function updateContent(element: HTMLElement, { key, cell }: Slot, before: NotebookCell | null, { session, trusted }: Surroundings): void {
  if (cell.kind === "prose") {
    (element as Prose).show(cell.text, { notebook: session.name, headings: cell.headings, references: session.notebook.references });
  } else if (cell.kind === "code") {
    // its properties do nothing when they are given the same again; the cell is another object after every change of the notebook
    if (before?.text !== cell.text) (element as CodeElement).cell = cell;
    Object.assign(element, { cellId: key, draft: session.draft(key), trusted });
  } else if (element instanceof Cell) {
    patch(element, before?.kind === "element" ? before.attributes : {}, cell.attributes);
  } else {
    element.className = "problem";
    element.setAttribute("role", "note");
    element.textContent = unknown(cell);
  }
}

/** Only cells may be mounted by a notebook's text, not any element that the page happens to know. */
function tagFor(cell: NotebookCell): string {
  if (cell.kind === "prose") return "nst-prose";
  if (cell.kind === "code") return "nst-code";
  return customElements.get(cell.tag)?.prototype instanceof Cell ? cell.tag : "p";
}

/** Attributes that the element has from elsewhere (its state) stay. */
function patch(element: Element, before: Record<string, string>, after: Record<string, string>): void {
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) element.removeAttribute(name);
  for (const [name, value] of Object.entries(after)) if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function unknown(cell: ElementCell): string {
  return `Line ${cell.line}: there is no cell <${cell.tag}> in this workbench. Check the spelling, or remove the line. It says: ${cell.text}`;
}
