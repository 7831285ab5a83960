import { afterEach, describe, expect, it, vi } from "vitest";
import { Importer, NetworkStore, SOURCES, type ImportOrder } from "../../src/models/client";
import type { ImportMessage } from "../../src/models/import-job";
import { downloadKey } from "../../src/models/fingerprint";
import { Rate } from "../../src/models/rate";
import { MemoryDatabase } from "../../src/notebook/database";
import { thinCard } from "./support/kept";

/** What the page has of a worker. */
class FakeWorker {
  onmessage: ((event: { data: ImportMessage }) => void) | null = null;
  onerror: ((event: { preventDefault(): void }) => void) | null = null;
  order: ImportOrder | null = null;
  ended = false;

  postMessage(order: ImportOrder): void {
    this.order = order;
  }

  terminate(): void {
    this.ended = true;
  }

  say(data: ImportMessage): void {
    this.onmessage?.({ data });
  }
}

let store: NetworkStore;
let count = 0;
afterEach(() => store.close());

function begin(): { importer: Importer; workers: FakeWorker[]; store: NetworkStore } {
  const workers: FakeWorker[] = [];
  store = new NetworkStore(`client ${++count}`, new MemoryDatabase());
  const importer = new Importer(store, () => {
    workers.push(new FakeWorker());
    return workers.at(-1) as unknown as Worker;
  });
  return { importer, workers, store };
}

const file = new File(["x"], "weights.pth");

describe("bringing networks along", () => {
  it("has a worker of its own for each, that is ended when it is over", () => {
    const { importer, workers, store } = begin();
    const job = importer.importFiles([file], { id: "mine" });
    importer.makeCopy("mine", "fp16");
    expect(workers.map(({ order }) => order)).toEqual([
      { task: { kind: "files", files: [file], options: { id: "mine" } }, store: store.name },
      { task: { kind: "copy", id: "mine", how: "fp16", means: null }, store: store.name },
    ]);
    workers[0].say({ phase: "done", message: "" });
    expect([job.over, workers.map(({ ended }) => ended)]).toEqual([true, [true, false]]);
  });

  it("tells of every change, and lists what goes on until it is dismissed", () => {
    const { importer, workers } = begin();
    const told = vi.fn();
    importer.addEventListener("jobs", told);
    const job = importer.importFiles([file]);
    const changed = vi.fn();
    job.addEventListener("change", changed);
    workers[0].say({ phase: "converting", done: 5, of: 10 });
    expect([job.state.phase, job.state.done, changed.mock.calls.length, told.mock.calls.length]).toEqual(["converting", 5, 1, 2]);
    workers[0].say({ phase: "failed", message: "It is a photograph." });
    importer.dismiss(job);
    expect([importer.jobs, told.mock.calls.length]).toEqual([[], 4]);
  });

  it("pauses by ending the worker, and goes on with a new one; nothing that the old one said is heard any more", () => {
    const { importer, workers } = begin();
    const job = importer.download(SOURCES.vgg19);
    workers[0].say({ phase: "downloading", done: 5, of: 10, bytesPerSecond: 3, secondsLeft: 2 });
    job.pause();
    workers[0].say({ phase: "done" });
    expect([workers[0].ended, job.state]).toEqual([true, expect.objectContaining({ phase: "paused", done: 5, bytesPerSecond: 0, secondsLeft: null })]);
    job.resume();
    expect([workers.length, workers[1].order, job.state.phase]).toEqual([2, workers[0].order, "reading"]);
  });

  it("fetches a network once, however often it is asked for, and goes on where it paused or failed", () => {
    const { importer, workers } = begin();
    const job = importer.download(SOURCES.vgg19);
    expect([importer.download(SOURCES.vgg19), workers.length]).toEqual([job, 1]);
    for (const phase of ["paused", "failed"] as const) {
      workers.at(-1)!.say({ phase, message: "No connection." });
      expect([importer.download(SOURCES.vgg19), job.state.phase, job.state.message]).toEqual([job, "reading", ""]);
    }
    expect([workers.length, importer.jobs]).toEqual([3, [job]]);
  });

  it("goes on with what an earlier page began, if it can be fetched", () => {
    const { importer, workers } = begin();
    const draft = { key: "", title: "", origin: "", done: 0, of: 0, begun: 0 };
    expect(importer.goOn({ ...draft, source: null })).toBeNull();
    expect([importer.goOn({ ...draft, source: "vgg19" })?.task, workers.length]).toEqual([{ kind: "download", source: "vgg19" }, 1]);
  });

  it("forgets what has arrived when it is cancelled", async () => {
    const { importer, workers, store } = begin();
    const job = importer.download(SOURCES.vgg19);
    const card = thinCard();
    await store.begin({ id: "vgg19", card, origin: "", licence: "", memory: 0 }, { key: downloadKey("vgg19"), source: "vgg19" });
    expect(await store.drafts()).toHaveLength(1);
    job.cancel();
    expect([workers[0].ended, job.state.phase, job.state.message]).toEqual([true, "failed", "Cancelled. Nothing of it is kept."]);
    await vi.waitFor(async () => expect(await store.drafts()).toEqual([]));
  });

  it("survives a file that its worker does not", () => {
    const { importer, workers } = begin();
    const job = importer.importFiles([file]);
    const preventDefault = vi.fn();
    workers[0].onerror!({ preventDefault });
    expect([job.state.phase, workers[0].ended, preventDefault.mock.calls.length]).toEqual(["failed", true, 1]);
    expect(job.state.message).toMatch(/^The file could not be read: .*Nothing else was affected\.$/);
  });
});

describe("the speed that is shown", () => {
  it("is that of the last seconds", () => {
    const rate = new Rate(1000);
    expect(rate.perSecond).toBe(0);
    for (let at = 0; at <= 2000; at += 100) rate.add(at < 1000 ? at : 1000 + 10 * (at - 1000), at);
    expect(rate.perSecond).toBeCloseTo(10_000, -1);
    rate.clear();
    expect(rate.perSecond).toBe(0);
  });
});
