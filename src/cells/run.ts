import { html, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Kernels } from "../kernel/client";
import { RunHandle } from "../kernel/client";
import type { RunBatch, RunConfig } from "../kernel/protocol";
import { equal } from "../notebook/equal";
import { checkSettings } from "../nst/check-settings";
import type { Picture } from "../nst/picture";
import type { LiveSettings, TransferSettings } from "../nst/settings";
import { Cell } from "./cell";
import { CostHistory } from "./cost-history";
import type { ImageValue } from "./image";
import { Latest } from "./latest";
import type { NetworkValue } from "./network";
import "./run-view";
import type { RunState, RunView } from "./run-view";

/** The value of a run cell: the generated picture, renewed about once a second while the run is going. */
export interface RunValue {
  /** null until the run has been started */
  picture: Picture | null;
  step: number;
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
  @state() private version = 0;
  @query("nst-run-view") private runView!: RunView;

  private inputs: Inputs | null = null;
  /** what the present run was started with */
  private config: (RunConfig & { networkId: string }) | null = null;
  private run: RunHandle | null = null;
  private history = new CostHistory();
  private readonly latest = new Latest<RunValue>({ picture: null, step: 0 });
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
    if (this.runState === "idle") return "";
    return `step ${this.step} of ${this.config!.settings.steps}`;
  }

  view(): TemplateResult {
    const { inputs, config } = this;
    const steps = config?.settings.steps ?? inputs?.settings.steps ?? 0;
    const left = this.stepsPerSecond > 0 ? (steps - this.step) / this.stepsPerSecond : null;
    return html`<nst-run-view
      .state=${this.runState} .step=${this.step} .steps=${steps} .stepsPerSecond=${this.stepsPerSecond} .secondsLeft=${left}
      .history=${this.history} .version=${this.version} .notice=${this.notice || null} .stale=${this.stale()} .problems=${this.problems()}
      .contentPicture=${inputs?.content.picture ?? null} .stylePicture=${inputs?.style.picture ?? null}
      @start=${this.start} @pause=${() => this.run?.pause()} @resume=${() => this.run?.resume()} @stop=${() => this.run?.stop()} @download=${this.download}
    ></nst-run-view>`;
  }

  private problems(): string[] {
    const { inputs } = this;
    return inputs ? checkSettings(inputs.settings, inputs.network.card).errors : [];
  }

  private start = (): void => {
    const { inputs, kernels } = this;
    if (!inputs || !kernels || this.problems().length > 0) return;
    this.drop();
    const { content, style, network, settings } = inputs;
    this.config = { networkId: network.id, network: { card: network.card, base: network.base }, content: content.picture, style: style.picture, settings };
    this.history = new CostHistory();
    this.version++;
    this.runState = "preparing";
    this.step = 0;
    this.stepsPerSecond = 0;
    this.notice = "";
    this.runView.clear();
    const { networkId: _, ...config } = this.config;
    const run = (this.run = new RunHandle(kernels, config, (batch) => (this.run === run ? this.take(batch) : batch.image?.close())));
    run.ended.catch((error: Error) => {
      if (this.run !== run || error.name === "AbortError") return;
      this.notice = error.message;
      this.runState = "stopped";
    });
  };

  private take(batch: RunBatch): void {
    this.history.append(batch);
    this.version = this.history.version;
    this.runState = batch.state;
    this.step = batch.step;
    this.stepsPerSecond = batch.stepsPerSecond;
    if (batch.notice) this.notice = batch.notice;
    if (batch.image) this.runView.show(batch.image);
    if (batch.checkpoint) {
      const { picture: data, width, height, step } = batch.checkpoint;
      this.latest.give({ picture: { width, height, data }, step });
    }
  }

  /** Hands changed settings to the run that is going. */
  private steer(): void {
    const { inputs, config, run } = this;
    if (!inputs || !config || !run || this.problems().length > 0) return;
    const live = liveSettings(inputs.settings);
    if (inputs.network.id !== config.networkId || equal(live, liveSettings(config.settings))) return;
    this.config = { ...config, settings: { ...config.settings, ...live } };
    run.update(live);
  }

  /** What was changed since the start and needs another start. */
  private stale(): string[] {
    const { inputs, config } = this;
    if (!inputs || !config) return [];
    const { settings } = inputs;
    const differs: [string, boolean][] = [
      ["content picture", inputs.content.picture !== config.content],
      ["style picture", inputs.style.picture !== config.style],
      ["network", inputs.network.id !== config.networkId],
      ["pooling", settings.pooling !== config.settings.pooling],
      ["reading layers before or after the ReLU", settings.tap !== config.settings.tap],
      ["initialisation", !equal(settings.initialisation, config.settings.initialisation)],
      ["seed", settings.seed !== config.settings.seed && settings.initialisation.kind !== "content"],
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

function liveSettings({ contentLayer, styleLayers, alphaTimesM, beta, totalVariation, steps, optimiser }: TransferSettings): LiveSettings {
  return { contentLayer, styleLayers, alphaTimesM, beta, totalVariation, steps, optimiser };
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-run": RunCell;
  }
}
