import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { unzipSync, zipSync, type Zippable } from "fflate";
import { describe, expect, it } from "vitest";
import { BYTES_PER_NUMBER, type WeightArchive } from "../../src/models/archive";
import { diskSource } from "../../src/models/disk-source";
import { LIMITS } from "../../src/models/limits";
import { openPytorch } from "../../src/models/pytorch-archive";
import { bytesSource } from "../../src/models/source";

/** Written by torch.save itself: see test/fixtures/make_torch_files.py. */
const FILES = resolve(import.meta.dirname, "../fixtures/models");
type Numbers = { format: string; shape: number[]; sha256: string };
const facts = JSON.parse(readFileSync(`${FILES}/torch-files.json`, "utf8")) as Record<string, Record<string, Numbers> | string>;
const readable = Object.keys(facts).filter((name) => typeof facts[name] === "object");
const refused = Object.keys(facts).filter((name) => typeof facts[name] === "string");

const open = (name: string) => openPytorch(diskSource(`${FILES}/${name}`), LIMITS);
const openBytes = (bytes: Uint8Array, name = "weights.pth") => openPytorch(bytesSource(bytes, name), LIMITS);
const unzipped = (name: string) => unzipSync(readFileSync(`${FILES}/${name}`));

async function numbersOf(archive: WeightArchive): Promise<Record<string, Numbers>> {
  const found: Record<string, Numbers> = {};
  for (const tensor of archive.tensors) {
    const { format, shape, bytes } = await tensor.read();
    expect([format, shape]).toEqual([tensor.format, tensor.shape]);
    found[tensor.name] = { format, shape, sha256: createHash("sha256").update(bytes).digest("hex") };
  }
  return found;
}

describe("files that torch.save wrote", () => {
  it("come in both formats, and in every protocol of pickle that PyTorch offers", () => {
    expect(readable).toEqual(expect.arrayContaining(["torch-views.pth", "torch-views-legacy.pth", "torch-protocol-3.pth", "torch-protocol-4.pth", "torch-protocol-5.pth"]));
  });

  it.each(readable)("%s gives the names, shapes and numbers that PyTorch saved", async (name) => {
    const archive = await open(name);
    expect(archive.format).toBe(name.includes("legacy") ? "pytorch-legacy" : "pytorch");
    expect(await numbersOf(archive)).toEqual(facts[name]);
  });

  it("lists tensors in the order of the file, with prefixes and folders as they are", async () => {
    const { tensors, metadata } = await open("torch-checkpoint.pth");
    expect(tensors.map(({ name }) => name).slice(0, 3)).toEqual(["state_dict/module.features.0.weight", "state_dict/module.features.0.bias", "state_dict/module.features.1.weight"]);
    expect(tensors.at(-1)!.name).toBe("history/1/0");
    expect(metadata).toEqual({ epoch: "12", arch: "vgg19_bn", best: "0.25" });
  });

  it("are read alone: one tensor costs its own bytes, not its file's", async () => {
    const source = counted(readFileSync(`${FILES}/torch-vgg19.pth`));
    const archive = await openPytorch(source, LIMITS);
    const tensor = archive.tensors.find(({ name }) => name === "features.34.weight")!;
    source.read.from = 0;
    await tensor.read();
    expect(source.read.from).toBeLessThan(tensor.shape.reduce((a, b) => a * b) * 4 + 200);
  });
});

describe("archives that other tools packed again", () => {
  it("are read when they are deflated", async () => {
    expect(await numbersOf(await openBytes(zipSync(unzipped("torch-views.pth"))))).toEqual(facts["torch-views.pth"]);
  });

  it("are read when their machine had the other byte order", async () => {
    const files = unzipped("torch-views.pth");
    const sizes = Object.fromEntries((await open("torch-views.pth")).tensors.map(({ name, format }) => [name, BYTES_PER_NUMBER[format]]));
    const storages = Object.keys(facts["torch-views.pth"]).filter((name) => !["transposed", "rows", "columns", "one", "permuted"].includes(name));
    const turned: Zippable = { ...files, "torch-views/byteorder": new TextEncoder().encode("big") };
    storages.forEach((name, key) => {
      const bytes = Uint8Array.from(files[`torch-views/data/${key}`]);
      for (let at = 0; at < bytes.length; at += sizes[name]) bytes.subarray(at, at + sizes[name]).reverse();
      turned[`torch-views/data/${key}`] = bytes;
    });
    expect(await numbersOf(await openBytes(zipSync(turned, { level: 0 })))).toEqual(facts["torch-views.pth"]);
  });

  it("may have the notes that newer versions of PyTorch add", async () => {
    const notes = Object.fromEntries([["byteorder", "little"], [".format_version", "1"], [".storage_alignment", "64"], [".data/serialization_id", "0636067187"]].map(([name, text]) => [`torch-views/${name}`, new TextEncoder().encode(text)]));
    expect(await numbersOf(await openBytes(zipSync({ ...unzipped("torch-views.pth"), ...notes }, { level: 0 })))).toEqual(facts["torch-views.pth"]);
  });
});

