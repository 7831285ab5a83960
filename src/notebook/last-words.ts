import type { NotebookRecord } from "./record";

/** What a page that was being closed had not saved. */
export interface Rescue {
  record: NotebookRecord;
  /** revision that the page had read */
  expected: number;
  /** which one of its page: each is written over the one before */
  count: number;
}

/** As much of Web Storage as is needed here. */
export type WebStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/**
 * What pages write with their last breath, in Web Storage, beside the database that has it too. A database's transaction that has
 * to wait for another one when its page goes is lost with the page; Web Storage takes what it is given at once. It in turn writes
 * to the disk some seconds later, and has room for little: each keeps what the other loses.
 */
export class LastWords {
  readonly #storage: WebStorage | null;

  /** @param prefix of all keys, so that pages with other databases are left alone */
  constructor(
    private readonly prefix: string,
    storage: WebStorage | null = webStorage(),
  ) {
    this.#storage = storage;
  }

  /** @returns false where there is no room, or no Web Storage */
  keep(key: string, rescue: Rescue): boolean {
    try {
      this.#storage?.setItem(this.prefix + key, JSON.stringify(rescue));
      return this.#storage !== null;
    } catch {
      // an older one would be put back in place of this one
      this.forget(key);
      return false;
    }
  }

  /** Everything that was kept and not forgotten, by key. */
  entries(): [key: string, rescue: Rescue][] {
    return this.#keys().flatMap((key) => {
      const rescue = this.#read(key);
      return rescue ? [[key, rescue] as [string, Rescue]] : [];
    });
  }

  /** @param count newer ones than this stay */
  forget(key: string, count = Infinity): void {
    if ((this.#read(key)?.count ?? 0) > count) return;
    try {
      this.#storage?.removeItem(this.prefix + key);
    } catch {
      // where nothing can be removed, nothing was kept
    }
  }

  clear(): void {
    for (const key of this.#keys()) this.forget(key);
  }

  #keys(): string[] {
    try {
      const storage = this.#storage;
      if (!storage) return [];
      const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? "");
      return keys.filter((key) => key.startsWith(this.prefix)).map((key) => key.slice(this.prefix.length));
    } catch {
      return [];
    }
  }

  #read(key: string): Rescue | null {
    try {
      const rescue = JSON.parse(this.#storage?.getItem(this.prefix + key) ?? "null") as Partial<Rescue> | null;
      return rescue?.record && rescue.count ? (rescue as Rescue) : null;
    } catch {
      return null; // not ours
    }
  }
}

/** Storage can be forbidden. */
function webStorage(): WebStorage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
