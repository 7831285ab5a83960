import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { CodeError, compile, declaredNames, languageNames, renameDeclared, type Language } from "../../src/notebook/compile";
import { parse } from "../../src/notebook/parse";
import { load, once, runCell, values } from "./support/run-cell";

const reads = (source: string, language: Language = "js") => [...compile(source, language).reads].sort();
const names = (source: string) => compile(source, "js").names;
const problem = (source: string, language: Language = "js"): CodeError => {
  try {
    compile(source, language);
  } catch (error) {
    if (error instanceof CodeError) return error;
    throw error;
  }
  throw new Error(`“${source}” was compiled`);
};

describe("the names of a cell", () => {
  it.each<[string, string, string[]]>([
    ["const, let, var", "const a = 1; let b; var c = 2", ["a", "b", "c"]],
    ["several in one declaration", "let a = 1, b = a, c", ["a", "b", "c"]],
    ["functions and classes of every kind", "function f() {} async function g() {} function* h() {} class K {}", ["f", "g", "h", "K"]],
    ["taken out of an object", "const { a, b: c, d = 1, ...rest } = it", ["a", "c", "d", "rest"]],
    ["taken out of a list", "const [a, , b = 2, [c], ...d] = it", ["a", "b", "c", "d"]],
    ["taken out of parts of parts", "const { a: { b: [c] }, [key]: d } = it", ["c", "d"]],
    ["declared twice with var", "var a = 1; var a = 2", ["a"]],
    ["with letters of all alphabets", "const größe = 1, 図 = 2, $x = 3, _y = 4", ["größe", "図", "$x", "_y"]],
  ])("are those that it declares: %s", (_what, source, expected) => {
    expect(names(source)).toEqual(expected);
    expect(declaredNames(source)).toEqual(expected);
  });

  it.each([
    ["a block", "{ let a; const b = 1; function c() {} class D {} var e }"],
    ["a loop's head", "for (let i = 0; i < 3; i++) {} for (var j of [1]) {} for (const k in {}) {}"],
    ["a condition", "if (true) { var a = 1 }"],
    ["catch", "try {} catch (error) { var a = error }"],
    ["switch", "switch (1) { case 1: let a }"],
    ["a nested function", "(function f(a) { var b })"],
    ["a class", "(class K { a = 1; #b = 2; static { var c } })"],
  ])("are not those that are declared in %s", (_where, source) => {
    expect(names(source)).toEqual([]);
  });

  it("are none while the source cannot be read", () => {
    expect(declaredNames("const a = (")).toEqual([]);
    expect(declaredNames("")).toEqual([]);
  });

  it.each(["tf", "nst", "Plot", "Math", "document", "invalidation", "undefined", "window", "self", "globalThis", "__proto__"])("cannot be %s, which has a meaning of its own", (name) => {
    for (const language of ["js", "kernel"] as const) {
      const error = problem(`const a = 1\nconst ${name} = 2`, language);
      expect(error).toMatchObject({ line: 2, column: 6 });
      expect(error.message).toContain(`“${name}”`);
    }
  });

  it("may be names of the language inside of functions and blocks", async () => {
    expect((await once("const f = (Map, document) => Map + document; { const tf = 1 }; f(1, 2)")).value).toBe(3);
  });
});

