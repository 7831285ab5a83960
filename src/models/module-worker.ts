/** A worker of an import, from its own file beside the page's. @param name shown by the browser's tools */
export function importWorker(name: string): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name });
}
