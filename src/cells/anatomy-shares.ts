import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { StepOperation } from "../kernel/protocol";
import { paperName } from "../nst/names";
import { DIRECTIONS, type Share, sharesByKernel, sharesByLayer } from "./anatomy-model";
import { formatMilliseconds } from "./anatomy-words";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";

/** Kernels that have a row of their own. */
const KERNELS = 7;

/**
 * Where the time of a step goes: a bar for each layer or each kind of operation, parted by direction.
 *
 *     <nst-anatomy-shares .operations=${record.operations} by="layer" @nst-by=${…}></nst-anatomy-shares>
 *
 * @fires nst-by - detail: "layer" or "kernel"
 */
@customElement("nst-anatomy-shares")
export class AnatomyShares extends LitElement {
  @property({ attribute: false }) operations: readonly StepOperation[] = [];
  @property() by: "layer" | "kernel" = "layer";

  override render() {
    const rows = this.by === "kernel" ? sharesByKernel(this.operations, KERNELS) : sharesByLayer(this.operations);
    const longest = Math.max(...rows.map(({ milliseconds }) => milliseconds));
    return html`<div class="controls">
        <h3>Where the time goes</h3>
        <span class="either" role="group" aria-label="time by">
          ${(["layer", "kernel"] as const).map((by) => html`<button aria-pressed=${this.by === by} @click=${() => this.dispatchEvent(new CustomEvent("nst-by", { detail: by }))}>${by === "layer" ? "by layer" : "by kind of operation"}</button>`)}
        </span>
        <span class="legend" aria-hidden="true">${DIRECTIONS.map((direction) => html`<span><i class="mark ${direction}"></i>${direction}</span>`)}</span>
      </div>
      <table>
        <caption class="visually-hidden">Time by ${this.by === "kernel" ? "kind of operation" : "layer"}</caption>
        <thead class="visually-hidden"><tr><th>${this.by}</th><th>by direction</th><th>time</th><th>share</th><th>operations</th></tr></thead>
        <tbody>${rows.map((row) => this.row(row, longest))}</tbody>
      </table>`;
  }

  private row({ name, milliseconds, share, operations, by }: Share, longest: number) {
    const parts = DIRECTIONS.filter((direction) => by[direction] > 0);
    const text = parts.map((direction) => `${direction} ${formatMilliseconds(by[direction])}`).join(", ");
    return html`<tr title=${text}>
      <th scope="row" class=${this.by === "kernel" ? "mono" : ""}>${this.by === "kernel" ? name : paperName(name)}</th>
      <td class="parts"><span class="visually-hidden">${text}</span><span class="bar" aria-hidden="true">${parts.map((direction) => html`<i class=${direction} style="width:${longest > 0 ? (100 * by[direction]) / longest : 0}%"></i>`)}</span></td>
      <td>${formatMilliseconds(milliseconds)}</td>
      <td class="soft">${formatNumber(100 * share, 2)} %</td>
      <td class="soft count">${operations} ${operations === 1 ? "operation" : "operations"}</td>
    </tr>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        font: 13px/1.4 var(--sans);
      }
      h3 {
        margin: 0;
        font: 600 13px/1.4 var(--sans);
      }
      .controls {
        margin-bottom: 8px;
      }
      .legend {
        display: inline-flex;
        flex-wrap: wrap;
        gap: 2px 12px;
        color: var(--soft);
        font-size: 12px;
      }
      .mark {
        display: inline-block;
        width: 10px;
        height: 10px;
        margin-right: 5px;
        border-radius: 2px;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-variant-numeric: tabular-nums;
      }
      th {
        padding: 1px 12px 1px 0;
        text-align: left;
        font-weight: 400;
        white-space: nowrap;
      }
      td {
        padding: 1px 0 1px 12px;
        text-align: right;
        white-space: nowrap;
      }
      .parts {
        width: 60%;
        padding-left: 0;
      }
      .bar {
        display: flex;
        gap: 1px;
        height: 12px;
      }
      .bar i {
        flex: none;
        border-radius: 2px;
      }
      .forward {
        background: var(--soft);
      }
      .costs {
        background: repeating-linear-gradient(135deg, var(--style) 0 3px, color-mix(in srgb, var(--style) 60%, var(--card)) 3px 5px);
      }
      .backward {
        background: var(--picture);
      }
      .update {
        background: var(--ink);
      }
      @container (width < 600px) {
        .count {
          display: none;
        }
        th.mono {
          max-width: 108px;
          overflow: hidden;
          text-overflow: ellipsis;
        }
        .parts {
          width: 40%;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-anatomy-shares": AnatomyShares;
  }
}
