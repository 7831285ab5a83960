import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../../src/models/command/main";
import { convert } from "../../src/models/convert";
import { diskSource } from "../../src/models/disk-source";
import { LICENCES } from "../../src/models/licences";
import { openArchive } from "../../src/models/open-archive";
import { INPUTS } from "../../src/models/preprocessing";
import { recognise } from "../../src/models/recognise";
import { SOURCES } from "../../src/models/sources";
import { parseModelCard } from "../../src/nst/card";
import type { ModelCard } from "../../src/nst/model-card";
import { readSafetensors } from "../../src/nst/safetensors";

const FILES = resolve(import.meta.dirname, "../fixtures/models");
const VGG = join(FILES, "torch-vgg19.pth");

let models: string;
let lines: string[];
beforeEach(() => {
  models = mkdtempSync(join(tmpdir(), "nst-models-"));
  lines = [];
});
afterEach(() => rmSync(models, { recursive: true }));

/** Runs the command; what it says is in `lines`. */
const run = (...argv: string[]) => main(argv, { models, telling: { say: (line) => void lines.push(line), progress: () => {} } });
const said = () => lines.join("\n");
const cardOf = (id: string): ModelCard => parseModelCard(JSON.parse(readFileSync(join(models, id, "model.json"), "utf8")));
const weightsOf = (id: string) => readFileSync(join(models, id, "weights.safetensors"));
const tensorsOf = (id: string) => readSafetensors(new Uint8Array(weightsOf(id)).buffer);

/** What the page would keep of a file. */
async function pageKeeps(...paths: string[]): Promise<Map<string, Uint8Array>> {
  const archive = await openArchive(paths.map((path) => diskSource(path)));
  const kept = new Map<string, Uint8Array>();
  for await (const { key, bytes } of convert(archive, recognise(archive))) kept.set(key, bytes);
  archive.close();
  return kept;
}

