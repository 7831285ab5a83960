import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { channelOf, type FeatureMaps } from "../nst/feature-maps";
import { paperName } from "../nst/names";
import { Cell } from "./cell";
import "./colour-legend";
import type { Kernels } from "./context";
import { type FeaturesValue, mapsAlone } from "./features-value";
import { formatCount, formatNumber } from "./numbers";
import "./pixel-canvas";
import "./same-gram-histogram";
import { sameGramStyles } from "./same-gram-styles";
import { type Moments, momentsOf, relativeDifference, toyMap } from "./same-gram-toy";
import { type ColourScale, colourScale, paint } from "./value-colours";

/** The value of a same-gram cell; what is said of maps is null where it reads none. */
export interface SameGramValue {
  /** the maps with the same Gram matrix */
  maps: FeatureMaps | null;
  /** Σ |G′ − G| / Σ |G|: nothing but rounding */
  gramChange: number | null;
  /** ½ Σ (F′ − F)² */
  contentCost: number | null;
  /** 1/(4N²M²) Σ (G′ − G)² */
  styleCost: number | null;
  /** share of the numbers of F′ that are below 0, where a ReLU leaves none */
  negative: number | null;
  /** of the toy: mean and variance of the map, with Σ F² held */
  toyMean: number;
  toyVariance: number;
}

/** Positions a side of the toy. */
const SIDE = 8;
/** of the toy, and of the pairs that are mixed */
export const SEED = 5;

/**
 * Why the Gram matrix alone can go wrong: maps that have the same one and are not alike. First a toy, one map between flat
 * and speckled with Σ F² held; then, with `of`, the reader's own maps, their positions mixed in pairs by a rotation.
 *
 *     <nst-same-gram as="same" of="F" angle="30"></nst-same-gram>
 *
 * After Risser, Wilmot & Barnes 2017, “Stable and Controllable Neural Texture Synthesis and Style Transfer Using Histogram
 * Losses” (arXiv 1701.08893), who add a cost on the histogram. Questions can ask for `same.gramChange`, `same.contentCost`,
 * `same.styleCost`, `same.negative`, `same.toyMean`.
 */
@customElement("nst-same-gram")
export class SameGramCell extends Cell<SameGramValue> {
  static override title = "same Gram";
  static override lazy = true;
  static override reserve = 700;
  static override roles = ["maps"];
  static override params = {
    /** 0 flat … 2 speckled */
    contrast: 1,
    /** of the rotation, in degrees */
    angle: 30,
    channel: 0,
  };
  static override styles = [...Cell.styles, sameGramStyles];

  /** the toy is computed anew alone */
  #last: { key: { data: Float32Array; angle: number }; own: Omit<SameGramValue, "toyMean" | "toyVariance"> } | null = null;
  #before: { maps: FeatureMaps; gram: Promise<Float32Array> } | null = null;

  /** Without maps to read there is the toy. */
  protected override reads(): readonly string[] {
    return this.hasAttribute("of") || this.hasAttribute("maps") ? SameGramCell.roles : [];
  }

