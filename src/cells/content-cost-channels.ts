import { css, html, LitElement, svg } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { largestFirst } from "./content-cost-sums";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";

/**
 * What each channel adds to a cost as bars, the largest first; one of them is chosen, by pointer or keys.
 *
 *     <nst-channel-parts .parts=${perChannel} .channel=${18} @nst-channel=${…}></nst-channel-parts>
 *
 * @fires nst-channel - detail: the channel that was chosen
 */
@customElement("nst-channel-parts")
export class ChannelParts extends LitElement {
  /** [n], ≥ 0; their sum is the whole */
  @property({ attribute: false }) parts = new Float32Array();
  /** the chosen one */
  @property({ type: Number }) channel = 0;
  /** rank that is pointed at, null when none is */
  @state() private pointed: number | null = null;

  private order: number[] = [];
  private bars = "";
  private total = 0;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("parts")) return;
    this.order = largestFirst(this.parts);
    this.total = this.parts.reduce((sum, part) => sum + part, 0);
    this.bars = this.order.map((_, rank) => this.bar(rank)).join("");
    if (this.pointed !== null && this.pointed >= this.order.length) this.pointed = null;
  }

  override render() {
    const { order, parts, pointed } = this;
    const n = parts.length;
    const rank = Math.max(0, order.indexOf(this.channel));
    const shown = pointed ?? rank;
    const column = (at: number, name: string) => svg`<rect class=${name} x=${at} y="0" width="1" height="100"></rect>`;
    return html`<div class="head">
        <button class="plain" aria-label="the channel before, which adds more" ?disabled=${rank === 0} @click=${() => this.choose(rank - 1)}>‹</button>
        <output class="number">${pointed === null ? html`<b>channel ${order[shown]}</b>` : `channel ${order[shown]}`}: ${this.share(order[shown])}, ${ordinal(shown, n)}</output>
        <button class="plain" aria-label="the channel after, which adds less" ?disabled=${rank === n - 1} @click=${() => this.choose(rank + 1)}>›</button>
      </div>
      <div
        class="bars" role="slider" tabindex="0" aria-label="channel, by what it adds to the cost" aria-valuemin="1" aria-valuemax=${n} aria-valuenow=${rank + 1}
        aria-valuetext="channel ${order[rank]}: ${this.share(order[rank])}, ${ordinal(rank, n)}"
        @keydown=${this.key} @pointermove=${this.point} @pointerdown=${this.press} @pointerleave=${() => (this.pointed = null)}
      >
        <svg viewBox="0 0 ${n} 100" preserveAspectRatio="none" aria-hidden="true">
          ${column(rank, "chosen")} ${pointed === null ? "" : column(pointed, "pointed")}
          <path d=${this.bars}></path>
          <path class="lit" d=${this.bar(rank)}></path>
        </svg>
      </div>`;
  }

  /** A bar is a unit wide, with some air where there is room for it; the largest is 100 high. */
  private bar(rank: number): string {
    const largest = this.parts[this.order[0]];
    const height = largest > 0 ? (100 * this.parts[this.order[rank]]) / largest : 0;
    return `M${rank} 100V${100 - height}h${this.parts.length > 128 ? 1 : 0.84}V100z`;
  }

  private share(channel: number): string {
    return `${this.total > 0 ? formatNumber((100 * this.parts[channel]) / this.total) : "–"} % of the cost`;
  }

  private choose(rank: number): void {
    const channel = this.order[Math.max(0, Math.min(this.order.length - 1, rank))];
    if (channel !== this.channel) this.dispatchEvent(new CustomEvent("nst-channel", { detail: channel }));
  }

  private key = (event: KeyboardEvent): void => {
    const n = this.order.length;
    const rank = Math.max(0, this.order.indexOf(this.channel));
    const far = Math.max(1, Math.round(n / 8));
    const to = { ArrowLeft: rank - 1, ArrowDown: rank - 1, ArrowRight: rank + 1, ArrowUp: rank + 1, PageUp: rank - far, PageDown: rank + far, Home: 0, End: n - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.choose(to);
  };

  private at(event: PointerEvent): number {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return Math.max(0, Math.min(this.order.length - 1, Math.floor(((event.clientX - left) / width) * this.order.length)));
  }

  private point = (event: PointerEvent): void => {
    this.pointed = this.at(event);
    if (event.buttons === 1) this.choose(this.pointed);
  };

  private press = (event: PointerEvent): void => {
    this.choose(this.at(event));
  };

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .head {
        display: flex;
        align-items: center;
        gap: 4px;
        margin-left: -8px;
        font: 13px/1.4 var(--sans);
      }
      .head button {
        padding: 0 8px;
        font-size: 17px;
      }
      .bars {
        position: relative;
        height: 84px;
        border-bottom: 1px solid var(--edge);
        cursor: pointer;
        touch-action: pan-y;
      }
      svg {
        display: block;
        width: 100%;
        height: 100%;
        overflow: visible;
      }
      path {
        fill: var(--edge);
      }
      path.lit {
        fill: var(--ink);
      }
      .chosen {
        fill: var(--line);
      }
      .pointed {
        fill: var(--code);
      }
    `,
  ];
}

function ordinal(rank: number, of: number): string {
  return rank === 0 ? `the most of all ${of}` : `number ${rank + 1} of ${of}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-channel-parts": ChannelParts;
  }
}
