import type { RunBatch } from "../kernel/protocol";

/** One point of a curve: a step and the cost of the picture after that many steps. */
export interface CostPoint {
  step: number;
  value: number;
}

/**
 * Every cost of every step of one run, fed by the batches that the run reports. Row s holds the costs of the picture
 * after s steps; row 0 is the picture that the run started from.
 *
 * Columns may come and go, because layers can be chosen while a run is going: a step at which a column was not
 * reported holds NaN, and so does a step that was never reported (a run that went on from a checkpoint of an earlier one).
 *
 *     const history = new CostHistory();
 *     history.append(batch);
 *     history.last("style");                             // the newest style cost
 *     decimate(history.column("total"), 400);            // points to draw
 */
export class CostHistory {
  /** rows recorded: one more than the last step */
  length = 0;
  /** grows with every change; give it to a view so that it knows when to draw again */
  version = 0;
  private readonly rows = new Map<string, Float64Array>();

  /** Names of all columns reported so far, in the order in which they first came. */
  get columns(): string[] {
    return [...this.rows.keys()];
  }

  /** Names of the columns of style layers: all but "total", "content", "style" and "tv". */
  get layers(): string[] {
    return this.columns.filter((name) => !SUMS.has(name));
  }

  /** The newest step recorded, −1 before the first. */
  get step(): number {
    return this.length - 1;
  }

  /**
   * Records a batch. A batch that begins below what is recorded replaces everything from its first step on (the run went
   * back to a checkpoint); one that begins above leaves a gap of NaN. A batch without rows changes nothing.
   * @throws RangeError if `costs` does not fill whole rows, or `first` is no step
   */
  append({ columns, costs, first }: Pick<RunBatch, "columns" | "costs" | "first">): void {
    if (costs.length === 0) return;
    if (columns.length === 0 || costs.length % columns.length !== 0)
      throw new RangeError(`${costs.length} costs do not fill rows of ${columns.length} columns (${columns.join(", ")}).`);
    if (!Number.isSafeInteger(first) || first < 0) throw new RangeError(`A batch cannot begin at step ${first}.`);
    const count = costs.length / columns.length;
    const end = first + count;
    for (const name of columns) if (!this.rows.has(name)) this.rows.set(name, new Float64Array(0));
    for (const [name, old] of this.rows) {
      const row = old.length >= end ? old : grow(old, this.length, end);
      const from = Math.min(first, this.length);
      row.fill(NaN, from, end);
      const c = columns.indexOf(name);
      if (c >= 0) for (let r = 0; r < count; r++) row[first + r] = costs[r * columns.length + c];
      this.rows.set(name, row);
    }
    this.length = end;
    this.version++;
  }

  /** Forgets everything, for a new start. */
  clear(): void {
    this.rows.clear();
    this.length = 0;
    this.version++;
  }

  /** All values of a column, one a step, without a copy: valid until the next append. Empty for an unknown name. */
  column(name: string): Float64Array {
    return this.rows.get(name)?.subarray(0, this.length) ?? new Float64Array(0);
  }

  /** The value of a column after `step` steps; NaN where it is not known. */
  at(step: number, name: string): number {
    return step >= 0 && step < this.length ? (this.rows.get(name)?.[step] ?? NaN) : NaN;
  }

  /** The newest value of a column; NaN if it is not part of the newest step. */
  last(name: string): number {
    return this.at(this.length - 1, name);
  }

  /** The first finite value of a column, from which its fall is measured; NaN if there is none. */
  start(name: string): number {
    return this.column(name).find(Number.isFinite) ?? NaN;
  }
}

const SUMS = new Set(["total", "content", "style", "tv"]);

/** Doubles the room, so that recording a step costs O(1) on average. */
function grow(old: Float64Array, used: number, needed: number): Float64Array {
  const row = new Float64Array(Math.max(64, needed, old.length * 2)).fill(NaN);
  row.set(old.subarray(0, used));
  return row;
}

/**
 * Thins a series to at most `limit` points for drawing: the smallest and the largest value of every bucket in the order
 * in which they came, so that no peak is lost, and always the first and the last finite point. Values that are not finite
 * are left out. Buckets are a power of two wide and begin at step 0, so that a growing series keeps the points it has
 * shown: the drawn curve does not shimmer.
 * @param limit at least 4
 */
export function decimate(values: Float64Array, limit = 400): CostPoint[] {
  if (limit < 4) throw new RangeError(`${limit} points are too few to keep the extremes and the ends.`);
  const points: CostPoint[] = [];
  if (values.length <= limit) {
    values.forEach((value, step) => Number.isFinite(value) && points.push({ step, value }));
    return points;
  }
  let width = 2;
  while (2 * Math.ceil(values.length / width) + 2 > limit) width *= 2;
  const first = values.findIndex(Number.isFinite);
  const last = values.findLastIndex(Number.isFinite);
  const keep = (step: number) => {
    if (points.at(-1)?.step !== step) points.push({ step, value: values[step] });
  };
  if (first >= 0) keep(first);
  for (let start = 0; start < values.length; start += width) {
    let low = -1;
    let high = -1;
    for (let i = start; i < Math.min(start + width, values.length); i++) {
      if (!Number.isFinite(values[i])) continue;
      if (low < 0 || values[i] < values[low]) low = i;
      if (high < 0 || values[i] > values[high]) high = i;
    }
    if (low < 0) continue;
    keep(Math.min(low, high));
    keep(Math.max(low, high));
  }
  if (last >= 0) keep(last);
  return points;
}
