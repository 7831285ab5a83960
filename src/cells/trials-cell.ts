import { css, html, nothing, type TemplateResult } from "lit";
import { type Kernels, RunHandle } from "../kernel/client";
import type { RunBatch } from "../kernel/protocol";
import type { Picture } from "../nst/picture";
import type { TransferSettings } from "../nst/settings";
import type { PictureValue } from "./features-value";
import type { GrowingPicture, GrowthHandle } from "./growth";
import { GrowingCell } from "./growth-base";
import type { GrowthTile } from "./growth-view";
import type { NetworkValue } from "./network";
import { formatNumber } from "./numbers";
import { atTheEnds, distance, rises, type Trial, type TrialPlan, trialPlans } from "./trials-plans";

/** A number for each run by its key; null until it is known. */
type ByTrial = Record<string, number | null>;

/** The value of a cell that runs the same transfer several times over. Numbers are those of the newest step. */
export interface TrialsValue {
  /** steps done by the run that has done the fewest */
  step: number;
  /** J, α·J_content and β·J_style, as they count in J */
  total: ByTrial;
  content: ByTrial;
  style: ByTrial;
  /** share of the picture's values that stand at 0 or 1 */
  ends: ByTrial;
  /** the highest J on the way, over J at the start */
  peak: ByTrial;
  /** share of the steps, of the later half of those done, after which J was higher than before them */
  rises: ByTrial;
  /** root of the mean squared difference of the two pictures that differ most, 0 to 1 */
  apart: number | null;
  /** each can be read as a picture by other cells: `of="starts.pictures.noise"` */
  pictures: Record<string, PictureValue>;
}

interface Inputs {
  content: PictureValue;
  style: PictureValue;
  network: NetworkValue;
  settings: TransferSettings;
}

type Curve = "total" | "content" | "style";
const CURVES: [Curve, string][] = [["total", "J"], ["content", "content"], ["style", "style"]];

/** Several runs of one transfer that differ in one thing, side by side, with one cost of all of them on one scale. */
export abstract class TrialsCell extends GrowingCell<TrialPlan, RunBatch, TrialsValue> {
  static override roles = ["content", "style", "network", "settings"];
  static override styles = [
    ...GrowingCell.styles,
    css`
      .foot {
        display: grid;
        gap: 6px;
      }
      .foot p {
        margin: 0;
        max-width: 75ch;
        font: 13px/1.5 var(--sans);
      }
      .foot b {
        color: var(--ink);
        font-weight: 600;
      }
    `,
  ];

  /** what the runs differ in */
  protected abstract trials(settings: TransferSettings): Trial[];
  protected abstract readonly promise: string;
  /** of one run as it stands, beneath its picture */
  protected abstract note(key: string, value: TrialsValue): string;

  private inputs: Inputs | null = null;
  /** the newest pictures as numbers, by key */
  private grown: Record<string, Picture> = {};
  /** name of the picture that is not there yet */
  private missing = "";

  compute(inputs: Record<string, unknown>, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): AsyncIterable<TrialsValue> {
    const read = (this.inputs = inputs as unknown as Inputs);
    this.plans = [];
    const { content, style, network, settings } = read;
    for (const [name, { picture }] of Object.entries({ content, style })) if (picture === undefined) throw new Error(`The ${name} is no picture. Take the name of an image, of a run, or of code that gives a tensor [height, width, 3].`);
    this.missing = !content.picture ? "content" : !style.picture ? "style" : "";
    const { size, steps, seed } = this.options;
    if (content.picture && style.picture) this.plans = trialPlans({ card: network.card, base: network.base, random: network.random }, content.picture, style.picture, settings, this.trials(settings), { size, steps, seed });
    return this.follow(kernel, signal);
  }

  private get options() {
    return { size: this.param<number>("size"), steps: this.param<number>("steps"), seed: this.param<number>("seed") };
  }

  private get curve(): Curve {
    const curve = this.param<string>("curve");
    return CURVES.find(([name]) => name === curve)?.[0] ?? "total";
  }

