import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, describe, expect, it } from "vitest";
import type { FileSource } from "../../src/models/archive";
import { diskSource } from "../../src/models/disk-source";
import { LIMITS } from "../../src/models/limits";
import { openPytorch } from "../../src/models/pytorch-archive";
import { bytesSource } from "../../src/models/source";

type Part = string | number[] | Uint8Array;

/** A pickle from its parts: texts are ASCII, numbers are bytes. */
function pickle(...parts: Part[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))));
}

const uint32 = (value: number): number[] => [...new Uint8Array(Uint32Array.of(value).buffer)];
const uint64 = (value: bigint): number[] => [...new Uint8Array(BigUint64Array.of(value).buffer)];
const text = (value: string): Part => pickle("X", uint32(value.length), value);
const PROTO = "\x80\x02";

const zipOf = (list: Uint8Array, storages: Record<string, Uint8Array> = {}) =>
  zipSync({ "w/data.pkl": list, "w/version": new TextEncoder().encode("3\n"), ...Object.fromEntries(Object.entries(storages).map(([key, bytes]) => [`w/data/${key}`, bytes])) }, { level: 0 });

const legacyOf = (list: Uint8Array, ...rest: Uint8Array[]) => Buffer.concat([pickle("\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."), pickle("\x80\x02M\xe9\x03."), pickle("\x80\x02}."), list, ...rest]);

// a plain array: slices of Node's buffers are no copies
const openIt = (bytes: Uint8Array) => openPytorch(bytesSource(new Uint8Array(bytes), "weights.pth"), LIMITS);

async function refusalOf(bytes: Uint8Array): Promise<string> {
  const error = await openIt(bytes).then(() => null, (reason: Error) => reason);
  expect(error?.name).toBe("WeightsError");
  return error!.message;
}

/** ('storage', torch.FloatStorage, key, 'cpu', length) */
const storage = (key: string, length: number, kind = "ctorch\nFloatStorage\n"): Part => pickle("(", text("storage"), kind, text(key), text("cpu"), "J", uint32(length), "tQ");
const tuple = (...numbers: number[]): Part => pickle("(", ...numbers.map((n) => pickle("\x8a\x07", uint64(BigInt(n)).slice(0, 7))), "t");
const tensor = (source: Part, offset: number, shape: Part, strides: Part): Part => pickle("ctorch._utils\n_rebuild_tensor_v2\n(", source, "J", uint32(offset), shape, strides, "\x89)tR");
const stateDict = (...entries: [string, Part][]): Uint8Array => pickle(PROTO, "}(", ...entries.flatMap(([name, value]) => [text(name), value]), "u.");

