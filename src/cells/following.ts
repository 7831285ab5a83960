/** A replay that follows pixels, as it goes. */
import { type Kernels, replay, type RunRecord } from "../kernel/client";
import type { Lattice } from "./follow-lattice";
import { FollowedPixels } from "./follow-path";

/**
 * Replays a run from its start and collects what happens to some pixels.
 *
 *     const following = new Following(kernels, record, lattice(width, height, 192), 80, () => this.requestUpdate());
 *     following.followed.path(7);
 *     following.stop();
 */
export class Following {
  readonly followed: FollowedPixels;
  state: "going" | "finished" | "stopped" | "failed" = "going";
  /** why it has failed, in a sentence */
  problem = "";
  private readonly abort = new AbortController();
  /** when its first item came */
  private begun = 0;

  /**
   * @param to the last step
   * @param changed called after every step, and at the end
   */
  constructor(kernels: Kernels, record: RunRecord, readonly lattice: Lattice, readonly to: number, private readonly changed: () => void) {
    this.followed = new FollowedPixels(lattice.pixels);
    void this.go(kernels, record);
  }

  /** Until it is done, at the speed so far; null while that is not known. */
  get secondsLeft(): number | null {
    const { steps } = this.followed;
    return this.state === "going" && steps > 0 ? ((performance.now() - this.begun) / 1000 / steps) * (this.to - steps) : null;
  }

  /** Keeps what there is. */
  stop(): void {
    if (this.state !== "going") return;
    this.state = "stopped";
    this.abort.abort(new DOMException("Following the pixels was stopped.", "AbortError"));
    this.changed();
  }

  private async go(kernels: Kernels, record: RunRecord): Promise<void> {
    try {
      for await (const item of replay(kernels, record, { to: this.to, follow: this.lattice.pixels }, this.abort.signal)) {
        if (this.state !== "going") return;
        if (this.begun === 0) this.begun = performance.now();
        this.followed.take(item);
        this.changed();
      }
      this.state = "finished";
    } catch (error) {
      if (this.abort.signal.aborted) return;
      this.state = "failed";
      this.problem = (error as Error).message;
    }
    this.changed();
  }
}
