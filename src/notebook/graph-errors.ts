/** What can be wrong with how cells are wired. Every message says what was looked for, where, and what to do. */

/** An error of the wiring; `cells` are the ids of all cells concerned. */
export class WiringError extends Error {
  constructor(
    message: string,
    readonly cells: readonly string[],
  ) {
    super(message);
    this.name = new.target.name;
  }
}

export class UnknownNameError extends WiringError {
  constructor(
    readonly wanted: string,
    existing: readonly string[],
    cells: readonly string[],
    reader?: string,
  ) {
    const names = existing.length > 0 ? `The names that exist are ${listed(existing)}.` : "No cell has a name yet.";
    super(`No cell gives “${wanted}”${reader ? `, which ${reader} reads` : ""}. ${names} Write as="${wanted}" on the cell that gives it, declare it in a code cell, or read another name.`, cells);
  }
}

export class DuplicateNameError extends WiringError {
  constructor(
    readonly duplicate: string,
    labels: readonly string[],
    cells: readonly string[],
  ) {
    super(`“${duplicate}” is given by ${labels.length} cells: ${listed(labels)}. A name belongs to one cell: give the others another one.`, cells);
  }
}

export class CycleError extends WiringError {
  /** @param names the ring, the first name not repeated at the end */
  constructor(names: readonly string[], cells: readonly string[]) {
    super(`These cells wait for one another in a ring: ${[...names, names[0]].join(" → ")}. Let one of them read something else.`, cells);
  }
}

export class MissingPartError extends WiringError {
  constructor(path: string, part: string, holder: string, existing: readonly string[], cells: readonly string[]) {
    const parts = existing.length > 0 ? `its parts are ${listed(existing.slice(0, 20))}` : "it has no parts";
    super(`“${path}” cannot be read: “${holder}” has no part “${part}”; ${parts}.`, cells);
  }
}

/** The value cannot be given because a cell further up has failed. */
export class WaitingError extends Error {
  constructor(
    name: string,
    /** null: it is the cell itself that waits, to be run by hand */
    readonly waitingFor: string | null,
  ) {
    super(waitingFor === null ? `“${name}” has no value yet: its cell is run by hand.` : `“${name}” waits for “${waitingFor}”, which has no value yet: see there.`);
    this.name = "WaitingError";
  }
}

/** Names that a notebook's author gave, sorted; those with a colon are how a code cell hands on what it declares. */
export function publicNames(names: Iterable<string>): string[] {
  return [...names].filter((name) => !name.includes(":")).sort();
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;
}
