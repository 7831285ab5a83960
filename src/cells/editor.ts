import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { EditorView } from "./editor-setup";
import { codeColours } from "./editor-theme";
import { controlStyles } from "./theme";

/** Something that is wrong in the text, at characters [from, to). */
export interface EditorDiagnostic {
  from: number;
  to: number;
  message: string;
}

/** Something that can be completed. */
export interface EditorCompletion {
  label: string;
  /** beside the label, short */
  detail?: string;
  /** in the panel beside the list, in full */
  info?: string;
  /** in the panel, above `info`, as code */
  signature?: string;
  /** "function", "variable", "class", "constant", "keyword", "namespace": chooses the mark before it */
  type?: string;
}

/** What stands before the last dot ("nst" in `nst.gr`), "()" for the value of an expression, "" for a word of its own. */
export type Completions = (path: string) => readonly EditorCompletion[] | Promise<readonly EditorCompletion[]>;

/**
 * A text editor for code or Markdown. The editor itself is loaded when the first one is shown; until then, and if it cannot
 * be loaded, a plain text field does its work.
 *
 *     <nst-editor .text=${source} language="js" label="Code of G" .diagnostics=${problems} @nst-edit=${…} @nst-run=${…}></nst-editor>
 *
 * Events, all bubbling and composed: "nst-edit" (detail: the text) on every change by the person, "nst-run" on Ctrl or Cmd + Enter,
 * "nst-escape" on Escape when nothing was open that it closes.
 *
 * The Tab key indents once the person has begun to edit (a press, a letter, an arrow key); after Escape, and for those who came by
 * Tab, it goes on to the next control.
 */
@customElement("nst-editor")
export class Editor extends LitElement {
  @property() language: "js" | "markdown" = "js";
  /** what is edited, for people who do not see it */
  @property() label = "";
  @property({ attribute: false }) diagnostics: readonly EditorDiagnostic[] = [];
  @property({ attribute: false }) completions: Completions = () => [];
  /** a line (from 1) that is marked as where something went wrong, null if none */
  @property({ attribute: false }) marked: number | null = null;
  @state() private view: EditorView | null = null;

  #text = "";
  #wantsFocus = false;

  /** The text as it is now. Setting it keeps the cursor and the history as far as the new text has the same parts. */
  get text(): string {
    return this.#text;
  }
  set text(text: string) {
    if (text === this.#text) return;
    this.#text = text;
    this.view?.setText(text);
    if (!this.view) this.requestUpdate();
  }

  /** Puts the cursor into the text; with `at` (a character), there. */
  override focus(options?: FocusOptions & { at?: number }): void {
    if (this.view) return this.view.focus(options?.at);
    this.#wantsFocus = true;
    const field = this.renderRoot?.querySelector?.("textarea");
    field?.focus(options);
    if (options?.at !== undefined) field?.setSelectionRange(options.at, options.at);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // moving an element in the page is not the end of it
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.view?.destroy();
      this.view = null;
    });
  }

  protected override firstUpdated(): void {
    void this.#open();
    if (this.#wantsFocus) this.renderRoot.querySelector("textarea")?.focus();
  }

  #opening = false;

  async #open(): Promise<void> {
    if (this.view || this.#opening) return;
    this.#opening = true;
    try {
      const { openEditor } = await import("./editor-setup");
      if (!this.isConnected) return;
      const field = this.renderRoot.querySelector("textarea");
      const focused = this.#wantsFocus || (field !== null && this.shadowRoot!.activeElement === field);
      const room = this.renderRoot.querySelector<HTMLElement>(".room")!;
      // it measures itself when it opens
      room.hidden = false;
      const view = openEditor({
        root: this.shadowRoot!,
        parent: room,
        text: this.#text,
        selection: field && focused ? [field.selectionStart, field.selectionEnd] : null,
        language: this.language,
        label: this.label,
        completions: (path) => this.completions(path),
        edited: (text) => this.#edited(text),
        run: () => this.#send("nst-run"),
        escaped: () => this.#send("nst-escape"),
      });
      view.setDiagnostics(this.diagnostics);
      view.setMarked(this.marked);
      this.view = view;
      await this.updateComplete;
      if (focused && this.isConnected) view.focus();
      this.#wantsFocus = false;
    } catch {
      // without its chunk (an old page after a new release, no network) the plain field stays
    } finally {
      this.#opening = false;
    }
  }

  #edited(text: string): void {
    this.#text = text;
    this.#send("nst-edit", text);
  }

  #send(type: string, detail: unknown = null): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  #key = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#send("nst-run");
    } else if (event.key === "Escape") this.#send("nst-escape");
  };

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has("diagnostics")) this.view?.setDiagnostics(this.diagnostics);
    if (changed.has("marked")) this.view?.setMarked(this.marked);
    if (changed.has("label")) this.view?.setLabel(this.label);
    if (changed.has("language")) this.view?.setLanguage(this.language);
  }

  override render() {
    return html`<div class="room" ?hidden=${!this.view}></div>
      ${this.view
        ? nothing
        : html`<textarea
            aria-label=${this.label}
            spellcheck=${this.language === "markdown"}
            autocapitalize="off"
            rows=${Math.min(30, this.#text.split("\n").length)}
            .value=${this.#text}
            @input=${(event: Event) => this.#edited((event.target as HTMLTextAreaElement).value)}
            @keydown=${this.#key}
          ></textarea>`}
      ${this.diagnostics.length > 0
        ? html`<ul class="problems" role="status">
            ${this.diagnostics.map(
              (one) => html`<li><button class="plain" @click=${() => this.focus({ at: one.from })}>Line ${this.#lineAt(one.from)}</button> ${one.message}</li>`,
            )}
          </ul>`
        : nothing}`;
  }

  #lineAt(position: number): number {
    return this.#text.slice(0, position).split("\n").length;
  }

  static override styles = [
    controlStyles,
    codeColours,
    css`
      :host {
        display: block;
        background: var(--code);
      }
      textarea {
        display: block;
        width: 100%;
        padding: 10px 14px 10px 46px;
        border: 0;
        resize: vertical;
        background: none;
        color: var(--ink);
        font: 13px/1.55 var(--mono);
        tab-size: 2;
      }
      textarea:focus-visible,
      .room:has(.cm-content:focus-visible) {
        outline: 2px solid var(--focus);
        outline-offset: -2px;
      }
      .problems {
        margin: 0;
        padding: 7px 14px;
        list-style: none;
        border-top: 1px solid var(--line);
        background: var(--error-wash);
        color: var(--error);
        font: 13px/1.5 var(--sans);
        overflow-wrap: anywhere;
      }
      .problems button {
        min-height: 0;
        padding: 1px 5px;
        margin: 0 2px 0 -5px;
        border: 0;
        color: inherit;
        font-weight: 600;
        text-decoration: underline;
        text-underline-offset: 2px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-editor": Editor;
  }
}
