import { MemoryDatabase, type Database } from "../notebook/database";
import { IndexedDatabase } from "../notebook/indexed-database";
import { isFull, reason } from "../notebook/storage-errors";
import { sha256 } from "../notebook/sha256";
import { WeightsError } from "../nst/safetensors";
import type { RawTensor } from "./archive";
import type { KeptNetwork } from "./kept-network";
import { emptyFolder, keyOf, partsOf, placeOf, readPieces, type DraftEntry, type KeptEntry, type TrashEntry } from "./network-disk";
import { networkFile } from "./network-file";
import { NetworkWriter } from "./network-writer";

export { NetworkWriter, type NewTensor } from "./network-writer";

export type NetworkFile = "model.json" | "weights.safetensors";

/** A network of which not all has arrived. */
export interface Draft {
  key: string;
  /** of SOURCES for a download, which can go on; null for a file, which has to be dropped again */
  source: string | null;
  title: string;
  origin: string;
  /** bytes that are here */
  done: number;
  /** bytes that it takes, as far as is known; else 0 */
  of: number;
  /** ms since 1970 */
  begun: number;
}

/** What `begin` is told beside the network itself. */
export interface DraftIdentity {
  /** what stands for the file: a draft is gone on with only for the very same one */
  key: string;
  /** of SOURCES, for downloads */
  source?: string;
}

/** So long a network that was removed can come back, in pages that live that long. */
const TRASH_MS = 10 * 60_000;

/** There is no room for a network: what is complete stays, and it can go on when there is. */
export class FullError extends WeightsError {
  override name = "FullError";
}

/** A tensor is not what was kept. */
export class DamagedError extends WeightsError {
  override name = "DamagedError";
}

/**
 * Networks that were brought along, in a database of their own, numbers in pieces: read and written one tensor at a time.
 * Works in pages and in workers alike.
 *
 * Fires "changed" when the list, or what is known of one of them, has changed, also by another tab or worker.
 */
export class NetworkStore extends EventTarget {
  /** why nothing can be kept; "" as long as all is well */
  problem = "";
  #database: Database;
  readonly #ready: Promise<void>;
  #channel: BroadcastChannel | null = null;
  /** tensors that were checked in this page or worker, by folder and key */
  readonly #checked = new Set<string>();
  /** by id: reading a network asks for its entry once a tensor */
  readonly #entries = new Map<string, Promise<KeptEntry | undefined>>();

