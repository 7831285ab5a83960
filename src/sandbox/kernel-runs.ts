/** The runs of kernel cells in their worker: what they are lent, what they give, and what they hold until they are released. */
import { drive, lineIn, loadCode, thrown, type CellCalls, type CodeResult } from "./cell-code";
import { Holding, tensorsIn, tidy } from "./holding";
import { copy, disposeCopy, give, show, toData } from "./kernel-values";
import { Log } from "./logs";
import { Outlet } from "./outlet";
import type { Party, Pieces } from "./pieces";
import type { FromRuns, Given, ItemMessage, RunMessage, ToRuns, Wire } from "./protocol";

/** A value that the page has a number for. */
interface Kept {
  run: Run;
  original: unknown;
  /** what others are lent; a stream may dispose the original */
  copied: unknown;
}

interface Run extends Party {
  abort: AbortController;
  /** copies of what it was lent, which count as the lenders' */
  lent: Holding;
  /** runs whose values it was lent */
  lenders: Set<Run>;
  /** numbers of each name's values: the newest, and the one before, which the page may be about to use */
  handles: Map<string, [number, number]>;
  items: number;
  finished: boolean;
  sent: number;
  milliseconds: number;
}

/** A result that waits to be sent. */
interface Held {
  original: CodeResult;
  copied: CodeResult;
}

const GONE = "This value is gone: the cell that made it has been run again or removed. Run the cell that reads it again too.";

export class KernelRuns {
  private readonly runs = new Map<number, Run>();
  private readonly kept = new Map<number, Kept>();
  private lastHandle = 0;

  /** @param limit bytes of tensors that one run may hold */
  constructor(
    private readonly pieces: Pieces,
    private readonly limit: number,
    private readonly post: (message: FromRuns) => void,
  ) {}

  /** Whether anything is held or under way. */
  get any(): boolean {
    return this.runs.size > 0;
  }

  receive(message: ToRuns): void {
    if (message.type === "run") void this.run(message);
    else if (message.type === "finish") this.finish(message.id);
    else if (message.type === "abort") this.release(message.id);
    else this.read(message.request, message.handle);
  }

  private async run({ id, kind, code: text, inputs }: RunMessage): Promise<void> {
    const abort = new AbortController();
    const run: Run = { id, holding: new Holding(this.limit), lent: new Holding(), log: new Log(), abort, signal: abort.signal, lenders: new Set(), handles: new Map(), items: 0, finished: false, sent: 0, milliseconds: 0 };
    this.runs.set(id, run);
    let url = "";
    try {
      // at once: what it is lent may be released by the next message
      const lent = this.pieces.within(run.lent, () => this.lend(inputs, run));
      const code = await loadCode(text);
      url = code.url;
      if (!run.signal.aborted) await this.go(run, kind, () => code.run(lent, callsOf(run)));
      if (!run.signal.aborted) this.post({ type: "done", id });
    } catch (error) {
      if (run.signal.aborted) return;
      const { name, message } = thrown(error);
      this.post({ type: "error", id, name, message: explained(message), line: lineIn(error, url) });
      this.release(id);
    } finally {
      // what was made after the release
      run.holding.sweep();
    }
  }

  private async go(run: Run, kind: RunMessage["kind"], call: () => unknown): Promise<void> {
    const stream = kind.endsWith("generator");
    let failed: unknown = null;
    const outlet = new Outlet<CodeResult, Held>({
      hold: (result) => ({ original: result, copied: stream ? this.pieces.enter(run, () => copied(result)) : result }),
      drop: ({ original, copied }) => {
        disposeCopy(copied.value, original.value);
        disposeCopy(copied.names, original.names);
      },
      send: (held) => this.post(this.pieces.enter(run, () => this.item(run, held))),
      failed: (error) => (failed ??= error),
    });
    run.signal.addEventListener("abort", () => outlet.discard(), { once: true });
    await drive({
      kind,
      call,
      signal: run.signal,
      finished: () => run.finished,
      item: (result) => {
        run.items++;
        outlet.put(result);
      },
      piece: async <T>(work: () => T | PromiseLike<T>): Promise<T> => {
        if (failed !== null) throw failed as Error;
        const timed = () => {
          const start = performance.now();
          const result = work();
          if (result instanceof Promise) return result.finally(() => (run.milliseconds += performance.now() - start)) as Promise<T>;
          run.milliseconds += performance.now() - start;
          return result;
        };
        if (kind.startsWith("async")) return this.pieces.take(run, timed);
        return this.pieces.enter(run, kind === "sync" ? () => tidy(timed, (result) => [...tensorsIn(result)]) : timed);
      },
    });
    if (!run.signal.aborted) outlet.flush();
  }

