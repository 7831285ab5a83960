import { html, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import type { Kernels } from "../kernel/client";
import type { NetworkSource } from "../kernel/protocol";
import { equal } from "../notebook/equal";
import { checkSettings } from "../nst/check-settings";
import { liveSettings } from "../nst/live-settings";
import type { Picture } from "../nst/picture";
import type { LiveSettings, TransferSettings } from "../nst/settings";
import { addBelow, canAddBelow } from "./add-cells";
import { bindings } from "./bindings";
import { branchText } from "./branch-text";
import { Cell } from "./cell";
import type { CellContext } from "./context";
import { duplicateText } from "./duplicate-run";
import type { ImageValue } from "./image";
import type { NetworkValue } from "./network";
import { pixelsOf } from "./pixel-canvas";
import { type KeptAs, RunCourse, type RunPicture } from "./run-course";
import { downloadPng } from "./run-download";
import { RunFinder } from "./run-finder";
import "./run-view";
import type { RunView } from "./run-view";
import { describeChange } from "./settings-change";

/** The value of a run cell: the generated picture, renewed about once a second while the run is going. */
export type RunValue = RunPicture;

interface Inputs {
  content: ImageValue;
  style: ImageValue;
  network: NetworkValue;
  settings: TransferSettings;
}

/**
 * The whole optimisation: Start, and the picture turns. A run outlives changes of its inputs: weights, layers, steps and
 * learning rate act from the next step on, the rest is named and waits for the next start.
 *
 * Every run is kept. After a reload the cell shows the newest one that it made, and Go on computes the steps that are missing.
 *
 *     <nst-run as="G" of="content style" network="network" settings="settings"></nst-run>
 */
@customElement("nst-run")
export class RunCell extends Cell<RunValue> {
  static override title = "run";
  static override roles = ["content", "style", "network", "settings"];

  @query("nst-run-view") private runView!: RunView | null;

  private inputs: Inputs | null = null;
  /** counts presses of Start and Stop: a start that still waits is given up by the next press */
  private presses = 0;
  /** the person wants a branch as soon as the run has paused */
  private branching = false;
  private kernels: Kernels | null = null;
  private readonly course = new RunCourse({
    changed: () => this.turned(),
    show: (bitmap) => this.withView((view) => view.show(bitmap), () => bitmap.close()),
    showKept: (picture) => this.withView((view) => view.showPixels(pixelsOf(picture))),
    clear: () => this.runView?.clear(),
  });
  private readonly finder = new RunFinder(this.course, ({ parent }) => parent === null);
  private looked: Promise<void> = Promise.resolve();
  /** the context that was looked in */
  private place: CellContext | null = null;

  compute(inputs: Inputs, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): AsyncIterable<RunValue> {
    this.inputs = inputs;
    this.kernels = kernel;
    this.steer();
    this.requestUpdate();
    return this.values(signal);
  }

  /** The run that was kept first: nobody is to read that there is none. */
  private async *values(signal: AbortSignal): AsyncGenerator<RunValue> {
    await this.looked;
    yield* this.course.latest.follow(signal);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.context || this.context.graph === this.place?.graph) return;
    this.place = this.context;
    this.looked = this.finder.look(this.context, this.name);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // as the base class does: moving an element in the page does not end its run
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.finder.leave();
      this.course.drop();
      this.place = null;
    });
  }

  override headerNote(): string {
    const { config, step } = this.course;
    return config ? `step ${step} of ${config.settings.steps}` : "";
  }

  view(): TemplateResult {
    const { inputs, course } = this;
    const { state, step, stepsPerSecond } = course;
    const steps = course.config?.settings.steps ?? inputs?.settings.steps ?? 0;
    const left = stepsPerSecond > 0 ? (steps - step) / stepsPerSecond : null;
    const from = course.goesOnFrom(this.live()?.steps ?? steps);
    return html`<nst-run-view
      .state=${state} .step=${step} .steps=${steps} .stepsPerSecond=${stepsPerSecond} .secondsLeft=${left}
      .history=${course.history} .version=${course.version} .changes=${course.changes} .notice=${course.notice || null} .failed=${course.failed} .stale=${this.stale()} .problems=${this.problems()} .ready=${inputs !== null}
      .goesOnFrom=${from} .changedSince=${from === null ? "" : this.changedSince()} .duplicable=${inputs !== null && canAddBelow(this)} .branchable=${canAddBelow(this)}
      .contentPicture=${inputs?.content.picture ?? course.config?.content ?? null} .stylePicture=${inputs?.style.picture ?? course.config?.style ?? null}
      @start=${this.start} @pause=${() => course.pause()} @resume=${() => course.resume()} @stop=${this.stop} @go-on=${this.goOn} @download=${this.download} @duplicate=${this.duplicate} @branch=${this.branch}
    ></nst-run-view>`;
  }

  private problems(): string[] {
    // what it had from there before is not what the page shows now
    if (this.status === "waiting") return [`“${this.waitingFor}” has no value that a run could start with. What is wrong is said there.`];
    return this.inputs ? settingsErrors(this.inputs) : [];
  }

  /** A size or a picture that was chosen just now may still be on its way here: the run starts with it, not with what was before. */
  private start = async (): Promise<void> => {
    const press = ++this.presses;
    // rejects when an input has failed; the cell says which
    if (this.name) await this.context?.graph.value(this.name).catch(() => {});
    if (press === this.presses && this.inputs && this.kernels && this.problems().length === 0) this.begin(this.inputs, this.kernels);
  };

  private stop = (): void => {
    this.presses++;
    this.course.stop();
  };

  private begin(inputs: Inputs, kernels: Kernels): void {
    const { content, style, network, settings } = inputs;
    const config = { network: { card: network.card, base: network.base, random: network.random }, content: content.picture, style: style.picture, settings };
    this.course.begin(kernels, this.context?.runs, config, this.keptAs({ content: content.name, style: style.name }));
  }

  private goOn = (): void => {
    const live = this.live();
    const kernels = this.kernels ?? this.context?.kernels;
    if (live && kernels) this.course.goOn(kernels, this.context?.runs, live, this.keptAs(this.course.names));
  };

  private keptAs(names: KeptAs["names"]): KeptAs {
    return { names, notebook: this.context?.notebook ?? null, cell: this.name };
  }

  /** What the run would go on with: the settings as they are now, where they are meant for its network. */
  private live(): LiveSettings | null {
    const { inputs, course: { config } } = this;
    if (!config) return null;
    return liveSettings(inputs && sameNetwork(inputs.network, config.network) && settingsErrors(inputs).length === 0 ? inputs.settings : config.settings);
  }

  private changedSince(): string {
    const { config } = this.course;
    const live = this.live();
    return config && live ? describeChange(config.settings, live) : "";
  }

  /** Hands changed settings to the run that is going. */
  private steer(): void {
    const { inputs, course: { config } } = this;
    if (inputs && config && settingsErrors(inputs).length === 0 && sameNetwork(inputs.network, config.network)) this.course.steer(inputs.settings);
  }

  private turned(): void {
    this.requestUpdate();
    if (this.branching && this.course.state !== "running" && this.course.state !== "preparing") {
      this.branching = false;
      this.addBranch();
    }
  }

  private withView(show: (view: RunView) => void, gone: () => void = () => {}): void {
    // a run that was kept may be found before the cell has been shown for the first time
    if (!this.runView && this.isConnected) {
      this.requestUpdate();
      this.performUpdate();
    }
    if (this.runView) show(this.runView);
    else gone();
  }

  private duplicate = (): void => {
    const { inputs, course } = this;
    if (!inputs) return;
    const bound = Object.fromEntries(bindings(RunCell.roles, (attribute) => this.getAttribute(attribute)).map(({ role, name }) => [role, name]));
    const settings = { ...inputs.settings, ...(course.config && sameNetwork(inputs.network, course.config.network) ? course.config.settings : {}) };
    const settingsName = /^[\p{L}_][\p{L}\d_]*$/u.test(bound.settings) ? bound.settings : undefined;
    addBelow(this, (taken) => duplicateText({ run: this.name ?? "G", settingsName, content: bound.content, style: bound.style, network: bound.network, settings, card: inputs.network.card }, taken).text, "duplicate the run");
  };

  /** Where the run goes, it pauses first: the branch begins at the step that it has come to. */
  private branch = (): void => {
    if (this.course.state === "running") {
      this.branching = true;
      this.course.pause();
    } else this.addBranch();
  };

  private addBranch(): void {
    const { name } = this;
    const at = this.course.record?.checkpoints.at(-1)?.step;
    if (name && at !== undefined) addBelow(this, (taken) => branchText(name, at, taken), "branch the run");
  }

  /** What was changed since the start and needs another start. */
  private stale(): string[] {
    const { inputs, course: { config, names } } = this;
    if (!inputs || !config) return [];
    const [now, then] = [inputs.settings, config.settings];
    const side = ({ width, height }: Picture) => Math.max(width, height);
    // another size makes other pictures of the same two: that is one change, not two
    const pictures = (["content", "style"] as const).filter((kind) => !equal(inputs[kind].picture, config[kind]));
    const resized = pictures.filter((kind) => inputs[kind].name === names[kind] && side(inputs[kind].picture) !== side(config[kind]));
    const differs: [string, boolean][] = [
      ...(["content", "style"] as const).map((kind): [string, boolean] => [`${kind} picture`, pictures.includes(kind) && !resized.includes(kind)]),
      ["size", resized.length > 0],
      ["network", !sameNetwork(inputs.network, config.network)],
      ["pooling", now.pooling !== then.pooling],
      ["reading layers before or after the ReLU", now.tap !== then.tap],
      ["initialisation", !equal(now.initialisation, then.initialisation)],
      ["seed", now.seed !== then.seed && ["noise", "blend"].includes(now.initialisation.kind)],
    ];
    return differs.flatMap(([name, changed]) => (changed ? [name] : []));
  }

  private download = (): void => {
    if (this.runView) void downloadPng(this.runView, this.course.names, this.course.step);
  };
}

/** A card that was published anew, or is read from elsewhere, is still the same network; a card with another input is not. */
const sameNetwork = (a: NetworkSource, b: NetworkSource): boolean => a.card.id === b.card.id && a.random === b.random && equal(a.card.input, b.card.input);

const settingsErrors = ({ settings, network }: Inputs): string[] => checkSettings(settings, network.card).errors;

declare global {
  interface HTMLElementTagNameMap {
    "nst-run": RunCell;
  }
}
