import type { CellState, Definition } from "./definition";
import { equal as sameData } from "./equal";
import type { Wired } from "./wiring";

/** One compute and what became of it. */
export interface Run {
  controller: AbortController;
  iterator: AsyncIterator<unknown> | null;
  /** has given a value or an error */
  given: boolean;
  /** will give nothing more */
  done: boolean;
}

/** A cell as the graph keeps it. */
export class Node implements Wired {
  definition!: Definition<any>;
  state: CellState = "pending";
  value: unknown = undefined;
  hasValue = false;
  error: Error | null = null;
  waitingFor: string | null = null;
  /** inputs that `run` was started with; null: start again as soon as all inputs are there */
  used: readonly unknown[] | null = null;
  run: Run | null = null;
  /** what the observer heard last, so that it hears everything once */
  told: CellState | null = null;
  toldDetail: string | null = null;
  /** the value has not been told yet */
  fresh = false;
  removed = false;
  /** `run` began with an item of a stream, or with what came of one */
  flows = false;
  /** `run` is working on a later item of a stream; until it gives its value, the one before counts */
  lagging = false;
  /** what gave the value that counts while `run` lags */
  retired: Run | null = null;
  /** manual cells: somebody wants it computed */
  asked = false;
  /** manual cells: the inputs are no longer those that it was computed from */
  outOfDate = false;
  /** lazy cells: somebody looks at it; null: that is not known yet */
  looked: boolean | null = false;

  constructor(readonly id: string) {}
  get name() {
    return this.definition.name;
  }
  get inputs() {
    return this.definition.inputs;
  }
  get manual() {
    return this.definition.manual ?? false;
  }
  get lazy() {
    // one that is run by hand computes when it is asked, seen or not
    return (this.definition.lazy ?? false) && !this.manual;
  }
  get label() {
    return this.definition.label ?? this.id;
  }
  get equal(): (a: unknown, b: unknown) => boolean {
    return this.definition.equal ?? sameData;
  }
}

/** The definition of a cell that is no more. */
export const GONE: Definition = { name: null, inputs: [], compute: () => undefined };
