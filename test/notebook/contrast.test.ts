import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const sheet = readFileSync(new URL("../../src/cells/theme.css", import.meta.url), "utf8");

/** The colours of one rule of theme.css, by name. */
function colours(selector: string): Record<string, string> {
  const rule = sheet.slice(sheet.indexOf(`${selector} {`));
  return Object.fromEntries([...rule.slice(0, rule.indexOf("}")).matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]));
}

/** WCAG 2.2, "relative luminance". */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

it("contrast is measured as WCAG does", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
});

describe.each([
  ["light", { ...colours(":root") }],
  ["dark", { ...colours(":root"), ...colours(':root[data-theme="dark"]') }],
])("in the %s theme", (_, theme) => {
  it.each(["ink", "soft", "content", "style", "picture", "error"])("%s can be read on every ground", (text) => {
    for (const ground of ["paper", "card", "code"]) expect([ground, contrast(theme[text], theme[ground]) >= 4.5]).toEqual([ground, true]);
  });

  it.each(["content", "style", "picture", "error"])("%s, ink and soft text can be read on its wash", (colour) => {
    for (const text of [colour, "ink"]) expect([text, contrast(theme[text], theme[`${colour}-wash`]) >= 4.5]).toEqual([text, true]);
    expect(contrast(theme.soft, theme[`${colour}-wash`])).toBeGreaterThanOrEqual(4.5);
  });

  it("edges of controls and the focus ring stand out", () => {
    for (const ground of ["paper", "card"]) {
      expect([ground, contrast(theme.edge, theme[ground]) >= 3]).toEqual([ground, true]);
      expect([ground, contrast(theme.focus, theme[ground]) >= 3]).toEqual([ground, true]);
    }
  });

  it("paper can be read on ink, as on the primary button", () => {
    expect(contrast(theme.paper, theme.ink)).toBeGreaterThanOrEqual(4.5);
  });
});

it("the dark theme names every colour of the light one", () => {
  expect(Object.keys(colours(':root[data-theme="dark"]')).sort()).toEqual(Object.keys(colours(":root")).sort());
});
