/** Told about one cell, always outside of the caller's own call (from a microtask). */
export interface Observer<Out> {
  /** a value is being worked out; the last one, if any, is out of date */
  pending?(): void;
  fulfilled?(value: Out): void;
  rejected?(error: Error): void;
  /** an input has failed, or waits itself; `name` is that input */
  waiting?(name: string): void;
  /** a manual cell that was never asked to compute */
  held?(): void;
  /** a lazy cell that nobody looks at, and whose value, if it has one, is out of date */
  resting?(): void;
  /** a manual cell's inputs have changed since it was computed (yes), or are as they were (no) */
  outOfDate?(yes: boolean): void;
}

export interface Definition<Out = unknown> {
  /** name of the value this cell gives, null if none. With a colon in it: for the cell's own use, never in a message. */
  name: string | null;
  /** names of what it reads; `settings.size` reads a part, and only a change of that part counts */
  inputs: readonly string[];
  /**
   * `signal` is aborted when the result is given up: an input changed, the cell was invalidated, redefined or undefined.
   * That may be long after `compute` has returned, so it is also the place to release what the value holds.
   * An async iterable gives one value after the other. Values count as immutable.
   */
  compute(inputs: readonly unknown[], context: { signal: AbortSignal }): Out | Promise<Out | AsyncIterable<Out>> | AsyncIterable<Out>;
  observe?: Observer<Out>;
  /** values that are equal are not passed on; default: structural for plain data, identity for everything else */
  equal?(a: Out, b: Out): boolean;
  /** how messages call the cell; default: its id */
  label?: string;
  /** is computed only when `invalidate` asks for it; until then it keeps the value it has */
  manual?: boolean;
  /** is computed only while somebody looks at it (`Graph.look`) or a cell that is to be computed reads it */
  lazy?: boolean;
}

export type CellState = "pending" | "fulfilled" | "rejected" | "waiting" | "held" | "resting";
