import { replace } from "../notebook/edit";
import { route } from "../notebook/links";
import { picturesIn } from "../notebook/pictures";
import type { Session } from "../notebook/session";
import { decodeShared, encodeShared } from "../notebook/share";
import type { Entry, Workspace } from "../notebook/workspace";
import { ask } from "./dialog";

/** A link that was made. */
export interface CopiedLink {
  address: string;
  /** characters of the address */
  length: number;
  /** false: the browser does not let the page write to the clipboard */
  copied: boolean;
  /** own pictures that the notebook shows, and that the link does not hold */
  pictures: number;
}

/** Makes a link that holds the notebook with its parameters and drafts, and copies it. */
export async function copyLink(session: Session, { name, title }: Pick<Entry, "name" | "title">): Promise<CopiedLink> {
  const snapshot = session.snapshot();
  const made = encodeShared({ ...snapshot, name, title }).then((hash) => new URL(hash, location.href).href);
  const copied = await toClipboard(made);
  const address = await made;
  return { address, length: address.length, copied, pictures: picturesIn(snapshot).size };
}

/** The text as the person sees it: what was typed and not run yet is in its place. Every other byte is the author's. */
export function markdownOf(session: Session): string {
  // from the end, so that what stands before stays where it was
  return [...session.slots].reverse().reduce((text, { key, cell }) => replace(text, cell, session.draft(key) ?? cell.text), session.text);
}

/** Hands the person the notebook as `<name>.md`. */
export function exportMarkdown(session: Session, { name }: Pick<Entry, "name">): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([markdownOf(session)], { type: "text/markdown" }));
  link.download = `${name}.md`;
  link.click();
  // the browser reads it after the click
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * If the address holds a notebook, takes it in, and leaves in the address only where it is now. A link that cannot be read is
 * explained to the person.
 * @returns the notebook's name; null if the address holds none, or none that can be read
 */
export async function openSharedFromHash(workspace: Workspace): Promise<string | null> {
  let name: string | null = null;
  try {
    const shared = await decodeShared(location.hash);
    if (!shared) return null;
    name = await workspace.receive(shared);
  } catch (error) {
    void ask({ title: "This link could not be opened", body: (error as Error).message, buttons: [{ label: "Close", value: "close", kind: "primary" }] });
  }
  history.replaceState(history.state, "", name === null ? location.pathname + location.search : route(name));
  return name;
}

/** The text may still be in the making: some browsers allow writing only while they answer to a click. */
async function toClipboard(text: Promise<string>): Promise<boolean> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": text.then((plain) => new Blob([plain], { type: "text/plain" })) })]);
    return true;
  } catch {
    return text.then((plain) => navigator.clipboard.writeText(plain)).then(
      () => true,
      () => false,
    );
  }
}
