/** The forms in which runs lie in their database, and under which keys. */
import { checkpointArrays } from "../kernel/client";
import type { Checkpoint } from "../kernel/protocol";
import type { ModelCard } from "../nst/model-card";
import type { Picture } from "../nst/picture";
import type { RunEntry, RulerReading } from "./kept-run";

/**
 * A run in a database, in parts, so that what grows is written piece by piece: the entry with everything that a list shows;
 * what the person says of it; its configuration; rows of costs in chunks; checkpoints and frames by step. Pictures stand
 * beside the runs, by content.
 */
export const keyOf = {
  entry: (id: string) => `entry/${id}`,
  person: (id: string) => `person/${id}`,
  config: (id: string) => `config/${id}`,
  costs: (id: string, chunk: number) => `costs/${id}/${padded(chunk)}`,
  checkpoint: (id: string, step: number) => `checkpoint/${id}/${padded(step)}`,
  frame: (id: string, step: number) => `frame/${id}/${padded(step)}`,
  picture: (hash: string) => `picture/${hash}`,
  /** a run that was deleted, and may come back while the page that did it is open */
  trash: (id: string) => `trash/${id}`,
};

/** What the parts of one run that are many begin with. */
export const partsOf = { costs: (id: string) => `costs/${id}/`, checkpoints: (id: string) => `checkpoint/${id}/`, frames: (id: string) => `frame/${id}/` };

/** Keys are ordered as texts: so steps are, too. */
const padded = (step: number) => String(step).padStart(8, "0");

/** One value of a write; undefined deletes. */
export type Write = readonly [key: string, value: unknown];

/** What the run itself says; the rest of a RunEntry is the person's, so that neither overwrites the other. */
export interface KeptEntry extends Omit<RunEntry, "name" | "starred" | "ruler" | "bytes"> {
  /** step and bytes of every checkpoint that is kept */
  checkpoints: [step: number, bytes: number][];
  /** step of the checkpoint that it began with, null where it began with the picture that its settings name */
  from: number | null;
  /** bytes of everything else, without the two pictures */
  rest: number;
}

export interface Person {
  name: string;
  starred: boolean;
  ruler?: RulerReading;
}

export interface KeptConfig {
  network: { card: ModelCard; /** as `relativeBase` gives it */ base: string; random?: number };
}

/** Rows of costs, as CostHistory.append takes them. */
export interface KeptCosts {
  first: number;
  columns: string[];
  costs: Float64Array;
}

export interface Trash {
  entry: KeptEntry;
  /** the page that can take it back */
  page: string;
  /** milliseconds since 1970 */
  at: number;
}

/** What a checkpoint takes, in bytes. */
export function checkpointBytes(checkpoint: Checkpoint): number {
  return checkpointArrays(checkpoint).reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** What a kept picture takes, in bytes. */
export function pictureBytes({ width, height }: Pick<Picture, "width" | "height">): number {
  return width * height * 3 * Float32Array.BYTES_PER_ELEMENT;
}

/** Of a run with everything but its two pictures. */
export function ownBytes({ checkpoints, rest }: Pick<KeptEntry, "checkpoints" | "rest">): number {
  return checkpoints.reduce((sum, [, bytes]) => sum + bytes, rest);
}

/**
 * The folder of a network's files, from the page's own address if it is below that: the workbench may be somewhere else
 * when the run is opened again.
 * @param page the page's address, document.baseURI
 */
export function relativeBase(base: string, page: string = pageAddress()): string {
  const folder = new URL("./", page).href;
  return base.startsWith(folder) ? base.slice(folder.length) : base;
}

/** The other way round. */
export function absoluteBase(base: string, page: string = pageAddress()): string {
  return new URL(base, page).href;
}

const pageAddress = (): string => globalThis.document?.baseURI ?? "http://localhost/";
