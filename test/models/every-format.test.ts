import { beforeAll, describe, expect, it } from "vitest";
import type { InputName } from "../../src/models/preprocessing";
import { convert } from "../../src/models/convert";
import { INPUTS } from "../../src/models/preprocessing";
import { recognise } from "../../src/models/recognise";
import { opened, truth, values } from "./files";

let numbers: Awaited<ReturnType<typeof truth>>;
beforeAll(async () => {
  numbers = await truth();
});

interface Expectation {
  files: string[];
  input: InputName;
  layout: "HWIO" | "OIHW";
  dtype?: "F16";
  /** largest difference that rounding to fewer bits leaves */
  within: number;
}

const keras = (files: string[], within = 0): Expectation => ({ files, input: "caffe-bgr", layout: "HWIO", within });
const tfjs = (folder: string, within = 0): [string, Expectation] => [folder, keras(["model.json", "group1-shard1of1.bin"].map((file) => `${folder}/${file}`), within)];
const FILES: Record<string, Expectation> = {
  ...Object.fromEntries(["keras1-vgg19-notop.h5", "keras2-vgg19-top.h5", "keras2-vgg19-model.h5", "keras2.13-vgg19.weights.h5", "keras3-vgg19.weights.h5", "keras3-named-vgg19.weights.h5"].map((file) => [file, keras([file])])),
  "tfjs-layers": keras(["tfjs-layers/model.json", "tfjs-layers/group1-shard1of2.bin", "tfjs-layers/group1-shard2of2.bin"]),
  // steps of 1/255 and of 1/65535 of the range, about 4, and halves of numbers up to 2
  ...Object.fromEntries([tfjs("tfjs-graph"), tfjs("tfjs-uint16", 1e-4), tfjs("tfjs-uint8", 2e-2)]),
  "tfjs-float16": { ...tfjs("tfjs-float16", 1e-3)[1], dtype: "F16" },
  "timm-vgg19.safetensors": { files: ["timm-vgg19.safetensors"], input: "torchvision", layout: "OIHW", within: 0 },
};

describe("a file of every format becomes the same network", () => {
  it.each(Object.entries(FILES))("%s", async (_, { files, input, layout, dtype = "F32", within }) => {
    await opened(files, async (archive) => {
      const recognised = recognise(archive);
      expect(recognised).toMatchObject({ architecture: "vgg19", card: { input: INPUTS[input].input, weights: { kernelLayout: layout, dtype } } });
      const keys = new Set<string>();
      for await (const { key, format, shape, bytes } of convert(archive, recognised)) {
        keys.add(key);
        const ours = turned(values({ format, shape, bytes }), shape, layout);
        expect(Math.max(...ours.map((x, i) => Math.abs(x - numbers.get(key)!.values[i]))), key).toBeLessThanOrEqual(within);
        expect(ours).toHaveLength(numbers.get(key)!.values.length);
      }
      expect([...keys].sort()).toEqual([...numbers.keys()].sort());
    });
  });
});

it("PyTorch's formats of today and of 2017 hold the same network", async () => {
  const both = await Promise.all(["torch-vgg19.pth", "torch-vgg19-legacy.pth"].map((file) => opened(file, async (archive) => {
    const recognised = recognise(archive);
    const tensors = [];
    for await (const tensor of convert(archive, recognised)) tensors.push(tensor);
    return { recognised, tensors };
  })));
  expect(both[0].recognised).toMatchObject({ architecture: "vgg19", card: { input: INPUTS.torchvision.input } });
  expect(both[0].recognised.layers).toEqual(both[1].recognised.layers);
  expect(both[0].tensors).toEqual(both[1].tensors);
  expect(both[0].tensors).toHaveLength(32);
});

/** Rows, columns, channels read, filters. */
function turned(all: number[], shape: number[], layout: "HWIO" | "OIHW"): number[] {
  if (layout === "HWIO" || shape.length < 4) return all;
  const [o, i, h, w] = shape;
  return Array.from({ length: all.length }, (_, at) => all[((at % o) * i + (Math.floor(at / o) % i)) * h * w + Math.floor(at / (o * i))]);
}
