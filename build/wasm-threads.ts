import type { Plugin } from "vite";

/**
 * tfjs' wasm backend starts its threads from `factory.toString()`. A minifier renames what that text refers to outside
 * itself, so that in a built app the threads die with a ReferenceError and the backend waits for them for ever. We give
 * the factory its own original text as a string: minifiers leave strings alone.
 *
 * The factory also makes eight workers for threads, whether there will be so many or not, which on two cores is a second
 * of work before anything is computed. It makes as many as `prepareWasm` (src/kernel/wasm.ts) lets tfjs use: half of
 * navigator.hardwareConcurrency as that sets it, less the thread that is there already.
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
      const pool = "pthreadPoolSize=8;";
      if (!text.includes(pool)) throw new Error(`${id}: the pool of threads is not where it was in tfjs 4.22`);
      const sized = code.replace(pool, "pthreadPoolSize=Math.min(8,Math.max(1,(navigator.hardwareConcurrency>>1)-1));");
      return { code: `${sized}\nWasmBackendModuleThreadedSimd.toString = () => ${JSON.stringify(text)};\n`, map: null };
    },
  };
}
