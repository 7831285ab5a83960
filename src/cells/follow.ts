import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Kernels } from "../kernel/client";
import { Cell } from "./cell";
import { Coalesced } from "./coalesce";
import { pullKinds } from "./follow-bars";
import "./follow-chart";
import { lattice, nearestTo, type Pixel } from "./follow-lattice";
import { colourText } from "./follow-numbers";
import { type Channel, CHANNELS, type PathNumbers, pathNumbers, type PixelPath } from "./follow-path";
import "./follow-picture";
import "./follow-plane";
import "./follow-step";
import { followStyles } from "./follow-styles";
import { Following } from "./following";
import { Latest } from "./latest";
import { formatCount, formatNumber, formatSeconds } from "./numbers";
import { progressStyles } from "./progress-styles";
import type { RunValue } from "./run";
import { type KeptRun, runRecord } from "./run-records";

/** Milliseconds between two drawings while the replay goes. */
const INTERVAL = 150;
/** Between two values given to other cells. */
const VALUE_INTERVAL = 1000;

/** The value of a cell that follows a pixel. Colours are RGB in [0, 1]; numbers of the path are null before it was followed. */
export interface FollowValue extends Pixel {
  /** steps followed */
  steps: number;
  start: number[] | null;
  end: number[] | null;
  /** these and those below: see PathNumbers; `path.share.style`, `path.first` */
  length: number | null;
  distance: number | null;
  clipped: number | null;
  share: PathNumbers["share"] | null;
  against: number | null;
  first: number | null;
  /** colours after 0, 1, 2 … steps, [(steps + 1)·3] */
  colours: Float32Array | null;
}

type View = "steps" | "red green" | "red blue" | "green blue";
const VIEWS: [View, string][] = [["steps", "over the steps"], ["red green", "red, green"], ["red blue", "red, blue"], ["green blue", "green, blue"]];

/**
 * One pixel on its way through a run: its colour after every step, and what moved it: the content, each style layer, total
 * variation, and the clip. The run is replayed from its start, each term's gradient computed by itself; Adam's step is linear
 * in its first moment, so that its move is the sum of what each term's gradients, those of earlier steps included, have made.
 *
 *     <nst-follow as="path" of="G"></nst-follow>
 *     <nst-follow as="path" of="G" x="37" y="20" pixels="192" steps="60"></nst-follow>
 *
 * Attributes: `x`, `y` (column and row; −1: the middle), `pixels` (how many are followed at once, spread evenly, so that
 * another one is shown at once), `steps` (0: as many as the run has done), `channel` "red" | "green" | "blue", `view`
 * "steps" | "red green" | "red blue" | "green blue", `layers` "each" | "together", `step` (the one that is taken apart). Gives
 * a FollowValue.
 */
@customElement("nst-follow")
export class FollowCell extends Cell<FollowValue> {
  static override title = "follow a pixel";
  static override lazy = true;
  static override reserve = 320;
  static override roles = ["run"];
  static override params = { x: -1, y: -1, pixels: 192, steps: 0, channel: "red", view: "steps", layers: "each", step: 1 };
  static override styles = [...Cell.styles, progressStyles, followStyles];

  @state() private hoveredPixel: Pixel | null = null;
  @state() private hoveredStep: number | null = null;
  private run: RunValue | null = null;
  private kernels: Kernels | null = null;
  private following: Following | null = null;
  /** the run that is or was followed */
  private of: string | null = null;
  private spoken = "";
  private memo: { key: readonly unknown[]; path: PixelPath } | null = null;
  private readonly latest = new Latest<FollowValue | null>(null);
  private readonly redraw = new Coalesced(() => this.requestUpdate(), INTERVAL);
  private readonly giveSoon = new Coalesced(() => this.give(), VALUE_INTERVAL);

