import { MemoryDatabase, type Database } from "../notebook/database";
import { isFull } from "../notebook/storage-errors";
import { keyOf, partsOf, type KeptEntry, type Trash, type Write } from "./kept-data";
import { needed, thinning } from "./room";
import { breathe } from "./run-file";
import { newRunId } from "./run-id";
import { RunList } from "./run-list";
import { alone, held, hold } from "./run-locks";

const GIGABYTE = 1e9;
/** In the page's memory runs take the place of what computes them. */
const MEMORY_CAP = GIGABYTE / 4;
const SHARE_OF_QUOTA = 0.4;
/** Where no lock says whether a page still lives, a run that was deleted by it can come back so long. */
const DAY_MS = 86_400_000;

/** Where runs lie: what of them belongs together is written and deleted together, whatever other pages do meanwhile. */
export class RunDisk {
  /** nothing lasts longer than the page */
  inMemory = false;
  readonly list = new RunList(() => this.database);
  /** of this page, in the trash */
  readonly page = newRunId();
  #pageLock: Promise<unknown> | null = null;

  /** @param cap bytes that runs may take; null: 1 GB, or two fifths of what the browser allows the page, whichever is less */
  constructor(
    private readonly name: string,
    public database: Database,
    private cap: number | null,
  ) {}

  /** The database does not work. */
  useMemory(): void {
    this.database = new MemoryDatabase();
    this.inMemory = true;
  }

  /**
   * Writes a run, or what is new of it. Where there is no room, what was deleted and could come back goes for good.
   * @param begins its pictures are written with it
   */
  async write(writes: readonly Write[], entry: KeptEntry, begins: boolean): Promise<void> {
    const write = () => this.database.write([...writes, [keyOf.entry(entry.id), entry]]);
    // a picture that is written now may be one that goes with a run which is just being deleted
    const once = () => (begins ? alone(this.#pictureLock, write) : write());
    try {
      await once();
    } catch (error) {
      if (!isFull(error) || (await this.emptyTrash("own too")) === 0) throw error;
      await once();
    }
    this.list.set(entry);
  }

  /**
   * Writes a run that is there as a whole, one part after the other. Until the last is written it lies in the trash: if the page
   * ends before, nobody sees a half of it.
   */
  async writeWhole(writes: readonly Write[], entry: KeptEntry): Promise<void> {
    await this.#live();
    await this.database.put(keyOf.trash(entry.id), { entry, page: this.page, at: Date.now() } satisfies Trash);
    for (const write of writes) {
      await this.database.write([write]);
      await breathe();
    }
    await this.write([[keyOf.trash(entry.id), undefined]], entry, false);
    this.list.changed([entry.id]);
  }

  /** Puts runs where `fromTrash` finds them as long as this page lives. */
  async toTrash(ids: readonly string[]): Promise<void> {
    await this.#live();
    await this.database.update([...ids.map(keyOf.entry), ...ids.map(keyOf.trash)], (values) => {
      const trash = ids.map((_, i): unknown => {
        const entry = values[i] as KeptEntry | undefined;
        return entry ? ({ entry, page: this.page, at: Date.now() } satisfies Trash) : values[ids.length + i];
      });
      return [...ids.map(() => undefined), ...trash];
    });
  }

  /** @returns ids of those that are back: some may have gone for good */
  async fromTrash(ids: readonly string[]): Promise<string[]> {
    let back: string[] = [];
    await this.database.update([...ids.map(keyOf.trash), ...ids.map(keyOf.entry)], (values) => {
      const trash = values.slice(0, ids.length) as (Trash | undefined)[];
      back = ids.filter((_, i) => trash[i]);
      return [...ids.map(() => undefined), ...trash.map((one, i) => one?.entry ?? values[ids.length + i])];
    });
    return back;
  }

  /** Runs that were deleted by pages that are gone go for good. @returns how many */
  async emptyTrash(whose: "of pages that are gone" | "own too" = "of pages that are gone"): Promise<number> {
    const locks = await held();
    const trash = (await this.database.entries(keyOf.trash(""))).map(([, one]) => one as Trash);
    const lost = trash.filter(({ page, at }) => (page === this.page ? whose === "own too" : locks ? !locks.has(this.#pageName(page)) : Date.now() - at > DAY_MS));
    await this.purge(lost.map(({ entry }) => entry));
    return lost.length;
  }

  /** Deletes runs for good, with the pictures that no other run uses. */
  async purge(entries: readonly KeptEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await alone(this.#pictureLock, async () => {
      const gone = new Set(entries.map(({ id }) => id));
      const [left, trash] = await Promise.all([this.database.entries(keyOf.entry("")), this.database.entries(keyOf.trash(""))]);
      const others = [...left.map(([, entry]) => entry as KeptEntry), ...trash.map(([, one]) => (one as Trash).entry)].filter(({ id }) => !gone.has(id));
      const used = new Set(others.flatMap(hashes));
      const pictures = new Set(entries.flatMap(hashes).filter((hash) => !used.has(hash)));
      const parts = await Promise.all([...gone].flatMap((id) => Object.values(partsOf).map((part) => this.database.keys(part(id)))));
      const keys = [...parts.flat(), ...[...pictures].map(keyOf.picture), ...[...gone].flatMap((id) => [keyOf.config(id), keyOf.person(id), keyOf.entry(id), keyOf.trash(id)])];
      await this.database.write(keys.map((key): Write => [key, undefined]));
    });
  }

  /** Deletes the checkpoints that a run can do without. */
  async thin(entries: readonly KeptEntry[]): Promise<void> {
    const writes = entries.filter((entry) => thinning(entry) > 0).flatMap((entry): Write[] => {
      const checkpoints = needed(entry);
      const gone = entry.checkpoints.filter((one) => !checkpoints.includes(one));
      return [...gone.map(([step]): Write => [keyOf.checkpoint(entry.id, step), undefined]), [keyOf.entry(entry.id), { ...entry, checkpoints }]];
    });
    await this.database.write(writes);
  }

  async capacity(): Promise<number> {
    if (this.inMemory) return Math.min(this.cap ?? MEMORY_CAP, MEMORY_CAP);
    if (this.cap === null) {
      const estimate = await globalThis.navigator?.storage?.estimate?.().catch(() => null);
      this.cap = Math.min(GIGABYTE, SHARE_OF_QUOTA * (estimate?.quota || Infinity));
    }
    return this.cap;
  }

  /** Other pages see that this one is there, and leave its trash alone. */
  async #live(): Promise<void> {
    this.#pageLock ??= hold(this.#pageName(this.page));
    await this.#pageLock;
  }

  /** Held by whoever keeps that run. */
  runLock(id: string): string {
    return `run ${id} of ${this.name}`;
  }

  /** Held by a page as long as it may take back what it deleted. */
  #pageName(page: string): string {
    return `page ${page} of ${this.name}`;
  }

  get #pictureLock(): string {
    return `pictures of ${this.name}`;
  }
}

const hashes = ({ content, style }: KeptEntry): string[] => [content.hash, style.hash];
