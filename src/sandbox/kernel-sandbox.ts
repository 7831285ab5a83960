/** The page's side of the worker that kernel cells run in: starts it, watches it, and starts it again when a cell had to be ended. */
import { CellCrashError, CodeRunError, SandboxRestartedError } from "./errors";
import { hide, makeFrame } from "./host";
import type { KernelFrameMessage } from "./kernel-frame";
import { KernelValue, type ValueHome } from "./kernel-value";
import type { Limits } from "./limits";
import { PageRun } from "./page-run";
import type { FromKernel, ToKernel, Wire } from "./protocol";
import { Reads } from "./reads";
import type { CodeItem, CodeRun, CodeRunner } from "./runs";
import { Watch } from "./watch";

export interface KernelSurroundings {
  file(path: string): Promise<Blob | ArrayBuffer>;
  limits: Limits;
  /** the worker is gone, and with it what these cells had computed */
  restarted(keys: string[]): void;
}

/** As tfjs counts. */
export interface SandboxMemory {
  tensors: number;
  bytes: number;
}

const GONE = "This value is gone: a cell had to be ended, and all that was kept beside it went with it. It is computed again.";
const ADVICE = "Is there a loop that never ends? A long computation does better as a stream (function*) that yields now and then.";

/** One life of the worker. Values that stay in it name it as their home. */
class Life implements ValueHome {
  readonly reads = new Reads();
  port: MessagePort | null = null;
  ready = false;
  over = false;
  /** what waits until the worker is ready */
  private readonly waiting: (() => void)[] = [];

  /** @param refused the message holds what cannot be posted */
  send(message: ToKernel, refused: (error: Error) => void = () => {}): void {
    if (!this.ready) return void this.waiting.push(() => this.send(message, refused));
    try {
      this.port!.postMessage(message);
    } catch (error) {
      refused(error as Error);
    }
  }

  begin(): void {
    this.ready = true;
    for (const send of this.waiting.splice(0)) send();
  }

  read(handle: number): Promise<unknown> {
    if (this.over) return Promise.reject(new Error(GONE));
    return this.reads.ask((request) => this.send({ type: "read", request, handle }));
  }
}

export class KernelSandbox implements CodeRunner {
  private life: Life | null = null;
  private frame: HTMLIFrameElement | null = null;
  private readonly runs = new Map<number, PageRun>();
  private lastId = 0;
  private running: number | null = null;
  /** who was in its code last */
  private lastRunning: number | null = null;
  private heard = 0;
  private free = 0;
  private readonly watch: Watch;

  constructor(private readonly around: KernelSurroundings) {
    this.watch = new Watch(around.limits.silence, (slept) => this.check(slept));
  }

  run(request: CodeRun, { signal }: { signal: AbortSignal }): AsyncIterable<CodeItem> {
    const run = new PageRun(++this.lastId, request, signal);
    for (const other of this.runs.values()) if (other.request.key === request.key && !other.ended) this.drop(other, new DOMException("The cell was run again.", "AbortError"));
    if (signal.aborted) run.end(signal.reason);
    else this.begin(run);
    return run.items();
  }

  /** Seconds that the cell's code has been running without giving way; 0 if it is not. */
  busyFor(key: string): number {
    const run = this.running === null ? undefined : this.runs.get(this.running);
    return run && !run.ended && run.request.key === key ? (performance.now() - this.free) / 1000 : 0;
  }

  /** What all cells together hold in the worker; nothing if it is not running. */
  async memory(): Promise<SandboxMemory> {
    const { life } = this;
    if (!life || life.over) return { tensors: 0, bytes: 0 };
    return (await life.reads.ask((request) => life.send({ type: "memory", request }))) as SandboxMemory;
  }

  /** Lets a stream end after its present step; what it gave stays. */
  finish(key: string): void {
    const run = [...this.runs.values()].find((one) => one.request.key === key && !one.ended);
    if (run) this.life?.send({ type: "finish", id: run.id });
  }

  /** Ends a cell's run: alone if the worker still listens, else with all others. */
  stop(key: string): void {
    const run = [...this.runs.values()].find((one) => one.request.key === key && !one.ended);
    if (!run) return;
    const error = new CellCrashError(`“${run.request.label}” was stopped.`);
    if (this.busyFor(key) > 1) this.restart(run, error);
    else this.drop(run, error);
  }

  /** Ends the worker. All that ran or was kept is gone; it starts again with the next run. */
  restart(culprit: PageRun | null, error?: Error): void {
    if (!this.life) return;
    const runs = [...this.runs.values()];
    this.runs.clear();
    this.end(new Error(GONE));
    for (const run of runs) {
      const other = new SandboxRestartedError(culprit ? `“${culprit.request.label}” had to be ended, and this cell's result went with it. It is computed again.` : `The place where cells run was started anew. ${GONE}`);
      run.end(run === culprit ? error : other);
    }
    this.around.restarted(runs.filter((run) => run !== culprit).map(({ request }) => request.key));
  }

