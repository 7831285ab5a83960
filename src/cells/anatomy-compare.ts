import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { paperName } from "../nst/names";
import type { AnatomyValue } from "./anatomy-model";
import { compareSteps, type EagerStep, type StepComparison } from "./anatomy-sides";
import { formatMilliseconds } from "./anatomy-words";
import { bindings } from "./bindings";
import { Cell } from "./cell";
import { formatNumber } from "./numbers";
import { cellStyles, controlStyles } from "./theme";
import { formatBytes } from "./value-facts";

/**
 * The same step twice: as the engine takes it, and as a code cell has written it. Costs beside one another with their
 * difference, time, memory at its peak, and how many operations there were.
 *
 *     <nst-anatomy-compare as="compared" of="step eager"></nst-anatomy-compare>
 *
 * `of` names an anatomy cell and a value { milliseconds, peak, operations, terms } of a code cell, its terms named as those of the
 * anatomy cell. Gives a StepComparison: `compared.difference`, `compared.time`, `compared.memory`, `compared.operations`.
 */
@customElement("nst-anatomy-compare")
export class AnatomyCompareCell extends Cell<StepComparison | null> {
  static override title = "two steps";
  static override lazy = true;
  static override roles = ["engine", "other"];
  static override styles = [
    controlStyles,
    cellStyles,
    css`
      table {
        border-collapse: collapse;
        font: 13px/1.5 var(--sans);
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: 2px 0 2px 22px;
        text-align: right;
        white-space: nowrap;
      }
      th:first-child {
        padding-left: 0;
        text-align: left;
        font-weight: 400;
      }
      thead th {
        color: var(--soft);
        font-weight: 600;
      }
      .first td,
      .first th {
        padding-top: 10px;
      }
      .scroller {
        overflow-x: auto;
      }
      p {
        margin: 10px 0 0;
        max-width: 76ch;
        font: 14px/1.5 var(--sans);
      }
      @container cell (width < 480px) {
        th,
        td {
          padding-left: 10px;
          font-size: 12px;
        }
      }
    `,
  ];

  private sides: { engine: AnatomyValue; other: EagerStep } | null = null;

  compute({ engine, other }: { engine: AnatomyValue | null; other: EagerStep }): StepComparison | null {
    this.sides = null;
    if (engine === null) return null;
    const comparison = compareSteps(engine, other, this.names());
    this.sides = { engine, other };
    return comparison;
  }

  override headerNote(): typeof nothing {
    return nothing;
  }

  view(value: StepComparison | null | undefined): TemplateResult | typeof nothing {
    const { sides } = this;
    const names = this.names();
    if (value === null) return html`<div class="body soft">“${names[0]}” has not been taken apart yet.</div>`;
    if (!value || !sides) return this.error ? nothing : html`<div class="body soft">Run “${names[1]}” above: it is the other step.</div>`;
    const { engine, other } = sides;
    const row = (name: unknown, [a, b]: [string, string], last: string, first = false) => html`<tr class=${first ? "first" : ""}><th scope="row">${name}</th><td>${a}</td><td>${b}</td><td>${last}</td></tr>`;
    return html`<div class="body">
      <div class="scroller">
        <table>
          <thead><tr><th><span class="visually-hidden">what</span></th><th>${names[0]}</th><th>${names[1]}</th><th>apart by</th></tr></thead>
          <tbody>
            ${value.terms.map(({ name, engine, other, difference }) => row(termName(name), [formatNumber(engine, 7), formatNumber(other, 7)], difference === 0 ? "0" : formatNumber(difference, 2)))}
            ${row("time", [formatMilliseconds(engine.milliseconds), formatMilliseconds(other.milliseconds)], `× ${formatNumber(value.time, 2)}`, true)}
            ${row("memory at its peak", [formatBytes(engine.peak), formatBytes(other.peak)], `× ${formatNumber(value.memory, 2)}`)}
            ${row("operations", [String(engine.operations), String(other.operations)], `× ${formatNumber(value.operations, 2)}`)}
          </tbody>
        </table>
      </div>
      <p role="status">
        ${value.difference <= 1e-5
          ? html`The costs are the same to ${formatNumber(value.difference, 2)} of their size, which is rounding: float32 has seven digits, and the two add in another order.`
          : html`The costs differ by ${formatNumber(value.difference, 2)} of their size, which is more than rounding. The two do not compute the same.`}
      </p>
    </div>`;
  }

  private names(): [string, string] {
    const [engine, other] = bindings(AnatomyCompareCell.roles, (attribute) => this.getAttribute(attribute));
    return [engine.name, other.name];
  }
}

const termName = (name: string): unknown => (name === "total" ? html`<i>J</i>` : name === "tv" ? "total variation" : paperName(name));

declare global {
  interface HTMLElementTagNameMap {
    "nst-anatomy-compare": AnatomyCompareCell;
  }
}
