import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ImportMessage } from "../../src/models/import-job";
import { keyOf, PIECE_BYTES } from "../../src/models/network-disk";
import { NetworkStore } from "../../src/models/network-store";
import { perform } from "../../src/models/perform";
import type { RemoteOptions } from "../../src/models/remote-file";
import { SOURCES } from "../../src/models/sources";
import { MemoryDatabase, type Database } from "../../src/notebook/database";
import { playedVgg19, WeightsServer, type PlayedFile } from "../browser/support/weights-server";
import { FullDatabase } from "./support/kept";

/** A quarter of VGG-19's channels: five pieces of a mebibyte. */
const NARROW = 4;
const PATH = new URL(SOURCES.vgg19.url).pathname;

let played: PlayedFile;
const open: { close(): unknown }[] = [];

beforeAll(() => {
  played = playedVgg19({ narrow: NARROW, classifier: true });
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function serverOf(file = played): Promise<WeightsServer> {
  const server = await WeightsServer.start(file, PATH);
  open.push(server);
  return server;
}

let count = 0;
function storeIn(database: Database): NetworkStore {
  const store = new NetworkStore(`download ${++count}`, database);
  open.push(store);
  return store;
}

/** Downloads as the worker does, from the played hosts in place of the real ones. */
async function bring(server: WeightsServer, database: Database, options: RemoteOptions = {}, task: Parameters<typeof perform>[0] = { kind: "download", source: "vgg19" }): Promise<{ told: ImportMessage[]; last: ImportMessage; store: NetworkStore }> {
  const told: ImportMessage[] = [];
  const store = storeIn(database);
  const fetcher = (url: string, init: RequestInit) => fetch(url.replace("https://huggingface.co", `http://127.0.0.1:${server.ports.front}`), init);
  await perform(task, store, (message) => told.push(message), { fetcher, pauses: [0, 0, 0], ...options });
  return { told, last: told.at(-1)!, store };
}

/** The network's numbers as the file has them. */
async function expectWhole(store: NetworkStore, file = played): Promise<void> {
  const [network] = await store.list();
  const start = 8 + Number(file.read(0, 8).readBigUInt64LE());
  const header = JSON.parse(file.read(8, start).toString()) as Record<string, { data_offsets: [number, number] }>;
  const places = ["features.0", "features.5", "features.34"].flatMap((name) => [`${name}.weight`, `${name}.bias`].map((one) => header[one].data_offsets));
  const kept = await Promise.all(["block1_conv1", "block2_conv1", "block5_conv4"].flatMap((layer) => [`${layer}.kernel`, `${layer}.bias`]).map((key) => store.tensor(network.id, key)));
  const same = kept.map(({ bytes }, i) => Buffer.compare(bytes, file.read(start + places[i][0], start + places[i][1])));
  expect(same).toEqual([0, 0, 0, 0, 0, 0]);
  expect(network.tensors).toHaveLength(32);
}

const lastRange = (server: WeightsServer) => /bytes=(\d+)-(\d+)/.exec(server.ranges.at(-1)!)!.slice(1).map(Number);

describe("getting VGG-19", () => {
  it("asks for the list of tensors first, then for the convolutions alone, in one plain request for all that lie together", async () => {
    const server = await serverOf();
    const { last, store, told } = await bring(server, new MemoryDatabase());
    expect(last).toMatchObject({ phase: "done", message: "", network: { id: "vgg19", origin: SOURCES.vgg19.url, licence: "BSD-3-Clause" } });
    expect(server.ranges).toHaveLength(2);
    expect(server.ranges[0]).toBe("bytes=0-65535");
    const bytes = 4 * last.network!.tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    const [from, to] = lastRange(server);
    expect([to - from + 1, last.done]).toEqual([bytes, bytes]);
    expect(server.sent).toBe(bytes + 65_536);
    await expectWhole(store);
    expect(told.find(({ recognised }) => recognised)?.recognised?.title).toContain("VGG-19");
    expect([...new Set(told.flatMap(({ phase }) => phase ?? []))]).toEqual(["reading", "downloading", "converting", "done"]);
  });

  it("takes the file as it is now where its pinned revision is gone, says so by its origin, and repairs it from there", async () => {
    const server = await WeightsServer.start(played, new URL(SOURCES.vgg19.newest).pathname);
    open.push(server);
    const database = new MemoryDatabase();
    const { last, store } = await bring(server, database);
    expect(last).toMatchObject({ phase: "done", network: { id: "vgg19", origin: SOURCES.vgg19.newest } });
    await expectWhole(store);
    const [key, piece] = (await database.entries("tensor/")).at(-1)!;
    await database.put(key, Uint8Array.from(piece as Uint8Array, (byte) => byte ^ 1));
    const { last: repaired, store: again } = await bring(server, database, {}, { kind: "repair", id: "vgg19" });
    expect(repaired).toMatchObject({ phase: "done", network: { origin: SOURCES.vgg19.newest } });
    await expectWhole(again);
  });

  it("sends nothing that a browser would have to ask for permission to send", async () => {
    const server = await serverOf();
    await bring(server, new MemoryDatabase());
    const plain = new Set(["host", "connection", "accept", "accept-language", "accept-encoding", "sec-fetch-mode", "user-agent", "range", "cache-control", "pragma"]);
    expect(server.asked.flatMap(({ headers }) => Object.keys(headers).filter((name) => !plain.has(name)))).toEqual([]);
    expect(new Set(server.asked.map(({ method }) => method))).toEqual(new Set(["GET"]));
  });

  it("keeps nothing of the file but the network's tensors", async () => {
    const database = new MemoryDatabase();
    const { store } = await bring(await serverOf(), database);
    expect([await database.keys("file/"), await store.drafts()]).toEqual([[], []]);
  });

  it("says how much it is before the first of it comes, and counts every byte", async () => {
    const { told } = await bring(await serverOf(), new MemoryDatabase());
    const counted = told.filter(({ phase, of }) => phase === "downloading" && of);
    expect(counted[0]).toMatchObject({ done: 0, of: told.at(-1)!.done });
    const done = counted.map((message) => message.done!);
    expect(done).toEqual([...done].sort((a, b) => a - b));
  });

  it("works where a server does not let pages see which part it sends", async () => {
    const server = await serverOf();
    const hidden = (url: string, init: RequestInit) => fetch(url.replace("https://huggingface.co", `http://127.0.0.1:${server.ports.front}`), init).then((answer) => {
      const response = new Response(answer.body, { status: answer.status, headers: { "content-length": answer.headers.get("content-length")! } });
      return response;
    });
    const { last, store } = await bring(server, new MemoryDatabase(), { fetcher: hidden });
    expect(last.phase).toBe("done");
    await expectWhole(store);
  });
});

describe("a connection that breaks", () => {
  it("is made again from the last whole piece, which is said, and nothing is lost", async () => {
    const server = await serverOf();
    const { last, told, store } = await bring(server, new MemoryDatabase(), { fetcher: dropping(server, [2.5 * PIECE_BYTES]) });
    expect(last.phase).toBe("done");
    const [begun, resumed] = server.ranges.slice(1).map((range) => Number(/bytes=(\d+)/.exec(range)![1]));
    expect(resumed - begun).toBe(2 * PIECE_BYTES);
    expect(told.map(({ message }) => message)).toContainEqual(expect.stringMatching(/^The connection to huggingface\.co (broke|ended early)\. Trying again in 1 s\.$/));
    await expectWhole(store);
  });

  it("pauses the download when it breaks again and again, and what has arrived stays", async () => {
    const server = await serverOf();
    const database = new MemoryDatabase();
    const first = await bring(server, database, { fetcher: dropping(server, [2.5 * PIECE_BYTES, 1000, 1000, 1000]) });
    expect(first.last).toMatchObject({ phase: "paused", message: expect.stringMatching(/It was tried 4 times\. What has arrived stays: go on when the connection is back\.$/) });
    const [draft] = await first.store.drafts();
    expect([draft.source, draft.done]).toEqual(["vgg19", 2 * PIECE_BYTES]);
    const before = server.sent;
    const second = await bring(server, database);
    expect(second.last.phase).toBe("done");
    expect(server.sent - before).toBe(65_536 + second.last.done! - 2 * PIECE_BYTES);
    await expectWhole(second.store);
  });

  it("is noticed when nothing comes any more", async () => {
    const server = await serverOf();
    const { last, told } = await bring(server, new MemoryDatabase(), { silence: 150, fetcher: faulty(server, [null, { kind: "silence", after: 1000 }]) });
    expect(last.phase).toBe("done");
    expect(told.map(({ message }) => message)).toContainEqual(expect.stringContaining("sends nothing any more. Trying again"));
  });

  it.each([429, 500, 503])("is waited for when the server says %i", async (status) => {
    const server = await serverOf();
    const { last, told } = await bring(server, new MemoryDatabase(), { fetcher: faulty(server, [null, { kind: "status", status }]) });
    expect(last.phase).toBe("done");
    expect(told.map(({ message }) => message)).toContainEqual(expect.stringContaining(`(${status}). Trying again`));
  });

  it("that never was is told with what to do, and the download can go on later", async () => {
    const server = await serverOf();
    const { last } = await bring(server, new MemoryDatabase(), { fetcher: () => Promise.reject(new TypeError("Failed to fetch")) });
    expect(last).toMatchObject({ phase: "paused", message: "huggingface.co cannot be reached: there is no connection, or something on the way blocks it. It was tried 4 times. What has arrived stays: go on when the connection is back." });
    expect(server.asked).toEqual([]);
  });
});

describe("an answer that is not what was asked for", () => {
  it("is refused before its body is read when it is the whole file", async () => {
    const server = await serverOf();
    const { last } = await bring(server, new MemoryDatabase(), { fetcher: faulty(server, [null, { kind: "whole" }]) });
    expect(last).toMatchObject({ phase: "failed", message: expect.stringMatching(/^huggingface\.co answers with the whole file where [\d,]+ bytes of it were asked for\. It knows no parts of files, so nothing was read\.$/) });
    expect(server.sent).toBeLessThan(played.size / 4);
  });

  it.each([
    ["another part", { kind: "other part" }, "answers with another part of the file (“bytes"],
    ["fewer bytes", { kind: "short" }, "answers with another part of the file"],
    ["a file of another length", { kind: "other length" }, "is not the one that this download began with"],
    ["another version of the file", { kind: "other etag" }, "has another version mark (ETag)"],
    ["no file", { kind: "status", status: 404 }, "The file is not at huggingface.co any more (404)."],
    ["a refusal", { kind: "status", status: 403 }, "does not hand out the file (403)"],
  ] as const)("is refused when it is %s", async (_, fault, message) => {
    const server = await serverOf();
    const { last, store } = await bring(server, new MemoryDatabase(), { fetcher: faulty(server, [null, fault]) });
    expect(last).toMatchObject({ phase: "failed", message: expect.stringContaining(message) });
    expect(await store.list()).toEqual([]);
  });

  it("is refused when its numbers are no weights, and those alone are fetched again", async () => {
    const server = await serverOf();
    const database = new MemoryDatabase();
    const { last } = await bring(server, database, { fetcher: faulty(server, [null, { kind: "drop", after: 2 * PIECE_BYTES }, { kind: "noise" }]) });
    expect(last).toMatchObject({ phase: "failed", message: expect.stringMatching(/^“features\.\d+\.(weight|bias)” holds NaN/) });
    const before = server.sent;
    const again = await bring(server, database);
    expect(again.last.phase).toBe("done");
    expect(server.sent - before).toBeLessThanOrEqual(65_536 + 2 * PIECE_BYTES);
    await expectWhole(again.store);
  });

  it("is refused when a file of another version has taken its place since the last visit", async () => {
    const database = new MemoryDatabase();
    const server = await serverOf();
    await bring(server, database, { pauses: [], fetcher: dropping(server, [1.5 * PIECE_BYTES]) });
    const other = await serverOf({ ...played, etag: '"newer"' });
    const { last } = await bring(other, database);
    expect(last.message).toContain("Parts of two files must not be mixed; cancel, and get it anew.");
    expect(other.ranges).toHaveLength(1);
  });
});

describe("what has arrived", () => {
  it("is checked before it is gone on with: a damaged piece is fetched again, and no other", async () => {
    const server = await serverOf();
    const database = new MemoryDatabase();
    await bring(server, database, { pauses: [], fetcher: dropping(server, [3.5 * PIECE_BYTES]) });
    const [key] = await database.keys("file/");
    const piece = (await database.get(key)) as { bytes: Uint8Array };
    piece.bytes[5] ^= 1;
    await database.put(key, piece);
    const before = server.sent;
    const { last, store } = await bring(server, database);
    expect(last.phase).toBe("done");
    expect(server.sent - before).toBe(65_536 + last.done! - 2 * PIECE_BYTES);
    await expectWhole(store);
  });

  it("stays when the disk is full, and the download goes on when there is room", async () => {
    const server = await serverOf();
    const database = new FullDatabase(2.5 * PIECE_BYTES);
    const { last } = await bring(server, database);
    expect(last).toMatchObject({ phase: "paused", message: expect.stringContaining("does not fit: the browser gives this page no more room") });
    database.room = Infinity;
    const before = server.sent;
    const again = await bring(server, database);
    expect(again.last.phase).toBe("done");
    expect(server.sent - before).toBe(65_536 + again.last.done! - 2 * PIECE_BYTES);
    await expectWhole(again.store);
  });

  it("is repaired when the kept network is damaged later: only its damaged layer is fetched again", async () => {
    const server = await serverOf();
    const database = new MemoryDatabase();
    const { store, last } = await bring(server, database);
    const kernel = last.network!.tensors.find(({ key }) => key === "block3_conv2.kernel")!;
    const [key] = (await database.keys("tensor/")).filter((one) => one.includes("block3_conv2.kernel"));
    await database.put(key, new Uint8Array(kernel.bytes));
    await expect(store.tensor("vgg19", kernel.key)).rejects.toThrow("Repair the network under “Networks…”");
    const before = server.sent;
    const again = await bring(server, database, {}, { kind: "repair", id: "vgg19" });
    expect(again.last).toMatchObject({ phase: "done", network: { id: "vgg19", card: { weights: { sha256: last.network!.card.weights.sha256 } } } });
    expect(server.sent - before).toBeLessThan(65_536 + 2 * PIECE_BYTES + kernel.bytes);
    await expectWhole(again.store);
  });

  it("needs no connection to be found whole", async () => {
    const server = await serverOf();
    const database = new MemoryDatabase();
    await bring(server, database);
    const asked = server.asked.length;
    expect((await bring(server, database, {}, { kind: "repair", id: "vgg19" })).last).toMatchObject({ phase: "done", message: "Every number is as it was kept." });
    expect(server.asked).toHaveLength(asked);
    expect(await database.get(keyOf.network("vgg19"))).toBeDefined();
  });
});

/** Faults by turn of the requests for parts; null: none. */
function faulty(server: WeightsServer, faults: (WeightsServer["faults"][number] | null)[]): NonNullable<RemoteOptions["fetcher"]> {
  const left = [...faults];
  return (url, init) => {
    const fault = left.shift();
    if (fault) server.faults.push(fault);
    return fetch(url.replace("https://huggingface.co", `http://127.0.0.1:${server.ports.front}`), init);
  };
}

/** The first request, which is for the list of tensors, is answered; those after it break off after so many bytes. */
const dropping = (server: WeightsServer, after: number[]) => faulty(server, [null, ...after.map((bytes) => ({ kind: "drop" as const, after: bytes }))]);
