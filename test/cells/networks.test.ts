import { afterEach, beforeEach, describe, expect, it, vi, type Mock } from "vitest";
import { networksLeftOut } from "../../src/cells/export-html";
import { networkOfRun } from "../../src/cells/kept-network";
import { answerScale } from "../../src/cells/network-answers";
import { chosenNetwork } from "../../src/cells/network-missing";
import { NetworkRemovals, REMOVAL_MS } from "../../src/cells/network-removals";
import { areWeights, diskOf, inputWords, layersText, memoryOf, networkFiles, progressText, sameInput, weightsIn } from "../../src/cells/network-words";
import { mergeEntries, networkEntries, openNetwork } from "../../src/cells/networks";
import { INPUTS, type KeptNetwork } from "../../src/models/client";
import { Session } from "../../src/notebook/session";
import { slim } from "../support/fixtures";

const { card } = slim();

const kept = (id: string, title = id, more: Partial<KeptNetwork> = {}): KeptNetwork => ({
  id,
  card: { ...card, id, title, weights: { ...card.weights, sha256: `of ${id}` } },
  origin: `${id}.safetensors`,
  licence: "",
  bytes: 1000,
  memory: 2000,
  added: 1,
  tensors: [],
  ...more,
});

/** As if the page came from a folder with the default network alone. */
function serve(): void {
  vi.stubGlobal("document", { baseURI: "https://here.test/nst/" });
  vi.stubGlobal("fetch", async ({ pathname }: URL) => (pathname.endsWith("index.json") ? Response.json([{ id: card.id, title: "VGG-19 slim", kept: {} }]) : Response.json(card)));
}

afterEach(() => vi.unstubAllGlobals());

describe("the networks to choose from", () => {
  it("are those that come with the workbench, and behind them those that were brought along, by title", async () => {
    serve();
    const list = async () => [kept("vgg19", "VGG-19"), kept("squeezenet1_1", "SqueezeNet 1.1")];
    expect((await networkEntries(undefined, { list })).map(({ id }) => id)).toEqual(["vgg19-slim", "squeezenet1_1", "vgg19"]);
    expect(await networkEntries()).toEqual([{ id: "vgg19-slim", title: "VGG-19 slim" }]);
  });

  it("hold one network of a name: the one that the person brought along", () => {
    const own = kept("vgg19-slim", "Mine");
    expect(mergeEntries([{ id: "vgg19-slim", title: "VGG-19 slim" }], [own])).toEqual([{ id: "vgg19-slim", title: "Mine", kept: own }]);
  });

  it("open with the card that is kept, and are addressed as kept ones", async () => {
    serve();
    const own = kept("vgg19");
    const entries = await networkEntries(undefined, { list: async () => [own] });
    expect(await openNetwork("vgg19", entries)).toEqual({ id: "vgg19", card: own.card, base: "kept:vgg19/" });
    expect((await openNetwork("vgg19-slim", entries)).base).toBe("https://here.test/nst/models/vgg19-slim/");
  });
});

describe("a notebook that names a network", () => {
  const entries = mergeEntries([{ id: "vgg19-slim", title: "VGG-19 slim" }], []);

  it("gets it, or the first where it names none", () => {
    expect(chosenNetwork(entries, "", "", true).id).toBe("vgg19-slim");
    expect(chosenNetwork(mergeEntries(entries, [kept("vgg19")]), "vgg19", "vgg19-slim", true).id).toBe("vgg19");
  });

  it("goes on with the one that it names for as long as the first is not here", () => {
    expect(chosenNetwork(entries, "vgg19", "vgg19-slim", true).id).toBe("vgg19-slim");
  });

  it("is told how VGG-19 is got, what there is, and where others are brought along", () => {
    expect(() => chosenNetwork(entries, "vgg19", "", true)).toThrow("VGG-19 is not in this browser yet. Get it here (80.1 MB), or choose another network. There are: vgg19-slim.");
    expect(() => chosenNetwork(entries, "resnet", "vgg16", true)).toThrow('There is no network "resnet". There are: vgg19-slim. Bring it along under “Networks…”');
    expect(() => chosenNetwork(entries, "vgg19", "", false)).toThrow(/There is no network "vgg19".*keeps no networks/);
  });
});

