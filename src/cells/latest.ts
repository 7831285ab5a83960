/** A value that is renewed from time to time, for others to follow. Who is slow misses what came in between. */
export class Latest<T> {
  private waiting = new Set<() => void>();
  private version = 0;

  constructor(private value: T) {}

  give(value: T): void {
    this.value = value;
    this.version++;
    for (const wake of [...this.waiting]) wake();
  }

  /** Gives the present value at once, then each newer one, until the signal is aborted. */
  async *follow(signal: AbortSignal): AsyncGenerator<T> {
    for (let seen = -1; !signal.aborted; ) {
      if (seen !== this.version) {
        seen = this.version;
        yield this.value;
        continue;
      }
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.waiting.delete(wake);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        this.waiting.add(wake);
        signal.addEventListener("abort", wake);
      });
    }
  }
}
