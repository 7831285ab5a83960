import { css, html, LitElement, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { formatNumber } from "./numbers";
import { magnification, shareOfStart, SKETCH_AT, type SketchPoint } from "./sketch-verdict";
import { controlStyles } from "./theme";

/** The highest share that can be drawn; what comes higher is drawn at the upper edge. */
const TOP = 1.25;
/** Of an arrow key, and of one with Shift. */
const STRIDES = [0.01, 0.1];
/** Where the points lie before anything was drawn. */
const UNDRAWN = 0.5;

/**
 * A field in which a curve is drawn by a handful of points: by pointer or finger, or by keyboard, where each point is a
 * slider of its own. The curve that came is drawn over it.
 *
 *     <nst-sketch-plot name="content" kind="content" .sketch=${heights} .truth=${points} .steps=${80} @nst-draw=${…}></nst-sketch-plot>
 *
 * @fires nst-draw - detail: the heights at SKETCH_AT, shares of J at step 0
 */
@customElement("nst-sketch-plot")
export class SketchPlot extends LitElement {
  /** of the cost */
  @property() name = "";
  /** whose colour the true curve takes: "content", "style", else that of the picture */
  @property() kind = "";
  /** heights at SKETCH_AT; null: nothing drawn yet */
  @property({ attribute: false }) sketch: readonly number[] | null = null;
  /** the curve that came; null: not shown */
  @property({ attribute: false }) truth: readonly SketchPoint[] | null = null;
  /** steps of the whole run; null where they are not known yet */
  @property({ attribute: false }) steps: number | null = null;
  /** the sketch cannot be changed any more */
  @property({ type: Boolean, reflect: true }) fixed = false;

  /** the point that the pointer has drawn last, and its height, while it is down */
  #stroke: { index: number; y: number } | null = null;

  get #heights(): number[] {
    return [...(this.sketch ?? SKETCH_AT.map(() => UNDRAWN))];
  }

  override render() {
    const { sketch, truth, fixed, steps } = this;
    const heights = this.#heights;
    const line = (points: readonly SketchPoint[]) => points.map(({ x, y }) => `${(100 * x).toFixed(2)},${(100 * down(y)).toFixed(2)}`).join(" ");
    const at = (x: number) => (steps === null ? `${Math.round(100 * x)} % of the steps` : `step ${Math.round(x * steps)}`);
    const colour = this.kind === "content" ? "content" : this.kind === "total" ? "total" : this.kind === "tv" ? "tv" : "style";
    const times = truth ? magnification(truth) : 1;
    return html`<div class="plot">
      <span class="y" aria-hidden="true">${[1, 0.5, 0].map((y) => html`<i style="top: ${100 * down(y)}%">${100 * y} %</i>`)}</span>
      <div class="field" @pointerdown=${this.#down} @pointermove=${this.#move} @pointerup=${this.#up} @pointercancel=${this.#up}>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label=${this.#summary()}>
          ${[0, 0.5, 1].map((y) => svg`<line class="grid" x1="0" x2="100" y1=${100 * down(y)} y2=${100 * down(y)} />`)}
          <polyline class="sketch ${sketch ? "" : "undrawn"}" points=${line(heights.map((y, i) => ({ x: SKETCH_AT[i], y })))} />
          ${truth && times > 1 ? svg`<polyline class="truth enlarged ${colour}" points=${line(truth.map(({ x, y }) => ({ x, y: times * y })))} />` : nothing}
          ${truth ? svg`<polyline class="truth ${colour}" points=${line(truth)} />` : nothing}
        </svg>
        ${heights.map((y, i) => html`<span
          class="point" role="slider" tabindex=${fixed ? -1 : 0} aria-disabled=${fixed} style="left: ${100 * SKETCH_AT[i]}%; top: ${100 * down(y)}%" aria-label="${this.name} cost at ${at(SKETCH_AT[i])}"
          aria-orientation="vertical" aria-valuemin="0" aria-valuemax=${100 * TOP} aria-valuenow=${Math.round(100 * y)} aria-valuetext=${shareOfStart(y)} @keydown=${(e: KeyboardEvent) => this.#key(e, i)}
        ></span>`)}
      </div>
      <span class="x" aria-hidden="true"><i>step 0</i><i>${steps === null ? "the last step" : `step ${formatNumber(steps)}`}</i>${truth ? html`<i class="legend"><b class="drawn">yours</b><b class=${colour}>the run</b>${times > 1 ? html`<b class="${colour} faint">the run, ${formatNumber(times)} times as high</b>` : nothing}</i>` : nothing}</span>
    </div>`;
  }

  #summary(): string {
    const told = (points: readonly SketchPoint[]) => points.map(({ y }) => shareOfStart(y)).join(", ");
    const { sketch, truth } = this;
    const drawn = sketch ? `Your curve of the ${this.name} cost: ${told(sketch.map((y, i) => ({ x: SKETCH_AT[i], y })))} of J at step 0.` : "Nothing drawn yet.";
    if (!truth) return drawn;
    const some = SKETCH_AT.flatMap((x) => truth.findLast((point) => point.x <= x) ?? []);
    return `${drawn} The curve of the run at the same places: ${told(some)}.`;
  }

  #down = (event: PointerEvent) => {
    if (this.fixed || event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#stroke = null;
    this.#draw(event);
  };

  #move = (event: PointerEvent) => {
    if ((event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId)) this.#draw(event);
  };

  #up = () => (this.#stroke = null);

  /** The point nearest to the pointer goes to its height, and those that a quick stroke has passed over to the heights in between. */
  #draw(event: PointerEvent): void {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    const y = clamp(TOP * (1 - (event.clientY - box.top) / box.height));
    const index = nearestPoint(x);
    const from = this.#stroke ?? { index, y };
    const heights = this.#heights;
    const count = Math.abs(index - from.index);
    for (let i = 0; i <= count; i++) heights[from.index + Math.sign(index - from.index) * i] = count === 0 ? y : from.y + ((y - from.y) * i) / count;
    this.#stroke = { index, y };
    this.#tell(heights);
  }

  #key(event: KeyboardEvent, index: number): void {
    const up = { ArrowUp: 1, ArrowRight: 1, PageUp: 10, ArrowDown: -1, ArrowLeft: -1, PageDown: -10 }[event.key];
    const ends: Record<string, number> = { Home: 0, End: TOP };
    if (this.fixed || (up === undefined && !(event.key in ends))) return;
    event.preventDefault();
    const heights = this.#heights;
    heights[index] = up === undefined ? ends[event.key] : clamp(heights[index] + up * STRIDES[event.shiftKey ? 1 : 0]);
    this.#tell(heights);
  }

  #tell(heights: number[]): void {
    this.sketch = heights;
    this.dispatchEvent(new CustomEvent<number[]>("nst-draw", { detail: heights }));
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        font: 11px/1.3 var(--sans);
        color: var(--soft);
      }
      .plot {
        display: grid;
        grid-template: 200px auto / 42px minmax(0, 1fr);
        gap: 5px 4px;
        max-width: 640px;
      }
      .field {
        position: relative;
        border-left: 1px solid var(--edge);
        cursor: crosshair;
        touch-action: none;
      }
      :host([fixed]) .field {
        cursor: default;
        touch-action: auto;
      }
      svg {
        display: block;
        width: 100%;
        height: 100%;
        overflow: visible;
      }
      polyline {
        fill: none;
        stroke-width: 2;
        stroke-linejoin: round;
        vector-effect: non-scaling-stroke;
      }
      .sketch {
        stroke: var(--picture);
        stroke-dasharray: 6 4;
      }
      .sketch.undrawn {
        stroke: var(--edge);
      }
      .truth {
        stroke: var(--style);
        stroke-width: 2.5;
      }
      .truth.enlarged {
        stroke-width: 1.5;
        stroke-dasharray: 1.5 3;
      }
      .truth.content {
        stroke: var(--content);
      }
      .truth.total {
        stroke: var(--ink);
      }
      .truth.tv {
        stroke: var(--soft);
      }
      .grid {
        stroke: var(--line);
        vector-effect: non-scaling-stroke;
      }
      .point {
        position: absolute;
        width: 24px;
        height: 24px;
        margin: -12px;
        border-radius: 50%;
        cursor: ns-resize;
      }
      .point::before {
        content: "";
        position: absolute;
        inset: 6px;
        border: 2px solid var(--picture);
        border-radius: 50%;
        background: var(--card);
      }
      :host([fixed]) .point {
        pointer-events: none;
      }
      :host([fixed]) .point::before {
        inset: 8px;
      }
      i {
        font-style: normal;
      }
      .y {
        position: relative;
      }
      .y i {
        position: absolute;
        right: 4px;
        translate: 0 -50%;
        white-space: nowrap;
      }
      .x {
        grid-column: 2;
        display: flex;
        flex-wrap: wrap;
        gap: 2px 8px;
        justify-content: space-between;
      }
      .legend {
        display: flex;
        flex: 1 0 100%;
        flex-wrap: wrap;
        gap: 0 14px;
        justify-content: center;
      }
      .legend b {
        font-weight: 600;
      }
      .legend b.faint {
        font-weight: 400;
      }
      .legend .drawn {
        color: var(--picture);
      }
      .legend .total {
        color: var(--ink);
      }
    `,
  ];
}

const clamp = (y: number): number => Math.max(0, Math.min(TOP, y));

/** A height as the share of the field above it. */
const down = (y: number): number => 1 - clamp(y) / TOP;

function nearestPoint(x: number): number {
  let best = 0;
  SKETCH_AT.forEach((at, i) => {
    if (Math.abs(at - x) < Math.abs(SKETCH_AT[best] - x)) best = i;
  });
  return best;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-sketch-plot": SketchPlot;
  }
}
