import { css, html, LitElement, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { layerDepths } from "../nst/match-layers";
import type { ModelCard } from "../nst/model-card";
import { paperName } from "../nst/names";
import type { MatchRow } from "./match-model";
import { reductionText } from "./match-model";

/** A layer on the map: `x` in [0, 1] from the picture to the deepest stage. */
interface Mark {
  name: string;
  x: number;
  use: "content" | "style" | "both" | null;
}

/**
 * Two networks above one another, stage below stage, with a line from each layer that is read to its like in the other. The
 * table beneath says the same in words, so this is a picture of it.
 *
 *     <nst-match-map .from=${card} .to=${other} .rows=${rows} .marked=${"block4_conv2"}></nst-match-map>
 */
@customElement("nst-match-map")
export class MatchMap extends LitElement {
  @property({ attribute: false }) from: ModelCard | null = null;
  @property({ attribute: false }) to: ModelCard | null = null;
  @property({ attribute: false }) rows: readonly MatchRow[] = [];
  /** the layer of `from` whose line stands out, if any */
  @property({ attribute: false }) marked: string | null = null;

  private stages = 1;

  override render() {
    const { from, to, rows } = this;
    if (!from || !to) return nothing;
    const stages = stagesOf([from, to]);
    this.stages = stages.length;
    const [above, below] = [marks(from, stages, rows, "from"), marks(to, stages, rows, "to")];
    const x = (list: readonly Mark[], layer: string) => 100 * list.find(({ name }) => name === layer)!.x;
    const line = ({ from, to, content }: MatchRow) => {
      const [a, b] = [x(above, from.name), x(below, to.name)];
      return svg`<path class="${content ? "content" : "style"} ${this.marked === from.name ? "marked" : ""}" d="M ${a} 0 C ${a} 50 ${b} 50 ${b} 100" vector-effect="non-scaling-stroke"/>`;
    };
    const alt = `The layers that are read, joined with those of ${to.title}: ${rows.map(({ from, to }) => `${paperName(from.name)} with ${paperName(to.name)}`).join(", ")}`;
    return html`<figure role="img" aria-label=${alt}>
      <div class="stages" style="--stages:${stages.length}">${stages.map((stride) => html`<span>${stride === 1 ? "full size" : `1/${stride}`}</span>`)}</div>
      ${this.lane(from.title, above, "above")}
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">${rows.map(line)}</svg>
      ${this.lane(to.title, below, "below")}
      <div class="bands" style="--stages:${stages.length}">${stages.map((stride) => html`<i title=${reductionText(stride)}></i>`)}</div>
    </figure>`;
  }

  private lane(title: string, list: readonly Mark[], where: "above" | "below") {
    const labelled = list.filter(({ use }) => use);
    // names of neighbours would run into one another
    const second = (i: number): boolean => i > 0 && labelled[i].x - labelled[i - 1].x < 0.5 / this.stages && !second(i - 1);
    return html`<div class="lane ${where}">
      <span class="title">${title}</span>
      <div class="marks">
        ${list.map(({ name, x, use }) => html`<i class=${use ?? nothing} style="left:${100 * x}%" title=${name}></i>`)}
        ${labelled.map(({ name, x, use }, i) => html`<span class="label ${use} ${second(i) ? "second" : ""}" style="left:${100 * x}%">${paperName(name)}</span>`)}
      </div>
    </div>`;
  }

  static override styles = css`
    :host {
      display: block;
      container: map / inline-size;
    }
    figure {
      position: relative;
      margin: 0;
      padding: 0 0 2px;
      font: 12px/1.4 var(--sans);
      color: var(--soft);
    }
    .stages,
    .bands {
      display: grid;
      grid-template-columns: repeat(var(--stages), minmax(0, 1fr));
      text-align: center;
    }
    .stages {
      margin-bottom: 4px;
      font-variant-numeric: tabular-nums;
    }
    .bands {
      position: absolute;
      inset: 22px 0 0;
      z-index: 0;
    }
    .bands i {
      border-radius: 6px;
    }
    .bands i:nth-child(odd) {
      background: color-mix(in srgb, var(--code) 70%, transparent);
    }
    .lane,
    svg {
      position: relative;
      z-index: 1;
    }
    .lane.above {
      padding-top: 4px;
    }
    .lane.below {
      padding-bottom: 4px;
    }
    .title {
      display: block;
      padding-inline: 6px;
      color: var(--ink);
      font-weight: 600;
    }
    .lane.below {
      display: flex;
      flex-direction: column-reverse;
    }
    .marks {
      position: relative;
      height: 46px;
    }
    .marks i {
      position: absolute;
      width: 9px;
      height: 14px;
      margin-left: -4.5px;
      border: 1px solid var(--edge);
      border-radius: 2px;
      background: var(--card);
    }
    .above .marks i {
      bottom: 0;
    }
    .below .marks i {
      top: 0;
    }
    .marks i.style {
      border-color: var(--style);
      background: var(--style);
    }
    .marks i.content {
      border-color: var(--content);
      background: var(--content);
    }
    .marks i.both {
      border-color: var(--content);
      background: linear-gradient(90deg, var(--content) 50%, var(--style) 50%);
    }
    .label {
      position: absolute;
      translate: -50% 0;
      font: 11px/1.3 var(--mono);
      white-space: nowrap;
    }
    .above .label {
      bottom: 17px;
    }
    .above .label.second {
      bottom: 31px;
    }
    .below .label {
      top: 17px;
    }
    .below .label.second {
      top: 31px;
    }
    .label.style {
      color: var(--style);
    }
    .label.content,
    .label.both {
      color: var(--content);
    }
    svg {
      display: block;
      width: 100%;
      height: 64px;
      overflow: visible;
    }
    path {
      fill: none;
      stroke-width: 1.5;
    }
    path.style {
      stroke: var(--style);
    }
    path.content {
      stroke: var(--content);
    }
    path.marked {
      stroke-width: 3.5;
    }
    @container map (width < 620px) {
      .label {
        display: none;
      }
      .marks {
        height: 18px;
      }
      svg {
        height: 52px;
      }
    }
    @media (forced-colors: active) {
      .marks i,
      .bands i,
      path {
        forced-color-adjust: none;
      }
    }
  `;
}

/** Reductions that any of the networks has. */
function stagesOf(cards: readonly ModelCard[]): number[] {
  return [...new Set(cards.flatMap((card) => [...layerDepths(card).values()].map(({ stride }) => stride)))].sort((a, b) => a - b);
}

/** A mark for each layer that is read, and for each place where another one lies: the parts of a module are one mark. */
function marks(card: ModelCard, stages: readonly number[], rows: readonly MatchRow[], side: "from" | "to"): Mark[] {
  const uses = new Map<string, Set<"content" | "style">>();
  for (const row of rows) {
    const use = uses.get(row[side].name) ?? new Set();
    if (row.content) use.add("content");
    if (row.weight !== null) use.add("style");
    uses.set(row[side].name, use);
  }
  const byPlace = new Map<number, Mark>();
  for (const [name, { stride, place }] of layerDepths(card)) {
    const x = (stages.indexOf(stride) + place) / stages.length;
    const use = uses.get(name);
    // the last layer at a place is what the module there gives, unless one of its parts is read
    if (use || !byPlace.get(x)?.use) byPlace.set(x, { name, x, use: !use ? null : use.size > 1 ? "both" : [...use][0] });
  }
  return [...byPlace.values()];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-match-map": MatchMap;
  }
}
