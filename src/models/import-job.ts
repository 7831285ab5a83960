import type { InputSpec } from "../nst/model-card";
import type { KeptNetwork } from "./kept-network";

/** What an import is asked to do: plain data, it goes to a worker as it is. */
export type ImportTask =
  | { kind: "files"; files: File[]; options: ImportOptions }
  | { kind: "download"; source: string }
  | { kind: "copy"; id: string; how: CopyKind; means: Record<string, Float32Array> | null }
  | { kind: "repair"; id: string };

export interface ImportOptions {
  /** another name than the one that the file suggests, as notebooks name the network */
  id?: string;
  /** how pixels are read, if not as the file's origin suggests */
  input?: InputSpec;
}

/** "rescaled": as in the paper, with average pooling, and every filter's mean activation 1. */
export type CopyKind = "fp16" | "int8" | "rescaled";

export type ImportPhase = "reading" | "downloading" | "converting" | "keeping" | "done" | "failed" | "paused";

export interface ImportState {
  phase: ImportPhase;
  /** bytes */
  done: number;
  /** bytes; 0 until it is known */
  of: number;
  /** over the last seconds; 0 when nothing is known about it */
  bytesPerSecond: number;
  /** null when nothing is known about it */
  secondsLeft: number | null;
  /** what goes on, what was wrong, or why it waits; a sentence or two. "" when the phase says it all */
  message: string;
  /** once it is kept */
  network?: KeptNetwork;
  /** once the file's list has been read */
  recognised?: { title: string; inputFrom: string };
}

/** What a worker tells the page. */
export type ImportMessage = Partial<ImportState>;

const BEGINNING: ImportState = { phase: "reading", done: 0, of: 0, bytesPerSecond: 0, secondsLeft: null, message: "" };
const OVER: readonly ImportPhase[] = ["done", "failed"];

export interface JobHost {
  /** a new worker for the task; what it says arrives at `told` */
  begin(task: ImportTask, told: (message: ImportMessage) => void, broken: (message: string) => void): { end(): void };
  /** forgets what is kept of a task that is given up */
  forget(task: ImportTask): Promise<void>;
}

/**
 * A network on its way into this browser. Each has a worker of its own, which is ended when it pauses: what is kept by then
 * stays, and `resume` goes on from there.
 *
 * Fires "change" whenever `state` has changed.
 */
export class ImportJob extends EventTarget {
  state: ImportState = BEGINNING;
  #worker: { end(): void } | null = null;

  /** @param title for lists, until the file's own is known */
  constructor(
    readonly task: ImportTask,
    readonly title: string,
    private readonly host: JobHost,
  ) {
    super();
    this.#begin();
  }

  /** It has come to its end, well or not; a job that is paused can go on. */
  get over(): boolean {
    return OVER.includes(this.state.phase);
  }

  /** Ends the work for now. Does nothing to a job that is over. */
  pause(): void {
    if (this.over || this.state.phase === "paused") return;
    this.#end();
    this.#turn({ phase: "paused", bytesPerSecond: 0, secondsLeft: null, message: "" });
  }

  /** Goes on from what is kept; a job that failed tries again. */
  resume(): void {
    if (this.state.phase !== "paused" && this.state.phase !== "failed") return;
    this.#turn({ phase: "reading", message: "" });
    this.#begin();
  }

  /** Gives it up, and forgets what is kept of it. Does nothing when it is done. */
  cancel(): void {
    if (this.state.phase === "done") return;
    this.#end();
    this.#turn({ phase: "failed", message: "Cancelled. Nothing of it is kept." });
    void this.host.forget(this.task).catch(() => {});
  }

  #begin(): void {
    this.#end();
    this.#worker = this.host.begin(
      this.task,
      (message) => this.#turn(message),
      (message) => this.#turn({ phase: "failed", message }),
    );
  }

  #turn(change: Partial<ImportState>): void {
    this.state = { ...this.state, ...change };
    if (this.over || this.state.phase === "paused") this.#end();
    this.dispatchEvent(new Event("change"));
  }

  #end(): void {
    this.#worker?.end();
    this.#worker = null;
  }
}
