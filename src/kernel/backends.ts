/** Starting a tfjs backend, in a worker or a page, and reading what it uses. */
import * as tf from "@tensorflow/tfjs";
import type { BackendName, BackendStatus } from "./protocol";
import { heapBytes, prepareWasm, sensibleThreads, wasmThreads } from "./wasm";

export { heapBytes, sensibleThreads };

/** Backends that register themselves when they are imported: most workers never need them, and reading them takes time. */
const FETCHED: Partial<Record<BackendName, () => Promise<unknown>>> = {
  webgl: () => import("@tensorflow/tfjs-backend-webgl"),
  webgpu: () => import("@tensorflow/tfjs-backend-webgpu"),
};

/**
 * Starts a backend and makes it the current one. Once in the life of a worker or page.
 * @param options.threads wasm threads wanted; it gets one where the page is not cross-origin isolated
 * @throws Error when this machine or browser does not have it
 */
export async function startBackend(name: BackendName, { threads = sensibleThreads() }: { threads?: number } = {}): Promise<BackendStatus> {
  tf.enableProdMode();
  if (name === "wasm") prepareWasm(threads);
  if (name === "webgpu" && !(await webgpuAdapter())) throw new Error("This browser offers no WebGPU adapter.");
  await FETCHED[name]?.().catch((error: Error) => {
    throw new Error(`The ${name} backend could not be fetched (${error.message}).`);
  });
  const started = await tf.setBackend(name).catch(() => false);
  if (!started) throw new Error(`The ${name} backend does not start in this browser.`);
  await tf.ready();
  if (tf.getBackend() !== name) throw new Error(`tfjs took ${tf.getBackend()} instead of ${name}.`);
  return backendStatus();
}

async function webgpuAdapter(): Promise<boolean> {
  const gpu = (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu;
  return gpu ? (await gpu.requestAdapter().catch(() => null)) !== null : false;
}

/** What the current backend is and holds. */
export function backendStatus(): BackendStatus {
  const backend = tf.getBackend() as BackendName;
  const { numTensors, numBytes } = tf.memory();
  return { backend, threads: wasmThreads(), tensors: numTensors, bytes: numBytes, heapBytes: heapBytes() };
}

/** The parts of tfjs' GPU backends that tell whether the GPU is still there. */
interface GpuBackend {
  gpgpu?: { gl: WebGL2RenderingContext };
  device?: { lost: Promise<{ message: string; reason: string }> };
}

/** set once WebGPU has said that its device is gone; WebGL can be asked at any time */
let deviceLost = false;

/** Calls `lost` with a reason when the current GPU backend loses its device. Does nothing on wasm and cpu. */
export function watchGpu(lost: (reason: string) => void): void {
  const { gpgpu, device } = tf.backend() as unknown as GpuBackend;
  gpgpu?.gl.canvas.addEventListener("webglcontextlost", (event) => {
    event.preventDefault();
    lost("WebGL lost its context");
  });
  void device?.lost.then(({ message }) => {
    deviceLost = true;
    lost(`WebGPU lost its device${message ? ` (${message})` : ""}`);
  });
}

/** The GPU went away in the middle of something; what was computed since then is worthless. */
export class GpuLostError extends Error {
  override name = "GpuLostError";
}

/** Whether the current backend's GPU is gone: what it reads then are zeros. */
export function gpuIsLost(): boolean {
  return deviceLost || ((tf.backend() as unknown as GpuBackend).gpgpu?.gl.isContextLost() ?? false);
}

/** How long the news of a lost device may come after the error that it causes, in ms. */
const NEWS = 500;

/** The loss of the GPU if that is what is behind an error, else the error. WebGPU fails operations before it says why. */
export async function lossBehind(error: unknown): Promise<unknown> {
  const { device } = tf.backend() as unknown as GpuBackend;
  if (device && !deviceLost) await Promise.race([device.lost, new Promise((resolve) => setTimeout(resolve, NEWS))]);
  return gpuIsLost() ? new GpuLostError("The GPU was lost.") : error;
}
