import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { InputSpec } from "../nst/model-card";
import type { Picture } from "../nst/picture";
import { DIVERGING_GRADIENT, paintDiverging } from "./diverging";
import { formatNumber } from "./numbers";
import type { Pixels, Probe } from "./pixel-canvas";
import "./pixel-canvas";
import { controlStyles } from "./theme";

/** What the first layer reads. */
export interface NetworkInput {
  /** what it was made from */
  picture: Picture;
  /** [height, width, 3], channels in the network's order */
  data: Float32Array;
  spec: InputSpec;
}

interface Channel {
  letter: string;
  mean: number;
  scale: number;
  min: number;
  max: number;
  pixels: Pixels;
}

const COLOUR: Record<string, string> = { R: "red", G: "green", B: "blue" };

/**
 * The three channels that the network reads, in its order, each as a small map on one diverging scale, with its range in
 * numbers; and the three numbers of the pixel that is pointed at. Fires "probe" as nst-pixel-canvas does.
 */
@customElement("nst-tensor-strip")
export class TensorStrip extends LitElement {
  @property({ attribute: false }) input: NetworkInput | null = null;
  @property({ attribute: false }) probe: Probe = null;

  #channels: Channel[] = [];
  #reach = 1;

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        font: 12px/1.45 var(--sans);
        color: var(--soft);
        font-variant-numeric: tabular-nums;
        container-type: inline-size;
      }
      ol {
        list-style: none;
        margin: 0;
        padding: 0;
        display: grid;
        gap: 7px;
      }
      li {
        display: grid;
        grid-template-columns: var(--map-width, 80px) minmax(0, 1fr);
        gap: 12px;
        align-items: center;
      }
      /* the letter says the colour too */
      @container (max-width: 215px) or ((min-width: 270px) and (max-width: 420px)) {
        .word {
          display: none;
        }
      }
      b {
        color: var(--ink);
        font: 600 13px/1.4 var(--sans);
      }
      .here {
        color: var(--ink);
        font-weight: 600;
      }
      .range {
        white-space: nowrap;
      }
      .legend {
        margin-top: 10px;
      }
      .bar {
        height: 8px;
        border-radius: 2px;
        border: 1px solid var(--line);
      }
      .ends {
        display: grid;
        grid-template-columns: 1fr auto 1fr;
      }
      .ends span:last-child {
        text-align: right;
      }
      /* with more room than the column beside a picture: side by side */
      @container (min-width: 270px) {
        ol {
          grid-template-columns: repeat(3, minmax(0, 1fr));
          gap: 12px;
        }
        li {
          grid-template-columns: minmax(0, 1fr);
          gap: 5px;
          align-content: start;
        }
      }
    `,
  ];

  override willUpdate(changed: Map<string, unknown>) {
    if (!changed.has("input") || !this.input) return;
    const { data, spec } = this.input;
    const { width, height } = this.input.picture;
    const means = spec.mean;
    const ranges = [0, 1, 2].map((channel) => rangeOf(data, channel));
    this.#reach = Math.max(...ranges.flat().map(Math.abs));
    this.#channels = ranges.map(([min, max], channel) => ({
      letter: spec.channels[channel],
      mean: means[channel],
      scale: typeof spec.scale === "number" ? spec.scale : spec.scale[channel],
      min,
      max,
      pixels: { width, height, rgba: paintDiverging(data, channel, 3, this.#reach) },
    }));
  }

  override render() {
    if (!this.input) return nothing;
    const { probe, input } = this;
    // however tall the picture is, three maps are about as high as the picture beside them
    const width = Math.min(80, Math.round((80 * input.picture.width) / input.picture.height));
    return html`<ol style="--map-width:${width}px">
        ${this.#channels.map(
          (channel, c) => html`<li>
            <nst-pixel-canvas label="${COLOUR[channel.letter]} channel as the network reads it" .pixels=${channel.pixels} .probe=${probe} @probe=${this.#pass}></nst-pixel-canvas>
            <div>
              <b>${channel.letter}</b> ${formula(channel, input.spec.range)}<br />
              <span class="range">${formatNumber(channel.min)} … ${formatNumber(channel.max)}</span><br />
              ${probe ? html`<span class="here">here ${formatNumber(input.data[(probe.y * input.picture.width + probe.x) * 3 + c])}</span>` : html`&nbsp;`}
            </div>
          </li>`,
        )}
      </ol>
      <div class="legend" role="img" aria-label="Colour scale from ${formatNumber(-this.#reach)}, blue, over 0, white, to ${formatNumber(this.#reach)}, red">
        <div class="bar" style="background:${DIVERGING_GRADIENT}"></div>
        <div class="ends"><span>${formatNumber(-this.#reach)}</span><span>0</span><span>${formatNumber(this.#reach)}</span></div>
      </div>`;
  }

  #pass = (event: CustomEvent<Probe>) => {
    this.dispatchEvent(new CustomEvent<Probe>("probe", { detail: event.detail }));
  };
}

/** "red 0 … 255 − 123", in words as short as they can be. */
function formula({ letter, mean, scale }: Channel, [lo, hi]: [number, number]) {
  const times = scale === 1 ? "" : ` × ${formatNumber(scale)}`;
  return html`<span class="word">${COLOUR[letter]}</span> ${lo}–${hi} − ${formatNumber(mean, 4)}${times}`;
}

function rangeOf(data: Float32Array, channel: number): [number, number] {
  let min = Infinity;
  let max = -Infinity;
  for (let i = channel; i < data.length; i += 3) {
    if (data[i] < min) min = data[i];
    if (data[i] > max) max = data[i];
  }
  return [min, max];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-tensor-strip": TensorStrip;
  }
}
