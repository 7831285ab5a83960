/** A clock for what somebody else is doing, that stands still while this page itself does (a sleeping machine, a page in the background). */
export class Watch {
  private timer: ReturnType<typeof setInterval> | undefined;
  private before = 0;

  /** @param check called often enough for `limit` seconds; `slept`: so much time has passed for nobody, in ms */
  constructor(
    private readonly limit: number,
    private readonly check: (slept: number) => void,
  ) {}

  start(): void {
    if (this.timer !== undefined) return;
    const interval = Math.min(1000, (1000 * this.limit) / 8);
    this.before = performance.now();
    this.timer = setInterval(() => {
      const now = performance.now();
      const late = now - this.before - interval;
      this.before = now;
      this.check(late > 1000 ? late : 0);
    }, interval);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
