import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Position, StepUnit } from "./compare-runs-steps";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";

/**
 * One slider for the steps of several runs: in steps, or as a share of each run's own.
 *
 *     <nst-compare-bar .position=${{ unit: "steps", step: 40, share: 1 }} .end=${80} @nst-slide=${…}></nst-compare-bar>
 *
 * @fires nst-slide - detail: Position, also while the slider moves
 */
@customElement("nst-compare-bar")
export class CompareBar extends LitElement {
  @property({ attribute: false }) position: Position = { unit: "steps", step: -1, share: 1 };
  /** the newest step of all runs */
  @property({ type: Number }) end = 0;

  private get step(): number {
    const { step } = this.position;
    return step < 0 ? this.end : Math.min(step, this.end);
  }

  private slide(changes: Partial<Position>): void {
    const detail = { ...this.position, ...changes };
    this.dispatchEvent(new CustomEvent<Position>("nst-slide", { detail }));
  }

  /** To a step, or to a whole percentage. The last one stands for the newest, also when there are more. */
  private go(to: number): void {
    if (this.position.unit === "share") this.slide({ share: Math.min(100, Math.max(0, to)) / 100 });
    else this.slide({ step: to >= this.end ? -1 : Math.max(0, to) });
  }

  /** The other unit, at the same place. */
  private measure(unit: StepUnit): void {
    if (unit === this.position.unit) return;
    const at = this.position.unit === "steps" ? { share: this.end > 0 ? Math.round((this.step / this.end) * 100) / 100 : 1 } : { step: this.position.share >= 1 ? -1 : Math.round(this.position.share * this.end) };
    this.slide({ unit, ...at });
  }

  override render() {
    const { end, position } = this;
    const share = position.unit === "share";
    const [at, last] = share ? [Math.round(position.share * 100), 100] : [this.step, end];
    const text = share ? `${at} % of each run's steps` : `step ${at} of ${end}`;
    const unit = (unit: StepUnit, text: string, title: string) => html`<button aria-pressed=${position.unit === unit} title=${title} @click=${() => this.measure(unit)}>${text}</button>`;
    return html`<div class="bar"><button aria-label=${share ? "one percent back" : "one step back"} ?disabled=${at <= 0} @click=${() => this.go(at - 1)}>◂</button>
      <input type="range" min="0" max=${Math.max(1, last)} step="1" .value=${String(at)} aria-label="step of all runs" aria-valuetext=${text} @input=${(event: Event) => this.go((event.target as HTMLInputElement).valueAsNumber)} />
      <button aria-label=${share ? "one percent on" : "one step on"} ?disabled=${at >= last} @click=${() => this.go(at + 1)}>▸</button>
      <span class="where">
        <span class="number at">${share ? html`<b>${at}\u00a0%</b> of each run` : html`step <b>${formatNumber(at)}</b> of ${formatNumber(end)}`}</span>
        <span class="either" role="group" aria-label="Unit of the slider">${unit("steps", "steps", "the same number of steps of every run")}${unit("share", "share", "the same share of every run's own steps")}</span>
        ${share ? nothing : html`<button ?disabled=${at >= last} @click=${() => this.go(end)}>Newest</button>`}
      </span></div>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        container-type: inline-size;
        font: 13px/1.5 var(--sans);
        --accent: var(--picture);
      }
      .bar {
        display: grid;
        grid-template-columns: auto minmax(60px, 1fr) auto auto;
        gap: 8px;
        align-items: center;
      }
      input {
        width: 100%;
        min-height: 28px;
        margin: 0;
      }
      .bar > button {
        padding-inline: 10px;
      }
      .where {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 12px;
        align-items: center;
        justify-content: space-between;
      }
      .at {
        min-width: 9em;
      }
      .at b {
        color: var(--picture);
      }
      @container (width < 660px) {
        .bar {
          grid-template-columns: auto minmax(60px, 1fr) auto;
        }
        .where {
          grid-column: 1 / -1;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-compare-bar": CompareBar;
  }
}
