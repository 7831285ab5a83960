import type { NotebookCell } from "./cells";
import { isLanguageName } from "./language";
import { declaredNames, namesIn, renameDeclared } from "./rename";

/** The names of the notebook that a cell gives. */
export function givenNames(cell: NotebookCell): string[] {
  if (cell.kind === "element") return [cell.attributes["as"]?.trim() ?? ""].filter((name) => name !== "");
  return cell.kind === "code" && cell.flags.run ? declaredNames(cell.source) : [];
}

/**
 * The cell's text, with other names for all that it gives: what can stand in the same notebook as the cell itself. Everything
 * else in it stays, down to its line breaks.
 *
 * @param taken names that the notebook gives
 */
export function copyWithFreshNames(cell: NotebookCell, taken: Iterable<string>): string {
  const used = new Set([...taken, ...(cell.kind === "code" ? namesIn(cell.source) : [])]);
  const renames: Record<string, string> = {};
  for (const name of givenNames(cell)) used.add((renames[name] = freshName(name, used)));
  if (Object.keys(renames).length === 0) return cell.text;
  return cell.kind === "element" ? renameElement(cell.text, Object.values(renames)[0]) : renameFenced(cell.text, renames);
}

/** G → G2, G2 → G3, until nobody has it. */
export function freshName(name: string, used: ReadonlySet<string>): string {
  const [, base, number] = /^(.*?)(\d*)$/s.exec(name)!;
  let n = number === "" ? 2 : Number(number) + 1;
  while (used.has(`${base}${n}`) || isLanguageName(`${base}${n}`)) n++;
  return `${base}${n}`;
}

/** Writes another name into as="…", and leaves attributes alone that only look like it. */
function renameElement(text: string, name: string): string {
  let done = false;
  return text.replace(/([^\s"'<>/=]+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'=<>`]+)/g, (whole, attribute: string, equals: string) => {
    if (done || attribute.toLowerCase() !== "as") return whole;
    done = true;
    return `${attribute}${equals}"${name}"`;
  });
}

/** The lines between the fences are parsed as they stand, so that line breaks and indentation stay. */
function renameFenced(text: string, renames: Readonly<Record<string, string>>): string {
  const opening = /^.*(?:\r\n|\r|\n)/.exec(text)![0].length;
  const closing = /[\r\n][ \t]*(?:`{3,}|~{3,})$/.exec(text)?.index ?? text.length;
  return text.slice(0, opening) + renameDeclared(text.slice(opening, closing), renames) + text.slice(closing);
}
