/**
 * Calls a function at most once every `interval` milliseconds: at once when it has been quiet, otherwise at the end of
 * the interval, once for all requests made in it. For drawing what changes faster than it needs to be seen.
 */
export class Coalesced {
  private last = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly call: () => void,
    private readonly interval: number,
  ) {}

  request(): void {
    if (this.timer !== undefined) return;
    const wait = this.last + this.interval - performance.now();
    if (wait <= 0) this.run();
    else this.timer = setTimeout(() => this.run(), wait);
  }

  /** Forgets a request that has not been answered yet. */
  cancel(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private run(): void {
    this.cancel();
    this.last = performance.now();
    this.call();
  }
}
