/** Light or dark: what the person chose, else what the system says. */
export type ThemeChoice = "system" | "light" | "dark";

const KEY = "theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

export function themeChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system"; // storage can be forbidden
  }
}

/** Remembers the choice and shows it. */
export function chooseTheme(choice: ThemeChoice): void {
  try {
    if (choice === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // then it holds until the page is left
  }
  show(choice);
}

/** Shows the theme that was chosen, and follows the system as long as none was. Call once, before anything is drawn. */
export function followTheme(): void {
  show(themeChoice());
  dark.addEventListener("change", () => show(themeChoice()));
}

function show(choice: ThemeChoice): void {
  document.documentElement.dataset.theme = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
}
