import type { Shown } from "./shown";

/** A tensor's values, row by row. */
export interface TensorData {
  shape: number[];
  dtype: string;
  data: Float32Array | Int32Array | Uint8Array;
}

/** Where a value stays: the page holds its number there, and no more. */
export interface ValueHome {
  /** @throws Error when the value cannot be read, or is gone */
  read(handle: number): Promise<unknown>;
}

/** A value that is not plain data and therefore stays where it was computed: a tensor, a function, an object that holds one. */
export class KernelValue {
  constructor(
    /** what it looks like */
    readonly shown: Shown,
    /** where it stays; only the sandbox looks at this and the next */
    readonly home: ValueHome,
    readonly handle: number,
  ) {}

  /**
   * The value as plain data; tensors become TensorData. A stream's value that has moved on gives the newer one.
   * @throws Error for what cannot become data (a function), or when the run that made it has been released
   */
  read(): Promise<unknown> {
    return this.home.read(this.handle);
  }
}
