/**
 * Values that several users share and that are freed when the last one is done: targets of a pair of pictures, the
 * tensors of a network. Keys name everything that the value depends on.
 */
export class SharedValues<T> {
  private readonly entries = new Map<string, { value: Promise<T>; users: number }>();

  constructor(private readonly free: (value: T) => void) {}

  /**
   * @param make called when nobody holds the value yet
   * @returns the value, and `release`, to be called once
   */
  async acquire(key: string, make: () => Promise<T>): Promise<{ value: T; release: () => void }> {
    let entry = this.entries.get(key);
    if (!entry) this.entries.set(key, (entry = { value: make(), users: 0 }));
    const mine = entry;
    mine.users++;
    const release = () => {
      if (--mine.users > 0) return;
      if (this.entries.get(key) === mine) this.entries.delete(key);
      void mine.value.then(this.free, () => {});
    };
    try {
      return { value: await mine.value, release };
    } catch (error) {
      release();
      throw error;
    }
  }
}
