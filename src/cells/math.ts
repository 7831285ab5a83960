/** Typesets the formulas in `root` (elements of class `math` that hold TeX). KaTeX is loaded when the first one is met. */
export async function typeset(root: Element): Promise<void> {
  const formulas = [...root.querySelectorAll<HTMLElement>(".math:not(.set)")];
  if (formulas.length === 0) return;
  const katex = await loadKatex();
  for (const formula of formulas) {
    setFormula(katex, formula.textContent ?? "", formula, formula.localName === "div");
    formula.classList.add("set");
  }
}

type Katex = typeof import("katex").default;

/** KaTeX, with its style sheet in the page. */
export async function loadKatex(): Promise<Katex> {
  const [{ default: katex }] = await Promise.all([import("katex"), import("katex/dist/katex.min.css")]);
  return katex;
}

/** Typesets one formula. */
export function setFormula(katex: Katex, tex: string, element: HTMLElement, displayMode = false): void {
  katex.render(coloured(tex), element, {
    displayMode,
    throwOnError: false,
    errorColor: "var(--error)",
    // notebooks come from anywhere: classes, but no addresses, styles or ids
    trust: ({ command }) => command === "\\htmlClass",
    strict: (code: string) => (code === "htmlExtension" ? "ignore" : "warn"),
  });
}

const COLOURS: Record<string, string> = { blue: "content", orange: "style", violet: "picture" };

/**
 * Formulas are written with colours that GitHub shows as well, `\textcolor{blue}{J_{content}}`; here they become the
 * colours of the theme: blue is content, orange is style, violet is the picture.
 */
export function coloured(tex: string): string {
  return tex.replace(/\\textcolor\s*\{\s*(blue|orange|violet)\s*\}/g, (_, colour: string) => `\\htmlClass{${COLOURS[colour]}}`);
}
