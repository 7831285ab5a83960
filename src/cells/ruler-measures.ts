/** Measures the pictures of runs with a ruler, in the lab, one after the other. */
import { Gauge } from "../kernel/client";
import type { RunConfig } from "../kernel/protocol";
import type { Picture } from "../nst/picture";
import type { Kernels } from "./context";
import { evenPicture, type Ruler, rulerNumbers, rulerSettings, type Values, valuesOf } from "./ruler";

/** A picture to be measured: against the content and the style picture of its run. */
export interface Ruled {
  pictures: Pick<RunConfig, "content" | "style">;
  /** equal for equal pairs of pictures */
  pair: string;
  picture: Picture;
}

/** A gauge for one pair of pictures, and the ends of its ruler. */
interface Ends {
  gauge: Gauge;
  content: Values;
  even: Values;
}

/**
 * Wishes are taken one after the other; a newer list of wishes takes the place of the one before it, and what was measured
 * is remembered as long as its picture.
 *
 *     const measures = new RulerMeasures(kernels, rulerOf(network), () => this.requestUpdate());
 *     measures.want([{ pictures: run.record.config, pair: `${content.hash} ${style.hash}`, picture }]);
 *     measures.numbers(picture)?.["style"]
 */
export class RulerMeasures {
  private wanted: readonly Ruled[] = [];
  private readonly found = new WeakMap<Float32Array, Record<string, number>>();
  private readonly failed = new WeakMap<Float32Array, string>();
  private readonly ends = new Map<string, Promise<Ends>>();
  private readonly gauges: Gauge[] = [];
  private working = false;
  private closed = false;

  /** @param changed a picture has been measured, or could not be */
  constructor(
    private readonly kernels: Kernels,
    readonly ruler: Ruler,
    private readonly changed: () => void,
  ) {}

  /** By name, see `rulerNumbers`; null: not measured (yet). */
  numbers({ data }: Picture): Record<string, number> | null {
    return this.found.get(data) ?? null;
  }

  /** Why the picture could not be measured; "" if it was, or has not been tried. */
  problem({ data }: Picture): string {
    return this.failed.get(data) ?? "";
  }

  /** Wants these, the first first, and no others. */
  want(wanted: readonly Ruled[]): void {
    this.wanted = wanted;
    void this.work();
  }

  /** Gives up what is under way and frees what the lab holds for it. */
  close(): void {
    this.closed = true;
    for (const gauge of this.gauges) gauge.close();
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    for (let next = this.next(); next; next = this.next()) {
      const { data } = next.picture;
      try {
        const { gauge, content, even } = await this.endsOf(next);
        this.found.set(data, rulerNumbers(this.ruler, valuesOf(await gauge.measure(next.picture)), content, even));
      } catch (error) {
        this.failed.set(data, (error as Error).message);
      }
      if (!this.closed) this.changed();
    }
    this.working = false;
  }

  private next(): Ruled | undefined {
    return this.closed ? undefined : this.wanted.find(({ picture: { data } }) => !this.found.has(data) && !this.failed.has(data));
  }

  private endsOf({ pair, pictures }: Ruled): Promise<Ends> {
    let ends = this.ends.get(pair);
    if (!ends) {
      this.ends.set(pair, (ends = this.measureEnds(pictures)));
      ends.catch(() => this.ends.delete(pair));
    }
    return ends;
  }

  private async measureEnds({ content, style }: Ruled["pictures"]): Promise<Ends> {
    const gauge = new Gauge(this.kernels, { network: this.ruler.network, content, style, settings: rulerSettings(this.ruler) });
    this.gauges.push(gauge);
    const ofContent = valuesOf(await gauge.measure(content));
    return { gauge, content: ofContent, even: valuesOf(await gauge.measure(evenPicture(content))) };
  }
}
