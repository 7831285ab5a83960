import { MemoryDatabase, type Database } from "./database";
import { IndexedDatabase } from "./indexed-database";
import { LastWords, type Rescue, type WebStorage } from "./last-words";
import { isOwnPicture, type KeptPicture, type PictureStore } from "./pictures";
import { sameContent, type NotebookRecord } from "./record";
import { sha256 } from "./sha256";
import { ConflictError, explain, explainPicture, memoryOnly } from "./storage-errors";
import { usageOf, type Usage } from "./usage";

export type { NotebookRecord, Origin } from "./record";
export type { KeptPicture, PictureStore } from "./pictures";
export type { Usage } from "./usage";
export { ConflictError, StorageError } from "./storage-errors";

/** What one tab tells the others. */
type Message = { saved: string; revision: number } | "cleared" | "rescue";

/** Another tab has saved, renamed or deleted a notebook. */
export type Elsewhere = CustomEvent<{ /** null: all were deleted */ name: string | null; revision: number }>;

interface PictureRecord {
  file: Blob;
  name: string;
}

/** So long it is remembered that a rescue was restored: no page is that slow. */
const DAY_MS = 86_400_000;

const notebookKey = (name: string) => `notebook/${name}`;
const scrollKey = (name: string) => `scroll/${name}`;
const movedKey = (name: string) => `moved/${name}`;
const pictureKey = (src: string) => `picture/${src}`;

/**
 * All that the person made, in the browser's database: notebooks by name, pictures by content. Where the browser keeps
 * nothing, all works the same in memory, and `problem` says so.
 *
 * Events: "elsewhere" (Elsewhere), "rescue" (another page was closed in the middle of something), "problem" (nothing lasts),
 * "room" (something was freed).
 */
export class Store extends EventTarget {
  /** why nothing is kept when the page is closed; "" as long as all is well */
  problem = "";
  /** settled when it is known whether anything can be kept */
  readonly ready: Promise<void>;
  readonly pictures: PictureStore = { keep: (file, name) => this.#keepPicture(file, name), get: (src) => this.#picture(src), list: async () => (await this.#pictureRecords()).map(({ src }) => src) };
  #database: Database;
  #channel: BroadcastChannel | null = null;
  #asked = false;
  #rescueCount = 0;
  readonly #lastWords: LastWords;
  /** of this page: two tabs do not overwrite each other's rescues */
  readonly #page = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;

  /**
   * @param database its name; pages with different names know nothing of each other
   * @param layer where things are kept, if not in the browser's database of that name
   * @param storage takes what a page writes when it is closed, as well; null: nothing but the layer does
   */
  constructor(database: string, layer: Database = new IndexedDatabase(database), storage?: WebStorage | null) {
    super();
    this.#database = layer;
    this.#lastWords = new LastWords(`${database}/`, storage);
    this.ready = layer.get("").then(
      () => {},
      (error) => {
        this.#database = new MemoryDatabase();
        this.problem = memoryOnly(error);
        this.dispatchEvent(new Event("problem"));
      },
    );
    this.#listen(database);
  }

  /**
   * A notebook that is kept under this name; null if there is none.
   * @param renamed also if it had this name before it was renamed
   */
  async find(name: string, { renamed = true } = {}): Promise<NotebookRecord | null> {
    await this.ready;
    const seen = new Set<string>();
    for (let at: string | undefined = name; at !== undefined && !seen.has(at); ) {
      seen.add(at);
      const [record, scroll] = await this.#try("The kept notebook could not be read", () => Promise.all([this.#database.get(notebookKey(at!)), this.#database.get(scrollKey(at!))]));
      if (record) return { ...(record as NotebookRecord), scroll: (scroll as number | undefined) ?? 0 };
      if (!renamed) return null;
      at = (await this.#try("The kept notebook could not be read", () => this.#database.get(movedKey(at!)))) as string | undefined;
    }
    return null;
  }

  async records(): Promise<NotebookRecord[]> {
    await this.ready;
    const found = await this.#try("The kept notebooks could not be read", () => this.#database.entries(notebookKey("")));
    return found.map(([, record]) => record as NotebookRecord);
  }

  /**
   * Keeps a notebook, if it is still what it was.
   * @param expected revision that it had when it was read; 0: there was none
   * @returns the record with its new revision
   * @throws ConflictError if somebody else has saved or deleted it since; StorageError if it could not be kept
   */
  async save(record: NotebookRecord, expected: number): Promise<NotebookRecord> {
    await this.ready;
    const title = record.title ?? record.name;
    let saved = record;
    await this.#try(`“${title}” was not kept`, () =>
      this.#database.update([notebookKey(record.name), movedKey(record.name)], ([old]) => {
        saved = { ...record, saved: Date.now(), page: this.#page, revision: next(old as NotebookRecord | undefined, expected, title) };
        return [saved, undefined];
      }),
    );
    this.#changed(record.name, saved.revision);
    this.#askToLast();
    return saved;
  }

