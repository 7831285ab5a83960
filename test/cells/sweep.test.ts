import { describe, expect, it } from "vitest";
import type { NetworkValue } from "../../src/cells/network";
import { squeezenetCard } from "../../src/nst/squeezenet";
import { powerText, readAxis } from "../../src/cells/sweep-axes";
import { forecastSeconds, stepWork, WorkRate } from "../../src/cells/sweep-forecast";
import { namedNetworks, networkCells, openNetworks } from "../../src/cells/sweep-networks";
import { spreadOrder, type SweepOptions, sweepPlan } from "../../src/cells/sweep-plans";
import type { Picture } from "../../src/nst/picture";
import { slim } from "../support/fixtures";

const { card } = slim();
const network = { id: card.id, card, base: "https://example.org/vgg19-slim/" };
const grey = (width: number, height: number): Picture => ({ width, height, data: new Float32Array(width * height * 3).fill(0.5) });
const SUBSETS = "style-layers: conv1_1 | conv1_1 conv2_1 | conv1_1 conv2_1 conv3_1";
const OPTIONS: SweepOptions = { rows: SUBSETS, columns: "ratio: 1e-7 | 1e-6", base: { size: 96, steps: 60, initialisation: "noise" }, coarse: 0.5, fine: "anew" };
const plan = (changes: Partial<SweepOptions> = {}, content = grey(128, 86)) => sweepPlan(network, content, grey(128, 128), { ...OPTIONS, ...changes });

describe("what is varied", () => {
  it("is a setting by its attribute name, with values as the attribute would say them", () => {
    expect(readAxis("columns", "content-layer: conv3_1 | conv4_2", card)).toMatchObject({ name: "contentLayer", title: "content layer", entries: [{ value: "block3_conv1", label: "conv3_1" }, { value: "block4_conv2" }] });
    expect(readAxis("rows", "learningRate: 0.01|0.05", card).entries.map(({ value, label }) => [value, label])).toEqual([[0.01, "0.01"], [0.05, "0.05"]]);
    expect(readAxis("rows", "pooling: average | maximum", card).entries.map(({ label }) => label)).toEqual(["average", "maximum"]);
    expect(readAxis("columns", "ratio: 1e-5 | 3e-4", card)).toMatchObject({ name: "ratio", title: "α / β", entries: [{ value: 1e-5, label: "10⁻⁵" }, { label: "3 · 10⁻⁴" }] });
  });

  it("says of growing sets of layers what each has more, and gives layers without a weight the same share of 1", () => {
    const { entries } = readAxis("rows", `${SUBSETS} | conv5_1 | conv1_1:0.5 conv5_1:2`, card);
    expect(entries.map(({ label }) => label)).toEqual(["conv1_1", "+ conv2_1", "+ conv3_1", "conv5_1", "conv1_1 × 0.5 conv5_1 × 2"]);
    expect(entries[2]).toMatchObject({ explain: "conv1_1, conv2_1, conv3_1", value: { block1_conv1: 1 / 3, block2_conv1: 1 / 3, block3_conv1: 1 / 3 } });
    expect(entries[4].value).toEqual({ block1_conv1: 0.5, block5_conv1: 2 });
  });

  it("can be the weight of one style layer, by either of its names", () => {
    expect(readAxis("rows", "weight of conv1_1: 0 | 0.2 | 1", card)).toMatchObject({ name: "weight", layer: "block1_conv1", title: "weight of conv1_1", entries: [{ value: 0, label: "0" }, { value: 0.2 }, { value: 1 }] });
    expect(readAxis("rows", "Weight of block3_conv1: 2", card)).toMatchObject({ layer: "block3_conv1", title: "weight of conv3_1" });
    expect(() => readAxis("rows", "weight of conv1_1: -1", card)).toThrow("rows: “-1” is no weight. Write a number, 0 or more, like 0.2.");
  });

  it("can be anything that settings can say: where the content is read, pooling, the start, the learning rate", () => {
    const said = ["content-layer: conv3_1 | conv4_2", "pooling: average | maximum", "initialisation: content | noise | style", "learning-rate: 0.01 | 0.1", "tap: after | before", "seed: 1 | 2"];
    expect(said.map((text) => readAxis("rows", text, card).title)).toEqual(["content layer", "pooling", "initialisation", "learning rate", "layers read", "seed"]);
  });

  it("can be the network: one of the notebook, one that comes with the workbench, or random weights", async () => {
    const { signal } = new AbortController();
    const axis = readAxis("columns", "network: other | vgg19-slim | random | random:7", card);
    expect(namedNetworks(axis)).toEqual(["other", "vgg19-slim", "random", "random:7"]);
    expect(namedNetworks(readAxis("rows", "steps: 1 | 2", card))).toEqual([]);
    const other = { ...network, id: "other-one" };
    const opened = await openNetworks(namedNetworks(axis), network, new Map([["other", other]]), signal);
    expect([...opened].map(([name, { id, random }]) => [name, id, random])).toEqual([["other", "other-one", undefined], ["vgg19-slim", "vgg19-slim", undefined], ["random", "vgg19-slim", 1], ["random:7", "vgg19-slim", 7]]);
    // the seed that the network has, where its own weights are random already
    expect((await openNetworks(["random"], { ...network, random: 3 }, new Map(), signal)).get("random")!.random).toBe(3);
    await expect(openNetworks(["G"], network, new Map([["G", { picture: null }]]), signal)).rejects.toThrow("“G” is no network.");
  });

  it("reads the values of the notebook that are named as networks, and no others", () => {
    const given = new Set(["other", "network", "random", "G"]);
    expect(networkCells(["network: network | other | vgg19-slim | random", "steps: 3"], given)).toEqual(["network", "other"]);
    expect(networkCells(["style-layers: other", ""], given)).toEqual([]);
  });

  it("is growing sets of the network's style layers, and α·M about what it recommends, where nothing is said", () => {
    const { rows, columns } = plan({ rows: "", columns: "" });
    expect(rows.entries.map(({ label }) => label)).toEqual(["conv1_1", "+ conv2_1", "+ conv3_1", "+ conv4_1", "+ conv5_1"]);
    expect(columns.entries.map(({ value }) => value)).toEqual([1e-6, 1e-5, 1e-4, 1e-3]);
  });

  it("is refused with the reason when it cannot be read", () => {
    expect(() => readAxis("rows", " ", card)).toThrow('rows=" " does not say what is to be varied. Write a setting and its values, like rows="style-layers:');
    expect(() => readAxis("columns", "colour: red | blue", card)).toThrow(/^columns: there is no setting “colour”\. There are: ratio, content-layer/);
    expect(() => readAxis("columns", "ratio: 1e-5 | ", card)).toThrow("has an empty value");
    expect(() => readAxis("columns", "ratio: 1e-5 | much", card)).toThrow("columns: “much” is no ratio.");
    expect(() => readAxis("columns", "ratio: -1", card)).toThrow("“-1” is no ratio");
    expect(() => readAxis("columns", "ratio: 1e-5 | 0.00001", card)).toThrow("“0.00001” stands there twice");
    expect(() => readAxis("rows", "steps: 1|2|3|4|5|6|7|8|9", card)).toThrow("rows has 9 values");
    expect(() => readAxis("rows", "steps: many", card)).toThrow('steps="many" should be a number');
  });

  it("is written in powers of ten where digits would have to be counted", () => {
    expect([1e-5, 2.5e-7, 1e6, 0.02, 150, 0].map(powerText)).toEqual(["10⁻⁵", "2.5 · 10⁻⁷", "10⁶", "0.02", "150", "0"]);
  });
});

