import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { ModelCard } from "../nst/model-card";
import { paperName } from "../nst/names";
import type { TransferSettings } from "../nst/settings";
import { Cell } from "./cell";
import { layerSelect } from "./layer-choice";
import "./match-map";
import { chosenText, listed, type MatchedLayer, type MatchedWeights, type MatchReading, type MatchRow, matchWords, readChosen, readMatch } from "./match-model";
import { matchStyles } from "./match-styles";
import type { NetworkValue } from "./network";
import { formatNumber } from "./numbers";

interface Inputs {
  settings: TransferSettings;
  network: NetworkValue;
  from: NetworkValue;
}

/**
 * Settings made for one network as settings for another: every layer becomes the one that lies at the same depth (see
 * matchLayers), and each of these can be changed. With both, the same is run on two networks, and compared:
 *
 *     <nst-match as="settingsB" of="settings" network="other" from="network"></nst-match>
 *     <nst-run as="B" of="content style" network="other" settings="settingsB"></nst-run>
 *
 * `layers` names matches of one's own: `layers="conv4_2:fire5"`. `weights="relative"` lets α·M, β and the weight of total
 * variation stand to what the other network recommends as they stand to the recommendation of the first; with "same" the
 * numbers stay. Gives TransferSettings.
 */
@customElement("nst-match")
export class MatchCell extends Cell<TransferSettings> {
  static override title = "match";
  static override roles = ["settings", "network", "from"];
  static override params = {
    /** matches that were chosen: "conv4_2:fire5 conv1_1:conv1" */
    layers: "",
    /** "relative" or "same" */
    weights: "relative",
  };
  static override styles = [...Cell.styles, matchStyles];

  private reading: MatchReading | null = null;
  private cards: { from: ModelCard; to: ModelCard } | null = null;
  private given: TransferSettings | null = null;
  /** layer of the row that is pointed at */
  @state() private marked: string | null = null;

  compute({ settings, network, from }: Inputs): TransferSettings {
    for (const [role, value] of Object.entries({ network, from }))
      if (!value?.card?.layers) throw new Error(`${role}="${this.getAttribute(role) ?? role}" is no network. Take the name of a network cell.`);
    this.cards = { from: from.card, to: network.card };
    this.given = settings;
    this.reading = readMatch(settings, from.card, network.card, readChosen(this.param("layers")), this.weights);
    return this.reading.settings;
  }

  /** @throws Error for a text that is neither */
  private get weights(): MatchedWeights {
    const weights = this.param<string>("weights");
    if (weights !== "same" && weights !== "relative") throw new Error(`weights="${weights}" is not known. Write weights="relative" or weights="same".`);
    return weights;
  }

