import { css, html, LitElement, nothing, svg } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import { type Lattice, neighbour, nearestTo, type Pixel } from "./follow-lattice";
import "./pixel-canvas";
import { ARROWS, type Pixels, pixelsOf } from "./pixel-canvas";
import { controlStyles } from "./theme";

/**
 * A picture in which a pixel is chosen: by a click or tap, or with the arrow keys, which go along the lattice of those that
 * are followed, and by single pixels with Shift.
 *
 *     <nst-follow-picture .picture=${G} .lattice=${lattice} .chosen=${{ x: 37, y: 20 }} reading="0.41, 0.30, 0.22" @nst-pixel=${…} @nst-hover=${…}></nst-follow-picture>
 *
 * @fires nst-pixel - detail: the Pixel that was chosen
 * @fires nst-hover - detail: the Pixel that is pointed at, null when none is
 */
@customElement("nst-follow-picture")
export class FollowPicture extends LitElement {
  @property({ attribute: false }) picture: Picture | null = null;
  @property({ attribute: false }) lattice: Lattice | null = null;
  @property({ attribute: false }) chosen: Pixel = { x: 0, y: 0 };
  /** the one that is shown, where the chosen one is not followed */
  @property({ attribute: false }) shown: Pixel | null = null;
  /** what there is to say of the chosen pixel, for people who do not see it */
  @property() reading = "";

  @state() private hovered: Pixel | null = null;
  #pixels: { picture: Picture; pixels: Pixels } | null = null;

  override render() {
    const { picture, lattice, chosen, hovered } = this;
    if (!picture) return nothing;
    const { width, height } = picture;
    if (this.#pixels?.picture !== picture) this.#pixels = { picture, pixels: pixelsOf(picture) };
    const unit = Math.max(width, height) / 100;
    const cross = ({ x, y }: Pixel, name: string) => svg`<g class=${name}><circle class="halo" cx=${x + 0.5} cy=${y + 0.5} r=${2.2 * unit} /><circle cx=${x + 0.5} cy=${y + 0.5} r=${2.2 * unit} /></g>`;
    return html`<nst-pixel-canvas label="The generated picture, ${width} by ${height} pixels" .pixels=${this.#pixels.pixels}></nst-pixel-canvas>
      <svg viewBox="0 0 ${width} ${height}" aria-hidden="true">
        ${(lattice?.pixels ?? []).map(({ x, y }) => svg`<circle class="dot" cx=${x + 0.5} cy=${y + 0.5} r=${0.5 * unit} />`)}
        ${this.shown ? cross(this.shown, "shown") : nothing} ${hovered ? cross(hovered, "hovered") : nothing} ${cross(chosen, "chosen")}
      </svg>
      <div
        class="hit" role="slider" tabindex="0" aria-label="Pixel to follow. Arrow keys go along the pixels that are followed, with Shift by one pixel." aria-valuemin="0" aria-valuemax=${width * height - 1}
        aria-valuenow=${chosen.y * width + chosen.x} aria-valuetext="column ${chosen.x}, row ${chosen.y}${this.reading ? `: ${this.reading}` : ""}"
        @pointermove=${(event: PointerEvent) => event.pointerType !== "touch" && this.hover(this.at(event))} @pointerleave=${() => this.hover(null)} @click=${(event: MouseEvent) => this.choose(this.at(event))} @keydown=${this.key}
      ></div>`;
  }

  private at({ clientX, clientY, currentTarget }: MouseEvent): Pixel {
    const box = (currentTarget as HTMLElement).getBoundingClientRect();
    const { width, height } = this.picture!;
    const place = (offset: number, extent: number, count: number) => Math.max(0, Math.min(count - 1, Math.floor((offset / extent) * count)));
    return { x: place(clientX - box.left, box.width, width), y: place(clientY - box.top, box.height, height) };
  }

  /** What is pointed at is the followed pixel that is nearest, if any is followed. */
  private hover(pixel: Pixel | null): void {
    const { lattice } = this;
    const shown = pixel && lattice ? lattice.pixels[nearestTo(lattice.pixels, pixel)] : pixel;
    if (shown?.x === this.hovered?.x && shown?.y === this.hovered?.y) return;
    this.hovered = shown;
    this.dispatchEvent(new CustomEvent<Pixel | null>("nst-hover", { detail: shown }));
  }

  private choose(pixel: Pixel): void {
    this.dispatchEvent(new CustomEvent<Pixel>("nst-pixel", { detail: pixel }));
  }

  private key = (event: KeyboardEvent): void => {
    const arrow = ARROWS[event.key];
    if (!arrow || !this.picture) return;
    event.preventDefault();
    const { chosen, lattice } = this;
    const { width, height } = this.picture;
    const by = lattice && !event.shiftKey ? neighbour(lattice, chosen, arrow[0], arrow[1]) : { x: chosen.x + arrow[0], y: chosen.y + arrow[1] };
    this.choose({ x: Math.max(0, Math.min(width - 1, by.x)), y: Math.max(0, Math.min(height - 1, by.y)) });
  };

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        position: relative;
        line-height: 0;
      }
      svg,
      .hit {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        border-radius: 6px;
      }
      svg {
        pointer-events: none;
      }
      .hit {
        cursor: crosshair;
      }
      circle {
        fill: none;
        vector-effect: non-scaling-stroke;
      }
      .dot {
        fill: #fff;
        stroke: #000;
        stroke-width: 0.75;
        opacity: 0.6;
      }
      .chosen circle {
        stroke: #fff;
        stroke-width: 2.5;
      }
      .chosen .halo {
        stroke: #000;
        stroke-width: 5;
      }
      .shown circle,
      .hovered circle {
        stroke: #fff;
        stroke-width: 1.25;
      }
      .shown .halo,
      .hovered .halo {
        stroke: #000;
        stroke-width: 3;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-follow-picture": FollowPicture;
  }
}
