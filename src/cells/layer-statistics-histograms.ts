import { css, html, LitElement, type PropertyValues } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { LayerStatistics } from "../nst/map-statistics";
import { paperName } from "../nst/names";
import { Coalesced } from "./coalesce";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";

type PlotModule = typeof import("@observablehq/plot");

/** CSS pixels that one histogram takes at least in width, and in height with its numbers. */
const PANEL = { width: 118, height: 104 };

/**
 * The numbers of every layer as a histogram, small multiples in the order of the network: each from 0 to the largest number
 * of its layer, zeros left out, heights drawn as square roots so that the rare large numbers are seen. A line marks the mean.
 *
 *     <nst-layer-histograms .statistics=${[{ layer: "block1_conv1", … }, …]} accent="content"></nst-layer-histograms>
 */
@customElement("nst-layer-histograms")
export class LayerHistograms extends LitElement {
  @property({ attribute: false }) statistics: readonly LayerStatistics[] = [];
  /** a colour of the theme: "content", "style", "edge" */
  @property() accent = "edge";
  @query(".drawing") private drawing!: HTMLElement;

  private plot: PlotModule | null = null;
  private width = 0;
  private readonly redraw = new Coalesced(() => this.draw(), 100);
  private readonly resizes = new ResizeObserver(([{ contentRect }]) => {
    if (Math.round(contentRect.width) === this.width) return;
    this.width = Math.round(contentRect.width);
    this.redraw.request();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.redraw.cancel();
    this.resizes.disconnect();
  }

  protected override async firstUpdated(): Promise<void> {
    try {
      this.plot = await import("@observablehq/plot");
    } catch {
      this.drawing.textContent = "The drawing could not be loaded. Are you offline? The table shows the same numbers.";
      return;
    }
    this.redraw.request();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("statistics") || changed.has("accent")) this.redraw.request();
  }

  override render() {
    return html`<div class="drawing" role="img" aria-label=${this.summary()}></div>`;
  }

  private summary(): string {
    const said = this.statistics.map(({ layer, mean, sparsity }) => `${paperName(layer)} mean ${formatNumber(mean)}, ${formatNumber(100 * sparsity, 2)} % zeros`);
    return `Histograms of ${this.statistics.length} layers: ${said.join("; ")}`;
  }

  private draw(): void {
    const { plot, statistics, width } = this;
    if (!plot || !this.isConnected || width < 100 || statistics.length === 0) return;
    const rows = Math.ceil(statistics.length / Math.max(2, Math.floor(width / PANEL.width)));
    // as many in each row, so that the last is not nearly empty
    const columns = Math.ceil(statistics.length / rows);
    const panels = statistics.map((layer, i) => ({ ...layer, fx: i % columns, fy: Math.floor(i / columns), span: layer.histogram.high - layer.histogram.low || 1 }));
    const bars = panels.flatMap(({ fx, fy, histogram: { counts } }) => {
      const most = Math.max(1, ...counts);
      return Array.from(counts, (count, b) => ({ fx, fy, x1: b / counts.length, x2: (b + 1) / counts.length, y: count / most })).filter(({ y }) => y > 0);
    });
    const place = { fx: "fx", fy: "fy" } as const;
    const said = (dy: number, text: (panel: (typeof panels)[number]) => string, options = {}) => plot.text(panels, { ...place, text, frameAnchor: "top-right", dy, fill: "var(--soft)", ...options });
    const figure = plot.plot({
      width,
      height: rows * PANEL.height,
      margin: 0,
      marginBottom: 18,
      fx: { domain: Array.from({ length: columns }, (_, i) => i), axis: null, paddingInner: 0.12 },
      fy: { domain: Array.from({ length: rows }, (_, i) => i), axis: null, paddingInner: 0.34 },
      x: { domain: [0, 1], axis: null },
      y: { domain: [0, 1], type: "sqrt", axis: null },
      marks: [
        plot.rectY(bars, { ...place, x1: "x1", x2: "x2", y: "y", fill: `var(--${this.accent})`, insetRight: 0.5 }),
        plot.ruleY(panels, { ...place, y: () => 0, stroke: "var(--edge)" }),
        plot.ruleX(panels, { ...place, x: ({ mean, histogram, span }) => (mean - histogram.low) / span, stroke: "var(--ink)", strokeDasharray: "2 2" }),
        said(0, ({ layer }) => paperName(layer), { fill: "var(--ink)", fontWeight: 600, fontFamily: "var(--mono)" }),
        said(15, ({ mean }) => `mean ${formatNumber(mean, 2)}`),
        said(29, ({ sparsity }) => `${formatNumber(100 * sparsity, 2)} % zeros`),
        said(43, ({ dead }) => (dead > 0 ? `${dead} silent` : "")),
        said(12, ({ histogram: { low } }) => formatNumber(low), { frameAnchor: "bottom-left" }),
        said(12, ({ histogram: { high } }) => formatNumber(high), { frameAnchor: "bottom-right" }),
      ],
    });
    figure.setAttribute("aria-hidden", "true");
    this.drawing.replaceChildren(figure);
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .drawing {
        overflow: hidden;
      }
      svg {
        display: block;
        max-width: none;
        background: none;
        font: 11px var(--sans);
        font-variant-numeric: tabular-nums;
        overflow: visible;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-layer-histograms": LayerHistograms;
  }
}
