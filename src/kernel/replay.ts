/** Computing the steps of a run again, from the page. */
import type { Kernels } from "./kernels";
import type { ReplayItem } from "./protocol";
import type { RunRecord } from "./run-record";

export interface ReplayOptions {
  /** the last step wanted */
  to: number;
  /** pixels to follow, in the picture's columns and rows. The replay then begins at the run's start, else at the nearest checkpoint */
  follow?: { x: number; y: number }[];
}

/**
 * The steps of a run again, one item a step, to the picture of step `to`, which the last item brings. It takes turns with
 * the runs of the engine.
 * @param signal ends it
 * @throws what ends the stream in the engine, KernelLostError when the engine is lost
 */
export async function* replay(kernels: Kernels, record: RunRecord, { to, follow }: ReplayOptions, signal: AbortSignal): AsyncGenerator<ReplayItem> {
  await kernels.engineReady();
  signal.throwIfAborted();
  const from = follow ? record.from : record.nearest(to);
  yield* kernels.engine.stream("replay", { config: record.config, from, changes: record.changes, to, follow }, { signal });
}
