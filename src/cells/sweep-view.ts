import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import { Coalesced } from "./coalesce";
import type { CostHistory } from "../runs/cost-history";
import type { GrowingPicture, GrowthState } from "./growth";
import { growthStageStyles } from "./growth-stage-styles";
import { share, shareText } from "./growth-share";
import { formatSeconds } from "./numbers";
import { ARROWS } from "./pixel-canvas";
import { progressStyles } from "./progress-styles";
import "./sweep-detail";
import type { SweepDetail } from "./sweep-detail";
import type { SweepCell, SweepPlan } from "./sweep-plans";
import { sweepViewStyles } from "./sweep-view-styles";
import { controlStyles } from "./theme";

/** Milliseconds between two updates: numbers that change faster cannot be read. */
const INTERVAL = 150;

/** One place of the grid as it stands. */
export interface SweepTile {
  cell: SweepCell;
  history: CostHistory;
  /** over both sizes */
  step: number;
  steps: number;
  /** of these steps those that are done at half size */
  coarse: number;
  /** at half size until now */
  half: boolean;
  state: GrowingPicture["state"];
  failed: boolean;
}

/** What the view reads whenever it draws: it changes many times a second. */
export interface SweepSource {
  /** what the numbers below are of; null: nothing that could be shown */
  readonly planShown: SweepPlan | null;
  readonly state: GrowthState;
  /** share of the work that is done */
  readonly progress: number;
  /** how long it will take from here; null: not known */
  readonly seconds: number | null;
  readonly notices: readonly { notice: string; failed: boolean }[];
  tileOf(cell: SweepCell): SweepTile;
}

/**
 * The pictures of a sweep as a grid, the buttons that steer it, and the chosen picture large: whoever owns the runs sets the
 * properties, hands over pictures by `show`, and answers the events. The arrow keys move the choice over the grid.
 *
 *     <nst-sweep-view .source=${source} .plan=${plan} chosen="r2c3" .contentPicture=${content} .stylePicture=${style}
 *       name="grid" .ready=${true} .stale=${[]} @start=${…} @pause=${…} @resume=${…} @stop=${…} @nst-choose=${…}></nst-sweep-view>
 *
 * @fires start - Start or Start again was pressed
 * @fires pause
 * @fires resume
 * @fires stop
 * @fires nst-choose - detail: the key of a place, "r2c3"
 */
@customElement("nst-sweep-view")
export class SweepView extends LitElement {
  @property({ attribute: false }) source!: SweepSource;
  @property({ attribute: false }) plan!: SweepPlan;
  /** key of the chosen place */
  @property() chosen = "";
  /** as large as the pictures that grow */
  @property({ attribute: false }) contentPicture!: Picture;
  @property({ attribute: false }) stylePicture!: Picture;
  /** of the value that the cell gives */
  @property() name = "";
  @property({ type: Boolean }) ready = false;
  /** what was changed since the start, in words */
  @property({ attribute: false }) stale: readonly string[] = [];

  @state() private spoken = "";
  @query("nst-sweep-detail") private detail!: SweepDetail | null;
  #state: GrowthState = "idle";
  #refresh = new Coalesced(() => this.requestUpdate(), INTERVAL);
  /** places that have a picture */
  #drawn = new Set<string>();
  /** the choice was moved by a key: the focus follows */
  #moved = false;

  /** Shows the newest picture of a place and closes the bitmap. @param key of the place, or of its stage at half size */
  show(key: string, bitmap: ImageBitmap): void {
    const [place] = key.split("/");
    const canvas = this.#canvas(place);
    if (canvas) {
      if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
      if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
      canvas.getContext("2d", { alpha: false })!.drawImage(bitmap, 0, 0);
      this.#drawn.add(place);
      if (place === this.chosen) this.detail?.show(canvas);
    }
    bitmap.close();
    this.#refresh.request();
  }

  /** Takes all pictures away, for a new start. */
  clear(): void {
    this.#drawn.clear();
    this.requestUpdate();
  }

  /** Something has changed. */
  refresh(): void {
    this.#refresh.request();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#refresh.cancel();
  }

  /** Between a new start and what it shows, the source is ahead of the properties, which are on their way. */
  protected override shouldUpdate(): boolean {
    return this.plan === this.source.planShown;
  }

  protected override willUpdate(): void {
    const { state } = this.source;
    if (state !== this.#state) this.spoken = `${STATES[state]}. ${this.#progressText()}`;
    this.#state = state;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("chosen")) this.detail!.show(this.#drawn.has(this.chosen) ? this.#canvas(this.chosen) : null);
    if (!this.#moved) return;
    this.#moved = false;
    this.renderRoot.querySelector<HTMLElement>('[role="gridcell"][tabindex="0"]')?.focus();
  }

  #canvas(key: string): HTMLCanvasElement | null {
    return this.renderRoot.querySelector<HTMLCanvasElement>(`[data-key="${key}"] canvas`);
  }

  #choose(key: string): void {
    if (key !== this.chosen) this.dispatchEvent(new CustomEvent("nst-choose", { detail: key }));
  }

