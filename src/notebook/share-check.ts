import type { Snapshot } from "./session";

/** A notebook on its way to somebody else. */
export interface Shared extends Snapshot {
  name: string;
  title: string | null;
}

/** Nothing that a control sets is nested deeper than this. */
const DEEPEST = 32;

/**
 * Makes sure that a value from outside (JSON, parsed) is a notebook; what else it holds is left out.
 *
 * @throws Error that names the part that is not as it must be
 */
export function checkShared(value: unknown): Shared {
  const { name, title, text, params, drafts } = isRecord(value) ? value : ({} as Record<string, unknown>);
  if (typeof name !== "string" || name === "") throw wrong("its name");
  if (title !== null && typeof title !== "string") throw wrong("its title");
  if (typeof text !== "string") throw wrong("its text");
  if (!isRecord(params) || !Object.values(params).every(isRecord) || !isPlain(params, DEEPEST)) throw wrong("what was set in its controls");
  if (!isRecord(drafts) || !Object.values(drafts).every((draft) => typeof draft === "string") || !isPlain(drafts, 1)) throw wrong("its drafts");
  return { name, title, text, params: params as Shared["params"], drafts: drafts as Shared["drafts"] };
}

function wrong(part: string): Error {
  return new Error(`This link holds no notebook that can be opened: ${part} cannot be read. It was not made by this workbench.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** No deeper than `depth`, and without a key that would reach behind the object when it is copied. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && !Object.hasOwn(value, "__proto__") && Object.values(value).every((part) => isPlain(part, depth - 1));
}
