import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { paperName } from "../nst/names";
import type { LayerWeights } from "../nst/settings";
import "./number-field";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";

/**
 * Which layers count for the style, and how much: a row a layer with a switch, a slider and a number. Layers that are
 * chosen, recommended, or were switched off just now are shown; the others are folded away.
 *
 *     <nst-layer-table .layers=${[{ name: "block1_conv1", channels: 16 }, …]} .value=${{ block1_conv1: 0.2 }}
 *       .defaults=${card.defaults.styleLayers} @nst-change=${(e) => e.detail}></nst-layer-table>
 *
 * @fires nst-change - detail: the new LayerWeights, in the order of the network
 */
@customElement("nst-layer-table")
export class LayerTable extends LitElement {
  /** in the order of the network */
  @property({ attribute: false }) layers: readonly { name: string; channels: number }[] = [];
  @property({ attribute: false }) value: LayerWeights = {};
  @property({ attribute: false }) defaults: LayerWeights = {};

  @state() private unfolded = false;
  /** weights of layers switched off, to come back with them; they stay in sight, so that no row vanishes under the hand */
  private readonly put = new Map<string, number>();

  private change(next: LayerWeights): void {
    // A layer that this network does not have is kept: that it is unknown is said, not hidden.
    const known = this.layers.filter(({ name }) => name in next).map(({ name }) => [name, next[name]]);
    const unknown = Object.entries(next).filter(([name]) => !this.layers.some((layer) => layer.name === name));
    this.value = Object.fromEntries([...known, ...unknown]);
    this.dispatchEvent(new CustomEvent("nst-change", { detail: this.value }));
  }

  private set(name: string, weight: number): void {
    this.change({ ...this.value, [name]: weight });
  }

  private toggle(name: string, on: boolean): void {
    if (on) return this.set(name, this.put.get(name) ?? this.defaults[name] ?? this.usual());
    this.put.set(name, this.value[name]);
    const { [name]: _, ...rest } = this.value;
    this.change(rest);
  }

  /** What a layer newly switched on gets: as much as the chosen ones have on average. */
  private usual(): number {
    const weights = Object.values(this.value).filter((w) => w > 0);
    return weights.length === 0 ? 1 : Number((weights.reduce((a, b) => a + b, 0) / weights.length).toPrecision(2));
  }

  private spread(): void {
    const names = Object.keys(this.value);
    this.change(Object.fromEntries(names.map((name) => [name, Number((1 / names.length).toPrecision(3))])));
  }

  override render() {
    const { layers, value } = this;
    const shown = this.unfolded ? layers : layers.filter(({ name }) => name in value || name in this.defaults || this.put.has(name));
    const unknown = Object.keys(value).filter((name) => !layers.some((layer) => layer.name === name));
    const chosen = Object.values(value);
    const top = Math.max(1, ...chosen.filter(Number.isFinite));
    return html`
      <div class="rows" role="group" aria-label="Style layers and their weights">
        ${repeat(shown, ({ name }) => name, ({ name, channels }) => this.row(name, channels, top))} ${unknown.map((name) => this.row(name, null, top))}
      </div>
      <div class="foot">
        ${layers.length > 0 ? html`<button class="plain" aria-expanded=${this.unfolded} @click=${() => (this.unfolded = !this.unfolded)}>${this.unfolded ? "▾ only the chosen ones" : `▸ all ${layers.length} layers`}</button>` : nothing}
        <span class="spacer"></span>
        <span class="soft number">${chosen.length === 0 ? "no layer chosen" : html`Σ w = ${formatNumber(chosen.reduce((a, b) => a + b, 0))}`}</span>
        <button class="plain" ?disabled=${chosen.length === 0} title="the same weight for every chosen layer, 1 in all" @click=${this.spread}>equal</button>
      </div>`;
  }

  private row(name: string, channels: number | null, top: number) {
    const on = name in this.value;
    const weight = this.value[name] ?? this.put.get(name) ?? this.defaults[name] ?? 0;
    const alias = paperName(name);
    return html`<div class="layer ${on ? "on" : ""}">
      <label>
        <input type="checkbox" .checked=${on} @change=${(e: Event) => this.toggle(name, (e.target as HTMLInputElement).checked)} />
        <span class="name">${name}</span>
        <span class="alias">${channels === null ? "not in this network" : html`${alias === name ? nothing : html`${alias} · `}${channels} maps`}</span>
      </label>
      ${on
        ? html`<input type="range" min="0" max=${top} step=${top / 200} .value=${String(weight)} aria-label="weight of ${name}" aria-valuetext=${formatNumber(weight)}
              @input=${(e: Event) => this.set(name, Number(Number((e.target as HTMLInputElement).value).toPrecision(3)))} />
            <nst-number-field label="weight of ${name}, as a number" .value=${weight} .min=${0} @nst-change=${(e: CustomEvent<number>) => this.set(name, e.detail)}></nst-number-field>`
        : nothing}
    </div>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        font: 13px/1.4 var(--sans);
        --accent: var(--style);
        container-type: inline-size;
      }
      .rows {
        display: grid;
      }
      .layer {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(70px, 0.8fr) auto;
        gap: 4px 12px;
        align-items: center;
        min-height: 34px;
        padding: 2px 0 2px 8px;
        border-left: 3px solid transparent;
      }
      .layer.on {
        border-left-color: var(--style);
      }
      label {
        display: flex;
        flex-wrap: wrap;
        gap: 0 8px;
        align-items: center;
        cursor: pointer;
      }
      input[type="checkbox"] {
        margin: 0;
        accent-color: var(--style);
      }
      input[type="range"] {
        width: 100%;
        margin: 0;
      }
      .name {
        font: 12px/1.5 var(--mono);
        color: var(--soft);
      }
      .on .name {
        color: var(--ink);
        font-weight: 600;
      }
      .alias {
        color: var(--soft);
        font-size: 12px;
        white-space: nowrap;
      }
      .foot {
        display: flex;
        align-items: center;
        gap: 4px;
        margin-top: 2px;
      }
      .foot button {
        padding: 2px 8px;
        font-size: 12px;
        color: var(--soft);
      }
      .foot button:hover:not(:disabled) {
        color: var(--ink);
      }
      nst-number-field {
        --field-width: 4.4em;
      }
      @container (width < 360px) {
        .layer {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        .layer label {
          grid-column: 1 / -1;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-layer-table": LayerTable;
  }
}
