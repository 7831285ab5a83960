/**
 * Whose turn it is on the device. Several runs share it step by step in the order in which they asked, so that each
 * gets its part and only one holds a step's activations.
 */
export class Turns {
  private tail: Promise<void> = Promise.resolve();

  /** Waits for a turn. @returns ends it; calling it twice does nothing */
  async take(): Promise<() => void> {
    let end!: () => void;
    const before = this.tail;
    this.tail = new Promise((resolve) => (end = resolve));
    await before;
    return end;
  }
}

/** The turns of this worker's device, for all that computes in steps. */
export const deviceTurns = new Turns();
