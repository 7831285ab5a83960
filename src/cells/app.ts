import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { readRoute, route } from "../notebook/links";
import type { Kernels } from "./context";
import { library, type Shipped } from "./library";
import { NotebookElement, type NetworkEvent } from "./notebook";
import "./sidebar";

/** Loading is over by then, or the reader has long begun to read. */
const HOLD_MS = 10_000;

/**
 * The frame: notebooks on the left, the open one on the right, chosen by the address (`#/first-transfer/heading`).
 * In light DOM, because prose must be.
 */
@customElement("nst-app")
export class App extends LitElement {
  @property({ attribute: false }) kernels: Kernels | null = null;
  /** name of the notebook that opens when the address names none */
  @property() first = "";
  @state() private open: Shipped | null = null;
  @state() private missing: string | null = null;
  @state() private reading: string | null = null;
  @state() private network = "";
  #element: NotebookElement | null = null;
  #spying = 0;
  #hold: AbortController | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  readonly #follow = () => {
    const to = readRoute(location.hash) ?? { name: this.first, anchor: null };
    const found = library.find(({ name }) => name === to.name) ?? null;
    this.missing = found ? null : to.name;
    if (found !== this.open || !this.#element) this.#show(found);
    void this.updateComplete.then(() => {
      this.#hold?.abort();
      if (!to.anchor || !this.#element?.reveal(to.anchor)) window.scrollTo({ top: 0 });
      else this.#holdAt(to.anchor);
      this.#spy();
    });
  };

  /** Cells grow while they load, and push away what was scrolled to: stay there until the reader does something. */
  #holdAt(anchor: string): void {
    const hold = (this.#hold = new AbortController());
    const growth = new ResizeObserver(() => this.#element?.reveal(anchor, "instant"));
    growth.observe(this.#element!);
    hold.signal.addEventListener("abort", () => growth.disconnect());
    for (const type of ["wheel", "touchstart", "pointerdown", "keydown"]) {
      addEventListener(type, () => hold.abort(), { signal: hold.signal, passive: true, capture: true });
    }
    setTimeout(() => hold.abort(), HOLD_MS);
  }

  /** A link to where the address already points changes nothing that the browser would announce. */
  readonly #click = (event: MouseEvent) => {
    const link = event.composedPath().find((target): target is HTMLAnchorElement => target instanceof HTMLAnchorElement);
    if (link?.getAttribute("href")?.startsWith("#/") && link.hash === location.hash) this.#follow();
  };

  /** The heading that is being read is the last one above the upper third of the window. */
  readonly #scrolled = () => {
    this.#spying ||= requestAnimationFrame(() => {
      this.#spying = 0;
      this.#spy();
    });
  };

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("hashchange", this.#follow);
    addEventListener("scroll", this.#scrolled, { passive: true });
    this.addEventListener("click", this.#click);
    void this.updateComplete.then(this.#follow);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#follow);
    removeEventListener("scroll", this.#scrolled);
    this.#hold?.abort();
    this.removeEventListener("click", this.#click);
  }

  /** Another notebook is another graph: whatever ran in the one before ends with it. */
  #show(shipped: Shipped | null): void {
    this.open = shipped;
    this.network = "";
    this.#element?.remove();
    this.#element = null;
    document.title = shipped ? `${shipped.title} · NST workbench` : "NST workbench";
    if (!shipped) return;
    const element = new NotebookElement();
    element.kernels = this.kernels;
    element.addEventListener("nst-network", (event) => (this.network = (event as NetworkEvent).detail));
    this.#element = element;
    this.querySelector("main")!.append(element);
    element.show(shipped.name, shipped.notebook);
  }

  #spy(): void {
    const above = [...(this.#element?.querySelectorAll("h2[id]") ?? [])].filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
    this.reading = above.at(-1)?.id ?? null;
  }

  #skip(event: Event): void {
    event.preventDefault(); // the address says which notebook is open
    this.querySelector("main")!.focus();
  }

  override render() {
    return html`<a class="skip" href="#main" @click=${this.#skip}>Skip to the notebook</a>
      <nst-sidebar .library=${library} .open=${this.open} .reading=${this.reading} .kernels=${this.kernels} .network=${this.network}></nst-sidebar>
      <main id="main" tabindex="-1">
        ${this.missing === null ? nothing : html`<p class="problem" role="alert">There is no notebook “${this.missing}”. <a href=${route(this.first)}>Open the first one</a>, or choose from the list.</p>`}
      </main>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-app": App;
  }
}
