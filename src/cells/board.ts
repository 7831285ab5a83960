import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { RunConfig } from "../kernel/protocol";
import { equal } from "../notebook/equal";
import { checkSettings } from "../nst/check-settings";
import type { ModelCard } from "../nst/model-card";
import { paperName } from "../nst/names";
import type { LayerWeights, TransferSettings } from "../nst/settings";
import "./board-map";
import { type BoardHand, type BoardWish, percent } from "./board-map";
import { BOARD_PLACES, BoardMeter, type BoardPlace } from "./board-meter";
import { type BoardPreset, boardPresets, isPreset } from "./board-presets";
import { boardStyles } from "./board-styles";
import { type BoardTerm, boardTerms, inOrder, sharesOf, type UnitNorms } from "./board-terms";
import { Cell } from "./cell";
import type { Kernels } from "./context";
import type { PictureValue } from "./features-value";
import { type BlockFacts, layersFacts } from "./layers-facts";
import "./log-slider";
import type { NetworkValue } from "./network";
import { formatNumber } from "./numbers";
import { completeChoices } from "./transfer-settings";

const CHOICES = ["contentLayer", "styleLayers", "alphaTimesM", "beta"] as const;
type Choice = (typeof CHOICES)[number];

/** Decades on either side of what the settings say that the sliders reach. */
const DECADES = 4;

interface Inputs {
  content: PictureValue;
  style: PictureValue;
  network: NetworkValue;
  settings: TransferSettings;
}

interface Shown {
  card: ModelCard;
  blocks: BlockFacts[];
  width: number;
  height: number;
  /** the settings that it reads */
  read: TransferSettings;
  terms: BoardTerm[];
  /** a sentence where the gradients cannot be measured now */
  silent: string;
}

/**
 * The board: where on the network the content and the style are read, with which weights, and what share of the gradient
 * each term gets by them when a run begins. Gives the settings with what is chosen here; what is not is as in the settings
 * that it reads.
 *
 *     <nst-board as="chosen" of="content style" network="network" settings="settings"></nst-board>
 *     <nst-run as="G" of="content style" network="network" settings="chosen"></nst-run>
 *
 * Attributes give other starts: `content-layer="conv3_2"`, `style-layers="conv1_1:0.5 conv2_1"`, `alpha-times-m`, `beta`, and
 * `at="start"`, `"step"` or `"blend"` for the place of the measure (see BOARD_PLACES). A share is ‖w∇J_l‖ over the sum of
 * these lengths, all with respect to the pixels.
 */
@customElement("nst-board")
export class BoardCell extends Cell<TransferSettings> {
  static override title = "board";
  static override roles = ["content", "style", "network", "settings"];
  /** null: as in the settings. `hand`: what a press on the map chooses, "style" or "content" */
  static override params: Record<Choice | "at" | "hand", unknown> = { contentLayer: null, styleLayers: null, alphaTimesM: null, beta: null, at: "step", hand: "style" };
  static override lazy = true;
  static override reserve = 420;

  private shown: Shown | null = null;
  private asked: { config: RunConfig; at: BoardPlace } | null = null;
  private norms: UnitNorms = {};
  /** the lengths are those of the settings shown */
  private fresh = false;
  private problem = "";
  /** weights of layers taken away, to come back with them */
  private readonly put = new Map<string, number>();
  private readonly meter = new BoardMeter((config, norms) => this.answer(config, norms));

  compute({ content, style, network, settings }: Inputs, { kernel }: { kernel: Kernels }): TransferSettings {
    if (!settings?.styleLayers) throw new Error("The board reads the settings of a run. Name a settings cell, as in settings=\"settings\".");
    const { card } = network;
    const value = this.chosen(settings, card);
    const { width, height } = content?.picture ?? { width: card.defaults.size, height: card.defaults.size };
    const missing = [["content", content] as const, ["style", style] as const].flatMap(([name, one]) => (one?.picture ? [] : [name]));
    const problems = checkSettings(value, card).errors;
    const silent = missing.length > 0 ? `There is no ${missing.join(" and no ")} picture yet: shares come with it.` : problems.length > 0 ? "Shares come when the settings can run." : "";
    this.shown = { card, blocks: layersFacts(card, width, height), width, height, read: settings, terms: boardTerms(value, card, width, height), silent };
    if (silent) this.asked = null;
    else this.measure(kernel, { network: { card, base: network.base, random: network.random }, content: content.picture!, style: style.picture!, settings: value });
    this.requestUpdate();
    return value;
  }

