/** What a sweep has made so far, place by place. Knows nothing of the page or of what computes. */
import type { RunBatch } from "../kernel/protocol";
import { equal } from "../notebook/equal";
import type { Picture } from "../nst/picture";
import { CostHistory } from "../runs/cost-history";
import type { SweepCell, SweepPlan, SweepStage } from "./sweep-plans";

/** One place of the grid, as it stands. */
export interface SweepPlace {
  readonly cell: SweepCell;
  /** null where it is made at full size alone */
  readonly half: SweepStage | null;
  readonly whole: SweepStage;
  /** of the picture at full size; where the one at half size is enlarged, of both, one after the other */
  readonly history: CostHistory;
  /** of the picture at half size alone */
  readonly preview: CostHistory;
  /** steps done at half size, and at full size without those */
  halfStep: number;
  wholeStep: number;
  halfPicture: Picture | null;
  picture: Picture | null;
  /** its last step is done */
  done: boolean;
  /** id of the finished run in the store of runs */
  run: string | null;
}

/** The places of one plan. */
export class SweepPlaces {
  readonly #byKey: ReadonlyMap<string, SweepPlace>;

  constructor(readonly plan: SweepPlan) {
    this.#byKey = new Map(plan.cells.map((cell) => [cell.key, emptyPlace(plan, cell)]));
  }

  get all(): SweepPlace[] {
    return [...this.#byKey.values()];
  }

  /** @param key of a place */
  get(key: string): SweepPlace {
    return this.#byKey.get(key)!;
  }

  /** Takes over what has been made for another plan, or before, where it would be made again just so. */
  adopt(before: SweepPlaces): void {
    for (const place of this.all) {
      if (place.done) continue;
      const same = before.all.find(({ done, whole }) => done && sameStage(whole, place.whole));
      if (same) {
        const { history, preview, wholeStep, halfPicture, picture, run } = same;
        Object.assign(place, { history, preview, halfStep: place.half?.steps ?? 0, wholeStep, halfPicture, picture, run, done: true });
        continue;
      }
      const begun = before.all.find(({ half, halfStep }) => half && place.half && halfStep === half.steps && sameStage(half, place.half));
      if (!begun) continue;
      const { preview, halfStep, halfPicture } = begun;
      // what was begun at full size begins there once more
      Object.assign(place, { preview, halfStep, halfPicture, history: copied(place.whole.enlarges ? preview : EMPTY) });
    }
  }

  /** Records what the run of a stage reports. @returns whether there is another picture now */
  take({ cell, half, offset, enlarges }: SweepStage, batch: Pick<RunBatch, "columns" | "costs" | "first" | "step" | "state" | "checkpoint">): boolean {
    const place = this.get(cell.key);
    (half ? place.preview : place.history).append(batch);
    if (half) place.halfStep = batch.step;
    // before it has begun it says 0, wherever it begins
    else place.wholeStep = Math.max(0, batch.step - offset);
    if (half && place.whole.enlarges) place.history.append(batch);
    if (!half && batch.state === "finished") place.done = true;
    if (!batch.checkpoint) return false;
    const { width, height, picture: data } = batch.checkpoint;
    if (half) place.halfPicture = { width, height, data };
    else if (!enlarges || batch.step > offset) place.picture = { width, height, data };
    return true;
  }

  /** Shows a place as a run of it was kept. */
  restore(key: string, { history, picture, run }: Pick<SweepPlace, "history" | "run"> & { picture: Picture }): void {
    const place = this.get(key);
    Object.assign(place, { history, picture, run, done: true, halfStep: place.half?.steps ?? 0, wholeStep: place.whole.steps });
  }

  /** Forgets what has been done of a place that is not done. */
  forget(key: string): void {
    const place = this.get(key);
    if (!place.done) Object.assign(place, emptyPlace(this.plan, place.cell));
  }
}

/**
 * Whether a place is looked at as it is at half size: until it has come as far at its full size as it had come there, for it
 * begins there once more.
 */
export function seenAtHalf({ half, whole, halfStep, wholeStep, done }: SweepPlace): boolean {
  if (done || half === null || (whole.enlarges && wholeStep > 0)) return false;
  return halfStep === 0 ? wholeStep === 0 : wholeStep < Math.min(halfStep, whole.steps);
}

/** Costs of what is looked at. */
export function seenHistory(place: SweepPlace): CostHistory {
  return seenAtHalf(place) ? place.preview : place.history;
}

/** The picture that is looked at. */
export function seenPicture(place: SweepPlace): Picture | null {
  return seenAtHalf(place) ? place.halfPicture : (place.picture ?? place.halfPicture);
}

function emptyPlace(plan: SweepPlan, cell: SweepCell): SweepPlace {
  const of = (half: boolean) => plan.stages.find((stage) => stage.cell === cell && stage.half === half);
  return { cell, half: of(true) ?? null, whole: of(false)!, history: new CostHistory(), preview: new CostHistory(), halfStep: 0, wholeStep: 0, halfPicture: null, picture: null, done: false, run: null };
}

/** The same run from the same start: only what it is a place of may differ. */
function sameStage(a: SweepStage, b: SweepStage): boolean {
  return a === b || (a.offset === b.offset && a.enlarges === b.enlarges && equal(a.config, b.config));
}

const EMPTY = new CostHistory();

function copied(history: CostHistory): CostHistory {
  const copy = new CostHistory();
  const { columns, length } = history;
  const costs = Float64Array.from({ length: length * columns.length }, (_, i) => history.at(Math.floor(i / columns.length), columns[i % columns.length]));
  copy.append({ columns, costs, first: 0 });
  return copy;
}
