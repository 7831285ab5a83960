import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { ChannelStatistics } from "../kernel/protocol";
import { kerasName, paperName } from "../nst/names";
import { bindings } from "./bindings";
import { Cell } from "./cell";
import { bySimilarity, CHANNEL_SORTS, channelOrder, type ChannelSort } from "./channel-order";
import "./colour-legend";
import type { Kernels } from "./context";
import { featuresStyles } from "./features-styles";
import { type FeaturesValue, mapsAlone, type PictureValue } from "./features-value";
import { PREPROCESSING, type Reading, readingOptions, readingWords } from "./features-reading";
import { layerSelect } from "./layer-choice";
import "./map-grid";
import type { NetworkValue } from "./network";
import { formatCount, formatNumber } from "./numbers";
import "./unit-view";
import { type ColourScale, colourScale } from "./value-colours";

/** The value of a features cell. Its numbers can be asked for by name: `F.silent`, `F.mean`. */
export interface FeaturesCellValue extends FeaturesValue {
  /** of each channel */
  statistics: ChannelStatistics;
  /** over all positions and channels */
  mean: number;
  maximum: number;
  /** channels that are 0 everywhere */
  silent: number;
}

interface Inputs {
  picture: PictureValue;
  network: NetworkValue;
  /** Keras name of a layer */
  chosen?: string;
}

const SORT_TEXTS: Record<ChannelSort, string> = { activation: "strongest first", variance: "most varied first", similarity: "alike together", index: "by number" };

/**
 * What a layer of the network makes of a picture: its maps as a grid, one of them enlarged with all that made it.
 *
 *     <nst-features as="F" of="content" network="network" layer="block3_conv1"></nst-features>
 *     <nst-features as="F" of="content" chosen="layer"></nst-features>          the layer is what the cell “layer” gives
 *
 * Attributes: `layer` (Keras or paper name; default: the network's content layer), `tap` "after" | "before" the ReLU,
 * `pooling` "average" | "maximum" (default: the card's), `preprocessing` "on" | "no mean" | "swapped" | "off", `sort`
 * "activation" | "variance" | "similarity" | "index", `scale` "map" | "layer", `channel` (counts from 0; −1: the first of
 * the order), `silent` (show the maps that are 0 everywhere as well), `unit` ("false": the maps alone, none enlarged).
 */
@customElement("nst-features")
export class FeaturesCell extends Cell<FeaturesCellValue | null> {
  static override title = "features";
  static override lazy = true;
  static override reserve = 520;
  static override roles = ["picture", "network", "chosen"];
  static override params = { layer: "", tap: "after", pooling: "", preprocessing: "on", sort: "activation", scale: "map", channel: -1, silent: false, unit: true };
  static override styles = [...Cell.styles, featuresStyles];

  #network: NetworkValue | null = null;
  /** the order by similarity of the maps that it was asked for */
  @state() private alike: { data: Float32Array; order: number[] } | null = null;
  #asked: { data: Float32Array; controller: AbortController } | null = null;
  #scales: { key: unknown[]; scales: ColourScale[] } | null = null;
  #shown: { key: unknown[]; order: number[] } | null = null;

  protected override reads(): readonly string[] {
    return this.hasAttribute("chosen") ? FeaturesCell.roles : ["picture", "network"];
  }

  async compute({ picture: { picture }, network, chosen }: Inputs, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): Promise<FeaturesCellValue | null> {
    this.#network = network;
    const name = this.#pictureName;
    if (picture === undefined) throw new Error(`“${name}” is no picture. Take the name of an image, of a run, or of code that gives a tensor [height, width, 3].`);
    if (picture === null) return null;
    const layer = kerasName(chosen ?? this.param<string>("layer"), network.card) || network.card.defaults.contentLayer;
    const options = readingOptions(network.card, this.#reading);
    const maps = (await kernel.lab.call("features", { network, picture, layers: [layer], ...options }, { signal }))[layer];
    const statistics = await kernel.lab.call("maps.statistics", { maps }, { signal });
    return {
      ...maps,
      from: { picture, network, options, name },
      statistics,
      mean: statistics.mean.reduce((sum, one) => sum + one, 0) / maps.channels,
      maximum: Math.max(...statistics.maximum),
      silent: Array.from(statistics.maximum).filter((_, i) => isSilent(statistics, i)).length,
    };
  }

  get #reading(): Reading {
    return { pooling: this.param("pooling"), tap: this.param("tap"), preprocessing: this.param("preprocessing") };
  }

