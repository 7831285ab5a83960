/**
 * The lowest layer of what is kept: values by key, in one transaction at a time. Small, so that it can be exchanged: the
 * browser's database (indexed-database.ts), or the page's memory where there is none.
 */
export interface Database {
  get(key: string): Promise<unknown>;
  /** Everything whose key starts so, by key. */
  entries(prefix: string): Promise<[key: string, value: unknown][]>;
  /** The keys that start so, in their order, without reading what they hold. */
  keys(prefix: string): Promise<string[]>;
  /**
   * Reads keys and writes them in one transaction: nobody, in no other tab, comes between. `change` is given the values there
   * are and returns the new ones; undefined is no value. If it throws, nothing is written and its error is the outcome.
   */
  update(keys: readonly string[], change: (values: unknown[]) => readonly unknown[]): Promise<void>;
  /** Writes without reading (undefined deletes), in one go: what a page that is being closed can still do. */
  put(key: string, value: unknown): Promise<void>;
  /** The same for several values: all of them or none. */
  write(entries: readonly (readonly [key: string, value: unknown])[]): Promise<void>;
  /** Forgets everything. */
  clear(): Promise<void>;
}

/** Keeps values as long as the page is open. As a real database does, it takes and gives copies. */
export class MemoryDatabase implements Database {
  #values = new Map<string, unknown>();

  async get(key: string): Promise<unknown> {
    return structuredClone(this.#values.get(key));
  }

  async entries(prefix: string): Promise<[string, unknown][]> {
    return (await this.keys(prefix)).map((key) => [key, structuredClone(this.#values.get(key))]);
  }

  async keys(prefix: string): Promise<string[]> {
    return [...this.#values.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  async update(keys: readonly string[], change: (values: unknown[]) => readonly unknown[]): Promise<void> {
    const changed = structuredClone(change(keys.map((key) => structuredClone(this.#values.get(key)))));
    for (const [i, key] of keys.entries()) this.#write(key, changed[i]);
  }

  async put(key: string, value: unknown): Promise<void> {
    this.#write(key, structuredClone(value));
  }

  async write(entries: readonly (readonly [string, unknown])[]): Promise<void> {
    for (const [key, value] of structuredClone(entries)) this.#write(key, value);
  }

  async clear(): Promise<void> {
    this.#values.clear();
  }

  #write(key: string, value: unknown): void {
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, value);
  }
}
