import { css, html, LitElement, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { decimate } from "../runs/cost-history";
import { controlStyles } from "./theme";

/** Points drawn at most: there are not more pixels under a small picture. */
const POINTS = 150;
/** Of the drawing, in units of its own: it is stretched to the width there is. */
const WIDTH = 100;
const HEIGHT = 40;

/**
 * A small curve over the steps, to stand beneath a picture that grows. Several of them can be read at one step: whoever
 * owns them sets `inspected` for all.
 *
 *     <nst-growth-curve .values=${shares} .version=${version} .steps=${150} .low=${1e-4} .high=${1} log .inspected=${step} label="…" @nst-inspect=${…}></nst-growth-curve>
 *
 * @fires nst-inspect - detail: the step pointed at or gone to with the arrow keys, null when none is
 */
@customElement("nst-growth-curve")
export class GrowthCurve extends LitElement {
  /** the value after each step; what is not finite is left out */
  @property({ attribute: false }) values = new Float64Array(0);
  /** changes whenever the values have changed */
  @property({ attribute: false }) version = 0;
  /** steps that the axis reaches to */
  @property({ attribute: false }) steps = 1;
  /** ends of the vertical axis; what lies beyond is drawn at the end */
  @property({ attribute: false }) low = 0;
  @property({ attribute: false }) high = 1;
  /** names of these ends */
  @property() lowText = "";
  @property() highText = "";
  @property({ type: Boolean, reflect: true }) log = false;
  @property({ attribute: false }) inspected: number | null = null;
  /** what is shown, for people who do not see it */
  @property() label = "";
  /** the value at the inspected step, or the newest, in words */
  @property() reading = "";

  #x(step: number): number {
    return (step / Math.max(1, this.steps)) * WIDTH;
  }

  #y(value: number): number {
    const { low, high, log } = this;
    const share = log ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low || 1);
    return HEIGHT * (1 - Math.min(1, Math.max(0, share)));
  }

  override render() {
    const { inspected, values, steps, log, low, high } = this;
    const last = values.length - 1;
    const points = decimate(values, POINTS).map(({ step, value }) => `${this.#x(step).toFixed(2)},${this.#y(value).toFixed(2)}`);
    const decades = log ? Array.from({ length: Math.max(0, Math.round(Math.log10(high / low)) - 1) }, (_, i) => this.#y(low * 10 ** (i + 1))) : [];
    const at = inspected === null ? NaN : (values[inspected] ?? NaN);
    return html`<div
      class="hit" role="slider" tabindex="0" aria-label=${this.label} aria-valuemin="0" aria-valuemax=${Math.max(0, last)} aria-valuenow=${Math.max(0, Math.min(last, inspected ?? last))}
      aria-valuetext=${this.reading} @pointermove=${this.#point} @pointerdown=${this.#point} @pointerleave=${() => this.#inspect(null)} @keydown=${this.#key} @blur=${() => this.#inspect(null)}
    >
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
        ${decades.map((y) => svg`<line class="grid" x1="0" x2=${WIDTH} y1=${y} y2=${y} />`)}
        ${points.length > 1 ? svg`<polyline points=${points.join(" ")} />` : nothing}
      </svg>
      ${Number.isFinite(at) ? html`<i style="left:${(inspected! / Math.max(1, steps)) * 100}%"><b style="top:${(this.#y(at) / HEIGHT) * 100}%"></b></i>` : nothing}
      <span class="end high" aria-hidden="true">${this.highText}</span><span class="end low" aria-hidden="true">${this.lowText}</span>
    </div>`;
  }

  #point = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    this.#go(Math.round(((event.clientX - box.left) / box.width) * this.steps));
  };

  #key = (event: KeyboardEvent) => {
    const last = this.values.length - 1;
    const now = Math.min(last, this.inspected ?? last);
    const stride = event.shiftKey ? 10 : 1;
    const moves: Record<string, number | null> = { ArrowLeft: now - stride, ArrowDown: now - stride, ArrowRight: now + stride, ArrowUp: now + stride, Home: 0, End: last, Escape: null };
    if (!(event.key in moves)) return;
    event.preventDefault();
    const to = moves[event.key];
    if (to === null) this.#inspect(null);
    else this.#go(to);
  };

  #go(step: number): void {
    const last = this.values.length - 1;
    if (last >= 0) this.#inspect(Math.max(0, Math.min(last, step)));
  }

  #inspect(step: number | null): void {
    if (step !== this.inspected) this.dispatchEvent(new CustomEvent<number | null>("nst-inspect", { detail: step, bubbles: true, composed: true }));
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
      }
      .hit {
        position: relative;
        height: var(--curve-height, 44px);
        border-bottom: 1px solid var(--edge);
        cursor: crosshair;
        touch-action: pan-y;
      }
      svg {
        display: block;
        width: 100%;
        height: 100%;
        overflow: visible;
      }
      polyline {
        fill: none;
        stroke: var(--curve, var(--picture));
        stroke-width: 1.75;
        stroke-linejoin: round;
        vector-effect: non-scaling-stroke;
      }
      .grid {
        stroke: var(--line);
        vector-effect: non-scaling-stroke;
      }
      i {
        position: absolute;
        inset-block: 0;
        width: 1px;
        background: var(--soft);
        pointer-events: none;
      }
      i b {
        position: absolute;
        width: 7px;
        height: 7px;
        margin: -3.5px -3px;
        border-radius: 50%;
        background: var(--curve, var(--picture));
      }
      .end {
        position: absolute;
        font: 10px/1 var(--sans);
        color: var(--soft);
        pointer-events: none;
      }
      .high {
        top: 0;
        right: 0;
      }
      .low {
        bottom: 2px;
        left: 0;
      }
      :host(:not([log])) .high {
        right: auto;
        left: 0;
      }
      :host(:not([log])) .low {
        right: 0;
        left: auto;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-growth-curve": GrowthCurve;
  }
}
