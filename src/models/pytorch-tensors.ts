/** From a pickled object to a list of tensors, and from a tensor's place in a storage to its numbers in a row. */
import { WeightsError } from "../nst/safetensors";
import { checkTensorCount, checkTensorSize, megabytes } from "./announced";
import { BYTES_PER_NUMBER, type ArchiveTensor, type FileFormat, type FileSource, type RawTensor, type WeightArchive } from "./archive";
import type { Limits } from "./limits";
import type { PickleValue } from "./pickle";
import { TorchTensor, type TorchStorage } from "./pytorch-objects";

/** Where the numbers of storages lie. */
export interface StorageReader {
  /** Bytes `from` … `to` of a storage, little-endian, in memory of their own. */
  read(storage: TorchStorage, from: number, to: number): Promise<Uint8Array>;
}

/** dictionaries and lists that are looked through; the same one may be reached on many ways */
const MOST_PLACES = 500_000;
const MOST_FACTS = 50;
const LONGEST_FACT = 200;
const LONGEST_NAME = 1000;

/** The tensors of an object by name, and the texts and numbers that stand beside them. */
interface Contents {
  tensors: { name: string; tensor: TorchTensor }[];
  facts: Record<string, string>;
}

/**
 * Looks through dictionaries and lists.
 * @param file its name, for messages
 * @param fail refuses it; takes what is wrong with it, after its name
 */
function contentsOf(value: PickleValue, file: string, limits: Limits, fail: (what: string) => never): Contents {
  const tensors: Contents["tensors"] = [];
  const facts = new Map<string, string>();
  let places = 0;
  const look = (at: PickleValue, path: string, depth: number): void => {
    if (++places > MOST_PLACES) fail(`holds more than ${MOST_PLACES} values, which no list of tensors does`);
    if (at instanceof TorchTensor) {
      checkTensorCount(file, tensors.push({ name: path || "tensor", tensor: at }), limits);
    } else if (at instanceof Map || Array.isArray(at)) {
      if (depth >= limits.depth) fail(`holds lists within lists, more than ${limits.depth} deep`);
      for (const [key, child] of at.entries()) {
        const name = typeof key === "object" ? typeof key : String(key);
        if (path.length + name.length > LONGEST_NAME) fail(`calls something by a name of more than ${LONGEST_NAME} characters`);
        look(child, path ? `${path}/${name}` : name, depth + 1);
      }
    } else if ((typeof at === "string" || typeof at === "number") && depth <= 1 && facts.size < MOST_FACTS && `${at}`.length <= LONGEST_FACT) {
      facts.set(path, String(at));
    }
  };
  look(value, "", 0);
  return { tensors, facts: Object.fromEntries(facts) };
}

/** An archive of the tensors of an object. @param fail refuses it; takes what is wrong with it, after its name */
export function archiveOf(format: FileFormat, file: FileSource, value: PickleValue, storages: StorageReader, limits: Limits, fail: (what: string) => never): WeightArchive {
  const { tensors, facts } = contentsOf(value, file.name, limits, fail);
  if (tensors.length === 0) fail("holds no tensor");
  return {
    format,
    name: file.name,
    size: file.size,
    metadata: facts,
    tensors: tensors.map(({ name, tensor }) => archiveTensor(name, tensor, storages, limits, file.name)),
    close() {},
  };
}

function archiveTensor(name: string, tensor: TorchTensor, storages: StorageReader, limits: Limits, file: string): ArchiveTensor {
  const format = tensor.storage.format;
  return {
    name,
    format,
    shape: [...tensor.shape],
    async read() {
      checkTensorSize(file, this, limits);
      const { from, to } = spanOf(tensor);
      const size = BYTES_PER_NUMBER[format];
      const span = (to - from) * size;
      if (span > limits.tensorBytes) throw new WeightsError(`“${name}” in “${file}” is spread over ${megabytes(span)}; tensors within ${megabytes(limits.tensorBytes)} are read.`);
      const bytes = from === to ? new Uint8Array(0) : await storages.read(tensor.storage, from * size, to * size);
      const raw: RawTensor = { format, shape: [...tensor.shape], bytes: isContiguous(tensor) ? bytes : gather(bytes, tensor, size) };
      return raw;
    },
  };
}

/** The part of the storage that a tensor reads, in numbers. */
function spanOf({ offset, shape, strides }: TorchTensor): { from: number; to: number } {
  if (shape.includes(0)) return { from: offset, to: offset };
  return { from: offset, to: offset + shape.reduce((sum, size, i) => sum + (size - 1) * strides[i], 0) + 1 };
}

function isContiguous({ shape, strides }: TorchTensor): boolean {
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== step) return shape.includes(0);
    step *= shape[i];
  }
  return true;
}

/**
 * Copies numbers into C order.
 * @param bytes of the span that the tensor reads
 * @param size bytes of one number
 */
function gather(bytes: Uint8Array, { shape, strides }: TorchTensor, size: number): Uint8Array {
  const result = new Uint8Array(shape.reduce((product, n) => product * n, size));
  // a file's bytes need not begin where numbers of this size may
  const source = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  const as = <T>(Numbers: new (buffer: ArrayBufferLike, offset: number, length: number) => T): [T, T] => [new Numbers(source.buffer, source.byteOffset, source.length / size), new Numbers(result.buffer, 0, result.length / size)];
  if (size === 8) walk(...as(BigUint64Array), shape, strides);
  else if (size === 4) walk(...as(Uint32Array), shape, strides);
  else if (size === 2) walk(...as(Uint16Array), shape, strides);
  else walk(source, result, shape, strides);
  return result;
}

function walk<T>(from: ArrayLike<T>, to: { [i: number]: T }, shape: readonly number[], strides: readonly number[]): void {
  let at = 0;
  const along = (dimension: number, place: number): void => {
    const last = dimension === shape.length - 1;
    for (let i = 0; i < shape[dimension]; i++, place += strides[dimension]) {
      if (last) to[at++] = from[place];
      else along(dimension + 1, place);
    }
  };
  along(0, 0);
}
