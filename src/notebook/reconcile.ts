import type { NotebookCell } from "./cells";

/** A cell with a key that stays the same when its text is edited. */
export interface Slot {
  key: string;
  cell: NotebookCell;
}

/**
 * Which of the former cells each cell of a new text is. Equal texts are the same cell, wherever they stand now; what is left
 * between them is paired in order, if it is of the same kind (elements: of the same tag). All else is new.
 *
 * @param fresh makes a key that was never used
 */
export function reconcile(before: readonly Slot[], after: readonly NotebookCell[], fresh: () => string): Slot[] {
  const byId = new Map(before.map((slot, i) => [slot.cell.id, i]));
  /** position in `before` of each cell, -1 while it is not known */
  const origin = after.map(({ id }) => byId.get(id) ?? -1);
  const taken = new Set(origin);
  pairBetween(origin, before, after, taken);
  const keys = new Set<string>();
  return after.map((cell, i) => {
    const key = origin[i] >= 0 ? before[origin[i]].key : fresh();
    keys.add(key);
    return { key, cell };
  });
}

/** Walks both lists; a cell without an origin takes the next former cell that nobody took before its neighbour's. */
function pairBetween(origin: number[], before: readonly Slot[], after: readonly NotebookCell[], taken: Set<number>): void {
  let from = 0;
  for (const [i, cell] of after.entries()) {
    if (origin[i] >= 0) {
      from = origin[i] + 1;
      continue;
    }
    for (let j = from; j < before.length && !taken.has(j); j++) {
      if (kindOf(before[j].cell) !== kindOf(cell)) continue;
      origin[i] = j;
      taken.add(j);
      from = j + 1;
      break;
    }
  }
}

function kindOf(cell: NotebookCell): string {
  return cell.kind === "element" ? cell.tag : cell.kind;
}
