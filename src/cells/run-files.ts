/** Runs to files and back, as a person does it. */
import { runTitle, type RunEntry } from "../runs/kept-run";
import type { RunStore } from "../runs/run-store";

/** What the names of run files end in. */
export const RUN_FILE = ".nst-run.zip";

/** For file choosers. */
export const RUN_FILES = ".zip,application/zip";

/** Hands the person the run as a file. @throws StorageError if it cannot be read */
export async function exportRun(store: RunStore, entry: RunEntry): Promise<void> {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await store.exportRun(entry.id));
  link.download = runFileName(entry);
  link.click();
  // the browser reads it after the click
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A name that every file system takes: "neuschwanstein × wave" → "neuschwanstein-wave--step-40.nst-run.zip". */
export function runFileName(entry: Pick<RunEntry, "name" | "content" | "style" | "step">): string {
  const words = runTitle(entry).replace(/[^\p{L}\p{N}_.]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "").slice(0, 80);
  return `${words || "run"}--step-${entry.step}${RUN_FILE}`;
}

/** What became of files. */
export interface ImportedRuns {
  /** of the runs that are kept now, those included that had been before */
  ids: string[];
  /** what was done and what could not be, in whole sentences */
  text: string;
  /** some of it could not be */
  problem: boolean;
}

/** Keeps the runs of files; those that cannot be read are named, with why. */
export async function importRuns(store: RunStore, files: readonly File[]): Promise<ImportedRuns> {
  const ids: string[] = [];
  const titles: string[] = [];
  const problems: string[] = [];
  for (const file of files) {
    try {
      const id = await store.importRun(file);
      ids.push(id);
      const entry = await store.get(id);
      titles.push(entry ? runTitle(entry) : file.name);
    } catch (error) {
      problems.push(`“${file.name}” was not imported. ${(error as Error).message}`);
    }
  }
  const done = titles.length === 0 ? [] : [titles.length === 1 ? `“${titles[0]}” is among your runs.` : `${titles.length} runs are among yours.`];
  return { ids, text: [...done, ...problems].join(" "), problem: problems.length > 0 };
}
