/** A run, its record, and what can be computed of it again, in the workbench's own workers. Ready when `window.replays` exists. */
import { cutMiddle, parseModelCard, readSafetensors } from "../../../src/nst";
import { Gauge, replay, RunHandle, RunRecord, startKernels } from "../../../src/kernel/client";
import { moduleWorker } from "../../../src/kernel/module-worker";
import type { BackendStatus, Measure, ReplayItem, RunConfig, StepRecord } from "../../../src/kernel/protocol";
import referenceUrl from "../../fixtures/reference-runs.safetensors?url";

export interface ReplaysApi {
  /** waits for the engine on wasm */
  ready(): Promise<BackendStatus>;
  /** a run of 30 steps at 48 px, paused at 8 or soon after, its style changed at 16 or soon after */
  run(): Promise<{ rows: Record<string, number>[]; changes: number[]; checkpoints: number[]; last: number }>;
  /** the run again: costs by step, and whether the pictures are the run's, bit for bit */
  again(): Promise<{ fromStart: Again; toNearest: Again; fromNearest: Again }>;
  follow(): Promise<{ steps: number; terms: string[]; worst: number; unclipped: number; samePicture: boolean }>;
  /** the last picture: by a gauge that was asked for others in quick succession before, and whose lab is lost in between if wished */
  measure(losing: boolean): Promise<{ measure: Measure; overtaken: number }>;
  /** the step after the last checkpoint but one, taken apart, and whether its output is the picture one step on */
  anatomy(): Promise<{ record: Omit<StepRecord, "operations">; names: string[]; samePicture: boolean; step: number }>;
  tensors(): Promise<{ engine: number; lab: number }>;
}

export interface Again {
  from: number;
  rows: Record<string, number>[];
  samePicture: boolean;
}

declare global {
  interface Window {
    replays: ReplaysApi;
  }
}

const kernels = startKernels(moduleWorker);
let record: RunRecord;
const rows: Record<string, number>[] = [];
const named = (columns: string[], costs: Float64Array) => Object.fromEntries(columns.map((name, i) => [name, costs[i]]));
const same = (a: Float32Array, b: Float32Array) => a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

async function config(): Promise<RunConfig> {
  const base = new URL("models/vgg19-slim/", document.baseURI).href;
  const card = parseModelCard(await (await fetch(`${base}model.json`)).json());
  const tensors = readSafetensors(await (await fetch(referenceUrl)).arrayBuffer());
  const picture = (kind: string) => {
    const { shape: [height, width], data } = tensors.get(`neuschwanstein--great-wave/${kind}`)!;
    return cutMiddle({ width, height, data: Float32Array.from(data, (byte) => byte / 255) }, 48, 36);
  };
  return { network: { card, base }, content: picture("content"), style: picture("style"), settings: { ...card.defaults, tap: "after", seed: 0, size: 48, steps: 30, initialisation: { kind: "style" } } };
}

/** @returns items of a replay, and the picture that it ends with */
async function items(of: RunRecord, to: number, follow?: { x: number; y: number }[]): Promise<{ all: ReplayItem[]; picture: Float32Array }> {
  const all: ReplayItem[] = [];
  for await (const item of replay(kernels, of, { to, follow }, new AbortController().signal)) all.push(item);
  return { all, picture: all.at(-1)!.checkpoint!.picture };
}

/** The record of the same run without its checkpoints. */
function bare(): RunRecord {
  const plain = new RunRecord(record.config);
  for (const change of record.changes) plain.take({ state: "running", columns: [], costs: new Float64Array(), first: change.step, change });
  return plain;
}

