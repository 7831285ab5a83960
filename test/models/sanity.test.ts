import { describe, expect, it } from "vitest";
import { INPUTS } from "../../src/models/preprocessing";
import { compareInputs, judge, type LayerMeasure, type MeasuredInput, sanityPooling } from "../../src/models/sanity";
import { familyOf } from "../../src/models/sanity-usual";
import type { InputSpec, ModelCard } from "../../src/nst/model-card";
import { squeezenetCard } from "../../src/nst/squeezenet";
import { alexnetCard } from "../../src/nst/alexnet";
import { vggCard } from "../../src/nst/vgg";

/**
 * What SqueezeNet 1.1 (the original Caffe weights) answers to the middle squares of the five sample photographs at 112 px,
 * with maximum pooling, measured with PyTorch 1.13: mean, active and biased of five of its layers.
 */
const SQUEEZENET: Record<string, Record<string, [number, number, number]>> = {
  "caffe-rgb": { conv1: [16.358, 0.528, 0.001], fire3: [28.653, 0.397, 0.003], fire5: [21.333, 0.29, 0.001], fire8: [13.223, 0.393, 0.032], fire9: [2.234, 0.065, 0.03] },
  "caffe-bgr": { conv1: [15.949, 0.522, 0.001], fire3: [29.898, 0.402, 0.003], fire5: [22.354, 0.298, 0.001], fire8: [12.794, 0.395, 0.034], fire9: [2.123, 0.066, 0.034] },
  "raw-0-255": { conv1: [19.525, 0.459, 0.001], fire3: [39.9, 0.408, 0.002], fire5: [25.607, 0.265, 0.001], fire8: [15.712, 0.397, 0.031], fire9: [2.637, 0.064, 0.037] },
  torchvision: { conv1: [0.302, 0.549, 0.078], fire3: [0.62, 0.406, 0.121], fire5: [0.485, 0.295, 0.063], fire8: [1.143, 0.582, 0.752], fire9: [0.864, 0.203, 0.663] },
  "raw-0-1": { conv1: [0.096, 0.524, 0.236], fire3: [0.274, 0.415, 0.327], fire5: [0.188, 0.257, 0.211], fire8: [1.22, 0.637, 0.914], fire9: [0.906, 0.215, 0.872] },
  "minus-one-to-one": { conv1: [0.15, 0.562, 0.174], fire3: [0.357, 0.408, 0.228], fire5: [0.288, 0.294, 0.118], fire8: [1.183, 0.625, 0.857], fire9: [0.894, 0.209, 0.784] },
};

const measured = (name: keyof typeof SQUEEZENET): LayerMeasure[] => Object.entries(SQUEEZENET[name]).map(([layer, [mean, active, biased]]) => ({ layer, mean, active, biased }));
const inputOf = (name: string) => INPUTS[name as keyof typeof INPUTS];
const reading = (card: ModelCard, name: string): ModelCard => ({ ...card, input: inputOf(name).input });
const tried = (name: string, measures: LayerMeasure[]): MeasuredInput => ({ name, ...inputOf(name), measures });
const squeezenet = squeezenetCard();
const text = ({ says }: { says: readonly string[] }) => says.join(" ");
/** A network that answers like this everywhere, and at last with that share of biases. */
const answering = (card: ModelCard, mean: number, biased: number): LayerMeasure[] => card.layers.filter(({ kind }) => kind !== "pool").map(({ name }) => ({ layer: name, mean, active: 0.4, biased }));

