import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { equal } from "../notebook/equal";
import { featureLayers } from "../nst/feature-layers";
import type { ModelCard, OptimiserOptions } from "../nst/model-card";
import type { TransferSettings } from "../nst/settings";
import type { BranchChoice } from "./branch-plan";
import { layerTitle } from "./layer-choice";
import "./layer-table";
import "./log-slider";
import "./number-field";
import { formatNumber } from "./numbers";
import { OPTIMISERS } from "./settings-change";
import { settingsStyles } from "./settings-styles";
import { controlStyles } from "./theme";

/** Decades on either side of what the parent has that the sliders reach. */
const DECADES = 3;

/** One thing changed. */
export interface BranchChange {
  name: BranchChoice;
  /** null: as the parent has it */
  value: unknown;
}

/**
 * What can be another from the step where a branch begins. What differs from the parent is marked, with the way back beside it.
 *
 *     <nst-branch-controls .card=${card} .there=${settingsThere} .now=${settings} @nst-change=${…}></nst-branch-controls>
 *
 * @fires nst-change - detail: BranchChange
 */
@customElement("nst-branch-controls")
export class BranchControls extends LitElement {
  @property({ attribute: false }) card!: ModelCard;
  /** of the parent, at the step where the branch begins */
  @property({ attribute: false }) there!: TransferSettings;
  /** of the branch */
  @property({ attribute: false }) now!: TransferSettings;

  override render() {
    const { card, there, now } = this;
    const layers = featureLayers(card);
    const contentLayer = now.contentLayer ?? "none";
    const select = (name: BranchChoice, label: string, options: readonly (readonly [string, string])[], value: string) =>
      html`<select aria-label=${label} @change=${(e: Event) => this.choose(name, (e.target as HTMLSelectElement).value)}>${options.map(([option, text]) => html`<option value=${option} ?selected=${option === value}>${text}</option>`)}</select>`;
    const number = (name: BranchChoice, label: string, value: number, min: number, whole = false) =>
      html`<nst-number-field label=${label} .value=${value} .min=${min} ?whole=${whole} @nst-change=${(e: CustomEvent<number>) => this.choose(name, e.detail)}></nst-number-field>`;
    return html`<div class="columns">
      <div>
        ${this.weight("alphaTimesM", html`<i>α</i> · <i>M</i>`, "alpha times M", there.alphaTimesM, now.alphaTimesM)}
        ${this.weight("beta", html`<i>β</i>`, "beta", there.beta, now.beta)}
        ${this.field("contentLayer", "content layer", select("contentLayer", "content layer", [["none", "none"], ...layers.map(({ name }) => [name, layerTitle(name)] as const)], contentLayer), there.contentLayer ?? "none", contentLayer)}
        <details ?open=${!equal(there.styleLayers, now.styleLayers)}>
          <summary>style layers and their weights${equal(there.styleLayers, now.styleLayers) ? nothing : html` <button class="reset" @click=${(e: Event) => (e.preventDefault(), this.choose("styleLayers", null))}>↺ as they were</button>`}</summary>
          <nst-layer-table .layers=${layers} .value=${now.styleLayers} .defaults=${there.styleLayers} @nst-change=${(e: CustomEvent) => this.choose("styleLayers", e.detail)}></nst-layer-table>
        </details>
      </div>
      <div>
        ${this.field("optimiser", "optimiser", select("optimiser", "optimiser", Object.entries(OPTIMISERS), now.optimiser.kind), there.optimiser.kind, now.optimiser.kind)}
        ${this.field("learningRate", "learning rate", number("learningRate", "learning rate", now.optimiser.learningRate, 0), there.optimiser.learningRate, now.optimiser.learningRate)}
        ${this.field("steps", "steps in all", number("steps", "steps in all", now.steps, 1, true), there.steps, now.steps)}
      </div>
    </div>`;
  }

  private weight(name: "alphaTimesM" | "beta", label: TemplateResult, spoken: string, before: number, now: number) {
    const middle = before || 1;
    return this.field(name, label, html`<nst-log-slider
      label=${spoken} .value=${now} .min=${middle / 10 ** DECADES} .max=${middle * 10 ** DECADES} .mark=${before} @nst-change=${(e: CustomEvent<number>) => this.choose(name, e.detail)}
    ></nst-log-slider>`, before, now, true);
  }

  private field(name: BranchChoice, label: unknown, control: TemplateResult, before: string | number, now: string | number, wide = false) {
    const changed = before !== now;
    const text = typeof before === "number" ? formatNumber(before) : name === "optimiser" ? OPTIMISERS[before as OptimiserOptions["kind"]] : layerTitle(before);
    return html`<div class="field ${changed ? "changed" : ""} ${wide ? "wide" : ""}">
      <span class="label">${label}</span>
      <span>${changed ? html`<button class="reset" title="as the parent has it" aria-label="back to ${text}" @click=${() => this.choose(name, null)}>↺ ${text}</button>` : nothing}</span>
      <div class="control">${control}</div>
    </div>`;
  }

  private choose(name: BranchChoice, value: unknown): void {
    this.dispatchEvent(new CustomEvent<BranchChange>("nst-change", { detail: { name, value } }));
  }

  static override styles = [
    controlStyles,
    settingsStyles,
    css`
      :host {
        display: block;
        container: cell / inline-size;
      }
      .columns {
        --accent: var(--picture);
        display: grid;
        gap: 0 32px;
      }
      .columns > div {
        min-width: 0;
      }
      summary {
        min-height: 30px;
        padding: 5px 0;
        cursor: pointer;
        font: 13px/1.4 var(--sans);
      }
      @container cell (width >= 640px) {
        .columns {
          grid-template-columns: minmax(0, 1.4fr) minmax(0, 1fr);
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-branch-controls": BranchControls;
  }
}