  private item(run: Run, { original, copied }: Held): ItemMessage {
    const names: Record<string, Given> = {};
    run.sent++;
    for (const [name, value] of Object.entries(copied.names)) names[name] = give(value, () => this.keep(run, name, original.names[name], value));
    const shown = show(copied.value);
    disposeCopy(copied.value, original.value);
    const { milliseconds } = run;
    run.milliseconds = 0;
    return { type: "item", id: run.id, names, shown, item: run.items, tensors: run.holding.tensors.size, bytes: run.holding.bytes(), milliseconds, logs: run.log.take() };
  }

  /** Gives a value the number of the one before the one before, which nobody asks for any more. */
  private keep(run: Run, name: string, original: unknown, copied: unknown): number {
    let handles = run.handles.get(name);
    if (!handles) run.handles.set(name, (handles = [++this.lastHandle, ++this.lastHandle]));
    const handle = handles[run.sent % 2];
    const before = this.kept.get(handle);
    if (before) disposeCopy(before.copied, before.original);
    this.kept.set(handle, { run, original, copied });
    return handle;
  }

  private lend(inputs: Record<string, Wire>, run: Run): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(inputs).map(([name, wire]) => {
        if ("plain" in wire) return [name, wire.plain];
        const kept = this.kept.get(wire.handle);
        if (!kept) throw new Error(`“${name}” cannot be read. ${GONE}`);
        run.lenders.add(kept.run);
        run.holding.need(kept.run.holding);
        return [name, copy(kept.copied)];
      }),
    );
  }

  private read(request: number, handle: number): void {
    try {
      const kept = this.kept.get(handle);
      if (!kept) throw new Error(GONE);
      this.post({ type: "value", request, value: this.pieces.enter(kept.run, () => toData(kept.copied)) });
    } catch (error) {
      this.post({ type: "no-value", request, message: thrown(error).message });
    }
  }

  private finish(id: number): void {
    const run = this.runs.get(id);
    if (run) run.finished = true;
  }

  private release(id: number): void {
    const run = this.runs.get(id);
    if (!run) return;
    this.runs.delete(id);
    run.abort.abort();
    // what it made for something that another cell's run goes on holding (an optimiser's moments) stays with that
    for (const lender of run.lenders) if (!lender.holding.released) run.holding.hand(this.reachedFrom(lender), lender.holding);
    for (const handles of run.handles.values()) for (const handle of handles) this.kept.delete(handle);
    run.holding.release();
    run.lent.release();
    if (!this.any) this.pieces.sweep();
  }

  private reachedFrom(run: Run): ReturnType<typeof tensorsIn> {
    const values = [...run.handles.values()].flat().map((handle) => this.kept.get(handle)?.original);
    return tensorsIn(values);
  }
}

function copied({ value, names }: CodeResult): CodeResult {
  return { value: copy(value), names: Object.fromEntries(Object.entries(names).map(([name, part]) => [name, copy(part)])) };
}

function callsOf(run: Run): CellCalls {
  return {
    tick: () => {},
    invalidation: new Promise((resolve) => run.signal.addEventListener("abort", () => resolve(), { once: true })),
    step: (value, names) => ({ value, names }),
  };
}

/** tfjs' words for it say nothing about what to do. */
function explained(message: string): string {
  return /tensor is disposed/i.test(message) ? `${message} What a cell computes on the way is freed when the cell is done: only its value and its top-level names are kept. Give the tensor a name, or hold it with tf.keep().` : message;
}
