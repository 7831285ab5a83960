import { texNumber } from "./formula";
import type { DescentWalk } from "./descend-walk";
import { formatNumber } from "./numbers";

/** The step that comes next, and what the tangent promises of it, as TeX. @param rate the learning rate */
export function descendTex({ method, norm, slope, cost }: Pick<DescentWalk, "method" | "norm" | "slope" | "cost">, rate: number): string {
  const number = (value: number | null) => (value !== null && Number.isFinite(value) ? texNumber(formatNumber(value)) : String.raw`\dots`);
  const G = String.raw`\textcolor{violet}{G}`;
  if (method === "adam")
    return [
      String.raw`${G} \leftarrow \operatorname{clip}\!\left( ${G} - \eta \, \frac{\partial J / \partial ${G}}{\left| \partial J / \partial ${G} \right|} \right), \quad`,
      String.raw`\Delta J \approx -\eta \sum \left| \frac{\partial J}{\partial ${G}} \right| = -${number(rate)} \cdot ${number(cost === null ? null : slope)} = ${number(cost === null ? null : 0 - rate * slope)}`,
    ].join("");
  return [
    String.raw`${G} \leftarrow \operatorname{clip}\!\left( ${G} - \eta \, \frac{\partial J}{\partial ${G}} \right), \quad`,
    String.raw`\Delta J \approx -\eta \left\lVert \frac{\partial J}{\partial ${G}} \right\rVert^2 = -${number(rate)} \cdot ${number(cost === null ? null : norm)}^2 = ${number(cost === null ? null : 0 - rate * slope)}`,
  ].join("");
}
