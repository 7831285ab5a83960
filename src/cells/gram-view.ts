import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { paperName } from "../nst/names";
import { byIndex, bySimilarity } from "./channel-order";
import type { GramValue } from "./features-value";
import "./gram-entry";
import { type GramSide, subscript } from "./gram-entry";
import "./gram-map";
import { GRAM_LOOK, type GramLook } from "./gram-look";
import type { Entry } from "./gram-map";
import { divided, DIVISIONS, extent, largestPairs, type Pair } from "./gram-numbers";
import { SPREADS } from "./gram-scale";
import { gramStyles } from "./gram-styles";
import { type MatrixWindow, wholeWindow, zoomed } from "./gram-window";
import { formatCount, formatNumber } from "./numbers";
import { type ColourScale, colourScale } from "./value-colours";

/** So many pairs are listed. */
const LISTED = 8;

/**
 * Gram matrices as heat maps, the entry that is pointed at taken apart, and the pairs of channels that stand out. With two
 * sides, the style picture's first, also their difference; all in the order and on the scale of both together.
 *
 * Fires "look" (detail: Partial<GramLook>) when the reader chooses another way of looking.
 *
 *     <nst-gram-view .sides=${[style, other]} .difference=${(G − A)/(N·M)} .look=${look}></nst-gram-view>
 */
@customElement("nst-gram-view")
export class GramView extends LitElement {
  /** one, or the style picture's and another of as many channels */
  @property({ attribute: false }) sides: readonly GramSide[] = [];
  /** of two sides, over N·M: [n, n] */
  @property({ attribute: false }) difference: Float32Array | null = null;
  @property({ attribute: false }) look: GramLook = GRAM_LOOK;

  @state() private pointed: Entry | null = null;
  @state() private window: MatrixWindow | null = null;

  #order: number[] = [];
  #orderOf: { gram: GramValue; by: GramLook["order"] } | null = null;
  #pairs: Pair[] = [];
  #matrices: Float32Array[] = [];
  #apart: Float32Array | null = null;
  #scale: ColourScale = colourScale(0, 1);
  #apartScale: ColourScale = colourScale(-1, 1);
  /** one object, so that maps whose window is the same need not be painted again */
  #whole: MatrixWindow = wholeWindow(0);

