import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Patch } from "../kernel/protocol";
import { fieldOf, type ReceptiveField } from "../nst/receptive-field";
import { type Area, within } from "./layers-facts";
import { formatNumber } from "./numbers";
import { drawPatch } from "./patches-drawing";
import type { NamedPicture } from "./patches-pictures";
import { ARROWS } from "./pixel-canvas";
import { controlStyles } from "./theme";

/** Side of a patch, and what lies between two, in CSS pixels. */
const SIDE = 44;
const GAP = 3;

/**
 * Every channel of a layer by the one patch that excites it most, in a sheet; one channel is chosen.
 *
 *     <nst-patch-sheet .pictures=${pictures} .channels=${channels} .field=${field} .chosen=${18} @nst-channel=${(e) => e.detail}></nst-patch-sheet>
 *
 * @fires nst-channel - detail: number of the channel that was chosen
 */
@customElement("nst-patch-sheet")
export class PatchSheet extends LitElement {
  @property({ attribute: false }) pictures: readonly NamedPicture[] = [];
  /** for every channel its patches, best first */
  @property({ attribute: false }) channels: readonly (readonly Patch[])[] = [];
  @property({ attribute: false }) field: ReceptiveField = { size: 1, stride: 1, start: 0 };
  @property({ attribute: false }) chosen = 0;
  @state() private pointed: number | null = null;
  @state() private columns = 1;
  @query("canvas") private canvas!: HTMLCanvasElement;

  #resizes = new ResizeObserver(([{ contentRect }]) => (this.columns = Math.max(1, Math.floor((contentRect.width + GAP) / (SIDE + GAP)))));

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  override render() {
    const count = this.channels.length;
    if (count === 0) return nothing;
    const shown = this.pointed ?? this.chosen;
    const [width, height] = [this.columns, Math.ceil(count / this.columns)].map((n) => n * (SIDE + GAP) - GAP);
    const mark = (channel: number, name: string) => html`<i class=${name} style="left:${(channel % this.columns) * (SIDE + GAP)}px;top:${Math.floor(channel / this.columns) * (SIDE + GAP)}px"></i>`;
    return html`<div class="scroll" @pointerleave=${() => (this.pointed = null)}>
        <div class="sheet" style="width:${width}px;height:${height}px">
          <canvas
            style="width:${width}px;height:${height}px"
            role="slider"
            tabindex="0"
            aria-label="Channel, shown by the patch that excites it most"
            aria-valuemin="0"
            aria-valuemax=${count - 1}
            aria-valuenow=${this.chosen}
            aria-valuetext=${this.#said(this.chosen)}
            @pointermove=${(event: PointerEvent) => (this.pointed = this.#at(event))}
            @click=${this.#clicked}
            @keydown=${this.#key}
          ></canvas>
          ${mark(this.chosen, "chosen")}${this.pointed !== null && this.pointed !== this.chosen ? mark(this.pointed, "pointed") : nothing}
        </div>
      </div>
      <p class="number">${this.#said(shown)}</p>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (["pictures", "channels", "field", "columns"].some((name) => changed.has(name))) this.#draw();
    if (changed.has("chosen")) this.#reveal();
  }

  #draw(): void {
    if (!this.canvas) return;
    const rows = Math.ceil(this.channels.length / this.columns);
    const [width, height] = [this.columns, rows].map((n) => n * (SIDE + GAP) - GAP);
    const dense = Math.min(2, devicePixelRatio);
    this.canvas.width = width * dense;
    this.canvas.height = height * dense;
    const context = this.canvas.getContext("2d")!;
    context.scale(dense, dense);
    context.fillStyle = getComputedStyle(this).getPropertyValue("--code");
    for (const [channel, [best]] of this.channels.entries()) {
      const [left, top] = [channel % this.columns, Math.floor(channel / this.columns)].map((n) => n * (SIDE + GAP));
      context.fillRect(left, top, SIDE, SIDE);
      if (best) drawPatch(context, this.pictures[best.picture].picture, this.#middle(best), left, top, SIDE);
    }
  }

  /** The largest square in the middle of what a unit sees of its picture: there is no room here for what lies beyond the border. */
  #middle({ x, y, picture }: Patch): Area {
    const { width, height } = this.pictures[picture].picture;
    const seen = within(fieldOf(this.field, x, y), width, height);
    const side = Math.min(seen.width, seen.height);
    return { x: seen.x + (seen.width - side) / 2, y: seen.y + (seen.height - side) / 2, width: side, height: side };
  }

  #said(channel: number): string {
    const best = this.channels[channel]?.[0];
    return best ? `channel ${channel}: at most ${formatNumber(best.value)}, in ${this.pictures[best.picture].name}` : `channel ${channel}: silent in all these pictures`;
  }

  /** The channel under the pointer. */
  #at({ offsetX, offsetY }: MouseEvent): number | null {
    const channel = Math.floor(offsetY / (SIDE + GAP)) * this.columns + Math.min(this.columns - 1, Math.floor(offsetX / (SIDE + GAP)));
    return channel >= 0 && channel < this.channels.length ? channel : null;
  }

  #clicked = (event: MouseEvent): void => {
    const channel = this.#at(event);
    if (channel !== null) this.#choose(channel);
  };

  #key = (event: KeyboardEvent): void => {
    const step = ARROWS[event.key];
    const last = this.channels.length - 1;
    const next = step ? this.chosen + step[0] + step[1] * this.columns : event.key === "Home" ? 0 : event.key === "End" ? last : null;
    if (next === null) return;
    event.preventDefault();
    this.pointed = null;
    if (next >= 0 && next <= last) this.#choose(next);
  };

  #choose(channel: number): void {
    this.dispatchEvent(new CustomEvent("nst-channel", { detail: channel }));
  }

  /** Scrolls the sheet, and not the page, so that the chosen channel is seen. */
  #reveal(): void {
    const scroll = this.renderRoot.querySelector(".scroll");
    if (!scroll) return;
    const top = Math.floor(this.chosen / this.columns) * (SIDE + GAP);
    if (top < scroll.scrollTop) scroll.scrollTop = top;
    else if (top + SIDE > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = top + SIDE - scroll.clientHeight;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        font: 12px/1.45 var(--sans);
        color: var(--soft);
      }
      .scroll {
        max-height: 238px;
        padding: 3px;
        margin: -3px;
        overflow: hidden auto;
      }
      .sheet {
        position: relative;
      }
      canvas {
        display: block;
        cursor: pointer;
      }
      i {
        position: absolute;
        width: ${SIDE}px;
        height: ${SIDE}px;
        pointer-events: none;
        box-shadow: 0 0 0 1.5px var(--edge);
      }
      i.chosen {
        box-shadow:
          0 0 0 1.5px var(--card),
          0 0 0 3.5px var(--ink);
      }
      p {
        margin: 6px 0 0;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-patch-sheet": PatchSheet;
  }
}
