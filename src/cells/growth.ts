/** Several pictures that grow in the engine: all at once, or one after the other. Knows nothing of the page. */
import { CostHistory } from "../runs/cost-history";

/** What the engine reports of one picture: a run's batch and an ascent's have this much in common. */
export interface GrowthBatch {
  step: number;
  stepsPerSecond: number;
  state: "preparing" | "running" | "paused" | "finished" | "stopped";
  /** the receiver closes it */
  image?: ImageBitmap;
  notice?: string;
}

/** Steers one picture that grows; a RunHandle is one. */
export interface GrowthHandle {
  pause(): void;
  resume(): void;
  /** ends it within a step, with a last batch */
  stop(): void;
  /** ends it at once */
  drop(): void;
  /** resolves at its end, rejects with what ended it */
  readonly ended: Promise<void>;
}

/** One picture of a growth, as it stands. */
export interface GrowingPicture {
  /** what it is called among the others: the layer it is grown from */
  readonly key: string;
  /** "queued": others come first; "left out": not wanted, until it is taken back */
  state: "queued" | "left out" | GrowthBatch["state"];
  step: number;
  readonly steps: number;
  /** 0 while it is not known */
  stepsPerSecond: number;
  readonly history: CostHistory;
  notice: string;
  /** the notice says why it has ended before its time */
  failed: boolean;
}

export type GrowthOrder = "together" | "in turn";
export type GrowthState = "idle" | "preparing" | "running" | "paused" | "finished" | "stopped";

export interface GrowthPlan {
  key: string;
  steps: number;
  /** key of another picture of the growth that has to end before this one begins */
  after?: string | null;
}

/**
 * Grows one picture for each plan. Together, the engine gives every one its turn, step by step; in turn, the next begins
 * when the one before has ended. Where the order is a number, that many grow at a time, in the order of the plans. Those
 * that have not begun can change places in the queue, and any that has not ended can be left out and taken back.
 *
 *     const growth = new Growth(plans, "together", (plan, take) => new RunHandle(kernels, plan.config, take), (picture, batch) => …);
 *     growth.pause();
 */
export class Growth<Plan extends GrowthPlan, Batch extends GrowthBatch> {
  readonly pictures: readonly GrowingPicture[];
  private readonly byKey: ReadonlyMap<string, GrowingPicture>;
  /** in the order in which they are to begin */
  private order: GrowingPicture[];
  /** how many grow at a time */
  private readonly most: number;
  private readonly handles = new Map<GrowingPicture, GrowthHandle>();
  /** handles that have not ended */
  private readonly open = new Set<GrowthHandle>();
  private halted = false;
  private paused = false;
  private dropped = false;

  /**
   * @param begin starts one; what it reports goes to `take`
   * @param changed called after every change of a picture, with the batch that brought it; owns the batch's bitmap. What it
   *   records in the picture's history is its matter
   * @param leftOut keys of plans that are left out for the time being
   */
  constructor(
    private readonly plans: readonly Plan[],
    order: GrowthOrder | number,
    private readonly begin: (plan: Plan, take: (batch: Batch) => void) => GrowthHandle,
    private readonly changed: (picture: GrowingPicture, batch: Batch | null) => void,
    leftOut: ReadonlySet<string> = new Set(),
  ) {
    this.pictures = plans.map(({ key, steps }) => ({ key, state: leftOut.has(key) ? "left out" : "queued", step: 0, steps, stepsPerSecond: 0, history: new CostHistory(), notice: "", failed: false }));
    this.byKey = new Map(this.pictures.map((picture) => [picture.key, picture]));
    this.order = [...this.pictures];
    this.most = order === "together" ? plans.length : order === "in turn" ? 1 : order;
    this.fill();
  }

  /** The picture of a plan. */
  picture(key: string): GrowingPicture | undefined {
    return this.byKey.get(key);
  }

  /** What all of them do together. */
  get state(): GrowthState {
    const states = this.pictures.map(({ state }) => state).filter((state) => state !== "left out");
    if (states.includes("running")) return "running";
    if (states.includes("paused")) return "paused";
    // one has ended and the next is being prepared: to a person, it goes on
    if (states.includes("preparing") || states.includes("queued")) return this.step > 0 ? "running" : "preparing";
    return states.length > 0 && states.every((state) => state === "finished") ? "finished" : "stopped";
  }

  /** Steps done, over all pictures. */
  get step(): number {
    return this.pictures.reduce((sum, { step }) => sum + step, 0);
  }

  /** Steps wanted, over all pictures. */
  get steps(): number {
    return this.pictures.reduce((sum, { steps }) => sum + steps, 0);
  }

