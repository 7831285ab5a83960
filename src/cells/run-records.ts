/** What the page remembers of its runs, for cells that look at one from beside it. */
import type { RunRecord } from "../kernel/client";
import type { CostHistory } from "../runs/cost-history";

export interface KeptRun {
  /** settings, their changes, and checkpoints: enough to compute any step again */
  record: RunRecord;
  /** every cost of every step */
  history: CostHistory;
}

/** Runs remembered at most: the checkpoints of each may take 64 MB. */
const MOST = 8;

const kept = new Map<string, KeptRun>();
let count = 0;

/** Keeps a run that has just been started, and forgets the oldest when there are more than eight. @returns its name */
export function keepRun(run: KeptRun): string {
  const name = `run-${++count}`;
  kept.set(name, run);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST) break;
    kept.delete(oldest);
  }
  return name;
}

/**
 * The run of that name, as it has become since: both parts grow while it goes.
 * @param run as `RunValue.run` says it
 * @returns undefined for a run that was forgotten, because eight others were started since
 */
export function runRecord(run: string): KeptRun | undefined {
  return kept.get(run);
}
