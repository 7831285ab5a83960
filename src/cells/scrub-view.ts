import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Checkpoint } from "../kernel/protocol";
import type { Picture } from "../nst/picture";
import { formatNumber } from "./numbers";
import "./pixel-canvas";
import { type Pixels, pixelsOf } from "./pixel-canvas";
import { type ComparedCost, comparisonText } from "./scrub-compare";
import { nearestStep, stripSteps } from "./scrub-strip";
import { scrubStyles } from "./scrub-styles";
import type { MomentValue } from "./scrub";
import { controlStyles } from "./theme";

/** Pictures of the filmstrip at most. */
const FRAMES = 9;

/**
 * What a person sees of a run's steps: the filmstrip, the slider beneath it, the picture at the step, and its costs.
 *
 *     <nst-scrub-view .last=${80} .step=${43} .checkpoints=${record.checkpoints} .exact=${moment} .compared=${costs} @nst-slide=${…}></nst-scrub-view>
 *
 * @fires nst-slide - detail: the step gone to, also while the slider moves
 * @fires nst-again - the replay that failed is to be tried again
 */
@customElement("nst-scrub-view")
export class ScrubView extends LitElement {
  /** the newest step */
  @property({ type: Number }) last = 0;
  /** the step that the slider stands at */
  @property({ type: Number }) step = 0;
  /** by step */
  @property({ attribute: false }) checkpoints: readonly Checkpoint[] = [];
  /** the moment at `step`; null while it is not there yet */
  @property({ attribute: false }) exact: MomentValue | null = null;
  /** `step` is the newest one, and follows the run */
  @property({ type: Boolean }) newest = false;
  /** step that a replay under way has reached */
  @property({ attribute: false }) reached: number | null = null;
  /** why a replay has failed */
  @property() problem = "";
  @property({ attribute: false }) compared: readonly ComparedCost[] = [];

  /** bytes of pictures that are shown, by their numbers */
  private readonly painted = new WeakMap<Float32Array, Pixels>();
  /** what is on the large canvas */
  private drawn: Pixels | null = null;

  private pixels(picture: Picture): Pixels {
    let pixels = this.painted.get(picture.data);
    if (!pixels) this.painted.set(picture.data, (pixels = pixelsOf(picture)));
    return pixels;
  }

  private slide(step: number): void {
    const detail = Math.max(0, Math.min(this.last, step));
    if (detail !== this.step) this.dispatchEvent(new CustomEvent<number>("nst-slide", { detail }));
  }

  override render(): TemplateResult {
    const { step, last, checkpoints } = this;
    const steps = checkpoints.map((one) => one.step);
    const near = nearestStep(steps, step);
    const frames = stripSteps(steps, FRAMES);
    const lit = nearestStep(frames, step);
    return html`
      <div class="strip" role="group" aria-label="Checkpoints of the run">
        ${repeat(frames, (frame) => frame, (frame) => html`<button class=${frame === lit ? "lit" : ""} aria-label="go to step ${frame}" title="step ${frame}" @click=${() => this.slide(frame)}>
          <nst-pixel-canvas aria-hidden="true" .pixels=${this.pixels(pictureOf(checkpoints.find((one) => one.step === frame)!))}></nst-pixel-canvas><span>${formatNumber(frame)}</span>
        </button>`)}
      </div>
      <div class="slider">
        <button aria-label="one step back" ?disabled=${step <= 0} @click=${() => this.slide(step - 1)}>◂</button>
        <input type="range" min="0" max=${Math.max(1, last)} step="1" .value=${String(step)} aria-label="step of the run" aria-valuetext="step ${step} of ${last}" @input=${(e: Event) => this.slide(Number((e.target as HTMLInputElement).value))} />
        <button aria-label="one step on" ?disabled=${step >= last} @click=${() => this.slide(step + 1)}>▸</button>
        <span class="where">
          <span class="number at">step <b>${formatNumber(step)}</b> of ${formatNumber(last)}</span>
          <button ?disabled=${this.newest} @click=${() => this.slide(last)}>Newest</button>
        </span>
      </div>
      <div class="layout">
        ${this.picture(near)}
        <div class="costs">${this.status(near)} ${this.exact && this.compared.length > 0 && !this.newest ? this.table() : nothing}</div>
      </div>`;
  }

