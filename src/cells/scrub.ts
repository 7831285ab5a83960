import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { replay, type Kernels } from "../kernel/client";
import type { Checkpoint, ReplayItem } from "../kernel/protocol";
import type { Picture } from "../nst/picture";
import { bindings } from "./bindings";
import { Cell } from "./cell";
import type { CostHistory } from "../runs/cost-history";
import { Latest } from "./latest";
import type { RunValue } from "./run";
import { type KeptRun, runRecord } from "./run-records";
import { type ComparedCost, compareCosts, largestDifference } from "./scrub-compare";
import "./scrub-view";
import { cellStyles, controlStyles } from "./theme";

/** A moment of a run. Costs are as they count in J, null where they are not known. */
export interface MomentValue {
  /** after `step` steps; null until the run has been started */
  picture: Picture | null;
  step: number;
  total: number | null;
  content: number | null;
  style: number | null;
  tv: number | null;
  /** by Keras name of the style layer */
  layers: Record<string, number>;
  /** largest difference between the replayed costs and the recorded ones, as a share: 0 is bit for bit; null: not replayed */
  difference: number | null;
  /** picture and optimiser, from which the next step can be taken; null for the newest picture of a run that goes on */
  checkpoint: Checkpoint | null;
  /** the run that the moment is of, for `runRecord` */
  run: string | null;
}

/** A step is replayed when the slider has rested for so long, in ms. */
const REST = 250;

/**
 * A slider over all steps of a run, with a filmstrip of its checkpoints. Any step is computed again from the checkpoint
 * before it, exactly, and its costs are compared with those that the run recorded. Gives a MomentValue, which other cells
 * read as a picture.
 *
 *     <nst-scrub as="moment" of="G"></nst-scrub>
 *     <nst-features as="F" of="moment" network="network" layer="block3_conv1"></nst-features>
 *
 * The attribute `step` says where to begin; −1 stands for the newest step. While the slider moves, the nearest checkpoint is
 * shown, and said to be that; the value changes when the exact picture is there.
 */
@customElement("nst-scrub")
export class ScrubCell extends Cell<MomentValue> {
  static override title = "scrub";
  static override lazy = true;
  static override reserve = 420;
  static override roles = ["run"];
  static override params = { step: -1 };

  /** where the slider is, while it has not rested yet */
  @state() private dragged: number | null = null;
  /** the step that the replay under way has reached */
  @state() private reached: number | null = null;
  @state() private problem = "";
  private run: RunValue | null = null;
  private kept: KeptRun | undefined;
  private kernels: Kernels | null = null;
  private compared: ComparedCost[] = [];
  private resting: ReturnType<typeof setTimeout> | undefined;
  /** run and step of the replay that is under way or done */
  private wanted = "";
  private abort: AbortController | null = null;
  private readonly latest = new Latest<MomentValue>(NOTHING);

  compute({ run }: { run: RunValue }, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): AsyncIterable<MomentValue> {
    if (run?.run === undefined) throw new Error(`“${this.source}” is no run. Take the name of a run cell.`);
    this.run = run;
    this.kernels = kernel;
    this.kept = run.run === null ? undefined : runRecord(run.run);
    this.go();
    return this.latest.follow(signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.resting);
    queueMicrotask(() => {
      if (!this.isConnected) this.giveUp();
    });
  }

  override headerNote(): string {
    return this.value?.picture ? `after step ${this.value.step}` : "";
  }

  private get source(): string {
    return bindings(ScrubCell.roles, (attribute) => this.getAttribute(attribute))[0].name;
  }

  /** The step chosen, if it is not the newest one of the run. */
  private get chosen(): number | null {
    const step = this.param<number>("step");
    return this.run && step >= 0 && step < this.run.step ? Math.round(step) : null;
  }

  private go(): void {
    const { run, kept, chosen } = this;
    if (chosen === null || !kept) {
      this.giveUp();
      this.compared = [];
      if (run) this.latest.give(newest(run, kept));
      return;
    }
    const wanted = `${run!.run} ${chosen}`;
    if (wanted !== this.wanted) void this.replay(wanted, kept, chosen);
  }

