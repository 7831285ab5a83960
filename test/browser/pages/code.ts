/**
 * Code cells whose code runs in this page itself, so that tests can see and steer every run. `window.codes` is
 * a CodePage; ready when it exists.
 */
import "../../../src/cells/theme.css";
import "../../../src/cells/app.css";
import "../../../src/cells/code";
import type { CodeDraft, CodeElement, CodeText } from "../../../src/cells/code";
import type { Kernels } from "../../../src/cells/context";
import { provideContext } from "../../../src/cells/context";
import { statistics } from "../../../src/cells/value-look";
import "../../../src/cells/value-view";
import { replace } from "../../../src/notebook/edit";
import { Graph } from "../../../src/notebook/graph";
import { Session } from "../../../src/notebook/session";
import { CellCrashError, type CodeItem, type CodeRun, CodeRunError, type CodeRunner, KernelValue, type Look, SandboxRestartedError, type Sandboxes, type Shown } from "../../../src/sandbox/client";

declare global {
  interface Window {
    codes: CodePage;
  }
}

class CodePage {
  graph = new Graph();
  session = new Session("test", { text: "" });
  /** what ran, in order: "G runs", "G gives 3", "G is given up" */
  log: string[] = [];
  /** what the next run throws */
  fail: "crash" | "restart" | null = null;
  trusted = true;
  readonly elements = new Map<string, CodeElement>();

  show(text: string, trusted = true): void {
    for (const element of this.elements.values()) element.remove();
    this.elements.clear();
    this.trusted = trusted;
    this.session = new Session("test", { text });
    this.session.addEventListener("change", () => this.update());
    this.update();
  }

  update(): void {
    const { session, elements } = this;
    for (const { key, cell } of session.slots) {
      if (cell.kind !== "code") continue;
      let element = elements.get(key);
      if (!element) {
        elements.set(key, (element = document.createElement("nst-code")));
        element.cellId = key;
      }
      if (element.cell?.text !== cell.text) element.cell = cell;
      element.draft = session.draft(key);
      element.trusted = this.trusted;
      if (!element.isConnected) main.append(element);
    }
    for (const [key, element] of elements) if (!session.slot(key)) element.remove();
  }

  showValue(value: Shown, label = "value"): void {
    const card = Object.assign(document.createElement("div"), { className: "shown" });
    card.style.cssText = "margin: 16px 0; padding: 14px; border: 1px solid var(--line); border-radius: 10px; background: var(--card)";
    const element = document.createElement("nst-value");
    element.shown = value;
    element.label = label;
    card.append(element);
    main.append(card);
  }

  tensor(shape: number[], value: (i: number) => number): KernelValue {
    const values = Float32Array.from({ length: shape.reduce((product, n) => product * n, 1) }, (_, i) => value(i));
    const { min, max, mean, bad } = statistics(values);
    const look: Look = { as: "heat", rows: shape[0], columns: shape[1], values, every: 1 };
    return new KernelValue(
      { kind: "tensor", shape, dtype: "float32", bytes: values.byteLength, min, max, mean, bad, look },
      { read: () => Promise.resolve({ shape, dtype: "float32", data: values }) },
      1,
    );
  }
}

const page = new CodePage();

type Body = (inputs: Record<string, unknown>, cell: object) => unknown;

/** Runs the compiled module in this page. */
class PageRunner implements CodeRunner {
  async *run({ key, compiled, inputs, label }: CodeRun, { signal }: { signal: AbortSignal }): AsyncGenerator<CodeItem> {
    page.log.push(`${label} runs`);
    signal.addEventListener("abort", () => page.log.push(`${label} is given up`));
    this.ended.delete(key);
    this.finished.delete(key);
    const { fail } = page;
    page.fail = null;
    if (fail === "crash") throw new CellCrashError("The code took all the memory there is. Let it hold less, then run it again.");
    if (fail === "restart") throw new SandboxRestartedError("Another cell had to be ended.");
    const url = URL.createObjectURL(new Blob([(compiled as unknown as { code: string }).code], { type: "text/javascript" }));
    const body = ((await import(/* @vite-ignore */ url)) as { default: Body }).default;
    const logs: string[] = [];
    const cell = { tick() {}, invalidation: new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve())), step: (value: unknown, names: Record<string, unknown>) => ({ value, names }) };
    let item = 0;
    const give = ({ value, names }: { value: unknown; names: Record<string, unknown> }, started: number): CodeItem => {
      page.log.push(`${label} gives ${item + 1}`);
      return { names, shown: look(value), item: ++item, tensors: 2, bytes: 48_000, milliseconds: performance.now() - started, logs: logs.splice(0) };
    };
    try {
      const started = performance.now();
      const result = await body({ ...inputs }, cell);
      if (result && typeof (result as AsyncGenerator).next === "function") {
        for await (const step of result as AsyncIterable<{ value: unknown; names: Record<string, unknown> }>) {
          if (signal.aborted || this.ended.has(key)) throw new CellCrashError("Stopped.");
          yield give(step, started);
          if (this.finished.has(key)) return;
          await new Promise((resolve) => setTimeout(resolve, 40));
        }
      } else yield give(result as { value: unknown; names: Record<string, unknown> }, started);
    } catch (error) {
      if (error instanceof CellCrashError) throw error;
      const line = /blob:[^)\s]*:(\d+):\d+/.exec((error as Error).stack ?? "")?.[1];
      throw new CodeRunError((error as Error).name, (error as Error).message, line ? Number(line) : null);
    }
  }
  readonly ended = new Set<string>();
  readonly finished = new Set<string>();
  finish(key: string) {
    this.finished.add(key);
  }
  busyFor = () => 0;
  stop(key: string) {
    this.ended.add(key);
  }
}

function look(value: unknown): Shown {
  if (value === undefined) return { kind: "nothing" };
  if (value instanceof KernelValue) return value.shown;
  if (typeof value === "function") return { kind: "function", name: value.name, text: String(value) };
  if (value instanceof Node) return { kind: "node" };
  return { kind: "data", value, cut: false, bytes: 100 };
}

const runner = new PageRunner();
class FakeFrame extends EventTarget {
  readonly element = Object.assign(document.createElement("iframe"), { height: "0" });
  finish = (key: string) => runner.finish(key);
  run = (run: CodeRun, options: { signal: AbortSignal }) => runner.run(run, options);
  remove() {}
}
const sandbox = Object.assign(new EventTarget(), { kernel: runner, frame: () => new FakeFrame() }) as unknown as Sandboxes;
const kernels = new EventTarget() as Kernels;

const main = document.createElement("main");
main.style.cssText = "max-width: 1020px; margin: 0 auto; padding: 16px";
document.body.append(main);
provideContext(main, () => ({ graph: page.graph, kernels, sandbox, session: page.session }));

main.addEventListener("nst-text", (event) => {
  const { cellId, text } = (event as CustomEvent<CodeText>).detail;
  page.session.change(replace(page.session.text, page.session.slot(cellId)!.cell, text), "edit code");
});
main.addEventListener("nst-draft", (event) => {
  const { cellId, text } = (event as CustomEvent<CodeDraft>).detail;
  page.session.setDraft(cellId, text);
});
main.addEventListener("nst-trust", () => {
  page.trusted = true;
  page.update();
});

window.codes = page;
