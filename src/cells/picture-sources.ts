/** Picture files out of what a person picks, drops or pastes. Messages say what to do instead. */
import type { PictureStore } from "../notebook/pictures";
import { sampleAddress, SAMPLES } from "./samples";

/** A file and what to call it. */
export interface Chosen {
  file: Blob;
  name: string;
}

const FROM_PAGE = "a picture from another page arrives as a link only. Save it as a file and drop that, or copy the picture and paste it";

/** @throws Error if nothing in there is a file */
export function droppedFile(data: DataTransfer | null): Chosen {
  const file = data?.files[0];
  if (!file) throw new Error(`What was dropped is not a file: ${FROM_PAGE}.`);
  return { file, name: file.name };
}

/** The picture on the clipboard that came with a paste event; null if there is none. */
export function pastedFile(data: DataTransfer | null): Chosen | null {
  const file = [...(data?.files ?? [])].find(({ type }) => type.startsWith("image/")) ?? data?.files[0];
  if (!file) return null;
  // browsers call every copied picture image.png
  return { file, name: file.name && file.name !== "image.png" ? file.name : "pasted picture" };
}

/** Does this browser let a button read the clipboard? */
export function clipboardCanBeRead(): boolean {
  return typeof navigator.clipboard?.read === "function";
}

/** @throws Error if the clipboard may not be read or holds no picture */
export async function readClipboard(): Promise<Chosen> {
  let items: ClipboardItems;
  try {
    items = await navigator.clipboard.read();
  } catch {
    throw new Error("The clipboard may not be read here. Click into this cell and press Ctrl V or ⌘ V instead.");
  }
  for (const item of items) {
    const type = item.types.find((name) => name.startsWith("image/"));
    if (type) return { file: await item.getType(type), name: "pasted picture" };
  }
  throw new Error("The clipboard holds no picture. Copy one first.");
}

/** @throws Error if there is no such sample, or it cannot be fetched */
export async function fetchSample(src: string): Promise<Chosen> {
  const response = await fetch(sampleAddress(src)).catch(() => null);
  if (!response?.ok) throw new Error(`The sample “${src}” could not be fetched${response ? ` (${response.status})` : ""}. Samples are ${SAMPLES.map((sample) => sample.src).join(", ")}.`);
  return { file: await response.blob(), name: src };
}

/**
 * A picture of the person's own, from where it was kept.
 * @param name what it was called
 * @throws Error if it is not kept here
 */
export async function fetchKept(pictures: PictureStore | null, src: string, name: string): Promise<Chosen> {
  const kept = await pictures?.get(src);
  if (kept) return kept;
  throw new Error(
    `${name ? `The picture “${name}”` : "The picture that was chosen here"} is not kept in this browser: it was deleted, or it was chosen on another computer. ` +
      "Links and notebook files do not carry pictures. Choose another one, or the same again.",
  );
}
