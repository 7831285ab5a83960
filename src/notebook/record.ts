import { equal } from "./equal";
import type { Snapshot } from "./session";

/** Where a notebook came from: with the workbench, made here, by a link, from a file. */
export type Origin = "shipped" | "own" | "link" | "import";

/** A notebook as it is kept. */
export interface NotebookRecord extends Snapshot {
  /** as in links and routes */
  name: string;
  title: string | null;
  origin: Origin;
  /** shipped text that the edits started from, null if it was not shipped */
  base: string | null;
  /** its code may run */
  trusted: boolean;
  /** how far down the reader was, in CSS pixels */
  scroll: number;
  /** raised by every save, never used twice; 0: not kept yet */
  revision: number;
  /** when it was saved: milliseconds since 1970 */
  saved: number;
  /** which page saved it last */
  page?: string;
  /** of a notebook that came by a link: what the link held, so that the same link leads to the same notebook */
  link?: string;
}

/** Do two hold the same text, parameters and drafts? */
export function sameContent(a: Snapshot, b: Snapshot): boolean {
  return a.text === b.text && equal(a.params, b.params) && equal(a.drafts, b.drafts);
}
