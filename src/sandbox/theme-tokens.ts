/** The page's look, for frames that its styles do not reach. */
const TOKENS = [
  "--paper", "--card", "--code", "--ink", "--soft", "--line", "--edge", "--content", "--style", "--picture", "--error", "--focus",
  "--content-wash", "--style-wash", "--picture-wash", "--error-wash", "--sans", "--serif", "--mono", "--radius",
];

/** Custom properties and the colour scheme as the page has them now. */
export function themeTokens(): Record<string, string> {
  const style = getComputedStyle(document.documentElement);
  const tokens = Object.fromEntries(TOKENS.map((name) => [name, style.getPropertyValue(name).trim()]));
  return { ...tokens, "color-scheme": style.colorScheme };
}

/** Calls `changed` when the page takes on another theme. */
export function watchTheme(changed: () => void): void {
  new MutationObserver(changed).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "style", "class"] });
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) matchMedia(query).addEventListener("change", changed);
}
