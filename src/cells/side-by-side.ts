import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { channelOf } from "../nst/feature-maps";
import { paperName } from "../nst/names";
import { bindings } from "./bindings";
import { Cell } from "./cell";
import "./colour-legend";
import type { Kernels } from "./context";
import { channelScales, channelText, type FeaturesCellValue, isSilent } from "./features";
import { featuresStyles } from "./features-styles";
import { type FeaturesValue, mapsAlone } from "./features-value";
import "./map-grid";
import { formatNumber } from "./numbers";
import "./pixel-canvas";
import { pixelsOf, type Probe } from "./pixel-canvas";
import { correlation, mismatch, SIDE_SORTS, type Side, sideOrder, type SideSort, sideWords, sumOfSquares } from "./side-by-side-compare";
import "./side-by-side-scatter";
import { type ColourScale, colourScale, paint } from "./value-colours";

/** The value of a comparison. Its numbers can be asked for by name: `pair.change`, `pair.silent.FS`. */
export interface SideBySideValue {
  sides: Side[];
  /** ‖B − A‖ / ‖A‖ over all numbers of the first two: 0 if they are the same; null where their maps differ in size */
  change: number | null;
  /** of the channels' means of the first two, in [−1, 1] */
  correlation: number;
  /** mean activation, by name of the value */
  mean: Record<string, number>;
  /** channels that are 0 everywhere, by name of the value */
  silent: Record<string, number>;
}

/** A map that is pointed at: relative place, so that maps of other sizes can follow. */
type Place = { x: number; y: number } | null;

/**
 * The same channel of two or three features cells side by side: of content and style, of trained and random weights, with
 * and without preprocessing. Beneath, every channel's mean in one against its mean in the other.
 *
 *     <nst-side-by-side as="pair" of="FC FS"></nst-side-by-side>
 *     <nst-side-by-side of="FC FS" third="FG"></nst-side-by-side>
 *
 * Attributes: `channel` (counts from 0; −1: the first of the order), `sort` "difference" | "activation" | "index", `scale`
 * "one" | "own". Gives a SideBySideValue.
 */
@customElement("nst-side-by-side")
export class SideBySideCell extends Cell<SideBySideValue | null> {
  static override title = "side by side";
  static override lazy = true;
  static override reserve = 620;
  static override roles = ["a", "b", "third"];
  static override params = { channel: -1, sort: "difference", scale: "one" };

  @state() private place: Place = null;
  /** name of what has no maps yet */
  #missing = "";
  #memo = new Map<string, { key: readonly unknown[]; value: unknown }>();

  protected override reads(): readonly string[] {
    const three = this.hasAttribute("third") || (this.getAttribute("of") ?? "").trim().split(/\s+/).length > 2;
    return three ? SideBySideCell.roles : ["a", "b"];
  }

  async compute(inputs: Record<string, FeaturesValue | null>, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): Promise<SideBySideValue | null> {
    const names = bindings(SideBySideCell.roles, (attribute) => this.getAttribute(attribute)).map(({ name }) => name);
    const given = this.reads().map((role, i) => ({ name: names[i], maps: inputs[role] }));
    this.#missing = given.find(({ maps }) => maps === null)?.name ?? "";
    if (!areThere(given)) return null;
    const wrong = given.find(({ maps }) => !(maps?.data instanceof Float32Array) || !maps.channels);
    if (wrong) throw new Error(`“${wrong.name}” holds no feature maps. Take the name of a features cell (<nst-features as="…">).`);
    const problem = mismatch(given);
    if (problem) throw new Error(problem);
    const sides: Side[] = await Promise.all(
      given.map(async ({ name, maps }) => ({ name, maps, statistics: (maps as FeaturesCellValue).statistics ?? (await kernel.lab.call("maps.statistics", { maps: mapsAlone(maps) }, { signal })) })),
    );
    const [a, b] = sides;
    const byName = (number: (side: Side) => number) => Object.fromEntries(sides.map((side) => [side.name, number(side)]));
    return {
      sides,
      change: await this.#change(a, b, kernel, signal),
      correlation: correlation(a.statistics.mean, b.statistics.mean),
      mean: byName(({ statistics }) => statistics.mean.reduce((sum, one) => sum + one, 0) / statistics.mean.length),
      silent: byName(({ statistics }) => Array.from(statistics.mean).filter((_, i) => isSilent(statistics, i)).length),
    };
  }

