import { describe, expect, it } from "vitest";
import { BoardMeter } from "../../src/cells/board-meter";
import { boardPresets, isPreset } from "../../src/cells/board-presets";
import { boardTerms, inOrder, sharesOf, unitNorms } from "../../src/cells/board-terms";
import type { Kernels } from "../../src/cells/context";
import type { Measure, RunConfig } from "../../src/kernel/protocol";
import type { Picture } from "../../src/nst/picture";
import type { TransferSettings } from "../../src/nst/settings";
import { slim } from "../support/fixtures";

const { card } = slim();
const settings: TransferSettings = {
  pooling: "average",
  contentLayer: "block4_conv2",
  styleLayers: { block2_conv1: 0.5, block1_conv1: 0.25 },
  tap: "after",
  alphaTimesM: 0.08,
  beta: 2,
  totalVariation: 0,
  initialisation: { kind: "content" },
  seed: 0,
  size: 64,
  steps: 10,
  optimiser: card.defaults.optimiser,
};

describe("the terms on the board", () => {
  it("stand in the network's order, with the weights as they are chosen and as they stand in J", () => {
    // conv4_2 of a picture of 64 × 48 has 8 × 6 positions
    expect(boardTerms(settings, card, 64, 48)).toEqual([
      { name: "content", kind: "content", layer: "block4_conv2", weight: 0.08, raw: 0.08 / 48 },
      { name: "block1_conv1", kind: "style", layer: "block1_conv1", weight: 0.25, raw: 0.5 },
      { name: "block2_conv1", kind: "style", layer: "block2_conv1", weight: 0.5, raw: 1 },
    ]);
  });

  it("have total variation among them where it counts, and no content where no layer is read for it", () => {
    expect(boardTerms({ ...settings, contentLayer: null, totalVariation: 3 }, card, 64, 48).map(({ name, raw }) => [name, raw])).toEqual([
      ["block1_conv1", 0.5],
      ["block2_conv1", 1],
      ["tv", 3],
    ]);
  });

  it("keep a layer that the network does not have, at the end of its kind", () => {
    expect(Object.keys(inOrder({ conv9: 1, block3_conv1: 1, block1_conv1: 1 }, card))).toEqual(["block1_conv1", "block3_conv1", "conv9"]);
    expect(boardTerms({ ...settings, contentLayer: "conv9" }, card, 64, 48)[0].raw).toBeNaN();
  });
});

