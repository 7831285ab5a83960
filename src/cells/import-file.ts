import { readExported, type EmbeddedPicture } from "../embedded";
import type { Snapshot } from "../notebook/session";

/** A notebook as it was read from a file. */
export interface NotebookFile {
  /** file name, for a notebook that says no title */
  name: string;
  text: string;
  /** what an exported page holds beside the text */
  extras: Partial<Snapshot>;
  pictures: { file: Blob; name: string }[];
}

/** For file choosers. */
export const NOTEBOOK_FILES = ".md,.markdown,.txt,.html,.htm,text/markdown,text/html";

/** By its name: what is in it is seen when it is read. */
export const isNotebook = (name: string): boolean => /\.(md|markdown|txt|html?)$/i.test(name);

/**
 * Reads a notebook from a file: Markdown, or a page that the workbench exported. Whether the text can be a notebook, the
 * workspace says when it takes it.
 * @throws Error that names the file, says what is wrong with it and what to do
 */
export async function readNotebookFile(file: File): Promise<NotebookFile> {
  const { name } = file;
  if (/\.html?$/i.test(name)) return fromPage(name, await read(file));
  if (!isNotebook(name)) throw new Error(`“${name}” is no notebook: these are text files that end in .md, or pages that the workbench exported, which end in .html.`);
  return { name, text: await read(file), extras: {}, pictures: [] };
}

async function fromPage(name: string, html: string): Promise<NotebookFile> {
  let found: ReturnType<typeof readExported>;
  try {
    found = readExported(html);
  } catch (error) {
    throw new Error(`“${name}”: ${(error as Error).message}`);
  }
  if (!found) throw new Error(`“${name}” is a page, but there is no notebook in it. Only pages that the workbench exported (“Export as one HTML file…”) can be imported.`);
  const { text, params, drafts } = found.snapshot;
  return { name: `${found.name}.md`, text, extras: { params, drafts }, pictures: found.pictures.map(pictureFile) };
}

async function read(file: File): Promise<string> {
  try {
    return await file.text();
  } catch (error) {
    throw new Error(`“${file.name}” could not be read (${(error as Error).message}). If it is a folder, choose the file in it.`);
  }
}

function pictureFile({ base64, name, type }: EmbeddedPicture): { file: Blob; name: string } {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return { file: new Blob([bytes], { type }), name };
}

/** Lets the person choose files. Empty if they give up. */
export function chooseFiles(accept: string): Promise<File[]> {
  const input = Object.assign(document.createElement("input"), { type: "file", accept, multiple: true, hidden: true });
  document.body.append(input);
  return new Promise<File[]>((resolve) => {
    input.addEventListener("change", () => resolve([...(input.files ?? [])]));
    input.addEventListener("cancel", () => resolve([]));
    input.click();
  }).finally(() => input.remove());
}
