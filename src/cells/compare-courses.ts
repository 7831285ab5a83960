/** Costs of several runs, brought to one kind of number. Pure. */
import { paperName } from "../nst/names";
import type { CostHistory } from "../runs/cost-history";
import { type RunEntry, runTitle } from "../runs/kept-run";
import { shareEnd, type Stepped } from "./compare-runs-steps";
import type { ComparedRun } from "./compared-runs";
import type { Course } from "./curves-drawing";
import { curveValues } from "./curves-series";
import { shareText } from "./growth-share";
import { formatNumber } from "./numbers";

/** The curve of one run. */
export interface ComparedCourse extends Course {
  run: ComparedRun;
  /** the last step that it has a number for */
  end: number;
}

/** Dashes, so that runs are told apart by more than their colour; the first is solid. */
const DASHES = [undefined, "7 3", "2 2.5", "9 3 2 3", "4 2.5", "12 3", "1 3", "12 3 2 3 2 3"];

/** A cost that can be chosen: its column, and its name. */
export interface CourseChoice {
  name: string;
  label: string;
}

/**
 * What each run is called beside its mark, as short as they can be told apart: the name that its person gave it, its place
 * in a sweep, or its cell; else the two pictures that it was made of. Nothing where that is the mark itself.
 */
export function shortTitles(runs: readonly { mark: string; entry: Pick<RunEntry, "name" | "group" | "cell" | "content" | "style"> }[]): string[] {
  const short = runs.map(({ entry: { name, group, cell } }) => name || group?.label || cell);
  const apart = short.every(Boolean) && new Set(short).size === runs.length;
  return runs.map(({ mark, entry }, i) => (!apart ? runTitle(entry) : short[i] === mark ? "" : short[i]!));
}

/** The costs that any of the runs has: the sums, and every style layer by its name. */
export function courseChoices(runs: readonly { history: CostHistory }[]): CourseChoice[] {
  const layers = [...new Set(runs.flatMap(({ history }) => history.layers))].sort();
  return [
    { name: "total", label: "total J" },
    { name: "content", label: "content" },
    { name: "style", label: "style" },
    ...layers.map((name) => ({ name, label: `style at ${paperName(name)}` })),
    { name: "tv", label: "total variation" },
  ];
}

/**
 * The course of one cost in every run that has it.
 * @param relative as shares of the first number that a run has; a run that begins with 0 has no such course
 */
export function comparedCourses(runs: readonly ComparedRun[], column: string, relative: boolean): ComparedCourse[] {
  return runs.flatMap((run, i) => {
    const values = curveValues(run.history, column, relative);
    const end = values?.findLastIndex(Number.isFinite) ?? -1;
    if (!values || end < 0) return [];
    return [{ run, values, end, text: `${run.mark} ${courseText(values[end], relative)}`, colour: run.colour, width: 2, dash: DASHES[i % DASHES.length] }];
  });
}

/** A number of a course in words. */
export const courseText = (value: number, relative: boolean): string => (relative ? shareText(value) : formatNumber(value));

/** The dashes of the i-th run. */
export const dashOf = (i: number): string | undefined => DASHES[i % DASHES.length];

/** The step of a run where a slider over all runs stands: in steps, or as a share of each run's own. Beyond its end it stays there. */
export function stepOf(run: Pick<Stepped, "history" | "settings" | "going">, at: number, share: boolean): number {
  return Math.min(run.history.step, Math.round(share ? at * shareEnd(run) : at));
}

/**
 * Whether costs of these runs are numbers of the same kind: with the same pictures, network, layers and weights. If not, how
 * large they are says nothing about the pictures.
 */
export function sameCosts(runs: readonly ComparedRun[]): boolean {
  const measures = runs.map(({ entry: { network, content, style }, record: { config: { settings, network: { card } } }, settings: now }) => {
    const { contentLayer, alphaTimesM, styleLayers, beta, totalVariation, contentTap, styleStatistic, totalVariationKind } = now;
    return JSON.stringify([network.id, network.random, card.input, content.hash, style.hash, settings.tap, settings.pooling, contentLayer, alphaTimesM, Object.entries(styleLayers).sort(), beta, totalVariation, contentTap, styleStatistic, totalVariationKind]);
  });
  return measures.every((measure) => measure === measures[0]);
}
