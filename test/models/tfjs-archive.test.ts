import { beforeAll, describe, expect, it } from "vitest";
import type { FileSource } from "../../src/models/archive";
import { bytesSource, openArchive } from "../../src/models/open-archive";
import { modelFile, opened, read, refusal, truth } from "./files";

let numbers: Awaited<ReturnType<typeof truth>>;
beforeAll(async () => {
  numbers = await truth();
});

const LAYERS = ["tfjs-layers/model.json", "tfjs-layers/group1-shard1of2.bin", "tfjs-layers/group1-shard2of2.bin"];
const json = (value: unknown, name = "model.json") => bytesSource(new TextEncoder().encode(JSON.stringify(value)), name);
const zeros = (bytes: number, name: string) => bytesSource(new Uint8Array(bytes), name);
const manifest = (weights: unknown, paths: unknown = ["a.bin"]) => json({ format: "layers-model", weightsManifest: [{ paths, weights }] });
const renamed = (file: FileSource, name: string): FileSource => ({ ...file, name });

describe("a TensorFlow.js model", () => {
  it("gives the same numbers, also of a tensor that lies in two shards", async () => {
    await opened(LAYERS, async (archive) => {
      expect(archive).toMatchObject({ format: "tfjs", metadata: { format: "layers-model", generatedBy: "keras v2.4.0" } });
      expect(archive.tensors).toHaveLength(32);
      for (const { name, shape } of archive.tensors) {
        const exact = numbers.get(name.replace("/", "."))!;
        expect(shape).toEqual(exact.shape);
        expect(await read(archive, name)).toEqual(exact.values);
      }
    });
  });

  it("may be a graph model, whose names say what reads each variable", async () => {
    await opened(["tfjs-graph/group1-shard1of1.bin", "tfjs-graph/model.json"], async (archive) => {
      expect(await read(archive, "StatefulPartitionedCall/vgg19/block4_conv3/Conv2D/ReadVariableOp")).toEqual(numbers.get("block4_conv3.kernel")!.values);
    });
  });

  it("takes its shards in any order and from any folder", async () => {
    const [model, first, second] = LAYERS.map(modelFile);
    for (const files of [[second, model, first], [renamed(second, "b/c/group1-shard2of2.bin"), renamed(model, "model (1).json"), renamed(first, "group1-shard1of2.bin")]]) {
      const archive = await openArchive(files);
      expect(await read(archive, "block5_conv4/bias")).toEqual(numbers.get("block5_conv4.bias")!.values);
    }
  });

  for (const kind of ["uint8", "uint16"] as const) {
    it(`that was quantised to ${kind} comes back within half a level`, async () => {
      await opened([`tfjs-${kind}/model.json`, `tfjs-${kind}/group1-shard1of1.bin`], async (archive) => {
        for (const { name, format } of archive.tensors) {
          expect(format).toBe("F32");
          const exact = numbers.get(name.replace("/", "."))!.values;
          const level = (Math.max(...exact) - Math.min(...exact)) / (kind === "uint8" ? 255 : 65535);
          (await read(archive, name)).forEach((value, i) => expect(Math.abs(value - exact[i])).toBeLessThanOrEqual(level * 0.51 + 1e-6));
        }
      });
    });
  }

  it("that was quantised to halves stays in halves", async () => {
    await opened(["tfjs-float16/model.json", "tfjs-float16/group1-shard1of1.bin"], async (archive) => {
      expect(archive.tensors.every(({ format }) => format === "F16")).toBe(true);
      const exact = numbers.get("block3_conv1.kernel")!.values;
      (await read(archive, "block3_conv1/kernel")).forEach((value, i) => expect(Math.abs(value - exact[i])).toBeLessThanOrEqual(Math.max(1e-7, Math.abs(exact[i]) * 2 ** -11)));
    });
  });

  it("is dequantised one tensor at a time: value = stored × scale + least", async () => {
    const weights = [{ name: "a", shape: [2], dtype: "float32", quantization: { dtype: "uint8", scale: 0.5, min: -1 } }, { name: "b", shape: [2], dtype: "float32", quantization: { dtype: "uint16", scale: 2, min: 0 } }];
    const archive = await openArchive([manifest(weights), bytesSource(Uint8Array.of(0, 4, 1, 1, 0, 2), "a.bin")]);
    expect(await read(archive, "a")).toEqual([-1, 1]);
    expect(await read(archive, "b")).toEqual([514, 1024]);
  });
});

