import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import "./colour-legend";
import { legendOf, paintSpread, type Spread } from "./gram-scale";
import { entriesIn, type MatrixWindow, showing, within, wholeWindow, zoomed } from "./gram-window";
import { formatNumber } from "./numbers";
import "./pixel-canvas";
import { ARROWS, type Pixels, type Probe } from "./pixel-canvas";
import { controlStyles } from "./theme";
import { type ColourScale, colourScale } from "./value-colours";

/** An entry of a Gram matrix, by its channels. */
export type Entry = readonly [i: number, j: number];

/** Whether it is another entry: the same one in a new array is none. */
export const isOther = (now: Entry, before: Entry | undefined): boolean => now[0] !== before?.[0] || now[1] !== before[1];

/** How far one turn of the wheel, or one press of + or −, goes. */
const STEP = Math.SQRT1_2;
/** In CSS pixels: less is a click. */
const DRAG = 4;

/**
 * A symmetric matrix as a heat map that can be entered: + and − and Ctrl with the wheel change how much of it is shown,
 * dragging moves it, arrow keys go from entry to entry. Several that show matrices of one size follow one another where
 * whoever holds them hands each the same `window` and `entry`.
 *
 * Fires "point" (detail: Entry, or null when none is pointed at any more), "choose" (detail: Entry) for one that is clicked,
 * tapped or gone to by keys, and "window" (detail: MatrixWindow).
 *
 *     <nst-gram-map .values=${gram.data} .order=${order} .scale=${scale} spread="root" .window=${window} .entry=${[18, 34]} label="Gram matrix of …"></nst-gram-map>
 */
@customElement("nst-gram-map")
export class GramMap extends LitElement {
  /** [n, n], row by row, by channel */
  @property({ attribute: false }) values = new Float32Array();
  /** channels in the order of rows and columns */
  @property({ attribute: false }) order: readonly number[] = [];
  @property({ attribute: false }) scale: ColourScale = colourScale(0, 1);
  @property() spread: Spread = "even";
  @property({ attribute: false }) window: MatrixWindow = wholeWindow(0);
  /** the entry that is looked at, also where it is another map that is pointed at */
  @property({ attribute: false, hasChanged: isOther }) entry: Entry = [0, 0];
  /** what is shown, for people who do not see it */
  @property() label = "";
  /** what the numbers are, above the legend */
  @property() unit = "";

  #pixels: Pixels | null = null;
  /** row or column of each channel */
  #places: number[] = [];
  #drag: { x: number; y: number; from: MatrixWindow; moved: boolean } | null = null;

