import { html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { LayerWeights } from "../nst/settings";
import { boardMapStyles } from "./board-map-styles";
import type { BlockFacts, LayerFacts } from "./layers-facts";
import { layersMapStyles } from "./layers-map-styles";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";

/** What a press on a layer chooses. */
export type BoardHand = "style" | "content";

/** Asked for by the map: to read a layer or no longer (`factor` absent), or to multiply its weight. */
export interface BoardWish {
  layer: string;
  hand: BoardHand;
  factor?: number;
}

/**
 * A network drawn to scale, as nst-layers draws it, on which the layers of both costs are chosen. Under each layer that
 * is read: how much of the gradient its terms make up.
 *
 *     <nst-board-map .blocks=${layersFacts(card, 256, 256)} .longer=${256} .weights=${{ block1_conv1: 0.2 }} content="block4_conv2"
 *       hand="style" .shares=${{ content: 0.3, block1_conv1: 0.7 }} @nst-wish=${(e) => e.detail}></nst-board-map>
 *
 * Keys: arrows, Home and End walk; 1 to 9 go to a block; Enter and Space press; S reads the style at a layer or no longer,
 * C the content; + and − double and halve the layer's weight.
 *
 * @fires nst-wish - detail: BoardWish
 */
@customElement("nst-board-map")
export class BoardMap extends LitElement {
  @property({ attribute: false }) blocks: readonly BlockFacts[] = [];
  /** longer side of the picture, in pixels */
  @property({ attribute: false }) longer = 1;
  /** Keras name of the content layer, null for none */
  @property() content: string | null = null;
  /** of the style layers */
  @property({ attribute: false }) weights: LayerWeights = {};
  /** of the gradient, in [0, 1] by term: "content" and Keras names; NaN or absent where it is not known */
  @property({ attribute: false }) shares: Readonly<Record<string, number>> = {};
  /** the shares are those of other weights: drawn dimmed */
  @property({ type: Boolean }) old = false;
  @property() hand: BoardHand = "style";

  /** the layer that the keys are at */
  @property({ attribute: false }) private at = "";

  override render() {
    const most = Math.max(1, ...this.layers.map(({ shape }) => shape.channels));
    return html`<div class="network" role="group" aria-label="Layers: press one to read the ${this.hand} there" @keydown=${this.onKey}>
      ${this.blocks.map(
        ({ title, layers }) => html`<div class="block" role="presentation">
          <span class="title">${title}<small>${layers[0].shape.height} × ${layers[0].shape.width}</small></span>
          <div class="layers" role="presentation">${layers.map((layer) => this.layer(layer, most))}</div>
        </div>`,
      )}
    </div>`;
  }

  private layer({ name, alias, short, kind, shape }: LayerFacts, most: number) {
    const style = Object.hasOwn(this.weights, name);
    const content = name === this.content;
    const parts = [
      ...(content ? [{ what: "content", share: this.shares["content"] ?? NaN }] : []),
      ...(style ? [{ what: "style", share: this.shares[name] ?? NaN }] : []),
    ];
    const share = parts.reduce((sum, part) => sum + (part.share || 0), 0);
    const known = parts.some((part) => !Number.isNaN(part.share));
    const read = parts.map(({ what, share }) => `read for the ${what}${what === "style" ? `, weight ${formatNumber(this.weights[name])}` : ""}${Number.isNaN(share) ? "" : `, ${percent(share)} of the gradient`}`);
    const text = `${name}${alias === name ? "" : `, ${alias} in the paper`}: ${shape.channels} maps of ${shape.height} × ${shape.width}${read.map((one) => `; ${one}`).join("")}`;
    return html`<button
      class="layer ${kind} ${style ? "for-style" : ""} ${content ? "for-content" : ""}"
      aria-pressed=${this.hand === "style" ? style : content}
      aria-label=${text}
      title=${text}
      tabindex=${name === this.place ? 0 : -1}
      data-layer=${name}
      style="--side:${shape.height / this.longer};--many:${shape.channels / most}"
      @click=${() => this.press(name)}
      @focus=${() => (this.at = name)}
    >
      <span class="maps"><i></i></span>
      <span class="name">${short}${content ? html`<i class="dot content"></i>` : nothing}${style ? html`<i class="dot style"></i>` : nothing}</span>
      <span class="share ${this.old ? "old" : ""}">${parts.map((part) => html`<i class=${part.what} style="--share:${part.share || 0}"></i>`)}</span>
      <span class="size ${this.old ? "old" : ""}">${known ? percent(share) : nothing}</span>
    </button>`;
  }

  private get layers(): LayerFacts[] {
    return this.blocks.flatMap(({ layers }) => layers);
  }

  /** The one layer that Tab leads to. */
  private get place(): string {
    const { layers } = this;
    const known = (name: string | null) => layers.some((layer) => layer.name === name);
    return known(this.at) ? this.at : known(this.content) ? this.content! : (layers[0]?.name ?? "");
  }

  private press(layer: string, hand = this.hand): void {
    this.wish({ layer, hand });
  }

  private wish(detail: BoardWish): void {
    this.dispatchEvent(new CustomEvent("nst-wish", { detail }));
  }

  private onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { layers, place } = this;
    const key = event.key.toLowerCase();
    const now = layers.findIndex(({ name }) => name === place);
    const moves: Record<string, number> = { arrowleft: now - 1, arrowup: now - 1, arrowright: now + 1, arrowdown: now + 1, home: 0, end: layers.length - 1 };
    const block = /^[1-9]$/.test(key) ? this.blocks[Number(key) - 1] : undefined;
    if (key === "s" || key === "c") this.press(place, key === "s" ? "style" : "content");
    else if (key === "+" || key === "-" || key === "−") this.wish({ layer: place, hand: Object.hasOwn(this.weights, place) ? "style" : "content", factor: key === "+" ? 2 : 0.5 });
    else if (block) this.go(block.layers[0].name);
    else if (key in moves) this.go(layers[Math.max(0, Math.min(layers.length - 1, moves[key]))].name);
    else return;
    event.preventDefault();
  };

  private go(name: string): void {
    this.renderRoot.querySelector<HTMLElement>(`[data-layer="${CSS.escape(name)}"]`)!.focus();
  }

  static override styles = [controlStyles, layersMapStyles, boardMapStyles];
}

/** A share as it is said: "12 %", "0.3 %". */
export function percent(share: number): string {
  return share > 0 && share < 5e-4 ? "< 0.1 %" : `${formatNumber(100 * share, share < 0.0995 && share > 0 ? 1 : 2)} %`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-board-map": BoardMap;
  }
}
