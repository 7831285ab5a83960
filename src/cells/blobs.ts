import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { contentTex, gramTex, styleTex } from "./blobs-formulas";
import "./blobs-map";
import { type BlobCosts, type BlobFactors, blobCosts, fitted, moveBlob, overlap, type Spot } from "./blobs-model";
import { blobsStyles } from "./blobs-styles";
import { Cell } from "./cell";
import "./colour-legend";
import "./formula";
import { formatCount, formatNumber } from "./numbers";
import { type ColourScale, colourScale } from "./value-colours";

/** The value of a blobs cell. */
export interface BlobsValue {
  /** N and M of the formula: with maps that are taken twice, and tiles */
  n: number;
  m: number;
  /** G₁₂ before and now; null with one map alone */
  gram12Before: number | null;
  gram12: number | null;
  /** positions at which both of the first two blobs are, in one tile; null with one map alone */
  overlap: number | null;
  /** Σ |G′ − G| / Σ |G|: 0 where the Gram matrix is as it was */
  gramChange: number;
  /** with the factors that are switched on */
  contentCost: number;
  styleCost: number;
}

const START: readonly Spot[] = [
  { x: 0, y: 1 },
  { x: 1, y: 1 },
  { x: 1, y: 0 },
];

const DIGITS = ["₁", "₂", "₃"];

/**
 * Both costs on a toy that can be computed in the head: small maps with a blob of four ones each, before (F) and moved (F′),
 * their Gram matrices and the whole formulas with live numbers. Reads nothing.
 *
 *     <nst-blobs as="blobs"></nst-blobs>
 *
 * One blob moved: G₁₂ changes with the overlap alone. All moved together: the Gram matrix stays, the content cost jumps.
 * Maps taken twice and maps tiled 2 × 2 show what 1/N² and 1/M² cancel; the derivatives show what ½ and ¼ do.
 *
 * The value has parts that questions can ask for: `blobs.styleCost`, `blobs.contentCost`, `blobs.gram12`, `blobs.gramChange`.
 */
@customElement("nst-blobs")
export class BlobsCell extends Cell<BlobsValue> {
  static override title = "blobs";
  static override lazy = true;
  static override params = {
    /** maps that differ, 1 to 3 */
    maps: 2,
    /** positions a side, 3 to 5 */
    side: 4,
    /** every map laid side by side with itself, 2 × 2 */
    tiled: false,
    /** every map taken twice */
    twice: false,
    half: true,
    quarter: true,
    perMaps: true,
    perPositions: true,
    /** moving one blob moves all */
    together: false,
    /** Spot of each blob, in F and in F′ */
    before: START,
    after: START,
  };
  static override styles = [...Cell.styles, blobsStyles];

  compute(): BlobsValue {
    const { after, costs } = this.#state();
    const change = costs.gramAfter.flatMap((row, i) => row.map((value, j) => Math.abs(value - costs.gramBefore[i][j])));
    const pair = this.param<number>("maps") > 1;
    return {
      n: costs.n,
      m: costs.m,
      gram12Before: pair ? costs.gramBefore[0][1] : null,
      gram12: pair ? costs.gramAfter[0][1] : null,
      overlap: pair ? overlap(after[0], after[1]) : null,
      gramChange: sum(change) / sum(costs.gramBefore.flat()),
      contentCost: costs.contentCost,
      styleCost: costs.styleCost,
    };
  }

  /** The maps as they are now, and the factors that count: what the same would be in code. */
  maps(): { before: number[][]; after: number[][]; factors: BlobFactors } {
    const { costs, factors } = this.#state();
    return { before: costs.before, after: costs.after, factors };
  }

  override headerNote(): string | typeof nothing {
    return this.value ? `N = ${this.value.n} maps · M = ${this.value.m} positions` : nothing;
  }

