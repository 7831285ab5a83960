import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import { pan, transformOf, WHOLE, type Zoom, zoomAt } from "./compare-runs-zoom";
import { type Pixels, pixelsOf } from "./pixel-canvas";

/** What a frame shows: numbers of a picture, a decoded picture of a filmstrip, or pixels that were painted. */
export type Shown = Picture | ImageBitmap | Pixels;

/** A place in a picture, as shares of its width and height. */
export interface Place {
  x: number;
  y: number;
}

/** Pictures of more pixels are drawn one after the other, each in a task of its own. */
const LARGE = 2 ** 16;
/** Pixels that a wheel turns for a factor of e. */
const WHEEL = 400;

/**
 * A picture in a frame that one can go into: by wheel, by dragging, with two fingers, by a double click. It does not zoom by
 * itself: it fires "nst-zoom", so that whoever holds several of them can give all the same `zoom`.
 *
 *     <nst-linked-picture .shown=${picture} .zoom=${zoom} .aspect=${4 / 3} label="A after 40 steps" @nst-zoom=${(e) => (zoom = e.detail)}></nst-linked-picture>
 *
 * @fires nst-zoom - detail: Zoom; bubbling
 * @fires nst-place - detail: the Place that is pointed at, null when none is any more
 */
@customElement("nst-linked-picture")
export class LinkedPicture extends LitElement {
  /** null: what was shown before stays */
  @property({ attribute: false }) shown: Shown | null = null;
  @property({ attribute: false }) zoom: Zoom = WHOLE;
  /** marked with a ring: the place that is pointed at in another picture */
  @property({ attribute: false }) place: Place | null = null;
  /** width over height of the frame, and of the picture at its full size */
  @property({ attribute: false }) aspect = 1;
  /** what is shown, for people who do not see it */
  @property() label = "";
  /** it stands in for another one: its frame is dashed */
  @property({ type: Boolean, reflect: true }) preview = false;
  /** every turn of a wheel zooms; else only those with Ctrl or ⌘, and the page scrolls */
  @property({ type: Boolean }) wheel = false;

