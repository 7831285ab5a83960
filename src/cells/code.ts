import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { CodeCell } from "../notebook/cells";
import { CodeError, compile, type Compiled, type Language } from "../notebook/compile";
import { CellCrashError, CodeRunError, type CodeItem, type JsFrame } from "../sandbox/client";
import { itemView, logView, problemView, runNote, runState, trustView } from "./code-item";
import "./code-listing";
import { CodeRunning } from "./code-running";
import { codeStyles } from "./code-styles";
import { sourceIn, sourceOf, withSource } from "./code-text";
import { notebookCompletions } from "./completion";
import { type CellContext, requestContext } from "./context";
import "./editor";
import type { Editor, EditorDiagnostic } from "./editor";
import { offScreen, onScreen } from "./on-screen";
import { cellStyles, controlStyles } from "./theme";

/** Fired (bubbling, composed) when the person runs code that they have changed; `text` is the whole cell. */
export interface CodeText {
  cellId: string;
  text: string;
}

/** Fired (bubbling, composed) while the person types; null: there is nothing left that was not run. */
export interface CodeDraft {
  cellId: string;
  text: string | null;
}

/** How long after the last letter a draft is told, in ms. */
const DRAFT_DELAY = 300;

let count = 0;

/**
 * A code cell: its source, as a listing or in an editor, what it gives, and how it stands.
 *
 *     const element = document.createElement("nst-code");
 *     Object.assign(element, { cellId: key, cell, draft: session.draft(key), trusted: true });
 *
 * The same element stays while the cell's text changes: cursor, focus and history of its editor with it. Fires "nst-text"
 * (CodeText), "nst-draft" (CodeDraft) and "nst-trust" (the person agrees to run this notebook's code).
 */
@customElement("nst-code")
export class CodeElement extends LitElement {
  /** key of the cell, its id in the graph */
  @property({ attribute: false }) cellId = `code-${++count}`;
  @property({ attribute: false }) cell: CodeCell | null = null;
  /** the whole text of the cell as it was typed and not run yet; null if there is none */
  @property({ attribute: false }) draft: string | null = null;
  /** the code may run */
  @property({ attribute: false }) trusted = true;

  /** how the source is shown; the author's word until the reader has said otherwise */
  @state() private view: "editor" | "listing" | "folded" = "listing";
  @state() private diagnostics: readonly EditorDiagnostic[] = [];
  /** the source as it is in the editor */
  @state() private source = "";
  @query("nst-editor") private editor!: Editor | null;

  #context: CellContext | null = null;
  #running: CodeRunning | null = null;
  #frame: JsFrame | null = null;
  #compiled: Compiled | null = null;
  /** what the graph was told: nothing is told twice */
  #defined = "";
  #editorWanted = false;
  #draftTimer: ReturnType<typeof setTimeout> | null = null;
  /** the draft as it was told last, or heard */
  #told: string | null = null;
  #runNext = false;
  /** an error in what the frame's own events and timers do */
  @state() private trouble: Error | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("pagehide", this.#leavePage, { capture: true });
    document.addEventListener("visibilitychange", this.#leavePage, { capture: true });
    const context = requestContext(this);
    if (context && context.graph === this.#context?.graph) return;
    this.#leave();
    this.#context = context;
    if (this.hasUpdated) this.#define();
  }

  /** Before the keeper of the notebook hears that the page goes: it saves what it knows of. */
  readonly #leavePage = (): void => this.#tellDraft();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("pagehide", this.#leavePage, { capture: true });
    document.removeEventListener("visibilitychange", this.#leavePage, { capture: true });
    this.#tellDraft();
    // moving an element in the page disconnects and connects it within one task; that must not end a run
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#leave();
      this.#context = null;
    });
  }

