import { html, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Kernels } from "../kernel/client";
import { RunHandle, RunRecord } from "../kernel/client";
import type { RunBatch, RunConfig } from "../kernel/protocol";
import { equal } from "../notebook/equal";
import { checkSettings } from "../nst/check-settings";
import { liveSettings } from "../nst/live-settings";
import type { Picture } from "../nst/picture";
import type { TransferSettings } from "../nst/settings";
import { Cell } from "./cell";
import { CostHistory } from "../runs/cost-history";
import type { ImageValue } from "./image";
import { Latest } from "./latest";
import type { NetworkValue } from "./network";
import { keepRun } from "./run-records";
import "./run-view";
import type { RunState, RunView } from "./run-view";
import { type MarkedChange, markedChanges } from "./settings-change";

/** The value of a run cell: the generated picture, renewed about once a second while the run is going. */
export interface RunValue {
  /** null until the run has been started */
  picture: Picture | null;
  step: number;
  /** the run that the picture is of, for `runRecord`; null until one has been started */
  run: string | null;
}

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
 *     <nst-run as="G" of="content style" network="network" settings="settings"></nst-run>
 */
@customElement("nst-run")
export class RunCell extends Cell<RunValue> {
  static override title = "run";
  static override roles = ["content", "style", "network", "settings"];

  @state() private runState: RunState = "idle";
  @state() private step = 0;
  @state() private stepsPerSecond = 0;
  @state() private notice = "";
  /** the notice says why the run has ended */
  @state() private failed = false;
  @state() private version = 0;
  @query("nst-run-view") private runView!: RunView;

  private inputs: Inputs | null = null;
  /** what the present run was started with */
  private begun: Inputs | null = null;
  /** the same as the engine was told it, with what has been changed since */
  private config: RunConfig | null = null;
  /** counts presses of Start and Stop: a start that still waits is given up by the next press */
  private presses = 0;
  private run: RunHandle | null = null;
  private history = new CostHistory();
  private record: RunRecord | null = null;
  /** what `record` is known by to others */
  private recordName = "";
  private changes: readonly MarkedChange[] = [];
  private readonly latest = new Latest<RunValue>({ picture: null, step: 0, run: null });
  private kernels: Kernels | null = null;

  compute(inputs: Inputs, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): AsyncIterable<RunValue> {
    this.inputs = inputs;
    this.kernels = kernel;
    this.steer();
    return this.latest.follow(signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // as the base class does: moving an element in the page does not end its run
    queueMicrotask(() => {
      if (!this.isConnected) this.drop();
    });
  }

  override headerNote(): string {
    return this.config ? `step ${this.step} of ${this.config.settings.steps}` : "";
  }

  view(): TemplateResult {
    const { inputs, config } = this;
    const steps = config?.settings.steps ?? inputs?.settings.steps ?? 0;
    const left = this.stepsPerSecond > 0 ? (steps - this.step) / this.stepsPerSecond : null;
    return html`<nst-run-view
      .state=${this.runState} .step=${this.step} .steps=${steps} .stepsPerSecond=${this.stepsPerSecond} .secondsLeft=${left}
      .history=${this.history} .version=${this.version} .changes=${this.changes} .notice=${this.notice || null} .failed=${this.failed} .stale=${this.stale()} .problems=${this.problems()} .ready=${inputs !== null}
      .contentPicture=${inputs?.content.picture ?? null} .stylePicture=${inputs?.style.picture ?? null}
      @start=${this.start} @pause=${() => this.run?.pause()} @resume=${() => this.run?.resume()} @stop=${this.stop} @download=${this.download}
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
    this.run?.stop();
  };

  private begin(inputs: Inputs, kernels: Kernels): void {
    this.drop();
    const { content, style, network, settings } = (this.begun = inputs);
    this.config = { network: { card: network.card, base: network.base, random: network.random }, content: content.picture, style: style.picture, settings };
    this.history = new CostHistory();
    this.record = new RunRecord(this.config);
    this.recordName = keepRun({ record: this.record, history: this.history });
    this.changes = [];
    this.version++;
    this.runState = "preparing";
    this.step = 0;
    this.stepsPerSecond = 0;
    this.notice = "";
    this.failed = false;
    this.runView.clear();
    const run = (this.run = new RunHandle(kernels, this.config, (batch) => (this.run === run ? this.take(batch) : batch.image?.close())));
    run.ended.catch((error: Error) => {
      if (this.run !== run || error.name === "AbortError") return;
      this.notice = error.message;
      this.failed = true;
      this.runState = "stopped";
    });
  }

  private take(batch: RunBatch): void {
    this.history.append(batch);
    this.record!.take(batch);
    if (batch.change) this.changes = markedChanges(this.record!.changes);
    this.version = this.history.version;
    this.runState = batch.state;
    this.step = batch.step;
    this.stepsPerSecond = batch.stepsPerSecond;
    if (batch.notice) this.notice = batch.notice;
    if (batch.image) this.runView.show(batch.image);
    if (batch.checkpoint) {
      const { picture: data, width, height, step } = batch.checkpoint;
      this.latest.give({ picture: { width, height, data }, step, run: this.recordName });
    }
  }

  /** Hands changed settings to the run that is going. */
  private steer(): void {
    const { inputs, begun, config, run } = this;
    if (!inputs || !begun || !config || !run || settingsErrors(inputs).length > 0) return;
    const live = liveSettings(inputs.settings);
    if (inputs.network.id !== begun.network.id || equal(live, liveSettings(config.settings))) return;
    this.config = { ...config, settings: { ...config.settings, ...live } };
    run.update(live);
  }

  /** What was changed since the start and needs another start. */
  private stale(): string[] {
    const { inputs, begun } = this;
    if (!inputs || !begun) return [];
    const [now, then] = [inputs.settings, begun.settings];
    const side = ({ picture: { width, height } }: ImageValue) => Math.max(width, height);
    // another size makes other pictures of the same two: that is one change, not two
    const pictures = (["content", "style"] as const).filter((kind) => !equal(inputs[kind].picture, begun[kind].picture));
    const resized = pictures.filter((kind) => inputs[kind].name === begun[kind].name && side(inputs[kind]) !== side(begun[kind]));
    const differs: [string, boolean][] = [
      ...(["content", "style"] as const).map((kind): [string, boolean] => [`${kind} picture`, pictures.includes(kind) && !resized.includes(kind)]),
      ["size", resized.length > 0],
      ["network", inputs.network.id !== begun.network.id],
      ["pooling", now.pooling !== then.pooling],
      ["reading layers before or after the ReLU", now.tap !== then.tap],
      ["initialisation", !equal(now.initialisation, then.initialisation)],
      ["seed", now.seed !== then.seed && ["noise", "blend"].includes(now.initialisation.kind)],
    ];
    return differs.flatMap(([name, changed]) => (changed ? [name] : []));
  }

  private drop(): void {
    this.run?.drop();
    this.run = null;
  }

  private download = async (): Promise<void> => {
    const blob = await this.runView.toPng();
    const stem = (name: string) => name.replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N}_-]+/gu, "-");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${stem(this.inputs!.content.name)}--${stem(this.inputs!.style.name)}--step-${this.step}.png`;
    link.click();
    // the browser reads the address after the click has returned
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };
}

const settingsErrors = ({ settings, network }: Inputs): string[] => checkSettings(settings, network.card).errors;

declare global {
  interface HTMLElementTagNameMap {
    "nst-run": RunCell;
  }
}
