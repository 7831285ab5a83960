import type { Slot } from "../notebook/session";

/**
 * The cell that a change was about, by its key: the first one whose text is new; else the one that moved; else the one that
 * now stands where one was removed. Null if nothing differs, or no cell is left.
 */
export function affected(before: readonly Slot[], after: readonly Slot[]): string | null {
  const texts = new Map(before.map(({ key, cell }) => [key, cell.text]));
  const changed = after.find(({ key, cell }) => texts.get(key) !== cell.text);
  if (changed) return changed.key;
  let from = 0;
  while (from < after.length && before[from]?.key === after[from].key) from++;
  if (before.length > after.length) return after[Math.min(from, after.length - 1)]?.key ?? null;
  if (from === after.length) return null;
  let to = after.length - 1;
  while (before[to].key === after[to].key) to--;
  const forwards = before.slice(from + 1, to + 1).every(({ key }, i) => key === after[from + i].key);
  return forwards ? before[from].key : after[from].key;
}