describe("the grid of runs", () => {
  it("has a place for each pair of values, with the settings of that pair and all others alike", () => {
    const { cells } = plan();
    expect(cells.map(({ key }) => key)).toEqual(["r1c1", "r1c2", "r2c1", "r2c2", "r3c1", "r3c2"]);
    expect(cells[3].settings).toMatchObject({ styleLayers: { block1_conv1: 0.5, block2_conv1: 0.5 }, size: 96, steps: 60, initialisation: { kind: "noise" }, beta: card.defaults.beta, totalVariation: card.defaults.totalVariation });
  });

  it("turns a ratio into α·M for the size of the pictures, with β as it is", () => {
    // 96 × 65 pixels are 12 × 8 positions at conv4_2
    const [, cell] = plan({ base: { ...OPTIONS.base, beta: 3 } }).cells;
    expect(cell.settings.beta).toBe(3);
    expect(cell.settings.alphaTimesM).toBeCloseTo(1e-6 * 3 * 12 * 8, 12);
    expect(cell.ratio).toBe(1e-6);
    expect(plan({ columns: "alpha-times-m: 0.0001 | 0.001" }).cells[1].ratio).toBeCloseTo(0.001 / 96, 12);
  });

  it("runs every picture at half size for a look, and then from its own start at full size, with all its steps", () => {
    const { stages, cells } = plan({ coarse: 0.25 });
    expect(stages.slice(0, 6).map(({ half, steps, enlarges }) => [half, steps, enlarges])).toEqual(Array(6).fill([true, 15, false]));
    expect(stages.slice(6).map(({ half, steps, offset, enlarges }) => [half, steps, offset, enlarges])).toEqual(Array(6).fill([false, 60, 0, false]));
    // so that it is the run that is made with these settings alone
    for (const { cell, config } of stages.slice(6)) expect([config.settings, cell]).toEqual([cell.settings, cells.find(({ key }) => key === cell.key)]);
  });

  it("enlarges the picture of half size instead, where that is asked for, and together they do the steps that were asked for", () => {
    const { stages } = plan({ coarse: 0.25, fine: "enlarged" });
    expect(stages.map(({ key }) => key).toSorted()).toEqual(["r1c1", "r1c1/half", "r1c2", "r1c2/half", "r2c1", "r2c1/half", "r2c2", "r2c2/half", "r3c1", "r3c1/half", "r3c2", "r3c2/half"]);
    expect(stages.slice(0, 6).every(({ key, after, offset, steps }) => key.endsWith("/half") && after === null && offset === 0 && steps === 15)).toBe(true);
    expect(stages.slice(6).every(({ key, after, offset, steps }) => after === `${key}/half` && offset === 15 && steps === 45)).toBe(true);
    const [half, whole] = ["r2c1/half", "r2c1"].map((key) => stages.find((stage) => stage.key === key)!.config);
    expect([half.content, half.style, whole.content, whole.style].map(({ width, height }) => [width, height])).toEqual([[48, 33], [48, 48], [96, 65], [96, 96]]);
    expect([half.settings.steps, whole.settings.steps, half.settings.alphaTimesM]).toEqual([15, 60, whole.settings.alphaTimesM]);
  });

  it("leaves the half size out where it is not wanted, or where nothing of the picture would be left at the deepest layer", () => {
    expect(plan({ coarse: 0 }).stages.map(({ steps, after }) => [steps, after])).toEqual(Array(6).fill([60, null]));
    const rows = "style-layers: conv1_1 | conv5_1";
    expect(plan({ rows, base: { ...OPTIONS.base, size: 32, contentLayer: "conv1_1" } }, grey(24, 32)).stages.map(({ key }) => key)).toEqual(["r1c1/half", "r1c2/half", "r1c1", "r2c2", "r1c2", "r2c1"]);
  });

  it("gives one style layer another weight and leaves the others; with a weight of 0 it does not count", () => {
    const { cells } = plan({ rows: "weight of conv1_1: 0 | 0.5", columns: "weight of conv4_2: 1 | 2" });
    const { styleLayers } = card.defaults;
    const { block1_conv1: _, ...others } = styleLayers;
    expect(cells[0].settings.styleLayers).toEqual({ ...others, block4_conv2: 1 });
    expect(cells[3].settings.styleLayers).toEqual({ ...styleLayers, block1_conv1: 0.5, block4_conv2: 2 });
    // in the network's order, whichever was named first
    expect(Object.keys(cells[3].settings.styleLayers)).toEqual(["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block4_conv2", "block5_conv1"]);
    expect(() => plan({ rows: "weight of conv9_9: 1 | 2" })).toThrow("has no layer “block9_conv9”.");
  });

  it("runs each place with its own network, and with what that network recommends", () => {
    const other = { ...network, id: "other", card: { ...card, id: "other", defaults: { ...card.defaults, beta: 7 } } };
    const networks = new Map<string, NetworkValue>([["vgg19-slim", network], ["other", other], ["random", { ...network, random: 4 }]]);
    const { cells, stages } = plan({ columns: "network: vgg19-slim | other | random", networks });
    expect(cells.slice(0, 3).map(({ network: { id, random }, settings: { beta } }) => [id, random, beta])).toEqual([["vgg19-slim", undefined, card.defaults.beta], ["other", undefined, 7], ["vgg19-slim", 4, card.defaults.beta]]);
    expect(stages.find(({ key }) => key === "r2c3")!.config.network).toEqual({ card, base: network.base, random: 4 });
  });

  it("reads the layers at the same depth where a network does not have those that were asked for, and says which", () => {
    const squeeze = { ...network, id: "squeezenet", card: squeezenetCard() };
    const networks = new Map<string, NetworkValue>([["vgg19-slim", network], ["squeezenet", squeeze]]);
    const { cells } = plan({ rows: "style-layers: conv3_1 | conv1_1 conv2_1", columns: "network: vgg19-slim | squeezenet", networks, base: { ...OPTIONS.base, contentLayer: "block4_conv2" } });
    expect(cells.map(({ settings: { contentLayer, styleLayers } }) => [contentLayer, styleLayers])).toEqual([
      ["block4_conv2", { block3_conv1: 1 }], ["fire4", { fire2: 1 }],
      ["block4_conv2", { block1_conv1: 0.5, block2_conv1: 0.5 }], ["fire4", { conv1: 1 }],
    ]);
    expect(cells[0].matched).toEqual([]);
    expect(cells[1].matched).toEqual([{ from: "block4_conv2", to: "fire4" }, { from: "block3_conv1", to: "fire2" }]);
    // what is not said is what that network recommends, and needs no match
    const { cells: weighed } = plan({ rows: "weight of conv5_1: 0 | 3", columns: "network: vgg19-slim | squeezenet", networks });
    expect(weighed[3].settings.styleLayers).toEqual({ ...squeezenetCard().defaults.styleLayers, fire6: 3 });
    // a layer that neither has is refused as ever
    expect(() => plan({ rows: "style-layers: conv9_9 | conv1_1", columns: "network: vgg19-slim | squeezenet", networks })).toThrow("conv9");
  });

  it("can vary the size, and makes each pair of pictures once", () => {
    const { cells, stages } = plan({ rows: "size: 64 | 96" });
    expect(cells.map(({ settings: { size } }) => size)).toEqual([64, 64, 96, 96]);
    // the same α/β is another α·M at another size
    expect(cells[2].settings.alphaTimesM / cells[0].settings.alphaTimesM).toBeCloseTo(96 / 40, 6);
    expect(new Set(stages.map(({ config }) => config.content)).size).toBe(4);
  });

  it("is filled evenly: corners first, every place once, and soon something in each row and column", () => {
    const order = spreadOrder(5, 4);
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(order.slice(0, 4).toSorted((a, b) => a - b)).toEqual([0, 3, 16, 19]);
    const early = order.slice(0, 10);
    expect(new Set(early.map((i) => Math.floor(i / 4))).size).toBe(5);
    expect(new Set(early.map((i) => i % 4)).size).toBe(4);
    expect([spreadOrder(1, 1), spreadOrder(1, 3)]).toEqual([[0], [0, 2, 1]]);
  });

  it("is refused with the reason when two values do not go together", () => {
    expect(() => plan({ rows: "ratio: 1e-5 | 1e-4" })).toThrow("rows and columns both vary “α / β”");
    expect(() => plan({ rows: "alpha-times-m: 1 | 2" })).toThrow("rows and columns both set α");
    expect(() => plan({ rows: "content-layer: none | conv4_2" })).toThrow("Row 1, column 1 of the grid cannot run. A ratio α/β needs a content layer");
    expect(() => plan({ rows: "steps: 10 | 0" })).toThrow(/^Row 2, column 1 of the grid cannot run\. With 0 steps/);
    expect(() => plan({ rows: "weight of conv1_1: 1 | 2", columns: "weight of block1_conv1: 3 | 4" })).toThrow("rows and columns both vary “weight of conv1_1”");
    expect(() => plan({ coarse: 1 })).toThrow("coarse is 1.");
    expect(() => plan({ fine: "finely" })).toThrow("fine is “finely”. Write “anew”");
  });
});

