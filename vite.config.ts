import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { bundleText } from "./build/bundle-text.ts";
import { contentSecurityPolicy } from "./build/csp.ts";
import { engineTfjs } from "./build/engine-tfjs.ts";
import { broughtAlong, modelsIndex } from "./build/models-index.ts";
import { nstApi } from "./build/nst-api.ts";
import { standalone } from "./build/standalone.ts";
import { keepThreadFactoryText } from "./build/wasm-threads.ts";

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
        // large weights are kept once they have been fetched, not before
        const shipped = broughtAlong(publicDir, readdirSync(publicDir, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => `${entry.parentPath}/${entry.name}`.slice(publicDir.length + 1).replaceAll("\\", "/")));
        // browsers that have service workers read woff2; standalone.html holds all the others again
        const files = [...new Set(["./", ...Object.keys(bundle), ...shipped])].filter((file) => !/\.(ttf|woff|map)$|^standalone\.html$/.test(file)).sort();
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

/** What the workbench's code is built with, as many files or as one. */
const shared = () => [nstApi(), bundleText(), keepThreadFactoryText(), engineTfjs()];

export default defineConfig({
  base: "./",
  server: { headers: isolation },
  preview: { headers: isolation },
  // what only workers import is found late in development, and the page would be loaded anew under the reader's hands
  optimizeDeps: { include: ["@noble/hashes/legacy.js", "@tensorflow/tfjs-backend-webgl", "@tensorflow/tfjs-backend-webgpu", "@zip.js/zip.js/lib/zip-core-custom.js", "h5wasm", "image-size"] },
  plugins: [...shared(), contentSecurityPolicy(), modelsIndex(), standalone(shared), serviceWorker()],
  build: { target: "es2022", chunkSizeWarningLimit: 4000 },
  worker: { format: "es", plugins: () => [keepThreadFactoryText(), engineTfjs()] },
});
