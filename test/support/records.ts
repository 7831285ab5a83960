import type { NotebookRecord } from "../../src/notebook/store";

/** A notebook of the person's own that was never kept, with these differences. */
export function record(name: string, changes: Partial<NotebookRecord> = {}): NotebookRecord {
  return { name, title: name, text: `# ${name}\n`, params: {}, drafts: {}, origin: "own", base: null, trusted: true, scroll: 0, revision: 0, saved: 0, ...changes };
}

/** Resolves when the condition holds. @throws Error if it does not in some seconds */
export async function until(condition: () => unknown): Promise<void> {
  for (let waited = 0; !(await condition()); waited += 5) {
    if (waited > 4000) throw new Error(`still not so: ${condition}`);
    await pause(5);
  }
}

export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
