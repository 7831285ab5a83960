import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { RunBatch } from "../kernel/protocol";
import "./growth-curve";
import { formatNumber } from "./numbers";
import { percent, stepsBelow } from "./paint-score";
import { controlStyles } from "./theme";

/** "idle": Adam has not been started. */
export type AdamState = "idle" | RunBatch["state"];

/** What Adam starts from: what the person started from, or what they have painted. */
export type AdamFrom = "start" | "yours";

/**
 * Adam beside a person who paints: its picture, and J over its steps against the best that the person has reached. Whoever
 * owns the run sets the properties, hands over pictures by `show`, and answers the events.
 *
 *     <nst-paint-adam .state=${"running"} .step=${12} .steps=${150} .shares=${shares} .best=${0.83} .from=${"start"} @start=${…} @stop=${…} @nst-from=${…}></nst-paint-adam>
 *
 * @fires start
 * @fires stop
 * @fires nst-from - detail: AdamFrom, chosen by the person
 */
@customElement("nst-paint-adam")
export class PaintAdam extends LitElement {
  @property() state: AdamState = "idle";
  /** steps done */
  @property({ attribute: false }) step = 0;
  /** steps wanted */
  @property({ attribute: false }) steps = 0;
  /** 0 while it is not known */
  @property({ attribute: false }) stepsPerSecond = 0;
  /** J after each step, as a share of the person's J at the start */
  @property({ attribute: false }) shares = new Float64Array(0);
  /** the smallest share that the person has reached; NaN while it is not known */
  @property({ attribute: false }) best = NaN;
  @property() from: AdamFrom = "start";
  /** whether there is all that Adam needs */
  @property({ attribute: false }) ready = false;
  /** width ÷ height */
  @property({ attribute: false }) aspect = 1;
  @property() notice = "";

  @state() private inspected: number | null = null;
  @query("canvas") private canvas!: HTMLCanvasElement;

