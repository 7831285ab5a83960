import { describe, expect, it } from "vitest";
import { readApi } from "../../build/nst-api";
import { completionsAt, type KnownName } from "../../src/cells/completion";
import { KernelValue } from "../../src/sandbox/kernel-value";

const api = readApi();
const tensor = new KernelValue(
  { kind: "tensor", shape: [1, 8, 8, 4], dtype: "float32", bytes: 1024, min: 0, max: 1, mean: 0.5, bad: 0, look: { as: "values", values: new Float32Array(3) } },
  { read: async () => null },
  1,
);
const notebook: KnownName[] = [{ name: "F", value: tensor }, { name: "settings", value: { size: 64, styleLayers: { block1_conv1: 1 } } }, { name: "later", value: undefined }];
const at = (path: string, language: "js" | "kernel" = "kernel") => completionsAt(path, { language, notebook, api });
const labels = (path: string, language?: "js" | "kernel") => at(path, language).map(({ label }) => label);

describe("what the completion knows of the sources", () => {
  it("is every function that nst exports, with its signature and its docstring", () => {
    const gram = api.nst.find(({ name }) => name === "gram")!;
    expect(gram.signature).toMatch(/^gram\(F: .*tf\.Tensor4D\): tf\.Tensor2D$/);
    expect(gram.doc).toMatch(/Gram/);
    expect(api.nst.map(({ name }) => name)).toEqual(expect.arrayContaining(["features", "transferStep", "adamStep", "loadNetwork", "openPicture", "pictureTensor", "toPicture"]));
    expect(api.nst.every(({ signature }) => signature !== "")).toBe(true);
  });

  it("has no types among them, which code cannot use", () => {
    expect(api.nst.map(({ name }) => name)).not.toContain("TransferSettings");
  });

  it("is the functions of tfjs with their first sentence, also behind a second dot", () => {
    expect(api.tf.find(({ name }) => name === "matMul")).toMatchObject({ kind: "function", doc: "Computes the dot product of two matrices, A * B." });
    expect(api.tf.find(({ name }) => name === "image")!.members!.map(({ name }) => name)).toContain("resizeBilinear");
    expect(api.tf.map(({ name }) => name)).not.toContain("backend_util");
  });
});

describe("completion", () => {
  it("of a word offers the notebook's names with what they are, and the language's", () => {
    expect(at("").find(({ label }) => label === "F")).toMatchObject({ detail: "tensor 1 × 8 × 8 × 4" });
    expect(labels("")).toEqual(expect.arrayContaining(["F", "settings", "later", "tf", "nst", "Math", "await"]));
    expect(labels("", "js")).toEqual(expect.arrayContaining(["F", "Plot", "document"]));
    expect(labels("", "js")).not.toContain("nst");
  });

  it("behind nst. and tf. offers what they hold", () => {
    expect(at("nst").find(({ label }) => label === "gram")).toMatchObject({ type: "function", signature: expect.stringMatching(/^gram\(/), info: expect.stringMatching(/Gram/) });
    expect(labels("tf.image")).toContain("resizeBilinear");
    expect(labels("nst", "js")).toEqual([]);
  });

  it("behind a name offers the parts of its value", () => {
    expect(at("settings")).toEqual([{ label: "size", type: "property", detail: "64" }, { label: "styleLayers", type: "property", detail: "{ block1_conv1 }" }]);
    expect(labels("settings.styleLayers")).toEqual(["block1_conv1"]);
    expect(labels("later")).toEqual([]);
  });

  it("behind a tensor offers what it can do, and to js cells what they get of it", () => {
    expect(labels("F")).toEqual(expect.arrayContaining(["mean", "reshape", "shape", "dispose"]));
    expect(labels("F", "js")).toEqual(["shape", "data", "dtype"]);
    expect(labels("()")).toContain("mean");
    expect(labels("()", "js")).toEqual([]);
  });
});
