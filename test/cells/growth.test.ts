import { describe, expect, it } from "vitest";
import { Growth, type GrowingPicture, type GrowthBatch, type GrowthHandle, type GrowthOrder } from "../../src/cells/growth";
import { fitted, type GrowthOptions, reconstructions, textures } from "../../src/cells/growth-plans";
import { share, shares, shareText } from "../../src/cells/growth-share";
import { type AscentOptions, ascents, nextChannels, readChannels } from "../../src/cells/ascent-plans";
import { CostHistory } from "../../src/runs/cost-history";
import type { Picture } from "../../src/nst/picture";
import { slim } from "../support/fixtures";

const { card } = slim();
const network = { card, base: "https://example.org/vgg19-slim/" };
const grey = (width: number, height: number): Picture => ({ width, height, data: new Float32Array(width * height * 3).fill(0.5) });
const OPTIONS: GrowthOptions = { layers: "", size: 128, steps: 150, learningRate: 0.05, totalVariation: 0.005, pooling: "", seed: 1 };
const plan = (changes: Partial<GrowthOptions> = {}, picture = grey(256, 171)) => reconstructions(network, picture, { ...OPTIONS, ...changes });

/** Pictures that grow as the test says. */
function garden(order: GrowthOrder | number, count = 3, { after = {}, leftOut = [] }: { after?: Record<string, string>; leftOut?: string[] } = {}) {
  const told: string[] = [];
  const sown: { key: string; take(batch: Partial<GrowthBatch>): void; end(error?: Error): Promise<void> }[] = [];
  const heard: [string, string][] = [];
  const plans = Array.from({ length: count }, (_, i) => ({ key: String(i), steps: 10, after: after[i] }));
  const begin = ({ key }: { key: string }, take: (batch: GrowthBatch) => void): GrowthHandle => {
    let settle: (error?: Error) => void = () => {};
    const ended = new Promise<void>((resolve, reject) => (settle = (error) => (error ? reject(error) : resolve())));
    sown.push({
      key,
      take: (batch) => take({ step: 0, stepsPerSecond: 0, state: "running", ...batch }),
      // both what the end itself calls and what follows from it
      end: async (error) => (settle(error), void (await Promise.resolve()), await Promise.resolve()),
    });
    const tell = (what: string) => () => void told.push(`${what} ${key}`);
    return { pause: tell("pause"), resume: tell("resume"), stop: tell("stop"), drop: tell("drop"), ended };
  };
  const growth = new Growth(plans, order, begin, ({ key, state }: GrowingPicture) => void heard.push([key, state]), new Set(leftOut));
  return { growth, sown, told, heard };
}

describe("pictures that grow together", () => {
  it("all begin at once, and the growth is finished when each of them is", async () => {
    const { growth, sown } = garden("together");
    expect(sown.map(({ key }) => key)).toEqual(["0", "1", "2"]);
    expect(growth.state).toBe("preparing");
    for (const { take } of sown) take({ step: 4, stepsPerSecond: 2 });
    expect([growth.state, growth.step, growth.steps, growth.stepsPerSecond, growth.secondsLeft]).toEqual(["running", 12, 30, 6, 3]);
    for (const { take, end } of sown.slice(0, 2)) {
      take({ step: 10, state: "finished" });
      await end();
    }
    expect(growth.state).toBe("running");
    sown[2].take({ step: 10, state: "finished" });
    expect([growth.state, growth.step, growth.secondsLeft]).toEqual(["finished", 30, null]);
  });

  it("are paused, resumed and stopped together, but for those that have ended", () => {
    const { growth, sown, told } = garden("together");
    sown[0].take({ step: 10, state: "finished" });
    growth.pause();
    growth.resume();
    growth.stop();
    expect(told).toEqual(["pause 1", "pause 2", "resume 1", "resume 2", "stop 1", "stop 2"]);
  });

  it("are paused when the last of them is", () => {
    const { growth, sown } = garden("together", 2);
    sown[0].take({ step: 3, state: "paused" });
    sown[1].take({ step: 2, state: "running" });
    expect(growth.state).toBe("running");
    sown[1].take({ step: 3, state: "paused" });
    expect([growth.state, growth.secondsLeft]).toEqual(["paused", null]);
  });

  it("go on without the one that fails, which says why", async () => {
    const { growth, sown } = garden("together", 2);
    sown[1].take({ step: 3 });
    await sown[0].end(new Error("The GPU was lost."));
    expect(growth.pictures[0]).toMatchObject({ state: "stopped", failed: true, notice: "The GPU was lost." });
    expect(growth.state).toBe("running");
  });

  it("report nothing any more once they are dropped, and close what still comes", async () => {
    const { growth, sown, told, heard } = garden("together", 1);
    growth.drop();
    let closed = false;
    sown[0].take({ image: { close: () => void (closed = true) } as unknown as ImageBitmap });
    await sown[0].end(new DOMException("The run was dropped.", "AbortError"));
    expect([told, heard, closed, growth.pictures[0].notice]).toEqual([["drop 0"], [], true, ""]);
  });
});