describe("a pickle that would have Python run something", () => {
  const system: Record<string, [Uint8Array, string]> = {
    "a call by GLOBAL and REDUCE": [pickle(PROTO, "cos\nsystem\n", text("echo"), "\x85R."), "os.system"],
    "the name of the module behind os": [pickle(PROTO, "cposix\nsystem\n", text("echo"), "\x85R."), "posix.system"],
    "the name of the module behind os on Windows": [pickle(PROTO, "cnt\nsystem\n", text("echo"), "\x85R."), "nt.system"],
    "a name that is put together on the stack": [pickle("\x80\x04", text("os"), text("system"), "\x93", text("echo"), "\x85R."), "os.system"],
    "short texts on the stack, in a frame": [pickle("\x80\x04\x95", uint64(30n), "\x8c\x02os\x94\x8c\x06system\x94\x93\x94\x8c\x04echo\x94\x85\x94R."), "os.system"],
    "a name recalled from the memo": [pickle("\x80\x04", text("os"), "q\x00", text("system"), "q\x01", "00", "h\x00h\x01\x93", text("echo"), "\x85R."), "os.system"],
    "dots in the name": [pickle("\x80\x04", text("torch"), text("_utils.os.system"), "\x93", text("echo"), "\x85R."), "torch._utils.os.system"],
    "dots in the module": [pickle(PROTO, "ctorch.serialization.os\nsystem\n", text("echo"), "\x85R."), "torch.serialization.os.system"],
    "INST": [pickle(PROTO, "(", text("echo"), "ios\nsystem\n."), "os.system"],
    "OBJ": [pickle(PROTO, "(cos\nsystem\n", text("echo"), "o."), "os.system"],
    "OBJ of a name that is allowed": [pickle(PROTO, "(ccollections\nOrderedDict\no."), "collections.OrderedDict"],
    "NEWOBJ": [pickle(PROTO, "csubprocess\nPopen\n", text("echo"), "\x85\x81."), "subprocess.Popen"],
    "NEWOBJ of a name that is allowed": [pickle(PROTO, "ctorch\nSize\n)\x81."), "torch.Size"],
    "NEWOBJ_EX of a name that is allowed": [pickle("\x80\x04", "ctorch\nSize\n)}\x92."), "torch.Size"],
    "an extension's number": [pickle(PROTO, "\x82\x01."), "extension 1"],
    "eval": [pickle(PROTO, "cbuiltins\neval\n", text("1"), "\x85R."), "builtins.eval"],
    "eval of Python 2": [pickle(PROTO, "c__builtin__\neval\n", text("1"), "\x85R."), "__builtin__.eval"],
    "getattr, to reach the rest": [pickle(PROTO, "c__builtin__\ngetattr\n", "ctorch\nSize\n", text("mro"), "\x86R."), "__builtin__.getattr"],
    "a name that is only mentioned, never called": [pickle(PROTO, "cos\nsystem\n0}."), "os.system"],
    "a module whose functions load more": [pickle(PROTO, "ctorch.hub\nload\n", text("x"), "\x85R."), "torch.hub.load"],
    "torch.load within a file": [pickle(PROTO, "ctorch\nload\n", text("x"), "\x85R."), "torch.load"],
    "a parameter's hooks": [pickle(PROTO, "ctorch._utils\n_rebuild_parameter\n(N\x89cos\nsystem\ntR."), "os.system"],
    "attributes that set themselves": [pickle(PROTO, "ctorch\nSize\n}", text("__setstate__"), "Nsb."), "torch.Size"],
    "calling a kind of numbers": [pickle(PROTO, "ctorch\nFloatStorage\n)R."), "torch.FloatStorage"],
  };
  const spellings = Object.entries(system);

  it.each(spellings)("is refused by the name that it calls: %s", async (_, [list, name]) => {
    for (const bytes of [zipOf(list), legacyOf(list)]) {
      expect(await refusalOf(bytes)).toContain(`Python's “${name}”. Nothing of it was run.`);
    }
  });

  it("is refused where only the text protocols of pickle could write it", async () => {
    for (const list of [pickle("(S'echo'\nios\nsystem\n."), pickle("cos\nsystem\n(S'echo'\ntR."), pickle("(dp0\nS'w'\np1\ncposix\nsystem\np2\n(S'echo'\ntRs.")]) {
      await refusalOf(zipOf(list));
      await refusalOf(legacyOf(list));
    }
  });

  it("is called harmful when it reaches for the machine, and only then", async () => {
    expect(await refusalOf(zipOf(system["eval"][0]))).toContain("do not open it in Python");
    expect(await refusalOf(zipOf(pickle(PROTO, "ctorchvision.models.vgg\nVGG\n)\x81.")))).not.toContain("harm");
  });

  it("is refused when it hides in the lists around a legacy file's object", async () => {
    const good = stateDict();
    expect(await refusalOf(legacyOf(good, pickle(PROTO, "cos\nsystem\n", text("echo"), "\x85R.")))).toContain("os.system");
  });

  it("is refused when a whole model lies beside its source text", async () => {
    expect(await refusalOf(legacyOf(pickle(PROTO, "(", text("module"), "ctorch\nSize\n", text("net.py"), text("import os"), "tQ.")))).toContain("torch.Size");
  });
});