  override willUpdate(changed: Map<string, unknown>): void {
    const { order, values } = this;
    if (changed.has("order")) {
      this.#places = [];
      order.forEach((channel, place) => (this.#places[channel] = place));
    }
    if (!["values", "order", "scale", "spread", "window"].some((name) => changed.has(name))) return;
    const n = order.length;
    const window = within(this.window, n);
    this.#pixels = n > 0 && values.length === n * n ? paintSpread(entriesIn(values, order, window), window.span, window.span, this.scale, this.spread) : null;
  }

  override render() {
    const { entry, order } = this;
    const n = order.length;
    const window = within(this.window, n);
    const probe = { x: this.#places[entry[1]] - window.x, y: this.#places[entry[0]] - window.y };
    const seen = [probe.x, probe.y].map((at) => at >= 0 && at < window.span);
    const at = (place: number) => `${((place + 0.5) / window.span) * 100}%`;
    const value = this.values[entry[0] * n + entry[1]];
    return html`<div class="frame ${window.span < n ? "entered" : ""}">
        <div class="columns" aria-hidden="true">${seen[0] ? html`<span style="left:${at(probe.x)}">${entry[1]}</span>` : nothing}</div>
        <div class="rows" aria-hidden="true">${seen[1] ? html`<span style="top:${at(probe.y)}">${entry[0]}</span>` : nothing}</div>
        <nst-pixel-canvas
          .pixels=${this.#pixels}
          .probe=${seen[0] && seen[1] ? probe : null}
          label="${this.label}. Entry ${entry[0]}, ${entry[1]}: ${formatNumber(value, 4)}. Arrow keys go from entry to entry, plus and minus show less or more of the matrix."
          reachable
          @probe=${this.#probed}
          @click=${this.#clicked}
          @keydown=${{ handleEvent: this.#key, capture: true }}
          @pointerdown=${{ handleEvent: this.#press, capture: true }}
          @pointermove=${{ handleEvent: this.#move, capture: true }}
          @pointerup=${this.#release}
          @pointercancel=${this.#release}
          @wheel=${this.#wheel}
        ></nst-pixel-canvas>
        <div class="lines" aria-hidden="true">
          ${seen[0] ? html`<i class="column" style="left:${at(probe.x)}"></i>` : nothing}${seen[1] ? html`<i class="row" style="top:${at(probe.y)}"></i>` : nothing}
        </div>
      </div>
      <nst-colour-legend .scale=${legendOf(this.scale, this.spread)} label=${this.unit}></nst-colour-legend>`;
  }

  #entryAt({ x, y }: { x: number; y: number }): Entry {
    const window = within(this.window, this.order.length);
    return [this.order[window.y + y], this.order[window.x + x]];
  }

  #probed = ({ detail }: CustomEvent<Probe>): void => {
    this.#send("point", detail && this.#entryAt(detail));
  };

  #key = (event: KeyboardEvent): void => {
    const { order } = this;
    const n = order.length;
    const arrow = ARROWS[event.key];
    const [row, column] = this.entry.map((channel) => this.#places[channel]);
    if (arrow) {
      // ahead of the canvas, which goes no further than its own edge
      event.preventDefault();
      event.stopPropagation();
      const far = event.shiftKey ? 16 : 1;
      const to = (from: number, step: number) => Math.max(0, Math.min(n - 1, from + step * far));
      const [x, y] = [to(column, arrow[0]), to(row, arrow[1])];
      const window = showing(within(this.window, n), x, y, n);
      if (window.x !== this.window.x || window.y !== this.window.y) this.#send("window", window);
      this.#send("choose", [order[y], order[x]]);
    } else if (event.key === "+" || event.key === "=" || event.key === "-" || event.key === "0") {
      event.preventDefault();
      this.#send("window", event.key === "0" ? wholeWindow(n) : zoomed(within(this.window, n), event.key === "-" ? 1 / STEP : STEP, column, row, n));
    }
  };

  #wheel = (event: WheelEvent): void => {
    // without the key the wheel belongs to the page
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const n = this.order.length;
    const [row, column] = this.entry.map((channel) => this.#places[channel]);
    this.#send("window", zoomed(within(this.window, n), event.deltaY > 0 ? 1 / STEP : STEP, column, row, n));
  };

  #press = (event: PointerEvent): void => {
    if (this.window.span < this.order.length) this.#drag = { x: event.clientX, y: event.clientY, from: within(this.window, this.order.length), moved: false };
  };

  #move = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (!drag) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.moved && Math.hypot(dx, dy) < DRAG) return;
    // what is dragged is not pointed at
    event.stopPropagation();
    const canvas = event.currentTarget as HTMLElement;
    if (!drag.moved) canvas.setPointerCapture(event.pointerId);
    drag.moved = true;
    const entries = drag.from.span / canvas.getBoundingClientRect().width;
    this.#send("window", within({ ...drag.from, x: drag.from.x - dx * entries, y: drag.from.y - dy * entries }, this.order.length));
  };

  #release = (): void => {
    // the click that ends a drag comes after this
    setTimeout(() => (this.#drag = null));
  };

  #clicked = (event: MouseEvent): void => {
    if (this.#drag?.moved) return;
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const { span } = within(this.window, this.order.length);
    const at = (offset: number, extent: number) => Math.max(0, Math.min(span - 1, Math.floor((offset / extent) * span)));
    this.#send("choose", this.#entryAt({ x: at(event.clientX - box.left, box.width), y: at(event.clientY - box.top, box.height) }));
  };

  #send(type: "point" | "choose" | "window", detail: Entry | MatrixWindow | null): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .frame {
        position: relative;
        margin: 0 0 8px;
        padding: 16px 0 0 26px;
      }
      nst-pixel-canvas {
        touch-action: pan-y;
      }
      .entered nst-pixel-canvas {
        touch-action: none;
      }
      /* the channels of the entry, beside the matrix */
      .columns,
      .rows,
      .lines {
        position: absolute;
        inset: 16px 0 0 26px;
        pointer-events: none;
      }
      .columns {
        bottom: auto;
        top: 0;
      }
      .rows {
        right: auto;
        left: 0;
      }
      .columns span,
      .rows span {
        position: absolute;
        color: var(--ink);
        font: 11px/14px var(--mono);
      }
      .columns span {
        transform: translateX(-50%);
      }
      .rows span {
        width: 22px;
        text-align: right;
        transform: translateY(-50%);
      }
      .lines {
        overflow: clip;
        border-radius: 6px;
      }
      .lines i {
        position: absolute;
        background: #fffb;
        /* shows on white as well */
        box-shadow: 0 0 0 0.5px #0005;
      }
      .column {
        inset: 0 auto;
        width: 1px;
      }
      .row {
        inset: auto 0;
        height: 1px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-gram-map": GramMap;
  }
}
