import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import type { ReceptiveField } from "../nst/receptive-field";
import "./pixel-canvas";
import { ARROWS, type Pixels, pixelsOf, type Probe } from "./pixel-canvas";
import { controlStyles } from "./theme";
import { type ColourScale, colourScale, paint } from "./value-colours";

/** A rectangle in pixels of a picture; parts of it may lie outside. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * A map laid over the picture that it was computed from, with a slider between the two; the probed unit and a box of
 * pixels are drawn on top. The picture loses its colours as the map covers it, so that the colours are those of the scale.
 *
 * Fires "probe" (detail: Probe, in units of the map) while a unit is pointed at, and with null when none is any more;
 * "choose" (detail: Probe, never null) when one is clicked, tapped or gone to with the arrow keys.
 *
 *     <nst-map-over-picture .picture=${picture} .values=${values} .width=${64} .height=${64} .scale=${scale}
 *       .probe=${probe} .box=${fieldOf(field, x, y)} .field=${field} label="channel 18 of conv3_1" reachable @probe=${…}></nst-map-over-picture>
 */
@customElement("nst-map-over-picture")
export class MapOverPicture extends LitElement {
  /** null: the map alone */
  @property({ attribute: false }) picture: Picture | null = null;
  /** [height, width], row by row */
  @property({ attribute: false }) values: Float32Array = new Float32Array();
  /** columns of the map */
  @property({ attribute: false }) width = 0;
  /** rows of the map */
  @property({ attribute: false }) height = 0;
  @property({ attribute: false }) scale: ColourScale = colourScale(0, 1);
  /** the unit that is marked, in units of the map: set it from “probe” */
  @property({ attribute: false }) probe: Probe = null;
  /** in pixels of the picture */
  @property({ attribute: false }) box: Box | null = null;
  /** puts every unit at the middle of what it sees; without it the map is stretched over the whole picture */
  @property({ attribute: false }) field: ReceptiveField | null = null;
  /** what is shown, for people who do not see it */
  @property() label = "";
  /** whether the units can be gone to with the arrow keys */
  @property({ type: Boolean }) reachable = false;
  /** how much the map covers the picture, in [0, 1] */
  @state() private cover = 0.75;

  #under: Pixels | null = null;
  #over: Pixels | null = null;

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("picture")) this.#under = this.picture && pixelsOf(this.picture);
    if (!["values", "width", "height", "scale", "cover", "picture"].some((name) => changed.has(name))) return;
    const fits = this.values.length > 0 && this.values.length === this.width * this.height;
    this.#over = fits ? covering(paint(this.values, this.width, this.height, this.scale), this.picture ? this.cover : 1) : null;
  }

  override render() {
    const { picture, cover } = this;
    const [width, height] = picture ? [picture.width, picture.height] : [this.width, this.height];
    const percent = (pixels: number, of: number) => `${(pixels / of) * 100}%`;
    const place = (box: Box) => `left:${percent(box.x, width)};top:${percent(box.y, height)};width:${percent(box.width, width)};height:${percent(box.height, height)}`;
    return html`<div class="stack" style="aspect-ratio:${width} / ${height}">
        ${this.#under ? html`<nst-pixel-canvas class="under" aria-hidden="true" style="filter:grayscale(${Math.min(1, cover * 4)})" .pixels=${this.#under}></nst-pixel-canvas>` : nothing}
        <nst-pixel-canvas
          class="over"
          style=${place(this.#extent())}
          .pixels=${this.#over}
          .probe=${this.probe}
          label="${this.label}${this.reachable ? ". Arrow keys read its values." : ""}"
          ?reachable=${this.reachable}
          @probe=${this.#pointed}
          @click=${this.#chosen}
          @keydown=${({ key }: KeyboardEvent) => ARROWS[key] && this.#chosen()}
        ></nst-pixel-canvas>
        ${picture && this.box ? html`<div class="boxes"><i style=${place(this.box)}></i></div>` : nothing}
      </div>
      ${picture
        ? html`<label class="cover">picture
            <input type="range" min="0" max="1" step="0.05" .value=${String(cover)} aria-label="How much the map covers the picture" @input=${(e: Event) => (this.cover = (e.target as HTMLInputElement).valueAsNumber)} />
            map</label>`
        : nothing}`;
  }

  /** Where the map lies, in pixels of the picture. */
  #extent(): Box {
    const { picture, field, width, height } = this;
    if (!picture) return { x: 0, y: 0, width, height };
    if (!field) return { x: 0, y: 0, width: picture.width, height: picture.height };
    const start = field.start + (field.size - field.stride) / 2;
    return { x: start, y: start, width: width * field.stride, height: height * field.stride };
  }

  /** where a finger was: it has left when its tap becomes a click */
  #last: Probe = null;

  #pointed = ({ detail }: CustomEvent<Probe>) => {
    this.#last = detail ?? this.#last;
    this.dispatchEvent(new CustomEvent<Probe>("probe", { detail }));
  };

  #chosen = () => {
    if (this.#last) this.dispatchEvent(new CustomEvent<Probe>("choose", { detail: this.#last }));
  };

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .stack {
        position: relative;
        border-radius: 6px;
        background: var(--code);
      }
      .under,
      .boxes {
        position: absolute;
        inset: 0;
        pointer-events: none;
      }
      .boxes {
        overflow: clip;
        border-radius: 6px;
      }
      .over {
        position: absolute;
      }
      /* white with a dark line on both sides shows on every colour */
      .boxes i {
        position: absolute;
        /* it is where the pointer is, also in the frame that a transition of no length takes */
        transition-property: none;
        outline: 2px solid #fff;
        box-shadow:
          0 0 0 3px #000,
          inset 0 0 0 1px #000;
      }
      .cover {
        display: flex;
        gap: 8px;
        align-items: center;
        margin-top: 8px;
        color: var(--soft);
        font: 12px/1.4 var(--sans);
      }
      .cover input {
        flex: 1 1 auto;
        min-width: 0;
        max-width: 200px;
      }
    `,
  ];
}

/** The same colours, let through by so much. Changes what it is given. */
function covering(pixels: Pixels, cover: number): Pixels {
  if (cover < 1) for (let i = 3; i < pixels.rgba.length; i += 4) pixels.rgba[i] *= cover;
  return pixels;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-map-over-picture": MapOverPicture;
  }
}
