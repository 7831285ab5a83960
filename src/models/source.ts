/** Files as the readers of weights see them: read in pieces, never whole. */
import { WeightsError } from "../nst/safetensors";
import type { FileSource } from "./archive";

/** Workers have it, pages and Node have not. */
const Reader = (globalThis as { FileReaderSync?: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer } }).FileReaderSync;

/**
 * A file that was dropped on the page or chosen there.
 * @param name as the person knows it; with its folders, if it came in one
 */
export function blobSource(file: Blob, name: string): FileSource {
  const part = (from: number, to: number) => {
    checkRange(name, file.size, from, to);
    return file.slice(from, to);
  };
  const gone = () => new WeightsError(`“${name}” cannot be read any more: it was changed, moved or removed since it was chosen. Choose it again.`);
  return {
    name,
    size: file.size,
    blob: file,
    async read(from, to) {
      const wanted = part(from, to);
      try {
        return new Uint8Array(await wanted.arrayBuffer());
      } catch {
        throw gone();
      }
    },
    readNow: Reader && ((from, to) => {
      const wanted = part(from, to);
      try {
        return new Uint8Array(new Reader().readAsArrayBuffer(wanted));
      } catch {
        throw gone();
      }
    }),
  };
}

/** A file that lies in memory. */
export function bytesSource(bytes: Uint8Array, name: string): FileSource {
  const readNow = (from: number, to: number) => {
    checkRange(name, bytes.length, from, to);
    return bytes.slice(from, to);
  };
  return { name, size: bytes.length, read: async (from, to) => readNow(from, to), readNow };
}

/** Files that follow one another, as one: the shards of a model. */
export function joinedSource(files: readonly FileSource[], name: string): FileSource {
  const starts: number[] = [];
  let size = 0;
  for (const file of files) {
    starts.push(size);
    size += file.size;
  }
  return {
    name,
    size,
    async read(from, to) {
      checkRange(name, size, from, to);
      const bytes = new Uint8Array(to - from);
      for (let i = 0; i < files.length; i++) {
        const begin = Math.max(from, starts[i]);
        const end = Math.min(to, starts[i] + files[i].size);
        if (begin < end) bytes.set(await files[i].read(begin - starts[i], end - starts[i]), begin - from);
      }
      return bytes;
    },
  };
}

/**
 * Every source refuses the same way.
 * @throws WeightsError when a file of that size does not have these bytes
 */
export function checkRange(name: string, size: number, from: number, to: number): void {
  if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from <= to)) throw new WeightsError(`“${name}” contradicts itself: it speaks of its bytes ${from} to ${to}. Fetch or export it again.`);
  if (to > size) throw new WeightsError(`“${name}” is cut off: ${to.toLocaleString("en")} bytes are needed, it has ${size.toLocaleString("en")}. Fetch it again.`);
}
