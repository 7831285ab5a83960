import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Kernels } from "../kernel/client";
import { liveSettings } from "../nst/live-settings";
import type { TransferSettings } from "../nst/settings";
import { runTitle, type RunEntry } from "../runs/kept-run";
import type { RunsEvent } from "../runs/run-store";
import { addBelow, canAddBelow } from "./add-cells";
import { branchText } from "./branch-text";
import { Cell } from "./cell";
import type { ImageValue } from "./image";
import { networkOfRun } from "./kept-network";
import { library } from "./library";
import type { NetworkValue } from "./network";
import { pixelsOf } from "./pixel-canvas";
import { duplicateKept } from "./run-actions";
import { RunCourse, type RunPicture } from "./run-course";
import { downloadPng } from "./run-download";
import { whenText } from "./run-list-words";
import { forgetRun, type KeptRun, openKeptRun, runRecord } from "./run-records";
import "./run-view";
import type { RunView } from "./run-view";
import { settingsLines } from "./settings-words";
import { cellStyles, controlStyles } from "./theme";

/** The value of a kept run: what a run cell gives, and what the run was made of, each part as the cell gives it that it came from. */
export interface KeptValue extends RunPicture {
  content: ImageValue;
  style: ImageValue;
  /** absent where the network that it was computed with is not here */
  network?: NetworkValue;
  /** in force at its end: with what was changed while it went */
  settings: TransferSettings;
}

/**
 * A run that was kept, anywhere in a notebook: its picture, costs and settings, to look at, to go on with, and for other cells
 * to read, as a run and in its parts.
 *
 *     <nst-kept as="before" run="0c1f7a52-…"></nst-kept>
 *     <nst-scrub of="before"></nst-scrub>
 *     <nst-run as="G" of="before.content before.style" network="before.network" settings="before.settings"></nst-run>
 *
 * `run` is the run's id: the list of runs writes it. What is read by number: `before.step`.
 */
@customElement("nst-kept")
export class KeptCell extends Cell<KeptValue> {
  static override title = "kept run";
  static override lazy = true;
  static override reserve = 420;
  static override params = { run: "" };

  @state() private entry: RunEntry | null = null;
  /** why it cannot be computed on */
  @state() private problem = "";
  @query("nst-run-view") private runView!: RunView | null;
  private network: NetworkValue | null = null;
  private readonly course = new RunCourse({
    changed: () => this.requestUpdate(),
    show: (bitmap) => (this.runView ? this.runView.show(bitmap) : bitmap.close()),
    showKept: () => this.drawn(),
    clear: () => this.runView?.clear(),
  });

  async *compute(_inputs: Record<string, never>, { signal }: { signal: AbortSignal }): AsyncGenerator<KeptValue> {
    const id = this.param<string>("run").trim();
    if (!id) throw new Error('Which run? Open “Runs” in the sidebar and choose “Insert into this notebook” for one of them: that writes run="…" here.');
    this.context?.runs?.addEventListener("runs", (event) => void this.changed(id, (event as RunsEvent).detail).catch(() => {}), { signal });
    if (!this.course.going || this.course.id !== id) await this.open(id, signal);
    for await (const picture of this.course.latest.follow(signal)) yield this.partsOf(picture);
  }

  private async open(id: string, signal: AbortSignal): Promise<void> {
    const runs = this.context?.runs ?? null;
    const kept = await openKeptRun({ runs }, id);
    if (!kept) throw new Error("This run is not kept in this browser. It was made in another one, or deleted. If you have it as a file, import it by “Runs” in the sidebar: then it is here as well.");
    this.problem = "";
    this.network = await networkOfRun(kept.record.config.network, kept.entry.network, signal, this.context?.networks).catch((error: Error) => {
      signal.throwIfAborted();
      this.problem = error.message;
      return null;
    });
    this.adopt(kept, (await runs?.goesOn(id)) ?? false);
  }

  private adopt(kept: KeptRun & { entry: RunEntry }, going: boolean): void {
    this.entry = kept.entry;
    this.course.adopt(kept, going);
    // a run that the page has started has no entry beside it
    if (going && runRecord(kept.entry.id)?.entry === undefined) this.course.notice = "This run is being computed in another cell of this page, and is followed here.";
  }

  /** It has been renamed or deleted, has come back, or goes on elsewhere. */
  private async changed(id: string, ids: readonly string[] | null): Promise<void> {
    const runs = this.context?.runs;
    if (!runs || (ids && !ids.includes(id))) return;
    const [entry, going] = await Promise.all([runs.get(id), runs.goesOn(id)]);
    const before = this.entry;
    if (entry) this.entry = entry;
    if (this.course.going || (entry && entry.updated === before?.updated)) return;
    const elsewhere = this.course.elsewhere && runRecord(id)?.entry !== undefined;
    // what another tab adds is read when it has ended
    if (entry && elsewhere && going) return;
    if (!entry || elsewhere) forgetRun(id);
    this.invalidate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // as the base class does: moving an element in the page does not end what it computes
    queueMicrotask(() => {
      if (!this.isConnected) this.course.drop();
    });
  }

