import { typeset } from "./math";
import { proseHtml, type ProseSurroundings } from "./prose-html";

/**
 * A piece of a notebook's prose. In light DOM: links between headings, find-in-page, and KaTeX's fonts do not work
 * reliably in shadow trees.
 */
export class Prose extends HTMLElement {
  #html = "";

  show(text: string, surroundings: ProseSurroundings): void {
    const html = proseHtml(text, surroundings);
    if (html === this.#html) return;
    this.#html = html;
    this.innerHTML = html;
    // without KaTeX the formulas stay readable as TeX
    typeset(this).catch((error: Error) => console.warn(`Formulas are shown as TeX: ${error.message}`));
  }
}

customElements.define("nst-prose", Prose);

declare global {
  interface HTMLElementTagNameMap {
    "nst-prose": Prose;
  }
}
