import type { Plot as PlotScales } from "@observablehq/plot";
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { Coalesced } from "./coalesce";
import { CostHistory, decimate, type CostPoint } from "./cost-history";
import { curvesStyles, HEIGHT, MARGIN } from "./curves-styles";
import { dodge } from "./dodge";
import { formatNumber } from "./numbers";
import { type CostScale, decadeTicks, linearTicks } from "./scales";
import { controlStyles } from "./theme";

type PlotModule = typeof import("@observablehq/plot");

/** In drawing order, the sum on top of its parts; dashes so that the curves differ by more than their colour. */
const SERIES = [
  { name: "tv", colour: "var(--soft)", width: 1.25, dash: "1 3" },
  { name: "content", colour: "var(--content)", width: 2, dash: undefined },
  { name: "style", colour: "var(--style)", width: 2, dash: undefined },
  { name: "total", colour: "var(--ink)", width: 1.5, dash: "4 3" },
] as const;
/** The order of the readout. */
const NAMES = ["total", "content", "style", "tv"];

/** Decades shown at most on a logarithmic axis: below lie terms that do not count. */
const DECADES = 7;

/**
 * The costs of a run over its steps: content, style, total variation and their sum, each named at its end.
 *
 *     <nst-curves .history=${history} .version=${history.version} scale="log"></nst-curves>
 *
 * Plot rebuilds its whole drawing, so that it is asked at most ten times a second and for at most 400 points a curve;
 * pointing at a step moves a rule over the drawing and draws nothing anew.
 *
 * @fires nst-inspect - detail: the step pointed at, null when none is
 * @fires nst-scale - detail: "log" or "linear", chosen by the person
 */
@customElement("nst-curves")
export class Curves extends LitElement {
  /** what is drawn; the element does not change it */
  @property({ attribute: false }) history = new CostHistory();
  /** `history.version`: that it differs is how the element learns of new steps */
  @property({ type: Number }) version = 0;
  @property() scale: CostScale = "log";

  @state() private inspected: number | null = null;
  @query(".drawing") private drawing!: HTMLElement;

