/** Starting tfjs' wasm backend, and reading what it uses. */
import * as tf from "@tensorflow/tfjs";
import { getThreadsCount, setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { WASM_FILES } from "./wasm-files";

/** More threads than this gain nothing for pictures of this size, and starve the page. */
const MOST_THREADS = 8;

/** One thread a core up to four cores, then half of them: on most machines with more, half are hyper-threads. */
export function sensibleThreads(cores = navigator.hardwareConcurrency || 1): number {
  return Math.min(MOST_THREADS, cores <= 4 ? cores : Math.ceil(cores / 2));
}

/**
 * To be called before the wasm backend starts. It gets one thread where the page is not cross-origin isolated.
 * @param throughPlatform fetch the binary with `tf.env().platform.fetch`
 */
export function prepareWasm(threads: number, throughPlatform = false): void {
  const at = (url: string) => new URL(url, self.location.href).href;
  setWasmPaths(Object.fromEntries(Object.entries(WASM_FILES).map(([file, url]) => [file, at(url)])), throughPlatform);
  // tfjs takes at most half of what hardwareConcurrency says, so that two cores would run one thread
  Object.defineProperty(self.navigator, "hardwareConcurrency", { configurable: true, get: () => 2 * threads });
  setThreadsCount(threads);
  if (threads === 1) tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
}

/**
 * Starts the wasm backend alone, where no other is wanted. Its binary is fetched with `tf.env().platform.fetch`.
 * @returns the threads in use
 * @throws Error when this browser does not have it
 */
export async function startWasm(): Promise<number> {
  tf.enableProdMode();
  prepareWasm(sensibleThreads(), true);
  if (!(await tf.setBackend("wasm").catch(() => false))) throw new Error("The wasm backend does not start in this browser.");
  await tf.ready();
  return wasmThreads();
}

/** Threads in use: 1 on other backends. */
export function wasmThreads(): number {
  return tf.getBackend() === "wasm" ? getThreadsCount() : 1;
}

/** Size of the wasm heap in bytes: it grows and never shrinks, and `tf.memory()` does not see it. 0 on other backends. */
export function heapBytes(): number {
  if (tf.getBackend() !== "wasm") return 0;
  const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array; wasmMemory?: WebAssembly.Memory } };
  return (wasm.wasmMemory?.buffer ?? wasm.HEAPU8.buffer).byteLength;
}
