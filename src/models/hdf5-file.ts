/**
 * HDF5's own library, given one file that it reads in pieces, and no more memory than it is told.
 *
 * The library is C, compiled to WebAssembly: what a hostile file does to it stays inside its memory, which must not grow
 * without end either. It sees no other file than this one.
 */
import { WeightsError } from "../nst/safetensors";
import type { FileSource } from "./archive";
import { readerAtOnce } from "./block-reader";
import { beginsHeap, heapIsSound } from "./hdf5-heap";
import { withoutGrowingAbove } from "./wasm-memory";

/** What of h5wasm is used, as its C side offers it: the classes around it read values into more copies than needed. */
interface Library {
  HEAPU8: Uint8Array;
  FS: {
    writeFile(path: string, bytes: Uint8Array): void;
    unlink(path: string): void;
    lookupPath(path: string): { node: FileNode };
    ErrnoError: new (code: number) => Error;
    getStream(descriptor: number): { tty?: { ops: { put_char(tty: unknown, code: number): void } } } | null;
  };
  open(path: string, mode: number, order: boolean, low: number, high: number): bigint;
  close_file(file: bigint): number;
  get_names(file: bigint, path: string, recursive: boolean): string[];
  get_type(file: bigint, path: string): number;
  get_symbolic_link(file: bigint, path: string): string | null;
  get_external_link(file: bigint, path: string): { filename?: string };
  get_attribute_names(file: bigint, path: string): string[];
  get_attribute_metadata(file: bigint, path: string, name: string): TypeOnDisk & { shape: number[] | null; total_size: number; vlen: boolean };
  get_attribute_data(file: bigint, path: string, name: string, pointer: bigint): number;
  reclaim_vlen_memory(file: bigint, path: string, name: string, pointer: bigint): number;
  UTF8ToString(pointer: number): string;
  get_dataset_metadata(file: bigint, path: string): Hdf5Dataset;
  get_dataset_filters(file: bigint, path: string): { id: number; name: string }[];
  get_dataset_data(file: bigint, path: string, count: null, offset: null, strides: null, pointer: bigint): number;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
}

/** A file in the library's file system; what it calls for is looked up at each call. */
interface FileNode {
  usedBytes: number;
  stream_ops: { read?: (stream: unknown, memory: Uint8Array, at: number, length: number, position: number) => number };
}

/** `type` is HDF5's class: 0 whole numbers, 1 floating point, 3 texts, 5 opaque. */
interface TypeOnDisk {
  type: number;
  /** bytes of one number */
  size: number;
  signed: boolean;
}

export interface Hdf5Dataset extends TypeOnDisk {
  /** null: it holds nothing */
  shape: number[] | null;
  /** shape of the pieces that it is stored in; null: in one piece */
  chunks: number[] | null;
  /** present: its numbers lie in other files */
  virtual_sources?: unknown[];
}

/** EIO, as WASI numbers it */
const READ_FAILED = 29;
const PATH = "/weights.h5";
/** Of the library's memory, 19 MiB to begin with: more than any honest list of tensors takes. */
const LIST_MEMORY = 64 * 2 ** 20;
const CLASS = { group: 0, dataset: 1, text: 3 };

/** What lies under a name. Links that lead by name are told apart without following them. */
export type Hdf5Kind = "folder" | "dataset" | "link" | "other";

export class Hdf5File {
  /** One file at a time: the library is one, and so is its memory. */
  static #open: Hdf5File | null = null;
  readonly #library: Library;
  readonly #file: bigint;
  readonly #name: string;
  #closed = false;

