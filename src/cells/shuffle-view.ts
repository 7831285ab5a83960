import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { GramMatrix } from "../nst/feature-maps";
import { channelOf, type FeatureMaps } from "../nst/feature-maps";
import { permutation } from "../nst/random";
import { bySimilarity } from "./channel-order";
import "./colour-legend";
import type { FeaturesValue } from "./features-value";
import { subscript } from "./gram-entry";
import { extent } from "./gram-numbers";
import { legendOf, paintSpread } from "./gram-scale";
import { gramStyles } from "./gram-styles";
import { entriesIn, wholeWindow } from "./gram-window";
import { formatCount, formatNumber } from "./numbers";
import "./pixel-canvas";
import { type Pixels, pixelsOf } from "./pixel-canvas";
import type { ShuffleValue } from "./shuffle";
import { movedTiles } from "./shuffle-tiles";
import { type ColourScale, colourScale, paint } from "./value-colours";

/** Maps, and what became of them. */
export interface Shuffled {
  before: FeaturesValue;
  /** Gram matrices before and after */
  A: GramMatrix;
  G: GramMatrix;
  /** that the positions were moved by */
  seed: number;
  value: ShuffleValue;
}

/**
 * Maps before and after their positions were shuffled: the picture in tiles, one map, the Gram matrix, and the two costs.
 *
 * Fires "shuffle" when the reader asks for it, "back" for the beginning, and "nst-channel" (detail: number).
 *
 *     <nst-shuffle-view .shuffled=${shuffled} .times=${1} .channel=${18}></nst-shuffle-view>
 */
@customElement("nst-shuffle-view")
export class ShuffleView extends LitElement {
  @property({ attribute: false }) shuffled!: Shuffled;
  /** how often the reader has shuffled; 0 shows the beginning alone */
  @property({ attribute: false }) times = 0;
  /** the map that is shown, −1 for the one that answers most */
  @property({ attribute: false }) channel = -1;

