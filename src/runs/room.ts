import { ownBytes, type KeptEntry } from "./kept-data";

/** What is to be deleted so that the rest takes no more than it may. */
export interface RoomPlan {
  /** runs that lose all checkpoints but the first and the last: what there was of them can be computed again */
  thinned: KeptEntry[];
  /** runs that go */
  deleted: KeptEntry[];
}

/** So much of the cap is filled afterwards: room is not made again with the next step. */
const FILLED = 0.9;

/** The checkpoints that a run needs to go on exactly, and to begin again where it began. */
export function needed({ checkpoints, from }: Pick<KeptEntry, "checkpoints" | "from">): KeptEntry["checkpoints"] {
  return checkpoints.filter(([step], i) => step === from || i === checkpoints.length - 1);
}

/** Bytes that a run gives back when it is thinned. */
export function thinning(entry: KeptEntry): number {
  return ownBytes(entry) - ownBytes({ ...entry, checkpoints: needed(entry) });
}

/**
 * Chooses what goes when runs take more than they may: checkpoints of the oldest runs first, then those runs. Runs with a
 * star, and those that somebody computes, stay as they are; so what is left can still be more.
 * @param bytes of all runs with their pictures
 * @param stays ids of such runs
 */
export function makeRoom(entries: readonly KeptEntry[], bytes: number, cap: number, stays: ReadonlySet<string>): RoomPlan {
  const plan: RoomPlan = { thinned: [], deleted: [] };
  let left = bytes;
  if (left <= cap) return plan;
  const oldest = entries.filter(({ id }) => !stays.has(id)).sort((a, b) => a.created - b.created);
  for (const entry of oldest) {
    if (left <= cap * FILLED) break;
    if (thinning(entry) === 0) continue;
    left -= thinning(entry);
    plan.thinned.push(entry);
  }
  for (const entry of oldest) {
    if (left <= cap * FILLED) break;
    left -= ownBytes({ ...entry, checkpoints: needed(entry) });
    plan.deleted.push(entry);
  }
  plan.thinned = plan.thinned.filter((entry) => !plan.deleted.includes(entry));
  return plan;
}
