import { css, html, LitElement, nothing, svg } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { formatNumber } from "./numbers";
import { ARROWS } from "./pixel-canvas";
import { controlStyles } from "./theme";

/**
 * What all channels answer at one position, as bars in the order of the channels or of their answers. Pointing reads one;
 * a click or the arrow keys choose it: "nst-channel" (detail: number).
 *
 *     <nst-unit-channels .values=${answers} .channel=${18} @nst-channel=${…}></nst-unit-channels>
 */
@customElement("nst-unit-channels")
export class UnitChannels extends LitElement {
  /** [n] */
  @property({ attribute: false }) values: Float32Array = new Float32Array();
  /** the chosen one */
  @property({ attribute: false }) channel = 0;
  @state() private sorted = false;
  /** place in the order, not a channel */
  @state() private pointed: number | null = null;

  #order: number[] = [];

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("values") && !changed.has("sorted")) return;
    const { values } = this;
    this.#order = Array.from(values, (_, i) => i);
    if (this.sorted) this.#order.sort((a, b) => values[b] - values[a] || a - b);
    if (this.pointed !== null && this.pointed >= values.length) this.pointed = null;
  }

  override render() {
    const { values, channel, pointed } = this;
    const n = values.length;
    if (n === 0) return nothing;
    const high = values.reduce((a, b) => Math.max(a, b), 0);
    const low = values.reduce((a, b) => Math.min(a, b), 0);
    const reach = high - low || 1;
    const y = (value: number) => ((high - value) / reach) * 100;
    const place = this.#order.indexOf(channel);
    const shown = pointed === null ? channel : this.#order[pointed];
    const rank = 1 + values.reduce((count, value) => count + Number(value > values[shown]), 0);
    const silent = values.reduce((count, value) => count + Number(value === 0), 0);
    return html`<div class="head">
        <span>all ${n} channels at this position</span>
        <span class="spacer"></span>
        <span class="either" role="group" aria-label="Order of the channels">
          <button aria-pressed=${!this.sorted} @click=${() => (this.sorted = false)}>by number</button>
          <button aria-pressed=${this.sorted} @click=${() => (this.sorted = true)}>by answer</button>
        </span>
      </div>
      <div
        class="chart"
        role="slider"
        tabindex="0"
        aria-label="Channel"
        aria-orientation="horizontal"
        aria-valuemin="0"
        aria-valuemax=${n - 1}
        aria-valuenow=${channel}
        aria-valuetext="channel ${channel}: ${formatNumber(values[channel], 4)}"
        @pointermove=${this.#point}
        @pointerdown=${this.#point}
        @pointerleave=${() => (this.pointed = null)}
        @click=${(event: PointerEvent) => this.#choose(this.#placeAt(event))}
        @keydown=${this.#key}
      >
        <svg viewBox="0 0 ${n} 100" preserveAspectRatio="none" aria-hidden="true">
          <path class="bars" d=${this.#order.map((c, i) => bar(i, y(values[c]), y(0))).join("")}></path>
          ${pointed === null || pointed === place ? nothing : svg`<path class="pointed" d=${`M${pointed} 0h1v100h-1z`}></path>`}
          <path class="chosen" d=${bar(place, y(values[channel]), y(0))}></path>
          <line x1="0" x2=${n} y1=${y(0)} y2=${y(0)}></line>
        </svg>
        <i class="mark" style="left:${((place + 0.5) / n) * 100}%"></i>
      </div>
      <p class="number">
        <b>channel ${shown}</b>: ${formatNumber(values[shown], 4)}${silent === n ? ", as are all" : `, ${rank === 1 ? "the strongest" : `number ${rank}`} of ${n}; ${silent === 0 ? "none is" : silent === 1 ? "1 is" : `${silent} are`} 0`}.
        <span class="soft">${pointed === null || pointed === place ? `Bars reach from ${formatNumber(low)} to ${formatNumber(high)}.` : "Click to see its map."}</span>
      </p>`;
  }

  #placeAt(event: PointerEvent): number {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const n = this.values.length;
    return Math.max(0, Math.min(n - 1, Math.floor(((event.clientX - left) / width) * n)));
  }

  #point = (event: PointerEvent) => (this.pointed = this.#placeAt(event));

  #key = (event: KeyboardEvent) => {
    const n = this.values.length;
    const step = ARROWS[event.key];
    const place = this.#order.indexOf(this.channel);
    const to = event.key === "Home" ? 0 : event.key === "End" ? n - 1 : step ? place + step[0] - step[1] : null;
    if (to === null) return;
    event.preventDefault();
    this.pointed = null;
    this.#choose(Math.max(0, Math.min(n - 1, to)));
  };

  #choose(place: number): void {
    const detail = this.#order[place];
    if (detail === undefined || detail === this.channel) return;
    this.channel = detail;
    this.dispatchEvent(new CustomEvent<number>("nst-channel", { detail }));
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        color: var(--soft);
        font: 12px/1.45 var(--sans);
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 10px;
        align-items: center;
      }
      .either button {
        font-size: 12px;
      }
      .chart {
        position: relative;
        height: 76px;
        margin-top: 6px;
        padding-bottom: 8px;
        border-radius: 4px;
        cursor: crosshair;
        touch-action: pan-y;
      }
      svg {
        display: block;
        width: 100%;
        height: 100%;
        overflow: visible;
      }
      .bars {
        fill: var(--edge);
      }
      .chosen {
        fill: var(--ink);
      }
      .pointed {
        fill: color-mix(in srgb, var(--focus) 30%, transparent);
      }
      line {
        stroke: var(--edge);
        vector-effect: non-scaling-stroke;
      }
      .mark {
        position: absolute;
        bottom: 0;
        margin-left: -4px;
        border: 4px solid transparent;
        border-top-width: 0;
        border-bottom: 6px solid var(--ink);
      }
      p {
        margin: 4px 0 0;
      }
      b {
        color: var(--ink);
        font-weight: 600;
      }
    `,
  ];
}

/** One bar of width 1, with a gap beside it. */
function bar(place: number, top: number, zero: number): string {
  return `M${place + 0.1} ${zero.toFixed(2)}V${top.toFixed(2)}h0.8V${zero.toFixed(2)}z`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-unit-channels": UnitChannels;
  }
}
