import { css, html, LitElement } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { codeColours } from "./editor-theme";
import { controlStyles } from "./theme";

/**
 * JavaScript to be read, highlighted as soon as the editor's language is loaded.
 *
 *     <nst-code-listing .source=${text} label="code of G"></nst-code-listing>
 */
@customElement("nst-code-listing")
export class CodeListing extends LitElement {
  @property({ attribute: false }) source = "";
  @property() label = "";
  /** a line (from 1) where something went wrong */
  @property({ attribute: false }) marked: number | null = null;
  @state() private highlighted: { source: string; lines: { text: string; classes: string }[][] } | null = null;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("source")) void this.#highlight(this.source);
  }

  async #highlight(source: string): Promise<void> {
    try {
      const { highlight } = await import("./editor-setup");
      if (source !== this.source) return;
      const lines: { text: string; classes: string }[][] = [[]];
      for (const piece of highlight(source.replace(/\n$/, ""))) {
        if (piece.text === "\n") lines.push([]);
        else lines.at(-1)!.push(piece);
      }
      this.highlighted = { source, lines };
    } catch {
      // plain code is code as well
    }
  }

  override render() {
    const { source, marked } = this;
    const lines = this.highlighted?.source === source ? this.highlighted.lines : source.replace(/\n$/, "").split("\n").map((text) => [{ text, classes: "" }]);
    return html`<pre tabindex="0" role="group" aria-label=${this.label}><code>${lines.map(
      (line, i) => html`<span class="line ${i + 1 === marked ? "marked" : ""}">${line.map(({ text, classes }) => (classes ? html`<span class=${classes}>${text}</span>` : text))}${"\n"}</span>`,
    )}</code></pre>`;
  }

  static override styles = [
    controlStyles,
    codeColours,
    css`
      :host {
        display: block;
        background: var(--code);
      }
      pre {
        margin: 0;
        padding: 10px 14px;
        overflow-x: auto;
      }
      code {
        display: block;
        width: max-content;
        min-width: 100%;
        color: var(--ink);
        font: 13px/1.55 var(--mono);
        tab-size: 2;
      }
      .line {
        display: block;
        min-height: 1.55em;
      }
      .marked {
        margin: 0 -14px;
        padding: 0 14px;
        background: var(--error-wash);
        box-shadow: inset 3px 0 0 var(--error);
      }
      pre:focus-visible {
        outline-offset: -2px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-code-listing": CodeListing;
  }
}
