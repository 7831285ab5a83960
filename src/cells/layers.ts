import { css, html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import type { ModelCard } from "../nst/model-card";
import { kerasName } from "../nst/names";
import { Cell } from "./cell";
import type { PictureValue } from "./features-value";
import { type BlockFacts, type LayerFacts, layersFacts } from "./layers-facts";
import "./layers-map";
import { formatCount, formatNumber } from "./numbers";
import "./pixel-canvas";
import { type Pixels, pixelsOf } from "./pixel-canvas";

interface Shown {
  card: ModelCard;
  blocks: BlockFacts[];
  width: number;
  height: number;
  pixels: Pixels | null;
}

/**
 * The network as a map on which a layer is chosen. Gives the layer's Keras name, a text: other cells read it by `chosen`.
 *
 *     <nst-layers as="layer" of="content" layer="block3_conv1"></nst-layers>
 *     <nst-features as="F" of="content" chosen="layer"></nst-features>
 *
 * With a picture (`of`, optional) sizes are those that it has in each layer, and what one unit sees of it is drawn; without
 * one they are those of a picture of the size that the network recommends.
 */
@customElement("nst-layers")
export class LayersCell extends Cell<string> {
  static override title = "layers";
  static override roles = ["picture", "network.card"];
  /** `layer`: Keras' or the paper's name; empty for the layer that the network recommends for the content */
  static override params = { layer: "" };
  static override lazy = true;

  #shown: Shown | null = null;
  #read: unknown[] = [];

  protected override reads(): readonly string[] {
    return this.getAttribute("of")?.trim() || this.getAttribute("picture")?.trim() ? LayersCell.roles : ["network.card"];
  }

  compute({ picture: from, "network.card": card }: { picture?: PictureValue; "network.card": ModelCard }): string {
    this.#show(card, from?.picture ?? null);
    const wanted = this.param<string>("layer");
    const layer = kerasName(wanted, card) || card.defaults.contentLayer;
    if (!card.layers.some(({ name }) => name === layer)) throw new Error(`${card.title} has no layer “${wanted}”. Choose one below.`);
    return layer;
  }

  #show(card: ModelCard, picture: PictureValue["picture"]): void {
    if (this.#read[0] === card && this.#read[1] === picture) return;
    this.#read = [card, picture];
    const { width, height } = picture ?? { width: card.defaults.size, height: card.defaults.size };
    this.#shown = { card, blocks: layersFacts(card, width, height), width, height, pixels: picture && pixelsOf(picture) };
    this.requestUpdate();
  }

  override headerNote() {
    const layer = this.#layer(this.value);
    return layer ? `${layer.shape.height} × ${layer.shape.width} × ${layer.shape.channels}` : nothing;
  }

  view(value: string | undefined) {
    const shown = this.#shown;
    if (!shown) return html`<div class="body soft">Waits for the network.</div>`;
    const layer = this.#layer(value);
    return html`<div class="body">
        <nst-layers-map
          .blocks=${shown.blocks}
          .width=${shown.width}
          .height=${shown.height}
          .pixels=${shown.pixels}
          .chosen=${value ?? ""}
          @nst-layer=${(event: CustomEvent<string>) => this.setParam("layer", event.detail)}
        ></nst-layers-map>
      </div>
      ${layer ? html`<div class="body facts" aria-live="polite">${this.#picture(layer, shown)}${facts(layer, shown)}</div>` : nothing}`;
  }

  #layer(name: string | undefined): LayerFacts | undefined {
    return this.#shown?.blocks.flatMap(({ layers }) => layers).find((layer) => layer.name === name);
  }

  /** The picture, with what the unit in the middle sees of it left bright. */
  #picture({ seen, share }: LayerFacts, { pixels, width, height }: Shown) {
    const box = `left:${(100 * seen.x) / width}%;top:${(100 * seen.y) / height}%;width:${(100 * seen.width) / width}%;height:${(100 * seen.height) / height}%`;
    return html`<figure class="sight" role="img" aria-label="The unit in the middle sees ${percent(share)} of the picture" style="aspect-ratio:${width} / ${height}">
      ${pixels ? html`<nst-pixel-canvas aria-hidden="true" .pixels=${pixels}></nst-pixel-canvas>` : nothing}<i style=${box}></i>
    </figure>`;
  }

  static override styles = [
    ...Cell.styles,
    css`
      .facts {
        display: flex;
        flex-wrap: wrap;
        gap: 14px 22px;
        align-items: center;
      }
      .sight {
        position: relative;
        flex: none;
        width: 148px;
        overflow: clip;
        border-radius: 6px;
        background: var(--code);
      }
      .sight i {
        position: absolute;
        border: 1.5px solid #fff;
        outline: 1px solid #000;
        box-shadow: 0 0 0 999px rgb(0 0 0 / 55%);
      }
      .said {
        flex: 1 1 260px;
        min-width: 0;
      }
      .said p {
        margin: 0;
        max-width: 66ch;
        font: 15px/1.5 var(--serif);
      }
      .said p + p {
        margin-top: 4px;
        color: var(--soft);
      }
      h4 {
        margin: 0 0 4px;
        font: 600 13px/1.5 var(--mono);
        overflow-wrap: anywhere;
      }
      h4 span {
        font-weight: 400;
        color: var(--soft);
      }
    `,
  ];
}

function facts({ name, alias, kind, shape, field, share }: LayerFacts, { width, height, pixels }: Shown) {
  const { channels } = shape;
  const numbers = channels * shape.height * shape.width;
  return html`<div class="said">
    <h4>${name}${alias === name ? nothing : html` <span>${alias} in the paper</span>`}</h4>
    <p>
      ${formatCount(channels)} maps of ${shape.height} × ${shape.width} positions: ${formatCount(numbers)} numbers, where the picture has
      ${formatCount(3 * width * height)}. ${kind === "conv" ? `The layer has learnt ${formatCount(shape.parameters)} numbers.` : WORDS[kind]}
    </p>
    <p>
      One unit sees ${field.size} × ${field.size} pixels, and its neighbour the same ${field.stride === 1 ? "one pixel" : `${field.stride} pixels`} further on.
      In the middle of ${pixels ? "this picture" : `a picture of ${height} × ${width}`} that is ${percent(share)} of it${share === 1 ? ", all there is" : ""}.
    </p>
  </div>`;
}

const WORDS: Record<Exclude<LayerFacts["kind"], "conv">, string> = {
  pool: "It has learnt nothing: it makes the maps smaller.",
  relu: "It has learnt nothing: it makes what is below 0 to 0.",
  concat: "It has learnt nothing: it puts maps of several layers together.",
};

function percent(share: number): string {
  return `${formatNumber(100 * share, share < 0.1 ? 2 : 3)} %`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-layers": LayersCell;
  }
}
