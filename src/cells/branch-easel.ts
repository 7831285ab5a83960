import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import { type Colour, colourAt, type Paint } from "./paint-brush";
import "./paint-canvas";
import type { Painting } from "./paint-model";
import "./paint-source";
import "./paint-tools";
import { type Brush, paintOf, resized } from "./paint-tools";
import type { Probe } from "./pixel-canvas";
import { controlStyles } from "./theme";

/**
 * A picture to be painted on before a run goes on from it, with the two pictures beside it to take colours and stamps from.
 *
 *     <nst-branch-easel .painting=${painting} .version=${painting.version} .contentPicture=${content} .stylePicture=${style} label="…" @nst-painted=${…}></nst-branch-easel>
 *
 * @fires nst-painted - the painting has changed
 */
@customElement("nst-branch-easel")
export class BranchEasel extends LitElement {
  @property({ attribute: false }) painting!: Painting;
  /** `painting.version` */
  @property({ attribute: false }) version = 0;
  @property({ attribute: false }) contentPicture!: Picture;
  @property({ attribute: false }) stylePicture!: Picture;
  /** what is painted on, for people who do not see it */
  @property() label = "";

  @state() private brush: Brush | null = null;
  /** where the stamp is taken from, in pixels of the style picture */
  @state() private stamp: NonNullable<Probe> | null = null;

  /** What the person has in their hand; at first a colour from the middle of the style picture. */
  private get hand(): Brush {
    const { width, height } = this.stylePicture;
    return this.brush ?? { tool: "colour", colour: colourAt(this.stylePicture, width >> 1, height >> 1), size: 12, softness: 0.5, strength: 0.8 };
  }

  private get place(): NonNullable<Probe> {
    const { width, height } = this.stylePicture;
    return this.stamp ?? { x: width >> 1, y: height >> 1 };
  }

  override render() {
    const { painting, hand } = this;
    return html`<nst-paint-tools .brush=${hand} @nst-choose=${({ detail }: CustomEvent<Partial<Brush>>) => this.take(detail)}></nst-paint-tools>
      <div class="easel">
        <nst-paint-canvas
          .painting=${painting} .version=${this.version} .shape=${hand} .paintAt=${this.paintAt} label=${this.label}
          @nst-painted=${this.painted} @nst-stroke=${this.painted} @nst-undo=${this.undo} @nst-redo=${this.redo}
          @nst-pick=${({ detail }: CustomEvent<Colour>) => this.take({ colour: detail, tool: "colour" })} @nst-size=${({ detail }: CustomEvent<number>) => this.take({ size: resized(hand, detail) })}
        ></nst-paint-canvas>
        <div class="sources">${this.source("content", this.contentPicture)} ${this.source("style", this.stylePicture)}</div>
      </div>
      <div class="controls">
        <button ?disabled=${!painting.canUndo} @click=${this.undo}>Undo</button>
        <button ?disabled=${!painting.canRedo} @click=${this.redo}>Redo</button>
        ${painting.canUndo ? html`<button @click=${this.startOver}>Start over</button>` : nothing}
      </div>`;
  }

  private source(kind: "content" | "style", picture: Picture) {
    const { hand, place } = this;
    const stamping = kind === "style" && hand.tool === "stamp";
    return html`<nst-paint-source
      kind=${kind} .picture=${picture} .mark=${stamping ? { x: place.x + 0.5, y: place.y + 0.5, size: hand.size } : null} label=${stamping ? "click: stamp from here" : "click: take the colour"}
      @nst-take=${({ detail }: CustomEvent<NonNullable<Probe>>) => (stamping ? (this.stamp = detail) : this.take({ colour: colourAt(picture, detail.x, detail.y), tool: "colour" }))}
    ></nst-paint-source>`;
  }

  private paintAt = (x: number, y: number): Paint => paintOf(this.hand, { x, y }, { picture: this.stylePicture, stamp: this.place }, this.painting.start);

  private take(change: Partial<Brush>): void {
    this.brush = { ...this.hand, ...change };
  }

  private undo = (): void => {
    this.painting.undo();
    this.painted();
  };

  private redo = (): void => {
    this.painting.redo();
    this.painted();
  };

  private startOver = (): void => {
    this.painting.replace(this.painting.start.data);
    this.painted();
  };

  private painted = (): void => {
    this.requestUpdate();
    this.dispatchEvent(new Event("nst-painted"));
  };

  static override styles = [
    controlStyles,
    css`
      :host {
        display: grid;
        gap: 12px;
      }
      .easel {
        display: grid;
        grid-template-columns: minmax(0, 380px) minmax(72px, 150px);
        gap: 16px;
        align-items: start;
      }
      .sources {
        display: grid;
        gap: 12px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-branch-easel": BranchEasel;
  }
}
