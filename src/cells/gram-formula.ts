/** The style cost of a layer, with the numbers of two pictures in it, as TeX. Pure. */
import type { GramMatrix } from "../nst/feature-maps";
import { paperName } from "../nst/names";
import { texNumber } from "./formula";
import type { GramDifference } from "./gram-numbers";
import { formatCount, formatNumber } from "./numbers";

/** Eq. 4 of Gatys et al. 2015; each matrix over its own M where the pictures are of different sizes. */
export function styleCostFormula(A: GramMatrix, G: GramMatrix, { styleCost }: Pick<GramDifference, "styleCost">): string {
  const { channels: N, positions: M } = G;
  const [n, m] = [N, M].map((count) => texNumber(formatCount(count)));
  const [g, a] = [String.raw`\textcolor{violet}{\mathcal{G}_{ij}}`, String.raw`\textcolor{orange}{\mathcal{A}_{ij}}`];
  const same = A.positions === M;
  const squares = styleCost * 4 * N ** 2 * (same ? M ** 2 : 1);
  const general = same
    ? String.raw`\frac{1}{4 N^2 M^2} \sum_{i,j} \left( ${g} - ${a} \right)^2`
    : String.raw`\frac{1}{4 N^2} \sum_{i,j} \left( \frac{${g}}{${m}} - \frac{${a}}{${texNumber(formatCount(A.positions))}} \right)^2`;
  const factor = same ? String.raw`\frac{1}{4 \cdot ${n}^2 \cdot ${m}^2}` : String.raw`\frac{1}{4 \cdot ${n}^2}`;
  return String.raw`E_{\text{${paperName(G.layer).replaceAll("_", String.raw`\_`)}}} = ${general} = ${factor} \cdot ${texNumber(formatNumber(squares, 4))} = ${texNumber(formatNumber(styleCost, 4))}`;
}