describe("the sanity test", () => {
  it("passes SqueezeNet read as in its training, and says what the ranges were measured on and what it cannot tell", () => {
    const result = judge(measured("caffe-rgb"), reading(squeezenet, "caffe-rgb"));
    expect(result.verdict).toBe("fits");
    expect(result.layers.map(({ layer, usual }) => [layer, usual !== null])).toEqual(["conv1", "fire3", "fire5", "fire8", "fire9"].map((layer) => [layer, true]));
    for (const { mean, usual } of result.layers) expect(mean > usual![0] && mean < usual![1]).toBe(true);
    expect(text(result)).toMatch(/fire9, the deepest layer, answers, 3 % is there without any picture/);
    expect(text(result)).toMatch(/usual range for SqueezeNet 1\.1\. The range was measured on its original weights\..*order of the colours.*hardly show/);
  });

  it.each(["torchvision", "raw-0-1", "minus-one-to-one"])("refuses to call SqueezeNet's answers usual when it is read as %s: the biases drown the picture", (name) => {
    const result = judge(measured(name), reading(squeezenet, name));
    expect(result.verdict).toBe("unlike");
    expect(text(result)).toMatch(/fire9, the deepest layer, gives \d\d % of its answer without any picture: the pixels come too small.*Try the other ways of reading pixels/);
  });

  it("notices answers far from the family's range, and gives an example with numbers", () => {
    const faint = measured("caffe-rgb").map((one) => ({ ...one, mean: one.mean / 20 }));
    const result = judge(faint, reading(squeezenet, "caffe-rgb"));
    expect(result.verdict).toBe("unlike");
    expect(text(result)).toMatch(/5 of 5 layers lie outside the range that is usual for SqueezeNet 1\.1: conv1 answers 0\.82 on average, where 6 to 49 is usual\./);
    // one stray alone may be the picture's doing
    expect(judge(measured("caffe-rgb").map((one, i) => (i === 4 ? { ...one, mean: 40 } : one)), reading(squeezenet, "caffe-rgb")).verdict).toBe("fits");
  });

  it("calls a network broken when a layer answers nothing, or with numbers that are not finite", () => {
    for (const [change, message] of [[{ mean: 0, active: 0, biased: 0 }, /fire5 answers nothing at all/], [{ mean: NaN }, /fire5 answers with numbers that are not finite/], [{ mean: Infinity }, /not finite/]] as const) {
      const result = judge(measured("caffe-rgb").map((one) => (one.layer === "fire5" ? { ...one, ...change } : one)), squeezenet);
      expect(result.verdict).toBe("broken");
      expect(text(result)).toMatch(message);
      expect(text(result)).toMatch(/fetch or export it again/);
    }
  });

  it("says that a network without biases cannot know the unit of its pixels", () => {
    const result = judge(answering(squeezenet, 1, 0), reading(squeezenet, "torchvision"));
    expect(result.verdict).toBe("fits");
    expect(text(result)).toMatch(/biases are all 0, so the unit of the pixels changes nothing but the unit of the answers/);
  });

  it("says when biases have hardly a say: that is how pixels that are too large show", () => {
    const result = judge(answering(vggCard(), 100, 0.001), reading(vggCard(), "caffe-bgr"));
    expect(result.verdict).toBe("fits");
    expect(text(result)).toMatch(/0\.1 % is there without any picture: its biases have hardly a say. The pixels may come larger than in training/);
  });

  it("judges a fire module by what it gives on, not by its two halves", () => {
    const { layers } = judge(answering(squeezenet, 20, 0.1), squeezenet);
    expect(layers.map(({ layer }) => layer)).toEqual(["conv1", ...[2, 3, 4, 5, 6, 7, 8, 9].flatMap((i) => [`fire${i}_squeeze`, `fire${i}`])]);
  });

  it("tells of every range whether it was measured on these weights, and gives none for a layer that the family does not have", () => {
    const source = (card: ModelCard) => familyOf(card).source;
    expect(source(reading(squeezenet, "caffe-rgb"))).toMatch(/measured on its original weights/);
    for (const card of [squeezenetCard("1.0"), reading(vggCard(), "caffe-bgr"), reading(vggCard(), "torchvision"), alexnetCard(), reading(alexnetCard(), "caffe-bgr")]) expect(source(card)).toMatch(/not measured on this network/);
    expect(familyOf(reading(squeezenet, "caffe-rgb")).usual("conv10")).toBeNull();
    // by theory an answer is of the order of what is read
    const [tv, large] = [familyOf(alexnetCard()), familyOf(reading(alexnetCard(), "caffe-bgr"))].map(({ usual }) => usual("conv3")!);
    expect(tv[0]).toBeLessThan(1);
    expect(tv[1]).toBeGreaterThan(1);
    expect(large[0] / tv[0]).toBeCloseTo(58, -1);
  });

  it("expects answers of about 1 from filters that were rescaled to it, however pixels are read", () => {
    const rescaled = { ...reading(vggCard(), "caffe-bgr"), notes: { rescaled: "…" } };
    expect(judge(answering(rescaled, 1.5, 0.1), rescaled).verdict).toBe("fits");
    expect(judge(answering(rescaled, 40, 0.1), rescaled).verdict).toBe("unlike");
    // and asks them with the pooling that they were rescaled for, all others as they were trained
    expect([sanityPooling(rescaled), sanityPooling(vggCard()), sanityPooling(squeezenet)]).toEqual(["average", "maximum", "maximum"]);
  });
});

