import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import { paperName } from "../nst/names";
import type { OptimiserOptions } from "../nst/model-card";
import type { Initialisation } from "../nst/settings";
import "./cost-bars";
import { growthStageStyles } from "./growth-stage-styles";
import { share, shareText } from "./growth-share";
import { formatNumber } from "./numbers";
import "./pixel-canvas";
import { type Pixels, pixelsOf } from "./pixel-canvas";
import { powerText } from "./sweep-axes";
import type { SweepPlan } from "./sweep-plans";
import type { SweepButton } from "./sweep-actions";
import { placeName, type SweepTile } from "./sweep-tile";
import { controlStyles } from "./theme";

/**
 * The chosen picture of a sweep, enlarged beside the two that it is made of, with its costs and its settings.
 *
 *     <nst-sweep-detail .tile=${tile} .version=${tile.history.version} .plan=${plan} .contentPicture=${content} .stylePicture=${style} .actions=${buttons} name="grid"></nst-sweep-detail>
 *
 * @fires nst-act - detail: what one of the buttons stands for
 */
@customElement("nst-sweep-detail")
export class SweepDetail extends LitElement {
  @property({ attribute: false }) tile!: SweepTile;
  /** `tile.history.version` */
  @property({ type: Number }) version = 0;
  @property({ attribute: false }) plan!: SweepPlan;
  @property({ attribute: false }) actions: readonly SweepButton[] = [];
  @property({ attribute: false }) contentPicture!: Picture;
  @property({ attribute: false }) stylePicture!: Picture;
  /** name of the value that the sweep gives; empty: none */
  @property() name = "";

  @property({ attribute: false }) private drawn = false;
  @query("canvas.result") private canvas!: HTMLCanvasElement;
  #pixels = new Map<Picture, Pixels>();

  /** Shows what a canvas holds, or nothing yet. */
  show(source: HTMLCanvasElement | null): void {
    this.drawn = source !== null;
    if (!source) return;
    if (!this.hasUpdated) this.performUpdate();
    const { canvas } = this;
    if (canvas.width !== source.width) canvas.width = source.width;
    if (canvas.height !== source.height) canvas.height = source.height;
    canvas.getContext("2d", { alpha: false })!.drawImage(source, 0, 0);
  }

  override render(): TemplateResult {
    const { tile: { cell, history, step, steps, half, leftOut }, plan } = this;
    const { rows, columns } = plan;
    const { width, height } = this.contentPicture;
    const left = (name: string) => shareText(share(history, name) ?? NaN);
    return html`<div class="pictures">
        <figure class="large">
          <div class="stage" style="aspect-ratio: ${width} / ${height}">
            <canvas class="result" role="img" ?hidden=${!this.drawn} aria-label="chosen picture, ${placeName(cell)}, after ${step} steps${half ? ", at half size" : ""}"></canvas>
            ${this.drawn ? nothing : html`<span class="hint">${leftOut ? "left out" : "not grown yet"}</span>`}
          </div>
          <figcaption><b class="picture">${placeName(cell)}</b> · step ${formatNumber(step)} of ${formatNumber(steps)}${half && step > 0 ? ", at half size" : ""}</figcaption>
        </figure>
        <div class="sources">${this.#source("content", this.contentPicture)} ${this.#source("style", this.stylePicture)}</div>
      </div>
      <div class="controls">
        ${this.actions.map(({ what, text, title, pressed }) => html`<button title=${title} aria-pressed=${pressed === undefined ? nothing : pressed} @click=${() => this.dispatchEvent(new CustomEvent("nst-act", { detail: what }))}>${text}</button>`)}
      </div>
      ${history.length > 0
        ? html`<p class="left">Left of the starting cost: <span class="content">content</span> <b class="number">${left("content")}</b>, <span class="style">style</span> <b class="number">${left("style")}</b></p>
            <nst-cost-bars .history=${history} .version=${history.version} scale="log" .step=${null}></nst-cost-bars>`
        : nothing}
      <dl>
        ${[rows, columns].map(({ title, entries }, i) => html`<dt>${title}</dt><dd class="varied">${entries[i === 0 ? cell.row : cell.column].explain}</dd>`)}
        ${this.#common().map(([title, text]) => html`<dt>${title}</dt><dd class="number">${text}</dd>`)}
      </dl>
      ${cell.matched.length > 0 ? html`<p class="soft">${cell.network.card.title} reads the layers at the same depth: ${cell.matched.map(({ from, to }) => `${paperName(to)} for ${paperName(from)}`).join(", ")}.</p>` : nothing}
      ${this.name ? html`<p class="soft use">These settings are given as <span class="chip">${this.name}.settings</span>, the picture as <span class="chip">${this.name}.picture</span>.</p>` : nothing}`;
  }

  /** What holds beside the two settings that are varied. */
  #common(): [title: string, text: string][] {
    const { cell: { settings, ratio } } = this.tile;
    const { contentLayer, alphaTimesM, beta, totalVariation, initialisation, seed, optimiser } = settings;
    const varied = new Set([this.plan.rows.name, this.plan.columns.name]);
    const rows: [string, string, string][] = [
      ["contentLayer", "content layer", contentLayer === null ? "none" : paperName(contentLayer)],
      ["alphaTimesM", "α · M", formatNumber(alphaTimesM)],
      ["ratio", "α / β", ratio === null ? "–" : powerText(ratio)],
      ["beta", "β", formatNumber(beta)],
      ["totalVariation", "total variation", formatNumber(totalVariation)],
      ["initialisation", "starts from", startText(initialisation, seed)],
      ["optimiser", "optimiser", OPTIMISERS[optimiser.kind]],
      ["learningRate", "learning rate", formatNumber(optimiser.learningRate)],
    ];
    return rows.filter(([name]) => !varied.has(name as typeof this.plan.rows.name)).map(([, title, text]) => [title, text]);
  }

  #source(kind: "content" | "style", picture: Picture): TemplateResult {
    if (!this.#pixels.has(picture)) {
      if (this.#pixels.size > 1) this.#pixels.clear();
      this.#pixels.set(picture, pixelsOf(picture));
    }
    return html`<figure>
      <nst-pixel-canvas label="${kind} picture, ${picture.width} by ${picture.height} pixels" .pixels=${this.#pixels.get(picture)!}></nst-pixel-canvas>
      <figcaption><b class=${kind}>${kind}</b></figcaption>
    </figure>`;
  }

  static override styles = [
    controlStyles,
    growthStageStyles,
    css`
      :host {
        display: grid;
        gap: 12px;
        align-content: start;
        min-width: 0;
        font: 13px/1.5 var(--sans);
      }
      .pictures {
        display: grid;
        grid-template-columns: minmax(0, 5fr) minmax(0, 2fr);
        gap: 12px;
        align-items: start;
      }
      .sources {
        display: grid;
        gap: 10px;
      }
      p {
        margin: 0;
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 3px 14px;
        margin: 0;
      }
      dt {
        color: var(--soft);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      dd.varied {
        font-weight: 600;
      }
      .use {
        line-height: 1.7;
      }
    `,
  ];
}

const OPTIMISERS: Record<OptimiserOptions["kind"], string> = { adam: "Adam", descent: "gradient descent", lbfgs: "L-BFGS" };

const startText = (initialisation: Initialisation, seed: number): string =>
  initialisation.kind === "noise" ? `noise, seed ${seed}` : initialisation.kind === "blend" ? `content with ${shareText(initialisation.noise)} noise, seed ${seed}` : `${initialisation.kind} picture`;

declare global {
  interface HTMLElementTagNameMap {
    "nst-sweep-detail": SweepDetail;
  }
}
