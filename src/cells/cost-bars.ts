import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { paperName } from "../nst/names";
import { costBarsStyles } from "./cost-bars-styles";
import { CostHistory } from "../runs/cost-history";
import { formatNumber } from "./numbers";
import { barScale, type CostScale } from "./scales";
import { controlStyles } from "./theme";

/** Milliseconds between two updates at least: numbers that change faster cannot be read. */
const INTERVAL = 100;

/**
 * What each term adds to the total cost J at a step: the content cost, the style cost of every layer (β·w_l·E_l) and total
 * variation, as bars on one scale. A tick marks where a term was at the start, so that the fall is seen.
 *
 *     <nst-cost-bars .history=${history} .version=${history.version} scale="log" .step=${null}></nst-cost-bars>
 */
@customElement("nst-cost-bars")
export class CostBars extends LitElement {
  @property({ attribute: false }) history = new CostHistory();
  /** `history.version`: that it differs is how the element learns of new steps */
  @property({ type: Number }) version = 0;
  @property() scale: CostScale = "log";
  /** the step to show, null for the newest */
  @property({ attribute: false }) step: number | null = null;

  private updatedAt = -Infinity;

  protected override async scheduleUpdate(): Promise<void> {
    const wait = this.updatedAt + INTERVAL - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    super.scheduleUpdate();
    this.updatedAt = performance.now();
  }

  override render() {
    const { history } = this;
    const step = Math.min(this.step ?? history.step, history.step);
    const rows = ["content", ...history.layers.toSorted(), "tv"]
      .map((name) => ({ name, value: history.at(step, name), start: history.start(name) }))
      // A layer that is no longer chosen has no value at this step.
      .filter(({ value }) => !Number.isNaN(value));
    if (rows.length === 0) return html`<p class="empty soft">The bars come with the first step.</p>`;
    const scale = barScale(rows.flatMap(({ value, start }) => [value, start]), this.scale);
    const range = this.scale === "log" ? `log, ${formatNumber(scale.low)} to ${formatNumber(scale.high)}` : `linear, 0 to ${formatNumber(scale.high)}`;
    return html`<p class="caption"><b>What each term adds to <i>J</i></b> <span class="soft">${range}</span></p>
      <ul>
        ${rows.map(({ name, value, start }) => {
          const kind = name === "content" || name === "tv" ? name : "layer";
          return html`<li>
            <span class="term" title=${kind === "layer" ? `style cost of ${name}: β · w · E` : nothing}><span class="long">${name}</span><span class="short">${paperName(name)}</span></span>
            <span class="track" aria-hidden="true">
              <i class=${kind} style="transform: scaleX(${scale.share(value)})"></i>
              ${start > 0 && start !== value ? html`<b style="left: ${100 * scale.share(start)}%" title="at the start: ${formatNumber(start)}"></b>` : nothing}
            </span>
            <span class="number">${formatNumber(value)}</span><span class="visually-hidden">, at the start ${formatNumber(start)}</span>
          </li>`;
        })}
      </ul>`;
  }

  static override styles = [
    controlStyles,
    costBarsStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        font: 12px/1.5 var(--sans);
        container-type: inline-size;
      }
      .caption {
        margin: 0 0 4px;
      }
      .caption b {
        margin-right: 8px;
        font-weight: 600;
      }
      .empty {
        margin: 0;
      }
      .short {
        display: none;
      }
      @container (width < 320px) {
        .short {
          display: inline;
        }
        .long {
          display: none;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-cost-bars": CostBars;
  }
}
