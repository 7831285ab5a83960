/** Which tensors belong to which run, so that all that a run made can be freed with it. Works beneath tf.tidy and beside it. */
import * as tf from "@tensorflow/tfjs";

/** A cell holds more than it may. */
export class TooManyTensorsError extends Error {
  override name = "TooManyTensorsError";
}

/** The parts of tfjs' engine that know of every tensor, tf.Variable among them. */
interface Engine {
  trackTensor(tensor: tf.Tensor, backend: unknown): void;
  incRef(tensor: tf.Tensor, backend: unknown): void;
  disposeTensor(tensor: tf.Tensor): void;
}

const owners = new WeakMap<tf.Tensor, Holding[]>();

/** What one run, or one network that runs share, keeps alive. Freed when it is released and no other holding needs it. */
export class Holding {
  readonly tensors = new Set<tf.Tensor>();
  private readonly needs = new Set<Holding>();
  private users = 0;
  private bytesMade = 0;
  /** its owner is done with it */
  released = false;
  /** nobody needs it */
  over = false;

  constructor(private readonly limit = Infinity) {}

  /** `other` is kept for as long as this one. */
  need(other: Holding): void {
    if (other === this || this.over || this.needs.has(other)) return;
    this.needs.add(other);
    other.users++;
  }

  /** Frees what is held, unless another holding needs it: then when that one is freed. */
  release(): void {
    this.released = true;
    this.free();
  }

  /** Bytes of the tensors held; two that share their values count once. */
  bytes(): number {
    const seen = new Set<object>();
    let sum = 0;
    for (const tensor of this.tensors) {
      if (seen.has(tensor.dataId)) continue;
      seen.add(tensor.dataId);
      sum += bytesOf(tensor);
    }
    return sum;
  }

  add(tensor: tf.Tensor): void {
    this.tensors.add(tensor);
    this.bytesMade += bytesOf(tensor);
    // counted for certain only when it may be too much
    if (this.bytesMade <= this.limit) return;
    this.bytesMade = this.bytes();
    if (this.bytesMade > this.limit) throw new TooManyTensorsError(tooMany(this.tensors.size, this.bytesMade, this.limit));
  }

  remove(tensor: tf.Tensor): void {
    this.tensors.delete(tensor);
  }

  /** Gives the tensors of `which` that are held here to `other`. */
  hand(which: Iterable<tf.Tensor>, other: Holding): void {
    for (const tensor of which) {
      if (!this.tensors.delete(tensor)) continue;
      other.tensors.add(tensor);
      owners.set(tensor, [...(owners.get(tensor) ?? []).filter((one) => one !== this && one !== other), other]);
    }
  }

  /** Frees what has come to be held after the release, by code that went on. */
  sweep(): void {
    if (this.released) this.free();
  }

  private free(): void {
    if (!this.released || this.users > 0) return;
    this.over = true;
    for (const tensor of this.tensors) {
      const others = (owners.get(tensor) ?? []).filter((one) => one !== this);
      owners.set(tensor, others);
      if (others.length === 0 && !tensor.isDisposed) tensor.dispose();
    }
    this.tensors.clear();
    for (const other of this.needs) {
      other.users--;
      other.free();
    }
    this.needs.clear();
  }
}

function bytesOf(tensor: tf.Tensor): number {
  return tensor.size * tf.util.bytesPerElement(tensor.dtype);
}

function tooMany(count: number, bytes: number, limit: number): string {
  const size = (n: number) => (n >= 2 ** 30 ? `${(n / 2 ** 30).toFixed(1)} GB` : `${Math.round(n / 2 ** 20)} MB`);
  return `This cell holds ${count.toLocaleString("en")} tensors, together ${size(bytes)}; a cell may hold ${size(limit)}. Free what it is done with: wrap each step in tf.tidy(() => …), or call dispose() on a tensor that is not needed any more.`;
}

/**
 * Calls `made` for every tensor when it is made, and forgets those that are disposed.
 * @param holdings to whom a tensor that is made now belongs
 */
export function trackTensors(holdings: () => readonly Holding[], made: () => void): void {
  const engine = tf.engine() as unknown as Engine;
  const track = engine.trackTensor.bind(engine);
  const incRef = engine.incRef.bind(engine);
  const dispose = engine.disposeTensor.bind(engine);
  let counting = false;
  let refused: unknown = null;

  engine.trackTensor = (tensor, backend) => {
    track(tensor, backend);
    try {
      own(tensor, holdings());
      made();
    } catch (error) {
      // tfjs counts a reference right after this, and must not be kept from it
      if (!counting) throw error;
      refused = error;
    }
  };
  engine.incRef = (tensor, backend) => {
    counting = true;
    refused = null;
    try {
      incRef(tensor, backend);
    } finally {
      counting = false;
    }
    if (refused !== null) throw refused as Error;
  };
  engine.disposeTensor = (tensor) => {
    dispose(tensor);
    for (const holding of owners.get(tensor) ?? []) holding.remove(tensor);
  };
}

function own(tensor: tf.Tensor, holdings: readonly Holding[]): void {
  // a variable that is given a new value is tracked again: it stays with who made it
  let now = owners.get(tensor);
  if (!now || now.length === 0) owners.set(tensor, (now = [...holdings]));
  for (const holding of now) holding.add(tensor);
  // what goes on after its end is brought to an end so
  if (now.length > 0 && now.every((one) => one.over)) throw new Error("The cell has been run again or removed; this run is over.");
}

/** The parts of tfjs' engine that tf.tidy is made of. */
interface Scopes {
  startScope(name?: string): void;
  endScope(kept: tf.Tensor[]): void;
}

/** Like tf.tidy, for a function whose result is looked through by `kept`. */
export function tidy<T>(work: () => T, kept: (result: T) => tf.Tensor[]): T {
  const engine = tf.engine() as unknown as Scopes;
  engine.startScope("cell");
  let keep: tf.Tensor[] = [];
  try {
    const result = work();
    keep = kept(result);
    return result;
  } finally {
    engine.endScope(keep);
  }
}

/** Every tensor that can be reached from a value, variables among them. */
export function tensorsIn(value: unknown, found = new Set<tf.Tensor>(), seen = new Set<unknown>()): Set<tf.Tensor> {
  if (typeof value !== "object" || value === null || seen.has(value) || ArrayBuffer.isView(value)) return found;
  seen.add(value);
  if (value instanceof tf.Tensor) found.add(value);
  else if (value instanceof Map) for (const part of value.values()) tensorsIn(part, found, seen);
  else if (value instanceof Set) for (const part of value) tensorsIn(part, found, seen);
  else for (const part of Object.values(Object.getOwnPropertyDescriptors(value))) if ("value" in part) tensorsIn(part.value, found, seen);
  return found;
}
