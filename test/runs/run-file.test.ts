import { strFromU8, strToU8, unzipSync, zipSync, type Zippable } from "fflate";
import { describe, expect, it, onTestFinished } from "vitest";
import { MemoryDatabase } from "../../src/notebook/database";
import { CostHistory } from "../../src/runs/cost-history";
import { costsFromCsv, costsToCsv } from "../../src/runs/costs-csv";
import { RunStore } from "../../src/runs/run-store";
import { batchAt, begin, fakeEncoder, finished, someConfig } from "../support/kept-runs";

let names = 0;

function open(): RunStore {
  const store = new RunStore(`files ${++names}`, new MemoryDatabase(), { encode: fakeEncoder });
  onTestFinished(() => store.close());
  return store;
}

type Files = Record<string, Uint8Array>;
const unpacked = async (file: Blob): Promise<Files> => unzipSync(new Uint8Array(await file.arrayBuffer()));
const packed = (files: Zippable): Blob => new Blob([zipSync(files, { level: 0 }) as Uint8Array<ArrayBuffer>]);

/** A good file, unpacked. */
async function someFiles(): Promise<Files> {
  const store = open();
  return unpacked(await store.exportRun(await finished(store)));
}

/** The same with another run.json. */
function withJson(files: Files, change: (json: any) => void): Blob {
  const json = JSON.parse(strFromU8(files["run.json"]));
  change(json);
  return packed({ ...files, "run.json": strToU8(JSON.stringify(json)) });
}

/** An archive of one file, that says of it to be so large. */
function saying(archive: Uint8Array, size: number): Blob {
  const bytes = archive.slice() as Uint8Array<ArrayBuffer>;
  const view = new DataView(bytes.buffer);
  let at = bytes.length - 4;
  while (view.getUint32(at, true) !== 0x02014b50) at--;
  view.setUint32(at + 24, size, true);
  return new Blob([bytes]);
}

const refused = async (file: Blob): Promise<string> => {
  const store = open();
  const message = await store.importRun(file).then(() => "taken", (error: Error) => error.message);
  expect(await store.list()).toEqual([]);
  return message;
};

