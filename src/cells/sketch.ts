import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { bindings } from "./bindings";
import { Cell } from "./cell";
import { type CostPoint, decimate } from "../runs/cost-history";
import type { RunValue } from "./run";
import { type KeptRun, runRecord } from "./run-records";
import "./sketch-plot";
import { courseOf, meanDistance, SKETCH_AT, type SketchPoint, verdict } from "./sketch-verdict";
import { paperName } from "../nst/names";
import { cellStyles, controlStyles } from "./theme";

/** The value of a sketch. All numbers are null until the sketch was compared with a run; costs are shares of J at step 0. */
export interface SketchValue {
  /** what was drawn, at SKETCH_AT; null: nothing yet */
  sketch: number[] | null;
  start: number | null;
  end: number | null;
  highest: number | null;
  /** step of the highest cost */
  highestAt: number | null;
  /** mean distance of the sketch from the curve */
  distance: number | null;
}

/** Steps of a run as a curve, and how far it has come. */
interface Truth {
  points: SketchPoint[];
  highest: CostPoint;
  over: boolean;
  steps: number;
}

/**
 * A curve that the reader draws before the run: how will this cost go? Then the true one is drawn over it, with what can be
 * said of the two. Heights are shares of J at step 0, so that they can be drawn before any number is known.
 *
 *     <nst-sketch as="guess" of="G" curve="content"></nst-sketch>
 *
 * `curve`: "content", "style", "tv", "total", or a style layer. Gives a SketchValue.
 */
@customElement("nst-sketch")
export class SketchCell extends Cell<SketchValue> {
  static override title = "sketch";
  static override lazy = true;
  static override reserve = 330;
  static override roles = ["run"];
  static override params = {
    curve: "content",
    /** what the reader drew: heights at SKETCH_AT, with spaces between */
    drawn: "",
    /** the reader wants to see the true curve */
    asked: false,
  };

  #run: RunValue | null = null;

  compute({ run }: { run: RunValue }): SketchValue {
    if (run?.run === undefined) throw new Error(`“${this.#source}” is no run. Take the name of a run cell.`);
    this.#run = run;
    const sketch = this.#sketch;
    const truth = this.param<boolean>("asked") ? this.#truth() : null;
    if (!sketch || !truth) return { sketch: sketch?.map(({ y }) => y) ?? null, start: null, end: null, highest: null, highestAt: null, distance: null };
    const { start, end } = courseOf(truth.points);
    return { sketch: sketch.map(({ y }) => y), start, end, highest: truth.highest.value, highestAt: truth.highest.step, distance: meanDistance(sketch, truth.points) };
  }

  override headerNote(): string {
    return this.#name;
  }

  get #source(): string {
    return bindings(SketchCell.roles, (attribute) => this.getAttribute(attribute))[0].name;
  }

  get #name(): string {
    return paperName(this.param<string>("curve"));
  }

  get #sketch(): SketchPoint[] | null {
    const heights = this.param<string>("drawn").split(" ").filter(Boolean).map(Number);
    return heights.length === SKETCH_AT.length && heights.every(Number.isFinite) ? heights.map((y, i) => ({ x: SKETCH_AT[i], y })) : null;
  }

  /** The curve of the run as far as it is known; null before its first cost. */
  #truth(): Truth | null {
    const kept: KeptRun | undefined = this.#run?.run ? runRecord(this.#run.run) : undefined;
    if (!kept) return null;
    const { history, record } = kept;
    const unit = history.start("total");
    const points = decimate(history.column(this.param("curve")), 300).map(({ step, value }) => ({ step, value: value / unit }));
    if (points.length === 0) return null;
    const { steps } = record.settingsAt(Math.max(0, record.last));
    const highest = points.reduce((a, b) => (b.value > a.value ? b : a));
    return { points: points.map(({ step, value }) => ({ x: Math.min(1, step / steps), y: value })), highest, over: history.step >= steps, steps };
  }

  #draw(points: readonly number[]): void {
    this.setParam("drawn", points.map((y) => Number(y.toFixed(3))).join(" "));
  }

  view(): TemplateResult | typeof nothing {
    if (!this.#run) return this.error ? nothing : html`<div class="body soft">Waits for the run …</div>`;
    const asked = this.param<boolean>("asked");
    const sketch = this.#sketch;
    const truth = asked ? this.#truth() : null;
    const outcome = sketch && truth ? verdict(this.#name, sketch, truth.points, truth.over) : null;
    return html`<div class="body">
      <p class="ask">How will the <b class=${this.param("curve")}>${this.#name}</b> cost go? Draw it from the first step to the last, as a share of <i>J</i> at step 0.</p>
      <nst-sketch-plot
        name=${this.#name} kind=${this.param("curve")} .sketch=${sketch?.map(({ y }) => y) ?? null} .truth=${truth?.points ?? null} .steps=${truth?.steps ?? null} ?fixed=${asked}
        @nst-draw=${(e: CustomEvent<number[]>) => this.#draw(e.detail)}
      ></nst-sketch-plot>
      <div class="outcome">
        ${asked
          ? html`<button @click=${() => this.setParam("asked", false)}>Draw again</button>`
          : html`<button class="primary" ?disabled=${!sketch} @click=${() => this.setParam("asked", true)}>Compare with the run</button>`}
        <p role="status">${this.#said(asked, sketch !== null, outcome)}</p>
      </div>
    </div>`;
  }

  #said(asked: boolean, drawn: boolean, outcome: ReturnType<typeof verdict> | null): unknown {
    if (outcome) return html`<b>${outcome.right ? "The same course." : "Another course."}</b> ${outcome.text}`;
    if (asked) return html`Now start <span class="chip">${this.#source}</span>: its curve will be drawn over yours.`;
    return drawn ? "Drag the points until the curve is as you expect it." : "Draw over the empty field, or drag its points; with the keys, Tab goes from point to point, and ↑ ↓ move it.";
  }

  static override styles = [
    controlStyles,
    cellStyles,
    css`
      .body {
        border-left: 3px solid var(--picture);
      }
      .ask {
        margin: 0 0 10px;
        max-width: 62ch;
        font: 17px/1.5 var(--serif);
      }
      .outcome {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
        margin-top: 10px;
      }
      .outcome p {
        flex: 1 1 260px;
        margin: 0;
        color: var(--soft);
      }
      .outcome b {
        color: var(--ink);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-sketch": SketchCell;
  }
}
