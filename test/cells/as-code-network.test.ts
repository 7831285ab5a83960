import { describe, expect, it } from "vitest";
import { kernelsCode, layersCode, layerStatisticsCode } from "../../src/cells/as-code-network";
import { networkCode } from "../../src/cells/as-code-texts";
import { sourceIn } from "../../src/cells/code-text";
import { compile } from "../../src/notebook/compile";
import * as nst from "../../src/nst";
import { layerStatistics } from "../../src/nst/map-statistics";
import { nodeBackend } from "../support/node-backends";

const card = nst.vggCard(11, [2, 3, 3, 4, 4]);
const picture = { width: 16, height: 16, data: Float32Array.from({ length: 16 * 16 * 3 }, (_, i) => (Math.sin(i * i) + 1) / 2) };

/** What the code of a cell gives under `name`, where it knows this network and picture. */
async function run(text: string, name: string): Promise<unknown> {
  const tf = await nodeBackend("cpu");
  const network = nst.createNetwork(card, nst.randomWeights(card, 1));
  const known = { ...nst, loadNetwork: async () => network, pictureTensor: () => tf.tensor3d(picture.data, [16, 16, 3]) };
  return new Function("tf", "nst", "network", "content", `return (async () => { ${sourceIn(text)}; return ${name} })()`)(tf, known, { card }, { picture });
}

describe("the code of a cell that looks at a network", () => {
  it("gives a layer's name", async () => {
    const code = layersCode({ name: "layer2", layer: "block3_conv1" });
    expect(compile(sourceIn(code)!, "kernel")).toMatchObject({ names: ["layer2"], reads: [] });
    expect(await run(code, "layer2")).toBe("block3_conv1");
  });

  it("gives the kernels of a layer as a tensor of its own", async () => {
    const code = kernelsCode({ name: "kernels2", network: "network", layer: "block1_conv1" });
    expect(compile(sourceIn(code)!, "kernel")).toMatchObject({ names: ["kernels2"], reads: ["network"] });
    const tensor = (await run(code, "kernels2")) as import("@tensorflow/tfjs").Tensor;
    expect(tensor.shape).toEqual([3, 3, 3, 2]);
    expect([...tensor.dataSync()]).toEqual([...(nst.randomWeights(card, 1).get("block1_conv1.kernel")!.data as Float32Array)]);
  });

  it("gives the statistics of every layer that the cell shows", async () => {
    const layers = ["block1_conv1", "block3_conv2"];
    const code = layerStatisticsCode({ name: "statistics2", picture: { name: "content", tensor: false }, network: "network", layers });
    expect(compile(sourceIn(code)!, "kernel")).toMatchObject({ names: ["statistics2"], reads: ["network", "content"] });
    const found = (await run(code, "statistics2")) as { layer: string; mean: number; maximum: number; sparsity: number; dead: number }[];
    const tf = await nodeBackend("cpu");
    const F = nst.features(nst.createNetwork(card, nst.randomWeights(card, 1)), tf.tensor3d(picture.data, [16, 16, 3]), layers);
    for (const [i, layer] of layers.entries()) {
      const [, height, width, channels] = F[layer].shape;
      const { mean, maximum, sparsity, dead } = layerStatistics({ layer, height, width, channels, data: F[layer].dataSync() as Float32Array });
      expect(found[i]).toMatchObject({ layer, dead });
      expect(found[i].mean).toBeCloseTo(mean, 5);
      expect(found[i].maximum).toBeCloseTo(maximum, 5);
      expect(found[i].sparsity).toBeCloseTo(sparsity, 5);
    }
  });

  it("loads a network with the random weights that were chosen", () => {
    expect(sourceIn(networkCode({ name: "network2", id: "vgg19-slim", random: 3 }))).toContain('await nst.loadNetwork("vgg19-slim", { random: 3 })');
  });
});