  /** The settings with what is chosen here. @throws Error naming an attribute that cannot be read */
  private chosen(settings: TransferSettings, card: ModelCard): TransferSettings {
    const given = CHOICES.filter((name) => this.param(name) !== null);
    const complete = completeChoices(Object.fromEntries(given.map((name) => [name, this.param(name)])), card);
    const own = Object.fromEntries(given.map((name) => [name, name === "contentLayer" && complete[name] === "none" ? null : complete[name]]));
    return { ...settings, ...own } as TransferSettings;
  }

  private measure(kernels: Kernels, config: RunConfig): void {
    const { at } = this;
    if (this.asked && this.asked.at === at && equal(this.asked.config, config)) return;
    this.asked = { config, at };
    this.fresh = false;
    this.meter.ask(kernels, config, at);
  }

  private answer(config: RunConfig, norms: UnitNorms | Error): void {
    const { asked } = this;
    if (!asked) return;
    this.fresh = config === asked.config;
    if (!(norms instanceof Error)) {
      // of other weights, they still say about how hard the terms pull; a weight of 0 was not measured
      this.norms = { ...this.norms, ...norms };
      this.problem = "";
    } else if (norms.name !== "AbortError" && this.fresh) this.problem = norms.message;
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // as the base class does: moving an element in the page ends nothing
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.meter.close();
      this.asked = null;
    });
  }

  /** the settings that it reads */
  get read(): TransferSettings | null {
    return this.shown?.read ?? null;
  }

  private get at(): BoardPlace {
    const at = this.param<BoardPlace>("at");
    if (!BOARD_PLACES.includes(at)) throw new Error(`at="${at}" should be one of ${BOARD_PLACES.join(", ")}.`);
    return at;
  }

  private get hand(): BoardHand {
    return this.param<string>("hand") === "content" ? "content" : "style";
  }

  override headerNote(): string {
    const styles = this.shown?.terms.filter(({ kind }) => kind === "style").length ?? 0;
    return this.shown ? `content at ${this.value?.contentLayer ? paperName(this.value.contentLayer) : "no layer"}, style at ${styles || "no"} layer${styles === 1 ? "" : "s"}` : "";
  }

  view(value: TransferSettings | undefined): TemplateResult | typeof nothing {
    const { shown } = this;
    if (!value || !shown) return this.error ? nothing : html`<div class="body soft">Waits for the network and the settings.</div>`;
    const known = !shown.silent && !this.problem;
    const shares = known ? sharesOf(shown.terms, this.norms) : {};
    const { errors, warnings } = checkSettings(value, shown.card);
    return html`<div class="body">
        ${this.presets(value, shown)}
        <div class="controls hand">
          <span id="hand">A press on the map chooses</span>
          <span class="either" role="group" aria-labelledby="hand">
            ${(["style", "content"] as const).map((one) => html`<button aria-pressed=${this.hand === one} @click=${() => this.setParam("hand", one, { recompute: false })}>${one === "style" ? "style layers" : "the content layer"}</button>`)}
          </span>
        </div>
        <nst-board-map
          .blocks=${shown.blocks} .longer=${Math.max(shown.width, shown.height)} .content=${value.contentLayer} .weights=${value.styleLayers}
          .shares=${shares} .old=${!this.fresh} .hand=${this.hand} @nst-wish=${(e: CustomEvent<BoardWish>) => this.grant(e.detail, value, shown)}
        ></nst-board-map>
        <p class="help">
          By keys: arrows walk the map, 1 to ${Math.min(9, shown.blocks.length)} go to a block, S reads the style at a layer or no longer, C the content, + and − double and halve its weight.
        </p>
      </div>
      <div class="body">${this.rows(value, shown, shares)} ${this.place(value, known)}</div>
      <div class="messages" role="status">
        ${errors.map((text) => html`<p class="bad"><b>Cannot run.</b> ${text}</p>`)} ${warnings.map((text) => html`<p>${text}</p>`)}
      </div>`;
  }

  private presets(value: TransferSettings, { card }: Shown) {
    const own = CHOICES.some((name) => this.param(name) !== null);
    return html`<div class="controls presets" role="group" aria-label="Presets of style layers">
      ${boardPresets(card).map((preset) => html`<button title=${preset.note} aria-pressed=${isPreset(preset, value)} @click=${() => this.apply(preset, card)}>${preset.title}</button>`)}
      <span class="spacer"></span>
      <button ?disabled=${!own} @click=${() => CHOICES.forEach((name) => this.setParam(name, null))}>As in the settings</button>
    </div>`;
  }

  private apply({ title: _, note: __, ...chosen }: BoardPreset, card: ModelCard): void {
    for (const [name, choice] of Object.entries(chosen)) this.setParam(name, name === "styleLayers" ? inOrder(choice as LayerWeights, card) : choice);
  }

  private grant({ layer, hand, factor }: BoardWish, value: TransferSettings, { card, read }: Shown): void {
    const { styleLayers: weights, contentLayer } = value;
    const readHere = hand === "style" ? Object.hasOwn(weights, layer) : layer === contentLayer;
    if (factor !== undefined) {
      if (readHere && hand === "style") this.weigh(layer, weights[layer] * factor, value, card);
      else if (readHere) this.setParam("alphaTimesM", round(value.alphaTimesM * factor));
    } else if (hand === "content") this.setParam("contentLayer", readHere ? "none" : layer);
    else if (readHere) {
      this.put.set(layer, weights[layer]);
      this.setParam("styleLayers", Object.fromEntries(Object.entries(weights).filter(([name]) => name !== layer)));
    } else this.weigh(layer, this.put.get(layer) ?? read.styleLayers[layer] ?? usual(weights), value, card);
  }

  private weigh(layer: string, weight: number, { styleLayers }: TransferSettings, card: ModelCard): void {
    this.setParam("styleLayers", inOrder({ ...styleLayers, [layer]: round(weight) }, card));
  }

  private rows(value: TransferSettings, { terms, card, read }: Shown, shares: Readonly<Record<string, number>>) {
    const known = new Set(card.layers.map(({ name }) => name));
    const style = terms.filter(({ kind }) => kind === "style");
    return html`<div class="terms" role="table" aria-label="Terms of J, their weights, and their shares of the gradient">
      <div class="head" role="row">
        <span role="columnheader">read at</span><span role="columnheader">weight</span><span role="columnheader">share of the gradient</span><span role="columnheader">in <i>J</i></span><span></span>
      </div>
      ${terms.map((term) => this.row(term, value, { card, read }, shares[term.name] ?? NaN, term.layer !== null && !known.has(term.layer)))}
      ${style.length === 0
        ? nothing
        : html`<div class="term all" role="row">
            <span class="what style" role="rowheader">all style layers</span>
            <span class="weight" role="cell"><i class="symbol">β</i>${this.slider("β", value.beta, read.beta || card.defaults.beta, (beta) => this.setParam("beta", beta))}</span>
            <span class="share" role="cell">${share(style.reduce((sum, { name }) => sum + (shares[name] ?? NaN), 0), "style", !this.fresh)}</span>
            <span class="raw number" role="cell"></span><span role="presentation"></span>
          </div>`}
    </div>`;
  }

  private row(term: BoardTerm, value: TransferSettings, { card, read }: Pick<Shown, "card" | "read">, part: number, unknown: boolean) {
    const { kind, layer, weight, raw } = term;
    const about = {
      content: { symbol: html`<i>α</i>·<i>M</i>`, raw: html`<i>α</i>`, label: "alpha times M", middle: read.alphaTimesM || card.defaults.alphaTimesM, change: (next: number) => this.setParam("alphaTimesM", next) },
      style: { symbol: html`<i>w</i>`, raw: html`<i>β</i><sub>l</sub>`, label: `weight of ${layer}`, middle: read.styleLayers[layer!] || usual(read.styleLayers), change: (next: number) => this.weigh(layer!, next, value, card) },
      tv: { symbol: html`<i>τ</i>`, raw: html`<i>τ</i>`, label: "weight of total variation", middle: weight, change: null },
    }[kind];
    const take = { content: () => this.setParam("contentLayer", "none"), style: () => this.grant({ layer: layer!, hand: "style" }, value, this.shown!), tv: null }[kind];
    return html`<div class="term of-${kind}" role="row">
      <span class="what ${kind}" role="rowheader" title=${layer ?? "total variation"}>${layer ? html`${paperName(layer)} <small>${kind}</small>` : "smoothness"}${unknown ? html`<small class="bad">not in this network</small>` : nothing}</span>
      <span class="weight" role="cell"><span class="symbol">${about.symbol}</span>${about.change ? this.slider(about.label, weight, about.middle, about.change) : html`<span class="number fixed">${formatNumber(weight)}</span>`}</span>
      <span class="share" role="cell">${share(part, kind, !this.fresh)}</span>
      <span class="raw number" role="cell">${about.raw} = ${formatNumber(raw)}</span>
      <span role="cell">${take ? html`<button class="plain" aria-label=${`Take away: ${kind} at ${layer}`} title="take away" @click=${take}>×</button>` : nothing}</span>
    </div>`;
  }

  private slider(label: string, value: number, middle: number, change: (weight: number) => void) {
    return html`<nst-log-slider label=${label} .value=${value} .min=${middle / 10 ** DECADES} .max=${middle * 10 ** DECADES} .mark=${middle} @nst-change=${(e: CustomEvent<number>) => change(e.detail)}></nst-log-slider>`;
  }

  /** Where the shares are measured, and what to know of it. */
  private place({ initialisation, optimiser }: TransferSettings, known: boolean) {
    const content = initialisation.kind === "content";
    const either = (at: BoardPlace, text: string) => html`<button aria-pressed=${this.at === at} @click=${() => this.setParam("at", at)}>${text}</button>`;
    const notes: Record<BoardPlace, string> = {
      start: content
        ? "Measured in the picture that the run begins with. It is the content picture, where the content cost is 0 and has no gradient: no weight could make it pull."
        : "Measured in the picture that the run begins with.",
      step: `Measured after the first step of the run (${OPTIMISERS[optimiser.kind]}, learning rate ${formatNumber(optimiser.learningRate)})${content ? ". In the content picture, where it begins, the content has no gradient." : "."}`,
      blend: "Measured halfway between the content and the style picture, where both costs are far from 0.",
    };
    return html`<div class="controls place">
        <span class="soft" id="place">shares measured</span>
        <span class="either" role="group" aria-labelledby="place">${either("start", "at the start")}${either("step", "after one step")}${either("blend", "halfway")}</span>
        <span class="soft" role="status">${this.problem || this.shown!.silent || (known && !this.fresh ? "Measuring …" : "")}</span>
      </div>
      <p class="help">${notes[this.at]} A share is the length of one term’s gradient over the sum of all their lengths. Terms that pull against each other undo part of it.</p>`;
  }

  static override styles = boardStyles;
}

const OPTIMISERS = { adam: "Adam", descent: "gradient descent", lbfgs: "L-BFGS" };

/** What a layer newly chosen gets: as much as the chosen ones have on average. */
function usual(weights: LayerWeights): number {
  const chosen = Object.values(weights).filter((weight) => weight > 0);
  return chosen.length === 0 ? 1 : round(chosen.reduce((sum, weight) => sum + weight, 0) / chosen.length);
}

const round = (weight: number): number => Number(weight.toPrecision(3));

function share(part: number, kind: BoardTerm["kind"], old: boolean) {
  const text = Number.isNaN(part) ? "…" : percent(part);
  return html`<span class="track ${old ? "old" : ""}" aria-hidden="true"><i class="of-${kind}" style="width:${100 * (part || 0)}%"></i></span><span class="number part ${old ? "old" : ""}">${text}</span>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-board": BoardCell;
  }
}
