/** What can go wrong with a cell's code while it runs, apart from the abort that the page itself asks for. */

/** The cell's code threw. `name` and `message` are those of what was thrown. */
export class CodeRunError extends Error {
  constructor(
    name: string,
    message: string,
    /** line of the cell's source, from 1; null if it is not known */
    readonly line: number | null,
  ) {
    super(message);
    this.name = name;
  }
}

/** The cell's code had to be ended: an endless loop, out of memory, stopped by the person. Says what happened and what to do. */
export class CellCrashError extends Error {
  override name = "CellCrashError";
}

/**
 * Another cell had to be ended, and all that ran or was kept beside it is gone. Whoever gets this runs its code again; what
 * its inputs were read from is computed again too.
 */
export class SandboxRestartedError extends Error {
  override name = "SandboxRestartedError";
}