  override willUpdate(changed: Map<string, unknown>): void {
    const { sides, difference, look } = this;
    if (sides.length === 0) return;
    const { gram } = sides[0];
    const n = gram.channels;
    if (this.#whole.span !== n) this.#whole = wholeWindow(n);
    if (this.#orderOf?.gram.data !== gram.data || this.#orderOf.by !== look.order) {
      this.#order = look.order === "index" ? byIndex(n) : bySimilarity(gram);
      this.#orderOf = { gram, by: look.order };
    }
    const regauged = changed.has("look") && (changed.get("look") as GramLook | undefined)?.division !== look.division;
    if (!changed.has("sides") && !changed.has("difference") && !regauged) return;
    this.#matrices = sides.map(({ gram }) => divided(gram, look.division));
    this.#scale = colourScale(...extent(...this.#matrices));
    this.#pairs = largestPairs(difference ?? gram.data, n, LISTED, difference !== null);
    this.#apart = difference && (look.division === "raw" ? this.#matrices[1].map((value, at) => value - this.#matrices[0][at]) : difference);
    if (this.#apart) {
      const [low, high] = extent(this.#apart);
      const reach = Math.max(-low, high) || 1;
      this.#apartScale = colourScale(-reach, reach);
    }
  }

  /** What is taken apart: what is pointed at, else what was chosen, else what stands out most. */
  get entry(): Entry {
    if (this.pointed) return this.pointed;
    const n = this.sides[0]?.gram.channels ?? 0;
    const chosen = this.look.entry.split(" ").map(Number);
    if (chosen.length === 2 && chosen.every((channel) => Number.isInteger(channel) && channel >= 0 && channel < n)) return [chosen[0], chosen[1]];
    // two maps say more than one and itself
    const first = this.#pairs.find(({ i, j }) => i !== j) ?? this.#pairs[0];
    return first ? [first.i, first.j] : [0, 0];
  }

  override render() {
    const { sides, look, entry } = this;
    if (sides.length === 0) return nothing;
    const [i, j] = entry;
    return html`<div class="parts ${sides.length > 1 ? "" : "one"}">
      <div class="part map">${this.#controls()}${this.#maps()}</div>
      <div class="part">
        <h4>Entry ${i}, ${j}: ${i === j ? html`how strongly F${subscript(i)} answers` : html`how strongly F${subscript(i)} and F${subscript(j)} answer together`}</h4>
        <nst-gram-entry .sides=${sides} .entry=${entry} division=${look.division} spread=${look.spread}></nst-gram-entry>
        ${this.#term()}
      </div>
      <div class="part">${this.#list()}</div>
    </div>`;
  }

  /** What is shown of the matrices; all of it where they have become smaller than what was chosen. */
  get #window(): MatrixWindow {
    return this.window && this.window.span < this.#whole.span ? this.window : this.#whole;
  }

  #controls(): TemplateResult {
    const { look } = this;
    const n = this.sides[0].gram.channels;
    const window = this.#window;
    const zoom = (factor: number) => {
      const [row, column] = this.entry.map((channel) => this.#order.indexOf(channel));
      this.window = zoomed(window, factor, column, row, n);
    };
    return html`<div class="controls">
      <label>order <select @change=${(e: Event) => this.#choose({ order: (e.target as HTMLSelectElement).value as GramLook["order"] })}>
        <option value="similarity" .selected=${look.order === "similarity"}>alike maps together</option>
        <option value="index" .selected=${look.order === "index"}>as in the network</option>
      </select></label>
      ${this.#either("entries", DIVISIONS, look.division, { "N·M": "over N·M", raw: "as they are" }, (division) => this.#choose({ division }))}
      ${this.#either("colours", SPREADS, look.spread, { root: "by root", even: "even" }, (spread) => this.#choose({ spread }))}
      <span class="either" role="group" aria-label="zoom">
        <button aria-label="show less of the matrix" ?disabled=${window.span <= 8} @click=${() => zoom(0.5)}>+</button>
        <button aria-label="show more of the matrix" ?disabled=${window.span >= n} @click=${() => zoom(2)}>−</button>
        <button ?disabled=${window.span >= n} @click=${() => (this.window = null)}>whole</button>
      </span>
      ${window.span < n ? html`<span class="soft number">${window.span} of ${n} rows and columns</span>` : nothing}
    </div>`;
  }

  #either<T extends string>(name: string, values: readonly T[], chosen: T, words: Record<T, string>, choose: (value: T) => void): TemplateResult {
    return html`<span class="labelled">${name}
      <span class="either" role="group" aria-label=${name}>
        ${values.map((value) => html`<button aria-pressed=${value === chosen} @click=${() => choose(value)}>${words[value]}</button>`)}
      </span></span>`;
  }

  #maps(): TemplateResult {
    const { sides, look } = this;
    const over = look.division === "raw" ? "" : " over N·M";
    return html`<div class="matrices ${sides.length > 1 ? "three" : ""}">
      ${sides.map((side, at) => html`<figure>
        <figcaption><b class=${side.colour}>${side.name}</b> <span class="soft">Gram matrix</span></figcaption>
        ${this.#map(this.#matrices[at], this.#scale, `${side.letter}${over}`, `Gram matrix of ${side.name}, ${side.gram.layer}, ${side.gram.channels} × ${side.gram.channels}${over}`)}
      </figure>`)}
      ${this.#apart
        ? html`<figure class="apart">
            <figcaption><b>difference</b> <span class="soft">red: ${sides[1].name} has more of it</span></figcaption>
            ${this.#map(this.#apart, this.#apartScale, `(${sides[1].letter} − ${sides[0].letter})${over}`, `difference of the two, ${sides[1].name} minus ${sides[0].name}${over}`)}
          </figure>`
        : nothing}
    </div>`;
  }

  #map(values: Float32Array, scale: ColourScale, unit: string, label: string): TemplateResult {
    return html`<nst-gram-map
      .values=${values} .order=${this.#order} .scale=${scale} spread=${this.look.spread} .window=${this.#window} .entry=${this.entry} unit=${unit} label=${label}
      @point=${(e: CustomEvent<Entry | null>) => (this.pointed = e.detail)}
      @choose=${(e: CustomEvent<Entry>) => this.#choose({ entry: e.detail.join(" ") })}
      @window=${(e: CustomEvent<MatrixWindow>) => (this.window = e.detail)}
    ></nst-gram-map>`;
  }

