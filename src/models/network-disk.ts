import type { Database } from "../notebook/database";
import type { KeptNetwork, KeptTensor } from "./kept-network";

/**
 * Numbers lie in pieces of this many bytes: a database hands a value over whole, and a page that is ended in the middle loses
 * one piece.
 */
export const PIECE_BYTES = 2 ** 20;

/** What the list of kept networks is made of. The numbers lie in a folder of their own, so that a draft becomes a network by its list entry alone. */
export interface KeptEntry {
  network: KeptNetwork;
  folder: string;
}

/** A network of which not all has arrived. */
export interface DraftEntry {
  network: Omit<KeptNetwork, "tensors" | "bytes" | "added">;
  folder: string;
  /** of SOURCES, for downloads */
  source: string | null;
  /** what the source's first answer said of the file: another one must not be mixed in */
  file: { size: number; etag: string | null } | null;
  /** bytes that will have arrived when it is complete, as far as is known */
  of: number;
  tensors: KeptTensor[];
  /** ms since 1970 */
  begun: number;
}

/** A network that was removed and can come back. */
export interface TrashEntry {
  entry: KeptEntry;
  at: number;
}

/** Bytes of a file, from one up to, not including, another. */
export interface Place {
  from: number;
  to: number;
}

/** A part of a file that is being downloaded. */
export interface FilePiece {
  bytes: Uint8Array<ArrayBuffer>;
  sha256: string;
}

const padded = (n: number, digits: number): string => String(n).padStart(digits, "0");

export const keyOf = {
  network: (id: string) => `network/${id}`,
  draft: (key: string) => `draft/${key}`,
  trash: (id: string) => `trash/${id}`,
  /** @param piece counted from 0 */
  tensor: (folder: string, key: string, piece: number) => `tensor/${folder}/${key}/${padded(piece, 5)}`,
  /** bytes `from` up to `to` of a file */
  file: (folder: string, from: number, to: number) => `file/${folder}/${padded(from, 14)}-${padded(to, 14)}`,
};

export const partsOf = {
  tensor: (folder: string, key: string) => `tensor/${folder}/${key}/`,
  tensors: (folder: string) => `tensor/${folder}/`,
  file: (folder: string) => `file/${folder}/`,
};

/** What a key of `keyOf.file` speaks of. */
export function placeOf(key: string): Place {
  const [from, to] = key.slice(key.lastIndexOf("/") + 1).split("-").map(Number);
  return { from, to };
}

/** Writes a tensor's numbers piece by piece: what was there before is gone. */
export async function writePieces(database: Database, folder: string, key: string, bytes: Uint8Array): Promise<void> {
  // a database copies what it is given, and of a part it would copy the whole: one piece of memory serves for all
  const memory = new Uint8Array(Math.min(PIECE_BYTES, bytes.length));
  for (let at = 0, piece = 0; at < bytes.length; at += PIECE_BYTES, piece++) {
    const part = bytes.subarray(at, at + PIECE_BYTES);
    memory.set(part);
    await database.put(keyOf.tensor(folder, key, piece), part.length === memory.length ? memory : memory.slice(0, part.length));
  }
}

/** @returns null where pieces are missing or too long */
export async function readPieces(database: Database, folder: string, { key, bytes: length }: KeptTensor): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = new Uint8Array(length);
  for (let at = 0, piece = 0; at < length; at += PIECE_BYTES, piece++) {
    const part = (await database.get(keyOf.tensor(folder, key, piece))) as Uint8Array | undefined;
    if (part?.length !== Math.min(PIECE_BYTES, length - at)) return null;
    bytes.set(part, at);
  }
  return bytes;
}

/** Deletes every number of a folder, some keys at a time: no transaction becomes long. */
export async function emptyFolder(database: Database, folder: string): Promise<void> {
  for (const part of [partsOf.file(folder), partsOf.tensors(folder)]) {
    const keys = await database.keys(part);
    for (let at = 0; at < keys.length; at += 32) await database.write(keys.slice(at, at + 32).map((key) => [key, undefined] as const));
  }
}
