import { css, html, LitElement, nothing, svg } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import type { StepOperation } from "../kernel/protocol";
import { type Direction, DIRECTIONS, edgesOf, layerRuns, operationAfterKey, operationAt, peakAt, runTitle, shortTitle, type Widths } from "./anatomy-model";
import { operationText } from "./anatomy-words";
import { controlStyles } from "./theme";
import { formatBytes } from "./value-facts";

/** In CSS pixels, from the top: memory, names of layers, lanes. */
const MEMORY = 104;
const NAMES = 20;
const LANE = 26;
const HEIGHT = MEMORY + NAMES + LANE * DIRECTIONS.length;
/** Room above the largest memory for its label. */
const HEAD = 20;
/** An operation is at least as wide as this where all are as wide as one another. */
const LEAST = 4;
/** So near to an operation of a lane, in CSS pixels, the pointer means it. */
const REACH = 5;

/**
 * Every operation of a step as a bar in the lane of its direction, layers named above, and over it the memory that is alive.
 * The one that is chosen shows lines to the operations that made its inputs. Arrow keys go from one to the next, Page Up and
 * Page Down from layer to layer.
 *
 *     <nst-anatomy-timeline .operations=${record.operations} .activations=${record.activations} widths="time" .selected=${17}
 *       .kinds=${(operation) => "content"} @nst-operation=${…} @nst-point=${…}></nst-anatomy-timeline>
 *
 * @fires nst-operation - detail: index of the operation that was chosen
 * @fires nst-point - detail: index of the one that is pointed at, −1 when none is any more
 */
@customElement("nst-anatomy-timeline")
export class AnatomyTimeline extends LitElement {
  @property({ attribute: false }) operations: readonly StepOperation[] = [];
  /** bytes of all feature maps together: what the memory is compared with */
  @property({ attribute: false }) activations = 0;
  @property() widths: Widths = "time";
  @property({ attribute: false }) selected = -1;
  /** a class for the colour of an operation: "content", "gram" or "" */
  @property({ attribute: false }) kinds: (operation: StepOperation) => string = () => "";