  async compute({ maps }: { maps?: FeaturesValue | null }, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): Promise<SameGramValue> {
    const { mean: toyMean, variance: toyVariance } = momentsOf(this.#toy());
    const toy = { toyMean, toyVariance };
    if (!maps) return { maps: null, gramChange: null, contentCost: null, styleCost: null, negative: null, ...toy };
    if (!(maps.data instanceof Float32Array) || !maps.height) throw new Error(`“${this.getAttribute("of") ?? "maps"}” holds no feature maps. Take the name of a features cell, or of code that gives a tensor [height, width, channels].`);
    const before = mapsAlone(maps);
    const key = { data: maps.data, angle: this.param<number>("angle") };
    if (this.#last?.key.data === key.data && this.#last.key.angle === key.angle) return { ...this.#last.own, ...toy };
    const rotated = await kernel.lab.call("maps.rotate", { maps: before, seed: SEED, angle: (key.angle * Math.PI) / 180 }, { signal });
    const [gram, gramAfter, { cost }] = await Promise.all([
      this.#gramOf(before, kernel),
      kernel.lab.call("maps.gram", { maps: rotated }, { signal }),
      kernel.lab.call("maps.difference", { a: rotated, b: before }, { signal }),
    ]);
    const [n, m] = [before.channels, before.height * before.width];
    let [squares, below] = [0, 0];
    for (let i = 0; i < gram.length; i++) squares += (gramAfter.data[i] - gram[i]) ** 2;
    for (const number of rotated.data) if (number < 0) below++;
    const own = { maps: rotated, gramChange: relativeDifference(gramAfter.data, gram), contentCost: cost, styleCost: squares / (4 * n * n * m * m), negative: below / rotated.data.length };
    this.#last = { key, own };
    return { ...own, ...toy };
  }

  override headerNote() {
    const { maps } = this.value ?? {};
    return maps ? `${maps.height} × ${maps.width} × ${maps.channels}` : nothing;
  }

  view(value: SameGramValue | undefined) {
    const source = this.#source();
    return html`<div class="body">${this.#toyView()}</div>
      ${this.reads().length === 0 ? nothing : html`<div class="body">${value?.maps && source && source.channels === value.maps.channels ? this.#ownView(value, value.maps, source) : html`<p class="soft">Waiting for maps to rotate.</p>`}</div>`}`;
  }

  #toy(): Float32Array {
    return toyMap(this.param<number>("contrast"), SIDE * SIDE, SEED);
  }

  #toyView() {
    const contrast = this.param<number>("contrast");
    const [flat, now] = [toyMap(0, SIDE * SIDE, SEED), this.#toy()];
    const moments = momentsOf(now);
    // the same colours at every contrast, else flat and speckled would look alike
    const scale = colourScale(0, 4);
    return html`<h3>A toy: one map, its entry of the Gram matrix held</h3>
      <div class="controls">
        <label class="slide">flat <input type="range" min="0" max="2" step="0.05" .value=${String(contrast)} aria-label="Contrast of the map" aria-valuetext=${contrastText(contrast)} @input=${(e: Event) => this.setParam("contrast", (e.target as HTMLInputElement).valueAsNumber)} /> speckled</label>
      </div>
      <div class="parts">
        ${mapFigure(flat, SIDE, SIDE, scale, "the flat map", html`flat`)} ${mapFigure(now, SIDE, SIDE, scale, "the map", html`<b class="picture">${contrastText(contrast)}</b>`)}
        <div class="facts">
          ${momentBars([["flat", momentsOf(flat)], [contrastText(contrast), moments]])}
          <p class="number" role="status">Σ F² = ${formatNumber(moments.meanSquare * SIDE * SIDE, 4)} in both, and with one map that is the whole Gram matrix. The mean is 1 and ${formatNumber(moments.mean)}, the largest number 1 and ${formatNumber(moments.maximum)}.</p>
        </div>
        <nst-two-histograms .first=${flat} .second=${now} .names=${["flat", contrastText(contrast)]} unit="activation"></nst-two-histograms>
      </div>
      <nst-colour-legend .scale=${scale} label="activation"></nst-colour-legend>`;
  }

  #ownView(value: SameGramValue, rotated: FeatureMaps, source: FeatureMaps) {
    const channel = Math.min(this.param<number>("channel"), source.channels - 1);
    const angle = this.param<number>("angle");
    const [before, after] = [channelOf(source, channel), channelOf(rotated, channel)];
    const [was, now] = [momentsOf(before), momentsOf(after)];
    const scale = colourScale(Math.min(was.minimum, now.minimum), Math.max(was.maximum, now.maximum));
    const name = `${paperName(source.layer)}, channel ${channel}`;
    const step = (by: number) => this.setParam("channel", (channel + by + source.channels) % source.channels, { recompute: false });
    return html`<h3>Your own maps: positions mixed in pairs</h3>
      <div class="controls">
        <label class="slide">rotate by <input type="range" min="0" max="45" step="1" .value=${String(angle)} aria-label="Angle of the rotation" aria-valuetext="${angle} degrees" @input=${(e: Event) => this.setParam("angle", (e.target as HTMLInputElement).valueAsNumber)} /> <span class="number angle">${angle}°</span></label>
        <span class="spacer"></span>
        <span class="stepper"><button aria-label="The channel before" @click=${() => step(-1)}>‹</button><span class="number">channel ${channel} of ${source.channels}</span><button aria-label="The next channel" @click=${() => step(1)}>›</button></span>
      </div>
      <div class="parts">
        ${mapFigure(before, source.width, source.height, scale, `F, ${name}`, html`F`)} ${mapFigure(after, source.width, source.height, scale, `F′, ${name}, rotated by ${angle} degrees`, html`<b class="picture">F′</b>`)}
        <div class="facts">
          ${momentBars([["F", was], ["F′", now]])}
          <dl>
            <dt>Gram matrix, all ${formatCount(source.channels * source.channels)} entries</dt>
            <dd>changed by ${formatNumber(value.gramChange ?? 0, 2)} of its size: rounding</dd>
            <dt class="style">style cost</dt>
            <dd>${formatNumber(value.styleCost ?? 0, 2)}</dd>
            <dt class="content">content cost</dt>
            <dd>${formatNumber(value.contentCost ?? 0)}</dd>
            <dt>numbers below 0</dt>
            <dd>${formatNumber(100 * (value.negative ?? 0), 2)} %, where a ReLU leaves none</dd>
          </dl>
        </div>
        <nst-two-histograms .first=${before} .second=${after} .names=${["F", "F′"]} unit="activation of channel ${channel}"></nst-two-histograms>
      </div>
      <nst-colour-legend .scale=${scale} label="activation"></nst-colour-legend>
      <p class="why">Each position is paired with another at random, and the two columns of F become a mixture of each other: F′ = F R with R Rᵀ = 1. So F′F′ᵀ = F R Rᵀ Fᵀ = F Fᵀ. A cost on the Gram matrix cannot tell F from F′, although neither the maps nor their histograms agree.</p>`;
  }

  /** The maps that are read, as the graph holds them. */
  #source(): FeatureMaps | null {
    return this.#before?.maps ?? null;
  }