describe("the shares of the gradient", () => {
  const terms = boardTerms(settings, card, 64, 48);
  const term = (name: string, weight: number, norm: number) => ({ name, kind: "gram" as const, weight, value: 1, cost: weight, norm });

  it("are weight times length over the sum of these, and add up to 1", () => {
    const norms = unitNorms({ id: 1, total: 1, terms: [term("content", 0.5, 1), term("block1_conv1", 2, 6), term("block2_conv1", 0.1, 0.4)] });
    expect(norms).toEqual({ content: 2, block1_conv1: 3, block2_conv1: 4 });
    const shares = sharesOf(terms, norms);
    const pulls = { content: (2 * 0.08) / 48, block1_conv1: 1.5, block2_conv1: 4 };
    const sum = pulls.content + 1.5 + 4;
    for (const [name, pull] of Object.entries(pulls)) expect(shares[name]).toBeCloseTo(pull / sum, 12);
    expect(Object.values(shares).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });

  it("are not known for a term that was not measured, and 0 for one whose weight is 0", () => {
    const off = boardTerms({ ...settings, alphaTimesM: 0 }, card, 64, 48);
    const shares = sharesOf(off, { block1_conv1: 3 });
    expect(shares).toEqual({ content: 0, block1_conv1: 1, block2_conv1: NaN });
  });

  it("are not known at all where nothing pulls: a weight of 0 was not measured", () => {
    expect(unitNorms({ id: 1, total: 0, terms: [term("content", 0, 0)] })).toEqual({});
    expect(Object.values(sharesOf(terms, {}))).toEqual([NaN, NaN, NaN]);
  });
});

describe("the presets", () => {
  const preset = (title: string) => boardPresets(card).find((one) => one.title === title)!;

  it("are the network's own, the paper's five, shallow, deep, 1/N², geometric and none", () => {
    expect(boardPresets(card).map(({ title }) => title)).toEqual(["the network’s own", "the paper’s five", "only shallow", "only deep", "1/N²", "geometric", "none"]);
    expect(preset("the network’s own")).toMatchObject({ styleLayers: card.defaults.styleLayers, contentLayer: "block4_conv2", alphaTimesM: card.defaults.alphaTimesM, beta: card.defaults.beta });
    expect(preset("the paper’s five").styleLayers).toEqual(card.defaults.styleLayers);
    expect(preset("only shallow").styleLayers).toEqual({ block1_conv1: 0.5, block2_conv1: 0.5 });
    expect(preset("only deep").styleLayers).toEqual({ block4_conv1: 0.5, block5_conv1: 0.5 });
    expect(preset("none").styleLayers).toEqual({});
  });

  it("divide by the squares of the numbers of maps, which for a quarter of VGG's filters are in VGG's proportion", () => {
    const { block1_conv1, block2_conv1, block3_conv1, block4_conv1, block5_conv1 } = preset("1/N²").styleLayers;
    expect([block1_conv1 / block2_conv1, block2_conv1 / block3_conv1, block3_conv1 / block4_conv1, block4_conv1 / block5_conv1].map((ratio) => Number(ratio.toFixed(3)))).toEqual([4, 4, 4, 1]);
  });

  it("give weights that add up to 1, except for none", () => {
    for (const { title, styleLayers } of boardPresets(card)) expect([title, Object.values(styleLayers).reduce((a, b) => a + b, 0)]).toEqual([title, title === "none" ? 0 : expect.closeTo(1, 5)]);
  });

  it("are told from other choices: one weight that differs is another choice", () => {
    const now = { styleLayers: { ...card.defaults.styleLayers }, contentLayer: "block4_conv2", alphaTimesM: card.defaults.alphaTimesM, beta: card.defaults.beta };
    expect(boardPresets(card).filter((one) => isPreset(one, now)).map(({ title }) => title)).toEqual(["the network’s own", "the paper’s five"]);
    expect(isPreset(preset("the network’s own"), { ...now, beta: 2 })).toBe(false);
    expect(isPreset(preset("the paper’s five"), { ...now, beta: 2 })).toBe(true);
    expect(isPreset(preset("the paper’s five"), { ...now, styleLayers: { ...now.styleLayers, block3_conv1: 0.3 } })).toBe(false);
    expect(isPreset(preset("none"), { ...now, styleLayers: { block1_conv1: 0.2 } })).toBe(false);
  });
});

describe("measuring while the settings change", () => {
  const content: Picture = { width: 2, height: 1, data: new Float32Array([0, 0, 0, 1, 1, 1]) };
  const style: Picture = { width: 2, height: 1, data: new Float32Array([1, 1, 1, 1, 1, 1]) };
  const config = (beta: number): RunConfig => ({ network: { card, base: "/" }, content, style, settings: { ...settings, beta } });

  /** A lab whose measures are answered by hand. */
  function lab() {
    const measured: { picture: Picture; beta: number; answer(): void }[] = [];
    const replayed: { to: number }[] = [];
    let beta = 0;
    const stream = (name: string, args: RunConfig & { config: RunConfig; to: number }, { signal }: { signal: AbortSignal }) => {
      if (name === "replay") {
        replayed.push({ to: args.to });
        return (async function* () {
          yield { step: args.to, checkpoint: { picture: new Float32Array(6).fill(0.25) } };
        })();
      }
      beta = args.settings.beta;
      const items: Measure[] = [];
      let wake = () => {};
      signal.addEventListener("abort", () => wake());
      return {
        control(message: { kind: string; id: number; picture: Picture; settings: { beta: number } }) {
          if (message.kind === "update") beta = message.settings.beta;
          else {
            const weight = beta;
            measured.push({ picture: message.picture, beta, answer: () => (items.push({ id: message.id, total: 1, terms: [{ name: "block1_conv1", kind: "gram", weight, value: 1, cost: 1, norm: 10 * weight }] }), wake()) });
          }
        },
        async *[Symbol.asyncIterator]() {
          while (!signal.aborted) {
            const item = items.shift();
            if (item) yield item;
            else await new Promise<void>((resolve) => (wake = resolve));
          }
        },
      };
    };
    return { kernels: { lab: { stream } } as unknown as Kernels, measured, replayed };
  }

  const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

  it("lets one measure end and then takes the newest request: those in between are given up", async () => {
    const { kernels, measured } = lab();
    const answers: [number, unknown][] = [];
    const meter = new BoardMeter(({ settings }, norms) => answers.push([settings.beta, norms]));
    for (const beta of [1, 2, 3]) meter.ask(kernels, config(beta), "start");
    await soon();
    expect(measured.map(({ beta }) => beta)).toEqual([1]);
    measured[0].answer();
    await soon();
    expect(measured.map(({ beta }) => beta)).toEqual([1, 3]);
    measured[1].answer();
    await soon();
    expect(answers).toEqual([
      [1, { block1_conv1: 10 }],
      [3, { block1_conv1: 10 }],
    ]);
    meter.close();
  });

  it("measures in the content picture, after one step of the run, or halfway to the style picture", async () => {
    const { kernels, measured, replayed } = lab();
    const meter = new BoardMeter(() => {});
    for (const at of ["start", "step", "blend"] as const) {
      meter.ask(kernels, config(1), at);
      await soon();
      measured.at(-1)!.answer();
      await soon();
    }
    expect(measured.map(({ picture }) => [...picture.data])).toEqual([[0, 0, 0, 1, 1, 1], Array(6).fill(0.25), [0.5, 0.5, 0.5, 1, 1, 1]]);
    expect(replayed).toEqual([{ to: 1 }]);
    // from noise, the picture of the start is computed as well
    const noise = config(1);
    meter.ask(kernels, { ...noise, settings: { ...noise.settings, initialisation: { kind: "noise" } } }, "start");
    await soon();
    expect(replayed).toEqual([{ to: 1 }, { to: 0 }]);
    meter.close();
  });

  it("says nothing more when it was closed", async () => {
    const { kernels, measured } = lab();
    const answers: unknown[] = [];
    const meter = new BoardMeter((_, norms) => answers.push(norms));
    meter.ask(kernels, config(1), "start");
    await soon();
    meter.close();
    measured[0].answer();
    await soon();
    expect(answers).toEqual([]);
  });
});
