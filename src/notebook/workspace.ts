import type { Notebook } from "./cells";
import { asOwn, entryOf, retexted, retitled, titleOf, type Entry } from "./entry";
import { checkText, hasCode } from "./foreign";
import { Keeper } from "./keeper";
import { parse } from "./parse";
import type { NotebookRecord } from "./record";
import { Session, type Snapshot } from "./session";
import { sha256 } from "./sha256";
import type { Elsewhere, Store } from "./store";
import { retitle, slug, unique } from "./title";

/** A notebook that is open, with what keeps it. */
export interface Opened {
  readonly session: Session;
  readonly entry: Entry;
  readonly keeper: Keeper;
  /** as it is now */
  readonly record: NotebookRecord;
  /** The reader agrees that its code runs. */
  trust(): Promise<void>;
}

export type { Entry } from "./entry";
export { hasCode } from "./foreign";

/** What comes in a link. */
type Received = Snapshot & { name: string; title: string | null };

const LATE_MS = 1000;
const FRESH = "# New notebook\n\nWrite here. A blank line ends a cell.\n";

/**
 * All notebooks, those that come with the workbench and those of the person, and whatever is done with them as a whole.
 * Names are slugs, each is given once. Dispatches "entries" when the list has changed.
 */
export class Workspace extends EventTarget {
  readonly store: Store;
  /** settled when what is kept has been listed */
  readonly ready: Promise<void>;
  #shipped: ReadonlyMap<string, { text: string; notebook: Notebook }>;
  #entries = new Map<string, Entry>();
  #sorted: readonly Entry[] = [];
  #open = new Set<OpenNotebook>();
  #undo: NotebookRecord | null = null;

