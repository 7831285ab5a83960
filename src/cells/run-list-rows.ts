/** Which runs a list shows, and in what order. Pure. */
import { runTitle, type RunEntry } from "../runs/kept-run";

export const SORTS = {
  newest: "newest first",
  oldest: "oldest first",
  title: "by title",
  steps: "most steps first",
  cost: "lowest J first",
  time: "longest first",
  size: "largest first",
} as const;

export type RunSort = keyof typeof SORTS;

/** What the person looks for. */
export interface RunWish {
  /** words; every one of them has to be somewhere in what is known of a run */
  search: string;
  sort: RunSort;
  /** only these */
  starred: boolean;
  /** ids of the groups whose runs are shown below them */
  unfolded: ReadonlySet<string>;
}

/** A line of the list: a run, or runs that belong together. */
export type RunRow =
  | { kind: "run"; key: string; entry: RunEntry; /** it stands below the row of its group */ inGroup: boolean }
  | {
      kind: "group";
      key: string;
      id: string;
      title: string;
      /** that are looked for, in the order of the list */
      entries: RunEntry[];
      /** how many the group has, those included that are not looked for */
      count: number;
      unfolded: boolean;
    };

/**
 * The lines of a list. Runs of a group of two or more are one line, which stands where the first of them would stand, with
 * the others below it while it is unfolded.
 * @param titleOf what a notebook is called, by its name
 */
export function rowsOf(entries: readonly RunEntry[], { search, sort, starred, unfolded }: RunWish, titleOf: (notebook: string) => string = (name) => name): RunRow[] {
  const words = fold(search).split(/\s+/).filter(Boolean);
  const counts = new Map<string, number>();
  for (const { group } of entries) if (group) counts.set(group.id, (counts.get(group.id) ?? 0) + 1);
  const wanted = entries.filter((entry) => (!starred || entry.starred) && has(entry, words, titleOf)).sort(ORDERS[sort]);
  const rows: RunRow[] = [];
  const groups = new Map<string, RunEntry[]>();
  for (const entry of wanted) {
    const { group } = entry;
    const count = group ? counts.get(group.id)! : 0;
    if (!group || count < 2) {
      rows.push(runRow(entry, false));
      continue;
    }
    const begun = groups.get(group.id);
    if (begun) {
      begun.push(entry);
      continue;
    }
    const members = [entry];
    groups.set(group.id, members);
    rows.push({ kind: "group", key: `group ${group.id}`, id: group.id, title: group.title, entries: members, count, unfolded: unfolded.has(group.id) });
  }
  return rows.flatMap((row) => (row.kind === "group" && row.unfolded ? [row, ...row.entries.map((entry) => runRow(entry, true))] : [row]));
}

const runRow = (entry: RunEntry, inGroup: boolean): RunRow => ({ kind: "run", key: entry.id, entry, inGroup });

/** Steps that the run is to make, with what was changed while it went. */
export function stepsWanted({ settings, changes }: Pick<RunEntry, "settings" | "changes">): number {
  return changes.at(-1)?.settings.steps ?? settings.steps;
}

/** J of the newest picture; NaN where it is not known. */
export function lastCost({ costs }: Pick<RunEntry, "costs">): number {
  return costs.last[costs.columns.indexOf("total")] ?? NaN;
}

const titles = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const newest = (a: RunEntry, b: RunEntry) => b.created - a.created || (a.id < b.id ? -1 : 1);
const known = (cost: number) => (Number.isFinite(cost) ? cost : Infinity);

const ORDERS: Record<RunSort, (a: RunEntry, b: RunEntry) => number> = {
  newest,
  oldest: (a, b) => newest(b, a),
  title: (a, b) => titles.compare(runTitle(a), runTitle(b)) || newest(a, b),
  steps: (a, b) => b.step - a.step || newest(a, b),
  cost: (a, b) => {
    const [first, second] = [known(lastCost(a)), known(lastCost(b))];
    return first === second ? newest(a, b) : first - second;
  },
  time: (a, b) => b.seconds - a.seconds || newest(a, b),
  size: (a, b) => b.bytes - a.bytes || newest(a, b),
};

/** What is searched, by entry: entries are replaced when anything in them changes. */
const texts = new WeakMap<RunEntry, string>();

function has(entry: RunEntry, words: readonly string[], titleOf: (notebook: string) => string): boolean {
  if (words.length === 0) return true;
  let text = texts.get(entry);
  if (text === undefined) {
    const { name, content, style, network, notebook, cell, group, settings, state, backend } = entry;
    const layers = [settings.contentLayer, ...Object.keys(settings.styleLayers)];
    const place = notebook === null ? [] : [notebook, titleOf(notebook)];
    text = fold([name, content.name, style.name, network.title, network.id, ...place, cell, group?.title, group?.label, ...layers, settings.pooling, settings.optimiser.kind, settings.initialisation.kind, state, backend].join("\n"));
    texts.set(entry, text);
  }
  return words.every((word) => text.includes(word));
}

/** So that "Café" is found by "cafe". */
function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
