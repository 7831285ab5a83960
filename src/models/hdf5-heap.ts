/** HDF5 keeps texts of any length in heaps (“global heap collections”); its library counts through a damaged one for ever. */

const HEADER = 16;
const MOST_BYTES = 2 ** 24;

/** Tells whether these bytes, as the library reads them, begin a heap. */
export function beginsHeap(bytes: Uint8Array): boolean {
  return bytes.length >= HEADER && bytes[0] === 71 && bytes[1] === 67 && bytes[2] === 79 && bytes[3] === 76;
}

/**
 * Whether a heap can be counted through: every object in it has a size, and ends inside.
 * Source: HDF5 File Format Specification, “Disk Format: Level 1E - Global Heap”, with lengths of eight bytes.
 * @param from where it begins in the file
 * @param read the file's bytes
 * @param end the file's length
 */
export function heapIsSound(from: number, read: (from: number, to: number) => Uint8Array, end: number): boolean {
  const size = lengthAt(view(read(from, from + HEADER)), 8);
  if (size < HEADER || size > MOST_BYTES || from + size > end) return false;
  const heap = view(read(from, from + size));
  for (let at = HEADER; size - at >= HEADER; ) {
    const free = heap.getUint16(at, true) === 0;
    const length = lengthAt(heap, at + 8);
    // the free rest counts its own header in, objects do not, and are filled up to eight bytes
    const takes = free ? length : HEADER + 8 * Math.ceil(length / 8);
    if (takes < HEADER || takes > size - at) return false;
    at += takes;
  }
  return true;
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const lengthAt = (data: DataView, at: number) => Number(data.getBigUint64(at, true));