  view() {
    const { factors, costs } = this.#state();
    const gram = gramTex(costs);
    return html`<div class="body">${this.#setupControls()}${this.#panels(costs)}</div>
      <div class="body formulas">
        <div class="line">
          <nst-formula .tex=${contentTex(costs, factors)}></nst-formula>
          ${this.#switches({ half: "½" })}
        </div>
        ${gram === null ? nothing : html`<div class="line"><nst-formula .tex=${gram}></nst-formula></div>`}
        <div class="line">
          <nst-formula .tex=${styleTex(costs, factors)}></nst-formula>
          ${this.#switches({ quarter: "¼", perMaps: "1/N²", perPositions: "1/M²" })}
        </div>
        <p class="summary" role="status">${this.#summary(costs)}</p>
      </div>
      <div class="body">${this.#slopes(costs, factors)}</div>`;
  }

  #state(): { after: Spot[]; factors: BlobFactors; costs: BlobCosts } {
    const side = this.param<number>("side");
    const [before, after] = [fitted(this.param<Spot[]>("before"), side), fitted(this.param<Spot[]>("after"), side)];
    const factors = { half: this.param<boolean>("half"), quarter: this.param<boolean>("quarter"), perMaps: this.param<boolean>("perMaps"), perPositions: this.param<boolean>("perPositions") };
    const setup = { maps: this.param<number>("maps"), side, tiled: this.param<boolean>("tiled"), twice: this.param<boolean>("twice") };
    return { after, factors, costs: blobCosts(before, after, setup, factors) };
  }

  #setupControls() {
    const choice = (name: "maps" | "side", label: string, options: readonly number[], text: (n: number) => string) => html`<span class="labelled" role="group" aria-label=${label}
      >${label} <span class="either">${options.map((n) => html`<button aria-pressed=${this.param(name) === n} @click=${() => this.setParam(name, n)}>${text(n)}</button>`)}</span></span
    >`;
    return html`<div class="controls">
      ${choice("maps", "maps", [1, 2, 3], String)} ${choice("side", "positions", [3, 4, 5], (n) => `${n} × ${n}`)}
      ${this.#check("twice", "take every map twice")} ${this.#check("tiled", "tile every map 2 × 2")}
    </div>`;
  }

  #panels(costs: BlobCosts) {
    return html`<div class="panels">
      ${this.#panel("before", costs.before, costs.gramBefore, null)} ${this.#panel("after", costs.after, costs.gramAfter, costs.gramBefore)}
    </div>`;
  }

  #panel(which: "before" | "after", maps: number[][], gram: number[][], compared: number[][] | null) {
    const { maps: drawn, side, tiled } = this.#drawn;
    const prime = which === "after" ? "′" : "";
    const spots = fitted(this.param<Spot[]>("after"), side);
    return html`<section class="panel ${which}" aria-label=${which === "before" ? "F, before" : "F′, moved"}>
      <h3>${which === "before" ? html`F <small>before</small>` : html`F′ <small>drag the blobs, or use the arrow keys</small>`}</h3>
      <div class="maps">
        ${maps.slice(0, drawn).map(
          (values, i) => html`<figure>
            <nst-blob-map
              label="F${prime}${DIGITS[i]}"
              .values=${values}
              .extent=${side * (tiled ? 2 : 1)}
              .side=${side}
              .spot=${which === "after" ? spots[i] : null}
              @move=${(event: CustomEvent<Spot>) => this.#move(i, event.detail)}
            ></nst-blob-map>
            <figcaption>F${prime}${DIGITS[i]}</figcaption>
          </figure>`,
        )}
        <figure class="gram">
          <table aria-label="Gram matrix G${prime}">
            <tbody>
              ${gram.map((row, i) => html`<tr>${row.map((value, j) => html`<td class=${compared && compared[i][j] !== value ? "changed" : nothing}>${formatCount(value)}</td>`)}</tr>`)}
            </tbody>
          </table>
          <figcaption>G${prime} = F${prime}F${prime}ᵀ</figcaption>
        </figure>
      </div>
      ${which === "after"
        ? html`<div class="controls">
            ${this.#check("together", "move all blobs together")}
            <button @click=${() => this.setParam("after", this.param("before"))}>Put back</button>
            <button @click=${() => this.setParam("before", this.param("after"))}>Take F′ as F</button>
          </div>`
        : nothing}
    </section>`;
  }

  #slopes({ n, m, contentSlope, styleSlope }: BlobCosts, factors: BlobFactors) {
    const { maps, side, tiled } = this.#drawn;
    const extent = side * (tiled ? 2 : 1);
    const rest = factors.perMaps || factors.perPositions ? [factors.perMaps ? `${n}²` : "", factors.perPositions ? `${m}²` : ""].filter(Boolean).join(" · ") : null;
    const row = (name: string, slope: number[][], scale: ColourScale, text: unknown, legend: string) => html`<section class="slope">
      <p>${text}</p>
      <div class="maps">
        ${slope.slice(0, maps).map((values, i) => html`<figure><nst-blob-map label="Derivative of the ${name} cost by F′${DIGITS[i]}" .values=${values} .extent=${extent} .side=${side} .scale=${scale}></nst-blob-map><figcaption>by F′${DIGITS[i]}</figcaption></figure>`)}
      </div>
      <nst-colour-legend .scale=${scale} label=${legend}></nst-colour-legend>
    </section>`;
    return html`<h3>What each cost asks of F′: its derivative</h3>
      <div class="panels">
        ${row(
          "content",
          contentSlope,
          symmetric(contentSlope),
          html`<b class="content">content</b> ${factors.half ? html`F′ − F: with the ½, the derivative is the difference itself.` : html`2 (F′ − F): without the ½, the square leaves a factor of 2.`}`,
          factors.half ? "F′ − F" : "2 (F′ − F)",
        )}
        ${row(
          "style",
          styleSlope,
          symmetric(styleSlope),
          html`<b class="style">style</b> ${factors.quarter ? html`(G′ − G) F′` : html`4 (G′ − G) F′`}${rest === null ? nothing : html`, to be divided by ${rest}`}: ${factors.quarter ? "the ¼ has cancelled a factor of 4." : "without the ¼, a factor of 4 is left."}`,
          factors.quarter ? "(G′ − G) F′" : "4 (G′ − G) F′",
        )}
      </div>`;
  }

  #summary({ contentCost, styleCost }: BlobCosts): string {
    const { gram12Before: then, gram12: now } = this.value ?? { gram12Before: null, gram12: null };
    if (contentCost === 0) return "Nothing has moved: both costs are 0.";
    const gram = then === null || now === null ? "One map alone: its G₁₁ counts its ones, wherever they are." : now === then ? `G₁₂ is ${now}, as before.` : `G₁₂ was ${then} and is ${now}.`;
    return `${gram} Content cost ${formatNumber(contentCost)}, style cost ${formatNumber(styleCost)}.`;
  }

  get #drawn() {
    return { maps: this.param<number>("maps"), side: this.param<number>("side"), tiled: this.param<boolean>("tiled") };
  }

  #check(name: "twice" | "tiled" | "together", label: string) {
    return html`<label class="check"><input type="checkbox" .checked=${this.param<boolean>(name)} @change=${(event: Event) => this.setParam(name, (event.target as HTMLInputElement).checked, { recompute: name !== "together" })} /> ${label}</label>`;
  }

  #switches(factors: Partial<Record<keyof BlobFactors, string>>) {
    return html`<span class="either">${Object.entries(factors).map(
      ([name, text]) => html`<button aria-pressed=${this.param<boolean>(name)} aria-label="factor ${text}" @click=${() => this.setParam(name, !this.param<boolean>(name))}>${text}</button>`,
    )}</span>`;
  }

  #move(index: number, to: Spot) {
    const side = this.param<number>("side");
    const spots = fitted(this.param<Spot[]>("after"), side);
    this.setParam("after", moveBlob(spots, index, to, { side, maps: this.param("maps"), together: this.param("together") }));
  }
}

/** Zero in the middle, also where there is nothing but zeros. */
function symmetric(slope: readonly number[][]): ColourScale {
  const reach = Math.max(1, ...slope.flat().map(Math.abs));
  return colourScale(-reach, reach);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-blobs": BlobsCell;
  }
}
