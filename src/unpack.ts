/** From a notebook that travelled in a page to one that is kept in this browser. */
import type { Embedded } from "./embedded";
import { hasCode } from "./notebook/foreign";
import { parse } from "./notebook/parse";
import type { PictureStore } from "./notebook/pictures";
import type { Store } from "./notebook/store";

/** Name of the database for what is changed in an exported page: pages from disk may share all their storage. */
export function databaseOf({ id }: Embedded): string {
  return `nst-workbench ${id}`;
}

/** What comes with the workbench in an exported page: a lesson that the file holds a version of is not there twice. */
export function shippedBeside<Shipped extends { name: string }>({ name }: Embedded, shipped: readonly Shipped[]): Shipped[] {
  return shipped.filter((one) => one.name !== name);
}

/**
 * Keeps the notebook of an exported page, with its pictures, unless it was kept before: what was changed since stays. One
 * that was deleted is there again when the file is opened again.
 * Its code waits until the reader agrees: nobody can see in a file who wrote it.
 * @returns whether this is the first time
 * @throws StorageError
 */
export async function unpack(embedded: Embedded, store: Store): Promise<boolean> {
  await keepPictures(embedded, store.pictures);
  const { name, title, snapshot } = embedded;
  if (await store.find(name)) return false;
  await store.save({ ...snapshot, name, title: parse(snapshot.text).title ?? title, origin: "import", base: null, trusted: !hasCode(snapshot), scroll: 0, revision: 0, saved: 0 }, 0);
  return true;
}

/** Keeps the pictures that came with a notebook. One that is damaged is left out: its cell says that it is not there. */
export async function keepPictures({ pictures }: Embedded, store: PictureStore): Promise<void> {
  for (const { src, name, type, base64 } of pictures) {
    if (await store.get(src)) continue;
    const bytes = decode(base64);
    if (bytes) await store.keep(new Blob([bytes], { type }), name);
  }
}

function decode(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
