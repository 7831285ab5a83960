import { describe, expect, it } from "vitest";
import { RunCourse } from "../../src/cells/run-course";
import { RunFinder } from "../../src/cells/run-finder";
import { keepRun, openKeptRun, runRecord } from "../../src/cells/run-records";
import { RunRecord, type Kernels } from "../../src/kernel/client";
import type { Checkpoint, RunBatch, RunConfig } from "../../src/kernel/protocol";
import type { TransferSettings } from "../../src/nst/settings";
import { CostHistory } from "../../src/runs/cost-history";
import type { RunEntry } from "../../src/runs/kept-run";
import type { CellContext } from "../../src/cells/context";
import type { NewRun, RunStore } from "../../src/runs/run-store";

const settings = { steps: 3, beta: 1, alphaTimesM: 1, styleLayers: {}, contentLayer: null, totalVariation: 0, optimiser: { kind: "adam", learningRate: 0.1 } } as unknown as TransferSettings;
const config = { settings, content: {}, style: {}, network: { card: {} } } as RunConfig;
const as = { names: { content: "a.jpg", style: "b.jpg" }, notebook: "first", cell: "G" };
const checkpoint = (step: number): Checkpoint => ({ step, width: 1, height: 1, picture: new Float32Array(3).fill(step), moment1: new Float32Array(3), moment2: new Float32Array(3) });
const batch = (step: number, state: RunBatch["state"]): RunBatch => ({ columns: ["total"], costs: Float64Array.of(10 - step), first: step, step, stepsPerSecond: 1, state, checkpoint: checkpoint(step), ...(step === 0 && { change: { step, settings } }) });

/** An engine that sends what it is given, and remembers where runs were begun. */
function engine(...batches: RunBatch[]) {
  const begun: { from: number | undefined; settings: TransferSettings }[] = [];
  const kernels = {
    engineReady: async () => {},
    status: { engine: null },
    engine: {
      stream(_: string, { config, from }: { config: RunConfig; from?: Checkpoint }) {
        begun.push({ from: from?.step, settings: config.settings });
        return { control() {}, async *[Symbol.asyncIterator]() { yield* batches.filter(({ step }) => step >= (from?.step ?? 0) && step <= config.settings.steps); } };
      },
    },
  } as unknown as Kernels;
  return { kernels, begun };
}

/** Keeps the entries that it is told, and what was asked to be kept. */
class Store extends EventTarget {
  entries: Partial<RunEntry>[] = [];
  opened: RunEntry[] = [];
  kept: NewRun[] = [];
  closed = 0;
  elsewhere = new Set<string>();
  list = async () => this.entries as RunEntry[];
  get = async (id: string) => (this.entries.find((entry) => entry.id === id) as RunEntry | undefined) ?? null;
  goesOn = async (id: string) => this.elsewhere.has(id);
  open = async (id: string) => {
    const entry = await this.get(id);
    if (!entry) return null;
    this.opened.push(entry);
    const [record, history] = [new RunRecord(config), new CostHistory()];
    for (const one of [batch(0, "running"), batch(1, "running")]) {
      history.append(one);
      record.take(one);
    }
    return { entry, record, history, frames: [] };
  };
  keep = (what: NewRun) => {
    this.kept.push(what);
    return { id: what.again ?? `new-${this.kept.length}`, take() {}, close: () => void this.closed++, ended: async () => {} };
  };
  get all(): RunStore {
    return this as unknown as RunStore;
  }
}

const host = () => {
  const pictures: number[] = [];
  return { pictures, changed() {}, show() {}, showKept: ({ data }: { data: Float32Array }) => void pictures.push(data[0]), clear() {} };
};
const entry = (id: string, more: Partial<RunEntry> = {}): Partial<RunEntry> =>
  ({ id, notebook: "first", cell: "G", group: null, parent: null, state: "going", step: 2, content: { name: "a.jpg" }, style: { name: "b.jpg" }, ...more }) as Partial<RunEntry>;
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("the course of a run", () => {
  it("is kept from its start to its end, under one name", async () => {
    const [store, { kernels }] = [new Store(), engine(batch(0, "running"), batch(3, "finished"))];
    const course = new RunCourse(host());
    course.begin(kernels, store.all, config, as);
    expect([course.state, course.id]).toEqual(["preparing", "new-1"]);
    await settled();
    expect([course.state, course.step]).toEqual(["finished", 3]);
    expect(store.kept[0]).toMatchObject({ names: as.names, notebook: "first", cell: "G", record: course.record, history: course.history });
    expect(store.closed).toBeGreaterThan(0);
    expect(runRecord("new-1")!.names).toEqual(as.names);
  });

  it("goes on from its last checkpoint as the same run, with what has been changed meanwhile", async () => {
    const [store, { kernels, begun }] = [new Store(), engine(batch(0, "running"), batch(3, "finished"), batch(5, "finished"))];
    const course = new RunCourse(host());
    course.begin(kernels, store.all, config, as);
    await settled();
    expect([course.goesOnFrom(3), course.goesOnFrom(5)]).toEqual([null, 3]);
    await course.goOn(kernels, store.all, { ...settings, steps: 5, beta: 7 }, as);
    await settled();
    expect(begun[1]).toEqual({ from: 3, settings: { ...settings, steps: 5, beta: 7 } });
    expect(store.kept[1]).toMatchObject({ again: "new-1", config, record: course.record });
    expect([course.id, course.state, course.step, course.history.step]).toEqual(["new-1", "finished", 5, 5]);
  });

  it("is computed without anything that keeps it as well", async () => {
    const course = new RunCourse(host());
    course.begin(engine(batch(0, "finished")).kernels, null, config, as);
    await settled();
    expect(course.state).toBe("finished");
    expect(runRecord(course.id!)).toMatchObject({ record: course.record });
  });
});

