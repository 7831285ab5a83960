import { isStyle, type Term } from "../nst/terms";

/** Names of a batch's columns for a list of terms: totals first, then one per style layer. */
export function costColumns(terms: readonly Term[]): string[] {
  return ["total", "content", "style", "tv", ...terms.flatMap((term) => (isStyle(term) ? [term.layer] : []))];
}

/**
 * One row of costs as they count in J.
 * @param values unweighted value of each term
 * @returns numbers in the order of `costColumns`
 */
export function costRow(terms: readonly Term[], values: ArrayLike<number>): number[] {
  let [content, style, tv] = [0, 0, 0];
  const layers: number[] = [];
  terms.forEach((term, i) => {
    // 0 · ∞ is not a number, and a term of weight 0 does not count, whatever its value
    const cost = term.weight === 0 ? 0 : term.weight * values[i];
    if (term.kind === "content") content += cost;
    else if (term.kind === "tv") tv += cost;
    else if (isStyle(term)) {
      style += cost;
      layers.push(cost);
    }
  });
  return [content + style + tv, content, style, tv, ...layers];
}

/**
 * What to tell when a cost, or the gradient, is no longer a number: the first term that went bad, and what to do.
 * @param values as `transferStep` gives them: one a term, then the mean of |gradient| (absent where none was computed)
 * @returns null when all are finite
 */
export function divergence(terms: readonly Term[], values: ArrayLike<number>, step: number): string | null {
  const bad = Array.from(values).findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return null;
  const term = terms[bad] as Term | undefined;
  const name = !term ? "The gradient" : term.kind === "tv" ? "The total variation" : `The ${isStyle(term) ? "style" : term.kind} cost at ${term.layer}`;
  return `${name} is no longer a number (${values[bad]}) after step ${step}: too large for the 32-bit numbers that a step is computed in. The picture of the last good step is kept. Lower the weights or the learning rate and start again.`;
}
