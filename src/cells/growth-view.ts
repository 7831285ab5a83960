import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import { Coalesced } from "./coalesce";
import type { GrowingPicture, Growth, GrowthOrder, GrowthState } from "./growth";
import "./growth-curve";
import { growthStageStyles } from "./growth-stage-styles";
import { growthViewStyles } from "./growth-view-styles";
import { formatNumber, formatSeconds } from "./numbers";
import "./pixel-canvas";
import { type Pixels, pixelsOf } from "./pixel-canvas";
import { progressStyles } from "./progress-styles";
import { controlStyles } from "./theme";

/** Milliseconds between two updates: numbers that change faster cannot be read. */
const INTERVAL = 120;

/** One picture of the row as it is to be shown. */
export interface GrowthTile {
  key: string;
  /** beneath the picture: "conv1_1" */
  title: string;
  /** in full, on the title */
  explain: string;
  /** where the picture will be, before the start; else “from noise” */
  hint?: string;
  /** beneath the steps: what else there is to say of the picture as it stands */
  note?: string;
  /** what the curve shows: a value after each step */
  values(picture: GrowingPicture): Float64Array;
  /** a value in short: "0.4 %" */
  format(value: number): string;
  /** the same within a sentence: "at 0.4 % of its starting cost" */
  spoken(value: number): string;
  /** ends of the curve's axis */
  range(values: Float64Array): [low: number, high: number];
  log: boolean;
  /** the ends of the axis are not written into each curve, because they are the same for all and said elsewhere */
  shared?: boolean;
  /** a part of the picture's width with its name, drawn as a scale bar */
  bar?: { share: number; text: string };
}

/**
 * A row of pictures that grow, and the buttons that steer them: whoever owns the growth sets the properties, hands over
 * pictures by `show`, and answers the events.
 *
 *     <nst-growth-view .growth=${growth} .tiles=${tiles} .original=${picture} originalName="content" kind="content" .aspect=${1.5}
 *       .order=${"together"} @start=${…} @pause=${…} @resume=${…} @stop=${…} @nst-order=${…}></nst-growth-view>
 *
 * @fires start - Start or Start again was pressed
 * @fires pause
 * @fires resume
 * @fires stop
 * @fires nst-order - detail: GrowthOrder, chosen by the person
 */
@customElement("nst-growth-view")
export class GrowthView extends LitElement {
  /** null: nothing has been started yet */
  @property({ attribute: false }) growth: Growth<any, any> | null = null;
  /** one for each picture, in their order; also before the start */
  @property({ attribute: false }) tiles: readonly GrowthTile[] = [];
  /** what is to be rebuilt, shown first; null: nothing */
  @property({ attribute: false }) original: Picture | null = null;
  @property() originalName = "";
  /** whose colour the numbers take */
  @property() kind: "content" | "style" | "picture" = "picture";
  /** width ÷ height of the pictures */
  @property({ type: Number }) aspect = 1;
  @property() order: GrowthOrder = "together";
  @property({ type: Boolean }) ready = false;
  /** what was changed since the start, in words; a new start uses it */
  @property({ attribute: false }) stale: readonly string[] = [];
  /** what will grow, in a sentence: shown before the first start */
  @property() promise = "";

  @state() private inspected: number | null = null;
  @state() private spoken = "";
  #state: GrowthState = "idle";
  #original: { picture: Picture; pixels: Pixels } | null = null;
  #refresh = new Coalesced(() => this.requestUpdate(), INTERVAL);
  /** tiles that have a picture */
  #drawn = new Set<string>();

