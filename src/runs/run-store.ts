import type { Database } from "../notebook/database";
import { IndexedDatabase } from "../notebook/indexed-database";
import { isFull, memoryOnly, reason, StorageError } from "../notebook/storage-errors";
import { encodeFrame, type FrameEncoder } from "./encode-frame";
import { keyOf, partsOf, type KeptEntry, type Person, type Write } from "./kept-data";
import type { Frame, RunEntry } from "./kept-run";
import { type OpenedRun, openRun } from "./open-run";
import { freedText, makeRoom, type RunUsage, usageOf } from "./room";
import { RunDisk } from "./run-disk";
import { newRunId } from "./run-id";
import { RunKeeper, type KeeperHost, type NewRun, type Outcome } from "./run-keeper";
import { held, hold } from "./run-locks";

export type { NewRun } from "./run-keeper";
export { RunKeeper } from "./run-keeper";

/** The list of runs has changed, also by another tab: ids of those that did, null: any of them. */
export type RunsEvent = CustomEvent<string[] | null>;

export interface RunStoreOptions {
  encode?: FrameEncoder;
  /** bytes that all runs may take together; default: 1 GB, or two fifths of what the browser allows the page, whichever is less */
  cap?: number;
}

/** What one tab tells the others. */
type Message = { changed: string[] } | { removed: string[] } | "cleared";

/** Without locks a run counts as going when its last batch is not older. */
const FRESH_MS = 5000;

/**
 * Every run that was made in this browser, in a database of its own. Where the browser keeps nothing, all works the same in
 * memory, and `problem` says so.
 *
 * Events: "runs" (RunsEvent); "problem" when `problem` has changed; "freed" (CustomEvent<string>: what was deleted to make
 * room, in a sentence or two).
 */
export class RunStore extends EventTarget {
  /** why not all is kept, in a sentence or two; "" as long as all is well */
  problem = "";
  readonly #disk: RunDisk;
  readonly #ready: Promise<void>;
  readonly #keepers = new Map<string, RunKeeper>();
  readonly #encode: FrameEncoder;
  #channel: BroadcastChannel | null = null;
  /** what this page has deleted and can take back, last one last */
  readonly #removed: string[][] = [];
  #makingRoom: Promise<void> | null = null;
  readonly #listening = new AbortController();