  protected override updated(): void {
    const near = nearestStep(this.checkpoints.map((one) => one.step), this.step);
    const checkpoint = this.checkpoints.find((one) => one.step === near);
    const picture = this.exact?.picture ?? (checkpoint && pictureOf(checkpoint));
    const shown = picture && this.pixels(picture);
    if (!shown || this.drawn === shown) return;
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>("figure canvas")!;
    canvas.width = shown.width;
    canvas.height = shown.height;
    canvas.getContext("2d", { alpha: false })!.putImageData(new ImageData(shown.rgba, shown.width, shown.height), 0, 0);
    this.drawn = shown;
  }

  private picture(near: number | undefined): TemplateResult {
    const { exact, step } = this;
    const caption = exact ? html`<b class="picture">picture</b> after ${formatNumber(step)} ${step === 1 ? "step" : "steps"}` : html`nearest checkpoint, after ${formatNumber(near ?? 0)} ${near === 1 ? "step" : "steps"}`;
    return html`<figure class=${exact ? "" : "preview"}>
      <canvas role="img" aria-label=${exact ? `generated picture after ${step} steps` : `the picture of the nearest checkpoint, step ${near}`}></canvas>
      <figcaption>${caption}</figcaption>
    </figure>`;
  }

  private status(near: number | undefined): TemplateResult {
    const { exact, reached, step, problem, newest, checkpoints } = this;
    if (problem && !exact) return html`<p class="problem" role="alert">Step ${formatNumber(step)} could not be computed again. ${problem} <button @click=${() => this.dispatchEvent(new Event("nst-again"))}>Try again</button></p>`;
    if (newest && exact) return html`<p role="status">This is the newest picture of the run. Move the slider to go back to any step: it is computed again from the checkpoint before it.</p>`;
    if (!exact && reached !== null) return html`<p role="status">Replaying: step ${formatNumber(reached)} of ${formatNumber(step)}.</p>`;
    if (!exact) return html`<p role="status">Let the slider rest, and step ${formatNumber(step)} is computed again.</p>`;
    const from = checkpoints.findLast((one) => one.step <= step)?.step ?? 0;
    const way = step === from ? (near === step ? "This is a checkpoint." : "This is where the run began.") : `Computed again from ${from === 0 ? "the start" : `the checkpoint at step ${formatNumber(from)}`}: ${formatNumber(step - from)} ${step - from === 1 ? "step" : "steps"}.`;
    return html`<p role="status">${way} <b>${comparisonText(this.compared)}</b></p>`;
  }

  private table(): TemplateResult {
    const cell = (value: number) => html`<td>${formatNumber(value, 4)}</td>`;
    return html`<table>
      <thead><tr><th scope="col">cost</th><th scope="col">recorded</th><th scope="col">replayed</th><th scope="col">difference</th></tr></thead>
      <tbody>${this.compared.map(({ name, label, recorded, replayed, difference }) => html`<tr class=${name === "content" || name === "tv" || name === "total" ? name : "style"}>
        <th scope="row">${label}</th>${cell(recorded)}${cell(replayed)}<td>${difference === 0 ? "none" : formatNumber(difference, 2)}</td>
      </tr>`)}</tbody>
    </table>`;
  }

  static override styles = [controlStyles, scrubStyles];
}

const pictureOf = ({ width, height, picture: data }: Checkpoint): Picture => ({ width, height, data });

declare global {
  interface HTMLElementTagNameMap {
    "nst-scrub-view": ScrubView;
  }
}
