import * as tf from "@tensorflow/tfjs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { balanceCode, descendCode, pullsCode } from "../../src/cells/as-code-pulls";
import { defaultChoices, transferSettings } from "../../src/cells/transfer-settings";
import { sourceIn } from "../../src/cells/code-text";
import { adamFloor, descentDirection, stepped } from "../../src/cells/descend-step";
import { compile } from "../../src/notebook/compile";
import * as nst from "../../src/nst";
import { slim } from "../support/fixtures";
import { nodeBackend } from "../support/node-backends";

const { card, weights } = slim();
const wave = (turn: number): nst.Picture => ({ width: 32, height: 32, data: Float32Array.from({ length: 32 * 32 * 3 }, (_, i) => (Math.sin(i / turn) + 1) / 2) });
const [G, content, style] = [wave(7), wave(9), wave(23)];
const settings = transferSettings(defaultChoices(card), card);

let net: nst.Network;
beforeAll(async () => {
  await nodeBackend("wasm");
  net = nst.createNetwork(card, weights);
});
afterAll(() => nst.disposeNetwork(net));

let before = 0;
beforeEach(() => void (before = tf.memory().numTensors));
afterEach(() => expect(tf.memory().numTensors).toBe(before));

const pictureTensor = ({ width, height, data }: nst.Picture) => tf.tensor3d(data, [height, width, 3]);
const facts = { picture: { name: "G", tensor: false }, content: { name: "content", tensor: false }, style: { name: "style", tensor: false }, network: "network", settings: "settings" };

/** What the code of a cell gives, with the values that it reads. */
async function run<T>(code: string, name: string): Promise<T> {
  const values = { G: { picture: G }, content: { picture: content }, style: { picture: style }, network: { card }, settings };
  const api = { ...nst, loadNetwork: async () => net, pictureTensor };
  return (await new Function("tf", "nst", ...Object.keys(values), `return (async () => { ${sourceIn(code)}; return ${name} })()`)(tf, api, ...Object.values(values))) as T;
}

/** J as the engine has it. @returns its terms, and a function that frees what they hold */
function terms(): [nst.Term[], () => void] {
  const [C, S] = [content, style].map(pictureTensor);
  const targets = { content: nst.features(net, C, [settings.contentLayer!]), style: nst.finish(nst.styleTargets(net, S, Object.keys(settings.styleLayers), settings)) };
  tf.dispose([C, S]);
  return [nst.transferTerms(net, settings, targets), () => nst.disposeTargets(targets)];
}

function gradientOf(list: readonly nst.Term[]): Float32Array {
  return tf.tidy(() => nst.evaluate(net, pictureTensor(G), list, settings).gradient!.dataSync() as Float32Array);
}

describe("the code of the pulls", () => {
  it("reads the pictures, the network and the settings, and gives one name", () => {
    const { names, reads, globals } = compile(sourceIn(pullsCode({ name: "pulls2", ...facts }))!, "kernel");
    expect({ names, reads: [...reads].sort(), globals: [...globals].sort() }).toEqual({ names: ["pulls2"], reads: ["G", "content", "network", "settings", "style"], globals: ["Object", "nst", "tf"] });
  });

  it("gives the length of each term's gradient, by its name", async () => {
    const pulls = await run<Record<string, number>>(pullsCode({ name: "pulls2", ...facts }), "pulls2");
    const [list, free] = terms();
    expect(Object.keys(pulls)).toEqual(["content", ...Object.keys(settings.styleLayers), "tv"]);
    for (const [i, length] of Object.values(pulls).entries()) {
      const exact = Math.hypot(...gradientOf([list[i]]));
      expect(exact).toBeGreaterThan(0);
      expect(Math.abs(length / exact - 1)).toBeLessThan(1e-4);
    }
    free();
  });
});

describe("the code of a step by hand", () => {
  for (const [method, rate] of [["gradient", 20], ["adam", 0.02]] as const)
    it(`gives the picture that the cell gives: ${method}`, async () => {
      const picture = await run<tf.Tensor3D>(descendCode({ name: "stepped2", ...facts, rate, method, adam: true }), "stepped2");
      const [list, free] = terms();
      const expected = stepped(G, descentDirection(gradientOf(list), method, adamFloor(card.defaults.optimiser)), rate).picture;
      const data = picture.dataSync();
      expect(picture.shape).toEqual([32, 32, 3]);
      expect(Math.max(...data.map((value, i) => Math.abs(value - expected.data[i])))).toBeLessThan(1e-5);
      expect(Math.max(...data.map((value, i) => Math.abs(value - G.data[i])))).toBeGreaterThan(1e-4);
      picture.dispose();
      free();
    });
});

describe("the code of a balance", () => {
  it("is the settings with other weights", async () => {
    const balanced = await run<nst.TransferSettings>(balanceCode({ name: "balanced2", settings: "settings", weights: { alphaTimesM: 3e-4, beta: 1 } }), "balanced2");
    expect(balanced).toEqual({ ...settings, alphaTimesM: 3e-4, beta: 1 });
  });
});
