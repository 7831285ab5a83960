import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import "./pixel-canvas";
import { ARROWS, type Pixels, pixelsOf } from "./pixel-canvas";
import { controlStyles } from "./theme";

/**
 * A picture with a small square on it that is dragged, put elsewhere by a press, or moved with the arrow keys (with Shift by
 * its own size): which pixels are looked at.
 *
 *     <nst-pixel-window label="content" .picture=${picture} .at=${{ x: 40, y: 12 }} .size=${8} @window=${(e) => e.detail}></nst-pixel-window>
 *
 * @fires window - detail: { x, y }, column and row of the upper left pixel
 */
@customElement("nst-pixel-window")
export class PixelWindow extends LitElement {
  @property({ attribute: false }) picture: Picture | null = null;
  /** column and row of the upper left pixel */
  @property({ attribute: false }) at = { x: 0, y: 0 };
  /** pixels a side */
  @property({ attribute: false }) size = 8;
  @property() label = "";

  #pixels: Pixels | null = null;
  #grab: { x: number; y: number } | null = null;

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("picture")) this.#pixels = this.picture && pixelsOf(this.picture);
  }

  override render() {
    const { picture, at, size, label } = this;
    if (!picture) return nothing;
    const percent = (pixels: number, of: number) => `${(100 * pixels) / of}%`;
    return html`<div class="stack" @pointerdown=${this.#press} @pointermove=${this.#follow} @pointerup=${this.#release} @pointercancel=${this.#release} @click=${this.#tap}>
      <nst-pixel-canvas .pixels=${this.#pixels} label="${label}, ${picture.width} × ${picture.height} pixels"></nst-pixel-canvas>
      <div
        class="window"
        style="left:${percent(at.x, picture.width)};top:${percent(at.y, picture.height)};width:${percent(size, picture.width)};height:${percent(size, picture.height)}"
        tabindex="0"
        role="application"
        aria-roledescription="window"
        aria-label="${size} × ${size} pixels from row ${at.y}, column ${at.x}. Arrow keys move the window, with Shift by its size."
        @keydown=${this.#key}
      ></div>
    </div>`;
  }

  #pixelAt(event: MouseEvent): { x: number; y: number } {
    const box = this.renderRoot.querySelector(".stack")!.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * this.picture!.width, y: ((event.clientY - box.top) / box.height) * this.picture!.height };
  }

  #press = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const { x, y } = this.#pixelAt(event);
    const { at, size } = this;
    const inside = (event.target as Element).classList.contains("window");
    // a finger beside the window may be about to scroll: it counts when it was a tap
    if (event.pointerType === "touch" && !inside) return;
    this.#grab = inside ? { x: x - at.x, y: y - at.y } : { x: size / 2, y: size / 2 };
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.renderRoot.querySelector<HTMLElement>(".window")!.focus({ preventScroll: true });
    event.preventDefault();
    this.#follow(event);
  };

  #follow = (event: PointerEvent) => {
    if (!this.#grab) return;
    const { x, y } = this.#pixelAt(event);
    this.#move(Math.round(x - this.#grab.x), Math.round(y - this.#grab.y));
  };

  #release = () => {
    this.#grab = null;
  };

  #tap = (event: MouseEvent) => {
    if ((event as PointerEvent).pointerType !== "touch" || (event.target as Element).classList.contains("window")) return;
    const { x, y } = this.#pixelAt(event);
    this.#move(Math.round(x - this.size / 2), Math.round(y - this.size / 2));
  };

  #key = (event: KeyboardEvent) => {
    const direction = ARROWS[event.key];
    if (!direction) return;
    event.preventDefault();
    const by = event.shiftKey ? this.size : 1;
    this.#move(this.at.x + direction[0] * by, this.at.y + direction[1] * by);
  };

  #move(x: number, y: number) {
    const inside = (value: number, length: number) => Math.max(0, Math.min(length - this.size, value));
    const to = { x: inside(x, this.picture!.width), y: inside(y, this.picture!.height) };
    if (to.x === this.at.x && to.y === this.at.y) return;
    this.at = to;
    this.dispatchEvent(new CustomEvent("window", { detail: to }));
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .stack {
        position: relative;
        overflow: clip;
        border-radius: 6px;
        cursor: crosshair;
      }
      /* white with a dark line on both sides shows on every colour */
      .window {
        position: absolute;
        min-width: 7px;
        min-height: 7px;
        border: 2px solid #fff;
        outline: 1.5px solid #000;
        cursor: grab;
        touch-action: none;
      }
      /* room for a finger */
      .window::before {
        content: "";
        position: absolute;
        inset: -12px;
      }
      .window:active {
        cursor: grabbing;
      }
      .window:focus-visible {
        outline: 3px solid var(--focus);
        outline-offset: 0;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-pixel-window": PixelWindow;
  }
}
