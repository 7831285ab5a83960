import { describe, expect, it, onTestFinished } from "vitest";
import { RunRecord } from "../../src/kernel/client";
import { MemoryDatabase, type Database } from "../../src/notebook/database";
import { liveSettings } from "../../src/nst/live-settings";
import { CostHistory } from "../../src/runs/cost-history";
import { MOST_FRAMES } from "../../src/runs/filmstrip";
import { runTitle } from "../../src/runs/kept-run";
import { RunStore, type RunStoreOptions } from "../../src/runs/run-store";
import { batchAt, begin, checkpointAt, fakeEncoder, finished, someConfig, somePicture } from "../support/kept-runs";
import { pause, until } from "../support/records";

/** A database that can be full, and counts what is written. */
class Disk extends MemoryDatabase {
  /** bytes that one write may bring */
  room = Infinity;
  failure: Error | null = null;
  readonly written: string[] = [];
  override async write(entries: Parameters<Database["write"]>[0]): Promise<void> {
    if (this.failure) throw this.failure;
    const bytes = entries.reduce((sum, [, value]) => sum + sizeOf(value), 0);
    if (bytes > this.room) throw new DOMException("no room", "QuotaExceededError");
    this.written.push(...entries.map(([key, value]) => (value === undefined ? `-${key}` : key)));
    return super.write(entries);
  }
}

function sizeOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return typeof value === "object" && value !== null ? Object.values(value).reduce((sum: number, one) => sum + sizeOf(one), 0) : 8;
}

let names = 0;

function open(disk: Database, name = `runs ${++names}`, options: RunStoreOptions = {}): RunStore {
  const store = new RunStore(name, disk, { encode: fakeEncoder, ...options });
  onTestFinished(() => store.close());
  return store;
}