  @state() private width = 0;
  @state() private pointed = -1;
  @query(".scroller") private scroller!: HTMLElement;
  private edges: Float64Array = new Float64Array(1);
  private readonly resizes = new ResizeObserver(([{ contentRect }]) => (this.width = Math.floor(contentRect.width)));

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.resizes.observe(this.scroller);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizes.disconnect();
  }

  protected override firstUpdated(): void {
    this.resizes.observe(this.scroller);
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("operations") && !changed.has("widths")) return;
    this.edges = edgesOf(this.operations, this.widths);
    this.pointed = -1;
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (!changed.has("selected") && !changed.has("widths")) return;
    const { scroller, selected } = this;
    const at = this.x(selected);
    if (selected >= 0 && (at < scroller.scrollLeft + 20 || at > scroller.scrollLeft + scroller.clientWidth - 20)) scroller.scrollLeft = at - scroller.clientWidth / 2;
  }

  /** Width of the drawing: of what is seen, or more where each operation needs its place. */
  private get drawn(): number {
    return this.widths === "even" ? Math.max(this.width, this.operations.length * LEAST) : this.width;
  }

  private x(operation: number): number {
    return this.edges[Math.max(0, operation)] * this.drawn;
  }

  override render() {
    const { operations, selected } = this;
    const n = operations.length;
    const shown = operations[selected];
    return html`<div class="lanes" aria-hidden="true">
        <span class="memory">memory</span>
        ${DIRECTIONS.map((direction) => html`<span>${direction}</span>`)}
      </div>
      <div
        class="scroller" role="slider" tabindex="0"
        aria-label="Operations of the step. Arrow keys go from one to the next, Page Up and Page Down from layer to layer."
        aria-valuemin="1" aria-valuemax=${n} aria-valuenow=${selected + 1} aria-valuetext=${shown ? operationText(shown, selected, n) : "none"}
        @keydown=${this.key} @pointermove=${this.point} @pointerdown=${this.point} @pointerleave=${() => this.pointAt(-1)} @click=${this.choose}
      >
        ${this.width > 0 && n > 0 ? this.drawing() : html`<div class="free"></div>`}
      </div>`;
  }

  private drawing() {
    const { drawn, operations, selected, pointed, edges } = this;
    const bar = (i: number) => ({ x: edges[i] * drawn, width: (edges[i + 1] - edges[i]) * drawn });
    const mark = (i: number, kind: string) => {
      const { x, width } = bar(i);
      return svg`<rect class=${kind} x=${x - 1} width=${Math.max(width, 1) + 2} y=${laneTop(operations[i].direction) + 1} height=${LANE - 2} rx="2"></rect>`;
    };
    return svg`<svg width=${drawn} height=${HEIGHT} viewBox="0 0 ${drawn} ${HEIGHT}" aria-hidden="true">
      ${guard([operations, edges, drawn], () => [
        // not made anew for a pointer that moves
        this.layers(),
        this.memory(),
        operations.map((operation, i) => {
          const { x, width } = bar(i);
          return svg`<rect class="op ${operation.direction} ${this.kinds(operation)}" x=${x.toFixed(2)} width=${Math.max(0.4, width - (width > 2 ? 0.7 : 0)).toFixed(2)} y=${laneTop(operation.direction) + 4} height=${LANE - 8}></rect>`;
        }),
      ])}
      ${operations[selected] ? svg`${this.links(selected)}${mark(selected, "selected")}` : nothing}
      ${operations[pointed] && pointed !== selected ? mark(pointed, "pointed") : nothing}
    </svg>`;
  }

  /** Bands that part the layers from one another, and their names where there is room. */
  private layers() {
    const { drawn, edges, operations } = this;
    return layerRuns(operations).map((run, k) => {
      const [from, to] = [edges[run.from] * drawn, edges[run.end] * drawn];
      const title = [runTitle(run, operations), shortTitle(run)].find((title) => title !== "" && to - from > title.length * 6 + 3);
      return svg`${k % 2 === 0 ? svg`<rect class="band" x=${from} width=${to - from} y="0" height=${HEIGHT}></rect>` : nothing}
        ${title ? svg`<text class="layer" x=${(from + to) / 2} y=${MEMORY + 14} text-anchor="middle">${title}</text>` : nothing}`;
    });
  }

  /** Bytes alive, and at what they are the most. */
  private memory() {
    const { drawn, edges, operations, activations } = this;
    const most = peakAt(operations);
    const peak = operations[most].alive;
    const top = Math.max(peak, activations);
    const y = (bytes: number) => (top > 0 ? MEMORY - (bytes / top) * (MEMORY - HEAD) : MEMORY);
    const steps = operations.map(({ alive }, i) => `L${(edges[i] * drawn).toFixed(1)} ${y(alive).toFixed(1)}H${(edges[i + 1] * drawn).toFixed(1)}`).join("");
    const at = ((edges[most] + edges[most + 1]) / 2) * drawn;
    const right = at > drawn / 2;
    return svg`<path class="alive" d="M0 ${MEMORY}${steps}V${MEMORY}Z"></path>
      <line class="maps" x1="0" x2=${drawn} y1=${y(activations)} y2=${y(activations)}></line>
      <circle class="peak" cx=${at} cy=${y(peak)} r="3.5"></circle>
      <text class="most" x=${at + (right ? -8 : 8)} y=${y(peak) - 7} text-anchor=${right ? "end" : "start"}>peak ${formatBytes(peak)}</text>`;
  }

  /** From the operations that made the inputs of this one. */
  private links(of: number) {
    const { drawn, edges, operations } = this;
    const middle = (i: number) => ((edges[i] + edges[i + 1]) / 2) * drawn;
    const centre = (i: number) => laneTop(operations[i].direction) + LANE / 2;
    const makers = new Set(operations[of].inputs.flatMap(({ from }) => from ?? []));
    return [...makers].map((from) => {
      const [x1, y1, x2, y2] = [middle(from), centre(from), middle(of), centre(of)];
      const bend = Math.min(18, Math.abs(x2 - x1) / 6 + 6);
      return svg`<path class="link" d="M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 + (y1 === y2 ? bend : -bend)} ${x2} ${y2}"></path><circle class="maker" cx=${x1} cy=${y1} r="3"></circle>`;
    });
  }

  private indexAt(event: MouseEvent): number {
    const { left, top } = this.scroller.querySelector("svg")!.getBoundingClientRect();
    const { drawn, edges, operations } = this;
    const y = event.clientY - top - MEMORY - NAMES;
    return operationAt(operations, edges, (event.clientX - left) / drawn, y < 0 ? null : (DIRECTIONS[Math.floor(y / LANE)] ?? null), REACH / drawn);
  }

  private point = (event: PointerEvent): void => {
    if (this.width > 0 && this.operations.length > 0) this.pointAt(this.indexAt(event));
  };

  private pointAt(index: number): void {
    if (index === this.pointed) return;
    this.pointed = index;
    this.dispatchEvent(new CustomEvent("nst-point", { detail: index }));
  }

  private choose = (event: MouseEvent): void => {
    // a click comes at whole pixels, a pointer between them: what was pointed at, and read, is what is meant
    const index = this.pointed >= 0 ? this.pointed : this.operations.length > 0 ? this.indexAt(event) : -1;
    if (index >= 0) this.send(index);
  };

  private key = (event: KeyboardEvent): void => {
    const to = operationAfterKey(event.key, Math.max(0, this.selected), this.operations);
    if (to === null || this.operations.length === 0) return;
    event.preventDefault();
    this.send(to);
  };

  private send(index: number): void {
    this.dispatchEvent(new CustomEvent("nst-operation", { detail: index }));
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        font: 11px/1.3 var(--sans);
        color: var(--soft);
      }
      .lanes {
        display: grid;
        grid-template-rows: ${MEMORY + NAMES}px repeat(${DIRECTIONS.length}, ${LANE}px);
        align-items: center;
        padding-right: 8px;
      }
      .lanes .memory {
        align-self: start;
        padding-top: 4px;
      }
      .scroller {
        overflow: auto hidden;
        scrollbar-width: thin;
        cursor: crosshair;
        border-radius: 4px;
      }
      .free {
        height: ${HEIGHT}px;
      }
      svg {
        display: block;
      }
      .band {
        fill: var(--code);
      }
      .layer,
      .most {
        fill: var(--soft);
        font: 11px var(--sans);
      }
      .most {
        fill: var(--ink);
        font-weight: 600;
      }
      .alive {
        fill: color-mix(in srgb, var(--ink) 16%, transparent);
        stroke: var(--soft);
        stroke-width: 1;
      }
      .maps {
        stroke: var(--soft);
        stroke-width: 1;
        stroke-dasharray: 4 4;
      }
      .peak {
        fill: var(--ink);
        stroke: var(--card);
        stroke-width: 1.5;
      }
      .op {
        fill: var(--soft);
      }
      .op.costs {
        fill: var(--ink);
      }
      .op.gram {
        fill: var(--style);
      }
      .op.content {
        fill: var(--content);
      }
      .op.backward {
        fill: var(--picture);
      }
      .op.update {
        fill: var(--ink);
      }
      .selected,
      .pointed {
        fill: none;
        stroke: var(--focus);
        stroke-width: 2;
      }
      .pointed {
        stroke: var(--ink);
        stroke-width: 1;
      }
      .link {
        fill: none;
        stroke: var(--focus);
        stroke-width: 1.2;
      }
      .maker {
        fill: var(--card);
        stroke: var(--focus);
        stroke-width: 1.5;
      }
      @media (forced-colors: active) {
        .op,
        .alive {
          forced-color-adjust: none;
        }
      }
    `,
  ];
}

const laneTop = (direction: Direction): number => MEMORY + NAMES + LANE * DIRECTIONS.indexOf(direction);

declare global {
  interface HTMLElementTagNameMap {
    "nst-anatomy-timeline": AnatomyTimeline;
  }
}
