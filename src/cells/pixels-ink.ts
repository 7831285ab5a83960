/** Black or white: the one that can be read on a colour (contrast at least 4.5 : 1 by WCAG 2). @param r, g and b as bytes */
export function inkOn(r: number, g: number, b: number): "#000" | "#fff" {
  const linear = (byte: number) => (byte <= 10 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) > 0.179 ? "#000" : "#fff";
}
