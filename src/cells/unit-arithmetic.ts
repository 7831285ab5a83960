import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { channelOf } from "../nst/feature-maps";
import { paperName } from "../nst/names";
import "./colour-legend";
import { convolutionAt, kernelOf, liesOutside, patchOf, pooled, productsOf, strongest, type Window, windowOf } from "./convolution";
import { formatCount, formatNumber } from "./numbers";
import "./pixel-canvas";
import type { Pixels } from "./pixel-canvas";
import { unitArithmeticStyles } from "./unit-arithmetic-styles";
import { decimalsFor, fixed, numberGrid, signed } from "./unit-numbers";
import type { NamedMaps, Workings } from "./unit-workings";
import { type ColourScale, colourScale, paint } from "./value-colours";
import { statistics } from "./value-look";

type Of<K extends Workings["kind"]> = Extract<Workings, { kind: K }>;

/** As many channels of the layer below as are shown at first, and after “Show more”. */
const FIRST = 3;
const MORE = 12;

/**
 * How one unit gets its number: the patch that it reads, the kernel, their products, the sum, the bias, the ReLU; for
 * other layers what these do. Everything is computed anew from the layer below, and compared with what the map holds.
 *
 *     <nst-unit-arithmetic .workings=${workings} .x=${12} .y=${30} .channel=${18}></nst-unit-arithmetic>
 */
@customElement("nst-unit-arithmetic")
export class UnitArithmetic extends LitElement {
  @property({ attribute: false }) workings: Workings | null = null;
  /** column of the unit in its map */
  @property({ attribute: false }) x = 0;
  /** row of the unit in its map */
  @property({ attribute: false }) y = 0;
  @property({ attribute: false }) channel = 0;
  @state() private more = false;
  /** the number that is pointed at: in which row of terms, which one */
  @state() private lit: { term: number; index: number } | null = null;

