import type { Plot as PlotScales } from "@observablehq/plot";
import { html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { Coalesced } from "./coalesce";
import { CostHistory, decimate, type CostPoint } from "../runs/cost-history";
import { type CurveParts, curveValues, type Series, seriesOf } from "./curves-series";
import { curvesStyles, HEIGHT, MARGIN } from "./curves-styles";
import { dodge } from "./dodge";
import { shareText } from "./growth-share";
import { formatNumber } from "./numbers";
import { type CostScale, decadeTicks, linearTicks } from "./scales";
import type { MarkedChange } from "./settings-change";
import { controlStyles } from "./theme";

type PlotModule = typeof import("@observablehq/plot");

/** Decades shown at most on a logarithmic axis: below lie terms that do not count. */
const DECADES = 7;

/** Changes named in words at most, the newest; all of them are marked. */
const NAMED_CHANGES = 4;

/**
 * The costs of a run over its steps: content, style, total variation and their sum, or the style layer by layer, each curve
 * named at its end; as they are, or as shares of what they were at step 0.
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
  /** steps from which on the settings were other ones: marked by a line */
  @property({ attribute: false }) changes: readonly MarkedChange[] = [];

  @state() private parts: CurveParts = "sums";
  /** as shares of the cost at step 0 */
  @state() private relative = false;
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
    if (changed.has("version") || changed.has("history") || changed.has("scale") || changed.has("changes")) queueMicrotask(() => this.redraw.request());
  }

  private draw(): void {
    const { plot, history, width } = this;
    if (!plot || !this.isConnected || width < 120 || (!this.onScreen && this.x)) return;
    if (this.inspected !== null && this.inspected > history.step) this.inspect(history.step < 0 ? null : history.step);
    const log = this.scale === "log";
    const drawn = this.series()
      // 0 has no logarithm: there a curve is broken
      .map((s) => ({ ...s, points: decimate(s.values).map(({ step, value }) => ({ step, value: log && !(value > 0) ? NaN : value })) }))
      .filter(({ points }) => points.some((p) => p.value > 0));
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
        plot.axisY(ticks, { tickSize: 0, tickFormat: (value: number) => (this.relative ? `${formatNumber(value * 100, 2)} %` : formatNumber(value, 2)) }),
        plot.axisX({ ticks: Math.max(2, Math.min(8, (width - 140) / 60)), tickSize: 4, tickFormat: (step: number) => (Number.isInteger(step) ? formatNumber(step) : ""), label: "step", labelArrow: "none", labelAnchor: "center" }),
        plot.ruleX(this.changes.filter(({ step }) => step <= history.step), { x: "step", stroke: "var(--picture)", strokeDasharray: "2 3" }),
        ...drawn.map((s) => plot.lineY(s.points, { x: "step", y: "value", stroke: s.colour, strokeWidth: s.width, strokeDasharray: s.dash, strokeLinejoin: "round" })),
      ],
    }) as SVGSVGElement & PlotScales;
    this.x = figure.scale("x") as typeof this.x;
    this.y = figure.scale("y") as typeof this.y;
    this.label(figure, drawn.map(({ label, colour, values, points }) => ({ text: `${label} ${this.text(values.at(-1)!)}`, colour, point: points.findLast((p) => p.value > 0)! })));
    figure.setAttribute("aria-hidden", "true");
    this.drawing.replaceChildren(figure);
    this.requestUpdate();
  }

  /** From the smallest cost that still counts to the largest, with a little air. */
  private costDomain(points: CostPoint[]): [number, number] {
    let [low, high] = [Infinity, -Infinity];
    for (const { value } of points) {
      if (Number.isNaN(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (this.scale === "linear") return [Math.min(0, low), high > 0 ? high * 1.03 : 1];
    return [Math.max(low, high / 10 ** DECADES) / 1.25, high * 1.25];
  }

  private label(figure: SVGSVGElement, ends: { text: string; colour: string; point: CostPoint }[]): void {
    const wanted = ends.map(({ point }) => this.y!.apply(point.value));
    const places = dodge(wanted, 15, MARGIN.top, HEIGHT - MARGIN.bottom);
    ends.forEach(({ text: words, colour, point }, i) => {
      const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
      text.setAttribute("x", String(Math.min(this.x!.apply(point.step), this.width - MARGIN.right) + 7));
      text.setAttribute("y", String(places[i]));
      text.setAttribute("dy", "0.35em");
      text.setAttribute("text-anchor", "start");
      text.setAttribute("class", "end");
      text.setAttribute("style", `fill: ${colour}`);
      text.textContent = words;
      figure.append(text);
    });
  }

  /** The curves as they are chosen, without those that have no share of their start. */
  private series(): (Series & { values: Float64Array })[] {
    return seriesOf(this.history, this.parts).flatMap((series) => {
      const values = curveValues(this.history, series.name, this.relative);
      return values ? [{ ...series, values }] : [];
    });
  }

  /** A value of a curve in words. */
  private text(value: number): string {
    return this.relative ? shareText(value) : formatNumber(value);
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
    const values = this.reading(step);
    const spoken = step < 0 ? "no step yet" : `step ${step}: ${values.map(({ label, text }) => `${label} ${text}`).join(", ")}`;
    return html`
      <div class="head">
        ${step < 0
          ? html`<p class="readout soft">No step yet.</p>`
          : html`<p class="readout"><span class="step ${inspected === null ? "" : "held"}"><small>step</small> ${formatNumber(step)}</span>${values.map(({ name, label, text, colour }) => html`<span class=${name} style="color: ${colour}"><small>${label}</small> ${text}</span>`)}</p>`}
        ${this.choices()}
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
      </div>
      ${this.notes()}`;
  }

  /** What the curves are at a step, the sum first. */
  private reading(step: number): (Series & { text: string })[] {
    const [tv, ...others] = seriesOf(this.history, this.parts);
    const sum = others.filter(({ name }) => name === "total");
    return [...sum, ...others.filter((one) => !sum.includes(one)), tv].map((one) => ({ ...one, text: this.text(curveValues(this.history, one.name, this.relative)?.[step] ?? NaN) }));
  }

  private choices() {
    const either = <T>(label: string, options: readonly (readonly [T, string, string])[], now: T, choose: (option: T) => void) => html`<span class="scales" role="group" aria-label=${label}>
      ${options.map(([option, text, title]) => html`<button aria-pressed=${now === option} title=${title} @click=${() => choose(option)}>${text}</button>`)}
    </span>`;
    return html`<span class="choices">
      ${either<CurveParts>("Curves", [["sums", "costs", "content, style, total variation and their sum"], ["layers", "layers", "the style cost of every layer, beside the others"]], this.parts, (parts) => this.redrawn(() => (this.parts = parts)))}
      ${either("Unit of the costs", [[false, "raw", "as they count in J"], [true, "÷ step 0", "each as a share of what it was at step 0"]] as const, this.relative, (relative) => this.redrawn(() => (this.relative = relative)))}
      ${either<CostScale>("Scale of the costs", [["log", "log", "logarithmic: a fall to a tenth looks alike everywhere"], ["linear", "linear", "linear"]], this.scale, (scale) => this.choose(scale))}
    </span>`;
  }

  private redrawn(change: () => void): void {
    change();
    this.redraw.request();
  }

  /** What the drawing cannot say: curves without a share, and what was changed at the marked steps. */
  private notes() {
    const { history, changes } = this;
    const unrelated = this.relative ? seriesOf(history, this.parts).filter(({ name }) => history.start(name) === 0) : [];
    const named = changes.slice(-NAMED_CHANGES);
    return html`${unrelated.length > 0 ? html`<p class="note">Not drawn: ${unrelated.map(({ label }) => label).join(", ")}, which ${unrelated.length > 1 ? "are" : "is"} 0 at step 0. Nothing is a share of 0.</p>` : nothing}
      ${named.length > 0
        ? html`<p class="note">Changed: ${changes.length > named.length ? html`${changes.length - named.length} times before; ` : nothing}${named.map(({ step, text }, i) => html`${i > 0 ? "; " : ""}<b>step ${formatNumber(step)}</b> ${text}`)}.</p>`
        : nothing}`;
  }

  /** The rule at the inspected step and a dot on each curve, laid over the drawing. */
  private rule() {
    const { inspected, x, y } = this;
    if (inspected === null || !x || !y) return nothing;
    const dots = this.series().map(({ colour, values }) => ({ colour, value: values[inspected] })).filter(({ value }) => Number.isFinite(value) && (this.scale === "linear" ? value !== 0 : value > 0));
    return html`<div class="rule" style="transform: translateX(${x.apply(inspected)}px)">
      ${dots.map(({ colour, value }) => html`<i style="background: ${colour}; top: ${y.apply(value) - MARGIN.top}px"></i>`)}
    </div>`;
  }

  private summary(): string {
    const { history } = this;
    if (history.step < 0) return "Costs per step: no step yet.";
    const courses = this.series().map(({ label, values }) => `${label} from ${this.text(values.find(Number.isFinite) ?? NaN)} to ${this.text(values.at(-1)!)}`);
    return `Costs over ${history.step} steps, ${this.relative ? "as shares of step 0, " : ""}${this.scale === "log" ? "logarithmic" : "linear"} scale: ${courses.join("; ")}.`;
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
