/** Notices frames that do not answer, and starts all of them anew: they share a process, and one that hangs holds up the others. */
import { CellCrashError } from "./errors";
import type { JsFrame } from "./js-frame";
import { Watch } from "./watch";

export class FrameWatch {
  private readonly watch: Watch;

  /**
   * @param limit seconds without an answer
   * @param ended called while no frame is there
   */
  constructor(
    private readonly frames: () => Iterable<JsFrame>,
    private readonly limit: number,
    private readonly ended: () => void,
  ) {
    this.watch = new Watch(limit, (slept) => this.check(slept));
  }

  /** To be called when a frame has been given something to run. */
  start(): void {
    this.watch.start();
  }

  private check(slept: number): void {
    const frames = [...this.frames()].filter(({ element }) => element.isConnected);
    if (frames.length === 0) return this.watch.stop();
    const now = performance.now();
    let silent = false;
    for (const frame of frames) {
      // a page out of sight, its frames with it, may be held back by the browser
      if (document.visibilityState === "hidden" || !frame.there) frame.asked = 0;
      else if (frame.asked === 0) {
        frame.asked = now;
        frame.post({ type: "ping" });
      } else {
        frame.asked += slept;
        if (now - frame.asked > 1000 * this.limit) silent = true;
      }
    }
    if (silent) this.restart(frames);
  }

  private restart(frames: JsFrame[]): void {
    const culprit = culpritOf(frames);
    const label = culprit?.label ?? "A code cell";
    const places = frames.map(({ element }) => {
      const place = document.createComment("");
      element.replaceWith(place);
      return { element, place };
    });
    this.ended();
    for (const frame of frames) {
      if (frame === culprit) frame.crash(new CellCrashError(`“${label}” did not give way for ${this.limit} s and had to be ended, with all that its cell showed; the other cells' output is started anew. Is there something in it that never ends? Change the code and run it again.`));
      else frame.lost();
    }
    // in the same place, where they start by themselves
    for (const { element, place } of places) place.replaceWith(element);
  }
}

/** The cell that was running, or the one that the person is busy with, or the one that ran last. */
function culpritOf(frames: JsFrame[]): JsFrame | null {
  const running = frames.filter(({ began }) => began > 0).sort((a, b) => b.began - a.began);
  const focused = frames.find(({ element }) => (element.getRootNode() as Document | ShadowRoot).activeElement === element);
  return running[0] ?? focused ?? [...frames].sort((a, b) => a.heard - b.heard).at(-1) ?? null;
}
