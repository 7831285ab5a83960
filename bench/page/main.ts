import type { BenchCase, BenchResult } from "./cases";

declare global {
  interface Window {
    /** runs one case in a worker; for one case a page, so that heaps do not add up */
    runCase(one: BenchCase): Promise<BenchResult>;
  }
}

window.runCase = (one) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<{ result?: BenchResult; error?: string }>) => (data.result ? resolve(data.result) : reject(new Error(data.error)));
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage({ one, base: new URL("./", location.href).href });
  });
