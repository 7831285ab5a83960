import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import "./number-field";
import { formatNumber, lastPosition, type LogScale, positionOf, weightAt } from "./numbers";
import { controlStyles } from "./theme";

/**
 * A weight from 0 up, by a slider that runs in its logarithm (0 is its left end) and a field for any other number. A weight
 * beyond the slider's ends is kept: the slider rests at its end.
 *
 *     <nst-log-slider label="β" .value=${1} .min=${1e-4} .max=${1e4} @nst-change=${(e) => e.detail}></nst-log-slider>
 *
 * @fires nst-change - detail: the weight, while sliding too
 */
@customElement("nst-log-slider")
export class LogSlider extends LitElement {
  @property({ type: Number }) value = 1;
  @property() label = "";
  /** ends of the slider, both above 0 */
  @property({ type: Number }) min = 1e-4;
  @property({ type: Number }) max = 1e4;
  /** whether the left end is 0 */
  @property({ type: Boolean }) zero = true;
  /** weight marked beneath the slider, as a rule the network's default; null for none */
  @property({ attribute: false }) mark: number | null = null;
  @property({ type: Boolean }) disabled = false;

  private change(value: number): void {
    if (value === this.value) return;
    this.value = value;
    this.dispatchEvent(new CustomEvent("nst-change", { detail: value }));
  }

  override render() {
    const scale: LogScale = { min: this.min, max: this.max, zero: this.zero };
    const last = lastPosition(scale);
    const place = (weight: number) => positionOf(weight, scale) / last;
    return html`
      <span class="track">
        <input
          type="range" min="0" max=${last} step="1" .value=${String(positionOf(this.value, scale))} ?disabled=${this.disabled}
          aria-label=${this.label} aria-valuetext=${formatNumber(this.value)}
          @input=${(e: Event) => this.change(weightAt(Number((e.target as HTMLInputElement).value), scale))}
        />
        ${this.mark === null ? "" : html`<i style="--place: ${place(this.mark)}" title="default ${formatNumber(this.mark)}"></i>`}
      </span>
      <nst-number-field label="${this.label}, as a number" .value=${this.value} .min=${0} ?disabled=${this.disabled} @nst-change=${(e: CustomEvent<number>) => this.change(e.detail)}></nst-number-field>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: flex;
        gap: 10px;
        align-items: start;
        min-width: 0;
      }
      .track {
        position: relative;
        flex: 1;
        min-width: 60px;
        height: 28px;
      }
      input[type="range"] {
        display: block;
        width: 100%;
        height: 28px;
        margin: 0;
      }
      i {
        /* a thumb's middle travels from half its width to half its width before the end */
        --thumb: 16px;
        position: absolute;
        left: calc(var(--thumb) / 2 + var(--place) * (100% - var(--thumb)) - 1px);
        bottom: 0;
        width: 2px;
        height: 5px;
        border-radius: 1px;
        background: var(--edge);
        pointer-events: none;
      }
      nst-number-field {
        flex: none;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-log-slider": LogSlider;
  }
}
