/** The messages between the page and the places where code runs. Plain data only. */
import type { RunnableCode } from "./runs";
import type { Shown } from "./shown";

/** A value on its way in: data, or the number of what stays in the worker. */
export type Wire = { plain: unknown } | { handle: number };
/** A value on its way out. */
export type Given = { plain: unknown } | { handle: number; shown: Shown };

export interface RunMessage {
  type: "run";
  /** of the run; never used again */
  id: number;
  label: string;
  kind: RunnableCode["kind"];
  code: string;
  inputs: Record<string, Wire>;
}

export interface ItemMessage {
  type: "item";
  id: number;
  names: Record<string, Given>;
  shown: Shown;
  item: number;
  tensors: number;
  bytes: number;
  milliseconds: number;
  logs: string[];
}

export type ErrorMessage = { type: "error"; id: number; name: string; message: string; line: number | null };

/** The page to whoever runs code. */
export type ToRuns =
  | RunMessage
  /** a stream gives no more: what it gave stays */
  | { type: "finish"; id: number }
  /** what the run holds is not wanted any more */
  | { type: "abort"; id: number }
  | { type: "read"; request: number; handle: number };

export type FromRuns =
  | ItemMessage
  | { type: "done"; id: number }
  | ErrorMessage
  | { type: "value"; request: number; value: unknown }
  | { type: "no-value"; request: number; message: string };

export interface KernelSettings {
  /** see Limits */
  bytes: number;
  patience: number;
}

export type ToKernel = ToRuns | { type: "memory"; request: number } | { type: "file"; request: number; file: Blob | ArrayBuffer } | { type: "no-file"; request: number; message: string };

export type FromKernel =
  | FromRuns
  | { type: "ready"; threads: number }
  | { type: "failed"; message: string }
  /** the worker lives: `run` is in its code now; `free`: it has given way to messages */
  | { type: "beat"; run: number | null; free: boolean }
  /** `path`: of the workbench, or "asset:<file>" for what tfjs needs to start */
  | { type: "file"; request: number; path: string };

export type ToFrame =
  | ToRuns
  | { type: "library"; name: string; text: string }
  | { type: "theme"; tokens: Record<string, string> }
  | { type: "ping" };

export type FromFrame =
  | FromRuns
  | { type: "failed"; message: string }
  | { type: "began"; id: number }
  | { type: "pong" }
  /** of the content, in CSS pixels */
  | { type: "height"; height: number }
  /** an error in an event handler or a timer */
  | { type: "trouble"; name: string; message: string; line: number | null };

export interface FrameSettings {
  /** see Limits */
  loop: number;
  tokens: Record<string, string>;
}
