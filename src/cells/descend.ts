import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { equal } from "../notebook/equal";
import { adamOptions } from "../nst/adam-options";
import { checkSettings } from "../nst/check-settings";
import type { AdamOptions, ModelCard } from "../nst/model-card";
import type { Picture } from "../nst/picture";
import type { TransferSettings } from "../nst/settings";
import { bindings } from "./bindings";
import { Cell } from "./cell";
import type { Kernels } from "./context";
import { adamFloor, type DescentMethod } from "./descend-step";
import "./descend-view";
import { DescentWalk } from "./descend-walk";
import type { PictureValue } from "./features-value";
import { Latest } from "./latest";
import type { NetworkValue } from "./network";
import { pullsProblem } from "./pulls";
import { HeldGauge } from "./pulls-gauge";

/** The value of a descend cell. Numbers of the last step are null before the first. */
export interface DescendValue {
  /** after the steps so far; null while it starts from a run that has not been started */
  picture: Picture | null;
  /** steps done by hand */
  step: number;
  /** J of the picture, null while it is measured */
  cost: number | null;
  /** length of the gradient of J */
  norm: number | null;
  /** learning rate of the last step */
  rate: number | null;
  /** change of J that the tangent promised for the last step: −η · ‖∇J‖² for plain gradient descent */
  promised: number | null;
  /** change of J that came */
  came: number | null;
  /** values of the picture that the last step had put outside of [0, 1] */
  clipped: number | null;
}

interface Inputs {
  G: PictureValue;
  content: PictureValue;
  style: PictureValue;
  network: NetworkValue;
  settings: TransferSettings;
}

const NOTHING: DescendValue = { picture: null, step: 0, cost: null, norm: null, rate: null, promised: null, came: null, clipped: null };

/**
 * One step of descent by hand, and another: the gradient of J, a learning rate, the step, the clip back into [0, 1], and the
 * new cost beside what the tangent promised. Rates along the same direction are tried as well, so that it can be seen where
 * the tangent no longer holds.
 *
 *     <nst-descend as="stepped" of="G content style" network="network" settings="settings"></nst-descend>
 *
 * `of` names the picture to start from, then the content and the style picture. `method`: "gradient" or "adam" (its first
 * step). `rate`: the learning rate; null for one that suits. Numbers that questions and code may ask for: see DescendValue.
 */
@customElement("nst-descend")
export class DescendCell extends Cell<DescendValue> {
  static override title = "descend";
  static override roles = ["G", "content", "style", "network", "settings"];
  static override params: Record<"method" | "rate", unknown> = { method: "gradient", rate: null };
  static override lazy = true;
  static override reserve = 560;

  @state() private version = 0;
  private readonly gauge = new HeldGauge();
  private walk: DescentWalk | null = null;
  private latest = new Latest<DescendValue | Error | null>(null);
  private settings: TransferSettings | null = null;
  /** that steps of the method "adam" are made with, and what they divide by beside the gradient's size */
  private adam: AdamOptions | null = null;
  private floor = NaN;
  /** that the steps began from */
  private start: Picture | null = null;
  /** as it is now where the steps come from */
  private source: Picture | null = null;

  compute({ G, content, style, network, settings }: Inputs, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): DescendValue | AsyncIterable<DescendValue> {
    const names = this.names();
    for (const [i, one] of [G, content, style].entries())
      if (one?.picture === undefined) throw new Error(`“${names[i]}” is no picture. Take the name of an image, of a run, or of code that gives a tensor [height, width, 3].`);
    if (!G.picture || !content.picture || !style.picture) return NOTHING;
    const problem = pullsProblem(G.picture, content.picture, [names[0], names[1]]) ?? checkSettings(settings, network.card).errors[0];
    if (problem) throw new Error(problem);
    this.source = G.picture;
    this.reach(G.picture, settings, network.card, this.gauge.for(kernel, { network: { card: network.card, base: network.base, random: network.random }, content: content.picture, style: style.picture, settings }));
    return this.given(signal);
  }

