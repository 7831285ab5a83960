import type { Plugin } from "vite";

/** What the engine does without: layers and models of tfjs' own, data sets, and a backend that it fetches when it is chosen. */
const LEFT_OUT = ["layers", "converter", "data", "backend-webgl"];

/**
 * Makes `@tensorflow/tfjs` as small as the engine needs it: a worker reads all of it each time it starts, and more than half
 * is never used. The package cannot be shaken, because its parts register themselves. What cells are given as `tf` is built
 * elsewhere (bundle-text.ts) and stays whole.
 */
export function engineTfjs(): Plugin {
  return {
    name: "engine-tfjs",
    transform(code, id) {
      if (!/@tensorflow\/tfjs\/dist\/index\.js$/.test(id.split("?")[0])) return;
      const lines = code.split("\n");
      const kept = lines.filter((line) => !/^(import|export)\b/.test(line) || !LEFT_OUT.some((part) => line.includes(`'@tensorflow/tfjs-${part}'`)));
      // one line for each part, one for its version, and data's is exported by itself
      if (lines.length - kept.length !== 2 * LEFT_OUT.length) throw new Error(`${id}: the parts of tfjs are not listed as in tfjs 4.22`);
      return { code: withoutVersions(kept.join("\n")), map: null };
    },
  };
}

/** The list of versions names the parts that are gone; nobody reads it. */
function withoutVersions(code: string): string {
  const start = code.indexOf("export const version = {");
  const end = code.indexOf("};", start) + 2;
  const data = "export { data };";
  if (start < 0 || !code.includes(data)) throw new Error("the end of tfjs' index.js is not as in tfjs 4.22");
  return (code.slice(0, start) + code.slice(end)).replace(data, "");
}
