/** Code that cannot be fetched where it runs, as text: what a sandboxed frame imports must reach it by message. */
import { statSync } from "node:fs";
import { basename } from "node:path";
import { build, type Plugin } from "vite";
import { keepThreadFactoryText } from "./wasm-threads.ts";

const QUERY = "?bundle-text";

interface Bundle {
  text: string;
  /** every file that went into it, with the time of its last change */
  files: Map<string, number>;
}

/** By entry; one process may build several pages that carry the same text. */
const bundles = new Map<string, Promise<Bundle>>();

/**
 * `import("./x.ts?bundle-text")` gives a module whose default export is the text of x.ts and all that it imports, as one
 * minified ES module. In development it is made anew when one of its files has changed. Assets are not part of it: a
 * `….wasm?url` import gives `asset:<file name>`, and whoever runs the text answers for it.
 */
export function bundleText(): Plugin {
  return {
    name: "bundle-text",
    enforce: "pre",
    async resolveId(id, importer) {
      if (!id.endsWith(QUERY)) return null;
      const resolved = await this.resolve(id.slice(0, -QUERY.length), importer, { skipSelf: true });
      return resolved ? resolved.id + QUERY : null;
    },
    async load(id) {
      if (!id.endsWith(QUERY)) return null;
      const { text, files } = await bundleOf(id.slice(0, -QUERY.length));
      for (const file of files.keys()) this.addWatchFile(file);
      return { code: `export default ${JSON.stringify(text)};`, map: { mappings: "" } };
    },
  };
}

async function bundleOf(entry: string): Promise<Bundle> {
  const known = bundles.get(entry);
  if (known && unchanged(await known.catch(() => null))) return known;
  const made = makeBundle(entry);
  bundles.set(entry, made);
  return made;
}

function unchanged(bundle: Bundle | null): boolean {
  return bundle !== null && [...bundle.files].every(([file, time]) => changed(file) === time);
}

const changed = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

async function makeBundle(entry: string): Promise<Bundle> {
  const files = new Map<string, number>();
  const output = await build({
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    // development builds of libraries are of no use to anybody here
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [keepThreadFactoryText(), assetNames(), watched(files)],
    build: {
      write: false,
      target: "es2022",
      minify: true,
      modulePreload: false,
      reportCompressedSize: false,
      chunkSizeWarningLimit: Infinity,
      rolldownOptions: { input: entry, preserveEntrySignatures: "strict", output: { format: "es", codeSplitting: false } },
    },
  });
  const [chunk, ...others] = [output].flat().flatMap((one) => ("output" in one ? one.output : []));
  if (chunk?.type !== "chunk" || others.length > 0) throw new Error(`${entry} does not become one text: it gives ${[chunk, ...others].map((one) => one.fileName).join(", ")}.`);
  return { text: chunk.code, files };
}

/** Notes which files are read. */
function watched(files: Map<string, number>): Plugin {
  return {
    name: "watched",
    buildEnd() {
      for (const id of this.getModuleIds()) {
        const file = id.split("?")[0];
        if (file.startsWith("/") || /^[a-z]:/i.test(file)) files.set(file, changed(file));
      }
    },
  };
}

function assetNames(): Plugin {
  return {
    name: "asset-names",
    enforce: "pre",
    resolveId: (id) => (/\.wasm\?url$/.test(id) ? `\0asset:${basename(id, "?url")}` : null),
    load: (id) => (id.startsWith("\0asset:") ? `export default ${JSON.stringify(id.slice(1))};` : null),
  };
}
