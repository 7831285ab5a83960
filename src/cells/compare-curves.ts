import { html, LitElement, nothing, svg, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { runTitle } from "../runs/kept-run";
import { type ComparedCourse, comparedCourses, courseChoices, courseText, dashOf, sameCosts, shortTitles, stepOf } from "./compare-courses";
import { compareCurvesStyles } from "./compare-curves-styles";
import type { ComparedRun } from "./compared-runs";
import { scaleChoice, stepAfterKey, unitChoice } from "./curves-choices";
import { type CoursesAxes, drawCourses } from "./curves-drawing";
import { curvesStyles, MARGIN } from "./curves-styles";
import { formatNumber } from "./numbers";
import { PlotDrawing, type PlotModule } from "./plot-drawing";
import type { CostScale } from "./scales";
import { controlStyles } from "./theme";

/**
 * The costs of several runs over their steps, one curve a run: the total, the content, the style or one layer of it, as it
 * counts in each run's J or as a share of what it was at first.
 *
 *     <nst-compare-curves .runs=${runs} .step=${40} @nst-step=${(e) => e.detail}></nst-compare-curves>
 *     <nst-compare-curves .runs=${runs} share .step=${0.5} @nst-step=${…}></nst-compare-curves>     0.5: half of each run's steps
 *
 * @fires nst-step - detail: the step chosen by a click, a drag or the arrow keys; with `share` a share of each run's steps
 */
@customElement("nst-compare-curves")
export class CompareCurves extends LitElement {
  /** a new list whenever one of them has grown */
  @property({ attribute: false }) runs: readonly ComparedRun[] = [];
  /** where the rule stands; null: nowhere */
  @property({ attribute: false }) step: number | null = null;
  /** the axis, `step` and `nst-step` are shares in [0, 1] of the steps that each run has done */
  @property({ type: Boolean }) share = false;

  /** the column of the histories that is shown */
  @state() private column = "total";
  /** as shares of the first cost of each */
  @state() private relative = false;
  @state() private scale: CostScale = "log";
  /** where the pointer is, in the unit of `step` */
  @state() private pointed: number | null = null;
  @query(".drawing") private place!: HTMLElement;

  private courses: readonly ComparedCourse[] = [];
  private axes: CoursesAxes | null = null;
  private readonly drawing = new PlotDrawing(this, () => this.place, (plot, width) => this.draw(plot, width));

  /** The steps of the longest run. */
  private get last(): number {
    return Math.max(0, ...this.runs.map(({ history }) => history.step));
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!this.runs.some(({ history }) => history.columns.includes(this.column))) this.column = "total";
    if (changed.has("runs") || changed.has("column") || changed.has("relative")) this.courses = comparedCourses(this.runs, this.column, this.relative);
  }

  protected override updated(changed: PropertyValues): void {
    // after this update, so that what the drawing finds out (where the curves lie) can ask for the next
    if (["runs", "share", "column", "relative", "scale"].some((name) => changed.has(name))) queueMicrotask(() => this.drawing.request());
  }

  private draw(plot: PlotModule, width: number): boolean {
    const { courses, scale, relative, last, share } = this;
    const ends = new Map(courses.map(({ values, end }) => [values, end]));
    this.axes = drawCourses(plot, this.place, courses, { width, scale, relative, last, ...(share && { share: (step, { values }) => step / Math.max(1, ends.get(values)!) }) });
    this.requestUpdate();
    return this.axes !== null;
  }

  /** To whole steps; a share to those of the longest run. */
  private rounded(at: number): number {
    const { last, share } = this;
    const step = Math.max(0, Math.min(last, Math.round(share ? at * last : at)));
    return share ? step / Math.max(1, last) : step;
  }

  private at(event: PointerEvent): number | null {
    return this.axes && this.rounded(this.axes.x.invert(event.clientX - this.place.getBoundingClientRect().left));
  }

  private onPointer(event: PointerEvent): void {
    this.pointed = this.at(event);
    if (this.pointed !== null && event.buttons & 1) this.choose(this.pointed);
  }

  private onKey(event: KeyboardEvent): void {
    const { last, share, step } = this;
    const now = step ?? this.rounded(share ? 1 : last);
    const to = stepAfterKey(event, share ? Math.round(now * last) : now, last);
    if (to === undefined || to === null) return;
    event.preventDefault();
    this.choose(share ? to / Math.max(1, last) : to);
  }

  private choose(step: number): void {
    if (step !== this.step) this.dispatchEvent(new CustomEvent<number>("nst-step", { detail: step }));
  }

  override render() {
    const { runs, last, share } = this;
    const at = this.pointed ?? this.step ?? (share ? 1 : last);
    const label = courseChoices(runs).find(({ name }) => name === this.column)!.label;
    const reading = runs.map((run) => this.reading(run, at));
    const titles = shortTitles(runs);
    const place = share ? `${formatNumber(at * 100)} % of each run’s steps` : `step ${formatNumber(at)}`;
    const spoken = `${place}: ${reading.map(({ run, text, note }) => `${run.mark} ${text}${note ? ` (${note})` : ""}`).join(", ")}`;
    return html`
      <div class="head">
        <label>cost <select @change=${(e: Event) => (this.column = (e.target as HTMLSelectElement).value)}>
          ${courseChoices(runs).map(({ name, label }) => html`<option value=${name} ?selected=${name === this.column}>${label}</option>`)}
        </select></label>
        <span class="choices">${unitChoice(this.relative, (relative) => (this.relative = relative))} ${scaleChoice(this.scale, (scale) => (this.scale = scale))}</span>
      </div>
      <p class="place ${this.pointed === null ? "" : "held"}">${label} at ${place}</p>
      <ul class="legend">
        ${reading.map(({ run, text, note, i }) => html`<li style="color: ${run.colour}">
          <svg width="22" height="8" aria-hidden="true">${svg`<line x1="0" x2="22" y1="4" y2="4" stroke="currentColor" stroke-width="2" stroke-dasharray=${dashOf(i) ?? "none"} />`}</svg>
          <b>${run.mark}</b> <span class="title" title=${runTitle(run.entry)}>${titles[i]}</span> <b class="value">${text}</b>${note ? html` <small>${note}</small>` : nothing}
        </li>`)}
      </ul>
      <div class="plot">
        <div class="drawing" role="img" aria-label=${this.summary(label)}></div>
        ${this.drawing.failure ? html`<p class="soft">${this.drawing.failure}</p>` : nothing}
        ${this.rule(this.step, "chosen")} ${this.rule(this.pointed, "")}
        <div
          class="hit" role="slider" tabindex="0" aria-label="Step at which the runs are compared" aria-valuemin="0" aria-valuemax=${share ? 100 : last}
          aria-valuenow=${share ? Math.round(at * 100) : at} aria-valuetext=${spoken}
          @pointermove=${this.onPointer} @pointerdown=${this.onPointer} @pointerleave=${() => (this.pointed = null)} @keydown=${this.onKey}
        ></div>
      </div>
      ${this.notes()}`;
  }

  private reading(run: ComparedRun, at: number): { run: ComparedRun; i: number; text: string; note: string } {
    const course = this.courses.find((one) => one.run === run);
    const step = stepOf(run, at, this.share);
    const beyond = !this.share && at > run.history.step;
    return { run, i: this.runs.indexOf(run), text: courseText(course?.values[step] ?? NaN, this.relative), note: beyond ? `its end, step ${formatNumber(step)}` : "" };
  }

  /** A rule over the drawing, with a dot on each curve. */
  private rule(at: number | null, kind: string) {
    const { axes } = this;
    if (at === null || !axes) return nothing;
    const dots = this.courses.flatMap(({ run, values, colour, end }) => {
      const step = stepOf(run, at, this.share);
      const value = values[step];
      const drawn = Number.isFinite(value) && (this.scale === "linear" || value > 0) && (this.share || at <= end);
      return drawn ? [{ colour, y: axes.y.apply(value) - MARGIN.top }] : [];
    });
    return html`<div class="rule ${kind}" style="transform: translateX(${axes.x.apply(at)}px)">${dots.map(({ colour, y }) => html`<i style="background: ${colour}; top: ${y}px"></i>`)}</div>`;
  }

  /** What the drawing cannot say: which numbers do not go together, and which runs are missing. */
  private notes() {
    const { runs, courses, relative } = this;
    const missing = runs.filter(({ history }) => history.step >= 0).filter((run) => !courses.some((course) => course.run === run));
    const later = relative ? courses.filter(({ values }) => values.findIndex(Number.isFinite) > 0) : [];
    const marks = (some: readonly { mark: string }[]) => some.map(({ mark }) => mark).join(", ");
    return html`${missing.length === 0
        ? nothing
        : html`<p class="note">Not drawn: ${marks(missing)}. ${relative && missing.some(({ history }) => history.start(this.column) === 0) ? "This cost is 0 at the start, and nothing is a share of 0." : "There is no such cost in it."}</p>`}
      ${later.length === 0 ? nothing : html`<p class="note">${marks(later.map(({ run }) => run))} ${later.length > 1 ? "begin" : "begins"} later: the shares are of the first cost there.</p>`}
      ${relative || sameCosts(runs) ? nothing : html`<p class="note">These runs do not weigh alike, so that the height of one curve over another says nothing about the pictures. <b>÷ step 0</b> compares how far each has come; the ruler measures all results alike.</p>`}`;
  }

  private summary(label: string): string {
    const { courses, relative } = this;
    if (courses.length === 0) return `${label} per step: nothing to draw.`;
    const words = courses.map(({ run, values, end }) => `${run.mark} from ${courseText(values.find(Number.isFinite)!, relative)} to ${courseText(values[end], relative)} at step ${end}`);
    return `${label} per step, ${relative ? "as shares of step 0, " : ""}${this.scale === "log" ? "logarithmic" : "linear"} scale: ${words.join("; ")}.`;
  }

  static override styles = [controlStyles, curvesStyles, compareCurvesStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-compare-curves": CompareCurves;
  }
}
