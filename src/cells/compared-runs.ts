/** Runs beside one another: which is which, and in what colour. */
import type { RunRecord } from "../kernel/client";
import type { TransferSettings } from "../nst/settings";
import type { CostHistory } from "../runs/cost-history";
import type { Frame, RunEntry } from "../runs/kept-run";

/** Letters by which compared runs are told apart, in the order in which they were picked. */
export const MARKS = ["A", "B", "C", "D", "E", "F", "G", "H"] as const;

export type Mark = (typeof MARKS)[number];

/** A run that is compared with others. What it holds grows while it goes; the list of runs is a new one whenever one of them has grown. */
export interface ComparedRun {
  /** as the store of runs knows it */
  id: string;
  mark: Mark;
  /** as CSS says it: told from the others also by people who see colours differently, text in it can be read in both themes */
  colour: string;
  entry: RunEntry;
  record: RunRecord;
  history: CostHistory;
  /** by step */
  frames: Frame[];
  /** as they are at its end */
  settings: TransferSettings;
  /** it is being computed right now, in this page or another one */
  going: boolean;
}

/**
 * One colour a mark: in the light theme, and in the dark one. Found by a search for eight that can be read as text and lie
 * far apart, the first four farthest, for people who see all colours, no red, no green or no blue (test/cells/compared-runs.test.ts).
 */
export const RUN_COLOURS: readonly (readonly [light: string, dark: string])[] = [
  ["#001ea0", "#2896fa"],
  ["#be320a", "#fabe64"],
  ["#007882", "#b4f0f0"],
  ["#640046", "#c8788c"],
  ["#3c3c00", "#e6f01e"],
  ["#6e3cc8", "#aaa0d2"],
  ["#281e14", "#b4c8c8"],
  ["#823c46", "#fa5a3c"],
];

/** Gives opened runs their marks and colours; more than eight are cut off. */
export function comparedRuns(opened: readonly Omit<ComparedRun, "mark" | "colour" | "settings">[]): ComparedRun[] {
  return opened.slice(0, MARKS.length).map((run, i) => {
    const [light, dark] = RUN_COLOURS[i];
    return { ...run, mark: MARKS[i], colour: `light-dark(${light}, ${dark})`, settings: run.record.settingsAt(Infinity) };
  });
}
