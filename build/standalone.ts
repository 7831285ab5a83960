/** Builds standalone.html: the workbench as one file that opens from disk, with its workers, network and samples inside. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { build, type InlineConfig, type Plugin, type Rolldown } from "vite";
import { BUILT, WORKER_FILE } from "../src/standalone/names.ts";
import { inlineScript, inlineStyles, writePage, type PageFile } from "../src/standalone/page.ts";
import { pageDirectives, policyText } from "./csp.ts";
import { broughtAlong, indexAmong, INDEX_FILE } from "./models-index.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const FILE = "standalone.html";

/**
 * Puts standalone.html beside a built index.html; in development it is built when it is asked for.
 * @param shared makes the plugins that the workbench itself is built with
 */
export function standalone(shared: () => Plugin[]): Plugin {
  let ours = false;
  return {
    name: "standalone",
    // pages of tests are built with the same configuration, in folders of their own
    configResolved: (config) => void (ours = join(config.root, "/") === join(root, "/")),
    async generateBundle() {
      if (ours) this.emitFile({ type: "asset", fileName: FILE, source: await buildStandalone(shared) });
    },
    configureServer(server) {
      let page: Promise<string> | null = null;
      server.watcher.on("all", () => (page = null));
      server.middlewares.use((request, response, next) => {
        if (request.url?.split("?")[0] !== `/${FILE}`) return next();
        page ??= buildStandalone(shared);
        page.then((text) => response.setHeader("Content-Type", "text/html; charset=utf-8").end(text), (error) => {
          page = null;
          next(error);
        });
      });
    },
  };
}

/** @returns the text of the page, with no notebook in it */
async function buildStandalone(shared: () => Plugin[]): Promise<string> {
  const files = new Map<string, Buffer>();
  const plugins = () => [embeddedWasm(files), woff2Only(), ...shared(), embeddedTexts(files)];
  const bundle = async (input: string, format: "es" | "iife") => {
    const { output } = (await inProduction(() => build(configuration(input, format, plugins())))) as Rolldown.RolldownOutput;
    const chunks = output.filter((file) => file.type === "chunk");
    const styles = output.flatMap((file) => (file.type === "asset" && file.fileName.endsWith(".css") ? [String(file.source)] : []));
    const others = output.filter((file) => file.type === "asset" && !file.fileName.endsWith(".css"));
    if (chunks.length !== 1 || others.length > 0) throw new Error(`${input} cannot become one file: it needs ${output.map(({ fileName }) => fileName).join(", ")}.`);
    return { code: chunks[0].code, styles: styles.join("\n") };
  };
  const page = await bundle("src/standalone/main.ts", "es");
  const worker = await bundle("src/standalone/worker.ts", "iife");
  const script = inlineScript(page.code);
  const { title, icon } = head(readFileSync(join(root, "index.html"), "utf8"));
  return writePage({
    policy: policy(script),
    title,
    icon,
    styles: inlineStyles(page.styles),
    script,
    files: [
      compressed(WORKER_FILE, Buffer.from(worker.code)),
      ...[...files].map(([name, bytes]) => compressed(name, bytes)),
      ...(await publicFiles()),
    ],
  });
}

function configuration(input: string, format: "es" | "iife", plugins: Plugin[]): InlineConfig {
  return {
    root,
    configFile: false,
    logLevel: "warn",
    base: "./",
    mode: "production",
    publicDir: false,
    plugins,
    worker: { format: "iife", plugins: () => plugins },
    build: {
      target: "es2022",
      write: false,
      sourcemap: false,
      modulePreload: false,
      cssCodeSplit: false,
      assetsInlineLimit: Infinity,
      chunkSizeWarningLimit: Infinity,
      reportCompressedSize: false,
      rolldownOptions: { input: join(root, input), output: { format, codeSplitting: false } },
    },
  };
}

/** `x.wasm?url` becomes the address of a file inside the page. @param found is filled with the files, by address */
function embeddedWasm(found: Map<string, Buffer>): Plugin {
  return {
    name: "embedded-wasm",
    enforce: "pre",
    load(id) {
      const [path, query] = id.split("?");
      if (query !== "url" || !path.endsWith(".wasm")) return null;
      const address = BUILT + basename(path);
      found.set(address, readFileSync(path));
      return `export default ${JSON.stringify(address)};`;
    },
  };
}

/** `x.ts?bundle-text` becomes a file inside the page too: it is large, and compressed there. @param found as above */
function embeddedTexts(found: Map<string, Buffer>): Plugin {
  return {
    name: "embedded-texts",
    // while the text is still as it was loaded
    enforce: "pre",
    transform(code, id) {
      const [path, query] = id.split("?");
      if (query !== "bundle-text") return null;
      const text = /^export default (".*");\s*$/s.exec(code)?.[1];
      if (!text) throw new Error(`${id} is not a text any more: ${code.slice(0, 60)}`);
      const address = `${BUILT}${basename(path)}.txt`;
      found.set(address, Buffer.from(JSON.parse(text) as string));
      return { code: `export default await (await fetch(${JSON.stringify(address)})).text();`, map: null };
    },
  };
}

/** KaTeX names each font in three formats; whoever runs this page reads the smallest. */
function woff2Only(): Plugin {
  return {
    name: "woff2-only",
    enforce: "pre",
    transform(code, id) {
      if (!/katex[^/]*\.css$/.test(id.split("?")[0])) return null;
      return { code: code.replace(/,\s*url\([^)]*\)\s*format\(["'](?:woff|truetype)["']\)/g, ""), map: null };
    },
  };
}

/** What the page may do: run what is inside of it, and reach nothing outside. */
function policy(script: string): string {
  const changes = Object.entries(pageDirectives).map(([name, values]) => [name, values.filter((value) => value !== "'self'" && !value.startsWith("https:"))] as const);
  const inside = Object.fromEntries(changes);
  return policyText({ ...inside, "script-src": [...inside["script-src"], `'${hashOf(script)}'`] });
}

function hashOf(script: string): string {
  return `sha256-${createHash("sha256").update(script).digest("base64")}`;
}

function head(index: string): { title: string; icon: string } {
  const title = /<title>([^<]*)<\/title>/.exec(index)?.[1];
  const icon = /<link rel="icon" href="([^"]*)"/.exec(index)?.[1];
  if (!title || !icon) throw new Error("index.html has no title or no icon that standalone.html could have as well.");
  return { title, icon };
}

async function publicFiles(): Promise<PageFile[]> {
  const folder = join(root, "public");
  const all = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1).replaceAll("\\", "/"));
  const names = broughtAlong(folder, all).sort();
  const index = Buffer.from(await indexAmong(folder, names));
  return names.map((name) => ({ name, base64: (name === INDEX_FILE ? index : readFileSync(join(folder, name))).toString("base64"), compressed: false }));
}

function compressed(name: string, bytes: Buffer): PageFile {
  return { name, base64: deflateRawSync(bytes, { level: 9 }).toString("base64"), compressed: true };
}

/** In development, Vite would take the libraries' development builds. */
async function inProduction<T>(work: () => Promise<T>): Promise<T> {
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = before;
  }
}