  #key = (event: KeyboardEvent): void => {
    const { cells, columns } = this.plan;
    const { row, column } = cells.find(({ key }) => key === this.chosen)!;
    const last = columns.entries.length - 1;
    const [dx, dy] = event.key === "Home" ? [-column, 0] : event.key === "End" ? [last - column, 0] : (ARROWS[event.key] ?? [NaN, NaN]);
    if (Number.isNaN(dx)) return;
    event.preventDefault();
    const found = cells.find((cell) => cell.row === row + dy && cell.column === column + dx);
    if (!found) return;
    this.#moved = true;
    this.#choose(found.key);
  };

  #progressText(): string {
    const { state, seconds } = this.source;
    const cells = this.plan.cells.length;
    if (state === "idle") return `${cells} pictures${seconds === null ? "" : `, about ${formatSeconds(seconds)} on this machine`}`;
    const tiles = this.plan.cells.map((cell) => this.source.tileOf(cell));
    const done = tiles.filter(({ step, steps }) => step === steps).length;
    const halves = tiles.filter(({ step, coarse }) => step < coarse).length;
    const parts = [`${done} of ${cells} pictures done`, halves > 0 && state !== "stopped" ? `${cells - halves} at half size` : ""];
    if (state === "running" || state === "paused") parts.push(seconds === null ? "" : `about ${formatSeconds(seconds)} left`);
    return parts.filter(Boolean).join(" · ");
  }

  override render(): TemplateResult {
    const { state, progress } = this.source;
    const chosen = this.plan.cells.find(({ key }) => key === this.chosen)!;
    return html`<div class="progress ${state}" role="progressbar" aria-label="Work done" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(100 * progress)} aria-valuetext=${this.#progressText()}>
        <i style="transform: scaleX(${progress})"></i>
      </div>
      <div class="top">${this.#buttons()} ${this.#messages()}</div>
      <div class="layout">
        ${this.#grid()}
        <nst-sweep-detail .tile=${this.source.tileOf(chosen)} .version=${this.source.tileOf(chosen).history.version} .plan=${this.plan} .contentPicture=${this.contentPicture} .stylePicture=${this.stylePicture} name=${this.name}></nst-sweep-detail>
      </div>
      <p class="visually-hidden" aria-live="polite">${this.spoken}</p>`;
  }

  #buttons(): TemplateResult {
    const { state } = this.source;
    const send = (type: "start" | "pause" | "resume" | "stop") => () => this.dispatchEvent(new Event(type));
    const again = state === "finished" || state === "stopped";
    return html`<div class="bar">
      <div class="controls">
        ${state === "idle" || again ? html`<button class="primary" ?disabled=${!this.ready} @click=${send("start")}>${again ? "Start again" : "Start"}</button>` : nothing}
        ${state === "running" ? html`<button class="primary" @click=${send("pause")}>Pause</button>` : nothing}
        ${state === "paused" ? html`<button class="primary" @click=${send("resume")}>Resume</button>` : nothing}
        ${state === "idle" || again ? nothing : html`<button @click=${send("stop")}>Stop</button>`}
      </div>
      <p class="status number"><b>${STATES[state]}</b> <span>${this.#progressText()}</span></p>
    </div>`;
  }

  #messages(): TemplateResult {
    const { notices, state } = this.source;
    const texts = new Map(notices.map(({ notice, failed }) => [notice, failed]));
    return html`${[...texts].map(([text, failed]) => html`<p class="message ${failed ? "problem" : ""}" role=${failed ? "alert" : "status"}>${text}</p>`)}
      ${state !== "idle" && this.stale.length > 0 ? html`<p class="message" role="status">Changed since the start: <b>${this.stale.join(", ")}</b>. Start again to use ${this.stale.length > 1 ? "them" : "it"}.</p>` : nothing}`;
  }

  #grid(): TemplateResult {
    const { rows, columns, cells } = this.plan;
    return html`<div class="scroll">
      <div class="grid" role="grid" aria-label="${rows.title} in rows, ${columns.title} in columns" style="--columns: ${columns.entries.length}" @keydown=${this.#key}>
        <div role="row" class="heads">
          <span role="columnheader" class="corner"><span>${rows.title} ↓</span> <span>${columns.title} →</span></span>
          ${columns.entries.map(({ label, explain }) => html`<span role="columnheader" class="head number" title="${columns.title}: ${explain}">${label}</span>`)}
        </div>
        ${rows.entries.map(
          ({ label, explain }, row) => html`<div role="row">
            <span role="rowheader" class="side" title="${rows.title}: ${explain}">${label}</span>
            ${cells.filter((cell) => cell.row === row).map((cell) => this.#place(cell))}
          </div>`,
        )}
      </div>
    </div>`;
  }

  #place(cell: SweepCell): TemplateResult {
    const { rows, columns } = this.plan;
    const { history, step, steps, state, half, failed } = this.source.tileOf(cell);
    const drawn = this.#drawn.has(cell.key);
    const left = (name: string) => shareText(share(history, name) ?? NaN);
    const where = `${rows.title} ${rows.entries[cell.row].explain}, ${columns.title} ${columns.entries[cell.column].explain}`;
    const numbers = history.length > 0 ? `, after ${step} of ${steps} steps: content ${left("content")} and style ${left("style")} of their starting cost` : ", not grown yet";
    const { width, height } = this.contentPicture;
    const chosen = cell.key === this.chosen;
    return html`<div
      role="gridcell" class="place ${failed ? "failed" : ""} ${state}" data-key=${cell.key} tabindex=${chosen ? 0 : -1} aria-selected=${chosen} style="aspect-ratio: ${width} / ${height}"
      @click=${() => this.#choose(cell.key)}
    >
      <canvas role="img" class=${drawn ? "" : "empty"} aria-label=${where + numbers}></canvas>
      ${half && drawn ? html`<span class="half" title="at half size until now">½</span>` : nothing}
      ${step > 0 && step < steps && this.source.state !== "idle" ? html`<i class="line" style="transform: scaleX(${step / steps})"></i>` : nothing}
    </div>`;
  }

  static override styles = [controlStyles, progressStyles, growthStageStyles, sweepViewStyles];
}

const STATES: Record<GrowthState, string> = { idle: "Ready", preparing: "Preparing", running: "Running", paused: "Paused", finished: "Finished", stopped: "Stopped" };

declare global {
  interface HTMLElementTagNameMap {
    "nst-sweep-view": SweepView;
  }
}
