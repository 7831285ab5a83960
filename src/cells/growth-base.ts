import { html, type TemplateResult } from "lit";
import { query } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import { Cell } from "./cell";
import { Growing } from "./growing";
import type { GrowthBatch, GrowthOrder, GrowthPlan } from "./growth";
import { growthCellStyles } from "./growth-cell-styles";
import "./growth-view";
import type { GrowthTile, GrowthView } from "./growth-view";
import "./number-field";

/** What the view of a growth shows beside the pictures that grow. */
interface GrowthFrame {
  original: Picture | null;
  originalName: string;
  kind: GrowthView["kind"];
  /** width ÷ height */
  aspect: number;
  /** shown before the first start */
  promise: string;
}

/** A cell that grows a row of pictures in the engine, all at once or one after the other (parameter `order`). */
export abstract class GrowingCell<Plan extends GrowthPlan, Batch extends GrowthBatch, Out> extends Growing<Plan, Batch, Out> {
  static override styles = [...Cell.styles, growthCellStyles];

  @query("nst-growth-view") protected growthView!: GrowthView | null;

  protected abstract tile(plan: Plan): GrowthTile;

  override headerNote(): string {
    const { growth } = this;
    return growth ? `step ${Math.min(...growth.pictures.map(({ step }) => step))} of ${growth.pictures[0].steps}` : "";
  }

  protected frame({ original, originalName, kind, aspect, promise }: GrowthFrame): TemplateResult {
    return html`<nst-growth-view
      .growth=${this.growth} .tiles=${this.shown.map((plan) => this.tile(plan))} .original=${original} originalName=${originalName} kind=${kind} .aspect=${aspect}
      .order=${this.order} .ready=${this.ready} .stale=${this.stale()} promise=${promise}
      @start=${this.start} @pause=${this.pause} @resume=${this.resume} @stop=${this.stop}
      @nst-order=${(event: CustomEvent<GrowthOrder>) => this.setParam("order", event.detail, { recompute: false })}
    ></nst-growth-view>`;
  }

  /** A labelled field for a parameter that is a number. */
  protected field(name: string, label: string, { min = 0, max = Infinity, whole = false, unit = "" }: { min?: number; max?: number; whole?: boolean; unit?: string } = {}): TemplateResult {
    return html`<label>${label}
      <nst-number-field label=${label} unit=${unit} .value=${this.param<number>(name)} .min=${min} .max=${max} ?whole=${whole} @nst-change=${(event: CustomEvent<number>) => this.setParam(name, event.detail)}></nst-number-field>
    </label>`;
  }

  protected get order(): GrowthOrder {
    return this.param<string>("order") === "in turn" ? "in turn" : "together";
  }
}
