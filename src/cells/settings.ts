import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { equal } from "../notebook/equal";
import { checkSettings } from "../nst/check-settings";
import { featureLayers } from "../nst/feature-layers";
import type { ModelCard } from "../nst/model-card";
import { paperName } from "../nst/names";
import { positions } from "../nst/positions";
import type { TransferSettings } from "../nst/settings";
import { Cell } from "./cell";
import "./layer-table";
import "./log-slider";
import type { NetworkValue } from "./network";
import "./number-field";
import { fieldText, formatNumber } from "./numbers";
import { OPTIMISERS } from "./settings-change";
import { moreTexts } from "./settings-more";
import { settingsStyles } from "./settings-styles";
import { cellStyles, controlStyles } from "./theme";
import { type ChoiceName, CHOICES, completeChoices, type Chosen, defaultChoices, readNames, transferSettings } from "./transfer-settings";

/** Decades on either side of the network's default that the sliders of the weights reach. */
const DECADES = 4;

/**
 * Everything that a run can be told. Gives TransferSettings; what the person does not choose is what the network's card
 * recommends, and follows it when another network is chosen. Attributes give other starting values:
 *
 *     <nst-settings as="settings" network="network"></nst-settings>
 *     <nst-settings as="strong" network="network" beta="10" style-layers="conv1_1 conv2_1:0.5" initialisation="noise"></nst-settings>
 *
 * `without` names controls that are not to be shown, by their attributes, with spaces between: what has no effect here (the
 * size, where both pictures read theirs from other settings), or is not the matter of this notebook. Their values stay.
 *
 *     <nst-settings as="settings2" network="network" without="size seed"></nst-settings>
 *
 * Attributes without a control of their own: of the optimiser `beta1`, `beta2`, `epsilon`, `epsilon-place` ("keras" | "pytorch"),
 * `momentum`, `decay-rate`, `decay-every`, `history`; of the cost `content-tap` ("tap" | "after" | "before"), `style-statistic`
 * ("gram" | "wasserstein"), `total-variation-kind` (see TotalVariationKind). Those that are used are said in words.
 *
 * Settings that cannot run are still given: `checkSettings` says what is wrong here, and whoever starts a run asks it too.
 * A rejected cell would take a run that is going down with it while a number is half typed.
 */
@customElement("nst-settings")
export class SettingsCell extends Cell<TransferSettings> {
  static override title = "settings";
  static override roles = ["network"];
  static override params: Record<ChoiceName, null> = Object.fromEntries(CHOICES.map((name) => [name, null])) as Record<ChoiceName, null>;

  /** controls that are not shown, by their attributes */
  @property() without: string | null = null;

  private card: ModelCard | null = null;
  private omitted: ReadonlySet<ChoiceName> = new Set();
  private chosen: Chosen | null = null;

  compute({ network }: { network: NetworkValue }): TransferSettings {
    this.omitted = readNames("without", this.without ?? "");
    this.card = network.card;
    this.chosen = completeChoices(Object.fromEntries(CHOICES.map((name) => [name, this.param(name)])), network.card);
    return transferSettings(this.chosen, network.card);
  }

  override headerNote(): TemplateResult | string {
    const changed = this.changed();
    if (changed.length === 0) return this.card ? "all as the network recommends" : "";
    return html`${changed.length} changed`;
  }

  private changed(): ChoiceName[] {
    const { card, chosen } = this;
    if (!card || !chosen) return [];
    const standard = defaultChoices(card, chosen);
    return CHOICES.filter((name) => !equal(chosen[name], standard[name]));
  }

  private choose(name: ChoiceName, value: unknown): void {
    this.setParam(name, value);
    // a learning rate means something else to another optimiser
    if (name === "optimiser") this.setParam("learningRate", this.hasOwn("learningRate") ? defaultChoices(this.card!, { ...this.chosen!, optimiser: value }).learningRate : null);
  }

  private reset(names: readonly ChoiceName[]): void {
    // Given as values, not taken away: an attribute of the element may say something else than the network.
    // The learning rate goes with the optimiser.
    const all = names.includes("optimiser") ? [...new Set([...names, "learningRate" as const])] : names;
    const standard = defaultChoices(this.card!, all === names ? this.chosen! : {});
    for (const name of all) this.setParam(name, this.hasOwn(name) ? standard[name] : null);
  }

