import { afterEach, describe, expect, it } from "vitest";
import { fingerprint } from "../../src/models/fingerprint";
import type { CopyKind, ImportMessage, ImportOptions, ImportTask } from "../../src/models/import-job";
import { NetworkStore } from "../../src/models/network-store";
import { perform } from "../../src/models/perform";
import { INPUTS } from "../../src/models/preprocessing";
import { MemoryDatabase, type Database } from "../../src/notebook/database";
import { decodeFloat16 } from "../../src/nst/float16";
import { playedVgg19 } from "../browser/support/weights-server";
import { FullDatabase } from "./support/kept";

/** A sixteenth of VGG-19's channels: 310 kB. */
const played = playedVgg19({ narrow: 16, classifier: false });
const weights = () => new File([played.read(0, played.size) as Uint8Array<ArrayBuffer>], "model.safetensors", { lastModified: 1 });

const stores: NetworkStore[] = [];
afterEach(() => stores.splice(0).forEach((store) => store.close()));

let count = 0;
function storeIn(database: Database = new MemoryDatabase()): NetworkStore {
  const store = new NetworkStore(`perform ${++count}`, database);
  stores.push(store);
  return store;
}

async function perfectly(task: ImportTask, store: NetworkStore): Promise<ImportMessage & { told: ImportMessage[] }> {
  const told: ImportMessage[] = [];
  await perform(task, store, (message) => told.push(message));
  return { ...told.at(-1)!, told };
}

const bring = (store: NetworkStore, files = [weights()], options: ImportOptions = {}) => perfectly({ kind: "files", files, options }, store);
const copy = (store: NetworkStore, id: string, how: CopyKind, means: Record<string, Float32Array> | null = null) => perfectly({ kind: "copy", id, how, means }, store);

describe("a dropped file", () => {
  it("becomes a kept network, tensor by tensor, and says on the way what it is and why its pixels are read so", async () => {
    const store = storeIn();
    const { phase, network, told, done } = await bring(store);
    expect(phase).toBe("done");
    expect(await store.list()).toEqual([network]);
    expect(network).toMatchObject({ origin: "model.safetensors", bytes: done, card: { weights: { file: "weights.safetensors", dtype: "F32", kernelLayout: "OIHW" } } });
    expect(network!.memory).toBeGreaterThan(1.9 * network!.bytes);
    expect(told.find(({ recognised }) => recognised)!.recognised).toEqual({ title: expect.stringContaining("VGG-19"), inputFrom: expect.stringMatching(/\.$/) });
  });

  it("is called and read as the person says", async () => {
    const { input } = INPUTS["caffe-bgr"];
    const { network } = await bring(storeIn(), [weights()], { id: "mine", input });
    expect([network!.id, network!.card.id, network!.card.input]).toEqual(["mine", "mine", input]);
  });

  it("is not kept a second time, and under a free name when it is read in another way", async () => {
    const store = storeIn();
    const { network } = await bring(store);
    expect((await bring(store)).network).toEqual(network);
    const other = await bring(store, [weights()], { input: INPUTS["raw-0-1"].input });
    expect(other.network!.id).toBe(`${network!.id}-2`);
    expect(other.network!.card.weights.sha256).toBe(network!.card.weights.sha256);
  });

  it("that holds something else is refused with what it is, and leaves nothing behind", async () => {
    const database = new MemoryDatabase();
    const store = storeIn(database);
    const { phase, message } = await bring(store, [new File(["not weights at all, but some text about them"], "weights.pth")]);
    expect([phase, message]).toEqual(["failed", expect.stringContaining("weights.pth")]);
    expect(await database.keys("")).toEqual([]);
  });

  it("waits where the disk is full, and goes on when there is room", async () => {
    const database = new FullDatabase(100_000);
    const store = storeIn(database);
    const full = await bring(store);
    expect([full.phase, full.message]).toEqual(["paused", expect.stringContaining("does not fit")]);
    expect((await store.drafts())[0].done).toBeGreaterThan(50_000);
    database.room = Infinity;
    expect((await bring(store)).phase).toBe("done");
  });

  it("is told from another one of its name", () => {
    const task = (file: File): ImportTask => ({ kind: "files", files: [file], options: {} });
    const names = [weights(), new File(["x"], "model.safetensors", { lastModified: 1 }), new File([weights()], "model.safetensors", { lastModified: 2 })].map((file) => fingerprint(task(file)));
    expect(new Set(names).size).toBe(3);
    expect(fingerprint(task(weights()))).toBe(names[0]);
  });

  it("of our own comes back as it was, number by number, with its name and its preprocessing", async () => {
    const store = storeIn();
    const { network } = await bring(store, [weights()], { id: "mine", input: INPUTS["caffe-bgr"].input });
    const saved = new File([await store.file("mine", "weights.safetensors")], "weights.safetensors");
    const back = (await bring(storeIn(), [saved])).network!;
    expect(back.card.weights).toEqual(network!.card.weights);
    expect([back.id, back.card.input, back.card.title]).toEqual(["mine", network!.card.input, network!.card.title]);
  });
});