  /**
   * @param name of the workbench's database; pages with different names know nothing of each other
   * @param database where networks are kept, if not in the browser's database
   */
  constructor(
    readonly name: string,
    database: Database = new IndexedDatabase(`${name}-networks`),
  ) {
    super();
    this.#database = database;
    this.#ready = database.get("").then(
      () => {},
      (error) => {
        this.#database = new MemoryDatabase();
        this.problem = `Networks cannot be kept here: ${reason(error)}.`;
      },
    );
    this.#listen();
  }

  /** All of them, the newest first. @throws WeightsError if the list cannot be read */
  list(): Promise<KeptNetwork[]> {
    return this.#reading(async () => {
      const found = await this.#database.entries(keyOf.network(""));
      return found.map(([, entry]) => (entry as KeptEntry).network).sort((a, b) => b.added - a.added);
    });
  }

  /** @returns null if there is none of that id. @throws WeightsError if it cannot be read */
  async get(id: string): Promise<KeptNetwork | null> {
    return (await this.#entry(id))?.network ?? null;
  }

  /**
   * Begins to keep a network, or goes on where an earlier page was ended.
   * @param identity what it is made of; without it, its origin: files of one name are taken for the same then
   */
  async begin(network: DraftEntry["network"], { key, source }: DraftIdentity = { key: network.origin }): Promise<NetworkWriter> {
    await this.#ready;
    // in the memory of a worker it would be gone with the import
    if (this.problem !== "") throw new WeightsError(`${this.problem} Open the workbench in an ordinary window to bring ${network.card.title} along.`);
    let draft: DraftEntry = { network, folder: newFolder(), source: source ?? null, file: null, of: 0, tensors: [], begun: Date.now() };
    await this.#writing(network.card.title, () =>
      this.#database.update([keyOf.draft(key)], ([old]) => {
        // what is known of the network may be worded anew; its numbers are those of the same file
        if (old) draft = { ...(old as DraftEntry), network };
        return [draft];
      }),
    );
    this.#changed();
    return new NetworkWriter({ database: this.#database, writing: (title, work) => this.#writing(title, work), changed: () => this.#changed() }, key, draft);
  }

  /**
   * One tensor; the first time in this page or worker it is compared with its SHA-256.
   * @throws DamagedError when it is not what was kept, WeightsError when there is no such network or tensor
   */
  async tensor(id: string, key: string): Promise<RawTensor & { bytes: Uint8Array<ArrayBuffer> }> {
    const entry = await this.#needed(id);
    const { network, folder } = entry;
    const tensor = network.tensors.find((one) => one.key === key);
    if (!tensor) throw new WeightsError(`${network.card.title} has no tensor “${key}”. Remove it under “Networks…” and bring it along again.`);
    const bytes = await this.#reading(() => readPieces(this.#database, folder, tensor));
    const checked = `${folder}/${key}`;
    if (!bytes || (!this.#checked.has(checked) && (await sha256(bytes)) !== tensor.sha256)) {
      throw new DamagedError(`“${key}” of ${network.card.title} is not what was kept any more (${bytes ? `its SHA-256 is not ${tensor.sha256.slice(0, 12)}…` : "parts of it are missing"}). Repair the network under “Networks…”: only what is damaged is brought here again.`);
    }
    this.#checked.add(checked);
    return { format: tensor.format, shape: [...tensor.shape], bytes };
  }

  /** The network as files, as they lie in public/models: never held as a whole. @throws as `tensor` */
  async file(id: string, file: NetworkFile): Promise<Blob> {
    const { network } = await this.#needed(id);
    return networkFile(network, (key) => this.tensor(id, key), file);
  }

  /** Changes what is known of a network: how its pixels are read, what was measured. Its numbers stay. @throws WeightsError */
  async update(id: string, change: Partial<Pick<KeptNetwork, "card" | "licence" | "origin" | "sanity" | "difference">>): Promise<void> {
    await this.#writing(id, () => this.#database.update([keyOf.network(id)], ([old]) => [old && { ...(old as KeptEntry), network: { ...(old as KeptEntry).network, ...change } }]));
    this.#changed();
  }

  /** Takes a network off the list; `restore` brings it back until `purge`, or until all pages of the workbench are closed for a while. */
  async remove(id: string): Promise<void> {
    await this.#writing(id, () => this.#database.update([keyOf.network(id), keyOf.trash(id)], ([entry, trash]) => [undefined, entry ? ({ entry: entry as KeptEntry, at: Date.now() } satisfies TrashEntry) : trash]));
    this.#changed();
  }

  /** Brings back a network that was removed. @returns false if it has gone for good, or another one has its name meanwhile */
  async restore(id: string): Promise<boolean> {
    let back = false;
    await this.#writing(id, () =>
      this.#database.update([keyOf.network(id), keyOf.trash(id)], ([entry, trash]) => {
        back = !entry && !!trash;
        return back ? [(trash as TrashEntry).entry, undefined] : [entry, trash];
      }),
    );
    this.#changed();
    return back;
  }

  /** Deletes the numbers of a network that was removed, for good. */
  async purge(id: string): Promise<void> {
    await this.#ready;
    const trash = (await this.#database.get(keyOf.trash(id))) as TrashEntry | undefined;
    if (!trash) return;
    await emptyFolder(this.#database, trash.entry.folder);
    await this.#database.put(keyOf.trash(id), undefined);
    this.#changed();
  }

  /** Networks of which not all has arrived, the newest first. @throws WeightsError if they cannot be read */
  drafts(): Promise<Draft[]> {
    return this.#reading(async () => {
      const found = await this.#database.entries(keyOf.draft(""));
      const drafts = await Promise.all(found.map(([key, entry]) => this.#draft(key.slice(keyOf.draft("").length), entry as DraftEntry)));
      return drafts.sort((a, b) => b.begun - a.begun);
    });
  }

  /** What its source said of the file that a draft is made of; null if there is no such draft. */
  async draftFile(key: string): Promise<DraftEntry["file"]> {
    return this.#reading(async () => ((await this.#database.get(keyOf.draft(key))) as DraftEntry | undefined)?.file ?? null);
  }

  /** Forgets a draft and what has arrived of it. */
  async removeDraft(key: string): Promise<void> {
    await this.#ready;
    const draft = (await this.#database.get(keyOf.draft(key))) as DraftEntry | undefined;
    if (!draft) return;
    await this.#database.put(keyOf.draft(key), undefined);
    await emptyFolder(this.#database, draft.folder);
    this.#changed();
  }

  /**
   * Makes a network a draft again that lacks some of its tensors: whoever brings it here again fetches those alone.
   * @param key of that draft
   */
  async reopen(id: string, damaged: readonly string[], { key, source }: DraftIdentity): Promise<void> {
    const { network, folder } = await this.#needed(id);
    const { tensors, bytes, added, ...rest } = network;
    const draft: DraftEntry = { network: rest, folder, source: source ?? null, file: null, of: bytes, tensors: tensors.filter((tensor) => !damaged.includes(tensor.key)), begun: added };
    await this.#writing(network.card.title, () => this.#database.write([[keyOf.draft(key), draft], [keyOf.network(id), undefined]]));
    this.#changed();
  }

  /** Bytes of all numbers that are kept: of networks, of those that can come back, and of what has arrived of others. @throws WeightsError */
  usage(): Promise<number> {
    return this.#reading(async () => {
      const [networks, trash, drafts] = await Promise.all([this.list(), this.#database.entries(keyOf.trash("")), this.drafts()]);
      const removed = trash.map(([, one]) => (one as TrashEntry).entry.network);
      return [...networks, ...removed].reduce((sum, { bytes }) => sum + bytes, 0) + drafts.reduce((sum, { done }) => sum + done, 0);
    });
  }

  /**
   * Deletes what nobody can bring back any more: networks that earlier pages removed, and numbers that an import wrote in the
   * moment in which it was given up. Called by the page, once.
   */
  async tidy(): Promise<void> {
    await this.#ready;
    for (const [key, trash] of await this.#database.entries(keyOf.trash(""))) if (Date.now() - (trash as TrashEntry).at > TRASH_MS) await this.purge(key.slice(keyOf.trash("").length));
    // in this order: an import is listed before its first number is written
    const folders = new Set((await Promise.all(["tensor/", "file/"].map((part) => this.#database.keys(part)))).flat().map((key) => key.split("/")[1]));
    const listed = (await Promise.all([keyOf.network(""), keyOf.draft("")].map((part) => this.#database.entries(part)))).flat().map(([, entry]) => (entry as KeptEntry | DraftEntry).folder);
    const removed = (await this.#database.entries(keyOf.trash(""))).map(([, trash]) => (trash as TrashEntry).entry.folder);
    for (const folder of [...listed, ...removed]) folders.delete(folder);
    for (const folder of folders) await emptyFolder(this.#database, folder);
  }

  /** Ends the talk with other tabs. */
  close(): void {
    this.#channel?.close();
    this.#channel = null;
  }

  #entry(id: string): Promise<KeptEntry | undefined> {
    const known = this.#entries.get(id);
    if (known) return known;
    const asked = this.#reading(async () => (await this.#database.get(keyOf.network(id))) as KeptEntry | undefined);
    this.#entries.set(id, asked);
    asked.catch(() => this.#entries.delete(id));
    return asked;
  }

  async #needed(id: string): Promise<KeptEntry> {
    const entry = await this.#entry(id);
    if (!entry) throw new WeightsError(`The network “${id}” is not kept in this browser (any more). Bring it along again under “Networks…”.`);
    return entry;
  }

  async #draft(key: string, { network, folder, source, of, tensors, begun }: DraftEntry): Promise<Draft> {
    const arrived = (await this.#database.keys(partsOf.file(folder))).map(placeOf).reduce((sum, { from, to }) => sum + to - from, 0);
    const done = arrived + tensors.reduce((sum, { bytes }) => sum + bytes, 0);
    return { key, source, title: network.card.title, origin: network.origin, done: of > 0 ? Math.min(done, of) : done, of, begun };
  }

  #listen(): void {
    try {
      this.#channel = new BroadcastChannel(`networks of ${this.name}`);
    } catch {
      return; // then what other tabs do is seen after a reload
    }
    this.#channel.onmessage = () => {
      if (this.problem === "") this.#announce();
    };
    // in Node, an open channel would keep the process
    (this.#channel as { unref?: () => void }).unref?.();
  }

  #changed(): void {
    if (this.problem === "") this.#channel?.postMessage("changed");
    this.#announce();
  }

  #announce(): void {
    this.#entries.clear();
    this.dispatchEvent(new Event("changed"));
  }

  async #reading<T>(work: () => Promise<T>): Promise<T> {
    await this.#ready;
    try {
      return await work();
    } catch (error) {
      if (error instanceof WeightsError) throw error;
      throw new WeightsError(`The kept networks could not be read: ${reason(error)}. Reload the page to try again.`, { cause: error });
    }
  }

  async #writing<T>(title: string, work: () => Promise<T>): Promise<T> {
    await this.#ready;
    try {
      return await work();
    } catch (error) {
      if (error instanceof WeightsError) throw error;
      if (isFull(error)) throw new FullError(`${title} does not fit: the browser gives this page no more room. What has arrived stays. Free some room under “Storage” or remove a network, then go on.`, { cause: error });
      throw new WeightsError(`${title} was not kept: ${reason(error)}.`, { cause: error });
    }
  }
}

const newFolder = (): string => `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
