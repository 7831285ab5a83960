import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { featureMethods } from "../../src/kernel/feature-methods";
import { measure } from "../../src/kernel/measure";
import type { Measure, MeasureControl, RunConfig } from "../../src/kernel/protocol";
import { beginning, TermSource } from "../../src/kernel/transfer-setup";
import * as nst from "../../src/nst";
import { nodeBackend } from "../support/node-backends";
import { relativeError } from "../support/parity";
import { NETWORK, runConfig, wavyPicture } from "../support/transfers";

let before = 0;
beforeAll(async () => {
  await nodeBackend("wasm");
  await featureMethods.weights({ network: NETWORK, layer: "block1_conv1" });
});
beforeEach(() => void (before = tf.memory().numTensors));
afterEach(() => expect(tf.memory().numTensors).toBe(before));

type Item = Measure | { id: number; error: string };

/** A stream of measures; `until` waits for a number of answers, `end` closes it. */
function stream(config: RunConfig) {
  const items: Item[] = [];
  const abort = new AbortController();
  let control!: (message: MeasureControl) => void;
  const done = measure(config, { signal: abort.signal, emit: (item) => items.push(item as Item), onControl: (handler) => (control = handler) });
  const until = async (count: number) => {
    while (items.length < count) await new Promise((resolve) => setTimeout(resolve, 2));
    return items;
  };
  const ask = (id: number, picture: nst.Picture, gradients = false) => control({ kind: "measure", id, picture, gradients });
  return { items, ask, update: (settings: nst.LiveSettings) => control({ kind: "update", settings }), until, done, end: () => (abort.abort(), done) };
}

/** The costs of a picture by src/nst, in one walk. */
const expected = (config: RunConfig, picture: nst.Picture) =>
  TermSource.lend(config, async (source) => {
    const terms = await source.terms(config.settings);
    const x = tf.tensor3d(picture.data, [picture.height, picture.width, 3]);
    const { values, gradient } = nst.evaluate(source.network, x, terms);
    const result = { values: [...(await values.data())], gradient: Float32Array.from(await gradient!.data()) };
    tf.dispose([values, gradient!, x]);
    return result;
  });