  /** F Fᵀ, computed once for all angles; not given up with one of them. */
  #gramOf(maps: FeatureMaps, kernel: Kernels): Promise<Float32Array> {
    if (this.#before?.maps.data !== maps.data) {
      const gram = kernel.lab.call("maps.gram", { maps }, {}).then(({ data }) => data);
      const before = { maps, gram };
      this.#before = before;
      // asked again after a failure
      gram.catch(() => {
        if (this.#before === before) this.#before = null;
      });
    }
    return this.#before!.gram;
  }
}

function contrastText(contrast: number): string {
  return contrast === 0 ? "flat too" : contrast < 0.5 ? "uneven" : contrast < 1.3 ? "spotted" : "speckled";
}

function mapFigure(values: Float32Array, width: number, height: number, scale: ColourScale, label: string, caption: TemplateResult) {
  const { mean, minimum, maximum } = momentsOf(values);
  return html`<figure class="map">
    <nst-pixel-canvas .pixels=${paint(values, width, height, scale)} label="${label}: mean ${formatNumber(mean)}, from ${formatNumber(minimum)} to ${formatNumber(maximum)}"></nst-pixel-canvas>
    <figcaption>${caption} · ${height} × ${width}</figcaption>
  </figure>`;
}

/** The mean of the squares as a bar for each map, parted into what is mean² and what is variance. */
function momentBars(rows: readonly [name: string, moments: Moments][]) {
  const longest = Math.max(...rows.map(([, { meanSquare }]) => meanSquare)) || 1;
  return html`<div class="moments">
    ${rows.map(([name, { mean, meanSquare, variance }]) => {
      const share = (part: number) => `width:${(100 * Math.max(0, part)) / longest}%`;
      return html`<span>${name}</span><span class="bar" role="img" aria-label="${name}: mean squared ${formatNumber(mean * mean)} plus variance ${formatNumber(variance)} is ${formatNumber(meanSquare)}"><i class="mean" style=${share(mean * mean)}></i><i class="variance" style=${share(variance)}></i></span><span class="number">${formatNumber(meanSquare)}</span>`;
    })}
    <span></span><span class="key"><i class="mark mean"></i>mean² + <i class="mark variance"></i>variance</span><span>= Σ F² / M</span>
  </div>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-same-gram": SameGramCell;
  }
}
