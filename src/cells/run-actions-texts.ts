/** Cells that show kept runs, as text. Pure. */
import { freshName } from "../notebook/rename-cell";
import { element } from "./duplicate-run";

/** `<nst-kept as="kept" run="…">` */
export function keptText(id: string, taken: ReadonlySet<string>): string {
  return element("nst-kept", { as: free("kept", taken), run: id });
}

/** `<nst-compare as="compared" runs="… …">` */
export function compareText(ids: readonly string[], taken: ReadonlySet<string>): string {
  return element("nst-compare", { as: free("compared", taken), runs: ids.join(" ") });
}

/** The name, or with the first number that makes it free. */
export const free = (name: string, taken: ReadonlySet<string>): string => (taken.has(name) ? freshName(name, taken) : name);
