/** What a page and its workers hold, from Chromium itself. */
import type { CDPSession, Page } from "playwright-core";

interface HeapUsage {
  /** of objects, whether they are still needed or not */
  usedSize: number;
  /** of the browser's own objects behind them */
  embedderHeapUsedSize?: number;
  /** of buffers and of wasm memory */
  backingStorageSize?: number;
}

/** Sums what scripts hold: objects, buffers and wasm memory, with what is no longer needed and not yet cleared away. */
export class HeapWatch {
  /** the most that was seen since the last `during` began, in bytes */
  most = 0;
  /** workers that were there, or came */
  workersSeen = 0;
  readonly #workers = new Map<string, Map<number, (usage: HeapUsage | null) => void>>();
  #last = 0;

  private constructor(private readonly session: CDPSession) {}

  /** Workers that begin later are seen as well. */
  static async start(page: Page): Promise<HeapWatch> {
    const session = await page.context().newCDPSession(page);
    const watch = new HeapWatch(session);
    session.on("Target.attachedToTarget", ({ sessionId }) => {
      watch.#workers.set(sessionId, new Map());
      watch.workersSeen++;
    });
    session.on("Target.detachedFromTarget", ({ sessionId }) => {
      watch.#workers.get(sessionId)?.forEach((answer) => answer(null));
      watch.#workers.delete(sessionId);
    });
    session.on("Target.receivedMessageFromTarget", ({ sessionId, message }) => {
      const { id, result } = JSON.parse(message) as { id: number; result?: HeapUsage };
      watch.#workers.get(sessionId)?.get(id)?.(result ?? null);
    });
    await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    return watch;
  }

  /** Looks no more. */
  async end(): Promise<void> {
    await this.session.detach();
  }

  /** Looks now. @returns bytes */
  async look(): Promise<number> {
    const usages = await Promise.all([this.session.send("Runtime.getHeapUsage") as Promise<HeapUsage>, ...[...this.#workers.keys()].map((id) => this.#ask(id))]);
    const bytes = usages.reduce((sum, usage) => sum + (usage ? usage.usedSize + (usage.embedderHeapUsedSize ?? 0) + (usage.backingStorageSize ?? 0) : 0), 0);
    this.most = Math.max(this.most, bytes);
    return bytes;
  }

  /** Looks again and again while `work` goes on. @returns the most, in bytes */
  async during(work: () => Promise<unknown>, every = 100): Promise<number> {
    this.most = 0;
    const timer = setInterval(() => void this.look().catch(() => {}), every);
    try {
      await work();
    } finally {
      clearInterval(timer);
    }
    return this.most;
  }

  async #ask(sessionId: string): Promise<HeapUsage | null> {
    const id = ++this.#last;
    const answered = new Promise<HeapUsage | null>((resolve) => this.#workers.get(sessionId)!.set(id, resolve));
    // the worker may end before it is asked
    await this.session.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method: "Runtime.getHeapUsage" }) }).catch(() => this.#workers.get(sessionId)?.get(id)?.(null));
    return Promise.race([answered, new Promise<null>((resolve) => setTimeout(resolve, 2000, null))]);
  }
}
