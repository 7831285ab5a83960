/** Runs as the workbench makes them, in its own workers, without the workbench around. Ready when `window.runs` exists. */
import { parseModelCard, readSafetensors } from "../../../src/nst";
import type { TransferSettings } from "../../../src/nst";
import { resize } from "../../../src/nst/resize";
import { RunHandle, startKernels } from "../../../src/kernel/client";
import { moduleWorker } from "../../../src/kernel/module-worker";
import type { BackendName, BackendStatus, Checkpoint, RunBatch, RunConfig } from "../../../src/kernel/protocol";
import referenceJson from "../../fixtures/reference-runs.json";
import referenceUrl from "../../fixtures/reference-runs.safetensors?url";

/** What a test sees of a run. */
export interface RunRecord {
  columns: string[];
  /** by step; a step that was done again holds the later one */
  rows: number[][];
  states: RunBatch["state"][];
  notices: string[];
  /** `first` of every batch that had rows */
  firsts: number[];
  step: number;
  stepsPerSecond: number;
  pixels: { width: number; height: number; rgba: number[] } | null;
  checkpointSteps: number[];
  images: number;
  error: string | null;
  ended: boolean;
}

export interface RunsApi {
  /** waits for the engine on this backend */
  backend(name: BackendName): Promise<BackendStatus>;
  status(): Promise<BackendStatus>;
  /** starts a run of a reference pair at 128 px (or smaller) with the card's defaults, changed as wished; gives its number */
  start(options: { pair: string; size?: number; settings?: Partial<TransferSettings>; from?: Checkpoint; spoilCard?: Record<string, unknown> }): Promise<number>;
  control(run: number, what: "pause" | "resume" | "stop" | "drop"): void;
  update(run: number, settings: Partial<TransferSettings>): void;
  record(run: number): RunRecord;
  /** waits for the end of the run */
  end(run: number): Promise<RunRecord>;
  checkpoint(run: number): Checkpoint | undefined;
}

declare global {
  interface Window {
    runs: RunsApi;
  }
}

const kernels = startKernels(moduleWorker);
const handles: { handle: RunHandle; record: RunRecord; config: RunConfig }[] = [];

const ready = () =>
  new Promise<void>((resolve, reject) => {
    const look = () => {
      if (kernels.status.state === "failed") reject(new Error(kernels.status.message));
      if (kernels.status.state !== "ready" || !kernels.status.engine) return;
      kernels.removeEventListener("status", look);
      resolve();
    };
    kernels.addEventListener("status", look);
    look();
  });

async function config(pair: string, size: number, changes: Partial<TransferSettings>, cardChanges: Record<string, unknown>): Promise<RunConfig> {
  const base = new URL("models/vgg19-slim/", document.baseURI).href;
  const card = { ...parseModelCard(await (await fetch(`${base}model.json`)).json()), ...cardChanges };
  const tensors = readSafetensors(await (await fetch(referenceUrl)).arrayBuffer());
  const picture = (kind: string) => {
    const { shape: [height, width], data } = tensors.get(`${pair}/${kind}`)!;
    const whole = { width, height, data: Float32Array.from(data, (byte) => byte / 255) };
    return size === width ? whole : resize(whole, size, size);
  };
  const { defaults } = card;
  const settings: TransferSettings = {
    ...defaults, tap: "after", seed: 0, size, steps: referenceJson.steps, initialisation: { kind: "content" }, ...changes,
  };
  return { network: { card, base }, content: picture("content"), style: picture("style"), settings };
}

function take(record: RunRecord, batch: RunBatch): void {
  record.columns = batch.columns;
  const width = batch.columns.length;
  if (batch.costs.length) record.firsts.push(batch.first);
  for (let r = 0; r * width < batch.costs.length; r++) record.rows[batch.first + r] = [...batch.costs.slice(r * width, (r + 1) * width)];
  if (record.states[record.states.length - 1] !== batch.state) record.states.push(batch.state);
  if (batch.notice) record.notices.push(batch.notice);
  record.step = batch.step;
  record.stepsPerSecond = batch.stepsPerSecond;
  if (batch.pixels) record.pixels = { ...batch.pixels, rgba: [...batch.pixels.rgba] };
  if (batch.checkpoint) record.checkpointSteps.push(batch.checkpoint.step);
  if (batch.image) record.images++;
  batch.image?.close();
}

window.runs = {
  async backend(name) {
    await ready();
    if (kernels.status.engine!.backend !== name) await kernels.switchBackend(name);
    return kernels.status.engine!;
  },
  status: () => kernels.engine.call("status", {}),
  async start({ pair, size = referenceJson.size, settings = {}, from, spoilCard = {} }) {
    const record: RunRecord = { columns: [], rows: [], states: [], notices: [], firsts: [], step: 0, stepsPerSecond: 0, pixels: null, checkpointSteps: [], images: 0, error: null, ended: false };
    const made = await config(pair, size, settings, spoilCard);
    const handle = new RunHandle(kernels, made, (batch) => take(record, batch), from);
    handle.ended.then(() => (record.ended = true), (error: Error) => Object.assign(record, { ended: true, error: `${error.name}: ${error.message}` }));
    return handles.push({ handle, record, config: made }) - 1;
  },
  control: (run, what) => handles[run].handle[what](),
  update: (run, settings) => handles[run].handle.update({ ...handles[run].config.settings, ...settings }),
  record: (run) => handles[run].record,
  async end(run) {
    await handles[run].handle.ended.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve));
    return handles[run].record;
  },
  checkpoint: (run) => handles[run].handle.checkpoint,
};
