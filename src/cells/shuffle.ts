import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { paperName } from "../nst/names";
import { Cell } from "./cell";
import type { Kernels } from "./context";
import { type FeaturesValue, type GramValue, mapsAlone } from "./features-value";
import { gramDifference } from "./gram-numbers";
import "./shuffle-view";
import type { Shuffled } from "./shuffle-view";

/** What a shuffle of positions changes. */
export interface ShuffleValue {
  /** the same columns of features, each at another position */
  maps: FeaturesValue;
  /** ‖G′ − G‖ ÷ ‖G‖ of the two Gram matrices: 0 but for the rounding of float32 */
  gramChange: number;
  /** E of the layer between the two, ≥ 0 */
  styleCost: number;
  /** ½ Σ (F′ − F)² */
  contentCost: number;
  /** the same as a share of ½ Σ F², the content cost against maps that are 0 everywhere: 0 for the same maps, up to 2 */
  contentChange: number;
}

/**
 * The shuffle test: all positions of feature maps are moved to random places, each with all its channels. The Gram matrix is a
 * sum over positions and stays; the content cost compares position by position.
 *
 *     <nst-shuffle as="shuffled" of="FS" seed="1"></nst-shuffle>
 *
 * Its numbers can be asked for: `shuffled.gramChange`, `shuffled.styleCost`, `shuffled.contentCost`, `shuffled.contentChange`
 * (see ShuffleValue); `shuffled.maps` can be read by other cells. They are there before the reader presses Shuffle, which shows
 * them, and again for other places. Null while a run that it reads has no maps yet.
 */
@customElement("nst-shuffle")
export class ShuffleCell extends Cell<ShuffleValue | null> {
  static override title = "shuffle test";
  static override lazy = true;
  static override reserve = 420;
  static override roles = ["maps"];
  /** `times`: how often the reader has shuffled; `channel`: the map that is shown, −1 for the strongest */
  static override params = { seed: 1, times: 0, channel: -1 };

  #seen: Shuffled | null = null;

  async compute({ maps }: { maps: FeaturesValue | null }, { signal, kernel: { lab } }: { signal: AbortSignal; kernel: Kernels }): Promise<ShuffleValue | null> {
    if (!maps) return null;
    if (!("height" in maps)) throw new Error(`“${this.#read}” holds no feature maps. Take the value of a features cell, or a tensor [h, w, n] of a code cell.`);
    const { seed } = this;
    const before = mapsAlone(maps);
    const after = await lab.call("maps.shuffle", { maps: before, seed }, { signal });
    const [A, G, { cost }] = await Promise.all([
      this.#seen?.before === maps ? this.#seen.A : lab.call("maps.gram", { maps: before }, { signal }),
      lab.call("maps.gram", { maps: after }, { signal }),
      lab.call("maps.difference", { a: before, b: after }, { signal }),
    ]);
    const { change, styleCost } = gramDifference(A, G);
    const value: ShuffleValue = { maps: after, gramChange: change, styleCost, contentCost: cost, contentChange: cost === 0 ? 0 : cost / (trace(A) / 2) };
    this.#seen = { before: maps, A, G, seed, value };
    return value;
  }

  /** What the places are drawn by: the first shuffle by the seed that was given, each further one by the next. */
  get seed(): number {
    return this.param<number>("seed") + Math.max(0, this.param<number>("times") - 1);
  }

  override headerNote(): TemplateResult | string | typeof nothing {
    const { before } = this.#seen ?? {};
    return before ? `${paperName(before.layer)} · ${before.height} × ${before.width} × ${before.channels}` : nothing;
  }

  view(value: ShuffleValue | null | undefined): TemplateResult | typeof nothing {
    if (!value || !this.#seen) return this.error ? nothing : html`<p class="body soft">${value === null || this.status === "waiting" ? `“${this.#read}” has no maps yet.` : "Reading the maps …"}</p>`;
    const times = this.param<number>("times");
    return html`<nst-shuffle-view
      .shuffled=${this.#seen} .times=${times} .channel=${this.param<number>("channel")}
      @shuffle=${() => this.setParam("times", times + 1, { recompute: times > 0 })}
      @back=${() => this.setParam("times", 0, { recompute: times > 1 })}
      @nst-channel=${(e: CustomEvent<number>) => this.setParam("channel", e.detail, { recompute: false })}
    ></nst-shuffle-view>`;
  }

  get #read(): string {
    return this.getAttribute("of")?.trim() || this.getAttribute("maps")?.trim() || "maps";
  }
}

/** Σ_i G_ii = Σ F² */
function trace({ channels, data }: GramValue): number {
  let sum = 0;
  for (let i = 0; i < channels; i++) sum += data[i * channels + i];
  return sum;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-shuffle": ShuffleCell;
  }
}
