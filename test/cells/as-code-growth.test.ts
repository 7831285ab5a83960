import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from "vitest";
import { ascents } from "../../src/cells/ascent-plans";
import { ascentCode, growthCode } from "../../src/cells/as-code-growth";
import { sourceIn } from "../../src/cells/code-text";
import { type GrowthOptions, reconstructions, textures } from "../../src/cells/growth-plans";
import { compile } from "../../src/notebook/compile";
import * as nst from "../../src/nst";
import { slim } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";

const { card, weights } = slim();
const network = { card, base: "https://example.org/vgg19-slim/" };
const picture: nst.Picture = { width: 32, height: 24, data: Float32Array.from({ length: 32 * 24 * 3 }, (_, i) => (Math.sin(i / 7) + 1) / 2) };
const OPTIONS: GrowthOptions = { layers: "conv1_1 conv2_1", size: 32, steps: 3, learningRate: 0.05, totalVariation: 0.005, pooling: "", seed: 1 };

let net: nst.Network;
beforeAll(async () => {
  await nodeBackend("wasm");
  net = nst.createNetwork(card, weights);
});
afterAll(() => nst.disposeNetwork(net));

let before = 0;
beforeEach(() => void (before = tf.memory().numTensors));
afterEach(() => expect(tf.memory().numTensors).toBe(before));

/** Runs the code of a cell to its end. @returns the shape and the mean of every picture that it yields */
async function run(code: string, name: string, values: Record<string, unknown>): Promise<[shape: number[], mean: number][]> {
  const api = { ...nst, loadNetwork: async () => net, pictureTensor: ({ width, height, data }: nst.Picture) => tf.tensor3d(data, [height, width, 3]) };
  const made = new Function("tf", "nst", ...Object.keys(values), `${sourceIn(code)}; return ${name}`)(tf, api, ...Object.values(values)) as () => AsyncGenerator<tf.Tensor3D>;
  const seen: [number[], number][] = [];
  for await (const one of made()) seen.push([one.shape, tf.tidy(() => one.mean().dataSync()[0])]);
  return seen;
}

describe("the code of a reconstruction", () => {
  const plans = reconstructions(network, picture, OPTIONS);
  const facts = { name: "rebuilt2", picture: { name: "content", tensor: false }, network: "network", plans, resized: false };

  it("is a stream that is run by hand, and reads the picture and the network", () => {
    const code = growthCode(facts);
    expect(code).toMatch(/^```js kernel edit manual\n/);
    const { names, reads, kind } = compile(sourceIn(code)!, "kernel");
    expect([names, [...reads].sort(), kind]).toEqual([["rebuilt2"], ["content", "network"], "async-generator"]);
  });

  it("grows one picture for each layer from the same noise, and leaves no tensor behind", async () => {
    const seen = await run(growthCode(facts), "rebuilt2", { content: { picture }, network: { card } });
    expect(seen.map(([shape]) => shape)).toEqual(Array(6).fill([24, 32, 3]));
    // Adam's first step is as long for both
    expect(seen[0][1]).toBeCloseTo(seen[3][1], 1);
    expect(seen[2][1]).not.toBe(seen[5][1]);
  });

  it("resizes a picture that is larger than what is grown from it", async () => {
    const seen = await run(growthCode({ ...facts, plans: reconstructions(network, picture, { ...OPTIONS, size: 16, steps: 1 }), resized: true }), "rebuilt2", { content: { picture }, network: { card } });
    expect(seen.map(([shape]) => shape)).toEqual(Array(2).fill([12, 16, 3]));
  });
});

describe("the code of a texture", () => {
  it("grows one picture for each set of layers, and leaves no tensor behind", async () => {
    const code = growthCode({ name: "t", picture: { name: "layers", tensor: false }, network: "net", plans: textures(network, picture, OPTIONS), resized: false });
    expect([...compile(sourceIn(code)!, "kernel").reads].sort()).toEqual(["layers", "net"]);
    const seen = await run(code, "t", { layers: { picture }, net: { card } });
    expect(seen).toHaveLength(6);
  });
});

describe("the code of an ascent", () => {
  it("climbs one channel after the other, and leaves no tensor behind", async () => {
    const plans = ascents(network, { layer: "conv2_1", channel: "3 5", size: 16, steps: 2, learningRate: 0.02, totalVariation: 5, pooling: "", seed: 1 });
    const code = ascentCode({ name: "drawn2", network: "network", plans });
    expect(compile(sourceIn(code)!, "kernel")).toMatchObject({ names: ["drawn2"], reads: ["network"], kind: "async-generator" });
    const seen = await run(code, "drawn2", { network: { card } });
    expect(seen.map(([shape]) => shape)).toEqual(Array(4).fill([16, 16, 3]));
    expect(seen[1][1]).not.toBe(seen[3][1]);
  });
});