  /** The one term of the sum of squares. */
  #term(): TemplateResult | typeof nothing {
    const { difference, sides, entry } = this;
    if (!difference) return nothing;
    const [i, j] = entry;
    const n = sides[0].gram.channels;
    const d = difference[i * n + j];
    const mirrored = i === j ? "" : `, and the entry ${j}, ${i} adds as much again`;
    return html`<p class="term">Over N·M they differ by <b class="number">${formatNumber(d)}</b>; squared, this adds <b class="number">${formatNumber(d * d)}</b> to the sum${mirrored}.</p>`;
  }

  #list(): TemplateResult {
    const { difference, sides } = this;
    const [i, j] = this.entry;
    const title = difference ? "The pairs that differ most" : "The pairs that answer together most";
    if (this.#pairs.length === 0) return html`<h4>${title}</h4><p class="soft">${difference ? "None: the two matrices are the same." : "None: no two maps answer at the same place."}</p>`;
    const largest = this.#pairs[0].share;
    return html`<h4>${title} <span class="soft">${difference ? "and what each adds to the sum of squares, (i, j) and (j, i) together" : "and their share of the sum of squares off the diagonal"}</span></h4>
      <ol class="pairs">
        ${this.#pairs.map((pair) => {
          const here = (pair.i === i && pair.j === j) || (pair.i === j && pair.j === i);
          return html`<li>
            <button class="plain" aria-pressed=${here} @click=${() => this.#choose({ entry: `${pair.i} ${pair.j}` })}>
              <span class="mono">${pair.i}, ${pair.j}</span>
              <span class="track" aria-hidden="true"><i class=${pair.value < 0 ? "less" : difference ? "more" : ""} style="transform:scaleX(${pair.share / largest})"></i></span>
              <span class="number">${formatNumber(100 * pair.share, 2)} %</span>
              ${difference ? html`<span class="soft which">${pair.value < 0 ? sides[0].name : sides[1].name} has more</span>` : nothing}
            </button>
          </li>`;
        })}
      </ol>`;
  }

  #choose(look: Partial<GramLook>): void {
    this.dispatchEvent(new CustomEvent<Partial<GramLook>>("look", { detail: look }));
  }

  static override styles = [
    ...gramStyles,
    css`
      .labelled {
        display: inline-flex;
        gap: 6px;
        align-items: center;
      }
      .matrices {
        display: grid;
        grid-template-columns: minmax(0, 460px);
        gap: 14px 18px;
        margin-top: 14px;
      }
      .matrices.three {
        grid-template-columns: repeat(3, minmax(0, 1fr));
      }
      figcaption {
        margin: 0 0 2px 26px;
      }
      .term {
        margin: 12px 0 0;
        padding-top: 10px;
        border-top: 1px dashed var(--line);
      }
      .pairs {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr));
        gap: 2px 24px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .pairs button {
        display: grid;
        grid-template-columns: 4.5em minmax(30px, 1fr) 4em max-content;
        gap: 8px;
        align-items: center;
        width: 100%;
        padding: 2px 6px;
        text-align: left;
        font-weight: 400;
      }
      .pairs button[aria-pressed="true"] {
        background: var(--code);
        border-color: var(--line);
      }
      .pairs .number {
        text-align: right;
      }
      .track i {
        display: block;
        height: 9px;
        border-radius: 2px;
        transform-origin: left;
        background: var(--soft);
      }
      .track i.more {
        background: #b2182b;
      }
      .track i.less {
        background: #2166ac;
      }
      /* a single matrix has what belongs to it at its side */
      @container (width >= 760px) {
        .one {
          display: grid;
          grid-template-columns: minmax(0, 9fr) minmax(0, 11fr);
          grid-template-rows: auto 1fr;
        }
        .one .map {
          grid-row: 1 / 3;
          border-right: 1px solid var(--line);
        }
        .one .map + .part {
          border-top: 0;
        }
      }
      @container (width < 620px) {
        .matrices.three {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
        .matrices.three .apart {
          grid-column: 1 / -1;
        }
        .which {
          display: none;
        }
        .pairs button {
          grid-template-columns: 4.5em minmax(30px, 1fr) 4em;
        }
      }
    `,
  ];
}

/** In words: 64 × 64 over 4 096 positions. */
export function gramNote({ layer, channels, positions }: Pick<GramValue, "layer" | "channels" | "positions">): string {
  return `${paperName(layer)} · ${channels} × ${channels} over ${formatCount(positions)} positions`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-gram-view": GramView;
  }
}
