/** The worker's side of the protocol: which handler answers which message, and what is under way. */
import type { PageMessage, WorkerMessage } from "./protocol";

export interface CallContext {
  signal: AbortSignal;
}

export interface StreamContext extends CallContext {
  /** hands an item to the page; what is in `transfer` moves there */
  emit(item: unknown, transfer?: Transferable[]): void;
  /** where control messages for this stream go */
  onControl(handler: (message: unknown) => void): void;
}

export interface Handlers {
  calls: Record<string, (args: never, context: CallContext) => unknown>;
  streams: Record<string, (args: never, context: StreamContext) => Promise<void>>;
}

/**
 * Serves messages until the worker ends. Aborting a call or stream aborts its signal; its answer is then dropped.
 * @param post sends to the page
 * @returns the function to feed messages into
 */
export function serve(handlers: Handlers, post: (message: WorkerMessage, transfer?: Transferable[]) => void): (message: Exclude<PageMessage, { type: "start" }>) => void {
  const running = new Map<number, { abort: AbortController; control: (message: unknown) => void }>();

  const begin = async (id: number, work: (context: StreamContext) => Promise<WorkerMessage>): Promise<void> => {
    const abort = new AbortController();
    const entry = { abort, control: (_: unknown) => {} };
    running.set(id, entry);
    let answer: WorkerMessage;
    try {
      answer = await work({
        signal: abort.signal,
        emit: (item, transfer) => abort.signal.aborted ? closeAll(transfer) : post({ type: "item", id, value: item }, transfer),
        onControl: (handler) => (entry.control = handler),
      });
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      answer = { type: "error", id, name: error.name, message: error.message };
    }
    running.delete(id);
    if (!abort.signal.aborted) post(answer, answer.type === "result" ? transferables(answer.value) : []);
  };

  return (message) => {
    const { id } = message;
    switch (message.type) {
      case "call":
        void begin(id, async (context) => ({ type: "result", id, value: await handler(handlers.calls, message.method)(message.args as never, context) }));
        break;
      case "stream":
        void begin(id, async (context) => {
          await handler(handlers.streams, message.method)(message.args as never, context);
          return { type: "done", id };
        });
        break;
      case "control":
        running.get(id)?.control(message.message);
        break;
      case "abort":
        running.get(id)?.abort.abort();
    }
  };
}

function handler<T>(table: Record<string, T>, method: string): T {
  if (!Object.hasOwn(table, method)) throw new Error(`The worker has no method "${method}". It has ${Object.keys(table).join(", ")}.`);
  return table[method];
}

function closeAll(transfer: Transferable[] = []): void {
  for (const item of transfer) if (item instanceof ImageBitmap) item.close();
}

/** Buffers and bitmaps at the top of a result or up to two levels below: they are made for the page, so they move there. */
function transferables(value: unknown): Transferable[] {
  const found = new Set<Transferable>();
  const look = (x: unknown, deeper: number) => {
    if (x instanceof ImageBitmap) found.add(x);
    else if (ArrayBuffer.isView(x)) {
      if (x.buffer instanceof ArrayBuffer) found.add(x.buffer);
    } else if (deeper > 0 && x && typeof x === "object") for (const inner of Object.values(x)) look(inner, deeper - 1);
  };
  look(value, 2);
  return [...found];
}
