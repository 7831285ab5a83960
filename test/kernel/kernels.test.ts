import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { BackendName, PageMessage, WorkerMessage } from "../../src/kernel/protocol";

const store = new Map<string, unknown>();
vi.mock("idb-keyval", () => ({ get: async (key: string) => store.get(key), set: async (key: string, value: unknown) => void store.set(key, value) }));
const { Kernels } = await import("../../src/kernel/kernels");

/** Seconds of one calibration by backend; a backend that is not named does not start. */
let speeds: Partial<Record<BackendName, number>>;
const workers: FakeWorker[] = [];

class FakeWorker {
  onmessage: ((event: { data: WorkerMessage }) => void) | null = null;
  backend: BackendName | null = null;
  terminated = false;
  constructor(readonly role: string) {
    workers.push(this);
  }
  postMessage(message: PageMessage): void {
    if (message.type === "start") {
      this.backend = message.backend;
      if (speeds[message.backend] === undefined) this.say({ type: "failed", message: `there is no ${message.backend} here` });
      else this.say({ type: "ready", status: { backend: message.backend, threads: 1, tensors: 0, bytes: 0, heapBytes: 0 } });
    } else if (message.type === "call" && message.method === "calibrate") this.say({ type: "result", id: message.id, value: speeds[this.backend!] });
  }
  say(message: WorkerMessage): void {
    setTimeout(() => !this.terminated && this.onmessage?.({ data: message }));
  }
  terminate(): void {
    this.terminated = true;
  }
}

/** @param ready called the moment the engine is there, before anything has been measured */
async function start(ready?: (kernels: InstanceType<typeof Kernels>) => void): Promise<InstanceType<typeof Kernels>> {
  const kernels = new Kernels((role) => new FakeWorker(role) as unknown as Worker);
  const look = () => {
    if (kernels.status.state !== "ready") return;
    kernels.removeEventListener("status", look);
    ready?.(kernels);
  };
  kernels.addEventListener("status", look);
  await kernels.start();
  return kernels;
}
const engines = () => workers.filter(({ role, terminated }) => role === "engine" && !terminated).map(({ backend }) => backend);

beforeEach(() => {
  vi.stubGlobal("self", globalThis);
  vi.stubGlobal("document", { hidden: true });
  vi.stubGlobal("navigator", { userAgent: "a browser", hardwareConcurrency: 2 });
  speeds = { wasm: 0.01, cpu: 1 };
});
afterEach(() => {
  vi.unstubAllGlobals();
  store.clear();
  workers.splice(0);
});

describe("the backend of the engine", () => {
  test("is wasm at first, so that nobody waits for measurements, and moves to a GPU that is measured to be clearly faster", async () => {
    speeds = { wasm: 0.01, webgl: 0.002, webgpu: 0.004, cpu: 1 };
    let first = "";
    const kernels = await start(({ status }) => (first = status.engine!.backend));
    expect(first).toBe("wasm");
    expect(kernels.status.engine!.backend).toBe("webgl");
    expect(engines()).toEqual(["webgl"]);
    expect(kernels.status.available).toEqual([
      { backend: "wasm", seconds: 0.01, note: "" }, { backend: "webgl", seconds: 0.002, note: "" }, { backend: "webgpu", seconds: 0.004, note: "" },
      { backend: "cpu", seconds: null, note: expect.stringContaining("slow") },
    ]);
  });

  test("stays wasm where the GPU is slower or hardly faster, and where there is none", async () => {
    speeds = { wasm: 0.01, webgl: 0.3, webgpu: 0.008, cpu: 1 };
    expect((await start()).status.engine!.backend).toBe("wasm");
    store.clear();
    speeds = { wasm: 0.01, cpu: 1 };
    const kernels = await start();
    expect(kernels.status.engine!.backend).toBe("wasm");
    expect(kernels.status.available.find(({ backend }) => backend === "webgl")).toEqual({ backend: "webgl", seconds: null, note: "there is no webgl here" });
  });

  test("is measured once: the next visit starts at once on what was fastest", async () => {
    speeds = { wasm: 0.01, webgl: 0.002, cpu: 1 };
    await start();
    workers.splice(0);
    const kernels = await start();
    expect(workers.map(({ role, backend }) => `${role} ${backend}`)).toEqual(["lab wasm", "engine webgl"]);
    expect(kernels.status.engine!.backend).toBe("webgl");
  });

  test("is not changed behind the back of a run that is going", async () => {
    speeds = { wasm: 0.01, webgl: 0.002, cpu: 1 };
    const kernels = await start((k) => void k.engine.call("status", {}).catch(() => {}));
    expect(kernels.status.engine!.backend).toBe("wasm");
  });

  test("is what the person chose, now and at the next visit, whatever was measured", async () => {
    speeds = { wasm: 0.01, webgl: 0.002, cpu: 1 };
    const kernels = await start();
    await kernels.switchBackend("cpu");
    expect(kernels.status.engine!.backend).toBe("cpu");
    expect((await start()).status.engine!.backend).toBe("cpu");
  });

  test("that does not start is replaced by the next one, said so, and not remembered", async () => {
    const kernels = await start();
    await kernels.switchBackend("webgpu");
    expect(kernels.status).toMatchObject({ state: "ready", message: "webgpu did not start; on wasm instead" });
    expect(kernels.status.engine!.backend).toBe("wasm");
    expect(store.get("backend")).toBe(undefined);
  });

  test("when its GPU is lost, the engine comes back on what is left, and not on that GPU again", async () => {
    speeds = { wasm: 0.01, webgl: 0.002, cpu: 1 };
    const kernels = await start();
    workers.find(({ role, terminated }) => role === "engine" && !terminated)!.say({ type: "lost", message: "WebGL lost its context" });
    await vi.waitFor(() => expect(kernels.status.engine?.backend).toBe("wasm"));
    await kernels.engineReady();
    expect(kernels.status.available.find(({ backend }) => backend === "webgl")!.note).toBe("lost: WebGL lost its context");
  });

  test("of which there is none at all is said, with what to do", async () => {
    speeds = {};
    expect((await start()).status).toMatchObject({ state: "failed", message: expect.stringMatching(/No backend starts in this browser.*try another browser/) });
  });
});
