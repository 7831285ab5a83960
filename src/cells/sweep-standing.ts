/** How a sweep stands: what is done, what comes next, how much is left. Pure. */
import type { GrowingPicture, Growth } from "./growth";
import { type SweepPlace, type SweepPlaces, seenAtHalf, seenHistory, seenPicture } from "./sweep-places";
import type { SweepCell, SweepStage } from "./sweep-plans";
import type { SweepTile } from "./sweep-tile";

/** What a person has said of the places, by their keys. */
export interface SweepWishes {
  /** not wanted for the time being */
  leftOut: readonly string[];
  /** to come first, the next one first */
  early: readonly string[];
  /** chosen to be compared */
  marked: readonly string[];
}

const GOING: readonly GrowingPicture["state"][] = ["preparing", "running", "paused"];

/** A look at one moment: what changes later is seen by a new one. */
export class SweepStanding {
  #queue: string[] | null = null;

  constructor(
    private readonly places: SweepPlaces,
    /** null: nothing has been begun since the page was opened */
    private readonly growth: Pick<Growth<never, never>, "picture" | "pictures" | "queue"> | null,
    private readonly wishes: SweepWishes,
  ) {}

  /** Places that are done. */
  get finished(): number {
    return this.places.all.filter(({ done }) => done).length;
  }

  /** Places that are wanted and not done. */
  get missing(): SweepPlace[] {
    return this.places.all.filter((place) => !place.done && !this.#out(place));
  }

  /** Stages that are not done, also of places that are left out, in the order in which they are to begin. */
  get wanted(): SweepStage[] {
    const stages = this.places.plan.stages.filter(({ cell, half, steps }) => {
      const place = this.places.get(cell.key);
      return !place.done && !(half && place.halfStep === steps);
    });
    const { early } = this.wishes;
    const rank = ({ cell }: SweepStage) => (early.includes(cell.key) ? early.indexOf(cell.key) : early.length);
    return stages.toSorted((a, b) => rank(a) - rank(b));
  }

  /** Steps done and steps to be done, in multiply-adds; what was done before this growth does not count. */
  get work(): { done: number; all: number } {
    const { growth, places } = this;
    const stages = growth ? places.plan.stages.filter(({ key }) => growth.picture(key)) : this.wanted;
    let [done, all] = [0, 0];
    for (const { key, cell, work, steps, offset } of stages) {
      if (this.#out(places.get(cell.key))) continue;
      done += work * Math.max(0, (growth?.picture(key)?.step ?? 0) - offset);
      all += work * steps;
    }
    return { done, all };
  }

  tile(cell: SweepCell): SweepTile {
    const place = this.places.get(cell.key);
    const { half, whole, halfStep, wholeStep, done, run } = place;
    const grown = ({ key }: SweepStage) => this.growth?.picture(key);
    const halfDone = half === null || halfStep === half.steps || done;
    const [first, second] = [half ? grown(half) : undefined, grown(whole)];
    const begun = wholeStep > 0 || half === null;
    this.#queue ??= this.#waiting;
    const waits = this.#queue.indexOf(cell.key);
    return {
      cell, history: seenHistory(place), picture: seenPicture(place), half: seenAtHalf(place), halfDone,
      step: begun || done ? whole.offset + wholeStep : halfStep, steps: begun || done || whole.enlarges || halfStep === 0 ? cell.settings.steps : half.steps,
      state: this.#out(place) ? "left out" : done ? "finished" : stateOf(halfDone ? second : first),
      failed: first?.failed === true || second?.failed === true,
      done, leftOut: this.#out(place), waits: waits < 0 ? null : waits + 1,
      kept: run !== null, marked: this.wishes.marked.includes(cell.key),
    };
  }

  #out({ cell, done }: SweepPlace): boolean {
    return !done && this.wishes.leftOut.includes(cell.key);
  }

  /** Keys of places of which nothing is going on, in the order in which something will be. */
  get #waiting(): string[] {
    const { growth, places } = this;
    const stages = growth ? growth.queue : this.wanted.filter(({ cell }) => !this.#out(places.get(cell.key))).map(({ key }) => key);
    const going = new Set(growth?.pictures.filter(({ state }) => GOING.includes(state)).map(({ key }) => placeOf(key)));
    return [...new Set(stages.map(placeOf))].filter((key) => !going.has(key));
  }
}

/** Key of the place of a stage. */
export const placeOf = (stage: string): string => stage.split("/")[0];

const stateOf = (picture: GrowingPicture | undefined): GrowingPicture["state"] => picture?.state ?? "queued";