  constructor({ shipped, store }: { shipped: readonly { name: string; text: string }[]; store: Store }) {
    super();
    this.store = store;
    this.#shipped = new Map(shipped.map(({ name, text }) => [name, { text, notebook: parse(text) }]));
    for (const name of this.#shipped.keys()) this.#entries.set(name, this.#entryOf(this.#fresh(name)));
    this.#sort();
    store.addEventListener("elsewhere", (event) => void this.#follow((event as Elsewhere).detail.name));
    store.addEventListener("rescue", () => void this.ready.then(() => this.#restore()).catch(() => {}));
    this.ready = this.#load();
  }

  /** Shipped notebooks first, by title, numbers in their order; then the person's own. */
  get entries(): readonly Entry[] {
    return this.#sorted;
  }

  /** Opens a notebook, or gives the one that is open. The name may be an earlier one. @returns null if there is none */
  async open(name: string): Promise<Opened | null> {
    await this.ready;
    const open = this.#opened(name);
    if (open) return shown(open);
    // what cannot be read must not keep the shipped text from the reader
    const kept = await this.#find(name).catch((error: Error) => (this.#shipped.has(name) ? error : Promise.reject(error)));
    const record = kept instanceof Error ? this.#fresh(name) : (kept ?? (this.#shipped.has(name) ? { ...this.#fresh(name), scroll: await this.store.scroll(name) } : null));
    if (!record) return null;
    const again = this.#opened(record.name);
    if (again) return shown(again);
    const opened = new OpenNotebook(this.#current(record), this.store, this.shippedText(record.name), (now) => this.#list(now), (mine) => this.#copy(mine, copyTitle(mine)));
    this.#open.add(opened);
    return opened;
  }

  /** The text that comes with the workbench; null if none of this name does. */
  shippedText(name: string): string | null {
    return this.#shipped.get(name)?.text ?? null;
  }

  /** Makes an empty notebook. @returns its name */
  async create(): Promise<string> {
    await this.ready;
    const title = unique("New notebook", (title) => this.#titleTaken(title));
    return this.#add({ text: retitle(FRESH, title), params: {}, drafts: {} }, title, { origin: "own", trusted: true });
  }

  /** @returns the copy's name. @throws Error if there is no such notebook, StorageError */
  async duplicate(name: string): Promise<string> {
    const record = await this.#record(name);
    return this.#copy(record, copyTitle(record));
  }

  /**
   * Gives a notebook another title, and one of the person's own another name: the old one leads to it from now on.
   * @returns its name. @throws Error if the title is empty or there is no such notebook, StorageError
   */
  async rename(name: string, title: string): Promise<string> {
    const record = await this.#record(name);
    const text = retitle(record.text, title);
    const own = !this.#shipped.has(record.name);
    const to = own ? slug(parse(text).title!, (taken) => taken !== record.name && this.#taken(taken)) : record.name;
    await this.#with(record.name, async ({ session, keeper }) => {
      session.change(text, "rename the notebook");
      await keeper.rename(to);
    });
    await this.#follow(record.name);
    await this.#follow(to);
    return to;
  }

  /** Deletes one of the person's own notebooks. @throws Error if it comes with the workbench, StorageError */
  async remove(name: string): Promise<void> {
    const record = await this.#record(name);
    if (this.#shipped.has(record.name)) throw new Error(`“${titleOf(record)}” comes with the workbench and cannot be deleted. Reset it to take your changes back.`);
    this.#opened(record.name)?.keeper.abandon();
    await this.store.remove(record.name, (await this.#find(record.name))?.revision ?? 0);
    this.#undo = record;
    await this.#follow(record.name);
  }

  /** Takes back the last `remove` or `reset`. @returns name of the notebook; null if there is nothing to take back */
  async undoRemove(): Promise<string | null> {
    const record = this.#undo;
    if (!record) return null;
    let { name } = record;
    if (this.#shipped.has(name)) {
      await this.#with(name, async ({ session, keeper }) => {
        session.adopt(record, "take the reset back");
        await keeper.amend({ base: record.base });
      });
    } else {
      name = unique(name, (taken) => this.#taken(taken), "-");
      await this.store.save({ ...record, name }, 0);
    }
    this.#undo = null;
    await this.#follow(name);
    return name;
  }

  /**
   * Makes a notebook of a file's text.
   * @returns its name. @throws Error if that is no text or too large, StorageError
   */
  async import(text: string, fileName: string, extras: Partial<Snapshot> = {}): Promise<string> {
    await this.ready;
    checkText(text, fileName);
    const content = { params: {}, drafts: {}, ...extras, text };
    const title = parse(text).title ?? (fileName.replace(/\.[^.]*$/, "") || "Notebook");
    return this.#add(content, title, { origin: "import", trusted: !hasCode(content) });
  }

  /**
   * Makes a notebook of what a link holds; the same link leads to the same notebook again, and one that holds a shipped
   * notebook as it is leads to that.
   * @returns its name. @throws StorageError
   */
  async receive({ name, title, text, params, drafts }: Received): Promise<string> {
    await this.ready;
    const content = { text, params, drafts };
    const plain = Object.keys(params).length === 0 && Object.keys(drafts).length === 0;
    if (plain && this.shippedText(name) === text) return name;
    const link = await sha256(new TextEncoder().encode(JSON.stringify(content)));
    for (const { keeper } of this.#open) if (keeper.record.link === link) return keeper.name;
    const known = (await this.store.records()).find((record) => record.link === link);
    if (known) return known.name;
    return this.#add(content, parse(text).title ?? title ?? name, { origin: "link", trusted: !hasCode(content), link });
  }

  /** Gives a shipped notebook its shipped text back, without anything that was set in it. `undoRemove` takes that back. */
  async reset(name: string): Promise<void> {
    const record = await this.#record(name);
    const text = this.shippedText(record.name);
    if (text === null) throw new Error(`“${titleOf(record)}” does not come with the workbench, so there is no text to go back to.`);
    await this.#with(record.name, async ({ session, keeper }) => {
      session.adopt({ text, params: {}, drafts: {} }, "reset the notebook");
      await keeper.amend({ base: text });
    });
    this.#undo = record;
    await this.#follow(record.name);
  }

  /** The shipped text has changed, and the person prefers the edited one: it counts as made from the new text. */
  async keepMine(name: string): Promise<void> {
    await this.#with(name, ({ keeper }) => keeper.amend({ base: this.shippedText(name) }));
    await this.#follow(name);
  }

  /** Forgets all pictures that no notebook shows. @returns how many bytes that freed */
  async freeUnused(): Promise<number> {
    await Promise.all([...this.#open].map(({ keeper }) => keeper.flush()));
    const unused = (await this.store.usage()).pictures.filter(({ usedBy }) => usedBy.length === 0);
    await this.store.free(unused.map(({ src }) => src));
    return unused.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Forgets everything that is kept: all notebooks of the person's own, all changes, all pictures. Cannot be undone. */
  async freeAll(): Promise<void> {
    for (const { keeper } of this.#open) await keeper.flush();
    await this.store.clear();
    for (const { keeper } of [...this.#open]) keeper.forget();
    this.#undo = null;
    await this.#follow(null);
  }

  async #load(): Promise<void> {
    try {
      await this.#settleNames();
      for (const record of await this.store.records()) this.#entries.set(record.name, this.#entryOf(record));
      await this.#restore();
      // what the page before this one wrote with its last breath can arrive after this one has looked
      setTimeout(() => void this.#restore().catch(() => {}), LATE_MS);
    } catch {
      // whoever opens or saves a notebook says it; what comes with the workbench can be read all the same
    }
    this.#tell();
  }

  /** A notebook of the person's own makes room when one of its name begins to come with the workbench. */
  async #settleNames(): Promise<void> {
    const records = await this.store.records();
    const names = new Set([...records.map(({ name }) => name), ...this.#shipped.keys()]);
    for (const record of records) {
      if (record.origin === "shipped" || !this.#shipped.has(record.name)) continue;
      const name = unique(record.name, (taken) => names.has(taken), "-");
      names.add(name);
      await this.store.move(record.name, { ...record, name }, record.revision);
    }
  }

  /** What a page that was closed left behind, and what nobody can put back into its notebook any more. */
  #aside(record: NotebookRecord): NotebookRecord {
    const title = unique(`${titleOf(record)} (from another tab)`, (taken) => this.#titleTaken(taken));
    return asOwn({ ...record, ...retitled(record, title), title, name: slug(title, (taken) => this.#taken(taken)) });
  }

  async #restore(): Promise<void> {
    await this.store.restore((record) => this.#aside(record), (record) => this.#entries.set(record.name, this.#entryOf(record)));
    this.#tell();
  }

  /** Reads an entry again (null: all). */
  async #follow(name: string | null): Promise<void> {
    await this.ready;
    const records = name === null ? [] : [await this.#find(name).catch(() => null)];
    for (const gone of name === null ? [...this.#entries.keys()] : [name]) {
      if (this.#shipped.has(gone)) this.#entries.set(gone, this.#entryOf(this.#opened(gone)?.record ?? this.#fresh(gone)));
      else this.#entries.delete(gone);
    }
    for (const record of records) if (record) this.#entries.set(record.name, this.#entryOf(this.#opened(record.name)?.record ?? record));
    this.#tell();
  }

  /** An open notebook is now so. */
  #list(record: NotebookRecord): void {
    const before = this.#entries.get(record.name);
    const entry = this.#entryOf(record);
    if (before && JSON.stringify(before) === JSON.stringify(entry)) return;
    this.#entries.set(record.name, entry);
    this.#tell();
  }

  #tell(): void {
    this.#sort();
    this.dispatchEvent(new Event("entries"));
  }

  #sort(): void {
    const rank = ({ name }: Entry) => (this.#shipped.has(name) ? 0 : 1);
    this.#sorted = [...this.#entries.values()].sort((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title, "en", { numeric: true }));
  }

  #entryOf(record: NotebookRecord): Entry {
    return entryOf(this.#current(record), this.shippedText(record.name));
  }

  /** A shipped notebook in which the text was not edited follows the shipped text; what was set in it stays with its cells. */
  #current(record: NotebookRecord): NotebookRecord {
    const text = this.shippedText(record.name);
    if (text === null) return record.origin === "shipped" ? asOwn(record) : record;
    if (record.text !== record.base || record.text === text) return record;
    return { ...record, ...retexted(record, text), base: text };
  }

  #fresh(name: string): NotebookRecord {
    const { text, notebook } = this.#shipped.get(name)!;
    return { name, title: notebook.title, text, params: {}, drafts: {}, origin: "shipped", base: text, trusted: true, scroll: 0, revision: 0, saved: 0 };
  }

  #opened(name: string): OpenNotebook | undefined {
    for (const opened of this.#open) if (opened.keeper.closed) this.#open.delete(opened);
    return [...this.#open].find(({ keeper }) => keeper.name === name);
  }

  /** What is kept under a name, also a former one, unless a shipped notebook has it. */
  #find(name: string): Promise<NotebookRecord | null> {
    return this.store.find(name, { renamed: !this.#shipped.has(name) });
  }

  /** The notebook as it is now. @throws Error if there is none */
  async #record(name: string): Promise<NotebookRecord> {
    await this.ready;
    const open = this.#opened(name);
    if (open) return open.record;
    const record = (await this.#find(name)) ?? (this.#shipped.has(name) ? this.#fresh(name) : null);
    if (!record) throw new Error(missing(name));
    return this.#opened(record.name)?.record ?? this.#current(record);
  }

  /** Does something with a notebook that is open, or is opened for the purpose. */
  async #with(name: string, work: (opened: OpenNotebook) => Promise<void>): Promise<void> {
    const open = this.#opened(name);
    if (open) return work(open);
    const opened = (await this.open(name)) as OpenNotebook | null;
    if (!opened) throw new Error(missing(name));
    opened.passing = true;
    try {
      await work(opened);
    } finally {
      if (opened.passing) await opened.keeper.close();
    }
  }

  #copy(record: NotebookRecord, title: string): Promise<string> {
    const wanted = unique(title, (taken) => this.#titleTaken(taken));
    const { origin, trusted } = asOwn(record);
    return this.#add(retitled(record, wanted), wanted, { origin, trusted });
  }

  async #add(content: Snapshot, title: string, about: Pick<NotebookRecord, "origin" | "trusted" | "link">): Promise<string> {
    const name = slug(title, (taken) => this.#taken(taken));
    const record = await this.store.save({ ...content, ...about, name, title: parse(content.text).title ?? title, base: null, scroll: 0, revision: 0, saved: 0 }, 0);
    this.#list(record);
    return name;
  }

  #taken(name: string): boolean {
    return this.#entries.has(name);
  }

  #titleTaken(title: string): boolean {
    return [...this.#entries.values()].some((entry) => entry.title === title);
  }
}

/** Follows its session, so that the list shows the title and the headings that it has now. */
class OpenNotebook implements Opened {
  readonly session: Session;
  readonly keeper: Keeper;
  /** opened for a moment, and shown nowhere */
  passing = false;

  constructor(
    record: NotebookRecord,
    store: Store,
    private readonly shipped: string | null,
    list: (record: NotebookRecord) => void,
    copy: (record: NotebookRecord) => Promise<string>,
  ) {
    this.session = new Session(record.name, record);
    this.keeper = new Keeper({ session: this.session, store, record, shipped, copy });
    const tell = () => !this.keeper.closed && list(this.record);
    this.session.addEventListener("change", (event) => (event as CustomEvent).detail.what === "text" && tell());
    this.keeper.addEventListener("state", () => this.keeper.state === "saved" && tell());
  }

  get record(): NotebookRecord {
    return this.keeper.record;
  }

  get entry(): Entry {
    return entryOf(this.record, this.shipped);
  }

  async trust(): Promise<void> {
    await this.keeper.amend({ trusted: true });
  }
}

/** It stays open from now on, whatever it was opened for. */
function shown(opened: OpenNotebook): OpenNotebook {
  opened.passing = false;
  opened.keeper.stay();
  return opened;
}

function missing(name: string): string {
  return `There is no notebook “${name}”. It may have been deleted in another tab.`;
}

function copyTitle(record: NotebookRecord): string {
  return `${titleOf(record)} (copy)`;
}