  /** Shows the newest picture of a tile and closes the bitmap. */
  show(key: string, bitmap: ImageBitmap): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(`canvas[data-key="${CSS.escape(key)}"]`);
    if (canvas) {
      // setting the size clears a canvas: only when it changes, so that nothing flashes between two steps
      if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
      if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
      canvas.getContext("2d", { alpha: false })!.drawImage(bitmap, 0, 0);
      this.#drawn.add(key);
    }
    bitmap.close();
    this.#refresh.request();
  }

  /** Takes all pictures away, for a new start. */
  clear(): void {
    this.#drawn.clear();
    this.inspected = null;
    this.requestUpdate();
  }

  /** Something of the growth has changed. */
  refresh(): void {
    this.#refresh.request();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#refresh.cancel();
  }

  protected override willUpdate(): void {
    const now = this.#now();
    if (now !== this.#state) this.spoken = `${STATES[now]}. ${this.#progressText()}`;
    this.#state = now;
    if (this.original !== (this.#original?.picture ?? null)) this.#original = this.original && { picture: this.original, pixels: pixelsOf(this.original) };
  }

  #now(): GrowthState {
    return this.growth?.state ?? "idle";
  }

  #progressText(): string {
    const { growth } = this;
    if (!growth) return "";
    const state = growth.state;
    const done = growth.pictures.filter((picture) => picture.state === "finished").length;
    const parts = [growth.pictures.length > 1 ? `${done} of ${growth.pictures.length} pictures done` : "", `${formatNumber(growth.step)} of ${formatNumber(growth.steps)} steps`].filter(Boolean);
    if (state === "running" && growth.stepsPerSecond > 0) parts.push(`${formatNumber(growth.stepsPerSecond, 2)} steps/s`);
    if (state === "running" && growth.secondsLeft !== null) parts.push(`${formatSeconds(growth.secondsLeft)} left`);
    return parts.join(" · ");
  }

  #send(type: "start" | "pause" | "resume" | "stop"): void {
    this.dispatchEvent(new Event(type));
  }

  override render(): TemplateResult {
    return html`${this.#progress()}
      <div class="top">${this.#buttons()} ${this.#messages()}</div>
      <div class="tiles ${this.tiles.length === 1 && !this.original ? "single" : ""}">${this.#first()} ${this.tiles.map((tile, i) => this.#tile(tile, this.growth?.pictures[i] ?? null))}</div>
      <p class="visually-hidden" aria-live="polite">${this.spoken}</p>`;
  }

  #progress(): TemplateResult {
    const { growth } = this;
    const share = growth && growth.steps > 0 ? growth.step / growth.steps : 0;
    return html`<div class="progress ${this.#now()}" role="progressbar" aria-label="Steps done" aria-valuemin="0" aria-valuemax=${growth?.steps ?? 0} aria-valuenow=${growth?.step ?? 0} aria-valuetext=${this.#progressText() || "not started"}>
      <i style="transform: scaleX(${share})"></i>
    </div>`;
  }

  #buttons(): TemplateResult {
    const state = this.#now();
    const going = state === "preparing" || state === "running" || state === "paused";
    const orders: [GrowthOrder, string][] = [["together", "all at once"], ["in turn", "one after the other"]];
    const main = {
      idle: ["start", "Start"], preparing: null, running: ["pause", "Pause"], paused: ["resume", "Resume"], finished: ["start", "Start again"], stopped: ["start", "Start again"],
    } as const;
    const first = main[state];
    return html`<div class="bar">
      <div class="controls">
        ${first ? html`<button class="primary main" ?disabled=${first[0] === "start" && !this.ready} @click=${() => this.#send(first[0])}>${first[1]}</button>` : nothing}
        ${going ? html`<button class="stop" @click=${() => this.#send("stop")}>Stop</button>` : nothing}
        ${this.tiles.length > 1
          ? html`<span class="either" role="group" aria-label="Order">
              ${orders.map(([order, text]) => html`<button aria-pressed=${this.order === order} ?disabled=${going} @click=${() => this.dispatchEvent(new CustomEvent("nst-order", { detail: order }))}>${text}</button>`)}
            </span>`
          : nothing}
      </div>
      <p class="status number"><b>${STATES[state]}</b> <span>${this.#progressText()}</span></p>
    </div>`;
  }

  #messages(): TemplateResult {
    const notices = this.growth?.pictures.filter(({ notice }) => notice !== "") ?? [];
    // one lost device is told of by every picture
    const texts = new Map(notices.map((picture) => [picture.notice, picture]));
    return html`${[...texts].map(([text, { failed }]) => html`<p class="message ${failed ? "problem" : ""}" role=${failed ? "alert" : "status"}>${text}</p>`)}
      ${this.growth && this.stale.length > 0
        ? html`<p class="message" role="status">Changed since the start: <b>${this.stale.join(", ")}</b>. Start again to use ${this.stale.length > 1 ? "them" : "it"}.</p>`
        : nothing}
      ${!this.growth && this.promise ? html`<p class="promise soft">${this.promise}</p>` : nothing}`;
  }

  #first(): TemplateResult | typeof nothing {
    if (!this.#original) return nothing;
    const { width, height } = this.#original.picture;
    return html`<figure class="original">
      <div class="stage" style="aspect-ratio: ${this.aspect}"><nst-pixel-canvas label="${this.originalName}, ${width} by ${height} pixels: the original" .pixels=${this.#original.pixels}></nst-pixel-canvas></div>
      <figcaption><b class=${this.kind}>${this.originalName}</b><span>${width} × ${height} px</span></figcaption>
    </figure>`;
  }

  #tile(tile: GrowthTile, picture: GrowingPicture | null): TemplateResult {
    const { format } = tile;
    const values = picture ? tile.values(picture) : NOTHING;
    const [low, high] = tile.range(values);
    const last = values.length - 1;
    const at = this.inspected === null ? last : Math.min(this.inspected, last);
    const value = at >= 0 ? values[at] : NaN;
    const drawn = this.#drawn.has(tile.key);
    const said = last >= 0 ? `step ${at}: ${tile.spoken(value)}` : "no step yet";
    return html`<figure class="tile ${picture?.failed ? "failed" : ""}" data-key=${tile.key}>
      <div class="stage" style="aspect-ratio: ${this.aspect}">
        <canvas data-key=${tile.key} role="img" ?hidden=${!drawn} aria-label="${tile.explain}, after ${picture?.step ?? 0} steps${last >= 0 ? `: ${tile.spoken(values[last])}` : ""}"></canvas>
        ${drawn ? nothing : html`<span class="hint">${picture ? HINTS[picture.state] : (tile.hint ?? "from noise")}</span>`}
      </div>
      ${tile.bar ? html`<div class="scale" title=${tile.bar.text}><i style="width: ${Math.min(1, tile.bar.share) * 100}%"></i><span>${tile.bar.text}</span></div>` : nothing}
      <figcaption title=${tile.explain}><b class="title">${tile.title}</b><span class="value number">${Number.isFinite(value) ? format(value) : nothing}</span></figcaption>
      <nst-growth-curve
        class=${this.kind} label="${tile.explain}: step to read the value at" reading=${said} lowText=${tile.shared ? "" : format(low)} highText=${tile.shared ? "" : format(high)} ?log=${tile.log}
        .values=${values} .version=${picture?.history.version ?? 0} .steps=${picture?.steps ?? 1} .low=${low} .high=${high} .inspected=${this.inspected}
        @nst-inspect=${(event: CustomEvent<number | null>) => (this.inspected = event.detail)}
      ></nst-growth-curve>
      <p class="step number">${this.inspected !== null && last >= 0 ? `at step ${formatNumber(at)}` : picture ? stepText(picture) : nothing}</p>
      ${tile.note ? html`<p class="note number">${tile.note}</p>` : nothing}
    </figure>`;
  }

  static override styles = [controlStyles, progressStyles, growthStageStyles, growthViewStyles];
}

function stepText({ state, step, steps }: GrowingPicture): string {
  if (state === "queued") return "waits for its turn";
  if (state === "preparing") return "preparing";
  return state === "finished" ? `${formatNumber(step)} steps` : `step ${formatNumber(step)} of ${formatNumber(steps)}`;
}

const NOTHING = new Float64Array(0);
const STATES: Record<GrowthState, string> = { idle: "Ready", preparing: "Preparing", running: "Running", paused: "Paused", finished: "Finished", stopped: "Stopped" };
const HINTS: Record<GrowingPicture["state"], string> = { queued: "waits", "left out": "left out", preparing: "preparing", running: "…", paused: "paused", finished: "no picture", stopped: "no picture" };

declare global {
  interface HTMLElementTagNameMap {
    "nst-growth-view": GrowthView;
  }
}
