import { css, html, LitElement } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CropRect } from "../kernel/protocol";
import { moveCrop, resizeCrop, type Grip, type Size } from "./crop-geometry";
import { ARROWS } from "./pixel-canvas";

const CORNERS: readonly Grip[] = [{ x: -1, y: -1 }, { x: 1, y: -1 }, { x: -1, y: 1 }, { x: 1, y: 1 }];
const SIDES: readonly Grip[] = [{ x: 0, y: -1 }, { x: -1, y: 0 }, { x: 1, y: 0 }, { x: 0, y: 1 }];
/** A key is held down or pressed again within this time: only the last place counts. */
const KEY_PAUSE = 250;

/**
 * A picture with a frame on it that says which part counts. The frame is moved by dragging it or with the arrow keys, and
 * resized at its grips or with Shift and arrow keys. Fires "crop" (detail: CropRect) when a movement is over.
 *
 *     <nst-crop-frame .image=${bitmap} .source=${{ width, height }} .rect=${rect} .ratio=${1} @crop=${…}></nst-crop-frame>
 */
@customElement("nst-crop-frame")
export class CropFrame extends LitElement {
  /** the picture to show; may be smaller than the source */
  @property({ attribute: false }) image: ImageBitmap | null = null;
  @property({ attribute: false }) source: Size = { width: 1, height: 1 };
  @property({ attribute: false }) rect: CropRect = { x: 0, y: 0, width: 1, height: 1 };
  /** width over height that the frame keeps; null: any */
  @property({ attribute: false }) ratio: number | null = null;
  /** shortest side of the frame, in pixels of the source */
  @property({ type: Number }) smallest = 16;
  @property() label = "picture";
  /** where the frame is while it is being moved */
  @state() private moving: CropRect | null = null;

