import { html, nothing, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import { RunHandle, type Kernels } from "../kernel/client";
import type { RunBatch } from "../kernel/protocol";
import { givenNames } from "../notebook/rename-cell";
import type { TransferSettings } from "../nst/settings";
import type { RunGroup } from "../runs/kept-run";
import { newRunId } from "../runs/run-id";
import type { RunsEvent } from "../runs/run-store";
import { canAddBelow } from "./add-cells";
import { bindings } from "./bindings";
import type { PictureValue } from "./features-value";
import { Growing } from "./growing";
import type { GrowingPicture, GrowthHandle, GrowthState } from "./growth";
import type { NetworkValue } from "./network";
import { choicesOf } from "./settings-attributes";
import { addComparison, addFullRun } from "./sweep-adding";
import { enlarged, UNGROWN } from "./sweep-enlarged";
import { forecastSeconds, WorkRate } from "./sweep-forecast";
import { SweepKeeping } from "./sweep-keeping";
import { keptPlaces } from "./sweep-kept";
import { namedNetworks, networkCells, openNetworks } from "./sweep-networks";
import { SweepPlaces, seenAtHalf } from "./sweep-places";
import { sweepAxes, type SweepCell, type SweepPlan, sweepPlan, type SweepStage } from "./sweep-plans";
import { placeOf, SweepStanding } from "./sweep-standing";
import { keysIn, type SweepSource, type SweepTile } from "./sweep-tile";
import { noSweepYet, type SweepValue, sweepValue } from "./sweep-value";
import type { SweepView } from "./sweep-view";
import "./sweep-view";
import { type Choices, CHOICES, completeChoices, transferSettings } from "./transfer-settings";

export type { SweepOutcome, SweepValue } from "./sweep-value";

/** Runs that go on at a time: while the numbers of one are fetched, the other one computes. */
const AT_ONCE = 2;
/** Runs that can be compared side by side. */
const MOST_COMPARED = 8;

/**
 * A grid of runs in which two settings are varied: Figure 3 of Gatys et al. 2015 with rows of layer subsets and columns of
 * α/β, or any other two settings by the names of their attributes.
 *
 *     <nst-sweep as="grid" of="content style" network="network" size="96" steps="120" initialisation="noise"
 *       rows="style-layers: conv1_1 | conv1_1 conv2_1" columns="ratio: 1e-7 | 1e-6 | 1e-5"></nst-sweep>
 *
 * `ratio` is α/β with β kept, `weight of conv1_1` the weight of one style layer with the others kept, and `network` takes the
 * names of network cells, ids of networks, `random` and `random:7` (a seed); layers that one of them does not have become
 * those at the same depth. Without `rows` and `columns`: growing sets of the
 * network's style layers, and α·M. Style layers without a weight share 1 among them. All other attributes are those of
 * <nst-settings> and hold for every picture; `settings="…"` takes over what another cell gives (attributes come before it).
 *
 * `coarse` is the share of the steps that every picture does at half size first, spread over the grid. With `fine="anew"` that
 * is a preview: every picture then begins at its full size, and becomes what the same run makes alone. With `fine="enlarged"`
 * it goes on from the enlarged picture with a fresh optimiser, and does the steps that are left.
 *
 * `place` ("2 3": second row, third column) says which one is chosen: its picture and costs are shown large, and its settings
 * are given. `left-out` and `compare` name places ("r1c2 r2c3") that are not grown, and whose runs are given to be compared.
 * Finished runs are kept, and shown again when the notebook is opened. Gives a SweepValue.
 */
@customElement("nst-sweep")
export class SweepGrid extends Growing<SweepStage, RunBatch, SweepValue> implements SweepSource {
  static override title = "sweep";
  static override roles = ["content", "style", "network", "settings"];
  static override params = {
    ...(Object.fromEntries(CHOICES.map((name) => [name, null])) as Record<string, unknown>), rows: "", columns: "", coarse: 0.25, fine: "anew", size: 96, steps: 120, place: "", leftOut: "", compare: "",
  };

  protected readonly order = AT_ONCE;
  @query("nst-sweep-view") protected growthView!: SweepView | null;
  private plan: SweepPlan | null = null;
  /** what has been made of what is shown: of what was begun, else of what would be */
  private places: SweepPlaces | null = null;
  private pictures: { content: PictureValue; style: PictureValue } | null = null;
  private network: NetworkValue | null = null;
  private base: Choices = {};
  private rate = new WorkRate();
  private kernel: Kernels | null = null;
  /** keys of places that are to come first, the next one first */
  private early: string[] = [];
  /** of the runs that are kept from here on */
  private group: Omit<RunGroup, "label"> | null = null;
  private keeping: SweepKeeping | null = null;
  /** what the next start begins with */
  private gathered: SweepPlaces | null = null;
  /** the next start makes everything once more, whatever is there */
  private afresh = false;

  protected override reads(): readonly string[] {
    return this.hasAttribute("settings") ? SweepGrid.roles : SweepGrid.roles.slice(0, 3);
  }

  /** Networks that rows or columns name. */
  protected override mentions(): readonly string[] {
    const given = this.context?.session?.notebook.cells.flatMap(givenNames) ?? [];
    return networkCells([this.param("rows"), this.param("columns")], new Set(given.filter((name) => name !== this.name)));
  }

  async *compute(inputs: Record<string, unknown>, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): AsyncIterable<SweepValue> {
    this.plans = [];
    this.plan = null;
    if (!this.growth) this.places = null;
    const { content, style, network, settings } = inputs as { content: PictureValue; style: PictureValue; network: NetworkValue; settings?: TransferSettings };
    for (const [role, value] of Object.entries({ content, style }))
      if (value?.picture === undefined) throw new Error(`“${this.boundTo(role)}” is no picture. Take the name of an image, of a run, or of code that gives a tensor [height, width, 3].`);
    this.network = network;
    this.pictures = { content, style };
    this.base = { ...(settings ? choicesOf(settings) : {}), ...this.ownChoices() };
    if (content.picture && style.picture) {
      const axes = { rows: this.param<string>("rows"), columns: this.param<string>("columns") };
      const { rows, columns } = sweepAxes(network.card, axes.rows, axes.columns);
      const read = new Map(this.mentions().map((name) => [name, inputs[`named ${name}`]]));
      const networks = await openNetworks([...namedNetworks(rows), ...namedNetworks(columns)], network, read, signal, this.context?.networks);
      if (signal.aborted) return;
      this.plan = sweepPlan(network, content.picture, style.picture, { ...axes, coarse: this.param("coarse"), fine: this.param("fine"), base: this.base, networks });
      this.plans = this.plan.stages;
    }
    if (!this.growth && this.plan) this.places = new SweepPlaces(this.plan);
    this.kernel = kernel;
    kernel.addEventListener("status", () => this.growthView?.refresh(), { signal });
    this.context?.runs?.addEventListener("runs", (event) => void this.checkKept((event as RunsEvent).detail), { signal });
    // another choice that came from elsewhere: what grows does not wait for the next step to say so
    if (this.growth) this.renew();
    else if (this.places) void this.recall(this.places, signal);
    yield* this.follow(kernel, signal);
  }

  /** What is set at this element, by attributes or by the person. */
  private ownChoices(): Choices {
    return Object.fromEntries(CHOICES.map((name) => [name, this.param(name)] as const).filter(([, value]) => value !== null));
  }

  private boundTo(role: string): string {
    return bindings(SweepGrid.roles, (attribute) => this.getAttribute(attribute)).find((one) => one.role === role)!.name;
  }

  get planShown(): SweepPlan | null {
    return this.places?.plan ?? null;
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
    if (!this.places) return "";
    const { finished } = this.standing!;
    return this.growth || finished > 0 ? `${finished} of ${this.places.all.length} done` : "";
  }

  view(value: SweepValue | undefined): TemplateResult | typeof nothing {
    const { planShown: plan, chosen } = this;
    if (!plan || !chosen) {
      if (this.error || !value) return this.error ? nothing : html`<div class="body soft">Waits for its pictures …</div>`;
      return html`<div class="body soft">“${this.boundTo(this.pictures?.content.picture ? "style" : "content")}” has no picture yet: start the run.</div>`;
    }
    const { content, style } = this.places!.get(chosen.key).whole.config;
    return html`<nst-sweep-view
      .source=${this} .plan=${plan} .chosen=${chosen.key} .contentPicture=${content} .stylePicture=${style} name=${this.name ?? ""} .ready=${this.ready} .stale=${this.stale()}
      @start=${this.startAfresh} @nst-go-on=${this.start} @pause=${this.pause} @resume=${this.resume} @stop=${this.stop} @nst-choose=${this.choose}
      @nst-next=${this.next} @nst-leave-out=${this.leaveOutOne} @nst-mark=${this.mark} @nst-full-run=${this.promote} @nst-compare=${() => addComparison(this)}
    ></nst-sweep-view>`;
  }

  private choose = ({ detail: key }: CustomEvent<string>): void => {
    this.setParam("place", key.match(/\d+/g)!.join(" "), { recompute: false });
    this.renew();
  };

  /** Lets a place come next. */
  private next = ({ detail: key }: CustomEvent<string>): void => {
    this.early = [key, ...this.early.filter((one) => one !== key)];
    this.growth?.first(stagesOf(key));
    this.growthView?.refresh();
  };

  /** Leaves a place out, or takes it back. */
  private leaveOutOne = ({ detail: key }: CustomEvent<string>): void => {
    const { growth } = this;
    const out = keysIn(this.param("leftOut"));
    const back = out.includes(key);
    if (!back && this.places!.get(key).done) return;
    this.setParam("leftOut", (back ? out.filter((one) => one !== key) : [...out, key]).join(" "), { recompute: false });
    if (back) growth?.takeBack(stagesOf(key));
    else {
      growth?.leaveOut(stagesOf(key));
      this.keeping?.drop(key);
      this.places!.forget(key);
      this.growthView?.erase(key);
    }
    this.renew();
    this.growthView?.refresh();
  };

  /** Chooses a run to be compared, or does so no more. */
  private mark = ({ detail: key }: CustomEvent<string>): void => {
    const marked = keysIn(this.param("compare"));
    const chosen = marked.includes(key) ? marked.filter((one) => one !== key) : [...marked, key].slice(-MOST_COMPARED);
    this.setParam("compare", chosen.join(" "), { recompute: false });
    this.renew();
    this.growthView?.refresh();
  };

  private promote = (): void => {
    const cell = this.chosen!;
    const { content, style } = this.pictures!;
    const read = [this.planShown!.rows.entries[cell.row], this.planShown!.columns.entries[cell.column]].map(({ value }) => value).find((value) => this.mentions().includes(value as string));
    const { width, height } = content.picture ?? style.picture!;
    addFullRun(this, {
      cell, content: this.boundTo("content"), style: this.boundTo("style"), network: this.ownNetwork ? this.boundTo("network") : ((read as string | undefined) ?? null),
      size: Math.max(width, height), steps: cell.network.card.defaults.steps,
    });
  };

  private get standing(): SweepStanding | null {
    if (!this.places) return null;
    return new SweepStanding(this.places, this.growth, { leftOut: keysIn(this.param("leftOut")), early: this.early, marked: keysIn(this.param("compare")) });
  }

  get tiles(): ReadonlyMap<string, SweepTile> {
    const { standing, places } = this;
    return new Map(standing && places ? places.plan.cells.map((cell) => [cell.key, standing.tile(cell)]) : []);
  }

  get state(): GrowthState {
    const { standing, growth } = this;
    // nothing grows where all was there already
    if (growth && growth.pictures.length > 0) return growth.state;
    return standing && standing.finished > 0 && standing.missing.length === 0 ? "finished" : "idle";
  }

  get goesOn(): boolean {
    const { state, standing } = this;
    return (state === "idle" || state === "stopped") && this.stale().length === 0 && standing !== null && standing.finished > 0 && standing.missing.length > 0;
  }

  get adds(): boolean {
    return canAddBelow(this);
  }

  get notices(): { notice: string; failed: boolean }[] {
    return this.growth?.pictures.filter(({ notice }) => notice !== "").map(({ notice, failed }) => ({ notice, failed })) ?? [];
  }

  /** The network of the chosen place is the one that the sweep reads. */
  get ownNetwork(): boolean {
    const [mine, read] = [this.chosen?.network, this.network];
    return mine?.id === read?.id && mine?.random === read?.random;
  }

  /** How the chosen picture is made: at half size, then at full size, or the latter alone. */
  get chosenStages(): SweepStage[] {
    const { chosen, places } = this;
    if (!chosen || !places) return [];
    const { half, whole } = places.get(chosen.key);
    return half && whole.enlarges ? [half, whole] : [whole];
  }

  /** Share of the work that is done. */
  get progress(): number {
    const { done, all } = this.standing?.work ?? { done: 0, all: 0 };
    return all > 0 ? done / all : this.state === "finished" ? 1 : 0;
  }

  /** How long it will take, or what is left of that; null while it is not known. */
  get seconds(): number | null {
    const { done, all } = this.standing?.work ?? { done: 0, all: 0 };
    const measured = this.state === "running" || this.state === "paused" ? this.rate.secondsFor(all - done) : null;
    if (measured !== null) return measured;
    const { engine, available } = this.kernel?.status ?? {};
    const calibration = available?.find(({ backend }) => backend === engine?.backend)?.seconds;
    return calibration ? forecastSeconds(all - done, calibration) : null;
  }

  /** Start, or Start again: what is there is made once more, unless something else was changed meanwhile. */
  private startAfresh = (): Promise<void> => {
    this.afresh = this.stale().length === 0;
    return this.start();
  };

  /** What was made before just so, here or in an earlier page. */
  protected override async gather(): Promise<void> {
    const { plan, places: before, afresh } = this;
    if (!plan) return;
    const places = new SweepPlaces(plan);
    if (!afresh) {
      if (before) places.adopt(before);
      await this.recall(places, new AbortController().signal);
    }
    this.gathered = places;
  }

  /** Finds the runs of these places that an earlier page has made and kept. */
  private async recall(places: SweepPlaces, signal: AbortSignal): Promise<void> {
    const { runs, notebook = null } = this.context ?? {};
    if (!runs) return;
    // a store that cannot be read has said so itself: then there is nothing to be shown
    const found = await keptPlaces(runs, { notebook, cell: this.name }, places.all.filter(({ done }) => !done), signal).catch(() => []);
    for (const { key, ...kept } of found) if (!places.get(key).done) places.restore(key, kept);
    if (found.length === 0) return;
    this.group ??= found[0].group;
    if (places !== this.places) return;
    this.renew();
    this.requestUpdate();
    this.growthView?.refresh();
  }

  /** Runs that were deleted can be compared no more. @param ids that may have been, null: any of them */
  private async checkKept(ids: readonly string[] | null): Promise<void> {
    const { places, context } = this;
    const asked = places?.all.filter(({ run }) => run !== null && (ids === null || ids.includes(run))) ?? [];
    for (const place of asked) if (place.run && !(await context?.runs?.get(place.run))) place.run = null;
    if (asked.length > 0) this.renew();
    this.growthView?.refresh();
  }

  protected override beginning(): void {
    const { plan, places: before, gathered, afresh, context, kernel } = this;
    const { rows, columns } = plan!;
    this.places = gathered?.plan === plan ? gathered : new SweepPlaces(plan!);
    if (afresh || !this.group) this.group = { id: newRunId(), title: `${rows.title} × ${columns.title}` };
    const { content, style } = this.pictures!;
    const names = { content: content.name ?? this.boundTo("content"), style: style.name ?? this.boundTo("style") };
    this.keeping?.end();
    this.keeping = new SweepKeeping(
      { runs: context?.runs ?? null, notebook: context?.notebook ?? null, cell: this.name, names, group: this.group, device: () => kernel?.status.engine ?? null },
      before?.plan === plan ? before : null,
    );
    this.gathered = null;
    this.afresh = false;
    this.rate = new WorkRate();
  }

  protected override wanted(): SweepStage[] {
    return this.standing!.wanted;
  }

  protected override leftOut(): ReadonlySet<string> {
    return new Set(keysIn(this.param("leftOut")).flatMap(stagesOf));
  }

  protected override shows({ key }: GrowingPicture): boolean {
    return seenAtHalf(this.places!.get(placeOf(key))) === key.endsWith("/half");
  }

  protected sow(kernels: Kernels, stage: SweepStage, take: (batch: RunBatch) => void): GrowthHandle {
    const { config, half, enlarges, cell } = stage;
    const place = this.places!.get(cell.key);
    const from = enlarges ? enlarged(stage, place.halfPicture) : undefined;
    if (from === null) return UNGROWN();
    if (!half) this.keeping!.begin(stage, from, place.history);
    return new RunHandle(kernels, config, take, from);
  }

  protected record({ key }: GrowingPicture, batch: RunBatch): boolean {
    const place = this.places!.get(placeOf(key));
    const stage = place.half?.key === key ? place.half : place.whole;
    const changed = this.places!.take(stage, batch);
    const run = this.keeping!.take(stage, batch);
    if (run) place.run = run;
    this.rate.tell(this.standing!.work.done, this.state === "running", performance.now());
    return changed || run !== null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    queueMicrotask(() => {
      if (!this.isConnected) this.keeping?.end();
    });
  }

  protected summary(): SweepValue {
    const { chosen, places, network } = this;
    if (chosen && places) return sweepValue(places, chosen, keysIn(this.param("compare")));
    return noSweepYet(transferSettings(completeChoices(this.base, network!.card), network!.card), network!);
  }

  protected facts(): Record<string, unknown> {
    const { rows, columns } = this.plan ?? {};
    const networks = [...new Set(this.plan?.cells.map(({ network: { id, random } }) => (random === undefined ? id : `${id} random ${random}`)))];
    return {
      "content picture": this.pictures?.content.picture, "style picture": this.pictures?.style.picture, network: networks, rows, columns, "settings of all pictures": this.base,
      "share of the steps at half size": this.param("coarse"), "how pictures come to full size": this.param("fine"),
    };
  }
}

const stagesOf = (key: string): string[] => [`${key}/half`, key];

declare global {
  interface HTMLElementTagNameMap {
    "nst-sweep": SweepGrid;
  }
}
