/** How any value of a cell looks. Tensors are described by whoever knows what they are (see show-tensor). */
import { abridge, isPlainObject, plainBytes } from "./plain";
import type { Shown } from "./shown";

/** @returns null if it is no tensor; `inside`: it is a part of something larger */
export type ShowTensor = (value: unknown, inside: boolean) => Shown | null;

const MOST_ENTRIES = 50;
const DEEPEST = 3;
/** Larger data is abridged, in bytes. */
const WHOLE = 100_000;
const LETTERS = 2000;

export function showValue(value: unknown, showTensor: ShowTensor = () => null, depth = 0): Shown {
  if (value === undefined) return { kind: "nothing" };
  try {
    const tensor = showTensor(value, depth > 0);
    if (tensor) return tensor;
    if (typeof Node !== "undefined" && value instanceof Node) return { kind: "node" };
    if (typeof value === "function") return { kind: "function", name: value.name, text: Function.prototype.toString.call(value).slice(0, LETTERS) };
    const bytes = plainBytes(value);
    if (bytes !== null) return { kind: "data", value: bytes > WHOLE ? abridge(value) : value, cut: bytes > WHOLE, bytes };
    if (typeof value === "object" && depth < DEEPEST && !(value instanceof Error || value instanceof Promise)) return showObject(value!, showTensor, depth);
    return { kind: "text", text: textOf(value) };
  } catch (error) {
    return { kind: "text", text: `a value that cannot be looked at (${String(error).slice(0, LETTERS)})` };
  }
}

function showObject(value: object, showTensor: ShowTensor, depth: number): Shown {
  const entries = entriesOf(value);
  return {
    kind: "object",
    type: typeName(value),
    entries: entries.slice(0, MOST_ENTRIES).map(([name, part]) => ({ name, shown: showValue(part, showTensor, depth + 1) })),
    more: Math.max(0, entries.length - MOST_ENTRIES),
  };
}

function entriesOf(value: object): [string, unknown][] {
  if (value instanceof Map) return [...value].map(([key, part]) => [String(key), part]);
  if (value instanceof Set) return [...value].map((part, i) => [String(i), part]);
  return Object.entries(value);
}

/** tfjs' classes say what they are called; their names in a minified text do not. */
function typeName(value: object): string {
  if (isPlainObject(value)) return "Object";
  const { className, name } = (value.constructor ?? {}) as { className?: unknown; name?: string };
  return typeof className === "string" ? className : (name ?? "Object");
}

function textOf(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`.slice(0, LETTERS);
  if (value instanceof Promise) return "a promise of a value: write await in front of it";
  if (typeof value === "object" && value !== null) return typeName(value);
  return String(value).slice(0, LETTERS);
}