describe("a copy", () => {
  it("in 16 bits takes half the room, and each number is the nearest half", async () => {
    const store = storeIn();
    const { network } = await bring(store);
    const made = (await copy(store, network!.id, "fp16")).network!;
    expect([made.bytes, made.copyOf, made.made, made.id, made.card.weights.dtype]).toEqual([network!.bytes / 2, network!.id, "fp16", `${network!.id}-fp16`, "F16"]);
    const halves = decodeFloat16(new Uint16Array((await store.tensor(made.id, "block2_conv1.kernel")).bytes.buffer));
    const whole = new Float32Array((await store.tensor(network!.id, "block2_conv1.kernel")).bytes.buffer);
    expect(Math.max(...halves.map((x, i) => Math.abs(x - whole[i]) / Math.max(1e-3, Math.abs(whole[i]))))).toBeLessThan(2 ** -11);
  });

  it("in 8 bits takes about a quarter, with a scale for each filter, and says how its numbers are spread", async () => {
    const store = storeIn();
    const { network } = await bring(store);
    const made = (await copy(store, network!.id, "int8")).network!;
    expect(made.bytes).toBeLessThan(0.3 * network!.bytes);
    expect(made.tensors.slice(0, 3).map(({ key, format, shape }) => [key, format, shape])).toEqual([
      ["block1_conv1.kernel", "I8", [4, 3, 3, 3]],
      ["block1_conv1.kernel_scale", "F32", [4]],
      ["block1_conv1.bias", "F32", [4]],
    ]);
    expect(made.tensors[0].largest).toBe(127);
  });

  it("with rescaled filters is another network of the same size", async () => {
    const store = storeIn();
    const { network } = await bring(store);
    const convs = network!.card.layers.flatMap((layer) => (layer.kind === "conv" ? [layer] : []));
    const means = Object.fromEntries(convs.map(({ name, channels }) => [name, new Float32Array(channels).fill(2)]));
    const made = (await copy(store, network!.id, "rescaled", means)).network!;
    expect([made.made, made.bytes, made.card.defaults.pooling]).toEqual(["rescaled", network!.bytes, "average"]);
    const first = new Float32Array((await store.tensor(made.id, "block1_conv1.kernel")).bytes.buffer);
    const before = new Float32Array((await store.tensor(network!.id, "block1_conv1.kernel")).bytes.buffer);
    expect(first[5]).toBeCloseTo(before[5] / 2, 6);
  });

  it("of what is not kept cannot be made, which is said", async () => {
    expect(await copy(storeIn(), "nobody", "fp16")).toMatchObject({ phase: "failed", message: "The network “nobody” is not kept in this browser (any more), so no copy of it can be made." });
  });
});
