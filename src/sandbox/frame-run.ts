/** One run of a js cell in its frame. */
import { drive, giveWay, lineIn, thrown, type CodeResult, type LoadedCode } from "./cell-code";
import type { Log } from "./logs";
import { Outlet } from "./outlet";
import { MOST_BYTES, plainBytes } from "./plain";
import type { FromFrame, Given, RunMessage } from "./protocol";
import { showValue } from "./show-value";

export interface FrameSurroundings {
  /** where a value that is a node is shown */
  main: HTMLElement;
  log: Log;
  post(message: FromFrame): void;
  /** tells the page the height of what is shown */
  measure(): void;
  tick(line: number): void;
}

export class FrameRun {
  private readonly abortion = new AbortController();
  /** values that were too large to be sent, or are no data; by number, of the last item */
  private kept = new Map<number, unknown>();
  private lastHandle = 0;
  private items = 0;
  private finished = false;
  private milliseconds = 0;

  constructor(
    private readonly message: RunMessage,
    private readonly around: FrameSurroundings,
  ) {}

  get id(): number {
    return this.message.id;
  }

  /** A stream is to give no more; what it gave stays. */
  finish(): void {
    this.finished = true;
  }

  /** The result is not wanted any more; what is shown stays until the next is there. */
  abort(): void {
    this.abortion.abort();
  }

  async go(load: () => Promise<LoadedCode>): Promise<void> {
    const { id, kind, inputs } = this.message;
    const { signal } = this.abortion;
    const { post, tick } = this.around;
    const outlet = new Outlet<CodeResult, CodeResult>({
      hold: (result) => result,
      drop: () => {},
      send: (result) => this.show(result),
      failed: (error) => this.fail(error, ""),
    });
    signal.addEventListener("abort", () => outlet.discard(), { once: true });
    let url = "";
    try {
      const code = await load();
      url = code.url;
      if (signal.aborted) return;
      const given = Object.fromEntries(Object.entries(inputs).map(([name, wire]) => [name, "plain" in wire ? wire.plain : undefined]));
      const invalidation = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      await drive({
        kind,
        signal,
        finished: () => this.finished,
        call: () => code.run(given, { tick, invalidation, step: (value, names) => ({ value, names }) }),
        piece: async (work) => {
          const start = performance.now();
          try {
            return await work();
          } finally {
            this.milliseconds += performance.now() - start;
          }
        },
        item: (result) => {
          this.items++;
          outlet.put(result);
        },
      });
      if (signal.aborted) return;
      outlet.flush();
      await giveWay();
      post({ type: "done", id });
    } catch (error) {
      this.fail(error, url);
    }
  }

  read(request: number, handle: number): void {
    const { post } = this.around;
    const value = this.kept.get(handle);
    if (plainBytes(value) !== null && this.kept.has(handle)) post({ type: "value", request, value });
    else post({ type: "no-value", request, message: this.kept.has(handle) ? "It is no plain data and stays in its cell: js cells give others numbers, texts, arrays and objects of these. What cells are to call belongs into a kernel cell." : "This value is gone: its cell has a newer one." });
  }

  private fail(error: unknown, url: string): void {
    if (!this.abortion.signal.aborted) this.around.post({ type: "error", id: this.id, ...thrown(error), line: lineIn(error, url) });
  }

  private show({ value, names }: CodeResult): void {
    const { main, log, post, measure } = this.around;
    if (value instanceof Node) {
      if (main.firstChild !== value || main.childNodes.length !== 1) main.replaceChildren(value);
    } else main.replaceChildren();
    measure();
    this.kept.clear();
    const given = Object.fromEntries(Object.entries(names).map(([name, part]) => [name, this.give(part)]));
    post({ type: "item", id: this.id, names: given, shown: showValue(value), item: this.items, tensors: 0, bytes: 0, milliseconds: this.milliseconds, logs: log.take() });
    this.milliseconds = 0;
  }

  private give(value: unknown): Given {
    const bytes = plainBytes(value);
    if (bytes !== null && bytes <= MOST_BYTES) return { plain: value };
    const handle = ++this.lastHandle;
    this.kept.set(handle, value);
    return { handle, shown: showValue(value) };
  }
}
