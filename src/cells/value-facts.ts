/** What is said about a value beside its look, and in place of it to people who do not see it. Pure. */
import type { Look, Shown, TensorShown } from "../sandbox/client";
import { formatCount, formatNumber } from "./numbers";
import { isTyped, lookOfData, shapeOfData, statistics } from "./value-look";

/** A size of memory in words: "812 bytes", "48 kB", "1.5 MB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
  if (bytes < 999_500) return `${formatNumber(bytes / 1000, bytes < 10_000 ? 2 : 3)} kB`;
  if (bytes < 999_500_000) return `${formatNumber(bytes / 1e6, bytes < 10_000_000 ? 2 : 3)} MB`;
  return `${formatNumber(bytes / 1e9, 3)} GB`;
}

/** "64 × 64 × 3", "a single number" for rank 0. */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 0 ? "a single number" : shape.map(formatCount).join(" × ");
}

export interface Fact {
  term: string;
  text: string;
}

/** Numbers about a value, in the order to read them; empty where there is nothing to count. */
export function factsOf(shown: Shown): Fact[] {
  const numbers = numbersOf(shown);
  if (!numbers) return [];
  const { shape, min, max, mean, dtype, bytes } = numbers;
  const facts: Fact[] = [{ term: "shape", text: formatShape(shape) }];
  if (dtype) facts.push({ term: "type", text: dtype });
  if (shape.length > 0 && !Number.isNaN(min)) {
    facts.push({ term: "range", text: `${formatNumber(min)} … ${formatNumber(max)}` });
    facts.push({ term: "mean", text: formatNumber(mean) });
  }
  if (bytes > 0) facts.push({ term: "memory", text: formatBytes(bytes) });
  return facts;
}

/** What is wrong with the numbers of a value, null if nothing. */
export function warningOf(shown: Shown): string | null {
  const numbers = numbersOf(shown);
  if (!numbers || numbers.bad === 0) return null;
  const count = numbers.shape.reduce((product, n) => product * n, 1);
  if (count === 1) return "It is not a finite number (NaN or infinite).";
  if (numbers.bad === count) return "No value is a finite number: all are NaN or infinite.";
  return `${formatCount(numbers.bad)} of ${formatCount(count)} values ${numbers.bad === 1 ? "is" : "are"} NaN or infinite.`;
}

/** The value in a sentence: what a screen reader is told in place of a drawing. */
export function alternative(shown: Shown, name: string): string {
  const numbers = numbersOf(shown);
  const of = name || "value";
  if (!numbers) return of;
  const { shape, min, max, mean, look } = numbers;
  const range = Number.isNaN(min) ? "no finite values" : `values from ${formatNumber(min)} to ${formatNumber(max)}, mean ${formatNumber(mean)}`;
  return `${of}: ${LOOKS[look.as]}, ${formatShape(shape)}, ${range}`;
}

const LOOKS: Record<Look["as"], string> = { number: "a number", table: "table", line: "line", heat: "heat map", picture: "picture", maps: "feature maps", values: "tensor" };

/** A value in a few words, for lists: "tensor 64 × 64 × 3", "0.42", "array of 120", "function (a, b)". */
export function summary(shown: Shown): string {
  switch (shown.kind) {
    case "tensor":
      return shown.look.as === "number" ? `tensor, ${formatNumber(shown.look.value)}` : `tensor ${formatShape(shown.shape)}`;
    case "data":
      return summaryOfData(shown.value);
    case "function":
      return "function";
    case "object":
      return shown.type;
    case "node":
      return "part of the page";
    case "nothing":
      return "nothing";
    case "text":
      return shown.text;
  }
}

/** The same for plain data. */
export function summaryOfData(value: unknown): string {
  if (typeof value === "number") return formatNumber(value, 5);
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value !== "object" || value === null) return typeof value === "bigint" ? `${value}n` : String(value);
  const picture = Array.isArray(value) || isTyped(value) ? null : lookOfData(value);
  if (picture?.as === "picture") return `picture ${picture.height} × ${picture.width}`;
  if (Array.isArray(value)) return `array of ${formatCount(value.length)}`;
  if (isTyped(value)) return `${value.constructor.name} of ${formatCount(value.length)}`;
  if (value instanceof Map) return `Map of ${formatCount(value.size)}`;
  if (value instanceof Set) return `Set of ${formatCount(value.size)}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "a date that is none" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? "{}" : `{ ${keys.slice(0, 4).join(", ")}${keys.length > 4 ? ", …" : ""} }`;
}

interface Numbers {
  shape: number[];
  dtype: string;
  min: number;
  max: number;
  mean: number;
  bad: number;
  bytes: number;
  look: Look;
}

const counted = new WeakMap<object, Numbers | null>();

function numbersOf(shown: Shown): Numbers | TensorShown | null {
  if (shown.kind === "tensor") return shown;
  if (shown.kind !== "data" || shown.cut) return null;
  let numbers = counted.get(shown);
  if (numbers === undefined) counted.set(shown, (numbers = numbersOfData(shown.value, shown.bytes)));
  return numbers;
}

function numbersOfData(value: unknown, bytes: number): Numbers | null {
  const look = lookOfData(value);
  if (!look) return null;
  const values = look.as === "picture" ? pictureValues(value) : (look as { values: Float32Array }).values;
  return { shape: shapeOfData(value), dtype: isTyped(value) ? value.constructor.name : "", ...statistics(values), bytes, look };
}

function pictureValues(value: unknown): Float32Array {
  const held = value as { data?: Float32Array; picture?: { data: Float32Array } };
  return held.picture?.data ?? held.data!;
}