  #leave(): void {
    offScreen(this);
    this.#running?.leave();
    this.#running = null;
    this.#defined = "";
    this.#frame?.remove();
    this.#frame = null;
  }

  get #language(): Language {
    return this.cell?.flags.kernel ? "kernel" : "js";
  }

  /** The cell is meant to run, and may. */
  get #runs(): boolean {
    return this.cell !== null && this.cell.flags.run && this.trusted;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!this.cell) return;
    const first = !this.hasUpdated;
    if (changed.has("cell") || changed.has("draft")) this.#adopt(changed);
    if (first && (this.cell.flags.edit || this.draft !== null)) this.view = "editor";
    if (this.view === "editor") this.#editorWanted = true;
    if (changed.has("cell") || changed.has("trusted") || changed.has("cellId")) this.#define();
  }

  /** Takes over the cell's text and draft, unless the person is just typing. */
  #adopt(changed: Map<string, unknown>): void {
    const heard = changed.has("draft") && this.draft !== this.#told;
    if (changed.has("draft")) this.#told = this.draft;
    if (this.#draftTimer !== null || (!heard && !changed.has("cell"))) return;
    const text = this.draft === null ? null : sourceIn(this.draft);
    // what was told already is in the editor, and may have gone on from there
    if (this.draft !== null && !heard && this.hasUpdated) return;
    this.#setSource(text ?? sourceOf(this.cell!));
  }

  #setSource(source: string): void {
    if (source === this.source) return;
    this.source = source;
    if (this.editor) this.editor.text = source;
    this.diagnostics = [];
  }

  /** Tells the graph what the cell's text says; the last code that could be read goes on where this one cannot. */
  #define(): void {
    if (!this.#context || !this.cell) return;
    const { flags } = this.cell;
    const wanted = JSON.stringify([this.cellId, this.cell.source, flags.kernel, flags.manual, flags.run, this.trusted]);
    if (wanted === this.#defined) return this.#runIfAsked();
    this.#defined = wanted;
    if (!flags.run || !this.#context.sandbox) {
      this.#running?.leave();
      this.#running = null;
      return;
    }
    if (flags.kernel) {
      this.#frame?.remove();
      this.#frame = null;
    }
    if (!this.#running) {
      this.#running = new CodeRunning(this.cellId, this.#context, () => (this.#language === "kernel" ? this.#context!.sandbox!.kernel : this.#ownFrame()), () => this.requestUpdate());
      onScreen(this, (yes) => this.#running?.look(yes));
    }
    try {
      this.#compiled = compile(this.cell.source, this.#language);
      this.diagnostics = [];
      this.trouble = null;
      this.#running.define({ compiled: this.#compiled, manual: flags.manual, allowed: this.trusted });
    } catch (error) {
      if (!(error instanceof CodeError)) throw error;
      this.diagnostics = [diagnostic(error)];
      if (!this.#compiled) this.#running.fail(new Error(`Line ${error.line}: ${error.message}`));
    }
    this.#runIfAsked();
  }

  #runIfAsked(): void {
    if (this.#runNext && this.#runs) this.#running?.run();
    this.#runNext = false;
  }

  #ownFrame(): JsFrame {
    this.trouble = null;
    if (this.#frame) return this.#frame;
    const frame = (this.#frame = this.#context!.sandbox!.frame(this.cellId));
    frame.addEventListener("trouble", (event) => (this.trouble = (event as CustomEvent<Error>).detail));
    this.requestUpdate();
    return frame;
  }

  // ————— what the person does

  #edited = (event: CustomEvent<string>): void => {
    event.stopPropagation();
    this.source = event.detail;
    if (this.diagnostics.length > 0) this.#check();
    clearTimeout(this.#draftTimer ?? undefined);
    this.#draftTimer = setTimeout(() => this.#tellDraft(), DRAFT_DELAY);
  };

  /** Whether the source in the editor can be read; says where not. */
  #check(): boolean {
    try {
      compile(this.source, this.#language);
      this.diagnostics = [];
      return true;
    } catch (error) {
      if (!(error instanceof CodeError)) throw error;
      this.diagnostics = [diagnostic(error)];
      return false;
    }
  }

  #tellDraft(): void {
    if (this.#draftTimer === null) return;
    clearTimeout(this.#draftTimer);
    this.#draftTimer = null;
    this.#sendDraft(this.#dirty ? withSource(this.cell!, this.source) : null);
  }

  #sendDraft(text: string | null): void {
    if (text === this.#told) return;
    this.#told = text;
    this.#send("nst-draft", { cellId: this.cellId, text } satisfies CodeDraft);
  }

  get #dirty(): boolean {
    return this.cell !== null && this.source !== sourceOf(this.cell);
  }

  /** Runs what is in the editor. Code that cannot be read is not run: what is wrong is said at its place. */
  readonly #run = (event?: Event): void => {
    event?.stopPropagation();
    if (!this.cell) return;
    if (this.cell.flags.run && !this.#check()) {
      if (this.view !== "editor") this.#openEditor();
      return;
    }
    this.trouble = null;
    if (!this.#dirty) {
      if (this.#runs) this.#running?.run();
      return;
    }
    const text = withSource(this.cell, this.source);
    clearTimeout(this.#draftTimer ?? undefined);
    this.#draftTimer = null;
    this.#runNext = this.cell.flags.manual || this.#running?.error instanceof CellCrashError;
    this.#send("nst-text", { cellId: this.cellId, text } satisfies CodeText);
    this.#sendDraft(null);
  };

  #discard(): void {
    clearTimeout(this.#draftTimer ?? undefined);
    this.#draftTimer = null;
    this.#setSource(sourceOf(this.cell!));
    this.#sendDraft(null);
    this.editor?.focus();
  }

  /** Puts the cursor into the source. */
  override focus(): void {
    this.#openEditor();
  }

  #openEditor(): void {
    this.view = "editor";
    void this.updateComplete.then(() => this.editor?.focus());
  }

  #toListing(): void {
    this.#tellDraft();
    this.view = "listing";
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("button.edit")?.focus());
  }

  #pressListing(event: MouseEvent): void {
    // a selection is made for copying
    if (getSelection()?.isCollapsed === false && event.detail === 1) return;
    this.#openEditor();
  }

  #keyListing(event: KeyboardEvent): void {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) this.#run();
    else this.#openEditor();
  }

  #send(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  // ————— what is seen

  override render() {
    const { cell } = this;
    if (!cell) return nothing;
    const running = this.#runs ? this.#running : null;
    const item = running?.item ?? null;
    return html`<section class="cell" role="group" aria-label=${this.#title}>
      ${this.#header(cell, running, item)} ${this.#code(cell)} ${this.trusted || !cell.flags.run ? nothing : trustView(() => this.#send("nst-trust", null))} ${running ? problemView(running.error ?? running.nameError ?? this.trouble, () => running.run()) : nothing}
      <div class="view ${running && running.status !== "fulfilled" && item ? "stale" : ""}" aria-busy=${running?.status === "pending"}>
        ${this.#frame ? html`<div class="frame">${this.#frame.element}</div>` : nothing} ${item ? itemView(item, this.#names, this.#language) : nothing}
      </div>
      ${running ? logView(running.logs) : nothing}
    </section>`;
  }

  get #names(): readonly string[] {
    return this.cell?.flags.run ? (this.#compiled?.names ?? []) : [];
  }

  get #streams(): boolean {
    return this.#compiled?.stream ?? false;
  }

  get #title(): string {
    return this.#names.length > 0 ? this.#names.join(", ") : this.#language === "kernel" ? "kernel code" : "JavaScript";
  }

  #header(cell: CodeCell, running: CodeRunning | null, item: CodeItem | null): TemplateResult {
    const names = this.#names;
    const kind = this.#language === "kernel" ? "kernel" : "JavaScript";
    const reads = this.cell?.flags.run ? (this.#compiled?.reads ?? []) : [];
    const shown = names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
    return html`<header>
      <b class="name ${names.length > 0 ? "given" : ""}">${shown || kind}</b>
      ${names.length > 0 ? html`<span>${kind}</span>` : nothing}
      ${reads.length > 0 ? html`of ${reads.map((name) => html`<span class="chip">${name}</span>`)}` : nothing}
      <span class="spacer"></span>
      <span class="note">${running && item ? runNote(running, item, this.#streams) : cell.flags.run ? nothing : "not run: a listing"}</span>
      ${running ? runState(running, this.#streams) : nothing}
      <span class="buttons">${running ? this.#runButtons(running) : nothing} ${this.#viewButtons()}</span>
    </header>`;
  }

  #runButtons(running: CodeRunning): TemplateResult {
    const going = running.going && (this.#streams || (this.#language === "kernel" && running.status === "pending"));
    const again = running.stopped || running.error instanceof CellCrashError;
    const first = this.#dirty || running.status === "held" || running.outOfDate;
    return html`${going ? html`<button class="stop ${this.#streams ? "" : "late"}" @click=${() => running.stop()}>${running.stopping ? "Stop now" : "Stop"}</button>` : nothing}
      <button class="run ${first ? "primary" : ""}" title="Ctrl or Cmd + Enter" @click=${this.#run}>${again && !this.#dirty ? "Run again" : "Run"}</button>`;
  }

  #viewButtons(): TemplateResult {
    const { view } = this;
    if (view === "folded") return html`<button class="plain" aria-expanded="false" @click=${() => (this.view = "listing")}>Show code</button>`;
    return html`${view === "listing" ? html`<button class="plain edit" @click=${this.#openEditor}>Edit</button>` : html`<button class="plain" @click=${this.#toListing}>Close editor</button>`}
      <button class="plain" aria-expanded="true" @click=${() => (this.view = "folded")}>Hide code</button>`;
  }

  #code(cell: CodeCell): TemplateResult {
    const { view } = this;
    const marked = this.#markedLine;
    return html`${this.#editorWanted
        ? html`<div class="code" ?hidden=${view !== "editor"}>
            <nst-editor
              .text=${this.source} .label=${`code of ${this.#title}`} .diagnostics=${this.diagnostics} .marked=${this.#dirty ? null : marked}
              .completions=${this.#completions} @nst-edit=${this.#edited} @nst-run=${this.#run} @focusout=${this.#tellDraft}
            ></nst-editor>
          </div>`
        : nothing}
      ${view === "listing"
        ? html`<div class="code listing" title="Press to edit" @click=${this.#pressListing} @keydown=${this.#keyListing}>
            <nst-code-listing .source=${this.source} .label=${`code of ${this.#title}. Press Enter to edit.`} .marked=${marked}></nst-code-listing>
          </div>`
        : nothing}
      ${this.#dirty && view !== "folded"
        ? html`<p class="draft"><span>${cell.flags.run ? html`Changed, not run yet. <kbd>Ctrl</kbd> <kbd>Enter</kbd> runs it.` : "Changed, not kept in the notebook yet."}</span>
            ${cell.flags.run && this.trusted ? nothing : html`<button @click=${this.#run}>Keep</button>`}
            <button class="plain" @click=${this.#discard}>Discard</button></p>`
        : nothing}`;
  }

  get #markedLine(): number | null {
    const error = this.#running?.error ?? this.trouble;
    return this.#runs && error instanceof CodeRunError ? error.line : null;
  }

  readonly #completions = notebookCompletions(() => ({ language: this.#language, graph: this.#context?.graph ?? null, own: this.#compiled?.names ?? [] }));

  static override styles = [controlStyles, cellStyles, codeStyles];
}

function diagnostic({ from, to, message }: CodeError): EditorDiagnostic {
  return { from, to, message };
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-code": CodeElement;
  }
}
