/** Something could not be kept, read or freed; the message says what, that it is still on the page, and what to do. */
export class StorageError extends Error {
  override readonly name = "StorageError";
}

/** A notebook was saved elsewhere since it was read: saving it now would overwrite that. Nothing was written. */
export class ConflictError extends Error {
  override readonly name = "ConflictError";

  constructor(title: string) {
    super(`“${title}” was changed in another tab. Nothing was overwritten; choose which version to keep.`);
  }
}

/** What the page says while it keeps things in its memory only. */
export function memoryOnly(error: unknown): string {
  return `${cause(error)} So nothing is kept when this page is closed or reloaded. What you want to keep, save as a file or copy as a link.`;
}

/** @param what the sentence before the reason, without its full stop: "“My notebook” was not kept" */
export function explain(what: string, error: unknown): StorageError {
  return new StorageError(`${what}: ${reason(error)}. What you see is still on this page: save the notebook as a file${isFull(error) ? ", or free some room under “Storage”" : ""}.`, { cause: error });
}

/** @param name of the picture that was not kept */
export function explainPicture(name: string, error: unknown): StorageError {
  return new StorageError(`The picture “${name}” was not kept: ${reason(error)}. It can be used now, but it will not be here after a reload.${isFull(error) ? " Free some room under “Storage” and choose it again." : ""}`, { cause: error });
}

/** Why something was not kept or read: a clause without its full stop. */
export function reason(error: unknown): string {
  if (isFull(error)) return "the browser gives this page no more room";
  const sentence = cause(error).slice(0, -1);
  return sentence[0].toLowerCase() + sentence.slice(1);
}

/** The browser gives the page no more room. */
export const isFull = (error: unknown) => nameOf(error) === "QuotaExceededError";

function cause(error: unknown): string {
  switch (nameOf(error)) {
    case "ReferenceError":
    case "TypeError":
    case "SecurityError":
    case "InvalidStateError":
      return "This browser lets the page keep nothing, as in some private windows or when site data is blocked.";
    case "VersionError":
    case "NotFoundError":
      return "What is kept here was made by another version of the workbench, which this one cannot read.";
    case "TimeoutError":
      return "The browser's storage does not answer.";
    default:
      return `The browser's storage failed (${error instanceof Error ? error.message || error.name : String(error)}).`;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}
