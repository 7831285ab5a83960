/** What a weights file is to the workbench, whatever its format: a list of tensors that are read one at a time. */

/** A file that is read in pieces, wherever it lies: dropped on the page, on a disk, or in memory. */
export interface FileSource {
  name: string;
  /** bytes */
  size: number;
  /**
   * The bytes from `from` up to, not including, `to`, in memory of their own.
   * @throws WeightsError when they cannot be had
   */
  read(from: number, to: number): Promise<Uint8Array>;
  /** the same at once, where that can be had (a worker, a disk, memory): HDF5's library cannot wait */
  readNow?(from: number, to: number): Uint8Array;
  /** in the page: the file itself, for readers that need the browser's own access */
  blob?: Blob;
  /** in the command: where it lies on disk */
  path?: string;
}

/** How numbers are written in a file. */
export type NumberFormat = "F16" | "BF16" | "F32" | "F64" | "I8" | "U8" | "I16" | "I32" | "I64";

/** Bytes of one number. */
export const BYTES_PER_NUMBER: Readonly<Record<NumberFormat, number>> = { F16: 2, BF16: 2, F32: 4, F64: 8, I8: 1, U8: 1, I16: 2, I32: 4, I64: 8 };

/** A tensor's numbers, little-endian, rows last (C order), nothing between them. */
export interface RawTensor {
  format: NumberFormat;
  shape: number[];
  bytes: Uint8Array;
}

export interface ArchiveTensor {
  /** as the file calls it; folders of nested files joined with "/" */
  name: string;
  format: NumberFormat;
  shape: number[];
  /** where its bytes lie in the file, from and up to, in formats that store them as they are: a download fetches these alone */
  place?: readonly [from: number, to: number];
  /** Reads this tensor alone. @throws WeightsError when the file does not hold what it announces */
  read(): Promise<RawTensor>;
}

export type FileFormat = "safetensors" | "hdf5" | "tfjs" | "pytorch" | "pytorch-legacy";

/** An opened weights file: its list has been read and checked against the file's length, its numbers have not. */
export interface WeightArchive {
  format: FileFormat;
  /** for messages */
  name: string;
  /** bytes of all its files */
  size: number;
  /** texts that the file holds about itself */
  metadata: Readonly<Record<string, string>>;
  tensors: readonly ArchiveTensor[];
  /** frees what the reader holds; afterwards nothing can be read */
  close(): void;
}
