/** What the code completion knows: read from the sources at build time, so that it cannot say anything else than they do. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { Plugin } from "vite";

/** A name that code can use, as completion shows it. */
export interface ApiEntry {
  name: string;
  kind: "function" | "class" | "constant" | "namespace";
  /** "gram(F: tf.Tensor4D): tf.Tensor2D"; "" where there is nothing to say */
  signature: string;
  /** the docstring */
  doc: string;
  /** what stands behind a further dot, of a namespace */
  members?: ApiEntry[];
}

/** By the name that code reaches them through: `nst.gram`, `tf.matMul`. */
export interface Api {
  nst: ApiEntry[];
  tf: ApiEntry[];
  /** what a tensor itself can do: `F.mean()` */
  tensor: ApiEntry[];
}

const MODULE = "virtual:nst-api";
const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Gives `virtual:nst-api`, whose default export is an Api: every export of src/nst and of src/sandbox/api.ts with signature and
 * docstring, and the functions of tfjs and its tensors with their first sentence.
 */
export function nstApi(): Plugin {
  return {
    name: "nst-api",
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
    load(id) {
      if (id !== `\0${MODULE}`) return null;
      for (const file of sources()) this.addWatchFile(file);
      // as a string: a JavaScript engine reads JSON faster than an object literal
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(readApi()))});`;
    },
  };
}

function sources(): string[] {
  const nst = readdirSync(join(root, "src/nst"), { recursive: true, encoding: "utf8" }).map((file) => join(root, "src/nst", file));
  return [...nst, join(root, "src/sandbox/api.ts")].filter((file) => file.endsWith(".ts") && existsSync(file)).sort();
}

/** The api as the sources are now; kept between builds until they change. */
export function readApi(): Api {
  const hash = createHash("sha256").update(readFileSync(fileURLToPath(import.meta.url)));
  for (const file of [...sources(), join(root, "node_modules/@tensorflow/tfjs/package.json")]) hash.update(file).update(readFileSync(file));
  const folder = join(root, "node_modules/.cache/nst-api");
  const kept = join(folder, `${hash.digest("hex").slice(0, 16)}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, "utf8")) as Api;
  const api = compileApi();
  mkdirSync(folder, { recursive: true });
  writeFileSync(kept, JSON.stringify(api));
  return api;
}

function compileApi(): Api {
  const index = join(root, "src/nst/index.ts");
  const helpers = join(root, "src/sandbox/api.ts");
  const tensors = join(root, "node_modules/@tensorflow/tfjs/dist/index.d.ts");
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile).config, ts.sys, root);
  const program = ts.createProgram([index, ...(existsSync(helpers) ? [helpers] : []), tensors], options);
  const checker = program.getTypeChecker();
  const reader = new Reader(checker);
  const exportsOf = (file: string): ts.Symbol[] => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    return module ? checker.getExportsOfModule(module) : [];
  };
  const entries = (symbols: ts.Symbol[], brief: boolean, member = false) => symbols.flatMap((symbol) => reader.entry(symbol, brief, member) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
  const tensor = exportsOf(tensors).find(({ name }) => name === "Tensor")!;
  return {
    tensor: entries(checker.getDeclaredTypeOfSymbol(tensor.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(tensor) : tensor).getProperties().filter(({ name }) => !TENSOR_INNER.has(name)), true, true),
    nst: entries([...exportsOf(index), ...exportsOf(helpers)], false),
    tf: entries(exportsOf(tensors), true),
  };
}

/** Parts of tfjs that are exported for its own packages. */
const INNER = /_util$|_impls$|^(shared|serialization|math|io|data|models)$/;

/** What tensors have for tfjs itself. */
const TENSOR_INNER = new Set(["bytes", "bufferSync", "dataToGPU", "kept", "id", "dataId", "scopeId", "strides", "rankType", "kerasMask", "throwIfDisposed", "toString", "isDisposedInternal"]);

const FORMAT = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.OmitParameterModifiers;

class Reader {
  constructor(private readonly checker: ts.TypeChecker) {}

  /** @param brief the first sentence only, and only what has one: tfjs exports its inner parts as well */
  entry(exported: ts.Symbol, brief: boolean, member = false): ApiEntry | null {
    const { checker } = this;
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const { name } = exported;
    const declaration = symbol.valueDeclaration;
    if (!declaration || !(symbol.flags & ts.SymbolFlags.Value) || /_$|^_|^prototype$/.test(name)) return null;
    const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
    const [call] = type.getCallSignatures();
    const doc = this.#doc(symbol, call, brief);
    if (call) return brief && !doc && !member ? null : { name, kind: "function", signature: name + this.#signature(call, declaration), doc };
    const parts = member || !brief || INNER.test(name) ? [] : this.#functions(symbol, type);
    if (parts.length > 0) {
      const members = parts.flatMap((part) => this.entry(part, true, true) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
      return { name, kind: "namespace", signature: "", doc, members };
    }
    if (brief && !member) return null;
    if (symbol.flags & ts.SymbolFlags.Class) return { name, kind: "class", signature: `class ${name}`, doc };
    return { name, kind: "constant", signature: `${name}: ${checker.typeToString(type, declaration, FORMAT)}`, doc };
  }

  /** What a namespace (`tf.image`, `tf.losses`, `tf.train`) holds: nothing but functions. Else nothing. */
  #functions(symbol: ts.Symbol, type: ts.Type): ts.Symbol[] {
    if (symbol.flags & ts.SymbolFlags.Class) return [];
    const parts = symbol.flags & ts.SymbolFlags.Module ? this.checker.getExportsOfModule(symbol) : type.getProperties();
    const values = parts.filter((part) => part.name !== "prototype" && part.flags & (ts.SymbolFlags.Value | ts.SymbolFlags.Alias));
    const callable = (part: ts.Symbol) => this.checker.getTypeOfSymbol(part).getCallSignatures().length > 0;
    return values.length > 1 && (symbol.flags & ts.SymbolFlags.Module || values.every(callable)) ? values : [];
  }

  #signature(call: ts.Signature, at: ts.Node): string {
    // for people who write JavaScript: without type parameters, and without where a type comes from
    return this.checker.signatureToString(call, at, FORMAT).replace(/import\("[^"]*"\)\./g, "").replace(/^<[^(]*>(?=\()/, "").replace(/^\(this: \w+(, )?/, "(");
  }

  #doc(symbol: ts.Symbol, call: ts.Signature | undefined, brief: boolean): string {
    const parts = symbol.getDocumentationComment(this.checker);
    const text = plain(ts.displayPartsToString(parts.length > 0 ? parts : (call?.getDocumentationComment(this.checker) ?? [])));
    if (brief) return firstSentence(text);
    const tags = (call ?? symbol).getJsDocTags().flatMap(({ name, text }) => {
      const said = plain(ts.displayPartsToString(text));
      if (name === "param") return [said.replace(/^(\S+) /, "$1: ")];
      if (name === "returns" || name === "throws") return [`${name} ${said}`];
      return [];
    });
    return [text, ...tags].filter((line) => line !== "").join("\n");
  }
}

/** One space for each line break within a paragraph. */
function plain(text: string): string {
  return text.replace(/\r/g, "").split(/\n\s*\n/).map((paragraph) => paragraph.replace(/\s+/g, " ").trim()).join("\n").trim();
}

function firstSentence(text: string): string {
  const [paragraph] = text.split("\n");
  return /^.*?[.:](?=\s|$)/.exec(paragraph)?.[0].replace(/:$/, ".") ?? paragraph;
}
