import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Kernels } from "../kernel/client";
import type { AscentBatch } from "../kernel/protocol";
import { featureLayers } from "../nst/feature-layers";
import { kerasName, paperName } from "../nst/names";
import { receptiveField } from "../nst/receptive-field";
import { type AscentOptions, type AscentPlan, ascents, nextChannels } from "./ascent-plans";
import type { GrowingPicture, GrowthHandle } from "./growth";
import { GrowingCell } from "./growth-base";
import type { GrowthTile } from "./growth-view";
import { layerSelect } from "./layer-choice";
import type { NetworkValue } from "./network";
import { formatNumber } from "./numbers";

/** The value of an ascent cell. */
export interface AscentValue {
  /** Keras name */
  layer: string;
  channels: number[];
  /** steps done by the picture that has done the fewest */
  step: number;
  /** mean activation of the first channel in its picture, null before the start */
  activation: number | null;
  /** by channel */
  activations: Record<string, number | null>;
}

/**
 * Draws channels of a layer: from grey noise, each picture climbs the gradient of its channel's mean activation (Erhan et al.
 * 2009; Olah et al. 2017). What the kernel does to a picture beside that is said in nst/ascent.ts.
 *
 *     <nst-ascent network="network" layer="block3_conv1" channel="18"></nst-ascent>
 *     <nst-ascent chosen="layer" channel="0 1 2 3 4 5"></nst-ascent>      the layer is what the cell “layer” gives
 *
 * Attributes: `layer` (a convolution; default: the network's content layer), `channel` (one to six, counted from 0), `size`
 * (side in pixels), `steps`, `learning-rate`, `total-variation`, `pooling`, `seed`, `order` "together" | "in turn". Gives an
 * AscentValue: `drawn.activation` is the mean activation that the first channel has come to.
 */
@customElement("nst-ascent")
export class AscentCell extends GrowingCell<AscentPlan, AscentBatch, AscentValue> {
  static override title = "ascent";
  static override roles = ["network", "chosen"];
  static override params = { layer: "", channel: "0 1 2 3 4 5", size: 128, steps: 120, learningRate: 0.02, totalVariation: 5, pooling: "", seed: 1, order: "together" };

  private network: NetworkValue | null = null;
  private chosen: string | null = null;

  protected override reads(): readonly string[] {
    return this.hasAttribute("chosen") ? AscentCell.roles : ["network"];
  }

  compute({ network, chosen }: { network: NetworkValue; chosen?: string }, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): AsyncIterable<AscentValue> {
    this.network = network;
    this.chosen = chosen ?? null;
    this.plans = [];
    if (!this.pooled) this.plans = ascents(network, this.options);
    return this.follow(kernel, signal);
  }

  private get options(): AscentOptions {
    const names: (keyof AscentOptions)[] = ["layer", "channel", "size", "steps", "learningRate", "totalVariation", "pooling", "seed"];
    return { ...(Object.fromEntries(names.map((name) => [name, this.param(name)])) as unknown as AscentOptions), ...(this.chosen === null ? {} : { layer: this.chosen }) };
  }

  /** Whether the chosen layer is one that has no channels of its own: it only passes on those of others. */
  private get pooled(): boolean {
    const kind = this.network!.card.layers.find(({ name }) => name === this.chosen)?.kind;
    return kind === "pool" || kind === "relu";
  }

  /** Keras name of the layer that a start would take. */
  private get layer(): string {
    const { card } = this.network!;
    return kerasName(this.options.layer.trim(), card) || card.defaults.contentLayer;
  }

  view(): TemplateResult | typeof nothing {
    if (!this.network) return this.error ? nothing : html`<div class="body soft">Waits for its network …</div>`;
    const calm = this.pooled ? html`<div class="body soft">“${this.chosen}” has learnt nothing of its own: it passes on what the layers before it answer. Choose a convolution to draw its channels.</div>` : nothing;
    return html`${this.choice()} ${calm} ${this.shown.length === 0 ? nothing : this.frame({ original: null, originalName: "", kind: "picture", aspect: 1, promise: PROMISE })}
      <details class="body settings">
        <summary>Settings</summary>
        <div class="fields">
          ${this.field("size", "side", { min: 16, max: 512, whole: true, unit: "px" })} ${this.field("steps", "steps", { min: 1, max: 5000, whole: true })}
          ${this.field("learningRate", "Adam, learning rate", { min: 1e-6 })} ${this.field("totalVariation", "total variation")}
        </div>
      </details>`;
  }

