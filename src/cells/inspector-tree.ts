/** How plain data is taken apart for the inspector. Pure. */
import type { Shown } from "../sandbox/client";
import { summary, summaryOfData } from "./value-facts";
import { isTyped } from "./value-look";

/** More entries than this come in pages. */
const PAGE = 100;

/** One line of the inspector. */
export interface Branch {
  /** name or index; "" for the root */
  name: string;
  /** what it is, in a few words */
  text: string;
  /** chooses the colour */
  kind: "number" | "string" | "literal" | "other";
  /** what it opens to; null if there is nothing inside. Asked for each time it is opened. */
  inside: (() => Branch[]) | null;
}

export function branchOf(name: string, value: unknown): Branch {
  const entries = entriesOf(value);
  return { name, text: summaryOfData(value), kind: kindOf(value), inside: entries && entries.count > 0 ? () => pages(entries) : null };
}

/** A value that is not plain data as a whole; what is inside of it may be. */
export function branchOfShown(name: string, shown: Shown): Branch {
  if (shown.kind === "data") return branchOf(name, shown.value);
  const branch: Branch = { name, text: summary(shown), kind: "other", inside: null };
  if (shown.kind === "object" && shown.entries.length > 0) {
    const more: Branch[] = shown.more > 0 ? [{ name: "…", text: `${shown.more} more`, kind: "other", inside: null }] : [];
    branch.inside = () => [...shown.entries.map((entry) => branchOfShown(entry.name, entry.shown)), ...more];
  }
  return branch;
}

interface Entries {
  count: number;
  /** entries [from, to) */
  slice(from: number, to: number): Branch[];
}

function entriesOf(value: unknown): Entries | null {
  if (typeof value !== "object" || value === null || value instanceof Date || value instanceof RegExp) return null;
  if (Array.isArray(value) || isTyped(value)) {
    return { count: value.length, slice: (from, to) => Array.from({ length: to - from }, (_, i) => branchOf(String(from + i), (value as ArrayLike<unknown>)[from + i])) };
  }
  if (value instanceof Map) {
    const plain = [...value.keys()].every((key) => typeof key !== "object");
    return listOf([...value], ([key, one], i) => (plain ? branchOf(summaryOfData(key), one) : { name: String(i), text: `${summaryOfData(key)} → ${summaryOfData(one)}`, kind: "other", inside: () => [branchOf("key", key), branchOf("value", one)] }));
  }
  if (value instanceof Set) return listOf([...value], (one, i) => branchOf(String(i), one));
  if (value instanceof ArrayBuffer) return entriesOf(new Uint8Array(value));
  return listOf(Object.entries(value), ([key, one]) => branchOf(key, one));
}

function listOf<T>(list: readonly T[], branch: (one: T, i: number) => Branch): Entries {
  return { count: list.length, slice: (from, to) => list.slice(from, to).map((one, i) => branch(one, from + i)) };
}

/** The entries, or pages of them, so many at each level that none is longer than a page. */
function pages(entries: Entries, from = 0, to = entries.count): Branch[] {
  if (to - from <= PAGE) return entries.slice(from, to);
  let step = PAGE;
  while (step * PAGE < to - from) step *= PAGE;
  const starts = Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
  return starts.map((start) => {
    const end = Math.min(to, start + step);
    return { name: `${start} … ${end - 1}`, text: "", kind: "other", inside: () => pages(entries, start, end) };
  });
}

function kindOf(value: unknown): Branch["kind"] {
  if (typeof value === "number" || typeof value === "bigint") return "number";
  if (typeof value === "string") return "string";
  return typeof value === "object" && value !== null ? "other" : "literal";
}
