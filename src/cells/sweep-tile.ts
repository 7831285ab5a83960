/** What the view of a sweep is told about the places of its grid. */
import type { Picture } from "../nst/picture";
import type { CostHistory } from "../runs/cost-history";
import type { GrowingPicture, GrowthState } from "./growth";
import type { SweepCell, SweepPlan } from "./sweep-plans";

/** One place of the grid as it stands. */
export interface SweepTile {
  cell: SweepCell;
  /** of what is looked at */
  history: CostHistory;
  /** of the run at full size, or while it has not begun, of the one at half size */
  step: number;
  steps: number;
  /** what is looked at is at half size */
  half: boolean;
  /** nothing is left to be done at half size */
  halfDone: boolean;
  state: GrowingPicture["state"];
  failed: boolean;
  /** what is looked at, as numbers */
  picture: Picture | null;
  /** the last step is done */
  done: boolean;
  leftOut: boolean;
  /** 1: nothing begins before it; null: it does not wait */
  waits: number | null;
  /** its run is in the store of runs and can be compared with others */
  kept: boolean;
  /** chosen for that */
  marked: boolean;
}

/** What the view reads whenever it draws: it changes many times a second. */
export interface SweepSource {
  /** what the numbers below are of; null: nothing that could be shown */
  readonly planShown: SweepPlan | null;
  readonly state: GrowthState;
  /** share of the work that is done */
  readonly progress: number;
  /** how long it will take from here; null: not known */
  readonly seconds: number | null;
  readonly notices: readonly { notice: string; failed: boolean }[];
  /** something has been made that need not be made once more, and something is left to do */
  readonly goesOn: boolean;
  /** cells can be added to the notebook */
  readonly adds: boolean;
  /** all places as they stand now, by their keys */
  readonly tiles: ReadonlyMap<string, SweepTile>;
}

/** "row 2, column 3" */
export function placeName({ row, column }: Pick<SweepCell, "row" | "column">): string {
  return `row ${row + 1}, column ${column + 1}`;
}

/** Keys of places in a text: "r1c2 r3c1", each once. */
export function keysIn(text: string): string[] {
  return [...new Set(text.match(/r\d+c\d+/g) ?? [])];
}
