import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OpenRuns } from "../../src/cells/compare-runs-open";
import { forgetRun, keepRun } from "../../src/cells/run-records";
import { RunRecord } from "../../src/kernel/run-record";
import type { RunConfig } from "../../src/kernel/protocol";
import { CostHistory } from "../../src/runs/cost-history";
import type { Frame } from "../../src/runs/kept-run";
import type { OpenedRun } from "../../src/runs/open-run";
import { runEntry } from "../support/runs";

/** A run of so many steps. */
function made(id: string, steps: number): OpenedRun {
  const history = new CostHistory();
  history.append({ columns: ["total"], costs: new Float64Array(steps + 1), first: 0 });
  return { entry: runEntry({ id, name: id, step: steps }), record: new RunRecord({ settings: { steps: 100 } } as unknown as RunConfig), history, frames: [] };
}

/** Where runs are kept, with what a test puts there. */
class Shelf extends EventTarget {
  readonly all = new Map<string, OpenedRun>();
  readonly going = new Set<string>();
  frames = async (): Promise<Frame[]> => [{ step: 0, width: 1, height: 1, bytes: new Uint8Array(1) }];
  get = async (id: string) => this.all.get(id)?.entry ?? null;
  open = async (id: string) => this.all.get(id) ?? null;
  goesOn = async (id: string) => this.going.has(id);
  put(...runs: OpenedRun[]): void {
    for (const run of runs) this.all.set(run.entry.id, run);
    this.tell(...runs.map(({ entry }) => entry.id));
  }
  tell(...ids: string[]): void {
    this.dispatchEvent(new CustomEvent("runs", { detail: ids }));
  }
}

let shelf: Shelf;
let open: OpenRuns;
let back: [string, number][];
let turns: number;
let count = 0;
/** what the page remembers outlasts a test: each has names of its own */
const named = (name: string) => `${name} ${count}`;
beforeEach(() => {
  vi.useFakeTimers();
  count++;
  shelf = new Shelf();
  back = [];
  turns = 0;
  open = new OpenRuns(() => turns++, (id, step) => back.push([id, step]));
});
afterEach(() => {
  open.close();
  vi.useRealTimers();
});

const steps = () => open.runs.map(({ mark, history }) => `${mark} ${history.step}`);

describe("the runs of a comparison", () => {
  it("are opened in the order in which they were named, with their filmstrips; those not kept are named", async () => {
    const [a, b, gone] = [named("a"), named("b"), named("gone")];
    shelf.put(made(a, 10), made(b, 20));
    open.follow(shelf, [b, gone, a]);
    expect([open.opening, open.runs.length]).toEqual([true, 0]);
    await vi.advanceTimersByTimeAsync(1);
    expect(open.opening).toBe(false);
    expect(open.runs.map(({ id, mark, entry, frames }) => [id, mark, entry.name, frames.length])).toEqual([[b, "A", b, 1], [a, "B", a, 1]]);
    expect(open.lost).toEqual([gone]);
  });

  it("appear when they are kept at last, and go when they are deleted", async () => {
    const [a, b] = [named("a"), named("b")];
    shelf.put(made(a, 10));
    open.follow(shelf, [a, b]);
    await vi.advanceTimersByTimeAsync(1);
    expect(steps()).toEqual(["A 10"]);
    shelf.put(made(b, 3));
    await vi.advanceTimersByTimeAsync(2100);
    expect([steps(), open.lost]).toEqual([["A 10", "B 3"], []]);
    shelf.all.delete(b);
    forgetRun(b);
    shelf.dispatchEvent(new CustomEvent("runs", { detail: null }));
    await vi.advanceTimersByTimeAsync(2100);
    expect([steps(), open.lost]).toEqual([["A 10"], [b]]);
  });

  it("grow while they are going, in a new list each time, and no longer when they have ended", async () => {
    const a = named("a");
    const run = made(a, 10);
    shelf.put(run);
    shelf.going.add(a);
    keepRun(a, run);
    open.follow(shelf, [a]);
    await vi.advanceTimersByTimeAsync(1);
    const before = open.runs;
    const grow = (to: number) => run.history.append({ columns: ["total"], costs: new Float64Array(to - run.history.step), first: run.history.step + 1 });
    expect(before[0].going).toBe(true);
    await vi.advanceTimersByTimeAsync(1000);
    // nothing has happened since the first look
    const still = open.runs;
    await vi.advanceTimersByTimeAsync(1000);
    expect(open.runs).toBe(still);
    grow(14);
    await vi.advanceTimersByTimeAsync(500);
    expect(steps()).toEqual(["A 14"]);
    expect(open.runs).not.toBe(still);
    shelf.going.clear();
    shelf.tell(a);
    await vi.advanceTimersByTimeAsync(2100);
    expect(open.runs[0].going).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("are read again where another tab goes on with them", async () => {
    const a = named("a");
    shelf.put(made(a, 10));
    open.follow(shelf, [a]);
    await vi.advanceTimersByTimeAsync(1);
    shelf.going.add(a);
    shelf.put(made(a, 25));
    await vi.advanceTimersByTimeAsync(2100);
    expect([steps(), open.runs[0].going]).toEqual([["A 25"], true]);
  });

  it("that go back to a checkpoint have taken another way from there", async () => {
    const a = named("a");
    const run = made(a, 30);
    shelf.put(run);
    shelf.going.add(a);
    keepRun(a, run);
    open.follow(shelf, [a]);
    await vi.advanceTimersByTimeAsync(1);
    run.history.append({ columns: ["total"], costs: new Float64Array(1), first: 20 });
    await vi.advanceTimersByTimeAsync(500);
    expect(back).toEqual([[a, 20]]);
  });

  it("are not read for what becomes of others", async () => {
    const a = named("a");
    shelf.put(made(a, 10));
    open.follow(shelf, [a]);
    await vi.advanceTimersByTimeAsync(1);
    const before = turns;
    shelf.put(made(named("other"), 5));
    await vi.advanceTimersByTimeAsync(5000);
    expect(turns).toBe(before);
  });
});
