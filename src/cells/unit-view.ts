import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { channelOf } from "../nst/feature-maps";
import { paperName } from "../nst/names";
import { fieldOf, type ReceptiveField, receptiveField } from "../nst/receptive-field";
import "./colour-legend";
import type { Kernels } from "./context";
import type { FeaturesValue } from "./features-value";
import "./map-over-picture";
import type { Box } from "./map-over-picture";
import { formatNumber } from "./numbers";
import "./pixel-canvas";
import type { Probe } from "./pixel-canvas";
import "./unit-arithmetic";
import "./unit-channels";
import { boxText, cropOf, reachesOut } from "./unit-crop";
import { unitViewStyles } from "./unit-view-styles";
import { fetchWorkings, type Workings } from "./unit-workings";
import { type ColourScale, colourScale } from "./value-colours";
import { statistics } from "./value-look";

/**
 * One map over its picture, and any of its units in full: what it sees, what all channels answer there, and the arithmetic
 * that made its number. A unit is pointed at; a click, a tap or the arrow keys hold it. Everything that follows the pointer
 * is answered from what the page has; the layer below and the weights are fetched once, when they come into sight.
 *
 *     <nst-unit-view .features=${features} .channel=${18} .kernels=${kernel} @nst-channel=${(e) => e.detail}></nst-unit-view>
 */
@customElement("nst-unit-view")
export class UnitView extends LitElement {
  @property({ attribute: false }) features: FeaturesValue | null = null;
  /** the map that is shown; "nst-channel" (detail: number) asks for another */
  @property({ attribute: false }) channel = 0;
  /** colours of the map; null: from its own smallest to its own largest number */
  @property({ attribute: false }) scale: ColourScale | null = null;
  @property({ attribute: false }) kernels: Kernels | null = null;

  /** the unit that is held, null until the first map: then its strongest */
  @state() private held: { x: number; y: number } | null = null;
  /** the unit that is pointed at */
  @state() private hovered: Probe = null;
  @state() private workings: Workings | null = null;
  @state() private trouble = "";

  #map: Float32Array = new Float32Array();
  #range = statistics([]);
  #strongest = 0;
  #field: ReceptiveField | null = null;
  #size = "";

