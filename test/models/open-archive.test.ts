import { ftruncateSync, mkdtempSync, openSync, rmSync, writeSync, closeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FileSource } from "../../src/models/archive";
import { diskSource } from "../../src/models/disk-source";
import { blobSource, bytesSource, openArchive } from "../../src/models/open-archive";
import { WeightsError } from "../../src/nst/safetensors";
import { modelFile, refusal, safetensors } from "./files";

const text = (content: string, name: string) => bytesSource(new TextEncoder().encode(content), name);
const bytes = (begin: number[], name: string, length = 2000) => {
  const all = new Uint8Array(length);
  all.set(begin);
  return bytesSource(all, name);
};
const ascii = (content: string) => [...content].map((character) => character.charCodeAt(0));

describe("a file of another kind", () => {
  const KINDS: [FileSource, RegExp][] = [
    [text("", "vgg.h5"), /“vgg.h5” is empty/],
    [text("<!DOCTYPE html><title>Sign in</title>", "vgg19.pth"), /is a web page, not the weights/],
    [text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 574673361\n", "model.safetensors"), /is a pointer of Git LFS/],
    [text("  {\"a\": 1}", "config.json"), /is JSON, but lists no weights/],
    [text("name: \"VGG_ILSVRC_19_layers\"\ninput: \"data\"\n", "deploy.prototxt"), /a description of a Caffe network/],
    [text("cos\nsystem\n(S'true'\ntR.", "weights.pkl"), /the oldest of Python’s protocols/],
    [text("(dp0\nS'a'\np1\nI1\ns.", "weights.pkl"), /the oldest of Python’s protocols/],
    [bytes(ascii("MATLAB 5.0 MAT-file"), "imagenet-vgg-verydeep-19.mat"), /is a MATLAB file/],
    [bytes(ascii("\x93NUMPY\x01\0"), "w.npy"), /a single NumPy array/],
    [bytes([0x1f, 0x8b, 8], "weights.h5.gz"), /packed with gzip. Unpack it/],
    [bytes([4, 0, 0, 0, 1, 0, 0, 0], "vgg.t7"), /is a Torch7 file/],
    [bytes([...ascii("weights/"), ...Array<number>(249).fill(0), ...ascii("ustar")], "weights.tar"), /is a tar archive/],
    [bytes([0x08, 0x06, 0x12, 0x07, ...ascii("pytorch")], "vgg.onnx"), /is a model of ONNX/],
    [bytes([0x0a, 0x14, ...ascii("VGG_ILSVRC_19_layers")], "vgg.caffemodel"), /is a model of Caffe/],
    [bytes([0x89, 80, 78, 71, 13, 10, 26, 10], "cat.pth"), /is a PNG picture/],
    [bytes([], "vgg.safetensors"), /nothing but zeros/],
    [bytes([0xde, 0xad, 0xbe, 0xef], "vgg.pth"), /of an unknown kind: it begins with de ad be ef 00/],
    [bytes([0xde, 0xad], "model.ckpt.data-00000-of-00001"), /a part of a TensorFlow checkpoint/],
  ];
  for (const [file, says] of KINDS) {
    it(`is named for what it is: ${says.source}`, async () => {
      expect(await refusal([file])).toMatch(says);
    });
  }
});

describe("which file is opened", () => {
  it("is told by what a file begins with, whatever its name", async () => {
    for (const [name, format] of [["timm-vgg19.safetensors", "safetensors"], ["keras1-vgg19-notop.h5", "hdf5"]] as const) {
      const archive = await openArchive([{ ...modelFile(name), name: "weights.pth" }]);
      expect(archive.format).toBe(format);
      archive.close();
    }
  });

  it("is the one that holds weights, among a README and a config.json", async () => {
    const archive = await openArchive([text("# VGG-19", "README.md"), text('{"architecture": "vgg19"}', "config.json"), modelFile("timm-vgg19.safetensors")]);
    expect(archive.tensors).toHaveLength(38);
  });

  it("is not guessed among several networks", async () => {
    expect(await refusal([modelFile("timm-vgg19.safetensors"), modelFile("kinds.safetensors")])).toMatch(/“timm-vgg19.safetensors”, “kinds.safetensors” are weights files of their own. Choose one at a time/);
    expect(await refusal([modelFile("tfjs-layers/model.json"), modelFile("tfjs-graph/model.json")])).toMatch(/are models of their own/);
    expect(await refusal([])).toMatch(/No file was chosen/);
  });

  it("may have been dropped on the page", async () => {
    const file = modelFile("timm-vgg19.safetensors");
    const source = blobSource(new Blob([(await file.read(0, file.size)) as Uint8Array<ArrayBuffer>]), file.name);
    const archive = await openArchive([source]);
    expect((await archive.tensors[0].read()).bytes.length).toBeGreaterThan(0);
    await expect(source.read(0, file.size + 1)).rejects.toThrow(/is cut off/);
    await expect(source.read(5, 4)).rejects.toThrow(/contradicts itself/);
  });
});

describe("a file of 2 GB", () => {
  const folder = mkdtempSync(join(tmpdir(), "nst-models-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Takes no place on the disk: all but its beginning was never written. */
  const sparse = (name: string, begin: Uint8Array | number[]) => {
    const file = openSync(join(folder, name), "w");
    writeSync(file, Uint8Array.from(begin));
    ftruncateSync(file, 2 ** 31 + 5);
    closeSync(file);
    return diskSource(join(folder, name));
  };
  const watched = (file: FileSource) => {
    const asked = { bytes: 0 };
    const count = <T>(from: number, to: number, then: () => T) => ((asked.bytes += to - from), then());
    return { asked, source: { ...file, read: (from: number, to: number) => count(from, to, () => file.read(from, to)), readNow: (from: number, to: number) => count(from, to, () => file.readNow!(from, to)) } };
  };
  const dense = 2 ** 31 + 5;

  const FILES: [name: string, begin: () => Promise<Uint8Array | number[]>, says: RegExp | null][] = [
    ["zeros.h5", async () => [], /nothing but zeros/],
    ["broken.h5", async () => [0x89, 72, 68, 70, 13, 10, 26, 10], /is HDF5 of a kind that Keras does not write, or damaged at its beginning/],
    ["whole.h5", () => modelFile("keras1-vgg19-notop.h5").read(0, modelFile("keras1-vgg19-notop.h5").size), null],
    ["short-header.safetensors", async () => safetensors('{"a":{"dtype":"F32"}}', { length: 2n ** 31n }), /announces a list of tensors of 2,147,483,648 bytes/],
    ["whole.safetensors", async () => {
      const name = (length: number) => JSON.stringify({ a: { dtype: "U8", shape: [length], data_offsets: [0, length] } });
      return safetensors(name(dense - 8 - name(dense - 70).length));
    }, null],
    ["model.json", async () => ascii('{"weightsManifest":['), /is JSON of 2,147 MB/],
    ["broken.zip", async () => ascii("PK\x03\x04"), /./],
    ["broken.pth", async () => [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19], /./],
  ];
  for (const [name, begin, says] of FILES) {
    it(`is ${says ? "refused" : "listed"} within 64 MB of memory: ${name}`, async () => {
      const { asked, source } = watched(sparse(name, await begin()));
      if (says) expect(await refusal([source])).toMatch(says);
      else (await openArchive([source])).close();
      expect(asked.bytes).toBeLessThan(32e6);
      const library = await (await import("h5wasm")).ready;
      expect(library.HEAPU8.length).toBeLessThanOrEqual(64 * 2 ** 20);
    });
  }
});

describe("any bytes at all", () => {
  let files: { name: string; all: Uint8Array }[];
  beforeAll(async () => {
    files = await Promise.all(["timm-vgg19.safetensors", "keras1-vgg19-notop.h5", "keras2-vgg19-model.h5", "tfjs-layers/model.json"].map(async (name) => ({ name, all: await modelFile(name).read(0, modelFile(name).size) })));
  });
  const shards = ["tfjs-layers/group1-shard1of2.bin", "tfjs-layers/group1-shard2of2.bin"].map(modelFile);

  const share = fc.nat({ max: 10_000 }).map((n) => n / 10_000);

  it("give either an archive whose tensors are what they announce, or a WeightsError", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 3 }), fc.array(fc.tuple(share, fc.nat({ max: 255 })), { minLength: 1, maxLength: 12 }), share, async (which, changes, kept) => {
        const { name, all } = files[which];
        // a third is cut off as well
        const changed = all.slice(0, Math.ceil(all.length * Math.min(1, 3 * kept)));
        // most changes where structure is, at the beginning
        for (const [at, value] of changes) if (changed.length > 0) changed[Math.floor(at ** 3 * (changed.length - 1))] = value;
        try {
          const archive = await openArchive([bytesSource(changed, name), ...(name.endsWith(".json") ? shards : [])]);
          try {
            for (const tensor of archive.tensors) {
              const { shape, bytes } = await tensor.read();
              expect(shape).toEqual(tensor.shape);
              expect(bytes.length % Math.max(1, shape.reduce((a, b) => a * b, 1))).toBe(0);
            }
          } finally {
            archive.close();
          }
        } catch (error) {
          expect(error).toBeInstanceOf(WeightsError);
        }
      }),
      { numRuns: 80 },
    );
  });
});
