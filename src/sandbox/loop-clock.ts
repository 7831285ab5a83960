/** Notices loops that do not let anything else happen. */

/** A loop ran for too long; `message` names the line. */
export class EndlessLoopError extends Error {
  override name = "EndlessLoopError";
}

/** Looking at the clock costs more than most loops' bodies: it is done so seldom that looks are about as far apart as this, in ms … */
const BETWEEN = 5;
/** … but not after more rounds than this: a slow loop may follow upon a quick one. */
const MOST = 128;

export class LoopClock {
  private armed = false;
  private start = 0;
  private seen = 0;
  private left = 1;
  private stride = 1;
  private readonly channel = new MessageChannel();

  /** @param limit uninterrupted running that is allowed, in s */
  constructor(private readonly limit: number) {
    this.channel.port1.onmessage = () => (this.armed = false);
  }

  /** Called by every loop of a cell in every round. @throws EndlessLoopError */
  tick(line: number): void {
    if (--this.left > 0 && this.armed) return;
    const now = performance.now();
    if (!this.armed) {
      // the message arrives when whatever runs now has given way
      this.channel.port2.postMessage(null);
      this.armed = true;
      this.start = this.seen = now;
      this.stride = 1;
    } else {
      this.stride = now - this.seen < BETWEEN ? Math.min(MOST, 2 * this.stride) : Math.max(1, this.stride >> 2);
      this.seen = now;
    }
    this.left = this.stride;
    const seconds = (now - this.start) / 1000;
    if (seconds > this.limit)
      throw new EndlessLoopError(`The loop in line ${line} has been running for ${Math.round(seconds)} s without giving way, and was stopped. Should it end? If it has much to do, let it give way now and then: await new Promise(requestAnimationFrame).`);
  }
}
