import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { channelOf } from "../nst/feature-maps";
import { fieldOf, receptiveField, type ReceptiveField } from "../nst/receptive-field";
import "./colour-legend";
import "./content-cost-channels";
import "./content-cost-curve";
import type { SumParts } from "./content-cost-curve";
import { contentCostTex } from "./content-cost-formula";
import { concentration, largestFirst, squaredDifference, termsAt, type ContentCostValue } from "./content-cost-sums";
import { contentCostStyles } from "./content-cost-styles";
import type { FeaturesValue } from "./features-value";
import "./formula";
import "./map-over-picture";
import { formatCount, formatNumber } from "./numbers";
import "./pixel-canvas";
import type { Pixels, Probe } from "./pixel-canvas";
import { type ColourScale, colourScale, paint } from "./value-colours";

/** Two sets of features and what their comparison gave. */
export interface Compared {
  /** features of the content picture */
  P: FeaturesValue;
  /** features of the picture that is compared with it, of the same shape */
  F: FeaturesValue;
  cost: ContentCostValue;
  /** what the two are called */
  names: readonly [string, string];
}

/** Terms of a position that are listed. */
const LISTED = 4;

/**
 * The content cost taken apart: the formula with its numbers, where in the picture the cost comes from, and from which maps.
 * A position that is pointed at, in either, shows its terms; it stays chosen, so that they can be read and followed.
 *
 *     <nst-content-cost-view .compared=${{ P, F, cost, names: ["FC", "FG"] }} .channel=${18} over="content" only="half" @nst-channel=${…}></nst-content-cost-view>
 *
 * @fires nst-channel - detail: the channel that was chosen
 * @fires nst-over - detail: "generated" or "content", the picture beneath the map
 * @fires nst-only - detail: "all" or "half", which positions are shown
 */
@customElement("nst-content-cost-view")
export class ContentCostView extends LitElement {
  @property({ attribute: false }) compared: Compared | null = null;
  /** −1: the one that adds most */
  @property({ type: Number }) channel = -1;
  @property() over = "generated";
  @property() only = "all";
  /** null: the position that adds most */
  @state() private chosen: Probe = null;

  private field: ReceptiveField | null = null;
  private sums: SumParts[] = [];
  /** of the map over the picture: [M], what is not shown is NaN */
  private places = new Float32Array();
  private placesScale: ColourScale = colourScale(0, 1);
  /** the position that adds most */
  private most = { x: 0, y: 0 };
  private maps: { P: Pixels; F: Pixels; square: Pixels; scale: ColourScale; squareScale: ColourScale; means: [number, number, number] } | null = null;
  private shownChannel = 0;

  protected override willUpdate(changed: Map<string, unknown>): void {
    const { compared } = this;
    if (!compared) return;
    const { P, cost } = compared;
    if (changed.has("compared")) {
      const count = (parts: Float32Array) => ({ count: parts.length, ...concentration(parts) });
      this.sums = [
        { name: "positions", colour: "var(--ink)", ...count(cost.perPosition) },
        { name: "channels", colour: "var(--picture)", dash: "5 3", ...count(cost.perChannel) },
      ];
      this.field = fieldIn(P);
      const largest = max(cost.perPosition);
      const at = cost.perPosition.indexOf(largest);
      this.most = { x: at % P.width, y: Math.floor(at / P.width) };
      this.placesScale = colourScale(0, largest);
      const { chosen } = this;
      if (chosen && (chosen.x >= P.width || chosen.y >= P.height)) this.chosen = null;
    }
    if (changed.has("compared") || changed.has("only")) {
      const least = this.only === "half" ? this.sums[0].least : 0;
      this.places = cost.perPosition.map((part) => (part >= least ? part : NaN));
    }
    if (changed.has("compared") || changed.has("channel")) this.paintMaps(compared);
  }

  private paintMaps({ P, F, cost }: Compared): void {
    const known = Number.isInteger(this.channel) && this.channel >= 0 && this.channel < P.channels;
    this.shownChannel = known ? this.channel : largestFirst(cost.perChannel)[0];
    const [a, b] = [P, F].map((maps) => channelOf(maps, this.shownChannel));
    const square = squaredDifference(P, F, this.shownChannel);
    // before the ReLU there are numbers below zero
    const scale = colourScale(Math.min(0, min(a), min(b)), Math.max(max(a), max(b)));
    const squareScale = colourScale(0, max(square));
    const { width, height } = P;
    this.maps = { P: paint(a, width, height, scale), F: paint(b, width, height, scale), square: paint(square, width, height, squareScale), scale, squareScale, means: [mean(a), mean(b), mean(square)] };
  }

