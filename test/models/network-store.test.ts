import { afterEach, describe, expect, it, vi } from "vitest";
import { NetworkStore, type NewTensor } from "../../src/models/network-store";
import type { KeptNetwork } from "../../src/models/kept-network";
import { keyOf, partsOf, PIECE_BYTES } from "../../src/models/network-disk";
import { MemoryDatabase, type Database } from "../../src/notebook/database";
import { sha256 } from "../../src/notebook/sha256";
import { readSafetensors } from "../../src/nst/safetensors";
import type { ModelCard } from "../../src/nst/model-card";
import { FullDatabase, thinCard } from "./support/kept";

const stores: NetworkStore[] = [];
let count = 0;

function open(database: Database = new MemoryDatabase(), name = `networks ${++count}`): { store: NetworkStore; database: Database } {
  const store = new NetworkStore(name, database);
  stores.push(store);
  return { store, database };
}

afterEach(() => stores.splice(0).forEach((store) => store.close()));

const stats = { mean: 0, deviation: 1, largest: 3 };
const about = (card: ModelCard = thinCard()): Omit<KeptNetwork, "tensors" | "bytes" | "added"> => ({ id: card.id, card, origin: "weights.pth", licence: "CC0", memory: 1000 });

/** 2.5 pieces of numbers that tell where they are. */
const NUMBERS = new Uint8Array(Uint32Array.from({ length: (2.5 * PIECE_BYTES) / 4 }, (_, i) => i * 7).buffer);
const kernel = (): NewTensor => ({ key: "conv.kernel", format: "F32", shape: [5, 131_072], bytes: NUMBERS, stats });
const bias = (value = 1): NewTensor => ({ key: "conv.bias", format: "F32", shape: [5], bytes: new Uint8Array(new Float32Array(5).fill(value).buffer), stats });

async function keep(store: NetworkStore, network = about(), tensors = [kernel(), bias()]): Promise<KeptNetwork> {
  const writer = await store.begin(network, { key: `${network.id} ${Math.random()}` });
  for (const tensor of tensors) await writer.put(tensor);
  return writer.finish(tensors.map(({ key }) => key));
}

