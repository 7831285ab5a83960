import type { Notebook } from "./cells";
import { parse } from "./parse";

/** Characters of a name. */
const LONGEST = 60;

/**
 * The notebook's text with another title: its first heading of the first level (else its first heading) says it, and if there
 * is none, one is put above. Nothing else of the text changes.
 *
 * @throws Error if the title is empty
 */
export function retitle(text: string, title: string): string {
  const wanted = title.replace(/\s+/g, " ").trim();
  if (wanted === "") throw new Error("A notebook needs a title. Write a few words.");
  const plain = write(text, wanted);
  // what Markdown would take for emphasis, a link or HTML is meant as it stands
  return parse(plain).title === wanted ? plain : write(text, wanted.replace(/[\\`*_{}[\]<>&#$~|]/g, "\\$&"));
}

function write(text: string, title: string): string {
  const notebook = parse(text);
  const line = titleLine(notebook);
  const ending = /\r\n|\r|\n/.exec(text)?.[0] ?? "\n";
  if (line === null) return text.trim() === "" ? `# ${title}${ending}` : `# ${title}${ending}${ending}${text}`;
  // line breaks stay where they are: at the odd positions
  const parts = text.split(/(\r\n|\r|\n)/);
  const at = 2 * (line - 1);
  const hashes = /^ {0,3}#{1,6}(?=[ \t]|$)/.exec(parts[at]);
  if (hashes) {
    parts[at] = `${hashes[0]} ${title}`;
    return parts.join("");
  }
  // underlined, perhaps over several lines
  const underline = parts.findIndex((part, i) => i > at && i % 2 === 0 && /^ {0,3}(=+|-+)[ \t]*$/.test(part));
  return [...parts.slice(0, at), title, ...parts.slice(underline - 1)].join("");
}

/** Line of the heading that `Notebook.title` is read from, null if there is none. */
function titleLine({ headings }: Notebook): number | null {
  return (headings.find(({ level }) => level === 1) ?? headings[0])?.line ?? null;
}

/**
 * A name for links and routes out of a title: “Mein Stil Nr. 2!” becomes mein-stil-nr-2.
 * @param taken names that it must not be; then it ends in -2, -3 …
 */
export function slug(title: string, taken: (name: string) => boolean): string {
  const words = title.normalize("NFKD").replace(/\p{M}+/gu, "").normalize("NFC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
  // by characters, because half of one cannot stand in an address
  const short = [...words].slice(0, LONGEST).join("").replace(/^-+|-+$/g, "");
  return unique(short || "notebook", taken, "-");
}

/** `wanted`, or if that is taken `wanted 2`, `wanted 3` … */
export function unique(wanted: string, taken: (name: string) => boolean, gap = " "): string {
  let name = wanted;
  for (let n = 2; taken(name); n++) name = `${wanted}${gap}${n}`;
  return name;
}
