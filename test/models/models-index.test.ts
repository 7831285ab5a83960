import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build, createLogger, createServer, type Logger } from "vite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { broughtAlong, indexAmong, INDEX_FILE, modelsIndex } from "../../build/models-index";
import { main } from "../../src/models/command/main";
import { networksIn, type IndexEntry } from "../../src/models/command/shipped-networks";

const REPOSITORY = resolve(import.meta.dirname, "../..");
const VGG = join(REPOSITORY, "test/fixtures/models/torch-vgg19.pth");

let root: string;
let publicDir: string;
let models: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "nst-index-"));
  publicDir = join(root, "public");
  models = join(publicDir, "models");
  mkdirSync(models, { recursive: true });
  writeFileSync(join(root, "index.html"), "<!doctype html><title>nothing</title>");
});
afterEach(() => rmSync(root, { recursive: true }));

/** Brings a thin VGG-19 along. */
const bring = (id: string) => main([VGG, "--id", id], { models, telling: { say: () => {}, progress: () => {} } });
const commit = (entries: IndexEntry[]) => writeFileSync(join(publicDir, INDEX_FILE), JSON.stringify(entries));

/** Changes a network's card. */
function change(id: string, how: (card: { id: string; title: string; layers: { channels?: number }[] }) => void): void {
  const path = join(models, id, "model.json");
  const card = JSON.parse(readFileSync(path, "utf8"));
  how(card);
  writeFileSync(path, JSON.stringify(card));
}

/** A logger that remembers its warnings. */
function listening(): Logger & { said: string[] } {
  const said: string[] = [];
  return Object.assign(createLogger("warn"), { said, warn: (text: string) => void said.push(text), warnOnce: (text: string) => void said.push(text) });
}

describe("the index of networks", () => {
  it("lists what ships with the workbench, with its committed title and note", async () => {
    const committed = JSON.parse(readFileSync(join(REPOSITORY, "public", INDEX_FILE), "utf8")) as IndexEntry[];
    const { entries } = await networksIn(join(REPOSITORY, "public"));
    expect(entries.slice(0, committed.length)).toEqual(committed);
  });

  it("lists a network that npm run model has brought, behind those that are committed, with a note of where it is from", async () => {
    await bring("b-net");
    await bring("a-net");
    change("b-net", (card) => (card.title = "B"));
    change("a-net", (card) => (card.title = "A"));
    commit([{ id: "b-net", title: "The first", note: "As committed." }]);
    const { entries, broken } = await networksIn(publicDir);
    expect(broken).toEqual([]);
    expect(entries).toEqual([{ id: "b-net", title: "The first", note: "As committed." }, { id: "a-net", title: "A", note: expect.stringContaining("torch-vgg19.pth") }]);
  });

  it("leaves out what is broken, and says why", async () => {
    for (const id of ["cut-off", "misnamed", "other-layers", "good"]) await bring(id);
    mkdirSync(join(models, "empty"));
    truncateSync(join(models, "cut-off", "weights.safetensors"), 5000);
    renameSync(join(models, "misnamed"), join(models, "renamed"));
    change("other-layers", (card) => (card.layers[1].channels = 3));
    commit([{ id: "gone", title: "Not there any more" }]);
    const { entries, broken } = await networksIn(publicDir);
    expect(entries.map(({ id }) => id)).toEqual(["good"]);
    const why = Object.fromEntries(broken.map(({ folder, why }) => [folder, why]));
    expect(why).toEqual({
      "cut-off": expect.stringContaining("cut off"),
      empty: expect.stringContaining("no model.json"),
      gone: expect.stringContaining("no such folder"),
      renamed: expect.stringContaining("“misnamed”"),
      "other-layers": expect.stringContaining("block1_conv2"),
    });
  });

  it("passes over folders that are being written", async () => {
    await bring("good");
    cpSync(join(models, "good"), join(models, ".good-123"), { recursive: true });
    expect(await networksIn(publicDir)).toMatchObject({ entries: [{ id: "good" }], broken: [] });
  });

  it("names large weights to those who ask for them, and to nobody ahead", async () => {
    await bring("small");
    await bring("large");
    truncateSync(join(models, "large", "weights.safetensors"), 11e6);
    const names = ["small", "large"].flatMap((id) => [`models/${id}/model.json`, `models/${id}/weights.safetensors`]);
    const along = broughtAlong(publicDir, names);
    expect(along).toEqual(names.slice(0, 3));
    // the page that is one file lists only what is in it
    expect(JSON.parse(await indexAmong(publicDir, along)).map(({ id }: IndexEntry) => id)).toEqual(["small"]);
  });

  it("is made anew by a build, in place of the committed file, with a warning for what is broken", async () => {
    await bring("good");
    mkdirSync(join(models, "empty"));
    commit([]);
    const logger = listening();
    await build({ root, configFile: false, customLogger: logger, plugins: [modelsIndex()], build: { outDir: join(root, "dist") } });
    expect(JSON.parse(readFileSync(join(root, "dist", INDEX_FILE), "utf8"))).toMatchObject([{ id: "good" }]);
    expect(logger.said.join("\n")).toContain("public/models/empty is left out: it has no model.json.");
  });

  it("is up to date in a development server that runs already", async () => {
    await bring("first");
    const logger = listening();
    const server = await createServer({ root, configFile: false, customLogger: logger, plugins: [modelsIndex()], server: { host: "127.0.0.1", port: 0, watch: null } });
    try {
      await server.listen();
      const { port } = server.httpServer!.address() as AddressInfo;
      const listed = async () => ((await (await fetch(`http://127.0.0.1:${port}/${INDEX_FILE}`)).json()) as IndexEntry[]).map(({ id }) => id);
      expect(await listed()).toEqual(["first"]);
      await bring("second");
      expect(await listed()).toEqual(["first", "second"]);
    } finally {
      await server.close();
    }
  });
});
