import { css, html, LitElement } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { Coalesced } from "./coalesce";
import type { Concentration } from "./content-cost-sums";
import { drawingStyles } from "./drawing-styles";
import { formatCount, formatNumber } from "./numbers";
import { controlStyles } from "./theme";

type PlotModule = typeof import("@observablehq/plot");

/** Parts of one sum. */
export interface SumParts extends Concentration {
  /** "positions" */
  name: string;
  count: number;
  colour: string;
  /** of its line, so that curves differ by more than their colour */
  dash?: string;
}

const HEIGHT = 210;

/**
 * How a sum grows when its parts are added one by one, the largest first: were all alike, the curve would be the diagonal.
 * Dots mark where half of the sum is reached.
 *
 *     <nst-sum-curve .sums=${[{ name: "positions", count: 1024, colour: "var(--ink)", ...concentration(perPosition) }]}></nst-sum-curve>
 */
@customElement("nst-sum-curve")
export class SumCurve extends LitElement {
  @property({ attribute: false }) sums: readonly SumParts[] = [];
  @query(".drawing") private drawing!: HTMLElement;

  private plot: PlotModule | null = null;
  private width = 0;
  private readonly redraw = new Coalesced(() => this.draw(), 200);
  private readonly resizes = new ResizeObserver(([{ contentRect }]) => {
    if (Math.round(contentRect.width) === this.width) return;
    this.width = Math.round(contentRect.width);
    this.redraw.request();
  });

  override render() {
    return html`<div class="drawing" role="img" aria-label="Share of the cost against share of the parts, the largest first. ${this.sums.map(halfText).join(" ")}"></div>
      <ul>${this.sums.map((sum) => html`<li><svg width="22" height="8" aria-hidden="true"><line x1="0" x2="22" y1="4" y2="4" stroke=${sum.colour} stroke-width="2" stroke-dasharray=${sum.dash ?? "none"}></line></svg>${halfText(sum)}</li>`)}</ul>`;
  }

  protected override async firstUpdated(): Promise<void> {
    this.resizes.observe(this.drawing);
    try {
      this.plot = await import("@observablehq/plot");
    } catch {
      this.drawing.textContent = "The curve could not be loaded. Are you offline? Reload the page to try again.";
    }
    this.redraw.request();
  }

  protected override updated(): void {
    this.redraw.request();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.resizes.observe(this.drawing);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizes.disconnect();
    this.redraw.cancel();
  }

  private draw(): void {
    const { plot, width } = this;
    if (!plot || !this.isConnected || width < 100) return;
    const percent = (share: number) => `${Math.round(100 * share)} %`;
    const known = this.sums.filter(({ curve }) => curve.length > 0);
    const figure = plot.plot({
      width,
      height: HEIGHT,
      marginTop: 8,
      marginRight: 20,
      marginBottom: 36,
      marginLeft: 44,
      x: { domain: [0, 1], label: "share of the parts, the largest first", labelAnchor: "center", labelArrow: "none", ticks: 5, tickFormat: percent },
      y: { domain: [0, 1], label: null, ticks: [0, 0.25, 0.5, 0.75, 1], tickSize: 0, tickFormat: percent },
      marks: [
        plot.gridY([0, 0.25, 0.5, 0.75, 1], { stroke: "var(--line)", strokeOpacity: 1 }),
        plot.line([[0, 0], [1, 1]], { stroke: "var(--edge)", strokeWidth: 1, strokeDasharray: "1 3" }),
        ...known.map(({ curve, colour, dash }) => plot.lineY(curve, { x: "parts", y: "sum", stroke: colour, strokeWidth: 2, strokeDasharray: dash })),
        ...known.map(({ half, count, colour }) => plot.dot([[half / count, 0.5]], { fill: colour, stroke: "var(--card)", r: 4.5 })),
      ],
    });
    figure.setAttribute("aria-hidden", "true");
    this.drawing.replaceChildren(figure);
  }

  static override styles = [
    controlStyles,
    drawingStyles,
    css`
      .drawing {
        min-height: ${HEIGHT}px;
      }
      ul {
        display: grid;
        gap: 3px;
        margin: 6px 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: 22px 1fr;
        gap: 8px;
        align-items: center;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];
}

/** "Half of the cost comes from 72 of 1 024 positions, 7 %." */
export function halfText({ name, count, half }: Pick<SumParts, "name" | "count" | "half">): string {
  if (Number.isNaN(half)) return `No ${name} differ.`;
  return `Half of the cost comes from ${formatCount(half)} of ${formatCount(count)} ${name}, ${formatNumber((100 * half) / count, 2)}\u00a0%.`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-sum-curve": SumCurve;
  }
}
