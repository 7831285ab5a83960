import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { channelMeans, differenceOf, sanityOf, tryInputs } from "../../src/cells/network-measures";
import type { Kernels } from "../../src/cells/context";
import { SAMPLES, serveSamples } from "../../src/cells/samples";
import type { NetworkSource } from "../../src/kernel/protocol";
import type { CopyDifference } from "../../src/models/kept-network";
import { INPUTS } from "../../src/models/preprocessing";
import { vggCard } from "../../src/nst/vgg";

const card = vggCard();
/** As a cell gives it, with more than the lab wants. */
const network = { id: "own", card, base: "kept:own/" } as NetworkSource & { id: string };
const DIFFERENCE: CopyDifference = { against: card.id, size: 48, steps: 2, costs: { start: [2, 2], end: [1, 1] }, picture: { mean: 0.5, largest: 3 } };

type Sent = [method: string, args: Record<string, any>];

/** A lab that notes what it is asked. Its pictures are 300 × 200; it fails at the crop of `failing`. */
function lab({ failing = -1 } = {}) {
  const sent: Sent[] = [];
  let opened = 0;
  const call = async (method: string, args: Record<string, any>) => {
    sent.push([method, args]);
    if (method === "picture.open") return { id: opened++, preview: { close() {} }, width: 300, height: 200 };
    if (method === "picture.crop") {
      if (args["id"] === failing) throw new Error("no crop");
      return { width: args["width"], height: args["height"], data: new Float32Array(3) };
    }
    if (method === "network.answers") return card.layers.filter(({ kind }) => kind !== "pool").map(({ name }) => ({ layer: name, mean: 50, active: 0.4, biased: args["input"].range[1] === 255 ? 0.05 : 0.8 }));
    return undefined;
  };
  async function* stream(method: string, args: Record<string, any>) {
    sent.push([method, args]);
    yield { done: 1, of: 2 };
    yield method === "network.means" ? { done: 2, of: 2, means: { conv1: Float32Array.of(1, 2) } } : { done: 2, of: 2, difference: DIFFERENCE };
  }
  return { kernels: { lab: { call, stream } } as unknown as Kernels, sent, all: (method: string) => sent.filter(([name]) => name === method).map(([, args]) => args) };
}

beforeEach(() => {
  serveSamples((path) => `http://localhost/${path}`);
  vi.stubGlobal("fetch", async (address: string) => new Response(new Blob([address])));
});
afterEach(() => void vi.unstubAllGlobals());

describe("the sanity test of the page", () => {
  it("reads the middle squares of the sample photographs, without the paintings, as the card says", async () => {
    const { kernels, all } = lab();
    const progress = vi.fn();
    const result = await sanityOf(kernels, network, { progress });
    expect(all("picture.open").map(({ name }) => name)).toEqual(SAMPLES.filter(({ kind }) => kind === "photograph").map(({ src }) => src));
    for (const { crop, width, height } of all("picture.crop")) expect([crop, width, height]).toEqual([{ x: 50, y: 0, width: 200, height: 200 }, 112, 112]);
    const [asked] = all("network.answers");
    expect(asked).toMatchObject({ network: { card, base: "kept:own/" }, pooling: "maximum", input: card.input });
    expect(Object.keys(asked["network"])).toEqual(["card", "base"]);
    expect(result.verdict).toBe("fits");
    expect(progress).toHaveBeenCalledWith(1, 1);
  });

  it("closes every picture that it has opened, also when one cannot be read or nobody waits any more", async () => {
    const broken = lab({ failing: 2 });
    await expect(sanityOf(broken.kernels, network)).rejects.toThrow("no crop");
    expect(broken.all("picture.close").map(({ id }) => id)).toEqual([0, 1, 2]);
    const abort = new AbortController();
    const left = lab();
    const asked = sanityOf(left.kernels, network, { signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
    expect(left.all("picture.close")).toHaveLength(left.all("picture.open").length);
  });

  it("tries every preprocessing, and the card's own first if it is another", async () => {
    const { kernels, all } = lab();
    const progress = vi.fn();
    const { tried, says } = await tryInputs(kernels, network, INPUTS, { progress });
    expect(all("network.answers").map(({ input }) => input)).toEqual([card.input, ...Object.values(INPUTS).map(({ input }) => input)]);
    expect(progress.mock.calls.at(-1)).toEqual([7, 7]);
    expect(tried[0]).toMatchObject({ name: "own", title: "As it reads them now", stands: "as good" });
    expect(tried.map(({ stands }) => stands)).toEqual([...Array(4).fill("as good"), ...Array(3).fill("worse")]);
    expect(says.join(" ")).toMatch(/4 of 7 fit/);
    const known = lab();
    await tryInputs(known.kernels, { ...network, card: { ...card, input: INPUTS.torchvision.input } }, INPUTS);
    expect(known.all("network.answers")).toHaveLength(6);
  });
});

it("the means of channels are taken over all samples, with average pooling", async () => {
  const { kernels, all } = lab();
  const progress = vi.fn();
  expect(await channelMeans(kernels, network, { progress })).toEqual({ conv1: Float32Array.of(1, 2) });
  expect(all("picture.open")).toHaveLength(SAMPLES.length);
  const [{ pictures, ...asked }] = all("network.means");
  expect([pictures.length, asked]).toEqual([SAMPLES.length, { network: { card, base: "kept:own/" }, pooling: "average" }]);
  expect(progress.mock.calls).toEqual([[1, 2], [2, 2]]);
});

it("a copy is compared with its original by a run of a photograph and a painting", async () => {
  const { kernels, all } = lab();
  const copy = { card: { ...card, id: "own-int8" }, base: "kept:own-int8/" };
  expect(await differenceOf(kernels, network, copy, { size: 48, steps: 2 })).toEqual(DIFFERENCE);
  expect(all("picture.open").map(({ name }) => SAMPLES.find(({ src }) => src === name)!.kind)).toEqual(["photograph", "painting"]);
  expect(all("network.difference")[0]).toMatchObject({ a: { base: "kept:own/" }, b: copy, size: 48, steps: 2, content: { width: 48, height: 48 } });
});
