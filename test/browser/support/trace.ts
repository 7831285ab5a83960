/** What the main thread of a page was busy with, from Chromium's own trace. */
import type { Browser, Page } from "playwright-core";

/** One task of the main thread. */
export interface Task {
  /**
   * processor time of the thread, in ms: unlike the time on the clock, it does not grow when other threads take the processor.
   * A kernel that counts in ticks can say more than went by on the clock; that is never the task's.
   */
  cpu: number;
  /** time on the clock, in ms */
  wall: number;
  /** since the mark, in ms */
  at: number;
  /** the three longest things in it, each with its processor time */
  inside: string;
}

interface TraceEvent {
  name: string;
  cat: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string; data?: { url?: string; functionName?: string } };
}

/**
 * Records while `work` goes on. `mark` is called in it once, when what counts begins.
 * @returns every task of the page's main thread since the mark, the longest first
 * @throws Error when the trace lacks what it is read for: it must not pass for want of measurement
 */
export async function mainThreadTasks(browser: Browser, page: Page, work: (mark: () => Promise<void>) => Promise<void>): Promise<Task[]> {
  const name = `mark ${Date.now()}`;
  await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline", "v8", "blink.user_timing"] });
  let recorded: Buffer;
  try {
    await work(() => page.evaluate((name) => void performance.mark(name), name));
  } finally {
    recorded = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(recorded.toString()) as { traceEvents: TraceEvent[] };
  const mark = traceEvents.find((event) => event.name === name);
  if (!mark) throw new Error("The trace does not hold the mark.");
  const threadName = traceEvents.find((event) => event.name === "thread_name" && event.pid === mark.pid && event.tid === mark.tid)?.args?.name;
  if (threadName !== "CrRendererMain") throw new Error(`The mark was not set on a main thread but on ${threadName}.`);
  const own = traceEvents.filter((event) => event.pid === mark.pid && event.tid === mark.tid && event.ph === "X" && event.ts >= mark.ts);
  const tasks = own.filter((event) => /RunTask$/.test(event.name) && event.dur !== undefined);
  const untimed = tasks.filter((event) => event.tdur === undefined).length;
  if (tasks.length === 0 || untimed > tasks.length / 100) throw new Error(`The trace holds ${tasks.length} tasks of the main thread, ${untimed} of them without processor time.`);
  return tasks
    // of one that Chromium did not measure, the time on the clock: it was not longer than that
    .map((task) => ({ cpu: Math.min(task.tdur ?? Infinity, task.dur!) / 1000, wall: task.dur! / 1000, at: (task.ts - mark.ts) / 1000, inside: inside(task, own) }))
    .sort((a, b) => b.cpu - a.cpu);
}

/**
 * Measures, and once or twice more when something was longer than `limit`. A virtual machine that is kept waiting by its host counts
 * that as its own processor time; what the page itself does too slowly, it does every time.
 * @returns the tasks of the calmest round, the longest first
 */
export async function calmest(limit: number, measure: (round: number) => Promise<Task[]>): Promise<Task[]> {
  let best: Task[] | null = null;
  for (let round = 1; round <= 3; round++) {
    const tasks = await measure(round);
    if (!best || tasks[0].cpu < best[0].cpu) best = tasks;
    if (best[0].cpu <= limit) break;
    console.log(`round ${round}: a task of ${tasks[0].cpu.toFixed(1)} ms of processor time (${tasks[0].wall.toFixed(1)} ms on the clock): ${tasks[0].inside}`);
  }
  return best!;
}

function inside(task: TraceEvent, events: readonly TraceEvent[]): string {
  return events
    .filter((event) => event !== task && !/RunTask$/.test(event.name) && event.ts >= task.ts && event.ts + (event.dur ?? 0) <= task.ts + task.dur!)
    .sort((a, b) => (b.tdur ?? 0) - (a.tdur ?? 0))
    .slice(0, 3)
    .map(({ name, tdur, args }) => `${name} ${args?.data?.functionName ?? ""} ${((tdur ?? 0) / 1000).toFixed(1)} ms`)
    .join(", ");
}
