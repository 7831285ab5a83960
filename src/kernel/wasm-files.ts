/** The binaries of tfjs' wasm backend: which of them is used depends on the browser and on the page's headers. */
import plain from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url";
import threadedSimd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm?url";

/** Addresses by file name, relative to the script's own. */
export const WASM_FILES: Readonly<Record<string, string>> = {
  "tfjs-backend-wasm.wasm": plain,
  "tfjs-backend-wasm-simd.wasm": simd,
  "tfjs-backend-wasm-threaded-simd.wasm": threadedSimd,
};

/**
 * The bytes of one of them, for a place that has no network of its own.
 * @throws Error when there is no such file, or it cannot be fetched
 */
export async function fetchWasm(file: string): Promise<ArrayBuffer> {
  if (!Object.hasOwn(WASM_FILES, file)) throw new Error(`There is no wasm file ${file}. There are ${Object.keys(WASM_FILES).join(", ")}.`);
  const response = await fetch(new URL(WASM_FILES[file], self.location.href)).catch(() => null);
  if (!response?.ok) throw new Error(`${file} could not be fetched. Is the server still there?`);
  return response.arrayBuffer();
}
