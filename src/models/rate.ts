/** How fast something grows, over the last seconds. */
export class Rate {
  readonly #seen: { at: number; done: number }[] = [];

  /** @param window ms */
  constructor(private readonly window = 6000) {}

  /** @param at ms of a clock that only goes forward */
  add(done: number, at: number): void {
    // what is behind the window is not needed, but for the one at its edge
    while (this.#seen.length > 2 && this.#seen[1].at <= at - this.window) this.#seen.shift();
    this.#seen.push({ at, done });
  }

  /** A second; 0 until there is something to measure. */
  get perSecond(): number {
    const first = this.#seen[0];
    const last = this.#seen.at(-1);
    if (!first || !last || last.at - first.at < 250) return 0;
    return ((last.done - first.done) / (last.at - first.at)) * 1000;
  }

  /** After a pause, what was before says nothing. */
  clear(): void {
    this.#seen.length = 0;
  }
}
