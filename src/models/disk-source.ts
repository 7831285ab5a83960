/** Files on a disk, for the command and for tests. Runs in Node alone. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";
import { WeightsError } from "../nst/safetensors";
import type { FileSource } from "./archive";
import { checkRange } from "./source";

/**
 * @param path of the file
 * @param name for messages; without it the file's own
 * @throws WeightsError when there is no such file
 */
export function diskSource(path: string, name = basename(path)): FileSource {
  let size: number;
  try {
    const is = statSync(path);
    if (!is.isFile()) throw new Error("no file");
    size = is.size;
  } catch {
    throw new WeightsError(`There is no file ${path}.`);
  }
  const readNow = (from: number, to: number) => {
    checkRange(name, size, from, to);
    const bytes = new Uint8Array(to - from);
    const file = openSync(path, "r");
    try {
      for (let at = 0; at < bytes.length; ) {
        const read = readSync(file, bytes, at, Math.min(bytes.length - at, 2 ** 30), from + at);
        if (read === 0) throw new WeightsError(`“${name}” became shorter while it was read. Try again when nothing writes to it any more.`);
        at += read;
      }
    } finally {
      closeSync(file);
    }
    return bytes;
  };
  return { name, size, path, read: async (from, to) => readNow(from, to), readNow };
}
