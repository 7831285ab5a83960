import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { formatNumber } from "./numbers";
import { histogramOf } from "./same-gram-toy";
import { controlStyles } from "./theme";

type PlotModule = typeof import("@observablehq/plot");

const BINS = 24;
const HEIGHT = 150;

/**
 * Two lists of numbers as histograms over one axis: the first filled, the second as a line. The largest counts are cut off
 * where one bar (the zeros after a ReLU) would flatten all others, and that is said.
 *
 *     <nst-two-histograms .first=${values} .second=${others} .names=${["flat", "speckled"]} unit="activation"></nst-two-histograms>
 */
@customElement("nst-two-histograms")
export class TwoHistograms extends LitElement {
  @property({ attribute: false }) first: Float32Array = new Float32Array();
  @property({ attribute: false }) second: Float32Array = new Float32Array();
  /** of the two lists */
  @property({ attribute: false }) names: readonly [string, string] = ["before", "after"];
  /** what the numbers are */
  @property() unit = "";

  #plot: PlotModule | null = null;
  #failed = false;
  #width = 0;
  #resizes = new ResizeObserver(([{ contentRect }]) => {
    const width = Math.round(contentRect.width);
    if (width === this.#width) return;
    this.#width = width;
    this.#draw();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  protected override async firstUpdated(): Promise<void> {
    try {
      this.#plot = await import("@observablehq/plot");
    } catch {
      this.#failed = true;
      this.requestUpdate();
    }
    this.#draw();
  }

  protected override updated(): void {
    this.#draw();
  }

  override render() {
    const { share } = this.#cut();
    return html`<div class="drawing" role="img" aria-label=${this.#spoken()}></div>
      ${this.#failed ? html`<p>The histogram could not be loaded. Are you offline? Reload the page to try again.</p>` : nothing}
      <p class="key"><i class="filled"></i>${this.names[0]} <i class="lined"></i>${this.names[1]}${share > 0 ? html` <span>· bars above ${Math.round(100 * share)} % are cut off</span>` : nothing}</p>`;
  }

  #range(): [number, number] {
    let [low, high] = [0, 0];
    for (const list of [this.first, this.second]) {
      for (const value of list) {
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    return high > low ? [low, high] : [low, low + 1];
  }

  #counts(): [before: number[], after: number[]] {
    const [low, high] = this.#range();
    const shares = (values: Float32Array) => histogramOf(values, low, high, BINS).map((count) => count / Math.max(1, values.length));
    return [shares(this.first), shares(this.second)];
  }

  /** The share at which bars are cut off, 0 if none is: where the highest is more than three times as high as the next. */
  #cut(): { share: number; top: number } {
    const sorted = this.#counts().flat().sort((a, b) => b - a);
    const highest = sorted[0] || 1;
    const other = sorted.find((share) => share * 3 < highest) ?? highest;
    const top = other > 0.02 && sorted.filter((share) => share > other).length <= 2 ? other * 1.5 : highest;
    return { share: top < highest ? top : 0, top };
  }

  #draw(): void {
    const drawing = this.renderRoot?.querySelector(".drawing");
    if (!this.#plot || !drawing || this.#width < 80) return;
    const plot = this.#plot;
    const [low, high] = this.#range();
    const step = (high - low) / BINS;
    const { top } = this.#cut();
    const [before, after] = this.#counts().map((shares) => shares.map((share, i) => ({ from: low + i * step, to: low + (i + 1) * step, share: Math.min(top, share) })));
    const outline = after.flatMap(({ from, to, share }) => [{ x: from, share }, { x: to, share }]);
    const figure = plot.plot({
      width: this.#width,
      height: HEIGHT,
      marginLeft: 40,
      marginRight: 8,
      marginTop: 8,
      marginBottom: 34,
      style: { fontSize: "12px", fontFamily: "var(--sans)" },
      x: { domain: [low, high], label: this.unit, labelAnchor: "center", labelArrow: "none", ticks: Math.max(3, Math.min(7, this.#width / 70)), tickFormat: (value: number) => formatNumber(value) },
      y: { domain: [0, top], label: null, ticks: 3, tickFormat: (share: number) => `${formatNumber(100 * share, 2)} %` },
      marks: [
        plot.gridY({ ticks: 3, stroke: "var(--line)", strokeOpacity: 1 }),
        plot.rectY(before, { x1: "from", x2: "to", y: "share", fill: "var(--edge)", fillOpacity: 0.55, insetLeft: 0.5, insetRight: 0.5 }),
        plot.lineY(outline, { x: "x", y: "share", stroke: "var(--picture)", strokeWidth: 2 }),
        plot.ruleY([0], { stroke: "var(--edge)" }),
      ],
    });
    figure.setAttribute("aria-hidden", "true");
    drawing.replaceChildren(figure);
  }

  #spoken(): string {
    const [low, high] = this.#range();
    const [before, after] = this.#counts();
    const peak = (shares: number[]) => {
      const at = shares.indexOf(Math.max(...shares));
      const step = (high - low) / BINS;
      return `most (${formatNumber(100 * shares[at], 2)} %) between ${formatNumber(low + at * step)} and ${formatNumber(low + (at + 1) * step)}`;
    };
    return `Histograms of ${this.unit} from ${formatNumber(low)} to ${formatNumber(high)}. ${this.names[0]}: ${peak(before)}. ${this.names[1]}: ${peak(after)}.`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        color: var(--soft);
        font: 12px/1.45 var(--sans);
      }
      .drawing {
        min-height: ${HEIGHT}px;
      }
      p {
        margin: 2px 0 0;
      }
      .key i {
        display: inline-block;
        width: 14px;
        height: 9px;
        margin: 0 4px 0 8px;
      }
      .key i:first-child {
        margin-left: 0;
      }
      .filled {
        background: color-mix(in srgb, var(--edge) 55%, transparent);
      }
      .lined {
        border-top: 2px solid var(--picture);
        height: 4px !important;
      }
      @media (forced-colors: active) {
        .key i {
          forced-color-adjust: none;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-two-histograms": TwoHistograms;
  }
}
