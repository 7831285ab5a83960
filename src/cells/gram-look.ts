/** What can be chosen about how Gram matrices are shown, and where it is kept. */
import type { Cell } from "./cell";
import type { Division } from "./gram-numbers";
import type { Spread } from "./gram-scale";

/** What the reader has chosen about how matrices are shown. */
export interface GramLook {
  order: "similarity" | "index";
  division: Division;
  spread: Spread;
  /** channels of the entry that is looked at: "18 34"; "" for the one that stands out most */
  entry: string;
}

export const GRAM_LOOK: GramLook = { order: "similarity", division: "N·M", spread: "root", entry: "" };

/** A cell whatever it gives. */
type Params = Pick<Cell, "param" | "setParam">;

/** What the reader has chosen in a cell that shows Gram matrices. */
export function lookOf(cell: Params): GramLook {
  return { order: cell.param("order"), division: cell.param("division"), spread: cell.param("spread"), entry: cell.param("entry") };
}

/** Keeps what the reader chooses with the notebook. */
export function chooseLook(cell: Params, look: Partial<GramLook>): void {
  for (const [name, value] of Object.entries(look)) cell.setParam(name, value, { recompute: false });
}