  async #change({ maps: a, statistics }: Side, { maps: b }: Side, kernel: Kernels, signal: AbortSignal): Promise<number | null> {
    if (a.width !== b.width || a.height !== b.height) return null;
    const { cost } = await kernel.lab.call("maps.difference", { a: mapsAlone(a), b: mapsAlone(b) }, { signal });
    return Math.sqrt((2 * cost) / sumOfSquares(statistics, a.width * a.height));
  }

  override headerNote(): string | typeof nothing {
    return this.value ? paperName(this.value.sides[0].maps.layer) : nothing;
  }

  view(value: SideBySideValue | null | undefined): TemplateResult {
    if (value === null) return html`<div class="body soft">“${this.#missing}” has no maps yet: start the run.</div>`;
    if (!value) return html`<div class="body soft">${this.error ? nothing : "Computing the maps …"}</div>`;
    const { sides } = value;
    const sort = this.#sort;
    const order = this.#once("order", [value, sort], () => sideOrder(sort, sides));
    const wanted = this.param<number>("channel");
    const channel = wanted >= 0 && wanted < order.length ? wanted : order[0];
    const one = this.param<string>("scale") !== "own";
    return html`<div class="body">
        ${this.#controls(order, channel, one)}
        <div class="sides" style="max-width:${sides.length * 320 + (sides.length - 1) * 20}px">${sides.map((_, i) => this.#side(value, i, channel, one))}</div>
        ${one ? html`<nst-colour-legend class="shared" .scale=${this.#scale(value, 0, channel, true)} label="activation, channel ${channel}"></nst-colour-legend>` : nothing}
        ${this.#reading(value, channel)}
      </div>
      <div class="body all">
        <div class="channels">
          <p>Every channel of <b>${sides[0].name}</b>, ${SIDE_SORTS.find(({ value }) => value === sort)!.text}</p>
          <nst-map-grid
            .maps=${sides[0].maps} .order=${order} .selected=${channel} .visible=${3} .describe=${this.#describe}
            .scales=${this.#once("scales", [value], () => channelScales(sides[0].statistics, false))}
            label="${order.length} channels of ${sides[0].name}. Arrow keys choose one."
            @nst-channel=${this.#chose}
          ></nst-map-grid>
        </div>
        <div class="scatter">
          <p>Mean activation of every channel; on the line both are equal</p>
          <nst-channel-scatter
            .x=${this.#once("x", [value], () => ({ name: sides[0].name, values: sides[0].statistics.mean }))}
            .y=${this.#once("y", [value], () => sides.slice(1).map(({ name, statistics }) => ({ name, values: statistics.mean })))}
            .selected=${channel} what="Mean activation" @nst-channel=${this.#chose}
          ></nst-channel-scatter>
          ${this.#sum(value)}
        </div>
      </div>`;
  }

  get #sort(): SideSort {
    const sort = this.param<SideSort>("sort");
    return SIDE_SORTS.some(({ value }) => value === sort) ? sort : "difference";
  }

  #chose = ({ detail }: CustomEvent<number>) => this.#choose(detail);

  #choose(channel: number): void {
    this.setParam("channel", channel, { recompute: false });
  }

  #controls(order: readonly number[], channel: number, one: boolean) {
    const at = order.indexOf(channel);
    const step = (by: number) => this.#choose(order[(at + by + order.length) % order.length]);
    return html`<div class="choices">
      <span class="labelled" role="group" aria-label="Channel">
        <button aria-label="previous channel" @click=${() => step(-1)}>‹</button>
        <b class="number">channel ${channel}</b>
        <button aria-label="next channel" @click=${() => step(1)}>›</button>
      </span>
      <label>order <select @change=${(event: Event) => this.setParam("sort", (event.target as HTMLSelectElement).value, { recompute: false })}>
        ${SIDE_SORTS.map(({ value, text }) => html`<option value=${value} .selected=${value === this.#sort}>${text}</option>`)}
      </select></label>
      <span class="labelled" role="group" aria-label="Scale of colours">colours
        <span class="either"><button aria-pressed=${one} @click=${() => this.setParam("scale", "one", { recompute: false })}>one scale</button><button aria-pressed=${!one} @click=${() => this.setParam("scale", "own", { recompute: false })}>each its own</button></span>
      </span>
    </div>`;
  }

  #side(value: SideBySideValue, i: number, channel: number, one: boolean) {
    const { name, maps, statistics } = value.sides[i];
    const scale = this.#scale(value, i, channel, one);
    const pixels = this.#once(`map ${i}`, [value, channel, scale], () => paint(channelOf(maps, channel), maps.width, maps.height, scale));
    const kind = maps.from?.name;
    const picture = maps.from?.picture;
    return html`<figure>
      <figcaption>
        ${picture ? html`<nst-pixel-canvas class="thumb" aria-hidden="true" .pixels=${this.#once(`picture ${i}`, [picture], () => pixelsOf(picture))}></nst-pixel-canvas>` : nothing}
        <span><b class=${kind === "content" || kind === "style" ? kind : kind === "G" ? "picture" : ""}>${name}</b><br />${sideWords(value.sides[i])}</span>
      </figcaption>
      <div><nst-pixel-canvas
        class="map" .pixels=${pixels} .probe=${unitAt(this.place, maps)} reachable
        label="${name}, ${channelText(statistics, channel)}. Arrow keys read its values."
        @probe=${({ detail }: CustomEvent<Probe>) => (this.place = detail && { x: (detail.x + 0.5) / maps.width, y: (detail.y + 0.5) / maps.height })}
      ></nst-pixel-canvas>
      ${one ? nothing : html`<nst-colour-legend .scale=${scale} label="activation"></nst-colour-legend>`}
      <dl class="number"><div><dt>mean</dt><dd>${formatNumber(statistics.mean[channel])}</dd></div><div><dt>maximum</dt><dd>${formatNumber(statistics.maximum[channel])}</dd></div></dl></div>
    </figure>`;
  }

  #reading({ sides }: SideBySideValue, channel: number) {
    const { place } = this;
    const texts = place && sides.map(({ name, maps }) => {
      const { x, y } = unitAt(place, maps)!;
      return html`<b>${name}</b> row ${y}, column ${x}: ${formatNumber(maps.data[(y * maps.width + x) * maps.channels + channel], 4)}`;
    });
    return html`<p class="reading number" role="status">${texts ? texts.map((text, i) => html`${i > 0 ? " · " : nothing}${text}`) : "Point at a map to read the same place in all of them."}</p>`;
  }

  #sum({ sides: [a, b], change, correlation: r, silent }: SideBySideValue) {
    return html`<p class="number">Correlation of the means ${a.name}, ${b.name}: <b>${Number.isNaN(r) ? "none" : r.toFixed(2).replace("-", "−")}</b>.
      ${change === null ? nothing : html`Relative difference ‖${b.name} − ${a.name}‖ / ‖${a.name}‖: <b>${formatNumber(change * 100)} %</b>.`}
      Silent channels: ${Object.entries(silent).map(([name, count], i) => html`${i > 0 ? ", " : nothing}${name} <b>${count}</b>`)}.</p>`;
  }

  #describe = (channel: number): string => (this.value ? this.value.sides.map(({ name, statistics }, i) => (i === 0 ? channelText(statistics, channel) : `${name}: mean ${formatNumber(statistics.mean[channel])}`)).join("; ") : "");

  #scale(value: SideBySideValue, i: number, channel: number, one: boolean): ColourScale {
    return this.#once(`scale ${one ? "one" : i}`, [value, channel], () => {
      const sides = one ? value.sides : [value.sides[i]];
      return colourScale(Math.min(...sides.map(({ statistics }) => statistics.minimum[channel])), Math.max(...sides.map(({ statistics }) => statistics.maximum[channel])));
    });
  }

  /** What `make` made of the same key before, so that nothing is painted again. */
  #once<T>(name: string, key: readonly unknown[], make: () => T): T {
    const known = this.#memo.get(name);
    if (known?.key.every((one, i) => one === key[i])) return known.value as T;
    const value = make();
    this.#memo.set(name, { key, value });
    return value;
  }

  static override styles = [
    ...Cell.styles,
    featuresStyles,
    css`
      .sides {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(140px, 1fr));
        gap: 0 20px;
        margin-top: 14px;
      }
      /* captions of different length, maps at one height */
      .sides figure {
        display: grid;
        grid-row: span 2;
        grid-template-rows: subgrid;
        min-width: 0;
        margin-bottom: 10px;
      }
      figcaption {
        display: flex;
        gap: 8px;
        align-items: center;
        min-height: 44px;
        margin: 0 0 6px;
        overflow-wrap: anywhere;
      }
      figcaption b {
        font: 600 12.5px/1.5 var(--mono);
        color: var(--ink);
      }
      figcaption b.content {
        color: var(--content);
      }
      figcaption b.style {
        color: var(--style);
      }
      figcaption b.picture {
        color: var(--picture);
      }
      .thumb {
        flex: none;
        width: 44px;
        pointer-events: none;
      }
      figure nst-colour-legend,
      .shared {
        margin-top: 8px;
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 0 16px;
        margin: 6px 0 0;
      }
      dl div {
        display: flex;
        gap: 5px;
      }
      dd {
        margin: 0;
        color: var(--ink);
        font-weight: 600;
      }
      p {
        margin: 0;
        font: 13px/1.5 var(--sans);
        color: var(--soft);
      }
      p b {
        color: var(--ink);
        font-weight: 600;
      }
      .reading {
        margin-top: 8px;
        min-height: 20px;
      }
      .all {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 18px 24px;
      }
      .all p {
        margin-bottom: 8px;
      }
      @container cell (min-width: 700px) {
        .all {
          grid-template-columns: minmax(0, 1fr) 320px;
        }
      }
    `,
  ];
}

/** The unit of a map at a relative place. */
function unitAt(place: Place, { width, height }: FeaturesValue): Probe {
  return place && { x: Math.min(width - 1, Math.floor(place.x * width)), y: Math.min(height - 1, Math.floor(place.y * height)) };
}

const areThere = (given: readonly { name: string; maps: FeaturesValue | null }[]): given is { name: string; maps: FeaturesValue }[] => given.every(({ maps }) => maps !== null);

declare global {
  interface HTMLElementTagNameMap {
    "nst-side-by-side": SideBySideCell;
  }
}