describe("files that are more, or other, than tensors", () => {
  it.each(refused)("%s is refused, and what it holds is named", async (name) => {
    await expect(open(name)).rejects.toMatchObject({ name: "WeightsError", message: expect.stringContaining(facts[name] as string) });
  });

  it.each([
    ["weights.npz", { "conv1.npy": new Uint8Array(8) }, "NumPy"],
    ["model.keras", { "config.json": new Uint8Array(2), "model.weights.h5": new Uint8Array(8) }, "bring model.weights.h5"],
    ["model.zip", { "saved_model/saved_model.pb": new Uint8Array(2) }, "SavedModel"],
    ["all.zip", { "readme.txt": new Uint8Array(2), "vgg19.safetensors": new Uint8Array(2) }, "Unpack it"],
    ["letter.docx", { "[Content_Types].xml": new Uint8Array(2) }, "none that PyTorch wrote"],
    ["empty.zip", {}, "empty zip archive"],
    ["two.zip", { "a/data.pkl": new Uint8Array(2), "b/data.pkl": new Uint8Array(2) }, "several files of PyTorch"],
  ])("%s is named for what it is", async (name, files, says) => {
    await expect(openBytes(zipSync(files as Zippable), name)).rejects.toThrow(says);
  });

  it("a version of the format that is not known is refused", async () => {
    const files = { ...unzipped("torch-one.pth"), "torch-one/version": new TextEncoder().encode("11\n") };
    await expect(openBytes(zipSync(files))).rejects.toThrow("version “11”");
  });
});

describe("damaged files", () => {
  it("are refused wherever they are cut off", async () => {
    for (const name of ["torch-views.pth", "torch-views-legacy.pth"]) {
      const whole = readFileSync(`${FILES}/${name}`);
      for (let length = 0; length < whole.length; length += 37) {
        await expect(openBytes(whole.subarray(0, length), name), `${name}, ${length} bytes`).rejects.toMatchObject({ name: "WeightsError", message: expect.stringContaining(name) });
      }
    }
  });

  it("never crash the reader, whichever byte is wrong", async () => {
    for (const name of ["torch-views.pth", "torch-views-legacy.pth"]) {
      const bytes = Uint8Array.from(readFileSync(`${FILES}/${name}`));
      for (let at = 0; at < bytes.length; at += 41) {
        const right = bytes[at];
        bytes[at] = right ^ (1 << (at % 8));
        const outcome = await openBytes(bytes).then(numbersOf).then(() => "read", (error: Error) => (error.name === "WeightsError" ? "refused" : error.stack));
        expect(["read", "refused"], `byte ${at} of ${name}`).toContain(outcome);
        bytes[at] = right;
      }
    }
  });

  it("are refused when a storage is missing or too short", async () => {
    const files = unzipped("torch-one.pth");
    const { "torch-one/data/0": numbers, ...others } = files;
    await expect(openBytes(zipSync(others))).rejects.toThrow("lacks the numbers of storage 0");
    await expect(openBytes(zipSync({ ...files, "torch-one/data/0": numbers.subarray(0, 8) }))).rejects.toThrow("storage 0");
  });
});

/** A source that counts what is read of it. */
function counted(bytes: Uint8Array) {
  const inner = bytesSource(bytes, "weights.pth");
  const read = async (from: number, to: number) => {
    read.from += to - from;
    return inner.read(from, to);
  };
  read.from = 0;
  return { ...inner, read };
}
