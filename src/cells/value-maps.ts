import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { formatNumber } from "./numbers";
import "./pixel-canvas";
import type { Pixels } from "./pixel-canvas";
import { controlStyles } from "./theme";
import { type ColourScale, colourScale, paint } from "./value-colours";

/** As many maps as a look takes in; the rest on demand. */
const FIRST = 24;

/**
 * The channels of a tensor as a grid of small maps, all on one scale of colours.
 *
 *     <nst-maps .values=${values} .width=${32} .height=${32} .channels=${64} .count=${64} .every=${1} .range=${[min, max]} label="F: feature maps …"></nst-maps>
 */
@customElement("nst-maps")
export class Maps extends LitElement {
  /** `count` maps one after the other, each row by row */
  @property({ attribute: false }) values = new Float32Array();
  /** of the whole tensor */
  @property({ attribute: false }) width = 0;
  @property({ attribute: false }) height = 0;
  @property({ attribute: false }) channels = 0;
  @property({ attribute: false }) count = 0;
  @property({ attribute: false }) every = 1;
  @property({ attribute: false }) range: readonly [number, number] = [0, 1];
  @property() label = "";
  @property({ attribute: false }) all = false;

  #scale: ColourScale = colourScale(0, 1);
  #maps: Pixels[] = [];

  override willUpdate(changed: Map<string, unknown>): void {
    if (!["values", "range", "width", "height", "every", "count", "all"].some((name) => changed.has(name))) return;
    this.#scale = colourScale(...this.range);
    const [width, height] = [Math.ceil(this.width / this.every), Math.ceil(this.height / this.every)];
    const size = width * height;
    const shown = Math.min(this.all ? this.count : FIRST, Math.floor(this.values.length / Math.max(1, size)));
    this.#maps = Array.from({ length: shown }, (_, i) => paint(this.values.subarray(i * size, (i + 1) * size), width, height, this.#scale));
  }

  override render() {
    const { low, high, kind, gradient } = this.#scale;
    const hidden = this.count - this.#maps.length;
    return html`<ol role="img" aria-label=${this.label}>
        ${repeat(this.#maps, (_, i) => i, (map, i) => html`<li><nst-pixel-canvas .pixels=${map} label="map ${i}"></nst-pixel-canvas><span>${i}</span></li>`)}
      </ol>
      ${hidden > 0 ? html`<button class="plain" @click=${() => (this.all = true)}>Show ${hidden} more</button>` : nothing}
      ${this.channels > this.count ? html`<p>the first ${this.count} of ${this.channels} maps</p>` : nothing}
      <div class="legend">
        <div class="bar" style="background:${gradient}"></div>
        <div class="ends number"><span>${formatNumber(low)}</span>${kind === "diverging" ? html`<span>0</span>` : nothing}<span>${formatNumber(high)}</span></div>
      </div>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        flex: 1 1 360px;
        min-width: 0;
        max-width: 620px;
        font: 12px/1.45 var(--sans);
        color: var(--soft);
      }
      ol {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(64px, 1fr));
        gap: 6px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        position: relative;
      }
      li span {
        position: absolute;
        left: 3px;
        bottom: 3px;
        padding: 0 4px;
        border-radius: 3px;
        background: var(--card);
        color: var(--ink);
        font: 10px/1.4 var(--mono);
      }
      button {
        margin: 4px 0 0 -12px;
      }
      p {
        margin: 6px 0 0;
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
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-maps": Maps;
  }
}
