import { afterEach, expect, test } from "vitest";
import { KernelClient, KernelError, KernelLostError } from "../../src/kernel/kernel-client";
import { serve, type StreamContext } from "../../src/kernel/endpoint";
import type { PageMessage, WorkerMessage } from "../../src/kernel/protocol";

class FakeBitmap {}
Object.assign(globalThis, { ImageBitmap: FakeBitmap });

/** A worker in this thread: the real endpoint behind a pair of queues. */
class FakeWorker {
  onmessage: ((event: { data: WorkerMessage }) => void) | null = null;
  onerror: ((event: { preventDefault(): void; message: string }) => void) | null = null;
  terminated = false;
  readonly heard: PageMessage[] = [];
  aborted: string[] = [];
  private readonly deliver = serve({
    calls: {
      status: () => ({ backend: "cpu" }),
      calibrate: async (_: never, { signal }) => new Promise((resolve) => signal.addEventListener("abort", () => (this.aborted.push("calibrate"), resolve(0)))),
      "picture.close": () => { throw new RangeError("nothing to close"); },
    },
    streams: {
      run: async (_: never, { emit, signal, onControl }: StreamContext) => {
        emit(1);
        await new Promise<void>((resolve) => {
          onControl((message) => (emit(message), resolve()));
          signal.addEventListener("abort", () => (this.aborted.push("run"), resolve()));
        });
        emit("last");
      },
    },
  }, (message) => this.say(message));

  postMessage(message: PageMessage): void {
    this.heard.push(message);
    queueMicrotask(() => {
      if (message.type === "start") this.say({ type: "ready", status: { backend: message.backend, threads: 1, tensors: 0, bytes: 0, heapBytes: 0 } });
      else this.deliver(message);
    });
  }
  say(message: WorkerMessage): void {
    queueMicrotask(() => !this.terminated && this.onmessage?.({ data: message }));
  }
  terminate(): void {
    this.terminated = true;
  }
}

const workers: FakeWorker[] = [];
const client = () => new KernelClient("engine", () => {
  const worker = new FakeWorker();
  workers.push(worker);
  return worker as unknown as Worker;
});
afterEach(() => void workers.splice(0));
const run = { config: null as never };
const rest = () => new Promise((resolve) => setTimeout(resolve, 5));

test("a call that is made before the worker is ready waits for it", async () => {
  const kernel = client();
  const call = kernel.call("status", {});
  await kernel.start("cpu");
  expect(await call).toEqual({ backend: "cpu" });
});

test("an error in the worker rejects the call with its name and message", async () => {
  const kernel = client();
  await kernel.start("cpu");
  const error = await kernel.call("picture.close", { id: 1 }).catch((e: Error) => e);
  expect(error).toBeInstanceOf(KernelError);
  expect(error).toMatchObject({ name: "RangeError", message: "nothing to close" });
});

test("a method that the worker does not have is named, with those it has", async () => {
  const kernel = client();
  await kernel.start("cpu");
  await expect(kernel.call("nothing" as "status", {})).rejects.toThrow(/no method "nothing".*status, calibrate/);
});

test("aborting a call rejects it at once and aborts the work", async () => {
  const kernel = client();
  await kernel.start("cpu");
  const abort = new AbortController();
  const call = kernel.call("calibrate", {}, { signal: abort.signal });
  await rest();
  abort.abort(new Error("no longer wanted"));
  await expect(call).rejects.toThrow("no longer wanted");
  await rest();
  expect(workers[0].aborted).toEqual(["calibrate"]);
});

test("a stream gives its items in order, takes control messages, and ends", async () => {
  const kernel = client();
  await kernel.start("cpu");
  const stream = kernel.stream("run", run);
  const items: unknown[] = [];
  for await (const item of stream) {
    items.push(item);
    if (items.length === 1) stream.control({ kind: "pause" });
  }
  expect(items).toEqual([1, { kind: "pause" }, "last"]);
});

test("a control message to a stream that waits for its worker reaches it when it begins", async () => {
  const kernel = client();
  const stream = kernel.stream("run", run);
  const items: unknown[] = [];
  const done = (async () => { for await (const item of stream) items.push(item); })();
  stream.control({ kind: "stop" });
  await kernel.start("cpu");
  await done;
  expect(items).toEqual([1, { kind: "stop" }, "last"]);
});

test("leaving a stream's loop ends the work in the worker", async () => {
  const kernel = client();
  await kernel.start("cpu");
  for await (const _ of kernel.stream("run", run)) break;
  await rest();
  expect(workers[0].aborted).toEqual(["run"]);
  expect(kernel.busy).toBe(false);
});

test("when the worker is lost, what was under way is rejected with KernelLostError, and who listens is told", async () => {
  const kernel = client();
  await kernel.start("webgl");
  let told = "";
  kernel.addEventListener("lost", (event) => (told = (event as CustomEvent<string>).detail));
  const call = kernel.call("calibrate", {}).catch((e: Error) => e);
  const stream = (async () => { for await (const _ of kernel.stream("run", run)); })().catch((e: Error) => e);
  await rest();
  workers[0].say({ type: "lost", message: "WebGL lost its context" });
  expect(await call).toBeInstanceOf(KernelLostError);
  expect(await stream).toBeInstanceOf(KernelLostError);
  expect(told).toBe("WebGL lost its context");
  expect(workers[0].terminated).toBe(true);
});

test("a step that finds the GPU gone counts as a lost worker, not as a failed run", async () => {
  const kernel = client();
  await kernel.start("webgl");
  const call = kernel.call("calibrate", {}).catch((e: Error) => e);
  await rest();
  const { id } = workers[0].heard.at(-1) as { id: number };
  workers[0].say({ type: "error", id, name: "GpuLostError", message: "The GPU was lost." });
  expect(await call).toBeInstanceOf(KernelLostError);
});

test("a worker that does not start rejects, and calls that wait go to the next one", async () => {
  const kernel = client();
  const starting = kernel.start("webgpu");
  workers[0].terminated = true;
  workers[0].onmessage!({ data: { type: "failed", message: "no adapter" } });
  await expect(starting).rejects.toThrow("no adapter");
  const call = kernel.call("status", {});
  await kernel.start("cpu");
  expect(await call).toEqual({ backend: "cpu" });
});

test("a worker whose code cannot be loaded rejects the start and is not started again and again", async () => {
  const kernel = client();
  let lost = 0;
  kernel.addEventListener("lost", () => lost++);
  const starting = kernel.start("cpu");
  workers[0].terminated = true;
  workers[0].onerror!({ preventDefault() {}, message: "" });
  await expect(starting).rejects.toThrow(/engine worker failed: its code could not be loaded/);
  expect(lost).toBe(0);
});
