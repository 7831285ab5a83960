/** Loading and running the code of a cell, wherever that is. */
import type { RunMessage } from "./protocol";

export interface CodeResult {
  value: unknown;
  names: Record<string, unknown>;
}

/** What compiled code is called with beside its inputs. */
export interface CellCalls {
  /** called in every loop, with its line */
  tick(line: number): void;
  /** resolves when the cell's result is not wanted any more */
  invalidation: Promise<void>;
  step(value: unknown, names: Record<string, unknown>): CodeResult;
}

type CellFunction = (inputs: Record<string, unknown>, cell: CellCalls) => unknown;

export interface LoadedCode {
  run: CellFunction;
  /** what stacks call it */
  url: string;
}

/** Modules stay for the life of a frame or worker anyway; running the same text again must not add another. */
const loaded = new Map<string, Promise<LoadedCode>>();

export function loadCode(code: string): Promise<LoadedCode> {
  let found = loaded.get(code);
  if (!found) loaded.set(code, (found = load(code)));
  return found;
}

async function load(code: string): Promise<LoadedCode> {
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  try {
    const module = (await import(/* @vite-ignore */ url)) as { default: CellFunction };
    return { run: module.default, url };
  } finally {
    URL.revokeObjectURL(url);
  }
}

export interface Driving {
  kind: RunMessage["kind"];
  /** calls the cell's function */
  call(): unknown;
  /** everything that enters the cell's code goes through here */
  piece<T>(work: () => T | PromiseLike<T>): Promise<T>;
  item(result: CodeResult): void;
  /** a stream is to give no more */
  finished(): boolean;
  signal: AbortSignal;
}

/** Runs a cell's code to its end, or until the signal: then a stream's own `finally` blocks run. */
export async function drive({ kind, call, piece, item, finished, signal }: Driving): Promise<void> {
  if (kind === "sync" || kind === "async") {
    const result = (await piece(call)) as CodeResult;
    if (!signal.aborted) item(result);
    return;
  }
  const iterator = call() as Iterator<CodeResult> | AsyncIterator<CodeResult>;
  // an asynchronous one that is parked in an await takes this up when it goes on
  const end = () => void piece<unknown>(() => iterator.return?.()).catch(() => {});
  signal.addEventListener("abort", end, { once: true });
  while (!signal.aborted) {
    const { value, done } = await piece<IteratorResult<CodeResult>>(() => iterator.next());
    if (done) break;
    if (signal.aborted) return;
    item(value);
    await giveWay();
    if (!signal.aborted && finished()) {
      await piece<unknown>(() => iterator.return?.());
      break;
    }
  }
  signal.removeEventListener("abort", end);
}

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Modules are not loaded as long as messages follow one another; so long they may have to wait, in ms. */
const TIMER_EVERY = 50;
let lastTimer = 0;

/** Lets messages in. A message channel, because timers wait 4 ms and more once they are nested; now and then a timer all the same. */
export function giveWay(): Promise<void> {
  return new Promise((resolve) => {
    const now = performance.now();
    if (now - lastTimer > TIMER_EVERY) {
      lastTimer = now;
      setTimeout(resolve);
    } else {
      waiting.push(resolve);
      channel.port2.postMessage(null);
    }
  });
}

/** Line of the cell's source where something was thrown: the innermost that is in its module; null if none is. */
export function lineIn(error: unknown, url: string): number | null {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const at = stack.indexOf(url);
  const [, line] = /^:(\d+)/.exec(stack.slice(at + url.length)) ?? [];
  return at < 0 || line === undefined ? null : Number(line);
}

/** Name and message of whatever was thrown. */
export function thrown(error: unknown): { name: string; message: string } {
  if (error instanceof Error) return { name: error.name, message: error.message };
  let message: string;
  try {
    message = String(error);
  } catch {
    message = "something that cannot be written as text";
  }
  return { name: "Error", message };
}
