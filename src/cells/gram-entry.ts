import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import "./colour-legend";
import type { GramValue } from "./features-value";
import { type Entry, isOther } from "./gram-map";
import { type Division, divisor, extent, type PairOfMaps, pairOfMaps } from "./gram-numbers";
import { legendOf, paintSpread, type Spread } from "./gram-scale";
import { gramStyles } from "./gram-styles";
import { formatCount, formatNumber } from "./numbers";
import "./pixel-canvas";
import type { Pixels, Probe } from "./pixel-canvas";
import { type ColourScale, colourScale, paint } from "./value-colours";

/** A Gram matrix with what it is called. */
export interface GramSide {
  gram: GramValue;
  /** of whose maps: "style", "G" */
  name: string;
  /** as it stands in formulas: "A" for the style picture, "G" for the other */
  letter: string;
  colour: "content" | "style" | "picture";
}

/** The maps of one side, painted: F_i, F_j, product. */
interface Drawn {
  pair: PairOfMaps;
  maps: { range: [number, number]; pixels: Pixels }[];
}

/** Beyond this the sum of products and the entry differ by more than float32 rounds away. */
const ROUNDING = 1e-4;

/**
 * What made an entry (i, j) of Gram matrices: the maps F_i and F_j, their product position by position, and the sum of the
 * products beside the number that the matrix holds. A position that is pointed at in one map is read in all of them.
 *
 *     <nst-gram-entry .sides=${[{ gram, name: "style", letter: "A", colour: "style" }]} .entry=${[18, 34]} division="N·M"></nst-gram-entry>
 */
@customElement("nst-gram-entry")
export class GramEntry extends LitElement {
  @property({ attribute: false }) sides: readonly GramSide[] = [];
  @property({ attribute: false, hasChanged: isOther }) entry: Entry = [0, 0];
  /** how the matrices are shown: said beside the sum */
  @property() division: Division = "raw";
  /** how colours are given to products */
  @property() spread: Spread = "even";
  /** in units of the maps as drawn */
  @state() private probe: Probe = null;

  /** by side; null where the maps are not known */
  #drawn: (Drawn | null)[] = [];
  #maps: ColourScale = colourScale(0, 1);
  #products: ColourScale = colourScale(0, 1);

