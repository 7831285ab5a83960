import { html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { NetworkSource } from "../kernel/protocol";
import { paperName } from "../nst/names";
import type { Picture } from "../nst/picture";
import { type RulerReading, runTitle } from "../runs/kept-run";
import { Coalesced } from "./coalesce";
import { shortTitles } from "./compare-courses";
import { compareRulerStyles } from "./compare-ruler-styles";
import { comparedTableStyles } from "./compare-table-styles";
import type { ComparedRun } from "./compared-runs";
import { type CellContext, requestContext } from "./context";
import { networkEntries, openNetwork } from "./networks";
import { formatNumber } from "./numbers";
import { type Ruler, rulerOf } from "./ruler";
import { RulerMeasures } from "./ruler-measures";
import { controlStyles } from "./theme";

/** A picture of a run, to be measured; the same object's numbers are the same picture. */
export interface RuledPicture {
  /** of the size of the run's content picture */
  picture: Picture;
  /** steps done */
  step: number;
}

/** Milliseconds between two looks at what is to be measured: a run that is going brings pictures faster than they need to be. */
const INTERVAL = 400;

/**
 * Every result measured with the same ruler, whatever each run weighed for itself: how far it is from its content picture,
 * and how far from its style picture, layer by layer. See `rulerNumbers`. What is measured of a run's newest picture is kept
 * with the run.
 *
 *     <nst-compare-ruler .runs=${runs} .pictures=${[{ picture, step: 40 }, null]} @nst-measured=${(e) => e.detail}></nst-compare-ruler>
 *
 * @fires nst-measured - detail: (RulerReading | null)[], one a run
 */
@customElement("nst-compare-ruler")
export class CompareRuler extends LitElement {
  /** a new list whenever one of them has grown */
  @property({ attribute: false }) runs: readonly ComparedRun[] = [];
  /** one a run, in their order; null: not there yet */
  @property({ attribute: false }) pictures: readonly (RuledPicture | null)[] = [];

  @state() private networks: readonly (NetworkSource & { id: string })[] = [];
  /** id of one of them; the first where it names none */
  @state() private chosen = "";
  @state() private problem = "";
  private context: CellContext | null = null;
  private measures: RulerMeasures | null = null;
  private readonly ask = new Coalesced(() => this.measure(), INTERVAL);
  /** of the present pictures */
  private readings: readonly (RulerReading | null)[] = [];
  /** the last reading of each run, by its id: shown faintly until the next is there */
  private readonly earlier = new Map<string, RulerReading>();
  private told = "";
  /** what has been kept with a run already, by its id */
  private readonly kept = new Map<string, RulerReading>();

  override connectedCallback(): void {
    super.connectedCallback();
    this.context = requestContext(this);
    this.context?.networks?.addEventListener("changed", this.open);
    void this.open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.context?.networks?.removeEventListener("changed", this.open);
    this.ask.cancel();
    this.measures?.close();
    this.measures = null;
  }

  /** The networks by which all results can be measured: those that come with the workbench, and those that were brought along. */
  private readonly open = async (): Promise<void> => {
    try {
      const entries = await networkEntries(undefined, this.context?.networks);
      // one that cannot be had does not take the others with it
      const opened = await Promise.allSettled(entries.map(({ id }) => openNetwork(id, entries)));
      const networks = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      if (networks.length === 0) throw (opened[0] as PromiseRejectedResult).reason;
      if (this.isConnected) this.networks = networks;
      this.problem = "";
    } catch (error) {
      this.problem = (error as Error).message;
    }
  };

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("networks") || changed.has("chosen")) this.take(this.network);
    if (["runs", "pictures", "networks", "chosen"].some((name) => changed.has(name))) this.ask.request();
    this.readings = this.runs.map((run, i) => this.reading(run, this.pictures[i] ?? null));
    this.runs.forEach(({ id }, i) => this.readings[i] && this.earlier.set(id, this.readings[i]));
  }

  protected override updated(): void {
    this.keep();
    const now = JSON.stringify(this.readings);
    if (now === this.told) return;
    this.told = now;
    this.dispatchEvent(new CustomEvent<readonly (RulerReading | null)[]>("nst-measured", { detail: this.readings }));
  }

  private get network(): NetworkSource | undefined {
    return this.networks.find(({ id }) => id === this.chosen) ?? this.networks[0];
  }

  private take(network: NetworkSource | undefined): void {
    // others came or went: what has been measured stays
    if (network && this.measures?.ruler.id === rulerOf(network).id) return;
    this.measures?.close();
    this.measures = network && this.context ? new RulerMeasures(this.context.kernels, rulerOf(network), () => this.requestUpdate()) : null;
  }

  private measure(): void {
    const { measures, runs } = this;
    measures?.want(this.pictures.flatMap((one, i) => {
      const run = runs[i];
      if (!one || !run || this.remembered(run, one)) return [];
      return [{ picture: one.picture, pictures: run.record.config, pair: `${run.entry.content.hash} ${run.entry.style.hash}` }];
    }));
  }

  /** What was kept with the run when its newest picture was measured before. */
  private remembered({ entry, record, going }: ComparedRun, { step }: RuledPicture): RulerReading | null {
    const { ruler } = entry;
    return ruler && !going && ruler.step === step && step === record.last && ruler.ruler === this.measures?.ruler.id ? ruler : null;
  }

  private reading(run: ComparedRun, one: RuledPicture | null): RulerReading | null {
    const { measures } = this;
    if (!measures || !one) return null;
    const numbers = measures.numbers(one.picture);
    return numbers ? { ruler: measures.ruler.id, step: one.step, numbers } : this.remembered(run, one);
  }

  private keep(): void {
    const { runs: store } = this.context ?? {};
    this.runs.forEach(({ id, entry, record, going }, i) => {
      const reading = this.readings[i];
      if (!store || !reading || going || reading.step !== record.last) return;
      const known = this.kept.get(id) ?? entry.ruler;
      if (known?.ruler === reading.ruler && known.step === reading.step) return;
      this.kept.set(id, reading);
      // a run that was deleted meanwhile, or a full disk: the numbers are shown all the same
      store.update(id, { ruler: reading }).catch(() => {});
    });
  }

  override render() {
    const { runs, measures, networks } = this;
    if (this.problem) return html`<p class="soft">The ruler has no network to read: ${this.problem}</p>`;
    if (!measures) return html`<p class="soft">Reading the network of the ruler …</p>`;
    const { ruler } = measures;
    const columns = ["content", "style", ...ruler.styleLayers];
    const shown = runs.map(({ id }, i) => this.readings[i] ?? this.last(id));
    const finite = (name: string) => shown.map((reading) => reading?.numbers[name] ?? NaN).filter(Number.isFinite);
    const largest = new Map(columns.map((name) => [name, Math.max(0, ...finite(name))]));
    const titles = shortTitles(runs);
    const least = new Map(columns.map((name) => [name, Math.min(...finite(name))]));
    return html`
      <p class="about">${this.about(ruler)}</p>
      ${networks.length > 1
        ? html`<label>measured with <select @change=${(e: Event) => (this.chosen = (e.target as HTMLSelectElement).value)}>
            ${networks.map((one) => html`<option value=${one.id} .selected=${one === this.network}>${one.card.title}</option>`)}
          </select></label>`
        : nothing}
      <div class="scroll" role="region" tabindex="0" aria-label="Results measured with one ruler">
        <table>
          <thead><tr><td></td>${columns.map((name) => html`<th scope="col" class=${name === "content" ? "content" : "style"} title=${name}>${paperName(name)}</th>`)}</tr></thead>
          <tbody>${runs.map((run, i) => html`<tr class=${shown[i] === this.readings[i] ? nothing : "before"} style="--run: ${run.colour}">
            <th scope="row" title=${runTitle(run.entry)}><b class="run">${run.mark}</b> <span class="title">${titles[i]}</span> <small>${this.note(run, i)}</small></th>
            ${columns.map((name) => {
              const value = shown[i]?.numbers[name] ?? NaN;
              const best = value === least.get(name) && value < largest.get(name)!;
              return html`<td class=${best ? "best" : nothing} title=${best ? "the least" : nothing}>
                ${formatNumber(value)}<span class="track" aria-hidden="true">${Number.isFinite(value) ? html`<i style="transform: scaleX(${value / (largest.get(name) || 1)})"></i>` : nothing}</span>
              </td>`;
            })}
          </tr>`)}</tbody>
        </table>
      </div>`;
  }

  private last(id: string): RulerReading | null {
    const reading = this.earlier.get(id);
    return reading && reading.ruler === this.measures?.ruler.id ? reading : null;
  }

  private about({ network: { card }, contentLayer }: Ruler) {
    return html`Read by ${card.title} for every run, with weights that are always the same. <b class="content">Content</b>, at ${paperName(contentLayer)}: 0 is the
      content picture itself, 1 as far from it as an even colour, which shows nothing. <b class="style">Style</b>, the mean of its layers: 0 is the style picture’s Gram matrices,
      1 as far from them as the content picture is.`;
  }

  private note({ history }: ComparedRun, i: number): string {
    const one = this.pictures[i];
    if (!one) return history.step < 0 ? "has no picture yet" : "its picture is being computed";
    const problem = this.measures?.problem(one.picture);
    if (problem) return `could not be measured: ${problem}`;
    return this.readings[i] ? `at step ${formatNumber(one.step)}` : "is being measured";
  }

  static override styles = [controlStyles, comparedTableStyles, compareRulerStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-compare-ruler": CompareRuler;
  }
}