  private begin(run: PageRun): void {
    const life = (this.life ??= this.start());
    const inputs: Record<string, Wire> = {};
    for (const [name, value] of Object.entries(run.request.inputs)) {
      if (!(value instanceof KernelValue)) inputs[name] = { plain: value };
      else if (value.home === life) inputs[name] = { handle: value.handle };
      else return run.end(value.home instanceof Life ? new SandboxRestartedError(GONE) : new Error(`“${name}” is made by a js cell and stays there. Kernel cells can read what is plain data: numbers, texts, arrays and objects of these.`));
    }
    this.runs.set(run.id, run);
    run.signal.addEventListener("abort", () => this.drop(run, run.signal.reason), { once: true });
    const { id, request } = run;
    life.send({ type: "run", id, label: request.label, kind: request.compiled.kind, code: request.compiled.code, inputs }, (error) =>
      this.drop(run, new Error(`A value that “${request.label}” reads cannot be handed to a kernel cell: ${error.message}`)),
    );
    this.heard = this.free = performance.now();
    this.watch.start();
  }

  /** Releases what a run holds, and ends its iteration if it has not ended. */
  private drop(run: PageRun, reason: unknown): void {
    run.end(reason);
    if (this.runs.delete(run.id)) this.life?.send({ type: "abort", id: run.id });
  }

  private start(): Life {
    const life = new Life();
    const starting = async () => {
      const [{ default: text }, { default: worker }] = await Promise.all([import("./kernel-frame.ts?bundle-text"), import("./kernel-worker.ts?bundle-text")]);
      const { bytes, patience } = this.around.limits;
      return { text, settings: { worker, settings: { bytes, patience } } };
    };
    const failed = ({ message }: { message: string }) => void (life === this.life && this.fail(message));
    const started = (port: MessagePort) => {
      port.onmessage = ({ data, ports }: MessageEvent<KernelFrameMessage>) => {
        if (data.type === "failed") return failed(data);
        life.port = ports[0];
        life.port.onmessage = ({ data }: MessageEvent<FromKernel>) => life === this.life && this.receive(life, data);
      };
    };
    const frame = (this.frame = makeFrame("where kernel cells compute", { starting, started, failed }));
    hide(frame);
    document.body.append(frame);
    return life;
  }

  private end(error: Error): void {
    const { life } = this;
    this.frame?.remove();
    this.frame = this.life = null;
    this.running = this.lastRunning = null;
    this.watch.stop();
    if (!life) return;
    life.over = true;
    life.reads.fail(error);
  }

  /** The worker did not start. */
  private fail(message: string): void {
    const runs = [...this.runs.values()];
    this.runs.clear();
    this.end(new Error(GONE));
    for (const run of runs) run.end(new Error(`Kernel cells cannot run here: ${message}`));
  }

  private receive(life: Life, message: FromKernel): void {
    this.heard = performance.now();
    switch (message.type) {
      case "ready":
        this.free = this.heard;
        life.begin();
        break;
      case "failed":
        this.fail(message.message);
        break;
      case "beat":
        if (message.free || this.running === null) this.free = this.heard;
        this.running = message.run;
        if (message.run !== null) this.lastRunning = message.run;
        break;
      case "file":
        void this.answer(life, message.request, message.path);
        break;
      case "value":
      case "no-value":
        life.reads.answer(message);
        break;
      case "item":
        this.runs.get(message.id)?.put(message, life);
        break;
      case "done":
        this.runs.get(message.id)?.end();
        break;
      case "error": {
        const run = this.runs.get(message.id);
        this.runs.delete(message.id);
        run?.end(new CodeRunError(message.name, message.message, message.line));
      }
    }
    if (life.ready && [...this.runs.values()].every(({ ended }) => ended)) this.watch.stop();
  }

  private async answer(life: Life, request: number, path: string): Promise<void> {
    try {
      const file = await this.around.file(path);
      life.port!.postMessage({ type: "file", request, file } satisfies ToKernel);
    } catch (error) {
      life.port!.postMessage({ type: "no-file", request, message: (error as Error).message } satisfies ToKernel);
    }
  }

  /** Ends a cell that neither computes a tensor nor gives way, or does not give way for much too long. */
  private check(slept: number): void {
    this.heard += slept;
    this.free += slept;
    if (!this.life?.ready) return;
    const now = performance.now();
    const { silence, piece } = this.around.limits;
    const silent = (now - this.heard) / 1000 > silence;
    if (!silent && !(this.running !== null && (now - this.free) / 1000 > piece)) return;
    const culprit = this.runs.get(this.running ?? this.lastRunning ?? -1) ?? [...this.runs.values()].filter(({ ended }) => !ended).at(-1) ?? null;
    const what = silent ? `did not give way for ${silence} s (or ran out of memory)` : `ran for ${piece} s in one piece`;
    this.restart(culprit, new CellCrashError(`“${culprit?.request.label ?? "A cell"}” ${what} and had to be ended; the results of the other kernel cells went with it and are computed again. ${ADVICE}`));
  }
}
