import { sameContent, type NotebookRecord } from "./record";
import type { Session } from "./session";
import type { Elsewhere, Store } from "./store";
import { ConflictError } from "./storage-errors";

/** After the last change, and at most so long after the first one. */
const PAUSE_MS = 400;
const LATEST_MS = 2000;
/** Nobody misses a place nearer to the top than this, in CSS pixels. */
const TOP = 100;

export type KeeperState = "saved" | "saving" | "unsaved" | "conflict" | "failed";

export interface KeeperOptions {
  session: Session;
  store: Store;
  /** as it was opened; revision 0: nothing is kept of it yet */
  record: NotebookRecord;
  /** the text that comes with the workbench, null if none does */
  shipped: string | null;
  /** makes a notebook of its own of this; returns its name */
  copy: (record: NotebookRecord) => Promise<string>;
}

/**
 * Keeps an open notebook: whatever changes in its session is saved soon, one save at a time, and at once when the page is
 * hidden or left. What another tab has saved meanwhile is never overwritten: a tab in which nothing was touched takes it over,
 * any other is in conflict until the person has chosen.
 *
 * Events: "state" when `state` or `problem` changes, "copied" (detail: name) when a conflict made a notebook of its own.
 */
export class Keeper extends EventTarget {
  state: KeeperState = "saved";
  /** why it is in conflict or not kept, in a sentence or two; else "" */
  problem = "";
  /** how far down the reader is, in CSS pixels */
  scroll: number;
  #record: NotebookRecord;
  #shipped: string | null;
  /** counts changes: those up to `#kept` are saved */
  #changes = 0;
  #kept = 0;
  /** the person has changed something in this tab */
  #touched = false;
  #taking = false;
  #closed = false;
  #closing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #scrollTimer: ReturnType<typeof setTimeout> | undefined;
  #since = 0;
  #saving: Promise<void> | null = null;
  #rescued = false;
  readonly #listening = new AbortController();

