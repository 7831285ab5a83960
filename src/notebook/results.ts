/** What a compute may return: a value, a promise of one, a stream of them. */

/** A stream that came too late to be wanted still has to be told to end. */
export function dispose(result: unknown): void {
  if (isAsyncIterable(result)) closeIterator(result[Symbol.asyncIterator]());
  else if (isPromise(result)) result.then(dispose, () => {});
}

export function closeIterator(iterator: AsyncIterator<unknown>): void {
  // Not awaited: a generator that is parked ends when its own wait hears the abort, and its successor does not wait for it.
  try {
    iterator.return?.().then(undefined, () => {});
  } catch {
    // the stream is given up: how it ends is no longer anybody's concern
  }
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null)?.then === "function";
}

export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof (value as AsyncIterable<unknown> | null)?.[Symbol.asyncIterator] === "function";
}
