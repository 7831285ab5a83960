import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import "./compare-runs-bar";
import type { PictureDifference } from "./compare-runs-difference";
import { FrameImages } from "./compare-runs-frames";
import "./compare-runs-pair";
import type { PairMode, PairSide } from "./compare-runs-pair";
import { LinkedPicture, type Place, type Shown } from "./compare-runs-picture";
import { insteadWords, pairOf, pictureLabel, pictureWords, sharedPictures, type SharedPicture, type ShownRun, titleOf } from "./compare-runs-shown";
import type { Position } from "./compare-runs-steps";
import { compareRunsStyles } from "./compare-runs-styles";
import { WHOLE, type Zoom, zoomAt, zoomKey } from "./compare-runs-zoom";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";

export type CompareMode = "side" | PairMode;

/** What a person chooses in a comparison; kept with the notebook. */
export interface CompareChoices {
  mode: CompareMode;
  /** marks of the two that are looked at as a pair */
  first: string;
  second: string;
  /** see ComparePair */
  wipe: number;
  /** content and style pictures stand beside the results */
  sources: boolean;
}

const MODES: readonly (readonly [CompareMode, string, string])[] = [
  ["side", "side by side", "all pictures"],
  ["wipe", "wipe", "two pictures in one frame, parted by a line that you move"],
  ["difference", "difference", "where two pictures differ, and by how much"],
  ["flicker", "flicker", "two pictures in one frame, one after the other"],
];

/**
 * Pictures of several runs at the same step, under one slider; what is gone into in one of them is gone into in all.
 *
 *     <nst-compare-view .shown=${shown} .position=${position} .end=${80} .choices=${choices} @nst-slide=${…} @nst-set=${…} @nst-stop=${…} @nst-again=${…}></nst-compare-view>
 *
 * @fires nst-slide - detail: Position, also while the slider moves
 * @fires nst-set - detail: Partial<CompareChoices>
 * @fires nst-stop - nothing more is to be computed again
 * @fires nst-again - what was stopped or has failed is to be computed after all
 */
@customElement("nst-compare-view")
export class CompareRunsView extends LitElement {
  /** by mark */
  @property({ attribute: false }) shown: readonly ShownRun[] = [];
  @property({ attribute: false }) position: Position = { unit: "steps", step: -1, share: 1 };
  /** the newest step of all runs */
  @property({ type: Number }) end = 0;
  @property({ attribute: false }) choices: CompareChoices = { mode: "side", first: "A", second: "B", wipe: 0.5, sources: false };
  /** of the pair's exact pictures; null: not known, or they differ in size */
  @property({ attribute: false }) difference: PictureDifference | null = null;
  /** a step that is being computed again: the run's mark, the step wanted and the one reached */
  @property({ attribute: false }) working: { mark: string; step: number; reached: number } | null = null;
  /** the person has stopped that */
  @property({ type: Boolean }) stopped = false;
  /** the slider is under the person's hand */
  @property({ type: Boolean }) sliding = false;

