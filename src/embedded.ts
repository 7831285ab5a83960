/** The notebook that travels inside a page: what an exported HTML file holds beside the workbench itself. */
import type { Snapshot } from "./notebook/session";

/** A picture of the reader's own, as parameters name it. */
export interface EmbeddedPicture {
  /** `own:` and the SHA-256 of the file */
  src: string;
  name: string;
  /** media type; "" where the browser did not know it */
  type: string;
  base64: string;
}

export interface Embedded {
  version: typeof VERSION;
  /** new with every export: what is changed in one file is kept apart from every other */
  id: string;
  /** as in links and routes */
  name: string;
  title: string | null;
  snapshot: Snapshot;
  pictures: EmbeddedPicture[];
}

export const VERSION = 1;

const ELEMENT_ID = "nst-embedded";
const OPENING = `<script type="application/json" id="${ELEMENT_ID}">`;
const CLOSING = "</script>";

/**
 * The notebook inside this page; null if there is none, as in a page that was not exported.
 * @throws Error if there is something that cannot be read
 */
export function embedded(page: Document = document): Embedded | null {
  const text = page.getElementById(ELEMENT_ID)?.textContent;
  return text ? parseEmbedded(text) : null;
}

/**
 * The notebook inside the text of an exported HTML file; null if the text is another kind of file.
 * @throws Error if there is something that cannot be read
 */
export function readExported(html: string): Embedded | null {
  const place = placeOf(html);
  return place && parseEmbedded(html.slice(place.start, place.end));
}

/**
 * The same page with another notebook in it, and its title.
 * @param html text of a page that `writePage` wrote
 * @throws Error if the text is another kind of page
 */
export function embed(html: string, notebook: Embedded): string {
  const place = placeOf(html);
  if (!place) throw new Error("The page has no place for a notebook.");
  const title = `<title>${escapeText(notebook.title ?? notebook.name)}</title>`;
  const head = html.slice(0, place.start).replace(/<title>[^<]*<\/title>/, () => title);
  return head + escapeJson(notebook) + html.slice(place.end);
}

/** The element as it stands in a page. */
export function embeddedElement(notebook: Embedded | null): string {
  return OPENING + escapeJson(notebook) + CLOSING;
}

/** For text between tags. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** JSON in which no tag can begin or end. */
function escapeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function placeOf(html: string): { start: number; end: number } | null {
  const at = html.indexOf(OPENING);
  const start = at + OPENING.length;
  const end = at < 0 ? -1 : html.indexOf(CLOSING, start);
  return end < 0 ? null : { start, end };
}

/** Files come from anywhere: every part is looked at, and what is not known is left out. */
function parseEmbedded(text: string): Embedded | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("The notebook in this file is damaged: it cannot be read. The file may be cut off; ask for it again.");
  }
  if (value === null) return null;
  if (!isRecord(value) || typeof value["version"] !== "number") throw damaged("its version is missing");
  if (value["version"] > VERSION) throw new Error("This file was made with a newer version of the workbench. Open it in the browser as a page of its own, or update this one.");
  const { id, name, title, snapshot, pictures } = value;
  if (typeof id !== "string" || !/^[0-9a-f]{8,64}$/.test(id)) throw damaged("it has no id");
  if (typeof name !== "string" || name === "") throw damaged("it has no name");
  if (!isRecord(snapshot) || typeof snapshot["text"] !== "string") throw damaged("it has no text");
  const params = Object.entries(isRecord(snapshot["params"]) ? snapshot["params"] : {}).filter((entry): entry is [string, Record<string, unknown>] => isRecord(entry[1]));
  const drafts = Object.entries(isRecord(snapshot["drafts"]) ? snapshot["drafts"] : {}).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return {
    version: VERSION,
    id,
    name,
    title: typeof title === "string" ? title : null,
    snapshot: { text: snapshot["text"], params: Object.fromEntries(params), drafts: Object.fromEntries(drafts) },
    pictures: Array.isArray(pictures) ? pictures.filter(isPicture).map(({ src, name, type, base64 }) => ({ src, name, type, base64 })) : [],
  };
}

function isPicture(value: unknown): value is EmbeddedPicture {
  if (!isRecord(value)) return false;
  const { src, name, type, base64 } = value;
  return typeof src === "string" && /^own:[0-9a-f]{64}$/.test(src) && typeof name === "string" && typeof type === "string" && /^(image\/[\w.+-]+)?$/.test(type) && typeof base64 === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function damaged(what: string): Error {
  return new Error(`The notebook in this file is damaged: ${what}. Ask for the file again.`);
}
