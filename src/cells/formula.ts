import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { loadKatex, setFormula } from "./math";
import { controlStyles } from "./theme";

/**
 * A formula inside of a cell, for one with live numbers in it: it is set anew whenever `tex` changes. Where it does not fit
 * into one line it breaks at its relations and operators. Colours as in prose: `\textcolor{blue|orange|violet}`. Screen
 * readers get the MathML; until KaTeX is there, and without it, the TeX is shown.
 *
 *     <nst-formula .tex=${String.raw`J = \tfrac12 \cdot ${texNumber(cost)}`}></nst-formula>
 */
@customElement("nst-formula")
export class Formula extends LitElement {
  @property() tex = "";
  private katex: Awaited<ReturnType<typeof loadKatex>> | null = null;

  override render() {
    return html`<span></span>`;
  }

  protected override async firstUpdated(): Promise<void> {
    try {
      this.katex = await loadKatex();
      const root = this.renderRoot as ShadowRoot;
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, katexSheet()];
      this.set();
    } catch (error) {
      console.warn(`A formula is shown as TeX: ${(error as Error).message}`);
    }
  }

  protected override updated(): void {
    this.set();
  }

  private set(): void {
    const span = this.renderRoot.querySelector("span")!;
    this.toggleAttribute("set", this.katex !== null);
    if (this.katex) setFormula(this.katex, String.raw`\displaystyle ${this.tex}`, span);
    else span.textContent = this.tex;
  }

  static override styles = [
    // with the colours of content, style and picture
    controlStyles,
    css`
      :host {
        display: block;
        max-width: 100%;
        overflow: auto hidden;
        /* limits and hooks stand out of the line */
        padding: 2px 0 4px;
        font: 12px/1.5 var(--mono);
      }
      :host([set]) {
        font: 15px/2.1 var(--serif);
        font-variant-numeric: tabular-nums;
      }
    `,
  ];
}

/** A number as TeX: 17 044 with a narrow space, 9.8 · 10⁻⁸ for 9.8e-8. @param text what formatNumber or formatCount gave */
export function texNumber(text: string): string {
  const [digits, power] = text.replaceAll("\u2009", String.raw`\,`).replaceAll("−", "-").split("e");
  return power === undefined ? `{${digits}}` : `{${digits} \\cdot 10^{${power}}}`;
}

let sheet: CSSStyleSheet | null = null;

/** KaTeX' rules, which stand in the page, for a shadow tree. Its fonts are the page's: an @font-face counts there alone. */
function katexSheet(): CSSStyleSheet {
  if (sheet) return sheet;
  const rules = [...document.styleSheets].flatMap((one) => [...one.cssRules]).filter((rule) => rule instanceof CSSStyleRule && rule.selectorText.includes(".katex"));
  sheet = new CSSStyleSheet();
  sheet.replaceSync(rules.map(({ cssText }) => cssText).join("\n"));
  return sheet;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-formula": Formula;
  }
}