describe("a network that is kept", () => {
  it("is listed with its size, its tensors' SHA-256 and one over all of them, and gives its numbers back bit for bit", async () => {
    const { store } = open();
    const network = await keep(store);
    expect(await store.list()).toEqual([network]);
    expect(network.bytes).toBe(kernel().bytes.length + 20);
    expect(network.tensors.map(({ key, sha256 }) => [key, sha256.length])).toEqual([["conv.kernel", 64], ["conv.bias", 64]]);
    expect(network.tensors[0].sha256).toBe(await sha256(kernel().bytes as Uint8Array<ArrayBuffer>));
    expect(network.card.weights.sha256).toMatch(/^[0-9a-f]{64}$/);
    const { bytes, ...rest } = await store.tensor("thin", "conv.kernel");
    expect([rest, Buffer.compare(bytes, NUMBERS)]).toEqual([{ format: "F32", shape: [5, 131_072] }, 0]);
    expect(await store.usage()).toBe(network.bytes);
  });

  it("lies in pieces of at most a mebibyte", async () => {
    const { store, database } = open();
    await keep(store);
    const pieces = await database.entries("tensor/");
    expect(pieces.map(([, piece]) => (piece as Uint8Array).length)).toEqual([20, PIECE_BYTES, PIECE_BYTES, PIECE_BYTES / 2]);
  });

  it("has other weights by name when one number is another", async () => {
    const { store } = open();
    const one = await keep(store);
    const other = await keep(store, about(), [kernel(), bias(2)]);
    expect(other.card.weights.sha256).not.toBe(one.card.weights.sha256);
    // its name is taken
    expect([one.id, other.id, other.card.id]).toEqual(["thin", "thin-2", "thin-2"]);
  });

  it("is not kept twice: the same numbers, read alike, are the network that is there", async () => {
    const { store, database } = open();
    const first = await keep(store);
    expect(await keep(store)).toEqual(first);
    expect(await store.list()).toHaveLength(1);
    expect(await store.drafts()).toEqual([]);
    expect(await database.keys("tensor/")).toHaveLength(4);
    const otherwise = await keep(store, about(thinCard({ input: { channels: "BGR", range: [0, 255], mean: [1, 2, 3], scale: 1 } })));
    expect(otherwise.id).toBe("thin-2");
  });

  it("is not kept twice either once its settings have been fitted to it", async () => {
    const { store } = open();
    const { id, card } = await keep(store);
    await store.update(id, { card: { ...card, defaults: { ...card.defaults, beta: 7 }, notes: { settings: "fitted" } } });
    const again = await keep(store);
    expect([again.id, again.card.defaults.beta]).toEqual([id, 7]);
    expect(await store.list()).toHaveLength(1);
  });

  it("becomes files that are read again as they were, with its card in the weights", async () => {
    const { store } = open();
    await keep(store);
    const weights = await store.file("thin", "weights.safetensors");
    const bytes = await weights.arrayBuffer();
    const read = readSafetensors(bytes);
    expect([...read.keys()]).toEqual(["conv.kernel", "conv.bias"]);
    expect(read.get("conv.kernel")!.shape).toEqual([5, 131_072]);
    expect(new Uint8Array(read.get("conv.bias")!.data.buffer)).toEqual(bias().bytes);
    const length = Number(new DataView(bytes).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.slice(8, 8 + length))) as { __metadata__: Record<string, string> };
    expect(JSON.parse(header.__metadata__["nst.card"])).toMatchObject({ id: "thin", weights: { file: "weights.safetensors" } });
    const card = JSON.parse(await (await store.file("thin", "model.json")).text()) as ModelCard;
    expect(card.weights.sha256).toBe(await sha256(new Uint8Array(bytes)));
  });

  it("is told by name when a tensor is not what was kept, or a part of it is gone", async () => {
    const { store, database } = open();
    const { card } = await keep(store);
    const [key, piece] = (await database.entries("tensor/")).at(-1)!;
    const changed = Uint8Array.from(piece as Uint8Array);
    changed[3] ^= 1;
    await database.put(key, changed);
    await expect(store.tensor("thin", "conv.kernel")).rejects.toThrow(new RegExp(`“conv.kernel” of ${card.title} is not what was kept any more`));
    await database.put(key, undefined);
    await expect(store.tensor("thin", "conv.kernel")).rejects.toThrow("parts of it are missing");
    await expect(store.tensor("thin", "other")).rejects.toThrow("has no tensor “other”");
    await expect(store.tensor("nobody", "conv.bias")).rejects.toThrow("“nobody” is not kept in this browser");
  });

  it("is compared with its SHA-256 once in a page, not each time that it is read", async () => {
    const { store, database } = open();
    await keep(store);
    await store.tensor("thin", "conv.bias");
    const [key] = await database.keys("tensor/");
    await database.put(key, new Uint8Array(20));
    expect((await store.tensor("thin", "conv.bias")).bytes).toEqual(new Uint8Array(20));
    await expect(open(database).store.tensor("thin", "conv.bias")).rejects.toThrow("is not what was kept");
  });

  it("takes on what is said of it later, and keeps its numbers", async () => {
    const { store } = open();
    const { card } = await keep(store);
    const input = { ...card.input, channels: "BGR" as const };
    await store.update("thin", { card: { ...card, input }, sanity: { verdict: "fits", says: [], layers: [] } });
    const now = await store.get("thin");
    expect([now!.card.input.channels, now!.sanity!.verdict, now!.tensors.length]).toEqual(["BGR", "fits", 2]);
  });

  it("comes back after it was removed, until it is deleted for good", async () => {
    const { store, database } = open();
    const network = await keep(store);
    await store.remove("thin");
    expect(await store.list()).toEqual([]);
    await expect(store.tensor("thin", "conv.bias")).rejects.toThrow("is not kept in this browser");
    expect(await store.usage()).toBe(network.bytes);
    expect(await store.restore("thin")).toBe(true);
    expect(await store.list()).toEqual([network]);
    await store.remove("thin");
    await store.purge("thin");
    expect(await store.restore("thin")).toBe(false);
    expect([await database.entries(""), await store.usage()]).toEqual([[], 0]);
  });

  it("goes for good when pages that removed it are long gone", async () => {
    const { store, database } = open();
    await keep(store);
    await store.remove("thin");
    await store.tidy();
    expect(await database.keys("trash/")).toHaveLength(1);
    vi.useFakeTimers({ now: Date.now() + 3_600_000, toFake: ["Date"] });
    await open(database).store.tidy().finally(() => vi.useRealTimers());
    expect(await database.keys("")).toEqual([]);
  });

  it("leaves no numbers behind that an import wrote while it was given up", async () => {
    const { store, database } = open();
    await keep(store);
    await database.put(keyOf.tensor("nobody", "conv.kernel", 0), new Uint8Array(5));
    await database.put(keyOf.file("nobody", 0, 5), new Uint8Array(5));
    const whole = await database.keys("");
    await store.tidy();
    expect(await database.keys("")).toEqual(whole.filter((key) => !key.includes("nobody")));
    expect(await database.keys("tensor/")).toHaveLength(4);
  });

  it("is heard of by other pages and workers", async () => {
    const database = new MemoryDatabase();
    const { store } = open(database, "shared");
    const { store: other } = open(database, "shared");
    const heard = new Promise((resolve) => other.addEventListener("changed", resolve, { once: true }));
    expect(await other.get("thin")).toBeNull();
    await keep(store);
    await heard;
    await vi.waitFor(async () => expect((await other.get("thin"))?.id).toBe("thin"));
  });
});

