/** The page's end of one run: its items on their way to whoever iterates, and what the run is known by. */
import { KernelValue, type ValueHome } from "./kernel-value";
import type { ItemMessage } from "./protocol";
import type { CodeItem, CodeRun } from "./runs";

export class PageRun {
  /** the code is done, or had to be ended */
  ended = false;
  private item: CodeItem | null = null;
  private error: unknown;
  private wake = () => {};

  constructor(
    readonly id: number,
    readonly request: CodeRun,
    readonly signal: AbortSignal,
  ) {}

  /** An item that nobody has taken yet gives way to the newer one. */
  put(message: ItemMessage, home: ValueHome): void {
    if (this.ended) return;
    const names = Object.fromEntries(Object.entries(message.names).map(([name, given]) => [name, "plain" in given ? given.plain : new KernelValue(given.shown, home, given.handle)]));
    const { shown, item, tensors, bytes, milliseconds } = message;
    this.item = {
      names, shown, item, tensors, bytes,
      milliseconds: milliseconds + (this.item?.milliseconds ?? 0),
      logs: [...(this.item?.logs ?? []), ...message.logs],
    };
    this.wake();
  }

  /** Ends the iteration, with an error or after the last item. */
  end(error?: unknown): void {
    if (this.ended) return;
    this.ended = true;
    this.error = error;
    if (error !== undefined) this.item = null;
    this.wake();
  }

  async *items(): AsyncGenerator<CodeItem> {
    for (;;) {
      if (this.item) {
        const { item } = this;
        this.item = null;
        yield item;
      } else if (this.ended) {
        if (this.error !== undefined) throw this.error;
        return;
      } else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
