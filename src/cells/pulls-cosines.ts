import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import "./colour-legend";
import { ARROWS } from "./pixel-canvas";
import { cosineOf, degrees, type Pulls } from "./pulls-numbers";
import { angleText, cosineText, kindOf, longName, shortName } from "./pulls-words";
import { controlStyles } from "./theme";
import { colourScale, paint } from "./value-colours";

const SCALE = colourScale(-1, 1);
/** Beyond, the colour of the scale is so dark that the number is written in white. */
const DARK = 0.62;

/**
 * The angles between all pulls, as their cosines: 1 pulls the same way, 0 is independent, −1 pulls the opposite way. A pair
 * that is pointed at, or gone to with the arrow keys, is said in words.
 *
 *     <nst-pull-cosines .pulls=${pulls}></nst-pull-cosines>
 */
@customElement("nst-pull-cosines")
export class PullCosines extends LitElement {
  @property({ attribute: false }) pulls: Pulls | null = null;
  /** row and column pointed at */
  @state() private pair: readonly [number, number] | null = null;

  override render() {
    const { pulls } = this;
    if (!pulls) return nothing;
    // what is compared first stands first
    const names = ["content", "style", ...Object.keys(pulls.layers), "tv"].filter((name) => pulls.names.includes(name));
    const [row, column] = this.pair ?? [names.indexOf("content"), names.indexOf("style")];
    return html`<table tabindex="0" aria-label="Cosines between the pulls. Arrow keys read them pair by pair." @keydown=${(e: KeyboardEvent) => this.key(e, names.length)} @pointerleave=${() => (this.pair = null)}>
        <thead>
          <tr><td></td>${names.map((name) => html`<th scope="col" class=${kindOf(name)} title=${longName(name)}>${narrow(name)}</th>`)}</tr>
        </thead>
        <tbody>
          ${names.map((a, i) => html`<tr>
            <th scope="row" class=${kindOf(a)} title=${longName(a)}>${shortName(a)}</th>
            ${names.map((b, j) => {
              const cosine = cosineOf(pulls, a, b);
              return html`<td class="${Math.abs(cosine) > DARK ? "dark" : ""} ${i === row && j === column ? "lit" : ""}" style=${colour(cosine)} @pointerenter=${() => (this.pair = [i, j])} @pointerdown=${() => (this.pair = [i, j])}>${cosineText(cosine)}</td>`;
            })}
          </tr>`)}
        </tbody>
      </table>
      <p role="status">${row < 0 || column < 0 ? nothing : this.words(names[row], names[column])}</p>
      <nst-colour-legend .scale=${SCALE} label="cosine of the angle between two pulls"></nst-colour-legend>`;
  }

  private words(a: string, b: string) {
    const cosine = cosineOf(this.pulls!, a, b);
    if (a === b) return html`${longName(a)} with itself.`;
    const pair = html`<span class=${kindOf(a)}>${longName(a)}</span> and <span class=${kindOf(b)}>${longName(b)}</span>`;
    const angle = degrees(cosine);
    return Number.isFinite(cosine) ? html`${pair}: <b>${Math.round(angle)}°</b> apart, ${angleText(angle)}.` : html`${pair}: ${angleText(NaN)}.`;
  }

  private key(event: KeyboardEvent, count: number): void {
    const step = ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    const [row, column] = this.pair ?? [0, 1];
    const within = (i: number) => Math.max(0, Math.min(count - 1, i));
    this.pair = [within(row + step[1]), within(column + step[0])];
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        font: 13px/1.5 var(--sans);
        font-variant-numeric: tabular-nums;
      }
      table {
        width: 100%;
        max-width: 460px;
        border-collapse: separate;
        border-spacing: 2px;
        table-layout: fixed;
        font: 11px/1.2 var(--sans);
      }
      th {
        padding: 0;
        font: 10.5px/1.2 var(--mono);
      }
      th[scope="row"],
      thead td {
        width: 58px;
        text-align: left;
      }
      tbody td {
        height: 28px;
        padding: 0;
        border-radius: 3px;
        text-align: center;
        color: #111;
        cursor: crosshair;
        forced-color-adjust: none;
      }
      td.dark {
        color: #fff;
      }
      td.lit {
        outline: 2px solid var(--ink);
      }
      th.tv {
        color: var(--soft);
      }
      p {
        margin: 8px 0;
        min-height: 20px;
      }
    `,
  ];
}

/** The head of a column, five characters at most: "4_1" for a layer. */
function narrow(name: string): string {
  return name === "content" ? "cont." : shortName(name).replace(/^conv/, "");
}

function colour(cosine: number): string {
  if (!Number.isFinite(cosine)) return "background: var(--code); color: var(--soft)";
  const [r, g, b] = paint(Float32Array.of(cosine), 1, 1, SCALE).rgba;
  return `background: rgb(${r} ${g} ${b})`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-pull-cosines": PullCosines;
  }
}