  override render() {
    const { compared } = this;
    if (!compared) return nothing;
    const probe = this.chosen ?? this.most;
    return html`${this.formula(compared)} ${this.where(compared, probe)} ${this.which(compared, probe)}`;
  }

  private formula({ P, F, cost }: Compared) {
    const numbers = P.height * P.width * P.channels;
    const others = P.from && F.from && P.layer !== F.layer;
    return html`<div class="body">
      <nst-formula .tex=${contentCostTex(cost)}></nst-formula>
      <p class="note">
        ${cost.cost === 0
          ? html`<span class="picture">F</span> and <span class="content">P</span> agree in all ${formatCount(numbers)} numbers: there is nothing to pay.`
          : html`${P.channels} maps of ${P.height} × ${P.width} positions.
            ${Number.isNaN(cost.relative) ? nothing : html`The cost is <b>${formatNumber(100 * cost.relative)} %</b> of ½ Σ <span class="content">P</span>², which is what a picture costs that leaves every map of this layer at 0.`}`}
      </p>
      ${others ? html`<p class="note">${P.layer} and ${F.layer} are two layers. What they hold cannot be told from one another number by number.</p>` : nothing}
    </div>`;
  }

  private where(compared: Compared, probe: { x: number; y: number }) {
    const { P, F, cost, names } = compared;
    const pictures = { generated: F.from?.picture, content: P.from?.picture };
    const over = this.over === "content" ? "content" : "generated";
    const picture = pictures[over] ?? pictures.generated ?? pictures.content ?? null;
    const called = (maps: FeaturesValue, i: 0 | 1) => maps.from?.name ?? names[i];
    const { most } = this;
    const either = (event: string, now: string, options: [string, string][]) => html`<span class="either">
      ${options.map(([value, text]) => html`<button aria-pressed=${now === value} @click=${() => this.dispatchEvent(new CustomEvent(event, { detail: value }))}>${text}</button>`)}
    </span>`;
    return html`<div class="body">
      <h3>Where in the picture the cost comes from</h3>
      <div class="columns">
        <div class="where">
          <nst-map-over-picture
            reachable
            .picture=${picture} .values=${this.places} .width=${P.width} .height=${P.height} .scale=${this.placesScale} .field=${picture ? this.field : null}
            .probe=${probe} .box=${picture && this.field ? fieldOf(this.field, probe.x, probe.y) : null}
            label="½ Σ over the channels at each of ${P.height} × ${P.width} positions: largest ${formatNumber(this.placesScale.high)} at row ${most.y}, column ${most.x}, mean ${formatNumber(cost.cost / cost.perPosition.length)}"
            @probe=${this.point}
          ></nst-map-over-picture>
          <div class="controls">
            ${pictures.generated && pictures.content ? html`<span class="choice"><span class="soft">over</span> ${either("nst-over", over, [["content", called(P, 0)], ["generated", called(F, 1)]])}</span>` : nothing}
            ${cost.cost > 0 ? html`<span class="choice"><span class="soft">show</span> ${either("nst-only", this.only === "half" ? "half" : "all", [["all", "all"], ["half", "half of the cost"]])}</span>` : nothing}
          </div>
          <nst-colour-legend .scale=${this.placesScale} label="½ Σ over the channels"></nst-colour-legend>
        </div>
        <div class="parts">${this.position(compared, probe)}<nst-sum-curve .sums=${this.sums}></nst-sum-curve></div>
      </div>
    </div>`;
  }

