import { css, html, LitElement, nothing, svg } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";
import { statistics } from "./value-look";

/** Of the drawing's own coordinates; the drawing is stretched to the room there is. */
const WIDTH = 600;
const HEIGHT = 100;

/**
 * Numbers in a row as a line; the one that is pointed at, or gone to with the arrow keys, is read out.
 *
 *     <nst-line .values=${values} .every=${1} label="costs: line, 200 …"></nst-line>
 */
@customElement("nst-line")
export class Line extends LitElement {
  @property({ attribute: false }) values = new Float32Array();
  /** each value stands for so many */
  @property({ attribute: false }) every = 1;
  @property() label = "";
  @state() private probe: number | null = null;

  override render() {
    const { values, every, probe } = this;
    if (values.length === 0) return nothing;
    const { min, max } = statistics(values);
    const x = (i: number) => (values.length === 1 ? 0.5 : i / (values.length - 1)) * WIDTH;
    const y = (value: number) => (max > min ? (max - value) / (max - min) : 0.5) * HEIGHT;
    const at = probe === null ? null : Math.min(probe, values.length - 1);
    return html`<div class="plot">
        <div class="scale number"><span>${formatNumber(max)}</span>${max > min ? html`<span>${formatNumber(min)}</span>` : nothing}</div>
        <div class="room">
          <svg viewBox="0 -2 ${WIDTH} ${HEIGHT + 4}" preserveAspectRatio="none" role="img" aria-label=${this.label}>
            ${min < 0 && max > 0 ? svg`<path class="zero" d="M0 ${y(0)}H${WIDTH}"></path>` : nothing}
            <path class="line" d=${path(values, x, y)}></path>
            ${at === null ? nothing : svg`<path class="cursor" d="M${x(at)} -2V${HEIGHT + 2}"></path>`}
          </svg>
          <input
            type="range"
            min="0"
            max=${values.length - 1}
            .value=${String(at ?? 0)}
            aria-label="Read ${this.label.split(":")[0]}"
            aria-valuetext=${this.#told(at ?? 0)}
            @input=${(event: Event) => (this.probe = Number((event.target as HTMLInputElement).value))}
            @focus=${() => (this.probe ??= 0)}
            @blur=${() => (this.probe = null)}
            @pointermove=${this.#point}
            @pointerleave=${() => (this.probe = null)}
          />
        </div>
      </div>
      <p class="number">${at === null ? (every > 1 ? `each point is the mean of ${every} values` : html`&nbsp;`) : this.#told(at)}</p>`;
  }

  #told(at: number): string {
    const { values, every } = this;
    const where = every === 1 ? String(at) : `${at * every} … ${(at + 1) * every - 1}`;
    return `${where}: ${formatNumber(values[at], 4)}`;
  }

  #point = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    this.probe = Math.max(0, Math.min(this.values.length - 1, Math.round(((event.clientX - box.left) / box.width) * (this.values.length - 1))));
  };

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        flex: 1 1 300px;
        min-width: 0;
        max-width: 640px;
        font: 12px/1.45 var(--sans);
        color: var(--soft);
      }
      .plot {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 8px;
        height: 96px;
      }
      .scale {
        display: flex;
        flex-direction: column;
        justify-content: space-between;
        text-align: right;
        margin-block: -7px;
      }
      .room {
        position: relative;
        min-width: 0;
        border-left: 1px solid var(--line);
      }
      svg {
        display: block;
        width: 100%;
        height: 100%;
        overflow: visible;
      }
      path {
        fill: none;
        vector-effect: non-scaling-stroke;
      }
      .line {
        stroke: var(--content);
        stroke-width: 1.5px;
        stroke-linejoin: round;
      }
      .zero {
        stroke: var(--line);
      }
      .cursor {
        stroke: var(--ink);
      }
      input {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        margin: 0;
        opacity: 0;
        cursor: crosshair;
      }
      .room:has(:focus-visible) {
        outline: 2px solid var(--focus);
        outline-offset: 2px;
        border-radius: 2px;
      }
      p {
        margin: 8px 0 0;
      }
    `,
  ];
}

/** A line with a gap where a value is not finite. */
function path(values: Float32Array, x: (i: number) => number, y: (value: number) => number): string {
  let text = "";
  let pen = false;
  for (const [i, value] of values.entries()) {
    if (Number.isFinite(value)) text += `${pen ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(2)}`;
    pen = Number.isFinite(value);
  }
  return text;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-line": Line;
  }
}
