import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { type Kernels, replay } from "../kernel/client";
import { checkSettings } from "../nst/check-settings";
import { liveSettings } from "../nst/live-settings";
import type { Picture } from "../nst/picture";
import type { TransferSettings } from "../nst/settings";
import type { RunParent } from "../runs/kept-run";
import { bindings } from "./bindings";
import "./branch-controls";
import type { BranchChange } from "./branch-controls";
import { costsAt, type Future, lastStep, sameWeights } from "./branch-courses";
import "./branch-easel";
import { type Origin, OriginFinder } from "./branch-origin";
import { BRANCH_CHOICES, type BranchChoices, branchSettings, branchStart, keepsOptimiser } from "./branch-plan";
import { branchStyles } from "./branch-styles";
import "./branch-view";
import type { Moment } from "./branch-view";
import { Cell } from "./cell";
import { previewAt } from "./compare-runs-preview";
import { ExactPictures } from "./compare-runs-exact";
import type { CellContext } from "./context";
import { Painting } from "./paint-model";
import { pixelsOf } from "./pixel-canvas";
import { type KeptAs, RunCourse, type RunPicture } from "./run-course";
import { downloadPng } from "./run-download";
import { RunFinder } from "./run-finder";
import { type KeptRun, openKeptRun } from "./run-records";
import "./run-view";
import type { RunView } from "./run-view";
import { describeChange } from "./settings-change";
import { cellStyles, controlStyles } from "./theme";

/** The value of a branch: as that of a run, and how it compares. Costs are as they count in J, null where they are not known. */
export interface BranchValue extends RunPicture {
  /** it parts from its parent after so many steps */
  at: number | null;
  total: number | null;
  content: number | null;
  style: number | null;
  /** the same of the run that it went on from, at the same step */
  parent: { total: number | null; content: number | null; style: number | null };
}

/** A step is computed again when the slider has rested for so long, in ms. */
const REST = 250;

/**
 * Another future of a run: it goes on from the picture after step `at` with something changed, and both are seen together.
 *
 *     <nst-branch as="B" of="G" at="40"></nst-branch>
 *     <nst-branch as="B" of="G" at="40" optimiser-state="fresh" beta="10" style-layers="conv1_1 conv2_1"></nst-branch>
 *     <nst-branch as="B" of="G" at="40" settings="other"></nst-branch>
 *
 * The picture after that step is computed again from the checkpoint before it, exactly. `optimiser-state` says whether the
 * optimiser goes on with what it remembers ("kept") or begins afresh; another optimiser always does. `settings` names a
 * settings cell whose weights, layers, steps and optimiser count instead of the cell's own controls. `at` −1 is the newest step.
 * Its value is that of a run, with `B.total`, `B.content`, `B.style` and the same of its parent (see BranchValue).
 */
@customElement("nst-branch")
export class BranchCell extends Cell<BranchValue> {
  static override title = "branch";
  static override roles = ["run", "settings"];
  static override lazy = true;
  static override reserve = 560;
  static override params = {
    at: -1,
    /** "kept" or "fresh" */
    optimiserState: "kept",
    ...(Object.fromEntries(BRANCH_CHOICES.map((name) => [name, null])) as Record<(typeof BRANCH_CHOICES)[number], null>),
  };

  @query("nst-run-view") private runView!: RunView | null;
  /** the step that is looked at; −1: the newest of the branch */
  @state() private looked = -1;
  /** the picture is being painted on */
  @state() private painting: Painting | null = null;
  @state() private painted = 0;

  private kernels: Kernels | null = null;
  private source: RunPicture | null = null;
  private other: TransferSettings | null = null;
  private readonly origins = new OriginFinder({ changed: () => this.requestUpdate(), forgotten: () => (this.painting = null) });
  /** what the branch that is shown went on from */
  private parent: { id: string; kept: KeptRun } | null = null;
  private presses = 0;
  /** what was painted when the branch was started */
  private startedWith = 0;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private place: CellContext | null = null;
  private found: Promise<void> = Promise.resolve();

  private readonly course = new RunCourse({
    changed: () => this.requestUpdate(),
    show: (bitmap) => (this.runView ? this.runView.show(bitmap) : bitmap.close()),
    showKept: (picture) => {
      if (!this.runView && this.isConnected) {
        this.requestUpdate();
        this.performUpdate();
      }
      this.runView?.showPixels(pixelsOf(picture));
    },
    clear: () => this.runView?.clear(),
  });
  private readonly finder = new RunFinder(this.course, ({ parent }) => parent !== null);
  private readonly exact = new ExactPictures((run, to, signal) => replay(this.kernels!, run.record, { to }, signal), () => this.requestUpdate());

