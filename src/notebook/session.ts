import type { Notebook, NotebookCell } from "./cells";
import { equal } from "./equal";
import { History } from "./history";
import { parse } from "./parse";
import { reconcile, type Slot } from "./reconcile";

export type { Slot } from "./reconcile";

/** What of a notebook is kept, shared and exported. Plain data; parameters and drafts by the id of their cell. */
export interface Snapshot {
  text: string;
  /** what the person set in the controls of a cell */
  params: Record<string, Record<string, unknown>>;
  /** texts of cells that were typed but not run yet */
  drafts: Record<string, string>;
}

/** What changed. "text" comes with new slots; `focus` is the key of the cell that the reader should be led to. */
export interface SessionChange {
  what: "text" | "params" | "drafts";
  focus?: string;
}

/**
 * An open notebook: its text, what was set and typed in it, and its history. The only place where a notebook changes.
 * Cells are known by keys, which stay the same while a cell's text is edited and when it moves.
 * Dispatches "change" (a CustomEvent of SessionChange) after every change.
 */
export class Session extends EventTarget {
  #slots: readonly Slot[] = [];
  #notebook!: Notebook;
  #text!: string;
  #params = new Map<string, Record<string, unknown>>();
  #drafts = new Map<string, string>();
  #count = 0;
  readonly history = new History<Moment>();

  constructor(
    /** as in links and routes */
    readonly name: string,
    { text, params = {}, drafts = {} }: Partial<Snapshot> & { text: string },
  ) {
    super();
    this.#read(text);
    this.#recall({ params, drafts });
  }

  get text(): string {
    return this.#text;
  }

  get notebook(): Notebook {
    return this.#notebook;
  }

  /** The cells, in order. */
  get slots(): readonly Slot[] {
    return this.#slots;
  }

  slot(key: string): Slot | undefined {
    return this.#slots.find((slot) => slot.key === key);
  }

  /** Position of a cell. @throws Error if there is no such cell */
  index(key: string): number {
    const index = this.#slots.findIndex((slot) => slot.key === key);
    if (index < 0) throw new Error(`The notebook “${this.name}” has no cell “${key}”.`);
    return index;
  }

  /**
   * Gives the notebook another text; can be undone.
   * @param label what was done, as the undo button says it: "delete cell"
   * @param focus index of the cell to lead the reader to
   */
  change(text: string, label: string, focus?: number): void {
    if (text === this.#text) return;
    this.history.push({ ...this.#moment(), label });
    this.#read(text);
    this.#tell({ what: "text", focus: focus === undefined ? undefined : this.#slots[focus]?.key });
  }

  /** @returns what was undone, null if there is nothing to undo */
  undo(): string | null {
    return this.#travel(this.history.undo(this.#moment()));
  }

  redo(): string | null {
    return this.#travel(this.history.redo(this.#moment()));
  }

  params(key: string): Readonly<Record<string, unknown>> {
    return this.#params.get(key) ?? {};
  }

  setParam(key: string, name: string, value: unknown): void {
    const before = this.params(key);
    if (name in before && equal(before[name], value)) return;
    this.#params.set(key, { ...before, [name]: value });
    this.#tell({ what: "params" });
  }

  draft(key: string): string | null {
    return this.#drafts.get(key) ?? null;
  }

  /** @param text null, or the cell's own text, when there is nothing left to run */
  setDraft(key: string, text: string | null): void {
    if (text === this.draft(key)) return;
    if (text === null || text === this.slot(key)?.cell.text) {
      if (!this.#drafts.delete(key)) return;
    } else this.#drafts.set(key, text);
    this.#tell({ what: "drafts" });
  }

  snapshot(): Snapshot {
    const byId = <T>(values: Map<string, T>, keep: (value: T) => boolean): Record<string, T> =>
      Object.fromEntries(this.#slots.flatMap(({ key, cell }) => (values.has(key) && keep(values.get(key)!) ? [[cell.id, values.get(key)!]] : [])));
    return { text: this.#text, params: byId(this.#params, (params) => Object.keys(params).length > 0), drafts: byId(this.#drafts, () => true) };
  }

  /** Takes over what was saved elsewhere; can be undone as far as the text goes. */
  adopt({ text, params, drafts }: Snapshot, label: string): void {
    if (text !== this.#text) this.history.push({ ...this.#moment(), label });
    this.#read(text);
    this.#params.clear();
    this.#drafts.clear();
    this.#recall({ params, drafts });
    this.#tell({ what: "text" });
    this.#tell({ what: "params" });
  }

  #recall({ params, drafts }: Omit<Snapshot, "text">): void {
    for (const { key, cell } of this.#slots) {
      if (Object.hasOwn(params, cell.id)) this.#params.set(key, params[cell.id]);
      if (Object.hasOwn(drafts, cell.id)) this.#drafts.set(key, drafts[cell.id]);
    }
  }

  #read(text: string): void {
    const before = new Map(this.#slots.map(({ key, cell }) => [key, cell]));
    const notebook = parse(text);
    this.#slots = reconcile(this.#slots, notebook.cells, () => `c${++this.#count}`);
    this.#text = text;
    this.#notebook = notebook;
    for (const { key, cell } of this.#slots) this.#forgetWritten(key, changedAttributes(before.get(key), cell));
    for (const { key, cell } of this.#slots) if (this.#drafts.get(key) === cell.text) this.#drafts.delete(key);
  }

  /** What is written into an element counts from then on, also where the person had set it in the controls before. */
  #forgetWritten(key: string, attributes: ReadonlySet<string>): void {
    const params = this.#params.get(key);
    if (!params || attributes.size === 0) return;
    const left = Object.entries(params).filter(([name]) => !attributes.has(name.toLowerCase()));
    this.#params.set(key, Object.fromEntries(left));
  }

  #moment(): Moment {
    return { text: this.#text, slots: this.#slots, label: "" };
  }

  #travel(moment: Moment | null): string | null {
    if (!moment) return null;
    const before = new Map(this.#slots.map(({ key, cell }) => [key, cell.text]));
    this.#notebook = parse(moment.text);
    this.#text = moment.text;
    // the cells of that moment have the keys they had then, and so the parameters and values that they have now
    this.#slots = this.#notebook.cells.map((cell, i) => ({ key: moment.slots[i].key, cell }));
    const focus = this.#slots.find(({ key, cell }) => before.get(key) !== cell.text)?.key;
    this.#tell({ what: "text", focus });
    return moment.label;
  }

  #tell(change: SessionChange): void {
    this.dispatchEvent(new CustomEvent("change", { detail: change }));
  }
}

/** Attributes that say something else than before, in lower case and without hyphens. */
function changedAttributes(before: NotebookCell | undefined, after: NotebookCell): ReadonlySet<string> {
  if (before?.kind !== "element" || after.kind !== "element" || before.text === after.text) return new Set();
  const names = Object.keys({ ...before.attributes, ...after.attributes });
  return new Set(names.filter((name) => before.attributes[name] !== after.attributes[name]).map((name) => name.replaceAll("-", "")));
}

/** A text that the notebook had, with the keys that its cells had then. */
interface Moment {
  text: string;
  slots: readonly Slot[];
  /** what was done next */
  label: string;
}