  override headerNote(): string {
    if (!this.cards || !this.reading) return "";
    const { rows } = this.reading;
    const count = (by: MatchRow["by"]) => rows.filter((row) => row.by === by).length;
    const parts = [[count("name"), "by name"], [count("depth"), "by depth"], [count("chosen"), "chosen"]] as const;
    return `${rows.length === 1 ? "1 layer" : `${rows.length} layers`}: ${parts.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}`).join(", ")}`;
  }

  private choose(from: string, to: string | null): void {
    const chosen = readChosen(this.param("layers"));
    if (to === null) chosen.delete(from);
    else chosen.set(from, to);
    this.setParam("layers", chosenText(chosen));
  }

  view(value: TransferSettings | undefined): TemplateResult | typeof nothing {
    const { reading, cards, given } = this;
    if (!value || !reading || !cards || !given) return nothing;
    const { rows, merged, unknown } = reading;
    if (rows.length === 0) return html`<div class="body soft">These settings read no layer, so there is nothing to match.</div>`;
    return html`<div class="body">
        <nst-match-map .from=${cards.from} .to=${cards.to} .rows=${rows} .marked=${this.marked}></nst-match-map>
      </div>
      <div class="body">
        <div class="matches" role="table" aria-label="Layers of ${cards.from.title} and of ${cards.to.title} at the same depth">
          <div class="head" role="row">
            <span role="columnheader"><span class="visually-hidden">read for</span></span>
            <span role="columnheader" class="title">${cards.from.title}</span><span role="columnheader" class="facts">maps</span><span role="columnheader" class="facts">size</span><span role="columnheader" class="facts">sees</span>
            <span role="columnheader" class="title other">${cards.to.title}</span><span role="columnheader" class="facts">maps</span><span role="columnheader" class="facts">size</span><span role="columnheader" class="facts">sees</span>
            <span role="columnheader"><span class="visually-hidden">how it was found</span></span>
          </div>
          ${rows.map((row) => this.row(row, cards.to))}
        </div>
        <p class="help">Size: of a map, as a share of the picture's. Sees: pixels on a side of the square that one unit depends on.</p>
        ${merged.map(({ to, from }) => html`<p class="said">${listed(from)} come to the same layer, ${paperName(to)}: it counts with their weights added up, ${formatNumber(value.styleLayers[to])}.</p>`)}
        ${unknown.map(({ from, to }) => html`<p class="said">“${to}”, chosen for ${paperName(from)}, is no layer of ${cards.to.title}: the one at the same depth stands in.</p>`)}
      </div>
      ${this.weightsChoice(given, value, cards)}`;
  }

  private row(row: MatchRow, to: ModelCard) {
    const { from, content, weight } = row;
    return html`<div class="match" role="row" @pointerenter=${() => (this.marked = from.name)} @pointerleave=${() => (this.marked = null)} @focusin=${() => (this.marked = from.name)} @focusout=${() => (this.marked = null)}>
      <span role="cell" class="use">${content ? html`<span class="content">content</span>` : nothing} ${weight === null ? nothing : html`<span class="style">style ${formatNumber(weight)}</span>`}</span>
      <span role="rowheader" class="layer">${paperName(from.name)}</span>${facts(from)}
      <span role="cell" class="layer other">${layerSelect(to, row.to.name, (layer) => this.choose(from.name, layer), { kinds: ["conv", "concat"], label: html`<span class="visually-hidden">layer for ${paperName(from.name)}</span>` })}</span>${facts(row.to)}
      <span role="cell" class="how">${matchWords(row)}${row.by === "chosen" ? html` <button class="plain" aria-label="back to the layer at the depth of ${paperName(from.name)}" title="back to the layer at the same depth" @click=${() => this.choose(from.name, null)}>↺</button>` : nothing}</span>
    </div>`;
  }

  /** Only where the two networks recommend different weights. */
  private weightsChoice(given: TransferSettings, value: TransferSettings, { from, to }: { from: ModelCard; to: ModelCard }) {
    const differing = WEIGHTS.filter(({ name }) => from.defaults[name] !== to.defaults[name]);
    if (differing.length === 0) return nothing;
    const choice = (weights: MatchedWeights, text: string) => html`<button aria-pressed=${this.weights === weights} @click=${() => this.setParam("weights", weights)}>${text}</button>`;
    return html`<div class="body">
      <div class="controls">
        <span id="numbers">weights</span>
        <span class="either" role="group" aria-labelledby="numbers">${choice("relative", "in proportion")}${choice("same", "the same numbers")}</span>
        <span class="number">${differing.map(({ name, text }, i) => html`${i > 0 ? ", " : ""}${text} ${formatNumber(given[name])}${given[name] === value[name] ? nothing : html` → ${formatNumber(value[name])}`}`)}</span>
      </div>
      <p class="help">Features of another network have another size, and a cost of sums of squares grows with it. “In proportion” lets each weight stand to what ${to.title} recommends as it stands to what ${from.title} does.</p>
    </div>`;
  }
}

const WEIGHTS = [
  { name: "alphaTimesM", text: html`<i>α</i> · <i>M</i>` },
  { name: "beta", text: html`<i>β</i>` },
  { name: "totalVariation", text: html`<i>τ</i>` },
] as const;

function facts({ maps, stride, size }: MatchedLayer) {
  return html`<span role="cell" class="facts">${formatNumber(maps)}<small> maps</small></span><span role="cell" class="facts">${stride === 1 ? html`<small>full size</small><span class="short">1</span>` : html`1/${stride}<small> of the size</small>`}</span><span role="cell" class="facts"><small>sees </small>${formatNumber(size)} px</span>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-match": MatchCell;
  }
}
