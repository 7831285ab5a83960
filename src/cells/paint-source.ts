import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import { colourAt, hexOf } from "./paint-brush";
import { ringStyles } from "./paint-ring";
import "./pixel-canvas";
import { type Pixels, pixelsOf, type Probe } from "./pixel-canvas";
import { controlStyles } from "./theme";

/**
 * A picture that stands beside the one that is painted, to take something from: a click, a tap, or Enter where the arrow keys
 * have gone to, takes the place.
 *
 *     <nst-paint-source kind="style" .picture=${style} .mark=${{ x: 20, y: 31, size: 12 }} label="take the stamp from here" @nst-take=${…}></nst-paint-source>
 *
 * @fires nst-take - detail: { x, y } in pixels of the picture
 */
@customElement("nst-paint-source")
export class PaintSource extends LitElement {
  @property() kind: "content" | "style" = "content";
  @property({ attribute: false }) picture: Picture | null = null;
  /** a circle drawn on it, in its pixels: where the stamp is taken from */
  @property({ attribute: false }) mark: { x: number; y: number; size: number } | null = null;
  /** what a click does */
  @property() label = "";

  @state() private probe: Probe = null;
  @query("nst-pixel-canvas") private shown!: HTMLElement;
  private drawn: { picture: Picture; pixels: Pixels } | null = null;

  override render() {
    const { picture, mark, probe } = this;
    if (!picture) return nothing;
    if (this.drawn?.picture !== picture) this.drawn = { picture, pixels: pixelsOf(picture) };
    const { width, height } = picture;
    const inside = probe && probe.x < width && probe.y < height ? probe : null;
    const colour = inside ? hexOf(colourAt(picture, inside.x, inside.y)) : null;
    return html`<figure>
      <div class="stage" @click=${this.onClick} @keydown=${this.onKey}>
        <nst-pixel-canvas
          reachable .pixels=${this.drawn.pixels} .probe=${inside} @probe=${(event: CustomEvent<Probe>) => (this.probe = event.detail)}
          label="${this.kind} picture, ${width} by ${height} pixels${inside ? `; column ${inside.x}, row ${inside.y}, colour ${colour}` : ""}. Arrow keys go to a pixel, Enter: ${this.label}."
        ></nst-pixel-canvas>
        ${mark ? html`<i style="left:${(100 * mark.x) / width}%;top:${(100 * mark.y) / height}%;width:${(100 * mark.size) / width}%"></i>` : nothing}
      </div>
      <figcaption><b class=${this.kind}>${this.kind}</b> ${colour ? html`<span class="dot" style="background:${colour}"></span>` : html`<span class="does">${this.label}</span>`}</figcaption>
    </figure>`;
  }

  /** By where it was clicked and not by the probe: a finger that taps has left before its click comes. */
  private onClick = (event: MouseEvent): void => {
    const { width, height } = this.picture!;
    const box = this.shown.getBoundingClientRect();
    const at = (offset: number, extent: number, count: number) => Math.max(0, Math.min(count - 1, Math.floor((offset / extent) * count)));
    this.take({ x: at(event.clientX - box.left, box.width, width), y: at(event.clientY - box.top, box.height, height) });
  };

  private take(place: NonNullable<Probe>): void {
    this.dispatchEvent(new CustomEvent("nst-take", { detail: place }));
  }

  private onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (this.probe) this.take(this.probe);
  };

  static override styles = [
    controlStyles,
    ringStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .stage {
        position: relative;
        overflow: clip;
        border-radius: 6px;
      }
      .stage:has(:focus-visible) {
        overflow: visible;
      }
      figcaption {
        display: flex;
        gap: 4px 8px;
        align-items: center;
        min-height: 20px;
      }
      .does {
        line-height: 1.3;
      }
      .dot {
        width: 28px;
        height: 12px;
        border: 1px solid var(--edge);
        border-radius: 3px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-paint-source": PaintSource;
  }
}
