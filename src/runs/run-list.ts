import type { Database } from "../notebook/database";
import { keyOf, ownBytes, pictureBytes, type KeptEntry, type Person } from "./kept-data";
import type { PictureRef, RunEntry } from "./kept-run";

type Runs = Map<string, { entry: KeptEntry; person: Person }>;

/**
 * The entries of all kept runs, read once and then only where something has changed: a list of hundreds is asked for again
 * and again while runs are going.
 */
export class RunList {
  /** null: not read yet */
  #runs: Runs | null = null;
  #reading: Promise<void> | null = null;
  /** have changed in another page */
  #stale = new Set<string>();
  /** counts what has made all of it stale */
  #turn = 0;

  constructor(private readonly database: () => Database) {}

  /** Newest first. */
  async entries(): Promise<RunEntry[]> {
    await this.#read();
    const runs = [...this.#runs!.values()].sort((a, b) => b.entry.created - a.entry.created);
    const users = usersOf(runs.map(({ entry }) => entry));
    return runs.map((run) => asEntry(run, users));
  }

  async kept(): Promise<KeptEntry[]> {
    await this.#read();
    return [...this.#runs!.values()].map(({ entry }) => entry);
  }

  async get(id: string): Promise<RunEntry | null> {
    await this.#read();
    const run = this.#runs!.get(id);
    return run ? asEntry(run, usersOf(await this.kept())) : null;
  }

  /** Of all runs with their pictures, each picture once. */
  async bytes(): Promise<number> {
    const runs = await this.kept();
    const pictures = new Map(runs.flatMap(({ content, style }) => [content, style]).map((one) => [one.hash, pictureBytes(one)]));
    return [...pictures.values(), ...runs.map(ownBytes)].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Was written by this page. */
  set(entry: KeptEntry): void {
    const known = this.#runs?.get(entry.id);
    // of one that is new nothing may have been read yet of what the person said
    if (this.#reading || !known) this.#stale.add(entry.id);
    else known.entry = entry;
  }

  /** Perhaps not what it was. @param ids null: all of them */
  changed(ids: readonly string[] | null): void {
    if (ids === null) {
      this.#runs = null;
      this.#turn++;
    } else for (const id of ids) this.#stale.add(id);
  }

  async #read(): Promise<void> {
    // what has become stale while it was read is read again; what somebody else is reading just now is waited for
    while (!this.#runs || this.#stale.size > 0 || this.#reading) {
      this.#reading ??= (this.#runs ? this.#readSome(this.#runs) : this.#readAll()).finally(() => (this.#reading = null));
      await this.#reading;
    }
  }

  async #readAll(): Promise<void> {
    const turn = this.#turn;
    this.#stale.clear();
    const [entries, persons] = await Promise.all([this.database().entries(keyOf.entry("")), this.database().entries(keyOf.person(""))]);
    const said = new Map(persons as [string, Person][]);
    if (turn !== this.#turn) return;
    this.#runs = new Map((entries as [string, KeptEntry][]).map(([, entry]) => [entry.id, { entry, person: said.get(keyOf.person(entry.id)) ?? NOBODY }]));
  }

  async #readSome(runs: Runs): Promise<void> {
    const ids = [...this.#stale];
    this.#stale.clear();
    await Promise.all(
      ids.map(async (id) => {
        const [entry, person] = await Promise.all([this.database().get(keyOf.entry(id)), this.database().get(keyOf.person(id))]);
        if (entry) runs.set(id, { entry: entry as KeptEntry, person: (person as Person | undefined) ?? NOBODY });
        else runs.delete(id);
      }),
    );
  }
}

const NOBODY: Person = { name: "", starred: false };

/** How many runs use each picture, by hash. */
function usersOf(entries: readonly KeptEntry[]): Map<string, number> {
  const users = new Map<string, number>();
  for (const { content, style } of entries) for (const hash of new Set([content.hash, style.hash])) users.set(hash, (users.get(hash) ?? 0) + 1);
  return users;
}

function asEntry({ entry, person }: { entry: KeptEntry; person: Person }, users: ReadonlyMap<string, number>): RunEntry {
  const { checkpoints, from, rest, ...told } = entry;
  const own = new Map<string, PictureRef>([entry.content, entry.style].filter(({ hash }) => users.get(hash) === 1).map((one) => [one.hash, one]));
  const pictures = [...own.values()].reduce((sum, one) => sum + pictureBytes(one), 0);
  return { ...told, ...person, bytes: ownBytes(entry) + pictures };
}
