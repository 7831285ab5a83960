import { unzipSync, type UnzipFileInfo } from "fflate";
import { breathe, MOST_BYTES } from "./run-file";

/** Names in an archive at most. */
const MOST_FILES = 1000;

/** What is wrong with a file, in a sentence. */
export class RunFileError extends Error {
  override readonly name = "RunFileError";
}

/**
 * An archive from who knows where. Nothing is unpacked before its size is known to be bearable, and never more than its
 * size says.
 */
export class Archive {
  private constructor(
    private readonly bytes: Uint8Array,
    private readonly files: ReadonlyMap<string, UnzipFileInfo>,
  ) {}

  /** @throws RunFileError */
  static async open(file: Blob): Promise<Archive> {
    if (file.size > MOST_BYTES) throw new RunFileError(`This file is larger than ${MOST_BYTES / 2 ** 20} MB, which no run is.`);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const files = new Map<string, UnzipFileInfo>();
    let sum = 0;
    let count = 0;
    let twice = "";
    try {
      unzipSync(bytes, {
        filter: (info) => {
          if (files.has(info.name)) twice = info.name;
          files.set(info.name, info);
          sum += info.originalSize;
          return ++count > MOST_FILES && stop();
        },
      });
    } catch (error) {
      if (error !== STOPPED) throw new RunFileError("This file is no run: it is not a zip archive, or only a part of one. Export the run again, and copy the whole file.", { cause: error });
    }
    if (count > MOST_FILES) throw new RunFileError(`This archive holds more than ${MOST_FILES} files, which no run does.`);
    if (sum > MOST_BYTES) throw new RunFileError(`Unpacked, this file would take more than ${MOST_BYTES / 2 ** 20} MB, which no run does.`);
    if (twice) throw new RunFileError(`This archive holds “${twice}” twice.`);
    return new Archive(bytes, files);
  }

  has(name: string): boolean {
    return this.files.has(name);
  }

  /**
   * One file of it.
   * @param size bytes that it should have, or at most
   * @throws RunFileError
   */
  async read(name: string, size: { exactly: number } | { most: number }): Promise<Uint8Array<ArrayBuffer>> {
    const info = this.files.get(name);
    if (!info) throw new RunFileError(`“${name}” is missing in this file. Export the run again.`);
    const wrong = "exactly" in size ? info.originalSize !== size.exactly : info.originalSize > size.most;
    if (wrong) throw new RunFileError(`“${name}” has ${info.originalSize} bytes; ${"exactly" in size ? `${size.exactly} are expected` : `at most ${size.most} are expected`}.`);
    await breathe();
    let bytes: Uint8Array | undefined;
    try {
      bytes = unzipSync(this.bytes, { filter: (one) => one.name === name })[name];
    } catch (error) {
      throw new RunFileError(`“${name}” in this file is damaged: it cannot be unpacked.`, { cause: error });
    }
    if (bytes?.length !== info.originalSize) throw new RunFileError(`“${name}” in this file is cut off.`);
    return bytes as Uint8Array<ArrayBuffer>;
  }
}

const STOPPED = Symbol("stopped");

function stop(): never {
  throw STOPPED;
}