describe("the run of an earlier page", () => {
  const found = async (store: Store, cell = "G") => {
    const shown = host();
    const course = new RunCourse(shown);
    const finder = new RunFinder(course, ({ parent }) => parent === null);
    await finder.look({ runs: store.all, notebook: "first" } as CellContext, cell);
    return { course, finder, shown };
  };

  it("is the newest of this notebook and cell, and no branch or part of a sweep", async () => {
    const store = new Store();
    store.entries = [entry("x1", { cell: "H" }), entry("x2", { notebook: "second" }), entry("x3", { group: { id: "s", title: "", label: "" } }), entry("x4", { parent: { run: "x", step: 1, optimiser: "kept", painted: false } }), entry("mine"), entry("older")];
    const { course, shown } = await found(store);
    expect([course.id, course.state, course.step, course.goesOnFrom(3)]).toEqual(["mine", "stopped", 1, 1]);
    expect(course.notice).toBe("The page was closed while this run was at step 2. Its picture is that of step 1, and it goes on from there.");
    expect(shown.pictures).toEqual([1]);
    expect((await found(store, "nobody")).course.state).toBe("idle");
  });

  it("is left to the tab that computes it", async () => {
    const store = new Store();
    store.entries = [entry("theirs")];
    store.elsewhere.add("theirs");
    const { course, finder } = await found(store);
    expect([course.elsewhere, course.goesOnFrom(3)]).toEqual([true, null]);
    store.elsewhere.clear();
    store.dispatchEvent(new CustomEvent("runs", { detail: ["theirs"] }));
    await settled();
    expect([course.elsewhere, course.goesOnFrom(3)]).toEqual([false, 1]);
    finder.leave();
  });

  it("leaves the cell as new when it is deleted, and is back when that is taken back", async () => {
    const store = new Store();
    store.entries = [entry("gone")];
    const { course, finder } = await found(store);
    const [kept] = store.entries.splice(0);
    store.dispatchEvent(new CustomEvent("runs", { detail: ["another"] }));
    await settled();
    expect(course.id).toBe("gone");
    store.dispatchEvent(new CustomEvent("runs", { detail: ["gone"] }));
    await settled();
    expect([course.id, course.state]).toEqual([null, "idle"]);
    expect(runRecord("gone")).toBeUndefined();
    store.entries.push(kept);
    store.dispatchEvent(new CustomEvent("runs", { detail: null }));
    await settled();
    expect(course.id).toBe("gone");
    finder.leave();
  });

  it("is read once for all who ask at the same time, and then remembered", async () => {
    const store = new Store();
    store.entries = [entry("shared")];
    const [a, b] = await Promise.all([openKeptRun({ runs: store.all }, "shared"), openKeptRun({ runs: store.all }, "shared")]);
    expect(a!.record).toBe(b!.record);
    expect(store.opened).toHaveLength(1);
    expect((await openKeptRun({ runs: store.all }, "shared"))!.record).toBe(a!.record);
    expect(store.opened).toHaveLength(1);
    expect(await openKeptRun({ runs: store.all }, "nowhere")).toBeUndefined();
    expect(await openKeptRun({}, "nowhere")).toBeUndefined();
  });

  it("that was started here is listed as the store has it", async () => {
    const store = new Store();
    store.entries = [entry("started", { name: "my run" })];
    keepRun("started", { record: new RunRecord(config), history: new CostHistory() });
    expect((await openKeptRun({ runs: store.all }, "started"))!.entry.name).toBe("my run");
    expect(store.opened).toEqual([]);
  });
});