window.replays = {
  async ready() {
    while (kernels.status.state !== "ready" || !kernels.status.engine) await new Promise((resolve) => setTimeout(resolve, 20));
    if (kernels.status.engine.backend !== "wasm") await kernels.switchBackend("wasm");
    return kernels.status.engine!;
  },

  async run() {
    const made = await config();
    record = new RunRecord(made);
    let [paused, changed] = [false, false];
    const handle = new RunHandle(kernels, made, (batch) => {
      record.take(batch);
      for (let at = 0; at < batch.costs.length; at += batch.columns.length) rows[batch.first + at / batch.columns.length] = named(batch.columns, batch.costs.slice(at, at + batch.columns.length));
      batch.image?.close();
      if (!paused && batch.step >= 8) {
        paused = true;
        handle.pause();
      }
      if (batch.state === "paused") handle.resume();
      if (!changed && batch.step >= 16) {
        changed = true;
        handle.update({ ...made.settings, beta: 2 * made.settings.beta, styleLayers: { block2_conv1: 1, block4_conv1: 0.5 } });
      }
    });
    await handle.ended;
    return { rows, changes: record.changes.map(({ step }) => step), checkpoints: record.checkpoints.map(({ step }) => step), last: record.last };
  },

  async again() {
    const final = record.checkpoints.at(-1)!;
    const start = await items(bare(), 30);
    const short = await items(bare(), 29);
    const nearest = await items(record, 29);
    const told = ({ all }: { all: ReplayItem[] }, samePicture: boolean): Again => ({ from: all[0].step, rows: all.map(({ columns, costs }) => named(columns, costs)), samePicture });
    return { fromStart: told(start, same(start.picture, final.picture)), toNearest: told(short, true), fromNearest: told(nearest, same(nearest.picture, short.picture)) };
  },

  async follow() {
    const { all, picture } = await items(record, 30, [{ x: 0, y: 0 }, { x: 23, y: 20 }, { x: 47, y: 35 }]);
    let [worst, unclipped] = [0, 0];
    for (const { pixels } of all.slice(1)) {
      const { terms, before, after, pulls, clip } = pixels!;
      before.forEach((value, i) => {
        const pulled = terms.reduce((sum, _, t) => sum + pulls[(Math.floor(i / 3) * terms.length + t) * 3 + (i % 3)], 0);
        worst = Math.max(worst, Math.abs(value + pulled + clip[i] - after[i]));
        if (after[i] > 0 && after[i] < 1) unclipped = Math.max(unclipped, Math.abs(clip[i]));
      });
    }
    return { steps: all.length - 1, terms: all[1].pixels!.terms, worst, unclipped, samePicture: same(picture, record.checkpoints.at(-1)!.picture) };
  },

  async measure(losing) {
    const gauge = new Gauge(kernels, { ...record.config, settings: record.settingsAt(30) });
    const { width, height, picture: data } = record.checkpoints.at(-1)!;
    let overtaken = 0;
    const others = [1, 2, 3].map(() => gauge.measure(record.config.content).catch((error: Error) => error.name === "AbortError" && overtaken++));
    const last = gauge.measure({ width, height, data }, { gradients: true });
    if (losing) setTimeout(() => kernels.lab.dispatchEvent(new CustomEvent("lost")), 5);
    const measure = await last;
    await Promise.all(others);
    gauge.close();
    return { measure: { ...measure, gradient: undefined, terms: measure.terms.map((term) => ({ ...term, gradient: undefined })) }, overtaken };
  },

  async anatomy() {
    const from = record.checkpoints.at(-2)!;
    const run = { ...record.config, settings: record.settingsAt(from.step) };
    const { operations, ...told } = await kernels.lab.call("step.record", { config: run, from });
    const operation = operations.findLastIndex(({ name }) => name === "ClipByValue");
    const { data } = await kernels.lab.call("step.output", { config: run, from, operation });
    const { picture } = await items(record, from.step + 1);
    return { record: told, names: operations.map(({ name }) => name), samePicture: same(data, picture), step: from.step };
  },

  async tensors() {
    const [engine, lab] = await Promise.all([kernels.engine.call("status", {}), kernels.lab.call("status", {})]);
    return { engine: engine.tensors, lab: lab.tensors };
  },
};