  constructor(private readonly options: KeeperOptions) {
    super();
    const { session, store, record, shipped } = options;
    this.#record = record;
    this.#shipped = shipped;
    this.scroll = record.scroll;
    const { signal } = this.#listening;
    session.addEventListener("change", this.#changed, { signal });
    store.addEventListener("elsewhere", (event) => this.#elsewhere(event as Elsewhere), { signal });
    store.addEventListener("room", () => this.state === "failed" && void this.flush(), { signal });
    globalThis.document?.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#leave(false), { signal });
    globalThis.window?.addEventListener("pagehide", () => this.#leave(true), { signal });
    globalThis.window?.addEventListener("beforeunload", (event) => this.state === "failed" && this.#dirty && event.preventDefault(), { signal });
  }

  /** The notebook as it is now. */
  get record(): NotebookRecord {
    const { session } = this.options;
    const text = session.text;
    const base = this.#shipped !== null && text === this.#shipped ? text : this.#record.base;
    return { ...this.#record, ...session.snapshot(), title: session.notebook.title ?? this.#record.title, base, scroll: this.scroll };
  }

  /** as in links and routes */
  get name(): string {
    return this.#record.name;
  }

  /** Saves what is not saved yet. Resolves when there is nothing left to do; what went wrong is in `state` and `problem`. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#saving) await this.#saving;
    if (!this.#dirty || this.state === "conflict" || this.#closed) return;
    let saved = false;
    this.#saving = this.#save()
      .then((yes) => void (saved = yes))
      .finally(() => (this.#saving = null));
    await this.#saving;
    // what changed meanwhile
    if (saved) await this.flush();
  }

  /**
   * Ends a conflict. "mine": this tab's version replaces the other. "theirs": the other replaces this tab's; its text can be
   * undone. "both": this tab's version becomes a notebook of its own, and this one shows the other.
   */
  async resolve(how: "mine" | "theirs" | "both"): Promise<void> {
    const { copy } = this.options;
    if (this.state !== "conflict") return;
    try {
      const theirs = await this.#theirs();
      if (how === "mine" || (how === "both" && this.#isGone(theirs))) return await this.#insist(theirs);
      const copied = how === "both" ? await copy(this.record) : null;
      if (this.#isGone(theirs)) return this.abandon();
      this.#take(theirs, "take over the other tab’s version");
      if (copied !== null) this.dispatchEvent(new CustomEvent("copied", { detail: copied }));
    } catch (error) {
      this.#turn("conflict", (error as Error).message);
    }
  }

  setScroll(y: number): void {
    if (this.#closed) return;
    const place = y < TOP ? 0 : Math.round(y);
    if (place === this.scroll) return;
    this.scroll = place;
    this.#scrollTimer ??= setTimeout(() => this.#keepScroll(), PAUSE_MS);
  }

  /** Lets its code run, or no longer. */
  async setTrusted(trusted: boolean): Promise<void> {
    await this.amend({ trusted });
  }

  /** Changes what is kept beside the notebook's content, and saves. */
  async amend(changes: Partial<Pick<NotebookRecord, "trusted" | "base">>): Promise<void> {
    this.#record = { ...this.#record, ...changes };
    this.#changes++;
    await this.flush();
  }

  /**
   * Gives the notebook another name; the old one leads to it from now on.
   * @throws ConflictError if another tab has changed it meanwhile, StorageError
   */
  async rename(name: string): Promise<void> {
    await this.flush();
    if (name === this.name) return;
    if (this.state === "conflict") throw new ConflictError(this.#record.title ?? this.name);
    const changes = this.#changes;
    const moving = this.options.store.move(this.name, { ...this.record, name }, this.#record.revision).then((saved) => this.#saved(saved, changes));
    // nothing is saved under the old name meanwhile
    this.#saving = moving.catch(() => {}).finally(() => (this.#saving = null));
    await moving;
  }

  /** Saves and ends. What cannot be saved stays, and goes on being kept as soon as that is possible: `closed` says which. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#scrollTimer !== undefined) this.#keepScroll();
    await this.flush();
    if (this.#closing && !this.#dirty && this.state !== "conflict") this.abandon();
  }

  /** The notebook is opened again before it was closed. */
  stay(): void {
    this.#closing = false;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Ends without saving: the notebook is deleted. */
  abandon(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#scrollTimer);
    this.#listening.abort();
    if (this.state === "conflict") this.#turn("saved", "");
  }

  /** Everything that was kept has been deleted on purpose: shows what was shipped, or goes on with what is on the page. */
  forget(): void {
    if (this.#shipped === null) return this.abandon();
    this.#take(null, "delete my changes");
  }

  get #dirty(): boolean {
    return this.#changes > this.#kept;
  }

  readonly #changed = (): void => {
    if (this.#taking) return;
    this.#touched = true;
    if (!this.#dirty) this.#since = Date.now();
    this.#changes++;
    if (this.state === "conflict") return;
    // what failed stays told until it has succeeded
    if (this.state === "saved") this.#turn("unsaved", "");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), Math.max(0, Math.min(PAUSE_MS, this.#since + LATEST_MS - Date.now())));
  };

  /** @returns whether it was saved */
  async #save(): Promise<boolean> {
    const { store } = this.options;
    const changes = this.#changes;
    const record = this.record;
    if (this.state !== "failed") this.#turn("saving", "");
    try {
      if (this.#worthKeeping(record)) this.#saved(await store.save(record, this.#record.revision), changes);
      else {
        if (this.#record.revision > 0) await store.remove(this.name, this.#record.revision);
        this.#saved({ ...record, revision: 0 }, changes);
      }
      return true;
    } catch (error) {
      if (error instanceof ConflictError) await this.#meet();
      else this.#turn("failed", (error as Error).message);
      return false;
    }
  }

  #saved(record: NotebookRecord, changes: number): void {
    this.#record = record;
    this.#kept = changes;
    this.#since = Date.now();
    if (this.#rescued && !this.#dirty) {
      this.#rescued = false;
      void this.options.store.rescueDone(record.name).catch(() => {});
    }
    const { problem } = this.options.store;
    // in memory only, it is there for the other notebooks of this page, but it is not kept
    if (problem !== "") this.#turn("failed", problem);
    else this.#turn(this.#dirty ? "unsaved" : "saved", "");
  }

  #worthKeeping({ origin, text, params, drafts }: NotebookRecord): boolean {
    if (origin !== "shipped" || this.#shipped === null) return true;
    return text !== this.#shipped || Object.keys(params).length > 0 || Object.keys(drafts).length > 0;
  }

  async #elsewhere({ detail: { name, revision } }: Elsewhere): Promise<void> {
    if ((name !== null && name !== this.name) || revision === this.#record.revision) return;
    while (this.#saving) await this.#saving;
    if (!this.#closed && this.state !== "conflict") await this.#meet();
  }

  /** Somebody else has saved: takes it over, or is in conflict with it. */
  async #meet(): Promise<void> {
    let theirs: NotebookRecord | null;
    try {
      theirs = await this.#theirs();
    } catch (error) {
      return this.#turn("failed", (error as Error).message);
    }
    if (this.#closed || (theirs?.revision ?? 0) === this.#record.revision) return;
    if (theirs && sameContent(theirs, this.options.session.snapshot())) this.#saved(theirs, this.#changes);
    else if (this.#isGone(theirs)) this.#turn("conflict", `“${this.record.title ?? this.name}” was deleted in another tab. It is still open here.`);
    else if (this.#touched || this.#dirty) this.#turn("conflict", `“${this.record.title ?? this.name}” was changed in another tab as well as in this one. Nothing was overwritten; choose which version to keep.`);
    else this.#take(theirs, "changes of another tab");
  }

  /** What is kept, perhaps under another name by now. The name of a shipped notebook is always its own. */
  #theirs(): Promise<NotebookRecord | null> {
    return this.options.store.find(this.name, { renamed: this.#shipped === null });
  }

  #isGone(theirs: NotebookRecord | null): theirs is null {
    return theirs === null && (this.#record.origin !== "shipped" || this.#shipped === null);
  }

  /** Shows what is kept, or without that what was shipped. */
  #take(theirs: NotebookRecord | null, label: string): void {
    const content = theirs ?? { ...this.#record, text: this.#shipped!, params: {}, drafts: {}, base: this.#shipped, revision: 0 };
    this.#taking = true;
    try {
      this.options.session.adopt(content, label);
    } finally {
      this.#taking = false;
    }
    this.#touched = false;
    this.#saved({ ...content, trusted: content.trusted || this.#record.trusted }, this.#changes);
  }

  /** Saves this tab's version over the other. */
  async #insist(theirs: NotebookRecord | null): Promise<void> {
    const changes = this.#changes;
    const record = { ...this.record, name: theirs?.name ?? this.name };
    this.#saved(await this.options.store.save(record, theirs?.revision ?? 0), changes);
    if (this.#dirty) await this.flush();
  }

  /** The page is hidden, and perhaps never comes back. What is written without waiting gets through also then. */
  #leave(forGood: boolean): void {
    if (this.#scrollTimer !== undefined) this.#keepScroll();
    if (!this.#dirty || (this.state === "conflict" && !forGood)) return;
    this.#rescued = true;
    // that it could not be written, the save that follows says
    void this.options.store.rescue(this.record, this.#record.revision).catch(() => {});
    if (forGood) this.options.store.tellRescue();
    void this.flush();
  }

  #keepScroll(): void {
    clearTimeout(this.#scrollTimer);
    this.#scrollTimer = undefined;
    // a place that was not kept is no loss worth a message
    void this.options.store.setScroll(this.name, this.scroll).catch(() => {});
  }

  #turn(state: KeeperState, problem: string): void {
    if (state === this.state && problem === this.problem) return;
    this.state = state;
    this.problem = problem;
    this.dispatchEvent(new Event("state"));
  }
}