  #drag: { grip: Grip | null; x: number; y: number; from: CropRect } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  static override styles = css`
    :host {
      display: block;
      position: relative;
      overflow: hidden;
      border-radius: 6px;
      line-height: 0;
      user-select: none;
    }
    canvas {
      display: block;
      width: 100%;
    }
    .frame {
      position: absolute;
      box-sizing: border-box;
      border: 1.5px solid #fff;
      box-shadow: 0 0 0 9999px rgb(0 0 0 / 52%), inset 0 0 0 1px rgb(0 0 0 / 35%);
      cursor: move;
      touch-action: none;
    }
    .frame:focus-visible {
      outline: 2px solid var(--accent, var(--focus));
      outline-offset: -3px;
    }
    /* thirds, while it moves */
    .frame.moving::before,
    .frame.moving::after {
      content: "";
      position: absolute;
      inset: 0 33.33%;
      border-inline: 1px solid #fff8;
      pointer-events: none;
    }
    .frame.moving::after {
      inset: 33.33% 0;
      border-inline: 0;
      border-block: 1px solid #fff8;
    }
    /* inside the frame, which may fill the picture */
    .grip {
      position: absolute;
      width: 30px;
      height: 30px;
      translate: calc(var(--x) * -50% - 50%) calc(var(--y) * -50% - 50%);
    }
    .grip::before {
      content: "";
      position: absolute;
      inset: 2px;
      border: 0 solid #fff;
      border-width: var(--top) var(--right) var(--bottom) var(--left);
      filter: drop-shadow(0 0 1px rgb(0 0 0 / 70%));
      clip-path: var(--bracket);
    }
    .diagonal-down {
      cursor: nwse-resize;
    }
    .diagonal-up {
      cursor: nesw-resize;
    }
    .upright {
      cursor: ns-resize;
    }
    .level {
      cursor: ew-resize;
    }
  `;

  override render() {
    const rect = this.moving ?? this.rect;
    const { width, height } = this.source;
    const grips = this.ratio === null ? [...CORNERS, ...SIDES] : CORNERS;
    const box = `left:${(rect.x / width) * 100}%;top:${(rect.y / height) * 100}%;width:${(rect.width / width) * 100}%;height:${(rect.height / height) * 100}%`;
    return html`<canvas role="img" aria-label=${this.label}></canvas>
      <div
        class="frame ${this.moving ? "moving" : ""}"
        style=${box}
        tabindex="0"
        role="application"
        aria-roledescription="crop frame"
        aria-label="${rect.width} × ${rect.height} pixels at ${rect.x}, ${rect.y}. Arrow keys move the frame, Shift and arrow keys resize it."
        @pointerdown=${(event: PointerEvent) => this.#start(event, null)}
        @pointermove=${this.#follow}
        @pointerup=${this.#finish}
        @pointercancel=${this.#cancel}
        @keydown=${this.#key}
      >
        ${grips.map(
          (grip) => html`<div
            class="grip ${grip.x === 0 ? "upright" : grip.y === 0 ? "level" : grip.x === grip.y ? "diagonal-down" : "diagonal-up"}"
            style=${gripStyle(grip)}
            @pointerdown=${(event: PointerEvent) => this.#start(event, grip)}
          ></div>`,
        )}
      </div>`;
  }

  override updated(changed: Map<string, unknown>) {
    if (!changed.has("image") || !this.image) return;
    const canvas = this.renderRoot.querySelector("canvas")!;
    canvas.width = this.image.width;
    canvas.height = this.image.height;
    canvas.getContext("2d")!.drawImage(this.image, 0, 0);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#drag = null;
    this.moving = null;
  }

  #start(event: PointerEvent, grip: Grip | null) {
    if (event.button !== 0) return;
    event.stopPropagation();
    const frame = this.renderRoot.querySelector<HTMLElement>(".frame")!;
    frame.setPointerCapture(event.pointerId);
    frame.focus({ preventScroll: true });
    this.#drag = { grip, x: event.clientX, y: event.clientY, from: this.moving ?? this.rect };
    event.preventDefault();
  }

  #follow = (event: PointerEvent) => {
    if (!this.#drag) return;
    const scale = this.source.width / this.getBoundingClientRect().width;
    const { grip, from } = this.#drag;
    this.moving = this.#changed(from, grip, (event.clientX - this.#drag.x) * scale, (event.clientY - this.#drag.y) * scale);
  };

  #finish = () => {
    if (this.#drag) this.#commit();
  };

  #cancel = () => {
    this.#drag = null;
    this.moving = null;
  };

  #key = (event: KeyboardEvent) => {
    if (event.key === "Escape" && this.moving) {
      clearTimeout(this.#timer);
      this.#cancel();
      return;
    }
    const direction = ARROWS[event.key];
    if (!direction) return;
    event.preventDefault();
    const step = Math.max(1, Math.round(Math.max(this.source.width, this.source.height) / 100));
    const [dx, dy] = direction.map((way) => way * step);
    // with a ratio, up and down change the frame as left and right do: both axes follow
    const grip: Grip = this.ratio === null ? { x: 1, y: 1 } : direction[0] !== 0 ? { x: 1, y: 0 } : { x: 0, y: 1 };
    this.moving = this.#changed(this.moving ?? this.rect, event.shiftKey ? grip : null, dx, dy);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#commit(), KEY_PAUSE);
  };

  #changed(from: CropRect, grip: Grip | null, dx: number, dy: number): CropRect {
    return grip ? resizeCrop(from, grip, dx, dy, this.source, this.ratio, this.smallest) : moveCrop(from, dx, dy, this.source);
  }

  #commit() {
    const rect = this.moving;
    this.#drag = null;
    this.moving = null;
    if (!rect) return;
    this.rect = rect;
    this.dispatchEvent(new CustomEvent<CropRect>("crop", { detail: rect }));
  }
}

/** A bracket of two strokes in a corner, one stroke in the middle of a side. */
function gripStyle({ x, y }: Grip): string {
  const stroke = (drawn: boolean) => (drawn ? "3.5px" : "0");
  const bracket =
    x !== 0 && y !== 0
      ? `inset(${y > 0 ? "10px" : "-3px"} ${x < 0 ? "10px" : "-3px"} ${y < 0 ? "10px" : "-3px"} ${x > 0 ? "10px" : "-3px"})`
      : "none";
  return [
    `left:${(x + 1) * 50}%`, `top:${(y + 1) * 50}%`, `--x:${x}`, `--y:${y}`,
    `--top:${stroke(y < 0)}`, `--bottom:${stroke(y > 0)}`, `--left:${stroke(x < 0)}`, `--right:${stroke(x > 0)}`,
    `--bracket:${bracket}`,
  ].join(";");
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-crop-frame": CropFrame;
  }
}
