import { html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { BlockFacts, LayerFacts } from "./layers-facts";
import { layersMapStyles } from "./layers-map-styles";
import { formatNumber } from "./numbers";
import "./pixel-canvas";
import type { Pixels } from "./pixel-canvas";
import { controlStyles } from "./theme";

/**
 * A network drawn to scale: a box a layer, as high as its maps are and as wide as there are many, and under it how many
 * pixels of the picture one unit sees. Where there is little room, the layers stand below one another. One layer is chosen,
 * by pointer or with the arrow keys.
 *
 *     <nst-layers-map .blocks=${layersFacts(card, 256, 256)} .width=${256} .height=${256} chosen="block3_conv1" @nst-layer=${(e) => e.detail}></nst-layers-map>
 *
 * @fires nst-layer - detail: Keras name of the layer that was chosen
 */
@customElement("nst-layers-map")
export class LayersMap extends LitElement {
  @property({ attribute: false }) blocks: readonly BlockFacts[] = [];
  /** of the picture that the network reads, in pixels */
  @property({ attribute: false }) width = 1;
  @property({ attribute: false }) height = 1;
  /** the picture itself, null if there is none yet */
  @property({ attribute: false }) pixels: Pixels | null = null;
  @property() chosen = "";

  override render() {
    const most = Math.max(1, ...this.layers.map(({ shape }) => shape.channels));
    return html`<div class="network" role="radiogroup" aria-label="Layer" @keydown=${this.onKey}>
        <div class="input" style="--side:${this.height / this.longer};--across:${this.width / this.longer}">
          <span class="title">picture<small>${this.height} × ${this.width} × 3</small></span>
          <span class="maps">${this.pixels ? html`<nst-pixel-canvas .pixels=${this.pixels} aria-hidden="true"></nst-pixel-canvas>` : html`<i></i>`}</span>
        </div>
        ${this.blocks.map(
          ({ title, layers }) => html`<div class="block" role="presentation">
            <span class="title">${title}<small>${layers[0].shape.height} × ${layers[0].shape.width}</small></span>
            <div class="layers" role="presentation">${layers.map((layer) => this.layer(layer, most))}</div>
          </div>`,
        )}
      </div>
      <p class="legend">
        <span><i class="key box"></i>as large as a map, as thick as there are many</span>
        <span><i class="key bar"></i>how many pixels one unit sees, on the same scale; dashed: the whole picture</span>
        <span><i class="dot style"></i>read for the style</span>
        <span><i class="dot content"></i>read for the content</span>
      </p>`;
  }

  private layer({ name, alias, short, kind, shape, field, use }: LayerFacts, most: number) {
    const on = name === this.chosen;
    const text = `${name}${alias === name ? "" : `, ${alias} in the paper`}: ${shape.channels} maps of ${shape.height} × ${shape.width}; one unit sees ${field.size} × ${field.size} pixels${use ? `; read for the ${use}` : ""}`;
    return html`<button
      class="layer ${kind}"
      role="radio"
      aria-checked=${on}
      aria-label=${text}
      title=${text}
      tabindex=${on || (!this.known && name === this.layers[0].name) ? 0 : -1}
      data-layer=${name}
      style="--side:${shape.height / this.longer};--many:${shape.channels / most};--field:${Math.min(1, field.size / this.longer)}"
      @click=${() => this.choose(name)}
    >
      <span class="maps"><i></i></span>
      <span class="name">${short}${use ? html`<i class="dot ${use}"></i>` : nothing}</span>
      <span class="field"><i class=${field.size > this.longer ? "beyond" : ""}></i></span>
      <span class="size">${formatNumber(field.size)}</span>
    </button>`;
  }

  private get longer(): number {
    return Math.max(this.width, this.height);
  }

  private get layers(): LayerFacts[] {
    return this.blocks.flatMap(({ layers }) => layers);
  }

  private get known(): boolean {
    return this.layers.some(({ name }) => name === this.chosen);
  }

  private choose(name: string): void {
    this.dispatchEvent(new CustomEvent("nst-layer", { detail: name }));
  }

  private onKey = async (event: KeyboardEvent): Promise<void> => {
    const { layers } = this;
    const now = Math.max(0, layers.findIndex(({ name }) => name === this.chosen));
    const moves: Record<string, number> = { ArrowLeft: now - 1, ArrowUp: now - 1, ArrowRight: now + 1, ArrowDown: now + 1, Home: 0, End: layers.length - 1 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    const { name } = layers[Math.max(0, Math.min(layers.length - 1, moves[event.key]))];
    this.choose(name);
    this.renderRoot.querySelector<HTMLElement>(`[data-layer="${CSS.escape(name)}"]`)!.focus();
  };

  static override styles = [controlStyles, layersMapStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-layers-map": LayersMap;
  }
}
