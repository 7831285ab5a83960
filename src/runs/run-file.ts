/** The file that a run travels in: a zip of run.json, costs.csv, pictures to look at, and numbers as they are computed with. */
import type { Checkpoint } from "../kernel/protocol";
import type { ModelCard } from "../nst/model-card";
import type { RunEntry } from "./kept-run";

export const FORMAT = "nst-workbench run";
export const FORMAT_VERSION = 1;

/** Said in the file itself, to people who open it with other tools. */
export const ABOUT = [
  "A run of the NST workbench; import it there to look at it and to go on.",
  "costs.csv: every cost of every step. final.png: the newest picture.",
  "*.f32: 32-bit floats, little-endian. A picture is height × width × 3 numbers in [0, 1], RGB, row by row.",
  "A checkpoint is the picture, the optimiser's two moments, and whatever else it remembers, one after the other.",
];

/** Bytes of a file, and of all that is in it: what a page can hold without harm. */
export const MOST_BYTES = 512 * 2 ** 20;

/** run.json */
export interface RunFile {
  format: typeof FORMAT;
  version: number;
  about: string[];
  run: Omit<RunEntry, "thumbnail" | "bytes" | "costs">;
  network: { card: ModelCard; base: string; random?: number };
  /** step of the checkpoint that the run began with */
  from: number | null;
  pictures: { hash: string; width: number; height: number; file: string }[];
  checkpoints: FiledCheckpoint[];
  frames: { step: number; width: number; height: number; file: string }[];
  thumbnail: string | null;
}

export interface FiledCheckpoint extends Pick<Checkpoint, "step" | "width" | "height" | "taken" | "optimiser"> {
  /** numbers in each further array that the optimiser remembers */
  memory?: number[];
  file: string;
  /** of the file */
  sha256: string;
}

/** The bytes of numbers, without a copy. */
export function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** Lets the page do something else. */
export const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
