/** Which runs a comparison is told to compare. */
import { MARKS } from "./compared-runs";

/** A value that a comparison reads, and what it is called. */
export interface RunSource {
  name: string;
  /** of a run, a branch, a kept run or a moment: `{ run }`; of a list of runs: `{ runs }`, or the ids alone */
  value: unknown;
}

export interface ChosenRuns {
  /** each once, in the order in which they were named; at most eight */
  ids: string[];
  /** names of values that are of a run which has not been started */
  idle: string[];
  /** how many more than eight were named */
  left: number;
}

/**
 * @param listed ids, set apart by spaces
 * @throws Error where a value is no run
 */
export function chosenRuns(listed: string, sources: readonly RunSource[]): ChosenRuns {
  const ids = new Set(listed.split(/\s+/).filter((id) => id !== ""));
  const idle: string[] = [];
  for (const { name, value } of sources) {
    const { run, runs = value } = (value ?? {}) as { run?: unknown; runs?: unknown };
    if (Array.isArray(runs) && runs.every((id) => typeof id === "string")) runs.forEach((id) => ids.add(id));
    else if (typeof run === "string") ids.add(run);
    else if (run === null) idle.push(name);
    else throw new Error(`“${name}” is no run. Take the names of run cells (<nst-run as="…">), of branches or kept runs, or of a list of runs (<nst-runs as="…">).`);
  }
  return { ids: [...ids].slice(0, MARKS.length), idle, left: Math.max(0, ids.size - MARKS.length) };
}
