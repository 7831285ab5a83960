/** What the page remembers of runs, for cells that look at one from beside it. */
import type { RunRecord } from "../kernel/client";
import type { CostHistory } from "../runs/cost-history";
import type { RunEntry } from "../runs/kept-run";

export interface KeptRun {
  /** settings, their changes, and checkpoints: enough to compute any step again */
  record: RunRecord;
  /** every cost of every step */
  history: CostHistory;
  /** what its two pictures are called */
  names?: { content: string; style: string };
  /** as it was listed when it was opened; absent for a run that was started in this page */
  entry?: RunEntry;
}

/** Where runs are kept beyond the page, as far as it is asked here. */
interface Store {
  open(id: string): Promise<{ entry: RunEntry; record: RunRecord; history: CostHistory } | null>;
  get(id: string): Promise<RunEntry | null>;
}

/** Runs remembered at most: the checkpoints of each may take 64 MB. */
const MOST = 8;

/** the one that was asked for last comes last */
const kept = new Map<string, KeptRun>();
/** those that are being read, so that several cells that ask at once get the same one */
const opening = new Map<string, Promise<KeptRun | undefined>>();

/** Remembers a run that was started or opened here, and forgets the one that nobody has asked for longest when there are more than eight. */
export function keepRun(id: string, run: KeptRun): void {
  kept.delete(id);
  kept.set(id, run);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST) break;
    kept.delete(oldest);
  }
}

/**
 * The run of that name, as it has become since: both parts grow while it goes.
 * @param id as `RunValue.run` says it
 * @returns undefined for a run that was forgotten, because eight others were asked for since
 */
export function runRecord(id: string): KeptRun | undefined {
  const run = kept.get(id);
  if (run) keepRun(id, run);
  return run;
}

/** Forgets a run that was deleted. */
export function forgetRun(id: string): void {
  kept.delete(id);
}

/**
 * A run with everything that is known of it: as the page remembers it, else from where runs are kept; remembered from then on.
 * @param context of the notebook
 * @returns undefined if it is kept nowhere (any more)
 */
export async function openKeptRun({ runs }: { runs?: Store | null }, id: string): Promise<(KeptRun & { entry: RunEntry }) | undefined> {
  const here = runRecord(id);
  // what it is called, and whether it is still there, may have changed since
  const entry = here && ((await runs?.get(id)) ?? here.entry);
  if (here && entry) return { ...here, entry };
  if (!runs) return undefined;
  let reading = opening.get(id);
  if (!reading) {
    reading = runs.open(id).then((opened) => {
      if (!opened) return undefined;
      const { entry, record, history } = opened;
      // started here in the meantime
      if (!kept.has(id)) keepRun(id, { entry, record, history, names: { content: entry.content.name, style: entry.style.name } });
      return { entry, ...runRecord(id)! };
    });
    opening.set(id, reading);
    void reading.catch(() => {}).finally(() => opening.delete(id));
  }
  const run = await reading;
  return run?.entry && { ...run, entry: run.entry };
}
