import type { CostHistory } from "./cost-history";
import type { KeptCosts } from "./kept-data";

/** Rows of a chunk: small enough to be written again with every new row, large enough that a long run has few. */
export const CHUNK_ROWS = 256;

/** So many chunks hold a history of that many rows. */
export function chunkCount(rows: number): number {
  return Math.ceil(rows / CHUNK_ROWS);
}

/**
 * One chunk of a history: rows from CHUNK_ROWS · index on, with the columns that say something there.
 * @returns null where no row says anything: the run began later
 */
export function costChunk(history: CostHistory, index: number): KeptCosts | null {
  const end = Math.min(history.length, (index + 1) * CHUNK_ROWS);
  const said = history.columns.map((name) => ({ name, values: history.column(name) }));
  const begins = index * CHUNK_ROWS;
  const parts = said.filter(({ values }) => values.subarray(begins, end).some((value) => !Number.isNaN(value)));
  if (parts.length === 0) return null;
  let first = begins;
  while (parts.every(({ values }) => Number.isNaN(values[first]))) first++;
  const costs = new Float64Array((end - first) * parts.length);
  for (let row = first; row < end; row++) for (const [c, { values }] of parts.entries()) costs[(row - first) * parts.length + c] = values[row];
  return { first, columns: parts.map(({ name }) => name), costs };
}
