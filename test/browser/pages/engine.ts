/** Puts tfjs with all its backends, and the engine, within reach of `page.evaluate`. Ready when `window.ready` is true. */
import * as tf from "@tensorflow/tfjs";
import * as nst from "../../../src/nst";
import type { BackendName, BackendStatus } from "../../../src/kernel/protocol";
import { startBackend } from "../../../src/kernel/backends";

declare global {
  interface Window {
    tf: typeof tf;
    nst: typeof nst;
    /** makes a backend the current one; `threads` is for wasm, and a page can start wasm once only */
    useBackend(name: BackendName, threads?: number): Promise<BackendStatus>;
    /** the wasm threads at work beside the page's own, counted in the wasm module itself; wasm must be the current backend */
    wasmWorkers(): number;
    ready: boolean;
  }
}

window.tf = tf;
window.nst = nst;
window.useBackend = (name, threads) => startBackend(name, threads === undefined ? {} : { threads });
window.wasmWorkers = () => {
  const { wasm } = tf.backend() as unknown as { wasm: { PThread?: { runningWorkers: unknown[] } } };
  return wasm.PThread?.runningWorkers.length ?? 0;
};
window.ready = true;