  /** Draws the newest picture and closes the bitmap. */
  show(bitmap: ImageBitmap): void {
    const { canvas } = this;
    if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
    if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
    canvas.getContext("2d", { alpha: false })!.drawImage(bitmap, 0, 0);
    bitmap.close();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("shares") && this.inspected !== null && this.inspected >= this.shares.length) this.inspected = null;
  }

  override render() {
    const { state, step, steps, stepsPerSecond, shares, from } = this;
    const going = state === "preparing" || state === "running" || state === "paused";
    const left = stepsPerSecond > 0 ? `, ${formatNumber(stepsPerSecond, 2)} steps/s` : "";
    const choices: [AdamFrom, string][] = [["start", "your start"], ["yours", "your picture"]];
    const last = shares.length - 1;
    return html`<div class="bar">
        ${going
          ? html`<button class="primary main" @click=${() => this.send("stop")}>Stop</button>`
          : html`<button class="primary main" ?disabled=${!this.ready} @click=${() => this.send("start")}>${state === "idle" ? "Start: Adam" : "Start Adam again"}</button>`}
        <span class="choice"><span class="soft">from</span>
          <span class="either" role="group" aria-label="What Adam starts from">
            ${choices.map(([value, text]) => html`<button aria-pressed=${from === value} ?disabled=${going} @click=${() => this.send("nst-from", value)}>${text}</button>`)}
          </span>
        </span>
        <span class="status number" role="status">${state === "idle" ? "" : html`<b>${STATES[state]}</b>${state === "preparing" ? "" : ` step ${formatNumber(step)} of ${formatNumber(steps)}${state === "running" ? left : ""}`}`}</span>
      </div>
      ${this.notice ? html`<p class="notice" role="alert">${this.notice}</p>` : nothing}
      <div class="race" ?hidden=${state === "idle"}>
        <figure>
          <div class="stage" style="aspect-ratio: ${this.aspect}"><canvas role="img" aria-label="Adam's picture after ${step} steps${last >= 0 ? `, J at ${percent(shares[last])} of its start` : ""}"></canvas></div>
          <figcaption><b class="picture">Adam</b> after ${formatNumber(step)} ${step === 1 ? "step" : "steps"}</figcaption>
        </figure>
        <div class="course">${this.course(last)}</div>
      </div>`;
  }

  private course(last: number) {
    const { shares, best, inspected, steps } = this;
    if (last < 0) return html`<p class="soft">Adam's first step is on its way …</p>`;
    const high = shares.reduce((most, share) => (share > most ? share : most), 1);
    const at = inspected ?? last;
    const reading = `step ${at}: ${percent(shares[at])}`;
    return html`<p class="readout number"><b>${percent(shares[at])}</b> <span class="soft">${inspected === null ? "of the J at the start" : `after ${formatNumber(at)} steps`}</span></p>
      <div class="plot">
        <nst-growth-curve
          label="J of Adam's picture, as a share of J at the start: step to read it at" reading=${reading} highText=${percent(high)} lowText="0"
          .values=${shares} .version=${shares} .steps=${steps} .low=${0} .high=${high} .inspected=${inspected} @nst-inspect=${(event: CustomEvent<number | null>) => (this.inspected = event.detail)}
        ></nst-growth-curve>
        ${Number.isFinite(best) ? html`<i style="top:${100 * (1 - Math.min(1, best / high))}%"><span>your best ${percent(best)}</span></i>` : nothing}
      </div>
      <p class="axis soft number"><span>step 0</span><span>${formatNumber(steps)}</span></p>
      <p class="verdict">${this.verdict()}</p>`;
  }

  /** Who is ahead, in a sentence. */
  private verdict(): string {
    const { shares, best } = this;
    if (!Number.isFinite(best)) return "";
    const passed = stepsBelow(shares, best);
    const least = shares.reduce((low, share) => (share < low ? share : low), Infinity);
    if (passed === null) return least === best ? "Adam and you are level." : "Your best is still better than anything of Adam's.";
    if (passed === 0) return "Adam began better than your best.";
    return `Adam was better than your best after ${passed} ${passed === 1 ? "step" : "steps"}.`;
  }

  private send(type: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        font: 13px/1.5 var(--sans);
      }
      p {
        margin: 0;
      }
      .bar,
      .choice {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 12px;
        align-items: center;
      }
      .choice {
        gap: 8px;
      }
      .status b {
        margin-right: 4px;
        color: var(--picture);
      }
      .notice {
        margin-top: 10px;
        padding: 7px 11px;
        border-radius: 7px;
        background: var(--error-wash);
        color: var(--error);
      }
      .race {
        display: grid;
        grid-template-columns: minmax(120px, 280px) minmax(0, 1fr);
        gap: 12px 22px;
        margin-top: 12px;
      }
      .race[hidden] {
        display: none;
      }
      .stage {
        overflow: clip;
        border-radius: 8px;
        background: var(--code);
      }
      .stage canvas {
        width: 100%;
        height: 100%;
        border-radius: 0;
        image-rendering: pixelated;
      }
      .readout b {
        font: 600 20px/1.2 var(--sans);
        color: var(--picture);
      }
      .plot {
        position: relative;
        margin-top: 8px;
        --curve-height: 130px;
      }
      .plot i {
        position: absolute;
        inset-inline: 0;
        border-top: 1.5px dashed var(--ink);
        pointer-events: none;
      }
      .plot i span {
        position: absolute;
        right: 0;
        bottom: 2px;
        padding: 0 3px;
        border-radius: 3px;
        background: var(--card);
        font: 600 12px/1.4 var(--sans);
        color: var(--ink);
        white-space: nowrap;
      }
      .axis {
        display: flex;
        justify-content: space-between;
        font-size: 11px;
      }
      .verdict {
        margin-top: 6px;
      }
      @media (max-width: 560px) {
        .race {
          grid-template-columns: minmax(0, 1fr);
        }
        .race figure {
          max-width: 280px;
        }
      }
    `,
  ];
}

const STATES: Record<Exclude<AdamState, "idle">, string> = { preparing: "Preparing", running: "Running", paused: "Paused", finished: "Finished", stopped: "Stopped" };

declare global {
  interface HTMLElementTagNameMap {
    "nst-paint-adam": PaintAdam;
  }
}
