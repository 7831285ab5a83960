import type { Measure } from "../kernel/protocol";
import type { Picture } from "../nst/picture";
import type { TriedRate } from "./descend-curve";
import { descentDirection, type DescentMethod, type Rates, ratesFor, slope, stepped } from "./descend-step";

/** A step that was made, and what came of it. */
export interface DescentStep {
  rate: number;
  method: DescentMethod;
  /** J before it */
  before: number;
  /** change of J that the tangent promised: −rate · (gradient · direction) */
  promised: number;
  /** J after it */
  after: number;
  /** values that had left [0, 1] and were put back */
  clipped: number;
}

type Measures = (picture: Picture, options: { gradients: boolean }) => Promise<Measure>;

/**
 * Steps of descent made one by one. Between them, J is tried at some rates along the direction of the next; a step, another
 * method or another picture ends the trying.
 */
export class DescentWalk {
  /** after the steps so far */
  picture: Picture | null = null;
  steps: readonly DescentStep[] = [];
  /** J of the picture, null while it is being measured */
  cost: number | null = null;
  /** length of its gradient */
  norm = NaN;
  /** how fast J falls with the rate, at first: gradient · direction */
  slope = NaN;
  method: DescentMethod = "gradient";
  /** of the first picture, so that the axis rests from step to step */
  rates: Rates | null = null;
  tried: readonly TriedRate[] = [];
  /** a step is being measured */
  busy = false;

  private gradient: Float32Array | null = null;
  private direction: Float32Array | null = null;
  /** what counts in J has changed while a step was under way */
  private outdated = false;
  /** changes with all that makes what is under way useless */
  private turn = 0;

  /**
   * @param measure J of a picture; an error named AbortError is taken for "not needed any more"
   * @param changed called whenever something can be seen
   * @param failed called with what went wrong
   * @param floor see adamFloor
   */
  constructor(
    private readonly measure: Measures,
    private readonly changed: () => void,
    private readonly failed: (error: Error) => void,
    private readonly floor: number,
  ) {}

  /** Begins anew from a picture. */
  begin(picture: Picture, method: DescentMethod): void {
    this.picture = picture;
    this.method = method;
    this.steps = [];
    this.rates = null;
    this.busy = false;
    this.again();
  }

  /** Measures the picture again: what counts in J has changed. A step that is under way comes first. */
  again(): void {
    if (this.busy) {
      this.outdated = true;
      return;
    }
    this.cost = null;
    this.changed();
    void this.go(async (alive) => {
      const measured = await this.measure(this.picture!, { gradients: true });
      if (alive()) this.arrive(measured);
    });
  }

  /** Another direction from the same picture. */
  choose(method: DescentMethod): void {
    if (method === this.method) return;
    this.method = method;
    this.rates = null;
    if (this.cost === null) return;
    void this.go(async () => this.aim());
  }

  /** One step, as soon as the picture is measured; a second press meanwhile does nothing. */
  take(rate: number): void {
    const { picture, cost, direction, method } = this;
    if (this.busy || !picture || cost === null || !direction) return;
    const next = stepped(picture, direction, rate);
    const promised = 0 - rate * this.slope;
    void this.go(async (alive) => {
      this.busy = true;
      this.changed();
      const measured = await this.measure(next.picture, { gradients: true });
      if (!alive()) return;
      this.picture = next.picture;
      this.steps = [...this.steps, { rate, method, before: cost, promised, after: measured.total, clipped: next.clipped }];
      this.arrive(measured);
      if (this.outdated) this.again();
    });
  }

  /** Nothing of what is under way is wanted any more. */
  end(): void {
    this.turn++;
  }

  private arrive({ total, gradient, norm }: Measure): void {
    this.cost = total;
    this.gradient = gradient!;
    this.norm = norm!;
    this.busy = false;
    this.aim();
  }

  private aim(): void {
    this.direction = descentDirection(this.gradient!, this.method, this.floor);
    this.slope = slope(this.gradient!, this.direction);
    this.tried = [];
    if (this.slope > 0 && this.cost! > 0) this.rates ??= ratesFor(this.cost!, this.slope);
    this.changed();
  }

  /** What is to be done, then the trying of rates. */
  private async go(work: (alive: () => boolean) => Promise<void>): Promise<void> {
    const turn = ++this.turn;
    this.busy = false;
    this.outdated = false;
    const alive = () => turn === this.turn;
    try {
      await work(alive);
      if (alive() && this.slope > 0)
        for (const rate of this.rates?.tried ?? []) {
          const { total } = await this.measure(stepped(this.picture!, this.direction!, rate).picture, { gradients: false });
          if (!alive()) return;
          this.tried = [...this.tried, { rate, cost: total }];
          this.changed();
        }
    } catch (error) {
      if (!alive()) return;
      this.busy = false;
      if ((error as Error).name !== "AbortError") this.failed(error as Error);
    }
  }
}