describe("a TensorFlow.js model that is incomplete, damaged or hostile", () => {
  it("names the shards that are missing", async () => {
    expect(await refusal([modelFile(LAYERS[0])])).toMatch(/lists 2 files of numbers; missing: “group1-shard1of2.bin”, “group1-shard2of2.bin”. Choose model.json and all files that lie beside it together/);
    expect(await refusal([LAYERS[0], LAYERS[2]].map(modelFile))).toMatch(/missing: “group1-shard1of2.bin”. Choose them together with the others/);
  });

  it("asks for model.json when only shards were chosen", async () => {
    expect(await refusal(LAYERS.slice(1).map(modelFile))).toMatch(/holds numbers of a TensorFlow.js model, whose list is missing: choose model.json/);
  });

  it("names the shard that is too short, and says when they are too long", async () => {
    const [model, first, second] = await Promise.all(LAYERS.map(async (name) => ({ name, bytes: await modelFile(name).read(0, modelFile(name).size) })));
    const files = (a: Uint8Array, b: Uint8Array) => [bytesSource(model.bytes, model.name), bytesSource(a, first.name), bytesSource(b, second.name)];
    expect(await refusal(files(first.bytes, second.bytes.slice(0, -5)))).toMatch(/“group1-shard2of2.bin” seems to be cut off.*10,344 bytes are listed, 10,339 are there/);
    expect(await refusal(files(first.bytes.slice(0, -5), second.bytes))).toMatch(/are listed, 10,339 are there/);
    expect(await refusal(files(first.bytes, new Uint8Array([...second.bytes, 0])))).toMatch(/too long: 10,344 bytes are listed, 10,345 are there/);
  });

  it("names shards that are none of its own", async () => {
    expect(await refusal([...LAYERS.map(modelFile), zeros(10, "tfjs-layers/group2-shard1of1.bin")])).toMatch(/“tfjs-layers\/group2-shard1of1.bin” does not belong to “tfjs-layers\/model.json”/);
  });

  it("does not mind a README beside it", async () => {
    const archive = await openArchive([...LAYERS.map(modelFile), bytesSource(new TextEncoder().encode("# VGG-19"), "tfjs-layers/README.md")]);
    expect(archive.tensors).toHaveLength(32);
  });

  it("is never followed out of its folder", async () => {
    for (const path of ["../secrets.bin", "a/../../secrets.bin", "/etc/passwd", "https://example.org/a.bin", "C:\\a.bin"]) {
      expect(await refusal([manifest([], [path]), zeros(4, "secrets.bin")])).toMatch(/which leads out of its folder/);
    }
  });

  it("does not guess between files of the same name", async () => {
    const one = { name: "a", shape: [1], dtype: "float32" };
    expect(await refusal([renamed(manifest([one]), "m/model.json"), zeros(4, "x/a.bin"), zeros(4, "y/a.bin")])).toMatch(/missing: “a.bin”/);
    expect((await openArchive([renamed(manifest([one]), "m/model.json"), zeros(4, "x/a.bin"), zeros(4, "m/a.bin")]).catch((error: Error) => error.message))).toMatch(/“x\/a.bin” does not belong/);
  });

  it("is refused when its list cannot be read as one", async () => {
    const refused = (weight: unknown) => refusal([manifest([weight]), zeros(4, "a.bin")]);
    expect(await refused({ name: "a", shape: [2 ** 30, 2 ** 30], dtype: "float32" })).toMatch(/more numbers than any disk holds/);
    expect(await refused({ name: "a", shape: [2 ** 30], dtype: "float32" })).toMatch(/4,294,967,296 bytes are listed, 4 are there/);
    expect(await refused({ name: "a", shape: "1", dtype: "float32" })).toMatch(/gives “a” no shape/);
    expect(await refused({ name: "a", shape: [1], dtype: "string" })).toMatch(/stores “a” as string/);
    expect(await refused({ shape: [1], dtype: "float32" })).toMatch(/a tensor without a name/);
    for (const quantization of [{ dtype: "uint4", scale: 1, min: 0 }, { dtype: "uint8", scale: "1", min: 0 }, { dtype: "uint8", min: 0 }]) {
      expect(await refused({ name: "a", shape: [4], dtype: "float32", quantization })).toMatch(/stores “a” quantised to/);
    }
    expect(await refusal([json({ weightsManifest: ["a.bin"] })])).toMatch(/lists weights without the files that hold them/);
    expect(await refusal([manifest([])])).toMatch(/missing: “a.bin”/);
    expect(await refusal([manifest([], [])])).toMatch(/lists no tensor/);
    const twice = { name: "a", shape: [1], dtype: "float32" };
    expect(await refusal([manifest([twice, twice]), zeros(8, "a.bin")])).toMatch(/lists “a” twice/);
  });
});