describe("the network of a kept run", () => {
  const run = { id: "vgg19", title: "VGG-19", sha256: "of vgg19", random: null };

  it("is found among those that were brought along, also under another name", async () => {
    serve();
    const source = { card, base: "kept:vgg19/" };
    expect((await networkOfRun(source, run, undefined, { list: async () => [kept("vgg19")] })).base).toBe("kept:vgg19/");
    const renamed = kept("mine", "Mine", { card: kept("vgg19").card });
    expect(await networkOfRun(source, run, undefined, { list: async () => [renamed] })).toMatchObject({ id: "mine", base: "kept:mine/", card });
    await expect(networkOfRun(source, run, undefined, { list: async () => [kept("vgg19", "VGG-19", { card: kept("other").card })] })).rejects.toThrow("has other weights here");
  });
});

describe("a network that is removed", () => {
  const network = kept("vgg19", "VGG-19");
  let store: { remove: Mock<(id: string) => Promise<void>>; restore: Mock<(id: string) => Promise<boolean>>; purge: Mock<(id: string) => Promise<void>> };
  let problems: string[];
  let removals: NetworkRemovals;

  beforeEach(() => {
    vi.useFakeTimers();
    store = { remove: vi.fn(async () => {}), restore: vi.fn(async () => true), purge: vi.fn(async () => {}) };
    problems = [];
    removals = new NetworkRemovals(store, (problem) => problems.push(problem));
  });
  afterEach(() => vi.useRealTimers());

  it("goes off the list at once, and is deleted when the time to bring it back is over", async () => {
    await removals.remove(network);
    expect(store.remove).toHaveBeenCalledWith("vgg19");
    await vi.advanceTimersByTimeAsync(REMOVAL_MS - 1);
    expect([removals.pending, store.purge.mock.calls]).toEqual([[network], []]);
    await vi.advanceTimersByTimeAsync(1);
    expect([removals.pending, store.purge.mock.calls]).toEqual([[], [["vgg19"]]]);
  });

  it("that is brought back stays", async () => {
    await removals.remove(network);
    await removals.undo("vgg19");
    await vi.advanceTimersByTimeAsync(2 * REMOVAL_MS);
    expect([removals.pending, store.restore.mock.calls, store.purge.mock.calls]).toEqual([[], [["vgg19"]], []]);
  });

  it("that cannot come back is said to be so", async () => {
    store.restore.mockResolvedValue(false);
    await removals.remove(network);
    await removals.undo("vgg19");
    expect(problems).toEqual(["“VGG-19” could not be brought back: another network has its name meanwhile, or it was deleted in another tab"]);
  });

  it("makes an earlier one of that name go for good", async () => {
    await removals.remove(network);
    await removals.remove({ ...network, added: 2 });
    expect(store.purge.mock.calls).toEqual([["vgg19"]]);
    expect(removals.pending.map(({ added }) => added)).toEqual([2]);
  });
});

