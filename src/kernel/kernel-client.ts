/** The page's side of one worker: calls, streams, and what happens to them when the worker dies. */
import type { BackendName, BackendStatus, Methods, PageMessage, Streams, WorkerMessage, WorkerRole } from "./protocol";

/** An error that was thrown in a worker; `name` is the worker's. */
export class KernelError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** The worker is gone (lost GPU, crash, restart) and took what was under way with it. */
export class KernelLostError extends Error {
  override name = "KernelLostError";
}

export interface KernelStream<Item, Control> extends AsyncIterable<Item> {
  control(message: Control): void;
}

interface Pending {
  message: PageMessage;
  transfer: Transferable[];
  /** control messages for a stream that still waits for its worker */
  controls: unknown[];
  item?(value: unknown): void;
  done(value: unknown): void;
  fail(error: Error): void;
}

/**
 * Calls that are made before the worker is ready wait for it. `call` and `stream` reject with the signal's reason when it
 * is aborted, with KernelError when the worker's code threw, with KernelLostError when the worker died.
 */
export class KernelClient extends EventTarget {
  status: BackendStatus | null = null;
  private worker: Worker | null = null;
  private started = false;
  private nextId = 1;
  private readonly pending = new Map<number, Pending>();

  constructor(readonly role: WorkerRole, private readonly make: () => Worker) {
    super();
  }

  /**
   * Starts the worker on a backend. What waits is sent to it.
   * Dispatches "lost" (detail: message) when the worker dies later.
   * @throws Error when the backend does not start
   */
  start(backend: BackendName, threads?: number): Promise<BackendStatus> {
    this.end(new KernelLostError("The worker was started anew."), this.started);
    const worker = (this.worker = this.make());
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
        if (data.type === "ready") {
          this.status = data.status;
          this.started = true;
          for (const pending of this.pending.values()) this.begin(pending);
          resolve(data.status);
        } else if (data.type === "failed") {
          this.stop();
          reject(new Error(data.message));
        } else if (data.type === "lost") this.lose(data.message);
        else this.receive(data);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        const message = `The ${this.role} worker failed: ${event.message || "its code could not be loaded"}`;
        reject(new Error(message));
        if (this.worker === worker) this.lose(message);
      };
      worker.postMessage({ type: "start", role: this.role, backend, threads } satisfies PageMessage);
    });
  }

  /** Whether anything is under way. */
  get busy(): boolean {
    return this.pending.size > 0;
  }

  /** Ends the worker; what was under way is rejected, what still waits for a worker goes on waiting. */
  stop(reason = "The worker was stopped."): void {
    this.end(new KernelLostError(reason), this.started);
  }

  call<M extends keyof Methods>(method: M, args: Methods[M]["args"], { signal, transfer = [] }: { signal?: AbortSignal; transfer?: Transferable[] } = {}): Promise<Methods[M]["result"]> {
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      const release = this.watch(signal, id, reject);
      this.open(id, {
        message: { type: "call", id, method, args }, transfer, controls: [],
        done: (value) => (release(), resolve(value as Methods[M]["result"])),
        fail: (error) => (release(), reject(error)),
      });
    });
  }

  /** Leaving the loop (break, return) or aborting ends the stream in the worker. */
  stream<S extends keyof Streams>(method: S, args: Streams[S]["args"], { signal, transfer = [] }: { signal?: AbortSignal; transfer?: Transferable[] } = {}): KernelStream<Streams[S]["item"], Streams[S]["control"]> {
    const id = this.nextId++;
    const items: Streams[S]["item"][] = [];
    let ended: { error: Error | null } | null = null;
    let wake = () => {};
    const finish = (error: Error | null) => {
      release();
      ended ??= { error };
      wake();
    };
    const release = this.watch(signal, id, finish);
    this.open(id, {
      message: { type: "stream", id, method, args }, transfer, controls: [],
      item: (value) => (items.push(value as Streams[S]["item"]), wake()),
      done: () => finish(null),
      fail: finish,
    });
    const cancel = () => this.cancel(id);
    return {
      control: (message) => {
        if (this.started && this.pending.has(id)) this.send({ type: "control", id, message });
        else this.pending.get(id)?.controls.push(message);
      },
      async *[Symbol.asyncIterator]() {
        try {
          for (;;) {
            while (items.length) yield items.shift()!;
            if (ended?.error) throw ended.error;
            if (ended) return;
            await new Promise<void>((resolve) => (wake = resolve));
          }
        } finally {
          cancel();
        }
      },
    };
  }

  private open(id: number, pending: Pending): void {
    this.pending.set(id, pending);
    if (this.started) this.begin(pending);
  }

  private begin({ message, transfer, controls }: Pending): void {
    this.send(message, transfer);
    if (message.type === "stream") for (const control of controls.splice(0)) this.send({ type: "control", id: message.id, message: control });
  }

  private send(message: PageMessage, transfer: Transferable[] = []): void {
    if (this.started) this.worker!.postMessage(message, transfer);
  }

  private watch(signal: AbortSignal | undefined, id: number, fail: (error: Error) => void): () => void {
    if (!signal) return () => {};
    const abort = () => {
      this.cancel(id);
      fail(signal.reason as Error);
    };
    if (signal.aborted) queueMicrotask(abort);
    signal.addEventListener("abort", abort, { once: true });
    return () => signal.removeEventListener("abort", abort);
  }

  private cancel(id: number): void {
    if (this.pending.delete(id)) this.send({ type: "abort", id });
  }

  private receive(message: Extract<WorkerMessage, { id: number }>): void {
    const pending = this.pending.get(message.id);
    if (!pending) return;
    if (message.type === "item") return pending.item?.(message.value);
    // the worker may notice in mid-step what the browser is about to announce
    if (message.type === "error" && message.name === "GpuLostError") return this.lose(message.message);
    this.pending.delete(message.id);
    if (message.type === "error") pending.fail(new KernelError(message.name, message.message));
    else pending.done(message.type === "result" ? message.value : undefined);
  }

  private lose(message: string): void {
    const wasStarted = this.started;
    this.end(new KernelLostError(message), wasStarted);
    // a worker that never started was not lost: whoever started it is told by the promise
    if (wasStarted) this.dispatchEvent(new CustomEvent("lost", { detail: message }));
  }

  private end(error: KernelLostError, failPending: boolean): void {
    this.worker?.terminate();
    this.worker = null;
    this.started = false;
    this.status = null;
    if (!failPending) return;
    const pending = [...this.pending.values()];
    this.pending.clear();
    for (const { fail } of pending) fail(error);
  }
}