  compute({ run }: { run: RunValue }, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): AsyncIterable<FollowValue> {
    if (run === null || typeof run !== "object" || !("run" in run)) throw new Error(`“${this.readName}” is no run. Take the name of a run cell (<nst-run as="…">).`);
    this.kernels = kernel;
    this.run = run;
    if (run.run !== this.of && this.following) {
      this.following.stop();
      this.following = null;
    }
    this.give();
    return this.latest.follow(signal) as AsyncIterable<FollowValue>;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.redraw.cancel();
    // as the base class does: moving an element in the page does not end its replay
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.giveSoon.cancel();
      this.following?.stop();
      this.following = null;
    });
  }

  override headerNote(): string {
    return this.following ? `step ${formatNumber(this.following.followed.steps)} of ${formatNumber(this.following.to)}` : "";
  }

  private get readName(): string {
    return this.getAttribute("of")?.trim() || this.getAttribute("run")?.trim() || "run";
  }

  private get kept(): KeptRun | undefined {
    return this.run?.run ? runRecord(this.run.run) : undefined;
  }

  private get channel(): Channel {
    return Math.max(0, CHANNELS.indexOf(this.param("channel"))) as Channel;
  }

  private get pixel(): Pixel {
    const { width, height } = this.run?.picture ?? { width: 0, height: 0 };
    const within = (value: number, count: number) => (value < 0 ? count >> 1 : Math.min(count - 1, Math.floor(value)));
    return { x: within(this.param("x"), width), y: within(this.param("y"), height) };
  }

  /** Whether Adam made every step of the run: the move of another optimiser is not divided here. */
  private byAdam({ record }: KeptRun): boolean {
    return [record.config.settings, ...record.changes.map(({ settings }) => settings)].every(({ optimiser }) => optimiser.kind === "adam");
  }

  /** The last step that would be followed now. */
  private lastStep(record: KeptRun["record"]): number {
    const wanted = this.param<number>("steps");
    return Math.max(0, wanted > 0 ? Math.min(wanted, record.last) : record.last);
  }

  /** The path of a pixel, or of the one next to it that was followed. */
  private pathOf(pixel: Pixel): PixelPath | null {
    const { followed } = this.following ?? {};
    if (!followed || followed.steps === 0) return null;
    const index = nearestTo(followed.pixels, pixel);
    const key = [followed, followed.steps, index];
    if (!this.memo || key.some((part, i) => part !== this.memo!.key[i])) this.memo = { key, path: followed.path(index) };
    return this.memo.path;
  }

  view(): TemplateResult | typeof nothing {
    const { run, kept, following } = this;
    if (!run) return this.error ? nothing : html`<p class="body soft">Waits for “${this.readName}” …</p>`;
    if (!run.picture) return html`<p class="body soft">“${this.readName}” has no picture yet: start the run.</p>`;
    const path = this.pathOf(this.hoveredPixel ?? this.pixel);
    const pixels = path && following?.followed.pixels;
    const shown = pixels ? pixels[nearestTo(pixels, this.pixel)] : null;
    return html`${this.progress()}
      <div class="body">
        <div class="bar">${this.buttons(kept)} <p class="status number">${this.statusText(kept)}</p></div>
        ${following?.state === "failed" ? html`<p class="message problem" role="alert">${following.problem}</p>` : nothing}
        <p class="visually-hidden" aria-live="polite">${this.spoken}</p>
        <div class="sides">
          <div class="picture-side">
            <nst-follow-picture
              .picture=${run.picture} .lattice=${following?.lattice ?? null} .chosen=${this.pixel} .shown=${shown} reading=${path ? `colour ${colourText(path.colours, path.steps)} after ${path.steps} steps` : ""}
              @nst-pixel=${({ detail }: CustomEvent<Pixel>) => this.choose(detail)} @nst-hover=${({ detail }: CustomEvent<Pixel | null>) => (this.hoveredPixel = detail)}
            ></nst-follow-picture>
            ${this.place(shown)}
          </div>
          ${path ? this.charts(path) : html`<p class="soft promise">${this.promise()}</p>`}
        </div>
      </div>
      ${path ? html`<div class="body"><nst-follow-step .path=${path} .step=${this.stepOf(path)} .channel=${this.channel}></nst-follow-step></div>
        <p class="body soft number sums">${this.sums(path)} ${this.sameText(path)}</p>` : nothing}`;
  }

  private promise(): string {
    return "Choose a pixel in the picture: click, or use the arrow keys. The run is then computed again from its start, with the gradient of every term by itself. That takes several times as long as the run did; what was followed so far can be read meanwhile.";
  }

  private progress(): TemplateResult {
    const { following } = this;
    const done = following?.followed.steps ?? 0;
    const of = following?.to ?? 0;
    return html`<div class="progress ${following?.state ?? ""}" role="progressbar" aria-label="Steps followed" aria-valuemin="0" aria-valuemax=${of} aria-valuenow=${done}><i style="transform: scaleX(${of > 0 ? done / of : 0})"></i></div>`;
  }

  private buttons(kept: KeptRun | undefined): TemplateResult {
    if (this.following?.state === "going") return html`<button class="stop" @click=${() => this.stop()}>Stop</button>`;
    const to = kept && this.byAdam(kept) ? this.lastStep(kept.record) : 0;
    return html`<button class=${this.following ? "" : "primary"} ?disabled=${to < 1} @click=${() => this.begin()}>${this.following ? "Follow again" : "Follow"}</button>`;
  }

  private statusText(kept: KeptRun | undefined): unknown {
    const { following } = this;
    if (!kept) return "This run is not kept any more, because others were started since. Start it again.";
    const now = this.lastStep(kept.record);
    if (!this.byAdam(kept)) return "Following needs Adam: its move can be divided among the terms, because its first moment is a sum over them. This run was made with another optimiser.";
    if (!following) return now < 1 ? "The run has not done a step yet." : `through ${formatCount(now)} steps`;
    const { steps } = following.followed;
    const count = `${formatNumber(steps)} of ${formatNumber(following.to)} steps, ${formatNumber(following.lattice.pixels.length)} pixels`;
    if (following.state === "going") return html`<b>Following</b> ${count}${following.secondsLeft === null ? "" : ` · ${formatSeconds(following.secondsLeft)} left`}`;
    const more = now > following.to ? ` The run has gone on to step ${formatNumber(now)}.` : "";
    return html`<b>${following.state === "finished" ? "Followed" : "Stopped"}</b> ${count}${more ? `.${more}` : ""}`;
  }

  /** Which pixel is chosen, and which is shown for it where it was not followed. */
  private place(shown: Pixel | null): TemplateResult {
    const { x, y } = this.pixel;
    const place = html`Column <b>${x}</b>, row <b>${y}</b>`;
    if (!shown || (shown.x === x && shown.y === y)) return html`<p class="place number">${place}</p>`;
    return html`<p class="place number">${place} was not followed. Shown is its neighbour, column ${shown.x}, row ${shown.y}.
      ${this.following?.state === "going" ? nothing : html`<button class="exact" @click=${() => this.begin()}>Follow exactly this one</button>`}</p>`;
  }

  private charts(path: PixelPath): TemplateResult {
    const kinds = pullKinds(path.terms, this.param<string>("layers") === "together");
    const view = this.param<View>("view");
    const shown = VIEWS.some(([name]) => name === view) ? view : "steps";
    const [across, up] = (shown === "steps" ? "red green" : shown).split(" ").map((name) => CHANNELS.indexOf(name as (typeof CHANNELS)[number]) as Channel);
    const step = this.stepOf(path);
    return html`<div class="charts">
      <div class="choices">
        ${this.either("view", "Drawing of the path", VIEWS, shown)}
        ${shown === "steps"
          ? html`${this.either("channel", "Channel whose pulls are drawn", CHANNELS.map((name) => [name, name]), CHANNELS[this.channel])} ${this.either("layers", "Style layers", [["each", "each layer"], ["together", "style as one"]], this.param("layers"))}`
          : nothing}
      </div>
      ${shown === "steps"
        ? html`<ul class="legend">${kinds.map(({ name, title, colour }) => html`<li><i class=${name === "clip" ? "clip" : ""} style="background: ${colour}"></i>${title}</li>`)}<li><i class="net"></i>all together</li></ul>
          <nst-follow-chart
            .path=${path} .kinds=${kinds} .channel=${this.channel} .of=${this.following!.to} .step=${this.param<number>("step")} .changes=${this.kept?.record.changes.map(({ step }) => step) ?? []}
            @nst-step=${({ detail }: CustomEvent<number>) => this.setParam("step", detail, { recompute: false })} @nst-inspect=${({ detail }: CustomEvent<number | null>) => (this.hoveredStep = detail)}
          ></nst-follow-chart>`
        : html`<nst-follow-plane .path=${path} .across=${across} .up=${up} .step=${step}></nst-follow-plane>
          <label class="step">step <input type="range" min="1" max=${path.steps} .value=${String(step)} @input=${(event: Event) => this.setParam("step", Number((event.target as HTMLInputElement).value), { recompute: false })} /> <b class="number">${step}</b></label>`}
    </div>`;
  }

  private either(param: string, label: string, values: readonly (readonly [string, string])[], chosen: string): TemplateResult {
    return html`<span class="either" role="group" aria-label=${label}>${values.map(([value, text]) => html`<button aria-pressed=${value === chosen} @click=${() => this.setParam(param, value, { recompute: false })}>${text}</button>`)}</span>`;
  }

  private stepOf({ steps }: PixelPath): number {
    return Math.max(1, Math.min(steps, this.hoveredStep ?? this.param<number>("step")));
  }

  private sums(path: PixelPath): string {
    const { length, distance, clipped, share, against } = pathNumbers(path);
    const part = (name: string) => `${formatNumber(100 * share[name], 2)} %`;
    return `Over ${formatNumber(path.steps)} steps the colour went ${formatNumber(length, 2)} in all and ended ${formatNumber(distance, 2)} from where it began. Of all that was pulled, content made ${part("content")}, style ${part("style")}, total variation ${part("tv")}; ${formatNumber(100 * against, 2)} % of what content and style pulled undid each other. The clip was at work in ${clipped === 0 ? "no step" : clipped === 1 ? "one step" : `${formatNumber(clipped)} steps`}.`;
  }

  /** Whether the replay came to the colour that the run itself had, where a picture of that step was kept. */
  private sameText(path: PixelPath): string {
    const checkpoint = this.kept?.record.checkpoints.findLast(({ step }) => step > 0 && step <= path.steps);
    if (!checkpoint) return "";
    const { step, width, picture } = checkpoint;
    const off = Math.max(...[0, 1, 2].map((c) => Math.abs(picture[(path.y * width + path.x) * 3 + c] - path.colours[step * 3 + c])));
    return off === 0 ? `After step ${formatNumber(step)}, the replay has the run's own colour, bit for bit.` : `After step ${formatNumber(step)}, the replay is ${formatNumber(off, 2)} away from the run's own colour.`;
  }

  private choose({ x, y }: Pixel): void {
    this.setParam("x", x, { recompute: false });
    this.setParam("y", y, { recompute: false });
    this.give();
  }

  private begin(): void {
    const { kept, kernels, run } = this;
    if (!kept || !kernels || !run?.picture) return;
    this.following?.stop();
    const { width, height } = run.picture;
    this.of = run.run;
    const most = Math.max(1, Math.min(1024, Math.floor(this.param("pixels"))));
    const following = (this.following = new Following(kernels, kept.record, lattice(width, height, most, this.pixel), this.lastStep(kept.record), () => {
      if (this.following !== following) return;
      if (following.state === "going") this.giveSoon.request();
      else {
        this.spoken = `${following.state === "finished" ? "Followed" : "Stopped after"} ${following.followed.steps} steps.`;
        this.give();
      }
      this.redraw.request();
    }));
    this.spoken = "Following the pixels.";
    this.requestUpdate();
  }

  private stop(): void {
    this.following?.stop();
  }

  private give(): void {
    this.giveSoon.cancel();
    const path = this.run?.picture ? this.pathOf(this.pixel) : null;
    const colour = (step: number) => Array.from(path!.colours.subarray(step * 3, step * 3 + 3));
    const numbers: { [name in keyof PathNumbers]: PathNumbers[name] | null } = path ? pathNumbers(path) : { length: null, distance: null, clipped: null, share: null, against: null, first: null };
    const { x, y } = path ?? this.pixel;
    this.latest.give({ x, y, steps: path?.steps ?? 0, start: path && colour(0), end: path && colour(path.steps), ...numbers, colours: path?.colours ?? null });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-follow": FollowCell;
  }
}
