import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Session } from "../notebook/session";
import { exportIcon, graphIcon, redoIcon, shareIcon, undoIcon } from "./cell-tools-icons";
import type { GraphView } from "./graph-view";
import type { NotebookElement } from "./notebook";
import { controlStyles } from "./theme";

/** Fired (bubbling, composed) as "nst-action" when the reader wants to do something with the whole notebook. */
export type NotebookAction = "copy-link" | "export";

/**
 * The slim bar above a notebook: undo and redo, the graph, sharing. What is put into it (the state of saving) stands between.
 *
 *     <nst-notebook-bar .notebook=${element} @nst-action=${…}><nst-saved></nst-saved></nst-notebook-bar>
 *
 * Ctrl or Cmd + Z, and with Shift, or Ctrl + Y, undo and redo changes of the notebook as long as no text is being edited.
 */
@customElement("nst-notebook-bar")
export class NotebookBar extends LitElement {
  @property({ attribute: false }) notebook: NotebookElement | null = null;
  @state() private graph: GraphView | null = null;
  @query(".graph") private graphButton!: HTMLButtonElement;
  #session: Session | null = null;

  readonly #changed = () => this.requestUpdate();

  readonly #shown = () => {
    this.#follow(this.notebook?.session ?? null);
    this.requestUpdate();
  };

  #follow(session: Session | null): void {
    if (session === this.#session) return;
    this.#session?.removeEventListener("change", this.#changed);
    session?.addEventListener("change", this.#changed);
    this.#session = session;
  }

  readonly #key = (event: KeyboardEvent) => {
    if (event.defaultPrevented || !(event.ctrlKey || event.metaKey) || event.altKey || edits(event.composedPath()[0])) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) this.notebook?.undo();
    else if ((key === "z" && event.shiftKey) || (key === "y" && event.ctrlKey)) this.notebook?.redo();
    else return;
    event.preventDefault();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#key);
    this.#shown();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#key);
    this.#follow(null);
    this.#closeGraph();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has("notebook")) return;
    (changed.get("notebook") as NotebookElement | null | undefined)?.removeEventListener("nst-shown", this.#shown);
    this.notebook?.addEventListener("nst-shown", this.#shown);
    this.#follow(this.notebook?.session ?? null);
    if (this.graph) this.graph.notebook = this.notebook;
  }

  async #toggleGraph(): Promise<void> {
    if (this.graph) return this.#closeGraph();
    const { GraphView } = await import("./graph-view");
    if (this.graph || !this.isConnected) return;
    const view = new GraphView();
    view.notebook = this.notebook;
    view.addEventListener("close", () => {
      this.#closeGraph();
      this.graphButton.focus({ preventScroll: true });
    });
    document.body.append(view);
    this.graph = view;
  }

  #closeGraph(): void {
    this.graph?.remove();
    this.graph = null;
  }

  #act(action: NotebookAction): void {
    this.dispatchEvent(new CustomEvent<NotebookAction>("nst-action", { bubbles: true, composed: true, detail: action }));
  }

  override render() {
    const { undo, redo } = this.#session?.history.next ?? { undo: null, redo: null };
    return html`<div class="bar" role="toolbar" aria-label="Notebook">
      <button title=${undo === null ? "Nothing to undo" : `Undo: ${undo}`} ?disabled=${undo === null} @click=${() => this.notebook?.undo()}>${undoIcon}<span class=${undo === null ? "visually-hidden" : ""}>Undo${undo === null ? nothing : html`<span class="what"> ${undo}</span>`}</span></button>
      <button title=${redo === null ? "Nothing to redo" : `Redo: ${redo}`} ?disabled=${redo === null} @click=${() => this.notebook?.redo()}>${redoIcon}<span class=${redo === null ? "visually-hidden" : ""}>Redo${redo === null ? nothing : html`<span class="what"> ${redo}</span>`}</span></button>
      <span class="spacer"></span>
      <slot></slot>
      <button class="graph" aria-pressed=${this.graph !== null} title="Graph: which cell reads which" @click=${this.#toggleGraph}>${graphIcon}<span class="word">Graph</span></button>
      <button title="Copy a link that holds this notebook" @click=${() => this.#act("copy-link")}>${shareIcon}<span class="word">Copy link</span></button>
      <button title="Export this notebook" @click=${() => this.#act("export")}>${exportIcon}<span class="word">Export</span></button>
    </div>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        margin: 0 -8px 12px;
        font: 12px/1.5 var(--sans);
        color: var(--soft);
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 2px;
        min-height: 30px;
      }
      button {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-width: 0;
        min-height: 28px;
        padding: 3px 8px;
        border: 0;
        background: none;
        color: var(--soft);
        font: 12px/1.4 var(--sans);
        white-space: nowrap;
      }
      button:hover:not(:disabled),
      button[aria-pressed="true"] {
        background: var(--code);
        color: var(--ink);
      }
      svg {
        flex: none;
      }
      ::slotted(*) {
        margin-right: 6px;
      }
      @media (max-width: 800px) {
        :host {
          margin: 0 -8px 4px;
        }
        button {
          min-height: 36px;
          padding-inline: 9px;
        }
        .what,
        .word {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];
}

/** Whether keys that reach this element change a text: undoing there is its own affair. */
function edits(target: EventTarget | undefined): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const typed = target instanceof HTMLInputElement && !["button", "checkbox", "color", "file", "radio", "range", "reset", "submit"].includes(target.type);
  return typed || target instanceof HTMLTextAreaElement || target.isContentEditable;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-notebook-bar": NotebookBar;
  }
}