describe("a pickle that asks too much", () => {
  const bombs: Record<string, Uint8Array> = {
    "lists that are never ended": pickle(PROTO, "(".repeat(100_000), "."),
    "a stack without end": pickle(PROTO, "N".repeat(100_000), "."),
    "millions of empty dictionaries": pickle(PROTO, "]", "}a".repeat(1_000_000), "."),
    "more to remember than there is": pickle(PROTO, "]", "\x94".repeat(2_000_000), "."),
    "steps that lead nowhere": pickle(PROTO, "N0".repeat(3_000_000), "N."),
    "a number of a gigabyte": pickle(PROTO, "\x8b", uint32(2 ** 30), "."),
    "a text of 2⁶² bytes": pickle("\x80\x04\x8d", uint64(2n ** 62n), "."),
    "bytes of 2⁶³ bytes": pickle("\x80\x05\x96", uint64(2n ** 63n), "."),
    "a list that holds itself": pickle(PROTO, "]q\x00h\x00a."),
    "a dictionary that holds itself": pickle(PROTO, "}q\x00", text("again"), "h\x00s."),
    "lists within lists": pickle(PROTO, "]".repeat(60_000), "a".repeat(59_999), "."),
    // each holds the one before twice: thirty levels are a thousand million ways
    "a few lists that are reached on very many ways": pickle(PROTO, "]q\x00", ...Array.from({ length: 30 }, (_, i) => pickle("0](", "h", [i], "h", [i], "eq", [i + 1])), "."),
    "a name of a million letters": pickle(PROTO, "c", "a".repeat(1_000_000), "\nb\n."),
    "a name of a million letters, put together of shorter ones": stateDict(["a".repeat(900), pickle("}(", text("b".repeat(900)), tensor(storage("0", 1), 0, tuple(1), tuple(1)), "u")]),
    "a protocol of the future": pickle("\x80\x09N."),
  };

  it.each(Object.entries(bombs))("is refused before it hurts: %s", async (_, list) => {
    const before = process.memoryUsage().heapUsed;
    const began = performance.now();
    await refusalOf(zipOf(list, { 0: new Uint8Array(4) }));
    await refusalOf(legacyOf(list));
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200e6);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it("is refused when its list is larger than any list", async () => {
    const list = pickle(PROTO, text("a".repeat(LIMITS.listBytes)), ".");
    expect(await refusalOf(zipOf(list))).toMatch(/at most [\d.]+ MB are read/);
    expect(await refusalOf(legacyOf(list))).toMatch(/list of tensors of more than [\d.]+ MB/);
  });

  it("is refused when it lists more tensors than any network has", async () => {
    const list = stateDict(["w", pickle("]", tensor(storage("0", 1), 0, tuple(1), tuple(1)), "q\x05a", "h\x05a".repeat(20_000))]);
    expect(await refusalOf(zipOf(list, { 0: new Uint8Array(4) }))).toContain("more than 20,000 tensors");
  });
});

describe("a tensor that is not where it says", () => {
  const four = { 0: new Uint8Array(16) };
  const cases: Record<string, [Part, string]> = {
    "reaches behind its storage": [tensor(storage("0", 4), 1, tuple(4), tuple(1)), "reaches up to number 4 of a storage of 4"],
    "jumps behind its storage": [tensor(storage("0", 4), 0, tuple(2, 2), tuple(3, 1)), "reaches up to"],
    "has more numbers than its storage": [tensor(storage("0", 4), 0, tuple(2 ** 52), tuple(0)), "whose storage holds 4 numbers"],
    "has a shape whose product overflows": [tensor(storage("0", 4), 0, tuple(2 ** 52, 2 ** 52, 2 ** 52), tuple(0, 0, 0)), "whose storage holds 4 numbers"],
    "has strides that do not fit its shape": [tensor(storage("0", 4), 0, tuple(2, 2), tuple(1)), "strides that do not fit"],
    "has no storage": [tensor("N", 0, tuple(1), tuple(1)), "without a storage"],
    "lies in a storage that is not there": [tensor(storage("../../w/version", 1), 0, tuple(1), tuple(1)), "lacks the numbers"],
    "lies in a storage of another length": [tensor(storage("0", 5), 0, tuple(1), tuple(1)), "storage 0"],
    "lies in a storage of another kind": [tensor(storage("0", 4, "ctorch\nSize\n"), 0, tuple(1), tuple(1)), "without a kind"],
    "has a negative offset": [tensor(storage("0", 4), 2 ** 32 - 1, tuple(1), tuple(1)), "without a shape"],
    "has a hundred dimensions": [tensor(storage("0", 4), 0, tuple(...new Array<number>(100).fill(1)), tuple(...new Array<number>(100).fill(1))), "100 dimensions"],
  };

  it.each(Object.entries(cases))("is refused: it %s", async (_, [part, says]) => {
    expect(await refusalOf(zipOf(stateDict(["w", part]), four))).toContain(says);
  });

  it("is refused when two descriptions of one storage differ", async () => {
    const list = stateDict(["a", tensor(storage("0", 4), 0, tuple(4), tuple(1))], ["b", tensor(storage("0", 4, "ctorch\nIntStorage\n"), 0, tuple(4), tuple(1))]);
    expect(await refusalOf(zipOf(list, four))).toContain("contradicts itself");
  });

  it("is read when it lies in a part of a storage, as PyTorch wrote them until 0.3", async () => {
    const part = pickle("(", text("storage"), "ctorch\nFloatStorage\n", text("0"), text("cpu"), "K\x04(", text("1"), "K\x01K\x03ttQ");
    const numbers = Float32Array.of(10, 11, 12, 13);
    const list = stateDict(["w", pickle("ctorch._utils\n_rebuild_tensor\n(", part, "K\x01K\x02\x85K\x01\x85tR")]);
    const archive = await openIt(legacyOf(list, pickle(PROTO, "]", text("0"), "a."), Uint8Array.from(uint64(4n)), new Uint8Array(numbers.buffer)));
    expect([...new Float32Array((await archive.tensors[0].read()).bytes.buffer)]).toEqual([12, 13]);
  });
});

describe("a zip bomb", () => {
  it("is refused when a packed storage holds more than its tensors announce", async () => {
    const list = stateDict(["w", tensor(storage("0", 4), 0, tuple(4), tuple(1))]);
    expect(await refusalOf(zipSync({ "w/data.pkl": list, "w/data/0": new Uint8Array(2 ** 26) }))).toContain("storage 0");
  });

  it("is not unpacked further than its list of files says", async () => {
    const bytes = zipSync({ "w/data.pkl": stateDict(["w", tensor(storage("0", 4), 0, tuple(4), tuple(1))]), "w/data/0": new Uint8Array(2 ** 26) });
    // both lists of the archive say 16 bytes instead of 64 MiB
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    for (let at = 0; at + 4 < bytes.length; at++) if (view.getUint32(at, true) === 2 ** 26) view.setUint32(at, 16, true);
    const archive = await openIt(bytes);
    await expect(archive.tensors[0].read()).rejects.toMatchObject({ name: "WeightsError", message: expect.stringContaining("damaged zip archive") });
  });

  it("is refused when its list of files is longer than any", async () => {
    const files = Object.fromEntries(Array.from({ length: 25_000 }, (_, i) => [`w/data/${i}`, new Uint8Array(0)]));
    expect(await refusalOf(zipSync(files, { level: 0 }))).toContain("more than 20,100 files");
  });
});

describe("a file of 2 GB with nothing in it", () => {
  const folder = mkdtempSync(join(tmpdir(), "nst-pytorch-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([["zip", "PK\x03\x04"], ["legacy", "\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}."], ["pickle", "\x80\x02"]])("is refused after a few MB of it: %s", async (name, head) => {
    const path = join(folder, `${name}.pth`);
    writeFileSync(path, Buffer.from(head, "latin1"));
    truncateSync(path, 2 ** 31);
    const inner = diskSource(path);
    let bytes = 0;
    const source: FileSource = { ...inner, read: (from, to) => ((bytes += to - from), inner.read(from, to)) };
    await expect(openPytorch(source, LIMITS)).rejects.toMatchObject({ name: "WeightsError" });
    expect(bytes).toBeLessThan(64 * 2 ** 20);
  });
});