  /** Steps go on from where they are, as long as they are steps of the same descent. */
  private reach(picture: Picture, settings: TransferSettings, card: ModelCard, { gauge, renewed }: ReturnType<HeldGauge["for"]>): void {
    const before = this.settings;
    this.settings = settings;
    this.adam = adamOptions(settings.optimiser, card);
    const floor = adamFloor(this.adam);
    if (renewed || !this.walk || floor !== this.floor) {
      this.floor = floor;
      this.walk?.end();
      const latest = (this.latest = new Latest<DescendValue | Error | null>(null));
      const changed = () => {
        this.version++;
        if (this.latest === latest) latest.give(this.summary());
      };
      this.walk = new DescentWalk((picture, options) => gauge.measure(picture, options), changed, (error) => latest.give(error), floor);
      this.begin(picture);
    } else if (this.walk.steps.length === 0 && !equal(picture, this.start)) this.begin(picture);
    else if (!equal(before, settings)) this.walk.again();
  }

  private begin(picture: Picture): void {
    this.start = picture;
    this.walk!.begin(picture, this.method);
  }

  private async *given(signal: AbortSignal): AsyncGenerator<DescendValue> {
    for await (const value of this.latest.follow(signal)) {
      if (value instanceof Error) throw value;
      if (value) yield value;
    }
  }

  private summary(): DescendValue {
    const { picture, steps, cost, norm } = this.walk!;
    const last = steps.at(-1);
    return { picture, step: steps.length, cost, norm, rate: last?.rate ?? null, promised: last?.promised ?? null, came: last ? last.after - last.before : null, clipped: last?.clipped ?? null };
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // as the base class does: moving an element in the page ends nothing
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.walk?.end();
      this.walk = null;
      this.gauge.close();
    });
  }

  /** how the next step is made */
  get method(): DescentMethod {
    return this.param<string>("method") === "adam" ? "adam" : "gradient";
  }

  /** The learning rate chosen, else one that suits: for Adam that of the settings. */
  get rate(): number {
    const rate = this.param<number | string | null>("rate");
    if (rate !== null && rate !== "" && Number(rate) > 0) return Number(rate);
    return this.method === "adam" ? (this.adam?.learningRate ?? NaN) : (this.walk?.rates?.usual ?? NaN);
  }

  /** Whether steps of Adam are made with the settings' own options: with another optimiser there they are the network's. */
  get ownAdam(): boolean {
    return this.settings?.optimiser.kind === "adam";
  }

  override headerNote(): string {
    return "";
  }

  view(value: DescendValue | undefined): TemplateResult | typeof nothing {
    const { walk } = this;
    if (value && value.picture === null) return html`<div class="body soft">“${this.names()[0]}” has no picture yet: start the run.</div>`;
    if (!walk?.picture) return this.error ? nothing : html`<div class="body soft">${this.status === "waiting" ? `“${this.waitingFor}” has no value yet.` : "Waits for its picture …"}</div>`;
    return html`<nst-descend-view
      .walk=${walk} .version=${this.version} .rate=${this.rate} .moved=${walk.steps.length > 0 && !equal(this.source, this.start)} source=${this.names()[0]}
      @nst-method=${this.chooseMethod} @nst-rate=${(e: CustomEvent<number>) => this.setParam("rate", e.detail, { recompute: false })}
      @nst-step=${() => walk.take(this.rate)} @nst-restart=${() => this.source && this.begin(this.source)}
    ></nst-descend-view>`;
  }

  private chooseMethod = ({ detail }: CustomEvent<DescentMethod>): void => {
    this.setParam("rate", null, { recompute: false });
    this.setParam("method", detail, { recompute: false });
    this.walk?.choose(detail);
  };

  /** What the three pictures are called in this notebook. */
  private names(): string[] {
    return bindings(DescendCell.roles, (attribute) => this.getAttribute(attribute)).slice(0, 3).map(({ name }) => name);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-descend": DescendCell;
  }
}
