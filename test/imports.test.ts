import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import ts from "typescript";
import { compile } from "../src/notebook/compile";
import { parse } from "../src/notebook/parse";

const root = resolve(import.meta.dirname, "..");
const filesIn = (folder: string, ending: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ending))
    .map((file) => normalize(join(folder, file)));

interface Import {
  from: string;
  /** a file of ours, from the root of the repository, or the name of a package */
  to: string;
  /** gone after compilation: brings no code along */
  typeOnly: boolean;
  /** names a file to be loaded elsewhere: as a worker, or as text that is run in a sandbox */
  elsewhere: boolean;
}

const sources = filesIn("src", ".ts");
const imports: Import[] = sources.flatMap(importsOf);

/** Every way to name another module: import, export … from, import(), import("…").Type, new URL("…", import.meta.url). */
function importsOf(from: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean, elsewhere = false) => {
    if (specifier && ts.isStringLiteralLike(specifier)) found.push({ from, to: resolveImport(from, specifier.text), typeOnly, elsewhere: elsewhere || /\?(bundle-text|url|raw)$/.test(specifier.text) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const clause = node.importClause;
      const named = clause?.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : null;
      add(node.moduleSpecifier, clause?.isTypeOnly || (!!named && named.length > 0 && !clause!.name && named.every((element) => element.isTypeOnly)) || false);
    } else if (ts.isExportDeclaration(node)) {
      const named = node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : null;
      add(node.moduleSpecifier, node.isTypeOnly || (!!named && named.every((element) => element.isTypeOnly)));
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    } else if (ts.isNewExpression(node) && node.expression.getText() === "URL" && node.arguments?.[1]?.getText() === "import.meta.url") {
      add(node.arguments[0], false, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(from, readFileSync(join(root, from), "utf8"), ts.ScriptTarget.Latest, true));
  return found;
}

function resolveImport(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  const path = normalize(join(dirname(from), specifier.split("?")[0]));
  const candidates = [path, `${path}.ts`, join(path, "index.ts")];
  return candidates.find((candidate) => sources.includes(candidate) || /\.(css|json|md)$/.test(candidate)) ?? path;
}

/** What of bringing networks along is light and plain enough for the page. */
const MODELS_ON_THE_PAGE = ["client", "sanity", "match-layers"].map((name) => `src/models/${name}.ts`);

const within = (file: string, ...folders: string[]) => folders.some((folder) => file === folder || file.startsWith(`${folder}/`));
const isOurs = (file: string) => file.startsWith("src/");
const told = ({ from, to, typeOnly }: Import) => `${from} imports ${typeOnly ? "types of " : ""}${to}`;
const offences = (folder: string, allowed: (one: Import) => boolean) => imports.filter((one) => within(one.from, folder) && !allowed(one)).map(told);

/** Files and packages whose code is loaded with `file`. */
function reach(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { from, to, typeOnly, elsewhere } of imports) if (from === file && !typeOnly && !elsewhere) reach(to, seen);
  return seen;
}

describe("imports", () => {
  it("of our own files lead to files that exist", () => {
    const missing = imports.filter(({ to }) => isOurs(to) && !existsSync(join(root, to))).map(told);
    expect(missing).toEqual([]);
    expect(imports.length).toBeGreaterThan(sources.length);
  });

  it("of the two entries, the served page's and the single file's, lead to what both start, and to what each brings", () => {
    expect(offences("src/main.ts", ({ to }) => within(to, "src/start.ts", "src/kernel/module-worker.ts", "src/models/module-worker.ts"))).toEqual([]);
    expect(offences("src/standalone", ({ to }) => !isOurs(to) || within(to, "src/standalone", "src/start.ts", "src/embedded.ts", "src/unpack.ts", "src/kernel", "src/runs", "src/notebook", "src/cells"))).toEqual([]);
  });

  it("of what both entries start lead to cells, the notebook's library, and the clients of the workers", () => {
    expect(offences("src/start.ts", ({ to }) => !isOurs(to) || within(to, "src/cells", "src/runs", "src/notebook", "src/kernel/client.ts", "src/kernel/wasm-files.ts", "src/models/client.ts", "src/models/kept-base.ts", "src/sandbox/client.ts", "src/embedded.ts", "src/unpack.ts"))).toEqual([]);
  });

  it("of cells lead to cells, notebook, the clients of the workers, types of what they send, and nst", () => {
    const allowed = ({ to, typeOnly }: Import) =>
      !isOurs(to) ||
      within(to, "src/cells", "src/runs", "src/notebook", "src/nst", "src/kernel/client.ts", "src/sandbox/client.ts", "src/embedded.ts", "src/standalone/page.ts", ...MODELS_ON_THE_PAGE) ||
      (typeOnly && within(to, "src/kernel/protocol.ts", "src/sandbox/shown.ts", "src/models"));
    expect(offences("src/cells", allowed)).toEqual([]);
  });

  it("of kept runs lead to what keeps notebooks, the clients of the workers, types of what they send, and nst", () => {
    const allowed = ({ to, typeOnly }: Import) => !isOurs(to) || within(to, "src/runs", "src/notebook", "src/nst", "src/kernel/client.ts") || (typeOnly && within(to, "src/kernel/protocol.ts"));
    expect(offences("src/runs", allowed)).toEqual([]);
  });

  it("of the sandbox lead to the sandbox, the kernel, nst, and the notebook's pure parts", () => {
    expect(offences("src/sandbox", ({ to }) => !isOurs(to) || within(to, "src/sandbox", "src/kernel", "src/nst", "src/notebook"))).toEqual([]);
  });

  it("bring no tensors into the page: tfjs is reached by the workers only", () => {
    const tensors = (file: string) => [...reach(file)].some((reached) => reached.startsWith("@tensorflow/"));
    expect(tensors("src/kernel/worker.ts")).toBe(true);
    for (const entry of ["src/main.ts", "src/standalone/main.ts"]) expect([...reach(entry)].filter(tensors)).toEqual([]);
  });

  it("of the kernel lead to the kernel, nst, and where networks are kept", () => {
    const allowed = ({ to, typeOnly }: Import) => !isOurs(to) || within(to, "src/kernel", "src/nst", "src/models/network-store.ts", "src/models/kept-base.ts") || (typeOnly && within(to, "src/models"));
    expect(offences("src/kernel", allowed)).toEqual([]);
  });

  it("of bringing networks along lead to what reads weights, where they are kept, and plain parts of nst", () => {
    const parts = ["database", "indexed-database", "sha256", "storage-errors"].map((name) => `src/notebook/${name}.ts`);
    const packages = ["h5wasm", "@zip.js/zip.js", "fflate", "@noble/hashes"];
    const onDisk = (from: string) => within(from, "src/models/command", "src/models/disk-source.ts");
    expect(offences("src/models", ({ from, to }) => (onDisk(from) && to.startsWith("node:")) || (isOurs(to) ? within(to, "src/models", "src/nst", ...parts) : packages.some((name) => within(to, name))))).toEqual([]);
  });

  it("bring no reader of weights into the page: files of strangers are opened by the workers of imports only", () => {
    const readers = (file: string) => [...reach(file)].filter((reached) => within(reached, "h5wasm", "@zip.js/zip.js", "src/models/open-archive.ts"));
    expect(readers("src/models/worker.ts")).toEqual(expect.arrayContaining(["src/models/open-archive.ts"]));
    for (const entry of ["src/main.ts", "src/standalone/main.ts", "src/kernel/worker.ts"]) expect(readers(entry)).toEqual([]);
    expect([...reach("src/models/worker.ts")].filter((reached) => /^@tensorflow\/|^node:/.test(reached))).toEqual([]);
  });

  it("of nst lead to nst and tfjs, nothing else", () => {
    expect(offences("src/nst", ({ to }) => within(to, "src/nst") || to.startsWith("@tensorflow/tfjs"))).toEqual([]);
  });

  it("of notebook lead to notebook, and to packages that need neither DOM nor tensors", () => {
    expect(offences("src/notebook", ({ to }) => within(to, "src/notebook") || ["markdown-it", "acorn", "acorn-walk", "idb-keyval"].includes(to))).toEqual([]);
  });

  it("of cells come from the entries and from cells alone", () => {
    const importers = imports.filter(({ from, to }) => within(to, "src/cells") && !within(from, "src/cells", "src/start.ts", "src/standalone"));
    expect(importers.map(told)).toEqual([]);
  });
});

describe("the shipped notebooks", () => {
  const notebooks = filesIn("notebooks", ".md");
  const texts = new Map(notebooks.map((file) => [file, readFileSync(join(root, file), "utf8")]));

  it("are understood without a problem, and have a title", () => {
    const problems = [...texts].flatMap(([file, text]) => parse(text).problems.map(({ line, message }) => `${file}:${line}: ${message}`));
    expect(problems).toEqual([]);
    expect(notebooks.length).toBeGreaterThan(0);
    for (const [file, text] of texts) expect([file, parse(text).title]).toEqual([file, expect.any(String)]);
  });

  it("have links that resolve: to files that exist, to headings and to named cells", () => {
    const broken: string[] = [];
    for (const [file, text] of texts) {
      for (const href of linksIn(text)) {
        const [path, anchor] = href.split("#", 2);
        const to = path === "" ? file : relative(root, resolve(root, dirname(file), decodeURIComponent(path)));
        if (!existsSync(join(root, to))) broken.push(`${file}: ${href} (no such file)`);
        else if (anchor && !anchorsIn(readFileSync(join(root, to), "utf8")).includes(anchor)) broken.push(`${file}: ${href} (no such heading or cell)`);
      }
    }
    expect(broken).toEqual([]);
    expect(linksIn(texts.get("notebooks/first-transfer.md")!)).toContain("../public/samples/CREDITS.md");
  });

  it("use pictures that are there", () => {
    const missing = [...texts].flatMap(([file, text]) =>
      parse(text).cells.flatMap((cell) => {
        const src = cell.kind === "element" ? cell.attributes.src : undefined;
        return src && !existsSync(join(root, "public/samples", src)) ? [`${file}:${cell.line}: ${src}`] : [];
      }),
    );
    expect(missing).toEqual([]);
  });

  it("give each name once, and read names that are given", () => {
    for (const [file, text] of texts) {
      const { cells } = parse(text);
      const elements = cells.filter((cell) => cell.kind === "element");
      const code = cells.filter((cell) => cell.kind === "code").filter(({ flags }) => flags.run);
      const compiled = code.map(({ source, flags }) => compile(source, flags.kernel ? "kernel" : "js"));
      const names = [...elements.flatMap(({ attributes }) => attributes.as ?? []), ...compiled.flatMap((cell) => cell.names)];
      expect([file, names]).toEqual([file, [...new Set(names)]]);
      const bound = elements.flatMap(({ attributes: { of, network, settings, chosen } }) => [of, network, settings, chosen].join(" ").split(/\s+/).filter(Boolean).map((name) => name.split(".")[0]));
      const read = [...bound, ...compiled.flatMap((cell) => cell.reads)];
      expect([file, read.filter((name) => !names.includes(name))]).toEqual([file, []]);
    }
  });
});

/** Relative links and pictures, inline and by reference. */
function linksIn(text: string): string[] {
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)/g)].map(([, href]) => href);
  const references = Object.values(parse(text).references).map(({ href }) => href);
  return [...inline, ...references].filter((href) => !/^[a-z][a-z0-9+.-]*:|^\/\//i.test(href));
}

function anchorsIn(text: string): string[] {
  const { headings, cells } = parse(text);
  return [...headings.map(({ anchor }) => anchor), ...cells.flatMap((cell) => (cell.kind === "element" ? (cell.attributes.as ?? []) : []))];
}
