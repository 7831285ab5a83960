import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import type { StepOperation } from "../kernel/protocol";
import { paperName } from "../nst/names";
import { formatMilliseconds } from "./anatomy-words";
import { controlStyles } from "./theme";
import { formatBytes, formatShape } from "./value-facts";

/**
 * All operations of a step as a table: what the timeline shows, in words and numbers.
 *
 *     <nst-anatomy-table .operations=${record.operations} .selected=${17} @nst-operation=${…}></nst-anatomy-table>
 *
 * @fires nst-operation - detail: index of the operation that was chosen
 */
@customElement("nst-anatomy-table")
export class AnatomyTable extends LitElement {
  @property({ attribute: false }) operations: readonly StepOperation[] = [];
  @property({ attribute: false }) selected = -1;

  override render() {
    return html`<div class="scroller" tabindex="0" role="region" aria-label="Table of all operations">
      <table>
        <thead><tr><th>#</th><th>operation</th><th>layer</th><th>direction</th><th>gives</th><th class="right">time</th><th class="right">made</th><th class="right">alive after</th></tr></thead>
        <tbody>
          ${this.operations.map((operation, i) => guard([operation, i === this.selected], () => this.row(operation, i)))}
        </tbody>
      </table>
    </div>`;
  }

  private row({ name, layer, direction, shape, milliseconds, bytes, alive }: StepOperation, i: number) {
    return html`<tr class=${i === this.selected ? "lit" : ""}>
      <td>${i + 1}</td>
      <td><button class="plain mono" aria-pressed=${i === this.selected} @click=${() => this.dispatchEvent(new CustomEvent("nst-operation", { detail: i }))}>${name}</button></td>
      <td>${layer ? paperName(layer) : "–"}</td>
      <td>${direction}</td>
      <td>${formatShape(shape)}</td>
      <td class="right">${formatMilliseconds(milliseconds)}</td>
      <td class="right">${bytes > 0 ? formatBytes(bytes) : "–"}</td>
      <td class="right">${formatBytes(alive)}</td>
    </tr>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .scroller {
        max-height: 380px;
        margin-top: 10px;
        overflow: auto;
        border: 1px solid var(--line);
        border-radius: 6px;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font: 12px/1.4 var(--sans);
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: 1px 10px;
        text-align: left;
        white-space: nowrap;
      }
      thead th {
        position: sticky;
        top: 0;
        padding-block: 6px;
        background: var(--code);
        color: var(--soft);
        font-weight: 600;
      }
      .right {
        text-align: right;
      }
      td:first-child {
        color: var(--soft);
      }
      button {
        min-height: 24px;
        margin-left: -8px;
        padding: 1px 8px;
      }
      .lit {
        background: var(--code);
      }
      .lit button {
        font-weight: 700;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-anatomy-table": AnatomyTable;
  }
}
