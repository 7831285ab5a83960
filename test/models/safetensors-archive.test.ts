import { beforeAll, describe, expect, it } from "vitest";
import type { FileSource } from "../../src/models/archive";
import { bytesSource, openArchive } from "../../src/models/open-archive";
import { opened, read, refusal, safetensors, truth } from "./files";

let numbers: Awaited<ReturnType<typeof truth>>;
beforeAll(async () => {
  numbers = await truth();
});

const refused = (header: unknown, how?: Parameters<typeof safetensors>[1], limits = {}) => refusal([bytesSource(safetensors(header, how), "vgg.safetensors")], limits);
const tensor = (from: number, to: number, shape: unknown = [(to - from) / 4], dtype: unknown = "F32") => ({ dtype, shape, data_offsets: [from, to] });

describe("a safetensors file", () => {
  it("gives the numbers of timm's names, filters first", async () => {
    await opened("timm-vgg19.safetensors", async (archive) => {
      expect(archive).toMatchObject({ format: "safetensors", metadata: { format: "pt" } });
      const { shape, values } = numbers.get("block1_conv2.kernel")!;
      const [rows, columns, read_, filters] = shape;
      expect(archive.tensors.find(({ name }) => name === "features.2.weight")).toMatchObject({ shape: [filters, read_, rows, columns], format: "F32" });
      const turned = await read(archive, "features.2.weight");
      for (let y = 0; y < rows; y++) for (let x = 0; x < columns; x++) for (let i = 0; i < read_; i++) for (let o = 0; o < filters; o++) {
        expect(turned[((o * read_ + i) * rows + y) * columns + x]).toBe(values[((y * columns + x) * read_ + i) * filters + o]);
      }
    });
  });

  it("may hold halves, bfloat16, doubles and whole numbers", async () => {
    await opened("kinds.safetensors", async (archive) => {
      expect(archive.tensors.map(({ name, format }) => `${name} ${format}`)).toEqual(expect.arrayContaining(["features.0.weight.half F16", "features.0.weight.brain BF16", "features.0.weight.double F64", "counter I64"]));
      const exact = await read(archive, "features.2.bias.double");
      expect(exact).toEqual(numbers.get("block1_conv2.bias")!.values);
      for (const [kind, precision] of [[".half", 2 ** -11], [".brain", 2 ** -8]] as const) {
        (await read(archive, `features.2.bias${kind}`)).forEach((value, i) => expect(Math.abs(value - exact[i])).toBeLessThanOrEqual(Math.abs(exact[i]) * precision));
      }
      expect(await read(archive, "counter")).toEqual([7]);
    });
  });

  it("is known by its header alone: 500 MB are listed from a few hundred bytes, and one tensor is read alone", async () => {
    const header = { a: tensor(0, 100), big: tensor(100, 500_000_100), b: tensor(500_000_100, 500_000_104) };
    const head = safetensors(header);
    let asked = 0;
    const file: FileSource = { name: "large.safetensors", size: head.length + 500_000_104, read: async (from, to) => ((asked += to - from), Uint8Array.from({ length: to - from }, (_, i) => head[from + i] ?? 0)) };
    const archive = await openArchive([file]);
    expect(asked).toBeLessThan(2000);
    expect(archive.tensors.map(({ place }) => place)).toEqual([[0, 100], [100, 500_000_100], [500_000_100, 500_000_104]].map(([from, to]) => [head.length + from, head.length + to]));
    asked = 0;
    expect(await archive.tensors[2].read()).toEqual({ format: "F32", shape: [1], bytes: new Uint8Array(4) });
    expect(asked).toBe(4);
    await expect(archive.tensors[1].read()).rejects.toThrow(/“big” in “large.safetensors” takes 500 MB; tensors of up to 134 MB are read/);
  });

  it("keeps what it says about itself, and nothing that is no text", async () => {
    const archive = await openArchive([bytesSource(safetensors({ __metadata__: { "nst.card": "{}", count: 3 }, a: tensor(0, 4) }, { bytes: 4 }), "a")]);
    expect(archive.metadata).toEqual({ "nst.card": "{}" });
  });

  it("takes the workbench's own description from a model.json that comes with it", async () => {
    const card = { id: "thin", layers: [], input: {}, weights: {} };
    const weights = bytesSource(safetensors({ a: tensor(0, 4) }, { bytes: 4 }), "thin/weights.safetensors");
    const archive = await openArchive([bytesSource(new TextEncoder().encode(JSON.stringify(card)), "thin/model.json"), weights]);
    expect(JSON.parse(archive.metadata["nst.card"]!)).toEqual(card);
  });
});

