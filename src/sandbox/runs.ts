/** What the page asks of whoever runs code, and what it gets back. */
import type { Shown } from "./shown";

/** The part of compiled code that running it needs (see notebook/compile, whose Compiled has it). */
export interface RunnableCode {
  /** free names that the language gives; "Plot" is loaded only if it is among them */
  globals: readonly string[];
  /** free names that other cells give */
  reads: readonly string[];
  kind: "sync" | "async" | "generator" | "async-generator";
  /** text of an ES module whose default export takes ($in, $cell) */
  code: string;
}

export interface CodeRun {
  /** of the cell: one run at a time for each */
  key: string;
  /** what messages call the cell, without quotes: "G" */
  label: string;
  compiled: RunnableCode;
  /** by name; plain data or KernelValue */
  inputs: Record<string, unknown>;
}

export interface CodeItem {
  /** by name: plain data, or a KernelValue for what is not plain */
  names: Record<string, unknown>;
  /** how the cell's value looks */
  shown: Shown;
  /** 1, 2, 3 …; some may be left out when they come faster than anybody looks */
  item: number;
  /** what the run holds after this item; 0 in js cells */
  tensors: number;
  bytes: number;
  /** time in the cell's code for this item, in ms */
  milliseconds: number;
  /** what the cell wrote to the console since the last item, a line each */
  logs: string[];
}

export interface CodeRunner {
  /**
   * Runs a cell's code. The iteration ends when the code is done. Aborting ends it with the signal's reason and releases all
   * that the run holds, also long after its end: until then its values can be read and be inputs of other runs.
   *
   * @throws CodeRunError when the code throws; CellCrashError when it had to be ended; SandboxRestartedError when another
   *   cell had to be ended and took this run with it: run it again, with inputs that are computed again
   */
  run(run: CodeRun, options: { signal: AbortSignal }): AsyncIterable<CodeItem>;
  /** Lets a stream end after its present step: its iteration ends, and what it gave stays until it is aborted. */
  finish(key: string): void;
}
