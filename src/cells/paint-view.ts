import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import "./paint-adam";
import type { AdamFrom, AdamState, PaintAdam } from "./paint-adam";
import { type Colour, colourAt, type Paint } from "./paint-brush";
import "./paint-canvas";
import "./paint-costs";
import type { Painting } from "./paint-model";
import { percent, PaintScore } from "./paint-score";
import "./paint-source";
import { PAINT_STARTS, type PaintStart } from "./paint-start";
import "./paint-tools";
import { type Brush, paintOf, resized } from "./paint-tools";
import "./pixel-canvas";
import { type Pixels, pixelsOf, type Probe } from "./pixel-canvas";
import { controlStyles } from "./theme";

/** How Adam does, as it stands. */
export interface AdamCourse {
  state: AdamState;
  step: number;
  steps: number;
  stepsPerSecond: number;
  /** J after each step, as a share of the person's J at the start */
  shares: Float64Array<ArrayBuffer>;
  notice: string;
}

/**
 * A picture to paint on, the pictures that it is painted after, its costs, and Adam beside it. Whoever owns the painting sets
 * the properties and answers the events; strokes change `painting` here, and are told of.
 *
 *     <nst-paint-view .painting=${painting} .version=${painting.version} .contentPicture=${content} .stylePicture=${style} .brush=${brush} .stamp=${{ x: 9, y: 9 }}
 *       .score=${meter.score} .adam=${course} @nst-painted=${…} @nst-choose=${…} @start=${…}></nst-paint-view>
 *
 * @fires nst-painted - the picture has changed, by a stroke, by taking one back, or by going back to another picture
 * @fires nst-choose - detail: the part of Brush that was changed
 * @fires nst-stamp - detail: { x, y }, where the stamp is taken from
 * @fires nst-start - detail: PaintStart
 * @fires start - Adam is to start
 * @fires stop - Adam is to stop
 * @fires nst-from - detail: AdamFrom
 */
@customElement("nst-paint-view")
export class PaintView extends LitElement {
  @property({ attribute: false }) painting!: Painting;
  /** `painting.version` */
  @property({ attribute: false }) version = 0;
  @property({ attribute: false }) contentPicture!: Picture;
  @property({ attribute: false }) stylePicture!: Picture;
  @property({ attribute: false }) brush!: Brush;
  /** where the stamp is taken from, in pixels of the style picture */
  @property({ attribute: false }) stamp = { x: 0, y: 0 };
  @property() start: PaintStart = "content";
  @property({ attribute: false }) score = new PaintScore();
  /** changes with the score */
  @property({ attribute: false }) measured = 0;
  @property() notice = "";
  @property({ attribute: false }) adam!: AdamCourse;
  @property() from: AdamFrom = "start";

  @query("nst-paint-adam") private adamView!: PaintAdam | null;
  private bestDrawn: { picture: Picture; pixels: Pixels } | null = null;

  /** Draws Adam's newest picture and closes the bitmap. */
  show(bitmap: ImageBitmap): void {
    if (this.adamView?.hasUpdated) this.adamView.show(bitmap);
    else bitmap.close();
  }

  override render() {
    const { painting, score, adam } = this;
    const { width, height } = painting.picture;
    return html`<div class="body"><nst-paint-tools .brush=${this.brush} @nst-choose=${this.onChoose}></nst-paint-tools></div>
      <div class="body columns">
        <div class="easel">
          <nst-paint-canvas
            .painting=${painting} .version=${this.version} .shape=${this.brush} .paintAt=${this.paintAt}
            label="Your picture, ${width} by ${height} pixels, to be painted on${score.start ? `: J is ${percent(score.share(score.now))} of what it was at the start` : ""}"
            @nst-painted=${this.painted} @nst-stroke=${this.painted} @nst-undo=${this.undo} @nst-redo=${this.redo}
            @nst-pick=${({ detail }: CustomEvent<Colour>) => this.take(detail)} @nst-size=${({ detail }: CustomEvent<number>) => this.resizeBrush(detail)}
          ></nst-paint-canvas>
          <p class="caption"><b class="picture">your picture</b> <span class="soft number">${width} × ${height} px</span></p>
          <div class="controls">
            <button ?disabled=${!painting.canUndo} @click=${this.undo}>Undo</button>
            <button ?disabled=${!painting.canRedo} @click=${this.redo}>Redo</button>
            <button ?disabled=${this.version === 0} @click=${() => this.replace(painting.start)}>Start over</button>
            <label class="begin"><span class="soft">begins as</span>
              <select @change=${(event: Event) => this.send("nst-start", (event.target as HTMLSelectElement).value)}>
                ${PAINT_STARTS.map((kind) => html`<option value=${kind} ?selected=${kind === this.start}>${kind}</option>`)}
              </select>
            </label>
          </div>
        </div>
        <div class="sources">${this.source("content", this.contentPicture)}${this.source("style", this.stylePicture)}</div>
        <div class="costs">
          ${this.notice ? html`<p class="notice" role="alert">${this.notice}</p>` : nothing}
          <nst-paint-costs .start=${score.start} .now=${score.now} .best=${score.share(score.best?.costs)}></nst-paint-costs>
          ${this.best()}
        </div>
      </div>
      <div class="body">
        <nst-paint-adam
          .state=${adam.state} .step=${adam.step} .steps=${adam.steps} .stepsPerSecond=${adam.stepsPerSecond} .shares=${adam.shares} .notice=${adam.notice}
          .best=${score.share(score.best?.costs)} .from=${this.from} .ready=${score.start !== null} .aspect=${width / height}
          @start=${() => this.send("start")} @stop=${() => this.send("stop")} @nst-from=${({ detail }: CustomEvent<AdamFrom>) => this.send("nst-from", detail)}
        ></nst-paint-adam>
      </div>`;
  }

