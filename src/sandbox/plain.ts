/** What can be posted as it is: data without behaviour, in no circle, and not too much of it. */

/** More than this stays where it is and is read on demand, in bytes. */
export const MOST_BYTES = 4 * 2 ** 20;

/** Nested deeper, it is taken for something else than data. */
const DEEPEST = 60;

/**
 * Bytes of plain data, roughly. Plain are numbers, texts and their like, dates, typed arrays, and arrays, maps, sets and plain
 * objects of these.
 * @returns null for anything else: functions, nodes, instances of classes, circles
 */
export function plainBytes(value: unknown): number | null {
  try {
    return bytesOf(value, []);
  } catch {
    // a getter or a proxy that throws is no data
    return null;
  }
}

function bytesOf(value: unknown, around: object[]): number | null {
  switch (typeof value) {
    case "string":
      return 2 * value.length;
    case "function":
    case "symbol":
      return null;
    case "object":
      break;
    default:
      return 8;
  }
  if (value === null || value instanceof Date || value instanceof RegExp) return 8;
  if (value instanceof ArrayBuffer) return value.byteLength;
  // memory that is shared with a thread cannot leave
  if (ArrayBuffer.isView(value)) return value.buffer instanceof ArrayBuffer ? value.byteLength : null;
  if (typeof ImageData !== "undefined" && value instanceof ImageData) return value.data.byteLength;
  if (around.includes(value) || around.length > DEEPEST) return null;
  const parts = partsOf(value);
  if (parts === null) return null;
  let sum = 16;
  around.push(value);
  for (const part of parts) {
    const bytes = bytesOf(part, around);
    if (bytes === null) return null;
    sum += bytes;
  }
  around.pop();
  return sum;
}

function partsOf(value: object): Iterable<unknown> | null {
  if (Array.isArray(value) || value instanceof Set) return value;
  if (value instanceof Map) return [...value].flat();
  return isPlainObject(value) ? Object.entries(value).flat() : null;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** How much of plain data is shown: entries of a list, letters of a text, numbers of a typed array. */
const SHOWN = { entries: 200, letters: 10_000, numbers: 1000, levels: 6 };

/** Plain data with its long parts cut short, for somebody to look at. */
export function abridge(value: unknown, levels = SHOWN.levels): unknown {
  if (typeof value === "string") return value.length > SHOWN.letters ? `${value.slice(0, SHOWN.letters)}…` : value;
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return (value as Float32Array).slice(0, SHOWN.numbers);
  if (value instanceof ArrayBuffer) return value.slice(0, SHOWN.numbers);
  const inner = (part: unknown) => (levels > 0 ? abridge(part, levels - 1) : typeof part === "object" && part !== null ? "…" : part);
  if (Array.isArray(value)) return value.slice(0, SHOWN.entries).map(inner);
  if (value instanceof Set) return new Set([...value].slice(0, SHOWN.entries).map(inner));
  if (value instanceof Map) return new Map([...value].slice(0, SHOWN.entries).map(([key, part]) => [key, inner(part)]));
  if (isPlainObject(value)) return Object.fromEntries(Object.entries(value).slice(0, SHOWN.entries).map(([key, part]) => [key, inner(part)]));
  return value;
}
