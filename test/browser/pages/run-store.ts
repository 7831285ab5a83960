/** Kept runs in the browser's own database. What computes them is made up: a clock that hands out batches as the engine does. */
import { RunRecord } from "../../../src/kernel/client";
import type { RunBatch } from "../../../src/kernel/protocol";
import type { ModelCard } from "../../../src/nst/model-card";
import type { Picture } from "../../../src/nst/picture";
import { CostHistory } from "../../../src/runs/cost-history";
import { RunStore, type RunKeeper } from "../../../src/runs/run-store";

declare global {
  interface Window {
    runStore: RunStore;
    /** as long as it is null nothing is ready */
    card: ModelCard | null;
    /** Starts a run of pictures of that size, which does a step every 100 ms; its steps count from when the page was opened. @returns its id */
    startRun(side: number): string;
    stopRun(): Promise<void>;
    /** the step that the run is at */
    step: number;
    /** Copies the newest run that often, with other ids and thumbnails of 4 kB. */
    copyRun(times: number): Promise<void>;
  }
}

const STEP_MS = 100;
const CHECKPOINT_STEPS = 12;
const DATABASE = "run-store-tests";

window.runStore = new RunStore(DATABASE);
window.card = null;
window.step = 0;
void fetch("models/vgg19-slim/model.json").then(async (response) => (window.card = await response.json()));

let keeper: RunKeeper | null = null;
let timer: ReturnType<typeof setInterval>;

const picture = (side: number, seed: number): Picture => ({ width: side, height: side, data: Float32Array.from({ length: side * side * 3 }, (_, i) => ((i * seed) % 251) / 251) });

window.startRun = (side) => {
  const { defaults } = window.card!;
  const config = {
    network: { card: window.card!, base: new URL("models/vgg19-slim/", document.baseURI).href },
    content: picture(side, 3),
    style: picture(side, 5),
    settings: { ...defaults, tap: "after" as const, initialisation: { kind: "content" as const }, seed: 0, size: side, steps: 10_000 },
  };
  const record = new RunRecord(config);
  const history = new CostHistory();
  keeper = window.runStore.keep({ config, record, history, names: { content: "cat.png", style: "wave.jpg" }, notebook: "test", cell: "G" });
  timer = setInterval(() => {
    const first = window.step++;
    const checkpoint = window.step % CHECKPOINT_STEPS === 1 ? { step: window.step, width: side, height: side, picture: picture(side, 7), moment1: picture(side, 9).data, moment2: picture(side, 11).data } : undefined;
    const batch: RunBatch = { columns: ["total", "content"], costs: Float64Array.of(1 / window.step, 1), first, step: window.step, stepsPerSecond: 10, state: "running", checkpoint: checkpoint && { ...checkpoint, picture: checkpoint.picture.data } };
    history.append(batch);
    record.take(batch);
    keeper!.take(batch);
  }, STEP_MS);
  return keeper.id;
};

window.stopRun = async () => {
  clearInterval(timer);
  keeper?.close();
  await keeper?.ended();
};

window.copyRun = async (times) => {
  const [{ id }] = await window.runStore.list();
  const open = indexedDB.open(`${DATABASE}-runs`);
  await new Promise((resolve) => (open.onsuccess = resolve));
  const transaction = open.result.transaction("kept", "readwrite");
  const store = transaction.objectStore("kept");
  store.get(`entry/${id}`).onsuccess = ({ target }) => {
    const entry = (target as IDBRequest).result;
    for (let i = 0; i < times; i++) {
      const thumbnail = crypto.getRandomValues(new Uint8Array(4000));
      store.put({ ...entry, id: `copy-${i}`, created: entry.created - 1000 * i, thumbnail }, `entry/copy-${i}`);
    }
  };
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  open.result.close();
};