describe("a safetensors file that is damaged or hostile", () => {
  it("is refused when its header is longer than the file, longer than lists are, or too short to be one", async () => {
    expect(await refused("{\"a\":1}", { length: 900n })).toMatch(/is cut off: its list of tensors should take 900 bytes/);
    expect(await refused("{\"a\":1}", { length: 2n ** 40n })).toMatch(/announces a list of tensors of 1,099,511,627,776 bytes; up to/);
    expect(await refused("{\"a\":1}", { length: 2n ** 64n - 1n })).toMatch(/announces a list of tensors of/);
    expect(await refused("{}")).toMatch(/holds no tensor/);
  });

  it("names the tensors that are incomplete when it is cut off", async () => {
    expect(await refused({ a: tensor(0, 8), b: tensor(8, 400), c: tensor(400, 800) }, { bytes: 300 })).toMatch(/is cut off.*“b”, “c” are incomplete/);
  });

  it("is refused when tensors overlap, leave gaps, or do not fill it", async () => {
    expect(await refused({ a: tensor(0, 8), b: tensor(4, 12) }, { bytes: 12 })).toMatch(/puts “b” where “a” lies/);
    expect(await refused({ a: tensor(0, 8), b: tensor(0, 8) }, { bytes: 8 })).toMatch(/puts “b” where “a” lies/);
    expect(await refused({ a: tensor(0, 8), b: tensor(12, 16) }, { bytes: 16 })).toMatch(/gap of 4 bytes before “b”/);
    expect(await refused({ a: tensor(0, 8) }, { bytes: 20 })).toMatch(/has 12 bytes more than/);
  });

  it("is refused when a name stands in it twice, however it is written", async () => {
    const entry = JSON.stringify(tensor(0, 4));
    expect(await refused(`{"a":${entry},"a":${entry}}`, { bytes: 4 })).toMatch(/lists “a” twice/);
    expect(await refused(`{"a":${entry},"\\u0061":${entry}}`, { bytes: 4 })).toMatch(/lists “a” twice/);
    expect(await refused(`{"a":{"dtype":"F32","dtype":"F16","shape":[1],"data_offsets":[0,4]}}`, { bytes: 4 })).toMatch(/lists “dtype” twice/);
  });

  it("is refused when a shape cannot be counted, is none, or says another length", async () => {
    expect(await refused({ a: tensor(0, 4, [2 ** 31, 2 ** 31, 2]) }, { bytes: 4 })).toMatch(/announces “a” as 2147483648 × 2147483648 × 2: more numbers than any disk holds/);
    expect(await refused({ a: tensor(0, 4, Array(9).fill(1)) }, { bytes: 4 })).toMatch(/gives “a” 9 axes/);
    for (const shape of [[-1], [1.5], ["4"], 4, null]) expect(await refused({ a: tensor(0, 4, shape) }, { bytes: 4 })).toMatch(/gives “a” no shape/);
    expect(await refused({ a: tensor(0, 4, [2]) }, { bytes: 4 })).toMatch(/gives “a” of 2 4 bytes instead of 8/);
    expect(await refused({ a: { dtype: "F32", shape: [1], data_offsets: [0] } }, { bytes: 4 })).toMatch(/gives “a” no place/);
    expect(await refused({ a: { dtype: "F32", shape: [1], data_offsets: [-4, 0] } }, { bytes: 4 })).toMatch(/gives “a” no place/);
  });

  it("is refused when it stores numbers in a way that is not known", async () => {
    expect(await refused({ a: tensor(0, 4, [4], "F8_E4M3") }, { bytes: 4 })).toMatch(/stores “a” as F8_E4M3; known are F16, BF16, F32/);
    expect(await refused({ a: tensor(0, 4, [4], "constructor") }, { bytes: 4 })).toMatch(/stores “a” as constructor/);
  });

  it("is refused before its list becomes many objects: too many tensors, too deep, too many entries", async () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`t${i}`, tensor(0, 0, [0])]));
    expect(await refused(many, {}, { tensors: 20 })).toMatch(/announces more than 20 tensors/);
    expect(await refused(`{"a":${"[".repeat(50)}${"]".repeat(50)}}`)).toMatch(/brackets inside brackets more than 4 deep/);
    expect(await refused(`{"a":{"shape":[${Array(400_000).fill(1).join()}]}}`)).toMatch(/its list has more than 240,000 entries/);
  });

  it("is refused when its list is no JSON, or no list", async () => {
    expect(await refused('{"a": nothing}')).toMatch(/its list of tensors is not valid JSON/);
    expect(await refused('{"a":\u0001}')).toMatch(/not valid JSON/);
    expect(await refused({ a: null, b: 3 })).toMatch(/stores “a” as undefined/);
  });

  it("has every tensor but its own name: a name that JavaScript knows does no harm", async () => {
    const file = bytesSource(safetensors(`{"__proto__":${JSON.stringify(tensor(0, 4))},"constructor":${JSON.stringify(tensor(4, 8))}}`, { bytes: 8 }), "names");
    expect((await openArchive([file])).tensors.map(({ name }) => name)).toEqual(["__proto__", "constructor"]);
    expect(({} as Record<string, unknown>)["dtype"]).toBeUndefined();
  });
});