  /** Maps of the layer below as they were painted, so that hovering paints each of them once. */
  #thumbs = new Map<number, { pixels: Pixels; label: string }>();

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("workings")) this.#thumbs.clear();
  }

  override render(): TemplateResult | typeof nothing {
    const { workings } = this;
    switch (workings?.kind) {
      case "conv": return this.#convolution(workings);
      case "pool": return this.#pool(workings);
      case "relu": return this.#relu(workings);
      case "concat": return this.#concat(workings);
      case undefined: return nothing;
    }
  }

  /** What the map holds here. */
  #held({ features: { data, width, channels } }: Workings): number {
    return data[(this.y * width + this.x) * channels + this.channel];
  }

  #convolution(workings: Of<"conv">): TemplateResult {
    const { below, weights, spec, relu } = workings;
    const { maps } = below;
    const at = convolutionAt(maps, weights, spec, this.x, this.y, this.channel);
    const shown = strongest(at.sums, this.more ? MORE : FIRST);
    const rest = at.sums.reduce((sum, one) => sum + one, 0) - shown.reduce((sum, c) => sum + at.sums[c], 0);
    const terms = shown.map((c) => {
      const [patch, kernel] = [patchOf(maps, at.window, c), kernelOf(weights, c, this.channel)];
      return { c, patch, kernel, products: productsOf(patch, kernel) };
    });
    const looks = { patch: lookOf(terms.map(({ patch }) => patch)), kernel: lookOf(terms.map(({ kernel }) => kernel), true), products: lookOf(terms.map(({ products }) => products), true) };
    const others = maps.channels - shown.length;
    const decimals = decimalsFor([at.before, at.bias, rest, ...shown.map((c) => at.sums[c])]);
    const largest = Math.max(Math.abs(rest), Math.abs(at.bias), ...shown.map((c) => Math.abs(at.sums[c]))) || 1;
    const activated = spec.activation === "relu" && relu;
    const value = activated ? Math.max(0, at.before) : at.before;
    const outside = (i: number) => liesOutside(at.window, i, maps);
    const row = (what: unknown, value: TemplateResult, total = false) => html`<div class="line ${total ? "total" : ""}"><div class="what">${what}</div><div class="sum">${value}</div></div>`;
    return html`<p class="lead">
        This unit of ${paperName(spec.name)} reads ${spec.kernel} × ${spec.kernel} positions of ${below.title}, in each of its ${maps.channels} channels.
        ${spec.stride > 1 ? `Its neighbour reads those ${spec.stride} positions further on.` : nothing}
        Each number is multiplied with the weight of the kernel that lies on it, and all products are added up.
        ${others > 0 ? `These are the ${shown.length} channels that contribute most at this position.` : nothing}
      </p>
      <div class="terms number">
        ${terms.map(({ c, patch, kernel, products }, term) => {
          const lit = this.lit?.term === term ? this.lit.index : null;
          const point = (index: number | null) => (this.lit = index === null ? null : { term, index });
          const square = (values: Float32Array, look: Look, label: string, pads?: (i: number) => boolean) => numberGrid({ values, size: spec.kernel, ...look, label, lit, point, outside: pads });
          return html`<div class="term">
            ${this.#thumb(below, c, at.window)}
            <div class="what">
              <div class="name">${below.name(c)}</div>
              <div class="soft one">${lit === null ? nothing : html`${formatNumber(patch[lit])} × ${formatNumber(kernel[lit])} = <b>${formatNumber(products[lit])}</b>${outside(lit) ? " (outside)" : ""}`}</div>
            </div>
            <div class="steps">
              ${square(patch, looks.patch, `patch of ${below.name(c)}`, outside)}<span class="sign">×</span>${square(kernel, looks.kernel, `kernel for ${below.name(c)}`)}<span class="sign">=</span>${square(products, looks.products, `products of ${below.name(c)}`)}
            </div>
            <div class="sum">${this.#sum(at.sums[c], decimals, largest)}</div>
          </div>`;
        })}
        ${others > 0 || this.more
          ? row(html`${others > 0 ? `the other ${others === 1 ? "channel" : `${others} channels`}` : nothing} <button class="plain" @click=${() => (this.more = !this.more)}>${this.more ? "Show fewer" : `Show ${Math.min(MORE, maps.channels) - FIRST} more`}</button>`, others > 0 ? this.#sum(rest, decimals, largest) : html``)
          : nothing}
        ${row(`bias of channel ${this.channel}`, this.#sum(at.bias, decimals, largest))}
        ${row("sum", this.#total(at.before, decimals), true)}
        ${activated
          ? row(html`ReLU: max(0, sum)${at.before < 0 ? html` <span class="soft">the sum is negative, so the unit is silent</span>` : nothing}`, this.#total(value, decimals), true)
          : row(html`<span class="soft">${spec.activation === "relu" ? "The map is read before the ReLU." : "This layer has no ReLU of its own."}</span>`, html``)}
      </div>
      ${this.#comparison(value, workings, at.rounding, `in a sum of ${formatCount(at.products)} products and a bias`)}
      <div class="legends">
        <nst-colour-legend .scale=${looks.patch.scale} label="patch: ${below.title}"></nst-colour-legend>
        <nst-colour-legend .scale=${looks.kernel.scale} label="kernel: weights"></nst-colour-legend>
        <nst-colour-legend .scale=${looks.products.scale} label="products"></nst-colour-legend>
      </div>`;
  }

  #pool(workings: Of<"pool">): TemplateResult {
    const { below, spec, pooling } = workings;
    const window = windowOf(spec, this.x, this.y);
    const patch = patchOf(below.maps, window, this.channel);
    const outside = (i: number) => liesOutside(window, i, below.maps);
    const inside = patch.filter((_, i) => !outside(i));
    const value = pooled(inside, pooling);
    const look = lookOf([inside]);
    const reading = inside.length <= 9 ? [...inside].map((number) => fixed(number, look.decimals)) : null;
    return html`<p class="lead">
        ${paperName(spec.name)} has no weights: each unit takes ${pooling === "average" ? "the mean" : "the largest"} of ${spec.size} × ${spec.size} numbers of the same channel of ${below.title}.
        ${spec.stride < spec.size ? `Its neighbour takes those ${spec.stride === 1 ? "one position" : `${spec.stride} positions`} further on, so that the windows overlap.` : nothing}
        ${inside.length < patch.length ? "This window reaches beyond the border: what lies outside does not count." : nothing}
      </p>
      <div class="terms number">
        <div class="term pool">
          ${this.#thumb(below, this.channel, window)}
          <div class="what"><div class="name">${below.name(this.channel)}</div></div>
          <div class="steps">
            ${numberGrid({ values: patch, size: spec.size, ...look, label: "the numbers that are pooled", outside, lit: null, point: () => {} })}
            <span class="sign">→</span>
            <span>${pooling === "average" ? html`${reading ? `(${reading.join(" + ")}) / ${inside.length}` : "mean"} = ` : html`max(${reading ? reading.join(", ") : "…"}) = `}<b>${fixed(value, look.decimals + (pooling === "average" ? 2 : 0))}</b></span>
          </div>
        </div>
      </div>
      ${this.#comparison(value, workings, pooling === "average" ? 2 * 2 ** -24 * sizeOf(inside) : 0, "in a mean")}
      <div class="legends"><nst-colour-legend .scale=${look.scale} label=${below.title}></nst-colour-legend></div>`;
  }

  #relu(workings: Of<"relu">): TemplateResult {
    const { below, spec, relu, features } = workings;
    const number = below.maps.data[(this.y * features.width + this.x) * features.channels + this.channel];
    const value = relu ? Math.max(0, number) : number;
    return html`<p class="lead">${spec.name} sets what is below 0 to 0, number by number${relu ? "" : "; the map is read before that"}.</p>
      <p class="formula number">${relu ? html`max(0, ${formatNumber(number, 5)}) = <b>${formatNumber(value, 5)}</b>` : html`<b>${formatNumber(value, 5)}</b>`}, with ${formatNumber(number, 5)} from ${below.name(this.channel)} of ${below.title} at the same position.</p>
      ${this.#comparison(value, workings, 0, "")}`;
  }

  #concat({ spec, parts }: Of<"concat">): TemplateResult {
    let first = 0;
    const at = parts.find(({ channels }) => (first += channels) > this.channel)!;
    const offset = first - at.channels;
    return html`<p class="lead">
      ${spec.name} computes nothing: it puts the channels of ${parts.map(({ layer }) => layer).join(" and ")} one behind the other.
      Its channel ${this.channel} is channel ${this.channel - offset} of ${at.layer}. Choose that layer to see how the number comes about.
    </p>`;
  }

  #sum(value: number, decimals: number, largest: number): TemplateResult {
    const share = (Math.abs(value) / largest) * 50;
    return html`<span class="amount">${signed(value, decimals)}</span><span class="bar" aria-hidden="true"><i style="width:${share}%;left:${value < 0 ? 50 - share : 50}%"></i></span>`;
  }

  #total(value: number, decimals: number): TemplateResult {
    return html`<b class="amount">${fixed(value, decimals)}</b><span class="bar"></span>`;
  }

  /** A map of the layer below, with the window that is read. */
  #thumb({ maps, name, title }: NamedMaps, channel: number, { x, y, size }: Window): TemplateResult {
    let thumb = this.#thumbs.get(channel);
    if (!thumb) {
      const map = channelOf(maps, channel);
      const { min, max, mean } = statistics(map);
      const label = `${name(channel)} of ${title}, from ${formatNumber(min)} to ${formatNumber(max)}, mean ${formatNumber(mean)}, with the window that is read`;
      this.#thumbs.set(channel, (thumb = { pixels: paint(map, maps.width, maps.height, colourScale(min, max)), label }));
    }
    const percent = (at: number, of: number) => `${(at / of) * 100}%`;
    return html`<div class="thumb">
      <nst-pixel-canvas .pixels=${thumb.pixels} label=${thumb.label}></nst-pixel-canvas>
      <i style="left:${percent(x, maps.width)};top:${percent(y, maps.height)};width:${percent(size, maps.width)};height:${percent(size, maps.height)}"></i>
    </div>`;
  }

  /** Whether what was computed here is what the map holds. @param where float32 leaves the last digits open: "in a mean" */
  #comparison(value: number, workings: Workings, rounding: number, where: string): TemplateResult {
    const held = this.#held(workings);
    const apart = Math.abs(held - value);
    const same = apart <= rounding;
    const verdict =
      apart === 0 ? ": exactly this number." : same ? ": the same number, to the rounding of float32." : html`. <b class="apart">That is not the same number: they are ${formatNumber(apart, 2)} apart, more than rounding in float32 explains.</b> The device computes with fewer digits.`;
    return html`<p class="comparison number">
      <b>The map holds ${formatNumber(held, 6)}</b>${verdict}
      ${apart > 0 && same ? html`<span class="soft">Before rounding for display they are ${formatNumber(apart, 2)} apart: float32 keeps about 7 digits, which leaves the last ones open ${where}.</span>` : nothing}
    </p>`;
  }

  static override styles = unitArithmeticStyles;
}

type Look = { scale: ColourScale; decimals: number };

/** One scale of colours and one number of digits for several squares; about 0 where they have a sign, or could. */
function lookOf(squares: readonly Float32Array[], signs = false): Look {
  let [min, max] = [0, 0];
  for (const square of squares) {
    for (const value of square) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  const reach = Math.max(-min, max) || 1;
  return { scale: signs ? colourScale(-reach, reach) : colourScale(min, max), decimals: decimalsFor([min, max]) };
}

/** Σ |value| */
const sizeOf = (patch: Float32Array) => patch.reduce((sum, value) => sum + Math.abs(value), 0);

declare global {
  interface HTMLElementTagNameMap {
    "nst-unit-arithmetic": UnitArithmetic;
  }
}
