import type { Plugin } from "vite";

/**
 * tfjs' wasm backend starts its threads from `factory.toString()`. A minifier renames what that text refers to outside
 * itself, so that in a built app the threads die with a ReferenceError and the backend waits for them for ever. We give
 * the factory its own original text as a string: minifiers leave strings alone.
 */
export function keepThreadFactoryText(): Plugin {
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
