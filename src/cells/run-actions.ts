/** What can be done with a kept run in an open notebook: cells that show it, repeat it, or compare it with others. */
import type { RunEntry } from "../runs/kept-run";
import { addAt } from "./add-cells";
import { duplicateText, element } from "./duplicate-run";
import type { NotebookElement } from "./notebook";
import { compareText, free, keptText } from "./run-actions-texts";
import type { RunAction } from "./run-list";
import { openKeptRun } from "./run-records";

/** Where new cells go. */
export interface RunPlace {
  notebook: NotebookElement;
  /** index of the cell before which they stand */
  index(): number;
  /** something was added: whoever stands before the notebook goes away */
  added(): void;
}

/** For the menu of a run in a list. */
export function runActions(place: RunPlace): RunAction[] {
  return [
    { label: "Insert into this notebook", do: ({ id }) => add(place, (taken) => keptText(id, taken), "insert a kept run") },
    { label: "Duplicate as a new run", do: (entry) => duplicateKept(place, entry) },
  ];
}

/** Adds a comparison of these runs. */
export function compareRuns(place: RunPlace, ids: readonly string[]): void {
  add(place, (taken) => compareText(ids, taken), "compare runs");
}

/**
 * Adds settings and a run of their own, which read pictures and network from the kept run; that is put above them if it
 * stands nowhere in the notebook.
 */
export async function duplicateKept(place: RunPlace, { id, cell }: Pick<RunEntry, "id" | "cell">): Promise<void> {
  const kept = await openKeptRun({ runs: place.notebook.runs }, id);
  if (!kept) throw new Error("This run is not kept any more.");
  const { record } = kept;
  const settings = record.settingsAt(Math.max(0, record.last));
  const there = place.notebook.session?.slots.map((slot) => slot.cell).find((one) => one.kind === "element" && one.tag === "nst-kept" && one.attributes["run"] === id && one.attributes["as"]);
  const shown = there?.kind === "element" ? there.attributes["as"] : null;
  const text = (taken: ReadonlySet<string>): string => {
    const before = shown ?? free("kept", taken);
    const used = new Set([...taken, before]);
    const { text } = duplicateText({ run: cell ?? "G", content: `${before}.content`, style: `${before}.style`, network: `${before}.network`, settings, card: record.config.network.card }, used);
    return shown ? text : `${element("nst-kept", { as: before, run: id })}\n\n${text}`;
  };
  add(place, text, "duplicate a kept run");
}

function add({ notebook, index, added }: RunPlace, text: (taken: ReadonlySet<string>) => string, what: string): void {
  const { session } = notebook;
  if (!session) throw new Error("No notebook is open that cells could be added to.");
  const key = addAt(session, index(), text, what);
  added();
  if (key) notebook.goTo(key);
}

/** Below the cell that is being read: the last one that begins in the upper half of the window. */
export function readingIndex(notebook: NotebookElement): number {
  const tops = [...notebook.querySelectorAll("nst-slot")].map((slot) => slot.getBoundingClientRect().top);
  return tops.findLastIndex((top) => top < innerHeight / 2) + 1;
}
