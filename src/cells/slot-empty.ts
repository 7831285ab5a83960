import { css, html, LitElement } from "lit";
import { customElement, query } from "lit/decorators.js";
import { addMenu } from "./cell-tools";
import { plusIcon } from "./cell-tools-icons";
import { CellMenu } from "./cell-tools-menu";
import { controlStyles } from "./theme";

/** Stands in a notebook without cells: the way to the first one. */
@customElement("nst-empty-notebook")
export class EmptyNotebook extends LitElement {
  @query("button") private button!: HTMLButtonElement;

  override focus(): void {
    void this.updateComplete.then(() => this.button.focus());
  }

  override render() {
    return html`<p>This notebook is empty.</p>
      <button aria-haspopup="menu" aria-expanded="false" @click=${() => CellMenu.open(this.button, addMenu(this, 0))}>${plusIcon} Add a cell</button>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        color: var(--soft);
        font: 14px/1.5 var(--sans);
      }
      button {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-empty-notebook": EmptyNotebook;
  }
}
