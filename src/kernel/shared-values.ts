/**
 * Values that several users share and that are freed when the last one is done: targets of a pair of pictures, the
 * tensors of a network. Keys name everything that the value depends on.
 */
export class SharedValues<T> {
  private readonly entries = new Map<string, Entry<T>>();

  constructor(private readonly free: (value: T) => void) {}

  /**
   * @param make called when nobody holds the value yet
   * @returns the value, and `release`, to be called once
   */
  async acquire(key: string, make: () => Promise<T>): Promise<{ value: T; release: () => void }> {
    let entry = this.entries.get(key);
    if (!entry) this.entries.set(key, (entry = { value: make(), users: 0 }));
    const release = this.use(key, entry);
    try {
      return { value: await entry.value, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** One more user of a value that somebody holds. At once, so that a caller can check and hold without giving way between. */
  hold(key: string): () => void {
    const entry = this.entries.get(key);
    if (!entry) throw new Error(`Nobody holds ${key}.`);
    return this.use(key, entry);
  }

  private use(key: string, entry: Entry<T>): () => void {
    entry.users++;
    return () => {
      if (--entry.users > 0) return;
      if (this.entries.get(key) === entry) this.entries.delete(key);
      void entry.value.then(this.free, () => {});
    };
  }
}

interface Entry<T> {
  value: Promise<T>;
  users: number;
}
