import { describe, expect, it } from "vitest";
import { asInput } from "../../src/cells/as-input";

describe("a value of a code cell that an element cell reads", () => {
  it("is a picture if it is a tensor of three channels, with its values brought into 0 … 1", () => {
    const data = new Float32Array([0, 0.5, 1, -1, 2, 0.25]);
    expect(asInput({ shape: [1, 2, 3], dtype: "float32", data }, "mine")).toEqual({
      picture: { width: 2, height: 1, data: new Float32Array([0, 0.5, 1, 0, 1, 0.25]) },
      name: "mine",
      source: { width: 2, height: 1 },
    });
    expect(asInput({ shape: [1, 1, 2, 3], dtype: "float32", data }, "batch")).toMatchObject({ picture: { width: 2, height: 1 } });
  });

  it("is feature maps if it is a tensor of any other number of channels, with or without a batch in front", () => {
    const data = new Float32Array([1, 2, 3, 4]);
    const maps = { layer: "F", height: 1, width: 2, channels: 2, data };
    expect(asInput({ shape: [1, 2, 2], dtype: "float32", data }, "F")).toEqual(maps);
    expect(asInput({ shape: [1, 1, 2, 2], dtype: "float32", data }, "F")).toEqual(maps);
  });

  it("is a Gram matrix if it is a square matrix", () => {
    const data = new Float32Array([1, 2, 2, 5]);
    expect(asInput({ shape: [2, 2], dtype: "float32", data }, "A")).toEqual({ layer: "A", channels: 2, positions: 0, data });
  });

  it("stays as it is if it is anything else", () => {
    for (const value of [3, null, "text", { shape: [2, 3], dtype: "float32", data: new Float32Array(6) }, { shape: [2, 2], dtype: "float32", data: new Float32Array(3) }, { shape: "square" }, { picture: 1 }]) {
      expect(asInput(value, "x")).toBe(value);
    }
  });
});
