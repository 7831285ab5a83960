import { texNumber } from "./formula";
import type { ContentCostValue } from "./content-cost-sums";
import { formatCount, formatNumber } from "./numbers";

/** The content cost with the numbers of a comparison in it, as TeX. */
export function contentCostTex({ channels, height, width, cost, meanSquare }: ContentCostValue): string {
  const N = texNumber(formatCount(channels));
  const M = texNumber(formatCount(height * width));
  const terms = texNumber(formatCount(channels * height * width));
  return [
    String.raw`\textcolor{blue}{J_{\text{content}}} = \tfrac12 \sum_{i=1}^{${N}} \, \sum_{j=1}^{${M}} \left( \textcolor{violet}{F_{ij}} - \textcolor{blue}{P_{ij}} \right)^2`,
    String.raw` = \tfrac12 \cdot \underbrace{${N} \cdot ${M}}_{${terms}\text{ squares}} \cdot \underbrace{${texNumber(formatNumber(meanSquare, 4))}}_{\text{mean square}}`,
    String.raw` = ${texNumber(formatNumber(cost, 4))}`,
  ].join("");
}