describe("pictures that grow in turn", () => {
  it("wait until the one before has ended, well or not", async () => {
    const { growth, sown } = garden("in turn");
    expect([sown.length, growth.pictures.map(({ state }) => state)]).toEqual([1, ["preparing", "queued", "queued"]]);
    sown[0].take({ step: 10, state: "finished" });
    expect(growth.state).toBe("running");
    await sown[0].end();
    expect(sown.length).toBe(2);
    await sown[1].end(new Error("no"));
    expect(sown.map(({ key }) => key)).toEqual(["0", "1", "2"]);
  });

  it("do not begin after a stop, and begin paused in a pause", async () => {
    const stopped = garden("in turn");
    stopped.growth.stop();
    stopped.sown[0].take({ step: 2, state: "stopped" });
    await stopped.sown[0].end();
    expect([stopped.sown.length, stopped.growth.state]).toEqual([1, "stopped"]);
    const paused = garden("in turn", 2);
    paused.growth.pause();
    await paused.sown[0].end();
    expect(paused.told).toEqual(["pause 0", "pause 1"]);
  });

  it("do not say how long it takes while some have not begun", () => {
    const { growth, sown } = garden("in turn", 2);
    sown[0].take({ step: 5, stepsPerSecond: 1 });
    expect(growth.secondsLeft).toBe(null);
  });
});

describe("pictures that wait", () => {
  const begun = ({ sown }: ReturnType<typeof garden>) => sown.map(({ key }) => key).join("");

  it("can be told to come next, and those that have begun go on", async () => {
    const garden1 = garden(2, 5);
    garden1.growth.first(["4", "0", "3"]);
    expect([begun(garden1), garden1.growth.queue]).toEqual(["01", ["3", "4", "2"]]);
    await garden1.sown[1].end();
    await garden1.sown[0].end();
    expect(begun(garden1)).toBe("0134");
  });

  it("wait for the one that they come after, also where there is room for them", async () => {
    const { sown } = garden(2, 3, { after: { 1: "0" } });
    expect(sown.map(({ key }) => key)).toEqual(["0", "2"]);
    sown[0].take({ step: 10, state: "finished" });
    await sown[0].end();
    expect(sown.map(({ key }) => key)).toEqual(["0", "2", "1"]);
  });

  it("can be left out and taken back, as can those that grow, which then begin once more", async () => {
    const garden1 = garden(1, 3);
    const { growth, sown, told } = garden1;
    growth.leaveOut(["1"]);
    sown[0].take({ step: 4 });
    growth.leaveOut(["0"]);
    expect([told, begun(garden1), growth.picture("0")]).toMatchObject([["drop 0"], "02", { state: "left out", step: 0 }]);
    // what the dropped one still says is not heard
    sown[0].take({ step: 5 });
    await sown[0].end(new DOMException("The run was dropped.", "AbortError"));
    expect(growth.picture("0")).toMatchObject({ state: "left out", step: 0, failed: false });
    sown[1].take({ step: 10, state: "finished" });
    await sown[1].end();
    expect(growth.state).toBe("finished");
    growth.takeBack(["1", "0"]);
    expect([growth.state, begun(garden1), growth.queue]).toEqual(["running", "020", ["1"]]);
  });

  it("do not begin when they are taken back after a stop", () => {
    const garden1 = garden(1, 2, { leftOut: ["0", "1"] });
    expect([begun(garden1), garden1.growth.state]).toEqual(["", "stopped"]);
    garden1.growth.stop();
    garden1.growth.takeBack(["1"]);
    expect([begun(garden1), garden1.growth.state]).toEqual(["", "stopped"]);
  });
});

