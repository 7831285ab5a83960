/** What is kept of a run, as plain data. */
import type { BackendName, SettingsChange } from "../kernel/protocol";
import type { TransferSettings } from "../nst/settings";

/** A picture that runs were made of, kept once however many runs use it. */
export interface PictureRef {
  /** SHA-256 of its size and its numbers */
  hash: string;
  /** as the person knows it: a file's name */
  name: string;
  width: number;
  height: number;
}

/** What a branch went on from. */
export interface RunParent {
  run: string;
  /** the picture after so many steps of it */
  step: number;
  /** with its optimiser's state, or with a fresh one */
  optimiser: "kept" | "fresh";
  /** the picture was painted on before it went on */
  painted: boolean;
}

/** Runs that belong together: those of a sweep. A list shows them as one. */
export interface RunGroup {
  id: string;
  title: string;
  /** of this run among them: "row 2, column 3" */
  label: string;
}

/**
 * "going", "paused", "finished", "stopped" as the run itself said last. A run whose page is gone is "going" for ever:
 * `RunStore.goesOn` tells it from one that is really going.
 */
export type KeptState = "going" | "paused" | "finished" | "stopped";

/** A run as a list shows it, small; everything that is searched, sorted by and compared in tables is in here. */
export interface RunEntry {
  /** given once, in all browsers */
  id: string;
  /** as the person named it, "" if not */
  name: string;
  starred: boolean;
  /** name of the notebook that it was made in, and of the cell; null where there was none */
  notebook: string | null;
  cell: string | null;
  group: RunGroup | null;
  parent: RunParent | null;
  /** milliseconds since 1970 */
  created: number;
  updated: number;
  state: KeptState;
  /** steps done; the first step of a branch is its parent's */
  step: number;
  /** time spent computing, in seconds */
  seconds: number;
  network: { id: string; title: string; /** of the weights file, where the card says it */ sha256: string | null; /** seed of random weights */ random: number | null };
  content: PictureRef;
  style: PictureRef;
  /** as it was begun with */
  settings: TransferSettings;
  /** what was changed while it went */
  changes: SettingsChange[];
  backend: BackendName | null;
  /** wasm threads; 1 on other backends, 0 while it is not known */
  threads: number;
  /** of the workbench that made it */
  version: string;
  /** costs of the picture it began with, and of the newest, as they count in J; by the names of `columns` */
  costs: { columns: string[]; first: number[]; last: number[] };
  /** an encoded picture (WebP, JPEG or PNG), at most 96 px on the longer side; null before the first step */
  thumbnail: Uint8Array | null;
  /** everything that is kept of it, pictures that other runs use as well left out */
  bytes: number;
  /** the newest measurement of its result with a ruler that is the same for all runs; absent: never measured */
  ruler?: RulerReading;
}

/** A result measured by something that does not depend on the run's own weights. */
export interface RulerReading {
  /** all that the numbers depend on besides the picture: network, layers, version of the ruler. Numbers of equal rulers can be compared */
  ruler: string;
  /** the picture after so many steps */
  step: number;
  /** by name */
  numbers: Record<string, number>;
}

/** A picture of a filmstrip: for looking; what is computed with comes from checkpoints. */
export interface Frame {
  /** steps done */
  step: number;
  width: number;
  height: number;
  /** an encoded picture (WebP, JPEG or PNG) */
  bytes: Uint8Array;
}

/** What a run is called: by its person, else by its two pictures. */
export function runTitle({ name, content, style }: { name: string; content: Pick<PictureRef, "name">; style: Pick<PictureRef, "name"> }): string {
  return name || `${stem(content.name)} × ${stem(style.name)}`;
}

const stem = (file: string): string => file.replace(/\.[^.]*$/, "") || "picture";
