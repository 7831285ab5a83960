import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";
import { type ColourScale, colourScale } from "./value-colours";

/**
 * Says which colour stands for which number: a bar with its two ends, and zero where the scale runs through it.
 *
 *     <nst-colour-legend .scale=${colourScale(0, 3.2)} label="activation"></nst-colour-legend>
 */
@customElement("nst-colour-legend")
export class ColourLegend extends LitElement {
  @property({ attribute: false }) scale: ColourScale = colourScale(0, 1);
  /** what the numbers are, with their unit: "activation", "(a − b)²" */
  @property() label = "";

  override render() {
    const { low, high, kind, gradient } = this.scale;
    const ends = [low, ...(kind === "diverging" ? [0] : []), high].map((end) => formatNumber(end));
    return html`<div role="img" aria-label="Scale of colours${this.label ? ` for ${this.label}` : ""}: from ${ends.join(" to ")}, ${kind === "diverging" ? "blue below zero, white at zero, red above" : "dark blue to yellow"}">
      ${this.label ? html`<span class="label">${this.label}</span>` : nothing}
      <div class="bar" style="background:${gradient}"></div>
      <div class="ends">${ends.map((end) => html`<span>${end}</span>`)}</div>
    </div>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        width: 100%;
        max-width: 264px;
        min-width: 0;
        font: 12px/1.4 var(--sans);
        color: var(--soft);
        font-variant-numeric: tabular-nums;
      }
      .label {
        display: block;
        margin-bottom: 2px;
      }
      .bar {
        height: 8px;
        border-radius: 2px;
        border: 1px solid var(--line);
      }
      .ends {
        display: flex;
        justify-content: space-between;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-colour-legend": ColourLegend;
  }
}
