import { RunRecord } from "../kernel/client";
import type { Checkpoint, RunBatch } from "../kernel/protocol";
import { equal } from "../notebook/equal";
import type { CostHistory } from "../runs/cost-history";
import type { RunGroup } from "../runs/kept-run";
import type { NewRun, RunKeeper, RunStore } from "../runs/run-store";
import type { SweepPlaces } from "./sweep-places";
import type { SweepStage } from "./sweep-plans";

interface Going {
  record: RunRecord;
  keeper: RunKeeper | null;
  /** time spent computing, in seconds */
  seconds: number;
  /** when the last batch came while it was computed, in milliseconds; 0: it was not */
  last: number;
}

/** What all runs of a sweep have in common. */
export type SweepRuns = Pick<NewRun, "names" | "notebook" | "cell" | "device"> & { runs: RunStore | null; group: Omit<RunGroup, "label"> };

/**
 * Keeps the runs of a sweep at full size: each when it has finished, with its last checkpoint alone. One that has made what a
 * kept run of the same place holds already is not kept twice.
 */
export class SweepKeeping {
  /** by stage */
  #going = new Map<string, Going>();

  /** @param before what the same plan had made until now */
  constructor(
    private readonly about: SweepRuns,
    private readonly before: SweepPlaces | null,
  ) {}

  /** A run begins. */
  begin({ key, cell, config }: SweepStage, from: Checkpoint | undefined, history: CostHistory): void {
    this.drop(key);
    const { runs, group, ...about } = this.about;
    const record = new RunRecord(config, from);
    const label = `row ${cell.row + 1}, column ${cell.column + 1}`;
    const going: Going = { record, keeper: null, seconds: 0, last: 0 };
    going.keeper = runs?.keep({ ...about, config, record, history, group: { ...group, label }, light: true, spent: () => going.seconds }) ?? null;
    this.#going.set(key, going);
  }

  /** Takes in what the run reports, after the history has. @returns id of the kept run, once it has finished and is kept */
  take({ key, cell }: SweepStage, batch: RunBatch): string | null {
    const going = this.#going.get(key);
    if (!going) return null;
    going.record.take(batch);
    const now = performance.now();
    if (going.last > 0) going.seconds += (now - going.last) / 1000;
    going.last = batch.state === "running" ? now : 0;
    if (batch.state === "stopped") this.drop(key);
    if (batch.state !== "finished") return null;
    const known = this.before?.get(cell.key);
    const same = known?.run && equal(known.picture?.data, batch.checkpoint?.picture);
    if (!same) going.keeper?.take(batch);
    this.drop(key);
    return same ? known.run : (going.keeper?.id ?? null);
  }

  /** A run has ended before its time: nothing of it is kept. */
  drop(key: string): void {
    // one that was told nothing leaves nothing
    this.#going.get(key)?.keeper?.close();
    this.#going.delete(key);
  }

  /** All of them. */
  end(): void {
    for (const key of [...this.#going.keys()]) this.drop(key);
  }
}
