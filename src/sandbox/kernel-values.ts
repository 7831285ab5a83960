/** Values of kernel cells that stay in the worker: how they are told to the page, lent to other cells and read. */
import * as tf from "@tensorflow/tfjs";
import { isPlainObject, MOST_BYTES, plainBytes } from "./plain";
import type { Given } from "./protocol";
import type { Shown } from "./shown";
import { showTensor } from "./show-tensor";
import { showValue, type ShowTensor } from "./show-value";
import { tensorsIn } from "./holding";

/** Values of tensors that are looked at as parts of one larger thing; reading more would take longer than anybody waits. */
const MOST_INSIDE = 2_000_000;

/** How a value looks. */
export function show(value: unknown): Shown {
  let room = MOST_INSIDE;
  const tensor: ShowTensor = (part, inside) => {
    if (!(part instanceof tf.Tensor)) return null;
    const what = `tensor [${part.shape.join(", ")}] of ${part.dtype}`;
    if (part.isDisposed) return { kind: "text", text: `${what}, disposed` };
    if (part.dtype === "string") return { kind: "text", text: `${what}: ${[...part.dataSync<"string">()].slice(0, 20).join(", ")}` };
    if (part.dtype === "complex64") return { kind: "text", text: `${what}: look at it through tf.real and tf.imag` };
    if (inside && (room -= part.size) < 0) return { kind: "text", text: what };
    return showTensor({ shape: part.shape, dtype: part.dtype, values: part.dataSync(), bytes: part.size * tf.util.bytesPerElement(part.dtype) });
  };
  return showValue(value, tensor);
}

/** How a value goes to the page; `keep` gives a number to what cannot go. */
export function give(value: unknown, keep: (value: unknown) => number): Given {
  const bytes = plainBytes(value);
  return bytes !== null && bytes <= MOST_BYTES ? { plain: value } : { handle: keep(value), shown: show(value) };
}

/**
 * The same value with tensors of its own, so that whoever gets it may dispose them and the giver too. A variable stays the
 * variable, as do instances of classes: they are lent for what they do.
 */
export function copy(value: unknown): unknown {
  // on wasm, clone() copies the values, reshape() shares them
  if (value instanceof tf.Tensor) return value instanceof tf.Variable || value.isDisposed ? value : value.reshape(value.shape);
  if (Array.isArray(value)) return tensorsIn(value).size > 0 ? value.map(copy) : value;
  if (isPlainObject(value) && tensorsIn(value).size > 0) return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copy(part)]));
  return value;
}

/** Disposes the tensors that `copy` made. */
export function disposeCopy(copied: unknown, original: unknown): void {
  if (copied === original) return;
  if (copied instanceof tf.Tensor) copied.dispose();
  else if (Array.isArray(copied)) copied.forEach((part, i) => disposeCopy(part, (original as unknown[])[i]));
  else if (isPlainObject(copied)) for (const [name, part] of Object.entries(copied)) disposeCopy(part, (original as Record<string, unknown>)[name]);
}

/**
 * A value as plain data, tensors as TensorData.
 * @throws Error for what cannot become data
 */
export function toData(value: unknown, depth = 0): unknown {
  if (value instanceof tf.Tensor) {
    if (value.dtype === "string" || value.dtype === "complex64") throw new Error(`A tensor of ${value.dtype} cannot be read as numbers.`);
    return { shape: value.shape, dtype: value.dtype, data: value.dataSync() };
  }
  if (plainBytes(value) !== null) return value;
  if (typeof value === "function") throw new Error(`“${value.name || "this value"}” is a function: kernel cells can call it, but it cannot be read as data.`);
  if (typeof value === "object" && value !== null && depth < 20) {
    if (Array.isArray(value)) return value.map((part) => toData(part, depth + 1));
    if (value instanceof Map) return new Map([...value].map(([key, part]) => [key, toData(part, depth + 1)]));
    if (isPlainObject(value)) return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toData(part, depth + 1)]));
  }
  throw new Error(`A value of the kind ${(value as object)?.constructor?.name ?? typeof value} cannot be read as data. Make an array or an object of what is to be read.`);
}