  override willUpdate(changed: Map<string, unknown>): void {
    if (!["sides", "entry", "spread"].some((name) => changed.has(name))) return;
    const [i, j] = this.entry;
    const pairs = this.sides.map(({ gram: { maps } }) => (maps ? pairOfMaps(maps, i, j) : null));
    const known = pairs.filter((pair) => pair !== null);
    // one scale for the maps and one for the products, for both sides: so that they can be compared
    this.#maps = colourScale(...extent(...known.flatMap(({ a, b }) => [a, b])));
    this.#products = colourScale(...extent(...known.map(({ product }) => product)));
    this.#drawn = pairs.map((pair) => {
      if (!pair) return null;
      const { width, height, a, b, product } = pair;
      const map = (values: Float32Array) => ({ range: extent(values), pixels: paint(values, width, height, this.#maps) });
      return { pair, maps: [map(a), map(b), { range: extent(product), pixels: paintSpread(product, width, height, this.#products, this.spread) }] };
    });
  }

  override render() {
    const [i, j] = this.entry;
    return html`<ol>${this.sides.map((side, at) => html`<li>${this.#side(side, this.#drawn[at])}</li>`)}</ol>
      ${this.#drawn.some((drawn) => drawn !== null)
        ? html`<div class="legends">
            <nst-colour-legend .scale=${this.#maps} label="activation of F${subscript(i)}${i === j ? "" : ` and F${subscript(j)}`}"></nst-colour-legend>
            <nst-colour-legend .scale=${legendOf(this.#products, this.spread)} label="product"></nst-colour-legend>
          </div>`
        : nothing}`;
  }

  #side({ gram, name, letter, colour }: GramSide, drawn: Drawn | null): TemplateResult {
    const [i, j] = this.entry;
    const held = gram.data[i * gram.channels + j];
    const title = html`<b class=${colour}>${letter}<sub>${i}, ${j}</sub></b>`;
    if (!drawn)
      return html`<div class="numbers">${title} <span class="value">${exactly(held)}</span><p>The maps behind this matrix are not known here. A Gram cell that reads feature maps shows them.</p></div>`;
    const maps = gram.maps!;
    const { pair } = drawn;
    const place = this.#place(maps, pair);
    const read = (channel: number) => maps.data[(place!.y * maps.width + place!.x) * maps.channels + channel];
    const figure = (at: number, label: string, said: string, here: number | null) => {
      const { range: [low, high], pixels } = drawn.maps[at];
      return html`<figure>
        <nst-pixel-canvas
          .pixels=${pixels}
          .probe=${this.probe}
          label="${said} of ${name}: from ${formatNumber(low)} to ${formatNumber(high)}"
          @probe=${(event: CustomEvent<Probe>) => (this.probe = event.detail)}
        ></nst-pixel-canvas>
        <figcaption>${label}${here === null ? nothing : html` <b class="number">${formatNumber(here, 4)}</b>`}</figcaption>
      </figure>`;
    };
    return html`<div class="maps">
        ${figure(0, `F${subscript(i)}`, `map ${i}`, place && read(i))}
        <span class="sign" aria-hidden="true">×</span>
        ${figure(1, `F${subscript(j)}`, `map ${j}`, place && read(j))}
        <span class="sign" aria-hidden="true">=</span>
        ${figure(2, "product", `product of maps ${i} and ${j}`, place && read(i) * read(j))}
      </div>
      <div class="numbers">
        <p class="of ${colour}">${name}${place ? html`<span class="soft number">, row ${place.y}, column ${place.x}</span>` : nothing}</p>
        <p>the ${formatCount(gram.positions)} products sum to <span class="value">${exactly(Math.fround(pair.sum))}</span></p>
        <p>the matrix holds ${title} = <span class="value">${exactly(held)}</span></p>
        <p class="soft">${agreement(pair.sum, held)}</p>
        ${this.division === "raw" ? nothing : html`<p>over <i>N·M</i> = ${formatCount(gram.channels)} · ${formatCount(gram.positions)}: <span class="value">${formatNumber(held / divisor(gram, this.division), 4)}</span></p>`}
      </div>`;
  }

  /** The position that is pointed at, in the maps themselves; the middle of it where positions are drawn together. */
  #place({ width, height }: { width: number; height: number }, pair: PairOfMaps): { x: number; y: number } | null {
    const { probe } = this;
    if (!probe || probe.x >= pair.width || probe.y >= pair.height) return null;
    const at = (place: number, count: number) => Math.min(count - 1, place * pair.every + (pair.every >> 1));
    return { x: at(probe.x, width), y: at(probe.y, height) };
  }

  static override styles = [
    ...gramStyles,
    css`
      ol {
        display: grid;
        gap: 16px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 5fr) minmax(0, 4fr);
        gap: 10px 22px;
        align-items: center;
      }
      .maps {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr) auto minmax(0, 1fr);
        gap: 8px;
        align-items: center;
        max-width: 520px;
      }
      .sign {
        padding-bottom: 24px;
        color: var(--soft);
        font: 16px/1 var(--serif);
      }
      figcaption b {
        color: var(--ink);
        font-weight: 600;
      }
      p {
        margin: 0;
      }
      .of {
        font-weight: 600;
      }
      .of .soft {
        font-weight: 400;
      }
      .value {
        font: 600 14px/1.5 var(--mono);
        white-space: nowrap;
      }
      sub {
        font-size: 0.75em;
        line-height: 1;
      }
      @container (width < 540px) {
        li {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];
}

/** What is to be said of a sum and of the entry that should be it. Exported for tests. */
export function agreement(sum: number, held: number): string {
  if (sum === held) return sum === 0 ? "Nothing answers in both maps at the same place: both are 0." : "The same number.";
  const apart = Math.abs(Math.fround(sum) - held) / Math.max(Math.abs(sum), Math.abs(held));
  if (apart === 0) return "The same number, to the last digit of float32.";
  if (apart < ROUNDING) return `The same number but for the rounding of float32: they differ by ${formatNumber(apart, 2)} of it, because the products were added in another order.`;
  return `They differ by ${formatNumber(100 * apart, 2)} %: the matrix was not computed from these maps.`;
}

/** All digits that a float32 has, thousands set apart: 45 714.36 */
function exactly(value: number): string {
  const [whole, rest] = formatNumber(value, 7).split(".");
  return rest === undefined || rest.includes("e") ? formatNumber(value, 7) : `${whole.replace(/\B(?=(\d{3})+$)/g, "\u2009")}.${rest}`;
}

/** 18 → ₁₈ */
export function subscript(channel: number): string {
  return String(channel).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-gram-entry": GramEntry;
  }
}
