/** Measuring pictures one after the other, from the page: what each term of J says of them. */
import type { Picture } from "../nst/picture";
import type { LiveSettings } from "../nst/settings";
import { KernelLostError, type KernelStream } from "./kernel-client";
import type { Kernels } from "./kernels";
import type { Measure, MeasureControl, RunConfig, Streams } from "./protocol";

/** Losses of the lab without a measure in between before one is given up. */
const MOST_RESTARTS = 3;

interface Asked {
  picture: Picture;
  gradients: boolean;
  resolve(measure: Measure): void;
  reject(error: unknown): void;
}

/**
 * Costs of pictures that change faster than they can be measured: one is under way, the newest waits, what it overtook is
 * given up. Its stream in the lab is opened by the first picture, and again when the lab was lost.
 */
export class Gauge {
  private stream: KernelStream<Streams["measure"]["item"], MeasureControl> | null = null;
  private readonly abort = new AbortController();
  private nextId = 1;
  private current: (Asked & { id: number }) | null = null;
  private waiting: Asked | null = null;
  private restarts = 0;

  /** @param config what a run would be told: network, content and style picture, settings */
  constructor(private readonly kernels: Kernels, private config: RunConfig) {}

  /**
   * @param picture of the content picture's size
   * @param options.gradients also the gradient of each term, norms and cosines
   * @throws DOMException AbortError when a newer picture overtook this one or the gauge was closed
   */
  measure(picture: Picture, { gradients = false }: { gradients?: boolean } = {}): Promise<Measure> {
    return new Promise((resolve, reject) => {
      if (this.abort.signal.aborted) return reject(closed());
      this.waiting?.reject(new DOMException("A newer picture is measured instead.", "AbortError"));
      this.waiting = { picture, gradients, resolve, reject };
      if (!this.current) this.next();
    });
  }

  /** New weights or layers: for pictures that have not been begun. */
  update(settings: LiveSettings): void {
    this.config = { ...this.config, settings: { ...this.config.settings, ...settings } };
    this.stream?.control({ kind: "update", settings });
  }

  /** Ends the stream and gives up what is under way. */
  close(): void {
    this.abort.abort(closed());
    this.fail(closed());
  }

  private next(): void {
    if (!this.waiting) return;
    this.current = { ...this.waiting, id: this.nextId++ };
    this.waiting = null;
    this.send();
  }

  private send(): void {
    if (!this.stream) void this.follow((this.stream = this.kernels.lab.stream("measure", this.config, { signal: this.abort.signal })));
    const { id, picture, gradients } = this.current!;
    this.stream!.control({ kind: "measure", id, picture, gradients });
  }

  private async follow(stream: NonNullable<Gauge["stream"]>): Promise<void> {
    try {
      for await (const item of stream) this.take(item);
    } catch (error) {
      this.stream = null;
      if (!(error instanceof KernelLostError) || this.restarts++ >= MOST_RESTARTS) this.fail(error);
      else if (this.current) this.send();
    }
  }

  private take(item: Streams["measure"]["item"]): void {
    const { current } = this;
    if (current?.id !== item.id) return;
    this.restarts = 0;
    this.current = null;
    if ("error" in item) current.reject(new Error(item.error));
    else current.resolve(item);
    this.next();
  }

  private fail(error: unknown): void {
    for (const asked of [this.current, this.waiting]) asked?.reject(error);
    this.current = this.waiting = null;
    this.restarts = 0;
  }
}

const closed = () => new DOMException("The gauge was closed.", "AbortError");
