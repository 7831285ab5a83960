import { html } from "lit";
import type { RunStore } from "../runs/run-store";
import { openDialog } from "./dialog";
import type { NotebookElement } from "./notebook";
import { compareRuns, readingIndex, runActions, type RunPlace } from "./run-actions";
import "./run-list";

/** What the list of runs needs of the page. */
export interface RunsDialogContext {
  runs: RunStore;
  /** the open one, into which cells can be added; null: none is open */
  notebook: NotebookElement | null;
  /** what a notebook is called, by its name */
  titleOf(name: string): string;
}

/** Shows all kept runs, until the person closes the list or adds one of them to the notebook. */
export async function openRunsDialog({ runs, notebook, titleOf }: RunsDialogContext): Promise<void> {
  const place: RunPlace | null = notebook && { notebook, index: () => readingIndex(notebook), added: () => dialog.close(null) };
  const dialog = openDialog({
    title: "Runs that are kept in this browser",
    body: html`<nst-run-list
      autofocus style="--run-list-height: max(240px, calc(100dvh - 330px))"
      .store=${runs} .titleOf=${titleOf} .actions=${place ? runActions(place) : []} .compare=${place && ((ids: readonly string[]) => compareRuns(place, ids))}
    ></nst-run-list>`,
    buttons: [{ label: "Close", value: "close", kind: "primary" }],
    width: "table",
  });
  await dialog.answer;
}
