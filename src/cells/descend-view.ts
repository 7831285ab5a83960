import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import "./descend-curve";
import { descendTex } from "./descend-formula";
import type { DescentMethod } from "./descend-step";
import type { DescentStep, DescentWalk } from "./descend-walk";
import "./formula";
import "./log-slider";
import { formatCount, formatNumber } from "./numbers";
import { partsStyles } from "./parts-styles";
import "./pixel-canvas";
import { type Pixels, pixelsOf } from "./pixel-canvas";
import { controlStyles } from "./theme";

/** Steps listed at most, the newest first. */
const LISTED = 6;

/**
 * What a person sees of a descent by hand, and its controls.
 *
 *     <nst-descend-view .walk=${walk} .version=${version} .rate=${20} source="G" @nst-step=${…} @nst-rate=${…} @nst-method=${…} @nst-restart=${…}></nst-descend-view>
 *
 * @fires nst-step - one step is wanted
 * @fires nst-restart - a new start from the source is wanted
 * @fires nst-rate - detail: the learning rate
 * @fires nst-method - detail: DescentMethod
 */
@customElement("nst-descend-view")
export class DescendView extends LitElement {
  @property({ attribute: false }) walk: DescentWalk | null = null;
  /** changes whenever something of the walk has changed */
  @property({ attribute: false }) version = 0;
  @property({ attribute: false }) rate = NaN;
  /** the source has another picture by now than the one that the steps began from */
  @property({ attribute: false }) moved = false;
  /** name of the value that the steps begin from */
  @property() source = "G";

  private painted: { picture: Picture; pixels: Pixels } | null = null;

  override render() {
    const { walk, rate } = this;
    if (!walk?.picture) return nothing;
    const { picture, method, rates, cost } = walk;
    if (this.painted?.picture !== picture) this.painted = { picture, pixels: pixelsOf(picture) };
    const steps = walk.steps.length;
    const ready = cost !== null && !walk.busy && walk.slope > 0;
    const choice = (value: DescentMethod, text: string) => html`<button aria-pressed=${method === value} @click=${() => this.send("nst-method", value)}>${text}</button>`;
    return html`<div class="body columns">
        <figure>
          <nst-pixel-canvas role="img" label="the picture after ${steps} steps by hand, ${picture.width} × ${picture.height}" .pixels=${this.painted.pixels}></nst-pixel-canvas>
          <figcaption><b class="picture">${this.source}</b> after ${steps} ${steps === 1 ? "step" : "steps"} by hand · <span class="number">J = ${cost === null ? "…" : formatNumber(cost, 4)}</span></figcaption>
        </figure>
        <div class="right">
          <div class="controls">
            <span class="either" role="group" aria-label="how the step is made">${choice("gradient", "gradient descent")}${choice("adam", "Adam’s first step")}</span>
          </div>
          <nst-formula .tex=${descendTex(walk, rate)}></nst-formula>
          <div class="rate">
            <span>learning rate <i>η</i></span>
            <nst-log-slider label="learning rate" .zero=${false} .min=${rates?.low ?? 1} .max=${rates?.high ?? 10} .value=${Number.isFinite(rate) ? rate : 1} ?disabled=${!rates} @nst-change=${(e: CustomEvent<number>) => this.send("nst-rate", e.detail)}></nst-log-slider>
          </div>
          <div class="controls">
            <button class="primary" ?disabled=${!ready || !(rate > 0)} @click=${() => this.send("nst-step")}>Step</button>
            <button ?disabled=${steps === 0} @click=${() => this.send("nst-restart")}>Start over</button>
            ${this.moved ? html`<span class="soft">“${this.source}” has moved on: Start over takes its present picture.</span>` : nothing}
          </div>
          <p class="verdict" role="status">${this.verdict()}</p>
        </div>
      </div>
      <div class="body">
        <h3>J along this direction</h3>
        <nst-descend-curve .tried=${walk.tried} .cost=${cost ?? NaN} .slope=${walk.slope} .rate=${rate} .low=${rates?.low ?? 1} .high=${rates?.high ?? 10}></nst-descend-curve>
      </div>
      ${steps > 0 ? html`<div class="body">${this.list(walk.steps)}</div>` : nothing}`;
  }

  private send(type: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  private verdict() {
    const { walk } = this;
    const { cost, busy, slope, steps, picture } = walk!;
    if (cost === null || busy) return "Measuring J and its gradient …";
    if (!(slope > 0)) return "The gradient is 0 here: there is no way down.";
    const last = steps.at(-1);
    if (!last) return "Choose a rate, and take a step.";
    const came = last.after - last.before;
    const values = picture!.data.length;
    const clip = last.clipped === 0 ? "No value had to be clipped." : html`<b>${formatCount(last.clipped)}</b> of ${formatCount(values)} values had left [0, 1] and were put back.`;
    const told = came < 0
      ? html`J fell by <b>${formatNumber(-came)}</b>, ${formatNumber((100 * came) / last.promised, 2)} % of the ${formatNumber(-last.promised)} that the tangent promised.`
      : html`J rose by <b>${formatNumber(came)}</b>, where the tangent promised a fall by ${formatNumber(-last.promised)}: the step was too long. The gradient says which way J falls, not how far.`;
    return html`${told} ${clip}`;
  }

  private list(steps: readonly DescentStep[]) {
    const first = Math.max(0, steps.length - LISTED);
    return html`<table class="number">
      <caption class="visually-hidden">Steps made by hand, the newest first</caption>
      <thead><tr><th scope="col">step</th><th scope="col"><i>η</i></th><th scope="col">J before</th><th scope="col">promised</th><th scope="col">came</th><th scope="col">clipped</th></tr></thead>
      <tbody>
        ${steps.slice(first).map((step, i) => ({ ...step, number: first + i + 1 })).reverse().map(({ number, rate, method, before, after, promised, clipped }) => html`<tr>
          <th scope="row">${number}</th>
          <td>${formatNumber(rate)}${method === "adam" ? html` <span class="soft">Adam</span>` : nothing}</td>
          <td>${formatNumber(before)}</td>
          <td>${formatNumber(promised)}</td>
          <td class=${after > before ? "worse" : ""}>${after > before ? "+" : ""}${formatNumber(after - before)}</td>
          <td>${formatCount(clipped)}</td>
        </tr>`)}
      </tbody>
    </table>`;
  }

  static override styles = [
    controlStyles,
    partsStyles,
    css`
      :host {
        container: descend / inline-size;
        font: 13px/1.5 var(--sans);
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 20fr) minmax(0, 30fr);
        gap: 16px 26px;
      }
      .right {
        display: grid;
        gap: 12px;
        align-content: start;
        min-width: 0;
      }
      .rate {
        display: grid;
        gap: 2px;
        max-width: 420px;
      }
      .verdict {
        margin: 0;
        max-width: 60ch;
        min-height: 3.9em;
      }
      table {
        width: 100%;
        max-width: 620px;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 2px 8px 2px 0;
        text-align: right;
        font-weight: 400;
        white-space: nowrap;
      }
      thead th {
        color: var(--soft);
      }
      th:first-child {
        text-align: left;
      }
      .worse {
        color: var(--error);
      }
      @container descend (width < 620px) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }
        figure {
          max-width: 300px;
        }
      }
      @container descend (width < 420px) {
        table {
          font-size: 12px;
        }
        td .soft {
          display: none;
        }
        th,
        td {
          padding-right: 5px;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-descend-view": DescendView;
  }
}
