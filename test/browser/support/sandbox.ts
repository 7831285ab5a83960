/** Runs code in the sandbox of the test page (pages/sandbox.ts). */
import type { Page } from "playwright-core";
import type {} from "../pages/sandbox";

export interface RunOptions {
  language?: "js" | "kernel";
  inputs?: Record<string, unknown>;
  raw?: boolean;
}

export interface RunResult {
  items: { names: Record<string, unknown>; shown: { kind: string } & Record<string, any>; item: number; tensors: number; bytes: number; logs: string[] }[];
  done: boolean;
  error: { type: string; name: string; message: string; line: number | null } | null;
  trouble: string[];
}

/** Begins a run and goes on. */
export async function begin(page: Page, key: string, source: string, options: RunOptions = {}): Promise<void> {
  await page.evaluate(([key, source, options]) => window.sandbox.begin(key, source, options), [key, source, options] as const);
}

/** What a run has given so far; typed arrays as arrays, values that stay in the sandbox as their look. */
export async function told(page: Page, key: string): Promise<RunResult> {
  return JSON.parse(await page.evaluate((key) => {
    const plain = (_: string, value: unknown) => (ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
    const { items, ...rest } = window.sandbox.told(key);
    const names = (item: (typeof items)[number]) => Object.fromEntries(Object.entries(item.names).map(([name, value]) => [name, value !== null && typeof value === "object" && "home" in value ? { stays: (value as unknown as { shown: unknown }).shown } : value]));
    return JSON.stringify({ ...rest, items: items.map((item) => ({ ...item, names: names(item) })) }, plain);
  }, key)) as RunResult;
}

/** Waits for the end of a run. */
export async function ended(page: Page, key: string): Promise<RunResult> {
  await page.evaluate((key) => window.sandbox.ended(key).then(() => {}), key);
  return told(page, key);
}

/** Runs to the end. */
export async function run(page: Page, key: string, source: string, options: RunOptions = {}): Promise<RunResult> {
  await begin(page, key, source, options);
  return ended(page, key);
}

/** The value of a run that shows plain data. @throws what the run threw */
export async function valueOf(page: Page, key: string, source: string, options: RunOptions = {}): Promise<unknown> {
  const { items, error } = await run(page, key, source, options);
  if (error) throw new Error(`${error.name}: ${error.message}`);
  return items.at(-1)!.shown["value"];
}

export const release = (page: Page, key: string): Promise<void> => page.evaluate((key) => window.sandbox.release(key), key);

/** Tensors that tfjs knows of in the sandbox worker, this question's own aside. */
export async function tensors(page: Page): Promise<number> {
  const count = (await valueOf(page, "count", "tf.memory().numTensors")) as number;
  await release(page, "count");
  return count;
}
