import type { ElementCell, Notebook, NotebookCell, Problem } from "../notebook/cells";
import { Graph } from "../notebook/graph";
import { Cell } from "./cell";
import { provideContext, type Kernels } from "./context";
import "./listing";
import { Prose } from "./prose";

/** Fired when the network of the notebook has been read: its title, for the status line. */
export type NetworkEvent = CustomEvent<string>;

/**
 * A notebook in the page: mounts its cells, in order, and gives them their graph.
 *
 *     const element = document.createElement("nst-notebook");
 *     element.kernels = startKernels();
 *     element.show("first-transfer", parse(text));
 *     element.show("first-transfer", parse(edited));   // cells whose text is the same stay, with all that runs in them
 */
export class NotebookElement extends HTMLElement {
  kernels: Kernels | null = null;
  readonly graph = new Graph();
  #elements = new Map<string, HTMLElement>();
  #rows = new Map<string, HTMLElement>();

  constructor() {
    super();
    provideContext(this, () => (this.kernels ? { graph: this.graph, kernels: this.kernels } : null));
    this.graph.define("the network, for the status line", {
      name: null,
      inputs: ["network.card.title"],
      compute: ([title]) => title,
      observe: { fulfilled: (title) => this.dispatchEvent(new CustomEvent("nst-network", { detail: title, bubbles: true })) },
    });
  }

  /** Shows a notebook. Elements are kept by the id of their cell. */
  show(name: string, notebook: Notebook): void {
    const elements = new Map<string, HTMLElement>();
    const rows = new Map<string, HTMLElement>();
    const blocks: { block: HTMLElement; members: HTMLElement[]; problems: Problem[] }[] = [];
    for (const [i, cell] of notebook.cells.entries()) {
      const element = this.#elements.get(cell.id) ?? create(cell);
      elements.set(cell.id, element);
      if (cell.kind === "prose" && element instanceof Prose) element.show(cell.text, { notebook: name, headings: cell.headings, references: notebook.references });
      const problems = notebook.problems.filter((problem) => problem.cell === cell.id);
      const next = notebook.cells[i + 1];
      if (cell.kind === "element" && cell.beside) {
        const row = blocks.at(-1)!;
        row.members.push(element);
        row.problems.push(...problems);
      } else if (next?.kind === "element" && next.beside) {
        const row = this.#rows.get(cell.id) ?? Object.assign(document.createElement("div"), { className: "cells" });
        rows.set(cell.id, row);
        blocks.push({ block: row, members: [element], problems });
      } else {
        blocks.push({ block: element, members: [], problems });
      }
    }
    this.#elements = elements;
    this.#rows = rows;
    const kept = new Set(elements.values());
    for (const element of this.querySelectorAll<HTMLElement>(":scope > *, :scope > .cells > *")) {
      if (!kept.has(element) && !element.classList.contains("cells")) element.remove();
    }
    arrange(this, blocks.flatMap(({ block, problems }) => [block, ...problems.map(problemNote)]));
    for (const { block, members } of blocks) if (members.length > 0) arrange(block, members);
  }

  /** Scrolls to a heading, or to the cell that gives the value of this name; false if there is neither. */
  reveal(anchor: string, behavior: ScrollBehavior = "auto"): boolean {
    const name = CSS.escape(anchor);
    const found = this.querySelector<HTMLElement>(`#${name}`) ?? this.querySelector<HTMLElement>(`[as="${name}"]`);
    found?.scrollIntoView({ behavior });
    return found !== null;
  }
}

function create(cell: NotebookCell): HTMLElement {
  if (cell.kind === "prose") return document.createElement("nst-prose");
  if (cell.kind === "code") {
    const listing = document.createElement("nst-listing");
    listing.source = cell.source.replace(/\n$/, "");
    return listing;
  }
  // Only cells may be mounted by a notebook's text, not any element that the page happens to know.
  if (!(customElements.get(cell.tag)?.prototype instanceof Cell)) return unknown(cell);
  const element = document.createElement(cell.tag) as Cell;
  for (const [name, value] of Object.entries(cell.attributes)) element.setAttribute(name, value);
  element.cellId = cell.id;
  return element;
}

function unknown(cell: ElementCell): HTMLElement {
  return note(`Line ${cell.line}: there is no cell <${cell.tag}> in this workbench. Check the spelling, or remove the line. It says: ${cell.text}`);
}

function problemNote({ line, message }: Problem): HTMLElement {
  return note(`Line ${line}: ${message}`);
}

function note(text: string): HTMLElement {
  const element = document.createElement("p");
  element.className = "problem";
  element.setAttribute("role", "note");
  element.textContent = text;
  return element;
}

/** Makes `nodes` the children of `parent`, moving as few as possible: a node that moves loses its focus and scroll. */
function arrange(parent: Element, nodes: readonly Element[]): void {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  for (const [i, node] of nodes.entries()) {
    if (parent.children[i] !== node) parent.insertBefore(node, parent.children[i] ?? null);
  }
}

customElements.define("nst-notebook", NotebookElement);

declare global {
  interface HTMLElementTagNameMap {
    "nst-notebook": NotebookElement;
  }
}