  @state() private zoom: Zoom = WHOLE;
  /** where the pointer is in one of the pictures */
  @state() private pointed: { at: Place; in: string } | null = null;
  /** the pictures have the focus: a wheel zooms them */
  @state() private entered = false;
  private images = new FrameImages(() => this.requestUpdate());
  /** what each run's frame showed last: it stays until the next picture is decoded */
  private readonly last = new Map<string, Shown>();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.images.close();
    this.images = new FrameImages(() => this.requestUpdate());
    this.last.clear();
  }

  /** What the frame of a run shows now. */
  private side(one: ShownRun): PairSide {
    const { run, exact, preview } = one;
    const now = exact?.picture ?? (preview && ("picture" in preview ? preview.picture : this.images.of(run.id, preview.frame)));
    if (now) this.last.set(run.id, now);
    const { width, height } = run.record.config.content;
    return { ...one, shown: this.last.get(run.id) ?? null, aspect: width / height };
  }

  override render() {
    const { shown, choices } = this;
    const sides = shown.map((one) => this.side(one));
    const pair = pairOf(sides, choices.first, choices.second);
    const mode = pair ? choices.mode : "side";
    return html`
      <nst-compare-bar .position=${this.position} .end=${this.end} @nst-slide=${(event: CustomEvent<Position>) => this.dispatchEvent(new CustomEvent("nst-slide", { detail: event.detail }))}></nst-compare-bar>
      ${this.status()}
      <div class="tools">${this.modes(mode, pair)}${this.zooms()}</div>
      <div
        class="pictures" role="group" tabindex="0" aria-label="Pictures. Plus and minus zoom, 0 shows the whole, arrow keys move."
        @nst-zoom=${(event: CustomEvent<Zoom>) => (this.zoom = event.detail)} @keydown=${this.key}
        @focusin=${() => (this.entered = true)} @focusout=${() => (this.entered = false)} @pointerdown=${this.enter}
      >${mode === "side" || !pair
        ? html`<div class="grid" style="--columns:${columnsOf(sides.length + (choices.sources ? sharedPictures(shown.map(({ run }) => run)).length : 0))}">
            ${repeat(sides, ({ run }) => run.id, (side) => this.figure(side))}${choices.sources ? this.sources() : nothing}
          </div>`
        : html`<nst-compare-pair
              mode=${mode} .a=${pair[0]} .b=${pair[1]} .zoom=${this.zoom} .wipe=${choices.wipe} .difference=${this.difference} .wheel=${this.entered}
              @nst-wipe=${(event: CustomEvent<number>) => this.set({ wipe: event.detail })}
            ></nst-compare-pair>${choices.sources ? html`<div class="grid small" style="--columns:4">${this.sources()}</div>` : nothing}`}</div>`;
  }

  private set(detail: Partial<CompareChoices>): void {
    this.dispatchEvent(new CustomEvent("nst-set", { detail }));
  }

  /** Which pictures are shown, and what is under way. */
  private status() {
    const { shown, working, sliding, stopped } = this;
    const failed = shown.filter(({ problem }) => problem);
    const waiting = shown.filter(({ exact, problem }) => !exact && !problem);
    const names = (some: readonly ShownRun[]) => some.map(({ run }) => run.mark).join(", ");
    const button = (text: string, type: string) => html`<button class="plain" @click=${() => this.dispatchEvent(new Event(type))}>${text}</button>`;
    const text = sliding
      ? "The nearest pictures of the filmstrips. Let the slider rest, and the exact ones are computed."
      : waiting.length === 0
        ? shown.length > failed.length ? "All pictures are exact." : ""
        : stopped
          ? html`Stopped. ${names(waiting)}: nearest picture of the filmstrip. ${button("Compute", "nst-again")}`
          : working
            ? html`${working.step === 0 ? `Computing the start of ${working.mark}` : `Computing ${working.mark} again: step ${formatNumber(working.reached)} of ${formatNumber(working.step)}`}${waiting.length > 1 ? `, then ${names(waiting.filter(({ run }) => run.mark !== working.mark))}` : ""}. ${button("Stop", "nst-stop")}`
            : "";
    return html`<p class="status" role="status">${text}</p>
      ${failed.map(({ run, placed, problem }) => html`<p class="problem" role="alert">Step ${formatNumber(placed.step)} of ${run.mark} could not be computed again. ${problem} ${button("Try again", "nst-again")}</p>`)}`;
  }

  private modes(mode: CompareMode, pair: readonly [PairSide, PairSide] | null) {
    const choose = (name: "first" | "second", label: string, chosen: PairSide, other: PairSide) => html`<select
      aria-label=${label} style="color:${chosen.run.colour}"
      @change=${({ target }: Event) => this.set({ first: pair![0].run.mark, second: pair![1].run.mark, [name]: (target as HTMLSelectElement).value })}
    >${this.shown.filter(({ run }) => run !== other.run).map(({ run }) => html`<option value=${run.mark} .selected=${run === chosen.run}>${run.mark} · ${titleOf(run.entry)}</option>`)}</select>`;
    return html`<span class="either" role="group" aria-label="How to compare">
        ${MODES.map(([one, text, title]) => html`<button aria-pressed=${mode === one} title=${title} ?disabled=${!pair} @click=${() => this.set({ mode: one })}>${text}</button>`)}
      </span>
      ${mode !== "side" && pair && this.shown.length > 2 ? html`<span class="choice">${choose("first", "First picture", pair[0], pair[1])}<span class="soft">and</span>${choose("second", "Second picture", pair[1], pair[0])}</span>` : nothing}`;
  }

  private zooms() {
    const { zoom, choices } = this;
    const button = (text: string, label: string, to: Zoom) => html`<button aria-label=${label} title=${label} ?disabled=${to.scale === zoom.scale} @click=${() => (this.zoom = to)}>${text}</button>`;
    return html`<span class="zoom" role="group" aria-label="Zoom" title="Also: a double click, two fingers, the wheel with Ctrl, or the keys + − 0 and arrows on the pictures">
        ${button("−", "zoom out", zoomAt(zoom, 1 / 1.5))}<span class="number" aria-live="polite">${Math.round(zoom.scale * 100)} %</span>${button("+", "zoom in", zoomAt(zoom, 1.5))}${button("Whole", "show the whole pictures", WHOLE)}
      </span>
      <label class="sources"><input type="checkbox" .checked=${choices.sources} @change=${({ target }: Event) => this.set({ sources: (target as HTMLInputElement).checked })} /> <span class="content">content</span> and <span class="style">style</span></label>`;
  }

  /** The same place is marked in all other pictures that have the content picture's shape. */
  private marked(id: string) {
    return this.pointed && this.pointed.in !== id ? this.pointed.at : null;
  }

  private point(id: string) {
    return ({ detail }: CustomEvent<Place | null>) => (this.pointed = detail && { at: detail, in: id });
  }

  private figure(side: PairSide) {
    const { run, placed, exact } = side;
    const instead = insteadWords(placed, this.shown.find((one) => one.run.id === run.entry.parent?.run)?.run.mark);
    return html`<figure>
      <nst-linked-picture .shown=${side.shown} .zoom=${this.zoom} .aspect=${side.aspect} .wheel=${this.entered} ?preview=${!exact} label=${pictureLabel(side)} .place=${this.marked(run.id)} @nst-place=${this.point(run.id)}></nst-linked-picture>
      <figcaption><b class="mark" style="background:${run.colour}">${run.mark}</b><span><span class="title" title=${titleOf(run.entry)}>${titleOf(run.entry)}</span><br />${pictureWords(side)}${instead ? html`<br /><i>${instead}</i>` : nothing}</span></figcaption>
    </figure>`;
  }

  private sources() {
    return sharedPictures(this.shown.map(({ run }) => run)).map((shared) => this.source(shared));
  }

  /** The style picture has a shape of its own: its places are not those of the others. */
  private source({ kind, marks, run }: SharedPicture) {
    const picture = run.record.config[kind];
    const { name } = run.entry[kind];
    return html`<figure>
      <nst-linked-picture .shown=${picture} .zoom=${kind === "content" ? this.zoom : WHOLE} .aspect=${picture.width / picture.height} .wheel=${this.entered && kind === "content"} label="${kind} picture${marks ? ` of ${marks}` : ""}: ${name}" .place=${kind === "content" ? this.marked("") : null} @nst-place=${kind === "content" ? this.point("") : nothing} @nst-zoom=${(event: Event) => kind === "style" && event.stopPropagation()}></nst-linked-picture>
      <figcaption><span><b class=${kind}>${kind}</b>${marks ? ` of ${marks}` : ""}<br /><span class="title" title=${name}>${name}</span></span></figcaption>
    </figure>`;
  }

  private enter = (event: Event): void => {
    if (event.composedPath().some((element) => element instanceof LinkedPicture)) (event.currentTarget as HTMLElement).focus({ preventScroll: true });
  };

  private key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(select|input)$/i.test((event.composedPath()[0] as Element).tagName)) return;
    const zoom = zoomKey(this.zoom, event.key);
    if (!zoom) return;
    event.preventDefault();
    this.zoom = zoom;
  };

  static override styles = [controlStyles, compareRunsStyles];
}

/** So many stand in a row on a wide cell. */
function columnsOf(pictures: number): number {
  return Math.max(2, pictures <= 4 ? pictures : Math.ceil(pictures / 2));
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-compare-view": CompareRunsView;
  }
}
