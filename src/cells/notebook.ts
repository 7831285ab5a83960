import type { Importer, NetworkStore } from "../models/client";
import type { NotebookCell, Problem } from "../notebook/cells";
import { replace } from "../notebook/edit";
import { Graph } from "../notebook/graph";
import type { PictureStore } from "../notebook/pictures";
import type { Session, SessionChange, Slot } from "../notebook/session";
import type { RunStore } from "../runs/run-store";
import type { Sandboxes } from "../sandbox/client";
import { asCode } from "./as-code";
import type { ParamChange } from "./cell";
import { sendAction, type CellAction, type CellActionDetail } from "./cell-tools";
import { perform, type Performed } from "./cell-tools-edits";
import type { CodeDraft, CodeText } from "./code";
import { provideContext, type Kernels } from "./context";
import { followDrag } from "./drag";
import type { Notice } from "./notices";
import { SlotElement, type SourceDone } from "./slot";
import { arrange } from "./slot-arrange";
import { affected } from "./slot-changes";
import { canShow, createContent, updateContent } from "./slot-content";
import { EmptyNotebook } from "./slot-empty";

/** Fired when the network of the notebook has been read: its title, for the status line. */
export type NetworkEvent = CustomEvent<string>;

/**
 * An open notebook in the page: mounts its cells, in order, gives them their graph, and carries out what is done with them.
 *
 *     const element = document.createElement("nst-notebook");
 *     element.kernels = startKernels(moduleWorker);
 *     element.show(new Session("first-transfer", { text }));
 *
 * It follows the session: a cell whose text is edited keeps its element, and all other cells are left alone.
 * Fires "nst-network" (NetworkEvent), "nst-shown" when another session is shown, and "nst-notice" (Notice; bubbling) when the
 * reader has to be told something: whoever shows it prevents the event's default.
 */
export class NotebookElement extends HTMLElement {
  kernels: Kernels | null = null;
  /** where code cells run */
  sandbox: Sandboxes | null = null;
  /** where the person's own pictures are kept */
  pictures: PictureStore | null = null;
  /** where runs are kept */
  runs: RunStore | null = null;
  /** where networks are kept that the person brought along */
  networks: NetworkStore | null = null;
  /** brings networks along */
  importer: Importer | null = null;
  /** under which this notebook is kept, as in links */
  notebookName: string | null = null;
  readonly graph = new Graph();
  #session: Session | null = null;
  #trusted = true;
  #slots = new Map<string, SlotElement>();
  #rows = new Map<string, HTMLElement>();
  #shown: readonly Slot[] = [];
  /** a change that was made here: whoever made it says where the reader is led */
  #own = false;
  readonly #empty = new EmptyNotebook();
  readonly #live = liveRegion();

