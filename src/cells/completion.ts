/** What can be completed in a code cell: names of the notebook, of the language, and what stands behind `nst.` and `tf.`. */
import type { Api, ApiEntry } from "../../build/nst-api";
import { type Language, languageNames } from "../notebook/compile";
import type { Graph } from "../notebook/graph";
import { KernelValue, type Shown } from "../sandbox/client";
import type { Completions, EditorCompletion } from "./editor";
import { summary, summaryOfData } from "./value-facts";

export interface CompletionContext {
  language: Language;
  graph: Graph | null;
  /** names that the cell itself declares: its editor knows them from the text */
  own: readonly string[];
}

let api: Promise<Api> | null = null;

/** Loaded when something is first completed. */
function loadApi(): Promise<Api> {
  return (api ??= import("virtual:nst-api").then((module) => module.default));
}

/** The completions of a code cell, as its editor asks for them. */
export function notebookCompletions(context: () => CompletionContext): Completions {
  return async (path) => {
    const { language, graph, own } = context();
    const notebook = namesOf(graph).filter(({ name }) => !own.includes(name));
    return completionsAt(path, { language, notebook, api: language === "kernel" && path !== "" ? await loadApi() : null });
  };
}

/** A name of the notebook with its value; undefined if it has none yet. */
export interface KnownName {
  name: string;
  value: unknown;
}

/** The names that cells of the notebook give; those with a colon are how a code cell hands on what it declares. */
function namesOf(graph: Graph | null): KnownName[] {
  if (!graph) return [];
  return graph.describe().flatMap(({ name }) => (name === null || name.includes(":") ? [] : [{ name, value: graph.peek(name) }]));
}

/** What may follow `path`: "" for a word of its own, "()" for an expression, "nst", "tf.image", "settings". Pure. */
export function completionsAt(path: string, { language, notebook, api }: { language: Language; notebook: readonly KnownName[]; api: Api | null }): EditorCompletion[] {
  const [head, ...rest] = path.split(".");
  if (path === "") {
    const names = notebook.map(({ name, value }): EditorCompletion => ({ label: name, type: "variable", detail: value === undefined ? undefined : told(value) }));
    const taken = new Set(names.map(({ label }) => label));
    const globals = [...languageNames[language]].filter((name) => !taken.has(name));
    return [...names, ...globals.map((name): EditorCompletion => ({ label: name, ...GLOBALS[name], type: name === "tf" || name === "nst" ? "namespace" : "constant" })), ...KEYWORDS];
  }
  if (language === "kernel" && (head === "nst" || head === "tf")) {
    if (!api) return [];
    let entries: readonly ApiEntry[] = api[head];
    for (const part of rest) entries = entries.find(({ name }) => name === part)?.members ?? [];
    return entries.map(completionOf);
  }
  // most expressions of kernel cells give tensors
  if (head === "()") return language === "kernel" && rest.length === 0 ? (api?.tensor ?? []).map(completionOf) : [];
  let value = notebook.find(({ name }) => name === head)?.value;
  for (const part of rest) value = partsOf(value).find(([name]) => name === part)?.[1];
  if (isTensor(value)) return language === "kernel" ? (api?.tensor ?? []).map(completionOf) : TENSOR_DATA;
  return partsOf(value).map(([name, part]) => ({ label: name, type: "property", detail: part === undefined ? undefined : told(part) }));
}

function completionOf({ name, kind, signature, doc }: ApiEntry): EditorCompletion {
  return { label: name, type: kind, signature, info: doc };
}

const GLOBALS: Record<string, { detail?: string; info: string }> = {
  tf: { detail: "TensorFlow.js", info: "Tensors and what can be computed with them. What a cell makes is freed when the cell is computed again; what a step of a loop makes, by tf.tidy or dispose." },
  nst: { detail: "this workbench", info: "The functions that the workbench itself is made of: networks, features, Gram matrices, costs and their gradients, steps of the optimisation." },
  Plot: { detail: "Observable Plot", info: "Charts: a cell whose value is Plot.plot({ … }) shows it." },
  invalidation: { info: "A promise that is fulfilled when the cell is computed again or removed: the place to stop timers and listeners." },
};

const KEYWORDS: EditorCompletion[] = ["async", "await", "const", "else", "for", "function", "let", "new", "of", "return", "while", "yield"].map((label) => ({ label, type: "keyword" }));

/** A tensor as js cells get it. */
const TENSOR_DATA: EditorCompletion[] = [
  { label: "shape", type: "property", info: "How many values there are along each axis, as an array." },
  { label: "data", type: "property", info: "All values, the last axis first: a typed array." },
  { label: "dtype", type: "property", info: "“float32”, “int32” or “bool”." },
];

function told(value: unknown): string {
  const shown = shownOf(value);
  return shown ? summary(shown) : summaryOfData(value);
}

const isTensor = (value: unknown): boolean => shownOf(value)?.kind === "tensor";

/** How a value looks that stays where it was computed; null for plain data. */
function shownOf(value: unknown): Shown | null {
  return value instanceof KernelValue ? value.shown : value instanceof Inside ? value.shown : null;
}

/** A part of such a value. */
class Inside {
  constructor(readonly shown: Shown) {}
}

/** Parts of a value that code would ask for by name. */
function partsOf(value: unknown): [string, unknown][] {
  const shown = shownOf(value);
  if (shown) return shown.kind === "object" ? shown.entries.map((entry) => [entry.name, entry.shown.kind === "data" ? entry.shown.value : new Inside(entry.shown)]) : [];
  if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).filter(([name]) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name));
}
