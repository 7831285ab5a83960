import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { fileURLToPath } from "node:url";

/**
 * Makes a backend the current one in Node. `wasm` has SIMD and one thread there (tfjs has no threads in Node).
 * @returns tfjs, for convenience
 */
export async function nodeBackend(name: "cpu" | "wasm"): Promise<typeof tf> {
  if (name === "wasm" && !tf.engine().registry["wasm"]) {
    setWasmPaths(fileURLToPath(new URL("../../node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/", import.meta.url)));
  }
  if (!(await tf.setBackend(name))) throw new Error(`the ${name} backend does not start in Node ${process.version}`);
  return tf;
}
