import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import { Coalesced } from "./coalesce";
import type { GrowthState } from "./growth";
import { growthStageStyles } from "./growth-stage-styles";
import { share, shareText } from "./growth-share";
import { formatSeconds } from "./numbers";
import { ARROWS, pixelsOf } from "./pixel-canvas";
import { progressStyles } from "./progress-styles";
import "./sweep-detail";
import type { SweepDetail } from "./sweep-detail";
import type { SweepCell, SweepPlan } from "./sweep-plans";
import { type SweepAction, sweepActions, type SweepButton, KEYS } from "./sweep-actions";
import { placeName, type SweepSource, type SweepTile } from "./sweep-tile";
import { sweepViewStyles } from "./sweep-view-styles";
import { controlStyles } from "./theme";

/** Milliseconds between two updates: numbers that change faster cannot be read. */
const INTERVAL = 150;

/**
 * The pictures of a sweep as a grid, the buttons that steer it, and the chosen picture large: whoever owns the runs sets the
 * properties, hands over pictures by `show`, and answers the events. The arrow keys move the choice over the grid; N lets the
 * chosen place come next, Delete leaves it out or takes it back, and C chooses its run to be compared.
 *
 *     <nst-sweep-view .source=${source} .plan=${plan} chosen="r2c3" .contentPicture=${content} .stylePicture=${style}
 *       name="grid" .ready=${true} .stale=${[]} @start=${…} @pause=${…} @resume=${…} @stop=${…} @nst-choose=${…}></nst-sweep-view>
 *
 * @fires start - Start or Start again was pressed
 * @fires nst-go-on - what is not there yet is to be made
 * @fires pause
 * @fires resume
 * @fires stop
 * @fires nst-choose - detail: the key of a place, "r2c3"
 * @fires nst-next - detail: the key of the place that is to come next
 * @fires nst-leave-out - detail: the key of the place that is to be left out, or to be taken back
 * @fires nst-mark - detail: the key of the place whose run is to be compared, or is not any more
 * @fires nst-full-run - the chosen place is to be run at the full size of the pictures
 * @fires nst-compare - the runs chosen for it are to be compared
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
  /** all places, as they are drawn */
  #tiles: ReadonlyMap<string, SweepTile> = new Map();
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

  /** Takes one picture away. @param key of the place */
  erase(key: string): void {
    this.#drawn.delete(key);
    if (key === this.chosen) this.detail?.show(null);
    this.#refresh.request();
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

  protected override willUpdate(changed: PropertyValues<this>): void {
    // places of another grid have other pictures
    if (changed.has("plan")) this.#drawn.clear();
    this.#tiles = this.source.tiles;
    const { state } = this.source;
    if (state !== this.#state) this.spoken = `${STATES[state]}. ${this.#progressText()}`;
    this.#state = state;
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.#paint();
    if (changed.has("chosen")) this.detail!.show(this.#drawn.has(this.chosen) ? this.#canvas(this.chosen) : null);
    if (!this.#moved) return;
    this.#moved = false;
    this.renderRoot.querySelector<HTMLElement>('[role="gridcell"][tabindex="0"]')?.focus();
  }

  /** Pictures that were there before this view was: those of kept runs. */
  #paint(): void {
    for (const cell of this.plan.cells) {
      if (this.#drawn.has(cell.key)) continue;
      const { picture } = this.#tiles.get(cell.key)!;
      const canvas = picture && this.#canvas(cell.key);
      if (!canvas) continue;
      const { width, height, rgba } = pixelsOf(picture);
      Object.assign(canvas, { width, height });
      canvas.getContext("2d", { alpha: false })!.putImageData(new ImageData(rgba, width, height), 0, 0);
      this.#drawn.add(cell.key);
      if (cell.key === this.chosen) this.detail!.show(canvas);
      // whether there is a picture is said at the next drawing
      this.#refresh.request();
    }
  }

  #canvas(key: string): HTMLCanvasElement | null {
    return this.renderRoot.querySelector<HTMLCanvasElement>(`[data-key="${key}"] canvas`);
  }

  #choose(key: string): void {
    if (key !== this.chosen) this.dispatchEvent(new CustomEvent("nst-choose", { detail: key }));
  }

  #act(what: SweepAction, key = this.chosen): void {
    this.dispatchEvent(new CustomEvent(`nst-${what}`, { detail: key }));
  }

  #key = (event: KeyboardEvent): void => {
    const { cells, columns } = this.plan;
    const chosen = cells.find(({ key }) => key === this.chosen)!;
    const { row, column } = chosen;
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS[event.key.toLowerCase()];
    if (action) {
      event.preventDefault();
      const said = sweepActions(this.source.tiles.get(chosen.key)!).find(({ what }) => what === action)?.said;
      if (said === undefined) return;
      this.spoken = `${placeName(chosen)} ${said}`;
      return this.#act(action);
    }
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
    const tiles = [...this.#tiles.values()].filter(({ leftOut }) => !leftOut);
    const cells = tiles.length;
    const done = tiles.filter(({ done }) => done).length;
    const out = this.plan.cells.length > cells ? `${this.plan.cells.length - cells} left out` : "";
    if (state === "idle") {
      const there = done > 0 ? [`${done} of ${cells} pictures are there`, "the others"] : [`${cells} ${cells === 1 ? "picture" : "pictures"}`, ""];
      return [there[0] + (seconds === null ? "" : `, about ${formatSeconds(seconds)} ${there[1] && "for the others "}on this machine`), out].filter(Boolean).join(" · ");
    }
    const halves = tiles.filter(({ halfDone }) => !halfDone).length;
    const parts = [`${done} of ${cells} pictures done`, halves > 0 && state !== "stopped" ? `${cells - halves} at half size` : "", out];
    if (state === "running" || state === "paused") parts.push(seconds === null ? "" : `about ${formatSeconds(seconds)} left`);
    return parts.filter(Boolean).join(" · ");
  }

  override render(): TemplateResult {
    const { state, progress } = this.source;
    const tile = this.#tiles.get(this.chosen)!;
    return html`<div class="progress ${state}" role="progressbar" aria-label="Work done" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(100 * progress)} aria-valuetext=${this.#progressText()}>
        <i style="transform: scaleX(${progress})"></i>
      </div>
      <div class="top">${this.#buttons()} ${this.#messages()}</div>
      <div class="layout">
        <div class="left">${this.#grid()} ${this.#comparison()}</div>
        <nst-sweep-detail @nst-act=${(event: CustomEvent<SweepAction>) => this.#act(event.detail)} .actions=${this.#actions(tile.cell)} .tile=${tile} .version=${tile.history.version} .plan=${this.plan} .contentPicture=${this.contentPicture} .stylePicture=${this.stylePicture} name=${this.name}></nst-sweep-detail>
      </div>
      <p class="visually-hidden" aria-live="polite">${this.spoken}</p>`;
  }

  /** What can be done with a place just now, as buttons say it. */
  #actions(cell: SweepCell): SweepButton[] {
    const offered = sweepActions(this.#tiles.get(cell.key)!).filter(({ what }) => what !== "mark" || this.name !== "");
    return this.source.adds ? [...offered, { what: "full-run", text: "Run it in full size", title: "Adds settings and a run below, at the size of the pictures" }] : offered;
  }

  /** The way to the comparison of the runs that are chosen for it. */
  #comparison(): TemplateResult | typeof nothing {
    const marked = [...this.#tiles.values()].filter(({ marked, kept }) => marked && kept).length;
    if (marked === 0 || !this.source.adds) return nothing;
    return html`<div class="controls comparison">
      <button ?disabled=${marked < 2} @click=${() => this.#act("compare")}>Compare ${marked === 1 ? "it" : `these ${marked}`} side by side</button>
      ${marked < 2 ? html`<span class="soft">Choose at least one more.</span>` : nothing}
    </div>`;
  }

  #buttons(): TemplateResult {
    const { state, goesOn } = this.source;
    const send = (type: "start" | "nst-go-on" | "pause" | "resume" | "stop") => () => this.dispatchEvent(new Event(type));
    const again = state === "finished" || state === "stopped" || goesOn;
    return html`<div class="bar">
      <div class="controls">
        ${goesOn ? html`<button class="primary" ?disabled=${!this.ready} title="Makes the pictures that are not there yet" @click=${send("nst-go-on")}>Go on</button>` : nothing}
        ${state === "idle" || again ? html`<button class=${goesOn ? "" : "primary"} ?disabled=${!this.ready} @click=${send("start")}>${again ? "Start again" : "Start"}</button>` : nothing}
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
    const tile = this.#tiles.get(cell.key)!;
    const { step, steps, state, half, failed, leftOut, waits, marked, kept } = tile;
    const drawn = this.#drawn.has(cell.key);
    const where = `${rows.title} ${rows.entries[cell.row].explain}, ${columns.title} ${columns.entries[cell.column].explain}`;
    const { width, height } = this.contentPicture;
    const chosen = cell.key === this.chosen;
    const begun = this.source.state !== "idle";
    return html`<div
      role="gridcell" class="place ${failed ? "failed" : ""} ${leftOut ? "left-out" : state}" data-key=${cell.key} tabindex=${chosen ? 0 : -1} aria-selected=${chosen} style="aspect-ratio: ${width} / ${height}"
      @click=${() => this.#choose(cell.key)}
    >
      <canvas role="img" class=${drawn ? "" : "empty"} aria-label=${where + spoken(tile)}></canvas>
      ${leftOut ? html`<span class="hint">left out</span>` : nothing}
      ${half && drawn ? html`<span class="badge" title="at half size until now">½</span>` : nothing}
      ${marked && kept ? html`<span class="badge mark" title="chosen to be compared">✓</span>` : nothing}
      ${waits !== null && (!drawn || begun) ? html`<span class="waits number" title="number ${waits} of those that wait">${waits}</span>` : nothing}
      ${step > 0 && step < steps && begun ? html`<i class="line" style="transform: scaleX(${step / steps})"></i>` : nothing}
    </div>`;
  }

  static override styles = [controlStyles, progressStyles, growthStageStyles, sweepViewStyles];
}

const STATES: Record<GrowthState, string> = { idle: "Ready", preparing: "Preparing", running: "Running", paused: "Paused", finished: "Finished", stopped: "Stopped" };

/** The numbers of a place and how it stands, for who does not see it. */
function spoken({ history, step, steps, half, leftOut, waits, marked, kept }: SweepTile): string {
  const left = (name: string) => shareText(share(history, name) ?? NaN);
  const numbers = history.length > 0 ? `, after ${step} of ${steps} steps${half ? ", at half size" : ""}: content ${left("content")} and style ${left("style")} of their starting cost` : leftOut ? "" : ", not grown yet";
  return [numbers, leftOut ? ", left out" : "", waits === null ? "" : `, number ${waits} of those that wait`, marked && kept ? ", chosen to be compared" : ""].join("");
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-sweep-view": SweepView;
  }
}
