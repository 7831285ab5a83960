import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import "./colour-legend";
import "./map-over-picture";
import { formatNumber } from "./numbers";
import "./pixel-canvas";
import { type Pixels, pixelsOf, type Probe } from "./pixel-canvas";
import { descentPixels, pullAt, reachOf, strengths } from "./pulls-look";
import { pullNamed, type Pulls } from "./pulls-numbers";
import { pullPicturesStyles } from "./pulls-pictures-styles";
import { inUnit, kindOf, longName, shortName, type Unit, unitOf } from "./pulls-words";
import { type ColourScale, colourScale } from "./value-colours";

/** What is shown of a gradient: which way each pixel should go, or how hard it is pulled. */
export type PullShow = "way" | "strength";
/** Whether each term has a scale of its own, or all have the one of the strongest. */
export type PullScale = "own" | "one";

/**
 * The gradient of every term as a picture: one large, all as tiles to choose from, and for a pixel that is pointed at what each
 * term wants there.
 *
 *     <nst-pull-pictures .pulls=${pulls} .picture=${picture} chosen="style" show="way" scale="own" @nst-term=${…}></nst-pull-pictures>
 *
 * @fires nst-term - detail: the name of the term that was chosen
 * @fires nst-show - detail: PullShow
 * @fires nst-scale - detail: PullScale
 */
@customElement("nst-pull-pictures")
export class PullPictures extends LitElement {
  @property({ attribute: false }) pulls: Pulls | null = null;
  /** that the gradients are of */
  @property({ attribute: false }) picture: Picture | null = null;
  @property() chosen = "style";
  @property() show: PullShow = "way";
  @property() scale: PullScale = "own";
  @state() private probe: Probe = null;

  private names: string[] = [];
  /** a number that is drawn in full colour, by term */
  private reaches: Record<string, number> = {};
  private tiles: Record<string, Pixels> = {};
  private painted: Pixels | null = null;
  private strength: Float32Array = new Float32Array(0);
  private strengthScale: ColourScale = colourScale(0, 1);

  protected override willUpdate(changed: Map<string, unknown>): void {
    const { pulls, picture } = this;
    if (!pulls || !picture) return;
    if (changed.has("pulls")) {
      this.names = ["content", "style", ...Object.keys(pulls.layers), "tv", "total"].filter((name) => name in pulls.gradients);
      this.reaches = Object.fromEntries(this.names.map((name) => [name, reachOf(pulls.gradients[name].data)]));
      if (this.probe && (this.probe.x >= picture.width || this.probe.y >= picture.height)) this.probe = null;
    }
    const { width, height } = picture;
    if (changed.has("pulls") || changed.has("scale")) this.tiles = Object.fromEntries(this.names.map((name) => [name, descentPixels(pulls.gradients[name].data, width, height, this.reach(name))]));
    if (changed.has("pulls") || changed.has("picture")) this.painted = pixelsOf(picture);
    if (this.show === "strength" && (["pulls", "scale", "chosen", "show"].some((name) => changed.has(name)))) {
      this.strength = strengths(pulls.gradients[this.term].data);
      // the length of three numbers of the reach
      this.strengthScale = colourScale(0, this.reach(this.term) * Math.sqrt(3) || 1);
    }
  }

  /** What is enlarged: a term that is no more chosen in the settings is not. */
  private get term(): string {
    return this.names.includes(this.chosen) ? this.chosen : "total";
  }

  private reach(name: string): number {
    return this.scale === "one" ? Math.max(...Object.values(this.reaches)) : this.reaches[name];
  }

  override render() {
    const { pulls, picture, term } = this;
    if (!pulls || !picture) return nothing;
    const { norm } = pullNamed(pulls, term);
    const label = `${longName(term)}: ${this.show === "way" ? "the way of steepest descent as colours about grey" : "how hard each pixel is pulled"}, ${picture.height} × ${picture.width}; length of the gradient ${formatNumber(norm)}, largest shown ${formatNumber(this.reach(term))}`;
    return html`<div class="controls">
        <span class="choice"><span class="soft">show</span> ${this.either("nst-show", "show", [["way", "which way"], ["strength", "how hard"]])}</span>
        <span class="choice"><span class="soft">scale</span> ${this.either("nst-scale", "scale", [["own", "each its own"], ["one", "one for all"]])}</span>
      </div>
      <div class="columns">
        <figure class="large">
          ${this.show === "way"
            ? html`<nst-pixel-canvas reachable .pixels=${this.tiles[term]} .probe=${this.probe} label="${label}. Arrow keys read it pixel by pixel." @probe=${this.point}></nst-pixel-canvas>`
            : html`<nst-map-over-picture reachable .picture=${picture} .values=${this.strength} .width=${picture.width} .height=${picture.height} .scale=${this.strengthScale} .probe=${this.probe} label=${label} @probe=${this.point}></nst-map-over-picture>`}
          <figcaption><b class=${kindOf(term) === "total" ? "picture" : kindOf(term)}>${term === "total" ? "the sum of all" : longName(term)}</b> · ${norm === 0 ? "does not pull here" : html`pulls with <b class="number">${formatNumber(norm)}</b>`}</figcaption>
          ${this.show === "way" ? this.wayLegend(term) : html`<nst-colour-legend .scale=${this.strengthScale} label="length of a pixel's gradient"></nst-colour-legend>`}
        </figure>
        <div class="right">
          <div class="tiles" role="group" aria-label="terms">
            ${this.names.map((name) => html`<button class="tile ${kindOf(name)}" aria-pressed=${name === term} @click=${() => this.dispatchEvent(new CustomEvent("nst-term", { detail: name }))}>
            <nst-pixel-canvas aria-hidden="true" .pixels=${this.tiles[name]} .probe=${this.probe}></nst-pixel-canvas>
            <span>${shortName(name)}</span>
          </button>`)}
          </div>
          ${this.pixel(pulls, picture)}
        </div>
      </div>`;
  }

