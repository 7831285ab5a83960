import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { formatNumber } from "./numbers";
import "./pixel-canvas";
import type { Pixels, Probe } from "./pixel-canvas";
import { controlStyles } from "./theme";
import { type ColourScale, colourScale, paint } from "./value-colours";

/** Longer side of a drawing, in CSS pixels, that enlarging aims at. */
const SIDE = 264;

/**
 * A matrix as a map of colours with its legend; the number that is pointed at, or gone to with the arrow keys, is read out.
 *
 *     <nst-heat .values=${values} .rows=${64} .columns=${64} .every=${1} .range=${[min, max]} label="G: heat map, 64 × 64 …"></nst-heat>
 */
@customElement("nst-heat")
export class Heat extends LitElement {
  /** row by row */
  @property({ attribute: false }) values = new Float32Array();
  /** of the whole matrix */
  @property({ attribute: false }) rows = 0;
  @property({ attribute: false }) columns = 0;
  /** each value stands for so many a side */
  @property({ attribute: false }) every = 1;
  /** of the finite values */
  @property({ attribute: false }) range: readonly [number, number] = [0, 1];
  @property() label = "";
  @state() private probe: Probe = null;

  #scale: ColourScale = colourScale(0, 1);
  #pixels: Pixels | null = null;

  override willUpdate(changed: Map<string, unknown>): void {
    if (!["values", "rows", "columns", "every", "range"].some((name) => changed.has(name))) return;
    this.#scale = colourScale(...this.range);
    const columns = Math.ceil(this.columns / this.every);
    this.#pixels = paint(this.values, columns, Math.ceil(this.rows / this.every), this.#scale);
    const { probe } = this;
    if (probe && (probe.x >= columns || probe.y * columns + probe.x >= this.values.length)) this.probe = null;
  }

  override render() {
    const pixels = this.#pixels;
    if (!pixels || pixels.width * pixels.height !== this.values.length || this.values.length === 0) return nothing;
    const { low, high, kind, gradient } = this.#scale;
    const { probe, every } = this;
    // whole screen pixels for each value, so that none looks larger than its neighbour
    const zoom = Math.max(1, Math.floor(SIDE / Math.max(pixels.width, pixels.height)));
    return html`<nst-pixel-canvas
        style="width:${pixels.width * zoom}px"
        .pixels=${pixels}
        .probe=${probe}
        label="${this.label}. Arrow keys read its values."
        reachable
        @probe=${(event: CustomEvent<Probe>) => (this.probe = event.detail)}
      ></nst-pixel-canvas>
      <div class="legend">
        <div class="bar" style="background:${gradient}"></div>
        <div class="ends number"><span>${formatNumber(low)}</span>${kind === "diverging" ? html`<span>0</span>` : nothing}<span>${formatNumber(high)}</span></div>
      </div>
      <p class="number" role="status">
        ${probe
          ? html`row ${place(probe.y, every, this.rows)}, column ${place(probe.x, every, this.columns)}: <b>${formatNumber(this.values[probe.y * pixels.width + probe.x], 4)}</b>`
          : every > 1
            ? `each point is the mean of ${every} × ${every} values`
            : nothing}
      </p>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        font: 12px/1.45 var(--sans);
        color: var(--soft);
      }
      nst-pixel-canvas {
        max-width: 100%;
        /* values that are no numbers show it */
        background: repeating-linear-gradient(45deg, var(--edge) 0 2px, var(--card) 2px 5px);
        border-radius: 6px;
      }
      .legend {
        max-width: 264px;
        margin-top: 8px;
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
      p {
        margin: 2px 0 0;
        min-height: 18px;
      }
      b {
        color: var(--ink);
        font-weight: 600;
      }
    `,
  ];
}

function place(at: number, every: number, count: number): string {
  return every === 1 ? String(at) : `${at * every}–${Math.min(count, (at + 1) * every) - 1}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-heat": Heat;
  }
}
