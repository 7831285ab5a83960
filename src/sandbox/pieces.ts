/** Whose code is running now: every tensor that is made meanwhile is theirs. */
import { Holding } from "./holding";
import type { Log } from "./logs";

/** What a run is known by while its code runs. */
export interface Party {
  id: number;
  holding: Holding;
  log: Log;
  signal: AbortSignal;
}

/** A run that is not wanted any more keeps others waiting for so long, in ms. */
const GRACE = 1000;

/** The code of this run begins or goes on; null: none is running. */
export type Tell = (run: number | null) => void;

/**
 * Pieces of code that run from beginning to end are nested and know whose they are. Pieces that wait in between (async) take
 * turns: while one waits, whatever happens is taken for its own. One that waits for too long lets the next begin; then what is
 * made belongs to both, and is kept until both are done with it.
 */
export class Pieces {
  private readonly stack: Party[] = [];
  private readonly waiting: Party[] = [];
  /** whose turn comes next */
  private readonly queue: (() => void)[] = [];
  private taken = false;
  private readonly borrowed: Holding[] = [];
  /** for what is made by timers of cells that are done */
  private readonly strays = new Holding();

  constructor(
    private readonly patience: number,
    private readonly tell: Tell,
  ) {}

  /** Whose a tensor is that is made now. */
  holdings(): readonly Holding[] {
    const borrowed = this.borrowed.at(-1);
    if (borrowed) return [borrowed];
    const top = this.stack.at(-1);
    if (top) return [top.holding];
    return this.waiting.length > 0 ? this.waiting.map(({ holding }) => holding) : [this.strays];
  }

  current(): Party | null {
    return this.stack.at(-1) ?? this.waiting.at(-1) ?? null;
  }

  /** Runs a piece that does not wait. */
  enter<T>(party: Party, work: () => T): T {
    this.stack.push(party);
    this.tell(party.id);
    try {
      return work();
    } finally {
      this.stack.pop();
      this.tell(this.current()?.id ?? null);
    }
  }

  /** Runs work that does not wait, whose tensors belong to `holding`. */
  within<T>(holding: Holding, work: () => T): T {
    this.borrowed.push(holding);
    try {
      return work();
    } finally {
      this.borrowed.pop();
    }
  }

  /** Runs a piece that may wait, when its turn has come. */
  async take<T>(party: Party, work: () => T | PromiseLike<T>): Promise<T> {
    if (this.taken) await new Promise<void>((resolve) => this.queue.push(resolve));
    this.taken = true;
    let mine = true;
    const pass = () => {
      if (!mine) return;
      mine = false;
      const next = this.queue.shift();
      if (next) next();
      else this.taken = false;
    };
    const timers = [setTimeout(pass, this.patience)];
    const hurry = () => void timers.push(setTimeout(pass, GRACE));
    if (party.signal.aborted) hurry();
    party.signal.addEventListener("abort", hurry);
    this.waiting.push(party);
    this.tell(party.id);
    try {
      return await work();
    } finally {
      this.waiting.splice(this.waiting.indexOf(party), 1);
      timers.forEach(clearTimeout);
      party.signal.removeEventListener("abort", hurry);
      this.tell(this.current()?.id ?? null);
      pass();
    }
  }

  /** Frees what belongs to nobody. */
  sweep(): void {
    for (const tensor of [...this.strays.tensors]) tensor.dispose();
  }
}
