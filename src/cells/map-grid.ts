import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import type { FeatureMaps } from "../nst/feature-maps";
import { GAP, gridLayout, type GridLayout, placeAfterKey, rowsInView } from "./map-grid-layout";
import { mapTile, tileReduction } from "./map-grid-tile";
import { controlStyles } from "./theme";
import { type ColourScale, paint } from "./value-colours";

/** Time for painting in one frame, in ms: the rest of the frame belongs to scrolling. */
const BUDGET = 6;

/** Rows that are drawn above and below what is seen, so that scrolling meets painted maps. */
const SPARE = 2;

/** What a canvas shows now. */
interface Painted {
  maps: FeatureMaps;
  channel: number;
  scale: ColourScale;
  every: number;
}

/**
 * The channels of a layer as a grid of small maps that scrolls in itself. Only what is seen is drawn, and painted a few
 * maps a frame, so that 512 maps scroll as smoothly as 16. A list to screen readers; arrow keys walk it.
 *
 *     <nst-map-grid .maps=${maps} .order=${[3, 0, 7]} .scales=${scales} .describe=${(channel) => "channel 3: mean 0.2 …"}
 *       .selected=${3} .visible=${5} label="64 maps of conv3_1" @nst-channel=${…}></nst-map-grid>
 *
 * @fires nst-channel - detail: the channel that the person chose
 */
@customElement("nst-map-grid")
export class MapGrid extends LitElement {
  @property({ attribute: false }) maps: FeatureMaps | null = null;
  /** the channels to show, in this order */
  @property({ attribute: false }) order: readonly number[] = [];
  /** by channel: the colours of each map */
  @property({ attribute: false }) scales: readonly ColourScale[] = [];
  /** a channel in words with its numbers, for tooltips and for people who do not see it */
  @property({ attribute: false }) describe: (channel: number) => string = (channel) => `channel ${channel}`;
  /** the chosen channel */
  @property({ attribute: false }) selected = -1;
  /** rows that can be seen at once; the rest is scrolled to */
  @property({ attribute: false }) visible = 5;
  @property() label = "";

  @state() private width = 0;
  @state() private offset = 0;
  @query(".scroller") private scroller!: HTMLElement;