describe("the names that a cell reads", () => {
  it.each<[string, string, string[]]>([
    ["plain ones", "F.shape[i] + G()", ["F", "G", "i"]],
    ["none of what it declares, wherever that stands", "f(); function f() { return later } const later = 1", []],
    ["in closures, through every level", "const f = (a) => (b) => () => a + b + c", ["c"]],
    ["not parameters", "function f(a, { b, c: [d] }, ...e) { return a + b + d + e }", []],
    ["in defaults of parameters", "function f(a = x, b = a) { return b }", ["x"]],
    ["in defaults of parameters, which do not see what the body declares", "function f(a = x) { var x = 1; return a }", ["x"]],
    ["in defaults and computed keys of patterns", "const { [key]: a = fallback } = it", ["fallback", "it", "key"]],
    ["not keys and parts", "const o = { a: 1, b() {}, get c() { return 1 }, 'd': 2 }; o.e.f?.g", []],
    ["in computed keys and parts", "const o = { [a]: 1, [b]() {} }; o[c]", ["a", "b", "c"]],
    ["in shorthand parts", "const o = { a, b }", ["a", "b"]],
    ["in templates and tags", "tag`${a} and ${`${b}`}`", ["a", "b", "tag"]],
    ["in optional chains", "a?.b?.[c]?.(d)", ["a", "c", "d"]],
    ["in spreads", "f(...a, [...b], { ...c })", ["a", "b", "c", "f"]],
    ["behind typeof", "typeof maybe === 'undefined'", ["maybe"]],
    ["in class fields, keys, methods and ancestors", "class K extends A { x = b; static y = c; [d] = 1; m(e = f) { return this.x + g } static { h() } }", ["A", "b", "c", "d", "f", "g", "h"]],
    ["not private fields", "class K { #a = 1; b() { return #a in this && this.#a } }", []],
    ["not a function's own name in itself", "const f = function g() { return g }; const K = class L { m() { return L } }", []],
    ["a function's own name outside of it", "const f = function g() {}; g", ["g"]],
    ["not labels", "outer: for (;;) { break outer }", []],
    ["not what catch has caught", "try {} catch ({ message: [first] }) { first; error }", ["error"]],
    ["not what a loop's head declares", "for (const { a, b } of rows) a + b; for (let i in it) i; for (var j = 0; j < 1; j++);", ["it", "rows"]],
    ["after a block that declared the same name", "{ let a = 1 } a", ["a"]],
    ["not var of a block further down", "x; if (true) { var x = 1 }", []],
    ["inside of switch only as its cases declare", "switch (a) { case b: let c = 1; default: c }", ["a", "b"]],
    ["not this and arguments of a function", "function f() { return this ?? arguments }", []],
    ["not new.target", "function F() { return new.target }", []],
    ["in async and generators", "async function* f() { yield* await a; for await (const b of c) b }", ["a", "c"]],
    ["functions of blocks only in their block", "{ function f() {} f() } f()", ["f"]],
    ["each once", "a + a + (() => a)", ["a"]],
    ["that windows have and cells do not", "fetch; localStorage; name; open; status", ["fetch", "localStorage", "name", "open", "status"]],
  ])("are %s", (_what, source, expected) => {
    expect(reads(source)).toEqual(expected);
  });

  it("are told apart from those that the language gives", () => {
    expect(compile("nst.gram(tf.relu(Math.abs(F)))", "kernel")).toMatchObject({ reads: ["F"], globals: ["nst", "tf", "Math"] });
    expect(compile("Plot.plot({}); document.body; tf", "js")).toMatchObject({ reads: ["tf"], globals: ["Plot", "document"] });
    expect(compile("document", "kernel").reads).toEqual(["document"]);
  });

  it("are those of the language only if that is on its list", () => {
    for (const name of ["window", "self", "globalThis", "eval", "fetch", "Function", "localStorage", "XMLHttpRequest", "Worker", "importScripts", "postMessage"]) {
      expect(languageNames.js.has(name) || languageNames.kernel.has(name)).toBe(false);
    }
    for (const name of ["window", "self", "globalThis", "eval", "arguments", "__proto__"]) {
      expect(problem(`1\n  ${name}`)).toMatchObject({ line: 2, column: 2, from: 4, to: 4 + name.length });
    }
  });

  it("are all that a run needs: no name is ever looked for elsewhere", async () => {
    const name = fc.constantFrom("aa", "bb", "cc");
    const list = (statement: fc.Arbitrary<string>) => fc.array(statement, { maxLength: 3 }).map((all) => all.join("\n"));
    const program = fc.letrec<{ e: string; s: string }>((tie) => {
      const [e, body] = [tie("e"), list(tie("s"))];
      return {
        e: fc.oneof(
          { maxDepth: 3 },
          name,
          fc.tuple(name, e).map(([n, x]) => `((${n}) => [${x}])(1)`),
          fc.tuple(name, e, body, e).map(([n, x, inner, y]) => `(function (${n} = ${x}) {\n${inner}\nreturn [${y}] })()`),
          fc.tuple(name, body).map(([n, inner]) => `(() => { try {\n${inner}\n} catch (${n}) { return ${n} } })()`),
          name.map((n) => `({ ${n}, other: typeof ${n} })`),
          fc.tuple(name, e).map(([n, x]) => `(class ${n} { static x = [${x}]; ['y' + typeof ${n}] = 1 })`),
        ),
        s: fc.oneof(
          { maxDepth: 3 },
          e.map((x) => `;(${x});`),
          fc.tuple(fc.constantFrom("const", "let", "var"), name, e).map(([kind, n, x]) => `${kind} ${n} = ${x};`),
          fc.tuple(name, e, e).map(([n, x, y]) => `const { k: ${n} = ${x} } = [${y}];`),
          fc.tuple(name, name, body).map(([n, m, inner]) => `function ${n}(${m}) {\n${inner}\n}`),
          fc.tuple(name, e, body).map(([n, x, inner]) => `for (const ${n} of [${x}]) {\n${inner}\n}`),
          fc.tuple(name, e, body).map(([n, x, inner]) => `switch (1) { case ${x}: let ${n}; default:\n${inner}\n}`),
          body.map((inner) => `{\n${inner}\n}`),
        ),
      };
    });
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(list(program.s), async (source) => {
        try {
          compile(source, "js");
        } catch (error) {
          if (error instanceof CodeError) return; // the same name twice
          throw error;
        }
        runs++;
        const error = await once(source, { aa: 1, bb: 2, cc: 3 }).catch((thrown: unknown) => thrown);
        expect(String(error)).not.toMatch(/is not defined|SyntaxError/);
      }),
      { numRuns: 400 },
    );
    expect(runs).toBeGreaterThan(150);
  });

  it("come from the record that is given, even where a window has the same name", async () => {
    expect((await once("[name, process, typeof nothing]", { name: "G", process: 1, nothing: undefined })).value).toEqual(["G", 1, "undefined"]);
  });
});