  private hasOwn(name: string): boolean {
    return this.hasAttribute(name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)) || this.hasAttribute(name.toLowerCase());
  }

  view(value: TransferSettings | undefined): TemplateResult | typeof nothing {
    const { card, chosen } = this;
    if (!card || !chosen || !value) return nothing;
    const { errors, warnings } = checkSettings(value, card);
    const changed = this.changed();
    return html`
      <div class="body">
        <p class="formula">
          <span><i>J</i> = <i>α</i> · <span class="content"><i>J</i><sub>content</sub></span> + <i>β</i> · <span class="style"><i>J</i><sub>style</sub></span> + <i>τ</i> · <span class="soft">TV</span></span>
          <button ?disabled=${changed.length === 0} @click=${() => this.reset(changed)}>Reset to defaults</button>
        </p>
        <div class="sections">
          <div class="column">${this.contentSection(card, chosen)} ${this.pictureSection(chosen)}</div>
          ${this.styleSection(card, chosen)} ${this.networkSection(chosen)}
        </div>
      </div>
      <div class="messages" role="status">
        ${errors.map((text) => html`<p class="bad"><b>Cannot run.</b> ${text}</p>`)} ${warnings.map((text) => html`<p>${text}</p>`)}
      </div>`;
  }

  private contentSection(card: ModelCard, chosen: Chosen) {
    const layers = featureLayers(card);
    const { contentLayer } = chosen;
    const option = (name: string) => html`<option value=${name} ?selected=${name === contentLayer}>${name}${paperName(name) === name ? "" : ` (${paperName(name)})`}</option>`;
    const unknown = contentLayer !== "none" && !layers.some((layer) => layer.name === contentLayer);
    return html`<section class="of-content" role="group" aria-label="Content">
      <h3>Content</h3>
      ${this.field("contentLayer", "layer", html`<select aria-label="content layer" @change=${(e: Event) => this.choose("contentLayer", (e.target as HTMLSelectElement).value)}>
          ${unknown ? html`<option value=${contentLayer} selected>${contentLayer} (not in this network)</option>` : nothing}
          <option value="none" ?selected=${contentLayer === "none"}>none: a texture</option>
          ${layers.map(({ name }) => option(name))}
        </select>`)}
      ${this.weight("alphaTimesM", html`<i>α</i> · <i>M</i>`, "alpha times M", chosen, card)}
      ${unknown || contentLayer === "none" || this.omitted.has("alphaTimesM") ? nothing : alphaText(card, contentLayer, chosen, !this.omitted.has("size"))}
    </section>`;
  }

  private styleSection(card: ModelCard, chosen: Chosen) {
    return html`<section class="of-style" role="group" aria-label="Style">
      <h3>Style</h3>
      ${this.weight("beta", html`<i>β</i>`, "beta", chosen, card)}
      ${this.field("styleLayers", html`layers and their weights <i>w</i>`, html`<nst-layer-table
          .layers=${featureLayers(card)} .value=${chosen.styleLayers} .defaults=${card.defaults.styleLayers}
          @nst-change=${(e: CustomEvent) => this.choose("styleLayers", e.detail)}
        ></nst-layer-table>`, true)}
    </section>`;
  }

  private pictureSection(chosen: Chosen) {
    const { initialisation } = chosen;
    return html`<section class="of-picture" role="group" aria-label="Picture">
      <h3>Picture</h3>
      ${this.field("size", "longer side", html`<span class="pair">
          <input type="range" min="64" max="512" step="16" .value=${String(chosen.size)} aria-label="longer side in pixels" @input=${(e: Event) => this.choose("size", Number((e.target as HTMLInputElement).value))} />
          <nst-number-field label="longer side in pixels, as a number" unit="px" whole .value=${chosen.size} @nst-change=${(e: CustomEvent<number>) => this.choose("size", e.detail)}></nst-number-field>
        </span>`)}
      ${this.field("initialisation", "starts from", this.either("initialisation", chosen, ["content", "noise", "blend", "style"]), true)}
      ${initialisation === "blend"
        ? this.field("noise", "share of noise", html`<span class="pair">
            <input type="range" min="0" max="1" step="0.01" .value=${String(chosen.noise)} aria-label="share of noise" @input=${(e: Event) => this.choose("noise", Number((e.target as HTMLInputElement).value))} />
            <nst-number-field label="share of noise, as a number" .value=${chosen.noise} .min=${0} .max=${1} @nst-change=${(e: CustomEvent<number>) => this.choose("noise", e.detail)}></nst-number-field>
          </span>`)
        : nothing}
      ${initialisation === "content" || initialisation === "style" ? nothing : this.number("seed", "seed of the noise", chosen, true)}
      ${this.weight("totalVariation", html`<i>τ</i>, total variation`, "weight of total variation", chosen, this.card!)}
    </section>`;
  }

  private networkSection(chosen: Chosen) {
    const more = moreTexts(chosen, defaultChoices(this.card!, chosen));
    return html`<section class="across" role="group" aria-label="Network and optimiser">
      <h3>Network and optimiser</h3>
      ${this.field("pooling", "pooling", this.either("pooling", chosen, ["average", "maximum"]))}
      ${this.field("tap", "layers are read", this.either("tap", chosen, ["after", "before"], { after: "after ReLU", before: "before ReLU" }))}
      ${this.number("steps", "steps", chosen, true)}
      ${this.field("optimiser", "optimiser", this.either("optimiser", chosen, ["adam", "lbfgs", "descent"], OPTIMISERS))}
      ${this.number("learningRate", chosen.optimiser === "adam" ? "learning rate (Adam)" : "learning rate", chosen)}
      ${more.length > 0 ? html`<p class="help">Also: ${more.join("; ")}.</p>` : nothing}
    </section>`;
  }

  /** A labelled row; where it differs from the network's default it says so and offers the way back. */
  private field(name: ChoiceName, label: unknown, control: TemplateResult, wide = false) {
    if (this.omitted.has(name)) return nothing;
    const standard = defaultChoices(this.card!, this.chosen!)[name];
    const changed = !equal(this.chosen![name], standard);
    const shown = typeof standard === "number" ? fieldText(standard) : name === "optimiser" ? OPTIMISERS[standard as Chosen["optimiser"]] : typeof standard === "string" ? standard : "default";
    return html`<div class="field ${changed ? "changed" : ""} ${wide ? "wide" : ""}">
      <span class="label">${label}</span>
      <span class="back">${changed ? html`<button class="reset" title="back to the network's default" aria-label="reset to ${shown}: ${spoken(name)}" @click=${() => this.reset([name])}>↺ ${shown}</button>` : nothing}</span>
      <div class="control">${control}</div>
    </div>`;
  }

  private weight(name: "alphaTimesM" | "beta" | "totalVariation", label: TemplateResult, spoken: string, chosen: Chosen, card: ModelCard) {
    const middle = card.defaults[name] || 1;
    return this.field(name, label, html`<nst-log-slider
      label=${spoken} .value=${chosen[name]} .min=${middle / 10 ** DECADES} .max=${middle * 10 ** DECADES} .mark=${card.defaults[name]}
      @nst-change=${(e: CustomEvent<number>) => this.choose(name, e.detail)}
    ></nst-log-slider>`, true);
  }

  private number(name: "steps" | "seed" | "learningRate", label: string, chosen: Chosen, whole = false) {
    return this.field(name, label, html`<nst-number-field label=${label} ?whole=${whole} .value=${chosen[name]} @nst-change=${(e: CustomEvent<number>) => this.choose(name, e.detail)}></nst-number-field>`);
  }

  private either<N extends "pooling" | "tap" | "initialisation" | "optimiser">(name: N, chosen: Chosen, values: readonly Chosen[N][], texts: Partial<Record<string, string>> = {}) {
    return html`<span class="either" role="group" aria-label=${GROUPS[name]}>${values.map((value) => html`<button aria-pressed=${chosen[name] === value} @click=${() => this.choose(name, value)}>${texts[value] ?? value}</button>`)}</span>`;
  }

  static override styles = [controlStyles, cellStyles, settingsStyles];
}

/** `styleLayers` → "style layers" */
function spoken(name: ChoiceName): string {
  return name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
}

/** What the rows of buttons choose, as it is read out. */
const GROUPS = { pooling: "pooling", tap: "layers are read", initialisation: "picture starts from", optimiser: "optimiser" };

/** α as it stands in the formula (where these settings say the size), and why the slider holds α·M instead. */
function alphaText(card: ModelCard, layer: string, { alphaTimesM, size }: Chosen, sized: boolean) {
  const side = Number.isSafeInteger(size) && size > 0 ? size : card.defaults.size;
  const m = positions(card, layer, side, side);
  if (m === 0) return nothing;
  return html`<p class="help">
    ${sized ? html`<span class="number"><i>α</i> = ${formatNumber(alphaTimesM)} / ${formatNumber(m)} = <b>${formatNumber(alphaTimesM / m)}</b></span> for a square picture of ${formatNumber(side)} px.` : nothing}
    The content cost ½ Σ (<i>F</i> − <i>P</i>)² grows with the number <i>M</i> of positions that it sums over; <i>α</i> · <i>M</i> keeps its meaning at every size.
  </p>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-settings": SettingsCell;
  }
}
