import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { DIVERGING_GRADIENT, paintDiverging } from "./diverging";
import { brightnessShare, reachOf } from "./kernels-picture";
import { formatNumber } from "./numbers";
import "./pixel-canvas";
import type { Pixels } from "./pixel-canvas";
import { controlStyles } from "./theme";

const COLOURS = ["red", "green", "blue"];

/** Larger kernels than this show their colours alone: there is no room for so many numbers. */
const LARGEST_WRITTEN = 5;

/**
 * One kernel of the first layer in numbers: what each pixel counts in each colour, on one scale, and the bias.
 *
 *     <nst-kernel-numbers .kernel=${3} .side=${3} .weights=${kernelWeights(kernels, 3)} .bias=${0.1} .pixels=${pixels}></nst-kernel-numbers>
 */
@customElement("nst-kernel-numbers")
export class KernelNumbers extends LitElement {
  @property({ attribute: false }) kernel = 0;
  @property({ attribute: false }) side = 0;
  /** [side, side, 3]: red, green, blue */
  @property({ attribute: false }) weights = new Float32Array();
  @property({ attribute: false }) bias = 0;
  @property({ attribute: false }) pixels: Pixels | null = null;

  override render() {
    const { weights } = this;
    if (weights.length === 0) return nothing;
    const reach = reachOf(weights);
    const share = brightnessShare(weights);
    // so that numbers are short: the largest has two digits before the point
    const power = reach > 0 ? 1 - Math.floor(Math.log10(reach)) : 0;
    return html`<div class="head">
        <nst-pixel-canvas .pixels=${this.pixels} label="kernel ${this.kernel}"></nst-pixel-canvas>
        <p aria-live="polite">
          <b>kernel ${this.kernel}</b><br />
          bias ${formatNumber(this.bias)}, largest weight ${formatNumber(reach)}<br />
          ${Math.round(100 * share)} % of it is brightness, ${100 - Math.round(100 * share)} % colour
        </p>
      </div>
      <div class="tables">${COLOURS.map((colour, c) => this.table(colour, c, reach, 10 ** power))}</div>
      ${power === 0 || this.side > LARGEST_WRITTEN ? nothing : html`<p class="unit">weights times 10<sup>${formatNumber(power)}</sup></p>`}
      <div class="legend" role="img" aria-label="Scale of colours: from ${formatNumber(-reach)}, blue, over 0, white, to ${formatNumber(reach)}, red">
        <div class="bar" style="background:${DIVERGING_GRADIENT}"></div>
        <div class="ends"><span>${formatNumber(-reach)}</span><span>0</span><span>${formatNumber(reach)}</span></div>
      </div>`;
  }

  private table(name: string, colour: number, reach: number, times: number) {
    const { weights, side } = this;
    const written = side <= LARGEST_WRITTEN;
    const painted = paintDiverging(weights, colour, 3, reach);
    const cell = (p: number) => {
      const [r, g, b] = painted.subarray(4 * p, 4 * p + 3);
      // the darker half of either arm of the scale needs white letters
      const dark = 0.299 * r + 0.587 * g + 0.114 * b < 140;
      const number = weights[3 * p + colour] * times;
      return html`<td style="background:rgb(${r} ${g} ${b});color:${dark ? "#fff" : "#000"}" title=${written ? nothing : formatNumber(number)}>${written ? formatNumber(Number(number.toFixed(1)), 3) : nothing}</td>`;
    };
    return html`<table class=${written ? "" : "small"}>
      <caption>${name}</caption>
      <tbody>${Array.from({ length: side }, (_, y) => html`<tr>${Array.from({ length: side }, (_, x) => cell(y * side + x))}</tr>`)}</tbody>
    </table>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        font: 12px/1.5 var(--sans);
        color: var(--soft);
        font-variant-numeric: tabular-nums;
      }
      .head {
        display: flex;
        gap: 12px;
        align-items: center;
        min-height: 72px;
      }
      .head nst-pixel-canvas {
        flex: none;
        width: 72px;
      }
      p {
        margin: 0;
      }
      b {
        color: var(--ink);
      }
      .tables {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: 8px 12px;
        margin-top: 10px;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        table-layout: fixed;
      }
      .unit {
        margin-top: 4px;
      }
      caption {
        text-align: left;
      }
      td {
        padding: 4px 1px;
        text-align: center;
        font: 10.5px/1.5 var(--sans);
        forced-color-adjust: none;
      }
      .small td {
        height: 10px;
        padding: 0;
      }
      .legend {
        max-width: 264px;
        margin-top: 8px;
      }
      .bar {
        height: 8px;
        border: 1px solid var(--line);
        border-radius: 2px;
      }
      .ends {
        display: grid;
        grid-template-columns: 1fr auto 1fr;
      }
      .ends span:last-child {
        text-align: right;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-kernel-numbers": KernelNumbers;
  }
}
