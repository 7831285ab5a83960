import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { replay, type Kernels } from "../kernel/client";
import type { Picture } from "../nst/picture";
import type { RulerReading } from "../runs/kept-run";
import { bindings } from "./bindings";
import { Cell } from "./cell";
import "./compare-curves";
import "./compare-ruler";
import type { RuledPicture } from "./compare-ruler";
import { type PictureDifference, pictureDifference } from "./compare-runs-difference";
import { ExactPictures } from "./compare-runs-exact";
import { OpenRuns } from "./compare-runs-open";
import { previewAt } from "./compare-runs-preview";
import { pairOf, type ShownRun, titleOf } from "./compare-runs-shown";
import { type ChosenRuns, chosenRuns } from "./compare-runs-source";
import { commonEnd, type Position, placeSteps } from "./compare-runs-steps";
import "./compare-runs-view";
import type { CompareChoices } from "./compare-runs-view";
import "./compare-settings";
import { Latest } from "./latest";

/** The picture of one of two compared runs: other cells read it as a picture. */
export interface ComparedPicture {
  /** exact; null: there is none yet */
  picture: Picture | null;
  /** steps done */
  step: number;
  /** id of the run */
  run: string;
  /** its mark, and what it is called: "A · harbour × wave" */
  name: string;
}

/** The value of a comparison. Its numbers can be asked for by name: `cmp.difference.mean`. */
export interface ComparisonValue {
  /** where the slider stands, in steps of the longest run */
  step: number;
  /** runs that are compared */
  count: number;
  /** the two that are looked at as a pair: the first two, until others are chosen; null while there are no two */
  a: ComparedPicture | null;
  b: ComparedPicture | null;
  /** |A − B| over all their numbers, in [0, 1]; null while their exact pictures are not there, or where they differ in size */
  difference: { mean: number; largest: number } | null;
  /** what the ruler reads of each run's picture, by mark: `cmp.ruler.B.style`; see rulerNumbers. Without those that have not been measured (yet) */
  ruler: Record<string, Record<string, number>>;
}

/** Exact pictures are computed when the slider has rested for so long, in ms. */
const REST = 250;

/**
 * Two to eight runs beside one another, at the same step, under one slider: their pictures, side by side or two of them in
 * one frame; their costs; the settings in which they differ; and every result measured with the same ruler.
 *
 *     <nst-compare as="cmp" of="picked"></nst-compare>                       what was picked in a list of runs
 *     <nst-compare as="cmp" of="G B1 B2"></nst-compare>                      run cells, branches, kept runs
 *     <nst-compare as="cmp" runs="0c1f… 77ab…"></nst-compare>                by their ids
 *
 * Attributes: `runs`; `step` (−1: the newest) or `unit="share"` and `share` in [0, 1]; `mode` "side" | "wipe" | "difference" |
 * "flicker", of the two that `first` and `second` name by their marks "A" … "H"; `wipe` in [0, 1]; `sources`: with content and
 * style pictures. While the slider moves, the nearest picture of each filmstrip is shown, and said to be that; exact ones
 * are checkpoints, or computed again one run after the other, in turn with the runs that are going. Gives a ComparisonValue.
 */
@customElement("nst-compare")
export class CompareRunsCell extends Cell<ComparisonValue> {
  static override title = "compare";
  static override lazy = true;
  static override reserve = 520;
  static override roles = ["run", "run2", "run3", "run4", "run5", "run6", "run7", "run8"];
  static override params = { runs: "", step: -1, unit: "steps", share: 1, mode: "side", first: "A", second: "B", wipe: 0.5, sources: false };

  /** where the slider is, while it has not rested yet */
  @state() private dragged: Position | null = null;
  private chosen: ChosenRuns = { ids: [], idle: [], left: 0 };
  private kernels: Kernels | null = null;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private difference: { of: readonly [Picture, Picture]; found: PictureDifference | null } | null = null;
  private rulers: ComparisonValue["ruler"] = {};
  private measured: readonly (RuledPicture | null)[] = [];
  private readonly latest = new Latest<ComparisonValue>(NOTHING);
  private readonly open = new OpenRuns(
    () => this.turned(),
    (id, step) => this.exact.forget(id, step),
  );
  private readonly exact: ExactPictures = new ExactPictures(
    (run, to, signal) => replay(this.kernels!, run.record, { to }, signal),
    () => this.turned(),
  );

