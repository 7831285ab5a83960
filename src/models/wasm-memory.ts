/** A bound for libraries that were compiled to WebAssembly and read strangers' files. */

/**
 * Memory of WebAssembly grows by itself when the library asks for more, up to 2 GiB. While `work` runs, it grows to
 * `most` bytes and no further: the library is then told that there is none, which it can handle.
 */
export function withoutGrowingAbove<T>(most: number, work: () => T): T {
  const memory = WebAssembly.Memory.prototype;
  const { grow } = memory;
  memory.grow = function (pages) {
    if (this.buffer.byteLength + pages * 65_536 > most) throw new RangeError("more memory than is given");
    return grow.call(this, pages);
  };
  try {
    return work();
  } finally {
    memory.grow = grow;
  }
}
