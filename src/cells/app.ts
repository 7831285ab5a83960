import { html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Importer, NetworkStore } from "../models/client";
import { readRoute, route } from "../notebook/links";
import type { Opened, Workspace } from "../notebook/workspace";
import type { RunStore } from "../runs/run-store";
import type { Sandboxes } from "../sandbox/client";
import { watchOpened } from "./app-notices";
import type { Kernels } from "./context";
import { ask } from "./dialog";
import "./import-drop";
import type { Dropped } from "./dropped-files";
import { importDropped, perform, type LibraryContext } from "./library-actions";
import type { LibraryActionDetail } from "./library-list";
import { NetworkDesk } from "./network-desk";
import { NotebookElement, type NetworkEvent } from "./notebook";
import "./notebook-bar";
import type { NotebookAction } from "./notebook-bar";
import type { Notice, Notices } from "./notices";
import "./notices";
import { Place } from "./place";
import { openSharedFromHash } from "./share-actions";
import "./sidebar";

/**
 * The frame: notebooks on the left, the open one on the right, chosen by the address (`#/first-transfer/heading`, or a link
 * that holds a notebook). In light DOM, because prose must be.
 */
@customElement("nst-app")
export class App extends LitElement {
  @property({ attribute: false }) kernels: Kernels | null = null;
  @property({ attribute: false }) workspace: Workspace | null = null;
  @property({ attribute: false }) sandboxes: Sandboxes | null = null;
  @property({ attribute: false }) runs: RunStore | null = null;
  /** networks that the person brought along */
  @property({ attribute: false }) networks: NetworkStore | null = null;
  /** brings networks along; null where that is not possible */
  @property({ attribute: false }) importer: Importer | null = null;
  /** name of the notebook that opens when the address names none */
  @property() first = "";
  @state() private opened: Opened | null = null;
  @state() private missing: string | null = null;
  @state() private reading: string | null = null;
  @state() private network = "";
  @state() private element: NotebookElement | null = null;
  @query("nst-notices") private notices!: Notices;
  readonly #place = new Place((heading) => (this.reading = heading));
  /** counts openings: what is read from the store may come after the reader has gone on */
  #turn = 0;
  #unwatch = () => {};
  #madeDesk: NetworkDesk | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  readonly #follow = async (): Promise<void> => {
    const { workspace } = this;
    if (!workspace) return;
    const turn = ++this.#turn;
    const shared = await openSharedFromHash(workspace);
    const to = readRoute(location.hash) ?? { name: shared ?? this.first, anchor: null };
    let opened: Opened | null = null;
    try {
      opened = await workspace.open(to.name);
    } catch (error) {
      this.notices.show({ id: "library", text: (error as Error).message, tone: "alert", sticky: true });
    }
    if (turn !== this.#turn) return;
    this.missing = opened ? null : to.name;
    const other = opened !== this.opened || !this.element;
    if (other) this.#show(opened);
    // it may have been renamed
    else if (this.element && opened) this.element.notebookName = opened.keeper.name;
    await this.updateComplete;
    this.#place.go(this.element, to.anchor, other ? (opened?.keeper.scroll ?? 0) : 0);
  };