  private giveUp(): void {
    this.abort?.abort();
    this.wanted = "";
    this.reached = null;
    this.problem = "";
  }

  private async replay(wanted: string, { record, history }: KeptRun, to: number): Promise<void> {
    this.giveUp();
    this.wanted = wanted;
    const { signal } = (this.abort = new AbortController());
    this.reached = record.nearest(to)?.step ?? 0;
    let last: ReplayItem | undefined;
    try {
      for await (const item of replay(this.kernels!, record, { to }, signal)) {
        last = item;
        this.reached = item.step;
      }
    } catch (error) {
      if (signal.aborted) return;
      this.problem = (error as Error).message;
    }
    if (this.wanted !== wanted) return;
    this.reached = null;
    if (!last?.checkpoint) return;
    this.compared = compareCosts(history, last);
    this.latest.give(moment(last, last.checkpoint, largestDifference(this.compared), this.run!.run));
  }

  private slide(step: number): void {
    this.dragged = step;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.dragged = null;
      this.setParam("step", step >= (this.run?.step ?? 0) ? -1 : step);
    }, REST);
  }

  view(value: MomentValue | undefined): TemplateResult | typeof nothing {
    const { run, kept, dragged, reached } = this;
    if (!run || !value) return this.error ? nothing : html`<div class="body soft">Waits for the run …</div>`;
    if (run.run === null) return html`<div class="body soft">“${this.source}” has no picture yet: start the run.</div>`;
    if (!kept) return html`<div class="body soft">Eight other runs have been started since this one, and its steps are no longer kept. Start it again.</div>`;
    const step = dragged ?? this.chosen ?? run.step;
    return html`<nst-scrub-view
      .last=${run.step} .step=${step} .checkpoints=${kept.record.checkpoints} .exact=${value.step === step && value.run === run.run ? value : null} .newest=${this.chosen === null}
      .reached=${reached} .problem=${this.problem} .compared=${this.compared}
      @nst-slide=${(e: CustomEvent<number>) => this.slide(e.detail)} @nst-again=${this.again}
    ></nst-scrub-view>`;
  }

  private again = (): void => {
    this.wanted = "";
    this.go();
  };

  static override styles = [controlStyles, cellStyles];
}

const NOTHING: MomentValue = { picture: null, step: 0, total: null, content: null, style: null, tv: null, layers: {}, difference: null, checkpoint: null, run: null };

/** The newest picture of the run, as it gives it itself. */
function newest({ picture, step, run }: RunValue, kept: KeptRun | undefined): MomentValue {
  if (!kept) return { ...NOTHING, picture, step, run };
  const checkpoint = kept.record.checkpoints.find((one) => one.step === step) ?? null;
  return { ...NOTHING, ...costsOf(kept.history, step), picture, step, checkpoint, run };
}

function costsOf(history: CostHistory, step: number): Pick<MomentValue, "total" | "content" | "style" | "tv" | "layers"> {
  return named(history.columns, history.columns.map((name) => history.at(step, name)));
}

function moment({ step, columns, costs }: ReplayItem, checkpoint: Checkpoint, difference: number | null, run: string | null): MomentValue {
  const { width, height, picture: data } = checkpoint;
  return { picture: { width, height, data }, step, ...named(columns, costs), difference, checkpoint, run };
}

function named(columns: readonly string[], costs: ArrayLike<number>): Pick<MomentValue, "total" | "content" | "style" | "tv" | "layers"> {
  const known = new Map(columns.flatMap((name, i) => (Number.isFinite(costs[i]) ? [[name, costs[i]] as const] : [])));
  const of = (name: string) => known.get(name) ?? null;
  const layers = Object.fromEntries([...known].filter(([name]) => !["total", "content", "style", "tv"].includes(name)));
  return { total: of("total"), content: of("content"), style: of("style"), tv: of("tv"), layers };
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-scrub": ScrubCell;
  }
}