const bytesOf = ({ data }: { data: ArrayBufferView }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

describe("npm run model, with a file", () => {
  it("writes model.json and weights.safetensors, with the numbers that the page would keep", async () => {
    expect(await run(VGG)).toBe(0);
    const tensors = tensorsOf("vgg19-thin");
    const kept = await pageKeeps(VGG);
    expect([...tensors.keys()]).toEqual([...kept.keys()]);
    for (const [key, bytes] of kept) expect(bytesOf(tensors.get(key)!).equals(bytes), key).toBe(true);
    expect(readdirSync(join(models, "vgg19-thin")).sort()).toEqual(["model.json", "weights.safetensors"]);
  });

  it("writes a card that names the file by its SHA-256, and says where the network is from", async () => {
    await run(VGG);
    const { id, weights, credits, notes, input } = cardOf("vgg19-thin");
    expect(id).toBe("vgg19-thin");
    expect(weights).toMatchObject({ dtype: "F32", kernelLayout: "OIHW", sha256: createHash("sha256").update(weightsOf("vgg19-thin")).digest("hex") });
    expect(credits).toMatchObject({ weights: "torch-vgg19.pth", licence: LICENCES.unknown });
    expect(notes!["about"]).toContain("torch-vgg19.pth");
    expect(input).toEqual(INPUTS.torchvision.input);
  });

  it("writes a weights file that can be brought along again by itself", async () => {
    await run(VGG);
    const archive = await openArchive([diskSource(join(models, "vgg19-thin", "weights.safetensors"))]);
    expect(recognise(archive)).toMatchObject({ architecture: "own", id: "vgg19-thin" });
  });

  it("says what it found, how pixels are read and why, the licence, and the size", async () => {
    await run(VGG);
    expect(said()).toMatch(/torch-vgg19\.pth: PyTorch, 38 tensors/);
    expect(said()).toMatch(/VGG-19.*16 convolutions.*6 tensors are not needed/);
    expect(said()).toContain(INPUTS.torchvision.title);
    expect(said()).toContain(`Licence        ${LICENCES.unknown}`);
    expect(said()).toMatch(/Written: .*vgg19-thin.*32 bits a number/);
    expect(said()).toContain('model="vgg19-thin"');
  });

  it("reads every format that the page reads: a folder of TensorFlow.js, Keras' HDF5, a checkpoint with batch normalisation", async () => {
    for (const [what, id] of [["tfjs-layers", "tfjs"], ["keras1-vgg19-notop.h5", "keras"], ["torch-checkpoint.pth", "norm"]]) {
      expect(await run(join(FILES, what), "--id", id), said()).toBe(0);
      expect(cardOf(id).id).toBe(id);
      expect(tensorsOf(id).size).toBe(32);
    }
    expect(cardOf("keras").input).toEqual(INPUTS["caffe-bgr"].input);
  });

  it("writes half the bytes with --precision fp16, a quarter with int8, and the card says so", async () => {
    await run(VGG, "--id", "whole");
    await run(VGG, "--precision", "fp16", "--id", "half");
    await run(VGG, "--precision", "int8", "--id", "eight");
    const bytesIn = (id: string) => [...tensorsOf(id).values()].filter(({ shape }) => shape.length === 4).map(({ dtype, data }) => [dtype, data.length]);
    expect(cardOf("half").weights.dtype).toBe("F16");
    expect(cardOf("eight").weights.dtype).toBe("I8");
    expect(bytesIn("half")).toEqual(bytesIn("whole").map(([, count]) => ["F16", count]));
    expect(bytesIn("eight")).toEqual(bytesIn("whole").map(([, count]) => ["I8", count]));
    expect(tensorsOf("eight").get("block1_conv1.kernel_scale")!.shape).toEqual([2]);
  });

  it("takes another preprocessing and another name when it is told to", async () => {
    expect(await run(VGG, "--input", "caffe-bgr", "--id", "mine")).toBe(0);
    expect(cardOf("mine").input).toEqual(INPUTS["caffe-bgr"].input);
    expect(said()).toContain("As you said.");
  });

  it("never writes over a network, unless it is told to", async () => {
    await run(VGG);
    const before = weightsOf("vgg19-thin");
    expect(await run(VGG, "--precision", "fp16", "--id", "vgg19-thin")).toBe(1);
    expect(said()).toContain("already");
    expect(weightsOf("vgg19-thin").equals(before)).toBe(true);
    expect(await run(VGG, "--precision", "fp16", "--id", "vgg19-thin", "--replace")).toBe(0);
    expect(cardOf("vgg19-thin").weights.dtype).toBe("F16");
  });

  it("leaves nothing behind when the numbers turn out to be no weights", async () => {
    const bytes = readFileSync(join(FILES, "torch-vgg19-legacy.pth"));
    bytes.fill(0xff, bytes.length - 4000);
    const path = join(models, "..", "not-numbers.pth");
    writeFileSync(path, bytes);
    expect(await run(path)).toBe(1);
    rmSync(path);
    expect(readdirSync(models)).toEqual([]);
  });

  it("refuses what the page refuses, with the same words", async () => {
    expect(await run(join(FILES, "torch-system.pth"))).toBe(1);
    expect(said()).toContain("posix.system");
    expect(await run(join(FILES, "nothing.pth"))).toBe(1);
    expect(said()).toContain("There is no file");
  });

  it("explains itself, and what it does not understand", async () => {
    expect(await run("--help")).toBe(0);
    expect(said()).toContain("--precision");
    for (const [argv, says] of [[[], "Say which file"], [["--fast", "x"], "--fast"], [[VGG, "--input", "theano"], "knows no “theano”"], [[VGG, "--id", "../x"], "cannot be called"]] as const) {
      lines = [];
      expect(await run(...argv)).toBe(2);
      expect(said()).toContain(says);
    }
  });
});

describe("npm run model, with an address", () => {
  let server: Server;
  let root: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const [, path] = /^\/files\/(.*)$/.exec(request.url!) ?? [];
      if (request.url === "/moved/vgg.pth") return response.writeHead(302, { Location: "/files/torch-vgg19.pth" }).end();
      if (request.url === "/broken.pth") return response.writeHead(200, { "Content-Length": "5000" }).end(Buffer.alloc(100), () => response.destroy());
      if (request.url === "/page.pth") return response.writeHead(200).end("<!doctype html><title>Log in</title>");
      if (path === undefined || !existsSync(join(FILES, path))) return response.writeHead(404).end();
      return response.writeHead(200).end(readFileSync(join(FILES, path)));
    }).listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise<void>((done) => void server.close(() => done())));

  it("fetches the whole file, wherever the address leads", async () => {
    expect(await run(`${root}/moved/vgg.pth`), said()).toBe(0);
    expect(cardOf("vgg19-thin").credits["weights"]).toBe(`${root}/moved/vgg.pth`);
    expect(bytesOf(tensorsOf("vgg19-thin").get("block5_conv4.kernel")!).equals((await pageKeeps(VGG)).get("block5_conv4.kernel")!)).toBe(true);
  });

  it("fetches the shards beside a model.json", async () => {
    expect(await run(`${root}/files/tfjs-layers/model.json`, "--id", "tfjs"), said()).toBe(0);
    expect(tensorsOf("tfjs").size).toBe(32);
  });

  it("says what is wrong when the file is not there, cut off, or a web page", async () => {
    for (const [path, says] of [["/files/nothing.pth", "404"], ["/broken.pth", "bytes of “broken.pth”"], ["/page.pth", "a web page"]]) {
      lines = [];
      expect(await run(root + path)).toBe(1);
      expect(said()).toContain(says);
    }
    expect(readdirSync(models)).toEqual([]);
  });

  it("fetches of a known source the convolutions alone, by ranges", async () => {
    const bytes = thinVgg(await pageKeeps(VGG));
    const asked: [number, number][] = [];
    vi.stubGlobal("fetch", async (_: string, { headers }: { headers: { Range: string } }) => {
      const [from, to] = headers.Range.slice("bytes=".length).split("-").map(Number);
      const end = Math.min(to, bytes.length - 1);
      asked.push([from, end]);
      return new Response(bytes.slice(from, end + 1), { status: 206, headers: { "Content-Range": `bytes ${from}-${end}/${bytes.length}`, "Content-Length": String(end + 1 - from) } });
    });
    try {
      expect(await run("vgg19", "--id", "vgg19"), said()).toBe(0);
    } finally {
      vi.unstubAllGlobals();
    }
    expect(asked.reduce((sum, [from, to]) => sum + to - from + 1, 0)).toBeLessThan(bytes.length / 2);
    expect(cardOf("vgg19").credits).toMatchObject({ weights: SOURCES.vgg19.url, licence: SOURCES.vgg19.licence });
    expect(bytesOf(tensorsOf("vgg19").get("block3_conv2.bias")!).equals((await pageKeeps(VGG)).get("block3_conv2.bias")!)).toBe(true);
  });
});

/** A safetensors file as timm names it: the convolutions, and a classifier that is much larger. */
function thinVgg(kept: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  const layers = [...new Set([...kept.keys()].map((key) => key.split(".")[0]))];
  const entries: [string, number[], Uint8Array][] = [["pre_logits.fc1.weight", [100_000, 1], new Uint8Array(400_000)]];
  let place = 0;
  let c = 3;
  for (const [i, layer] of layers.entries()) {
    if (i > 0 && layer.endsWith("_conv1")) place++;
    const bias = kept.get(`${layer}.bias`)!;
    entries.push([`features.${place}.weight`, [bias.length / 4, c, 3, 3], kept.get(`${layer}.kernel`)!], [`features.${place}.bias`, [bias.length / 4], bias]);
    c = bias.length / 4;
    place += 2;
  }
  let at = 0;
  const header = Object.fromEntries(entries.map(([name, shape, { length }]) => [name, { dtype: "F32", shape, data_offsets: [at, (at += length)] }]));
  const json = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(json.length));
  return new Uint8Array(Buffer.concat([start, json, ...entries.map(([, , bytes]) => bytes)]));
}
