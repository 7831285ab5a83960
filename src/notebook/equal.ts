/**
 * Are two values interchangeable? Structural for plain data (primitives, arrays, plain objects, typed arrays, dates, maps,
 * sets), identity for everything else: two instances of a class may differ in what cannot be seen.
 */
export function equal(a: unknown, b: unknown): boolean {
  return compare(a, b, new Map());
}

/** `open` holds the pairs that are being compared further up, so that a structure that contains itself ends. */
function compare(a: unknown, b: unknown, open: Map<object, object>): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const kind = Object.getPrototypeOf(a);
  if (kind !== Object.getPrototypeOf(b)) return false;
  if (open.get(a) === b) return true;
  open.set(a, b);
  try {
    return compareSameKind(a, b, kind, open);
  } finally {
    open.delete(a);
  }
}

function compareSameKind(a: object, b: object, kind: unknown, open: Map<object, object>): boolean {
  if (ArrayBuffer.isView(a)) return sameBytes(a, b as ArrayBufferView);
  if (a instanceof ArrayBuffer) return sameBytes(new Uint8Array(a), new Uint8Array(b as ArrayBuffer));
  if (Array.isArray(a)) {
    const other = b as unknown[];
    return a.length === other.length && a.every((item, i) => compare(item, other[i], open));
  }
  if (a instanceof Date) return Object.is(a.getTime(), (b as Date).getTime());
  if (a instanceof Map) {
    const other = b as Map<unknown, unknown>;
    return a.size === other.size && [...a].every(([key, value]) => other.has(key) && compare(value, other.get(key), open));
  }
  if (a instanceof Set) {
    const other = b as Set<unknown>;
    return a.size === other.size && [...a].every((item) => other.has(item));
  }
  if (kind !== Object.prototype && kind !== null) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && compare((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], open));
}

/** By numbers where there are numbers (so that NaN equals NaN and 0 equals −0, as elsewhere here), else by bytes. */
function sameBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  if (a.byteLength !== b.byteLength) return false;
  if (a instanceof Float32Array || a instanceof Float64Array) {
    const other = b as Float32Array;
    for (let i = 0; i < a.length; i++) if (a[i] !== other[i] && !(Number.isNaN(a[i]) && Number.isNaN(other[i]))) return false;
    return true;
  }
  const x = new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
  const y = new Uint8Array(b.buffer, b.byteOffset, b.byteLength);
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}
