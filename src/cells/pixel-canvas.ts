import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Picture } from "../nst/picture";

/** RGBA bytes to be shown. */
export interface Pixels {
  width: number;
  height: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** A picture as opaque bytes. */
export function pixelsOf({ width, height, data }: Picture): Pixels {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0, p = 0; i < data.length; p += 4) {
    rgba[p] = data[i++] * 255;
    rgba[p + 1] = data[i++] * 255;
    rgba[p + 2] = data[i++] * 255;
    rgba[p + 3] = 255;
  }
  return { width, height, rgba };
}

/** A pixel that is pointed at, null when none is. */
export type Probe = { x: number; y: number } | null;

/**
 * Shows pixels as they are: one canvas pixel for each, with hard edges where they are enlarged. Fires "probe" (detail:
 * Probe) when one is pointed at, or gone to with the arrow keys if the element is `reachable`.
 *
 *     <nst-pixel-canvas label="the picture" reachable .pixels=${{ width, height, rgba }} .probe=${this.probe} @probe=${…}></nst-pixel-canvas>
 */
@customElement("nst-pixel-canvas")
export class PixelCanvas extends LitElement {
  @property({ attribute: false }) pixels: Pixels | null = null;
  @property({ attribute: false }) probe: Probe = null;
  /** what is shown, for people who do not see it */
  @property() label = "";
  /** whether the pixels can be read by keyboard; not where a canvas beside it tells the same */
  @property({ type: Boolean }) reachable = false;

  /** Reduced without smoothing, a picture would lose whole rows of its pixels. */
  #resizes = new ResizeObserver(([{ contentRect }]) => this.toggleAttribute("reduced", contentRect.width * devicePixelRatio < (this.pixels?.width ?? 0)));

  static override styles = css`
    :host {
      display: block;
      position: relative;
      line-height: 0;
    }
    canvas {
      display: block;
      width: 100%;
      border-radius: 6px;
      image-rendering: pixelated;
      cursor: crosshair;
    }
    :host([reduced]) canvas {
      image-rendering: auto;
    }
    canvas:focus-visible {
      outline: 2px solid var(--focus);
      outline-offset: 2px;
    }
    i {
      position: absolute;
      width: 9px;
      height: 9px;
      margin: -4.5px;
      border: 1.5px solid #fff;
      border-radius: 50%;
      box-shadow: 0 0 0 1.5px #000;
      pointer-events: none;
    }
  `;

  override render() {
    const { pixels, probe } = this;
    const dot = pixels && probe ? html`<i style="left:${((probe.x + 0.5) / pixels.width) * 100}%;top:${((probe.y + 0.5) / pixels.height) * 100}%"></i>` : nothing;
    return html`<canvas
        role="img"
        aria-label=${this.label || nothing}
        tabindex=${this.reachable ? 0 : nothing}
        @pointermove=${this.#point}
        @pointerdown=${this.#point}
        @pointerleave=${() => this.#send(null)}
        @keydown=${this.#key}
        @blur=${() => this.#send(null)}
      ></canvas>${dot}`;
  }

  override connectedCallback() {
    super.connectedCallback();
    this.#resizes.observe(this);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  override updated(changed: Map<string, unknown>) {
    if (!changed.has("pixels") || !this.pixels) return;
    const { width, height, rgba } = this.pixels;
    const canvas = this.renderRoot.querySelector("canvas")!;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    canvas.getContext("2d")!.putImageData(new ImageData(rgba, width, height), 0, 0);
  }

  #point = (event: PointerEvent) => {
    if (!this.pixels) return;
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const { width, height } = this.pixels;
    const at = (offset: number, extent: number, count: number) => Math.max(0, Math.min(count - 1, Math.floor((offset / extent) * count)));
    this.#send({ x: at(event.clientX - box.left, box.width, width), y: at(event.clientY - box.top, box.height, height) });
  };

  #key = (event: KeyboardEvent) => {
    const step = ARROWS[event.key];
    if (!step || !this.pixels) return;
    event.preventDefault();
    const { width, height } = this.pixels;
    const from = this.probe ?? { x: width >> 1, y: height >> 1 };
    const far = event.shiftKey ? 16 : 1;
    this.#send({ x: Math.max(0, Math.min(width - 1, from.x + step[0] * far)), y: Math.max(0, Math.min(height - 1, from.y + step[1] * far)) });
  };

  #send(probe: Probe) {
    this.dispatchEvent(new CustomEvent<Probe>("probe", { detail: probe }));
  }
}

/** Direction of each arrow key. */
export const ARROWS: Record<string, readonly [number, number] | undefined> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

declare global {
  interface HTMLElementTagNameMap {
    "nst-pixel-canvas": PixelCanvas;
  }
}
