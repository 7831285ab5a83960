import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { type Area, type BrushShape, type Colour, colourAt, hexOf, isEmpty, type Paint } from "./paint-brush";
import type { Painting } from "./paint-model";
import { ringStyles } from "./paint-ring";
import { ARROWS } from "./pixel-canvas";
import { controlStyles } from "./theme";

/** Pixels that Shift and an arrow key move the brush. */
const FAR = 8;

/**
 * A picture to be painted on: with a pointer, a finger or a pen; or with the keyboard, where arrow keys move the brush and
 * Space puts it down (held, it draws). It changes `painting` and draws what has changed at once; nothing is waited for.
 *
 *     <nst-paint-canvas .painting=${painting} .version=${painting.version} .shape=${shape} .paintAt=${(x, y) => ({ kind: "colour", colour })} label="…"></nst-paint-canvas>
 *
 * @fires nst-painted - the picture has changed
 * @fires nst-stroke - a stroke has ended
 * @fires nst-pick - detail: Colour of the pixel that was picked (Alt and a click, or the key I)
 * @fires nst-size - detail: number by which the size of the brush is to be multiplied (keys [ and ])
 * @fires nst-undo
 * @fires nst-redo
 */
@customElement("nst-paint-canvas")
export class PaintCanvas extends LitElement {
  @property({ attribute: false }) painting: Painting | null = null;
  /** `painting.version`: that it differs is how the element learns of changes that are not its own */
  @property({ type: Number }) version = 0;
  @property({ attribute: false }) shape: BrushShape = { size: 8, softness: 0.5, strength: 1 };
  /** what a stroke that begins at a point leaves; null: nothing can be painted now */
  @property({ attribute: false }) paintAt: (x: number, y: number) => Paint | null = () => null;
  /** what is shown, for people who do not see it */
  @property() label = "";

  /** middle of the brush, in pixels of the picture; null while it is not over it */
  @state() private brush: { x: number; y: number } | null = null;
  @state() private said = "";
  @query("canvas") private canvas!: HTMLCanvasElement;
  private drawn = -1;
  private shown: Painting | null = null;
  private image: ImageData | null = null;
  /** whether the brush is held down by the space bar */
  private held = false;

  override render() {
    const { brush, painting, shape } = this;
    const width = painting?.picture.width ?? 1;
    const height = painting?.picture.height ?? 1;
    return html`<div class="stage" style="aspect-ratio: ${width} / ${height}">
      <canvas
        tabindex="0" role="application" aria-label=${this.label} aria-describedby="keys"
        @pointerdown=${this.onDown} @pointermove=${this.onMove} @pointerup=${this.onUp} @pointercancel=${this.onUp} @pointerleave=${this.onLeave}
        @keydown=${this.onKey} @keyup=${this.onKeyUp} @blur=${this.onBlur}
      ></canvas>
      ${brush ? html`<i style="left:${(100 * brush.x) / width}%;top:${(100 * brush.y) / height}%;width:${(100 * shape.size) / width}%"></i>` : nothing}
      </div>
      <p id="keys" class="visually-hidden">Arrow keys move the brush, with Shift by ${FAR} pixels. Space paints; hold it and move to draw. I takes the colour under the brush, [ and ] make the brush smaller and larger, Control Z takes back.</p>
      <p class="visually-hidden" role="status">${this.said}</p>`;
  }

  protected override updated(): void {
    const { painting } = this;
    if (painting && (painting !== this.shown || painting.version !== this.drawn)) {
      const { width, height } = painting.picture;
      if (painting !== this.shown) this.image = null;
      this.shown = painting;
      this.draw({ left: 0, top: 0, right: width, bottom: height });
    }
  }

  /** Draws some of the pixels anew. */
  private draw({ left, top, right, bottom }: Area): void {
    const { picture, version } = this.painting!;
    const { width, height, data } = picture;
    const { canvas } = this;
    if (!this.image) {
      canvas.width = width;
      canvas.height = height;
      this.image = new ImageData(width, height);
      this.image.data.fill(255);
    }
    const bytes = this.image.data;
    for (let row = top; row < bottom; row++) {
      for (let pixel = row * width + left; pixel < row * width + right; pixel++) {
        bytes[4 * pixel] = data[3 * pixel] * 255;
        bytes[4 * pixel + 1] = data[3 * pixel + 1] * 255;
        bytes[4 * pixel + 2] = data[3 * pixel + 2] * 255;
      }
    }
    canvas.getContext("2d", { alpha: false })!.putImageData(this.image, 0, 0, left, top, right - left, bottom - top);
    this.drawn = version;
  }

  private place(event: PointerEvent): { x: number; y: number } {
    const box = this.canvas.getBoundingClientRect();
    const { width, height } = this.painting!.picture;
    return { x: ((event.clientX - box.left) / box.width) * width, y: ((event.clientY - box.top) / box.height) * height };
  }