describe("a run that is kept", () => {
  it("is there again in a later page with all that it was made of and every cost, checkpoint and frame", async () => {
    const disk = new Disk();
    const config = someConfig();
    const run = begin(open(disk), { config });
    run.go(1, { change: { step: 0, settings: liveSettings(config.settings) } });
    for (let step = 20; step <= 600; step += 20) run.go(step);
    await run.keeper.flush();
    run.go(700, { state: "finished", change: { step: 650, settings: { ...liveSettings(config.settings), beta: 7 } } });
    await run.keeper.ended();

    const later = open(disk);
    const opened = (await later.open(run.keeper.id))!;
    const { content, style, settings } = config;
    expect(opened.record.config).toEqual({ network: { card: config.network.card, base: config.network.base }, content, style, settings });
    expect(opened.record.changes).toEqual(run.what.record.changes);
    expect(opened.record.checkpoints).toEqual(run.what.record.checkpoints);
    expect([opened.record.last, opened.record.settingsAt(660).beta, opened.record.settingsAt(640).beta]).toEqual([699, 7, settings.beta]);
    expect(opened.history.columns).toEqual(run.what.history.columns);
    for (const name of opened.history.columns) expect(opened.history.column(name)).toEqual(run.what.history.column(name));
    expect(opened.frames.length).toBeGreaterThan(0);
    expect(opened.frames.at(-1)!.step).toBe(700);
  });

  it("says in its entry what a list, a search and a table need", async () => {
    const store = open(new Disk());
    const id = await finished(store);
    const [entry] = await store.list();
    const { card } = someConfig().network;
    expect(entry).toMatchObject({ id, name: "", starred: false, notebook: "first-transfer", cell: "G", group: null, parent: null, state: "finished", step: 40, backend: "wasm", threads: 2 });
    expect(entry.network).toEqual({ id: card.id, title: card.title, sha256: card.weights.sha256 ?? null, random: null });
    expect(entry.content).toMatchObject({ name: "cat.png", width: 16, height: 12, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(runTitle(entry)).toBe("cat × great-wave");
    expect(entry.costs).toEqual({ columns: ["total", "content", "style", "tv", "block1_conv1"], first: [1, 2, 3, 4, 5], last: [1 / 40, 1 + 1 / 40, 2 + 1 / 40, 3 + 1 / 40, 4 + 1 / 40] });
    expect(entry.thumbnail!.length).toBeGreaterThan(8);
    expect(entry.version).toMatch(/^\d+\.\d+\.\d+$/);
    // two pictures, three checkpoints of three arrays
    expect(entry.bytes).toBeGreaterThan(12 * (16 * 12 + 10 * 10 + 3 * 3 * 16 * 12));
  });

  it("leaves nothing before its first step is done", async () => {
    const disk = new Disk();
    const store = open(disk);
    const run = begin(store);
    run.keeper.take(batchAt(0, 0, { state: "preparing" }));
    run.keeper.take(batchAt(0, 0, { state: "stopped" }));
    await run.keeper.ended();
    expect([await store.list(), await disk.keys("")]).toEqual([[], []]);
  });

  it("is written about once a second while it goes, each checkpoint once, and at once when it pauses", async () => {
    const disk = new Disk();
    const store = open(disk);
    const run = begin(store);
    run.go(1);
    await until(() => disk.written.length > 0);
    const before = disk.written.length;
    for (let step = 2; step < 12; step++) run.go(step);
    await pause(50);
    expect(disk.written.length).toBe(before);
    run.go(12, { state: "paused" });
    await until(async () => (await store.get(run.keeper.id))!.state === "paused");
    const steps = disk.written.filter((key) => key.startsWith("checkpoint/")).map((key) => Number(key.slice(-8)));
    expect(steps).toEqual([...new Set(steps)]);
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(disk.written.filter((key) => key.startsWith("picture/")).length).toBe(2);
    expect(await store.goesOn(run.keeper.id)).toBe(true);
    run.keeper.close();
    await run.keeper.ended();
    expect([(await store.get(run.keeper.id))!.state, await store.goesOn(run.keeper.id)]).toEqual(["paused", false]);
  });

  it("is stopped when its page closes it in mid-run, and what was not written yet is", async () => {
    const store = open(new Disk());
    const run = begin(store);
    run.go(1);
    run.go(17);
    run.keeper.close();
    await run.keeper.ended();
    expect(await store.get(run.keeper.id)).toMatchObject({ state: "stopped", step: 17 });
  });

  it("goes on as the same entry in a later page, and what the new way replaces is gone", async () => {
    const disk = new Disk();
    const first = begin(open(disk));
    first.go(1);
    first.go(300);
    first.keeper.close();
    await first.keeper.ended();

    const store = open(disk);
    const { record, history, entry } = (await store.open(first.keeper.id))!;
    const again = begin(store, { config: record.config, record, history, again: entry.id });
    again.go(20, { first: 1, change: { step: 1, settings: { ...liveSettings(record.config.settings), beta: 3 } } });
    await again.keeper.flush();
    again.go(30, { state: "finished" });
    await again.keeper.ended();

    const opened = (await open(disk).open(entry.id))!;
    expect((await store.list()).map(({ id, step, created }) => [id, step, created])).toEqual([[entry.id, 30, entry.created]]);
    expect(opened.history.length).toBe(30);
    expect(opened.record.checkpoints.map(({ step }) => step)).toEqual([1, 20, 30]);
    expect(opened.record.settingsAt(25).beta).toBe(3);
    expect(opened.frames.at(-1)!.step).toBe(30);
    expect(await disk.keys(`costs/${entry.id}`)).toHaveLength(1);
  });

  it("goes on at once after it has finished, though its end is still being written", async () => {
    const store = open(new Disk());
    const first = begin(store);
    first.go(1);
    first.go(10, { state: "finished" });
    const { record, history, config } = first.what;
    const again = begin(store, { config, record, history, again: first.keeper.id });
    again.go(20, { state: "finished" });
    await again.keeper.ended();
    expect(await store.list()).toMatchObject([{ id: first.keeper.id, step: 20 }]);
    expect((await store.open(first.keeper.id))!.record.checkpoints.map(({ step }) => step)).toEqual([1, 10, 20]);
  });

  it("is as it was when it was to go on, and was closed before it did", async () => {
    const store = open(new Disk());
    const id = await finished(store);
    const { record, history, entry } = (await store.open(id))!;
    const again = begin(store, { config: record.config, record, history, again: id });
    again.keeper.take(batchAt(40, 40, { state: "preparing" }));
    again.keeper.close();
    await again.keeper.ended();
    expect(await store.get(id)).toEqual(entry);
  });

  it("that is a branch begins with its checkpoint, and keeps it", async () => {
    const store = open(new Disk());
    const config = someConfig();
    const from = checkpointAt(40);
    const parent = { run: "the other", step: 40, optimiser: "kept", painted: false } as const;
    const run = begin(store, { config, record: new RunRecord(config, from), parent });
    run.go(41, { first: 40 });
    run.go(60, { state: "finished" });
    await run.keeper.ended();
    const { record, entry, history } = (await store.open(run.keeper.id))!;
    expect(record.from).toEqual(from);
    expect(record.checkpoints.map(({ step }) => step)).toEqual([40, 41, 60]);
    expect([entry.parent, entry.costs.first[0], history.at(39, "total"), history.at(40, "total")]).toEqual([parent, 1 / 41, NaN, 1 / 41]);
  });

  it("of a sweep keeps its newest checkpoint alone, and no frames", async () => {
    const store = open(new Disk());
    const group = { id: "g", title: "β × layers", label: "row 1, column 2" };
    const id = await finished(store, { light: true, group });
    const { record, frames, entry } = (await store.open(id))!;
    expect([record.checkpoints.map(({ step }) => step), frames, entry.group]).toEqual([[40], [], group]);
    expect(entry.thumbnail).not.toBeNull();
  });

  it("has at most 48 frames, spread evenly over its steps", async () => {
    const store = open(new Disk());
    const config = someConfig({ settings: { ...someConfig().settings, steps: 10 } });
    const run = begin(store, { config });
    for (let step = 1; step <= 120; step++) run.go(step, { state: "paused" });
    run.go(121, { state: "finished" });
    await run.keeper.ended();
    const frames = await store.frames(run.keeper.id);
    const gaps = frames.slice(1).map(({ step }, i) => step - frames[i].step);
    expect(frames.length).toBe(MOST_FRAMES);
    expect([frames[0].step, frames.at(-1)!.step]).toEqual([1, 121]);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(4);
  });

  it("loses nothing that was written when the page is gone in a moment", async () => {
    const disk = new Disk();
    const store = open(disk);
    const run = begin(store);
    run.go(1);
    await run.keeper.flush();
    run.go(5);
    run.keeper.leave();
    const later = open(disk);
    expect((await later.open(run.keeper.id))!.record.checkpoints.at(-1)!.step).toBe(5);
    expect((await later.open(run.keeper.id))!.history.length).toBe(5);
  });
});

describe("the list of runs", () => {
  it("is newest first; names and stars stay while the run goes on, and other pages see them", async () => {
    const disk = new Disk();
    const store = open(disk, "shared");
    const other = open(disk, "shared");
    const run = begin(store);
    run.go(1);
    await run.keeper.flush();
    await pause(3);
    const second = await finished(store);
    expect((await other.list()).map(({ id }) => id)).toEqual([second, run.keeper.id]);
    const heard: unknown[] = [];
    store.addEventListener("runs", (event) => heard.push((event as CustomEvent).detail));
    await other.update(run.keeper.id, { name: "Waves", starred: true });
    await until(() => heard.length > 0);
    run.go(30, { state: "finished" });
    await run.keeper.ended();
    expect(await store.get(run.keeper.id)).toMatchObject({ name: "Waves", starred: true, step: 30 });
    await until(async () => (await other.get(run.keeper.id))!.step === 30);
    expect(heard[0]).toEqual([run.keeper.id]);
  });

  it("counts a picture that several runs use to none of them, and once to all", async () => {
    const store = open(new Disk());
    const first = await finished(store);
    const alone = (await store.get(first))!.bytes;
    await finished(store, { config: someConfig({ style: somePicture(9, 10, 10) }) });
    const shared = 16 * 12 * 12;
    expect((await store.get(first))!.bytes).toBe(alone - shared);
    const { runs, bytes } = await store.usage();
    expect([runs, bytes]).toEqual([2, (await store.list()).reduce((sum, one) => sum + one.bytes, shared)]);
  });

  it("of a notebook goes with it to its new name", async () => {
    const store = open(new Disk());
    await finished(store);
    const other = await finished(store, { notebook: "another" });
    await store.moveNotebook("first-transfer", "waves");
    expect((await store.list()).map(({ notebook }) => notebook).sort()).toEqual(["another", "waves"]);
    expect((await store.get(other))!.notebook).toBe("another");
  });
});

describe("runs that are deleted", () => {
  it("come back as they were, the last ones first, as long as the page is open", async () => {
    const store = open(new Disk());
    const ids = [await finished(store), await finished(store), await finished(store)];
    await store.update(ids[0], { name: "the first" });
    const before = await store.list();
    await store.remove([ids[0]]);
    await store.remove([ids[1], ids[2]]);
    expect(await store.list()).toEqual([]);
    expect(await store.open(ids[0])).toBeNull();
    expect((await store.undoRemove()).sort()).toEqual([ids[1], ids[2]].sort());
    expect(await store.undoRemove()).toEqual([ids[0]]);
    expect(await store.undoRemove()).toEqual([]);
    expect(await store.list()).toEqual(before);
    expect((await store.open(ids[0]))!.record.checkpoints.length).toBe(3);
  });

  it("leave nothing behind for good, but the pictures that other runs use", async () => {
    const disk = new Disk();
    const store = open(disk);
    const style = somePicture(9, 10, 10);
    const gone = await finished(store, { config: someConfig({ style }) });
    const stays = await finished(store);
    await store.update(stays, { starred: true });
    const freed = await store.free("unstarred");
    expect(freed).toBeGreaterThan(12 * 10 * 10 + 3 * 36 * 16 * 12);
    expect((await disk.keys("")).filter((key) => key.includes(gone))).toEqual([]);
    expect(await disk.keys("picture/")).toHaveLength(2);
    expect(await store.open(stays)).not.toBeNull();
  });

  it("are kept no more when they are still going, here or in another page, though they go on", async () => {
    const disk = new Disk();
    const [mine, other] = [open(disk, "two pages"), open(disk, "two pages")];
    const run = begin(mine);
    run.go(1);
    await run.keeper.flush();
    await other.remove([run.keeper.id]);
    await until(async () => !(await mine.goesOn(run.keeper.id)));
    run.go(20, { state: "finished" });
    await pause(20);
    expect([await mine.list(), await other.list()]).toEqual([[], []]);
  });
});

describe("room", () => {
  it("is made beyond the cap: checkpoints of the oldest go first, then those runs; not what has a star or is going; and it is said", async () => {
    const checkpoint = 36 * 40 * 32;
    const config = someConfig({ content: somePicture(1, 40, 32) });
    const store = open(new Disk(), undefined, { cap: 12.5 * checkpoint });
    const told: string[] = [];
    store.addEventListener("freed", (event) => told.push((event as CustomEvent<string>).detail));
    const starred = await finished(store, { config });
    await store.update(starred, { starred: true });
    const old = [await finished(store, { config }), await finished(store, { config })];
    expect(told).toEqual([]);
    const newer = await finished(store, { config });
    const steps = async (id: string) => (await store.open(id))?.record.checkpoints.map(({ step }) => step);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^Kept runs took more room than they may\. .*steps on the way of/);
    expect([await steps(starred), await steps(old[0]), await steps(newer)]).toEqual([[1, 20, 40], [40], [1, 20, 40]]);
    for (let i = 0; i < 3; i++) await finished(store, { config });
    expect(await steps(old[0])).toBeUndefined();
    expect(await steps(starred)).toEqual([1, 20, 40]);
    expect(told.at(-1)).toMatch(/as a whole/);
    expect((await store.usage()).bytes).toBeLessThan(12.5 * checkpoint);
  });

  it("is freed of what a run can do without on request, and such a run goes on all the same", async () => {
    const store = open(new Disk());
    const id = await finished(store);
    const before = (await store.get(id))!.bytes;
    expect(await store.usage()).toMatchObject({ runs: 1, checkpoints: 2 * 36 * 16 * 12, unstarred: { runs: 1, bytes: before } });
    expect(await store.free("checkpoints")).toBe(2 * 36 * 16 * 12);
    expect((await store.get(id))!.bytes).toBe(before - 2 * 36 * 16 * 12);
    expect((await store.open(id))!.record.checkpoints.map(({ step }) => step)).toEqual([40]);
  });

  it("on a disk that is full: the run goes on, its costs are kept, and the page says what is not; later all of it", async () => {
    const disk = new Disk();
    const store = open(disk);
    const run = begin(store);
    run.go(1);
    await run.keeper.flush();
    disk.room = 6000;
    run.go(9);
    await run.keeper.flush();
    expect(store.problem).toBe("Of the run “cat × great-wave” the costs are kept, and not its newest pictures: the browser gives this page no more room. The run itself goes on. Free some room under “Storage”.");
    expect([(await store.get(run.keeper.id))!.step, (await store.open(run.keeper.id))!.record.checkpoints.at(-1)!.step]).toEqual([9, 1]);
    disk.room = 0;
    run.go(12);
    await run.keeper.flush();
    expect(store.problem).toMatch(/^The run “cat × great-wave” is not kept: the browser gives this page no more room\. The run itself goes on/);
    disk.room = Infinity;
    run.go(20, { state: "finished" });
    await run.keeper.ended();
    expect(store.problem).toBe("");
    expect((await store.open(run.keeper.id))!.record.checkpoints.map(({ step }) => step)).toEqual([1, 9, 12, 20]);
  });

  it("is found on a full disk by deleting for good what was deleted before", async () => {
    const disk = new Disk();
    const store = open(disk);
    const gone = await finished(store);
    await store.remove([gone]);
    let failures = 1;
    const write = disk.write.bind(disk);
    disk.write = async (entries) => {
      if (failures-- > 0) throw new DOMException("no room", "QuotaExceededError");
      return write(entries);
    };
    await finished(store);
    expect(store.problem).toBe("");
    expect(await store.undoRemove()).toEqual([]);
    expect((await disk.keys("")).filter((key) => key.includes(gone))).toEqual([]);
  });

  it("is none where the browser keeps nothing: then runs are kept as long as the page is open, and that is said", async () => {
    const disk = new Disk();
    disk.get = async () => {
      throw new DOMException("denied", "SecurityError");
    };
    const store = open(disk);
    const id = await finished(store);
    expect((await store.open(id))!.entry.step).toBe(40);
    expect(store.problem).toMatch(/^This browser lets the page keep nothing/);
    expect(await disk.keys("")).toEqual([]);
  });
});

describe("many runs", () => {
  it("500 of them are listed at once, and after one has changed again", async () => {
    const disk = new Disk();
    const store = open(disk);
    const entry = await store.get(await finished(store));
    const [[, kept]] = await disk.entries("entry/");
    await disk.write(Array.from({ length: 499 }, (_, i) => [`entry/${i}`, { ...(kept as object), id: `${i}`, created: entry!.created - i, thumbnail: new Uint8Array(4000) }] as const));
    const later = open(disk);
    await later.get("nothing");
    const begun = performance.now();
    expect((await later.list()).length).toBe(500);
    await later.update("7", { name: "the seventh" });
    expect((await later.list()).find(({ id }) => id === "7")!.name).toBe("the seventh");
    expect(performance.now() - begun).toBeLessThan(200);
  });
});

describe("a history that was kept in pieces", () => {
  it("is the same when columns come and go and the run goes back", async () => {
    const store = open(new Disk());
    const run = begin(store);
    run.go(1);
    run.go(250);
    await run.keeper.flush();
    const other: Partial<ReturnType<typeof batchAt>> = { columns: ["total", "block2_conv1"], costs: Float64Array.from({ length: 2 * 300 }, (_, i) => i) };
    run.go(550, other);
    await run.keeper.flush();
    run.go(300, { first: 240 });
    await run.keeper.flush();
    const { history } = (await store.open(run.keeper.id))!;
    const expected: CostHistory = run.what.history;
    expect(history.length).toBe(300);
    for (const name of expected.columns) expect([name, history.column(name)]).toEqual([name, expected.column(name).some(Number.isFinite) ? expected.column(name) : new Float64Array(0)]);
    run.keeper.close();
  });
});