  private constructor(library: Library, name: string) {
    this.#library = library;
    this.#name = name;
    try {
      this.#file = this.#call(() => library.open(PATH, 0, false, -1, -1));
      if (this.#file < 0) throw this.#damaged("it cannot be opened");
    } catch (error) {
      library.FS.unlink(PATH);
      throw error;
    }
  }

  /**
   * @param file read where the library asks for it; one that cannot be read at once must fit into `mostHeld`, and is held
   * @param mostHeld bytes
   * @throws WeightsError when the library refuses it
   */
  static async open(file: FileSource, mostHeld: number): Promise<Hdf5File> {
    const read = await readerAtOnce(file, mostHeld);
    const h5wasm = await import("h5wasm");
    const library = (await h5wasm.ready) as unknown as Library;
    Hdf5File.#open?.close();
    library.FS.writeFile(PATH, new Uint8Array(0));
    const { node } = library.FS.lookupPath(PATH);
    Object.defineProperty(node, "usedBytes", { get: () => file.size });
    node.stream_ops = {
      ...node.stream_ops,
      read(_stream, memory, at, length, position) {
        // what a damaged file asks for beyond its end is not there: nothing is read, as on a disk
        const bytes = read(Math.min(file.size, position), Math.min(file.size, position + length));
        if (beginsHeap(bytes) && !heapIsSound(position, read, file.size)) throw new library.FS.ErrnoError(READ_FAILED);
        memory.set(bytes, at);
        return bytes.length;
      },
    };
    // the library writes what it dislikes to the console, line by line; what matters of it is said in our errors
    const told = library.FS.getStream(2)?.tty;
    if (told) told.ops = { ...told.ops, put_char() {} };
    return (Hdf5File.#open = new Hdf5File(library, file.name));
  }

  names(folder: string): string[] {
    return this.#call(() => this.#library.get_names(this.#file, folder, false));
  }

  kind(path: string): Hdf5Kind {
    return this.#call(() => {
      const library = this.#library;
      if (library.get_symbolic_link(this.#file, path) !== null || library.get_external_link(this.#file, path).filename !== undefined) return "link";
      const type = library.get_type(this.#file, path);
      return type === CLASS.group ? "folder" : type === CLASS.dataset ? "dataset" : "other";
    });
  }

  dataset(path: string): Hdf5Dataset {
    return this.#call(() => this.#library.get_dataset_metadata(this.#file, path));
  }

  /** Filters that its pieces went through, as HDF5 numbers them: 1 is gzip. */
  filters(path: string): { id: number; name: string }[] {
    return this.#call(() => this.#library.get_dataset_filters(this.#file, path));
  }

  /** Names of the attributes of a folder or a dataset. */
  attributes(path: string): string[] {
    return this.#call(() => this.#library.get_attribute_names(this.#file, path));
  }

  /**
   * The texts of an attribute.
   * @returns null when it holds something else, or more than `most` bytes
   */
  texts(path: string, name: string, most: number): string[] | null {
    return this.#call(() => {
      const library = this.#library;
      const { type, size, shape, total_size: count, vlen } = library.get_attribute_metadata(this.#file, path, name);
      const bytes = size * count;
      if (type !== CLASS.text || shape === null || bytes > most) return null;
      return this.#lent(bytes, path, (pointer) => {
        if (library.get_attribute_data(this.#file, path, name, BigInt(pointer)) < 0) throw this.#damaged(`“${name}” of “${path}” cannot be read`);
        if (!vlen) return Array.from({ length: count }, (_, i) => textOf(library.HEAPU8.subarray(pointer + i * size, pointer + (i + 1) * size)));
        const pointers = new DataView(library.HEAPU8.buffer, pointer, bytes);
        const texts = Array.from({ length: count }, (_, i) => library.UTF8ToString(pointers.getUint32(4 * i, true)));
        library.reclaim_vlen_memory(this.#file, path, name, BigInt(pointer));
        return texts;
      });
    });
  }

  /**
   * The numbers of a dataset, little-endian, in memory of their own.
   * @param bytes how many they are
   * @param besides bytes of memory that unpacking one of its pieces needs
   */
  read(path: string, bytes: number, besides: number): Uint8Array {
    const library = this.#library;
    const work = (pointer: number) => {
      if (library.get_dataset_data(this.#file, path, null, null, null, BigInt(pointer)) < 0) throw this.#damaged(`the numbers of “${path.slice(1)}” cannot be read`);
      return library.HEAPU8.slice(pointer, pointer + bytes);
    };
    return this.#call(() => this.#lent(bytes, path, work), bytes + 3 * besides);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    Hdf5File.#open = null;
    this.#library.close_file(this.#file);
    this.#library.FS.unlink(PATH);
  }

  /** Some of the library's memory, all zeros, for as long as `work` takes. */
  #lent<T>(bytes: number, path: string, work: (pointer: number) => T): T {
    const library = this.#library;
    const pointer = library._malloc(bytes);
    if (pointer === 0) throw this.#damaged(`“${path.slice(1)}” takes more memory than it may`);
    try {
      library.HEAPU8.fill(0, pointer, pointer + bytes);
      return work(pointer);
    } finally {
      library._free(pointer);
    }
  }

  /** Whatever goes wrong inside of the library is the file's fault: it is told as such. */
  #call<T>(work: () => T, more = 0): T {
    if (this.#closed) throw new WeightsError(`“${this.#name}” was closed. Open it again.`);
    try {
      return withoutGrowingAbove(LIST_MEMORY + 2 * more, work);
    } catch (error) {
      throw error instanceof WeightsError ? error : this.#damaged(error instanceof RangeError || error instanceof WebAssembly.RuntimeError ? "it asks for more than reading it may take" : "its parts contradict each other");
    }
  }

  #damaged(how: string): WeightsError {
    return new WeightsError(`“${this.#name}” is a damaged HDF5 file: ${how}. Fetch or export it again.`);
  }
}

/** Texts of a fixed length end at their first zero. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(bytes.subarray(0, end < 0 ? bytes.length : end));
}
