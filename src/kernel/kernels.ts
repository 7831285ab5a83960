/** Both workers of a page: choosing what they compute on, and putting them back when one is lost. */
import { get, set } from "idb-keyval";
import { KernelClient } from "./kernel-client";
import type { BackendName, BackendStatus } from "./protocol";

export interface AvailableBackend {
  backend: BackendName;
  /** one calibration convolution; null if it was not measured or does not start */
  seconds: number | null;
  /** why it is not offered, or what to know; empty if there is nothing to say */
  note: string;
}

export interface KernelsStatus {
  state: "starting" | "ready" | "failed";
  message: string;
  engine: BackendStatus | null;
  lab: BackendStatus | null;
  available: AvailableBackend[];
}

/** A backend that takes longer than this for the calibration is of no use here, in ms. */
const CALIBRATION_LIMIT = 4000;
/** A GPU has to be this much faster than wasm to be chosen: its first steps compile shaders, and wasm can be replayed bit for bit. */
const WORTH_A_GPU = 1.5;
const STATUS_INTERVAL = 2000;
const NO_BACKEND = "No backend starts in this browser, not even the plain JavaScript one. Reload the page or try another browser.";

/** Dispatches "status" whenever `status` has changed. */
export class Kernels extends EventTarget {
  readonly engine: KernelClient;
  readonly lab: KernelClient;
  status: KernelsStatus = { state: "starting", message: "starting the workers", engine: null, lab: null, available: [] };
  private readonly lost = new Set<BackendName>();
  private engineStarting: Promise<void> | null = null;
  private chosen: BackendName | undefined;

  constructor(private readonly make: (role: string) => Worker) {
    super();
    this.engine = new KernelClient("engine", () => make("engine"));
    this.lab = new KernelClient("lab", () => make("lab"));
    this.engine.addEventListener("lost", (event) => void this.replaceEngine((event as CustomEvent<string>).detail));
    this.lab.addEventListener("lost", () => void this.startLab().catch((error: Error) => this.tell({ state: "failed", message: error.message })));
  }

  /**
   * Starts both workers: the engine on what the person chose or what was fastest when this machine was measured. A machine
   * that was never measured starts on wasm and is measured behind the scenes, so that nobody waits for it.
   */
  async start(): Promise<void> {
    let known: AvailableBackend[] | undefined;
    try {
      await this.startLab();
      known = await get<AvailableBackend[]>(this.calibrationKey).catch(() => undefined);
      if (known) this.tell({ available: known });
      this.chosen = await get<BackendName>("backend").catch(() => undefined);
      this.engineStarting = this.startEngine(this.chosen ?? (known ? this.fastest() : "wasm"));
      await this.engineStarting;
    } catch (error) {
      this.tell({ state: "failed", message: (error as Error).message });
      return;
    }
    setInterval(() => void this.refresh(), STATUS_INTERVAL);
    if (!known) await this.calibrate();
  }

  /** Moves the engine to another backend and remembers it. Runs go on from their last checkpoint. */
  async switchBackend(backend: BackendName): Promise<void> {
    this.lost.delete(backend);
    this.chosen = backend;
    await this.moveEngine(backend);
    if (this.engine.status?.backend === backend) await set("backend", backend).catch(() => {});
  }

  private async moveEngine(backend: BackendName): Promise<void> {
    this.engine.stop("The engine moves to another backend.");
    this.tell({ engine: null, message: `starting ${backend}` });
    this.engineStarting = this.startEngine(backend);
    await this.engineStarting;
  }

  /** Resolves when the engine is there (again). */
  async engineReady(): Promise<void> {
    for (let current: Promise<void> | null = null; current !== this.engineStarting; ) await (current = this.engineStarting);
  }

  private async startLab(): Promise<void> {
    // views are small and must not wait for a busy GPU
    const lab = await this.lab.start("wasm").catch(() => this.lab.start("cpu")).catch(() => {
      throw new Error(NO_BACKEND);
    });
    this.tell({ lab });
  }

