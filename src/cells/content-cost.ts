import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { paperName } from "../nst/names";
import { bindings } from "./bindings";
import { Cell } from "./cell";
import { contentCostValue, shapeProblem, type ContentCostValue } from "./content-cost-sums";
import "./content-cost-view";
import type { Compared } from "./content-cost-view";
import type { Kernels } from "./context";
import { type FeaturesValue, mapsAlone } from "./features-value";

/**
 * The content cost ½ Σ (F − P)² of one layer (Gatys et al. 2015, eq. 1), taken apart: P and F channel by channel, where in
 * the picture their difference lies, and how the sum comes about. Follows the features of a picture that is still growing.
 *
 *     <nst-content-cost as="cost" of="FC FG"></nst-content-cost>
 *
 * `of` names the features of the content picture, then those of the other one; both have the same shape. Its value has
 * numbers that questions and code may ask for: `cost.cost`, `cost.meanSquare`, `cost.relative`, `cost.halfOfPositions`,
 * `cost.halfOfChannels`, `cost.largestPosition`, `cost.largestChannel` (see ContentCostValue).
 */
@customElement("nst-content-cost")
export class ContentCostCell extends Cell<ContentCostValue | null> {
  static override title = "content cost";
  static override roles = ["FC", "FG"];
  /** `channel`: −1 for the costliest; `over`: the picture beneath the map, "generated" or "content"; `only`: "all" positions or "half" of the cost */
  static override params = { channel: -1, over: "generated", only: "all" };
  static override lazy = true;
  static override reserve = 900;

  /** what the value was computed from */
  private compared: Compared | null = null;
  /** name of what has no maps yet */
  private missing = "";

  async compute({ FC, FG }: { FC: FeaturesValue | null; FG: FeaturesValue | null }, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): Promise<ContentCostValue | null> {
    const names = this.names();
    if (!FC || !FG) {
      this.missing = names[FC === null ? 0 : 1];
      this.compared = null;
      return null;
    }
    for (const [i, maps] of [FC, FG].entries())
      if (!isMaps(maps)) throw new Error(`“${names[i]}” holds no feature maps. Take the value of a features cell, or a tensor [rows, columns, maps] of a code cell.`);
    const problem = shapeProblem(FC, FG, names);
    if (problem) throw new Error(problem);
    const difference = await kernel.lab.call("maps.difference", { a: mapsAlone(FC), b: mapsAlone(FG) }, { signal });
    signal.throwIfAborted();
    const cost = contentCostValue(FC, difference);
    this.compared = { P: FC, F: FG, cost, names };
    return cost;
  }

  override headerNote(): string {
    const { P } = this.compared ?? {};
    return P ? `${paperName(P.layer)} · ${P.height} × ${P.width} × ${P.channels}` : "";
  }

  view(): TemplateResult | typeof nothing {
    if (!this.compared && this.error) return nothing;
    if (this.value === null) return html`<div class="body soft">“${this.missing}” has no maps yet: start the run.</div>`;
    if (!this.compared) return html`<div class="body soft">${this.status === "waiting" ? `“${this.waitingFor}” has no value yet.` : "Comparing the two …"}</div>`;
    return html`<nst-content-cost-view
      .compared=${this.compared}
      .channel=${this.param<number>("channel")}
      .over=${this.param<string>("over")}
      .only=${this.param<string>("only")}
      @nst-channel=${(e: CustomEvent<number>) => this.setParam("channel", e.detail, { recompute: false })}
      @nst-over=${(e: CustomEvent<string>) => this.setParam("over", e.detail, { recompute: false })}
      @nst-only=${(e: CustomEvent<string>) => this.setParam("only", e.detail, { recompute: false })}
    ></nst-content-cost-view>`;
  }

  /** What the two are called in this notebook. */
  private names(): [string, string] {
    const [P, F] = bindings(ContentCostCell.roles, (attribute) => this.getAttribute(attribute));
    return [P.name, F.name];
  }
}

const isMaps = (maps: Partial<FeaturesValue>): boolean => maps.data instanceof Float32Array && [maps.height, maps.width, maps.channels].every(Number.isInteger);

declare global {
  interface HTMLElementTagNameMap {
    "nst-content-cost": ContentCostCell;
  }
}