  private choice(): TemplateResult {
    const { card } = this.network!;
    const count = featureLayers(card).find(({ name }) => name === this.layer)?.channels ?? 0;
    const move = (direction: 1 | -1) => this.setParam("channel", nextChannels(this.plans.map(({ channel }) => channel), count, direction).join(" "));
    const step = (direction: 1 | -1, sign: string, label: string) => html`<button aria-label=${label} title=${label} ?disabled=${this.plans.length === 0} @click=${() => move(direction)}>${sign}</button>`;
    return html`<div class="body controls choice">
      ${layerSelect(card, this.layer, (layer) => this.setParam("layer", layer), { kinds: ["conv", "concat"], disabled: this.chosen !== null })}
      <label>channels <input type="text" size="16" inputmode="numeric" .value=${this.param<string>("channel")} @change=${(event: Event) => this.setParam("channel", (event.target as HTMLInputElement).value.trim())} /></label>
      <span class="steps">${step(-1, "‹", "the channels before")}${step(1, "›", "the next channels")}</span>
      <span class="soft number">${count ? `of ${count}, counted from 0` : nothing}</span>
      ${this.field("seed", "seed", { whole: true })}
    </div>`;
  }

  protected tile({ key, channel, config: { layer, size, network } }: AscentPlan): GrowthTile {
    const field = receptiveField(network.card, layer);
    return {
      key, title: `${paperName(layer)} · ${channel}`, explain: `channel ${channel} of ${layer} drawn by gradient ascent`, log: false,
      format: (value) => formatNumber(value, 3),
      values: ({ history }) => history.column("activation"),
      spoken: (value) => `mean activation ${formatNumber(value)}`,
      range: (values) => [0, values.reduce((high, value) => Math.max(high, value), 0)],
      bar: { share: field.size / size, text: field.size > size ? `a unit of ${paperName(layer)} sees ${field.size} px: more than the picture` : `a unit sees ${field.size} px` },
    };
  }

  protected sow(kernels: Kernels, { config }: AscentPlan, take: (batch: AscentBatch) => void): GrowthHandle {
    const end = new AbortController();
    const stream = kernels.engine.stream("ascent", config, { signal: end.signal });
    const ended = (async () => {
      for await (const batch of stream) take(batch);
    })();
    return {
      pause: () => stream.control({ kind: "pause" }),
      resume: () => stream.control({ kind: "resume" }),
      stop: () => stream.control({ kind: "stop" }),
      drop: () => end.abort(new DOMException("The picture was dropped.", "AbortError")),
      ended,
    };
  }

  /** Seconds apart is often enough for whoever reads the value. */
  private told = -Infinity;

  protected record({ history, state }: GrowingPicture, { activations, first }: AscentBatch): boolean {
    history.append({ columns: ["activation"], costs: activations, first });
    if (state === "running" && performance.now() - this.told < 1000) return false;
    this.told = performance.now();
    return true;
  }

  protected summary(): AscentValue {
    const { growth, shown } = this;
    const activations = Object.fromEntries(shown.map(({ key }, i) => [key, numberOrNull(growth?.pictures[i].history.last("activation"))]));
    return {
      layer: shown[0]?.config.layer ?? "", channels: shown.map(({ channel }) => channel),
      step: growth ? Math.min(...growth.pictures.map(({ step }) => step)) : 0, activation: activations[shown[0]?.key] ?? null, activations,
    };
  }

  protected facts(): Record<string, unknown> {
    const { channel, size, steps, learningRate, totalVariation, pooling, seed } = this.options;
    return { network: [this.network?.id, this.network?.random], layer: this.layer, channels: channel, size, steps, "learning rate": learningRate, "total variation": totalVariation, pooling, seed };
  }
}

const PROMISE = "Every picture starts as grey noise and is changed, step by step, so that its channel answers more. Beneath it: the channel's mean activation.";

const numberOrNull = (value: number | undefined): number | null => (value !== undefined && Number.isFinite(value) ? value : null);

declare global {
  interface HTMLElementTagNameMap {
    "nst-ascent": AscentCell;
  }
}
