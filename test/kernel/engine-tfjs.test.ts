import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { engineTfjs } from "../../build/engine-tfjs";

const file = join(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs/package.json")), "dist/index.js");
const transform = (code: string, id = file) => (engineTfjs().transform as (code: string, id: string) => { code: string } | undefined)(code, id);

describe("tfjs as the engine's workers are built with it", () => {
  it("is its core with all gradients and operations on tensors, and the backend that runs everywhere: no layers, models, data sets or GPUs", () => {
    const { code } = transform(readFileSync(file, "utf8"))!;
    const parts = new Set([...code.matchAll(/'(@tensorflow\/[^']+)'/g)].map(([, part]) => part));
    expect([...parts].sort()).toEqual(["@tensorflow/tfjs-backend-cpu", "@tensorflow/tfjs-core", "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops", "@tensorflow/tfjs-core/dist/register_all_gradients"]);
    expect(code).toContain("export * from '@tensorflow/tfjs-core';");
    expect(code).not.toMatch(/version_(layers|data|converter|webgl)\b/);
  });

  it("stops the build where another version of tfjs lists its parts otherwise, and leaves all other files alone", () => {
    expect(() => transform("export * from '@tensorflow/tfjs-core';")).toThrow("not listed as in tfjs 4.22");
    expect(transform("export * from '@tensorflow/tfjs-layers';", "/somewhere/else.js")).toBeUndefined();
  });
});