describe("what is to be rebuilt", () => {
  it("is one picture for the first convolution of every block, each from that layer's content cost alone and the same noise", () => {
    const plans = plan();
    expect(plans.map(({ key }) => key)).toEqual(["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1"]);
    expect(plans.map(({ title }) => title)).toEqual(["conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1"]);
    for (const { key, config: { settings } } of plans) expect(settings).toMatchObject({ contentLayer: key, styleLayers: {}, initialisation: { kind: "noise" }, seed: 1, optimiser: { learningRate: 0.05 } });
  });

  it("is at most as large as asked, keeps its shape, and is never enlarged", () => {
    expect(plan()[0].config.content).toMatchObject({ width: 128, height: 86 });
    const small = grey(48, 64);
    expect(plan({ layers: "conv1_1" }, small)[0].config.content).toBe(small);
    expect(fitted(grey(2000, 3), 100)).toMatchObject({ width: 100, height: 1 });
  });

  it("reads layers by the paper's names as well, in the order in which they are named", () => {
    expect(plan({ layers: "conv4_2, block1_conv2  relu3_1" }).map(({ key }) => key)).toEqual(["block4_conv2", "block1_conv2", "block3_conv1"]);
  });

  it("is refused with the reason when an option will not do", () => {
    expect(() => plan({ layers: "conv9_9" })).toThrow(/has no layer “block9_conv9”\. It has block1_conv1/);
    expect(() => plan({ layers: "conv1_1 block1_conv1" })).toThrow("The layer “block1_conv1” is named twice.");
    expect(() => plan({ layers: card.layers.slice(0, 7).map(({ name }) => name).join(" ") })).toThrow("7 layers are too many");
    expect(() => plan({ size: 100.5 })).toThrow("size is 100.5. Choose a whole number from 16 to 512 pixels.");
    expect(() => plan({ learningRate: 0 })).toThrow("learning-rate is 0.");
    expect(() => plan({ totalVariation: -1 })).toThrow("total-variation is -1.");
    expect(() => plan({ pooling: "median" })).toThrow("pooling is “median”.");
    expect(() => plan({}, grey(64, 8))).toThrow(/64 × 8 px are too few for block5_conv1/);
  });
});

describe("what textures are made from", () => {
  const sets = textures(network, grey(64, 64), { ...OPTIONS, layers: "conv1_1 conv2_1 conv3_1" });

  it("is one layer, then two, then three, whose weights add up to 1, and no content", () => {
    expect(sets.map(({ layers }) => layers.length)).toEqual([1, 2, 3]);
    expect(sets.map(({ title }) => title)).toEqual(["conv1_1", "+ conv2_1", "+ conv3_1"]);
    for (const { config: { settings } } of sets) {
      expect(settings.contentLayer).toBe(null);
      expect(Object.values(settings.styleLayers).reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 12);
    }
  });

  it("is called by its deepest layer", () => {
    expect(sets.map(({ key }) => key)).toEqual(["block1_conv1", "block2_conv1", "block3_conv1"]);
  });
});

describe("a share of the starting cost", () => {
  const history = new CostHistory();
  history.append({ columns: ["total", "content"], costs: Float64Array.of(9, 8, 5, 4, 1, 0.2), first: 0 });

  it("is the cost after each step against the first", () => {
    expect([...shares(history, "content")]).toEqual([1, 0.5, 0.025]);
    expect(share(history, "content")).toBe(0.025);
    expect(share(new CostHistory(), "content")).toBe(null);
  });

  it("is read in per cent, and below what float32 can tell it is said so", () => {
    expect([1, 0.048, 0.00031, 0.0000001, 0, NaN].map(shareText)).toEqual(["100 %", "4.8 %", "0.031 %", "< 0.001 %", "0 %", "–"]);
  });
});

describe("channels to be drawn", () => {
  const options: AscentOptions = { layer: "conv3_1", channel: "0 18", size: 96, steps: 80, learningRate: 0.02, totalVariation: 5, pooling: "", seed: 1 };

  it("are one picture each, of a convolution", () => {
    expect(ascents(network, options).map(({ key, config: { layer, channel } }) => [key, layer, channel])).toEqual([["0", "block3_conv1", 0], ["18", "block3_conv1", 18]]);
    expect(() => ascents(network, { ...options, layer: "pool3" })).toThrow(/has no convolution “block3_pool”/);
    expect(() => ascents(network, { ...options, size: 8 })).toThrow("size is 8.");
  });

  it("are numbers from 0 to one less than the layer has", () => {
    expect(readChannels("0, 3 63", 64, "conv3_1")).toEqual([0, 3, 63]);
    expect(() => readChannels("64", 64, "conv3_1")).toThrow("conv3_1 has 64 channels, 0 to 63; “64” is none of them.");
    expect(() => readChannels("-1", 64, "conv3_1")).toThrow("“-1” is none of them");
    expect(() => readChannels("4 4", 64, "conv3_1")).toThrow("Channel 4 is named twice.");
    expect(() => readChannels(" ", 64, "conv3_1")).toThrow("No channel is named.");
    expect(() => readChannels("1 2 3 4 5 6 7", 64, "conv3_1")).toThrow("7 channels are too many");
  });

  it("move on by as many as are shown, and round the end", () => {
    expect(nextChannels([0, 1, 2], 64, 1)).toEqual([3, 4, 5]);
    expect(nextChannels([0, 1, 2], 64, -1)).toEqual([61, 62, 63]);
    expect(nextChannels([63], 64, 1)).toEqual([0]);
  });
});
