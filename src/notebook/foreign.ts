import { parse } from "./parse";
import type { Snapshot } from "./session";

/** Bytes of the largest text that is taken for a notebook. */
const LARGEST = 5_000_000;

/** Is there code that could run: in the text, or in what was typed but not run yet? */
export function hasCode({ text, drafts }: Snapshot): boolean {
  return [text, ...Object.values(drafts)].some((part) => parse(part).cells.some(({ kind }) => kind === "code"));
}

/** @throws Error if the text of a file can be no notebook */
export function checkText(text: string, fileName: string): void {
  const size = new TextEncoder().encode(text).length;
  if (size > LARGEST) throw new Error(`“${fileName}” has ${(size / 1e6).toFixed(1)} MB. A notebook is a text of at most ${LARGEST / 1e6} MB; pictures are not part of it.`);
  // what decodes to characters that no text holds is a picture, an archive or the like
  const strange = text.match(/[\0\uFFFD]/g)?.length ?? 0;
  if (text.includes("\0") || strange > text.length / 100) throw new Error(`“${fileName}” is not a text file. A notebook is a Markdown file, its name ends in .md.`);
  if (text.trim() === "") throw new Error(`“${fileName}” is empty, so there is nothing to open.`);
}