  constructor() {
    super();
    provideContext(this, () => {
      const { graph, kernels, sandbox, pictures, runs, networks, importer, notebookName: notebook } = this;
      return kernels ? { graph, kernels, sandbox, pictures, runs, networks, importer, notebook, session: this.#session } : null;
    });
    this.graph.define("the network, for the status line", {
      name: null,
      inputs: ["network.card.title"],
      compute: ([title]) => title,
      observe: { fulfilled: (title) => this.dispatchEvent(new CustomEvent("nst-network", { detail: title, bubbles: true })) },
    });
    this.#listen();
  }

  /** The notebook that is shown, null before `show`. */
  get session(): Session | null {
    return this.#session;
  }

  /** Its code may run. */
  get trusted(): boolean {
    return this.#trusted;
  }
  set trusted(trusted: boolean) {
    this.#trusted = trusted;
    if (this.#session) this.#update();
  }

  /** Shows a notebook, and follows what becomes of it. */
  show(session: Session): void {
    if (session === this.#session) return;
    this.#session?.removeEventListener("change", this.#changed);
    this.#session = session;
    this.#slots.clear();
    this.#rows.clear();
    this.#shown = [];
    this.replaceChildren();
    session.addEventListener("change", this.#changed);
    this.#update();
    for (const [key, slot] of this.#slots) if (slot.cell!.kind !== "code" && session.draft(key) !== null) slot.editing = true;
    this.dispatchEvent(new CustomEvent("nst-shown"));
  }

  /** Scrolls to a heading, or to the cell that gives the value of this name; false if there is neither. */
  reveal(anchor: string, behavior: ScrollBehavior = "auto"): boolean {
    const name = CSS.escape(anchor);
    const found = this.querySelector<HTMLElement>(`#${name}`) ?? this.querySelector<HTMLElement>(`[as="${name}"]`);
    found?.scrollIntoView({ behavior });
    return found !== null;
  }

  /** Leads the reader to a cell: it is scrolled into view, and marked for a moment. Does nothing if there is no such cell. */
  goTo(key: string): void {
    const slot = this.#slots.get(key);
    if (!slot) return;
    intoView(slot);
    slot.flash();
    slot.tools?.focusTool("handle");
  }

  undo(): void {
    const what = this.#session?.undo() ?? null;
    if (what !== null) this.#live.textContent = `Undone: ${what}.`;
  }

  redo(): void {
    const what = this.#session?.redo() ?? null;
    if (what !== null) this.#live.textContent = `Done again: ${what}.`;
  }

  /** What needs to be seen is told to whoever shows notices; without one, and all else, to the live region. */
  #tell(notice: Notice): void {
    const seen = notice.tone === "alert" || (notice.actions?.length ?? 0) > 0;
    const shown = seen && !this.dispatchEvent(new CustomEvent<Notice>("nst-notice", { bubbles: true, cancelable: true, detail: notice }));
    this.#live.textContent = shown ? "" : notice.text;
  }

  readonly #changed = (event: Event) => {
    const { what, focus } = (event as CustomEvent<SessionChange>).detail;
    if (what === "drafts") this.#update();
    if (what !== "text") return;
    const before = this.#shown;
    this.#update();
    if (this.#own) return;
    const key = affected(before, this.#shown) ?? focus;
    const slot = key ? this.#slots.get(key) : undefined;
    if (!slot) return;
    void slot.updateComplete.then(() => {
      intoView(slot);
      slot.flash();
    });
  };

  /** Changes the notebook's text without leading the reader anywhere. */
  #quietly<T>(change: () => T): T {
    this.#own = true;
    try {
      return change();
    } finally {
      this.#own = false;
    }
  }

  #listen(): void {
    const on = <T>(type: string, listener: (detail: T, event: CustomEvent<T>) => void) => this.addEventListener(type, (event) => listener((event as CustomEvent<T>).detail, event as CustomEvent<T>));
    on<ParamChange>("nst-param", ({ cellId, name, value }) => this.#session?.slot(cellId) && this.#session.setParam(cellId, name, value));
    on<CodeText>("nst-text", ({ cellId, text }) => this.#replace(cellId, text));
    on<CodeDraft>("nst-draft", ({ cellId, text }) => this.#session?.slot(cellId) && this.#session.setDraft(cellId, text));
    on<SourceDone>("nst-source", ({ key, text }) => this.#applySource(key, text));
    on<CellActionDetail>("nst-cell-action", ({ key, action }, event) => this.#act(key, action, event));
    // a touch has no hover: the cell that was touched last shows its tools
    this.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse") return;
      const touched = (event.target as Element).closest("nst-slot");
      for (const slot of this.#slots.values()) slot.toggleAttribute("current", slot === touched);
    });
  }

  #replace(key: string, text: string): void {
    const slot = this.#session?.slot(key);
    if (!slot) return;
    const session = this.#session!;
    this.#quietly(() => session.change(replace(session.text, slot.cell, text), slot.cell.kind === "prose" ? "edit text" : "edit cell", session.index(key)));
  }

  #applySource(key: string, text: string): void {
    const session = this.#session!;
    session.setDraft(key, null);
    if (text.trim() === "") return this.#act(key, { what: "delete" });
    this.#replace(key, text);
    void this.#focus({ key: this.#slots.has(key) ? key : null, on: "edit" });
  }

  #act(key: string | null, action: CellAction, event?: Event): void {
    const session = this.#session!;
    if (action.what === "undo") return this.undo();
    if (action.what === "edit") return void this.#slots.get(key!)?.edit();
    if (action.what === "drag") {
      const from = event!.composedPath()[0] as Element;
      return followDrag(action.press, {
        items: () => session.slots.map(({ key }) => this.#slots.get(key)!),
        index: session.index(key!),
        pressed: action.pressed,
        dropped: (index) => index !== session.index(key!) && sendAction(from, key, { what: "move", index }),
      });
    }
    try {
      const done = this.#quietly(() => perform(session, key, action, key === null ? null : this.#slots.get(key)!.content));
      const { text } = session;
      // after something else was done, it would take back that
      const undo = { label: "Undo", do: () => session.text === text && this.undo() };
      this.#tell({ id: "cell", text: done.message, actions: action.what === "delete" ? [undo] : [] });
      void this.#focus(done.focus);
    } catch (error) {
      this.#tell({ id: "cell", text: (error as Error).message, tone: "alert" });
    }
  }

  async #focus({ key, on }: Performed["focus"]): Promise<void> {
    const slot = key === null ? undefined : this.#slots.get(key);
    if (!slot) return key === null && this.#slots.size === 0 ? this.#empty.focus() : undefined;
    await slot.updateComplete;
    if (on === "editor" && slot.cell?.kind !== "code") await slot.edit(slot.cell?.text.length);
    else if (on === "editor") slot.content.focus({ preventScroll: true });
    else await slot.tools.focusTool(on);
    intoView(slot);
  }

  /** Brings the page up to date with the session. Slots are kept by the keys of their cells. */
  #update(): void {
    const session = this.#session!;
    const surroundings = { session, trusted: this.#trusted };
    const before = new Map(this.#shown.map(({ key, cell }) => [key, cell]));
    const slots = new Map<string, SlotElement>();
    for (const [index, slot] of session.slots.entries()) {
      const { key, cell } = slot;
      const element = this.#slots.get(key) ?? newSlot(key);
      slots.set(key, element);
      const content = element.firstElementChild as HTMLElement | null;
      if (content && canShow(content, cell)) updateContent(content, slot, before.get(key) ?? null, surroundings);
      else element.replaceChildren(createContent(slot, surroundings));
      Object.assign(element, { cell, session, index, count: session.slots.length });
      element.requestUpdate();
    }
    this.#slots = slots;
    this.#shown = session.slots;
    this.#arrange(session.slots.map(({ cell }) => cell), [...slots.values()], session.notebook.problems);
  }

  /** Slots below one another; cells that stand beside one another in rows; what is wrong below the cell that it is wrong with. */
  #arrange(cells: readonly NotebookCell[], slots: readonly SlotElement[], problems: readonly Problem[]): void {
    const rows = new Map<string, HTMLElement>();
    const blocks: { block: HTMLElement; members: SlotElement[]; problems: Problem[] }[] = [];
    for (const [i, cell] of cells.entries()) {
      const slot = slots[i];
      const own = problems.filter((problem) => problem.cell === cell.id);
      const joins = cell.kind === "element" && cell.beside;
      const next = cells[i + 1];
      const joined = next?.kind === "element" && next.beside;
      slot.gap = !joined;
      slot.beside = joins || joined;
      if (joins) {
        const row = blocks.at(-1)!;
        row.members.push(slot);
        row.problems.push(...own);
      } else if (joined) {
        const row = this.#rows.get(slot.key) ?? Object.assign(document.createElement("div"), { className: "cells" });
        rows.set(slot.key, row);
        blocks.push({ block: row, members: [slot], problems: own });
      } else {
        blocks.push({ block: slot, members: [], problems: own });
      }
    }
    this.#rows = rows;
    for (const slot of this.querySelectorAll("nst-slot")) if (!slots.includes(slot)) slot.remove();
    const nodes: Element[] = blocks.flatMap(({ block, problems }) => [block, ...problems.map(problemNote)]);
    if (cells.length === 0) nodes.push(this.#empty);
    nodes.push(this.#live);
    arrange(this, nodes);
    for (const { block, members } of blocks) if (members.length > 0) arrange(block, members);
    // last, because until here cells may stand in rows that are no more: a cell that leaves the page may lose what runs in it
    for (const child of [...this.children]) if (!nodes.includes(child)) child.remove();
  }
}

function newSlot(key: string): SlotElement {
  const slot = new SlotElement();
  slot.key = key;
  slot.hasCode = () => asCode(slot.content) !== null;
  return slot;
}

/** As little as needed; what is taller than the window begins at its top. */
function intoView(slot: SlotElement): void {
  const { top, bottom, height } = slot.getBoundingClientRect();
  if (top >= 60 && bottom <= innerHeight) return;
  slot.scrollIntoView({ block: height > innerHeight - 80 ? "start" : "center" });
}

function problemNote({ line, message }: Problem): HTMLElement {
  const element = document.createElement("p");
  element.className = "problem";
  element.setAttribute("role", "note");
  element.textContent = `Line ${line}: ${message}`;
  return element;
}

/** Says what was done to people who do not see it. */
function liveRegion(): HTMLElement {
  const element = document.createElement("div");
  element.setAttribute("role", "status");
  element.style.cssText = "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap";
  return element;
}

customElements.define("nst-notebook", NotebookElement);

declare global {
  interface HTMLElementTagNameMap {
    "nst-notebook": NotebookElement;
  }
}