  /** A link to where the address already points changes nothing that the browser would announce. */
  readonly #click = (event: MouseEvent) => {
    const link = event.composedPath().find((target): target is HTMLAnchorElement => target instanceof HTMLAnchorElement);
    if (link?.getAttribute("href")?.startsWith("#/") && link.hash === location.hash) void this.#follow();
  };

  readonly #scrolled = () => this.#place.scrolled((y) => this.opened?.keeper.setScroll(y));

  readonly #listed = () => {
    this.requestUpdate();
    if (this.opened) document.title = `${this.opened.entry.title} · NST workbench`;
  };

  readonly #noticed = (event: Event) => {
    event.preventDefault();
    this.notices.show((event as CustomEvent<Notice>).detail);
  };

  /** From the list of notebooks comes what is to be done with one of them, from the bar above the notebook a word. */
  readonly #acted = (event: Event) => {
    const { detail } = event as CustomEvent<LibraryActionDetail | NotebookAction>;
    if (typeof detail === "object") return void perform(detail, this.#library);
    const name = this.opened?.keeper.name;
    if (name === undefined) return;
    if (detail === "copy-link") void perform({ action: detail, name }, this.#library);
    else void this.#export(name);
  };

  get #library(): LibraryContext {
    const app = this;
    return {
      workspace: this.workspace!,
      notices: this.notices,
      get opened() {
        return app.opened;
      },
      get element() {
        return app.element;
      },
      runs: this.runs,
      desk: this.#desk,
      open: (name) => {
        if (location.hash === route(name)) void this.#follow();
        else location.hash = route(name);
      },
    };
  }

  get #desk(): NetworkDesk | null {
    if (!this.networks || !this.kernels) return null;
    return (this.#madeDesk ??= new NetworkDesk(this.networks, this.importer, this.kernels));
  }

  async #export(name: string): Promise<void> {
    const how = await ask({
      title: "Export this notebook",
      body: html`<p><b>Markdown</b> is the notebook's text: it reads well anywhere, and can be imported again.</p>
        <p><b>One HTML file</b> is the notebook with the whole workbench, the network and your pictures inside. It opens from disk, without a server or a network.</p>`,
      buttons: [
        { label: "Cancel", value: "no" },
        { label: "Markdown", value: "export-md" },
        { label: "One HTML file", value: "export-html", kind: "primary" },
      ],
    });
    if (how === "export-md" || how === "export-html") await perform({ action: how, name }, this.#library);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("hashchange", this.#follow);
    addEventListener("scroll", this.#scrolled, { passive: true });
    this.addEventListener("click", this.#click);
    this.addEventListener("nst-action", this.#acted);
    this.addEventListener("nst-notice", this.#noticed);
    this.workspace?.addEventListener("entries", this.#listed);
    this.runs?.addEventListener("problem", this.#runProblem);
    this.runs?.addEventListener("freed", this.#runsFreed);
    // what is brought along is measured when it has come, wherever it was asked for
    void this.#desk;
    void this.updateComplete.then(this.#follow);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#follow);
    removeEventListener("scroll", this.#scrolled);
    this.#place.leave();
    this.removeEventListener("click", this.#click);
    this.removeEventListener("nst-action", this.#acted);
    this.removeEventListener("nst-notice", this.#noticed);
    this.workspace?.removeEventListener("entries", this.#listed);
    this.runs?.removeEventListener("problem", this.#runProblem);
    this.runs?.removeEventListener("freed", this.#runsFreed);
  }

  readonly #runProblem = () => {
    const problem = this.runs?.problem ?? "";
    if (problem === "") this.notices.hide("runs");
    else this.notices.show({ id: "runs", text: problem, tone: "alert", sticky: true });
  };

  readonly #runsFreed = (event: Event) => this.notices.show({ id: "runs-freed", text: (event as CustomEvent<string>).detail, sticky: true });

  /** Another notebook is another graph: whatever ran in the one before ends with it. */
  #show(opened: Opened | null): void {
    this.#unwatch();
    this.#unwatch = () => {};
    if (this.opened && !this.opened.keeper.closed) void this.opened.keeper.close();
    this.opened = opened;
    this.network = "";
    this.element?.remove();
    this.element = null;
    document.title = opened ? `${opened.entry.title} · NST workbench` : "NST workbench";
    if (!opened) return;
    const element = new NotebookElement();
    element.kernels = this.kernels;
    element.sandbox = this.sandboxes;
    element.pictures = this.workspace!.store.pictures;
    element.runs = this.runs;
    element.networks = this.networks;
    element.importer = this.importer;
    element.notebookName = opened.keeper.name;
    element.trusted = opened.record.trusted;
    element.addEventListener("nst-network", (event) => (this.network = (event as NetworkEvent).detail));
    // in a code cell, or in the line above the notebook
    element.addEventListener("nst-trust", () => void opened.trust().then(() => (element.trusted = true)));
    this.element = element;
    this.querySelector("main")!.append(element);
    element.show(opened.session);
    this.#unwatch = watchOpened(opened, this.#library, () => (element.trusted = true));
  }

  #skip(event: Event): void {
    event.preventDefault(); // the address says which notebook is open
    this.querySelector("main")!.focus();
  }

  override render() {
    return html`<a class="skip" href="#main" @click=${this.#skip}>Skip to the notebook</a>
      <nst-sidebar .workspace=${this.workspace} .open=${this.opened?.entry ?? null} .reading=${this.reading} .kernels=${this.kernels} .network=${this.network}></nst-sidebar>
      <main id="main" tabindex="-1">
        <nst-notices></nst-notices>
        ${this.element ? html`<nst-notebook-bar .notebook=${this.element}></nst-notebook-bar>` : nothing}
        ${this.missing === null ? nothing : html`<p class="problem" role="alert">There is no notebook “${this.missing}”. <a href=${route(this.first)}>Open the first one</a>, or choose from the list.</p>`}
      </main>
      <nst-import-drop @nst-files=${(event: CustomEvent<Promise<Dropped>>) => void importDropped(event.detail, this.#library)}></nst-import-drop>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-app": App;
  }
}
