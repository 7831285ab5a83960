/** Least time between two items that are shown, in ms: what comes faster nobody could see. */
const INTERVAL = 50;

/**
 * Lets the items of a stream out: the first at once, then at most ~20 a second, and always the last. What waits is held by
 * `hold` and let go by `drop` when a newer one takes its place.
 */
export class Outlet<Item, Held> {
  private last = -Infinity;
  private waiting: { held: Held } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly handlers: { hold(item: Item): Held; drop(held: Held): void; send(held: Held): void; failed(error: unknown): void }) {}

  put(item: Item): void {
    const held = this.handlers.hold(item);
    this.discard();
    this.waiting = { held };
    const wait = this.last + INTERVAL - performance.now();
    if (wait <= 0) this.flush();
    else
      this.timer = setTimeout(() => {
        try {
          this.flush();
        } catch (error) {
          this.handlers.failed(error);
        }
      }, wait);
  }

  /** Sends what still waits. */
  flush(): void {
    const { waiting } = this;
    this.forget();
    if (!waiting) return;
    this.handlers.send(waiting.held);
    // measured after the sending, so that costly items leave room for the stream itself
    this.last = performance.now();
  }

  /** Drops what still waits. */
  discard(): void {
    const { waiting } = this;
    this.forget();
    if (waiting) this.handlers.drop(waiting.held);
  }

  private forget(): void {
    clearTimeout(this.timer);
    this.waiting = null;
  }
}