  private plot: PlotModule | null = null;
  private failure: string | null = null;
  private width = 0;
  private onScreen = true;
  private x: { apply(step: number): number; invert(px: number): number } | null = null;
  private y: { apply(value: number): number } | null = null;
  private readonly redraw = new Coalesced(() => this.draw(), 100);
  private readonly resizes = new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (width === this.width) return;
    this.width = width;
    this.redraw.request();
  });
  private readonly crossings = new IntersectionObserver((entries) => {
    this.onScreen = entries.at(-1)!.isIntersecting;
    if (this.onScreen) this.redraw.request();
  }, { rootMargin: "200px" });

  override connectedCallback(): void {
    super.connectedCallback();
    this.crossings.observe(this);
    if (this.hasUpdated) this.resizes.observe(this.drawing);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.redraw.cancel();
    this.resizes.disconnect();
    this.crossings.disconnect();
  }

  protected override async firstUpdated(): Promise<void> {
    this.resizes.observe(this.drawing);
    try {
      this.plot = await import("@observablehq/plot");
    } catch {
      this.failure = "The curves could not be loaded. Are you offline? Reload the page to try again.";
      this.requestUpdate();
    }
    this.redraw.request();
  }

  protected override updated(changed: PropertyValues<this>): void {
    // After this update, so that what the drawing finds out (where the curves lie) can ask for the next.
    if (changed.has("version") || changed.has("history") || changed.has("scale")) queueMicrotask(() => this.redraw.request());
  }

  private draw(): void {
    const { plot, history, width } = this;
    if (!plot || !this.isConnected || width < 120 || (!this.onScreen && this.x)) return;
    if (this.inspected !== null && this.inspected > history.step) this.inspect(history.step < 0 ? null : history.step);
    const log = this.scale === "log";
    const drawn = SERIES.map((s) => ({ ...s, points: decimate(history.column(s.name)).filter((p) => !log || p.value > 0) })).filter(
      ({ points }) => points.some((p) => p.value !== 0),
    );
    if (drawn.length === 0) {
      this.x = this.y = null;
      this.drawing.replaceChildren();
      this.requestUpdate();
      return;
    }
    const domain = this.costDomain(drawn.flatMap(({ points }) => points));
    const ticks = log ? decadeTicks(domain) : linearTicks(domain);
    const figure = plot.plot({
      width,
      height: HEIGHT,
      marginTop: MARGIN.top,
      marginRight: MARGIN.right,
      marginBottom: MARGIN.bottom,
      marginLeft: MARGIN.left,
      x: { type: "linear", domain: [firstStep(drawn), Math.max(1, history.step)], label: null },
      y: { type: log ? "log" : "linear", domain, clamp: true, label: null },
      marks: [
        plot.gridY(ticks, { stroke: "var(--line)", strokeOpacity: 1 }),
        plot.axisY(ticks, { tickSize: 0, tickFormat: (value: number) => formatNumber(value, 2) }),
        plot.axisX({ ticks: Math.max(2, Math.min(8, (width - 140) / 60)), tickSize: 4, tickFormat: (step: number) => (Number.isInteger(step) ? formatNumber(step) : ""), label: "step", labelArrow: "none", labelAnchor: "center" }),
        ...drawn.map((s) => plot.lineY(s.points, { x: "step", y: "value", stroke: s.colour, strokeWidth: s.width, strokeDasharray: s.dash, strokeLinejoin: "round" })),
      ],
    }) as SVGSVGElement & PlotScales;
    this.x = figure.scale("x") as typeof this.x;
    this.y = figure.scale("y") as typeof this.y;
    this.label(figure, drawn.map(({ name, colour, points }) => ({ name, colour, point: points.at(-1)! })));
    figure.setAttribute("aria-hidden", "true");
    this.drawing.replaceChildren(figure);
    this.requestUpdate();
  }

  /** From the smallest cost that still counts to the largest, with a little air. */
  private costDomain(points: CostPoint[]): [number, number] {
    let [low, high] = [Infinity, -Infinity];
    for (const { value } of points) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (this.scale === "linear") return [Math.min(0, low), high > 0 ? high * 1.03 : 1];
    return [Math.max(low, high / 10 ** DECADES) / 1.25, high * 1.25];
  }

  private label(figure: SVGSVGElement, ends: { name: string; colour: string; point: CostPoint }[]): void {
    const wanted = ends.map(({ point }) => this.y!.apply(point.value));
    const places = dodge(wanted, 15, MARGIN.top, HEIGHT - MARGIN.bottom);
    ends.forEach(({ name, colour, point }, i) => {
      const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
      text.setAttribute("x", String(Math.min(this.x!.apply(point.step), this.width - MARGIN.right) + 7));
      text.setAttribute("y", String(places[i]));
      text.setAttribute("dy", "0.35em");
      text.setAttribute("text-anchor", "start");
      text.setAttribute("class", "end");
      text.setAttribute("style", `fill: ${colour}`);
      text.textContent = `${name} ${formatNumber(this.history.last(name))}`;
      figure.append(text);
    });
  }

  private inspect(step: number | null): void {
    if (step === this.inspected) return;
    this.inspected = step;
    this.dispatchEvent(new CustomEvent("nst-inspect", { detail: step }));
  }

  private onPointer(event: PointerEvent): void {
    if (!this.x || this.history.step < 0) return;
    const step = Math.round(this.x.invert(event.clientX - this.drawing.getBoundingClientRect().left));
    this.inspect(Math.max(0, Math.min(this.history.step, step)));
  }

  private onKey(event: KeyboardEvent): void {
    const { step: last } = this.history;
    if (last < 0) return;
    const stride = event.shiftKey ? 10 : 1;
    const now = this.inspected ?? last;
    const moves: Record<string, number | null> = { ArrowLeft: now - stride, ArrowDown: now - stride, ArrowRight: now + stride, ArrowUp: now + stride, PageDown: now - 10, PageUp: now + 10, Home: 0, End: last, Escape: null };
    if (!(event.key in moves)) return;
    event.preventDefault();
    const to = moves[event.key];
    this.inspect(to === null ? null : Math.max(0, Math.min(last, to)));
  }

  private choose(scale: CostScale): void {
    this.scale = scale;
    this.dispatchEvent(new CustomEvent("nst-scale", { detail: scale }));
  }

  override render() {
    const { history, inspected } = this;
    const step = inspected ?? history.step;
    const values = NAMES.map((name) => ({ name, value: history.at(step, name) }));
    const spoken = step < 0 ? "no step yet" : `step ${step}: ${values.map(({ name, value }) => `${name} ${formatNumber(value)}`).join(", ")}`;
    return html`
      <div class="head">
        ${step < 0
          ? html`<p class="readout soft">No step yet.</p>`
          : html`<p class="readout"><span class="step ${inspected === null ? "" : "held"}"><small>step</small> ${formatNumber(step)}</span>${values.map(({ name, value }) => html`<span class=${name}><small>${name}</small> ${formatNumber(value)}</span>`)}</p>`}
        <span class="scales" role="group" aria-label="Scale of the costs">
          ${(["log", "linear"] as const).map((scale) => html`<button aria-pressed=${this.scale === scale} @click=${() => this.choose(scale)}>${scale}</button>`)}
        </span>
      </div>
      <div class="plot">
        <div class="drawing" role="img" aria-label=${this.summary()}></div>
        ${this.failure ? html`<p class="soft">${this.failure}</p>` : nothing}
        ${this.rule()}
        <div
          class="hit" role="slider" tabindex="0" aria-label="Step to read the costs at" aria-valuemin="0" aria-valuemax=${Math.max(0, history.step)}
          aria-valuenow=${Math.max(0, step)} aria-valuetext=${spoken}
          @pointermove=${this.onPointer} @pointerdown=${this.onPointer} @pointerleave=${() => this.inspect(null)} @keydown=${this.onKey} @blur=${() => this.inspect(null)}
        ></div>
      </div>`;
  }

  /** The rule at the inspected step and a dot on each curve, laid over the drawing. */
  private rule() {
    const { inspected, x, y, history } = this;
    if (inspected === null || !x || !y) return nothing;
    const dots = SERIES.map(({ name, colour }) => ({ colour, value: history.at(inspected, name) })).filter(({ value }) => Number.isFinite(value) && (this.scale === "linear" ? value !== 0 : value > 0));
    return html`<div class="rule" style="transform: translateX(${x.apply(inspected)}px)">
      ${dots.map(({ colour, value }) => html`<i style="background: ${colour}; top: ${y.apply(value) - MARGIN.top}px"></i>`)}
    </div>`;
  }

  private summary(): string {
    const { history } = this;
    if (history.step < 0) return "Costs per step: no step yet.";
    const courses = NAMES.map((name) => `${name} from ${formatNumber(history.start(name))} to ${formatNumber(history.last(name))}`);
    return `Costs over ${history.step} steps, ${this.scale === "log" ? "logarithmic" : "linear"} scale: ${courses.join("; ")}.`;
  }

  static override styles = [controlStyles, curvesStyles];
}

/** A run that went on from a checkpoint of an earlier one begins where that was. */
function firstStep(drawn: { points: CostPoint[] }[]): number {
  const first = Math.min(...drawn.map(({ points }) => points[0].step));
  return first <= 1 ? 0 : first;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-curves": Curves;
  }
}