  private partsOf(picture: RunPicture): KeptValue {
    const { config, names } = this.course;
    const { content, style, settings } = config!;
    const image = (picture: ImageValue["picture"], name: string): ImageValue => ({ picture, name, source: { width: picture.width, height: picture.height } });
    return { ...picture, content: image(content, names.content), style: image(style, names.style), ...(this.network ? { network: this.network } : {}), settings };
  }

  protected override updated(): void {
    this.drawn();
  }

  /** The view comes after the run that it shows. */
  private drawn(): void {
    const { runView, course } = this;
    const last = course.record?.checkpoints.at(-1);
    if (runView && last && !course.going && !runView.hasPicture) runView.showPixels(pixelsOf({ width: last.width, height: last.height, data: last.picture }));
  }

  override headerNote(): string {
    const { config, step } = this.course;
    return config ? `step ${step} of ${config.settings.steps}` : "";
  }

  private goOn = async (): Promise<void> => {
    const { course, entry, network } = this;
    const context = this.context;
    if (!context || !entry || !network || !course.config || !course.record) return;
    if (await context.runs?.goesOn(entry.id)) {
      course.notice = "This run is being computed already, in another cell or another tab.";
      return this.requestUpdate();
    }
    const { notebook, cell, content, style } = entry;
    course.goOn(context.kernels as Kernels, context.runs, liveSettings(course.config.settings), { names: { content: content.name, style: style.name }, notebook, cell });
  };

  private duplicate = async (): Promise<void> => {
    const notebook = this.closest("nst-notebook");
    const session = this.context?.session;
    if (!notebook || !session || !this.entry) return;
    await duplicateKept({ notebook, index: () => session.index(this.cellId) + 1, added: () => {} }, this.entry);
  };

  private branch = (): void => {
    const { name } = this;
    const at = this.course.record?.checkpoints.at(-1)?.step;
    if (name && at !== undefined) addBelow(this, (taken) => branchText(name, at, taken), "branch the run");
  };

  view(): TemplateResult | typeof nothing {
    const { course, entry } = this;
    if (!entry || !course.config) return this.error ? nothing : html`<div class="body soft">Looking for the run …</div>`;
    const { state, step, stepsPerSecond, config } = course;
    const { steps } = config.settings;
    const left = stepsPerSecond > 0 ? (steps - step) / stepsPerSecond : null;
    const added = canAddBelow(this);
    return html`<nst-run-view
        .startable=${false} .state=${state} .step=${step} .steps=${steps} .stepsPerSecond=${stepsPerSecond} .secondsLeft=${left}
        .history=${course.history} .version=${course.version} .changes=${course.changes} .notice=${course.notice || null} .failed=${course.failed} .problems=${this.problem ? [this.problem] : []}
        .goesOnFrom=${this.problem ? null : course.goesOnFrom(steps)} .duplicable=${added && !this.problem} .branchable=${added && !this.problem && this.name !== null}
        .contentPicture=${config.content} .stylePicture=${config.style}
        @go-on=${this.goOn} @pause=${() => course.pause()} @resume=${() => course.resume()} @stop=${() => course.stop()} @download=${() => this.runView && downloadPng(this.runView, course.names, course.step)} @duplicate=${this.duplicate} @branch=${this.branch}
      ></nst-run-view>
      ${this.about(entry, config.settings)}`;
  }

  private about(entry: RunEntry, settings: TransferSettings) {
    const { content, network, notebook, cell } = entry;
    const place = notebook === null ? "" : ` in “${library.find((one) => one.name === notebook)?.title ?? notebook}”${cell ? `, cell ${cell}` : ""}`;
    const colour = { content: "content", style: "style", picture: "picture", network: "", optimiser: "" };
    return html`<div class="body about">
      <p><b>${runTitle(entry)}</b> <span class="soft">made ${whenText(entry.created)}${place}, with ${network.title}${network.random === null ? "" : ` with random weights, seed ${network.random}`}, ${content.width} × ${content.height} px${entry.backend ? `, on ${entry.backend}${entry.threads > 1 ? ` with ${entry.threads} threads` : ""}` : ""}</span></p>
      <dl>${settingsLines(settings, this.course.config!.network.card, content).map(({ name, text }) => html`<dt class=${colour[name]}>${name}</dt><dd class="number">${text}</dd>`)}</dl>
    </div>`;
  }

  static override styles = [
    controlStyles,
    cellStyles,
    css`
      .about p {
        margin: 0 0 6px;
        overflow-wrap: anywhere;
      }
      .about dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 2px 14px;
        margin: 0;
        font: 13px/1.5 var(--sans);
      }
      .about dt:not(.content, .style, .picture) {
        color: var(--soft);
      }
      .about dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-kept": KeptCell;
  }
}