  #painted = new WeakMap<HTMLCanvasElement, Painted>();
  #frame = 0;
  #resizes = new ResizeObserver(([{ contentRect }]) => (this.width = Math.floor(contentRect.width)));

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#resizes.observe(this.scroller);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  protected override firstUpdated(): void {
    this.#resizes.observe(this.scroller);
  }

  protected override updated(changed: PropertyValues): void {
    if (["selected", "order", "width"].some((name) => changed.has(name))) this.#reveal();
    this.#paint();
  }

  get #layout(): GridLayout {
    return gridLayout(this.order.length, this.width, this.maps ? this.maps.height / this.maps.width : 1);
  }

  /** Height of the part that is seen. One more row than asked for is no reason to scroll; half a row shows that there is more. */
  #seen({ rows, rowHeight }: GridLayout): number {
    return rows <= this.visible + 1 ? rows * rowHeight - GAP : (this.visible + 0.5) * rowHeight;
  }

  override render() {
    const { maps, order, selected } = this;
    const layout = this.#layout;
    const height = Math.max(0, this.#seen(layout));
    const [first, end] = maps && this.width > 0 ? rowsInView(layout, this.offset, height, SPARE) : [0, 0];
    const rows = Array.from({ length: end - first }, (_, i) => first + i);
    const at = order.indexOf(selected);
    const shown = at >= 0 && Math.floor(at / layout.columns) >= first && Math.floor(at / layout.columns) < end;
    const sharp = !maps || maps.width < layout.tileWidth * devicePixelRatio;
    return html`<div
      class="scroller ${sharp ? "sharp" : ""}"
      role="listbox"
      tabindex="0"
      aria-label=${this.label}
      aria-activedescendant=${shown ? `map-${selected}` : nothing}
      style=${styleMap({ height: `${height}px` })}
      @scroll=${this.#scrolled}
      @keydown=${this.#key}
      @click=${this.#click}
    >
      <div class="all" role="none" style=${styleMap({ height: `${Math.max(0, layout.rows * layout.rowHeight - GAP)}px` })}>
        ${repeat(rows, (row) => row, (row) => this.#row(row, layout))}
      </div>
    </div>`;
  }

  #row(row: number, { columns, rowHeight, tileWidth, tileHeight }: GridLayout) {
    const { order, selected } = this;
    return html`<div class="line" role="none" style=${styleMap({ transform: `translateY(${row * rowHeight}px)` })}>
      ${order.slice(row * columns, (row + 1) * columns).map((channel, i) => {
        const text = this.describe(channel);
        return html`<div
          class="tile"
          role="option"
          id="map-${channel}"
          data-channel=${channel}
          style=${styleMap({ width: `${tileWidth}px`, height: `${tileHeight}px` })}
          aria-selected=${channel === selected}
          aria-setsize=${order.length}
          aria-posinset=${row * columns + i + 1}
          aria-label=${text}
          title=${text}
        ><canvas></canvas><span aria-hidden="true">${channel}</span></div>`;
      })}
    </div>`;
  }

  #scrolled = () => {
    // by whole rows: within a row there is nothing new to draw
    const { rowHeight } = this.#layout;
    this.offset = Math.floor(this.scroller.scrollTop / rowHeight) * rowHeight;
  };

  #click = (event: MouseEvent) => {
    const channel = (event.target as Element).closest<HTMLElement>("[data-channel]")?.dataset["channel"];
    if (channel !== undefined) this.#choose(Number(channel));
  };

  #key = (event: KeyboardEvent) => {
    const { order } = this;
    if (event.altKey || event.ctrlKey || event.metaKey || order.length === 0) return;
    const layout = this.#layout;
    const at = order.indexOf(this.selected);
    const to = placeAfterKey(event.key, Math.max(0, at), order.length, layout.columns, Math.max(1, Math.min(layout.rows, this.visible)));
    if (to === null) return;
    event.preventDefault();
    this.#choose(order[at < 0 ? 0 : to]);
  };

  #choose(channel: number): void {
    if (channel === this.selected) return;
    this.selected = channel;
    this.dispatchEvent(new CustomEvent("nst-channel", { detail: channel }));
  }

  /** Scrolls, within the grid only, until the chosen map is seen. */
  #reveal(): void {
    const layout = this.#layout;
    const at = this.order.indexOf(this.selected);
    if (at < 0 || this.width === 0) return;
    const top = Math.floor(at / layout.columns) * layout.rowHeight;
    const { scrollTop, clientHeight } = this.scroller;
    const to = Math.min(top, Math.max(scrollTop, top + layout.tileHeight - clientHeight));
    if (to !== scrollTop) this.scroller.scrollTop = to;
  }

  /** Paints the maps that are drawn and show something else, as many as there is time for; the others in the next frames. */
  #paint = (): void => {
    const { maps, scales } = this;
    if (!maps || !this.isConnected || this.#frame !== 0) return;
    const { tileWidth } = this.#layout;
    const every = tileReduction(maps.width, tileWidth * devicePixelRatio);
    const began = performance.now();
    for (const tile of this.renderRoot.querySelectorAll<HTMLElement>(".tile")) {
      const canvas = tile.firstElementChild as HTMLCanvasElement;
      const channel = Number(tile.dataset["channel"]);
      const scale = scales[channel];
      const before = this.#painted.get(canvas);
      if (!scale || (before && before.maps === maps && before.channel === channel && before.scale === scale && before.every === every)) continue;
      if (performance.now() - began > BUDGET) {
        this.#frame = requestAnimationFrame(() => {
          this.#frame = 0;
          this.#paint();
        });
        return;
      }
      const { values, width, height } = mapTile(maps, channel, every);
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      canvas.getContext("2d")!.putImageData(new ImageData(paint(values, width, height, scale).rgba, width, height), 0, 0);
      this.#painted.set(canvas, { maps, channel, scale, every });
    }
  };

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .scroller {
        overflow: hidden auto;
        scrollbar-width: thin;
        contain: content;
        border-radius: 4px;
        user-select: none;
      }
      .scroller:focus-visible {
        outline-offset: 3px;
      }
      .all {
        position: relative;
      }
      .line {
        position: absolute;
        inset: 0 0 auto;
        display: flex;
        gap: ${GAP}px;
      }
      .tile {
        position: relative;
        flex: none;
        cursor: pointer;
        border-radius: 4px;
        overflow: clip;
        background: var(--code);
      }
      canvas {
        display: block;
        width: 100%;
        height: 100%;
      }
      .sharp canvas {
        image-rendering: pixelated;
      }
      .tile span {
        position: absolute;
        left: 3px;
        bottom: 3px;
        padding: 0 4px;
        border-radius: 3px;
        background: var(--card);
        color: var(--ink);
        font: 10px/1.4 var(--mono);
      }
      .tile::after {
        content: "";
        position: absolute;
        inset: 0;
        border-radius: 4px;
      }
      .tile:hover::after {
        box-shadow: inset 0 0 0 2px var(--card), inset 0 0 0 3px var(--edge);
      }
      .tile[aria-selected="true"]::after {
        box-shadow: inset 0 0 0 3px var(--focus), inset 0 0 0 4px var(--card);
      }
      .tile[aria-selected="true"] span {
        background: var(--focus);
        color: var(--card);
        font-weight: 600;
        left: 4px;
        bottom: 4px;
      }
      @media (forced-colors: active) {
        .tile[aria-selected="true"]::after {
          border: 3px solid Highlight;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-map-grid": MapGrid;
  }
}