  protected override reads(): readonly string[] {
    return this.hasAttribute("settings") ? BranchCell.roles : ["run"];
  }

  compute({ run, settings }: { run: RunPicture; settings?: TransferSettings }, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): AsyncIterable<BranchValue> {
    if (run?.run === undefined) throw new Error(`“${this.sourceName}” is no run. Take the name of a run cell (<nst-run as="…">).`);
    const { at, state } = { at: this.param<number>("at"), state: this.param<string>("optimiserState") };
    if (!Number.isInteger(at) || at < -1) throw new Error(`at="${at}" is no step of a run. Write a whole number, like at="40".`);
    if (state !== "kept" && state !== "fresh") throw new Error(`optimiser-state="${state}" should be kept or fresh.`);
    this.kernels = kernel;
    this.source = run;
    this.other = settings ?? null;
    void this.origins.find({ ...run, at: at < 0 ? run.step : at, name: this.sourceName }, this.context, kernel);
    if (this.course.going && this.stale().length === 0) {
      const now = this.settings();
      if (now && this.errors(now).length === 0) this.course.steer(now);
    }
    return this.values(signal);
  }

  private async *values(signal: AbortSignal): AsyncGenerator<BranchValue> {
    await this.found;
    for await (const value of this.course.latest.follow(signal)) {
      const { step } = value;
      yield { ...value, at: this.course.parent?.step ?? null, ...costsAt(this.course.history, step), parent: costsAt(this.parent?.kept.history, step) };
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.context || this.context.graph === this.place?.graph) return;
    this.place = this.context;
    this.found = this.finder.look(this.context, this.name);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.finder.leave();
      this.course.drop();
      this.origins.stop();
      this.exact.stop();
      clearTimeout(this.resting);
      this.place = null;
    });
  }

  override headerNote(): string {
    const { config, step } = this.course;
    return config ? `step ${step} of ${config.settings.steps}` : "";
  }

  private get sourceName(): string {
    return bindings(BranchCell.roles, (attribute) => this.getAttribute(attribute))[0].name;
  }

  private get origin(): Origin | null {
    return this.origins.origin;
  }

  /** What the branch goes on with, as things are set now; null while there is nothing to go on from. */
  private settings(): TransferSettings | null {
    const { origin, other } = this;
    if (!origin) return null;
    const before = this.there(origin);
    if (other) return { ...before, ...liveSettings(other) };
    const chosen = Object.fromEntries(BRANCH_CHOICES.map((name) => [name, this.param(name)])) as BranchChoices;
    return branchSettings(before, chosen, origin.kept.record.config.network.card, origin.at);
  }

  private there({ kept: { record }, at }: Origin): TransferSettings {
    return record.settingsAt(at);
  }

  private errors(settings: TransferSettings): string[] {
    return this.origin ? checkSettings(settings, this.origin.kept.record.config.network.card).errors : [];
  }

  /** Whether the optimiser's state goes on. */
  private optimiserKept(settings: TransferSettings): RunParent["optimiser"] {
    return keepsOptimiser(this.param<RunParent["optimiser"]>("optimiserState"), this.there(this.origin!).optimiser, settings.optimiser);
  }

  /** What was changed since the start and needs another start. */
  private stale(): string[] {
    const { course: { parent }, origin } = this;
    if (!parent || !origin) return [];
    const settings = this.settings()!;
    const differs: [string, boolean][] = [
      ["the run that it goes on from", parent.run !== origin.run],
      ["the step where it begins", parent.step !== origin.at],
      ["the optimiser’s state", parent.optimiser !== this.optimiserKept(settings)],
      ["what is painted", this.painting !== null && this.painting.version !== this.startedWith],
    ];
    return differs.flatMap(([name, changed]) => (changed ? [name] : []));
  }

  private start = async (): Promise<void> => {
    const press = ++this.presses;
    // a setting that was chosen just now may still be on its way here
    if (this.name) await this.context?.graph.value(this.name).catch(() => {});
    const { origin, kernels } = this;
    const settings = this.settings();
    if (press !== this.presses || !origin || !kernels || !settings || this.errors(settings).length > 0) return;
    const { run, at, kept, checkpoint } = origin;
    // it begins there from now on, wherever the run goes
    this.setParam("at", at, { recompute: false });
    const picture = this.paintedPicture();
    const optimiser = this.optimiserKept(settings);
    const names = kept.names ?? { content: "", style: "" };
    this.startedWith = this.painting?.version ?? 0;
    this.parent = { id: run, kept };
    this.looked = -1;
    this.course.begin(kernels, this.context?.runs, { ...kept.record.config, settings }, { ...this.keptAs(names), parent: { run, step: at, optimiser, painted: picture !== null } }, branchStart(checkpoint, optimiser, picture));
  };

  private paintedPicture(): Picture | null {
    const { painting } = this;
    return painting?.picture.data.some((value, i) => value !== painting.start.data[i]) ? painting.copy() : null;
  }

  private keptAs(names: KeptAs["names"]): KeptAs {
    return { names, notebook: this.context?.notebook ?? null, cell: this.name };
  }

  private stop = (): void => {
    this.presses++;
    this.course.stop();
  };

  /** What it would go on with from where it ended. */
  private live(): TransferSettings | null {
    const { course: { config, parent }, origin } = this;
    const settings = origin && origin.run === parent?.run && origin.at === parent.step ? this.settings() : null;
    return settings && this.errors(settings).length === 0 ? settings : (config?.settings ?? null);
  }

  private goOn = (): void => {
    const live = this.live();
    const kernels = this.kernels ?? this.context?.kernels;
    if (live && kernels) this.course.goOn(kernels, this.context?.runs, liveSettings(live), this.keptAs(this.course.names));
  };

  private paint = (): void => {
    const { origin } = this;
    if (!origin) return;
    if (this.painting) this.painting = null;
    else {
      // a run that goes on must not take the picture away under the brush
      this.setParam("at", origin.at, { recompute: false });
      const { width, height, picture: data } = origin.checkpoint;
      this.painting = new Painting({ width, height, data });
    }
  };

  protected override updated(): void {
    void this.findParent();
    this.lookCloser();
  }

  /** The run that a branch of an earlier page went on from. */
  private async findParent(): Promise<void> {
    const id = this.course.parent?.run;
    if (!id || !this.context || this.parent?.id === id || this.seeking === id) return;
    this.seeking = id;
    const kept = await openKeptRun(this.context, id).catch(() => undefined);
    if (this.course.parent?.run !== id) return;
    this.parent = kept ? { id, kept } : null;
    this.requestUpdate();
  }

  private seeking = "";

  /** The two runs that are shown, as far as there are any. */
  private futures(): { parent: Future | null; branch: Future | null; at: number } {
    const { course, origin, name } = this;
    const of = this.parent && course.id ? this.parent : course.id === null && origin ? { id: origin.run, kept: origin.kept } : null;
    const parent = of && { id: of.id, name: this.sourceName, record: of.kept.record, history: of.kept.history };
    const branch = course.id && course.record ? { id: course.id, name: name ?? "branch", record: course.record, history: course.history } : null;
    return { parent, branch, at: course.parent?.step ?? origin?.at ?? 0 };
  }

  private shownStep(at: number, branch: Future | null): number {
    return this.looked >= 0 ? Math.max(at, this.looked) : branch ? Math.max(at, this.course.step) : at;
  }

  private moment(run: Future, step: number, newest: boolean): Moment {
    const end = Math.min(step, lastStep(run));
    const exact = this.exact.at(run, end);
    if (exact) return { picture: exact.picture, step: end, is: end < step ? "last" : "exact" };
    const near = newest ? run.record.checkpoints.at(-1) : previewAt({ frames: [], record: run.record }, end);
    return { picture: (near && this.exact.at(run, near.step)?.picture) ?? null, step: near?.step ?? end, is: newest ? "newest" : "near" };
  }

  /** Has the exact pictures computed, when neither the branch nor the slider moves. */
  private lookCloser(): void {
    clearTimeout(this.resting);
    const { parent, branch, at } = this.futures();
    if (!branch || !this.kernels || (this.course.going && this.course.state !== "paused" && this.looked < 0)) return;
    const step = this.shownStep(at, branch);
    this.resting = setTimeout(() => this.exact.want([parent, branch].flatMap((run) => (run ? [{ run, step: Math.min(step, lastStep(run)) }] : [])).filter(({ step }) => step >= 0)), REST);
  }

  view(): TemplateResult | typeof nothing {
    const { course, origin } = this;
    if (!origin && course.id === null) return html`<div class="body soft">${this.origins.missing || (this.error ? nothing : `Computes the picture after step ${Math.max(0, this.param<number>("at"))} again …`)}</div>`;
    const settings = this.settings();
    return html`${origin && settings ? this.setup(origin, settings) : this.origins.missing ? html`<div class="body soft">${this.origins.missing}</div>` : nothing} ${this.bar(settings)}`;
  }

  private setup(origin: Origin, settings: TransferSettings) {
    const before = this.there(origin);
    const kept = this.param<string>("optimiserState");
    const forced = this.optimiserKept(settings) !== kept;
    const changed = describeChange(before, settings);
    const card = origin.kept.record.config.network.card;
    const either = (value: string, text: string, title: string) => html`<button aria-pressed=${(forced ? "fresh" : kept) === value} ?disabled=${forced} title=${title} @click=${() => this.setParam("optimiserState", value)}>${text}</button>`;
    return html`<div class="body">
      <div class="begin">
        <span>Goes on from <b>${this.sourceName}</b> after step</span>
        <nst-number-field label="step after which it begins" whole .value=${origin.at} .min=${0} .max=${this.source?.step ?? Infinity} @nst-change=${(e: CustomEvent<number>) => this.setParam("at", e.detail)}></nst-number-field>
        <span class="optimiser"><span>the optimiser’s state</span> <span class="either" role="group" aria-label="the optimiser’s state">${either("kept", "kept", "it remembers the gradients of the steps before")}${either("fresh", "fresh", "as at a first step: nothing is remembered")}</span></span>
        ${forced ? html`<span class="soft">Another optimiser begins afresh.</span>` : nothing}
      </div>
      ${this.other
        ? nothing
        : html`<nst-branch-controls .card=${card} .there=${before} .now=${settings} @nst-change=${({ detail: { name, value } }: CustomEvent<BranchChange>) => this.setParam(name, value)}></nst-branch-controls>`}
      <div class="begin">
        <span>${this.other ? html`Settings of <b>${this.getAttribute("settings")}</b>. ` : nothing}${changed ? html`Changed from step ${origin.at} on: <b>${changed}</b>` : html`<span class="soft">No setting is changed: with the optimiser’s state kept, the same future again.</span>`}</span>
        <button aria-pressed=${this.painting !== null} @click=${this.paint}>${this.painting ? "Leave the picture as it was" : "Paint on the picture"}</button>
      </div>
      ${this.painting
        ? html`<nst-branch-easel
            .painting=${this.painting} .version=${this.painted + this.painting.version} .contentPicture=${origin.kept.record.config.content} .stylePicture=${origin.kept.record.config.style} label="The picture after step ${origin.at}, to be painted on before the branch goes on from it"
            @nst-painted=${() => this.painted++}
          ></nst-branch-easel>`
        : nothing}
    </div>`;
  }

  private bar(settings: TransferSettings | null) {
    const { course, origin } = this;
    const { state, step, stepsPerSecond } = course;
    const steps = course.config?.settings.steps ?? settings?.steps ?? 0;
    const { parent, branch, at } = this.futures();
    const shown = this.shownStep(at, branch);
    const follows = this.looked < 0;
    const live = this.live();
    const from = course.goesOnFrom(live?.steps ?? steps);
    const { working } = this.exact;
    // what is painted on is shown above
    const left = parent && !(this.painting && !branch) ? this.moment(parent, shown, false) : null;
    const right = branch ? this.moment(branch, shown, follows && course.going) : null;
    const failed = [parent, branch].map((run) => (run ? this.exact.problem(run, Math.min(shown, lastStep(run))) : "")).find(Boolean) ?? "";
    return html`<nst-run-view
      bare .state=${state} .step=${step} .steps=${steps} .stepsPerSecond=${stepsPerSecond} .secondsLeft=${stepsPerSecond > 0 ? (steps - step) / stepsPerSecond : null}
      .history=${course.history} .version=${course.version} .notice=${course.notice || null} .failed=${course.failed} .stale=${this.stale()} .problems=${settings ? this.errors(settings) : []} .ready=${origin !== null}
      .goesOnFrom=${from} .changedSince=${from !== null && live && course.config ? describeChange(course.config.settings, live) : ""}
      @start=${this.start} @pause=${() => course.pause()} @resume=${() => course.resume()} @stop=${this.stop} @go-on=${this.goOn} @download=${() => this.runView && downloadPng(this.runView, course.names, course.step)}
    ><nst-branch-view
      .parent=${parent} .branch=${branch} .at=${at} .step=${shown} .newest=${follows} .left=${left} .right=${right} .version=${course.version + (parent?.history.version ?? 0)}
      .working=${working ? `step ${working.reached} of ${working.step}` : ""} .problem=${failed} .unlike=${parent !== null && course.config !== null && !sameWeights(parent.record.settingsAt(at), course.config.settings)}
      @nst-step=${({ detail }: CustomEvent<number>) => (this.looked = detail)}
    ></nst-branch-view></nst-run-view>`;
  }

  static override styles = [controlStyles, cellStyles, branchStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-branch": BranchCell;
  }
}
