import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { Cell } from "./cell";
import type { Kernels } from "./context";
import type { GramValue } from "./features-value";
import type { GramSide } from "./gram-entry";
import { chooseLook, GRAM_LOOK, type GramLook, lookOf } from "./gram-look";
import { colourOf, type GramInput, gramOf } from "./gram-sides";
import "./gram-view";
import { gramNote } from "./gram-view";

/**
 * The Gram matrix F Fᵀ of feature maps (Gatys et al. 2015, eq. 3) as a heat map: which maps answer together. An entry that is
 * pointed at is taken apart into the two maps, their product and its sum. Gives a GramValue, null while a run that it reads
 * has no picture yet.
 *
 *     <nst-gram as="A" of="FS"></nst-gram>
 *
 * `of` names the value of a features cell, a tensor [h, w, n], or a Gram matrix that a code cell has computed. Its numbers
 * can be asked for: `A.channels` (N), `A.positions` (M).
 */
@customElement("nst-gram")
export class GramCell extends Cell<GramValue | null> {
  static override title = "Gram matrix";
  static override lazy = true;
  static override reserve = 620;
  static override roles = ["maps"];
  static override params = { ...GRAM_LOOK };

  #side: GramSide[] = [];

  async compute({ maps }: { maps: GramInput }, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): Promise<GramValue | null> {
    return maps ? gramOf(maps, kernel.lab, signal) : null;
  }

  override headerNote(): TemplateResult | string | typeof nothing {
    return this.value ? gramNote(this.value) : nothing;
  }

  view(value: GramValue | null | undefined): TemplateResult | typeof nothing {
    if (!value) return this.error ? nothing : html`<p class="body soft">${value === null || this.status === "waiting" ? `“${this.#read}” has no maps yet.` : "Multiplying the maps …"}</p>`;
    if (this.#side[0]?.gram !== value) {
      const source = value.maps?.from?.name;
      this.#side = [{ gram: value, name: source ?? this.#read, letter: source === "style" ? "A" : "G", colour: colourOf(source) }];
    }
    return html`<nst-gram-view .sides=${this.#side} .look=${lookOf(this)} @look=${(e: CustomEvent<Partial<GramLook>>) => chooseLook(this, e.detail)}></nst-gram-view>`;
  }

  get #read(): string {
    return this.getAttribute("of")?.trim() || this.getAttribute("maps")?.trim() || "maps";
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-gram": GramCell;
  }
}