  /** Steps of all pictures in a second, 0 while it is not known. */
  get stepsPerSecond(): number {
    return this.pictures.reduce((sum, { state, stepsPerSecond }) => sum + (state === "running" ? stepsPerSecond : 0), 0);
  }

  /** Until the last picture is done; null while it is not known: a picture that has not begun may be faster or slower than the others. */
  get secondsLeft(): number | null {
    const open = this.pictures.filter(({ state }) => state === "running" || state === "preparing" || state === "queued");
    if (open.length === 0 || open.some(({ state, stepsPerSecond }) => state !== "running" || stepsPerSecond === 0)) return null;
    return Math.max(...open.map(({ step, steps, stepsPerSecond }) => (steps - step) / stepsPerSecond));
  }

  pause(): void {
    this.paused = true;
    for (const [picture, handle] of this.handles) if (isOpen(picture)) handle.pause();
  }

  resume(): void {
    this.paused = false;
    for (const [picture, handle] of this.handles) if (isOpen(picture)) handle.resume();
  }

  /** Ends all that grow within a step, and begins none of the others. */
  stop(): void {
    this.halted = true;
    for (const picture of this.pictures) if (picture.state === "queued") this.turn(picture, "stopped");
    for (const [picture, handle] of this.handles) if (isOpen(picture)) handle.stop();
  }

  /** Lets pictures that have not begun be the next to begin, in the order in which they are planned. */
  first(keys: readonly string[]): void {
    const chosen = this.pictures.filter(({ key, state }) => keys.includes(key) && state === "queued");
    this.order = [...chosen, ...this.order.filter((picture) => !chosen.includes(picture))];
    for (const picture of chosen) this.changed(picture, null);
  }

  /** Takes pictures that have not ended out of the growth; what one of them has done until now is lost. */
  leaveOut(keys: readonly string[]): void {
    for (const picture of this.pictures) {
      if (!keys.includes(picture.key) || !isOpen(picture)) continue;
      const handle = this.handles.get(picture);
      this.handles.delete(picture);
      if (handle) this.open.delete(handle);
      handle?.drop();
      Object.assign(picture, { step: 0, stepsPerSecond: 0 });
      this.turn(picture, "left out");
    }
    this.fill();
  }

  /** Lets pictures that were left out come in their turn again. */
  takeBack(keys: readonly string[]): void {
    for (const picture of this.pictures) if (keys.includes(picture.key) && picture.state === "left out") this.turn(picture, this.halted ? "stopped" : "queued");
    this.fill();
  }

  /** Keys of the pictures that have not begun, in the order in which they are to. */
  get queue(): string[] {
    return this.order.flatMap(({ key, state }) => (state === "queued" ? [key] : []));
  }

  /** Ends all of them at once, for when nobody is there to see it. Nothing is reported any more. */
  drop(): void {
    this.dropped = true;
    for (const handle of this.handles.values()) handle.drop();
  }

  private go(picture: GrowingPicture): void {
    picture.state = "preparing";
    const handle = this.begin(this.plans[this.pictures.indexOf(picture)], (batch) => this.take(picture, handle, batch));
    this.handles.set(picture, handle);
    this.open.add(handle);
    if (this.paused) handle.pause();
    handle.ended.then(
      () => this.end(handle),
      (error: Error) => {
        if (this.dropped || this.handles.get(picture) !== handle) return;
        picture.notice = error.message;
        picture.failed = true;
        this.turn(picture, "stopped");
        this.end(handle);
      },
    );
  }

  private end(handle: GrowthHandle): void {
    this.open.delete(handle);
    this.fill();
  }

  /** Begins as many as there is room for. */
  private fill(): void {
    if (this.halted || this.dropped) return;
    for (const picture of this.order) {
      if (this.open.size >= this.most) return;
      if (picture.state === "queued" && !this.waits(picture)) this.go(picture);
    }
  }

  private waits({ key }: GrowingPicture): boolean {
    const { after } = this.plans.find((plan) => plan.key === key)!;
    const before = after ? this.byKey.get(after) : undefined;
    return before !== undefined && isOpen(before);
  }

  private take(picture: GrowingPicture, handle: GrowthHandle, batch: Batch): void {
    if (this.dropped || this.handles.get(picture) !== handle) {
      batch.image?.close();
      return;
    }
    picture.step = batch.step;
    picture.stepsPerSecond = batch.stepsPerSecond;
    picture.state = batch.state;
    if (batch.notice) picture.notice = batch.notice;
    this.changed(picture, batch);
  }

  private turn(picture: GrowingPicture, state: GrowingPicture["state"]): void {
    picture.state = state;
    this.changed(picture, null);
  }
}

const isOpen = ({ state }: GrowingPicture): boolean => state !== "finished" && state !== "stopped" && state !== "left out";