  private onDown = (event: PointerEvent): void => {
    const { painting } = this;
    if (!painting || event.button !== 0 || painting.painting) return;
    const { x, y } = (this.brush = this.place(event));
    if (event.altKey) return this.pick(x, y);
    // what is drawn beyond the edge still belongs to the stroke
    this.canvas.setPointerCapture(event.pointerId);
    this.press(x, y);
  };

  private onMove = (event: PointerEvent): void => {
    const { painting } = this;
    if (!painting || this.held) return;
    const pressed = this.canvas.hasPointerCapture(event.pointerId);
    // a frame may bring several moves at once: a stroke goes through all of them
    const moves = pressed ? event.getCoalescedEvents?.() ?? [] : [];
    for (const move of moves.length > 0 ? moves : [event]) {
      this.brush = this.place(move);
      if (pressed) this.go(this.brush.x, this.brush.y);
    }
  };

  private onUp = (event: PointerEvent): void => {
    if (!this.canvas.hasPointerCapture(event.pointerId)) return;
    this.canvas.releasePointerCapture(event.pointerId);
    if (event.pointerType !== "mouse") this.brush = null;
    this.release();
  };

  private onLeave = (event: PointerEvent): void => {
    if (!this.canvas.hasPointerCapture(event.pointerId) && !this.matches(":focus-within")) this.brush = null;
  };

  private onKey = (event: KeyboardEvent): void => {
    const { painting } = this;
    if (!painting) return;
    const { width, height } = painting.picture;
    const from = this.brush ?? { x: width / 2, y: height / 2 };
    const arrow = ARROWS[event.key];
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === "z") this.send(event.shiftKey ? "nst-redo" : "nst-undo");
    else if (command && event.key.toLowerCase() === "y") this.send("nst-redo");
    else if (command || event.altKey) return;
    else if (arrow) {
      const far = event.shiftKey ? FAR : 1;
      // whole pixels and a half: the middle of the pixel that is named
      const to = (value: number, step: number, most: number) => Math.min(most - 0.5, Math.max(0.5, Math.floor(value) + 0.5 + step * far));
      this.brush = { x: to(from.x, arrow[0], width), y: to(from.y, arrow[1], height) };
      if (this.held) this.go(this.brush.x, this.brush.y);
      this.say(this.brush);
    } else if (event.key === " ") {
      this.brush = from;
      if (!event.repeat && !painting.painting) {
        this.held = true;
        this.press(from.x, from.y);
      }
    } else if (event.key === "i" || event.key === "I") this.pick(from.x, from.y);
    else if (event.key === "[" || event.key === "]") this.send("nst-size", event.key === "]" ? 1.25 : 0.8);
    else return;
    event.preventDefault();
  };

  private onKeyUp = (event: KeyboardEvent): void => {
    if (event.key !== " " || !this.held) return;
    event.preventDefault();
    this.lift();
  };

  private onBlur = (): void => {
    this.lift();
    this.brush = null;
  };

  private lift(): void {
    if (!this.held) return;
    this.held = false;
    this.release();
  }

  private press(x: number, y: number): void {
    const paint = this.paintAt(x, y);
    if (!paint) return;
    this.changed(this.painting!.press(x, y, paint, this.shape));
  }

  private go(x: number, y: number): void {
    this.changed(this.painting!.move(x, y));
  }

  private changed(area: Area | null): void {
    if (!area || isEmpty(area)) return;
    this.draw(area);
    this.send("nst-painted");
  }

  private release(): void {
    if (!this.painting?.painting) return;
    this.painting.release();
    this.send("nst-stroke");
  }

  private pick(x: number, y: number): void {
    const { picture } = this.painting!;
    const within = (value: number, most: number) => Math.min(most - 1, Math.max(0, Math.floor(value)));
    this.send("nst-pick", colourAt(picture, within(x, picture.width), within(y, picture.height)) satisfies Colour);
  }

  private say({ x, y }: { x: number; y: number }): void {
    const [column, row] = [Math.floor(x), Math.floor(y)];
    this.said = `column ${column}, row ${row}, colour ${hexOf(colourAt(this.painting!.picture, column, row))}`;
  }

  private send(type: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  static override styles = [
    controlStyles,
    ringStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .stage {
        position: relative;
        overflow: clip;
        border-radius: 8px;
        background: var(--code);
        line-height: 0;
      }
      .stage:focus-within:has(canvas:focus-visible) {
        outline: 2px solid var(--focus);
        outline-offset: 2px;
      }
      canvas {
        display: block;
        width: 100%;
        height: 100%;
        image-rendering: pixelated;
        cursor: crosshair;
        /* a finger paints here; beside the picture it scrolls */
        touch-action: none;
        outline: none;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-paint-canvas": PaintCanvas;
  }
}