  private either(event: string, key: "show" | "scale", options: [string, string][]) {
    return html`<span class="either">
      ${options.map(([value, text]) => html`<button aria-pressed=${this[key] === value} @click=${() => this.dispatchEvent(new CustomEvent(event, { detail: value }))}>${text}</button>`)}
    </span>`;
  }

  private wayLegend(term: string) {
    const reach = formatNumber(this.reach(term), 2);
    const bars = [
      ["red", "rgb(0 128 128), rgb(128 128 128), rgb(255 128 128)"],
      ["green", "rgb(128 0 128), rgb(128 128 128), rgb(128 255 128)"],
      ["blue", "rgb(128 128 0), rgb(128 128 128), rgb(128 128 255)"],
    ];
    return html`<div class="way" role="img" aria-label="Scale of colours: grey where the term wants no change; red, green and blue each from −${reach} (less of it) to ${reach} (more of it)">
      <span class="label">how fast J falls when a value changes this way</span>
      ${bars.map(([name, stops]) => html`<span>less ${name}</span><i style="background: linear-gradient(to right, ${stops})"></i><span>more</span>`)}
      <span></span><span class="ends"><span>−${reach}</span><span>0</span><span>${reach}</span></span><span></span>
    </div>`;
  }

  /** What each term wants at the pixel that is pointed at, else in the middle. */
  private pixel(pulls: Pulls, picture: Picture) {
    const probe = this.probe ?? { x: picture.width >> 1, y: picture.height >> 1 };
    const { painted } = this;
    const at = 4 * (probe.y * picture.width + probe.x);
    const now = painted ? `rgb(${painted.rgba[at]} ${painted.rgba[at + 1]} ${painted.rgba[at + 2]})` : "none";
    const pullsHere = this.names.map((name) => pullAt(pulls.gradients[name].data, picture.width, probe));
    const unit = unitOf(pullsHere.flat());
    return html`<div class="pixel number" role="group" aria-label="one pixel">
      <p role=${this.probe ? "status" : nothing}><i class="swatch" style="background: ${now}"></i> <span>Row ${probe.y}, column ${probe.x}: how fast J falls when red, green or blue rises <span class="soft">${unit.text}</span></span></p>
      <table>
        <thead><tr><th scope="col"><span class="visually-hidden">term</span></th><th scope="col"><span class="visually-hidden">colour</span></th><th scope="col">red</th><th scope="col">green</th><th scope="col">blue</th></tr></thead>
        <tbody>
          ${this.names.map((name, i) => {
            const [r, g, b] = pullsHere[i];
            const reach = this.reach(name);
            const byte = (part: number) => Math.round(Math.max(0, Math.min(255, 127.5 + (reach > 0 ? (127.5 * part) / reach : 0))));
            return html`<tr class="${name === this.term ? "lit" : ""} ${name === "total" ? "last" : ""}">
              <th scope="row" class=${kindOf(name) === "total" ? "picture" : kindOf(name)}>${shortName(name)}</th>
              <td><i class="swatch" style="background: rgb(${byte(r)} ${byte(g)} ${byte(b)})"></i></td>
              ${[r, g, b].map((part) => html`<td>${signed(part, unit)}</td>`)}
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }

  private point = ({ detail }: CustomEvent<Probe>): void => {
    // stays where it was last, so that the numbers can be read
    if (detail) this.probe = detail;
  };

  static override styles = pullPicturesStyles;
}

function signed(part: number, unit: Unit): string {
  const text = inUnit(part, unit);
  return part > 0 && text !== "0" ? `+${text}` : text;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-pull-pictures": PullPictures;
  }
}
