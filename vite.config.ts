import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

/**
 * tfjs' wasm backend starts its threads from `factory.toString()`. A minifier renames what that text refers to outside
 * itself, so that in a built app the threads die with a ReferenceError and the backend waits for them for ever. We give
 * the factory its own original text as a string: minifiers leave strings alone.
 */
function keepThreadFactoryText(): Plugin {
  return {
    name: "keep-wasm-thread-factory-text",
    transform(code, id) {
      if (!/tfjs-backend-wasm-threaded-simd\.js$/.test(id.split("?")[0])) return;
      const start = code.indexOf("function(WasmBackendModuleThreadedSimd)");
      const end = code.lastIndexOf(");\n})();");
      if (start < 0 || end < start) throw new Error(`${id}: the thread factory is not where it was in tfjs 4.22`);
      const text = code.slice(start, end).trim();
      return { code: `${code}\nWasmBackendModuleThreadedSimd.toString = () => ${JSON.stringify(text)};\n`, map: null };
    },
  };
}

/** Emits src/service-worker.js with the list of all that the built workbench consists of. */
function serviceWorker(): Plugin {
  let publicDir = "";
  return {
    name: "service-worker",
    apply: "build",
    configResolved: (config) => void (publicDir = config.publicDir),
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const shipped = readdirSync(publicDir, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => `${entry.parentPath}/${entry.name}`.slice(publicDir.length + 1).replaceAll("\\", "/"));
        // browsers that have service workers read woff2
        const files = ["./", ...Object.keys(bundle), ...shipped].filter((file) => !/\.(ttf|woff|map)$/.test(file)).sort();
        const hash = createHash("sha256").update(files.join());
        for (const file of shipped) hash.update(readFileSync(`${publicDir}/${file}`));
        const source = readFileSync(fileURLToPath(new URL("src/service-worker.js", import.meta.url)), "utf8")
          .replace('/* filled in by the build */ []', JSON.stringify(files))
          .replace('/* filled in by the build */ ""', JSON.stringify(hash.digest("hex").slice(0, 12)));
        this.emitFile({ type: "asset", fileName: "service-worker.js", source });
      },
    },
  };
}

/** Threads need a cross-origin isolated page. Hosts that do not send these headers get one thread. */
export const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  base: "./",
  server: { headers: isolation },
  preview: { headers: isolation },
  plugins: [keepThreadFactoryText(), serviceWorker()],
  build: { target: "es2022", chunkSizeWarningLimit: 4000 },
  worker: { format: "es", plugins: () => [keepThreadFactoryText()] },
});
