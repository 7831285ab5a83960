import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { paperName } from "../nst/names";
import { costBarsStyles } from "./cost-bars-styles";
import { formatNumber } from "./numbers";
import { type PaintCosts, percent } from "./paint-score";
import { barScale } from "./scales";
import { controlStyles } from "./theme";

/**
 * The costs of a painted picture: J in one bar, in the colours of its terms, and a bar for each term. A mark says where each
 * was at the start, a violet one on J where it was at best.
 *
 *     <nst-paint-costs .start=${score.start} .now=${score.now} .best=${0.71}></nst-paint-costs>
 */
@customElement("nst-paint-costs")
export class PaintCostBars extends LitElement {
  @property({ attribute: false }) start: PaintCosts | null = null;
  @property({ attribute: false }) now: PaintCosts | null = null;
  /** smallest share so far, NaN while there is none */
  @property({ attribute: false }) best = NaN;

  override render() {
    const { start, now } = this;
    if (!start || !now) return html`<p class="soft empty">Measuring the picture that you start from …</p>`;
    const rows = rowsOf(now, start);
    const whole = barScale([now.total, start.total * 1.1], "linear");
    const each = barScale(rows.flatMap(({ cost, from }) => [cost, from]), "linear");
    const share = now.total / start.total;
    return html`<p class="score number"><b>${percent(share)}</b> of the <i>J</i> at the start</p>
      <div class="whole" role="img" aria-label="J is ${formatNumber(now.total)}: ${rows.map(({ name, cost }) => `${name} ${formatNumber(cost)}`).join(", ")}. It was ${formatNumber(start.total)} at the start and ${percent(this.best)} of that at best.">
        ${rows.map(({ kind, cost }) => html`<i class=${kind} style="width:${100 * whole.share(cost)}%"></i>`)}
        <b class="mark" style="left:${100 * whole.share(start.total)}%" title="at the start"></b>
        ${this.best < 1 ? html`<b class="mark best" style="left:${100 * whole.share(this.best * start.total)}%" title="at best"></b>` : nothing}
      </div>
      <p class="caption"><span><i>J</i> = ${formatNumber(now.total)}</span> <span class="soft">0 to ${formatNumber(whole.high)}</span></p>
      <ul>
        ${rows.map(({ name, kind, cost, from }) => html`<li>
          <span class="term">${kind === "layer" ? paperName(name) : name}</span>
          <span class="track" aria-hidden="true"><i class=${kind} style="transform:scaleX(${each.share(cost)})"></i>${from > 0 ? html`<b style="left:${100 * each.share(from)}%"></b>` : nothing}</span>
          <span class="number">${formatNumber(cost)}</span><span class="visually-hidden">, at the start ${formatNumber(from)}</span>
        </li>`)}
      </ul>
      <p class="caption"><span class="soft"><b class="mark key"></b> at the start${this.best < 1 ? html` <b class="mark best key"></b> at best` : nothing}</span> <span class="soft">0 to ${formatNumber(each.high)}</span></p>`;
  }

  static override styles = [
    controlStyles,
    costBarsStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        font: 12px/1.5 var(--sans);
      }
      p {
        margin: 0;
      }
      .score {
        margin-bottom: 6px;
        font: 14px/1.3 var(--sans);
      }
      .score b {
        font: 600 26px/1.2 var(--sans);
      }
      .whole {
        position: relative;
        display: flex;
        height: 18px;
        border-radius: 3px;
        background: var(--code);
      }
      .whole > i {
        flex: none;
        box-shadow: inset -1px 0 0 var(--card);
      }
      .whole > i:first-child {
        border-radius: 3px 0 0 3px;
      }
      .whole i {
        background: var(--style);
      }
      .whole i.content {
        background: var(--content);
      }
      .whole i.tv {
        background: var(--soft);
      }
      .mark {
        position: absolute;
        top: -3px;
        bottom: -3px;
        width: 2px;
        margin-left: -1px;
        border-radius: 1px;
        background: var(--edge);
        box-shadow: 0 0 0 1px var(--card);
      }
      .mark.best {
        background: var(--picture);
      }
      .mark.best.key {
        margin-left: 10px;
      }
      .mark.key {
        position: static;
        display: inline-block;
        height: 11px;
        margin: 0 4px -2px 1px;
      }
      .caption {
        display: flex;
        justify-content: space-between;
        gap: 10px;
        margin-top: 4px;
      }
      ul {
        margin-top: 12px;
      }
    `,
  ];
}

function rowsOf(now: PaintCosts, start: PaintCosts): { name: string; kind: "content" | "layer" | "tv"; cost: number; from: number }[] {
  const before = new Map(start.layers.map(({ name, cost }) => [name, cost]));
  const rows = [
    { name: "content", kind: "content" as const, cost: now.content, from: start.content },
    ...now.layers.map(({ name, cost }) => ({ name, kind: "layer" as const, cost, from: before.get(name) ?? NaN })),
    { name: "tv", kind: "tv" as const, cost: now.tv, from: start.tv },
  ];
  return rows.filter(({ kind, cost, from }) => kind === "layer" || cost > 0 || from > 0 || kind === "content");
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-paint-costs": PaintCostBars;
  }
}