  /**
   * Forgets a notebook and its place. @param expected as of `save`
   * @throws ConflictError, StorageError
   */
  async remove(name: string, expected: number): Promise<void> {
    await this.ready;
    await this.#try(`“${name}” was not deleted`, () =>
      this.#database.update([notebookKey(name)], ([old]) => {
        if (old) next(old as NotebookRecord, expected, name);
        return [undefined];
      }),
    );
    this.#changed(name, 0);
  }

  /**
   * Keeps a notebook under another name; the old one leads to it from now on.
   * @param record under its new name
   * @param expected revision under the old name
   * @throws ConflictError, StorageError
   */
  async move(from: string, record: NotebookRecord, expected: number): Promise<NotebookRecord> {
    await this.ready;
    const to = record.name;
    const title = record.title ?? to;
    let saved = record;
    await this.#try(`“${title}” was not renamed`, () =>
      this.#database.update([from, to].flatMap((name) => [notebookKey(name), movedKey(name)]), ([old, , there]) => {
        const revision = next(old as NotebookRecord | undefined, expected, title);
        if (there) throw new ConflictError(title);
        saved = { ...record, saved: Date.now(), page: this.#page, revision };
        return [undefined, to, saved, undefined];
      }),
    );
    await this.setScroll(to, await this.scroll(from)).catch(() => {});
    await this.setScroll(from, 0).catch(() => {});
    this.#changed(from, 0);
    this.#changed(to, saved.revision);
    return saved;
  }

  /** How far down the reader is: kept beside the notebook, so that reading is no change of it. 0 forgets it. */
  async scroll(name: string): Promise<number> {
    await this.ready;
    return ((await this.#try("The place was not read", () => this.#database.get(scrollKey(name)))) as number | undefined) ?? 0;
  }

  setScroll(name: string, y: number): Promise<void> {
    return this.#try("The place was not kept", () => this.#database.put(scrollKey(name), y > 0 ? y : undefined));
  }

  /** Writes down what a page that may be gone in a moment has not saved: in one go, without a look at what is there. */
  async rescue(record: NotebookRecord, expected: number): Promise<void> {
    const key = this.#rescueKey(record.name);
    const rescue: Rescue = { record, expected, count: ++this.#rescueCount };
    const kept = this.#lastWords.keep(key, rescue);
    await this.#database.put(key, rescue).catch((error) => kept || Promise.reject(error));
  }

  /** The page lived on, and has saved it. */
  rescueDone(name: string): Promise<void> {
    this.#lastWords.forget(this.#rescueKey(name));
    return this.#database.put(this.#rescueKey(name), undefined);
  }

  /** Tells other tabs that this page leaves something behind. */
  tellRescue(): void {
    this.#tell("rescue");
  }

  /**
   * Saves what pages left behind that were closed in the middle of something. Where the notebook has changed since, it becomes
   * a notebook of its own: `copy` gives it a name that is free, and a title.
   * @param restored is told of every notebook that changed, before the next is looked at
   */
  async restore(copy: (record: NotebookRecord) => NotebookRecord, restored: (record: NotebookRecord) => void): Promise<void> {
    await this.ready;
    // it would go from where it lasts to where it does not
    if (this.problem !== "") return;
    for (const [key, rescue] of await this.#rescues()) {
      // written by this page, which is still there
      if (key.endsWith(`/${this.#page}`)) continue;
      const kept = await this.#restoreOne(key, rescue, copy(rescue.record));
      await this.#forgetRescue(key, rescue.count);
      if (!kept) continue;
      restored(kept);
      this.#changed(kept.name, kept.revision);
      // to what is open in this page, another page has saved it
      this.#announce(kept.name, kept.revision);
    }
    await this.#forgetRestored();
  }

  /** @returns what was saved; null if there was nothing left to do */
  async #restoreOne(key: string, { record, expected, count }: Rescue, own: NotebookRecord): Promise<NotebookRecord | null> {
    let saved: NotebookRecord | null = null;
    await this.#try(`“${record.title ?? record.name}” was not kept`, () =>
      this.#database.update([`restored/${key}/${count}`, notebookKey(record.name), notebookKey(own.name)], ([done, old, taken]) => {
        const there = old as NotebookRecord | undefined;
        // another tab was faster, or the page could save it after all
        if (done !== undefined || (there && sameContent(there, record))) return [done, old, taken];
        const revision = Math.max(Date.now(), (there?.revision ?? 0) + 1);
        // what that page itself has saved on its last breath is older
        if ((there?.revision ?? 0) === expected || (there ? key.endsWith(`/${there.page}`) : record.origin === "shipped")) {
          saved = { ...record, saved: Date.now(), revision };
          return [Date.now(), saved, taken];
        }
        if (taken) throw new ConflictError(own.title ?? own.name);
        saved = { ...own, saved: Date.now(), revision };
        return [Date.now(), old, saved];
      }),
    );
    return saved;
  }

  /** Newer ones stay. */
  async #forgetRescue(key: string, count: number): Promise<void> {
    this.#lastWords.forget(key, count);
    await this.#database.update([key], ([now]) => [((now as Rescue | undefined)?.count ?? 0) > count ? now : undefined]);
  }

  async #forgetRestored(): Promise<void> {
    for (const [key, at] of await this.#database.entries("restored/")) if (Date.now() - (at as number) > DAY_MS) await this.#database.put(key, undefined);
  }

  async usage(): Promise<Usage> {
    const pictures = await this.#pictureRecords();
    const sized = pictures.map(({ src, record: { name, file } }) => ({ src, name, bytes: file.size }));
    return usageOf(await this.records(), (await this.#rescues()).map(([, { record }]) => record), sized);
  }

  /** Forgets pictures, also such as are used. @param sources as `pictures.keep` returned them */
  async free(sources: readonly string[]): Promise<void> {
    await this.ready;
    const keys = sources.map(pictureKey);
    await this.#try("The pictures were not deleted", () => this.#database.update(keys, () => keys.map(() => undefined)));
    this.dispatchEvent(new Event("room"));
  }

  /** Forgets everything. */
  async clear(): Promise<void> {
    await this.ready;
    await this.#try("What is kept was not deleted", () => this.#database.clear());
    this.#lastWords.clear();
    this.#tell("cleared");
    this.dispatchEvent(new Event("room"));
  }

  /** Ends the talk with other tabs. */
  close(): void {
    this.#channel?.close();
    this.#channel = null;
  }

  async #keepPicture(file: Blob, name: string): Promise<string> {
    await this.ready;
    const bytes = new Uint8Array(await file.arrayBuffer());
    const src = `own:${await sha256(bytes)}`;
    // a file of the disk can change or go: its bytes are kept
    const picture: PictureRecord = { file: new Blob([bytes], { type: file.type }), name };
    await this.#database.update([pictureKey(src)], ([old]) => [old ?? picture]).catch((error) => Promise.reject(explainPicture(name, error)));
    this.#askToLast();
    return src;
  }

  async #picture(src: string): Promise<KeptPicture | null> {
    await this.ready;
    if (!isOwnPicture(src)) return null;
    const found = (await this.#try("The kept picture could not be read", () => this.#database.get(pictureKey(src)))) as PictureRecord | undefined;
    return found ? { file: found.file, name: found.name } : null;
  }

  async #pictureRecords(): Promise<{ src: string; record: PictureRecord }[]> {
    await this.ready;
    const found = await this.#try("What is kept could not be listed", () => this.#database.entries(pictureKey("")));
    return found.map(([key, value]) => ({ src: key.slice(pictureKey("").length), record: value as PictureRecord }));
  }

  /** The newest of each page and notebook, wherever it has got to. */
  async #rescues(): Promise<[string, Rescue][]> {
    const found = new Map(this.#lastWords.entries());
    const written = await this.#try("What other pages left could not be read", () => this.#database.entries("rescue/"));
    for (const [key, rescue] of written as [string, Rescue][]) if (!((found.get(key)?.count ?? 0) > rescue.count)) found.set(key, rescue);
    return [...found];
  }

  #rescueKey(name: string): string {
    return `rescue/${name}/${this.#page}`;
  }

  async #try<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof ConflictError ? error : explain(what, error);
    }
  }

  /** Browsers clear up by themselves what nobody asked them to keep. Some ask the person, so not before there is something. */
  #askToLast(): void {
    if (this.#asked || this.problem !== "") return;
    this.#asked = true;
    void globalThis.navigator?.storage?.persist?.().catch(() => false);
  }

  #changed(name: string, revision: number): void {
    this.#tell({ saved: name, revision });
  }

  #tell(message: Message): void {
    // what is in this page's memory only is nobody else's business
    if (this.problem === "") this.#channel?.postMessage(message);
  }

  #announce(name: string | null, revision: number): void {
    this.dispatchEvent(new CustomEvent("elsewhere", { detail: { name, revision } }));
  }

  #listen(database: string): void {
    try {
      this.#channel = new BroadcastChannel(`notebooks of ${database}`);
    } catch {
      return; // then other tabs are noticed when something is saved
    }
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (this.problem !== "") return;
      if (data === "rescue") this.dispatchEvent(new Event("rescue"));
      else if (data === "cleared") this.#announce(null, 0);
      else this.#announce(data.saved, data.revision);
    };
    // in Node, an open channel would keep the process
    (this.#channel as { unref?: () => void }).unref?.();
  }
}

/** The revision after the one that is there. @throws ConflictError if that is not the expected one */
function next(old: NotebookRecord | undefined, expected: number, title: string): number {
  if ((old?.revision ?? 0) !== expected) throw new ConflictError(title);
  // by the clock, so that a notebook that was deleted and made again does not get a revision that somebody remembers
  return Math.max(Date.now(), expected + 1);
}
