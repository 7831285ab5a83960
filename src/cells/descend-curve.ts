import { css, html, LitElement } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { Coalesced } from "./coalesce";
import { drawingStyles } from "./drawing-styles";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";

type PlotModule = typeof import("@observablehq/plot");

const HEIGHT = 230;
/** Points of the tangent, which is bent on a logarithmic axis. */
const BENDS = 60;

/** What one rate would make of J. */
export interface TriedRate {
  rate: number;
  cost: number;
}

/**
 * J along the direction of a step, over the rate: what it is, measured at some rates, and what the tangent at rate 0 promises.
 *
 *     <nst-descend-curve .tried=${[{ rate: 10, cost: 0.35 }]} .cost=${0.37} .slope=${0.002} .rate=${20} .low=${1} .high=${2000}></nst-descend-curve>
 */
@customElement("nst-descend-curve")
export class DescendCurve extends LitElement {
  /** measured so far, in rising order of rates */
  @property({ attribute: false }) tried: readonly TriedRate[] = [];
  /** J at rate 0 */
  @property({ attribute: false }) cost = NaN;
  /** how fast the tangent falls with the rate */
  @property({ attribute: false }) slope = NaN;
  /** the rate that is chosen */
  @property({ attribute: false }) rate = NaN;
  /** ends of the axis of rates */
  @property({ attribute: false }) low = 1;
  @property({ attribute: false }) high = 10;
  @query(".drawing") private drawing!: HTMLElement;

  private plot: PlotModule | null = null;
  private readonly redraw = new Coalesced(() => this.draw(), 120);
  private readonly resizes = new ResizeObserver(() => this.redraw.request());

  override render() {
    const { tried, cost } = this;
    const least = tried.reduce<TriedRate | null>((best, one) => (!best || one.cost < best.cost ? one : best), null);
    const said = tried.map(({ rate, cost }) => `${formatNumber(cost)} at ${formatNumber(rate)}`).join(", ");
    return html`<div class="drawing" role="img" aria-label="J over the learning rate: ${formatNumber(cost)} at 0${said ? `, ${said}` : ""}. The tangent reaches 0 at ${formatNumber(cost / this.slope)}."></div>
      <ul>
        <li><svg width="22" height="8" aria-hidden="true"><line x1="0" x2="22" y1="4" y2="4" class="real" /></svg>what J becomes${least ? html`: least near <i>η</i> = ${formatNumber(least.rate)}, with ${formatNumber(least.cost)}` : html` …`}</li>
        <li><svg width="22" height="8" aria-hidden="true"><line x1="0" x2="22" y1="4" y2="4" class="promised" /></svg>what the tangent promises</li>
      </ul>`;
  }

  protected override async firstUpdated(): Promise<void> {
    this.resizes.observe(this.drawing);
    try {
      this.plot = await import("@observablehq/plot");
      this.redraw.request();
    } catch {
      this.drawing.textContent = "The curve could not be loaded. Are you offline? Reload the page to try again.";
    }
  }

  protected override updated(): void {
    this.redraw.request();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.redraw.cancel();
  }

  private draw(): void {
    const { plot, tried, cost, slope, rate, low, high } = this;
    const width = Math.round(this.drawing.clientWidth);
    if (!plot || !this.isConnected || width < 100 || !(cost > 0)) return;
    const top = 2 * cost;
    const tangent = Array.from({ length: BENDS }, (_, i) => low * (high / low) ** (i / (BENDS - 1))).map((eta) => [eta, cost - eta * slope]).filter(([, promised]) => promised >= 0);
    const figure = plot.plot({
      width,
      height: HEIGHT,
      marginTop: 12,
      marginRight: 14,
      marginBottom: 38,
      marginLeft: 48,
      x: { type: "log", domain: [low, high], ticks: 4, tickFormat: (tick: number) => (Number.isInteger(Math.round(Math.log10(tick) * 1e6) / 1e6) ? formatNumber(tick) : ""), label: "learning rate η", labelAnchor: "center", labelArrow: "none" },
      y: { domain: [0, top], label: "J after the step", labelArrow: "none", ticks: 4, tickSize: 0, tickFormat: (tick: number) => formatNumber(tick, 2) },
      marks: [
        plot.gridY({ stroke: "var(--line)", strokeOpacity: 1, ticks: 4 }),
        plot.ruleY([cost], { stroke: "var(--edge)", strokeDasharray: "1 3" }),
        plot.text([[low, cost]], { text: ["J now"], textAnchor: "start", dx: 4, dy: -8, fill: "var(--soft)" }),
        plot.ruleX([rate], { stroke: "var(--ink)", strokeWidth: 1 }),
        plot.line(tangent, { stroke: "var(--soft)", strokeWidth: 1.5, strokeDasharray: "5 3" }),
        plot.line(tried, { x: "rate", y: "cost", stroke: "var(--picture)", strokeWidth: 2, curve: "monotone-x", clip: true }),
        plot.dot(tried.filter((one) => one.cost <= top), { x: "rate", y: "cost", fill: "var(--picture)", stroke: "var(--card)", r: 3.5 }),
        // beyond the top: a mark at the edge, with the number
        plot.text(tried.filter((one) => one.cost > top), { x: "rate", y: top, text: () => "↑", fill: "var(--picture)", dy: 6 }),
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
        display: flex;
        flex-wrap: wrap;
        gap: 3px 18px;
        margin: 6px 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        gap: 8px;
        align-items: center;
      }
      li svg {
        flex: none;
      }
      li line {
        stroke: var(--picture);
        stroke-width: 2;
      }
      li .promised {
        stroke: var(--soft);
        stroke-dasharray: 5 3;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-descend-curve": DescendCurve;
  }
}
