import { describe, expect, it } from "vitest";
import { featuresCode, sideBySideCode } from "../../src/cells/as-code-features";
import { sourceIn } from "../../src/cells/code-text";
import { type Reading, readingOptions, readingWords } from "../../src/cells/features-reading";
import { layerGroups, layerTitle } from "../../src/cells/layer-choice";
import { compile } from "../../src/notebook/compile";
import type { InputSpec, ModelCard } from "../../src/nst/model-card";
import { slim } from "../support/fixtures";

const { card } = slim();
const bgr: ModelCard = { ...card, input: { channels: "BGR", range: [0, 255], mean: [103.939, 116.779, 123.68], scale: 1 } };
const asRecommended: Reading = { pooling: "", tap: "after", preprocessing: "on" };

/** What a grey pixel of 0.5, with red 1, becomes. */
const numbers = ({ channels, mean, range: [low, high] }: InputSpec) => [...channels].map((channel, i) => low + (channel === "R" ? 1 : 0.5) * (high - low) - mean[i]);

describe("how a layer is read", () => {
  it("is left to the network's card unless something else is chosen", () => {
    expect(readingOptions(card, asRecommended)).toEqual({});
    expect(readingOptions(card, { ...asRecommended, pooling: card.defaults.pooling })).toEqual({});
    expect(readingOptions(card, { ...asRecommended, pooling: "maximum", tap: "before" })).toEqual({ pooling: "maximum", tap: "before" });
  });

  it("without the mean leaves order and range alone", () => {
    const { input } = readingOptions(bgr, { ...asRecommended, preprocessing: "no mean" });
    expect(numbers(input!)).toEqual([127.5, 127.5, 255]);
  });

  it("with red and blue exchanged leaves the means where they were, as the mistake does", () => {
    const { input } = readingOptions(bgr, { ...asRecommended, preprocessing: "swapped" });
    expect(numbers(input!)).toEqual([255 - 103.939, 127.5 - 116.779, 127.5 - 123.68]);
  });

  it("with both left out is the bare pixels in the other order", () => {
    expect(numbers(readingOptions(bgr, { ...asRecommended, preprocessing: "off" }).input!)).toEqual([255, 127.5, 127.5]);
  });

  it("is said in words where it differs from the recommendation", () => {
    const words = (reading: Partial<Reading>) => readingWords(bgr, readingOptions(bgr, { ...asRecommended, ...reading }));
    expect(words({})).toEqual([]);
    expect(words({ tap: "before", pooling: "maximum", preprocessing: "off" })).toEqual(["before the ReLU", "maximum pooling", "mean not subtracted", "red and blue exchanged"]);
    expect(words({ preprocessing: "swapped" })).toEqual(["red and blue exchanged"]);
  });

  it("answers a word that means nothing with those that do", () => {
    const wrong = (reading: object) => () => readingOptions(card, { ...asRecommended, ...reading } as Reading);
    expect(wrong({ preprocessing: "none" })).toThrow('preprocessing="none" should be one of "on", "no mean", "swapped", "off".');
    expect(wrong({ tap: "between" })).toThrow('"after" or "before"');
    expect(wrong({ pooling: "max" })).toThrow('"average" or "maximum"');
  });
});

describe("the list of a network's layers", () => {
  it("goes block by block, each block with the pool that ends it", () => {
    const groups = layerGroups(card);
    expect(groups.map(({ title }) => title)).toEqual(["block 1", "block 2", "block 3", "block 4", "block 5"]);
    expect(groups[1].layers.map(({ name }) => name)).toEqual(["block2_conv1", "block2_conv2", "block2_pool"]);
    expect(groups.flatMap(({ layers }) => layers)).toEqual(card.layers);
  });

  it("can be of some kinds of layers only, without blocks that have none", () => {
    expect(layerGroups(card, ["pool"]).map(({ title, layers }) => `${title}: ${layers.map(({ name }) => name)}`)).toEqual([1, 2, 3, 4].map((block) => `block ${block}: block${block}_pool`));
  });

  it("says the paper's name beside the Keras name, once where they are the same", () => {
    expect([layerTitle("block3_conv1"), layerTitle("block1_pool"), layerTitle("mixed4a")]).toEqual(["conv3_1 · block3_conv1", "pool1 · block1_pool", "mixed4a"]);
  });
});

describe("the code of features", () => {
  const compiled = (text: string) => compile(sourceIn(text)!, "kernel");

  it("reads the picture and the network by their names, and says only what differs from the card", () => {
    const code = featuresCode({ name: "F2", picture: { name: "content", tensor: false }, network: "network", layer: "block3_conv1", options: {} });
    expect(compiled(code)).toMatchObject({ names: ["F2"], globals: ["nst"], stream: false });
    expect([...compiled(code).reads].sort()).toEqual(["content", "network"]);
    expect(code).not.toContain("pooling");
  });

  it("holds the pooling, the tap and the other preprocessing that were chosen", () => {
    const options = readingOptions(card, { pooling: "maximum", tap: "before", preprocessing: "no mean" });
    const code = featuresCode({ name: "F2", picture: { name: "photo", tensor: true }, network: "net", layer: "block1_conv1", options });
    expect([...compiled(code).reads].sort()).toEqual(["net", "photo"]);
    expect(code).toContain('{ pooling: "maximum", tap: "before" }');
    expect(code).toContain("mean: [0, 0, 0]");
  });

  it("of a comparison is one number of the two", () => {
    expect([...compiled(sideBySideCode({ name: "change", a: { name: "FC", tensor: false }, b: { name: "T", tensor: true } })).reads].sort()).toEqual(["FC", "T"]);
  });
});
