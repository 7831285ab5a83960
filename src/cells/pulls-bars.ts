import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { formatNumber } from "./numbers";
import { pullNamed, type Pulls } from "./pulls-numbers";
import { inUnit, kindOf, longName, shortName, type Unit, unitOf } from "./pulls-words";
import { controlStyles } from "./theme";

/**
 * What each term costs and how hard it pulls, side by side: two columns of bars, each on a scale of its own from 0. A row can
 * be chosen.
 *
 *     <nst-pull-bars .pulls=${pulls} chosen="block3_conv1" @nst-term=${(e) => e.detail}></nst-pull-bars>
 *
 * @fires nst-term - detail: the name of the term that was chosen
 */
@customElement("nst-pull-bars")
export class PullBars extends LitElement {
  @property({ attribute: false }) pulls: Pulls | null = null;
  @property() chosen = "";

  override render() {
    const { pulls } = this;
    if (!pulls) return nothing;
    const names = ["content", "style", ...Object.keys(pulls.layers), "tv", "total"];
    const rows = names.map((name) => ({ name, ...pullNamed(pulls, name) }));
    const highest = (key: "cost" | "norm") => Math.max(...rows.map((row) => row[key]).filter(Number.isFinite)) || 1;
    const [cost, norm] = [highest("cost"), highest("norm")];
    const [costUnit, normUnit] = [unitOf([cost]), unitOf([norm])];
    return html`<table>
      <caption class="visually-hidden">Each term of J: what it adds to the cost, and the length of its gradient</caption>
      <thead>
        <tr>
          <th scope="col"><span class="visually-hidden">term</span></th>
          <th scope="col">cost <span class="soft">${costUnit.text}</span></th>
          <th scope="col">pull <span class="long soft">= length of the gradient,</span> <span class="soft">${normUnit.text}</span></th>
          <th scope="col" class="share">share</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(({ name, ...pull }) => {
          const kind = kindOf(name);
          const layer = name in pulls.layers;
          return html`<tr class="${kind} ${layer ? "layer-row" : ""} ${name === this.chosen ? "lit" : ""}">
            <th scope="row">
              <button class="plain" aria-pressed=${name === this.chosen} title=${longName(name)} @click=${() => this.dispatchEvent(new CustomEvent("nst-term", { detail: name }))}>${shortName(name)}</button>
            </th>
            <td>${bar(pull.cost, cost, costUnit)}</td>
            <td>${bar(pull.norm, norm, normUnit)}</td>
            <td class="share">${Number.isNaN(pull.share) ? "–" : `${formatNumber(100 * pull.share, 2)} %`}</td>
          </tr>`;
        })}
      </tbody>
    </table>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        container: bars / inline-size;
        font: 12.5px/1.4 var(--sans);
        font-variant-numeric: tabular-nums;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        table-layout: fixed;
      }
      th,
      td {
        padding: 1px 8px;
        text-align: left;
        font-weight: 400;
      }
      thead th {
        padding-bottom: 5px;
        font-weight: 600;
      }
      thead .soft {
        font-weight: 400;
        white-space: nowrap;
      }
      th:first-child {
        width: 92px;
        padding-left: 0;
      }
      .share {
        width: 88px;
        padding-right: 0;
        text-align: right;
        color: var(--ink);
      }
      button {
        width: 100%;
        min-height: 24px;
        padding: 1px 8px;
        text-align: left;
        font: 12px/1.5 var(--mono);
        color: var(--term, var(--ink));
      }
      .layer-row button {
        padding-left: 18px;
      }
      .lit button {
        background: var(--code);
        font-weight: 600;
      }
      tr.content {
        --term: var(--content);
      }
      tr.style {
        --term: var(--style);
      }
      tr.tv {
        --term: var(--soft);
      }
      tr.total {
        --term: var(--picture);
      }
      tr.total > * {
        border-top: 1px solid var(--line);
      }
      .track {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 44px;
        gap: 8px;
        align-items: center;
      }
      .track i {
        display: block;
        height: 11px;
        border-radius: 2px;
        background: var(--term);
        transform-origin: left;
      }
      .layer-row .track i {
        opacity: 0.62;
      }
      @container bars (width < 560px) {
        thead .long {
          display: none;
        }
        th:first-child {
          width: 82px;
        }
        th,
        td {
          padding-inline: 4px;
        }
        .share {
          width: 50px;
        }
        .track {
          grid-template-columns: minmax(0, 1fr);
          gap: 1px;
          padding-block: 2px;
        }
        .track i {
          height: 7px;
        }
      }
    `,
  ];
}

function bar(value: number, highest: number, unit: Unit) {
  return html`<span class="track"><i style="transform: scaleX(${Math.max(0, value / highest)})"></i><span>${inUnit(value, unit)}</span></span>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-pull-bars": PullBars;
  }
}