describe("what a cell may not do", () => {
  it.each([
    ["G = 1", "G"],
    ["G += 1", "G"],
    ["G ||= 1", "G"],
    ["G++", "G"],
    ["--G", "G"],
    ["[a.b, G] = [1, 2]", "G"],
    ["({ a: G } = {})", "G"],
    ["({ G } = {})", "G"],
    ["({ a: [G = 1] } = {})", "G"],
    ["[...G] = []", "G"],
    ["for (G of []) {}", "G"],
    ["for (G in {}) {}", "G"],
    ["for ([G] of []) {}", "G"],
    ["for (G = 0;;) {}", "G"],
    ["const f = () => { G = 1 }", "G"],
    ["{ let G } G = 1", "G"],
  ])("is to give a value to a name of another cell: %s", (source, name) => {
    const error = problem(source);
    expect(error.message).toContain(`only the cell that declares “${name}” can do that`);
    expect(source.slice(error.from, error.to)).toBe(name);
  });

  it("is to give a value to a name of the language", () => {
    expect(problem("Math = 1").message).toContain("belongs to the language");
    expect(problem("Plot++").message).toContain("belongs to the language");
    expect(problem("tf = 1", "kernel").message).toContain("belongs to the language");
  });

  it.each([
    ["import a from 'a'", /cannot import/],
    ["const a = await import('a')", /cannot import/],
    ["export const a = 1", /Leave out export/],
    ["export default 1", /Leave out export/],
    ["const b = 1; export { b }", /Leave out export/],
    ["import.meta.url", /import\.meta/],
    ["with (a) b", /with cannot be used/],
    ["delete G", /a name cannot be deleted/],
    ["let a; let a", /“a” is declared twice/],
    ["function f() { await a }", /not async/],
    ["const f = () => { yield 1 }", /no generator/],
    ["arguments[0]", /inside of a function only/],
    ["eval('1')", /cannot be run as code/],
  ])("is %s", (source, message) => {
    expect(problem(source).message).toMatch(message);
  });

  it("is not to change its own names, or parts of objects", async () => {
    expect((await once("let a = 1; a = 2; a++; const o = {}; o.b = a; [o.c, a] = [7, 8]; delete o.b; ({ o, a })")).value).toEqual({ o: { c: 7 }, a: 8 });
  });
});

