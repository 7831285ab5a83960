import { ownBytes, type KeptEntry } from "./kept-data";
import type { RunEntry } from "./kept-run";

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

/** What was made room with, in a sentence or two. @param bytes that are free again */
export function freedText({ thinned, deleted }: RoomPlan, bytes: number): string {
  const parts = [thinned.length > 0 ? `steps on the way of ${count(thinned.length)}` : "", deleted.length > 0 ? `${count(deleted.length)} as a whole` : ""].filter(Boolean);
  return `Kept runs took more room than they may. To make room, this was deleted, the oldest first: ${parts.join(", and ")}; ${Math.max(1, Math.round(bytes / 2 ** 20))} MB are free again. Runs with a star stay.`;
}

const count = (runs: number): string => (runs === 1 ? "one run" : `${runs} runs`);

/** What kept runs take, and what would be free again without some of it. */
export interface RunUsage {
  runs: number;
  /** of all runs with their pictures, each picture once */
  bytes: number;
  /** beyond this, checkpoints of the oldest runs go, then those runs */
  cap: number;
  /** bytes that `free("checkpoints")` would free */
  checkpoints: number;
  /** what `free("unstarred")` would delete */
  unstarred: { runs: number; bytes: number };
}

/** @param going ids of runs that somebody computes: they stay as they are */
export function usageOf(kept: readonly KeptEntry[], entries: readonly RunEntry[], going: ReadonlySet<string>): Omit<RunUsage, "bytes" | "cap"> {
  const unstarred = entries.filter(({ id, starred }) => !starred && !going.has(id));
  return {
    runs: kept.length,
    checkpoints: kept.filter(({ id }) => !going.has(id)).reduce((sum, entry) => sum + thinning(entry), 0),
    unstarred: { runs: unstarred.length, bytes: unstarred.reduce((sum, { bytes }) => sum + bytes, 0) },
  };
}
