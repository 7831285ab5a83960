import { freshName } from "../notebook/rename-cell";
import { element } from "./duplicate-run";

/**
 * The line of a cell that goes on from a run.
 * @param run name of the run
 * @param at after so many of its steps
 * @param taken names that the notebook gives already
 */
export function branchText(run: string, at: number, taken: Iterable<string>): string {
  const used = new Set(taken);
  return element("nst-branch", { as: used.has("B") ? freshName("B", used) : "B", of: run, at: String(at) });
}