  private source(kind: "content" | "style", picture: Picture) {
    const stamping = kind === "style" && this.brush.tool === "stamp";
    return html`<nst-paint-source
      kind=${kind} .picture=${picture} .mark=${stamping ? { x: this.stamp.x + 0.5, y: this.stamp.y + 0.5, size: this.brush.size } : null} label=${stamping ? "click: stamp from here" : "click: take the colour"}
      @nst-take=${({ detail }: CustomEvent<NonNullable<Probe>>) => (stamping ? this.send("nst-stamp", detail) : this.take(colourAt(picture, detail.x, detail.y)))}
    ></nst-paint-source>`;
  }

  private best() {
    const { best, start } = this.score;
    if (!best || !start) return nothing;
    if (this.bestDrawn?.picture !== best.picture) this.bestDrawn = { picture: best.picture, pixels: pixelsOf(best.picture) };
    const share = this.score.share(best.costs);
    const first = best.picture === this.painting.start;
    return html`<div class="best">
      <nst-pixel-canvas label="Your best picture so far, J at ${percent(share)} of the start" .pixels=${this.bestDrawn.pixels}></nst-pixel-canvas>
      <div>
        <p class="number">${first ? html`Best so far: <b>the start itself</b>` : html`Best so far: <b>${percent(share)}</b>`}</p>
        <button ?disabled=${first ? this.version === 0 : this.score.now?.total === best.costs.total} @click=${() => this.replace(best.picture)}>Go back to it</button>
      </div>
    </div>`;
  }

  /** What a stroke that begins at a point leaves. */
  private paintAt = (x: number, y: number): Paint => paintOf(this.brush, { x, y }, { picture: this.stylePicture, stamp: this.stamp }, this.painting.start);

  private onChoose = ({ detail }: CustomEvent<Partial<Brush>>): void => this.send("nst-choose", detail);

  /** A colour is there to be painted with. */
  private take(colour: Colour): void {
    this.send("nst-choose", { colour, tool: "colour" } satisfies Partial<Brush>);
  }

  private resizeBrush(factor: number): void {
    this.send("nst-choose", { size: resized(this.brush, factor) } satisfies Partial<Brush>);
  }

  private undo = (): void => {
    this.painting.undo();
    this.painted();
  };

  private redo = (): void => {
    this.painting.redo();
    this.painted();
  };

  private replace(picture: Picture): void {
    this.painting.replace(picture.data);
    this.painted();
  }

  private painted = (): void => this.send("nst-painted");

  private send(type: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        container: paint / inline-size;
      }
      .body {
        padding: 14px;
      }
      .body + .body {
        border-top: 1px solid var(--line);
      }
      .columns {
        display: grid;
        gap: 16px 22px;
        /* the costs as near to the brush as can be: they are to be seen while one paints */
        grid-template: "sources" "easel" "costs" / minmax(0, 1fr);
      }
      .easel {
        grid-area: easel;
      }
      .sources {
        grid-area: sources;
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 108px));
        gap: 12px;
        align-content: start;
      }
      .costs {
        grid-area: costs;
        min-width: 0;
      }
      .caption {
        margin: 6px 0 8px;
        font: 12px/1.45 var(--sans);
      }
      .begin {
        display: flex;
        gap: 6px;
        align-items: center;
      }
      .best {
        display: grid;
        grid-template-columns: 72px minmax(0, 1fr);
        gap: 12px;
        align-items: center;
        margin-top: 16px;
      }
      .best p {
        margin: 0 0 5px;
      }
      .notice {
        margin: 0 0 12px;
        padding: 7px 11px;
        border-radius: 7px;
        background: var(--error-wash);
        color: var(--error);
      }
      @container paint (width >= 560px) {
        .sources {
          grid-template-columns: repeat(2, minmax(0, 160px));
        }
        .columns {
          grid-template: "easel sources" auto "easel costs" 1fr / minmax(0, 1.1fr) minmax(0, 1fr);
        }
      }
      @container paint (width >= 880px) {
        .sources {
          grid-template-columns: minmax(0, 1fr);
        }
        .columns {
          grid-template: "sources easel costs" / 132px minmax(0, 1.25fr) minmax(0, 1fr);
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-paint-view": PaintView;
  }
}
