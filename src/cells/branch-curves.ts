import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { branchCourses, FUTURE_COLOURS, type Future } from "./branch-courses";
import { courseChoices } from "./compare-courses";
import { scaleChoice, stepAfterKey } from "./curves-choices";
import { type CoursesAxes, drawCourses } from "./curves-drawing";
import { curvesStyles, MARGIN } from "./curves-styles";
import { formatNumber } from "./numbers";
import { PlotDrawing, type PlotModule } from "./plot-drawing";
import type { CostScale } from "./scales";
import { controlStyles } from "./theme";

/**
 * One cost of a run and of its branch over all steps: the past that they share thin, then the two ways on.
 *
 *     <nst-branch-curves .parent=${parent} .branch=${branch} .at=${40} .version=${version} .step=${60} @nst-step=${(e) => e.detail}></nst-branch-curves>
 *
 * @fires nst-step - detail: the step chosen by a click, a drag or the arrow keys
 */
@customElement("nst-branch-curves")
export class BranchCurves extends LitElement {
  @property({ attribute: false }) parent: Future | null = null;
  @property({ attribute: false }) branch: Future | null = null;
  /** the step where they part */
  @property({ type: Number }) at = 0;
  /** changes when one of the histories has grown */
  @property({ type: Number }) version = 0;
  /** where the rule stands */
  @property({ type: Number }) step = 0;
  /** the two do not weigh their terms alike */
  @property({ type: Boolean }) unlike = false;

  @state() private column = "total";
  @state() private scale: CostScale = "log";
  @query(".drawing") private place!: HTMLElement;
  private axes: CoursesAxes | null = null;
  private readonly drawing = new PlotDrawing(this, () => this.place, (plot, width) => this.draw(plot, width));

  private get runs(): Future[] {
    return [this.parent, this.branch].filter((run) => run !== null);
  }

  private get last(): number {
    return Math.max(this.at, ...this.runs.map(({ history }) => history.step));
  }

  protected override updated(changed: PropertyValues): void {
    // after this update, so that what the drawing finds out (where the curves lie) can ask for the next
    if (["parent", "branch", "at", "version", "column", "scale"].some((name) => changed.has(name))) queueMicrotask(() => this.drawing.request());
  }

  private draw(plot: PlotModule, width: number): boolean {
    const { column, at, parent, branch, scale, last } = this;
    this.axes = drawCourses(plot, this.place, branchCourses(column, at, parent, branch), { width, scale, relative: false, last, marked: [{ step: at }] });
    this.requestUpdate();
    return this.axes !== null;
  }

  private onPointer(event: PointerEvent): void {
    if (!this.axes || !(event.buttons & 1)) return;
    this.choose(Math.round(this.axes.x.invert(event.clientX - this.place.getBoundingClientRect().left)));
  }

  private onKey(event: KeyboardEvent): void {
    const to = stepAfterKey(event, this.step, this.last);
    if (to === undefined || to === null) return;
    event.preventDefault();
    this.choose(to);
  }

  private choose(step: number): void {
    const within = Math.max(this.at, Math.min(this.last, step));
    if (within !== this.step) this.dispatchEvent(new CustomEvent<number>("nst-step", { detail: within }));
  }

  override render() {
    const { parent, branch, at, step, last, axes } = this;
    const choices = courseChoices(this.runs);
    const label = choices.find(({ name }) => name === this.column)?.label ?? this.column;
    const reading = (run: Future) => {
      const value = run.history.at(step, this.column);
      return Number.isFinite(value) ? formatNumber(value) : "not known";
    };
    const spoken = `step ${step}: ${this.runs.map((run) => `${run.name} ${reading(run)}`).join(", ")}`;
    return html`
      <div class="head">
        <label>cost <select @change=${(e: Event) => (this.column = (e.target as HTMLSelectElement).value)}>
          ${choices.map(({ name, label }) => html`<option value=${name} ?selected=${name === this.column}>${label}</option>`)}
        </select></label>
        <span class="choices">${scaleChoice(this.scale, (scale) => (this.scale = scale))}</span>
      </div>
      <p class="legend">
        ${parent && branch ? html`<span style="color:${FUTURE_COLOURS.parent}"><i class="dashed"></i><b>${parent.name}</b> ${reading(parent)}</span>` : nothing}
        ${branch ? html`<span style="color:${FUTURE_COLOURS.branch}"><i></i><b>${branch.name}</b> ${reading(branch)}</span>` : nothing}
        <span class="soft">${branch ? html`at step ${formatNumber(step)}; they part at step ${formatNumber(at)}` : parent ? html`<b>${parent.name}</b> so far; the branch begins at step ${formatNumber(at)}` : nothing}</span>
      </p>
      <div class="plot">
        <div class="drawing" role="img" aria-label="${label} over ${last} steps. ${spoken}."></div>
        ${this.drawing.failure ? html`<p class="soft">${this.drawing.failure}</p>` : nothing}
        ${axes && branch ? html`<div class="rule chosen" style="transform: translateX(${axes.x.apply(step)}px)">${this.dots(axes)}</div>` : nothing}
        <div
          class="hit" role="slider" tabindex="0" aria-label="Step to read both curves at" aria-valuemin=${at} aria-valuemax=${last} aria-valuenow=${step} aria-valuetext=${spoken}
          @pointermove=${this.onPointer} @pointerdown=${this.onPointer} @keydown=${this.onKey}
        ></div>
      </div>
      ${this.unlike && branch ? html`<p class="note">The two do not weigh their terms alike from step ${formatNumber(at)} on, so that the height of one curve over the other says nothing about the pictures.</p>` : nothing}`;
  }

  private dots(axes: CoursesAxes) {
    const { parent, branch, step, column, scale } = this;
    return ([["parent", parent], ["branch", branch]] as const).map(([kind, run]) => {
      const value = run?.history.at(step, column) ?? NaN;
      return Number.isFinite(value) && (scale === "linear" || value > 0) ? html`<i style="background: ${FUTURE_COLOURS[kind]}; top: ${axes.y.apply(value) - MARGIN.top}px"></i>` : nothing;
    });
  }

  static override styles = [
    controlStyles,
    curvesStyles,
    css`
      .head {
        align-items: center;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 18px;
        margin: 8px 0 2px;
        font: 13px/1.5 var(--sans);
        font-variant-numeric: tabular-nums;
      }
      .legend i {
        display: inline-block;
        width: 20px;
        margin-right: 7px;
        border-top: 2px solid currentColor;
        vertical-align: middle;
      }
      .legend .dashed {
        border-top-style: dashed;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-branch-curves": BranchCurves;
  }
}
