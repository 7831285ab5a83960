import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { Cell } from "./cell";
import type { Kernels } from "./context";
import type { GramValue } from "./features-value";
import "./formula";
import type { GramSide } from "./gram-entry";
import { styleCostFormula } from "./gram-formula";
import { chooseLook, GRAM_LOOK, type GramLook, lookOf } from "./gram-look";
import { type GramDifference, gramDifference, largestPairs } from "./gram-numbers";
import { colourOf, type GramInput, gramOf } from "./gram-sides";
import "./gram-view";
import { gramNote } from "./gram-view";
import { formatCount, formatNumber } from "./numbers";

/** The value of a comparison. */
export interface GramCompareValue extends GramDifference {
  /** share of the style cost that the pair of channels that differs most makes, in [0, 1] */
  largestShare: number;
  A: GramValue;
  G: GramValue;
}

/**
 * The Gram matrices of the style picture and of another one, their difference, and the style cost of the layer that it
 * makes (Gatys et al. 2015, eq. 3 and 4). Follows the features of a picture that is still growing.
 *
 *     <nst-gram-compare as="apart" of="FS FG"></nst-gram-compare>
 *
 * `of` names the features (or Gram matrices) of the style picture, then those of the other one, of the same layer. Its value
 * has numbers that questions and code may ask for: `apart.styleCost` (E of the layer), `apart.change`, `apart.diagonalShare`,
 * `apart.halfShare`, `apart.largestShare` (see GramDifference). It is null while one of the two has no maps yet.
 */
@customElement("nst-gram-compare")
export class GramCompareCell extends Cell<GramCompareValue | null> {
  static override title = "Gram matrices";
  static override lazy = true;
  static override reserve = 760;
  static override roles = ["S", "G"];
  static override params = { ...GRAM_LOOK };

  /** the matrix of the style picture, which stays while a run renews the other */
  #kept: { input: GramInput; gram: GramValue } | null = null;
  #sides: GramSide[] = [];

  async compute({ S, G }: { S: GramInput; G: GramInput }, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): Promise<GramCompareValue | null> {
    if (!S || !G) return null;
    const style = this.#kept?.input === S ? this.#kept.gram : await gramOf(S, kernel.lab, signal);
    this.#kept = { input: S, gram: style };
    const other = await gramOf(G, kernel.lab, signal);
    const difference = gramDifference(style, other);
    const [first] = largestPairs(difference.difference, style.channels, 1);
    return { ...difference, largestShare: first?.share ?? 0, A: style, G: other };
  }

  override headerNote(): TemplateResult | string | typeof nothing {
    return this.value ? gramNote(this.value.A) : nothing;
  }

  view(value: GramCompareValue | null | undefined): TemplateResult | typeof nothing {
    if (!value) return this.error ? nothing : html`<p class="body soft">${value === null || this.status === "waiting" ? this.#nothingYet() : "Multiplying the maps …"}</p>`;
    const sides = this.#sidesOf(value);
    return html`<div class="body">
        <nst-formula .tex=${styleCostFormula(value.A, value.G, value)}></nst-formula>
        <p class="soft">${this.#facts(value)}</p>
      </div>
      <nst-gram-view .sides=${sides} .difference=${value.difference} .look=${lookOf(this)} @look=${(e: CustomEvent<Partial<GramLook>>) => chooseLook(this, e.detail)}></nst-gram-view>`;
  }

  #facts({ A, G, change, diagonalShare, halfShare, styleCost }: GramCompareValue): string {
    if (styleCost === 0) return "The two matrices are the same.";
    const sizes = A.positions === G.positions ? "" : ` The maps have ${formatCount(A.positions)} and ${formatCount(G.positions)} positions, so each matrix is divided by its own M.`;
    return `The difference is ${formatNumber(100 * change, 3)} % as long as the style picture's matrix. ${formatNumber(100 * diagonalShare, 2)} % of the cost lies on the diagonal, and half of it in ${formatNumber(100 * halfShare, 2)} % of the entries.${sizes}`;
  }

  #sidesOf({ A, G }: GramCompareValue): GramSide[] {
    if (this.#sides[0]?.gram === A && this.#sides[1]?.gram === G) return this.#sides;
    const names = this.#names;
    const side = (gram: GramValue, at: number, letter: string): GramSide => {
      const source = gram.maps?.from?.name;
      return { gram, name: source ?? names[at], letter, colour: colourOf(source) };
    };
    return (this.#sides = [side(A, 0, "A"), side(G, 1, "G")]);
  }

  #nothingYet(): string {
    const waited = this.waitingFor ?? this.#names.join("” or “");
    return `“${waited}” has no maps yet. Where they are those of a run, start it: the matrices follow its picture.`;
  }

  get #names(): string[] {
    const listed = (this.getAttribute("of") ?? "").split(/\s+/).filter(Boolean);
    return GramCompareCell.roles.map((role, at) => listed[at] ?? this.getAttribute(role)?.trim() ?? role);
  }

  static override styles = [
    ...Cell.styles,
    css`
      .body p {
        margin: 8px 0 0;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-gram-compare": GramCompareCell;
  }
}
