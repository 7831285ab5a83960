import { html, nothing, type TemplateResult } from "lit";
import { RunHandle, type Kernels } from "../kernel/client";
import type { RunBatch } from "../kernel/protocol";
import type { Picture } from "../nst/picture";
import { bindings } from "./bindings";
import type { Cell } from "./cell";
import type { PictureValue } from "./features-value";
import type { GrowingPicture, GrowthHandle } from "./growth";
import { GrowingCell } from "./growth-base";
import { type GrowthOptions, type RunPlan } from "./growth-plans";
import { share, shares, shareText } from "./growth-share";
import type { GrowthTile } from "./growth-view";
import type { NetworkValue } from "./network";

/**
 * The value of a cell that grows pictures with runs. Beside what is named here it has a number for each picture under the
 * name of its layer: `rebuilt.block3_conv1` is the share of the starting cost that is left there, null before the start.
 */
export interface GrowthValue {
  /** steps done by the picture that has done the fewest */
  step: number;
  /** by layer, what is left of the starting cost: 1 at the start */
  shares: Record<string, number | null>;
  /** by layer; each can be read as a picture by other cells: `of="rebuilt.pictures.block5_conv1"` */
  pictures: Record<string, PictureValue>;
  [layer: string]: unknown;
}

/** Shares drawn, from the start (1) down; what falls below stays at the lower end. */
const LOWEST = 1e-4;

/** A row of pictures grown by runs: what reconstruct and texture have in common. The first role is the picture. */
export abstract class GrowthCell extends GrowingCell<RunPlan, RunBatch, GrowthValue> {
  protected abstract readonly kind: "content" | "style";
  /** what is grown, in a sentence or two */
  protected abstract readonly promise: string;
  protected abstract plan(network: NetworkValue, picture: Picture, options: GrowthOptions): RunPlan[];
  /** a picture of the row, for a text alternative: "picture rebuilt from block1_conv1 alone" */
  protected abstract explain(plan: RunPlan): string;

  private source: Picture | null = null;
  private network: NetworkValue | null = null;
  /** the newest pictures as numbers, by key */
  private grown: Record<string, Picture> = {};

  compute(inputs: Record<string, unknown>, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): AsyncIterable<GrowthValue> {
    const read = inputs[this.kind] as PictureValue;
    this.plans = [];
    if (read?.picture === undefined) throw new Error(`“${this.sourceName}” is no picture. Take the name of an image, of a run, or of code that gives a tensor [height, width, 3].`);
    this.network = inputs["network"] as NetworkValue;
    this.source = read.picture;
    if (this.source) this.plans = this.plan(this.network, this.source, this.options);
    return this.follow(kernel, signal);
  }

  /** Whether the picture is larger than what is grown from it. */
  get resized(): boolean {
    return this.plans.length > 0 && this.plans[0].config.content !== this.source;
  }

  private get options(): GrowthOptions {
    const names: (keyof GrowthOptions)[] = ["layers", "size", "steps", "learningRate", "totalVariation", "pooling", "seed"];
    return Object.fromEntries(names.map((name) => [name, this.param(name)])) as unknown as GrowthOptions;
  }

  /** Name of the value that the picture comes from. */
  private get sourceName(): string {
    return bindings((this.constructor as typeof Cell).roles, (attribute) => this.getAttribute(attribute))[0].name;
  }

  view(value: GrowthValue | undefined): TemplateResult | typeof nothing {
    if (this.shown.length === 0) {
      if (this.error) return nothing;
      return html`<div class="body soft">${value ? `“${this.sourceName}” has no picture yet: start the run.` : "Waits for its picture …"}</div>`;
    }
    const original = this.shown[0].config.content;
    return html`${this.frame({ original, originalName: this.sourceName, kind: this.kind, aspect: original.width / original.height, promise: this.promise })}
      <details class="body settings">
        <summary>Settings</summary>
        <div class="fields">
          ${this.field("size", "longer side", { min: 16, max: 512, whole: true, unit: "px" })} ${this.field("steps", "steps", { min: 1, max: 5000, whole: true })}
          ${this.field("seed", "seed of the noise", { whole: true })} ${this.field("learningRate", "Adam, learning rate", { min: 1e-6 })}
          ${this.field("totalVariation", "total variation, in units of what a transfer uses")}
        </div>
      </details>`;
  }

  protected tile(plan: RunPlan): GrowthTile {
    return {
      key: plan.key, title: plan.title, explain: this.explain(plan), format: shareText, log: true,
      values: ({ history }) => shares(history, plan.column),
      spoken: (value) => `${shareText(value)} of its starting cost`,
      range: () => [LOWEST, 1],
    };
  }

  protected sow(kernels: Kernels, { config, key }: RunPlan, take: (batch: RunBatch) => void): GrowthHandle {
    delete this.grown[key];
    return new RunHandle(kernels, config, take);
  }

  protected record({ key, history }: GrowingPicture, batch: RunBatch): boolean {
    history.append(batch);
    if (!batch.checkpoint) return false;
    const { width, height, picture: data } = batch.checkpoint;
    this.grown = { ...this.grown, [key]: { width, height, data } };
    return true;
  }

  protected summary(): GrowthValue {
    const { growth, shown } = this;
    const left = Object.fromEntries(shown.map(({ key, column }, i) => [key, growth ? share(growth.pictures[i].history, column) : null]));
    const pictures = Object.fromEntries(shown.map(({ key, title }) => [key, { picture: this.grown[key] ?? null, name: title }]));
    return { ...left, step: growth ? Math.min(...growth.pictures.map(({ step }) => step)) : 0, shares: left, pictures };
  }

  protected facts(): Record<string, unknown> {
    const { layers, size, steps, learningRate, totalVariation, pooling, seed } = this.options;
    return { [`${this.kind} picture`]: this.source, network: [this.network?.id, this.network?.random], layers, size, steps, "learning rate": learningRate, "total variation": totalVariation, pooling, seed };
  }
}
