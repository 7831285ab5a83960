import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { BLOB, type Spot } from "./blobs-model";
import { formatNumber } from "./numbers";
import { ARROWS } from "./pixel-canvas";
import { inkOn } from "./pixels-ink";
import { controlStyles } from "./theme";
import { type ColourScale, paint } from "./value-colours";

/** With more columns than this, numbers would be too small to be read. */
const READABLE = 6;

/**
 * A small map with its numbers. With `spot` its blob can be dragged, moved with the arrow keys, and put elsewhere by a
 * press on the map.
 *
 *     <nst-blob-map label="F′₁" .values=${[…]} .extent=${4} .side=${4} .spot=${{ x: 1, y: 0 }} @move=${(e) => e.detail}></nst-blob-map>
 *
 * @fires move - detail: Spot, where the blob is to be
 */
@customElement("nst-blob-map")
export class BlobMap extends LitElement {
  /** row by row, extent × extent */
  @property({ attribute: false }) values: readonly number[] = [];
  /** columns that are drawn */
  @property({ attribute: false }) extent = 4;
  /** columns of one tile: where the blob can be */
  @property({ attribute: false }) side = 4;
  /** null: nothing here can be moved */
  @property({ attribute: false }) spot: Spot | null = null;
  /** colours of the numbers; null: ones stand out, zeros do not */
  @property({ attribute: false }) scale: ColourScale | null = null;
  @property() label = "";

  #grab: { x: number; y: number } | null = null;

  override render() {
    const { values, extent, side, spot, scale } = this;
    const colours = scale ? paint(Float32Array.from(values), extent, extent, scale).rgba : null;
    const share = (cells: number) => `${(100 * cells) / extent}%`;
    return html`<div
      class="map ${colours ? "coloured" : ""} ${spot ? "open" : ""} ${extent > READABLE ? "small" : ""}"
      style="--extent:${extent}"
      role=${spot ? "group" : "img"}
      aria-label="${this.label}: ${spoken(values, extent)}"
      @pointerdown=${this.#press}
      @pointermove=${this.#follow}
      @pointerup=${this.#release}
      @pointercancel=${this.#release}
      @click=${this.#tap}
    >
      ${values.map((value, p) => {
        const colour = colours ? inColour(colours[4 * p], colours[4 * p + 1], colours[4 * p + 2]) : nothing;
        return html`<span class=${value === 0 ? "zero" : "one"} style=${colour} aria-hidden="true">${extent <= READABLE ? formatNumber(value, 2) : nothing}</span>`;
      })}
      ${spot && extent > side ? html`<i class="tile" style="width:${share(side)};height:${share(side)}"></i>` : nothing}
      ${spot
        ? html`<button
            class="blob"
            style="left:${share(spot.x)};top:${share(spot.y)};width:${share(BLOB)};height:${share(BLOB)}"
            aria-label="Blob of ${this.label}, at row ${spot.y}, column ${spot.x}. Arrow keys move it."
            @keydown=${this.#key}
          ></button>`
        : nothing}
    </div>`;
  }

  /** Where the pointer is, in positions of the map. */
  #at(event: MouseEvent): { x: number; y: number } {
    const box = this.renderRoot.querySelector(".map")!.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * this.extent, y: ((event.clientY - box.top) / box.height) * this.extent };
  }

  #press = (event: PointerEvent) => {
    if (!this.spot || event.button !== 0) return;
    const at = this.#at(event);
    const grabbed = (event.target as Element).classList.contains("blob");
    // a finger beside the blob may be about to scroll: it counts when it was a tap
    if (event.pointerType === "touch" && !grabbed) return;
    this.#grab = grabbed ? { x: at.x - this.spot.x, y: at.y - this.spot.y } : { x: BLOB / 2, y: BLOB / 2 };
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.renderRoot.querySelector<HTMLElement>(".blob")!.focus({ preventScroll: true });
    // no selection of text, and the focus stays where it was put
    event.preventDefault();
    this.#follow(event);
  };

  #follow = (event: PointerEvent) => {
    if (!this.#grab) return;
    const at = this.#at(event);
    this.#move(Math.round(at.x - this.#grab.x), Math.round(at.y - this.#grab.y));
  };

  #release = () => {
    this.#grab = null;
  };

  #tap = (event: MouseEvent) => {
    if (!this.spot || (event as PointerEvent).pointerType !== "touch" || (event.target as Element).classList.contains("blob")) return;
    const at = this.#at(event);
    this.#move(Math.round(at.x - BLOB / 2), Math.round(at.y - BLOB / 2));
  };

  #key = (event: KeyboardEvent) => {
    const step = ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    this.#move(this.spot!.x + step[0], this.spot!.y + step[1]);
  };

  #move(x: number, y: number) {
    const inside = (at: number) => Math.max(0, Math.min(this.side - BLOB, at));
    const to: Spot = { x: inside(x), y: inside(y) };
    if (to.x !== this.spot!.x || to.y !== this.spot!.y) this.dispatchEvent(new CustomEvent<Spot>("move", { detail: to }));
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .map {
        position: relative;
        display: grid;
        grid-template-columns: repeat(var(--extent), minmax(0, 1fr));
        gap: 1px;
        padding: 1px;
        background: var(--line);
        border-radius: 5px;
        overflow: clip;
        font: 500 12px/1 var(--sans);
        font-variant-numeric: tabular-nums;
        user-select: none;
      }
      span {
        display: grid;
        place-items: center;
        aspect-ratio: 1;
        min-width: 0;
        background: var(--card);
        color: var(--ink);
      }
      .zero {
        color: var(--soft);
      }
      .map:not(.coloured) .one {
        background: var(--wash, var(--code));
        color: var(--accent, var(--ink));
        font-weight: 700;
      }
      /* without its number, a one is told by its colour alone */
      .small:not(.coloured) .one {
        background: color-mix(in srgb, var(--accent, var(--ink)) 62%, var(--card));
      }
      .open {
        cursor: pointer;
      }
      .tile {
        position: absolute;
        left: 0;
        top: 0;
        border: solid var(--edge);
        border-width: 0 1px 1px 0;
        pointer-events: none;
      }
      .blob {
        position: absolute;
        min-height: 0;
        padding: 0;
        border: 2px solid var(--accent, var(--ink));
        border-radius: 6px;
        background: none;
        cursor: grab;
        touch-action: none;
      }
      .blob:active {
        cursor: grabbing;
      }
      .blob:focus-visible {
        outline-offset: -5px;
      }
      @media (forced-colors: active) {
        .map:not(.coloured) .one {
          background: Highlight;
          color: HighlightText;
        }
        .coloured span {
          forced-color-adjust: none;
        }
      }
    `,
  ];
}

function inColour(r: number, g: number, b: number): string {
  return `background:rgb(${r} ${g} ${b});color:${inkOn(r, g, b)}`;
}

/** The numbers that are not 0, by their positions. */
function spoken(values: readonly number[], extent: number): string {
  const found = values.flatMap((value, p) => (value === 0 ? [] : [`${formatNumber(value, 2)} at row ${Math.floor(p / extent)}, column ${p % extent}`]));
  if (found.length === 0) return "0 everywhere";
  return found.length > 16 ? `${found.length} of ${values.length} numbers are not 0` : `${found.join("; ")}; 0 elsewhere`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-blob-map": BlobMap;
  }
}
