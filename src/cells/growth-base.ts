import { html, type TemplateResult } from "lit";
import { query } from "lit/decorators.js";
import type { Kernels } from "../kernel/client";
import { equal } from "../notebook/equal";
import type { Picture } from "../nst/picture";
import { Cell } from "./cell";
import { type GrowingPicture, Growth, type GrowthBatch, type GrowthHandle, type GrowthOrder, type GrowthPlan } from "./growth";
import { growthCellStyles } from "./growth-cell-styles";
import "./growth-view";
import type { GrowthTile, GrowthView } from "./growth-view";
import { Latest } from "./latest";
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

/**
 * A cell that grows a row of pictures in the engine. What grows outlives changes of what the cell reads: they are named,
 * and wait for the next start. It ends when the element is removed.
 *
 * `compute` of a subclass works out `plans` and returns `this.follow(…)`.
 */
export abstract class GrowingCell<Plan extends GrowthPlan, Batch extends GrowthBatch, Out> extends Cell<Out> {
  static override lazy = true;
  static override styles = [...Cell.styles, growthCellStyles];

  /** what a start would grow now */
  plans: Plan[] = [];
  protected growth: Growth<Plan, Batch> | null = null;
  @query("nst-growth-view") private growthView!: GrowthView | null;
  private begun: { plans: Plan[]; facts: Record<string, unknown> } | null = null;
  private kernels: Kernels | null = null;
  /** counts presses of Start and Stop: a start that still waits is given up by the next press */
  private presses = 0;
  private readonly latest = new Latest<Out | null>(null);

  /** Starts one picture. */
  protected abstract sow(kernels: Kernels, plan: Plan, take: (batch: Batch) => void): GrowthHandle;
  /** Records what a batch brings. @returns whether the cell's value is another now */
  protected abstract record(picture: GrowingPicture, batch: Batch): boolean;
  /** The cell's value as things stand. */
  protected abstract summary(): Out;
  /** All that a start depends on, under the name by which a person is told that it was changed. */
  protected abstract facts(): Record<string, unknown>;
  protected abstract tile(plan: Plan): GrowthTile;

  /** What is shown: what was begun, else what would be. */
  protected get shown(): Plan[] {
    return this.begun?.plans ?? this.plans;
  }

  /** Gives the value now and whenever it changes. */
  protected follow(kernels: Kernels, signal: AbortSignal): AsyncIterable<Out> {
    this.kernels = kernels;
    if (!this.growth) this.latest.give(this.summary());
    return this.latest.follow(signal) as AsyncIterable<Out>;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // as the base class does: moving an element in the page does not end what grows
    queueMicrotask(() => {
      if (!this.isConnected) this.drop();
    });
  }

  override headerNote(): string {
    const { growth } = this;
    return growth ? `step ${Math.min(...growth.pictures.map(({ step }) => step))} of ${growth.pictures[0].steps}` : "";
  }

  protected frame({ original, originalName, kind, aspect, promise }: GrowthFrame): TemplateResult {
    return html`<nst-growth-view
      .growth=${this.growth} .tiles=${this.shown.map((plan) => this.tile(plan))} .original=${original} originalName=${originalName} kind=${kind} .aspect=${aspect}
      .order=${this.order} .ready=${this.ready} .stale=${this.stale()} promise=${promise}
      @start=${this.start} @pause=${() => this.growth?.pause()} @resume=${() => this.growth?.resume()} @stop=${this.stop}
      @nst-order=${(event: CustomEvent<GrowthOrder>) => this.setParam("order", event.detail, { recompute: false })}
    ></nst-growth-view>`;
  }

  /** A labelled field for a parameter that is a number. */
  protected field(name: string, label: string, { min = 0, max = Infinity, whole = false, unit = "" }: { min?: number; max?: number; whole?: boolean; unit?: string } = {}): TemplateResult {
    return html`<label>${label}
      <nst-number-field label=${label} unit=${unit} .value=${this.param<number>(name)} .min=${min} .max=${max} ?whole=${whole} @nst-change=${(event: CustomEvent<number>) => this.setParam(name, event.detail)}></nst-number-field>
    </label>`;
  }

  private get order(): GrowthOrder {
    return this.param<string>("order") === "in turn" ? "in turn" : "together";
  }

  /** Whether there is something to start, and nothing against it. */
  private get ready(): boolean {
    return this.plans.length > 0 && this.kernels !== null && this.status !== "rejected" && this.status !== "waiting";
  }

  /** A picture that was chosen just now may still be on its way here: what grows is that, not the one before. */
  private start = async (): Promise<void> => {
    const press = ++this.presses;
    // rejects when an input has failed; the cell says which
    if (this.name) await this.context?.graph.value(this.name).catch(() => {});
    if (press === this.presses && this.ready) this.begin(this.kernels!);
  };

  private stop = (): void => {
    this.presses++;
    this.growth?.stop();
  };

  private begin(kernels: Kernels): void {
    this.drop();
    this.begun = { plans: this.plans, facts: this.facts() };
    this.growthView?.clear();
    this.growth = new Growth<Plan, Batch>(this.plans, this.order, (plan, take) => this.sow(kernels, plan, take), (picture, batch) => this.take(picture, batch));
    this.latest.give(this.summary());
    this.requestUpdate();
  }

  private take(picture: GrowingPicture, batch: Batch | null): void {
    if (batch && this.record(picture, batch)) this.latest.give(this.summary());
    if (batch?.image) {
      if (this.growthView) this.growthView.show(picture.key, batch.image);
      else batch.image.close();
    }
    this.growthView?.refresh();
  }

  /** What was changed since the start and needs another start. */
  private stale(): string[] {
    if (!this.begun || this.plans.length === 0) return [];
    const { facts } = this.begun;
    return Object.entries(this.facts()).flatMap(([name, value]) => (equal(value, facts[name]) ? [] : [name]));
  }

  private drop(): void {
    this.growth?.drop();
    this.growth = null;
  }
}