describe("a network of which not all has arrived", () => {
  it("is listed as a draft, and gone on with by the same file only", async () => {
    const { store } = open();
    const writer = await store.begin(about(), { key: "file weights.pth 1000", source: "vgg19" });
    await writer.put(kernel());
    await writer.note({ of: 10_000_000 });
    expect(await store.list()).toEqual([]);
    expect(await store.drafts()).toEqual([{ key: "file weights.pth 1000", source: "vgg19", title: "Thin", origin: "weights.pth", done: kernel().bytes.length, of: 10_000_000, begun: expect.any(Number) }]);
    const again = await store.begin(about(), { key: "file weights.pth 1000" });
    expect([again.has("conv.kernel")?.bytes, again.folder]).toEqual([kernel().bytes.length, writer.folder]);
    expect((await store.begin(about(), { key: "file weights.pth 1001" })).has("conv.kernel")).toBeNull();
    await again.put(bias());
    await again.finish(["conv.kernel", "conv.bias"]);
    expect([(await store.list()).length, (await store.drafts()).length]).toEqual([1, 1]);
  });

  it("does not write again what is there with the same numbers", async () => {
    const { store, database } = open();
    const writer = await store.begin(about());
    await writer.put(kernel());
    const put = vi.spyOn(database, "put");
    await (await store.begin(about())).put(kernel());
    expect(put).not.toHaveBeenCalled();
    await (await store.begin(about())).put({ ...kernel(), bytes: kernel().bytes.map((byte) => byte ^ 1) });
    expect(put).toHaveBeenCalled();
  });

  it("names what is damaged when it goes on", async () => {
    const { store, database } = open();
    const writer = await store.begin(about());
    await writer.put(kernel());
    await writer.put(bias());
    await database.put(keyOf.tensor(writer.folder, "conv.kernel", 1), new Uint8Array(PIECE_BYTES));
    const again = await store.begin(about());
    expect(await again.check()).toEqual(["conv.kernel"]);
    expect([again.has("conv.kernel"), again.has("conv.bias")?.key]).toEqual([null, "conv.bias"]);
  });

  it("is forgotten with all that has arrived of it", async () => {
    const { store, database } = open();
    const writer = await store.begin(about(), { key: "some file" });
    await writer.put(kernel());
    await store.removeDraft("some file");
    expect(await database.keys("")).toEqual([]);
  });

  it("keeps what is complete when the disk is full, says so, and goes on when there is room", async () => {
    const database = new FullDatabase(1.5 * PIECE_BYTES);
    const { store } = open(database);
    const writer = await store.begin(about());
    await writer.put(bias());
    await expect(writer.put(kernel())).rejects.toThrow("Thin does not fit: the browser gives this page no more room. What has arrived stays. Free some room under “Storage” or remove a network, then go on.");
    database.room = Infinity;
    const again = await store.begin(about());
    expect(again.tensors.map(({ key }) => key)).toEqual(["conv.bias"]);
    await again.put(kernel());
    const network = await again.finish(["conv.kernel", "conv.bias"]);
    expect(Buffer.compare((await store.tensor(network.id, "conv.kernel")).bytes, NUMBERS)).toBe(0);
    expect(await database.keys(partsOf.tensor(writer.folder, "conv.kernel"))).toHaveLength(3);
  });

  it("cannot be begun where the browser keeps nothing, which is said, while the list is empty and nothing fails", async () => {
    const database = new MemoryDatabase();
    database.get = () => Promise.reject(new DOMException("blocked", "SecurityError"));
    const { store } = open(database);
    expect(await store.list()).toEqual([]);
    expect(store.problem).toMatch(/^Networks cannot be kept here: this browser lets the page keep nothing/);
    await expect(store.begin(about())).rejects.toThrow(/^Networks cannot be kept here: this browser lets the page keep nothing.*\. Open the workbench in an ordinary window to bring Thin along\.$/);
  });
});
