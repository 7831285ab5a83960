import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { paperName } from "../nst/names";
import type { LayerAnswer } from "../models/client";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";

/** Where numbers lie on a logarithmic axis, 0 … 1. */
export interface AnswerScale {
  least: number;
  most: number;
  place(value: number): number;
}

/** An axis from the smallest to the largest of the means and usual ranges; a mean of 0 lies at its start. */
export function answerScale(layers: readonly LayerAnswer[]): AnswerScale {
  const numbers = layers.flatMap(({ mean, usual }) => [mean, ...(usual ?? [])]).filter((value) => Number.isFinite(value) && value > 0);
  // some room on both sides, and never an axis of one point
  const least = Math.min(...numbers, 1) / 1.6;
  const most = Math.max(...numbers, least * 10) * 1.6;
  const place = (value: number) => (value > 0 ? Math.min(1, Math.max(0, Math.log(value / least) / Math.log(most / least))) : 0);
  return { least, most, place };
}

/**
 * Mean activation of each layer for known pictures as a point on a logarithmic axis, over the range that is usual.
 *
 *     html`<nst-network-answers .layers=${sanity.layers}></nst-network-answers>`
 */
@customElement("nst-network-answers")
export class NetworkAnswers extends LitElement {
  @property({ attribute: false }) layers: readonly LayerAnswer[] = [];

  override render() {
    const scale = answerScale(this.layers);
    const known = this.layers.some(({ usual }) => usual);
    return html`<table>
        <thead>
          <tr><th scope="col">layer</th><th scope="col" class="axis"><span>${formatNumber(scale.least, 1)}</span><span>mean activation</span><span>${formatNumber(scale.most, 1)}</span></th><th scope="col">mean</th><th scope="col">active</th></tr>
        </thead>
        <tbody>
          ${this.layers.map((layer) => this.#row(layer, scale))}
        </tbody>
      </table>
      <p class="legend soft">${known ? html`<i class="key"></i>usual for this family; ` : nothing}after the ReLU, over sample photographs; the axis is logarithmic. Active: share of the units that answer at all.</p>`;
  }

  #row({ layer, mean, active, usual }: LayerAnswer, { place }: AnswerScale) {
    const out = usual !== null && !(mean >= usual[0] && mean <= usual[1]);
    const range = usual ? `usual: ${formatNumber(usual[0])} to ${formatNumber(usual[1])}` : "";
    const percent = (share: number) => `${(100 * share).toFixed(2)}%`;
    return html`<tr class=${out ? "out" : ""} title=${range}>
      <th scope="row">${paperName(layer)}</th>
      <td class="wide">
        <div class="track">
          ${usual ? html`<i class="usual" style="left: ${percent(place(usual[0]))}; right: ${percent(1 - place(usual[1]))}"></i>` : nothing}
          <i class="mean" style="left: ${percent(place(mean))}"></i>
        </div>
        ${out ? html`<span class="visually-hidden">outside of what is usual, ${range}</span>` : nothing}
      </td>
      <td>${formatNumber(mean)}</td>
      <td>${formatNumber(100 * active, 2)} %</td>
    </tr>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        max-width: 720px;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font: 12px/1.4 var(--sans);
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: 2px 0 2px 14px;
        text-align: right;
        font-weight: 400;
        white-space: nowrap;
      }
      thead th {
        padding-bottom: 4px;
        color: var(--soft);
      }
      :is(th, td):first-child {
        width: 1%;
        padding-left: 0;
        text-align: left;
      }
      tbody th {
        font-family: var(--mono);
      }
      .axis {
        display: flex;
        justify-content: space-between;
        gap: 6px;
      }
      .wide {
        width: 60%;
      }
      .track {
        position: relative;
        height: 16px;
      }
      .track::before {
        content: "";
        position: absolute;
        inset: calc(50% - 0.5px) 0 auto;
        border-top: 1px solid var(--line);
      }
      .usual,
      .mean {
        position: absolute;
        forced-color-adjust: none;
      }
      .usual {
        inset-block: 1px;
        border-radius: 3px;
        background: color-mix(in srgb, var(--edge) 28%, transparent);
      }
      .mean {
        top: calc(50% - 4px);
        width: 8px;
        height: 8px;
        margin-left: -4px;
        border-radius: 50%;
        background: var(--ink);
      }
      .out .mean {
        border-radius: 0;
        background: var(--error);
        transform: rotate(45deg);
      }
      .out td:nth-child(3) {
        color: var(--error);
        font-weight: 600;
      }
      .legend {
        margin: 6px 0 0;
        font: 12px/1.5 var(--sans);
      }
      .key {
        display: inline-block;
        width: 18px;
        height: 8px;
        margin-right: 6px;
        border-radius: 3px;
        background: color-mix(in srgb, var(--edge) 28%, transparent);
        forced-color-adjust: none;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-network-answers": NetworkAnswers;
  }
}
