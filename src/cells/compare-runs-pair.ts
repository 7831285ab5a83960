import { html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import "./colour-legend";
import type { PictureDifference } from "./compare-runs-difference";
import { comparePairStyles } from "./compare-runs-pair-styles";
import "./compare-runs-picture";
import type { Shown } from "./compare-runs-picture";
import { pictureLabel, pictureWords, type ShownRun } from "./compare-runs-shown";
import { WHOLE, type Zoom } from "./compare-runs-zoom";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";
import { colourScale, paint } from "./value-colours";

export type PairMode = "wipe" | "difference" | "flicker";

/** One of the two, and what its frame shows. */
export interface PairSide extends ShownRun {
  shown: Shown | null;
  aspect: number;
}

/** Milliseconds between two turns of the flicker: at most two turns a second. */
const TURNS = [500, 1000, 2000] as const;

/**
 * Two pictures in one frame: one wiped away from the other, what differs, or one after the other.
 *
 *     <nst-compare-pair mode="wipe" .a=${a} .b=${b} .zoom=${zoom} .wipe=${0.5} .difference=${null} @nst-wipe=${…} @nst-zoom=${…}></nst-compare-pair>
 *
 * @fires nst-wipe - detail: share of the frame that shows the first of the two
 * @fires nst-zoom - detail: Zoom
 */
@customElement("nst-compare-pair")
export class ComparePair extends LitElement {
  @property() mode: PairMode = "wipe";
  @property({ attribute: false }) a: PairSide | null = null;
  @property({ attribute: false }) b: PairSide | null = null;
  @property({ attribute: false }) zoom: Zoom = WHOLE;
  /** where the wipe stands, in [0, 1] from the left */
  @property({ attribute: false }) wipe = 0.5;
  /** |A − B| of the exact pictures; null: there are no two exact ones yet, or they differ in size */
  @property({ attribute: false }) difference: PictureDifference | null = null;
  /** see LinkedPicture */
  @property({ type: Boolean }) wheel = false;

  @state() private playing = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  @state() private every: number = TURNS[1];
  @state() private second = false;
  private timer: ReturnType<typeof setInterval> | undefined;
  private painted: { of: PictureDifference; pixels: Shown } | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.beat();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  protected override updated(changed: PropertyValues): void {
    if (["mode", "playing", "every"].some((name) => changed.has(name))) this.beat();
  }

  private beat(): void {
    clearInterval(this.timer);
    if (this.mode === "flicker" && this.playing) this.timer = setInterval(() => (this.second = !this.second), this.every);
  }

  override render() {
    const { a, b, mode } = this;
    if (!a || !b) return nothing;
    return html`<div class="pair">
      <div class="stage" style="--aspect:${a.aspect}">${mode === "difference" ? this.differing(a, b) : this.stacked(a, b)}</div>
      <div class="words">${mode === "difference" ? this.numbers(a, b) : html`${this.which(a)}${this.which(b)}${mode === "flicker" ? this.steering() : html`<p>Left of the line <b>${a.run.mark}</b>, right of it <b>${b.run.mark}</b>. Drag the line, or move it with the arrow keys.</p>`}`}</div>
    </div>`;
  }

  private side(one: PairSide, aspect: number, more: { clip?: string; hidden?: boolean } = {}) {
    return html`<nst-linked-picture
      style=${more.clip ? `clip-path:${more.clip}` : nothing} class=${more.hidden ? "away" : ""} aria-hidden=${more.hidden ? "true" : nothing}
      .shown=${one.shown} .zoom=${this.zoom} .aspect=${aspect} .wheel=${this.wheel} ?preview=${!one.exact} label=${pictureLabel(one)}
    ></nst-linked-picture>`;
  }

  private stacked(a: PairSide, b: PairSide) {
    const { mode, wipe, second } = this;
    const at = `${wipe * 100}%`;
    const tag = ({ run }: PairSide, place: string) => html`<span class="tag ${place}" aria-hidden="true" style="background:${run.colour}">${run.mark}</span>`;
    return html`${this.side(a, a.aspect, { hidden: mode === "flicker" && second })}
      ${this.side(b, a.aspect, mode === "wipe" ? { clip: `inset(0 0 0 ${at})` } : { hidden: !second })}
      ${mode === "wipe"
        ? html`${tag(a, "left")}${tag(b, "right")}<div
            class="line" style="left:${at}" role="slider" tabindex="0" aria-orientation="horizontal" aria-label="Wipe: share of the frame that shows ${a.run.mark}" aria-valuemin="0" aria-valuemax="100"
            aria-valuenow=${Math.round(wipe * 100)} aria-valuetext="${a.run.mark} on the left ${Math.round(wipe * 100)} %, ${b.run.mark} on the rest"
            @pointerdown=${this.grab} @pointermove=${this.pull} @keydown=${this.key}
          ><i></i></div>`
        : tag(second ? b : a, "left")}`;
  }

  private which(one: PairSide) {
    return html`<p><b class="mark" style="background:${one.run.colour}">${one.run.mark}</b> ${pictureWords(one)}</p>`;
  }

  private steering() {
    const { playing, every } = this;
    return html`<div class="controls">
      <button aria-pressed=${playing} @click=${() => (this.playing = !playing)}>${playing ? "Pause" : "Flicker"}</button>
      <button @click=${() => (this.second = !this.second)}>Show the other</button>
      <label>every <select @change=${(event: Event) => (this.every = Number((event.target as HTMLSelectElement).value))}>
        ${TURNS.map((turn) => html`<option value=${turn} .selected=${turn === every}>${turn / 1000} s</option>`)}
      </select></label>
    </div>`;
  }

  private differing(a: PairSide, b: PairSide) {
    const { difference } = this;
    if (!difference) return html`<div class="nothing" style="aspect-ratio:${a.aspect}"></div>`;
    if (this.painted?.of !== difference) {
      const { values, width, height } = difference;
      this.painted = { of: difference, pixels: paint(values, width, height, colourScale(0, difference.largest)) };
    }
    return html`<nst-linked-picture
      .shown=${this.painted.pixels} .zoom=${this.zoom} .aspect=${a.aspect} .wheel=${this.wheel}
      label="Difference of ${a.run.mark} and ${b.run.mark}: on average ${formatNumber(difference.mean)}, at most ${formatNumber(difference.largest)}"
    ></nst-linked-picture>`;
  }

  private numbers(a: PairSide, b: PairSide) {
    const { difference } = this;
    const both = html`${this.which(a)}${this.which(b)}`;
    if (!difference) {
      const [p, q] = [a.exact?.picture, b.exact?.picture];
      const sizes = p && q && (p.width !== q.width || p.height !== q.height);
      return html`${both}<p role="status">${sizes
        ? `${a.run.mark} has ${p.width} × ${p.height} pixels and ${b.run.mark} ${q.width} × ${q.height}: only pictures of one size can be subtracted.`
        : "The difference is taken of exact pictures: it is shown when both are there."}</p>`;
    }
    const { mean, largest } = difference;
    return html`${both}
      <dl class="number" role="status">
        <div><dt>mean |${a.run.mark} − ${b.run.mark}|</dt><dd>${formatNumber(mean)}</dd></div>
        <div><dt>largest</dt><dd>${formatNumber(largest)}</dd></div>
      </dl>
      ${largest === 0
        ? html`<p>The two pictures are the same, number for number.</p>`
        : html`<nst-colour-legend .scale=${colourScale(0, largest)} label="|${a.run.mark} − ${b.run.mark}|, the largest of a pixel's three colours"></nst-colour-legend>
            <p>The numbers of a picture run from 0 to 1; one step of an 8-bit picture is 0.0039.</p>`}`;
  }

  private grab = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    // else the focus would go to the pictures around
    event.stopPropagation();
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  };

  private pull = (event: PointerEvent): void => {
    const line = event.currentTarget as HTMLElement;
    if (!line.hasPointerCapture(event.pointerId)) return;
    const box = line.parentElement!.getBoundingClientRect();
    this.move((event.clientX - box.left) / box.width);
  };

  private key = (event: KeyboardEvent): void => {
    const far = event.shiftKey ? 0.1 : 0.02;
    const ways: Record<string, number | undefined> = { ArrowLeft: this.wipe - far, ArrowDown: this.wipe - far, ArrowRight: this.wipe + far, ArrowUp: this.wipe + far, Home: 0, End: 1 };
    const to = ways[event.key];
    if (to === undefined) return;
    event.preventDefault();
    // the pictures around move by the same keys
    event.stopPropagation();
    this.move(to);
  };

  private move(to: number): void {
    const detail = Math.round(Math.min(1, Math.max(0, to)) * 1000) / 1000;
    if (detail !== this.wipe) this.dispatchEvent(new CustomEvent<number>("nst-wipe", { detail }));
  }

  static override styles = [controlStyles, comparePairStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-compare-pair": ComparePair;
  }
}
