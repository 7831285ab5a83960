/** The page's side of the visible frame of one js cell. */
import { CellCrashError, CodeRunError } from "./errors";
import { makeFrame } from "./host";
import { KernelValue, type ValueHome } from "./kernel-value";
import { PageRun } from "./page-run";
import type { FrameSettings, FromFrame, ToFrame, Wire } from "./protocol";
import { Reads } from "./reads";
import type { CodeItem, CodeRun, CodeRunner } from "./runs";

export interface FrameSurroundings {
  settings(): FrameSettings;
  /** the frame was given something to run */
  busy(): void;
  /** the frame is gone */
  removed(): void;
}

/** Nobody scrolls further through the output of one cell, in CSS pixels. */
const MOST_HEIGHT = 50_000;

/**
 * The visible frame of one js cell: its code runs in there and shows a DOM node in place, so put `element` where the output
 * belongs. It is as high as what it shows. The last output stays until the next is there. When it is moved in the document, or
 * another frame had to be ended, its code runs again by itself; the items of such a run are not given if its iteration has ended.
 *
 * Dispatches "trouble" (detail: CodeRunError) for errors in event handlers and timers of the cell, and for a CellCrashError
 * after the run has ended.
 */
export class JsFrame extends EventTarget implements CodeRunner {
  readonly element: HTMLIFrameElement;
  /** when the frame last said something */
  heard = 0;
  /** when it was asked for an answer that has not come; 0: it was not */
  asked = 0;
  /** when the run that is not done began: the frame that hangs is likely the one that began last; 0: none */
  began = 0;
  private port: MessagePort | null = null;
  private current: PageRun | null = null;
  /** of the current run, once they have been read */
  private inputs: Record<string, Wire> | null = null;
  private readonly home: ValueHome & { reads: Reads };
  private lastId = 0;
  private hasPlot = false;

  constructor(
    readonly key: string,
    private readonly around: FrameSurroundings,
  ) {
    super();
    const reads = new Reads();
    this.home = { reads, read: (handle) => reads.ask((request) => this.post({ type: "read", request, handle })) };
    const starting = async () => ({ text: (await import("./frame-main.ts?bundle-text")).default, settings: this.around.settings() });
    this.element = makeFrame("output of a code cell", { starting, started: (port) => this.started(port), failed: (error) => this.fail(error.message) });
    // its background is the page's, whatever lies behind it
    Object.assign(this.element.style, { display: "block", width: "100%", height: "0", border: "0", background: "none" });
  }

  run(request: CodeRun, { signal }: { signal: AbortSignal }): AsyncIterable<CodeItem> {
    this.release(new DOMException("The cell was run again.", "AbortError"));
    const run = (this.current = new PageRun(++this.lastId, request, signal));
    this.element.title = `output of the cell “${request.label}”`;
    if (signal.aborted) run.end(signal.reason);
    else {
      signal.addEventListener("abort", () => this.current === run && this.release(signal.reason), { once: true });
      void this.begin(run);
    }
    return run.items();
  }

  /** Lets a stream end after its present step; what it gave stays. */
  finish(): void {
    if (this.current) this.post({ type: "finish", id: this.current.id });
  }

  /** Takes the frame out of the page for good; its code ends. */
  remove(): void {
    this.release(new DOMException("The cell was removed.", "AbortError"));
    this.element.remove();
    this.around.removed();
  }

  /** The run that is not done yet. */
  get running(): CodeRun | null {
    return this.current && !this.current.ended ? this.current.request : null;
  }

  /** Whether it could answer. */
  get there(): boolean {
    return this.port !== null;
  }

  /** What the cell is called, as far as it is known. */
  get label(): string {
    return this.current?.request.label ?? "a code cell";
  }

  /** Tells the frame something, if it is there. */
  post(message: ToFrame): void {
    this.port?.postMessage(message);
  }

  /** The frame had to be ended because of this cell: it is not run again by itself. */
  crash(error: CellCrashError): void {
    const run = this.current;
    this.current = null;
    this.lost();
    this.element.style.height = "0";
    if (run && !run.ended) run.end(error);
    else this.dispatchEvent(new CustomEvent("trouble", { detail: error }));
  }

  /** The frame's other side is gone. */
  lost(): void {
    this.port = null;
    this.asked = this.began = 0;
    this.hasPlot = false;
    this.home.reads.fail(new Error("The frame of this cell was started anew; its value is computed again."));
  }

  private release(reason: unknown): void {
    const run = this.current;
    if (!run) return;
    this.current = null;
    this.post({ type: "abort", id: run.id });
    run.end(reason);
  }

  private async begin(run: PageRun): Promise<void> {
    try {
      this.inputs = null;
      const inputs = Object.entries(run.request.inputs).map(async ([name, value]) => [name, { plain: value instanceof KernelValue ? await readFor(name, value) : value }] as const);
      const read = Object.fromEntries(await Promise.all(inputs));
      if (this.current !== run) return;
      this.inputs = read;
      await this.send(run);
    } catch (error) {
      run.end(error);
    }
  }

  private async send(run: PageRun): Promise<void> {
    const { port, inputs } = this;
    // it is sent as soon as both are there: the frame starts when it is put into the page
    if (!port || !inputs) return;
    if (run.request.compiled.globals.includes("Plot") && !this.hasPlot) {
      const { default: text } = await import("./plot.ts?bundle-text");
      if (this.current !== run || this.port !== port) return;
      this.hasPlot = true;
      this.post({ type: "library", name: "Plot", text });
    }
    const { label, compiled } = run.request;
    this.around.busy();
    this.post({ type: "run", id: run.id, label, kind: compiled.kind, code: compiled.code, inputs });
  }

  private started(port: MessagePort): void {
    this.lost();
    this.port = port;
    this.heard = performance.now();
    port.onmessage = ({ data }: MessageEvent<FromFrame>) => this.port === port && this.receive(data);
    if (this.current) void this.send(this.current).catch((error: unknown) => this.current?.end(error));
  }

  private fail(message: string): void {
    this.current?.end(new Error(`This cell cannot run here: ${message}`));
  }

  private receive(message: FromFrame): void {
    this.heard = performance.now();
    this.asked = 0;
    const run = "id" in message && message.id === this.current?.id ? this.current : null;
    switch (message.type) {
      case "began":
        this.began = performance.now();
        break;
      case "item":
        run?.put(message, this.home);
        break;
      case "done":
        this.began = 0;
        run?.end();
        break;
      case "error":
        this.began = 0;
        run?.end(new CodeRunError(message.name, message.message, message.line));
        break;
      case "height":
        this.element.style.height = `${Math.min(MOST_HEIGHT, Number(message.height) || 0)}px`;
        break;
      case "trouble":
        this.dispatchEvent(new CustomEvent("trouble", { detail: new CodeRunError(message.name, message.message, message.line) }));
        break;
      case "value":
      case "no-value":
        this.home.reads.answer(message);
        break;
      case "failed":
        this.fail(message.message);
    }
  }
}

async function readFor(name: string, value: KernelValue): Promise<unknown> {
  return value.read().catch((error: Error) => {
    throw new Error(`“${name}” cannot be read here: ${error.message}`);
  });
}