  #tiles: { before: Pixels; after: Pixels } | null = null;
  #order: number[] = [];
  #grams: { before: Pixels; after: Pixels; scale: ColourScale } | null = null;

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("shuffled")) return;
    const { before, A, G, seed } = this.shuffled;
    const { width, height } = before;
    const picture = before.from?.picture;
    this.#tiles = picture ? { before: pixelsOf(picture), after: pixelsOf(movedTiles(picture, permutation(width * height, seed), width, height)) } : null;
    const old = changed.get("shuffled") as Shuffled | undefined;
    if (old?.A !== A) this.#order = bySimilarity(A);
    const n = A.channels;
    const scale = colourScale(...extent(A.data, G.data));
    const pixels = ({ data }: GramMatrix) => paintSpread(entriesIn(data, this.#order, wholeWindow(n)), n, n, scale, "root");
    this.#grams = { before: pixels(A), after: pixels(G), scale };
  }

  get #shown(): number {
    const { A } = this.shuffled;
    if (this.channel >= 0 && this.channel < A.channels) return this.channel;
    let best = 0;
    for (let i = 1; i < A.channels; i++) if (A.data[i * (A.channels + 1)] > A.data[best * (A.channels + 1)]) best = i;
    return best;
  }

  override render() {
    const { before, value } = this.shuffled;
    const done = this.times > 0;
    const channel = this.#shown;
    const map = channelOf(before, channel);
    const scale = colourScale(...extent(map));
    const count = before.width * before.height;
    return html`<div class="part controls">
        <button class="primary" @click=${() => this.#send("shuffle")}>${done ? "Shuffle again" : "Shuffle"}</button>
        ${done ? html`<button @click=${() => this.#send("back")}>Back</button>` : nothing}
        <span class="soft">moves ${formatCount(count)} positions, each with its ${formatCount(before.channels)} numbers, to random places</span>
        <span class="spacer"></span>
        <label>map <input type="range" min="0" max=${before.channels - 1} .value=${String(channel)} aria-label="channel of the map that is shown" @input=${(e: Event) => this.#send("nst-channel", (e.target as HTMLInputElement).valueAsNumber)} /> <span class="number which">F${subscript(channel)}</span></label>
      </div>
      <div class="part">
        <div class="both">
          ${this.#row("as they are", before, map, scale, "before", channel)}
          ${done ? this.#row(this.times === 1 ? "shuffled" : `shuffled, ${this.times} times`, value.maps, channelOf(value.maps, channel), scale, "after", channel) : nothing}
        </div>
        <div class="legends">
          <nst-colour-legend .scale=${scale} label="activation of F${subscript(channel)}"></nst-colour-legend>
          <nst-colour-legend .scale=${legendOf(this.#grams!.scale, "root")} label="entries of G"></nst-colour-legend>
        </div>
      </div>
      <div class="part" role="status">${done ? this.#numbers() : html`<p class="soft">What will the Gram matrix do, and what the content cost?</p>`}</div>`;
  }

  #row(title: string, maps: FeatureMaps, map: Float32Array, scale: ColourScale, when: "before" | "after", channel: number): TemplateResult {
    const [low, high] = extent(map);
    const tiles = this.#tiles?.[when];
    return html`<section>
      <h4>${title}</h4>
      <div class="row-of ${tiles ? "three" : ""}">
        ${tiles ? html`<figure><nst-pixel-canvas .pixels=${tiles} label="the picture in ${maps.height} × ${maps.width} tiles, ${title}"></nst-pixel-canvas><figcaption>the picture, a tile a position</figcaption></figure>` : nothing}
        <figure>
          <nst-pixel-canvas .pixels=${paint(map, maps.width, maps.height, scale)} label="map ${channel} ${title}: from ${formatNumber(low)} to ${formatNumber(high)}, ${when === "after" ? "the same numbers at other places" : `${maps.height} × ${maps.width} numbers`}"></nst-pixel-canvas>
          <figcaption>F${subscript(channel)}</figcaption>
        </figure>
        <figure>
          <nst-pixel-canvas .pixels=${this.#grams![when]} label="Gram matrix ${title}, ${maps.channels} × ${maps.channels}"></nst-pixel-canvas>
          <figcaption>G = F Fᵀ</figcaption>
        </figure>
      </div>
    </section>`;
  }

  #numbers(): TemplateResult {
    const { gramChange, styleCost, contentCost, contentChange } = this.shuffled.value;
    return html`<dl class="number">
      <div><dt>Gram matrix</dt><dd><b>${gramChange === 0 ? "unchanged to the last digit" : `changed by ${formatNumber(gramChange, 2)} of its length`}</b><span class="soft">‖G′ − G‖ ÷ ‖G‖${gramChange === 0 ? "" : ": the rounding of float32, for adding in another order"}</span></dd></div>
      <div><dt class="style">style cost</dt><dd><b>${formatNumber(styleCost)}</b><span class="soft">E = 1/(4N²M²) Σ (G′ − G)²</span></dd></div>
      <div><dt class="content">content cost</dt><dd><b>${formatNumber(contentCost, 4)}</b><span class="soft">½ Σ (F′ − F)², 0 before; ${formatNumber(contentChange, 3)} times what maps of zeros would cost</span></dd></div>
    </dl>`;
  }

  #send(type: "shuffle" | "back" | "nst-channel", detail?: number): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  static override styles = [
    ...gramStyles,
    css`
      .controls label {
        display: inline-flex;
        gap: 8px;
        align-items: center;
      }
      .which {
        min-width: 3em;
      }
      .both {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: 16px 24px;
      }
      .row-of {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: 10px;
      }
      .row-of.three {
        grid-template-columns: repeat(3, minmax(0, 1fr));
      }
      p,
      dl,
      dd {
        margin: 0;
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 240px), 1fr));
        gap: 10px 24px;
      }
      dt {
        font-weight: 600;
      }
      dd b {
        display: block;
        font: 600 15px/1.5 var(--mono);
      }
      @container (width < 620px) {
        .both {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-shuffle-view": ShuffleView;
  }
}
