import { createStore, promisifyRequest, type UseStore } from "idb-keyval";
import type { Database } from "./database";

/** Some browsers' databases never answer when they are damaged: then the page goes on without. */
const PATIENCE_MS = 8000;

/**
 * What a page writes with its last breath must not wait for what it is still saving: that does not end any more, and whatever
 * stands behind it is lost with it. Different object stores are not enough for that (measured), so this is a database of its own.
 */
const isLast = (key: string) => /^(rescue|scroll)\//.test(key);

/** The browser's own database. Keys of one `update` or `write` are either all of what is written last, or none is. */
export class IndexedDatabase implements Database {
  #kept: UseStore;
  #last: UseStore;
  #opened: Promise<unknown> | null = null;

  constructor(name: string) {
    this.#kept = createStore(name, "kept");
    this.#last = createStore(`${name}-last`, "last");
  }

  async get(key: string): Promise<unknown> {
    await this.#open();
    return this.#of(key)("readonly", (store) => promisifyRequest(store.get(key)));
  }

  async entries(prefix: string): Promise<[string, unknown][]> {
    await this.#open();
    const range = rangeOf(prefix);
    // both are asked for in one transaction, so they belong together
    return this.#of(prefix)("readonly", async (store) => {
      const [keys, values] = await Promise.all([promisifyRequest(store.getAllKeys(range)), promisifyRequest(store.getAll(range))]);
      return keys.map((key, i): [string, unknown] => [String(key), values[i]]);
    });
  }

  async keys(prefix: string): Promise<string[]> {
    await this.#open();
    return this.#of(prefix)("readonly", async (store) => (await promisifyRequest(store.getAllKeys(rangeOf(prefix)))).map(String));
  }

  async update(keys: readonly string[], change: (values: unknown[]) => readonly unknown[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#open();
    const thrown: unknown[] = [];
    const ended = this.#of(keys[0])("readwrite", (store) => {
      const values: unknown[] = [];
      // in callbacks and not after awaits, because a transaction ends where nobody asks it for more
      for (const [i, key] of keys.entries()) {
        store.get(key).onsuccess = ({ target }) => {
          values[i] = (target as IDBRequest).result;
          if (i < keys.length - 1) return;
          try {
            for (const [j, value] of change(values).entries()) write(store, keys[j], value);
          } catch (error) {
            thrown.push(error);
            store.transaction.abort();
          }
        };
      }
      return done(store.transaction);
    });
    await ended.catch((error) => Promise.reject(thrown[0] ?? error));
  }

  put(key: string, value: unknown): Promise<void> {
    return this.write([[key, value]]);
  }

  write(entries: readonly (readonly [string, unknown])[]): Promise<void> {
    if (entries.length === 0) return Promise.resolve();
    // one step behind an open database: a page that is being closed does not live to see more
    return this.#of(entries[0][0])("readwrite", (store) => {
      try {
        for (const [key, value] of entries) write(store, key, value);
      } catch (error) {
        store.transaction.abort();
        throw error;
      }
      store.transaction.commit?.();
      return done(store.transaction);
    });
  }

  async clear(): Promise<void> {
    await this.#open();
    for (const database of [this.#kept, this.#last]) {
      await database("readwrite", (store) => {
        store.clear();
        return done(store.transaction);
      });
    }
  }

  #of(key: string): UseStore {
    return isLast(key) ? this.#last : this.#kept;
  }

  /** Opens both before the first use: there may be no time later. */
  async #open(): Promise<void> {
    this.#opened ??= soon(() => Promise.all([this.#kept, this.#last].map(async (database) => database("readonly", (store) => promisifyRequest(store.count("")))))).catch((error) => {
      this.#opened = null;
      throw error;
    });
    await this.#opened;
  }
}

const rangeOf = (prefix: string): IDBKeyRange => IDBKeyRange.bound(prefix, `${prefix}\uffff`);

function write(store: IDBObjectStore, key: string, value: unknown): void {
  if (value === undefined) store.delete(key);
  else store.put(value, key);
}

/** The outcome of a transaction: its error is known only when it has ended. */
function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("the transaction was given up", "AbortError"));
  });
}

async function soon<T>(work: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException(`no answer within ${PATIENCE_MS / 1000} s`, "TimeoutError")), PATIENCE_MS);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
