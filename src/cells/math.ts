/** Typesets the formulas in `root` (elements of class `math` that hold TeX). KaTeX is loaded when the first one is met. */
export async function typeset(root: Element): Promise<void> {
  const formulas = [...root.querySelectorAll<HTMLElement>(".math:not(.set)")];
  if (formulas.length === 0) return;
  const [{ default: katex }] = await Promise.all([import("katex"), import("katex/dist/katex.min.css")]);
  for (const formula of formulas) {
    const tex = formula.textContent ?? "";
    katex.render(coloured(tex), formula, {
      displayMode: formula.localName === "div",
      throwOnError: false,
      errorColor: "var(--error)",
      // notebooks come from anywhere: classes, but no addresses, styles or ids
      trust: ({ command }) => command === "\\htmlClass",
      strict: (code: string) => (code === "htmlExtension" ? "ignore" : "warn"),
    });
    formula.classList.add("set");
  }
}

const COLOURS: Record<string, string> = { blue: "content", orange: "style", violet: "picture" };

/**
 * Formulas are written with colours that GitHub shows as well, `\textcolor{blue}{J_{content}}`; here they become the
 * colours of the theme: blue is content, orange is style, violet is the picture.
 */
export function coloured(tex: string): string {
  return tex.replace(/\\textcolor\s*\{\s*(blue|orange|violet)\s*\}/g, (_, colour: string) => `\\htmlClass{${COLOURS[colour]}}`);
}