  #inSight = false;
  #sight = new IntersectionObserver((entries) => {
    this.#inSight = entries.at(-1)!.isIntersecting;
    this.#fetch();
  }, { rootMargin: "200px" });
  #fetching: { features: FeaturesValue; abort: AbortController } | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sight.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight.disconnect();
    this.#inSight = false;
    this.#stop();
  }

  override willUpdate(changed: Map<string, unknown>): void {
    const { features } = this;
    if (changed.has("features")) this.#follow(features);
    if (!features || !(changed.has("features") || changed.has("channel")) || !this.#shown) return;
    this.#map = channelOf(features, this.channel);
    this.#range = statistics(this.#map);
    this.#strongest = this.#map.indexOf(this.#range.max);
    this.held ??= { x: Math.max(0, this.#strongest) % features.width, y: Math.floor(Math.max(0, this.#strongest) / features.width) };
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has("features") || changed.has("kernels")) this.#fetch();
  }

  /** Keeps the place in the picture when the maps change their size. */
  #follow(features: FeaturesValue | null): void {
    this.#field = fieldIn(features);
    const size = features ? `${features.width} × ${features.height}` : "";
    if (size === this.#size) return;
    const [width, height] = this.#size.split(" × ").map(Number);
    this.#size = size;
    this.hovered = null;
    if (this.held && features && width > 0)
      this.held = { x: Math.floor(((this.held.x + 0.5) / width) * features.width), y: Math.floor(((this.held.y + 0.5) / height) * features.height) };
    else this.held = null;
  }

  get #shown(): boolean {
    return this.features !== null && this.channel >= 0 && this.channel < this.features.channels;
  }

  #stop(): void {
    this.#fetching?.abort.abort();
    this.#fetching = null;
  }

  #fetch(): void {
    const { features, kernels } = this;
    if (this.#fetching && this.#fetching.features !== features) this.#stop();
    if (!this.#inSight || !features || !kernels || this.#fetching || this.workings?.features === features || !features.from) return;
    const abort = new AbortController();
    this.#fetching = { features, abort };
    this.trouble = "";
    fetchWorkings(features, kernels, abort.signal, this.workings).then(
      (workings) => abort.signal.aborted || (this.workings = workings),
      (error: Error) => {
        if (!abort.signal.aborted) this.trouble = error.message;
      },
    ).finally(() => {
      if (this.#fetching?.abort === abort && !this.trouble) this.#fetching = null;
    });
  }

  #again = () => {
    this.#stop();
    this.#fetch();
  };

  override render(): TemplateResult | typeof nothing {
    const { features, channel, held } = this;
    if (!features || !held || !this.#shown) return nothing;
    const { width, channels, layer, from } = features;
    const { x, y } = this.hovered ?? held;
    const value = this.#map[y * width + x];
    const scale = this.scale ?? colourScale(this.#range.min, this.#range.max);
    const field = this.#field;
    const box = field && fieldOf(field, x, y);
    return html`<div class="upper">
        <div class="map">
          <nst-map-over-picture
            .picture=${from?.picture ?? null} .values=${this.#map} .width=${width} .height=${features.height}
            .scale=${scale} .probe=${this.hovered ?? held} .box=${box} .field=${field}
            label=${this.#label()} reachable
            @probe=${({ detail }: CustomEvent<Probe>) => (this.hovered = detail)}
            @choose=${({ detail }: CustomEvent<Probe>) => (this.held = detail)}
          ></nst-map-over-picture>
          <nst-colour-legend .scale=${scale} label="answer of channel ${channel}"></nst-colour-legend>
        </div>
        <div class="unit">
          <p class="reading number" role="status"><b class="value">${formatNumber(value, 5)}</b><span>channel ${channel} of ${paperName(layer)}, row ${y}, column ${x}</span></p>
          <p class="soft hint">Point at the map to read a unit; a click, a tap or the arrow keys hold it.</p>
          ${box && from ? this.#sees(box) : nothing}
        </div>
      </div>
      <nst-unit-channels .values=${features.data.subarray((y * width + x) * channels, (y * width + x + 1) * channels)} .channel=${channel} @nst-channel=${this.#choose}></nst-unit-channels>
      ${this.#arithmetic(x, y)}`;
  }

  #label(): string {
    const { features, channel } = this;
    const { width, height, layer, from } = features!;
    const at = this.#strongest;
    return `Channel ${channel} of ${paperName(layer)}${from ? ` over ${from.name}` : ""}: ${height} × ${width} units, mean ${formatNumber(this.#range.mean)}, largest ${formatNumber(this.#range.max)}${at < 0 ? "" : ` at row ${Math.floor(at / width)}, column ${at % width}`}`;
  }

  /** What the unit sees of the picture. */
  #sees(box: Box): TemplateResult {
    const { picture, name } = this.features!.from!;
    return html`<figure>
      <nst-pixel-canvas class="crop" .pixels=${cropOf(picture, box)} label="What this unit sees of ${name}: ${boxText(box)}"></nst-pixel-canvas>
      <figcaption>
        It sees <b>${box.width} × ${box.height} px</b> of ${name}: ${boxText(box)}.
        ${reachesOut(box, picture) ? "Beyond the border the network reads zeros." : nothing}
      </figcaption>
    </figure>`;
  }

  #arithmetic(x: number, y: number): TemplateResult {
    const { features, workings } = this;
    const { from, layer, width, height } = features!;
    if (!from || !this.#field) return html`<p class="soft section">These maps are not known to come from a layer of a network, so there is nothing to show of how their numbers came about.</p>`;
    if (this.trouble) return html`<p class="section" role="status">${this.trouble} <button @click=${this.#again}>Try again</button></p>`;
    const fits = workings && workings.features.layer === layer && workings.features.width === width && workings.features.height === height;
    if (!fits) return html`<p class="soft section" role="status">Fetching what ${paperName(layer)} reads, and its weights …</p>`;
    return html`<nst-unit-arithmetic class="section ${workings.features === features ? "" : "stale"}" .workings=${workings} .x=${x} .y=${y} .channel=${this.channel}></nst-unit-arithmetic>`;
  }

  #choose = ({ detail }: CustomEvent<number>) => {
    this.channel = detail;
    this.dispatchEvent(new CustomEvent<number>("nst-channel", { detail }));
  };

  static override styles = unitViewStyles;
}

/** null where it is not known from which layer of which network the maps are. */
function fieldIn(features: FeaturesValue | null): ReceptiveField | null {
  const card = features?.from?.network.card;
  return card?.layers.some(({ name }) => name === features!.layer) ? receptiveField(card, features!.layer) : null;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-unit-view": UnitView;
  }
}