  /**
   * @param name of the workbench's database; pages with different names know nothing of each other
   * @param layer where runs are kept, if not in the browser's database
   */
  constructor(name: string, layer: Database = new IndexedDatabase(`${name}-runs`), { encode = encodeFrame, cap }: RunStoreOptions = {}) {
    super();
    this.#disk = new RunDisk(name, layer, cap ?? null);
    this.#encode = encode;
    this.#ready = layer.get("").then(
      () => void this.#disk.emptyTrash().catch(() => {}),
      (error) => {
        this.#disk.useMemory();
        this.#turn(memoryOnly(error));
      },
    );
    this.#listen(name);
  }

  /** All of them, newest first. Entries are not to be changed. @throws StorageError */
  list(): Promise<RunEntry[]> {
    return this.#reading(() => this.#disk.list.entries());
  }

  /** @throws StorageError */
  get(id: string): Promise<RunEntry | null> {
    return this.#reading(() => this.#disk.list.get(id));
  }

  /**
   * Everything that is kept of a run: an own copy each time.
   * @returns null if there is none of that id
   * @throws StorageError if it cannot be read
   */
  async open(id: string): Promise<OpenedRun | null> {
    await this.#keepers.get(id)?.flush();
    return this.#reading(async () => {
      const { database, list } = this.#disk;
      const entry = await list.get(id);
      const kept = (await database.get(keyOf.entry(id))) as KeptEntry | undefined;
      return entry && kept ? openRun(database, entry, kept) : null;
    });
  }

  /** By step; the pictures are small. @throws StorageError */
  frames(id: string): Promise<Frame[]> {
    return this.#reading(async () => (await this.#disk.database.entries(partsOf.frames(id))).map(([, frame]) => frame as Frame));
  }

  /**
   * Begins to keep a run that starts, or that goes on. Nothing is written before its first step is done. A run that another
   * page keeps (see `goesOn`) is not kept from here.
   */
  keep(what: NewRun): RunKeeper {
    const id = what.again ?? newRunId();
    const before = this.#keepers.get(id);
    before?.close();
    const keeper: RunKeeper = new RunKeeper(id, what, this.#host(before));
    this.#keepers.set(id, keeper);
    return keeper;
  }

  /** Changes what the person says of a run; of one that is not there, nothing. @throws StorageError */
  async update(id: string, changes: Partial<Pick<RunEntry, "name" | "starred" | "ruler">>): Promise<void> {
    await this.#writing("The change of the run was not kept", async () => {
      if (!(await this.#disk.list.get(id))) return;
      await this.#disk.database.update([keyOf.person(id)], ([old]) => [{ name: "", starred: false, ...(old as Person | undefined), ...changes }]);
      this.#changed([id]);
    });
  }

  /** The runs of a notebook that has got another name go with it. @throws StorageError */
  async moveNotebook(from: string, to: string): Promise<void> {
    if (from === to) return;
    await this.#writing("The runs of the notebook were not moved along", async () => {
      const ids = (await this.#disk.list.kept()).filter(({ notebook }) => notebook === from).map(({ id }) => id);
      for (const keeper of this.#keepers.values()) if (keeper.notebook === from) keeper.notebook = to;
      await this.#disk.database.update(ids.map(keyOf.entry), (entries) => entries.map((entry) => entry && { ...(entry as KeptEntry), notebook: to }));
      this.#changed(ids);
    });
  }

  /** Is it being computed, or held paused, in this page or in another one? */
  async goesOn(id: string): Promise<boolean> {
    const keeper = this.#keepers.get(id);
    if (keeper) return !keeper.over;
    const locks = await held();
    if (locks) return locks.has(this.#disk.runLock(id));
    const entry = await this.get(id);
    return entry !== null && entry.state === "going" && Date.now() - entry.updated < FRESH_MS;
  }

  /** Deletes runs; `undoRemove` brings them back. What computes one goes on, and is not kept any more. @throws StorageError */
  async remove(ids: readonly string[]): Promise<void> {
    await this.#writing("The runs were not deleted", async () => {
      await this.#forget(ids);
      await this.#disk.toTrash(ids);
      this.#removed.push([...ids]);
      this.#changed([...ids], "removed");
    });
  }

  /** Takes back the last `remove` of this page that was not taken back. @returns the ids that are back. @throws StorageError */
  undoRemove(): Promise<string[]> {
    return this.#writing("The runs did not come back", async () => {
      const back = await this.#disk.fromTrash(this.#removed.at(-1) ?? []);
      this.#removed.pop();
      this.#changed(back);
      return back;
    });
  }

  /** @throws StorageError */
  usage(): Promise<RunUsage> {
    return this.#reading(async () => {
      const { list } = this.#disk;
      const [going, kept, entries] = await Promise.all([this.#going(), list.kept(), list.entries()]);
      return { bytes: await list.bytes(), cap: await this.#disk.capacity(), ...usageOf(kept, entries, going) };
    });
  }

  /**
   * Makes room, for good. "checkpoints": all but the first and the last of every run; "unstarred": every run without a star;
   * "all": every run. Those that are being computed stay as they are, except with "all", which ends that they are kept.
   * @returns bytes freed
   * @throws StorageError
   */
  async free(what: "checkpoints" | "unstarred" | "all"): Promise<number> {
    const freed = await this.#writing("Nothing was freed", async () => {
      const { list } = this.#disk;
      const before = await list.bytes();
      if (what === "all") await this.#clear();
      else {
        const going = await this.#going();
        const resting = (await list.entries()).filter(({ id }) => !going.has(id));
        if (what === "unstarred") await this.#delete(resting.filter(({ starred }) => !starred).map(({ id }) => id));
        else await this.#thin((await list.kept()).filter(({ id }) => !going.has(id)));
        // what was deleted before and could come back would still take its room
        await this.#disk.emptyTrash("own too");
      }
      return before - (await list.bytes());
    });
    void this.#again();
    return freed;
  }

  /** The run as a file that can be imported elsewhere, a zip. @throws StorageError, Error if there is no such run */
  async exportRun(id: string): Promise<Blob> {
    const run = await this.open(id);
    if (!run) throw new Error("This run is not kept any more, so it cannot be saved as a file.");
    const { writeRun } = await import("./run-file-write");
    return writeRun(run);
  }

  /**
   * Keeps a run from a file; one that is here already is left as it is.
   * @returns its id
   * @throws RunFileError that says what is wrong with the file, StorageError
   */
  async importRun(file: Blob): Promise<string> {
    const { readRun } = await import("./run-file-read");
    const { id, entry, person, writes } = await readRun(file);
    if (await this.get(id)) return id;
    await this.#writing("The run from the file was not kept", async () => {
      // a cell of the same name here has not made it, and must not take it for its own
      await this.#disk.writeWhole([...writes, [keyOf.person(id), person]], { ...entry, cell: null });
      this.#changed([id]);
      await this.#keepWithinCap();
    });
    return id;
  }

  /** Ends the talk with other tabs, and listens no more. */
  close(): void {
    this.#channel?.close();
    this.#channel = null;
    this.#listening.abort();
  }

  /** @param before what has kept the same run until now */
  #host(before?: RunKeeper): KeeperHost {
    return {
      encode: this.#encode,
      hold: async (id) => {
        await before?.ended();
        return hold(this.#disk.runLock(id));
      },
      known: async (id) => {
        await this.#ready;
        const entry = (await this.#disk.database.get(keyOf.entry(id))) as KeptEntry | undefined;
        return entry ? { entry, frames: await this.frames(id) } : null;
      },
      write: (writes, entry, begins) => this.#write(writes, entry, begins),
      writeAtOnce: (writes) => void this.#disk.database.write(writes).catch(() => {}),
      told: (title, outcome) => this.#told(title, outcome),
      ended: (keeper) => this.#keepers.get(keeper.id) === keeper && this.#keepers.delete(keeper.id),
    };
  }

  async #write(writes: readonly Write[], entry: KeptEntry, begins: boolean): Promise<void> {
    await this.#ready;
    await this.#disk.write(writes, entry, begins);
    this.#tell({ changed: [entry.id] });
    this.#announce([entry.id]);
    await this.#keepWithinCap();
  }

  #told(title: string, outcome: Outcome): void {
    // why nothing is kept beyond this page has been said
    if (this.#disk.inMemory) return;
    if (outcome === "all") return this.#turn("");
    if (outcome === "rows") return this.#turn(`Of the run “${title}” the costs are kept, and not its newest pictures: the browser gives this page no more room. The run itself goes on. Free some room under “Storage”.`);
    this.#turn(`The run “${title}” is not kept: ${reason(outcome)}. The run itself goes on; save its picture before you leave this page${isFull(outcome) ? ", or free some room under “Storage”" : ""}.`);
  }

  async #delete(ids: readonly string[]): Promise<void> {
    await this.#forget(ids);
    await this.#disk.purge((await this.#disk.list.kept()).filter(({ id }) => ids.includes(id)));
    this.#changed([...ids], "removed");
  }

  async #thin(entries: readonly KeptEntry[]): Promise<void> {
    await this.#disk.thin(entries);
    this.#changed(entries.map(({ id }) => id));
  }

  async #clear(): Promise<void> {
    await this.#forget([...this.#keepers.keys()]);
    await this.#disk.database.clear();
    this.#removed.length = 0;
    this.#disk.list.changed(null);
    this.#tell("cleared");
    this.#announce(null);
  }

  /** Never while it is being done already. */
  async #keepWithinCap(): Promise<void> {
    const bytes = await this.#disk.list.bytes();
    if (bytes <= (await this.#disk.capacity())) return;
    this.#makingRoom ??= this.#makeRoom(bytes).finally(() => (this.#makingRoom = null));
    await this.#makingRoom;
  }

  async #makeRoom(bytes: number): Promise<void> {
    const { list } = this.#disk;
    const stays = await this.#going();
    for (const { id, starred } of await list.entries()) if (starred) stays.add(id);
    const { thinned, deleted } = makeRoom(await list.kept(), bytes, await this.#disk.capacity(), stays);
    if (thinned.length + deleted.length === 0) return;
    await this.#thin(thinned);
    await this.#delete(deleted.map(({ id }) => id));
    this.dispatchEvent(new CustomEvent("freed", { detail: freedText({ thinned, deleted }, bytes - (await list.bytes())) }));
  }

  /** Ids of runs that somebody computes, in any page. */
  async #going(): Promise<Set<string>> {
    const locks = await held();
    const ids = (await this.#disk.list.kept()).map(({ id }) => id);
    return new Set([...this.#keepers.keys(), ...ids.filter((id) => locks?.has(this.#disk.runLock(id)))]);
  }

  async #forget(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.#keepers.get(id)?.forget()));
  }

  /** There is room again: what could not be written before, can. */
  async #again(): Promise<void> {
    await Promise.all([...this.#keepers.values()].map((keeper) => keeper.flush()));
  }

  #listen(name: string): void {
    const { signal } = this.#listening;
    const leave = () => this.#keepers.forEach((keeper) => keeper.leave());
    globalThis.document?.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave(), { signal });
    globalThis.window?.addEventListener("pagehide", leave, { signal });
    try {
      this.#channel = new BroadcastChannel(`runs of ${name}`);
    } catch {
      return; // then what other tabs do is seen after a reload
    }
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (!this.#disk.inMemory) void this.#hear(data);
    };
    // in Node, an open channel would keep the process
    (this.#channel as { unref?: () => void }).unref?.();
  }

  async #hear(message: Message): Promise<void> {
    const ids = message === "cleared" ? null : "changed" in message ? message.changed : message.removed;
    if (message === "cleared" || "removed" in message) {
      const mine = [...this.#keepers.keys()].filter((id) => ids === null || ids.includes(id));
      await this.#forget(mine);
      // what was on its way when the other tab deleted it
      await this.#disk.database.write(mine.map((id): Write => [keyOf.entry(id), undefined])).catch(() => {});
    }
    this.#disk.list.changed(ids);
    this.#announce(ids);
  }

  #changed(ids: string[], how: "changed" | "removed" = "changed"): void {
    if (ids.length === 0) return;
    this.#disk.list.changed(ids);
    this.#tell(how === "changed" ? { changed: ids } : { removed: ids });
    this.#announce(ids);
  }

  #tell(message: Message): void {
    // what is in this page's memory only is nobody else's business
    if (!this.#disk.inMemory) this.#channel?.postMessage(message);
  }

  #announce(ids: string[] | null): void {
    this.dispatchEvent(new CustomEvent("runs", { detail: ids }));
  }

  #turn(problem: string): void {
    if (problem === this.problem) return;
    this.problem = problem;
    this.dispatchEvent(new Event("problem"));
  }

  #reading<T>(work: () => Promise<T>): Promise<T> {
    return this.#try("The kept runs could not be read", "Reload the page to try again.", work);
  }

  #writing<T>(what: string, work: () => Promise<T>): Promise<T> {
    return this.#try(what, "", work);
  }

  async #try<T>(what: string, advice: string, work: () => Promise<T>): Promise<T> {
    await this.#ready;
    try {
      return await work();
    } catch (error) {
      if (error instanceof StorageError) throw error;
      const sentence = `${what}: ${reason(error)}. ${isFull(error) ? "Free some room under “Storage”." : advice}`;
      throw new StorageError(sentence.trim(), { cause: error });
    }
  }
}