describe("a measure", () => {
  const config = runConfig();
  const picture = wavyPicture(36, 32, 5);

  it("has the costs that src/nst has for the same picture, to the last bit, and they add up to J", async () => {
    const { ask, until, end } = stream(config);
    ask(1, picture);
    const [found] = (await until(1)) as [Measure];
    await end();
    expect(found.terms.map(({ name, kind }) => `${kind} ${name}`)).toEqual(["content content", "gram block1_conv1", "gram block2_conv1", "gram block4_conv1", "tv tv"]);
    expect(found.terms.map(({ value }) => value)).toEqual((await expected(config, picture)).values);
    for (const { cost, weight, value } of found.terms) expect(cost).toBe(weight * value);
    expect(found.total).toBeCloseTo(found.terms.reduce((sum, { cost }) => sum + cost, 0), 12);
    expect(found.terms[0].weight).toBeCloseTo(0.5 / (9 * 8), 12);
    expect(found.terms[1].weight).toBe(500);
    expect([found.gradient, found.cosines, found.terms[0].gradient]).toEqual([undefined, undefined, undefined]);
  });

  it("has the gradient of each term on request, and of their sum, with lengths and angles", async () => {
    const { ask, until, end } = stream(config);
    ask(1, picture, true);
    const [found] = (await until(1)) as [Measure];
    await end();
    const whole = await expected(config, picture);
    expect(found.terms.map(({ value }) => value)).toEqual(whole.values);
    expect(relativeError(found.gradient!, whole.gradient)).toBeLessThan(1e-5);
    expect(found.norm).toBeCloseTo(nst.norm(whole.gradient), 4);
    const n = found.terms.length + 1;
    expect(found.cosines!.length).toBe(n * n);
    // |content + style + tv|² by the law of cosines
    const style = nst.norm(nst.sumOf(found.terms.filter(({ kind }) => kind === "gram").map(({ gradient }) => gradient!), whole.gradient.length));
    const [content, tv] = [found.terms[0].norm!, found.terms.at(-1)!.norm!];
    const cosine = (a: number, b: number) => found.cosines![a * n + b];
    const squared = content ** 2 + style ** 2 + tv ** 2 + 2 * (content * style * cosine(0, n - 1) + content * tv * cosine(0, n - 2) + style * tv * cosine(n - 2, n - 1));
    expect(Math.sqrt(squared) / found.norm!).toBeCloseTo(1, 5);
  });

  it("of the content picture has no content cost and no angle to it", async () => {
    const { ask, until, end } = stream(config);
    ask(1, config.content, true);
    const [{ terms, cosines }] = (await until(1)) as [Measure];
    await end();
    expect([terms[0].cost, terms[0].norm]).toEqual([0, 0]);
    expect([...cosines!.slice(0, terms.length + 1)].every(Number.isNaN)).toBe(true);
  });

  it("of pictures that come faster than they can be measured is that of the newest", async () => {
    const { items, ask, until, end } = stream(config);
    for (let id = 1; id <= 5; id++) ask(id, wavyPicture(36, 32, id));
    await until(1);
    ask(6, picture);
    ask(7, picture);
    await until(2);
    await end();
    expect(items.map(({ id }) => id)).toEqual([5, 7]);
  });

  it("takes new weights and layers for the next picture", async () => {
    const { ask, update, until, end } = stream(config);
    update({ ...config.settings, contentLayer: null, styleLayers: { block3_conv2: 1 }, totalVariation: 0 });
    ask(1, picture);
    const [found] = (await until(1)) as [Measure];
    await end();
    expect(found.terms.map(({ name, cost }) => [name, cost > 0])).toEqual([["block3_conv2", true], ["tv", false]]);
  });

  it("says what is wrong with a picture and goes on with the next", async () => {
    const { ask, until, end } = stream(config);
    ask(1, wavyPicture(20, 20, 1));
    expect(await until(1)).toEqual([{ id: 1, error: "A picture of 20 × 20 px cannot be compared with a content picture of 36 × 32 px: both should have one size." }]);
    ask(2, picture);
    expect(await until(2)).toMatchObject([{ id: 1 }, { id: 2, total: expect.any(Number) }]);
    await end();
  });

  it("is given up when nobody wants it any more, wherever it stands, and leaves nothing behind", async () => {
    const { items, ask, end } = stream(config);
    ask(1, picture, true);
    await new Promise((resolve) => setTimeout(resolve, 4));
    await end();
    const idle = stream(config);
    await idle.end();
    expect(items.length).toBeLessThan(2);
  });

  it("ends with what is wrong when its network cannot be loaded", async () => {
    const broken = { ...config, network: { ...NETWORK, card: { ...NETWORK.card, layers: [] } } };
    await expect(stream(broken).done).rejects.toThrow();
  });
});

describe("the picture that a run begins with", () => {
  const first = async (initialisation: nst.Initialisation) => {
    const state = beginning(runConfig({ initialisation }));
    const data = Float32Array.from(await state.picture.data());
    nst.disposeTransfer(state);
    return data;
  };

  it("is the middle of the style picture in the content picture's size, where the settings say so", async () => {
    const { style } = runConfig();
    // 32×40 px, cut to 36 : 32, is rows 6 to 33
    const cut = nst.cutMiddle(style, 36, 32);
    expect(await first({ kind: "style" })).toEqual(cut.data);
    const rows = { width: 32, height: 28, data: style.data.subarray(6 * 32 * 3, 34 * 32 * 3) };
    expect(nst.cutMiddle(rows, 36, 32).data).toEqual(cut.data);
    expect(await first({ kind: "content" })).toEqual(runConfig().content.data);
  });

  it("cannot be the style picture where there is none", () => {
    const content = tf.zeros<tf.Rank.R3>([4, 4, 3]);
    expect(() => nst.initialPicture(content, { kind: "style" }, 0)).toThrow(/starts from the style picture needs it/);
    content.dispose();
  });
});
