/** Puts the sandbox within reach of `page.evaluate`: runs are begun by key, and what they give is collected. Ready when `window.ready` is true. */
import "../../../src/cells/theme.css";
import { fetchWasm } from "../../../src/kernel/wasm-files";
import { compile, type Language } from "../../../src/notebook/compile";
import { CodeRunError, KernelValue, Sandboxes, workbenchFile, type CodeItem, type JsFrame, type Limits, type RunnableCode } from "../../../src/sandbox/client";

/** What a run has given so far. */
interface Told {
  items: CodeItem[];
  done: boolean;
  error: { type: string; name: string; message: string; line: number | null } | null;
  trouble: string[];
}

declare global {
  interface Window {
    sandbox: {
      /** begins a run; inputs: plain data, or { of: key, name } for a value of another run's last item */
      begin(key: string, source: string, options?: { language?: Language; inputs?: Record<string, unknown>; /** the body of an async function, not compiled: reaches everything */ raw?: boolean }): void;
      /** all that a run has given */
      told(key: string): Told;
      /** waits for the end of a run */
      ended(key: string): Promise<Told>;
      /** aborts a run and forgets what it gave */
      release(key: string): void;
      /** the value that the last item of a run has under a name */
      value(key: string, name: string): unknown;
      read(key: string, name: string): Promise<unknown>;
      /** makes the sandbox anew, with other limits */
      reset(limits: Partial<Limits>): void;
      frame(key: string): JsFrame;
      all: Sandboxes;
      restarted: string[][];
    };
    ready: boolean;
  }
}

const files = (path: string) => (path.startsWith("own:") ? Promise.reject(new Error("There is no such picture of yours.")) : workbenchFile(path));
const make = (limits: Partial<Limits>) => {
  const made = new Sandboxes({ files, wasm: fetchWasm, limits });
  made.addEventListener("restarted", (event) => window.sandbox.restarted.push((event as CustomEvent<string[]>).detail));
  return made;
};

const runs = new Map<string, { told: Told; abort: AbortController; end: Promise<void> }>();

function rawCode(body: string): RunnableCode {
  return { globals: [], reads: [], kind: "async", code: `export default async function ($in, $cell) { const value = await (async () => {${body}\n})(); return $cell.step(value, {}); }` };
}

function valueOf(key: string, name: string): unknown {
  const { items } = runs.get(key)!.told;
  return items.at(-1)!.names[name];
}

window.sandbox = {
  begin(key, source, { language = "kernel", inputs = {}, raw = false } = {}) {
    const compiled = raw ? rawCode(source) : compile(source, language, key);
    const given = Object.fromEntries(
      Object.entries(inputs).map(([name, input]) => {
        const { of, name: from = name } = (typeof input === "object" && input !== null ? input : {}) as { of?: string; name?: string };
        return [name, of ? valueOf(of, from) : input];
      }),
    );
    const abort = new AbortController();
    const told: Told = { items: [], done: false, error: null, trouble: [] };
    const runner = language === "js" ? this.frame(key) : this.all.kernel;
    if (language === "js") this.frame(key).addEventListener("trouble", (event) => told.trouble.push((event as CustomEvent<Error>).detail.message));
    const end = (async () => {
      try {
        for await (const item of runner.run({ key, label: key, compiled, inputs: given }, { signal: abort.signal })) told.items.push(item);
        told.done = true;
      } catch (error) {
        const { constructor, name, message } = error as Error;
        told.error = { type: constructor.name, name, message, line: error instanceof CodeRunError ? error.line : null };
      }
    })();
    runs.set(key, { told, abort, end });
  },
  told: (key) => runs.get(key)!.told,
  async ended(key) {
    await runs.get(key)!.end;
    return runs.get(key)!.told;
  },
  release: (key) => runs.get(key)!.abort.abort(),
  value: valueOf,
  read: (key, name) => {
    const value = valueOf(key, name);
    return value instanceof KernelValue ? value.read() : Promise.resolve(value);
  },
  reset(limits) {
    for (const { abort } of runs.values()) abort.abort();
    runs.clear();
    document.body.replaceChildren();
    this.all = make(limits);
    this.restarted = [];
  },
  frame(key) {
    const frame = this.all.frame(key);
    if (!frame.element.isConnected) document.body.append(frame.element);
    return frame;
  },
  all: make({}),
  restarted: [],
};
window.ready = true;
