/** The costs of the blobs as TeX, with their numbers in them. */
import type { BlobCosts, BlobFactors } from "./blobs-model";
import { texNumber } from "./formula";
import { formatNumber } from "./numbers";

/** More summands than this are not written out. */
const WRITTEN = 4;

const number = (value: number) => texNumber(formatNumber(value));

/** ½ Σ (F′ − F)² = ½ · 4 = 2 */
export function contentTex({ contentSum, contentCost }: BlobCosts, { half }: BlobFactors): string {
  const [factor, times] = half ? [String.raw`\tfrac12 `, String.raw`\tfrac12 \cdot `] : ["", ""];
  return String.raw`\textcolor{blue}{J_{\text{content}}} = ${factor}\sum_{i,k} \left(\textcolor{violet}{F'_{ik}} - F_{ik}\right)^2 = ${times}${number(contentSum)}${half ? ` = ${number(contentCost)}` : ""}`;
}

/** Σ F′₁F′₂, position by position. Null where there is one map alone. */
export function gramTex({ after, gramAfter, n }: BlobCosts): string | null {
  if (n < 2) return null;
  const products = after[0].map((value, p) => [value, after[1][p]]).filter(([a, b]) => a * b !== 0);
  const written = products.slice(0, WRITTEN).map(([a, b]) => String.raw`${number(a)} \cdot ${number(b)}`);
  if (products.length > WRITTEN) written.push(String.raw`\dots`);
  const sum = number(gramAfter[0][1]);
  return String.raw`\textcolor{violet}{G'_{12}} = \sum_k \textcolor{violet}{F'_{1k}} \, \textcolor{violet}{F'_{2k}} = ${written.length > 0 ? `${written.join(" + ")} = ${sum}` : sum}`;
}

/** 1/(4N²M²) Σ (G′ − G)², with the pairs that differ written out. */
export function styleTex(costs: BlobCosts, { quarter, perMaps, perPositions }: BlobFactors): string {
  const { n, m, styleSum, styleCost } = costs;
  const letters = [quarter && "4", perMaps && "N^2", perPositions && "M^2"].filter(Boolean).join(String.raw`\,`);
  const digits = [quarter && "4", perMaps && `${n}^2`, perPositions && `${m}^2`].filter(Boolean).join(String.raw` \cdot `);
  const over = (below: string) => (below === "" ? "" : String.raw`\frac{1}{${below}} `);
  const pairs = differing(costs);
  const sum = pairs.length > 0 && pairs.length <= WRITTEN ? pairs.map(([times, now, then]) => String.raw`${times === 1 ? "" : String.raw`${times} \cdot `}(${number(now)} - ${number(then)})^2`).join(" + ") : number(styleSum);
  const grouped = digits !== "" && pairs.length > 1 && pairs.length <= WRITTEN ? String.raw`\left(${sum}\right)` : sum;
  return String.raw`\textcolor{orange}{E} = ${over(letters)}\sum_{i,j} \left(\textcolor{violet}{G'_{ij}} - G_{ij}\right)^2 = ${over(digits)}${digits === "" ? "" : String.raw`\cdot `}${grouped} = ${number(styleCost)}`;
}

/** Entries of the Gram matrix that have changed, each with how often it stands there (the matrix is symmetric), now and before. */
function differing({ gramBefore, gramAfter }: BlobCosts): [times: number, now: number, then: number][] {
  const counts = new Map<string, [number, number, number]>();
  gramAfter.forEach((row, i) =>
    row.forEach((now, j) => {
      const then = gramBefore[i][j];
      if (now === then) return;
      const entry = counts.get(`${now} ${then}`) ?? [0, now, then];
      entry[0]++;
      counts.set(`${now} ${then}`, entry);
    }),
  );
  return [...counts.values()];
}
