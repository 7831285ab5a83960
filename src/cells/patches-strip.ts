import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Patch } from "../kernel/protocol";
import { fieldOf, type ReceptiveField } from "../nst/receptive-field";
import { type Area, within } from "./layers-facts";
import { formatNumber } from "./numbers";
import { drawPatch, pictureCanvas } from "./patches-drawing";
import type { NamedPicture } from "./patches-pictures";
import { controlStyles } from "./theme";

/** Side of a patch as it is drawn, in CSS pixels. */
const SIDE = 104;

/**
 * The patches that excite one channel most, best first, each as large as what its unit sees; beside them where the one that
 * is pointed at, or has the focus, lies in its picture.
 *
 *     <nst-patch-strip .pictures=${pictures} .patches=${channels[18]} .field=${field}></nst-patch-strip>
 */
@customElement("nst-patch-strip")
export class PatchStrip extends LitElement {
  @property({ attribute: false }) pictures: readonly NamedPicture[] = [];
  @property({ attribute: false }) patches: readonly Patch[] = [];
  @property({ attribute: false }) field: ReceptiveField = { size: 1, stride: 1, start: 0 };
  @state() private at = 0;

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("patches")) this.at = 0;
  }

  override render() {
    const { patches, pictures } = this;
    if (patches.length === 0) return html`<p>This channel is silent: it answers 0 everywhere in all these pictures.</p>`;
    return html`<ol>
        ${patches.map(
          (patch, i) => html`<li>
            <button
              aria-label="${i + 1}: ${formatNumber(patch.value)} in ${pictures[patch.picture].name}, unit ${patch.x}, ${patch.y}"
              class=${i === this.at ? "shown" : ""}
              @pointerenter=${() => (this.at = i)}
              @focus=${() => (this.at = i)}
              @click=${() => (this.at = i)}
            >
              <canvas width=${SIDE * 2} height=${SIDE * 2}></canvas>
              <b>${formatNumber(patch.value)}</b> <span>${pictures[patch.picture].name.replace(/\.\w+$/, "")}</span>
            </button>
          </li>`,
        )}
      </ol>
      ${this.#where(patches[Math.min(this.at, patches.length - 1)])}`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("patches") || changed.has("pictures") || changed.has("field"))
      for (const [i, canvas] of [...this.renderRoot.querySelectorAll<HTMLCanvasElement>("li canvas")].entries()) {
        const context = canvas.getContext("2d")!;
        context.clearRect(0, 0, canvas.width, canvas.height);
        drawPatch(context, this.pictures[this.patches[i].picture].picture, this.#area(this.patches[i]), 0, 0, canvas.width);
      }
    this.#drawWhole();
  }

  #area({ x, y }: Patch): Area {
    return fieldOf(this.field, x, y);
  }

  #where(patch: Patch) {
    const { name, picture } = this.pictures[patch.picture];
    const area = this.#area(patch);
    const seen = within(area, picture.width, picture.height);
    const whole = seen.width === area.width && seen.height === area.height;
    return html`<figure>
      <div class="whole" style="aspect-ratio:${picture.width} / ${picture.height}">
        <canvas class="picture" width=${picture.width} height=${picture.height} role="img" aria-label="${name}, with the pixels that the unit sees"></canvas>
        <i style="left:${(100 * area.x) / picture.width}%;top:${(100 * area.y) / picture.height}%;width:${(100 * area.width) / picture.width}%;height:${(100 * area.height) / picture.height}%"></i>
      </div>
      <figcaption class="number">
        <b>${name}</b><br />unit ${patch.x}, ${patch.y} answers ${formatNumber(patch.value, 4)}. It sees ${area.width} × ${area.height}
        pixels${whole ? nothing : html`; ${seen.width === picture.width && seen.height === picture.height ? "the whole picture lies within" : `${seen.width} × ${seen.height} of them lie in the picture`}`}.
      </figcaption>
    </figure>`;
  }

  #drawWhole(): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>("canvas.picture");
    const patch = this.patches[Math.min(this.at, this.patches.length - 1)];
    if (canvas && patch) canvas.getContext("2d")!.drawImage(pictureCanvas(this.pictures[patch.picture].picture), 0, 0);
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 14px 22px;
        align-items: flex-start;
        min-width: 0;
        font: 12px/1.4 var(--sans);
        color: var(--soft);
      }
      ol {
        flex: 1 1 300px;
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(76px, 1fr));
        gap: 8px;
        min-width: 0;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      p {
        margin: 0;
      }
      li {
        max-width: ${SIDE + 8}px;
      }
      button {
        display: block;
        width: 100%;
        padding: 3px;
        border-color: transparent;
        background: none;
        font: 11px/1.4 var(--sans);
        text-align: left;
        color: var(--soft);
        overflow-wrap: anywhere;
      }
      button.shown {
        border-color: var(--ink);
        background: var(--code);
      }
      li canvas {
        display: block;
        width: 100%;
        margin-bottom: 3px;
        border-radius: 4px;
        image-rendering: pixelated;
        /* what the unit sees beyond the picture's border */
        background: repeating-linear-gradient(45deg, var(--edge) 0 1px, transparent 1px 6px);
      }
      b {
        color: var(--ink);
        font-weight: 600;
      }
      figure {
        flex: 0 0 196px;
      }
      .whole {
        position: relative;
        overflow: clip;
        border-radius: 6px;
      }
      .whole canvas {
        display: block;
        width: 100%;
        height: 100%;
      }
      .whole i {
        position: absolute;
        border: 1.5px solid #fff;
        outline: 1px solid #000;
        box-shadow: 0 0 0 999px rgb(0 0 0 / 50%);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-patch-strip": PatchStrip;
  }
}
