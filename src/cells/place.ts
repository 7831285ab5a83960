import type { NotebookElement } from "./notebook";

/** Loading is over by then, or the reader has long begun to read. */
const HOLD_MS = 10_000;

/** Where in a notebook the reader is: leads there, stays there while cells grow, and says which heading is being read. */
export class Place {
  #element: NotebookElement | null = null;
  #spying = 0;
  #hold: AbortController | null = null;

  constructor(private readonly read: (heading: string | null) => void) {}

  /** Leads to a heading or a cell; without one, or if there is none, to a distance from the top in CSS pixels. */
  go(element: NotebookElement | null, anchor: string | null, scroll: number): void {
    this.leave();
    this.#element = element;
    if (anchor !== null && element?.reveal(anchor)) this.#stay(() => element.reveal(anchor, "instant"));
    else {
      window.scrollTo({ top: scroll, behavior: "instant" });
      if (scroll > 0 && element) this.#stay(() => window.scrollTo({ top: scroll, behavior: "instant" }));
    }
    this.#spy();
  }

  /** The window was scrolled. `moved` hears where to, if it was the reader who did it. */
  scrolled(moved: (y: number) => void): void {
    this.#spying ||= requestAnimationFrame(() => {
      this.#spying = 0;
      this.#spy();
      // while a place is being held, cells that grow move the window, and that is nobody's wish
      if (!this.#hold || this.#hold.signal.aborted) moved(window.scrollY);
    });
  }

  leave(): void {
    this.#hold?.abort();
    this.#hold = null;
  }

  /** Cells grow while they load, and push away what was scrolled to: stay there until the reader does something. */
  #stay(lead: () => void): void {
    const hold = (this.#hold = new AbortController());
    const growth = new ResizeObserver(lead);
    growth.observe(this.#element!);
    hold.signal.addEventListener("abort", () => growth.disconnect());
    for (const type of ["wheel", "touchstart", "pointerdown", "keydown"]) {
      addEventListener(type, () => hold.abort(), { signal: hold.signal, passive: true, capture: true });
    }
    setTimeout(() => hold.abort(), HOLD_MS);
  }

  /** The heading that is being read is the last one above the upper third of the window. */
  #spy(): void {
    const above = [...(this.#element?.querySelectorAll("h2[id]") ?? [])].filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
    this.read(above.at(-1)?.id ?? null);
  }
}
