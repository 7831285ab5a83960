import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { TransferSettings } from "../nst/settings";
import { Cell } from "./cell";
import { formatNumber } from "./numbers";
import { type SettingsTerm, settingsTerms, withoutTerms } from "./terms-kept";
import { cellStyles, controlStyles } from "./theme";

/**
 * A switch for each term of the cost: what is switched off gets the weight 0. Gives the settings with what is kept, so
 * that a run which reads them loses the term from its next step on, and gets it back when it is switched on again.
 *
 *     <nst-terms as="kept" of="settings"></nst-terms>
 *     <nst-run as="G" of="content style" network="network" settings="kept"></nst-run>
 *
 * The attribute `erased` names terms to begin without, with spaces between: "content", "tv", Keras names of style layers.
 */
@customElement("nst-terms")
export class TermsCell extends Cell<TransferSettings> {
  static override title = "terms";
  static override roles = ["settings"];
  static override params = { erased: "" };

  /** the settings that it was given */
  read: TransferSettings | null = null;

  compute({ settings }: { settings: TransferSettings }): TransferSettings {
    if (!settings?.styleLayers) throw new Error(`“${this.getAttribute("of") ?? "settings"}” holds no settings of a run. Take the name of a settings cell.`);
    this.read = settings;
    return withoutTerms(settings, this.erased);
  }

  override headerNote(): string {
    const terms = this.read ? settingsTerms(this.read) : [];
    const kept = terms.filter(({ name }) => !this.erased.includes(name)).length;
    return terms.length === 0 ? "" : kept === terms.length ? "every term counts" : `${kept} of ${terms.length} terms count`;
  }

  /** names of the erased terms */
  get erased(): string[] {
    return this.param<string>("erased").split(/[\s,]+/).filter(Boolean);
  }

  #keep(names: readonly string[], yes: boolean): void {
    const others = this.erased.filter((name) => !names.includes(name));
    this.setParam("erased", [...others, ...(yes ? [] : names)].join(" "));
  }

  view(): TemplateResult | typeof nothing {
    if (!this.read) return nothing;
    const erased = this.erased;
    const terms = settingsTerms(this.read);
    const style = terms.filter(({ kind }) => kind === "style").map(({ name }) => name);
    const gone = terms.filter(({ name }) => erased.includes(name));
    return html`<div class="body">
      <div class="terms" role="group" aria-label="Terms of the cost">${terms.map((term) => this.#row(term, !erased.includes(term.name)))}</div>
      <div class="controls">
        <button ?disabled=${gone.length === 0} @click=${() => this.#keep(terms.map(({ name }) => name), true)}>Keep every term</button>
        ${style.length > 1 ? html`<button ?disabled=${style.every((name) => erased.includes(name))} @click=${() => this.#keep(style, false)}>Erase the whole style</button>` : nothing}
        <p role="status">${summary(terms, gone)}</p>
      </div>
    </div>`;
  }

  #row({ name, kind, label, symbol, weight }: SettingsTerm, kept: boolean): TemplateResult {
    return html`<label class="${kind} ${kept ? "kept" : "erased"}">
      <input type="checkbox" role="switch" .checked=${kept} @change=${(e: Event) => this.#keep([name], (e.target as HTMLInputElement).checked)} />
      <span class="kind">${KINDS[kind]}</span>
      <span class="term">${label}</span>
      <span class="weight number">${symbol} = ${kept ? formatNumber(weight) : html`<s>${formatNumber(weight)}</s> 0`}</span>
    </label>`;
  }

  static override styles = [
    controlStyles,
    cellStyles,
    css`
      .terms {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 290px), 1fr));
        gap: 2px 18px;
      }
      label {
        display: grid;
        grid-template-columns: auto 7ch minmax(0, 1fr) auto;
        gap: 9px;
        align-items: center;
        min-height: 34px;
        padding: 2px 8px;
        border-left: 3px solid transparent;
        cursor: pointer;
      }
      label.kept {
        border-left-color: currentColor;
      }
      label.tv,
      label.erased {
        color: var(--soft);
      }
      /* a switch, drawn from a checkbox: its place says what its colour does */
      input {
        appearance: none;
        color: inherit;
        width: 30px;
        height: 18px;
        margin: 0;
        border: 1px solid var(--edge);
        border-radius: 9px;
        background: var(--code);
        cursor: pointer;
      }
      input::before {
        content: "";
        display: block;
        width: 12px;
        height: 12px;
        margin: 2px;
        border-radius: 50%;
        background: var(--soft);
        transition: transform 0.12s;
      }
      input:checked {
        border-color: currentColor;
        background: currentColor;
      }
      input:checked::before {
        background: var(--card);
        transform: translateX(12px);
      }
      .kind {
        font-weight: 600;
      }
      .term {
        font: 12px/1.5 var(--mono);
      }
      .tv .term {
        font: 12px/1.5 var(--sans);
      }
      .erased .kind,
      .erased .term {
        text-decoration: line-through;
      }
      .weight {
        color: var(--soft);
        font-size: 12px;
        white-space: nowrap;
      }
      .controls {
        margin-top: 12px;
      }
      .controls p {
        flex: 1 1 260px;
        margin: 0;
        color: var(--soft);
      }
      @media (forced-colors: active) {
        input {
          appearance: auto;
        }
        input::before {
          display: none;
        }
      }
    `,
  ];
}

const KINDS = { content: "content", style: "style", tv: "TV" };

function summary(terms: readonly SettingsTerm[], gone: readonly SettingsTerm[]): string {
  if (gone.length === 0) return "Switch a term off while a run that reads these settings is going: it counts for nothing from the next step on.";
  if (!terms.some((term) => term.kind !== "tv" && !gone.includes(term))) return "Nothing is left to minimise: a run keeps the settings it has until a content or style term is back.";
  const names = gone.map(({ kind, label }) => (kind === "style" ? `style at ${label}` : kind === "content" ? "content" : "total variation"));
  return `Erased: ${names.join(", ")}.`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-terms": TermsCell;
  }
}
