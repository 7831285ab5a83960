import type { Plot as PlotScales } from "@observablehq/plot";
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";

type PlotModule = typeof import("@observablehq/plot");

/** One value for each channel, of one of the things that are compared. */
export interface ScatterSeries {
  /** as the axis and the readout call it */
  name: string;
  /** by channel */
  values: Float32Array;
}

const HEIGHT = 240;
/** So far from a dot, in pixels, it still counts as pointed at. */
const NEAR = 24;

/**
 * A dot for each channel: what it is in one thing against what it is in another (or two others); on the line both are
 * equal. The chosen channel is lit, and a click or tap chooses the nearest. By keyboard channels are chosen elsewhere.
 *
 *     <nst-channel-scatter .x=${{ name: "FC", values }} .y=${[{ name: "FS", values }]} .selected=${18} what="mean activation"></nst-channel-scatter>
 *
 * @fires nst-channel - detail: the channel that was clicked
 */
@customElement("nst-channel-scatter")
export class ChannelScatter extends LitElement {
  @property({ attribute: false }) x: ScatterSeries = { name: "", values: new Float32Array() };
  /** one or two */
  @property({ attribute: false }) y: readonly ScatterSeries[] = [];
  @property({ attribute: false }) selected = -1;
  /** what the numbers are */
  @property() what = "";

  @state() private hovered = -1;
  @state() private width = 0;
  @query(".drawing") private drawing!: HTMLElement;

  #plot: PlotModule | null = null;
  @state() private failure = "";
  #apply: { x(value: number): number; y(value: number): number } | null = null;
  #resizes = new ResizeObserver(([{ contentRect }]) => (this.width = Math.floor(contentRect.width)));

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#resizes.observe(this.drawing);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  protected override async firstUpdated(): Promise<void> {
    this.#resizes.observe(this.drawing);
    try {
      this.#plot = await import("@observablehq/plot");
      this.#draw();
    } catch {
      this.failure = "The drawing could not be loaded. Are you offline? Reload the page to try again.";
    }
  }

  protected override updated(changed: PropertyValues): void {
    if (["x", "y", "width"].some((name) => changed.has(name))) this.#draw();
  }

  #draw(): void {
    const plot = this.#plot;
    const { x, y, width } = this;
    if (!plot || width < 80 || x.values.length === 0) return;
    const [across, up] = [domainOf([x]), domainOf(y)];
    const equal = [Math.max(across[0], up[0]), Math.min(across[1], up[1])];
    const tickFormat = (value: number) => formatNumber(value, 2);
    const figure = plot.plot({
      width,
      height: HEIGHT,
      marginTop: 22,
      marginRight: 12,
      marginBottom: 36,
      marginLeft: 44,
      x: { type: "linear", domain: across, label: null },
      y: { type: "linear", domain: up, label: null },
      marks: [
        plot.gridY({ ticks: 4, stroke: "var(--line)", strokeOpacity: 1 }),
        plot.axisY({ ticks: 4, tickSize: 0, tickFormat, label: y.map(({ name }, i) => `${MARKS[i].sign} ${name}`).join("  "), labelArrow: "none", labelAnchor: "top" }),
        plot.axisX({ ticks: Math.max(2, Math.min(5, width / 70)), tickSize: 4, tickFormat, label: x.name, labelArrow: "none", labelAnchor: "center" }),
        plot.line(equal, { x: (end: number) => end, y: (end: number) => end, stroke: "var(--edge)", strokeDasharray: "4 3" }),
        ...y.map((series, i) => plot.dot(Array.from(x.values, (value, channel) => ({ value, other: series.values[channel] })), { x: "value", y: "other", r: 3, symbol: MARKS[i].symbol, stroke: "var(--ink)", strokeOpacity: 0.65, fill: i === 0 ? "var(--ink)" : "none", fillOpacity: 0.25 })),
      ],
    }) as SVGSVGElement & PlotScales;
    const [toX, toY] = [figure.scale("x")!, figure.scale("y")!];
    this.#apply = { x: (value) => toX.apply(value) as number, y: (value) => toY.apply(value) as number };
    figure.setAttribute("aria-hidden", "true");
    this.drawing.replaceChildren(figure);
    this.requestUpdate();
  }

  override render() {
    const { x, y, selected, hovered } = this;
    const lit = hovered >= 0 ? hovered : selected;
    const known = lit >= 0 && lit < x.values.length;
    return html`<div class="plot" @pointermove=${this.#point} @pointerleave=${() => (this.hovered = -1)} @click=${this.#click}>
        <div class="drawing" role="img" aria-label="${this.what} of each of ${x.values.length} channels, ${x.name} against ${y.map(({ name }) => name).join(" and ")}${known ? `; ${this.#spoken(lit)}` : ""}"></div>
        ${known ? y.map((series) => this.#ring(x.values[lit], series.values[lit])) : nothing}
      </div>
      <p class="number">${this.failure || (known ? this.#spoken(lit) : nothing)}</p>`;
  }

  #spoken(channel: number): string {
    return `channel ${channel}: ${[this.x, ...this.y].map(({ name, values }) => `${name} ${formatNumber(values[channel])}`).join(", ")}`;
  }

  #ring(x: number, y: number) {
    if (!this.#apply || !Number.isFinite(x) || !Number.isFinite(y)) return nothing;
    return html`<i style="left:${this.#apply.x(x)}px;top:${this.#apply.y(y)}px"></i>`;
  }

  /** The channel whose dot is nearest to the pointer, −1 if none is near. */
  #nearest(event: MouseEvent): number {
    if (!this.#apply) return -1;
    const box = this.drawing.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    let [best, least] = [-1, NEAR];
    for (const { values } of this.y) {
      for (let channel = 0; channel < values.length; channel++) {
        const distance = Math.hypot(this.#apply.x(this.x.values[channel]) - px, this.#apply.y(values[channel]) - py);
        if (distance < least) [best, least] = [channel, distance];
      }
    }
    return best;
  }

  #point = (event: PointerEvent) => {
    this.hovered = this.#nearest(event);
  };

  #click = (event: MouseEvent) => {
    const channel = this.#nearest(event);
    if (channel >= 0) this.dispatchEvent(new CustomEvent("nst-channel", { detail: channel }));
  };

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        font: 12px/1.45 var(--sans);
        color: var(--soft);
      }
      .plot {
        position: relative;
        cursor: pointer;
      }
      .drawing {
        height: ${HEIGHT}px;
        overflow: hidden;
      }
      .drawing svg {
        display: block;
        max-width: none;
        background: none;
        color: var(--soft);
        font: 11px var(--sans);
        font-variant-numeric: tabular-nums;
        overflow: visible;
      }
      i {
        position: absolute;
        width: 13px;
        height: 13px;
        margin: -6.5px;
        border: 2.5px solid var(--focus);
        border-radius: 50%;
        background: var(--card);
        pointer-events: none;
      }
      p {
        margin: 2px 0 0;
        min-height: 18px;
        color: var(--ink);
      }
    `,
  ];
}

/** From 0, or below, to the largest value, with a little air. */
function domainOf(series: readonly ScatterSeries[]): [number, number] {
  const finite = series.flatMap(({ values }) => Array.from(values)).filter(Number.isFinite);
  return [Math.min(0, ...finite), Math.max(0, ...finite) * 1.04 || 1];
}

/** How the dots of each series look: by shape, so that no colour is needed to tell them apart. */
const MARKS = [
  { symbol: "circle", sign: "●" },
  { symbol: "triangle", sign: "△" },
] as const;

declare global {
  interface HTMLElementTagNameMap {
    "nst-channel-scatter": ChannelScatter;
  }
}