describe("a message about source that cannot be read", () => {
  it.each<[string, number, number, RegExp]>([
    ["const b = [1]\nconst c = f(b", 2, 11, /The “\(” of line 2 is never closed: “\)” is missing/],
    ["const a = [1, 2\nconst b = 1", 2, 0, /“const” stands where “]” was expected: the “\[” of line 1 is still open/],
    ["function f() {\n  return 1\n", 1, 13, /The “{” of line 1 is never closed/],
    ["f(1]", 1, 3, /“]” stands where “\)” was expected: the “\(” of line 1 is still open/],
    ["a\n}", 2, 0, /“}” closes nothing/],
    ["const a 1", 1, 8, /“1” was not expected here/],
    ["const s = 'abc\nb", 1, 10, /closing quote/],
    ["const s = `abc", 1, 11, /closing backtick/],
    ["`a ${b `", 1, 3, /The “\${” of line 1 is never closed/],
    ["/* a", 1, 0, /\*\/ is missing/],
    ["a = /b", 1, 5, /regular expression has no end/],
    ["/(/", 1, 1, /regular expression cannot be read: Unterminated group\./],
    ["1 +\n\n", 1, 2, /ends in the middle/],
    ["const a; a", 1, 7, /“;” was not expected here/],
    ["1 = 2", 1, 0, /cannot be given a value/],
    ["break", 1, 0, /break stands outside of a loop/],
    ["const class = 1", 1, 6, /“class”/],
    ["#!/bin/sh", 1, 1, /./],
    ["@", 1, 0, /“@” has no meaning/],
  ])("says where and what, as for %j", (source, line, column, message) => {
    const error = problem(source);
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/\(\d+:\d+\)|Unexpected token/);
    expect(error).toMatchObject({ line, column, name: "CodeError" });
  });

  it("always points into the source, and nothing but a CodeError is ever thrown", () => {
    const snippet = fc.constantFrom("const a", "=", "(", ")", "{", "}", "[", "]", "`", "${", "'", "/", "=>", "yield", "await", "return", "for", "of", "x", "1", ";", "\n", " ", ",", "...", "class", "function*", "async", "\u2028", "\r\n", "ü", "\\", "#a");
    fc.assert(
      fc.property(fc.array(snippet, { maxLength: 12 }).map((parts) => parts.join(" ")), fc.constantFrom<Language>("js", "kernel"), (source, language) => {
        try {
          compile(source, language);
        } catch (error) {
          if (!(error instanceof CodeError)) throw error;
          expect(error.from).toBeGreaterThanOrEqual(0);
          expect(error.to).toBeLessThanOrEqual(source.length);
          expect(error.from).toBeLessThanOrEqual(error.to);
          expect(error.message).toMatch(/[.?)]$/);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("is there for source that is nested too deeply", () => {
    expect(problem("(".repeat(200_000)).message).toContain("nested too deeply");
  });
});

describe("the value of a cell", () => {
  it.each<[string, unknown]>([
    ["1 + 1", 2],
    ["1 + 1;", 2],
    ["(1, 2)", 2],
    ["({ a: 1 })", { a: 1 }],
    ["const a = 1\na + 1 // comment", 2],
    ["const a = 1\na + 1\n// comment", 2],
    ["const a = 1\n;[a]", [1]],
    ["const a = 1", 1],
    ["let a = 1, b = 2", 2],
    ["const { a, b } = { a: 1, b: 2 }", 2],
    ["const a = []; for (const x of [1, 2]) a.push(x)", [1, 2]],
    ["const a = 1; console", console],
    ["1; if (true) 2", undefined],
    ["", undefined],
    [";;", undefined],
    ["// nothing", undefined],
    ["return 5", 5],
    ["return 5;", 5],
    ["return (1, 2)", 2],
    ["return(3)", 3],
    ["return /* a */ 3 // b", 3],
    ["return", undefined],
    ["return\n1", undefined],
    ["const a = 1; if (a) return 7; a", 7],
    ["for (const x of [1, 2, 3]) { if (x === 2) return x } 'none'", 2],
    ["try { return 1 } finally { }", 1],
    ["[1, 2].map((x) => { return x * 2 })", [2, 4]],
    ["let a = 0\na++", 0],
    ["'use strict'", "use strict"],
    ["`a${1}`", "a1"],
    ["const f = (x) => x * 2\nf(4)", 8],
    ["typeof this", "undefined"],
    ["await Promise.resolve(4)", 4],
    ["const a = await Promise.resolve(4)", 4],
    ["let s = 0; for await (const x of [Promise.resolve(1), 2]) s += x; s", 3],
    ["return await Promise.resolve(4)", 4],
    ["/a;/.source", "a;"],
    ["a: for (const x of [1]) { continue a } 9", 9],
    ["let s = 0;for (const x of [1])s += x;s", 1],
  ])("of %j", async (source, value) => {
    expect((await once(source)).value).toEqual(value);
  });

  it("may use promises without waiting for them, which leaves the cell synchronous", () => {
    expect(compile("(async () => { await 1 })(); [1].map(function* () { yield 1 })", "js")).toMatchObject({ kind: "sync", stream: false });
  });

  it("is worked out before its names are collected", async () => {
    expect(await once("let a = 1; ++a")).toEqual({ value: 2, names: { a: 2 } });
  });
});

describe("the names that a cell gives", () => {
  it("come with their values, functions and classes too", async () => {
    const { names } = await once("const { a, ...rest } = { a: 1, b: 2 }; function f() { return a } class K {}; var v; let [x, y = 3] = [1]");
    expect(names).toEqual({ a: 1, rest: { b: 2 }, f: expect.any(Function), K: expect.any(Function), v: undefined, x: 1, y: 3 });
  });

  it("leave out what is not initialised yet", async () => {
    expect((await once("const a = 1; if (a) return a; const b = 2; let c; var v = 1; class K {} function f() {}")).names).toEqual({ a: 1, v: undefined, f: expect.any(Function) });
  });

  it("come out of a cell that a block shadows them in", async () => {
    expect(await once("const a = 1; { const a = 2; if (a) return a }")).toEqual({ value: 2, names: { a: 1 } });
  });

  it("come in an object that has nothing else, not even behind it", async () => {
    const run = await load(compile("const a = 1", "js"));
    expect(Object.getPrototypeOf(run({}, { step: (_value: unknown, names: object) => names }))).toBeNull();
  });

  it("may be any name that an object has anyway", async () => {
    expect((await once("const constructor = 1, toString = 2, hasOwnProperty = 3")).names).toEqual({ constructor: 1, toString: 2, hasOwnProperty: 3 });
  });

  it("may be those that the compiled text would have used for itself", async () => {
    const result = await once("const $in = 1, $cell = 2, $names = () => 3, $all = 4, $each = $other; [$in, $cell, $names(), $all, $each]", { $other: 5 });
    expect(result.value).toEqual([1, 2, 3, 4, 5]);
    expect(Object.keys(result.names)).toEqual(["$in", "$cell", "$names", "$all", "$each"]);
    expect((await once("$in + $cell", { $in: 1, $cell: 2 })).value).toBe(3);
  });
});

describe("a stream", () => {
  it("gives what it yields, with the names of that moment", async () => {
    expect([...(await runCell("let s = 0\nfor (const x of [1, 2]) {\n  s += x\n  yield s * 10\n}\nconst end = s"))]).toEqual([
      { value: 10, names: { s: 1 } },
      { value: 30, names: { s: 3 } },
    ]);
  });

  it.each<[string, unknown[]]>([
    ["yield 1; yield", [1, undefined]],
    ["yield (1, 2)", [2]],
    ["yield\n1", [undefined]],
    ["yield yield 1", [1, undefined]],
    ["const a = (yield 1) ?? 5; yield a", [1, 5]],
    ["yield /a;/.source", ["a;"]],
    ["yield* [1, 2]; yield 3", [1, 2, 3]],
    ["yield* (async function* () { yield 1; yield 2 })()", [1, 2]],
    ["yield /* * */ * [1]", [1]],
    ["yield* [Promise.resolve(1)]", [1]],
    ["const end = yield* (function* () { yield 1; return 2 })(); yield end", [1, 2]],
    ["yield 1; if (true) return 9; yield 2", [1]],
    ["yield 1; 'not a value'", [1]],
    ["yield await Promise.resolve(1)", [1]],
    ["for await (const x of [Promise.resolve(1), 2]) yield x", [1, 2]],
    ["const f = function* () { yield 'inner' }; yield [...f()]", [["inner"]]],
    ["if (false) yield 1", []],
    ["function* steps() { yield 1; yield* [2, 3]; return 4 }", [1, 2, 3]],
    ["// comment\nfunction* steps() {\n  yield 1 }\n;", [1]],
    ["async function* steps() { yield 1; yield await Promise.resolve(2) }", [1, 2]],
  ])("gives for %j", async (source, expected) => {
    expect(compile(source, "js").stream).toBe(true);
    expect(await values(source)).toEqual(expected);
  });

  it("is of the kind that its words say", () => {
    expect(compile("yield 1", "js").kind).toBe("generator");
    expect(compile("yield await 1", "js").kind).toBe("async-generator");
    expect(compile("yield* a", "js").kind).toBe("async-generator");
    expect(compile("function* f() {}", "js").kind).toBe("generator");
    expect(compile("async function* f() {}", "js").kind).toBe("async-generator");
  });

  it("is a cell of nothing but a generator without parameters, and its name has the values", async () => {
    const source = "function* steps() { for (const x of xs) yield x }";
    expect(compile(source, "kernel")).toMatchObject({ stream: true, names: ["steps"], reads: ["xs"] });
    expect([...(await runCell(source, { xs: [1, 2] }))]).toEqual([
      { value: 1, names: { steps: 1 } },
      { value: 2, names: { steps: 2 } },
    ]);
  });

  it("is not a generator with parameters, or one among other statements: those are functions for others", async () => {
    expect((await once("function* steps(n) { yield n }")).value).toBeTypeOf("function");
    expect((await once("function* steps() { yield 1 } const a = [...steps()]")).names).toMatchObject({ a: [1] });
  });

  it("tells what follows yield* when it is ended early, and does not when that has failed itself", async () => {
    const ended: string[] = [];
    const end = (word: string) => ended.push(word);
    for (const source of ["yield* (function* () { try { yield 1; yield 2 } finally { end('inner') } })()", "function* steps() { try { yield 1 } finally { end('own') } }"]) {
      const stream = (await load(compile(source, "js")))({ end }, { step: (value: unknown) => value }) as AsyncGenerator;
      expect((await stream.next()).value).toBe(1);
      await stream.return(undefined);
    }
    expect(ended).toEqual(["inner", "own"]);
    const broken = { [Symbol.iterator]: () => ({ next: () => { throw new Error("no more"); }, return: () => end("never") }) };
    await expect(values("yield* broken", { broken })).rejects.toThrow("no more");
    expect(ended).toHaveLength(2);
  });
});

describe("the guard of loops", () => {
  it.each<[string, number[]]>([
    ["for (let i = 0; i < 2; i++) {\n}", [1, 1]],
    ["let i = 0\nwhile (i < 2) i++", [2, 2]],
    ["let i = 0\n\ndo i++\nwhile (i < 2)", [3, 3]],
    ["for (const x of [1, 2]) ;", [1, 1]],
    ["for (const x in { a: 1 }) { x }", [1]],
    ["for (const x of [1])\n  for (const y of [1, 2])\n    x + y", [1, 2, 2]],
    ["const f = () => {\n  for (const x of [1]) {}\n}\nf()", [2]],
    ["class K { static a = [1].map((x) => { while (x-- > 0); return x }) ; static { for (const y of [1]) y } }", [1, 1]],
    ["outer: for (const x of [1, 2]) { for (const y of [1, 2]) { continue outer } }", [1, 1, 1, 1]],
    ["if (true) for (const x of [1]) x; else for (;;) {}", [1]],
    ["a: b: while (true) break a", [1]],
    ["for await (const x of [1, 2]) {}", [1, 1]],
    ["for (const x of [1, 2]) yield x", [1, 1]],
    ["for (const x of [1]) { let x = 2; 'use strict'; x }", [1]],
  ])("hears of every turn of %j", async (source, ticks) => {
    expect((await runCell(source)).ticks).toEqual(ticks);
  });

  it("can end a loop without an end", async () => {
    const run = await load(compile("1\nfor (;;);", "js"));
    const tick = (line: number) => {
      throw new Error(`too long in line ${line}`);
    };
    expect(() => run({}, { tick })).toThrow("too long in line 2");
  });

  it("is not in kernel cells", async () => {
    expect((await runCell("for (const x of [1]) {}", {}, "kernel")).ticks).toEqual([]);
  });
});

describe("the text of a module", () => {
  it("keeps every line where it is, so that an error names the line of the source", async () => {
    const source = "const a = 1 // one\nconst b = `two\nlines`\nfor (const x of [1])\n  if (x) fail(x)\nreturn a";
    const fail = () => {
      throw new Error("here");
    };
    const stack = await once(source, { fail }).catch((error: Error) => error.stack!);
    expect(stack).toMatch(/data:text\/javascript[^\n]*:5:\d+/);
    const thrown = await once("\n\nnull.a").catch((error: Error) => error.stack!);
    expect(thrown).toMatch(/data:text\/javascript[^\n]*:3:\d+/);
  });

  it("holds every line of the source unchanged but for calls that were put in", () => {
    const source = "const { a, ...b } = F\r\n\r\n/* kept */ const c = a ? `x\r\ny` : /z/u\u2028c";
    const lines = (text: string) => text.split(/\r\n|[\n\r\u2028]/);
    const compiled = lines(compile(source, "js").code);
    for (const [i, line] of lines(source).slice(0, -1).entries()) expect(compiled[i].endsWith(line)).toBe(true);
  });

  it("gives what the runner gives under the names of the language", async () => {
    expect((await once("await invalidation; 3")).value).toBe(3);
    expect(compile("invalidation.then(() => 1)", "js").globals).toEqual(["invalidation"]);
  });

  it("does what the source does, for expressions of every shape", async () => {
    const leaf = fc.constantFrom("1", "a", "'s'", "`t${a}`", "[a, 2]", "{ a }", "null");
    const expression = fc.letrec<{ e: string }>((tie) => ({
      e: fc.oneof(
        { maxDepth: 4 },
        leaf.map((text) => (text.startsWith("{") ? `(${text})` : text)),
        fc.tuple(tie("e"), fc.constantFrom("+", "??", ",", "==="), tie("e")).map(([l, o, r]) => `((${l}) ${o} (${r}))`),
        tie("e").map((e) => `((b) => { return b })(${e})`),
        tie("e").map((e) => `(function () { for (const c of [1]) { return ${e} } })()`),
        tie("e").map((e) => `[...[${e}]]`),
        tie("e").map((e) => `typeof ${e}`),
        tie("e").map((e) => `({ k: ${e} })`),
      ),
    })).e;
    await fc.assert(
      fc.asyncProperty(expression, async (source) => {
        const direct = new Function("a", `"use strict"; return ${source}`)(5);
        expect((await once(source, { a: 5 })).value).toEqual(direct);
        expect((await once(`const r = ${source}`, { a: 5 })).value).toEqual(direct);
        expect((await once(`return ${source};`, { a: 5 })).value).toEqual(direct);
        expect(await values(`yield ${source}`, { a: 5 })).toEqual([direct]);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the notebooks that are shipped", () => {
  const folder = resolve(import.meta.dirname, "../../notebooks");

  it.each(readdirSync(folder).filter((file) => file.endsWith(".md")))("have no code that cannot be compiled: %s", (file) => {
    for (const cell of parse(readFileSync(join(folder, file), "utf8")).cells) {
      if (cell.kind === "code" && cell.flags.run) expect(() => compile(cell.source, cell.flags.kernel ? "kernel" : "js")).not.toThrow();
    }
  });
});

describe("renaming what a cell declares", () => {
  it.each([
    ["const G = nst.gram(F)\nG.shape", "const G2 = nst.gram(F)\nG2.shape"],
    ["const G = 1; ({ G, a: G, G: 2 }).G", "const G2 = 1; ({ G: G2, a: G2, G: 2 }).G"],
    ["const { G, a: [b = G] } = it", "const { G: G2, a: [b = G2] } = it"],
    ["const { G = 1 } = it", "const { G: G2 = 1 } = it"],
    ["let G; ({ G = 1 } = it); [G] = it; G++", "let G2; ({ G: G2 = 1 } = it); [G2] = it; G2++"],
    ["const G = 1; { const G = 2; G } (G) => G; function f(G) { return G }", "const G2 = 1; { const G = 2; G } (G) => G; function f(G) { return G }"],
    ["const f = () => G; const G = 1 // G", "const f = () => G2; const G2 = 1 // G"],
    ["function G() { return G() } class H extends G {}", "function G2() { return G2() } class H extends G2 {}"],
    ["const G = 1; `G ${G}` + 'G'", "const G2 = 1; `G ${G2}` + 'G'"],
    ["const G = 1; G: for (;;) break G", "const G2 = 1; G: for (;;) break G"],
    ["var G = 1; { var G = 2 } G", "var G2 = 1; { var G2 = 2 } G2"],
    ["function* G() { yield 1 }", "function* G2() { yield 1 }"],
    ["const a = G", "const a = G"],
  ])("turns %j into %j", (source, expected) => {
    expect(renameDeclared(source, { G: "G2" })).toBe(expected);
  });

  it("can exchange several at once", () => {
    expect(renameDeclared("const a = 1, b = a", { a: "x", b: "y" })).toBe("const x = 1, y = x");
  });

  it("refuses a name that means something else in the cell", () => {
    expect(() => renameDeclared("const G = 1; const f = (G2) => G + G2", { G: "G2" })).toThrow("“G2” is in use");
  });

  it("leaves what the cell does as it was, but for the names", async () => {
    const source = "const a = 2; let { b = a } = {}; function f(a) { return { a, b } } const [c] = [{ a, b, f: f(3) }]; b += 1";
    const before = await once(source);
    const after = await once(renameDeclared(source, { a: "a2", b: "b2", c: "c2", f: "f2" }));
    expect(after.value).toEqual(before.value);
    expect(Object.keys(after.names)).toEqual(["a2", "b2", "f2", "c2"]);
    expect(JSON.stringify(after.names["c2"])).toBe(JSON.stringify(before.names["c"]));
  });
});
