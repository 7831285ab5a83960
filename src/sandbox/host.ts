/** Frames for code of notebooks: an origin of their own that nothing belongs to, and no network. */
import boot from "./boot.js?raw";
import { FRAME_POLICY } from "./policy";

const SOURCE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${FRAME_POLICY}"><title>cell</title><script>${boot.replaceAll("\r\n", "\n")}</script></head><body></body></html>`;

/** What a frame's module gets beside its port. */
export interface FrameStart {
  /** text of an ES module; its default export is called with (port, settings) */
  text: string;
  settings: unknown;
}

export interface FrameHandlers {
  starting(): Promise<FrameStart>;
  started(port: MessagePort): void;
  failed(error: Error): void;
}

/**
 * An empty frame that waits for its module. It starts, with a new port, whenever it is put into the document: also when it
 * is moved, which makes the browser load it anew.
 *
 * @param title what a screen reader calls it
 * @param handlers.starting gives what to start
 * @param handlers.started called with the page's end of the frame's port
 * @param handlers.failed what is to start could not be loaded
 */
export function makeFrame(title: string, { starting, started, failed }: FrameHandlers): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  // without it, its workers would have no shared memory and wasm one thread
  frame.setAttribute("allow", "cross-origin-isolated");
  frame.title = title;
  frame.srcdoc = SOURCE;
  frame.addEventListener("load", async () => {
    const window = frame.contentWindow;
    const start = await starting().catch((error: Error) => failed(error));
    // moved or removed while the text was on its way: the next load starts it
    if (!start || !window || frame.contentWindow !== window) return;
    const { port1, port2 } = new MessageChannel();
    started(port1);
    // it has no origin that could be named; nobody else can be in there, as it cannot be navigated
    window.postMessage(start, "*", [port2]);
  });
  return frame;
}

/** A frame without an appearance, for code that only computes. */
export function hide(frame: HTMLIFrameElement): void {
  frame.hidden = true;
  frame.tabIndex = -1;
  frame.setAttribute("aria-hidden", "true");
}
