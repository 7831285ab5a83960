import { topNames } from "./compile-body";
import { parseCell } from "./compile-parse";
import { scopesOf } from "./scope";

/** The names that a cell declares for other cells, in order; none if its source cannot be read. */
export function declaredNames(source: string): string[] {
  try {
    return topNames(parseCell(source).program).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** Every name that stands in a source, whatever it means there; none if the source cannot be read. */
export function namesIn(source: string): string[] {
  try {
    return [...new Set(scopesOf(parseCell(source).program).occurrences.map(({ name }) => name))];
  } catch {
    return [];
  }
}

/**
 * Gives top-level declarations other names, wherever the cell uses them: `{ G }` becomes `{ G: G2 }`. Everything else stays.
 *
 * @param renames by the old name; the new ones must not stand in the source yet (see `namesIn`)
 * @throws CodeError if the source cannot be read; Error if a new name is in use
 */
export function renameDeclared(source: string, renames: Readonly<Record<string, string>>): string {
  const { program } = parseCell(source);
  const { top, occurrences } = scopesOf(program);
  const mine = new Set(topNames(program).map(({ name }) => name).filter((name) => Object.hasOwn(renames, name)));
  const taken = occurrences.find(({ name }) => [...mine].some((old) => renames[old] === name && old !== name));
  if (taken) throw new Error(`“${taken.name}” is in use in this cell already. Choose another name.`);
  let text = "";
  let done = 0;
  for (const { name, start, end, shorthand, scope } of occurrences) {
    if (scope !== top || !mine.has(name)) continue;
    text += source.slice(done, start) + (shorthand ? `${name}: ${renames[name]}` : renames[name]);
    done = end;
  }
  return text + source.slice(done);
}