  /** As many of the roles as `of` names values: none, where the runs are told by their ids. */
  protected override reads(): readonly string[] {
    const named = (this.getAttribute("of") ?? "").split(/\s+/).filter((name) => name !== "").length;
    return CompareRunsCell.roles.filter((role, i) => i < named || this.hasAttribute(role));
  }

  compute(inputs: Record<string, unknown>, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): AsyncIterable<ComparisonValue> {
    const read = this.reads();
    const names = new Map(bindings(CompareRunsCell.roles, (attribute) => this.getAttribute(attribute)).map(({ role, name }) => [role, name]));
    this.kernels = kernel;
    this.chosen = chosenRuns(this.param("runs"), read.map((role) => ({ name: names.get(role)!, value: inputs[role] })));
    this.open.follow(this.context?.runs ?? null, this.chosen.ids);
    this.turned();
    return this.latest.follow(signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.resting);
    // as the base class does: moving an element in the page ends nothing
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.exact.want([]);
      this.open.close();
    });
  }

  override headerNote(): string {
    const { runs } = this.open;
    return runs.length > 0 ? `${runs.length} ${runs.length === 1 ? "run" : "runs"}` : "";
  }

  private get position(): Position {
    return this.dragged ?? { unit: this.param<string>("unit") === "share" ? "share" : "steps", step: this.param("step"), share: this.param("share") };
  }

  private get choices(): CompareChoices {
    const mode = this.param<CompareChoices["mode"]>("mode");
    return { mode: ["wipe", "difference", "flicker"].includes(mode) ? mode : "side", first: this.param("first"), second: this.param("second"), wipe: this.param("wipe"), sources: this.param("sources") };
  }

  private get shown(): ShownRun[] {
    const { runs } = this.open;
    const placed = placeSteps(runs, this.position);
    return runs.map((run, i) => {
      const { step } = placed[i];
      const exact = this.exact.at(run, step);
      return { run, placed: placed[i], exact, preview: exact ? null : previewAt(run, step), problem: this.exact.problem(run, step) };
    });
  }

  /** Something is known that was not, or another thing is wanted. */
  private turned(): void {
    const { shown } = this;
    if (this.dragged === null) {
      const pair = pairOf(shown, this.choices.first, this.choices.second);
      // the two that are looked at come first
      const order = pair ? [...pair, ...shown.filter((one) => !pair.includes(one))] : shown;
      this.exact.want(order.map(({ run, placed }) => ({ run, step: placed.step })));
      this.tell(shown, pair);
    }
    this.requestUpdate();
  }

  private tell(shown: readonly ShownRun[], pair: readonly [ShownRun, ShownRun] | null): void {
    const { position } = this;
    const end = commonEnd(this.open.runs);
    const step = position.unit === "share" ? Math.round(position.share * end) : position.step < 0 ? end : Math.min(position.step, end);
    const pictures = pair?.map(({ exact }) => exact?.picture ?? null);
    const both = pictures && pictures[0] && pictures[1] ? ([pictures[0], pictures[1]] as const) : null;
    if (both && (both[0] !== this.difference?.of[0] || both[1] !== this.difference.of[1])) void this.subtract(both);
    const found = both && this.difference?.of[0] === both[0] && this.difference.of[1] === both[1] ? this.difference.found : null;
    const side = (one: ShownRun | undefined): ComparedPicture | null =>
      one ? { picture: one.exact?.picture ?? null, step: one.placed.step, run: one.run.id, name: `${one.run.mark} · ${titleOf(one.run.entry)}` } : null;
    this.latest.give({ step, count: shown.length, a: side(pair?.[0]), b: side(pair?.[1]), difference: found && { mean: found.mean, largest: found.largest }, ruler: this.rulers });
  }

  private async subtract(of: readonly [Picture, Picture]): Promise<void> {
    const mine = (this.difference = { of, found: null as PictureDifference | null });
    mine.found = await pictureDifference(...of);
    if (this.difference === mine && mine.found) this.turned();
  }

  private slide(position: Position): void {
    this.dragged = position;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.dragged = null;
      for (const [name, value] of Object.entries(position)) this.setParam(name, value, { recompute: false });
      this.turned();
    }, REST);
  }

  private choose(choices: Partial<CompareChoices>): void {
    for (const [name, value] of Object.entries(choices)) this.setParam(name, value, { recompute: false });
    this.turned();
  }

  view(): TemplateResult | typeof nothing {
    const { runs, opening } = this.open;
    if (runs.length === 0) return this.error ? nothing : html`<div class="body soft">${opening ? "Opening the runs …" : this.missing() || "No runs yet. Pick two or more in a list of runs, or name run cells: of=\u201cG B\u201d."}</div>`;
    const { shown, position, choices } = this;
    const { working, stopped } = this.exact;
    const pair = pairOf(shown, choices.first, choices.second);
    const { difference } = this;
    const known = pair && difference && pair.every(({ exact }, i) => exact?.picture === difference.of[i]) ? difference.found : null;
    const share = position.unit === "share";
    const end = commonEnd(runs);
    return html`<div class="body">
        <nst-compare-view
          .shown=${shown} .position=${position} .end=${end} .choices=${choices} .difference=${known} .sliding=${this.dragged !== null} .stopped=${stopped}
          .working=${working && { ...working, mark: runs.find(({ id }) => id === working.id)?.mark ?? "" }}
          @nst-slide=${(event: CustomEvent<Position>) => this.slide(event.detail)} @nst-set=${(event: CustomEvent<Partial<CompareChoices>>) => this.choose(event.detail)}
          @nst-stop=${() => this.exact.stop()} @nst-again=${() => this.exact.again()}
        ></nst-compare-view>
        ${this.missing() ? html`<p class="soft">${this.missing()}</p>` : nothing}
      </div>
      <div class="body"><nst-compare-curves
        .runs=${runs} ?share=${share} .step=${share ? position.share : position.step < 0 ? end : Math.min(position.step, end)}
        @nst-step=${({ detail }: CustomEvent<number>) => this.slide({ ...position, ...(share ? { share: detail } : { step: detail >= end ? -1 : detail }) })}
      ></nst-compare-curves></div>
      <div class="body"><nst-compare-settings .runs=${runs}></nst-compare-settings></div>
      <div class="body"><nst-compare-ruler .runs=${runs} .pictures=${this.ruled(shown)} @nst-measured=${this.takeRuler}></nst-compare-ruler></div>`;
  }

  private takeRuler = ({ detail }: CustomEvent<readonly (RulerReading | null)[]>): void => {
    this.rulers = Object.fromEntries(this.open.runs.flatMap(({ mark }, i) => (detail[i] ? [[mark, detail[i].numbers]] : [])));
    this.turned();
  };

  /** The same list as long as the pictures are the same. */
  private ruled(shown: readonly ShownRun[]): readonly (RuledPicture | null)[] {
    const now = shown.map(({ exact }) => exact && { picture: exact.picture, step: exact.step });
    const same = now.length === this.measured.length && now.every((one, i) => one?.picture === this.measured[i]?.picture);
    return same ? this.measured : (this.measured = now);
  }

  /** What was named and is not compared, in a sentence or two; "" if nothing is missing. */
  private missing(): string {
    const { idle, left } = this.chosen;
    const lost = this.open.lost.length;
    return [
      ...(idle.length > 0 ? [`${idle.map((name) => `“${name}”`).join(", ")} ${idle.length === 1 ? "has" : "have"} not been started.`] : []),
      ...(lost > 0 ? [`${lost === 1 ? "One run is" : `${lost} runs are`} not kept in this browser, or not yet.`] : []),
      ...(left > 0 ? [`Eight runs at most are compared: ${left} more ${left === 1 ? "is" : "are"} left out.`] : []),
      ...(this.open.runs.length === 1 ? ["With a second run there is something to compare."] : []),
    ].join(" ");
  }
}

const NOTHING: ComparisonValue = { step: 0, count: 0, a: null, b: null, difference: null, ruler: {} };

declare global {
  interface HTMLElementTagNameMap {
    "nst-compare": CompareRunsCell;
  }
}