  view(value: TrialsValue | undefined): TemplateResult | typeof nothing {
    if (this.shown.length === 0) return this.error ? nothing : html`<div class="body soft">${this.missing ? `The ${this.missing} picture is not there yet: start the run it comes from.` : "Waits for its pictures …"}</div>`;
    const { content } = this.shown[0].config;
    return html`${this.frame({ original: null, originalName: "", kind: this.curve === "total" ? "picture" : this.curve, aspect: content.width / content.height, promise: this.promise })}
      <div class="body foot">
        <span class="controls" role="group" aria-label="Curves">curves
          <span class="either">${CURVES.map(([name, text]) => html`<button aria-pressed=${this.curve === name} @click=${() => this.setParam("curve", name, { recompute: false })}>${text}</button>`)}</span>
        </span>
        ${this.growth ? html`<p class="soft number">${this.rangeText()}</p>` : nothing}
        ${this.growth && value?.apart != null ? html`<p class="soft number">The two that differ most are <b>${formatNumber(value.apart, 2)}</b> apart: the root of the mean squared difference of their pixels, which run from 0 to 1.</p>` : nothing}
      </div>
      <details class="body settings">
        <summary>Settings</summary>
        <div class="fields">
          ${this.field("size", "longer side", { min: 32, max: 512, whole: true, unit: "px" })} ${this.field("steps", "steps", { min: 1, max: 5000, whole: true })} ${this.field("seed", "seed of the noise", { whole: true })}
        </div>
      </details>`;
  }

  protected tile({ key, title, explain, hint }: TrialPlan): GrowthTile {
    const { curve } = this;
    return {
      key, title, explain, hint, log: true, shared: true,
      note: this.growth && this.value ? this.note(key, this.value) : undefined,
      format: (cost) => formatNumber(cost),
      values: ({ history }) => history.column(curve),
      spoken: (cost) => `${curve === "total" ? "J" : `the ${curve} cost`} is ${formatNumber(cost)}`,
      range: () => this.range(curve),
    };
  }

  /** One scale for all runs, or they could not be compared. */
  private range(curve: Curve): [number, number] {
    let [low, high] = [Infinity, 0];
    for (const { history } of this.growth?.pictures ?? [])
      for (const cost of history.column(curve)) {
        if (!(cost > 0)) continue;
        low = Math.min(low, cost);
        high = Math.max(high, cost);
      }
    return high > 0 ? [Math.max(low, high * 1e-6) / 1.1, high * 1.1] : [1e-4, 1];
  }

  private rangeText(): string {
    const [low, high] = this.range(this.curve);
    return `One scale for all curves: ${CURVES.find(([name]) => name === this.curve)![1]} from ${formatNumber(low, 2)} to ${formatNumber(high, 2)}, logarithmic, a line for each factor of ten.`;
  }

  protected override beginning(): void {
    this.grown = {};
  }

  protected sow(kernels: Kernels, { config }: TrialPlan, take: (batch: RunBatch) => void): GrowthHandle {
    return new RunHandle(kernels, config, take);
  }

  protected record({ key, history }: GrowingPicture, batch: RunBatch): boolean {
    history.append(batch);
    const { checkpoint } = batch;
    if (checkpoint) this.grown = { ...this.grown, [key]: { width: checkpoint.width, height: checkpoint.height, data: checkpoint.picture } };
    return checkpoint !== undefined;
  }

  protected summary(): TrialsValue {
    const { growth, shown, grown } = this;
    const by = (number: (key: string, picture: GrowingPicture) => number | null) =>
      Object.fromEntries(shown.map(({ key }, i) => [key, growth ? known(number(key, growth.pictures[i])) : null]));
    const cost = (curve: Curve) => by((_, { history }) => history.last(curve));
    const pictures = growth ? shown.flatMap(({ key }) => grown[key] ?? []) : [];
    const apart = pictures.flatMap((a, i) => pictures.slice(0, i).map((b) => distance(a, b)));
    return {
      step: growth ? Math.min(...growth.pictures.map(({ step }) => step)) : 0,
      total: cost("total"), content: cost("content"), style: cost("style"),
      ends: by((key) => (grown[key] ? atTheEnds(grown[key]) : null)),
      peak: by((_, { history }) => history.column("total").reduce((high, cost) => Math.max(high, cost), 0) / history.start("total")),
      rises: by((_, { history }) => rises(history.column("total"))),
      apart: pictures.length === shown.length && apart.length > 0 ? Math.max(...apart) : null,
      pictures: Object.fromEntries(shown.map(({ key, title }) => [key, { picture: (growth && grown[key]) || null, name: title }])),
    };
  }

  protected facts(): Record<string, unknown> {
    const { content, style, network, settings } = this.inputs!;
    const { size: _, seed: __, steps: ___, initialisation: ____, ...used } = settings;
    return { "content picture": content.picture, "style picture": style.picture, network: [network.id, network.random], settings: used, ...this.options, ...this.varied() };
  }

  /** What the runs differ in, under the name by which a person is told that it was changed. */
  protected abstract varied(): Record<string, unknown>;
}

const known = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);
