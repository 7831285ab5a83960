/** The value of a sweep. Pure. */
import type { Picture } from "../nst/picture";
import type { TransferSettings } from "../nst/settings";
import { share } from "./growth-share";
import type { NetworkValue } from "./network";
import { seenAtHalf, seenHistory, seenPicture, type SweepPlace, type SweepPlaces } from "./sweep-places";
import type { SweepCell } from "./sweep-plans";

/** What has become of one place of the grid; the costs as they count in J, null before its first step. */
export interface SweepOutcome {
  /** steps done; those of a preview at half size do not count */
  step: number;
  /** 1 while the picture and the costs are those of the preview at half size, else 0 */
  half: number;
  total: number | null;
  content: number | null;
  style: number | null;
  tv: number | null;
  /** share of the starting cost that is left; null where there was none */
  contentLeft: number | null;
  styleLeft: number | null;
}

/** The value of a sweep cell. */
export interface SweepValue {
  /** of the chosen place: `<nst-run settings="grid.settings">` runs it */
  settings: TransferSettings;
  /** of the chosen place: `<nst-run network="grid.network">` */
  network: NetworkValue;
  /** of the chosen place, null until there is one; renewed about once a second while it grows */
  picture: Picture | null;
  name: string;
  /** of the chosen place, counted from 1 */
  row: number;
  column: number;
  /** pictures that are finished */
  finished: number;
  /** by place: `grid.cells.r2c3.contentLeft` is what is left of the content cost in the second row, third column */
  cells: Record<string, SweepOutcome>;
  /** runs chosen to be compared, by their ids in the store of runs: `<nst-compare of="grid.compared">` */
  compared: { runs: string[]; count: number };
}

/**
 * @param chosen the place whose settings and picture are given
 * @param compared keys of places
 */
export function sweepValue(places: SweepPlaces, chosen: SweepCell, compared: readonly string[]): SweepValue {
  const { settings, network, row, column } = chosen;
  const runs = compared.flatMap((key) => places.all.find(({ cell }) => cell.key === key)?.run ?? []);
  return {
    settings, network, picture: seenPicture(places.get(chosen.key)), name: `row ${row + 1}, column ${column + 1}`, row: row + 1, column: column + 1,
    finished: places.all.filter(({ done }) => done).length,
    cells: Object.fromEntries(places.all.map((place) => [place.cell.key, outcome(place)])),
    compared: { runs, count: runs.length },
  };
}

/** While the pictures that it reads are not there. */
export function noSweepYet(settings: TransferSettings, network: NetworkValue): SweepValue {
  return { settings, network, picture: null, name: "", row: 0, column: 0, finished: 0, cells: {}, compared: { runs: [], count: 0 } };
}

function outcome(place: SweepPlace): SweepOutcome {
  const history = seenHistory(place);
  const [total, content, style, tv] = ["total", "content", "style", "tv"].map((name) => finite(history.last(name)));
  const { whole: { offset, enlarges }, wholeStep, halfStep } = place;
  const step = enlarges && wholeStep === 0 ? halfStep : offset + wholeStep;
  return { step, half: seenAtHalf(place) ? 1 : 0, total, content, style, tv, contentLeft: share(history, "content"), styleLeft: share(history, "style") };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