describe("how long it takes", () => {
  const settings = { contentLayer: "block4_conv2", styleLayers: { block1_conv1: 1 } };

  it("goes by the convolutions down to the deepest layer that is read, and by the number of pixels", () => {
    const shallow = stepWork(card, { contentLayer: null, styleLayers: { block1_conv1: 1 } }, 96, 96);
    const content = stepWork(card, settings, 96, 96);
    expect(content).toBeGreaterThan(2 * shallow);
    expect(stepWork(card, { ...settings, styleLayers: { block5_conv1: 1 } }, 96, 96)).toBeGreaterThan(content);
    const convolutions = (side: number) => stepWork(card, settings, side, side) - stepWork(card, { contentLayer: null, styleLayers: {} }, side, side);
    expect(convolutions(96) / convolutions(48)).toBeCloseTo(4, 6);
  });

  it("is foretold from how long the calibration's convolution takes here", () => {
    expect(forecastSeconds(1e9, 0.04)).toBeCloseTo(2 * forecastSeconds(1e9, 0.02), 12);
    expect(forecastSeconds(3e9, 0.02)).toBeCloseTo(3 * forecastSeconds(1e9, 0.02), 12);
  });

  it("is then measured, without the time in which nothing went on", () => {
    const rate = new WorkRate();
    expect(rate.secondsFor(10)).toBe(null);
    rate.tell(0, true, 0);
    rate.tell(4, true, 2000);
    expect(rate.secondsFor(10)).toBeCloseTo(5, 6);
    rate.tell(4, false, 2000);
    rate.tell(4, true, 60_000);
    rate.tell(8, true, 62_000);
    expect(rate.secondsFor(10)).toBeCloseTo(5, 6);
  });

  it("follows a machine that becomes slower", () => {
    const rate = new WorkRate();
    rate.tell(0, true, 0);
    for (let i = 1; i <= 60; i++) rate.tell(i, true, i * 1000);
    for (let i = 1; i <= 60; i++) rate.tell(60 + i / 2, true, (60 + i) * 1000);
    expect(rate.secondsFor(10)!).toBeGreaterThan(18);
  });
});
