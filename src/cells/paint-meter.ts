import type { Measure } from "../kernel/protocol";
import type { Picture } from "../nst/picture";
import type { Painting } from "./paint-model";
import { paintCosts, PaintScore } from "./paint-score";

/** What measures: a Gauge of the kernel. A picture that waits is given up (AbortError) for a newer one. */
export interface Measures {
  measure(picture: Picture): Promise<Measure>;
  close(): void;
}

/**
 * Keeps the score of a painting: measures what it began with, then the picture as often as it changes and there is time. The
 * brush never waits for it, and the last picture is always measured in the end.
 */
export class PaintMeter {
  readonly score = new PaintScore();
  private begun = false;
  private closed = false;

  /**
   * @param gauge closed with the meter
   * @param best the best picture by an earlier measure: of the same painting, with other weights; null if there is none
   * @param changed called whenever the score has changed
   * @param failed called with what went wrong
   */
  constructor(
    private readonly gauge: Measures,
    private readonly painting: Painting,
    best: Picture | null,
    private readonly changed: () => void,
    private readonly failed: (error: Error) => void,
  ) {
    void this.begin(best);
  }

  /** The picture has changed. */
  ask(): void {
    // the beginning comes first: without it there is nothing to compare with
    if (this.begun) void this.take(this.painting.copy());
  }

  close(): void {
    this.closed = true;
    this.gauge.close();
  }

  private async begin(best: Picture | null): Promise<void> {
    const { start } = this.painting;
    const measure = await this.measure(start);
    if (!measure) return;
    this.score.begin(start, paintCosts(measure));
    this.changed();
    if (best && best !== start) await this.take(best);
    this.begun = true;
    if (this.painting.version > 0) this.ask();
  }

  private async take(picture: Picture): Promise<void> {
    const measure = await this.measure(picture);
    if (!measure) return;
    this.score.take(picture, paintCosts(measure));
    this.changed();
  }

  /** Null where it came to nothing. */
  private async measure(picture: Picture): Promise<Measure | null> {
    try {
      const measure = await this.gauge.measure(picture);
      return this.closed ? null : measure;
    } catch (error) {
      if (!this.closed && (error as Error).name !== "AbortError") this.failed(error as Error);
      return null;
    }
  }
}
