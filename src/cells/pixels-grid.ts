import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { formatNumber } from "./numbers";
import { ARROWS, type Probe } from "./pixel-canvas";
import { inkOn } from "./pixels-ink";
import { controlStyles } from "./theme";
import type { Triple } from "./pixels-chain";

/**
 * A few pixels, each as large as the numbers in it. One is chosen: by pointing at it, by a tap, or with the arrow keys.
 *
 *     <nst-pixel-grid label="content" .columns=${8} .colours=${colours} .numbers=${numbers} .chosen=${{ x: 3, y: 2 }} .channel=${0} @choose=${(e) => e.detail}></nst-pixel-grid>
 *
 * @fires choose - detail: { x, y }, column and row within the grid
 */
@customElement("nst-pixel-grid")
export class PixelGrid extends LitElement {
  @property({ attribute: false }) columns = 8;
  /** [r, g, b] in [0, 1] of each pixel, row by row: its background */
  @property({ attribute: false }) colours: readonly Triple[] = [];
  /** what is written into each, top to bottom */
  @property({ attribute: false }) numbers: readonly Triple[] = [];
  @property({ attribute: false }) chosen: NonNullable<Probe> = { x: 0, y: 0 };
  /** the number of each that is read, 0 to 2 */
  @property({ attribute: false }) channel = 0;
  @property() label = "";

  override render() {
    const { columns, colours, numbers, chosen, channel } = this;
    const at = chosen.y * columns + chosen.x;
    const spoken = numbers[at]?.map((value) => formatNumber(value, 4)).join(", ") ?? "";
    return html`<div
      class="grid"
      style="--columns:${columns}"
      tabindex="0"
      role="application"
      aria-roledescription="pixels"
      aria-label="${this.label}. Row ${chosen.y}, column ${chosen.x} of the window: ${spoken}. Arrow keys go to another pixel."
      @pointermove=${this.#point}
      @pointerdown=${this.#point}
      @keydown=${this.#key}
    >
      ${colours.map((colour, i) => {
        const [r, g, b] = colour.map((value) => Math.round(value * 255));
        return html`<span class=${i === at ? "chosen" : nothing} style="background:rgb(${r} ${g} ${b});color:${inkOn(r, g, b)}" aria-hidden="true"
          >${numbers[i].map((value, c) => html`<i class=${c === channel && i === at ? "read" : nothing}>${short(value)}</i>`)}</span
        >`;
      })}
    </div>`;
  }

  #point = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const rows = this.colours.length / this.columns;
    const at = (offset: number, extent: number, count: number) => Math.max(0, Math.min(count - 1, Math.floor((offset / extent) * count)));
    this.#choose(at(event.clientX - box.left, box.width, this.columns), at(event.clientY - box.top, box.height, rows));
  };

  #key = (event: KeyboardEvent) => {
    const direction = ARROWS[event.key];
    if (!direction) return;
    event.preventDefault();
    const rows = this.colours.length / this.columns;
    this.#choose(Math.max(0, Math.min(this.columns - 1, this.chosen.x + direction[0])), Math.max(0, Math.min(rows - 1, this.chosen.y + direction[1])));
  };

  #choose(x: number, y: number) {
    if (x === this.chosen.x && y === this.chosen.y) return;
    this.chosen = { x, y };
    this.dispatchEvent(new CustomEvent("choose", { detail: this.chosen }));
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(var(--columns), minmax(0, 1fr));
        overflow: clip;
        border-radius: 6px;
        font: 500 clamp(8.5px, calc(14cqw / var(--columns) + 3.5px), 14px) / 1.25 var(--sans);
        font-variant-numeric: tabular-nums;
        letter-spacing: -0.01em;
        cursor: crosshair;
        user-select: none;
        touch-action: pan-y;
      }
      span {
        display: grid;
        align-content: center;
        justify-items: center;
        aspect-ratio: 1;
        min-width: 0;
        forced-color-adjust: none;
      }
      i {
        font-style: normal;
        white-space: nowrap;
      }
      .chosen {
        box-shadow: inset 0 0 0 2px currentColor;
      }
      .read {
        font-weight: 750;
        text-decoration: underline;
      }
    `,
  ];
}

/** At most five characters wide, sign aside. */
function short(value: number): string {
  if (Math.abs(value) < 0.005) return "0";
  const digits = Math.abs(value) < 10 ? value.toFixed(Number.isInteger(value) ? 0 : 2) : Math.abs(value) < 100 ? value.toFixed(1) : value.toFixed(0);
  return digits.replace("-", "−");
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-pixel-grid": PixelGrid;
  }
}
