import { html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { CostHistory } from "../runs/cost-history";
import { either, scaleChoice, stepAfterKey, unitChoice } from "./curves-choices";
import { type CoursesAxes, drawCourses } from "./curves-drawing";
import { type CurveParts, curveValues, type Series, seriesOf } from "./curves-series";
import { curvesStyles, MARGIN } from "./curves-styles";
import { shareText } from "./growth-share";
import { formatNumber } from "./numbers";
import { PlotDrawing, type PlotModule } from "./plot-drawing";
import type { CostScale } from "./scales";
import type { MarkedChange } from "./settings-change";
import { controlStyles } from "./theme";

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
  @query(".drawing") private place!: HTMLElement;

  private axes: CoursesAxes | null = null;
  private readonly drawing = new PlotDrawing(this, () => this.place, (plot, width) => this.draw(plot, width));

  protected override updated(changed: PropertyValues<this>): void {
    // After this update, so that what the drawing finds out (where the curves lie) can ask for the next.
    if (changed.has("version") || changed.has("history") || changed.has("scale") || changed.has("changes")) queueMicrotask(() => this.drawing.request());
  }

  private draw(plot: PlotModule, width: number): boolean {
    const { history, scale, relative } = this;
    if (this.inspected !== null && this.inspected > history.step) this.inspect(history.step < 0 ? null : history.step);
    const courses = this.series().map((s) => ({ ...s, text: `${s.label} ${this.text(s.values.at(-1)!)}` }));
    const marked = this.changes.filter(({ step }) => step <= history.step);
    this.axes = drawCourses(plot, this.place, courses, { width, scale, relative, last: history.step, marked });
    this.requestUpdate();
    return this.axes !== null;
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
    if (!this.axes || this.history.step < 0) return;
    const step = Math.round(this.axes.x.invert(event.clientX - this.place.getBoundingClientRect().left));
    this.inspect(Math.max(0, Math.min(this.history.step, step)));
  }

  private onKey(event: KeyboardEvent): void {
    const { step: last } = this.history;
    if (last < 0) return;
    const to = stepAfterKey(event, this.inspected ?? last, last);
    if (to === undefined) return;
    event.preventDefault();
    this.inspect(to);
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
        ${this.drawing.failure ? html`<p class="soft">${this.drawing.failure}</p>` : nothing}
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
    return html`<span class="choices">
      ${either<CurveParts>("Curves", [["sums", "costs", "content, style, total variation and their sum"], ["layers", "layers", "the style cost of every layer, beside the others"]], this.parts, (parts) => this.redrawn(() => (this.parts = parts)))}
      ${unitChoice(this.relative, (relative) => this.redrawn(() => (this.relative = relative)))} ${scaleChoice(this.scale, (scale) => this.choose(scale))}
    </span>`;
  }

  private redrawn(change: () => void): void {
    change();
    this.drawing.request();
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
    const { inspected, axes } = this;
    if (inspected === null || !axes) return nothing;
    const dots = this.series().map(({ colour, values }) => ({ colour, value: values[inspected] })).filter(({ value }) => Number.isFinite(value) && (this.scale === "linear" ? value !== 0 : value > 0));
    return html`<div class="rule" style="transform: translateX(${axes.x.apply(inspected)}px)">
      ${dots.map(({ colour, value }) => html`<i style="background: ${colour}; top: ${axes.y.apply(value) - MARGIN.top}px"></i>`)}
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

declare global {
  interface HTMLElementTagNameMap {
    "nst-curves": Curves;
  }
}