  /** Name of the value that the picture comes from. */
  get #pictureName(): string {
    return bindings(FeaturesCell.roles, (attribute) => this.getAttribute(attribute))[0].name;
  }

  get #sort(): ChannelSort {
    const sort = this.param<ChannelSort>("sort");
    return CHANNEL_SORTS.includes(sort) ? sort : "activation";
  }

  protected override updated(): void {
    if (this.#sort === "similarity" && this.value) void this.#compare(this.value);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asked?.controller.abort();
    this.#asked = null;
  }

  /** Works out which maps are alike, once for each value. */
  async #compare(maps: FeaturesCellValue): Promise<void> {
    const kernels = this.context?.kernels;
    const { data } = maps;
    if (!kernels || this.#asked?.data === data) return;
    this.#asked?.controller.abort();
    const asked = (this.#asked = { data, controller: new AbortController() });
    try {
      const gram = await kernels.lab.call("maps.gram", { maps: mapsAlone(maps) }, { signal: asked.controller.signal });
      if (this.#asked === asked) this.alike = { data, order: bySimilarity(gram) };
    } catch (error) {
      // the lab was started anew: asked again with the next value, or when the order is chosen again
      if (this.#asked === asked) this.#asked = null;
      if ((error as Error).name !== "AbortError") console.warn(`The maps could not be ordered by similarity: ${(error as Error).message}`);
    }
  }

  override headerNote(): string | typeof nothing {
    if (!this.value) return nothing;
    const { height, width, channels } = this.value;
    const time = this.milliseconds === null ? "" : ` · ${Math.max(1, Math.round(this.milliseconds))} ms`;
    return `${height} × ${width} × ${channels}${time}`;
  }

  view(value: FeaturesCellValue | null | undefined): TemplateResult {
    if (value === null) return html`<div class="body soft">“${this.#pictureName}” has no picture yet: start the run.</div>`;
    if (!value) return html`<div class="body soft">${this.error ? this.#controls(undefined) : "Computing the maps …"}</div>`;
    const order = this.#order(value);
    const wanted = this.param<number>("channel");
    const channel = order.includes(wanted) ? wanted : (order[0] ?? 0);
    return html`<div class="body">
        ${this.#controls(value)} ${order.length > 0 ? this.#grid(value, order, channel) : html`<p class="soft">All ${value.channels} channels are silent for this picture: every number of this layer is 0.</p>`}
      </div>
      ${order.length > 0 && this.param<boolean>("unit")
        ? html`<div class="body"><nst-unit-view .features=${value} .channel=${channel} .scale=${this.#scalesOf(value)[channel]} .kernels=${this.context?.kernels ?? null} @nst-channel=${this.#chose}></nst-unit-view></div>`
        : nothing}`;
  }

  #chose = ({ detail }: CustomEvent<number>) => this.setParam("channel", detail, { recompute: false });

  #controls(value: FeaturesCellValue | undefined) {
    const network = this.#network;
    if (!network) return nothing;
    const { card } = network;
    const reading = this.#reading;
    const layer = value?.layer ?? (kerasName(this.param<string>("layer"), card) || card.defaults.contentLayer);
    const words = value ? readingWords(card, value.from!.options) : [];
    const select = (label: string, name: string, now: string, options: readonly { value: string; text: string }[], recompute: boolean) =>
      html`<label>${label} <select @change=${(event: Event) => this.setParam(name, (event.target as HTMLSelectElement).value, { recompute })}>
        ${options.map((option) => html`<option value=${option.value} .selected=${option.value === now}>${option.text}</option>`)}
      </select></label>`;
    const scale = this.param<string>("scale");
    return html`<div class="choices">
        ${this.hasAttribute("chosen") ? html`<span class="labelled">layer <b>${paperName(layer)}</b> <span class="mono">${layer}</span></span>` : layerSelect(card, layer, (layer) => this.setParam("layer", layer))}
        ${select("order", "sort", this.#sort, CHANNEL_SORTS.map((sort) => ({ value: sort, text: SORT_TEXTS[sort] })), false)}
        <span class="labelled" role="group" aria-label="Scale of colours">colours
          <span class="either">${(["map", "layer"] as const).map((kind) => html`<button aria-pressed=${(scale === "layer") === (kind === "layer")} @click=${() => this.setParam("scale", kind, { recompute: false })}>${kind === "map" ? "each map its own" : "one for the layer"}</button>`)}</span>
        </span>
      </div>
      <details ?open=${words.length > 0}>
        <summary>How it is read: ${words.length > 0 ? html`<b>${words.join(", ")}</b>` : "as the network recommends"}</summary>
        <div class="choices">
          ${select("numbers", "tap", reading.tap, [{ value: "after", text: "after the ReLU" }, { value: "before", text: "before the ReLU" }], true)}
          ${select("pooling", "pooling", reading.pooling || card.defaults.pooling, [{ value: "average", text: "average" }, { value: "maximum", text: "maximum" }], true)}
          ${select("pixels", "preprocessing", reading.preprocessing, PREPROCESSING, true)}
        </div>
      </details>`;
  }

  #grid(value: FeaturesCellValue, order: readonly number[], channel: number) {
    const scales = this.#scalesOf(value);
    const ordering = this.#sort === "similarity" && this.alike?.data !== value.data;
    const layer = this.param<string>("scale") === "layer";
    return html`<nst-map-grid
        style="margin-top:12px"
        .maps=${value} .order=${order} .scales=${scales} .selected=${channel} .describe=${this.#describe}
        label="${order.length} maps of ${value.layer}, ${SORT_TEXTS[this.#sort]}. Arrow keys choose one."
        @nst-channel=${this.#chose}
      ></nst-map-grid>
      <div class="beneath">
        <nst-colour-legend .scale=${scales[channel]} label=${layer ? `activation, all ${value.channels} maps` : `activation, channel ${channel}`}></nst-colour-legend>
        <div class="words">
          ${ordering ? html`<p class="working" role="status">Comparing the maps with one another …</p>` : nothing}
          ${layer ? nothing : html`<p>Each map has a scale of its own, from the legend's left end to its own maximum: compare shapes, not brightness.</p>`}
          ${this.#silent(value)}
        </div>
      </div>`;
  }

  #silent({ silent, channels }: FeaturesCellValue) {
    if (silent === 0) return html`<p>None of ${formatCount(channels)} channels is silent for this picture.</p>`;
    const shown = this.param<boolean>("silent");
    return html`<p>${formatCount(silent)} of ${formatCount(channels)} channels ${silent === 1 ? "is" : "are"} silent for this picture: 0 everywhere. <button class="link" aria-pressed=${shown} @click=${() => this.setParam("silent", !shown, { recompute: false })}>${shown ? "Hide" : "Show"} ${silent === 1 ? "it" : "them"}</button></p>`;
  }

  #describe = (channel: number): string => (this.value ? channelText(this.value.statistics, channel) : `channel ${channel}`);

  /** The channels as they are shown: in order, the silent ones folded away. Until maps have been compared, as they come. */
  #order(value: FeaturesCellValue): number[] {
    const sort = this.#sort;
    const silent = this.param<boolean>("silent");
    const { alike } = this;
    const key = [value, sort, silent, alike];
    if (this.#shown && same(this.#shown.key, key)) return this.#shown.order;
    const { statistics, channels } = value;
    // of other maps of the same size (the next picture of a run) rather than none at all
    const similar = sort === "similarity" && alike?.order.length === channels ? alike.order : null;
    const order = similar ?? channelOrder(sort === "similarity" ? "activation" : sort, channels, { statistics, gram: null })!;
    this.#shown = { key, order: silent ? order : order.filter((channel) => !isSilent(statistics, channel)) };
    return this.#shown.order;
  }

  #scalesOf(value: FeaturesCellValue): readonly ColourScale[] {
    const layer = this.param<string>("scale") === "layer";
    const key = [value, layer];
    if (!this.#scales || !same(this.#scales.key, key)) this.#scales = { key, scales: channelScales(value.statistics, layer) };
    return this.#scales.scales;
  }
}

/** Whether a channel is 0 everywhere. */
export function isSilent({ minimum, maximum }: Pick<ChannelStatistics, "minimum" | "maximum">, channel: number): boolean {
  return minimum[channel] === 0 && maximum[channel] === 0;
}

/** A scale of colours for each channel: of its own, or one for all. */
export function channelScales({ minimum, maximum }: Pick<ChannelStatistics, "minimum" | "maximum">, one: boolean): ColourScale[] {
  if (!one) return Array.from(minimum, (low, i) => colourScale(low, maximum[i]));
  const scale = colourScale(Math.min(...minimum), Math.max(...maximum));
  return Array.from(minimum, () => scale);
}

/** A channel in words: "channel 18: mean 0.12, maximum 3.4, 0 at 62 % of the positions". */
export function channelText({ mean, maximum, zeros }: Pick<ChannelStatistics, "mean" | "maximum" | "zeros">, channel: number): string {
  const share = zeros[channel] > 0 ? `, 0 at ${formatNumber(zeros[channel] * 100, 2)} % of the positions` : "";
  return `channel ${channel}: mean ${formatNumber(mean[channel])}, maximum ${formatNumber(maximum[channel])}${share}`;
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.every((one, i) => one === b[i]);
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-features": FeaturesCell;
  }
}
