import type { AnyNode, Program } from "acorn";
import { full } from "acorn-walk";
import { bodyOf, topNames, type Body } from "./compile-body";
import { CodeError } from "./compile-error";
import { moduleText } from "./compile-module";
import { parseCell, type ParsedCell } from "./compile-parse";
import { isLanguageName, languageNames, refusal, type Language } from "./language";
import { scopesOf } from "./scope";

export { CodeError } from "./compile-error";
export { declaredNames, renameDeclared } from "./rename";
export { languageNames, type Language } from "./language";

/** A code cell, ready to run. Plain data. */
export interface Compiled {
  language: Language;
  /** top-level declared names, in order: what other cells can read */
  names: readonly string[];
  /** free names that other cells must give */
  reads: readonly string[];
  /** free names that the language gives: "tf", "Plot", "Math" … */
  globals: readonly string[];
  /** the cell gives values one after the other */
  stream: boolean;
  kind: "sync" | "async" | "generator" | "async-generator";
  /**
   * Text of an ES module: `export default function ($in, $cell) {…}` of that kind. `$in` is an object with every name of
   * `reads`; `$cell` is { tick(line), invalidation: Promise<void>, step(value, names): CodeResult }. It returns (a stream:
   * yields) what `$cell.step` gives. Lines of the source keep their numbers.
   */
  code: string;
}

/** What a cell gives. */
export interface CodeResult {
  value: unknown;
  /** only the names that are initialised at that moment; an object without a prototype */
  names: Record<string, unknown>;
}

/**
 * Compiles a code cell. The source is the body of a function in strict mode; `await`, `yield` and `return` may stand at its top
 * level. Its value is that of its last statement if that is an expression, else that of the name it declares last, or what it
 * returns. With a `yield` at its top level, or if it is nothing but one `function*` without parameters, it is a stream.
 * Names that it declares outside of blocks and loops are for other cells; names that neither it nor the language declares are
 * read from other cells. Loops of js cells call `$cell.tick`.
 *
 * @param label what messages call the cell
 * @throws CodeError
 */
export function compile(source: string, language: Language, label?: string): Compiled {
  try {
    return compileParsed(parseCell(source), language, label);
  } catch (error) {
    if (error instanceof RangeError) throw new CodeError("This is nested too deeply to be read. Split it up.", source, 0, source.length);
    throw error;
  }
}

function compileParsed({ source, program, tokens }: ParsedCell, language: Language, label?: string): Compiled {
  const fail = (message: string, { start, end }: { start: number; end: number }) => new CodeError(message, source, start, end);
  refuseModules(program, fail);
  const body = bodyOf(program);
  const declared = topNames(program);
  for (const one of declared) {
    const reason = refusal(one.name) ?? (isLanguageName(one.name) ? `“${one.name}” belongs to the language: no cell can declare it. Choose another name.` : null);
    if (reason) throw fail(reason, one);
  }
  const { occurrences } = scopesOf(program);
  const reads = new Set<string>();
  const globals = new Set<string>();
  for (const one of occurrences) {
    if (one.scope) continue;
    const reason = refusal(one.name);
    if (reason) throw fail(reason, one);
    const given = languageNames[language].has(one.name);
    if (one.write) throw fail(foreign(one.name, given, label), one);
    (given ? globals : reads).add(one.name);
  }
  const kind = kindOf(body);
  const names = declared.map(({ name }) => name);
  const code = moduleText({
    source, tokens, body, kind, names,
    reads: [...reads],
    invalidation: globals.has("invalidation"),
    guarded: language === "js",
    used: new Set(occurrences.map(({ name }) => name)),
  });
  return { language, names, reads: [...reads], globals: [...globals], stream: kind.endsWith("generator"), kind, code };
}

function kindOf({ generator, yields, awaits }: Body): Compiled["kind"] {
  if (generator) return generator.async ? "async-generator" : "generator";
  if (yields.length === 0) return awaits ? "async" : "sync";
  // what follows yield* may give its values one after the other in either way
  return awaits || yields.some(({ delegate }) => delegate) ? "async-generator" : "generator";
}

function foreign(name: string, ofLanguage: boolean, label: string | undefined): string {
  if (ofLanguage) return `“${name}” belongs to the language and cannot be given another value.`;
  const here = label ? `the cell “${label}”` : "this cell";
  return `“${name}” is not declared in ${here}, so it cannot be given a value here: only the cell that declares “${name}” can do that. If it is to be a name of its own here, write let ${name} first.`;
}

const MODULES: Partial<Record<AnyNode["type"], string>> = {
  ImportDeclaration: "A cell cannot import: nothing is loaded from elsewhere. What other cells declare is read by its name.",
  ImportExpression: "A cell cannot import: nothing is loaded from elsewhere. What other cells declare is read by its name.",
  ExportNamedDeclaration: "Leave out export: what a cell declares is there for other cells by its name.",
  ExportDefaultDeclaration: "Leave out export: what a cell declares is there for other cells by its name.",
  ExportAllDeclaration: "Leave out export: what a cell declares is there for other cells by its name.",
  MetaProperty: "import.meta is not there in a cell, because a cell is not a file.",
};

function refuseModules(program: Program, fail: (message: string, at: AnyNode) => CodeError): void {
  full(program, (node) => {
    const isImportMeta = node.type !== "MetaProperty" || node.meta.name === "import";
    const message = MODULES[node.type];
    if (message && isImportMeta) throw fail(message, node);
  });
}