describe("trying every way of reading pixels", () => {
  const all = Object.keys(SQUEEZENET).map((name) => tried(name, measured(name)));

  it("tells SqueezeNet's pixels of 0 to 255 from those of 0 to 1, and says that colour order and mean cannot be told", () => {
    const found = compareInputs(all, squeezenet);
    expect(found.tried.map(({ stands }) => stands)).toEqual(["as good", "as good", "as good", "worse", "worse", "worse"]);
    expect(found.tried.slice(0, 3).map(({ name }) => name).sort()).toEqual(["caffe-bgr", "caffe-rgb", "raw-0-255"]);
    // of those that cannot be told apart the one in use leads
    for (const name of ["caffe-bgr", "raw-0-255"]) expect(compareInputs(all, reading(squeezenet, name)).tried[0].name).toBe(name);
    // the worst last
    expect(found.tried.at(-1)!.name).toBe("raw-0-1");
    expect(text(found)).toMatch(/^3 of 6 fit\. They give the network pixels of the same unit, and that is all that its answers can tell: the order of the colours/);
  });

  it("finds the only one that fits", () => {
    const found = compareInputs(all.filter(({ name }) => name !== "caffe-bgr" && name !== "raw-0-255"), squeezenet);
    expect(found.tried[0]).toMatchObject({ name: "caffe-rgb", stands: "best", result: { verdict: "fits" } });
    expect(text(found)).toMatch(/Only one of these ways fits: Caffe’s numbers in RGB/);
  });

  it("says so when none fits", () => {
    const found = compareInputs(all.filter(({ input }) => input.range[1] === 1), squeezenet);
    expect(found.tried.map(({ stands }) => stands)).toEqual(["worse", "worse", "worse"]);
    expect(text(found)).toMatch(/None of these ways fits/);
  });

  it("between units that both pass leaves it at what biases count for, and decides nothing", () => {
    const card = alexnetCard();
    const found = compareInputs([tried("torchvision", answering(card, 1, 0.2)), tried("caffe-rgb", answering(card, 57, 0.003))], card);
    expect(found.tried.map(({ name, stands }) => [name, stands])).toEqual([["torchvision", "as good"], ["caffe-rgb", "as good"]]);
    expect(text(found)).toMatch(/20 % with torchvision.*0\.3 % with Caffe.*where they hardly count, the pixels are likely too large\. More cannot be told/);
  });

  it("says of a network without biases that nothing in it knows the unit", () => {
    const card = vggCard();
    const found = compareInputs([tried("torchvision", answering(card, 1, 0)), tried("caffe-rgb", answering(card, 57, 0))], card);
    expect(text(found)).toMatch(/All its biases are 0, so nothing in it knows the unit of the pixels/);
  });

  it("judges each with the range of its own unit, not with that of the card", () => {
    const input: InputSpec = { channels: "RGB", range: [0, 1], mean: [0, 0, 0], scale: 1 };
    const [one] = compareInputs([tried("caffe-rgb", measured("caffe-rgb"))], { ...squeezenet, input }).tried;
    expect(one.result.layers[0].usual![0]).toBeCloseTo(5.95, 2);
  });
});
