import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import { type BrushShape, type Colour, colourOf, hexOf, type Paint } from "./paint-brush";
import { controlStyles } from "./theme";

/** "colour" paints, "stamp" copies from the style picture, "rub" blurs, "restore" brings back what was there at the start. */
export const TOOLS = ["colour", "stamp", "rub", "restore"] as const;
export type Tool = (typeof TOOLS)[number];

/** Diameters in pixels. */
export const SIZES = { min: 1, max: 64 };

/** What a person has in their hand. */
export interface Brush extends BrushShape {
  tool: Tool;
  colour: Colour;
}

/**
 * What a stroke that begins at a point leaves.
 * @param at column and row of the point
 * @param from the style picture, and where in it the stamp is taken from
 * @param start what the tool "restore" brings back
 */
export function paintOf({ tool, colour }: Brush, at: { x: number; y: number }, from: { picture: Picture; stamp: { x: number; y: number } }, start: Picture): Paint {
  if (tool === "rub") return { kind: "rub" };
  if (tool === "restore") return { kind: "copy", from: start, dx: 0, dy: 0 };
  if (tool === "stamp") return { kind: "copy", from: from.picture, dx: from.stamp.x - Math.floor(at.x), dy: from.stamp.y - Math.floor(at.y) };
  return { kind: "colour", colour };
}

/** A brush larger or smaller by a factor, by a pixel at least. */
export function resized({ size }: BrushShape, factor: number): number {
  const next = factor > 1 ? Math.max(size + 1, Math.round(size * factor)) : Math.min(size - 1, Math.round(size * factor));
  return Math.min(SIZES.max, Math.max(SIZES.min, next));
}

/**
 * What to paint with: the tool, the colour, and how large, soft and strong the brush is.
 *
 *     <nst-paint-tools .brush=${brush} @nst-choose=${({ detail }) => …}></nst-paint-tools>
 *
 * @fires nst-choose - detail: the part of Brush that was changed
 */
@customElement("nst-paint-tools")
export class PaintTools extends LitElement {
  @property({ attribute: false }) brush: Brush = { tool: "colour", colour: [0, 0, 0], size: 12, softness: 0.5, strength: 1 };

  override render() {
    const { tool, colour, size, softness, strength } = this.brush;
    return html`<span class="either" role="group" aria-label="Tool">
        ${TOOLS.map((one) => html`<button aria-pressed=${tool === one} title=${ABOUT[one]} @click=${() => this.choose({ tool: one })}>${one === "colour" ? html`<span class="swatch" style="background:${hexOf(colour)}"></span>` : nothing}${one}</button>`)}
      </span>
      ${tool === "colour" ? html`<input type="color" aria-label="Colour of the brush" title="Colour of the brush" .value=${hexOf(colour)} @input=${this.onColour} />` : nothing}
      ${this.slider("size", size, SIZES.min, SIZES.max, 1, `${Math.round(size)} px`)}
      ${this.slider("softness", softness, 0, 1, 0.05, `${Math.round(100 * softness)} %`)}
      ${this.slider("strength", strength, 0.05, 1, 0.05, `${Math.round(100 * strength)} %`)}
      <p class="about soft">${ABOUT[tool]}</p>`;
  }

  private slider(name: "size" | "softness" | "strength", value: number, min: number, max: number, step: number, text: string) {
    return html`<label>${name} <input type="range" min=${min} max=${max} step=${step} .value=${String(value)} aria-valuetext=${text} @input=${(event: Event) => this.choose({ [name]: Number((event.target as HTMLInputElement).value) })} /><span class="number">${text}</span></label>`;
  }

  private onColour = (event: Event): void => {
    const colour = colourOf((event.target as HTMLInputElement).value);
    if (colour) this.choose({ colour });
  };

  private choose(change: Partial<Brush>): void {
    this.dispatchEvent(new CustomEvent("nst-choose", { detail: change }));
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 18px;
        align-items: center;
        font: 13px/1.4 var(--sans);
        container: tools / inline-size;
      }
      .either button {
        min-height: 30px;
      }
      .swatch {
        display: inline-block;
        width: 12px;
        height: 12px;
        margin: 0 6px -1.5px 0;
        border: 1px solid var(--edge);
        border-radius: 3px;
      }
      input[type="color"] {
        width: 38px;
        height: 30px;
        margin: 0 0 0 -8px;
        padding: 2px;
        border: 1px solid var(--edge);
        border-radius: 7px;
        background: var(--card);
        cursor: pointer;
      }
      label {
        display: inline-flex;
        gap: 6px;
        align-items: center;
        color: var(--soft);
      }
      input[type="range"] {
        width: 92px;
        min-height: 28px;
        margin: 0;
      }
      label .number {
        min-width: 3.2em;
        color: var(--ink);
      }
      .about {
        flex-basis: 100%;
        margin: 0;
      }
      @container tools (width < 480px) {
        label {
          display: grid;
          grid-template-columns: 4.4em minmax(0, 1fr) 3.2em;
          flex-basis: 100%;
        }
        label input[type="range"] {
          width: 100%;
        }
      }
    `,
  ];
}

const ABOUT: Record<Tool, string> = {
  colour: "Paints with one colour. Click into the content or the style picture to take a colour from there.",
  stamp: "Copies from the style picture. Click into it to say from where; drawn on, the brush copies what lies around.",
  rub: "Blurs what is there.",
  restore: "Brings back the picture that you started from.",
};

declare global {
  interface HTMLElementTagNameMap {
    "nst-paint-tools": PaintTools;
  }
}
