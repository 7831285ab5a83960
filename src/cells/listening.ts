import type { ReactiveController, ReactiveControllerHost } from "lit";

/**
 * Hears somebody as long as an element is on the page, and somebody else as soon as its property is another.
 *
 *     constructor() {
 *       super();
 *       new Listening(this, () => this.desk, (desk, signal) => desk.addEventListener("changed", () => this.requestUpdate(), { signal }));
 *     }
 */
export class Listening<T extends object> implements ReactiveController {
  #here = false;
  #heard: T | null = null;
  #ears: AbortController | null = null;

  /**
   * @param whom asked before each update; null: nobody
   * @param listen called for each anew; the signal ends what it begins
   */
  constructor(
    host: ReactiveControllerHost,
    private readonly whom: () => T | null,
    private readonly listen: (whom: T, signal: AbortSignal) => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#here = true;
    this.hostUpdate();
  }

  hostUpdate(): void {
    // an element that has gone may still have an update to come
    const whom = this.#here ? this.whom() : null;
    if (whom === this.#heard) return;
    this.#end();
    this.#heard = whom;
    if (!whom) return;
    this.#ears = new AbortController();
    this.listen(whom, this.#ears.signal);
  }

  hostDisconnected(): void {
    this.#here = false;
    this.#end();
  }

  #end(): void {
    this.#ears?.abort();
    this.#ears = this.#heard = null;
  }
}
