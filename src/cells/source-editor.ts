import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import "./editor";
import type { Editor } from "./editor";
import { controlStyles } from "./theme";

/**
 * The source of a prose or element cell, to be edited.
 *
 * Events, bubbling: "nst-source-draft" (detail: the text) while it is typed, "nst-source-done" (detail: the text) when it is to
 * be applied, "nst-source-close" when the person goes away from it and the draft stays, "nst-source-discard".
 */
@customElement("nst-source-editor")
export class SourceEditor extends LitElement {
  /** the cell's text */
  @property() text = "";
  /** what was typed and not applied yet, null if nothing */
  @property({ attribute: false }) draft: string | null = null;
  @property() label = "";
  @state() private typed: string | null = null;
  @query("nst-editor") private editor!: Editor;

  /** Puts the cursor before the character `at` of the text. */
  async focusAt(at: number): Promise<void> {
    await this.updateComplete;
    await this.editor.updateComplete;
    this.editor.focus({ at: Math.min(at, this.#now.length) });
  }

  get #now(): string {
    return this.typed ?? this.draft ?? this.text;
  }

  #send(type: string, detail?: string): void {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
  }

  #edit(event: CustomEvent<string>): void {
    event.stopPropagation();
    this.typed = event.detail;
    this.#send("nst-source-draft", event.detail);
  }

  #done(event: Event): void {
    event.stopPropagation();
    this.#send("nst-source-done", this.#now);
  }

  #escape(event: Event): void {
    event.stopPropagation();
    this.#send("nst-source-close");
  }

  override render() {
    const edited = this.#now !== this.text;
    return html`<section role="group" aria-label="Source of ${this.label}">
      <nst-editor language="markdown" label="Source of ${this.label}" .text=${this.#now} @nst-edit=${this.#edit} @nst-run=${this.#done} @nst-escape=${this.#escape}></nst-editor>
      <footer>
        <button class="primary" @click=${this.#done}>Done</button>
        ${edited ? html`<button @click=${() => this.#send("nst-source-discard")}>Discard changes</button>` : nothing}
        <span class="soft" role="status">${edited ? "edited, not applied" : ""}</span>
        <span class="spacer"></span>
        <span class="soft keys">${apple() ? "⌘" : "Ctrl"} Enter applies · Escape closes and keeps what you typed</span>
      </footer>
    </section>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        margin: 12px 0;
        font: 13px/1.5 var(--sans);
      }
      section {
        border: 1px solid var(--edge);
        border-radius: var(--radius);
        background: var(--card);
        overflow: clip;
      }
      footer {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 10px;
        padding: 8px 12px;
        border-top: 1px solid var(--line);
      }
      .soft {
        font-size: 12px;
      }
      @media (pointer: coarse) {
        .keys {
          display: none;
        }
      }
    `,
  ];
}

function apple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-source-editor": SourceEditor;
  }
}
