import { html, nothing, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import { RunHandle, type Kernels } from "../kernel/client";
import type { RunBatch } from "../kernel/protocol";
import type { Picture } from "../nst/picture";
import { resize } from "../nst/resize";
import type { TransferSettings } from "../nst/settings";
import { bindings } from "./bindings";
import type { PictureValue } from "./features-value";
import { CostHistory } from "../runs/cost-history";
import { Growing } from "./growing";
import type { GrowingPicture, GrowthHandle, GrowthState } from "./growth";
import { share } from "./growth-share";
import type { NetworkValue } from "./network";
import { forecastSeconds, WorkRate } from "./sweep-forecast";
import { type SweepCell, type SweepPlan, sweepPlan, type SweepStage } from "./sweep-plans";
import type { SweepSource, SweepTile, SweepView } from "./sweep-view";
import "./sweep-view";
import { type Choices, CHOICES, completeChoices, transferSettings } from "./transfer-settings";

/** Runs that go on at a time: while the numbers of one are fetched, the other one computes. */
const AT_ONCE = 2;

/** What has become of one place of the grid; the costs as they count in J, null before its first step. */
export interface SweepOutcome {
  step: number;
  total: number | null;
  content: number | null;
  style: number | null;
  tv: number | null;
  /** share of the starting cost that is left; null where there was none */
  contentLeft: number | null;
  styleLeft: number | null;
}

/** The value of a sweep cell. */
export interface SweepValue {
  /** of the chosen place: `<nst-run settings="grid.settings">` runs it */
  settings: TransferSettings;
  /** of the chosen place, null until there is one; renewed about once a second while it grows */
  picture: Picture | null;
  name: string;
  /** of the chosen place, counted from 1 */
  row: number;
  column: number;
  /** pictures that are finished */
  finished: number;
  /** by place: `grid.cells.r2c3.contentLeft` is what is left of the content cost in the second row, third column */
  cells: Record<string, SweepOutcome>;
}

/**
 * A grid of runs in which two settings are varied: Figure 3 of Gatys et al. 2015 with rows of layer subsets and columns of
 * α/β, or any other two settings by the names of their attributes.
 *
 *     <nst-sweep as="grid" of="content style" network="network" size="96" steps="120" initialisation="noise"
 *       rows="style-layers: conv1_1 | conv1_1 conv2_1" columns="ratio: 1e-7 | 1e-6 | 1e-5"></nst-sweep>
 *
 * `ratio` is α/β with β kept. Without `rows` and `columns`: growing sets of the network's style layers, and α·M. Style layers without a weight share 1 among them. All other attributes are those of
 * <nst-settings> and hold for every picture; `settings="…"` takes over what another cell gives (attributes come before it).
 * `coarse` is the share of the steps that every picture does at half size before it is enlarged, with a fresh optimiser:
 * all places are filled at half size first, spread over the grid. `place` ("2 3": second row, third column) says which one is
 * chosen: its picture and costs are shown large, and its settings are given. Gives a SweepValue.
 */
@customElement("nst-sweep")
export class SweepGrid extends Growing<SweepStage, RunBatch, SweepValue> implements SweepSource {
  static override title = "sweep";
  static override roles = ["content", "style", "network", "settings"];
  static override params = { ...(Object.fromEntries(CHOICES.map((name) => [name, null])) as Record<string, unknown>), rows: "", columns: "", coarse: 0.5, size: 96, steps: 120, place: "" };

  protected readonly order = AT_ONCE;
  @query("nst-sweep-view") protected growthView!: SweepView | null;
  private plan: SweepPlan | null = null;
  /** the plan of what is shown: what was begun, else what would be */
  planShown: SweepPlan | null = null;
  private pictures: { content: Picture | null; style: Picture | null } = { content: null, style: null };
  private network: NetworkValue | null = null;
  private base: Choices = {};
  /** by place: costs of all steps, at half size and at full size, and the newest picture */
  private histories = new Map<string, CostHistory>();
  private grown = new Map<string, Picture>();
  private rate = new WorkRate();
  private kernel: Kernels | null = null;

  protected override reads(): readonly string[] {
    return this.hasAttribute("settings") ? SweepGrid.roles : SweepGrid.roles.slice(0, 3);
  }

  compute(inputs: { content: PictureValue; style: PictureValue; network: NetworkValue; settings?: TransferSettings }, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): AsyncIterable<SweepValue> {
    this.plans = [];
    this.plan = null;
    if (!this.growth) this.planShown = null;
    const { content, style, network, settings } = inputs;
    for (const [role, value] of Object.entries({ content, style }))
      if (value?.picture === undefined) throw new Error(`“${this.boundTo(role)}” is no picture. Take the name of an image, of a run, or of code that gives a tensor [height, width, 3].`);
    this.network = network;
    this.pictures = { content: content.picture, style: style.picture };
    this.base = { ...(settings ? choicesOf(settings) : {}), ...this.ownChoices() };
    if (content.picture && style.picture) {
      this.plan = sweepPlan(network, content.picture, style.picture, { rows: this.param("rows"), columns: this.param("columns"), coarse: this.param("coarse"), base: this.base });
      this.plans = this.plan.stages;
    }
    if (!this.growth) this.planShown = this.plan;
    this.kernel = kernel;
    kernel.addEventListener("status", () => this.growthView?.refresh(), { signal });
    // another choice that came from elsewhere: what grows does not wait for the next step to say so
    if (this.growth) this.renew();
    return this.follow(kernel, signal);
  }

  /** What is set at this element, by attributes or by the person. */
  private ownChoices(): Choices {
    return Object.fromEntries(CHOICES.map((name) => [name, this.param(name)] as const).filter(([, value]) => value !== null));
  }

  private boundTo(role: string): string {
    return bindings(SweepGrid.roles, (attribute) => this.getAttribute(attribute)).find((one) => one.role === role)!.name;
  }

  /** The chosen place of what is shown; where none is chosen, or one that is not there, the middle of the last row. */
  private get chosen(): SweepCell | null {
    const { planShown: plan } = this;
    if (!plan) return null;
    const [row, column] = (this.param<string>("place").match(/\d+/g) ?? []).map(Number);
    const found = plan.cells.find((cell) => cell.row + 1 === row && cell.column + 1 === column);
    return found ?? plan.cells.at(-1 - Math.floor((plan.columns.entries.length - 1) / 2))!;
  }

  override headerNote(): string {
    const { growth } = this;
    return growth ? `${this.finished} of ${this.planShown!.cells.length} done` : "";
  }

  view(value: SweepValue | undefined): TemplateResult | typeof nothing {
    const { planShown: plan, chosen } = this;
    const { content, style } = this.shown[0]?.config ?? {};
    if (!plan || !chosen || !content || !style) {
      if (this.error || !value) return this.error ? nothing : html`<div class="body soft">Waits for its pictures …</div>`;
      return html`<div class="body soft">“${this.boundTo(this.pictures.content ? "style" : "content")}” has no picture yet: start the run.</div>`;
    }
    return html`<nst-sweep-view
      .source=${this} .plan=${plan} .chosen=${chosen.key} .contentPicture=${content} .stylePicture=${style} name=${this.name ?? ""} .ready=${this.ready} .stale=${this.stale()}
      @start=${this.start} @pause=${this.pause} @resume=${this.resume} @stop=${this.stop} @nst-choose=${this.choose}
    ></nst-sweep-view>`;
  }

  private choose = ({ detail: key }: CustomEvent<string>): void => {
    this.setParam("place", key.match(/\d+/g)!.join(" "), { recompute: false });
    this.renew();
  };

  get state(): GrowthState {
    return this.growth?.state ?? "idle";
  }

  get notices(): { notice: string; failed: boolean }[] {
    return this.growth?.pictures.filter(({ notice }) => notice !== "").map(({ notice, failed }) => ({ notice, failed })) ?? [];
  }

  /** The two stages of a place, as far as they have begun. */
  private grownBy(cell: SweepCell): { stage: SweepStage; picture: GrowingPicture | null }[] {
    return this.shown.flatMap((stage, i) => (stage.cell.key === cell.key ? [{ stage, picture: this.growth?.pictures[i] ?? null }] : []));
  }

  tileOf(cell: SweepCell): SweepTile {
    const stages = this.grownBy(cell);
    const now = stages.findLast(({ picture }) => picture && picture.state !== "queued") ?? stages[0];
    const last = stages.at(-1)!.picture;
    return {
      cell, history: this.histories.get(cell.key) ?? EMPTY, step: this.stepOf(cell), steps: cell.settings.steps,
      coarse: stages.at(-1)!.stage.offset, half: now.stage !== stages.at(-1)!.stage,
      state: now.picture?.state === "finished" && last?.state === "queued" ? "queued" : (now.picture?.state ?? "queued"),
      failed: stages.some(({ picture }) => picture?.failed),
    };
  }

  private stepOf(cell: SweepCell): number {
    return this.grownBy(cell).reduce((sum, { picture }) => sum + (picture?.step ?? 0), 0);
  }

  /** How the chosen picture is made: at half size, then at full size, or the latter alone. */
  get chosenStages(): SweepStage[] {
    const { chosen } = this;
    return this.shown.filter(({ cell }) => cell.key === chosen?.key);
  }

  private get finished(): number {
    return this.planShown?.cells.filter((cell) => this.stepOf(cell) === cell.settings.steps).length ?? 0;
  }

  private work(done: (step: number, steps: number) => number): number {
    return this.shown.reduce((sum, { work, steps }, i) => sum + work * done(this.growth?.pictures[i].step ?? 0, steps), 0);
  }

  /** Share of the work that is done. */
  get progress(): number {
    return this.work((step) => step) / this.work((_, steps) => steps);
  }

  /** How long it will take, or what is left of that; null while it is not known. */
  get seconds(): number | null {
    const left = this.work((step, steps) => steps - step);
    const measured = this.state === "running" || this.state === "paused" ? this.rate.secondsFor(left) : null;
    if (measured !== null) return measured;
    const { engine, available } = this.kernel?.status ?? {};
    const calibration = available?.find(({ backend }) => backend === engine?.backend)?.seconds;
    return calibration ? forecastSeconds(left, calibration) : null;
  }

  protected override beginning(): void {
    this.planShown = this.plan;
    this.histories = new Map(this.plan!.cells.map(({ key }) => [key, new CostHistory()]));
    this.grown.clear();
    this.rate = new WorkRate();
  }

  protected sow(kernels: Kernels, { cell, config, after }: SweepStage, take: (batch: RunBatch) => void): GrowthHandle {
    if (after === null) return new RunHandle(kernels, config, take);
    const coarse = this.grown.get(cell.key);
    if (!coarse) return UNGROWN();
    const { width, height } = config.content;
    const picture = resize(coarse, width, height).data;
    return new RunHandle(kernels, config, take, { step: 0, width, height, picture, moment1: new Float32Array(picture.length), moment2: new Float32Array(picture.length) });
  }

  protected record({ key }: GrowingPicture, batch: RunBatch): boolean {
    const { cell, offset } = this.shown.find((stage) => stage.key === key)!;
    this.histories.get(cell.key)!.append({ ...batch, first: batch.first + offset });
    this.rate.tell(this.work((step) => step), this.state === "running", performance.now());
    if (!batch.checkpoint) return false;
    const { width, height, picture: data } = batch.checkpoint;
    this.grown.set(cell.key, { width, height, data });
    return true;
  }

  protected summary(): SweepValue {
    const chosen = this.chosen;
    if (!chosen) return { settings: transferSettings(completeChoices(this.base, this.network!.card), this.network!.card), picture: null, name: "", row: 0, column: 0, finished: 0, cells: {} };
    return {
      settings: chosen.settings, picture: this.grown.get(chosen.key) ?? null, name: `row ${chosen.row + 1}, column ${chosen.column + 1}`,
      row: chosen.row + 1, column: chosen.column + 1, finished: this.finished,
      cells: Object.fromEntries(this.planShown!.cells.map((cell) => [cell.key, this.outcome(cell)])),
    };
  }

  private outcome(cell: SweepCell): SweepOutcome {
    const history = this.histories.get(cell.key) ?? EMPTY;
    const [total, content, style, tv] = ["total", "content", "style", "tv"].map((name) => finite(history.last(name)));
    return { step: this.stepOf(cell), total, content, style, tv, contentLeft: share(history, "content"), styleLeft: share(history, "style") };
  }

  protected facts(): Record<string, unknown> {
    const { rows, columns } = this.plan ?? {};
    return {
      "content picture": this.pictures.content, "style picture": this.pictures.style, network: [this.network?.id, this.network?.random],
      rows, columns, "settings of all pictures": this.base, "share of the steps at half size": this.param("coarse"),
    };
  }
}

/** What stands for a run that cannot begin. */
const UNGROWN = (): GrowthHandle => {
  const nothing = (): void => {};
  return { pause: nothing, resume: nothing, stop: nothing, drop: nothing, ended: Promise.reject(new Error("A picture was not grown at full size, because its run at half size ended before its time.")) };
};

const EMPTY = new CostHistory();
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Settings as the choices that give them. */
function choicesOf({ contentLayer, initialisation, optimiser, ...rest }: TransferSettings): Choices {
  return { ...rest, contentLayer: contentLayer ?? "none", initialisation: initialisation.kind, noise: initialisation.kind === "blend" ? initialisation.noise : null, learningRate: optimiser.learningRate };
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-sweep": SweepGrid;
  }
}
