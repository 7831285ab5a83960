import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Look, Shown } from "../sandbox/client";
import "./code-listing";
import "./inspector";
import { branchOf, branchOfShown } from "./inspector-tree";
import { formatNumber } from "./numbers";
import "./pixel-canvas";
import { controlStyles } from "./theme";
import { alternative, factsOf, formatBytes, summaryOfData, warningOf } from "./value-facts";
import "./value-heat";
import "./value-line";
import { lookOfData, statistics } from "./value-look";
import "./value-maps";
import { tableStyles, valueTable } from "./value-table";

/** Longer side of a picture, in CSS pixels, that enlarging aims at. */
const SIDE = 264;
/** Tensors of an object that are drawn; all of them are in its tree. */
const DRAWN = 4;

/**
 * A value as what it is: a picture, a heat map, feature maps, a table, a line, a function's text, or a tree to be opened; beside
 * it its shape, range, mean and size in memory, and a warning where numbers are not finite.
 *
 *     <nst-value .shown=${item.shown} label="G"></nst-value>
 */
@customElement("nst-value")
export class ValueView extends LitElement {
  @property({ attribute: false }) shown: Shown | null = null;
  /** name of the value */
  @property() label = "";

  override render() {
    const { shown } = this;
    if (!shown || shown.kind === "node") return nothing;
    const warning = warningOf(shown);
    const facts = factsOf(shown);
    return html`<div class="value">
        ${this.#drawn(shown)}
        ${facts.length > 0 ? html`<dl class="number">${facts.map(({ term, text }) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>` : nothing}
      </div>
      ${warning ? html`<p class="warning" role="status">${warning}</p>` : nothing}`;
  }

  #drawn(shown: Shown): TemplateResult | typeof nothing {
    switch (shown.kind) {
      case "tensor":
        return this.#look(shown.look, shown, [shown.min, shown.max]);
      case "data":
        return this.#data(shown);
      case "function":
        return html`<nst-code-listing class="function" .source=${shown.text} label=${`text of ${shown.name || this.label || "the function"}`}></nst-code-listing>`;
      case "object":
        return html`<nst-inspector .root=${branchOfShown("", shown)} label=${this.label || shown.type}></nst-inspector>${this.#tensors(shown)}`;
      case "text":
        return html`<pre>${shown.text}</pre>`;
      case "nothing":
        return html`<p class="soft">No value: the code gives nothing back.</p>`;
      case "node":
        return nothing;
    }
  }

  /** What a step gives beside its numbers, such as the picture of { step, cost, picture }, is what one wants to watch. */
  #tensors({ entries }: Extract<Shown, { kind: "object" }>): TemplateResult | typeof nothing {
    const tensors = entries.filter((entry) => entry.shown.kind === "tensor").slice(0, DRAWN);
    if (tensors.length === 0) return nothing;
    return html`<div class="tensors">${tensors.map(({ name, shown }) => html`<section><h4>${name}</h4><nst-value .shown=${shown} label=${name}></nst-value></section>`)}</div>`;
  }

  #data(shown: Extract<Shown, { kind: "data" }>): TemplateResult {
    const { value, cut, bytes } = shown;
    const note = cut ? html`<p class="soft">Too large to be shown as a whole (${formatBytes(bytes)}): this is its beginning.</p>` : nothing;
    const look = lookOfData(value);
    if (look) {
      const { min, max } = "values" in look ? statistics(look.values) : { min: 0, max: 1 };
      return html`${this.#look(look, shown, [min, max])}${note}`;
    }
    if (typeof value === "string") return html`<pre>${value}</pre>${note}`;
    if (typeof value === "number") return html`<output class="single">${formatNumber(value, 7)}</output>`;
    if (typeof value !== "object" || value === null) return html`<output class="single">${summaryOfData(value)}</output>`;
    return html`<nst-inspector .root=${branchOf("", value)} label=${this.label || "value"}></nst-inspector>${note}`;
  }

  #look(look: Look, shown: Shown, range: [number, number]): TemplateResult {
    const label = alternative(shown, this.label);
    switch (look.as) {
      case "number":
        return html`<output class="single">${formatNumber(look.value, 7)}</output>`;
      case "table":
        return valueTable(look.values, look.rows, look.columns, label);
      case "line":
        return html`<nst-line .values=${look.values} .every=${look.every} label=${label}></nst-line>`;
      case "heat":
        return html`<nst-heat .values=${look.values} .rows=${look.rows} .columns=${look.columns} .every=${look.every} .range=${range} label=${label}></nst-heat>`;
      case "maps":
        return html`<nst-maps
          .values=${look.values} .width=${look.width} .height=${look.height} .channels=${look.channels} .count=${look.shown} .every=${look.every} .range=${range}
          label=${label}
        ></nst-maps>`;
      case "picture":
        return this.#picture(look, label);
      case "values":
        return valueTable(look.values.slice(0, 8), 1, Math.min(8, look.values.length), `${label}; the first values`);
    }
  }

  #picture({ width, height, rgba, range: [black, white] }: Extract<Look, { as: "picture" }>, label: string): TemplateResult {
    const longer = Math.max(width, height);
    // enlarged by whole numbers, so that every pixel is as large as its neighbour
    const zoom = longer <= SIDE ? Math.max(1, Math.floor(SIDE / longer)) : 384 / Math.max(384, longer);
    return html`<figure class="drawing" style="width:${Math.round(width * zoom)}px">
      <nst-pixel-canvas .pixels=${{ width, height, rgba }} label=${label}></nst-pixel-canvas>
      ${black === 0 && white === 1 ? nothing : html`<figcaption class="number">black is ${formatNumber(black)}, white ${formatNumber(white)}</figcaption>`}
    </figure>`;
  }

  static override styles = [
    controlStyles,
    tableStyles,
    css`
      :host {
        display: block;
        font: 13px/1.5 var(--sans);
      }
      .value {
        display: flex;
        flex-wrap: wrap;
        gap: 12px 26px;
        align-items: flex-start;
      }
      .value > * {
        min-width: 0;
      }
      .drawing {
        max-width: 100%;
      }
      .function {
        flex: 1 1 100%;
        border-radius: 6px;
        overflow: clip;
      }
      .tensors {
        flex: 1 1 100%;
        display: flex;
        flex-wrap: wrap;
        gap: 16px 32px;
      }
      h4 {
        margin: 0 0 6px;
        font: 600 12px/1.5 var(--mono);
      }
      .single {
        font: 500 22px/1.3 var(--mono);
        overflow-wrap: anywhere;
      }
      pre {
        margin: 0;
        font: 13px/1.5 var(--mono);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        max-height: 320px;
        overflow: auto;
      }
      p {
        margin: 0;
      }
      dl {
        display: grid;
        gap: 2px 0;
        margin: 0;
        color: var(--soft);
        font: 12px/1.5 var(--sans);
      }
      dl div {
        display: grid;
        grid-template-columns: 58px minmax(0, 1fr);
        gap: 8px;
      }
      dd {
        margin: 0;
        color: var(--ink);
      }
      .warning {
        margin-top: 10px;
        padding: 6px 10px;
        border-left: 3px solid var(--error);
        background: var(--error-wash);
        color: var(--error);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-value": ValueView;
  }
}
