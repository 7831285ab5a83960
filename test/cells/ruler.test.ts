import { describe, expect, it } from "vitest";
import type { Kernels } from "../../src/cells/context";
import { evenPicture, rulerNumbers, rulerOf, rulerSettings } from "../../src/cells/ruler";
import { RulerMeasures } from "../../src/cells/ruler-measures";
import type { Measure, MeasureControl, RunConfig } from "../../src/kernel/protocol";
import { checkSettings } from "../../src/nst/check-settings";
import { slim } from "../support/fixtures";
import { grey } from "../support/compared-run";

const network = { ...slim(), base: "models/vgg19-slim/" };
const ruler = rulerOf(network);
const { styleLayers } = ruler;

/** Values of all terms, "content" and every layer alike. */
const values = (content: number, style: number) => Object.fromEntries([["content", content], ...styleLayers.map((layer) => [layer, style])]);

describe("a ruler", () => {
  it("reads the layers that its network recommends, with weights of its own, so that runs with other weights can be compared", () => {
    expect(styleLayers).toEqual(["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1"]);
    expect(ruler.contentLayer).toBe("block4_conv2");
    expect(checkSettings(rulerSettings(ruler), network.card).errors).toEqual([]);
  });

  it("is another one with other weights: their numbers are not compared", () => {
    expect(rulerOf({ ...network, random: 3 }).id).not.toBe(ruler.id);
    expect(rulerOf(network).id).toBe(ruler.id);
  });

  it("reads content 0 and style 1 at the content picture, content 1 at an even colour, style 0 at the style picture", () => {
    const [content, even] = [values(0, 8), values(5, 3)];
    expect(rulerNumbers(ruler, content, content, even)).toMatchObject({ content: 0, style: 1, block3_conv1: 1 });
    expect(rulerNumbers(ruler, even, content, even)["content"]).toBe(1);
    expect(rulerNumbers(ruler, values(4, 0), content, even)).toMatchObject({ content: 0.8, style: 0 });
  });

  it("counts every layer alike, however large its numbers are", () => {
    const found = { ...values(1, 1), block1_conv1: 500 };
    const content = { ...values(0, 2), block1_conv1: 1000 };
    expect(rulerNumbers(ruler, found, content, values(1, 1))["style"]).toBe(0.5);
    expect(rulerNumbers(ruler, { ...found, block1_conv1: 1000 }, content, values(1, 1))["style"]).toBeCloseTo(0.6, 12);
  });

  it("has no number where its two ends are one", () => {
    const numbers = rulerNumbers(ruler, values(1, 1), values(0, 0), values(0, 1));
    expect([numbers["content"], numbers["style"]]).toEqual([NaN, NaN]);
  });

  it("takes for nothing a picture of the mean colour", () => {
    const { data } = evenPicture({ width: 2, height: 1, data: Float32Array.of(0, 0.5, 1, 0.5, 0.5, 0) });
    expect([...data]).toEqual([0.25, 0.5, 0.5, 0.25, 0.5, 0.5]);
  });
});

/** A lab in which the content cost of a picture is its first number, and every style cost 1 minus that. */
function fakeLab() {
  const opened: RunConfig[] = [];
  let measured = 0;
  const stream = (_: string, config: RunConfig, { signal }: { signal: AbortSignal }) => {
    opened.push(config);
    const items: Measure[] = [];
    let wake = () => {};
    signal.addEventListener("abort", () => wake());
    return {
      control(message: MeasureControl) {
        if (message.kind !== "measure") return;
        measured++;
        const { data } = message.picture;
        const terms = [{ name: "content", kind: "content" as const, value: data[0] }, ...styleLayers.map((name) => ({ name, kind: "gram" as const, value: 1 - data[0] }))];
        items.push({ id: message.id, total: 0, terms: terms.map((term) => ({ ...term, weight: 1, cost: term.value })) });
        wake();
      },
      async *[Symbol.asyncIterator]() {
        for (;;) {
          while (items.length > 0) yield items.shift()!;
          if (signal.aborted) return;
          await new Promise<void>((resolve) => (wake = resolve));
        }
      },
    };
  };
  return { kernels: { lab: { stream } } as unknown as Kernels, opened, count: () => measured };
}

describe("measuring results", () => {
  const pictures = { content: grey(0.5), style: grey(0.2) };
  const until = async (done: () => boolean) => {
    for (let i = 0; i < 100 && !done(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(done()).toBe(true);
  };

  it("opens one gauge for all results of the same two pictures, and measures each result once", async () => {
    const lab = fakeLab();
    const measures = new RulerMeasures(lab.kernels, ruler, () => {});
    const [a, b] = [grey(0.25), grey(0.75)];
    const wish = [a, b].map((picture) => ({ pictures, pair: "c s", picture }));
    measures.want(wish);
    await until(() => measures.numbers(b) !== null);
    expect(measures.numbers(a)).toMatchObject({ content: 0.5, style: 1.5 });
    expect(measures.numbers(b)).toMatchObject({ content: 1.5, style: 0.5 });
    expect([lab.opened.length, lab.count()]).toEqual([1, 4]);
    measures.want(wish);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(lab.count()).toBe(4);
    measures.close();
  });

  it("gives up what is no longer wished for", async () => {
    const lab = fakeLab();
    const measures = new RulerMeasures(lab.kernels, ruler, () => {});
    const [first, overtaken, last] = [grey(0.1), grey(0.2), grey(0.3)];
    measures.want([first, overtaken].map((picture) => ({ pictures, pair: "c s", picture })));
    measures.want([{ pictures, pair: "c s", picture: last }]);
    await until(() => measures.numbers(last) !== null);
    expect(measures.numbers(overtaken)).toBeNull();
    measures.close();
  });

  it("measures nothing more when it is closed", async () => {
    const lab = fakeLab();
    const measures = new RulerMeasures(lab.kernels, ruler, () => {});
    measures.close();
    measures.want([{ pictures, pair: "c s", picture: grey(0.1) }]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(lab.opened.length).toBe(0);
  });
});
