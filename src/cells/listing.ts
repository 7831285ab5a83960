import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { cellStyles, controlStyles } from "./theme";

/** A code cell as a listing, to be read. */
@customElement("nst-listing")
export class Listing extends LitElement {
  @property({ attribute: false }) source = "";
  /** beside the language: where it belongs */
  @property({ attribute: false }) note = "";

  override render() {
    return html`<section class="cell" role="group" aria-label="code">
      <header><b class="name">JavaScript</b><span class="spacer"></span><span>${this.note}</span></header>
      <pre tabindex="0"><code>${this.source}</code></pre>
    </section>`;
  }

  static override styles = [
    controlStyles,
    cellStyles,
    css`
      pre {
        margin: 0;
        padding: 12px 14px;
        background: var(--code);
        overflow-x: auto;
      }
      code {
        font: 13px/1.55 var(--mono);
        tab-size: 2;
      }
      pre:focus-visible {
        outline-offset: -2px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-listing": Listing;
  }
}