  /** The terms of one position, the largest first. */
  private position({ P, F, cost }: Compared, { x, y }: { x: number; y: number }) {
    const here = cost.perPosition[y * P.width + x];
    const terms = termsAt(P, F, x, y);
    const listed = terms.slice(0, LISTED).filter(({ square }) => square > 0);
    const rest = terms.slice(listed.length);
    const others = rest.reduce((sum, { square }) => sum + square / 2, 0);
    return html`<section class="position number" aria-label="one position">
      <p class="here" role=${this.chosen ? "status" : nothing}>Row ${y}, column ${x}: <b>${formatNumber(here, 4)}</b>${cost.cost > 0 ? html`, ${formatNumber((100 * here) / cost.cost)} % of the cost` : nothing}</p>
      <table>
        <caption class="visually-hidden">The largest terms at row ${y}, column ${x}</caption>
        <tbody>
          ${listed.map(({ channel, P, F, square }) => html`<tr class=${channel === this.shownChannel ? "lit" : ""}>
            <th scope="row"><button class="plain" aria-pressed=${channel === this.shownChannel} @click=${() => this.choose(channel)}>channel ${channel}</button></th>
            <td>½ (<span class="picture">${formatNumber(F, 4)}</span> − <span class="content">${formatNumber(P, 4)}</span>)²</td>
            <td>= ${formatNumber(square / 2, 4)}</td>
          </tr>`)}
          ${rest.length > 0 ? html`<tr class="soft"><th scope="row">${listed.length > 0 ? `${rest.length} others` : `all ${rest.length} channels`}</th><td></td><td>${listed.length > 0 ? "+" : "="} ${formatNumber(others, 4)}</td></tr>` : nothing}
        </tbody>
      </table>
    </section>`;
  }

  private which({ P, F, cost, names }: Compared, probe: { x: number; y: number }) {
    const { maps, shownChannel: channel } = this;
    if (!maps) return nothing;
    const i = (probe.y * P.width + probe.x) * P.channels + channel;
    const [p, f] = [P.data[i], F.data[i]];
    const square = Math.fround((f - p) ** 2);
    const map = (pixels: Pixels, caption: unknown, text: string, value: number, mean: number) => html`<figure>
      <nst-pixel-canvas reachable .pixels=${pixels} .probe=${probe} label="${text}, channel ${channel}, ${P.height} × ${P.width}: mean ${formatNumber(mean)}; ${formatNumber(value, 4)} at row ${probe.y}, column ${probe.x}. Arrow keys read its values." @probe=${this.point}></nst-pixel-canvas>
      <figcaption>${caption}<br /><b class="number">${formatNumber(value, 4)}</b></figcaption>
    </figure>`;
    const [C, G] = [P.from?.name ?? names[0], F.from?.name ?? names[1]];
    return html`<div class="body">
      <h3>Which maps it comes from</h3>
      <nst-channel-parts .parts=${cost.perChannel} .channel=${channel} @nst-channel=${(e: CustomEvent<number>) => this.choose(e.detail)}></nst-channel-parts>
      <div class="maps">
        ${map(maps.P, html`<span class="content">A(C) = P</span> <span class="of">of ${C}</span>`, `P, the features of ${C}`, p, maps.means[0])}
        ${map(maps.F, html`<span class="picture">A(G) = F</span> <span class="of">of ${G}</span>`, `F, the features of ${G}`, f, maps.means[1])}
        ${map(maps.square, html`(<span class="picture">F</span> − <span class="content">P</span>)²`, "The squared difference", square, maps.means[2])}
      </div>
      <p class="term number">
        Channel ${channel}, row ${probe.y}, column ${probe.x}: ½ (<span class="picture">${formatNumber(f, 4)}</span> − <span class="content">${formatNumber(p, 4)}</span>)² = ½ · ${formatNumber(square, 4)} = <b>${formatNumber(square / 2, 4)}</b>,
        one of ${formatCount(P.data.length)} terms.
      </p>
      <div class="legends">
        <nst-colour-legend .scale=${maps.scale} label="P and F"></nst-colour-legend>
        <nst-colour-legend .scale=${maps.squareScale} label="(F − P)²"></nst-colour-legend>
      </div>
    </div>`;
  }

  private point = ({ detail }: CustomEvent<Probe>): void => {
    if (detail) this.chosen = detail;
  };

  private choose(channel: number): void {
    this.dispatchEvent(new CustomEvent("nst-channel", { detail: channel }));
  }

  static override styles = contentCostStyles;
}

/** Null where the maps do not come from a layer of a network. */
function fieldIn({ layer, from }: FeaturesValue): ReceptiveField | null {
  return from?.network.card.layers.some(({ name }) => name === layer) ? receptiveField(from.network.card, layer) : null;
}

const max = (values: Float32Array): number => values.reduce((most, value) => (value > most ? value : most), -Infinity);
const min = (values: Float32Array): number => values.reduce((least, value) => (value < least ? value : least), Infinity);
const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

declare global {
  interface HTMLElementTagNameMap {
    "nst-content-cost-view": ContentCostView;
  }
}
