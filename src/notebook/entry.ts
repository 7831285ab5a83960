import type { Heading } from "./cells";
import { parse } from "./parse";
import type { NotebookRecord, Origin } from "./record";
import { Session, type Snapshot } from "./session";
import { retitle } from "./title";

/** A notebook of the list. */
export interface Entry {
  name: string;
  title: string;
  origin: Origin;
  /** differs from what was shipped */
  edited: boolean;
  /** the shipped text has changed since it was edited */
  outdated: boolean;
  /** its code may run */
  trusted: boolean;
  /** something of it is kept here: its text, or what was set in a shipped one */
  kept: boolean;
  headings: readonly Heading[];
}

/** @param shipped the text that comes with the workbench under this name, null if none does */
export function entryOf(record: NotebookRecord, shipped: string | null): Entry {
  const { title, headings } = parse(record.text);
  const edited = shipped !== null && record.text !== shipped;
  return { name: record.name, title: title ?? titleOf(record), origin: record.origin, edited, outdated: edited && record.base !== shipped, trusted: record.trusted, kept: record.revision > 0, headings };
}

export function titleOf({ title, name }: NotebookRecord): string {
  return title ?? name;
}

/** What was shipped becomes the person's own; what came from elsewhere is still from there. */
export function asOwn(record: NotebookRecord): NotebookRecord {
  return { ...record, origin: record.origin === "shipped" ? "own" : record.origin, base: null, link: undefined };
}

export function retitled(record: NotebookRecord, title: string): Snapshot {
  return retexted(record, retitle(record.text, title));
}

/** Another text for a notebook: parameters and drafts go with their cells. */
export function retexted(content: Snapshot, text: string): Snapshot {
  const session = new Session("", content);
  session.change(text, "");
  return session.snapshot();
}