describe("the words about networks", () => {
  it("tell how far a download is, how fast, and how long still", () => {
    expect(progressText({ done: 31e6, of: 80.1e6, bytesPerSecond: 2.4e6, secondsLeft: 20.4 })).toBe("31 of 80.1 MB · 2.4 MB/s · 20 s left");
    expect(progressText({ done: 800_000, of: 80.1e6, bytesPerSecond: 0, secondsLeft: null })).toBe("800 kB of 80.1 MB");
    expect(progressText({ done: 0, of: 0, bytesPerSecond: 0, secondsLeft: null })).toBe("");
  });

  it("say how pixels are read, and know two ways that are one", () => {
    const { input } = INPUTS["caffe-bgr"];
    expect(inputWords(input)).toBe("BGR, black to white as 0 to 255, minus (103.9, 116.8, 123.7)");
    expect(inputWords(INPUTS.torchvision.input)).toBe("RGB, black to white as 0 to 1, minus (0.485, 0.456, 0.406), times (4.367, 4.464, 4.444)");
    expect(sameInput(input, { ...input, scale: [1, 1, 1] })).toBe(true);
    expect(sameInput(input, { ...input, channels: "RGB" })).toBe(false);
    expect(sameInput(input, { ...input, mean: [104, 117, 123] })).toBe(false);
  });

  it("tell layers in their order, and what they take on disk and in use", () => {
    expect(layersText(card)).toBe("16, 16, pool, 32, 32, pool, 64, 64, 64, 64, pool, 128, 128, 128, 128, pool, 128, 128, 128, 128");
    expect(diskOf(card)).toBe(2 * 1_252_880);
    // kernels twice, biases once, four bytes each
    expect(memoryOf(card)).toBe(4 * (2 * (1_252_880 - 1376) + 1376));
  });
});

describe("files that are dropped", () => {
  const named = (...names: string[]) => names.map((name) => ({ name }));

  it("are taken for networks by their names, and notebooks and pictures are not", () => {
    for (const name of ["vgg19.safetensors", "a.H5", "weights.pth", "model.json", "model (1).json", "group1-shard1of3.bin"]) expect([name, areWeights(named(name))]).toEqual([name, true]);
    for (const name of ["waves.md", "page.html", "owl.jpg", "data.json"]) expect([name, areWeights(named(name))]).toEqual([name, false]);
  });

  it("belong together where a model.json is among them, else each is one network", () => {
    expect(networkFiles(named("group1-shard1of1.bin", "model.json")).length).toBe(1);
    expect(networkFiles(named("a.safetensors", "b.h5"))).toEqual([named("a.safetensors"), named("b.h5")]);
  });

  it("in a folder are those that networks consist of: a read-me beside them is none, nor is a folder of notebooks", () => {
    expect(weightsIn(named("README.md", "model.json", "group1-shard1of1.bin", "owl.jpg"))).toEqual(named("model.json", "group1-shard1of1.bin"));
    expect(weightsIn(named("config.json", "model.safetensors", "LICENSE"))).toEqual(named("config.json", "model.safetensors"));
    expect(weightsIn(named("waves.md", "data.json"))).toEqual([]);
  });
});

describe("the axis of the sanity test", () => {
  it("holds all means and usual ranges, in order, and a layer that answers nothing at its start", () => {
    const layer = (mean: number, usual: [number, number] | null) => ({ layer: "conv1", mean, active: 1, usual });
    const { place } = answerScale([layer(20, [5, 60]), layer(0, null), layer(0.5, [0.2, 0.9])]);
    const places = [0, 0.2, 0.5, 0.9, 5, 20, 60].map(place);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBe(0);
    expect(places.at(-1)).toBeLessThan(1);
    expect(places[1]).toBeGreaterThan(0);
    expect(answerScale([]).place(1)).toBeGreaterThan(0);
  });
});

describe("a notebook that is exported as one file", () => {
  it("leaves networks of one's own behind, and names them: what the text says, or what the reader chose", async () => {
    const session = new Session("test", { text: '<nst-network as="a" model="vgg19"></nst-network>\n\n<nst-network as="b"></nst-network>\n\n<nst-network as="c" model="vgg19-slim"></nst-network>' });
    const list = async () => [kept("vgg19", "VGG-19"), kept("squeezenet1_1", "SqueezeNet 1.1"), kept("alexnet")];
    session.setParam(session.slots[1].key, "model", "squeezenet1_1");
    expect(await networksLeftOut({ session }, { list })).toEqual(["VGG-19", "SqueezeNet 1.1"]);
    expect(await networksLeftOut({ session }, null)).toEqual([]);
  });
});
