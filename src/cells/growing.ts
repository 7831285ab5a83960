import type { Kernels } from "../kernel/client";
import { equal } from "../notebook/equal";
import { Cell } from "./cell";
import { type GrowingPicture, Growth, type GrowthBatch, type GrowthHandle, type GrowthOrder, type GrowthPlan } from "./growth";
import { Latest } from "./latest";

/** Where pictures that grow are shown. */
export interface GrowthStage {
  /** Takes all pictures away, for a new start. */
  clear(): void;
  /** Shows the newest picture of a plan and closes the bitmap. */
  show(key: string, bitmap: ImageBitmap): void;
  /** Something has changed. */
  refresh(): void;
}

/**
 * A cell that grows pictures in the engine. What grows outlives changes of what the cell reads: they are named, and wait for
 * the next start. It ends when the element is removed.
 *
 * `compute` of a subclass works out `plans` and returns `this.follow(…)`.
 */
export abstract class Growing<Plan extends GrowthPlan, Batch extends GrowthBatch, Out> extends Cell<Out> {
  static override lazy = true;

  /** what a start would grow now */
  plans: Plan[] = [];
  protected growth: Growth<Plan, Batch> | null = null;
  private begun: { plans: Plan[]; facts: Record<string, unknown> } | null = null;
  private kernels: Kernels | null = null;
  /** counts presses of Start and Stop: a start that still waits is given up by the next press */
  private presses = 0;
  private readonly latest = new Latest<Out | null>(null);

  /** null before it is drawn */
  protected abstract readonly growthView: GrowthStage | null;
  /** How many grow at a time: in which order, or a number of them. */
  protected abstract readonly order: GrowthOrder | number;
  /** Starts one picture. */
  protected abstract sow(kernels: Kernels, plan: Plan, take: (batch: Batch) => void): GrowthHandle;
  /** Records what a batch brings. @returns whether the cell's value is another now */
  protected abstract record(picture: GrowingPicture, batch: Batch): boolean;
  /** The cell's value as things stand. */
  protected abstract summary(): Out;
  /** All that a start depends on, under the name by which a person is told that it was changed. */
  protected abstract facts(): Record<string, unknown>;

  /** Called when a start was asked for, before anything is forgotten: what has to be found out first. */
  protected async gather(): Promise<void> {}

  /** Called before anything is sown: what was grown before can be forgotten. */
  protected beginning(): void {}

  /** Of `plans`, those that a start grows. */
  protected wanted(): Plan[] {
    return this.plans;
  }

  /** Keys of plans that are not grown until they are taken back. */
  protected leftOut(): ReadonlySet<string> {
    return new Set();
  }

  /** Whether the newest picture of a plan is to be seen. */
  protected shows(_picture: GrowingPicture): boolean {
    return true;
  }

  /** What is shown: what was begun, else what would be. */
  protected get shown(): Plan[] {
    return this.begun?.plans ?? this.plans;
  }

  /** Gives the value now and whenever it changes. */
  protected follow(kernels: Kernels, signal: AbortSignal): AsyncIterable<Out> {
    this.kernels = kernels;
    if (!this.growth) this.renew();
    return this.latest.follow(signal) as AsyncIterable<Out>;
  }

  /** Gives the value as things stand now. */
  protected renew(): void {
    this.latest.give(this.summary());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // as the base class does: moving an element in the page does not end what grows
    queueMicrotask(() => {
      if (!this.isConnected) this.drop();
    });
  }

  /** Whether there is something to start, and nothing against it. */
  protected get ready(): boolean {
    return this.plans.length > 0 && this.kernels !== null && this.status !== "rejected" && this.status !== "waiting";
  }

  /** A picture that was chosen just now may still be on its way here: what grows is that, not the one before. */
  protected start = async (): Promise<void> => {
    const press = ++this.presses;
    // rejects when an input has failed; the cell says which
    if (this.name) await this.context?.graph.value(this.name).catch(() => {});
    if (press === this.presses) await this.gather();
    if (press === this.presses && this.ready) this.begin(this.kernels!);
  };

  protected pause = (): void => this.growth?.pause();

  protected resume = (): void => this.growth?.resume();

  protected stop = (): void => {
    this.presses++;
    this.growth?.stop();
  };

  private begin(kernels: Kernels): void {
    this.drop();
    this.begun = { plans: this.plans, facts: this.facts() };
    this.growthView?.clear();
    this.beginning();
    this.growth = new Growth<Plan, Batch>(this.wanted(), this.order, (plan, take) => this.sow(kernels, plan, take), (picture, batch) => this.take(picture, batch), this.leftOut());
    this.renew();
    this.requestUpdate();
  }

  private take(picture: GrowingPicture, batch: Batch | null): void {
    if (batch && this.record(picture, batch)) this.renew();
    if (batch?.image) {
      if (this.growthView && this.shows(picture)) this.growthView.show(picture.key, batch.image);
      else batch.image.close();
    }
    this.growthView?.refresh();
  }

  /** What was changed since the start and needs another start. */
  protected stale(): string[] {
    if (!this.begun || this.plans.length === 0) return [];
    const { facts } = this.begun;
    return Object.entries(this.facts()).flatMap(([name, value]) => (equal(value, facts[name]) ? [] : [name]));
  }

  private drop(): void {
    this.growth?.drop();
    this.growth = null;
  }
}
