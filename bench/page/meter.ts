import * as tf from "@tensorflow/tfjs";

/**
 * Watches how many bytes are in tensors. tfjs adds to and takes from one number, `engine().state.numBytes`; with a
 * setter in its place no peak between two looks is lost.
 */
export class BytesMeter {
  private bytes: number;
  private highest: number;

  constructor() {
    const state = tf.engine().state;
    this.bytes = this.highest = state.numBytes;
    Object.defineProperty(state, "numBytes", {
      configurable: true,
      get: () => this.bytes,
      set: (bytes: number) => {
        this.bytes = bytes;
        if (bytes > this.highest) this.highest = bytes;
      },
    });
  }

  /** bytes in tensors now */
  get now(): number {
    return this.bytes;
  }

  /** most bytes in tensors since the start or the last `restart` */
  get peak(): number {
    return this.highest;
  }

  restart(): void {
    this.highest = this.bytes;
  }
}
