/** Many small reads of a file, made few. */
import { WeightsError } from "../nst/safetensors";
import type { FileSource } from "./archive";

const BLOCK = 64 * 1024;
const MOST_BLOCKS = 16;

/**
 * A file for a library that cannot wait and reads many small pieces, close to one another: what was read last is kept.
 * @param mostHeld bytes of a file that is held whole, where it cannot be read at once
 * @returns reads [from, to); the bytes are only lent, until the next call
 * @throws WeightsError when it can neither be read at once nor held
 */
export async function readerAtOnce(file: FileSource, mostHeld: number): Promise<(from: number, to: number) => Uint8Array> {
  const { readNow } = file;
  if (!readNow) {
    if (file.size > mostHeld) throw new WeightsError(`“${file.name}” cannot be read in pieces here, and is too large to be held whole. Save it to a disk first, and choose it there.`);
    const all = await file.read(0, file.size);
    return (from, to) => all.subarray(from, to);
  }
  const blocks = new Map<number, Uint8Array>();
  return (from, to) => {
    const first = Math.floor(from / BLOCK);
    if (to - from > BLOCK || to > (first + 1) * BLOCK) return readNow(from, to);
    let block = blocks.get(first);
    if (!block) {
      block = readNow(first * BLOCK, Math.min(file.size, (first + 1) * BLOCK));
      if (blocks.size === MOST_BLOCKS) blocks.delete(blocks.keys().next().value!);
      blocks.set(first, block);
    }
    return block.subarray(from - first * BLOCK, to - first * BLOCK);
  };
}
