import * as tf from "@tensorflow/tfjs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sweepCode } from "../../src/cells/as-code-sweep";
import { sourceIn } from "../../src/cells/code-text";
import { sweepPlan } from "../../src/cells/sweep-plans";
import { compile } from "../../src/notebook/compile";
import * as nst from "../../src/nst";
import { slim } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";

const { card, weights } = slim();
const network = { id: card.id, card, base: "https://example.org/vgg19-slim/" };
const picture: nst.Picture = { width: 32, height: 24, data: Float32Array.from({ length: 32 * 24 * 3 }, (_, i) => (Math.sin(i / 7) + 1) / 2) };
const options = { rows: "style-layers: conv1_1 | conv1_1 conv2_1", columns: "ratio: 1e-6 | 1e-5", coarse: 0.5, fine: "enlarged" };

let net: nst.Network;
beforeAll(async () => {
  await nodeBackend("wasm");
  net = nst.createNetwork(card, weights);
});
afterAll(() => nst.disposeNetwork(net));

let before = 0;
beforeEach(() => void (before = tf.memory().numTensors));
afterEach(() => expect(tf.memory().numTensors).toBe(before));

/** The code of the last place, run for so many steps at most. @returns the shape of every picture that it yields */
async function run(base: Record<string, unknown>, most = Infinity): Promise<number[][]> {
  const { stages } = sweepPlan(network, picture, picture, { ...options, base: { size: 32, steps: 4, contentLayer: "conv2_1", ...base } });
  const code = sweepCode({ name: "grid2", content: { name: "c", tensor: false }, style: { name: "style", tensor: false }, network: "net", stages: stages.filter(({ cell }) => cell.key === "r2c2") });
  expect(compile(sourceIn(code)!, "kernel")).toMatchObject({ names: ["grid2"], kind: "async-generator" });
  expect([...compile(sourceIn(code)!, "kernel").reads].sort()).toEqual(["c", "net", "style"]);
  const api = { ...nst, loadNetwork: async () => net, pictureTensor: ({ width, height, data }: nst.Picture) => tf.tensor3d(data, [height, width, 3]) };
  const made = new Function("tf", "nst", "c", "style", "net", `${sourceIn(code)}; return grid2`)(tf, api, { picture }, { picture }, { card }) as () => AsyncGenerator<tf.Tensor3D>;
  const shapes: number[][] = [];
  for await (const one of made()) {
    shapes.push(one.shape);
    if (shapes.length === most) break;
  }
  return shapes;
}

describe("the code of a sweep", () => {
  it("grows the chosen picture at half size, enlarges it and goes on, and leaves no tensor behind", async () => {
    expect(await run({ initialisation: "noise" })).toEqual([[12, 16, 3], [12, 16, 3], [24, 32, 3], [24, 32, 3]]);
  });

  it("can start from the style picture", async () => {
    expect(await run({ initialisation: "style", steps: 2 })).toEqual([[12, 16, 3], [24, 32, 3]]);
  });

  it("leaves no tensor behind when it is stopped in either stage", async () => {
    expect(await run({ initialisation: "noise" }, 1)).toHaveLength(1);
    expect(await run({ initialisation: "content" }, 3)).toHaveLength(3);
  });
});
