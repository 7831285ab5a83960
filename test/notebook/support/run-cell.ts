import { compile, type CodeResult, type Compiled, type Language } from "../../../src/notebook/compile";

type Run = ($in: Record<string, unknown>, $cell: object) => unknown;

/** What a runner gives to a cell, and what it saw. */
export interface Runner {
  /** lines that loops have told */
  ticks: number[];
  invalidation: Promise<void>;
}

/** Loads a compiled cell as the module that it is. */
export async function load({ code }: Compiled): Promise<Run> {
  const url = `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
  return ((await import(/* @vite-ignore */ url)) as { default: Run }).default;
}

/** Compiles and runs a cell, and collects all that it gives. */
export async function runCell(source: string, inputs: Record<string, unknown> = {}, language: Language = "js"): Promise<CodeResult[] & Runner> {
  const compiled = compile(source, language);
  const runner: Runner = { ticks: [], invalidation: Promise.resolve() };
  const $cell = {
    tick: (line: number) => void runner.ticks.push(line),
    invalidation: runner.invalidation,
    step: (value: unknown, names: Record<string, unknown>): CodeResult => ({ value, names: { ...names } }),
  };
  const given = (await load(compiled))(inputs, $cell);
  const results: CodeResult[] = [];
  if (compiled.kind === "sync") results.push(given as CodeResult);
  else if (compiled.kind === "async") results.push(await (given as Promise<CodeResult>));
  else for await (const result of given as AsyncIterable<CodeResult>) results.push(result);
  return Object.assign(results, runner);
}

/** The only result of a cell that is no stream. */
export async function once(source: string, inputs?: Record<string, unknown>, language?: Language): Promise<CodeResult> {
  const results = await runCell(source, inputs, language);
  if (results.length !== 1) throw new Error(`${results.length} results`);
  return results[0];
}

/** The values that a stream gives. */
export async function values(source: string, inputs?: Record<string, unknown>, language?: Language): Promise<unknown[]> {
  return (await runCell(source, inputs, language)).map(({ value }) => value);
}
