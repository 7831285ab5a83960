/** Entry of the hidden frame: starts the worker that kernel cells run in. */
export interface KernelFrameSettings {
  /** text of the worker's module */
  worker: string;
  settings: unknown;
}

/** What the frame itself says to the page. The worker has a port of its own, so that it is heard while the frame is not. */
export type KernelFrameMessage = { type: "worker" } | { type: "failed"; message: string };

export default function start(port: MessagePort, { worker: text, settings }: KernelFrameSettings): void {
  // Chromium starts no module workers in a frame without an origin; a module that neither imports nor exports is a script too
  const script = new Blob([`(() => {"use strict";\n${text}\n})();`], { type: "text/javascript" });
  const worker = new Worker(URL.createObjectURL(script), { name: "cells" });
  worker.onerror = (event) => {
    event.preventDefault();
    port.postMessage({ type: "failed", message: event.message || "its code could not be loaded" } satisfies KernelFrameMessage);
  };
  const { port1, port2 } = new MessageChannel();
  port.postMessage({ type: "worker" } satisfies KernelFrameMessage, [port1]);
  worker.postMessage({ settings }, [port2]);
}