  private readonly pointers = new Map<number, { x: number; y: number }>();

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("wheel", this.onWheel, { passive: false });
    this.addEventListener("touchstart", this.onTouch, { passive: false });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("wheel", this.onWheel);
    this.removeEventListener("touchstart", this.onTouch);
    this.pointers.clear();
  }

  override render() {
    const { zoom, aspect, place } = this;
    const at = (shares: "x" | "y") => `${(0.5 + (place![shares] - zoom[shares]) * zoom.scale) * 100}%`;
    return html`<div
      class="frame ${zoom.scale > 1 ? "near" : ""}" style="aspect-ratio:${aspect}"
      @pointerdown=${this.onDown} @pointermove=${this.onMove} @pointerup=${this.onUp} @pointercancel=${this.onUp} @lostpointercapture=${this.onUp} @dblclick=${this.onDouble} @pointerleave=${() => this.point(null)}
    ><canvas role="img" aria-label=${this.label} style="transform:${transformOf(zoom)}" width="0" height="0"></canvas>${place ? html`<i style="left:${at("x")};top:${at("y")}"></i>` : nothing}</div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { shown } = this;
    if (shown && changed.has("shown")) {
      if (shown.width * shown.height <= LARGE || shown instanceof ImageBitmap) this.draw(shown);
      else inTurn(() => this.shown === shown && this.draw(shown));
    }
    this.toggleAttribute("enlarged", this.zoom.scale > 1);
  }

  private draw(shown: Shown): void {
    const canvas = this.renderRoot.querySelector("canvas")!;
    const { width, height } = shown;
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext("2d")!;
    if (shown instanceof ImageBitmap) context.drawImage(shown, 0, 0);
    else context.putImageData(new ImageData(("rgba" in shown ? shown : pixelsOf(shown)).rgba, width, height), 0, 0);
    // what is larger than its frame is shown smoothly, what is smaller with its pixels
    canvas.classList.toggle("coarse", !(shown instanceof ImageBitmap));
  }

  private send(detail: Zoom): void {
    const { scale, x, y } = this.zoom;
    if (detail.scale !== scale || detail.x !== x || detail.y !== y) this.dispatchEvent(new CustomEvent<Zoom>("nst-zoom", { detail, bubbles: true, composed: true }));
  }

  /** A place on the screen as shares of the frame. */
  private share({ x, y }: { x: number; y: number }): [number, number] {
    const box = this.getBoundingClientRect();
    return [(x - box.left) / box.width, (y - box.top) / box.height];
  }

  private onWheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey && !this.wheel) return;
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    // a pinch on a touchpad comes as small turns with Ctrl
    const factor = Math.exp((-event.deltaY * lines * (event.ctrlKey ? 4 : 1)) / WHEEL);
    const [u, v] = this.share({ x: event.clientX, y: event.clientY });
    const next = zoomAt(this.zoom, factor, u, v);
    // at the end of the way the page scrolls again
    if (next.scale === this.zoom.scale && !event.ctrlKey) return;
    event.preventDefault();
    this.send(next);
  };

  /** With one finger the page is scrolled as long as the whole is shown; two are for the picture. */
  private onTouch = (event: TouchEvent): void => {
    if (event.touches.length > 1) event.preventDefault();
  };

  private onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.zoom.scale > 1 || this.pointers.size > 1) (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  };

  private point(detail: Place | null): void {
    this.dispatchEvent(new CustomEvent<Place | null>("nst-place", { detail }));
  }

  private onMove = (event: PointerEvent): void => {
    const [u, v] = this.share({ x: event.clientX, y: event.clientY });
    const { scale, x, y } = this.zoom;
    this.point({ x: x + (u - 0.5) / scale, y: y + (v - 0.5) / scale });
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    this.pointers.set(event.pointerId, now);
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    const [u0, v0] = this.share(before);
    if (others.length === 0) return this.send(pan(this.zoom, u - u0, v - v0));
    const [other] = others;
    const reach = (at: { x: number; y: number }) => Math.hypot(at.x - other.x, at.y - other.y);
    const [um, vm] = this.share({ x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    this.send(pan(zoomAt(this.zoom, reach(now) / Math.max(1, reach(before)), um, vm), (u - u0) / 2, (v - v0) / 2));
  };

  private onUp = (event: PointerEvent): void => {
    this.pointers.delete(event.pointerId);
  };

  private onDouble = (event: MouseEvent): void => {
    const [u, v] = this.share({ x: event.clientX, y: event.clientY });
    this.send(this.zoom.scale > 1 ? WHOLE : zoomAt(this.zoom, 3, u, v));
  };

  static override styles = css`
    :host {
      display: block;
      min-width: 0;
      line-height: 0;
    }
    .frame {
      position: relative;
      overflow: clip;
      border-radius: 6px;
      background: var(--code);
      touch-action: pan-x pan-y;
      user-select: none;
      cursor: zoom-in;
    }
    .near {
      cursor: grab;
      touch-action: none;
    }
    .near:active {
      cursor: grabbing;
    }
    canvas {
      display: block;
      width: 100%;
      height: 100%;
      transform-origin: 0 0;
    }
    i {
      position: absolute;
      width: 13px;
      height: 13px;
      margin: -6.5px;
      border: 1.5px solid #fff;
      border-radius: 50%;
      box-shadow:
        0 0 0 1px #000,
        inset 0 0 0 1px #000;
      pointer-events: none;
    }
    :host([enlarged]) canvas.coarse {
      image-rendering: pixelated;
    }
    :host([preview]) .frame {
      outline: 2px dashed var(--edge);
      outline-offset: 1px;
    }
  `;
}

/** Draws what is large after what was asked for before it. */
function inTurn(draw: () => void): void {
  turn = turn.then(() => new Promise((resolve) => setTimeout(resolve))).then(draw);
}

let turn: Promise<unknown> = Promise.resolve();

declare global {
  interface HTMLElementTagNameMap {
    "nst-linked-picture": LinkedPicture;
  }
}