  private async startEngine(wanted: BackendName): Promise<void> {
    const order = [wanted, ...this.byspeed().filter((b) => b !== wanted)];
    for (const backend of order) {
      if (this.lost.has(backend)) continue;
      try {
        const engine = await this.engine.start(backend);
        this.tell({ state: "ready", engine, message: backend === wanted ? "" : `${wanted} did not start; on ${backend} instead` });
        return;
      } catch (error) {
        this.lost.add(backend);
        this.note(backend, (error as Error).message);
      }
    }
    throw new Error(NO_BACKEND);
  }

  private async replaceEngine(reason: string): Promise<void> {
    const backend = this.status.engine?.backend ?? "webgl";
    // wasm can be started again after a crash; a GPU that was lost once may be lost again
    if (backend === "webgl" || backend === "webgpu") this.lost.add(backend);
    this.note(backend, `lost: ${reason}`);
    this.tell({ engine: null, message: reason });
    this.engineStarting = this.startEngine(this.byspeed().find((b) => !this.lost.has(b)) ?? "cpu");
    await this.engineStarting.catch((error: Error) => this.tell({ state: "failed", message: error.message }));
  }

  private byspeed(): BackendName[] {
    const measured = this.status.available.filter((a) => a.seconds !== null).sort((a, b) => a.seconds! - b.seconds!).map((a) => a.backend);
    return [...new Set<BackendName>([...measured, "wasm", "cpu"])];
  }

  /** wasm, unless a GPU was measured to be clearly faster. */
  private fastest(): BackendName {
    const seconds = (name: BackendName) => this.status.available.find((a) => a.backend === name)?.seconds ?? Infinity;
    const [best] = this.byspeed();
    return best === "wasm" || seconds("wasm") > WORTH_A_GPU * seconds(best) ? best : "wasm";
  }

  private async calibrate(): Promise<void> {
    const before = this.status.message;
    const available: AvailableBackend[] = [];
    for (const backend of ["wasm", "webgl", "webgpu"] as const) {
      this.tell({ message: `measuring ${backend}` });
      available.push(await this.measure(backend));
    }
    available.push({ backend: "cpu", seconds: null, note: "plain JavaScript: slow, works everywhere" });
    this.tell({ available, message: before });
    await set(this.calibrationKey, available).catch(() => {});
    // somebody's run is not moved to another backend behind their back, nor is a choice overruled
    const best = this.fastest();
    if (!this.chosen && !this.engine.busy && best !== this.engine.status?.backend) await this.moveEngine(best).catch(() => {});
  }

  private get calibrationKey(): string {
    return `calibration ${navigator.userAgent} ${navigator.hardwareConcurrency} ${self.crossOriginIsolated}`;
  }

  /** In a worker of its own, so that a backend that hangs or crashes takes nothing with it. */
  private async measure(backend: BackendName): Promise<AvailableBackend> {
    const trial = new KernelClient("lab", () => this.make("calibration"));
    let timer = 0;
    const limit = new Promise<never>((_, reject) => {
      timer = self.setTimeout(() => reject(new Error("too slow here to be of use")), CALIBRATION_LIMIT);
    });
    try {
      const seconds = await Promise.race([trial.start(backend).then(() => trial.call("calibrate", {})), limit]);
      return { backend, seconds, note: "" };
    } catch (error) {
      return { backend, seconds: null, note: (error as Error).message };
    } finally {
      clearTimeout(timer);
      trial.stop();
    }
  }

  private async refresh(): Promise<void> {
    if (document.hidden || !this.engine.status) return;
    const [engine, lab] = await Promise.all([this.engine.call("status", {}), this.lab.call("status", {})]).catch(() => [null, null]);
    if (engine && lab) this.tell({ engine, lab });
  }

  private note(backend: BackendName, note: string): void {
    this.tell({ available: this.status.available.map((a) => (a.backend === backend ? { ...a, note } : a)) });
  }

  private tell(change: Partial<KernelsStatus>): void {
    this.status = { ...this.status, ...change };
    this.dispatchEvent(new Event("status"));
  }
}

/** Starts both workers of the page. @param make a new worker of the kernel, with that name */
export function startKernels(make: (name: string) => Worker): Kernels {
  const kernels = new Kernels(make);
  void kernels.start();
  return kernels;
}
