import type { Token } from "acorn";
import type { Body } from "./compile-body";
import { Splices } from "./compile-splices";
import type { Compiled } from "./compile";
import { guard } from "./loop-guard";

/** What the module's text is made from. */
export interface ModuleParts {
  source: string;
  tokens: readonly Token[];
  body: Body;
  kind: Compiled["kind"];
  names: readonly string[];
  reads: readonly string[];
  /** `invalidation` is read */
  invalidation: boolean;
  /** loops get a guard */
  guarded: boolean;
  /** every name that stands in the source: ours must be others */
  used: ReadonlySet<string>;
}

/** Names of ours in the module, none of which stands in the cell's source. */
type Own = Record<"in" | "cell" | "names" | "all" | "each", string>;

const HEADS: Record<Compiled["kind"], string> = {
  sync: "function",
  async: "async function",
  generator: "function*",
  "async-generator": "async function*",
};

/**
 * The text of a cell's module (see Compiled.code): its source, with our part of the first line before it, our lines behind it,
 * and calls put in where it yields, returns, ends and loops.
 */
export function moduleText(parts: ModuleParts): string {
  const { source, tokens, body, kind, reads } = parts;
  const own = ownNames(parts.used);
  const stream = isStream(kind);
  const all = `${own.names}()`;
  const splices = new Splices();
  /** makes a result of what stands from `from` (after a keyword) to `to` */
  const step = (from: number, to: number, keyword = "") => splices.around(from, to, `${keyword} ${own.cell}.step((`, `), ${all})`);
  const nothing = (at: number) => splices.around(at, at, "", ` ${own.cell}.step(void 0, ${all})`);

  for (const { start, end, argument, delegate } of body.yields) {
    if (!argument) nothing(start + "yield".length);
    else if (delegate) splices.around(tokens.find((token) => token.start > start)!.end, end, ` ${own.each}((`, "))");
    else step(start + "yield".length, end);
  }
  // what a stream returns is not one of its values, as in a for-of loop
  for (const { start, end, argument } of stream ? [] : body.returns) {
    if (argument) step(start + "return".length, withoutSemicolon(source, end));
    else nothing(start + "return".length);
  }
  const last = body.statements.at(-1);
  if (!stream && last?.type === "ExpressionStatement") step(last.start, withoutSemicolon(source, last.end), "return");
  if (parts.guarded) for (const loop of body.loops) guard(loop, source, `${own.cell}.tick`, splices);

  const given = [reads.length > 0 ? `const {${reads.join(", ")}} = ${own.in};` : "", parts.invalidation ? `const {invalidation} = ${own.cell};` : ""];
  const head = `export default ${HEADS[kind]} (${own.in}, ${own.cell}) {${given.join("")}`;
  return `${head}${splices.apply(source)}\n${tail(parts, own)}}\n`;
}

function isStream(kind: Compiled["kind"]): boolean {
  return kind === "generator" || kind === "async-generator";
}

/** End of a statement that ends with an expression, its semicolon left out. */
function withoutSemicolon(source: string, end: number): number {
  return source[end - 1] === ";" ? end - 1 : end;
}

function ownNames(used: ReadonlySet<string>): Own {
  const free = (base: string) => {
    let name = base;
    for (let n = 2; used.has(name); n++) name = `${base}${n}`;
    return name;
  };
  return { in: free("$in"), cell: free("$cell"), names: free("$names"), all: free("$all"), each: free("$each") };
}

/** Our lines after the source: what a cell gives at its end, and the functions that its results need. */
function tail({ body, kind, names }: ModuleParts, own: Own): string {
  if (body.generator) {
    const { name } = body.generator.id;
    return `yield* ${own.each}(${name}());\n${eachFunction(kind, own, `{__proto__: null, ${name}: item}`)}`;
  }
  // a name that is not initialised yet throws when it is read
  const reads = names.map((name) => `try {${own.all}.${name} = ${name};} catch {}`).join(" ");
  const collect = `function ${own.names}() {const ${own.all} = {__proto__: null}; ${reads} return ${own.all};}\n`;
  if (isStream(kind)) return body.yields.some(({ delegate }) => delegate) ? collect + eachFunction(kind, own, `${own.names}()`) : collect;
  const last = body.statements.at(-1)?.type;
  if (last === "ExpressionStatement" || last === "ReturnStatement") return collect;
  return `return ${own.cell}.step(${names.at(-1) ?? "void 0"}, ${own.names}());\n${collect}`;
}

/** yield* over results: makes one of each item, gives back what the items return, and ends them when it is ended itself. */
function eachFunction(kind: Compiled["kind"], own: Own, names: string): string {
  const waits = kind === "async-generator";
  const [wait, head] = waits ? ["await ", "async function*"] : ["", "function*"];
  const find = waits ? "(items[Symbol.asyncIterator] ?? items[Symbol.iterator])" : "items[Symbol.iterator]";
  return `${head} ${own.each}(items) {
  const source = ${find}.call(items);
  let open = false;
  try {
    for (;;) {
      const next = ${wait}source.next();
      if (next.done) return next.value;
      open = true;
      const item = ${wait}next.value;
      yield ${own.cell}.step(item, ${names});
      open = false;
    }
  } finally {
    if (open) ${wait}source.return?.();
  }
}
`;
}
