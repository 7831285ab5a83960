import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { StepRecord } from "../kernel/protocol";
import { checkSettings } from "../nst/check-settings";
import type { TransferSettings } from "../nst/settings";
import { type AnatomyValue, anatomyValue } from "./anatomy-model";
import { type Beginning, checkpointOf, stepConfig, type Taken } from "./anatomy-taken";
import "./anatomy-view";
import { bindings } from "./bindings";
import { Cell } from "./cell";
import type { Kernels } from "./context";
import type { PictureValue } from "./features-value";
import type { NetworkValue } from "./network";

interface Inputs {
  content: PictureValue;
  style: PictureValue;
  network: NetworkValue;
  settings: TransferSettings;
  from?: Beginning;
}

/** A step is taken so many times, and the fastest kept: the first one warms up, and others are held up by what the machine does besides. */
const TAKES = 3;
/** What has taken longer than this in all, in ms, is not taken again. */
const ENOUGH = 1500;

/**
 * One step of a transfer taken apart as it happens: every operation that the engine runs for it, forward and backward, with its
 * shapes, its time and the memory that is alive; each can be chosen, and its output is shown.
 *
 *     <nst-anatomy as="step" of="content style" network="network" settings="settings"></nst-anatomy>
 *     <nst-anatomy as="later" of="content style" network="network" settings="settings" from="moment"></nst-anatomy>
 *
 * `from` names a picture, a run or a moment of a run that the step begins from; without it, it is the first step of a run with
 * these settings. A picture alone is stepped from with an optimiser that has not moved yet. The value has numbers that questions
 * and code may ask for: `step.operations`, `step.peak`, `step.backwardOverForward`, `step.convolutions.share`, `step.terms.total` …
 * (see AnatomyValue); null while `from` has no picture yet.
 */
@customElement("nst-anatomy")
export class AnatomyCell extends Cell<AnatomyValue | null> {
  static override title = "one step";
  static override lazy = true;
  static override reserve = 900;
  static override roles = ["content", "style", "network", "settings", "from"];
  /** `operation`: index of the chosen one, −1 for the first convolution; `widths`: "time" or "even"; `by`: "layer" or "kernel" */
  static override params = { operation: -1, widths: "time", by: "layer" };

  private taken: Taken | null = null;
  /** name of the picture that there is not yet */
  private missing = "";

  protected override reads(): readonly string[] {
    return this.hasAttribute("from") ? AnatomyCell.roles : AnatomyCell.roles.slice(0, -1);
  }

  async compute({ content, style, network, settings, from }: Inputs, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): Promise<AnatomyValue | null> {
    const names = bindings(AnatomyCell.roles, (attribute) => this.getAttribute(attribute)).map(({ name }) => name);
    const missing = [content.picture, style.picture, ...(from ? [from.picture] : [])].indexOf(null);
    if (missing >= 0) {
      this.missing = names[[0, 1, 4][missing]];
      this.taken = null;
      return null;
    }
    const { errors } = checkSettings(settings, network.card);
    if (errors.length > 0) throw new Error(errors.join(" "));
    const config = stepConfig(content.picture!, style.picture!, network, settings);
    const begin = from && checkpointOf(from as Beginning & { picture: NonNullable<Beginning["picture"]> }, content.picture!, names[4]);
    const records: StepRecord[] = [];
    const began = performance.now();
    do records.push(await kernel.lab.call("step.record", { config, from: begin }, { signal }));
    while (records.length < TAKES && performance.now() - began < ENOUGH);
    const record = records.reduce((best, one) => (one.milliseconds < best.milliseconds ? one : best));
    signal.throwIfAborted();
    this.taken = { record, takes: records.length, config, from: begin };
    return anatomyValue(record);
  }

  override headerNote(): string {
    const { config, from } = this.taken ?? {};
    if (!config) return "";
    const { width, height } = config.content;
    return `step ${(from?.step ?? 0) + 1} · ${height} × ${width}`;
  }

  view(value: AnatomyValue | null | undefined): TemplateResult | typeof nothing {
    if (value === null) return html`<div class="body soft">“${this.missing}” has no picture yet: start the run.</div>`;
    if (!value || !this.taken) return this.error ? nothing : html`<div class="body soft">${this.status === "waiting" ? `“${this.waitingFor}” has no value yet.` : "Taking a step apart …"}</div>`;
    return html`<nst-anatomy-view
      .taken=${this.taken} .numbers=${value} .operation=${this.param<number>("operation")} .widths=${this.param<string>("widths") === "even" ? "even" : "time"}
      .by=${this.param<string>("by") === "kernel" ? "kernel" : "layer"} .kernels=${this.context?.kernels ?? null}
      @nst-operation=${(e: CustomEvent<number>) => this.setParam("operation", e.detail, { recompute: false })}
      @nst-widths=${(e: CustomEvent<string>) => this.setParam("widths", e.detail, { recompute: false })}
      @nst-by=${(e: CustomEvent<string>) => this.setParam("by", e.detail, { recompute: false })}
      @nst-again=${() => this.invalidate()}
    ></nst-anatomy-view>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-anatomy": AnatomyCell;
  }
}