describe("a run as a file", () => {
  it("is the same run in another browser: configuration, curves, checkpoints, frames, name and star", async () => {
    const store = open();
    const run = begin(store, { names: { content: "Ünï, \"cat\".png", style: "wave.jpg" }, group: { id: "g", title: "β", label: "row 1" } });
    run.go(1);
    run.go(300);
    run.go(301, { columns: ["total", "content", "style", "tv", "block2_conv1"], costs: Float64Array.of(1 / 3, NaN, 1e-300, Infinity, 5) });
    run.go(340, { state: "finished" });
    await run.keeper.ended();
    await store.update(run.keeper.id, { name: "Waves", starred: true, ruler: { ruler: "slim", step: 340, numbers: { content: 0.25 } } });
    const before = (await store.open(run.keeper.id))!;

    const elsewhere = open();
    expect(await elsewhere.importRun(await store.exportRun(run.keeper.id))).toBe(run.keeper.id);
    const after = (await elsewhere.open(run.keeper.id))!;
    // a cell of that name elsewhere has not made it
    expect(after.entry).toEqual({ ...before.entry, state: "finished", cell: null });
    expect(after.record.config).toEqual(before.record.config);
    expect(after.record.checkpoints).toEqual(before.record.checkpoints);
    expect([after.record.changes, after.record.last]).toEqual([before.record.changes, 339]);
    expect(after.frames).toEqual(before.frames);
    for (const name of before.history.columns) expect([name, after.history.column(name)]).toEqual([name, before.history.column(name)]);
  });

  it("names a network that was brought along as a kept one, wherever the page is", async () => {
    const store = open();
    const { card } = someConfig().network;
    const config = someConfig({ network: { card: { ...card, id: "squeezenet1_1" }, base: "kept:squeezenet1_1/" } });
    const elsewhere = open();
    const id = await elsewhere.importRun(await store.exportRun(await finished(store, { config })));
    expect((await elsewhere.open(id))!.record.config.network).toEqual(config.network);
  });

  it("keeps what L-BFGS remembers, and how many steps an optimiser has taken", async () => {
    const store = open();
    const run = begin(store);
    const memory = [Float32Array.of(1, 2, 3), new Float32Array(0), Float32Array.of(-1e30)];
    const { picture, moment1, moment2, width, height } = (await (async () => (run.go(1), run.what.record.checkpoints[0]))())!;
    run.go(9, { state: "finished", checkpoint: { step: 9, width, height, picture, moment1, moment2, taken: 4, optimiser: "lbfgs", memory } });
    await run.keeper.ended();
    const elsewhere = open();
    const id = await elsewhere.importRun(await store.exportRun(run.keeper.id));
    expect((await elsewhere.open(id))!.record.checkpoints.at(-1)).toMatchObject({ step: 9, taken: 4, optimiser: "lbfgs", memory });
  });

  it("holds numbers and tables that other tools read", async () => {
    const files = await someFiles();
    expect(Object.keys(files).filter((name) => !/^(checkpoints|frames|pictures)\//.test(name)).sort()).toEqual(["costs.csv", "run.json", "thumbnail.png"]);
    expect(strFromU8(files["costs.csv"]).split("\n").slice(0, 2)).toEqual(["step,total,content,style,tv,block1_conv1", "0,1,2,3,4,5"]);
    const { width, height, data } = someConfig().content;
    const json = JSON.parse(strFromU8(files["run.json"]));
    const floats = new Float32Array(files[json.pictures[0].file].slice().buffer);
    expect([json.pictures[0].width, json.pictures[0].height, floats]).toEqual([width, height, data]);
  });

  it("that is there already is not doubled, and what was changed since stays", async () => {
    const store = open();
    const id = await finished(store);
    const file = await store.exportRun(id);
    await store.update(id, { name: "mine" });
    expect(await store.importRun(file)).toBe(id);
    expect((await store.list()).map(({ name }) => name)).toEqual(["mine"]);
    await store.remove([id]);
    expect(await store.importRun(file)).toBe(id);
    expect((await store.list()).map(({ name }) => name)).toEqual([""]);
  });

  it("of a run that is still going is one that was stopped", async () => {
    const store = open();
    const run = begin(store);
    run.go(1);
    run.go(30);
    const elsewhere = open();
    await elsewhere.importRun(await store.exportRun(run.keeper.id));
    expect(await elsewhere.list()).toMatchObject([{ step: 30, state: "stopped" }]);
    run.keeper.close();
  });
});

describe("a file that is no run", () => {
  it("says so when it is something else, or cut off", async () => {
    expect(await refused(new Blob(["# A notebook"]))).toMatch(/^This file is no run: it is not a zip archive, or only a part of one/);
    const whole = packed(await someFiles());
    for (const share of [0.1, 0.5, 0.99]) expect(await refused(whole.slice(0, Math.round(whole.size * share)))).toMatch(/not a zip archive, or only a part of one/);
    expect(await refused(packed({ "a.txt": strToU8("hello") }))).toBe("This archive holds no run: there is no run.json in it.");
    expect(await refused(packed({ "run.json": strToU8("{") }))).toMatch(/^run\.json cannot be read/);
    expect(await refused(packed({ "run.json": strToU8("{}") }))).toMatch(/run\.json does not say so/);
  });

  it("is refused before anything is unpacked when it would take too much memory", async () => {
    const bomb = zipSync({ "run.json": new Uint8Array(2 ** 23) }, { level: 9 });
    expect(bomb.length).toBeLessThan(2 ** 14);
    expect(await refused(saying(bomb, 600 * 2 ** 20))).toBe("Unpacked, this file would take more than 512 MB, which no run does.");
    // one that says that it is small gets no more room than it says
    expect(await refused(saying(bomb, 100))).toMatch(/^(run\.json cannot be read|“run\.json” in this file is damaged)/);
    expect(await refused(packed({ "run.json": new Uint8Array(5 * 2 ** 20) }))).toMatch(/^“run\.json” has 5242880 bytes; at most 4194304 are expected/);
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`${i}`, new Uint8Array(0)]));
    expect(await refused(packed(many))).toMatch(/more than 1000 files/);
  });

  it("names what is missing, damaged or of another size", async () => {
    const files = await someFiles();
    const json = JSON.parse(strFromU8(files["run.json"]));
    const checkpoint: string = json.checkpoints[1].file;
    const { [checkpoint]: _, ...without } = files;
    expect(await refused(packed(without))).toBe(`“${checkpoint}” is missing in this file. Export the run again.`);
    expect(await refused(packed({ ...files, [checkpoint]: files[checkpoint].subarray(4) }))).toMatch(/has 6908 bytes; 6912 are expected/);
    const flipped = files[checkpoint].slice();
    flipped[1000] ^= 1;
    expect(await refused(packed({ ...files, [checkpoint]: flipped }))).toBe(`“${checkpoint}” is damaged. Export the run again.`);
    const picture: string = json.pictures[0].file;
    const changed = files[picture].slice();
    changed.set(files[picture].subarray(4, 8));
    expect(await refused(packed({ ...files, [picture]: changed }))).toMatch(/is not the picture that it should be/);
    expect(await refused(packed({ ...files, [picture]: new Uint8Array(Float32Array.from({ length: files[picture].length / 4 }, () => NaN).buffer) }))).toMatch(/its number 0 is NaN; it should be from 0 to 1/);
    expect(await refused(packed({ ...files, [json.thumbnail]: strToU8("<svg onload=alert(1)>") }))).toMatch(/is no picture: it should be a WebP, PNG or JPEG file/);
    expect(await refused(packed({ ...files, "costs.csv": strToU8("step,total\n0,1\n2,1\n") }))).toMatch(/^costs\.csv, line 3: it should be the step 1 and 1 numbers/);
  });

  it("names the field that is wrong, and takes over nothing that it does not know", async () => {
    const files = await someFiles();
    const wrong = (change: (json: any) => void) => refused(withJson(files, change));
    expect(await wrong((json) => (json.version = 2))).toMatch(/exported by a newer version of the workbench/);
    expect(await wrong((json) => (json.run.id = "../notebook/first-transfer"))).toBe("run.json: “run.id” should be a UUID.");
    expect(await wrong((json) => (json.run.name = "x".repeat(1000)))).toBe("run.json: “run.name” should be a text of at most 300 characters.");
    expect(await wrong((json) => (json.run.settings.optimiser.kind = "magic"))).toBe("run.json: “run.settings.optimiser.kind” should be one of “adam”, “descent”, “lbfgs”.");
    expect(await wrong((json) => (json.run.settings.size = 4000))).toMatch(/“run\.settings” cannot be run\. A size of 4000 px is too large/);
    expect(await wrong((json) => (json.run.settings.styleLayers = { nowhere: 1 }))).toMatch(/“run\.settings” cannot be run\. The style layer "nowhere" is no layer/);
    expect(await wrong((json) => (json.network.base = "https://elsewhere.example/models/x/"))).toBe("run.json: “network.base” should be a folder of “models/”, or a kept network like “kept:vgg19/”.");
    for (const base of ["kept:../", "kept:a/b/", "kept:https://elsewhere.example/"]) expect(await wrong((json) => (json.network.base = base))).toMatch(/“network.base” should be/);
    expect(await wrong((json) => (json.network.base = "models/../"))).toMatch(/network\.base/);
    expect(await wrong((json) => (json.network.card.layers = []))).toMatch(/^run\.json: “network\.card”: model\.json of .*"layers" should be a list of layers/);
    expect(await wrong((json) => (json.checkpoints[1].width = 1e9))).toBe("run.json: “checkpoints[1].width” should be a number from 1 to 4096.");
    expect(await wrong((json) => json.checkpoints.reverse())).toMatch(/“checkpoints” should be in the order of their steps/);
    expect(await wrong((json) => (json.from = 7))).toMatch(/the run begins at step 7, and the checkpoint of that step is missing/);
    expect(await wrong((json) => json.pictures.pop())).toBe("The picture “great-wave.jpg” is missing in this file.");

    const store = open();
    const id = await store.importRun(withJson(files, (json) => Object.assign(json.run, { thumbnail: "x", evil: "<script>", bytes: -5, network: { id: "other" } })));
    const entry = (await store.get(id))!;
    expect(["evil" in entry, entry.network.id, entry.bytes > 0]).toEqual([false, someConfig().network.card.id, true]);
  });
});

describe("costs as a table", () => {
  it("are exact in both directions, whatever the names of their columns", () => {
    const history = new CostHistory();
    history.append(batchAt(0, 3));
    history.append({ columns: ["total", 'a "b", c'], costs: Float64Array.of(0.1 + 0.2, 1e-320, -0, 5), first: 3 });
    const back = costsFromCsv(costsToCsv(history));
    expect([back.length, back.columns]).toEqual([history.length, history.columns]);
    for (const name of history.columns) expect(back.column(name)).toEqual(history.column(name).map((value) => value + 0));
  });
});
