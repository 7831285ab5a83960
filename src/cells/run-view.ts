import { html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { RunBatch } from "../kernel/protocol";
import type { Picture } from "../nst/picture";
import "./cost-bars";
import { CostHistory } from "../runs/cost-history";
import "./curves";
import { formatNumber, formatSeconds } from "./numbers";
import { pixelsOf } from "./pixel-canvas";
import { progressStyles } from "./progress-styles";
import { runViewStyles } from "./run-view-styles";
import type { CostScale } from "./scales";
import type { MarkedChange } from "./settings-change";
import { controlStyles } from "./theme";

/** "idle": nothing has been started yet; the others are what a run reports. */
export type RunState = "idle" | RunBatch["state"];

/** Milliseconds between two spoken summaries. */
const SPOKEN = 10_000;

/**
 * What a person sees of a run, and the buttons that steer it. It keeps nothing of the run but the picture on its canvas:
 * whoever owns the run sets the properties, hands over pictures by `show`, and answers the events.
 *
 *     <nst-run-view .state=${state} .step=${43} .steps=${150} .stepsPerSecond=${6.1} .secondsLeft=${17}
 *       .history=${history} .version=${history.version} .contentPicture=${content} .stylePicture=${style}
 *       @start=${…} @pause=${…} @resume=${…} @stop=${…} @download=${…}></nst-run-view>
 *
 * @fires start - Start or Start again was pressed
 * @fires pause
 * @fires resume
 * @fires stop
 * @fires go-on - it is to go on from where it ended
 * @fires download - the picture as PNG is wanted
 * @fires duplicate - the same once more, in new cells
 * @fires branch - another way from here
 */
@customElement("nst-run-view")
export class RunView extends LitElement {
  @property() state: RunState = "idle";
  /** steps done */
  @property({ type: Number }) step = 0;
  /** steps wanted */
  @property({ type: Number }) steps = 0;
  /** 0 while it is not known */
  @property({ type: Number }) stepsPerSecond = 0;
  /** null while it is not known */
  @property({ attribute: false }) secondsLeft: number | null = null;
  @property({ attribute: false }) history = new CostHistory();
  /** `history.version` */
  @property({ type: Number }) version = 0;
  /** steps from which on the settings were other ones */
  @property({ attribute: false }) changes: readonly MarkedChange[] = [];
  /** the two pictures that the run is made of, shown small; null while they are not there */
  @property({ attribute: false }) contentPicture: Picture | null = null;
  @property({ attribute: false }) stylePicture: Picture | null = null;
  /** something the person should know about the run: a lost GPU, a warning about the settings */
  @property() notice: string | null = null;
  /** whether the notice is why the run has ended before its time */
  @property({ type: Boolean }) failed = false;
  /** names of settings changed since the start that only a new start will use: "size", "pooling" */
  @property({ attribute: false }) stale: readonly string[] = [];
  /** whether there is all that a run needs; else there is nothing to start */
  @property({ attribute: false }) ready = true;
  /** why a run cannot be started, in whole sentences; the start button waits until there is none */
  @property({ attribute: false }) problems: readonly string[] = [];

  /** whether it can be started (again), not only gone on with */
  @property({ attribute: false }) startable = true;
  /** the step that it could go on from, null if it cannot */
  @property({ attribute: false }) goesOnFrom: number | null = null;
  /** settings that were changed since, and that it would go on with: "β 1 → 100" */
  @property() changedSince = "";
  /** whether cells can be added to the notebook */
  @property({ type: Boolean }) duplicable = false;
  @property({ type: Boolean }) branchable = false;
  /** only buttons and messages; what is inside the element is shown beneath them */
  @property({ type: Boolean }) bare = false;

  @state() private scale: CostScale = "log";
  @state() private inspected: number | null = null;
  /** what the large frame shows */
  @state() private shown: "picture" | "content" | "style" = "picture";
  @state() private aspect: number | null = null;
  @state() private spoken = "";

  @query("canvas.result") private canvas!: HTMLCanvasElement;
  private spokenAt = -Infinity;
  /** whether the focus was on the buttons, or where they had been, before this update */
  private steering = false;

  /** True once a picture has been shown since the last `clear`. */
  get hasPicture(): boolean {
    return this.aspect !== null;
  }

  /** Draws the newest picture of the run and closes the bitmap. */
  show(bitmap: ImageBitmap): void {
    // The canvas exists after the first render; a run that reports earlier is a run of an element that was just made.
    if (!this.hasUpdated) this.performUpdate();
    this.paint(bitmap, bitmap.width, bitmap.height);
    bitmap.close();
  }

  /** Draws the picture of a run from its bytes, for a run that was kept and is shown again. */
  showPixels({ width, height, rgba }: NonNullable<RunBatch["pixels"]>): void {
    if (!this.hasUpdated) this.performUpdate();
    const image = new ImageData(width, height);
    image.data.set(rgba);
    this.paint(image, width, height);
  }

  /** The picture as it is shown, at its own size. */
  toPng(): Promise<Blob> {
    return new Promise((resolve, reject) => this.canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser could not make a PNG of the picture."))), "image/png"));
  }

  /** Takes the picture away, for a new start. */
  clear(): void {
    this.aspect = null;
    this.shown = "picture";
  }

  private paint(source: ImageBitmap | ImageData, width: number, height: number): void {
    const { canvas } = this;
    // Setting the size clears a canvas, so that it is set only when it changes: no flash between two steps.
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const context = canvas.getContext("2d", { alpha: false })!;
    if (source instanceof ImageData) context.putImageData(source, 0, 0);
    else context.drawImage(source, 0, 0);
    this.aspect = width / height;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.steering = !!this.shadowRoot?.activeElement?.closest(".bar");
    const turned = changed.has("state") && changed.get("state") !== undefined;
    if (!turned && !(this.state === "running" && changed.has("step") && performance.now() - this.spokenAt >= SPOKEN)) return;
    this.spoken = `${STATES[this.state]}. ${this.progressText()}`;
    this.spokenAt = performance.now();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("state")) this.keepFocus();
    if (changed.has("contentPicture")) drawPicture(this.renderRoot.querySelectorAll("canvas.of-content"), this.contentPicture);
    if (changed.has("stylePicture")) drawPicture(this.renderRoot.querySelectorAll("canvas.of-style"), this.stylePicture);
  }

  /** The button that was pressed goes away with the state that it was for; whoever works by keyboard stays at its place. */
  private keepFocus(): void {
    const status = this.renderRoot.querySelector<HTMLElement>(".status")!;
    const { activeElement } = this.shadowRoot!;
    if (!this.steering || (activeElement !== null && activeElement !== status)) return;
    // a run that ended by itself: Enter, meant for Pause, must not start another one and take the picture away
    const next = this.state === "finished" ? null : this.renderRoot.querySelector<HTMLElement>(".controls .primary");
    (next ?? status).focus({ preventScroll: true });
  }

  private progressText(): string {
    const { step, steps, stepsPerSecond, secondsLeft } = this;
    const parts = [`step ${formatNumber(step)} of ${formatNumber(steps)}`];
    if (this.state === "running" && stepsPerSecond > 0) parts.push(stepsPerSecond >= 1 ? `${formatNumber(stepsPerSecond, 2)} steps/s` : `${formatNumber(1 / stepsPerSecond, 2)} s a step`);
    if (this.state === "running" && secondsLeft !== null) parts.push(`${formatSeconds(secondsLeft)} left`);
    return parts.join(" · ");
  }

  private send(type: "start" | "pause" | "resume" | "stop" | "go-on" | "download" | "duplicate" | "branch"): void {
    this.dispatchEvent(new Event(type));
  }

  override render() {
    return html`
      ${this.progress()}
      <div class="top">${this.buttons()} ${this.messages()}</div>
      ${this.bare
        ? html`<canvas class="result" hidden></canvas><slot></slot>`
        : html`<div class="layout">
            <div class="left">${this.frame()}</div>
            <div class="right">${this.history.length === 0 ? this.placeholder() : this.costs()}</div>
          </div>`}
      <p class="visually-hidden" aria-live="polite">${this.spoken}</p>`;
  }

  private costs() {
    return html`<nst-curves
        .history=${this.history} .version=${this.version} .changes=${this.changes} .scale=${this.scale}
        @nst-scale=${(e: CustomEvent<CostScale>) => (this.scale = e.detail)} @nst-inspect=${(e: CustomEvent<number | null>) => (this.inspected = e.detail)}
      ></nst-curves>
      <nst-cost-bars .history=${this.history} .version=${this.version} .scale=${this.scale} .step=${this.inspected}></nst-cost-bars>`;
  }

  private placeholder() {
    return html`<div class="placeholder"><p>${this.state === "preparing"
      ? html`Working out what the <span class="content">content</span> and the <span class="style">style</span> picture look like to the network …`
      : html`Here will be the costs of every step: <span class="content">content</span>, <span class="style">style</span>, total variation and their sum.`}</p></div>`;
  }

  private progress() {
    const share = this.steps > 0 ? Math.min(1, this.step / this.steps) : 0;
    const unknown = this.state === "preparing";
    return html`<div
      class="progress ${this.state}" role="progressbar" aria-label="Steps done" aria-valuemin="0" aria-valuemax=${this.steps}
      aria-valuenow=${unknown ? nothing : this.step} aria-valuetext=${unknown ? "preparing" : this.progressText()}
    ><i style=${unknown ? "" : `transform: scaleX(${share})`}></i></div>`;
  }

  private buttons() {
    const { state, problems, ready } = this;
    const running = state === "preparing" || state === "running";
    const going = running || state === "paused";
    const goesOn = this.goesOnFrom !== null;
    const blocked = problems.length > 0 || !ready;
    const start = (label: string, primary: boolean) => (this.startable ? html`<button class=${primary ? "primary" : ""} ?disabled=${blocked} @click=${() => this.send("start")}>${label}</button>` : nothing);
    return html`<div class="bar">
      <div class="controls">
        ${state === "idle" ? start("Start", true) : nothing}
        ${state === "running" ? html`<button class="primary" @click=${() => this.send("pause")}>Pause</button>` : nothing}
        ${state === "paused" ? html`<button class="primary" @click=${() => this.send("resume")}>Resume</button>` : nothing}
        ${going ? html`<button @click=${() => this.send("stop")}>Stop</button>` : nothing}
        ${goesOn ? html`<button class="primary" title="compute the steps after step ${this.goesOnFrom}" @click=${() => this.send("go-on")}>Go on</button>` : nothing}
        ${state === "idle" || state === "preparing" ? nothing : start("Start again", !going && !goesOn)}
        ${this.duplicable && state !== "idle" ? html`<button title="new cells below, with the same settings, to change one thing in" @click=${() => this.send("duplicate")}>Duplicate</button>` : nothing}
        ${this.branchable && this.hasPicture ? html`<button title="${state === "running" ? "pause here, and " : ""}go another way from this step, in a cell below" @click=${() => this.send("branch")}>Branch</button>` : nothing}
        ${this.hasPicture ? html`<button @click=${() => this.send("download")}>Download PNG</button>` : nothing}
      </div>
      <p class="status number" tabindex="-1"><b class=${state}>${state === "idle" && !ready ? "Not ready yet" : STATES[state]}</b>${state === "idle" || state === "preparing" ? nothing : html` <span>${this.progressText()}</span>`}</p>
    </div>`;
  }

  private messages() {
    return html`
      ${this.problems.map((text) => html`<p class="message problem" role="alert">${text}</p>`)}
      ${this.notice ? html`<p class="message ${this.failed ? "problem" : ""}" role=${this.failed ? "alert" : "status"}>${this.notice}</p>` : nothing}
      ${this.changedSince ? html`<p class="message" role="status">Changed since: <b>${this.changedSince}</b>. Go on uses it from step ${this.goesOnFrom} on.</p>` : nothing}
      ${this.stale.length > 0 ? html`<p class="message" role="status">Changed since the start: <b>${this.stale.join(", ")}</b>. Start again to use ${this.stale.length > 1 ? "them" : "it"}.</p>` : nothing}`;
  }

  private frame() {
    const { shown, contentPicture: content } = this;
    const aspect = this.aspect ?? (content ? content.width / content.height : 1);
    const empty = !this.hasPicture && shown === "picture";
    const size = `${this.canvas?.width ?? 0}\u00a0×\u00a0${this.canvas?.height ?? 0}\u00a0px`;
    const captions = { picture: html`<b class="picture">picture</b> after ${formatNumber(this.step)} ${this.step === 1 ? "step" : "steps"} · ${size}`, content: html`<b class="content">content</b> picture`, style: html`<b class="style">style</b> picture` };
    return html`<figure class="frame ${empty && this.state !== "preparing" && this.state !== "running" ? "idle" : ""}" style="--aspect: ${aspect}">
      <div class="stage" style="aspect-ratio: ${aspect}">
        <canvas class="result" role="img" aria-label="generated picture after ${this.step} steps" ?hidden=${shown !== "picture" || empty}></canvas>
        <canvas class="of-content ${empty ? "faint" : ""}" role="img" aria-label="content picture" ?hidden=${!(shown === "content" || empty) || !content}></canvas>
        <canvas class="of-style" role="img" aria-label="style picture" ?hidden=${shown !== "style"}></canvas>
        ${empty ? html`<span class="hint"><span>${this.state === "idle" ? "Not started" : this.state === "stopped" ? "No picture" : "Preparing …"}</span></span>` : nothing}
      </div>
      ${this.thumbnails()}
      <figcaption>${empty ? this.made() : captions[shown]}</figcaption>
    </figure>`;
  }

  /** What size the result will have: whoever looks for it in the settings finds there only what both pictures read. */
  private made() {
    const { contentPicture: content } = this;
    return content ? html`makes ${content.width} × ${content.height} px, the size of the content picture` : nothing;
  }

  /** Pressed, a thumbnail takes the frame, so that before and after can be compared in one place. */
  private thumbnails() {
    const thumbnail = (kind: "content" | "style", picture: Picture | null) => html`<button
      class="thumbnail" ?hidden=${!picture} aria-pressed=${this.shown === kind} title="show the ${kind} picture in the frame"
      @click=${() => (this.shown = this.shown === kind ? "picture" : kind)}
    ><canvas class="of-${kind}" aria-hidden="true"></canvas><span class=${kind}>${kind}</span></button>`;
    return html`<div class="thumbnails">${thumbnail("content", this.contentPicture)}${thumbnail("style", this.stylePicture)}</div>`;
  }

  static override styles = [controlStyles, progressStyles, runViewStyles];
}

const STATES: Record<RunState, string> = { idle: "Ready", preparing: "Preparing", running: "Running", paused: "Paused", finished: "Finished", stopped: "Stopped" };

/** Puts a picture on canvases of its own size, or empties them. */
function drawPicture(canvases: NodeListOf<HTMLCanvasElement>, picture: Picture | null): void {
  const image = picture && new ImageData(pixelsOf(picture).rgba, picture.width, picture.height);
  for (const canvas of canvases) {
    canvas.width = picture?.width ?? 1;
    canvas.height = picture?.height ?? 1;
    if (image) canvas.getContext("2d")!.putImageData(image, 0, 0);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-run-view": RunView;
  }
}
