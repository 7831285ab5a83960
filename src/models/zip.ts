/** Zip archives from who knows where, whose files are read alone, or a part of one. */
import { Reader, Uint8ArrayWriter, ZipReader, type FileEntry } from "@zip.js/zip.js/lib/zip-core-custom.js";
import { WeightsError } from "../nst/safetensors";
import type { FileSource } from "./archive";
import { megabytes } from "./announced";

/** as zip calls it */
const STORED = 0;
const DEFLATED = 8;

export class Zip {
  /** where stored files begin, once known */
  private readonly starts = new Map<string, number>();
  /** the file that was unpacked last: tensors that share one are read one after the other */
  private unpacked: { name: string; bytes: Uint8Array } | null = null;

  private constructor(
    private readonly file: FileSource,
    private readonly entries: ReadonlyMap<string, FileEntry>,
  ) {}

  /**
   * Reads the list of files, and checks that they lie within the archive. Checksums are not compared: PyTorch leaves them out on
   * request, and whoever uses numbers checks whether they are plausible.
   * @param listBytes the list takes at most
   * @param most files
   * @throws WeightsError
   */
  static async open(file: FileSource, listBytes: number, most: number): Promise<Zip> {
    const pieces = new Pieces(file, listBytes);
    const entries = new Map<string, FileEntry>();
    try {
      for await (const entry of new ZipReader(pieces, { useWebWorkers: false, checkLocalDirectory: false }).getEntriesGenerator()) {
        if (entry.directory) continue;
        const wrong = entries.has(entry.filename) ? "twice" : entry.encrypted ? "encrypted" : null;
        if (wrong) throw new WeightsError(`“${file.name}” holds “${entry.filename}” ${wrong}. Fetch or export it again.`);
        entries.set(entry.filename, entry);
        if (entries.size > most) throw new WeightsError(`“${file.name}” is an archive of more than ${most.toLocaleString("en")} files, which no network for pictures is.`);
      }
    } catch (error) {
      throw refusal(error, file);
    }
    pieces.most = Infinity;
    return new Zip(file, entries);
  }

  get names(): string[] {
    return [...this.entries.keys()];
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** Bytes of a file, unpacked, as announced; null if there is none. */
  size(name: string): number | null {
    return this.entries.get(name)?.uncompressedSize ?? null;
  }

  /** A whole file of at most `most` bytes. @throws WeightsError */
  async read(name: string, most: number): Promise<Uint8Array> {
    return this.readPart(name, 0, this.entry(name).uncompressedSize, most);
  }

  /**
   * Bytes `from` … `to` of a file. A stored one is read just there; a packed one is unpacked whole, and never further than announced.
   * @throws WeightsError
   */
  async readPart(name: string, from: number, to: number, most: number): Promise<Uint8Array> {
    const entry = this.entry(name);
    const size = entry.compressionMethod === STORED ? to - from : entry.uncompressedSize;
    if (size > most) throw new WeightsError(`“${name}” in “${this.file.name}” takes ${megabytes(size)}; at most ${megabytes(most)} are read at once.`);
    try {
      if (entry.compressionMethod === STORED) {
        const start = await this.startOf(entry);
        return await this.file.read(start + from, start + to);
      }
      if (entry.compressionMethod !== DEFLATED) throw new WeightsError(`“${name}” in “${this.file.name}” is packed in a way other than deflate. Pack the archive again, or save it again with PyTorch.`);
      if (this.unpacked?.name !== name) this.unpacked = { name, bytes: await entry.getData(new Uint8ArrayWriter()) };
      return this.unpacked.bytes.slice(from, to);
    } catch (error) {
      throw refusal(error, this.file);
    }
  }

  private entry(name: string): FileEntry {
    const entry = this.entries.get(name);
    if (!entry) throw new WeightsError(`“${name}” is missing in “${this.file.name}”. Fetch or export it again.`);
    return entry;
  }

  private async startOf(entry: FileEntry): Promise<number> {
    const known = this.starts.get(entry.filename);
    if (known !== undefined) return known;
    if (entry.compressedSize !== entry.uncompressedSize) throw new WeightsError(`“${this.file.name}” contradicts itself about the length of “${entry.filename}”. Fetch or export it again.`);
    // finds where the file lies and that no other file lies there, and reads nothing of it
    await entry.getData(new Uint8ArrayWriter(), { checkOverlappingEntryOnly: true });
    const start = entry.localDirectory!.dataOffset;
    this.starts.set(entry.filename, start);
    return start;
  }
}

/** What zip.js reads through: a list that is larger than any archive's list is refused before there is memory for it. */
class Pieces extends Reader<FileSource> {
  constructor(
    private readonly file: FileSource,
    public most: number,
  ) {
    super(file);
    this.size = file.size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    if (length > this.most) throw new WeightsError(`“${this.file.name}” announces a list of files of ${megabytes(length)}; at most ${megabytes(this.most)} are read.`);
    return this.file.read(index, Math.min(index + length, this.size));
  }
}

function refusal(error: unknown, file: FileSource): WeightsError {
  if (error instanceof WeightsError) return error;
  const { message } = error as Error;
  if (/end of central directory/i.test(message)) return new WeightsError(`“${file.name}” is cut off: it begins as a zip archive, but the list of files that stands at the end of one is missing (it has ${file.size.toLocaleString("en")} bytes). Fetch it again, and copy the whole file.`);
  return new WeightsError(`“${file.name}” is a damaged zip archive (${message}). Fetch or export it again.`);
}
