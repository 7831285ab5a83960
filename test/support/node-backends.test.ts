import { describe, expect, it } from "vitest";
import { nodeBackend } from "./node-backends";

describe("nodeBackend", () => {
  it("starts cpu and wasm, and both give the same convolution", async () => {
    const results: Float32Array[] = [];
    for (const name of ["cpu", "wasm"] as const) {
      const tf = await nodeBackend(name);
      expect(tf.getBackend()).toBe(name);
      const before = tf.memory().numTensors;
      const y = tf.tidy(() => {
        const x = tf.tensor4d(Float32Array.from({ length: 12 * 10 * 4 }, (_, i) => Math.sin(i * i)), [1, 12, 10, 4]);
        const kernel = tf.tensor4d(Float32Array.from({ length: 9 * 4 * 6 }, (_, i) => Math.cos(3 * i * i)), [3, 3, 4, 6]);
        return tf.conv2d(x, kernel, 1, "same");
      });
      results.push((await y.data()) as Float32Array);
      y.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
    const [cpu, wasm] = results;
    expect(cpu.length).toBe(12 * 10 * 6);
    cpu.forEach((value, i) => expect(wasm[i]).toBeCloseTo(value, 5));
  });
});
