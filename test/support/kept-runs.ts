/** Runs for tests of what keeps them: no engine computes them, their batches are made up. */
import { RunRecord } from "../../src/kernel/client";
import type { Checkpoint, RunBatch, RunConfig } from "../../src/kernel/protocol";
import type { Picture } from "../../src/nst/picture";
import { CostHistory } from "../../src/runs/cost-history";
import type { FrameEncoder } from "../../src/runs/encode-frame";
import type { NewRun, RunKeeper, RunStore } from "../../src/runs/run-store";
import { slim } from "./fixtures";

/** A picture of some numbers in [0, 1] that depend on `seed`. */
export function somePicture(seed: number, width = 16, height = 12): Picture {
  return { width, height, data: Float32Array.from({ length: width * height * 3 }, (_, i) => ((i * 7 + seed * 13) % 256) / 256) };
}

export function someConfig(changes: Partial<RunConfig> = {}): RunConfig {
  const { card } = slim();
  const { defaults } = card;
  return {
    network: { card, base: "http://localhost/models/vgg19-slim/" },
    content: somePicture(1),
    style: somePicture(2, 10, 10),
    settings: { ...defaults, tap: "after", initialisation: { kind: "content" }, seed: 0, size: 32, steps: 100 },
    ...changes,
  };
}

/** The picture and the optimiser's state that the made-up run has after some steps. */
export function checkpointAt(step: number, { width, height }: { width: number; height: number } = somePicture(1)): Checkpoint {
  const some = (seed: number) => somePicture(step * 3 + seed, width, height).data;
  return { step, width, height, picture: some(3), moment1: some(4), moment2: some(5) };
}

export function batchAt(first: number, step: number, changes: Partial<RunBatch> = {}): RunBatch {
  const columns = ["total", "content", "style", "tv", "block1_conv1"];
  const costs = Float64Array.from({ length: (step - first) * columns.length }, (_, i) => 1 / (first + 1 + Math.floor(i / columns.length)) + (i % columns.length));
  return { columns, costs, first, step, stepsPerSecond: 3, state: "running", ...changes };
}

/** Stands for an encoder: bytes that begin as a PNG file does, and then say which picture it was. */
export const fakeEncoder: FrameEncoder = async ({ checkpoint }, side) =>
  checkpoint ? { width: side, height: Math.round((side * checkpoint.height) / checkpoint.width), bytes: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, Math.round(255 * checkpoint.picture[0]), side) } : null;

export interface MadeRun {
  keeper: RunKeeper;
  what: NewRun;
  /** feeds it the next batch, up to that step */
  go(step: number, changes?: Partial<RunBatch>): void;
}

/** Begins to keep a made-up run. */
export function begin(store: RunStore, changes: Partial<NewRun> = {}): MadeRun {
  const config = changes.config ?? someConfig();
  const what: NewRun = { config, record: new RunRecord(config), history: new CostHistory(), names: { content: "cat.png", style: "great-wave.jpg" }, notebook: "first-transfer", cell: "G", device: () => ({ backend: "wasm", threads: 2 }), ...changes };
  const keeper = store.keep(what);
  let at = what.history.length;
  return {
    keeper,
    what,
    go(step, changes = {}) {
      const batch = batchAt(changes.first ?? at, step, { ...changes, checkpoint: changes.checkpoint ?? checkpointAt(step, what.config.content) });
      what.history.append(batch);
      what.record.take(batch);
      keeper.take(batch);
      at = step;
    },
  };
}

/** A run that has come to its end. @returns its id */
export async function finished(store: RunStore, changes: Partial<NewRun> = {}, steps = 40): Promise<string> {
  const run = begin(store, changes);
  run.go(1);
  run.go(steps / 2);
  run.go(steps, { state: "finished" });
  await run.keeper.ended();
  return run.keeper.id;
}
