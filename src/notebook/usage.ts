import { picturesIn } from "./pictures";
import type { NotebookRecord, Origin } from "./record";

/** What is kept and how much room it takes. Sizes in bytes. */
export interface Usage {
  notebooks: NotebookUsage[];
  pictures: PictureUsage[];
  /** of all notebooks and pictures */
  bytes: number;
  /** what the browser says of the whole page: also the files with which it works offline; null where it does not say */
  browser: { usage: number | null; quota: number | null; /** it has promised not to clear up by itself */ persisted: boolean | null };
}

export interface NotebookUsage {
  name: string;
  title: string;
  origin: Origin;
  bytes: number;
}

export interface PictureUsage {
  /** "own:<hash>" */
  src: string;
  /** file name */
  name: string;
  bytes: number;
  /** names of the notebooks that show it; none: it can be freed */
  usedBy: string[];
}

/** @param unsaved what is kept of pages that were closed in the middle of something: it uses pictures too */
export async function usageOf(
  records: readonly NotebookRecord[],
  unsaved: readonly NotebookRecord[],
  pictures: readonly { src: string; name: string; bytes: number }[],
): Promise<Usage> {
  const users = new Map<string, Set<string>>();
  for (const record of [...records, ...unsaved]) for (const src of picturesIn(record)) users.set(src, (users.get(src) ?? new Set()).add(record.name));
  const notebooks = records.map((record) => ({ name: record.name, title: record.title ?? record.name, origin: record.origin, bytes: sizeOf(record) }));
  const sized = pictures.map((picture) => ({ ...picture, usedBy: [...(users.get(picture.src) ?? [])] }));
  const bytes = [...notebooks, ...sized].reduce((sum, one) => sum + one.bytes, 0);
  return { notebooks: notebooks.sort((a, b) => b.bytes - a.bytes), pictures: sized.sort((a, b) => b.bytes - a.bytes), bytes, browser: await browserSays() };
}

function sizeOf(record: NotebookRecord): number {
  return new TextEncoder().encode(JSON.stringify(record)).length;
}

async function browserSays(): Promise<Usage["browser"]> {
  const storage = globalThis.navigator?.storage as StorageManager | undefined;
  // refused where the page may keep nothing
  const estimate = await storage?.estimate?.().catch(() => null);
  const persisted = await storage?.persisted?.().catch(() => null);
  return { usage: estimate?.usage ?? null, quota: estimate?.quota ?? null, persisted: persisted ?? null };
}
